"""What every measurement shares: a child with its own peak memory, the machine, where results go."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

OUT: Final = Path("build/bench")
PYTHON: Final = sys.executable
RANTANG: Final = str(Path(PYTHON).with_name("rantang"))
console: Final = Console()
Row = dict[str, Any]


def child(*command: str) -> tuple[float, float, str]:
    """Run a command alone; returns seconds, peak memory in GiB and what it printed.

    Raises
    ------
    subprocess.CalledProcessError
        The command failed: a figure of a failed run is no figure.
    """
    started = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        printed = process.stdout.read() if process.stdout else ""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, printed)
    return time.perf_counter() - started, used.ru_maxrss / 2**20, printed


def module(name: str, *arguments: object) -> tuple[Row, float]:
    """Run a module of the benchmarks in its own process; its last line is JSON. Returns it and GiB."""
    _, memory, printed = child(PYTHON, "-W", "ignore", "-m", name, *map(str, arguments))
    return dict(json.loads(printed.strip().splitlines()[-1])), memory


def sample(scale: float) -> Path:
    """The sample city, made once per scale."""
    folder = OUT / f"city-{scale:g}"
    if not (folder / "truth").exists():
        child(RANTANG, "sample", str(folder), "--scale", str(scale))
    return folder


def fresh(scale: float, name: str) -> Path:
    """The sample city's lists in a folder of their own, never run on."""
    city = OUT / f"{name}-{scale:g}"
    if city.exists():
        shutil.rmtree(city)
    shutil.copytree(sample(scale), city, ignore=shutil.ignore_patterns("truth", "store", "editions"))
    return city


def save(name: str, rows: Sequence[Row], **about: object) -> None:
    """Print a table and write build/bench/NAME.json with the machine and the day."""
    shown = Table(title=name)
    columns = list(dict.fromkeys(key for row in rows for key in row))
    for column in columns:
        shown.add_column(column)
    for row in rows:
        shown.add_row(*(_text(row.get(column)) for column in columns))
    console.print(shown)
    OUT.mkdir(parents=True, exist_ok=True)
    day = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    answer = {"machine": machine(), "at": day, **about, "rows": list(rows)}
    (OUT / f"{name}.json").write_text(json.dumps(answer, indent=1), encoding="utf-8")


def machine() -> Row:
    """Shape of the machine."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {"cores": os.cpu_count(), "memory_gib": round(memory, 1), "python": platform.python_version()}


def _text(value: object) -> str:
    return "" if value is None else f"{value:.4f}" if isinstance(value, float) else str(value)
