"""The nested error model of Battese, Harter and Fuller, fitted by restricted likelihood.

    w_dj = x_dj'b + u_d + e_dj,   u_d ~ N(0, s_u²),   e_dj ~ N(0, s_e²)

All that a fit needs of the rows are sums over areas, so one search over the ratio s_u² / s_e² fits
hundreds of responses (bootstrap replicates) at once.

With survey weights b and u are those of You and Rao (2002), "pseudo-EBLUP": the area's mean is the
weighted one, so that they hold their design's consistency in large areas; the variances stay REML's.
Sources: Battese, Harter & Fuller (1988) JASA 83; You & Rao (2002) Canadian J. of Statistics 30; Rao &
Molina (2015) ch. 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.measurement.small_area.arrays import Floats, Whole, inverse, orthogonal, root

# s_u² / s_e² times the mean sample of an area; beyond the last, areas are told apart without doubt.
_GRID: Final = np.concatenate([[0.0], np.logspace(-4, 4, 97)])


@dataclass(frozen=True)
class Groups:
    """What fits need of the covariates: n rows in D areas (some may have none), p covariates.

    ``basis`` is n × p and orthonormal; ``to_covariates`` (p × p) turns its coefficients into those of the
    covariates. ``share`` holds each row's part of its area's (survey) weight.
    """

    area: Whole
    size: Floats
    basis: Floats
    to_covariates: Floats
    mean: Floats
    share: Floats | None
    weight: Floats | None

    @property
    def areas(self) -> int:
        """How many areas there are, sampled or not."""
        return len(self.size)


@dataclass(frozen=True)
class Fits:
    """One fit a response (R of them): (R,) variances and log-likelihoods, (p, R) coefficients.

    ``effects`` (D, R) are the predicted u_d, 0 in areas without rows; ``gamma`` (D, R) how far an area's
    own rows are believed.
    """

    sigma2_u: Floats
    sigma2_e: Floats
    coefficients: Floats
    effects: Floats
    gamma: Floats
    log_likelihood: Floats


def groups(covariates: Floats, area: Whole, areas: int, weight: Floats | None = None) -> Groups:
    """Collect what fits need of `covariates` (n × p, with a constant) in rows of `area` (0 … areas - 1).

    `weight` are the survey's household weights, for pseudo-EB; without them every row counts once.

    Raises
    ------
    RantangError
        ``AREA-KECIL-SEDIKIT``, ``AREA-KECIL-KOVARIAT``: see `orthogonal`; fewer than 3 areas with rows.
    """
    basis, r = orthogonal(covariates)
    size = np.bincount(area, minlength=areas).astype(np.float64)
    share = None
    if weight is not None:
        share = weight / np.bincount(area, weight, minlength=areas)[area]
    mean = _area_means(basis, area, size)
    return Groups(area, size, basis, inverse(r), mean, share, weight)


def _area_means(values: Floats, area: Whole, size: Floats) -> Floats:
    sums = np.zeros((len(size), values.shape[1]))
    np.add.at(sums, area, values)
    return sums / np.maximum(size, 1.0)[:, None]


def fit(given: Groups, responses: Floats, *, exact: bool = True) -> Fits:
    """Fit every column of `responses` (n × R).

    `exact` refines the ratio of each fit to nine digits; without it a parabola through three points of
    the grid gives about three, which is what a bootstrap needs.
    """
    search = _Search(given, responses)
    ratio = search.refined() if exact else search.interpolated()
    return _at(given, responses, search, ratio)


class _Search:
    """The profile likelihood of R responses over the ratio s_u² / s_e²."""

    def __init__(self, given: Groups, responses: Floats) -> None:
        self.size, self.mean = given.size, given.mean
        self.basis = given.basis
        # Ordinary least squares first: what is searched are residuals, where nothing cancels.
        self.plain = given.basis.T @ responses
        self.rest = responses - given.basis @ self.plain
        self.rest_mean = _area_means(self.rest, given.area, given.size)
        self.square = (self.rest**2).sum(axis=0)
        self.free = len(responses) - given.basis.shape[1]
        self.grid = _GRID / (given.size.sum() / np.count_nonzero(given.size))

    def sums(self, ratio: float) -> tuple[Floats, Floats, Floats]:
        """Return s_e² × X'V⁻¹X, the coefficients beside plain least squares, and the residual sum."""
        weight = self.size**2 * ratio / (1 + self.size * ratio)
        inner = np.eye(self.mean.shape[1]) - (self.mean * weight[:, None]).T @ self.mean
        cross = -(self.mean * weight[:, None]).T @ self.rest_mean
        more = inverse(inner) @ cross
        left = self.square - weight @ self.rest_mean**2 - (cross * more).sum(axis=0)
        return inner, more, np.maximum(left, np.finfo(np.float64).tiny)

    def deviance(self, ratio: float) -> Floats:
        """Return minus twice the restricted log-likelihood, without its constant, of every response."""
        inner, _, left = self.sums(ratio)
        logs = np.log1p(self.size * ratio).sum() + np.linalg.slogdet(inner)[1]
        return np.asarray(self.free * np.log(left) + logs, dtype=np.float64)

    def slope(self, ratio: float, column: int) -> float:
        """Return the derivative of one response's deviance in the ratio.

        How the coefficients move does not matter: they are the best at every ratio.
        """
        inner, more, left = self.sums(ratio)
        shrunk = self.size / (1 + self.size * ratio)
        faster = shrunk**2
        unexplained = self.rest_mean[:, column] - self.mean @ more[:, column]
        spread = np.einsum("di,ij,dj->d", self.mean, inverse(inner), self.mean)
        logs = shrunk.sum() - faster @ spread
        return float(logs - self.free * (faster @ unexplained**2) / left[column])

    def best(self) -> tuple[Floats, Whole]:
        """Return the deviance over the grid (G × R) and where each response is smallest."""
        deviance = np.stack([self.deviance(float(ratio)) for ratio in self.grid])
        return deviance, np.asarray(deviance.argmin(axis=0), dtype=np.int64)

    def interpolated(self) -> Floats:
        deviance, place = self.best()
        inside = np.clip(place, 2, len(self.grid) - 2)
        every = np.arange(deviance.shape[1])
        before, here, after = (deviance[inside + step, every] for step in (-1, 0, 1))
        curve = before - 2 * here + after
        step = np.where(curve > 0, 0.5 * (before - after) / np.where(curve > 0, curve, 1.0), 0.0)
        factor = self.grid[2] / self.grid[1]
        finer = self.grid[inside] * factor ** np.clip(step, -1, 1)
        return np.asarray(np.where(place == inside, finer, self.grid[place]), dtype=np.float64)

    def refined(self) -> Floats:
        _, place = self.best()
        return np.array([self._refine(column, int(at)) for column, at in enumerate(place)])

    def _refine(self, column: int, place: int) -> float:
        if place == 0:
            return 0.0
        low, high = self.grid[max(place - 1, 1)], self.grid[min(place + 1, len(self.grid) - 1)]
        return root(lambda ratio: -self.slope(ratio, column), float(low), float(high))


