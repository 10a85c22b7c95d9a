"""The only place that knows engines: DuckDB on a laptop, Spark in a ministry.

The stages are Ibis expressions and never ask which engine runs them; `open_engine` opens one and
closes it, whatever happens, together with what it put on disk.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ibis

from rantang.engine.protocol import Engine
from rantang.errors import RantangError

__all__ = ["ENGINES", "Engine", "EngineSettings", "open_briefly", "open_engine"]

ENGINES: Final = ("duckdb", "spark")


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """How an engine may use the machine.

    Attributes
    ----------
    temporary
        Folder for what does not fit into memory; it is private and emptied at the end.
    threads
        Number of threads; None: all cores.
    memory
        Bytes it may use before it spills; None: 70 % of the machine's.
    """

    temporary: Path
    threads: int | None = None
    memory: int | None = None


@contextmanager
def open_engine(name: str, settings: EngineSettings) -> Iterator[Engine]:
    """Open the engine `name` and close it afterwards.

    Raises
    ------
    RantangError
        ``MESIN-TAK-DIKENAL``: no such engine; ``MESIN-TIDAK-ADA``: its package or Java is missing.
    """
    before = ibis.options.default_backend
    engine = _made(name, settings)
    try:
        yield engine
    finally:
        engine.close()
        ibis.options.default_backend = before  # else what is computed next asks a closed engine


@contextmanager
def open_briefly() -> Iterator[Engine]:
    """Open DuckDB for work that leaves nothing behind: its spill folder goes with it."""
    with (
        TemporaryDirectory(prefix="rantang-") as folder,
        open_engine("duckdb", EngineSettings(Path(folder) / "spill")) as opened,
    ):
        yield opened


def _made(name: str, settings: EngineSettings) -> Engine:
    if name == "duckdb":
        from rantang.engine.duckdb import DuckDB  # noqa: PLC0415  (an engine is loaded when asked for)

        return DuckDB(settings.temporary, settings.threads, settings.memory)
    if name == "spark":
        from rantang.engine.spark import Spark  # noqa: PLC0415  (an extra, seldom installed)

        return Spark(settings.temporary, settings.threads, settings.memory)
    raise RantangError("MESIN-TAK-DIKENAL", engine=name, known=", ".join(ENGINES))
