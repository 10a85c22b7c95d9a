"""Check before delivery ("padan sebelum salur"): each planned participant, and who is left out.

Pure: planned rows come linked (`rantang screen` links them as it links any list), the rest is the
edition's. Nothing here strikes anybody off: a verdict tells the officer what to look at.
"""

from __future__ import annotations

import dataclasses
import functools
import operator
from collections.abc import Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.cities import Pair, Programme
from rantang.synergy.matrix import eligible, holdings, units
from rantang.synergy.overlap import relations
from rantang.synergy.programmes import KnownLists, known_lists
from rantang.tables.facts import Facts
from rantang.tables.keep import Keep
from rantang.tables.synergy import SCREENED

VERDICTS: Final = (
    "SALUR-TAK-TERDAFTAR",
    "SALUR-MENINGGAL",
    "SALUR-PINDAH",
    "SALUR-GANDA",
    "SALUR-TERLARANG",
    "SALUR-SEJENIS",
    "SALUR-TIDAK-LAYAK",
    "SALUR-BUKAN-SASARAN",
    "SALUR-PERIKSA",
    "SALUR-TAK-TERJAWAB",
    "SALUR-LAYAK",
)
"""Verdicts, weightiest first. `SALUR-LAYAK` stands alone."""
NOT_PLANNED: Final = "SALUR-BELUM-DIRENCANAKAN"


def screen(
    planned: ir.Table,
    programme: Programme,
    programmes: Sequence[Programme],
    pairs: Sequence[Pair],
    persons: ir.Table,
    facts: Facts,
    eligibility: ir.Table,
    welfare: ir.Table,
    assistance: ir.Table,
    period: str,
    keep: Keep,
) -> ir.Table:
    """Screen planned participants of a programme (`SCREENED`).

    Parameters
    ----------
    planned
        ``row_key, line, person_id, tier, probability, p_model`` of every planned row; `person_id`
        is null where the row is nobody in the register.
    programme
        The programme that is to be delivered.
    programmes, pairs
        The place's programmes and their pairs.
    persons, facts, eligibility, welfare, assistance
        Tables of the edition.
    period
        The edition's month.
    """
    running = dataclasses.replace(programme, from_="", until="")
    known = known_lists(assistance, [running if p.code == programme.code else p for p in programmes], period)
    given = _given(assistance, known, keep)
    by_family, by_person = holdings(given, "family_id", keep), holdings(given, "person_id", keep)
    of_families, of_persons = units(facts, welfare, eligibility, by_family, by_person, known, keep)
    unit = "family_id" if programme.unit == "keluarga" else "person_id"
    of_units = of_families if unit == "family_id" else of_persons
    judged = keep(_judged(of_units, unit, programme), "screen_units")
    again = () if known.runs_on(programme.code) else (programme.code,)
    kind = (*again, *(p.code for p in programmes if p.aid == programme.aid and p.code != programme.code))
    known_pairs = relations(pairs, known.programmes).filter(lambda t: t.programme == programme.code)
    served = keep(_served(given, unit, kind, known_pairs, period), "screen_served")
    on_list = keep(_on_list(planned, persons, unit), "screen_planned")
    answered = _answered(on_list, judged, served)
    left_out = judged.filter(judged.holds.fill_null(False) & (judged.status == "layak"))
    left_out = left_out.anti_join(on_list.filter(on_list.unit_id.notnull()), "unit_id")
    left_out = left_out.left_join(served, "unit_id").drop("unit_id_right")
    # Who has aid of the kind already would be no good plan either: a planned row is told so (SALUR-SEJENIS).
    left_out = left_out.filter(left_out.excluded.isnull() & left_out.same_kind.isnull())
    rest = SCREENED.conform(
        left_out.mutate(
            verdict=ibis.literal(NOT_PLANNED),
            verdicts=ibis.literal(NOT_PLANNED),
            eligible=left_out.holds,
        )
    )
    return keep(SCREENED.conform(answered).union(rest), "screened")


def with_probability(planned: ir.Table, links: ir.Table) -> ir.Table:
    """Fill in probabilities that a short list cannot show of itself: those of the edition's links.

    A planned row gets what the edition gives a link of recipients whose own p is as high: the
    probability of the nearest p below it. Where the edition has none, it stays empty.
    """
    steps = links.filter(links.probability.notnull()).group_by("probability").agg(at=links.p_model.min())
    below = planned.left_join(steps, planned.p_model >= steps["at"])
    best = below.group_by("row_key").agg(known=below.probability_right.max())
    t = planned.left_join(best, "row_key").drop("row_key_right")
    filled = t.person_id.notnull().ifelse(t.probability.coalesce(t.known), t.probability)
    return t.mutate(probability=filled).drop("known")


