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

import itertools
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

FEW: Final = 1_000_000
"""Bundles of the whole question up to which all are held, however many programmes a family has."""

CHUNK: Final = 2_000_000
"""Bundle values held at once while pricing: what fits beside the rest in memory."""

Bits = NDArray[np.float64]


@cache
def table(size: int, cap: int | None) -> Bits:
    """Return every subset of `size` positions with at most `cap` members, as rows of 0 and 1.

    The empty bundle is first; small bundles come before large ones, so that of two equally good
    the smaller wins.
    """
    most = size if cap is None else min(cap, size)
    made: Bits = np.zeros((count_of(size, cap), size))
    begin = 0
    for members in range(most + 1):
        chosen = np.array(list(itertools.combinations(range(size), members)), dtype=np.int64)
        rows = begin + np.arange(len(chosen))
        made[rows[:, None], chosen.reshape(len(chosen), members)] = 1.0
        begin += len(chosen)
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


def complete(problem: Problem) -> Bools:
    """Say which families are held with all their bundles: of at most `FULL` programmes, or all if few."""
    count = np.diff(problem.start)
    sizes, families = np.unique(count, return_counts=True)
    every = sum(
        number * count_of(size, problem.rules.cap)
        for size, number in zip(sizes.tolist(), families.tolist(), strict=True)
    )
    return np.full(len(count), True) if every <= FEW else count <= FULL


def everything(problem: Problem) -> Bools:
    """Return which open pairs are held at first: all of complete families, none of others."""
    return np.repeat(complete(problem), np.diff(problem.start))


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
            yield Group(fams, its, bits, values(problem, fams, its, bits))


def values(problem: Problem, families: Ints, items: Ints, bits: Bits) -> Floats:
    """Return what every bundle is worth, families × bundles; -∞ where it may not be."""
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


def better(
    problem: Problem, families: Ints, items: Ints, cost: Floats, flat: Floats, tilt: Floats, than: Floats
) -> tuple[Floats, Bools]:
    """Look through all bundles of the given items for one with a higher net value than `than`.

    Parameters
    ----------
    items
        Open pairs, families × programmes.
    cost
        By open pair, its price.
    flat, tilt
        A bundle's net value is at most `flat` (by family) plus the sum of its items' `tilt`; only
        bundles whose bound is high enough are valued.
    than
        By family.

    Returns
    -------
    By family the highest net value found (at least `than`), and which items that bundle holds.
    """
    bits = table(items.shape[1], problem.rules.cap)
    best, taken = than.copy(), np.zeros(items.shape, dtype=bool)
    for part in np.array_split(np.arange(len(families)), -(-len(families) * len(bits) // CHUNK)):
        row, bundle = np.nonzero(tilt[part] @ bits.T > (than - flat)[part, None])
        row = part[row]
        holds = bits[bundle]
        gain = (problem.gain[items[row]] * holds).sum(axis=1)
        price = ((cost - problem.keeping)[items[row]] * holds).sum(axis=1)
        net = problem.effect(gain, families[row]) - price
        net[~_admissible(problem, families[row], items[row], holds > 0, gain)] = -np.inf
        order = np.lexsort((bundle, -net, row))
        first = order[np.concatenate(([True], np.diff(row[order]) > 0))] if len(order) else order
        first = first[net[first] > best[row[first]]]
        best[row[first]] = net[first]
        taken[row[first]] = holds[first] > 0
    return best, taken


def _admissible(problem: Problem, families: Ints, items: Ints, holds: Bools, gain: Floats) -> Bools:
    """Say which bundles, one a row, may be: the same rules as `_forbid`."""
    good: Bools = gain >= problem.families.right[families] * (1 - 1e-6)
    programme = np.where(holds, problem.code[items], -1)
    for one, other in problem.rules.exclusive:
        has = ((programme == problem.number(each)).any(axis=1) for each in (one, other))
        good &= ~(next(has) & next(has))
    for one, other in problem.rules.complements:
        has = ((programme == problem.number(each)).any(axis=1) for each in (one, other))
        good &= ~next(has) | next(has)
    return good
