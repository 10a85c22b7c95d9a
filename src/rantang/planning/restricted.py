"""The plan itself: a small linear programme over the families whose best bundles are nearly tied.

At good prices nearly every family has one bundle that is clearly best, and it is given that. What is
left are the families for which two or more bundles are worth nearly the same; there are few, and of
those at most as many as there are coupling rows can end up divided between bundles, since a basic
solution has no more fractional rows. HiGHS solves that programme, first as it is (its duals are
better prices), then in whole bundles (rounding and repair in one step).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from rantang import highs
from rantang.planning.bundles import Group
from rantang.planning.dual import Dual, at, dearest, scales
from rantang.planning.problem import Bools, Floats, Ints, Problem


@dataclass(frozen=True)
class Columns:
    """Bundles that compete, in order of family and bundle.

    Attributes
    ----------
    family
        Position of each bundle's family.
    value
        Of the objective.
    holds
        Bundles × open pairs, 0 or 1.
    """

    family: Ints
    value: Floats
    holds: sparse.csr_matrix

    def __len__(self) -> int:
        return len(self.family)


def near_ties(problem: Problem, made: Sequence[Group], dual: Dual, rivals: int) -> Columns:
    """Return every family's best bundle and those that compete with it, so many in all.

    The rivals are the bundles whose net value lies nearest below their family's best.
    """
    below = [
        (dual.value[group.families][:, None] - net)[np.isfinite(net)]
        for group, net in _net(problem, made, dual)
    ]
    distances = np.concatenate(below)
    last = len(dual.value) + rivals
    if last >= len(distances):
        return within(problem, made, dual, np.inf)
    return within(problem, made, dual, float(np.partition(distances, last)[last]))


def _net(problem: Problem, made: Sequence[Group], dual: Dual) -> Iterator[tuple[Group, Floats]]:
    cost = problem.use @ dual.prices
    for group in made:
        yield group, group.value - cost[group.items] @ group.bits.T


def within(problem: Problem, made: Sequence[Group], dual: Dual, distance: float) -> Columns:
    """Return every admissible bundle whose net value is at most `distance` below its family's best."""
    family, value, entry, pair, count = [], [], [], [], 0
    for group, net in _net(problem, made, dual):
        best = dual.value[group.families]
        # A hair of slack, so that the best bundle itself is never lost to rounding.
        least = np.maximum(best - distance - 1e-9 * np.abs(best), np.finfo(np.float64).min)
        row, bundle = np.nonzero(net >= least[:, None])
        family.append(group.families[row])
        value.append(group.value[row, bundle])
        which, place = np.nonzero(group.bits[bundle] > 0)
        entry.append(which + count)
        pair.append(group.items[row[which], place])
        count += len(row)
    of = np.concatenate(family)
    where, what = np.concatenate(entry), np.concatenate(pair)
    shape = (count, len(problem.open_pairs))
    holds = sparse.csr_matrix((np.ones(len(where), dtype=np.int64), (where, what)), shape=shape)
    order = np.argsort(of, kind="stable")
    return Columns(of[order], np.concatenate(value)[order], holds[order])


@dataclass(frozen=True)
class Choice:
    """What the programme over the columns says.

    Attributes
    ----------
    taken
        By open pair, in whole bundles; None for the linear programme, or where nothing was found.
    prices
        Of the coupling rows, from the linear programme.
    bound
        Of the objective over these columns, the offset not counted.
    slack
        By coupling row, by how much its limit was exceeded because no choice keeps it.
    part
        How much of each bundle is chosen.
    """

    taken: Bools | None
    prices: Floats
    bound: float
    slack: Floats
    part: Floats

    def short(self, problem: Problem) -> Bools:
        """Say which limits are exceeded by more than a rounding error."""
        return self.slack > 1e-7 * scales(problem)


def competing(problem: Problem, made: Sequence[Group], dual: Dual, rivals: int) -> tuple[Columns, Choice]:
    """Return nearly tied bundles with which every limit can be kept, and their linear programme's answer.

    Where a limit cannot be kept by the nearly tied (a small floor hardly moves the dual), what
    families would choose if it were very dear competes, too.
    """
    columns = near_ties(problem, made, dual, rivals)
    answer = choose(problem, columns, whole=False)
    for dearer in (1.0, 100.0):
        short = answer.short(problem)
        if not short.any():
            break
        prices = dual.prices + np.where(short, dearer * dearest(problem), 0.0)
        columns = _joined(columns, within(problem, made, at(problem, made, prices), 0.0))
        answer = choose(problem, columns, whole=False)
    return columns, answer


def _joined(one: Columns, other: Columns) -> Columns:
    """Return the bundles of both, each once."""
    family = np.concatenate([one.family, other.family])
    value = np.concatenate([one.value, other.value])
    holds = sparse.vstack([one.holds, other.holds]).tocsr()
    # Two bundles of one family are the same if they hold the same: told by a sum of odd weights.
    mark = holds @ np.sin(1.0 + np.arange(holds.shape[1]))
    order = np.lexsort((mark, family))
    same = (np.diff(family[order]) == 0) & (np.abs(np.diff(mark[order])) < 1e-12)
    keep = np.sort(order[np.concatenate(([True], ~same))])
    keep = keep[np.argsort(family[keep], kind="stable")]
    return Columns(family[keep], value[keep], holds[keep])


