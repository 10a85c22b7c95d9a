"""Two editions compared, table by table."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

import ibis
import ibis.expr.types as ir

from rantang.tables.declare import Table


@dataclass(frozen=True)
class Change:
    """How one table differs between two editions.

    Attributes
    ----------
    before, after
        Rows of each.
    added, removed, changed
        Rows with a new key, without their key, and with another content under the same key.
    columns
        How many of the changed rows differ in each column.
    """

    table: str
    before: int
    after: int
    added: int = 0
    removed: int = 0
    changed: int = 0
    columns: dict[str, int] = field(default_factory=dict)

    @property
    def same(self) -> bool:
        """Whether the table says the same in both."""
        return not (self.added or self.removed or self.changed)

    def as_dict(self) -> dict[str, Any]:
        """Return it for machines."""
        return asdict(self)


def compare(before: ir.Table, after: ir.Table, table: Table) -> Change:
    """Compare a table of two editions by its key; provenance does not count.

    Rows with equal keys are told apart by a number among them, so that nothing is counted twice.
    """
    told = [
        c.name
        for c in table.columns
        if not c.provenance and c.name in before.columns and c.name in after.columns
    ]
    rest = [name for name in told if name not in table.key]
    a, b = (_numbered(rows.select(told), table.key, rest) for rows in (before, after))
    keys = [*table.key, "nth"]
    both = a.inner_join(b, [a[name].identical_to(b[name]) for name in keys], rname="{name}_now")
    differs = {name: ~both[name].identical_to(both[f"{name}_now"]) for name in rest}
    counts = both.aggregate(
        matched=both.count(),
        changed=ibis.or_(*differs.values()).sum() if differs else ibis.literal(0),
        **{f"in_{name}": each.sum() for name, each in differs.items()},
    )
    said = counts.to_pyarrow().to_pylist()[0]
    sizes = [int(rows.count().to_pyarrow().as_py()) for rows in (before, after)]
    columns = {name: int(said[f"in_{name}"] or 0) for name in rest}
    return Change(
        table.name,
        sizes[0],
        sizes[1],
        added=sizes[1] - said["matched"],
        removed=sizes[0] - said["matched"],
        changed=int(said["changed"] or 0),
        columns={name: count for name, count in sorted(columns.items(), key=lambda e: -e[1]) if count},
    )


def moves(before: ir.Table, after: ir.Table, key: str, column: str) -> list[tuple[str, str, int]]:
    """Return how often a value turned into another: what, into what, how many, the commonest first."""
    a, b = before.select(key, was=before[column]), after.select(key, now=after[column])
    joined = a.inner_join(b, key).filter(lambda t: ~t.was.identical_to(t.now))
    rows = joined.group_by("was", "now").agg(n=lambda t: t.count()).to_pyarrow().to_pylist()
    return sorted(
        ((r["was"] or "–", r["now"] or "–", r["n"]) for r in rows), key=lambda move: (-move[2], move)
    )


def _numbered(rows: ir.Table, key: tuple[str, ...], rest: list[str]) -> ir.Table:
    return rows.mutate(nth=ibis.row_number().over(group_by=list(key), order_by=rest or list(key)))
