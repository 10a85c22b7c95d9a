"""From a question to a plan with a certificate: `plan(problem)`.

1. The dual (`dual`, over the bundles of `bundles`, of large families over those of `selection`)
   gives prices and a proven bound.
2. A linear programme over the families with nearly tied bundles (`restricted`) mends the prices.
3. The same in whole bundles gives the plan; what money is left goes where it still helps.
4. Where the gap is still wide (small questions), every bundle that could be part of a better plan
   is put before HiGHS, whose bound then holds, too.

Every limit is checked in whole numbers at the end: a plan that breaks one is never returned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.planning import dual as duals
from rantang.planning import improve, restricted, selection
from rantang.planning.bundles import Group, complete, everything, groups
from rantang.planning.dual import Dual
from rantang.planning.infeasible import InfeasibleError, diagnose, unreachable
from rantang.planning.problem import Bools, Floats, Ints, Problem

TOLERANCE: Final = 1e-3
"""Gap that a plan is held to."""

RIVALS_LINEAR: Final = 30_000
RIVALS_WHOLE: Final = 6_000
"""Bundles that compete with the best in the linear programme, and in the one in whole bundles."""

COMPLETE: Final = 60_000
"""Bundles up to which HiGHS may be given all of them."""

ENOUGH: Final = 0.5
GOAL: Final = 0.2
"""Share of the tolerance at which a rounded plan is left as it is, and to which HiGHS goes else."""

SHRINKS: Final = (0.0, 1e-9, 1e-7, 1e-5)
MOST_RIVALS: Final = 400_000
NODES: Final = 300
NODES_CLOSER: Final = 3_000
MANY: Final = 0.1
"""Share of large families from which on prices are first guessed on a sample."""

LOOKS: Final = 8
"""Times that the programmes held of large families are looked over."""

SETTLED: Final = 0.01
"""Share of new programmes held below which the prices are mended and all is looked through."""

BEYOND: Final = 5e-5
"""What bundles left out may add to the bound, as a share of it."""


@dataclass(frozen=True)
class Plan:
    """Who is given what, what that does, and how far from the best it can be at most.

    Attributes
    ----------
    problem
        The question, in canonical order.
    given
        By open pair.
    gain, effect
        By family: rupiah a month brought, and the weighted effect of it.
    objective, bound, gap
        Sum of effects less the switching cost; a proven bound of it; their relative distance.
    used
        By coupling row, in whole rupiah or places.
    prices
        By coupling row: what one more unit of it would add to the objective.
    """

    problem: Problem
    given: Bools
    gain: Floats
    effect: Floats
    objective: float
    bound: float
    gap: float
    used: Ints
    prices: Floats


def plan(problem: Problem, tolerance: float = TOLERANCE, start: Floats | None = None) -> Plan:
    """Find the plan that lowers expected poverty most.

    Parameters
    ----------
    tolerance
        Relative gap to be reached; the plan says which gap was.
    start
        Prices of a question like this one, to begin with.

    Raises
    ------
    RantangError
        `RENCANA-MUSTAHIL`: not every promise can be kept (its `promises` say which, and by how
        much).
    """
    bundles = relaxed(problem, start)
    found = _within(problem, bundles, tolerance)
    if found is None:
        raise diagnose(problem, bundles.made)
    return found


def possible(problem: Problem, tolerance: float = TOLERANCE, start: Floats | None = None) -> Plan | None:
    """Find the plan as `plan` does; None where not every promise can be kept, and not asked which."""
    try:
        bundles = relaxed(problem, start)
    except InfeasibleError:
        return None
    return _within(problem, bundles, tolerance)


def _within(problem: Problem, bundles: Relaxed, tolerance: float) -> Plan | None:
    """Return the plan in whole bundles; None where no plan keeps every limit."""
    # No effect is negative: a bound below nothing at all proves that there is no plan.
    hopeless = bundles.bound + duals.offset(problem) < -1e-6 * max(float(bundles.dual.value.sum()), 1.0)
    given = None if hopeless else _whole(problem, bundles, tolerance)
    if given is None:
        return None
    bound = bundles.bound
    if _gap(value_of(problem, given), bound) > tolerance:
        given, bound = _closer(problem, bundles, given)
    return describe(problem, given, bound, bundles.dual.prices)


@dataclass(frozen=True)
class Relaxed:
    """The bundles held, the best prices, and the bound of every bundle there is (held or not)."""

    made: tuple[Group, ...]
    dual: Dual
    bound: float


def relaxed(problem: Problem, start: Floats | None = None) -> Relaxed:
    """Find the prices that prove the lowest bound.

    Parameters
    ----------
    start
        Prices to begin with.

    Raises
    ------
    RantangError
        `RENCANA-MUSTAHIL`: a family's right is more than all that it may be given.
    """
    many = selection.large(problem)
    if start is not None:
        prices = start
    elif len(many) > MANY * len(problem.families.family):
        prices = selection.guess(problem)
    else:
        prices = duals.first_guess(problem)
    held = everything(problem)
    if len(many):
        limit = selection.tangents(problem, many, problem.use @ prices).limit
        held |= selection.first(problem, many, limit)
    held = selection.rescued(problem, many, held)
    if broken := unreachable(problem, groups(problem, held)):
        raise InfeasibleError(broken)
    best: Relaxed | None = None
    number, done = 0, False
    while best is None or not done:
        number += 1
        made = groups(problem, held)
        dual = duals.minimise(problem, made, prices, 30 if len(many) else 80)
        seen = selection.look(problem, many, held, dual, selection.QUICK)
        new = int((seen.held & ~held).sum())
        done = number >= LOOKS or new <= SETTLED * held.sum()
        if done:
            dual = _mended(problem, made, dual)
            seen = selection.look(problem, many, held, dual, selection.THOROUGH)
            done = number >= LOOKS or seen.beyond <= BEYOND * abs(dual.bound)
        here = Relaxed(made, dual, dual.bound + seen.beyond)
        best = here if best is None or here.bound < best.bound else best
        held, prices = seen.held, dual.prices
    return best


def _mended(problem: Problem, made: tuple[Group, ...], dual: Dual) -> Dual:
    """Better the prices by the linear programme over the families whose bundles are nearly tied."""
    for _ in range(3):
        new = duals.at(problem, made, restricted.competing(problem, made, dual, RIVALS_LINEAR)[1].prices)
        better = dual.bound - new.bound
        if better > 0:
            dual = new
        if better < 1e-6 * abs(dual.bound):
            break
    return dual


def _whole(problem: Problem, bundles: Relaxed, tolerance: float) -> Bools | None:
    """Give every family one whole bundle; None where no plan keeps every limit."""
    every = sum(group.value.size for group in bundles.made)
    goal = GOAL * tolerance * abs(bundles.bound)
    rivals = max(RIVALS_WHOLE, len(problem.families.family) // 20)
    while rivals <= MOST_RIVALS:
        columns, mixed = restricted.competing(problem, bundles.made, bundles.dual, rivals)
        if not mixed.short(problem).any():
            given = restricted.rounded(problem, columns, mixed)
            if _kept(problem, given):
                given = improve.fill(problem, columns, given)
                if _gap(value_of(problem, given), bundles.bound) <= ENOUGH * tolerance:
                    return given
            whole = _checked(problem, columns, goal)
            if whole is not None:
                return improve.fill(problem, columns, whole)
            if _kept(problem, given):
                return given
        if rivals >= every:
            return None
        rivals *= 3
    return None


def _closer(problem: Problem, bundles: Relaxed, given: Bools) -> tuple[Bools, float]:
    """Put every bundle that could be part of a better plan before HiGHS.

    A bundle whose net value lies further below its family's best than the bound lies above the plan
    found cannot be: taking it would lower the bound below that plan.
    """
    value = value_of(problem, given)
    apart = bundles.bound - value
    columns = restricted.within(problem, bundles.made, bundles.dual, apart * (1 + 1e-9))
    if len(columns) > COMPLETE:
        return given, bundles.bound
    answer = restricted.choose(problem, columns, whole=True, gap=1e-4 * abs(value), nodes=NODES_CLOSER)
    bound = bundles.bound
    if complete(problem).all():
        # Of other families bundles that are not held might be part of a better plan.
        bound = min(bound, max(answer.bound - duals.offset(problem), value))
    if answer.taken is None or not _kept(problem, answer.taken):
        return given, bound
    better = value_of(problem, answer.taken) > value
    return (answer.taken if better else given), bound


def _checked(problem: Problem, columns: restricted.Columns, goal: float) -> Bools | None:
    """Choose whole bundles; where the solver's tolerance broke a limit, hold a hair of it back."""
    for shrink in SHRINKS:
        answer = restricted.choose(problem, columns, whole=True, gap=goal, nodes=NODES, shrink=shrink)
        if answer.taken is not None and _kept(problem, answer.taken):
            return answer.taken
        if answer.taken is None:
            return None
    return None


