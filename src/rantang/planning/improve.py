"""What is left of the money goes where it still helps: one family's bundle exchanged at a time."""

from __future__ import annotations

from typing import Final

import numpy as np
from scipy import sparse

from rantang.planning.problem import Bools, Problem
from rantang.planning.restricted import Columns

PASSES: Final = 3
TRIED: Final = 20_000
"""Exchanges looked at in one pass, the most useful first."""


def fill(problem: Problem, columns: Columns, given: Bools) -> Bools:
    """Exchange bundles for better ones while every limit holds; the plan never gets worse.

    Parameters
    ----------
    columns
        Bundles to choose from; the plan's own are among them.
    given
        By open pair, a plan that keeps every limit.
    """
    use = sparse.csr_matrix(columns.holds @ problem.use).tocsr()
    chosen = _chosen(problem, columns, given)
    left = problem.limits - problem.use.T @ given.astype(np.int64)
    for _ in range(PASSES):
        worth = columns.value - columns.value[chosen[columns.family]]
        order = np.argsort(-worth, kind="stable")[:TRIED]
        order = order[worth[order] > 1e-9 * np.abs(columns.value[order])]
        family = columns.family[order]
        # A family's bundle is exchanged once a pass: what each exchange needs is known before the first.
        more = (use[order] - use[chosen[family]]).toarray()
        exchanged: set[int] = set()
        for at, of in enumerate(family.tolist()):
            if of not in exchanged and (more[at] <= left).all():
                left = left - more[at]
                chosen[of] = order[at]
                exchanged.add(of)
        if not exchanged:
            break
    return np.asarray(columns.holds[chosen[chosen >= 0]].sum(axis=0)).ravel() > 0


def _chosen(problem: Problem, columns: Columns, given: Bools) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return by family which column the plan holds."""
    held = np.asarray(columns.holds @ given.astype(np.int64)).ravel()
    size = np.asarray(columns.holds.sum(axis=1)).ravel()
    of = problem.of_pair[problem.open_pairs[given]]
    whole = np.bincount(of, minlength=len(problem.families.family))
    same = np.flatnonzero((held == size) & (size == whole[columns.family]))
    chosen = np.full(len(whole), -1, dtype=np.int64)
    chosen[columns.family[same]] = same
    return chosen
