"""Fay and Herriot's area model: direct estimates, their sampling variances, covariates of the areas.

    y_d = x_d'b + u_d + e_d,   u_d ~ N(0, A),   e_d ~ N(0, v_d),   v_d known

The best predictor is a mean of the direct and the synthetic estimate, weighted by what is sure:
gamma_d y_d + (1 - gamma_d) x_d'b with gamma_d = A / (A + v_d). An area without a sample gets x_d'b.

Sources: Fay & Herriot (1979) JASA 74; Prasad & Rao (1990) JASA 85; Datta & Lahiri (2000) Statistica
Sinica 10; Datta, Rao & Smith (2005) Biometrika 92; Rao & Molina (2015) ch. 6. The figures are those of
R `sae`'s `eblupFH` and `mseFH`, except that A is found to the last digit: `sae` stops at a relative
change of 1e-4 (for the milk data .01855022 in place of .01855033).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar

from rantang.measurement.small_area.arrays import Flags, Floats, inverse, orthogonal, root

Method: TypeAlias = Literal["REML", "ML", "FH"]
_GRID: Final = np.concatenate([[0.0], np.logspace(-6, 3, 91)])


@dataclass(frozen=True)
class FayHerriot:
    """A fitted area model; arrays are over all areas given, in their order.

    ``sigma2`` is A, ``gamma`` the weight of the direct estimate (0 where there is none), ``g1`` the mean
    squared error if A and b were known, ``leverage`` an area's pull on the coefficients (0 unsampled).
    """

    method: Method
    sigma2: float
    coefficients: Floats
    coefficients_variance: Floats
    sampled: Flags
    direct: Floats
    sampling_variance: Floats
    synthetic: Floats
    gamma: Floats
    estimate: Floats
    mse: Floats
    g1: Floats
    leverage: Floats
    log_likelihood: float


@dataclass(frozen=True)
class _Data:
    y: Floats
    v: Floats
    q: Floats


@dataclass(frozen=True)
class _At:
    """What a value of A implies: weights 1/(A + v), X'WX and its inverse, coefficients, residuals."""

    weight: Floats
    inverse: Floats
    coefficients: Floats
    residual: Floats
    log_det: float


def fit(direct: Floats, variance: Floats, covariates: Floats, method: Method = "REML") -> FayHerriot:
    """Fit the model and predict every area.

    Parameters
    ----------
    direct
        (D,) direct estimates, NaN where an area was not sampled.
    variance
        (D,) their sampling variances, in the squared unit of `direct`; not read where not sampled. Zero
        is no variance but too small a sample: smooth it first (`smoothing`).
    covariates
        (D, p) covariates of all areas, the constant among them.
    method
        How A is estimated: restricted likelihood, likelihood, or Fay and Herriot's moments.

    Raises
    ------
    RantangError
        ``AREA-KECIL-SEDIKIT``, ``AREA-KECIL-KOVARIAT``: see `orthogonal`.
    ValueError
        A sampled area has a variance that is not positive, or a covariate is missing.
    """
    sampled = np.isfinite(direct)
    if not np.isfinite(covariates).all():
        raise ValueError("covariates must be known for every area, sampled or not")
    if not (variance[sampled] > 0).all():
        raise ValueError("sampling variances must be positive: smooth them first")
    q, r = orthogonal(covariates[sampled])
    data = _Data(direct[sampled], variance[sampled], q)
    sigma2 = _component(data, method)
    return _predicted(direct, variance, covariates @ inverse(r), r, data, sigma2, method)


