"""What people decided about rows, obeyed by every later edition.

A decision names rows. A row of an older delivery is found again through its content key, so a decision
survives the next month's delivery of the same line; and every edition's ``ids`` carry the rows that
decisions name on, however long ago their lists were, with the person who has taken them over. What
cannot be obeyed any more is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.register.cluster import join_strongest_first
from rantang.tables.intake import FINDINGS
from rantang.tables.keep import Keep

PAIR: Final = ("same", "different")
LOST: Final = "KEPUTUSAN-TANPA-BARIS"
UNMET: Final = "KEPUTUSAN-TAK-TERPENUHI"


@dataclass(frozen=True)
class Decided:
    """Pairs that are one person, pairs that are not; the latest word on a pair counts.

    Attributes
    ----------
    same, apart
        ``seq, kind, row_key_a, row_key_b`` of rows of this edition's deliveries; None where nobody decided.
    lost
        ``seq, kind, row_key`` of words on two rows of which one is in no list any more.
    """

    same: ir.Table | None = None
    apart: ir.Table | None = None
    lost: ir.Table | None = None

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
        return named(self.same).mutate(decided=True)

    def joined(self, entities: ir.Table) -> ir.Table:
        """Join the entities of rows that a person called the same, unless another word keeps them apart."""
        if self.same is None or self.apart is None:
            return entities
        pairs, parted = _entities(self.same, entities), _entities(self.apart, entities)
        names = sorted({name for pair in (*pairs, *parted) for name in pair})
        number = {name: index for index, name in enumerate(names)}
        group = join_strongest_first(
            ((number[a], number[b]) for a, b in pairs),
            {(min(number[a], number[b]), max(number[a], number[b])) for a, b in parted},
        )
        moved = {"entity": names, "into": [names[group.get(i, i)] for i in range(len(names))]}
        table = ibis.memtable(moved, schema={"entity": "string", "into": "string"})
        found = entities.left_join(table, "entity").drop("entity_right")
        return found.mutate(entity=ibis.coalesce(found.into, found.entity)).drop("into")

    def unmet(self, persons: ir.Table) -> ir.Table:
        """Return what could not be obeyed, as findings; `persons` has ``row_key, person_id``."""
        if self.same is None or self.apart is None or self.lost is None:
            return FINDINGS.empty()
        both = beside(ibis.union(self.same, self.apart), persons, "row_key", "person_id")
        broken = both.filter((both.kind == "same") != (both.a == both.b))
        broken = broken.select("seq", "kind", row_key="row_key_a", person_id="a", code=ibis.literal(UNMET))
        lost = self.lost.mutate(person_id=ibis.null("string"), code=ibis.literal(LOST))
        return _findings(ibis.union(broken, lost.select(*broken.columns)))


def beside(pairs: ir.Table, rows: ir.Table, key: str, value: str) -> ir.Table:
    """Add ``a`` and ``b`` to pairs of rows: the `value` in `rows` of either, found by `key`."""
    found = pairs.inner_join(rows.select(row_key_a=key, a=value), "row_key_a")
    return found.inner_join(rows.select(row_key_b=key, b=value), "row_key_b")


def _entities(pairs: ir.Table, entities: ir.Table) -> list[tuple[str, str]]:
    """Return the entities of both rows of each pair, in the order of the decisions."""
    found = beside(pairs, entities, "row_key", "entity")
    table = found.order_by("seq").select("a", "b").to_pyarrow().to_pylist()
    return [(pair["a"], pair["b"]) for pair in table]


def _findings(told: ir.Table) -> ir.Table:
    """Return findings of ``code, seq, kind, row_key, person_id``."""
    return FINDINGS.conform(
        told.mutate(
            severity=ibis.literal("peringatan"),
            subject=ibis.literal("edition"),
            subject_id=ibis.literal("keputusan/") + told.seq.cast("string"),
            evidence=ibis.literal("decision=") + told.seq.cast("string") + "; kind=" + told.kind,
            needs_word=ibis.literal(False),
            acts=ibis.literal("dinsos"),
        ).drop("kind")
    )


def read_decisions(
    decisions: ir.Table | None, rows: ir.Table, previous: ir.Table | None, keep: Keep
) -> Decided:
    """Find the rows that decisions on two rows speak of, in this edition's deliveries."""
    if decisions is None:
        return Decided()
    pairs = decisions.filter(decisions.kind.isin(PAIR))
    if pairs.count().to_pyarrow().as_py() == 0:
        return Decided()
    now = keep(_now(named(pairs), rows, previous), "decided_rows")
    found = beside(pairs, now, "named", "row_key")
    lost = _latest(pairs).anti_join(found, "seq")
    either = [
        lost.inner_join(now.select("named"), lost[side] == now.named) for side in ("row_key_a", "row_key_b")
    ]
    still = ibis.union(*(each.select("seq", "kind", row_key="named") for each in either))
    found = found.select(
        "seq", "kind", row_key_a=ibis.least(found.a, found.b), row_key_b=ibis.greatest(found.a, found.b)
    )
    found = keep(_latest(found), "decided_pairs")
    return Decided(
        found.filter(found.kind == "same"),
        found.filter(found.kind == "different"),
        keep(still.distinct(), "lost"),
    )


