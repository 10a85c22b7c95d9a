"""Where a command may write what it was asked for; writing it for its owner alone, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rantang.errors import RantangError
from rantang.store.writing import private_folder, write_whole


def check_target(out: Path | None, *inputs: Path) -> None:
    """Refuse a target before the work is done: a folder, or a list that is to be read.

    Parameters
    ----------
    inputs
        Lists, and folders of lists.

    Raises
    ------
    RantangError
        ``TULIS-FOLDER``, ``TULIS-DAFTAR``.
    """
    if out is None or not out.exists():
        return
    if out.is_dir():
        raise RantangError("TULIS-FOLDER", file=out)
    if any(_is_of(out, each) for each in inputs):
        raise RantangError("TULIS-DAFTAR", file=out)


def check_ending(out: Path, *endings: str) -> None:
    """Refuse, before the work is done, a name whose ending says another form than can be written.

    Raises
    ------
    RantangError
        ``TULIS-AKHIRAN``.
    """
    if out.suffix.lower() not in endings:
        raise RantangError("TULIS-AKHIRAN", file=out, endings=", ".join(endings))


def _is_of(out: Path, given: Path) -> bool:
    """Say whether a file that exists is the input, or lies in it."""
    if given.is_dir():
        return out.resolve().is_relative_to(given.resolve())
    return given.exists() and out.samefile(given)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Make the target's folder, and tell what the system has against writing there.

    Raises
    ------
    RantangError
        ``TULIS-GAGAL``.
    """
    try:
        private_folder(out.parent)
        yield
    except OSError as error:
        raise RantangError("TULIS-GAGAL", file=out, why=error.strerror or type(error).__name__) from error


def write_private(path: Path, content: bytes | str) -> Path:
    """Write a file that only its owner may read, whole or not at all; returns its path.

    A device, a pipe or a link (``/dev/stdout``) is not replaced by a file: it is written to as it is.

    Raises
    ------
    RantangError
        ``TULIS-GAGAL``.
    """
    with writing(path):
        if path.is_symlink() or (path.exists() and not path.is_file()):
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        else:
            write_whole(path, content)
    return path
