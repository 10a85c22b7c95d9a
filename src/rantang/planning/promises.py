"""The best plan where not every right can be kept: for as many as there is money, the neediest first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from rantang.planning.infeasible import Broken, InfeasibleError
from rantang.planning.optimise import Plan, plan, possible
from rantang.planning.poverty import shortfall
from rantang.planning.problem import Families, Ints, Pairs, Rules, pose


@dataclass(frozen=True)
class Kept:
    """A plan, and what had to give for there to be one.

    Attributes
    ----------
    broken
        Promises that cannot be kept together, and by how much; empty where all are kept.
    rights, kept
        Kerak families with a right, and those of them whose right the plan keeps by promise.
    """

    plan: Plan
    broken: tuple[Broken, ...]
    rights: int
    kept: int


def best(families: Families, pairs: Pairs, rules: Rules) -> Kept:
    """Find the best plan; where the rights are more than can be kept, keep as many as can be.

    The neediest (by expected gap) keep theirs. Those whose right is not promised may still be given aid
    where it closes most.

    Raises
    ------
    RantangError
        `RENCANA-MUSTAHIL` where other promises than rights cannot be kept.
    """
    order = _neediest(families, rules)
    try:
        return Kept(plan(pose(families, pairs, rules)), (), len(order), len(order))
    except InfeasibleError as refused:
        broken = refused.promises
        if not len(order):
            raise
    found = plan(pose(_with(families, order[:0]), pairs, rules))
    low, high = 0, len(order)
    while high - low > max(1, len(order) // 100):
        middle = (low + high) // 2
        more = possible(pose(_with(families, order[:middle]), pairs, rules), start=found.prices)
        if more is None:
            high = middle
        else:
            found, low = more, middle
    return Kept(found, broken, len(order), low)


def _neediest(families: Families, rules: Rules) -> Ints:
    """Return the families with a right, the largest expected gap first."""
    f = families
    gap = f.size * shortfall(rules.line, f.mean, f.sd, 1)
    righted = np.flatnonzero(f.right > 0)
    return righted[np.lexsort((f.family[righted], -gap[righted]))]


def _with(families: Families, keep: Ints) -> Families:
    right = np.zeros_like(families.right)
    right[keep] = families.right[keep]
    return replace(families, right=right)
