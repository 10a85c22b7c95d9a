"""Where a command may write what it was asked for; writing it for its owner alone, whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rantang.errors import RantangError
from rantang.store.workspace import private_folder


def check_target(out: Path | None, *inputs: Path) -> None:
    """Refuse a target before the work is done: a folder, or a list that is to be read.

    Raises
    ------
    RantangError
        ``TULIS-FOLDER``, ``TULIS-DAFTAR``.
    """
    if out is None or not out.exists():
        return
    if out.is_dir():
        raise RantangError("TULIS-FOLDER", file=out)
    if any(each.exists() and out.samefile(each) for each in inputs):
        raise RantangError("TULIS-DAFTAR", file=out)


@contextmanager
def writing(out: Path) -> Iterator[None]:
    """Make the target's folder, and tell what the system has against writing there.

    Raises
    ------
    RantangError
        ``TULIS-GAGAL``.
    """
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        yield
    except OSError as error:
        raise RantangError("TULIS-GAGAL", file=out, why=error.strerror or type(error).__name__) from error


def write_private(path: Path, content: bytes) -> Path:
    """Write a file that only its owner may read, whole or not at all; returns its path.

    A device, a pipe or a link (``/dev/stdout``) is not replaced by a file: it is written to as it is.
    """
    if path.is_symlink() or (path.exists() and not path.is_file()):
        path.write_bytes(content)
        return path
    private_folder(path.parent)
    half = path.with_name(f".{path.name}.{os.getpid()}.part")
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(half, flags, 0o600), "wb") as out:
            out.write(content)
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    return path
