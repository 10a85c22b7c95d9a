"""Files and folders that are their owner's alone; a file is written whole or not at all."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def private_folder(folder: Path) -> Path:
    """Make a folder that only its owner may read."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


@contextmanager
def whole(path: Path) -> Iterator[Path]:
    """Give a file to write to that takes the place of `path` when all of it is written.

    It lies beside `path`, and nobody else may read it (mode 0600). After a fault nothing of it is left, and
    `path` is as it was.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    os.close(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        yield half
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)


def write_whole(path: Path, content: bytes | str) -> None:
    """Write bytes, or text as UTF-8 with its line ends as they are, as `whole` does."""
    with whole(path) as half:
        half.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
