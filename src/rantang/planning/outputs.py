"""A plan as tables (`rantang.tables.planning`) and as `plan.json`: all that a checker needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from rantang.planning.optimise import Plan
from rantang.planning.poverty import slope
from rantang.planning.problem import Bools, Floats, Ints, Problem
from rantang.texts import _
from rantang.vocabulary import numbers

SCHEMA: Final = 1
UNSCARCE: Final = 99.0
"""Ratio from which on money is not what decides."""


def tables(found: Plan) -> Mapping[str, pa.Table]:
    """Return a plan's tables by the name of their file."""
    problem = found.problem
    f, p = problem.families, problem.pairs
    constraints, rows = _constraints(found)
    return {
        "plan": _plan(found),
        "families": pa.table(
            {
                "family": f.family, "kelurahan": f.kelurahan, "gap": problem.gap, "weight": problem.weight,
                "kerak": f.kerak, "right": f.right,
            }
        ),
        "consumption": pa.table({"family": f.family, "mean": f.mean, "sd": f.sd, "size": f.size}),
        "pairs": pa.table(
            {
                "family": p.family, "programme": p.programme, "agency": p.agency, "eligible": p.eligible,
                "cost": p.cost, "gain": p.gain,
            }
        ),
        "present": pa.table({"family": p.family[p.held], "programme": p.programme[p.held]}),
        "constraints": constraints,
        "constraint_rows": rows,
    }  # fmt: skip


def about(found: Plan) -> dict[str, Any]:
    """Return what `plan.json` says.

    The effect of a family with the weight w, m members, the predicted log consumption N(mean, sd²)
    and the total gain a is ``w · m · line^(1-power) · (S(line) - S(line - a/m))`` with
    ``S(z) = E[max(z - C, 0)^power]``; the objective is the sum of the effects of `plan`. What is sought
    is that less the switching cost, ``switching · w`` for every pair of `present` that is eligible and not
    in the plan; so the bound is of every plan that takes no more from families than this one does.
    """
    rules = found.problem.rules
    objective = float(found.effect.sum())
    lost = max(objective - found.objective, 0.0)
    bound = max(found.bound + lost, objective)
    return {
        "schema": SCHEMA,
        "objective": objective,
        "bound": bound,
        "gap": (bound - objective) / max(abs(bound), 1e-9),
        "switching_cost": lost,
        "line": rules.line,
        "power": rules.power,
        "kerak_weight": rules.kerak_weight,
        "switching": rules.switching,
        "effect": "weight*size*line^(1-power)*(S(line)-S(line-gain/size)), S(z)=E[max(z-C,0)^power], "
        "log C ~ N(mean, sd^2): consumption.parquet",
        "constraints": "sum of coefficients over the plan <= limit",
    }


def _plan(found: Plan) -> pa.Table:
    problem, given = found.problem, found.given
    pair = problem.open_pairs[given]
    of = problem.of_pair[pair]
    gain, total = problem.gain[given], found.gain[of]
    share = np.divide(gain, total, out=np.zeros(len(gain)), where=total > 0)
    p = problem.pairs
    return pa.table(
        {
            "family": p.family[pair], "programme": p.programme[pair], "units": p.units[pair],
            "cost": p.cost[pair], "effect": found.effect[of] * share, "why": _why(found),
        }
    )  # fmt: skip


def _why(found: Plan) -> NDArray[np.str_]:
    """Say of every row why it is there, as a code with figures; `words` says it to people.

    `HAK`: the family's right needs it. `TETAP`: kept, since taking it away would win too little.
    `LANTAI`: the kelurahan's floor pays for it. `NILAI`: rupiah of shortfall that the last rupiah of
    it closes, over the price of the money and places it takes (at least 1 where programmes are
    divisible).
    """
    problem, given = found.problem, found.given
    pair, gain = problem.open_pairs[given], problem.gain[given]
    of, f, rules = problem.of_pair[pair], problem.families, problem.rules
    at = slope(found.gain[of] - gain, rules.line, f.mean[of], f.sd[of], f.size[of], rules.power)
    worth = problem.weight[of] * at * gain
    price = (problem.use @ found.prices)[given]
    without = found.gain[of] - gain < f.right[of] * (1 - 1e-6)
    ratio = np.divide(worth, price, out=np.full(len(gain), UNSCARCE), where=price > worth / UNSCARCE)
    codes = np.select(
        [without, (ratio < 1) & problem.pairs.held[pair], (ratio < 1) & (_floor_pays(found))[given]],
        ["HAK", "TETAP", "LANTAI"], "NILAI",
    )  # fmt: skip
    return np.array([f"{code} {each:.2f}" for code, each in zip(codes, ratio, strict=True)], dtype=str)


