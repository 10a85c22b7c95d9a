"""Empirical best prediction of poverty in areas, from households of a survey and a census' covariates.

Molina and Rao (2010): welfare, on a scale where it is normal, follows the nested error model; what is
not seen of an area is then normal given what is seen,

    w | sample ~ N(x'b + u_d, s_u² (1 - gamma_d) + s_e²),

so the expected share below the line has a closed form, and no Monte Carlo is needed. An area without
a sample has u_d = 0 and gamma_d = 0: the synthetic estimate, with the whole s_u² as its doubt.

Sampled households cannot be found again in the census (census EB: Correa, Molina & Rao 2012; Molina
2019); where 900 of 245,000 are sampled the difference is far below a thousandth.
Sources: Molina & Rao (2010) Canadian J. of Statistics 38; Guadarrama, Molina & Rao (2018) for the weights;
González-Manteiga et al. (2008) for the bootstrap.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix

from rantang.errors import RantangError
from rantang.measurement.small_area import nested_error
from rantang.measurement.small_area.arrays import Floats, Whole
from rantang.measurement.small_area.welfare_scale import Scale, choose, expected_fgt

FGT: Final = (0, 1, 2)
# Cells of the census × replicates held in memory at once (8 bytes each, several times over).
_AT_ONCE: Final = 2_000_000


@dataclass(frozen=True)
class Sample:
    """Households of the survey: (n,) per-capita welfare, (n, p) covariates with a constant, (n,) area.

    ``weight`` (n,) are household weights; None trusts the model alone, see `nested_error`.
    """

    welfare: Floats
    covariates: Floats
    area: Whole
    weight: Floats | None = None


@dataclass(frozen=True)
class Census:
    """Everybody, as rows of units or as cells: (N, p) covariates, (N,) area, persons, households.

    A row stands for ``households`` households (1 in a table of units) of ``persons`` persons in all.
    """

    covariates: Floats
    area: Whole
    persons: Floats
    households: Floats


@dataclass(frozen=True)
class Model:
    """A fitted model of welfare over D areas: the scale and one fit."""

    scale: Scale
    sample: Sample
    groups: nested_error.Groups
    fitted: nested_error.Fits


def fit(sample: Sample, areas: int, scale: Scale | None = None) -> Model:
    """Fit the model; `areas` is how many there are, `scale` chosen by likelihood where None.

    Raises
    ------
    RantangError
        ``AREA-KECIL-KOSONG`` missing values; ``AREA-KECIL-SEDIKIT`` fewer than 3 sampled areas or too few
        households; ``AREA-KECIL-KOVARIAT`` covariates that repeat each other.
    """
    _complete("welfare", sample.welfare)
    _complete("covariates", sample.covariates)
    sampled = len(np.unique(sample.area))
    if sampled < 3:
        raise RantangError("AREA-KECIL-SEDIKIT", sampled=sampled, needed=3)
    given = nested_error.groups(sample.covariates, sample.area, areas, sample.weight)
    scale = choose(given, sample.welfare) if scale is None else scale
    return Model(scale, sample, given, nested_error.fit(given, scale.forward(sample.welfare)[:, None]))


def _complete(what: str, values: Floats) -> None:
    rows = ~np.isfinite(values.reshape(len(values), -1)).all(axis=1)
    if rows.any():
        raise RantangError("AREA-KECIL-KOSONG", count=int(rows.sum()), what=what)


def as_cells(census: Census) -> Census:
    """Add up rows of one area with the same covariates: the same figures from far fewer rows."""
    keyed = np.column_stack([census.area.astype(np.float64), census.covariates])
    cells, place = np.unique(keyed, axis=0, return_inverse=True)
    place = place.reshape(-1)
    return Census(
        cells[:, 1:],
        cells[:, 0].astype(np.int64),
        np.bincount(place, census.persons).astype(np.float64),
        np.bincount(place, census.households).astype(np.float64),
    )


def predict(model: Model, census: Census, line: float, alphas: Sequence[int] = FGT) -> Floats:
    """Return the expected FGT of every area and alpha (D × len(alphas)), per person.

    NaN in an area of which the census has nobody.
    """
    _complete("covariates", census.covariates)
    shares = _shares(census, model.groups.areas)
    return _predicted(model.fitted, census, shares, line, model.scale, alphas)[:, :, 0]


def bootstrap_mse(
    model: Model,
    census: Census,
    line: float,
    alphas: Sequence[int] = FGT,
    *,
    replicates: int = 200,
    seed: int,
) -> Floats:
    """Return the mean squared error of `predict` (D × len(alphas)) by parametric bootstrap.

    Each replicate draws u_d and the sample's e_dj from the fitted model, fits anew (scale kept), predicts,
    and is held against the truth of that replicate. The truth is not drawn household by household: its
    mean and variance given u_d are closed, and the sample knows nothing of the variance's part, so

        MSE = mean over replicates of [(prediction - E(truth | u))² + Var(truth | u)].

    Not in it: the choice of scale and covariates, and that errors may not be normal (see `checks`).
    """
    random = np.random.default_rng(seed)
    shares = _shares(census, model.groups.areas)
    squared = _shares_squared(census, model.groups.areas)
    chunk = max(1, min(replicates, _AT_ONCE // max(len(census.area), len(model.sample.area))))
    total = np.zeros((model.groups.areas, len(alphas)))
    for first in range(0, replicates, chunk):
        count = min(chunk, replicates - first)
        drawn, effects = _drawn(model, count, random)
        fitted = nested_error.fit(model.groups, drawn, exact=False)
        guess = _predicted(fitted, census, shares, line, model.scale, alphas)
        truth, noise = _truth(model, effects, census, shares, squared, line, alphas)
        total += ((guess - truth) ** 2 + noise).sum(axis=2)
    return total / replicates


def _shares(census: Census, areas: int) -> csr_matrix:
    """D × N: each row's part of its area's persons."""
    persons = np.bincount(census.area, census.persons, minlength=areas)[census.area]
    rows = np.arange(len(census.area))
    return csr_matrix((census.persons / persons, (census.area, rows)), shape=(areas, len(rows)))


def _shares_squared(census: Census, areas: int) -> csr_matrix:
    """D × N: the sum of squares of the shares of a row's households, taken as of one size."""
    shares = _shares(census, areas)
    squared = shares.multiply(shares)
    return csr_matrix(squared.multiply(1 / np.maximum(census.households, 1.0)[None, :]))


