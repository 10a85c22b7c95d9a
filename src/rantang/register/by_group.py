"""How often links err for women who head, the elderly, the disabled and each kelurahan.

Nobody knows the true links of a city. What is expected follows from the calibrated probabilities: of a row
held to be a person's, 1 - p is the chance that it is not theirs; of a row that waits for review, p is the
chance that it belongs to someone whom the register has apart.

    wrong      expected wrong links, of the links
    missed     expected missed links, of all links there should be
    uncertain  rows linked as likely only or waiting for review, of both together

A row that waits counts for the group of its likeliest candidate: apart, a wife's row looks like a family of
one that a woman heads.

A difference is a group's ratio minus everyone else's. Its variance has two parts: families differ (linearised
over families, whose rows share faults), and an expected error may or may not be one (p (1 - p)). Intervals
hold with 90 %; among the kelurahan together, not each alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from rantang.tables.intake import FINDINGS
from rantang.tables.keep import Keep

PEOPLE: Final = ("kepala-perempuan", "lansia", "disabilitas")
MEASURES: Final = ("wrong", "missed", "uncertain")
CODE: Final = "TAUT-TIMPANG"
LEVEL: Final = 0.90
LEAST: Final = 10.0
"""Expected errors of a group below which no warning is given."""
_PARTS: Final = ("e", "n", "re", "rn")
"""Of a family: errors and rows of its members in the group, and of its others."""
_OF_ROWS: Final = ("e", "n", "v")


@dataclass(frozen=True)
class Totals:
    """Sums over families for one group: errors and rows in it and of the rest.

    Attributes
    ----------
    sums, products
        Of each of `_PARTS`, and of the products of any two.
    chance
        Sum of p (1 - p) over the rows in the group, and over the rest.
    """

    sums: tuple[float, ...]
    products: tuple[tuple[float, ...], ...]
    chance: tuple[float, float]

    def compare(self, deviations: float) -> dict[str, Any]:
        """Return the group's ratio, the rest's, their difference and its interval."""
        errors, rows, rest_errors, rest_rows = self.sums
        if rows <= 0 or rest_rows <= 0:
            return {"rows": round(rows), "estimate": None, "rest": None, "difference": None}
        own, rest = errors / rows, rest_errors / rest_rows
        slope = (1 / rows, -own / rows, -1 / rest_rows, rest / rest_rows)
        variance = sum(
            a * b * product
            for a, line in zip(slope, self.products, strict=True)
            for b, product in zip(slope, line, strict=True)
        )
        variance = max(variance, 0.0) + self.chance[0] / rows**2 + self.chance[1] / rest_rows**2
        wide = deviations * math.sqrt(variance)
        apart = own - rest
        return {
            "rows": round(rows),
            "expected": round(errors, 3),
            "estimate": round(own, 6),
            "rest": round(rest, 6),
            "difference": {
                "estimate": round(apart, 6), "low": round(apart - wide, 6), "high": round(apart + wide, 6),
            },
            "warning": errors >= LEAST and apart - wide > 0,
        }  # fmt: skip


def link_errors(
    links: ir.Table, review: ir.Table, persons: ir.Table, person_facts: ir.Table, keep: Keep
) -> dict[str, Any]:
    """Return, per measure and group, how often links err against everyone else's (see the module)."""
    rows = keep(_of_families(_judged(links, review), persons, person_facts), "link_errors")
    found: dict[str, Any] = {}
    for measure in MEASURES:
        totals = _of_people(rows, measure) | _of_places(rows, measure)
        places = sum(name not in PEOPLE for name in totals)
        found[measure] = {
            name: of.compare(_deviations(1 if name in PEOPLE else places)) for name, of in totals.items()
        }
    return found


def findings(errors: Mapping[str, Any]) -> ir.Table:
    """Say for which groups links err more often; only where the interval leaves out parity."""
    rows = [
        {
            "code": CODE, "severity": "peringatan", "subject": "edition", "acts": "bappeda",
            "subject_id": f"{measure}/{group}", "value": group, "evidence": _evidence(measure, found),
        }
        for measure, groups in errors.items()
        for group, found in groups.items()
        if found.get("warning")
    ]  # fmt: skip
    return FINDINGS.rows(rows)


def _evidence(measure: str, found: Mapping[str, Any]) -> str:
    apart = found["difference"]
    return (
        f"{measure}={found['estimate']:.4f}; others={found['rest']:.4f}; "
        f"difference={apart['estimate']:+.4f} ({apart['low']:+.4f}..{apart['high']:+.4f})"
    )


def _deviations(comparisons: int) -> float:
    return NormalDist().inv_cdf(1 - (1 - LEVEL) / 2 / comparisons)


