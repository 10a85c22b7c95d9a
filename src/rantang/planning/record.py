"""Scenarios and plans as plain values: what `scenario.json` and `plan.json` hold and pages are drawn from."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pyarrow as pa

from rantang.planning import effects, outputs
from rantang.planning.allocation import costs
from rantang.planning.from_edition import Question
from rantang.planning.optimise import Plan
from rantang.planning.prices import Point, prices
from rantang.planning.problem import Bools
from rantang.planning.promises import Kept
from rantang.planning.scenario import Scenario
from rantang.planning.simulate import LEVEL, Interval, Result

SCHEMA: Final = 1
INTERVALS: Final = (
    "p0", "p1", "p2", "lifted", "closed", "poor", "gap", "leakage", "per_lifted", "per_point",
)  # fmt: skip


def of_scenario(result: Result, question: Question, draws: int) -> dict[str, Any]:
    """Return a scenario's result as JSON can hold it; equal results give equal text.

    Counts are of families; money is rupiah a year, gaps rupiah a month, rates points of the population.
    """
    p, flows = question.register.pairs, result.flows
    agency = dict(zip(p.programme.tolist(), p.agency.tolist(), strict=True))
    f = question.register.families
    return {
        "schema": SCHEMA,
        "name": result.scenario.name,
        "title": result.scenario.title,
        "note": result.scenario.note,
        "targeting": result.scenario.targeting,
        "level": LEVEL,
        "draws": draws,
        "population": question.population,
        "line": question.register.line,
        "line_source": question.line_source,
        "months": result.months,
        **{
            name: _interval(getattr(result, name))
            for name in INTERVALS
        },
        "cost": result.cost,
        "other_costs": {each.label: _other(each, result) for each in result.scenario.costs},
        "programmes": {code: asdict(flow) for code, flow in flows.items()},
        "agencies": _sums(flows, agency),
        "sources": _sums(flows, question.level),
        "kerak": int(f.kerak.sum()),
        "kerak_before": result.kerak_before,
        "kerak_after": result.kerak_after,
        "new_overlaps": result.new_overlaps,
        "unknown": result.unknown,
        "kelurahan": _parts(result.by_kelurahan),
        "groups": _parts(result.by_group),
    }  # fmt: skip


def _other(cost: Any, result: Result) -> dict[str, Any]:
    return {"cost": result.other_costs[cost.label], "each": cost.rupiah, "source": cost.source}


def _sums(flows: Mapping[str, Any], of: Mapping[str, str]) -> dict[str, dict[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for code, flow in flows.items():
        into = found.setdefault(of[code], {"before": 0, "after": 0})
        into["before"] += flow.before
        into["after"] += flow.after
    return dict(sorted(found.items()))


def _parts(parts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    return {key: {name: short(value) for name, value in asdict(part).items()} for key, part in parts.items()}


def _interval(value: Interval) -> dict[str, float | None]:
    return {name: short(each) for name, each in asdict(value).items()}


def short(value: Any) -> Any:
    """Round as editions do, so that two machines write the same text; what is not a number is null."""
    if not isinstance(value, float):
        return value
    return round(value, 6) + 0.0 if math.isfinite(value) else None


def of_plan(
    kept: Kept, simulated: dict[str, Any], question: Question, frontier: tuple[Point, ...]
) -> dict[str, Any]:
    """Return a plan as `plan.json` holds it: certificate, promises, prices, what changes, assumptions."""
    found = kept.plan
    return {
        **outputs.about(found),
        "name": simulated["name"],
        "title": simulated["title"],
        "result": simulated,
        "year": question.year,
        "share": short(question.share),
        "planned": planned(question, found),
        "prices": [{name: short(value) for name, value in asdict(each).items()} for each in prices(found)],
        "limits": [
            {"kind": row.kind, "about": row.about, "limit": row.limit, "used": int(used)}
            for row, used in zip(found.problem.rows, found.used, strict=True)
        ],
        "frontier": [{name: short(value) for name, value in asdict(each).items()} for each in frontier],
        "promises": {
            "right": short(question.right),
            "rights": kept.rights,
            "kept": kept.kept,
            "without": question.without_right,
            "broken": [asdict(each) for each in kept.broken],
        },
        "left_out": {
            "families": len(question.register.families.family),
            "unscored": question.unscored,
            "unscored_kept": int(question.price[question.kept].sum()),
            "unpriced": list(question.unpriced),
        },
        "over": {agency: {"now": now, "budget": money} for agency, (now, money) in question.over.items()},
        "caseloads": [asdict(each) for each in question.caseloads],
        "effects": {
            kind: {"expected": short(effect.expected), "source": effect.source, "asumsi": effect.asumsi}
            for kind, effect in sorted(effects.effects().items())
        },
    }  # fmt: skip


def planned(question: Question, found: Plan) -> dict[str, dict[str, Any]]:
    """Return by programme what the plan gives, and by kelurahan: families, places, rupiah a year."""
    problem = found.problem
    pair = problem.open_pairs[found.given]
    p, kelurahan = problem.pairs, problem.families.kelurahan[problem.of_pair]
    p_all = question.register.pairs
    made: dict[str, dict[str, Any]] = {}
    for code in sorted({*p.programme.tolist()}):
        mine = pair[p.programme[pair] == code]
        places = np.unique(kelurahan[mine], return_counts=True)
        other = question.kept & (p_all.programme == code)
        made[code] = {
            "families": len(mine),
            "places": int(p.units[mine].sum()),
            "cost": int(p.cost[mine].sum()),
            "new": int((~p.held[mine]).sum()),
            "kept_unscored": {"families": int(other.sum()), "cost": int(question.price[other].sum())},
            "kelurahan": dict(zip(places[0].tolist(), places[1].tolist(), strict=True)),
        }
    return made


def now_of(question: Question, found: Plan) -> Bools:
    """Return by pair of the register who is given what under a plan: the rest stays as it is."""
    now = question.register.pairs.held & ~question.settled
    order = np.lexsort((question.pairs.programme, question.pairs.family))
    chosen = np.zeros(len(question.pairs.family), dtype=bool)
    chosen[order[found.problem.open_pairs[found.given]]] = True
    now[question.ours] = chosen
    return now


def changes(question: Question, scenario: Scenario, now: Bools) -> pa.Table:
    """Return who enters and leaves by name (`rantang.tables.planning.CHANGES`)."""
    p, of = question.register.pairs, question.register.of_pair
    price = costs(question.register, scenario)
    moved = np.flatnonzero(now ^ p.held)
    return pa.table(
        {
            "family": p.family[moved],
            "kelurahan": question.register.families.kelurahan[of[moved]],
            "programme": p.programme[moved],
            "change": np.where(now[moved], "masuk", "keluar"),
            "units": p.units[moved],
            "cost": np.where(now[moved], price[moved], -p.cost[moved]),
        }
    )
