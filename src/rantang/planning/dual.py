"""Prices of the scarce: the Lagrangian dual over the constraints that couple families.

With a price on every budget, place and floor, each family chooses its best bundle by itself; the
sum of what they are left with plus the worth of the limits can never be below the best plan's
effect (weak duality), whatever the prices. So any prices prove a bound, and the lowest bound gives
the prices that explain the plan. The dual is convex and piecewise linear; over thousands of
families it is nearly smooth, so a limited-memory quasi-Newton method with bounds (L-BFGS-B) comes
within a fraction of a per mille in some dozens of pricings; the linear programme of
`rantang.planning.restricted` does the rest.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from rantang.planning.bundles import Group, price
from rantang.planning.problem import LARGEST, Bools, Floats, Problem


@dataclass(frozen=True)
class Dual:
    """Prices and the bound they prove.

    Attributes
    ----------
    prices
        By coupling row, the objective's unit per unit of the row (rupiah, places); not negative.
    bound
        No plan from the bundles priced has a higher objective.
    value, taken
        By family the value of its best bundle less its price; by open pair whether that bundle
        holds it.
    """

    prices: Floats
    bound: float
    value: Floats
    taken: Bools


def at(problem: Problem, made: Sequence[Group], prices: Floats) -> Dual:
    """Price every family's bundles and return the bound that these prices prove."""
    priced = price(problem, made, problem.use @ prices)
    bound = float(priced.value.sum() + prices @ problem.limits) - offset(problem)
    return Dual(prices, bound, priced.value, priced.taken)


def offset(problem: Problem) -> float:
    """Return what keeping everything that is held would be worth: the objective counts what is lost of it."""
    return float(problem.keeping.sum())


def scales(problem: Problem) -> Floats:
    """Return a natural size of each coupling row: its limit, or what it could use where that is 0."""
    total = np.asarray(np.abs(problem.use).sum(axis=0), dtype=np.float64).ravel()
    limits = np.abs(problem.limits).astype(np.float64)
    return np.maximum(np.where(limits > 0, np.minimum(limits, np.maximum(total, 1.0)), total), 1.0)


def steps(problem: Problem) -> Floats:
    """Return for each row the root of how fast its use changes with its price: a size of steps.

    A price of the order of what one unit brings by itself moves use by the order of the limit.
    """
    coefficients = abs(problem.use)
    total = np.maximum(np.asarray(coefficients.sum(axis=0)).ravel(), 1)
    worth = coefficients.astype(bool).T @ alone(problem) / total
    return np.asarray(np.sqrt(scales(problem) / np.maximum(worth, 1e-12)), dtype=np.float64)


def dearest(problem: Problem) -> Floats:
    """Return for each row a price at which nearly every family would rather not use it."""
    entries = abs(problem.use).tocsc()
    least = [entries.data[a:b].min(initial=LARGEST) for a, b in itertools.pairwise(entries.indptr)]
    most = float(alone(problem).max(initial=1.0))
    return most / np.maximum(np.array(least, dtype=np.float64), 1.0)


def alone(problem: Problem) -> Floats:
    """Return the effect of each open pair if its family had nothing else."""
    return problem.effect(problem.gain, problem.of_pair[problem.open_pairs])


def minimise(problem: Problem, made: Sequence[Group], start: Floats, rounds: int = 60) -> Dual:
    """Lower the bound from given prices; returns the best prices met.

    Parameters
    ----------
    start
        Prices to begin with.
    rounds
        Pricings of all families at most.
    """
    best = at(problem, made, start)

    def bound(prices: Floats) -> tuple[float, Floats]:
        nonlocal best
        here = at(problem, made, prices)
        if here.bound < best.bound:
            best = here
        return float(here.value.sum()), problem.use.T @ here.taken.astype(np.int64)

    descend(problem, bound, start, rounds)
    return best


Bound = Callable[[Floats], tuple[float, Floats]]
"""From prices to the sum of the families' net values and to what they then use of each row."""


def descend(problem: Problem, bound: Bound, start: Floats, rounds: int) -> Floats:
    """Return prices at which ``bound + prices @ limits`` is low.

    A bound below that of giving nothing at all proves that the limits cannot all be kept; there the
    descent ends, since it would go on for ever.
    """
    if not problem.rows:
        return start
    step, limits = steps(problem), problem.limits
    unit = max(abs(bound(start)[0]), 1e-9)
    nothing = -1e-6 * unit
    # In these variables a move of one unit of the objective's size is as long along every row.
    step = step / np.sqrt(unit)
    lowest, prices = np.inf, start

    def fall(y: Floats) -> tuple[float, Floats]:
        nonlocal lowest, prices
        value, used = bound(y / step)
        value += float((y / step) @ limits)
        if value < lowest:
            lowest, prices = value, y / step
        if value < nothing:
            raise StopIteration
        return value / unit, (limits - used) / step / unit

    with contextlib.suppress(StopIteration):
        minimize(
            fall, start * step, jac=True, method="L-BFGS-B", bounds=[(0.0, None)] * len(limits),
            options={"maxfun": rounds, "maxcor": 30, "ftol": 1e-7, "gtol": 1e-6},
        )  # fmt: skip
    return np.maximum(prices, 0.0)


def first_guess(problem: Problem) -> Floats:
    """Return prices to begin with: each budget's marginal effect per rupiah if pairs stood alone.

    The pairs of an agency are taken in falling order of effect per rupiah until the budget is spent.
    """
    effect = alone(problem)
    prices = np.zeros(len(problem.rows))
    for number, row in enumerate(problem.rows):
        if row.kind != "anggaran":
            continue
        mine = problem.use[:, [number]].tocoo()
        cost, worth = mine.data, effect[mine.row]
        ratio = worth / np.maximum(cost, 1)
        order = np.argsort(-ratio, kind="stable")
        spent = np.cumsum(cost[order])
        last = int(np.searchsorted(spent, row.limit))
        if last < len(order):
            prices[number] = ratio[order[last]]
    return prices