def _judged(links: ir.Table, review: ir.Table) -> ir.Table:
    """Return each row that was linked or waits: errors expected of it, and what they are a share of."""
    known = review.filter(review.person_id.notnull() & review.probability.notnull())
    # Of equal chances the better rank counts: which an engine meets first depends on its threads.
    order = [known.probability.desc(), known["rank"]]
    known = known.mutate(nth=ibis.row_number().over(group_by=known.row_key, order_by=order))
    likeliest = known.filter(known.nth == 0).select("row_key", candidate="person_id")
    chances = review.group_by("row_key").agg(chance=review.probability.max())
    best = chances.left_join(likeliest, "row_key").drop("row_key_right")
    t = links.left_join(best, "row_key").drop("row_key_right")
    linked = t.probability.notnull()
    waits = ~linked & (t.tier == "own") & t.chance.notnull()
    one, zero = ibis.literal(1.0), ibis.literal(0.0)
    missed = waits.ifelse(t.chance, zero)
    return t.filter(linked | waits).select(
        person_id=waits.ifelse(ibis.coalesce(t.candidate, t.person_id), t.person_id),
        wrong_e=linked.ifelse(1 - t.probability, zero),
        wrong_n=linked.ifelse(one, zero),
        wrong_v=linked.ifelse(t.probability * (1 - t.probability), zero),
        missed_e=missed,
        missed_n=linked.ifelse(one, missed),
        missed_v=missed * (1 - missed),
        uncertain_e=(waits | (t.tier == "likely")).ifelse(one, zero),
        uncertain_n=one,
        uncertain_v=zero,
    )


def _of_families(judged: ir.Table, persons: ir.Table, person_facts: ir.Table) -> ir.Table:
    """Return one row a family: its kelurahan, and each measure's sums for all members and for each group."""
    of_heads = persons.filter(persons.is_head.fill_null(False))
    head = of_heads.group_by("family_id").agg(
        woman=(of_heads.sex == "P").fill_null(False).any(), kelurahan_code=of_heads.kelurahan_code.min()
    )
    disabled = person_facts.select("person_id", disabled=person_facts.disabilitas.fill_null(False))
    people = persons.select("person_id", "family_id", old=(persons.age >= 60).fill_null(False))
    people = people.left_join(disabled, "person_id").drop("person_id_right")
    people = people.left_join(head, "family_id").drop("family_id_right")
    t = judged.inner_join(people, "person_id")
    member = dict(zip(PEOPLE, (t.woman.fill_null(False), t.old, t.disabled.fill_null(False)), strict=True))
    sums = {f"{measure}_{part}": t[f"{measure}_{part}"].sum() for measure in MEASURES for part in _OF_ROWS}
    for group, here in member.items():
        sums |= {
            f"{measure}_{part}_{group}": t[f"{measure}_{part}"].sum(where=here)
            for measure in MEASURES
            for part in _OF_ROWS
        }
    return t.group_by("family_id", "kelurahan_code").agg(**sums)


def _of_people(rows: ir.Table, measure: str) -> dict[str, Totals]:
    found = {}
    for group in PEOPLE:
        parts: dict[str, ir.Value] = {p: rows[f"{measure}_{p}_{group}"].fill_null(0.0) for p in _OF_ROWS}
        parts |= {f"r{p}": rows[f"{measure}_{p}"] - parts[p] for p in _OF_ROWS}
        sums = _products(rows.select(**parts)).to_pyarrow().to_pylist()
        if sums and sums[0]["e"] is not None:
            found[group] = _totals(sums[0])
    return found


def _of_places(rows: ir.Table, measure: str) -> dict[str, Totals]:
    """Return each kelurahan's totals: a family is wholly in it or wholly among the rest."""
    parts = {p: rows[f"{measure}_{p}"] for p in _OF_ROWS}
    zeros = {f"r{p}": ibis.literal(0.0) for p in _OF_ROWS}
    each = rows.select("kelurahan_code", **parts, **zeros)
    sums = _products(each.filter(each.kelurahan_code.notnull()), "kelurahan_code").order_by("kelurahan_code")
    places = sums.to_pyarrow().to_pylist()
    names = [name for name in places[0] if name != "kelurahan_code"] if places else []
    all_ = {name: math.fsum(place[name] for place in places) for name in names}
    moved = {"e": "re", "n": "rn", "v": "rv", "ee": "rere", "en": "rern", "nn": "rnrn"}
    found = {}
    for place in places:
        rest = {into: all_[name] - place[name] for name, into in moved.items()}
        found[f"kelurahan/{place['kelurahan_code']}"] = _totals(place | rest)
    return found


def _products(t: ir.Table, by: str | None = None) -> ir.Table:
    sums = {part: t[part].sum() for part in (*_PARTS, "v", "rv")}
    for index, first in enumerate(_PARTS):
        for second in _PARTS[index:]:
            sums[first + second] = (t[first] * t[second]).sum()
    return t.group_by(by).agg(**sums) if by else t.agg(**sums)


def _totals(sums: Mapping[str, float]) -> Totals:
    def product(first: int, second: int) -> float:
        low, high = sorted((first, second))
        return sums[_PARTS[low] + _PARTS[high]]

    order: Sequence[int] = range(len(_PARTS))
    return Totals(
        tuple(sums[part] for part in _PARTS),
        tuple(tuple(product(first, second) for second in order) for first in order),
        (sums["v"], sums["rv"]),
    )
