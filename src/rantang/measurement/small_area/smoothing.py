"""Sampling variances that can be relied on: an area's own are estimated from one or two blocks.

Ten households of which none is poor give the variance zero; one block gives none at all. A model that
took either at its word would believe the area most of which it knows least. So variances are smoothed
over areas before the model sees them (generalised variance functions: Wolter 2007 ch. 7; Rao & Molina
2015 sec. 6.4.1).
"""

from __future__ import annotations

import numpy as np

from rantang.errors import RantangError
from rantang.measurement.small_area.arrays import Floats, orthogonal


def design_effect(variance: float, rate: float, households: float) -> float:
    """Return how many times the variance of a rate exceeds that of a simple sample of as many households.

    The unit is the household throughout, also for rates of persons: what persons of one household
    share is then part of the design effect. Never below 1, and 1 where the rate is 0 or 1.
    """
    simple = rate * (1 - rate) / households
    return max(variance / simple, 1.0) if simple > 0 else 1.0


def smoothed_variances(households: Floats, rate: Floats | float, deff: float) -> Floats:
    """Return deff × p(1 - p) / n of every area, NaN where n is 0.

    Parameters
    ----------
    households
        (D,) sampled households.
    rate
        The rate that an area may be *expected* to have: the city's, or the synthetic one. Never the
        area's own direct rate, which brings the zeros back and makes the error depend on the estimate.
    deff
        The city's design effect (`design_effect`).
    """
    n = np.where(households > 0, households, np.nan)
    return np.asarray(deff * rate * (1 - np.asarray(rate)) / n, dtype=np.float64)


def log_smoothed_variances(variance: Floats, predictors: Floats) -> Floats:
    """Return the variances that log v = z'a + error implies, where areas have enough blocks of their own.

    `predictors` is (D, k) with a constant, for instance log n; areas whose variance is positive carry the
    fit. The level is such that smoothed and direct variances add up to the same over those areas
    (Hidiroglou, Beaumont & Yung 2019), which no assumption of normal errors is needed for.

    Raises
    ------
    RantangError
        ``AREA-KECIL-SEDIKIT``, ``AREA-KECIL-KOVARIAT``: see `orthogonal`.
    """
    known = np.isfinite(variance) & (variance > 0)
    if not known.any():
        raise RantangError("AREA-KECIL-SEDIKIT", sampled=0, needed=predictors.shape[1] + 2)
    q, r = orthogonal(predictors[known])
    fitted = np.exp(predictors @ np.linalg.solve(r, q.T @ np.log(variance[known])))
    return np.asarray(fitted * (variance[known].sum() / fitted[known].sum()), dtype=np.float64)
