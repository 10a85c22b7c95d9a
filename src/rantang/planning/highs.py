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
from typing import Any

import numpy as np
from scipy import sparse

from rantang.errors import RantangError
from rantang.planning.problem import Bools, Floats


@dataclass(frozen=True)
class Answer:
    """What HiGHS says.

    Attributes
    ----------
    status
        `optimal`, `feasible` (a limit was met first), `infeasible` or `none` (no plan found).
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

    Raises
    ------
    RantangError
        `RENCANA-PUSTAKA`: HiGHS is not installed.
    """
    highspy = _library()
    with _muted():
        solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("random_seed", 1)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = len(worth), rows.shape[0]
    model.sense_ = highspy.ObjSense.kMaximize
    model.col_cost_, model.col_lower_, model.col_upper_ = worth, np.zeros(len(worth)), upper
    model.row_lower_, model.row_upper_ = low, high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = rows.indptr, rows.indices
    model.a_matrix_.value_ = rows.data.astype(np.float64)
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
    return _read(highspy, solver, whole is not None, len(worth), rows.shape[0])


def _read(highspy: Any, solver: Any, whole: bool, columns: int, rows: int) -> Answer:
    status, info = solver.getModelStatus(), solver.getInfo()
    nothing = np.zeros(columns), np.zeros(rows)
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer("infeasible", *nothing, -np.inf)
    solution = solver.getSolution()
    if not solution.value_valid:
        return Answer("none", *nothing, float(info.mip_dual_bound) if whole else np.inf)
    done = status == highspy.HighsModelStatus.kOptimal
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


def _library() -> Any:
    try:
        import highspy  # noqa: PLC0415  (an extra: planning only)
    except ImportError as error:
        raise RantangError("RENCANA-PUSTAKA") from error
    return highspy