def _predicted(
    direct: Floats, variance: Floats, basis: Floats, r: Floats, data: _Data, sigma2: float, method: Method
) -> FayHerriot:
    sampled = np.isfinite(direct)
    at = _at(data, sigma2)
    synthetic = basis @ at.coefficients
    gamma = np.zeros(len(direct))
    gamma[sampled] = sigma2 * at.weight
    pull = 1 - gamma
    g1 = np.full(len(direct), sigma2)
    g1[sampled] = gamma[sampled] * data.v
    spread = np.einsum("di,ij,dj->d", basis, at.inverse, basis)
    g3 = np.zeros(len(direct))
    doubt, bias = _of_component(data, at, method)
    g3[sampled] = pull[sampled] ** 2 * doubt * at.weight
    leverage = np.zeros(len(direct))
    leverage[sampled] = spread[sampled] * at.weight
    back = inverse(r)
    return FayHerriot(
        method=method,
        sigma2=sigma2,
        coefficients=back @ at.coefficients,
        coefficients_variance=back @ at.inverse @ back.T,
        sampled=sampled,
        direct=direct,
        sampling_variance=np.where(sampled, variance, np.nan),
        synthetic=synthetic,
        gamma=gamma,
        estimate=synthetic + gamma * np.where(sampled, direct - synthetic, 0.0),
        mse=np.maximum(g1 + pull**2 * spread + 2 * g3 - bias * pull**2, 0.0),
        g1=g1,
        leverage=leverage,
        log_likelihood=_likelihood(data, sigma2, restricted=False),
    )


def _of_component(data: _Data, at: _At, method: Method) -> tuple[float, float]:
    """Return the variance and the bias of the estimate of A (Datta, Rao & Smith 2005, as `sae` has them)."""
    count, sum1, sum2 = len(data.y), float(at.weight.sum()), float((at.weight**2).sum())
    if method == "REML":
        return 2 / sum2, 0.0
    if method == "ML":
        squared = (data.q * at.weight[:, None] ** 2).T @ data.q
        return 2 / sum2, -float(np.trace(at.inverse @ squared)) / sum2
    return 2 * count / sum1**2, 2 * (count * sum2 - sum1**2) / sum1**3


def _at(data: _Data, sigma2: float) -> _At:
    weight = 1 / (sigma2 + data.v)
    inner = (data.q * weight[:, None]).T @ data.q
    inverted = inverse(inner)
    coefficients = inverted @ (data.q.T @ (weight * data.y))
    return _At(
        weight,
        inverted,
        coefficients,
        data.y - data.q @ coefficients,
        float(np.linalg.slogdet(inner)[1]),
    )


def _component(data: _Data, method: Method) -> float:
    """Return A: the best of a grid from 0 to far beyond the data, then refined. It may be 0."""
    rest = data.y - data.q @ (data.q.T @ data.y)
    scale = max(float(np.median(data.v)), float(rest @ rest) / len(rest))
    grid = scale * _GRID
    if method == "FH":
        return root(lambda a: _moment(data, a), 0.0, float(grid[-1]))
    restricted = method == "REML"
    best = int(np.argmax([_likelihood(data, float(a), restricted) for a in grid]))
    low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, len(grid) - 1)])
    if best and _score(data, low, restricted) * _score(data, high, restricted) > 0:
        found = minimize_scalar(lambda a: -_likelihood(data, a, restricted), bounds=(low, high))
        return float(found.x)
    return root(lambda a: _score(data, a, restricted), low, high)


def _moment(data: _Data, sigma2: float) -> float:
    at = _at(data, sigma2)
    return float((at.weight * at.residual**2).sum() - (len(data.y) - data.q.shape[1]))


def _score(data: _Data, sigma2: float, restricted: bool) -> float:
    """Return the derivative of the (restricted) log-likelihood in A."""
    at = _at(data, sigma2)
    trace = float(at.weight.sum())
    if restricted:
        squared = (data.q * at.weight[:, None] ** 2).T @ data.q
        trace -= float(np.trace(at.inverse @ squared))
    return 0.5 * (float(((at.weight * at.residual) ** 2).sum()) - trace)


def _likelihood(data: _Data, sigma2: float, restricted: bool) -> float:
    at = _at(data, sigma2)
    twice: float = float((at.weight * at.residual**2 - np.log(at.weight)).sum())
    free: int = len(data.y)
    if restricted:
        twice += at.log_det
        free -= data.q.shape[1]
    return float(-0.5 * (twice + free * math.log(2 * math.pi)))