def _at(given: Groups, responses: Floats, search: _Search, ratio: Floats) -> Fits:
    """Return the fits at each response's own ratio; equal ratios (often 0) are solved together."""
    wide, count = search.plain.shape
    beta, sigma2_e, likelihood = np.empty((wide, count)), np.empty(count), np.empty(count)
    for value in np.unique(ratio):
        same = ratio == value
        _, more, left = search.sums(float(value))
        beta[:, same] = (search.plain + more)[:, same]
        sigma2_e[same] = left[same] / search.free
        deviance = search.deviance(float(value))[same] + search.free * (1 - np.log(search.free))
        likelihood[same] = -0.5 * (deviance + search.free * np.log(2 * np.pi))
    sigma2_u = ratio * sigma2_e
    if given.share is None:
        gamma = given.size[:, None] * ratio / (1 + given.size[:, None] * ratio)
        seen = _area_means(responses - given.basis @ beta, given.area, given.size)
    else:
        beta, gamma, seen = _weighted(given, responses, ratio)
    return Fits(sigma2_u, sigma2_e, given.to_covariates @ beta, gamma * seen, gamma, likelihood)


def _weighted(given: Groups, responses: Floats, ratio: Floats) -> tuple[Floats, Floats, Floats]:
    """Return You and Rao's coefficients, gamma_dw and weighted mean residuals."""
    assert given.share is not None and given.weight is not None  # noqa: S101  (the caller looked)
    areas, share, weight = given.areas, given.share, given.weight
    ones = np.ones(areas)
    concentration = np.bincount(given.area, share**2, minlength=areas)
    concentration = np.where(given.size > 0, concentration, np.inf)
    gamma = ratio / (ratio + concentration[:, None])
    total = np.bincount(given.area, weight, minlength=areas)
    mean = _area_means(given.basis * share[:, None], given.area, ones)
    mean_y = _area_means(responses * share[:, None], given.area, ones)
    whole = (given.basis * weight[:, None]).T @ given.basis
    cross = (given.basis * weight[:, None]).T @ responses
    pull = gamma * total[:, None]
    inner = whole - np.einsum("dr,di,dj->rij", pull, mean, mean, optimize=True)
    outer = cross - np.einsum("dr,di,dr->ir", pull, mean, mean_y, optimize=True)
    beta = np.linalg.solve(inner, outer.T[:, :, None])[:, :, 0].T
    return beta, gamma, mean_y - mean @ beta
