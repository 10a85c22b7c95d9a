"""Variance of linearised statistics from totals of primary sampling units.

A statistic's score of a row is the derivative of the estimate by the row's weight; the estimate then
varies as the total of weight × score does. With t the totals of PSUs, n drawn in a stratum and f the
share that was drawn::

    V = sum over strata  (1 - f) · n / (n - 1) · sum over PSUs (t - mean of t)²

(Woodruff 1971; Binder 1983; Deville 1999; R `survey::svyrecvar`, one stage). PSUs without a row of a
domain count with t = 0. A lone PSU is not centred.
"""

from __future__ import annotations

import numpy as np

from rantang.measurement.adding import added
from rantang.measurement.design import Design, Floats, Ints


def factors(design: Design) -> Floats:
    """Return (1 - f) n / (n - 1) of each stratum, 1 - f for a lone PSU."""
    n = design.sampled.astype(np.float64)
    scale: Floats = design.left * np.where(n > 1, n / np.maximum(n - 1, 1), 1.0)
    return scale


def variance(design: Design, totals: Floats) -> float:
    """Return the variance of the sum of PSU totals."""
    return covariance(design, totals, totals)


def covariance(design: Design, one: Floats, other: Floats) -> float:
    """Return the covariance of two sums of PSU totals of one design."""
    product = added(design.stratum, one * other, len(design.sampled))
    sums = [added(design.stratum, each, len(design.sampled)) for each in (one, other)]
    centred = np.where(design.sampled > 1, sums[0] * sums[1] / design.sampled, 0.0)
    return float((factors(design) * (product - centred)).sum())


def by_domain(design: Design, unit: Ints, domain: Ints, totals: Floats, domains: int) -> Floats:
    """Return the variance in each domain from totals of PSU × domain cells, whose absent cells are 0."""
    strata = len(design.sampled)
    cell = design.stratum[unit] * domains + domain
    squares = added(cell, totals**2, strata * domains).reshape(strata, domains)
    sums = added(cell, totals, strata * domains).reshape(strata, domains)
    n = design.sampled[:, None]
    centred = np.where(n > 1, sums**2 / n, 0.0)
    found: Floats = (factors(design)[:, None] * (squares - centred)).sum(axis=0)
    return np.maximum(found, 0.0)