def _predicted(
    fitted: nested_error.Fits,
    census: Census,
    shares: csr_matrix,
    line: float,
    scale: Scale,
    alphas: Sequence[int],
) -> Floats:
    """D × alphas × R."""
    mean = census.covariates @ fitted.coefficients + fitted.effects[census.area]
    doubt = np.sqrt(fitted.sigma2_u * (1 - fitted.gamma) + fitted.sigma2_e)[census.area]
    found = expected_fgt(mean, doubt, line, scale, alphas)
    return _known(np.stack([shares @ found[alpha] for alpha in alphas], axis=1), shares)


def _known(values: Floats, shares: csr_matrix) -> Floats:
    empty = np.diff(shares.indptr) == 0
    return np.where(empty[:, None, None], np.nan, values)


def _drawn(model: Model, count: int, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Return responses (n × count) drawn from the fitted model, and their area effects (D × count)."""
    fitted = model.fitted
    effects = random.normal(0.0, np.sqrt(fitted.sigma2_u), (model.groups.areas, count))
    errors = random.normal(0.0, np.sqrt(fitted.sigma2_e), (len(model.sample.area), count))
    return model.sample.covariates @ fitted.coefficients + effects[model.sample.area] + errors, effects


def _truth(
    model: Model,
    effects: Floats,
    census: Census,
    shares: csr_matrix,
    squared: csr_matrix,
    line: float,
    alphas: Sequence[int],
) -> tuple[Floats, Floats]:
    """Return mean and variance of every area's true FGT given its effect (D × alphas × R)."""
    mean = census.covariates @ model.fitted.coefficients + effects[census.area]
    deviation = np.sqrt(model.fitted.sigma2_e)
    both = {*alphas, *(2 * alpha for alpha in alphas)}
    power = expected_fgt(mean, deviation, line, model.scale, both)
    truth = np.stack([shares @ power[alpha] for alpha in alphas], axis=1)
    noise = [squared @ np.maximum(power[2 * alpha] - power[alpha] ** 2, 0.0) for alpha in alphas]
    return _known(truth, shares), _known(np.stack(noise, axis=1), shares)
