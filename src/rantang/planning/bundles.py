"""What a family can be given together: every admissible bundle of its programmes, with its effect.

Families that can be given the same *number* of programmes share one table of bundles over local
positions (which programme stands at which position differs), so that all their bundles are priced
by one matrix product. What a family may not have — programmes that exclude each other, one without
the other that it needs, more than the cap, less than a kerak family's right — has the value -∞.

A family of at most `FULL` programmes (the commonest case) is held with all its bundles. Of one with
more, only the most promising programmes are held at a time (`rantang.planning.selection`), and
what the others could add is bounded, not forgotten.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rantang.planning.problem import Bools, Floats, Ints, Problem

FULL: Final = 9
"""Most programmes of which all combinations (512) are held."""

CHUNK: Final = 2_000_000
"""Bundle values held at once while pricing: what fits beside the rest in memory."""

Bits = NDArray[np.float64]


@cache
def table(size: int, cap: int | None) -> Bits:
    """Return every subset of `size` positions with at most `cap` members, as rows of 0 and 1.

    The empty bundle is first; small bundles come before large ones, so that of two equally good
    the smaller wins.
    """
    codes = np.arange(2**size)
    bits = (codes[:, None] >> np.arange(size)[None, :]) & 1
    count = bits.sum(axis=1)
    keep = count <= (size if cap is None else cap)
    order = np.lexsort((codes[keep], count[keep]))
    made: Bits = np.ascontiguousarray(bits[keep][order], dtype=np.float64)
    made.setflags(write=False)
    return made


@dataclass(frozen=True)
class Group:
    """Families with the same number of programmes held.

    Attributes
    ----------
    families
        Positions, ascending.
    items
        Positions among the open pairs, families × programmes.
    bits
        The bundles, bundles × programmes.
    value
        Weighted effect of each bundle plus what keeping is worth, families × bundles; -∞ where it
        may not be.
    """

    families: Ints
    items: Ints
    bits: Bits
    value: Floats


@dataclass(frozen=True)
class Priced:
    """The best bundle of every family at given prices.

    Attributes
    ----------
    value
        By family, value less price of its best bundle.
    taken
        By open pair, whether that bundle holds it.
    """

    value: Floats
    taken: Bools


def count_of(size: int, cap: int | None) -> int:
    """Return how many bundles `table` would have."""
    return sum(math.comb(size, members) for members in range(min(size, cap or size) + 1))


def everything(problem: Problem) -> Bools:
    """Return which open pairs are held at first: all of families with at most `FULL`, else none."""
    count = np.diff(problem.start)
    return np.repeat(count <= FULL, count)


def groups(problem: Problem, held: Bools) -> tuple[Group, ...]:
    """Group the families by how many programmes are held, and value their bundles.

    Parameters
    ----------
    held
        By open pair: it may be part of a bundle. Families with none have the empty bundle only.
    """
    return tuple(_groups(problem, held))


def _groups(problem: Problem, held: Bools) -> Iterator[Group]:
    chosen = np.flatnonzero(held)
    of = problem.of_pair[problem.open_pairs[chosen]]
    counts = np.bincount(of, minlength=len(problem.families.family))
    begin = np.concatenate(([0], np.cumsum(counts)))
    for size in np.unique(counts):
        families = np.flatnonzero(counts == size)
        items = chosen[begin[families][:, None] + np.arange(size)[None, :]]
        bits = table(int(size), problem.rules.cap)
        # The largest groups are taken apart, so that nothing ever needs much memory at once.
        for part in np.array_split(np.arange(len(families)), -(-len(families) * len(bits) // CHUNK)):
            fams, its = families[part], items[part]
            yield Group(fams, its, bits, _values(problem, fams, its, bits))


def _values(problem: Problem, families: Ints, items: Ints, bits: Bits) -> Floats:
    gain = problem.gain[items] @ bits.T
    value = problem.effect(gain, families)
    right = problem.families.right[families]
    if right.any():
        # A millionth of slack: gains are sums of floating-point numbers.
        value[gain < (right * (1 - 1e-6))[:, None]] = -np.inf
    keeping = problem.keeping[items]
    if keeping.any():
        value += keeping @ bits.T
    _forbid(problem, value, items, bits)
    return value


def _forbid(problem: Problem, value: Floats, items: Ints, bits: Bits) -> None:
    """Set to -∞ what excludes each other, and what lacks the programme that it needs."""
    if not items.size:
        return
    on = bits.T > 0
    programme = problem.code[items]
    for one, other in problem.rules.exclusive:
        for here, there, rows in _places(programme, problem.number(one), problem.number(other)):
            if there >= 0:
                value[np.ix_(rows, np.flatnonzero(on[here] & on[there]))] = -np.inf
    for one, other in problem.rules.complements:
        for here, there, rows in _places(programme, problem.number(one), problem.number(other)):
            without = ~on[there] if there >= 0 else np.ones(len(bits), dtype=bool)
            value[np.ix_(rows, np.flatnonzero(on[here] & without))] = -np.inf


def _places(programme: Ints, one: int, other: int) -> Iterator[tuple[int, int, Ints]]:
    """Yield where `one` stands, where `other` does (-1: nowhere), and the families where it is so."""
    width = programme.shape[1]
    first, second = programme == one, programme == other
    has = first.any(axis=1)
    code = first.argmax(axis=1) * (width + 1) + np.where(second.any(axis=1), second.argmax(axis=1) + 1, 0)
    for each in np.unique(code[has]):
        yield int(each) // (width + 1), int(each) % (width + 1) - 1, np.flatnonzero(has & (code == each))


def price(problem: Problem, made: Sequence[Group], cost: Floats) -> Priced:
    """Choose every family's best bundle when each open pair has a price.

    Parameters
    ----------
    cost
        By open pair, in the objective's unit.
    """
    best = np.zeros(len(problem.families.family))
    taken = np.zeros(len(cost), dtype=bool)
    for group in made:
        if group.items.shape[1] == 0:
            best[group.families] = group.value[:, 0]
            continue
        net = group.value - cost[group.items] @ group.bits.T
        choice = net.argmax(axis=1)
        best[group.families] = net[np.arange(len(choice)), choice]
        taken[group.items[group.bits[choice] > 0]] = True
    return Priced(best, taken)


def best_of(problem: Problem, families: Ints, items: Ints, cost: Floats) -> tuple[Floats, Bools]:
    """Value all bundles of the given items at given prices, without keeping them.

    Parameters
    ----------
    items
        Open pairs, families × programmes.

    Returns
    -------
    By family the net value of its best bundle, and which of the items that holds.
    """
    bits = table(items.shape[1], problem.rules.cap)
    best, taken = np.zeros(len(families)), np.zeros(items.shape, dtype=bool)
    for part in np.array_split(np.arange(len(families)), -(-len(families) * len(bits) // CHUNK)):
        net = _values(problem, families[part], items[part], bits) - cost[items[part]] @ bits.T
        choice = net.argmax(axis=1)
        best[part] = net[np.arange(len(part)), choice]
        taken[part] = bits[choice] > 0
    return best, taken
