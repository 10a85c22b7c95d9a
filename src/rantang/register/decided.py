"""What people decided about pairs of rows, obeyed by every later edition.

A decision names two rows. A row of an older delivery is found again through its content key, so
a decision survives the next month's delivery of the same line.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir

from rantang.register.cluster import join_strongest_first
from rantang.tables.keep import Keep


@dataclass(frozen=True)
class Decided:
    """Pairs that are one person, pairs that are not; the latest word on a pair counts."""

    same: ir.Table | None
    apart: ir.Table | None

    @property
    def judged(self) -> ir.Table | None:
        """``row_key_a, row_key_b, right``: every pair that people judged, and whether it is one person."""
        said = [
            pairs.select("row_key_a", "row_key_b", right=ibis.literal(right))
            for pairs, right in ((self.same, True), (self.apart, False))
            if pairs is not None
        ]
        return ibis.union(*said) if len(said) > 1 else said[0] if said else None

    @property
    def rows_decided(self) -> ir.Table:
        """``row_key, decided``: rows whose link is a person's word."""
        if self.same is None:
            return ibis.memtable([], schema={"row_key": "string", "decided": "boolean"})
        both = ibis.union(
            self.same.select(row_key="row_key_a"), self.same.select(row_key="row_key_b"), distinct=True
        )
        return both.mutate(decided=True)

    def joined(self, entities: ir.Table) -> ir.Table:
        """Join the entities of rows that a person called the same."""
        if self.same is None:
            return entities
        pairs = (
            self.same.inner_join(entities.select(row_key_a="row_key", a="entity"), "row_key_a")
            .inner_join(entities.select(row_key_b="row_key", b="entity"), "row_key_b")
            .order_by("seq")
            .select("a", "b")
            .to_pyarrow()
            .to_pylist()
        )
        names = sorted({name for pair in pairs for name in pair.values()})
        number = {name: index for index, name in enumerate(names)}
        group = join_strongest_first(((number[p["a"]], number[p["b"]]) for p in pairs), set())
        moved = {"entity": names, "into": [names[group.get(i, i)] for i in range(len(names))]}
        table = ibis.memtable(moved, schema={"entity": "string", "into": "string"})
        found = entities.left_join(table, "entity").drop("entity_right")
        return found.mutate(entity=ibis.coalesce(found.into, found.entity)).drop("into")


def read_decisions(
    decisions: ir.Table | None, rows: ir.Table, previous: ir.Table | None, keep: Keep
) -> Decided:
    """Find the rows that the decisions speak of, in this edition's deliveries."""
    if decisions is None:
        return Decided(None, None)
    pairs = decisions.filter(decisions.kind.isin(("same", "different")))
    if pairs.count().to_pyarrow().as_py() == 0:
        return Decided(None, None)
    now = rows.select(named="row_key", row_key="row_key")
    if previous is not None:
        older = previous.select(named="row_key", content_key="content_key").anti_join(
            rows, [("named", "row_key")]
        )
        older = older.inner_join(rows.select("content_key", "row_key"), "content_key")
        now = ibis.union(now, older.select("named", "row_key"))
    now = keep(now, "decided_rows")
    found = pairs.inner_join(now.select(row_key_a="named", a="row_key"), "row_key_a")
    found = found.inner_join(now.select(row_key_b="named", b="row_key"), "row_key_b")
    found = found.select(
        "seq", "kind", row_key_a=ibis.least(found.a, found.b), row_key_b=ibis.greatest(found.a, found.b)
    )
    last = ibis.row_number().over(group_by=["row_key_a", "row_key_b"], order_by=found.seq.desc())
    found = keep(found.mutate(last=last).filter(lambda t: t.last == 0).drop("last"), "decided_pairs")
    return Decided(found.filter(found.kind == "same"), found.filter(found.kind == "different"))
