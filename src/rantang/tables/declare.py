"""How a table is declared: columns with type, meaning, and whether they are secret.

A declaration is read where there are no tables, too (contracts by a reading child, `--help`): Ibis, half a
second, is imported where one is made.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis
    import ibis.expr.datatypes as dt
    import ibis.expr.types as ir


@dataclass(frozen=True, slots=True)
class Column:
    """One declared column.

    Parameters
    ----------
    name, type
        Name and Ibis type (``"string"``, ``"int64"``, ``"float64"``, ``"date"``, ``"boolean"``,
        ``"array<string>"``).
    meaning
        One sentence for the reference, with unit where it has one.
    secret
        *Rahasia*: NIK, KK, telephone. On disk it exists only as ciphertext beside a mask.
    provenance
        Where the row came from; outside the content hash.
    """

    name: str
    type: str
    meaning: str
    secret: bool = False
    provenance: bool = False


@dataclass(frozen=True)
class Table:
    """A declared table: its name, what one row is, its key and its columns."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    _by_name: dict[str, Column] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({column.name: column for column in self.columns})
        missing = [name for name in self.key if name not in self._by_name]
        if missing:
            raise ValueError(f"{self.name}: key columns {missing} are not declared")

    def __getitem__(self, name: str) -> Column:
        return self._by_name[name]

    @property
    def names(self) -> tuple[str, ...]:
        """Column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def schema(self) -> ibis.Schema:
        """The table's Ibis schema."""
        import ibis  # noqa: PLC0415  (see above)

        return ibis.schema({column.name: column.type for column in self.columns})

    @property
    def secrets(self) -> tuple[str, ...]:
        """Names of the secret columns."""
        return tuple(column.name for column in self.columns if column.secret)

    def conform(self, expr: ir.Table) -> ir.Table:
        """Give `expr` this table's columns, in order, cast; a column it lacks becomes null.

        This is the border between two stages: what a stage hands on is exactly what it declared.
        """
        import ibis  # noqa: PLC0415  (see above)

        present = set(expr.columns)
        return expr.select(
            **{
                name: _cast(expr[name], type_) if name in present else ibis.null(type_)
                for name, type_ in self.schema.items()
            }
        )

    def empty(self) -> ir.Table:
        """Return the table without rows."""
        return self.rows(())

    def rows(self, rows: Iterable[dict[str, object]]) -> ir.Table:
        """Return a small table from dictionaries; absent columns are null."""
        import ibis  # noqa: PLC0415  (see above)

        filled = [{name: row.get(name) for name in self.names} for row in rows]
        return ibis.memtable(filled, schema=self.schema)


def _cast(value: ir.Value, wanted: dt.DataType) -> ir.Value:
    return value if value.type().copy(nullable=True) == wanted else value.cast(wanted)
