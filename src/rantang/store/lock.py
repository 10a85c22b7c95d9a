"""One at a time: a lock that the system lets go of when the process that holds it ends, however it ends."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rantang.errors import RantangError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_PATIENCE: Final = 0.05
_BEYOND: Final = 2**20  # Windows lets nobody read what is locked: so a byte behind the process's number


@contextmanager
def alone(path: Path, *, wait: float = 10.0) -> Iterator[None]:
    """Hold the lock on the file `path` while the block runs.

    The file stays where it is: whoever removed it would let a third in beside one who waits for it. While
    the lock is held its text is the number of the process.

    Parameters
    ----------
    wait
        Seconds to wait for another process.

    Raises
    ------
    RantangError
        ``RUANG-TERKUNCI``: another process still holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    until = time.monotonic() + wait
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        while not _taken(handle):
            if time.monotonic() > until:
                raise RantangError("RUANG-TERKUNCI", process=path.read_text("ascii", "replace") or "?")
            time.sleep(_PATIENCE)
        os.ftruncate(handle, 0)
        os.lseek(handle, 0, os.SEEK_SET)
        os.write(handle, str(os.getpid()).encode("ascii"))
        yield
    finally:
        os.close(handle)


def alive(process: str) -> bool:
    """Say whether a process still runs; where that cannot be asked, it is held to be running."""
    if not process.isdigit():
        return False
    if os.name != "posix":
        return True  # os.kill ends a process on Windows
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _taken(handle: int) -> bool:
    """Take the lock on an open file; whether nobody else holds it."""
    try:
        if sys.platform == "win32":
            os.lseek(handle, _BEYOND, os.SEEK_SET)
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True
