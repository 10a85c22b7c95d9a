"""The hash of what a table says: the same on every engine, in every order of rows, with any threads.

Rows are put in order by the key and then by every other column, so that the order in which an
engine happened to hand them over does not count. Floats are rounded to 1e-6: two runs of a model
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


def canonical(rows: pa.Table, table: Table) -> pl.DataFrame:
    """Return the rows of a declared table in canonical form: rounded, in order, without provenance."""
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
    frame = frame.with_columns(exact)
    rest = [name for name in columns if name not in table.key]
    return frame.sort([*table.key, *rest], nulls_last=True)


def content_hash(rows: pa.Table, table: Table) -> str:
    """Return the SHA-256 of a declared table's content.

    Parameters
    ----------
    rows
        The table, conformed to `table`, before encryption.
    """
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
