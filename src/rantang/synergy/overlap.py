"""What is held together: forbidden doubles told from intended complements."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from rantang.cities import Pair, Programme
from rantang.tables.keep import Keep
from rantang.tables.synergy import OVERLAP


def relations(pairs: Sequence[Pair], programmes: Mapping[str, Programme]) -> ir.Table:
    """Return every configured pair in both directions: `programme, other, relation, personal`.

    Two programmes for individuals exclude each other for the same person; where one of them is
    for the family, for the family.
    """
    rows = [
        {"programme": one, "other": other, "relation": pair.relation, "personal": _personal(pair, programmes)}
        for pair in pairs
        for one, other in ((pair.first, pair.second), (pair.second, pair.first))
    ]
    schema = {"programme": "string", "other": "string", "relation": "string", "personal": "boolean"}
    return ibis.memtable(rows, schema=ibis.schema(schema))


def _personal(pair: Pair, programmes: Mapping[str, Programme]) -> bool:
    return all(programmes[code].unit == "individu" for code in (pair.first, pair.second))


def forbidden(
    given: ir.Table,
    by_family: ir.Table,
    by_person: ir.Table,
    pairs: Sequence[Pair],
    programmes: Mapping[str, Programme],
    keep: Keep,
) -> ir.Table:
    """Return `row_key, forbidden_with` of each current row whose person or family also holds a
    programme that excludes this one."""
    bans = [pair for pair in pairs if pair.relation == "terlarang"]
    if not bans:
        return ibis.memtable([], schema=ibis.schema({"row_key": "string", "forbidden_with": "string"}))
    excluding = relations(bans, programmes)
    others = sorted({code for pair in bans for code in (pair.first, pair.second)})
    rows = given.filter(given.current).select("row_key", "programme", "person_id", "family_id")
    rows = rows.inner_join(excluding.drop("relation"), "programme")
    met = [
        _met(rows.filter(rows.personal), "person_id", by_person),
        _met(rows.filter(~rows.personal), "family_id", by_family),
    ]
    found = met[0].union(met[1])
    flags = found.group_by("row_key").agg(**{f"with_{code}": (found.other == code).any() for code in others})
    text = functools.reduce(operator.add, [flags[f"with_{code}"].ifelse(code + " ", "") for code in others])
    return keep(flags.select("row_key", forbidden_with=text.strip()), "forbidden")


def _met(rows: ir.Table, key: str, held: ir.Table) -> ir.Table:
    other_held = held.select(unit_id="unit_id", other="programme")
    t = rows.inner_join(other_held, [rows[key] == other_held.unit_id, rows.other == other_held.other])
    return t.select("row_key", "other")


def overlaps(
    by_family: ir.Table,
    given: ir.Table,
    pairs: Sequence[Pair],
    programmes: Mapping[str, Programme],
    keep: Keep,
) -> ir.Table:
    """Return the matrix programme × programme of families (`OVERLAP`)."""
    left = by_family.select(family="unit_id", programme_a="programme", amount_a="amount")
    right = by_family.select(family="unit_id", programme_b="programme", amount_b="amount")
    both = left.inner_join(right, "family")
    both = both.filter(both.programme_a <= both.programme_b)
    known = relations(pairs, programmes)
    known = known.filter(known.programme < known.other)
    both = both.left_join(known, [both.programme_a == known.programme, both.programme_b == known.other]).drop(
        "programme", "other"
    )
    # Two programmes for individuals that exclude each other: only families where one person has both.
    same = _same_person(given)
    both = both.left_join(
        same,
        [both.family == same.of_family, both.programme_a == same.first, both.programme_b == same.second],
    )
    counts = (both.relation != "terlarang") | ~both.personal | both.of_family.notnull()
    both = both.filter(counts.fill_null(True))
    relation = (both.programme_a == both.programme_b).ifelse("sama", both.relation.fill_null("netral"))
    both = both.mutate(relation=relation)
    summed = both.group_by(["programme_a", "programme_b", "relation"]).agg(
        families=both.count(), money=ibis.least(both.amount_a, both.amount_b).sum()
    )
    return keep(OVERLAP.conform(summed), "overlap")


def _same_person(given: ir.Table) -> ir.Table:
    now = given.filter(given.current & given.person_id.notnull() & (given.unit == "individu"))
    held = now.select("person_id", "family_id", "programme").distinct()
    one = held.select(person="person_id", of_family="family_id", first="programme")
    two = held.select(person="person_id", second="programme")
    pairs = one.inner_join(two, "person")
    return pairs.filter(pairs["first"] < pairs.second).select("of_family", "first", "second").distinct()
