"""The hash of what a table says: the same on every engine, in every order of rows, with any threads.

Rows are put in order by the key and, where keys repeat, by every other column, so that the order in
which an engine happened to hand them over does not count. Floats are rounded to 1e-6: two runs of a model
differ by 5e-13. Provenance columns are left out, and secrets are hashed as they are, before they
are encrypted.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

import polars as pl
import pyarrow as pa

from rantang.tables.declare import Table

DECIMALS: Final = 6
_NULL: Final = "\\N"
_SLICE: Final = 200_000


class _Digest:
    """A file to write to, of which only the hash remains."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def write(self, data: bytes) -> int:
        self._hash.update(data)
        return len(data)

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def in_order(rows: pa.Table, table: Table) -> pa.Table:
    """Return the rows of a declared table by its key and, where keys repeat, by every other column."""
    frame: Any = pl.from_arrow(rows)
    by = [pl.col(name) for name in table.key]
    # A sort by a key of one or two columns is a quarter of the work of a sort by all.
    if frame.select(table.key).is_duplicated().any():
        by += [_sortable(frame, name) for name in frame.columns if _counts_apart(name, table)]
    ordered: pa.Table = frame.sort(by, nulls_last=True).to_arrow(compat_level=pl.CompatLevel.oldest())
    return ordered


def _counts_apart(name: str, table: Table) -> bool:
    return name in table.names and name not in table.key and not table[name].provenance


def _sortable(frame: pl.DataFrame, name: str) -> pl.Expr:
    kind = frame.schema[name]
    if isinstance(kind, pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.join("\x1f")
    return pl.col(name).round(DECIMALS) if kind.is_float() else pl.col(name)


def canonical(rows: pa.Table, table: Table) -> pl.DataFrame:
    """Return the rows of a declared table in canonical form: rounded, without provenance."""
    columns = [column.name for column in table.columns if not column.provenance]
    frame: Any = pl.from_arrow(rows.select(columns))
    exact = []
    for name, kind in frame.schema.items():
        if kind.is_float():
            rounded = pl.col(name).round(DECIMALS)
            # There are two zeros; Polars holds x + 0.0 to be x, so it must be said.
            exact.append(pl.when(rounded == 0).then(0.0).otherwise(rounded).alias(name))
        elif isinstance(kind, pl.List):
            exact.append(pl.col(name).cast(pl.List(pl.String)).list.join("\x1f"))
    return frame.with_columns(exact)


def content_hash(rows: pa.Table, table: Table) -> str:
    """Return the SHA-256 of a declared table's content.

    Parameters
    ----------
    rows
        The table, conformed to `table`, before encryption, in any order.
    """
    return hash_in_order(in_order(rows, table), table)


def hash_in_order(rows: pa.Table, table: Table) -> str:
    """Return the content hash of rows that `in_order` gave; an edition sorts its tables once."""
    frame = canonical(rows, table)
    digest = _Digest()
    digest.write("\x1f".join([table.name, *frame.columns]).encode())
    for start in range(0, frame.height, _SLICE):
        frame.slice(start, _SLICE).write_csv(
            digest,
            include_header=False,
            separator="\x1f",
            null_value=_NULL,
            float_precision=DECIMALS,
            quote_style="never",
        )
    return digest.hexdigest()
