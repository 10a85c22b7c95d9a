"""Families with many programmes: which of them to hold, and what the others could still add.

Of a family that could be given dozens of programmes, the bundles are too many to write down. At given
prices most programmes are out of the question, and that can be proven one by one. For any point `a`
the family's effect F lies under its tangent, so for every bundle

    F(gain) - price <= F(a) - F'(a)·a + sum(F'(a)·gain - price over the bundle's programmes)

and the sum is largest with the best programme of each clique of programmes that exclude each other,
at most `cap` of them, those that lose left out. Forcing one programme into that bundle bounds every
bundle that holds it (reduced-cost fixing: Nemhauser & Wolsey 1988, II.5.2). A programme whose bound
lies below what the family already has is not part of any better bundle; where some do not, the
difference is added to the proven bound, so the certificate holds whatever was left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.planning.bundles import better, complete, count_of, table, values
from rantang.planning.dual import Dual, descend, first_guess
from rantang.planning.poverty import slope
from rantang.planning.problem import Bools, Floats, Ints, Problem

FIRST: Final = 6
"""Programmes of a large family that are held at first."""

HALVINGS: Final = 12
MOST: Final = 9
"""Programmes of a large family that are held at most."""

SLACK: Final = 0.02
"""A programme whose bound lies this share below the best bundle is still held: prices still move."""

SAMPLE: Final = 1_500
ROUNDS: Final = 40
QUICK: Final = 4_000
THOROUGH: Final = 200_000
"""Bundles of one family that are looked through to settle a doubt, at first and at the end (30
programmes, at most 5 of them)."""


@dataclass(frozen=True)
class Large:
    """The families that are not held with all their bundles, as padded matrices (families × programmes).

    Attributes
    ----------
    families
        Positions.
    items
        Positions among the open pairs (0 where there is none).
    there
        There is an item.
    clique
        Number of the clique of programmes of which only one may be had.
    shared
        The cliques of more than one programme.
    """

    families: Ints
    items: Ints
    there: Bools
    clique: Ints
    shared: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.families)


def large(problem: Problem, families: Ints | None = None) -> Large:
    """Gather the programmes of some families; of those not held with all bundles if none are named."""
    count = np.diff(problem.start)
    families = np.flatnonzero(~complete(problem)) if families is None else families
    width = int(count[families].max(initial=0))
    place = np.arange(width)[None, :]
    there = place < count[families][:, None]
    items = np.where(there, problem.start[families][:, None] + place, 0)
    cliques = _cliques(problem.codes, problem.rules.exclusive)
    of_item = np.where(there, cliques[problem.code[items]], -1) if items.size else items
    shared = np.flatnonzero(np.bincount(cliques, minlength=1) > 1)
    return Large(families, items, there, of_item, tuple(shared.tolist()))


def _cliques(codes: Sequence[str], exclusive: tuple[tuple[str, str], ...]) -> Ints:
    """Part the programmes into cliques of the graph of exclusion, greedily in order of code."""
    edges = {frozenset(pair) for pair in exclusive}
    found: list[list[str]] = []
    number = np.zeros(len(codes), dtype=np.int64)
    for at, code in enumerate(codes):
        for which, clique in enumerate(found):
            if all(frozenset((code, other)) in edges for other in clique):
                clique.append(code)
                number[at] = which
                break
        else:
            number[at] = len(found)
            found.append([code])
    return number


@dataclass(frozen=True)
class Tangent:
    """Every family's choice on the best tangent of its effect, programmes divisible.

    Attributes
    ----------
    limit
        Families × items: bound of every bundle that holds the item, -∞ where there is none.
    value
        By family, bound of every bundle.
    part
        Families × items, how much of the item that choice holds.
    flat, tilt
        Any bundle is worth at most `flat` and its items' `tilt` together.
    """

    limit: Floats
    value: Floats
    part: Floats
    flat: Floats
    tilt: Floats


def tangents(problem: Problem, many: Large, cost: Floats) -> Tangent:
    """Find for each family the tangent with the lowest bound, by halving.

    Parameters
    ----------
    cost
        By open pair, its price.
    """
    gain = np.where(many.there, problem.gain[many.items], 0.0)
    price = np.where(many.there, (cost - problem.keeping)[many.items], np.inf)
    low, high = np.zeros(len(many)), gain.sum(axis=1)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        chosen = _relaxed(problem, many, gain, price, middle).chosen
        more = np.where(chosen, gain, 0.0).sum(axis=1) > middle
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    r, other = (_relaxed(problem, many, gain, price, at) for at in (low, high))
    flat = problem.effect(low, many.families) - _slope(problem, many.families, low) * low
    total = -np.sort(-r.worth, axis=1)[:, : problem.rules.cap or gain.shape[1]].sum(axis=1)
    replaced = np.where((r.best > 0) & (r.best >= r.least[:, None]), r.best, r.least[:, None])
    limit = np.where(many.there, (flat + total)[:, None] - replaced + r.net, -np.inf)
    supply, less = (np.where(each.chosen, gain, 0.0).sum(axis=1) for each in (r, other))
    share = np.clip((low - less) / np.maximum(supply - less, 1e-9), 0.0, 1.0)[:, None]
    return Tangent(limit, flat + total, share * r.chosen + (1 - share) * other.chosen, flat, r.net)


def _slope(problem: Problem, families: Ints, gain: Floats) -> Floats:
    f, rules = problem.families, problem.rules
    at = slope(gain, rules.line, f.mean[families], f.sd[families], f.size[families], rules.power)
    return np.asarray(problem.weight[families] * at)


@dataclass(frozen=True)
class _Relaxed:
    """A choice on one tangent: items' net worth, their cliques' best, what is taken.

    `worth` is each clique's, told at its best item and 0 elsewhere; `least` that of the last clique
    which the cap lets in, 0 where it does not bind.
    """

    net: Floats
    best: Floats
    chosen: Bools
    worth: Floats
    least: Floats


def _relaxed(problem: Problem, many: Large, gain: Floats, price: Floats, at: Floats) -> _Relaxed:
    net = _slope(problem, many.families, at)[:, None] * gain - price
    best, leader = net.copy(), many.there.copy()
    for clique in many.shared:
        mine = many.clique == clique
        most = np.where(mine, net, -np.inf).max(axis=1)
        best = np.where(mine, most[:, None], best)
        at_first = (mine & (net == most[:, None])).argmax(axis=1)
        leader &= ~mine
        rows = np.flatnonzero(mine.any(axis=1))
        leader[rows, at_first[rows]] = True
    worth = np.where(leader, np.maximum(best, 0.0), 0.0)
    least = _least_taken(problem, worth)
    return _Relaxed(net, best, leader & (best > 0) & (best >= least[:, None]), worth, least)


def _least_taken(problem: Problem, worth: Floats) -> Floats:
    """Return the worth of the last clique that the cap lets in, 0 where the cap does not bind."""
    cap = problem.rules.cap
    if cap is None or cap >= worth.shape[1]:
        return np.zeros(len(worth))
    return np.asarray(-np.partition(-worth, cap - 1, axis=1)[:, cap - 1])


def first(problem: Problem, many: Large, limit: Floats) -> Bools:
    """Return which open pairs of large families to hold at first: those with the highest bounds.

    What a kerak family needs for its right, and what a programme needs beside it, is held too.
    """
    held = np.zeros(len(problem.open_pairs), dtype=bool)
    if not len(many):
        return held
    order = np.argsort(-limit, axis=1, kind="stable")[:, :FIRST]
    held[np.take_along_axis(many.items, order, axis=1)] = True
    gain = np.where(many.there, problem.gain[many.items], -1.0)
    largest = np.argsort(-gain, axis=1, kind="stable")[:, :3]
    with_right = problem.families.right[many.families] > 0
    held[np.take_along_axis(many.items, largest, axis=1)[with_right]] = True
    held[many.items[_promised(problem, many)]] = True
    return completed(problem, many, held)


def rescued(problem: Problem, many: Large, held: Bools) -> Bools:
    """Hold what large families need for their right where what is held does not reach it."""
    right = problem.families.right[many.families]
    # Most are reached by one programme that needs no other: only the rest are looked at one by one.
    needy = np.isin(problem.code[many.items], [problem.number(one) for one, _ in problem.rules.complements])
    alone = np.where(many.there & held[many.items] & ~needy, problem.gain[many.items], 0.0)
    rows = np.flatnonzero(right > alone.max(axis=1, initial=0.0))
    stuck = [
        row for row in rows.tolist()
        if not np.isfinite(_valued(problem, many, row, many.there[row] & held[many.items[row]])).any()
    ]  # fmt: skip
    held = held.copy()
    for row in stuck:
        if count_of(int(many.there[row].sum()), problem.rules.cap) <= THOROUGH:
            value = _valued(problem, many, row, many.there[row])
            best = table(int(many.there[row].sum()), problem.rules.cap)[int(value.argmax())] > 0
            held[many.items[row][many.there[row]][best]] = True
    return held


def _valued(problem: Problem, many: Large, row: int, which: Bools) -> Floats:
    items = many.items[row][which]
    bits = table(len(items), problem.rules.cap)
    return np.asarray(values(problem, many.families[row : row + 1], items[None, :], bits)[0])


def _promised(problem: Problem, many: Large) -> Bools:
    """Say which items a floor asks for: without them no price would seem high enough for it."""
    numbers = [problem.number(floor.programme) for floor in problem.rules.floors if floor.programme]
    return many.there & np.isin(problem.code[many.items], numbers)


def completed(problem: Problem, many: Large, held: Bools) -> Bools:
    """Hold, beside a programme that needs another, that other."""
    held = held.copy()
    programme = problem.code[many.items]
    for _ in range(2):
        for one, other in problem.rules.complements:
            needs = (held[many.items] & many.there & (programme == problem.number(one))).any(axis=1)
            held[many.items[needs[:, None] & many.there & (programme == problem.number(other))]] = True
    return held


@dataclass(frozen=True)
class Look:
    """What to hold next, and what bundles not held could add to the bound at these prices."""

    held: Bools
    beyond: float


def look(problem: Problem, many: Large, held: Bools, dual: Dual, largest: int) -> Look:
    """Look whether programmes that are not held belong to a better bundle.

    Where the tangent cannot rule that out, all bundles of the programmes in doubt are valued once,
    and the best of them is held from then on.

    Parameters
    ----------
    largest
        Bundles of one family that are looked through at most; families with more keep their doubt.
    """
    if not len(many):
        return Look(held, 0.0)
    cost = problem.use @ dual.prices
    tangent = tangents(problem, many, cost)
    limit, value = tangent.limit, dual.value[many.families]
    inside, best = many.there & held[many.items], many.there & dual.taken[many.items]
    doubt = many.there & ((limit > value[:, None]) | best)
    over = np.where(doubt & ~inside, limit - value[:, None], -np.inf).max(axis=1, initial=-np.inf)
    known = np.maximum(over, 0.0)
    wanted = best | _promised(problem, many)
    for rows, items, places in _doubtful(many, doubt, np.flatnonzero(known > 0), problem.rules.cap, largest):
        tilt = np.take_along_axis(tangent.tilt[rows], places, axis=1)
        most, taken = better(
            problem, many.families[rows], items, cost, tangent.flat[rows], tilt, value[rows]
        )  # fmt: skip
        known[rows] = most - value[rows]
        wanted[rows[:, None], places] |= taken
    # The best bundle is never let go: a family's right may hang on it.
    rank = np.where(best, np.inf, np.where(wanted, np.finfo(np.float64).max, limit))
    chosen = np.zeros(inside.shape, dtype=bool)
    np.put_along_axis(chosen, np.argsort(-rank, axis=1, kind="stable")[:, :MOST], True, axis=1)
    near = limit > value[:, None] - SLACK * np.abs(value)[:, None]
    after = held.copy()
    after[many.items[many.there]] = (chosen & (near | wanted))[many.there]
    return Look(completed(problem, many, after), float(known.sum()))


def _doubtful(
    many: Large, doubt: Bools, rows: Ints, cap: int | None, largest: int
) -> Iterator[tuple[Ints, Ints, Ints]]:
    """Yield families with the same number of programmes in doubt: rows, open pairs, places."""
    count = doubt[rows].sum(axis=1)
    for size in np.unique(count):
        if count_of(int(size), cap) > largest:
            continue
        mine = rows[count == size]
        places = np.argsort(~doubt[mine], axis=1, kind="stable")[:, :size]
        yield mine, np.take_along_axis(many.items[mine], places, axis=1), places


def guess(problem: Problem) -> Floats:
    """Return prices to begin with, from a sample of the families with divisible programmes.

    Every so many-th family in order of id stands for its neighbours, so that the same question gets
    the same prices.
    """
    step = max(len(problem.families.family) // SAMPLE, 1)
    some = large(problem, np.arange(0, len(problem.families.family), step))

    def bound(prices: Floats) -> tuple[float, Floats]:
        found = tangents(problem, some, problem.use @ prices)
        part = np.zeros(len(problem.open_pairs))
        part[some.items[some.there]] = found.part[some.there]
        return step * float(found.value.sum()), step * (problem.use.T @ part)

    return descend(problem, bound, first_guess(problem), ROUNDS)
