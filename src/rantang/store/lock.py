"""One at a time: a lock file that a dead process does not keep. No POSIX-only call."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from rantang.errors import RantangError

_PATIENCE: Final = 0.05


@contextmanager
def alone(path: Path, *, wait: float = 10.0) -> Iterator[None]:
    """Hold the lock `path` while the block runs.

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
    while not _taken(path):
        if not alive(_holder(path)):
            path.unlink(missing_ok=True)
        elif time.monotonic() > until:
            raise RantangError("RUANG-TERKUNCI", process=_holder(path), file=path.name)
        else:
            time.sleep(_PATIENCE)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def alive(process: str) -> bool:
    """Say whether a process still runs; where that cannot be asked, it is held to be running."""
    if not process.isdigit():
        return False
    if os.name != "posix":
        return True  # os.kill ends a process on Windows; an old lock must be removed by hand there
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _taken(path: Path) -> bool:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(str(os.getpid()))
    return True


def _holder(path: Path) -> str:
    for _ in range(5):
        try:
            text = path.read_text("ascii").strip()
        except OSError:
            return ""
        if text:
            return text
        time.sleep(_PATIENCE)  # it was made this moment, its number follows
    return ""
