"""Which promise cannot be kept, and by how much: the least that would have to give, in words.

First the promises that no money could keep: a kerak family whose right is more than all it may be
given. Then the limits: with the effect left out, the dual finds the smallest violation of budgets,
places and floors together (each counted in rupiah; places at their mean cost), and its linear
programme says where that violation lies (elastic relaxation: Chinneck 2008).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from rantang.errors import RantangError
from rantang.planning.bundles import Group, table, values
from rantang.planning.dual import scales
from rantang.planning.problem import Floats, Problem
from rantang.planning.restricted import Columns, choose, everyone
from rantang.vocabulary import numbers

CODES = {"anggaran": "RENCANA-ANGGARAN", "tempat": "RENCANA-TEMPAT", "lantai": "RENCANA-LANTAI"}


@dataclass(frozen=True, slots=True)
class Broken:
    """A promise or limit that cannot be kept.

    Attributes
    ----------
    code
        `RENCANA-HAK`, `RENCANA-ANGGARAN`, `RENCANA-TEMPAT` or `RENCANA-LANTAI`: its text is in the catalogue.
    about
        Family, agency, programme or kelurahan.
    missing
        By how much at least: rupiah a month, rupiah a year, places, or the floor's unit.
    limit
        What was set.
    """

    code: str
    about: str
    missing: int
    limit: int


class InfeasibleError(RantangError):
    """Not every promise can be kept; `promises` say which."""

    def __init__(self, promises: Sequence[Broken]) -> None:
        self.promises = tuple(promises)
        super().__init__("RENCANA-MUSTAHIL", promises=" ".join(words(each) for each in self.promises[:20]))


def words(broken: Broken) -> str:
    """Say in the language in use what cannot be kept and by how much."""
    from rantang.catalogue import describe  # noqa: PLC0415  (the catalogue reads texts)

    amounts = {"missing": numbers.whole(broken.missing), "limit": numbers.whole(broken.limit)}
    return describe(broken.code, {"about": broken.about, **amounts}).message


def unreachable(problem: Problem, made: Sequence[Group]) -> tuple[Broken, ...]:
    """Return the kerak families whose right is more than the best bundle they may be given."""
    found = []
    for group in made:
        for family in group.families[~np.isfinite(group.value).any(axis=1)].tolist():
            right, most = float(problem.families.right[family]), _most(problem, family)
            name = str(problem.families.family[family])
            found.append(Broken("RENCANA-HAK", name, int(np.ceil(right - most)), int(right)))
    return tuple(sorted(found, key=lambda each: each.about))


def _most(problem: Problem, family: int) -> float:
    """Return the most that a family may be brought, rupiah a month, its right left out."""
    free = replace(problem, families=replace(problem.families, right=np.zeros_like(problem.families.right)))
    items = np.arange(problem.start[family], problem.start[family + 1])
    bits = table(len(items), problem.rules.cap)
    value = values(free, np.array([family]), items[None, :], bits)[0]
    gain = bits @ problem.gain[items]
    return float(gain[np.isfinite(value)].max(initial=0.0))


def diagnose(problem: Problem, made: Sequence[Group]) -> InfeasibleError:
    """Find the least violation and say it."""
    if hopeless := unreachable(problem, made):
        return InfeasibleError(hopeless)
    slack = _least_violation(problem, made)
    found = []
    at = zip(problem.rows, slack, problem.grain.tolist(), problem.limits.tolist(), strict=True)
    for row, over, grain, limit in at:
        steps = math.ceil((over - 1e-6 * max(abs(row.limit), 1)) / grain)
        missing = steps * grain - (row.limit - limit)
        if steps > 0 and missing > 0:
            found.append(Broken(CODES[row.kind], row.about, missing, abs(row.limit)))
    return InfeasibleError(found)


def _least_violation(problem: Problem, made: Sequence[Group]) -> Floats:
    """Return by how much each limit is exceeded where the sum of all is least.

    Only bundles that matter compete: of every family the least it must have, and what serves a floor.
    """
    columns = everyone(problem, made, at_most=MOST_COLUMNS)
    bare = Columns(columns.family, np.zeros(len(columns)), columns.holds)
    return choose(problem, bare, whole=False, penalty=scales(problem) * _rupiah(problem)).slack


MOST_COLUMNS = 300_000


def _rupiah(problem: Problem) -> Floats:
    """Return what one unit of each row costs: 1 for money, the mean cost of a place for places."""
    cost = problem.pairs.cost[problem.open_pairs].astype(np.float64)
    weight = []
    for number, row in enumerate(problem.rows):
        entries = problem.use[:, [number]].tocoo()
        mean = cost[entries.row].sum() / max(np.abs(entries.data).sum(), 1)
        weight.append(1.0 if row.money or not len(entries.data) else max(mean, 1.0))
    return np.array(weight)