def named(decisions: ir.Table) -> ir.Table:
    """Return ``row_key`` of every row that decisions name."""
    both = ibis.union(
        decisions.select(row_key="row_key_a"), decisions.select(row_key="row_key_b"), distinct=True
    )
    return both.filter(both.row_key.notnull())


def _now(asked: ir.Table, rows: ir.Table, previous: ir.Table | None) -> ir.Table:
    """Return ``named, row_key``: which rows of this edition the asked ones are."""
    here = rows.semi_join(asked, "row_key").select(named="row_key", row_key="row_key")
    if previous is None:
        return here
    older = previous.semi_join(asked, "row_key").anti_join(here, [("row_key", "named")])
    older = older.select(named="row_key", content_key="content_key")
    return ibis.union(
        here, older.inner_join(rows.select("content_key", "row_key"), "content_key").drop("content_key")
    )


def _latest(pairs: ir.Table) -> ir.Table:
    last = ibis.row_number().over(group_by=["row_key_a", "row_key_b"], order_by=pairs.seq.desc())
    return pairs.mutate(last=last).filter(lambda t: t.last == 0).drop("last")


def carried(decisions: ir.Table | None, rows: ir.Table, ids: ir.Table, previous: ir.Table | None) -> ir.Table:
    """Return `ids` with the rows that decisions name although they are no member's row of this edition.

    Such a row has the person of the row that says the same now; else who took over most rows of the person
    it was; else whom it had. Without a person are rows about nobody in the register.
    """
    if decisions is None:
        return ids
    missing = named(decisions).anti_join(ids, "row_key")
    nobody = ibis.null("string")
    here = rows.semi_join(missing, "row_key")
    here = here.select("row_key", "content_key", person_id=nobody, family_id=nobody)
    if previous is None:
        return ibis.union(ids, here.select(*ids.columns))
    gone = previous.semi_join(missing, "row_key").anti_join(here, "row_key")
    who = ["person_id", "family_id"]
    before = previous.semi_join(gone, "person_id").select("content_key", was="person_id")
    votes = before.inner_join(ids.select("content_key", *who), "content_key").group_by("was", *who)
    votes = votes.agg(n=lambda t: t.count())
    rank = ibis.row_number().over(group_by="was", order_by=[votes.n.desc(), votes.person_id, votes.family_id])
    heir = (
        votes.mutate(rank=rank)
        .filter(lambda t: t.rank == 0)
        .select("was", heir="person_id", home="family_id")
    )
    same = ids.semi_join(gone, "content_key").group_by("content_key")
    same = same.agg(now=lambda t: t.person_id.argmin(t.row_key), at=lambda t: t.family_id.argmin(t.row_key))
    joined = gone.left_join(same, "content_key").drop("content_key_right")
    joined = joined.left_join(heir, joined.person_id == heir.was)
    kept = joined.select(
        "row_key",
        "content_key",
        person_id=ibis.coalesce(joined.now, joined.heir, joined.person_id),
        family_id=ibis.coalesce(joined["at"], joined.home, joined.family_id),
    )
    return ibis.union(ids, here.select(*ids.columns), kept.select(*ids.columns))


def without_person(decisions: ir.Table | None, ids: ir.Table) -> ir.Table:
    """Return decisions on people whose row nobody knows any more, as findings."""
    if decisions is None:
        return FINDINGS.empty()
    known = ids.filter(ids.person_id.notnull())
    lost = decisions.filter(~decisions.kind.isin(PAIR)).anti_join(known, [("row_key_a", "row_key")])
    return _findings(
        lost.select(
            "seq", "kind", row_key="row_key_a", person_id=ibis.null("string"), code=ibis.literal(LOST)
        )
    )