def _kept(problem: Problem, given: Bools) -> bool:
    return bool((problem.use.T @ given.astype(np.int64) <= problem.limits).all())


def totals(problem: Problem, given: Bools) -> Floats:
    """Return the rupiah a month that each family is brought."""
    of = problem.of_pair[problem.open_pairs[given]]
    gain = problem.gain[given]
    return np.bincount(of, weights=gain, minlength=len(problem.families.family)).astype(np.float64)


def value_of(problem: Problem, given: Bools) -> float:
    """Return the objective: sum of the effects less what is taken from families that have it."""
    everyone = np.arange(len(problem.families.family))
    effect = problem.effect(totals(problem, given), everyone)
    return float(effect.sum() - problem.keeping[~given].sum())


def describe(problem: Problem, given: Bools, bound: float, prices: Floats) -> Plan:
    """Gather what a plan says of itself."""
    gain = totals(problem, given)
    effect = problem.effect(gain, np.arange(len(gain)))
    objective = value_of(problem, given)
    # The bound is proven in real numbers; a rounding error must not put it below the plan.
    bound = max(bound, objective)
    return Plan(
        problem, given, gain, effect, objective, bound, _gap(objective, bound),
        problem.use.T @ given.astype(np.int64), prices,
    )  # fmt: skip


def _gap(objective: float, bound: float) -> float:
    return max(bound - objective, 0.0) / max(abs(bound), 1e-9) if bound > objective else 0.0
