"""What one more million rupiah, or one more place, would do; and poverty against the budget."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rantang.planning.dual import alone
from rantang.planning.optimise import TOLERANCE, Plan, plan, possible
from rantang.planning.problem import Floats, Problem, pose

MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What loosening one constraint a little would do.

    Attributes
    ----------
    name, kind, about
        The constraint, as in `problem.Row`.
    step
        By how much it is loosened: a million rupiah a year, or one place.
    effect
        Rupiah a month of (weighted) poverty gap that would close besides; 0 where the limit is not
        what holds the plan back.
    """

    name: str
    kind: str
    about: str
    step: int
    effect: float


def prices(found: Plan) -> tuple[Price, ...]:
    """Return the price of every coupling constraint, the dearest first.

    Where a limit leaves room for nothing, any price above the best use fits the plan: it is told at most
    at what that best use would bring.
    """
    made = []
    most = _best_use(found.problem)
    told = np.minimum(found.prices, most)
    for row, price in zip(found.problem.rows, told.tolist(), strict=True):
        step = MILLION if row.money else 1
        made.append(Price(row.name, row.kind, row.about, step, price * step))
    return tuple(sorted(made, key=lambda each: (-each.effect, each.name)))


def _best_use(problem: Problem) -> Floats:
    """Return by row what the best of its pairs, alone, closes for each unit it takes; floors: no limit."""
    worth = alone(problem)
    entries = problem.use.tocoo()
    best = np.zeros(len(problem.rows))
    taken = entries.data > 0
    np.maximum.at(best, entries.col[taken], worth[entries.row[taken]] / entries.data[taken])
    floors = np.array([row.kind == "lantai" for row in problem.rows], dtype=bool)
    return np.where(floors, np.inf, best)


@dataclass(frozen=True, slots=True)
class Point:
    """One point of the frontier: a share of all budgets, rupiah, and what the best plan then does."""

    share: float
    budget: int
    objective: float
    bound: float
    closed: float


def frontier(
    problem: Problem,
    shares: Sequence[float] = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0),
    tolerance: float = TOLERANCE,
    first: Plan | None = None,
) -> tuple[Point, ...]:
    """Plan again with all budgets scaled, each beginning at the prices of the one before.

    `closed` is the share of the expected shortfall, unweighted by kerak, that the plan closes.

    Parameters
    ----------
    first
        The plan of this very question, where it is known: it is not looked for again, and shares at which
        not every promise can be kept have no point.

    Raises
    ------
    RantangError
        `RENCANA-MUSTAHIL`: with a share the promises cannot be kept, and no `first` is given.
    """
    points, start = [], None if first is None else first.prices
    for share in shares:
        budgets = {agency: int(limit * share) for agency, limit in problem.rules.budgets.items()}
        found = first if share == 1.0 else None
        if found is None:
            scaled = pose(problem.families, problem.pairs, replace(problem.rules, budgets=budgets))
            found = plan(scaled, tolerance, start) if first is None else possible(scaled, tolerance, start)
        if found is None:
            continue
        start = found.prices
        points.append(
            Point(share, sum(budgets.values()), found.objective, found.bound, float(_closed(found)))
        )
    return tuple(points)


def _closed(found: Plan) -> np.float64:
    problem = found.problem
    plain = replace(problem, rules=replace(problem.rules, kerak_weight=1.0))
    everyone = np.arange(len(found.gain))
    whole = plain.effect(np.full(len(found.gain), 1e18), everyone).sum()
    return np.float64(plain.effect(found.gain, everyone).sum() / max(whole, 1e-9))
