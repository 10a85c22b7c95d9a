"""What a user sees when a command cannot do its work: what, where, why, what to do. Never a traceback."""

from __future__ import annotations

import datetime as dt
import errno
import os
import re
import tempfile
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from rich.console import Console

from rantang import __version__
from rantang.errors import RantangError

_NUMBERS: Final = re.compile(r"\d(?:[ .-]?\d){11,}|\d{6,}")  # in groups, too
# What the system says of a path that somebody wrote, not of a fault of ours.
_DENIED: Final = frozenset(
    (errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG)
)
_QUOTED: Final = re.compile(r"'[^']*'|\"[^\"]*\"")


class _Where:
    """Where this process may write what went wrong."""

    log: Path | None = None


def log_into(folder: Path) -> None:
    """Write faults into `folder` from here on (the workspace's log)."""
    _Where.log = folder


def without_numbers(text: str) -> str:
    """Leave out of a text what may be somebody's number."""
    return _NUMBERS.sub("…", text)


def report_refusal(refusal: RantangError) -> None:
    """Print why a command stopped."""
    report(refusal.code, refusal.values)


def report(code: str, values: Mapping[str, object]) -> None:
    """Print what the catalogue says under a code, beside what the command prints."""
    from rantang.catalogue import describe  # noqa: PLC0415  (texts are read when they are needed)

    text = describe(code, values)
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"[bold]{code}[/]  ", end="")
    console.print(text.message, markup=False)
    if text.mend:
        console.print(text.mend, markup=False)


def report_fault(fault: Exception) -> None:
    """Print a fault as a refusal with a code; its traceback goes to a file without what it quotes."""
    if (isinstance(fault, OSError) and fault.errno == errno.ENOSPC) or isinstance(fault, MemoryError):
        report_refusal(RantangError("MESIN-PENUH", why=type(fault).__name__))
        return
    if isinstance(fault, OSError) and fault.filename and fault.errno in _DENIED:
        report_refusal(RantangError("BERKAS-AKSES", file=fault.filename, why=fault.strerror))
        return
    log = _written(fault)
    report_refusal(RantangError("PERINTAH-GAGAL", kind=type(fault).__name__, log=log))
    if os.environ.get("RANTANG_DEBUG"):
        traceback.print_exception(fault)


def _written(fault: Exception) -> Path:
    folder = _Where.log or Path(tempfile.gettempdir())
    now = dt.datetime.now(dt.UTC)
    path = folder / f"{now:%Y%m%dT%H%M%S}-{os.getpid()}.txt"
    frames = "".join(traceback.format_tb(fault.__traceback__))
    # A message may quote a cell: numbers and, but for faults that name code only, quoted words go.
    said = without_numbers(str(fault))[:2000]
    if not isinstance(fault, (TypeError, AttributeError, NameError, ImportError)):
        said = _QUOTED.sub("'…'", said)
    text = f"rantang {__version__}  {now.isoformat()}\n{frames}{type(fault).__name__}: {said}\n"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError:
        return Path("-")
    return path