def _given(assistance: ir.Table, known: KnownLists, keep: Keep) -> ir.Table:
    lists = known.table().drop("unit")
    t = assistance.left_join(
        lists, [assistance.programme == lists.programme, assistance.period == lists.period]
    )
    t = t.drop("programme_right", "period_right")
    return keep(t.mutate(current=t.current.fill_null(False)), "screen_given")


def _judged(of_units: ir.Table, unit: str, programme: Programme) -> ir.Table:
    holds = of_units[eligible(programme.code)] if programme.rule is not None else ibis.null("boolean")
    person = of_units.person_id if unit == "person_id" else ibis.null("string")
    return of_units.select(
        unit_id=of_units[unit],
        person_id=person,
        family_id=of_units.family_id,
        kelurahan_code=of_units.kelurahan_code,
        holds=holds,
        status=of_units.status.fill_null("layak"),
        reasons=of_units.reasons,
        class_=of_units.kelas,
        desil_nasional=of_units.desil_nasional,
    )


def _on_list(planned: ir.Table, persons: ir.Table, unit: str) -> ir.Table:
    who = persons.select("person_id", "family_id", "kelurahan_code", "resident")
    t = planned.select("row_key", "line", "person_id", "tier", "probability", "p_model")
    t = t.left_join(who, "person_id").drop("person_id_right")
    t = t.mutate(unit_id=t[unit])
    nth = ibis.row_number().over(group_by=t.unit_id, order_by=[t.line, t.row_key])
    return t.mutate(again=t.unit_id.notnull() & (nth > 0))


def _served(given: ir.Table, unit: str, kind: Sequence[str], known_pairs: ir.Table, period: str) -> ir.Table:
    """Return what else a unit gets: `excluded` (programmes that exclude this one, now) and
    `same_kind` (aid of the same kind this year that is not meant as its complement; the programme
    itself where it is given once)."""
    t = given.filter(given[unit].notnull())
    t = t.left_join(known_pairs.select("other", "relation"), t.programme == known_pairs.other).drop("other")
    year = t.period.left(4) == period[:4]
    excluded = (t.relation == "terlarang").fill_null(False) & t.current
    same = t.programme.isin(kind) & year & t.relation.isnull()
    t = t.mutate(unit_id=t[unit], label=t.programme + "/" + t.agency, excluded=excluded, same=same)
    t = t.filter(t.excluded | t.same)
    once = t.group_by(["unit_id", "label"]).agg(excluded=t.excluded.any())
    return once.group_by("unit_id").agg(
        excluded=once.label.group_concat(" ", where=once.excluded, order_by=once.label),
        same_kind=once.label.group_concat(" ", where=~once.excluded, order_by=once.label),
    )


def _answered(on_list: ir.Table, judged: ir.Table, served: ir.Table) -> ir.Table:
    facts = judged.select("unit_id", "holds", "status", "reasons", "class_", "desil_nasional")
    t = on_list.left_join(facts, "unit_id").drop("unit_id_right")
    t = t.left_join(served, "unit_id").drop("unit_id_right")
    holds = {
        "SALUR-TAK-TERDAFTAR": t.unit_id.isnull(),
        "SALUR-MENINGGAL": t.resident == "meninggal",
        "SALUR-PINDAH": t.resident == "pindah",
        "SALUR-GANDA": t.again,
        "SALUR-TERLARANG": t.excluded.notnull(),
        "SALUR-SEJENIS": t.same_kind.notnull(),
        "SALUR-TIDAK-LAYAK": t.status == "tidak-layak",
        "SALUR-BUKAN-SASARAN": ~t.holds,
        "SALUR-PERIKSA": (t.status == "perlu-verifikasi") | (t.tier == "likely"),
        "SALUR-TAK-TERJAWAB": t.unit_id.notnull() & t.holds.isnull(),
    }
    words = [held.fill_null(False).ifelse(code + " ", "") for code, held in holds.items()]
    text = functools.reduce(operator.add, words).strip()
    verdicts = (text == "").ifelse("SALUR-LAYAK", text)
    both = (t.excluded.fill_null("") + " " + t.same_kind.fill_null("")).strip().nullif("")
    return t.mutate(
        verdicts=verdicts,
        verdict=verdicts.split(" ")[0],
        eligible=t.holds,
        served_by=both,
    )
