"""HiGHS asked many times about one set of points: the answers are those of programmes stated anew."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from scipy.optimize import linprog

from rantang.highs import Corners


@pytest.mark.slow
def test_answers_are_those_of_programmes_stated_anew_while_bounds_widen():
    random = np.random.default_rng(1)
    for _ in range(10):
        rows = sparse.csc_matrix(random.integers(-1, 2, (4, 9)).astype(float))
        truth = random.integers(0, 30, 9).astype(float)
        corners = Corners(rows, rows @ truth)
        free = np.zeros(9, dtype=bool)
        for chosen in random.permutation(9):
            free[chosen] = True
            low, high = np.where(free, 0.0, truth), np.where(free, 40.0, truth)
            corners.bound(low, high)
            for column in range(9):
                for sign in (-1.0, 1.0):
                    goal = -sign * np.eye(9)[column]
                    anew = linprog(
                        goal, A_eq=rows.toarray(), b_eq=rows @ truth, bounds=np.stack([low, high], 1)
                    )
                    answer = corners.furthest(column, sign)
                    assert answer.status == "optimal"
                    assert answer.values[column] == pytest.approx(-sign * anew.fun, abs=1e-6)
                    assert rows @ answer.values == pytest.approx(rows @ truth, abs=1e-6)


def test_a_column_without_an_end_and_points_that_cannot_be_are_told_apart():
    corners = Corners(sparse.csc_matrix([[1.0, -1.0]]), np.array([0.0]))
    corners.bound(np.zeros(2), np.full(2, np.inf))
    assert corners.furthest(0, 1.0).status == "unbounded"
    assert corners.furthest(0, -1.0).status == "optimal"
    corners.bound(np.array([0.0, 2.0]), np.array([1.0, 3.0]))
    assert corners.furthest(0, 1.0).status == "infeasible"
