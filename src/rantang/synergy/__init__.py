"""Who gets what from whom, who gets nothing, who twice, and who should not?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import ibis
import ibis.expr.types as ir

from rantang.cities import Pair, Programme
from rantang.synergy.coverage import coverage
from rantang.synergy.findings import findings
from rantang.synergy.gaps import family_aid
from rantang.synergy.lapses import lapses
from rantang.synergy.matrix import holdings, recipients, units
from rantang.synergy.overlap import forbidden, overlaps
from rantang.synergy.programmes import known_lists
from rantang.synergy.standing import assistance, declared
from rantang.tables.declare import Table
from rantang.tables.facts import Facts
from rantang.tables.intake import BASE
from rantang.tables.keep import Keep
from rantang.tables.synergy import FAMILY_AID, HISTORY

__all__ = ["Synergy", "match"]


class Synergy(NamedTuple):
    """What synergy hands on, as declared in `rantang.tables.synergy`."""

    assistance: ir.Table
    coverage: ir.Table
    overlap: ir.Table
    family_aid: ir.Table
    history: ir.Table
    findings: ir.Table


def match(
    persons: ir.Table,
    families: ir.Table,
    facts: Facts,
    links: ir.Table,
    eligibility: ir.Table,
    welfare: ir.Table,
    typed: Mapping[str, ir.Table],
    programmes: Sequence[Programme],
    pairs: Sequence[Pair],
    period: str,
    history: ir.Table | None,
    keep: Keep,
) -> Synergy:
    """Match recipients, rules and the register.

    Parameters
    ----------
    persons, families, links
        The register.
    facts
        What validation gathered of persons and families.
    eligibility, welfare
        Standing and class.
    typed
        Typed rows by kind; `penerima` (all periods) is read, and `dtks` for what it says of receipt.
    programmes, pairs
        The place's programmes, and which of them exclude or complete each other (`City.pairs`).
    period
        The edition's month, ``YYYY-MM``.
    history
        The previous edition's `HISTORY`, null for a first edition.
    """
    penerima = typed.get("penerima", Table("penerima", "", (), BASE).empty())
    lists = known_lists(penerima, programmes, period)
    given = recipients(penerima, links, persons, families, lists, keep)
    by_family, by_person = holdings(given, "family_id", keep), holdings(given, "person_id", keep)
    of_families, of_persons = units(facts, welfare, eligibility, by_family, by_person, lists, keep)
    excluded = forbidden(given, by_family, by_person, pairs, lists.programmes, keep)
    judged = assistance(given, of_families, of_persons, excluded, lists, keep)
    aid = family_aid(of_families, of_persons, lapses(given, lists, keep), lists, keep)
    cover = coverage(judged, of_families, of_persons, aid, lists, keep)
    return Synergy(
        assistance=declared(judged),
        coverage=cover,
        overlap=overlaps(by_family, given, pairs, lists.programmes, keep),
        family_aid=FAMILY_AID.conform(aid),
        history=_history(aid, history, period),
        findings=findings(judged, aid, cover, persons, links, typed, lists, keep),
    )


def _history(aid: ir.Table, before: ir.Table | None, period: str) -> ir.Table:
    """Add this edition to the history; a rebuilt edition replaces its own lines."""
    now = HISTORY.conform(aid.mutate(period=ibis.literal(period)))
    if before is None:
        return now
    return HISTORY.conform(before.filter(before.period != period)).union(now)