def _floor_pays(found: Plan) -> Bools:
    floors = np.array([row.kind == "lantai" for row in found.problem.rows], dtype=bool)
    paid: Bools = (found.problem.use @ np.where(floors, found.prices, 0.0)) < 0
    return paid


def words(why: str) -> str:
    """Say a row's `why` in the language in use."""
    code, _space, ratio = why.partition(" ")
    if code == "HAK":
        return _("This kerak family's right needs it.")
    if code == "TETAP":
        return _("The family has it, and taking it away would win too little.")
    if code == "LANTAI":
        return _("The floor promised to the kelurahan asks for it.")
    if float(ratio) >= UNSCARCE:
        return _("There is money and place enough for it: whoever it helps is given it.")
    return _(
        "What it closes of the gap is {ratio} times what the money would close elsewhere.",
        ratio=numbers.decimal(float(ratio), 1),
    )


def _constraints(found: Plan) -> tuple[pa.Table, pa.Table]:
    problem = found.problem
    names: list[str] = [row.name for row in problem.rows]
    limits: list[float] = [float(row.limit) for row in problem.rows]
    used: list[float] = found.used.astype(np.float64).tolist()
    price: list[float | None] = list(found.prices.tolist())
    entries = problem.use.tocoo()
    order = np.lexsort((entries.row, entries.col))
    name = [np.array(names, dtype=object)[entries.col[order]]]
    pair, coefficient = [entries.row[order]], [entries.data[order].astype(np.float64)]
    for own, limit, which, values in _of_families(problem):
        names += own.tolist()
        limits += limit.tolist()
        price += [None] * len(own)
        spent = (values * found.given[which]).sum(axis=1)
        used += spent.tolist()
        there = which >= 0
        name.append(np.repeat(own, there.sum(axis=1)))
        pair.append(which[there])
        coefficient.append(np.broadcast_to(values, which.shape)[there])
    at = problem.open_pairs[np.concatenate(pair)]
    rows = pa.table(
        {
            "name": pa.array(np.concatenate(name), pa.string()), "family": problem.pairs.family[at],
            "programme": problem.pairs.programme[at], "coefficient": np.concatenate(coefficient),
        }
    )  # fmt: skip
    heads = pa.table({"name": names, "limit": limits, "used": used, "price": pa.array(price, pa.float64())})
    return heads, rows


def _of_families(problem: Problem) -> Iterator[tuple[NDArray[np.object_], Floats, Ints, Floats]]:
    """Yield the constraints within families: names, limits, their open pairs (-1: none), coefficients."""
    n, ids = len(problem.families.family), problem.families.family
    of = problem.of_pair[problem.open_pairs]
    place = np.full((n, max(len(problem.codes), 1)), -1, dtype=np.int64)
    place[of, problem.code] = np.arange(len(of))
    for one, other in problem.rules.exclusive:
        which = place[:, [problem.number(one), problem.number(other)]]
        both = np.flatnonzero((which >= 0).all(axis=1) & (min(map(problem.number, (one, other))) >= 0))
        yield _named(f"rangkap:{one}+{other}:", ids[both]), np.ones(len(both)), which[both], np.ones((1, 2))
    for one, other in problem.rules.complements:
        a, b = problem.number(one), problem.number(other)
        which = place[:, [a, b if b >= 0 else a]]
        has = np.flatnonzero((which[:, 0] >= 0) & (a >= 0))
        chosen = which[has].copy()
        if b < 0:
            chosen[:, 1] = -1
        values = np.where(chosen >= 0, np.array([[1.0, -1.0]]), 0.0)
        yield _named(f"bersama:{one}+{other}:", ids[has]), np.zeros(len(has)), chosen, values
    if problem.rules.cap is not None:
        many = np.flatnonzero((place >= 0).sum(axis=1) > problem.rules.cap)
        values = (place[many] >= 0).astype(np.float64)
        yield _named("batas:", ids[many]), np.full(len(many), float(problem.rules.cap)), place[many], values
    righted = np.flatnonzero(problem.families.right > 0)
    values = np.where(place[righted] >= 0, -problem.gain[place[righted]], 0.0)
    yield _named("hak:", ids[righted]), -problem.families.right[righted], place[righted], values


def _named(prefix: str, ids: NDArray[np.str_]) -> NDArray[np.object_]:
    return np.array([prefix + each for each in ids.tolist()], dtype=object)
