"""DuckDB: the default engine, inside the process."""

from __future__ import annotations

import os
import shutil
import weakref
from collections.abc import Mapping
from itertools import count as counting
from pathlib import Path
from typing import Any, ClassVar, Final

import duckdb
import ibis
import ibis.backends.duckdb
import ibis.expr.types as ir
import pyarrow as pa

from rantang.engine.content import content_hash
from rantang.engine.statements import Statements
from rantang.tables.declare import Table

_SHARE_OF_MEMORY: Final = 0.7
_MEMTABLE: Final = "memtable_"  # what Ibis calls a table in memory


class _Backend(ibis.backends.duckdb.Backend):  # type: ignore[misc]  # Ibis has no types
    """Ibis on DuckDB, which writes each statement out once in a process."""

    _statements: ClassVar = Statements()

    def compile(
        self,
        expr: ir.Expr,
        /,
        *,
        limit: int | None = None,
        params: Mapping[ir.Expr, Any] | None = None,
        pretty: bool = False,
    ) -> str:
        """Return the SQL of an expression."""

        def write() -> str:
            return str(super(_Backend, self).compile(expr, limit=limit, params=params, pretty=pretty))

        if limit is not None or params or pretty:
            return write()
        return self._statements.text(expr.as_table().op(), write)


class DuckDB:
    """An in-memory DuckDB that spills into a private folder."""

    name = "duckdb"

    def __init__(self, temporary: Path, threads: int | None = None, memory: int | None = None) -> None:
        self._temporary = temporary
        self._numbers = counting(1)
        self._open = True
        temporary.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._con = _Backend().connect()
        self._set("temp_directory", str(temporary))
        # What spills is encrypted. DuckDB without extensions draws the key from a generator that it
        # calls unsafe itself: so this is the second wall behind a private folder that is emptied.
        self._set("force_mbedtls_unsafe", "true")
        self._set("temp_file_encryption", "true")
        self._set("preserve_insertion_order", "false")
        self._set("enable_progress_bar", "false")
        # `x IN (twenty words)` beside a hundred other columns is quicker read than joined: each such join
        # is a pipeline of its own, and intake's lists of words made dozens of them, seconds for ten rows.
        self._set("disabled_optimizers", "in_clause")
        self._set("autoinstall_known_extensions", "false")
        self._set("memory_limit", f"{memory or int(_memory_of_machine() * _SHARE_OF_MEMORY)}B")
        if threads:
            self._set("threads", str(threads))
        ibis.set_backend(self._con)

    @property
    def version(self) -> str:
        """Name and version, for the manifest."""
        return f"duckdb {duckdb.__version__}"

    def load(self, rows: pa.Table, name: str) -> ir.Table:
        """Take an Arrow table in."""
        table = self._create(name, ibis.memtable(rows))
        self._release()
        return table

    def keep(self, expr: ir.Table, name: str) -> ir.Table:
        """Compute `expr` now into a temporary table."""
        return self._create(name, expr)

    def read_parquet(self, path: Path) -> ir.Table:
        """Read a Parquet file as a table."""
        return self._con.read_parquet(str(path), table_name=self._named(path.stem))

    def fetch(self, expr: ir.Table) -> pa.Table:
        """Return the rows of `expr`, in no order."""
        self._release()
        return self._con.to_pyarrow(expr)

    def count(self, expr: ir.Table) -> int:
        """Return the number of rows."""
        return int(self._con.to_pyarrow(expr.count()).as_py())

    def content_hash(self, expr: ir.Table, table: Table) -> str:
        """Return the hash of what `expr` says."""
        return content_hash(self.fetch(table.conform(expr)), table)

    def close(self) -> None:
        """Free everything and remove what was spilled."""
        if self._open:
            self._open = False
            self._con.disconnect()
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _create(self, name: str, rows: ir.Table) -> ir.Table:
        own = self._named(name)
        self._release()
        # As Ibis does it, but for the copies it makes of the whole statement before it writes it out.
        table = self._con.create_table(own, schema=rows.schema())
        self._con._run_pre_execute_hooks(rows)
        self._con.con.execute(f'INSERT INTO "{own}" {self._con.compile(rows)}').fetchall()
        weakref.finalize(table.op(), self._drop, own).atexit = False
        return table

    def _release(self) -> None:
        """Let go of tables in memory that no expression reads any more; Ibis keeps them to the end."""
        alive = {memtable.name for memtable in self._con._memtables}
        views = self._con.con.execute("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall()
        for (name,) in views:
            if _MEMTABLE in name and name not in alive:
                self._con.con.unregister(name)

    def _drop(self, name: str) -> None:
        """Give the memory of a table back; called when no expression reads it any more.

        On a cursor of its own: it may be called in the middle of another query.
        """
        if self._open:
            with self._con.con.cursor() as cursor:
                cursor.execute(f'DROP TABLE IF EXISTS "{name}"').fetchall()

    def _named(self, name: str) -> str:
        return f"{name}_{next(self._numbers)}"

    def _set(self, setting: str, value: str) -> None:
        quoted = value.replace("'", "''")  # a folder may be called data jum'at
        self._con.con.execute(f"SET {setting} = '{quoted}'").fetchall()


def _memory_of_machine() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # Windows has no sysconf
        return 8 * 2**30
