"""The one place that speaks to HiGHS (Huangfu & Hall 2018): linear programmes with or without whole numbers.

One thread, a fixed seed, limits on nodes and not on time: the same question gets the same answer.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Final

import highspy
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
_STATUS: Final = highspy.HighsModelStatus


@dataclass(frozen=True)
class Answer:
    """What HiGHS says.

    Attributes
    ----------
    status
        `optimal`, `feasible` (a limit was met first), `infeasible`, `unbounded` or `none` (nothing found).
    values
        Of the columns.
    duals
        Of the rows: change of the objective per unit of the row's upper bound; zeros with whole numbers.
    bound
        Proven bound of the objective.
    """

    status: str
    values: Floats
    duals: Floats
    bound: float


def maximise(
    worth: Floats,
    rows: sparse.csc_matrix,
    low: Floats,
    high: Floats,
    upper: Floats,
    whole: Bools | None = None,
    gap: float = 0.0,
    nodes: int = 2_000,
) -> Answer:
    """Maximise ``worth @ x`` for ``low <= rows @ x <= high``, ``0 <= x <= upper``.

    Parameters
    ----------
    whole
        Columns that must be whole numbers; None: none.
    gap
        Absolute difference of bound and value at which a search for whole numbers may end.
    nodes
        Most nodes of that search.
    """
    solver = _solver()
    model = _model(worth, rows, low, high)
    model.col_lower_, model.col_upper_ = np.zeros(len(worth)), upper
    if whole is not None:
        kinds = (highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger)
        model.integrality_ = [kinds[int(each)] for each in whole]
        solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
        solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.setOptionValue("mip_abs_gap", max(gap, 1e-9))
        solver.setOptionValue("mip_max_nodes", nodes)
    solver.passModel(model)
    solver.run()
    return _read(solver, whole is not None, len(worth), rows.shape[0])


class Corners:
    """One set of points, ``rows @ x == level`` within bounds, asked many times how far it reaches.

    Each question goes on from the corner at which the last one ended, and so do questions after the
    bounds were widened: most take a few steps of the primal simplex.
    """

    def __init__(self, rows: sparse.csc_matrix, level: Floats) -> None:
        self._columns, self._rows = rows.shape[1], rows.shape[0]
        self._solver = _solver()
        for name, value in (("presolve", "off"), ("solver", "simplex"), ("simplex_strategy", 4)):
            self._solver.setOptionValue(name, value)
        model = _model(np.zeros(self._columns), rows, level, level)
        model.col_lower_ = model.col_upper_ = np.zeros(self._columns)
        self._solver.passModel(model)

    def bound(self, lower: Floats, upper: Floats) -> None:
        """Set the bounds of all columns."""
        every = np.arange(self._columns, dtype=np.int32)
        self._solver.changeColsBounds(self._columns, every, lower, upper)

    def furthest(self, column: int, sign: float) -> Answer:
        """Return a corner where a column is largest (`sign` 1) or smallest (-1)."""
        self._solver.changeColCost(column, sign)
        self._solver.run()
        answer = _read(self._solver, False, self._columns, self._rows)
        self._solver.changeColCost(column, 0.0)
        return answer


def _solver() -> Any:
    with _muted():
        solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    return solver


def _model(worth: Floats, rows: sparse.csc_matrix, low: Floats, high: Floats) -> Any:
    """State a programme but for the bounds of its columns."""
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(worth), rows.shape[0]
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_, model.row_lower_, model.row_upper_ = worth, low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data.astype(np.float64)
    return model


def _read(solver: Any, whole: bool, columns: int, rows: int) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    nothing = np.zeros(columns), np.zeros(rows)
    if status in (_STATUS.kInfeasible, _STATUS.kUnboundedOrInfeasible):
        return Answer("infeasible", *nothing, -np.inf)
    if status == _STATUS.kUnbounded:
        return Answer("unbounded", *nothing, np.inf)
    solution = solver.getSolution()
    if not solution.value_valid:
        return Answer("none", *nothing, float(info.mip_dual_bound) if whole else np.inf)
    done = status == _STATUS.kOptimal
    values = np.asarray(solution.col_value)
    if whole:
        return Answer("optimal" if done else "feasible", values, nothing[1], float(info.mip_dual_bound))
    duals = np.asarray(solution.row_dual)
    return Answer("optimal" if done else "feasible", values, duals, float(info.objective_function_value))


@contextmanager
def _muted() -> Iterator[None]:
    """Let nothing reach standard output: HiGHS writes its name there before it can be told not to."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        with suppress(OSError, AttributeError, TypeError):
            ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
