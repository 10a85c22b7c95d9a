"""Spark: the same tables for a province or the nation. An extra (``rantang[spark]``); needs Java 17."""

from __future__ import annotations

import os
import shutil
from itertools import count as counting
from pathlib import Path
from typing import Any

import ibis
import ibis.expr.operations as ops
import ibis.expr.types as ir
import pyarrow as pa

from rantang.engine.content import content_hash
from rantang.errors import RantangError
from rantang.tables.declare import Table


class Spark:
    """A local Spark session; a cluster's is taken over where ``SPARK_REMOTE`` or a session exists."""

    name = "spark"

    def __init__(self, temporary: Path, threads: int | None = None, memory: int | None = None) -> None:
        self._temporary = temporary
        self._numbers = counting(1)
        temporary.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._session = _session(temporary, threads, memory)
        self._con = ibis.pyspark.connect(self._session)
        ibis.set_backend(self._con)

    @property
    def version(self) -> str:
        """Name and version, for the manifest."""
        return f"spark {self._session.version}"

    def load(self, rows: pa.Table, name: str) -> ir.Table:
        """Take an Arrow table in, through a private Parquet file."""
        import pyarrow.parquet as pq  # noqa: PLC0415

        path = self._temporary / f"{self._named(name)}.parquet"
        pq.write_table(rows, path)
        return self.read_parquet(path)

    def keep(self, expr: ir.Table, name: str) -> ir.Table:
        """Compute `expr` now into a cached frame."""
        for memtable in expr.op().find(ops.InMemoryTable):
            self._con._register_in_memory_table(memtable)
        frame = self._session.sql(self._con.compile(expr)).localCheckpoint(eager=True)
        view = self._named(name)
        frame.createOrReplaceTempView(view)
        return self._con.table(view)

    def read_parquet(self, path: Path) -> ir.Table:
        """Read a Parquet file as a table."""
        return self._con.read_parquet(str(path), table_name=self._named(path.stem))

    def fetch(self, expr: ir.Table) -> pa.Table:
        """Return the rows of `expr`, in no order."""
        return self._con.to_pyarrow(expr)

    def count(self, expr: ir.Table) -> int:
        """Return the number of rows."""
        return int(self._con.to_pyarrow(expr.count()).as_py())

    def content_hash(self, expr: ir.Table, table: Table) -> str:
        """Return the hash of what `expr` says."""
        return content_hash(self.fetch(table.conform(expr)), table)

    def close(self) -> None:
        """Stop the session and remove what it put on disk."""
        self._con.disconnect()
        self._session.stop()
        shutil.rmtree(self._temporary, ignore_errors=True)

    def _named(self, name: str) -> str:
        return f"{name}_{next(self._numbers)}".replace("-", "_").lower()


def _session(temporary: Path, threads: int | None, memory: int | None) -> Any:
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  (an extra)
    except ImportError as missing:
        raise RantangError("MESIN-TIDAK-ADA", engine="spark", why="pyspark") from missing
    cores = threads or os.cpu_count() or 1
    builder = (
        SparkSession.builder.master(f"local[{cores}]")
        .appName("rantang")
        .config("spark.local.dir", str(temporary))
        .config("spark.sql.warehouse.dir", str(temporary / "warehouse"))
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.shuffle.partitions", str(2 * cores))
        .config("spark.io.encryption.enabled", "true")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.memory", f"{(memory or 2 * 2**30) // 2**20}m")
    )
    try:
        return builder.getOrCreate()
    except Exception as broken:
        raise RantangError("MESIN-TIDAK-ADA", engine="spark", why=f"Java 17 ({broken})"[:200]) from broken
