"""What an engine can do; the same for DuckDB and Spark."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import ibis.expr.types as ir
import pyarrow as pa

from rantang.tables.declare import Table


class Engine(Protocol):
    """An engine that holds tables and computes Ibis expressions."""

    name: str

    @property
    def version(self) -> str:
        """Name and version, for the manifest."""
        ...

    def load(self, rows: pa.Table, name: str) -> ir.Table:
        """Take an Arrow table in; `name` only makes plans readable."""
        ...

    def keep(self, expr: ir.Table, name: str) -> ir.Table:
        """Compute `expr` now and return it as a table; freed when nobody refers to it any more."""
        ...

    def read_parquet(self, path: Path) -> ir.Table:
        """Read a Parquet file as a table."""
        ...

    def fetch(self, expr: ir.Table) -> pa.Table:
        """Return the rows of `expr`, in no order."""
        ...

    def count(self, expr: ir.Table) -> int:
        """Return the number of rows."""
        ...

    def content_hash(self, expr: ir.Table, table: Table) -> str:
        """Return the hash of what `expr` says, as a table declared by `table` (see `engine.content`)."""
        ...

    def close(self) -> None:
        """Free everything; nothing stays on disk."""
        ...
