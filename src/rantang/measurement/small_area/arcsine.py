"""Rates on the arcsine scale, where the sampling variance does not depend on the rate.

z = arcsin(sqrt(p)) has the variance 1 / (4 n*), n* = households / design effect. A direct rate of 0 is
then an observation like any other, with a known error; and what comes back lies in [0, 1]. (The logit
scale cannot hold a rate of 0.) Sources: Casas-Cordero, Encina & Lahiri (2016); Schmid et al. (2017)
JRSS A 180.
"""

from __future__ import annotations

import numpy as np

from rantang.measurement.small_area.arrays import Floats


def forward(rate: Floats) -> Floats:
    """Return arcsin(sqrt(rate)), in [0, pi/2]; NaN stays NaN."""
    return np.asarray(np.arcsin(np.sqrt(rate)), dtype=np.float64)


def sampling_variance(households: Floats, deff: float) -> Floats:
    """Return deff / (4 n) of every area, NaN where n is 0."""
    return np.asarray(deff / (4 * np.where(households > 0, households, np.nan)), dtype=np.float64)


def backward(z: Floats, variance: Floats) -> Floats:
    """Return E sin²(Z) of Z ~ N(z, variance): the rate without the bias of plainly turning z back.

    Closed: sin² = (1 - cos 2Z) / 2 and E cos 2Z = exp(-2 variance) cos 2z. Always within [0, 1].
    """
    return np.asarray((1 - np.exp(-2 * variance) * np.cos(2 * z)) / 2, dtype=np.float64)


def spread(z: Floats, variance: Floats) -> Floats:
    """Return Var sin²(Z) of Z ~ N(z, variance), closed likewise: the squared error on the scale of rates."""
    mean = np.exp(-2 * variance) * np.cos(2 * z)
    square = (1 + np.exp(-8 * variance) * np.cos(4 * z)) / 2
    return np.asarray(np.maximum(square - mean**2, 0.0) / 4, dtype=np.float64)