def everyone(problem: Problem, made: Sequence[Group], at_most: int) -> Columns:
    """Return all admissible bundles, or where they are too many those that cost families least.

    Least at prices that hold every limit to be equally scarce, and those that floors ask for.
    """
    nothing = [Group(g.families, g.items, g.bits, np.where(np.isfinite(g.value), 0.0, -np.inf)) for g in made]
    scarce = at(problem, nothing, 1.0 / scales(problem))
    total = sum(int(np.isfinite(group.value).sum()) for group in nothing)
    if total <= at_most:
        return within(problem, nothing, scarce, np.inf)
    columns = near_ties(problem, nothing, scarce, at_most)
    for row in range(len(problem.rows)):
        prices = 1.0 / scales(problem)
        prices[row] *= 1e3
        columns = _joined(columns, within(problem, nothing, at(problem, nothing, prices), 0.0))
    return columns


def choose(
    problem: Problem,
    columns: Columns,
    whole: bool,
    gap: float = 0.0,
    nodes: int = 2_000,
    shrink: float = 0.0,
    penalty: Floats | None = None,
) -> Choice:
    """Give every family one bundle (or a mixture) so that the limits hold and the value is greatest.

    Parameters
    ----------
    whole
        Whole bundles; else mixtures.
    gap
        Absolute gap at which the search may end.
    shrink
        Share of each limit that is held back, against the solver's tolerance.
    penalty
        By coupling row, what exceeding it by its own size costs a mixture; None: more than all that
        could be won by it.
    """
    count = np.bincount(columns.family, minlength=len(problem.families.family))
    alone = count[columns.family] == 1
    use = sparse.csr_matrix(columns.holds @ problem.use)
    limits = problem.limits - np.abs(problem.limits) * shrink
    left = limits - np.asarray(use[alone].sum(axis=0)).ravel()
    free = np.flatnonzero(~alone)
    if not len(free) and (left >= 0).all():
        given = _taken(columns, alone) if whole else None
        nothing = np.zeros(len(left))
        return Choice(given, nothing, float(columns.value.sum()), nothing, np.ones(len(columns)))
    # Only differences within a family matter; what is common to its bundles costs digits.
    families, row_of = np.unique(columns.family[free], return_inverse=True)
    base = np.full(len(families), np.inf)
    np.minimum.at(base, row_of, columns.value[free])
    more = columns.value[free] - base[row_of]
    dear = np.full(len(left), 10.0 * max(float(more.sum()), 1.0)) if penalty is None else penalty
    unit = max(float(more.max(initial=0.0)), 1e-6 * float(dear.min()) if len(dear) else 0.0, 1e-9)
    scale, rows = scales(problem), len(left)
    ones, over = np.ones(len(families)), np.full(rows, 0.0 if whole else np.inf)
    # Only mixtures may exceed a limit, dearly: their prices are then still of use.
    answer = highs.maximise(
        worth=np.concatenate([more / unit, -dear / unit]),
        rows=_matrix(sparse.csr_matrix(use[free].T / scale[:, None]), row_of, len(families)),
        low=np.concatenate([np.full(rows, -np.inf), ones]),
        high=np.concatenate([left / scale, ones]),
        upper=np.concatenate([np.ones(len(free)), over]),
        whole=np.arange(len(free) + rows) < len(free) if whole else None,
        gap=gap / unit,
        nodes=nodes,
    )
    part = alone.astype(np.float64)
    part[free] = answer.values[: len(free)]
    found = whole and answer.status in ("optimal", "feasible")
    taken = _taken(columns, part > 0.5) if found else None
    return Choice(
        taken,
        np.maximum(answer.duals[:rows] * unit / scale, 0.0),
        answer.bound * unit + float(columns.value[alone].sum() + base.sum()),
        answer.values[len(free) :] * scale,
        part,
    )


def rounded(problem: Problem, columns: Columns, mixed: Choice) -> Bools:
    """Give every family one bundle of its mixture: of those it was divided between the least dear.

    That mostly frees money, but a limit may be broken or a floor missed: the caller looks. By open pair.
    """
    price = columns.holds @ (problem.use @ mixed.prices)
    rank = np.where(mixed.part > 1 - 1e-6, -np.inf, np.where(mixed.part > 1e-6, price, np.inf))
    order = np.lexsort((np.arange(len(columns)), rank, columns.family))
    first = order[np.concatenate(([True], np.diff(columns.family[order]) > 0))]
    return np.asarray(columns.holds[first].sum(axis=0)).ravel() > 0


def _matrix(use: sparse.csr_matrix, row_of: Ints, families: int) -> sparse.csc_matrix:
    """Return the programme's rows: coupling limits with a column of excess each, one bundle a family."""
    rows, columns = use.shape
    one = sparse.csr_matrix((np.ones(columns), (row_of, np.arange(columns))), shape=(families, columns))
    excess = sparse.vstack([-sparse.identity(rows), sparse.csr_matrix((families, rows))])
    return sparse.hstack([sparse.vstack([use, one]), excess]).tocsc()


def _taken(columns: Columns, chosen: Bools) -> Bools:
    return np.asarray(columns.holds[chosen].sum(axis=0)).ravel() > 0
