"""What every model of small areas shares: array types, sound covariates, the search for a variance."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq

from rantang.errors import RantangError

Floats: TypeAlias = npt.NDArray[np.float64]
Whole: TypeAlias = npt.NDArray[np.int64]
Flags: TypeAlias = npt.NDArray[np.bool_]

# Beyond this ratio of the largest to the smallest direction two covariates say the same.
WORST_CONDITION = 1e10


def orthogonal(covariates: Floats) -> tuple[Floats, Floats]:
    """Return Q and R of the covariates (rows × p), so that the arithmetic does not depend on their units.

    Raises
    ------
    RantangError
        ``AREA-KECIL-SEDIKIT`` with fewer rows than covariates + 2, ``AREA-KECIL-KOVARIAT`` where covariates
        repeat each other.
    """
    rows, wide = covariates.shape
    if rows < wide + 2:
        raise RantangError("AREA-KECIL-SEDIKIT", sampled=rows, needed=wide + 2)
    length = np.sqrt((covariates**2).sum(axis=0))
    if not length.all():
        raise RantangError("AREA-KECIL-KOVARIAT")
    q, r = np.linalg.qr(covariates / length)
    if np.linalg.cond(r) > WORST_CONDITION:
        raise RantangError("AREA-KECIL-KOVARIAT")
    return q, r * length


def inverse(matrix: Floats) -> Floats:
    """Return the inverse of a small matrix known to have one."""
    return np.asarray(np.linalg.inv(matrix), dtype=np.float64)


def with_constant(covariates: Floats) -> Floats:
    """Return the covariates with a first column of ones."""
    return np.column_stack([np.ones(len(covariates)), covariates])


def root(falling: Callable[[float], float], low: float, high: float) -> float:
    """Return where a falling function is zero, or the end of the interval it does not reach.

    A likelihood's slope is searched, not its values: those are flat at their peak and give half the digits,
    of which the last then differ from machine to machine.
    """
    if falling(low) <= 0:
        return low
    if falling(high) >= 0:
        return high
    return float(brentq(falling, low, high, xtol=1e-14 * max(abs(low), abs(high)), rtol=1e-14))
