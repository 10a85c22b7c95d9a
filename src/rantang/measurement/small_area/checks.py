"""Does the model hold? What a statistician looks at before believing it, as data for a page.

Nothing here decides; every figure has its name, and `concerns` lists what lies beyond common limits.
Sources: Rao & Molina (2015) sec. 6.4, 7.2; Shapiro & Wilk (1965); Cook (1977).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import ndtri

from rantang.measurement.small_area.arrays import Floats
from rantang.measurement.small_area.eb import Model
from rantang.measurement.small_area.fay_herriot import FayHerriot

DOUBTFUL: Final = 0.01
# Shapiro and Wilk's table ends there; beyond it a trifle is "significant".
_MOST_TESTED: Final = 5000
_POINTS: Final = 101


@dataclass(frozen=True)
class Normality:
    """How normal values are: moments, Shapiro–Wilk's p (NaN below 3 values), points of a QQ plot.

    ``theoretical`` and ``observed`` are at most 101 quantiles of the standardised values.
    """

    count: int
    skew: float
    excess_kurtosis: float
    p_value: float
    theoretical: Floats
    observed: Floats


@dataclass(frozen=True)
class Checks:
    """The checks of one model.

    ``spread_with_fit``: Spearman's correlation of the residuals' size with the fitted value, and its p;
    ``influence``: Cook's distance, one an area (Fay–Herriot) or the largest household's (nested error);
    ``gamma``: how far each area's own sample is believed; ``share_synthetic``: part of the areas without
    sample; ``between``: part of the variance left by the covariates that lies between areas.
    """

    residuals: Normality
    effects: Normality
    spread_with_fit: tuple[float, float]
    influence: Floats
    gamma: Floats
    share_synthetic: float
    between: float
    concerns: tuple[str, ...]


def of_area_model(fitted: FayHerriot) -> Checks:
    """Check a Fay–Herriot model: residuals y - x'b over their own standard deviation."""
    seen = fitted.sampled
    residual = (fitted.direct - fitted.synthetic)[seen]
    variance = fitted.sigma2 + fitted.sampling_variance[seen]
    leverage = fitted.leverage[seen]
    standard = residual / np.sqrt(variance * np.maximum(1 - leverage, 1e-12))
    effects = (fitted.gamma * np.where(seen, fitted.direct - fitted.synthetic, 0.0))[seen]
    influence = np.zeros(len(seen))
    influence[seen] = standard**2 * leverage / np.maximum(1 - leverage, 1e-12) / len(fitted.coefficients)
    between = fitted.sigma2 / (fitted.sigma2 + float(np.mean(fitted.sampling_variance[seen])))
    return _checks(standard, fitted.synthetic[seen], effects, influence, fitted.gamma, seen, between)


def of_unit_model(model: Model) -> Checks:
    """Check a nested error model: household residuals on the scale of the model, and area effects."""
    fitted, given = model.fitted, model.groups
    area = given.area
    effects = fitted.effects[:, 0]
    fit = model.sample.covariates @ fitted.coefficients[:, 0]
    residual = (model.scale.forward(model.sample.welfare) - fit - effects[area]) / np.sqrt(fitted.sigma2_e[0])
    leverage = (given.basis**2).sum(axis=1)
    cook = residual**2 * leverage / (1 - leverage) ** 2 / given.basis.shape[1]
    influence = np.zeros(given.areas)
    np.maximum.at(influence, area, cook)
    gamma = fitted.gamma[:, 0]
    seen = given.size > 0
    # Predicted effects shrink by gamma: over their own deviation they should be standard normal.
    own = np.sqrt(np.maximum(fitted.sigma2_u[0] * gamma[seen], np.finfo(np.float64).tiny))
    between = float(fitted.sigma2_u[0] / (fitted.sigma2_u[0] + fitted.sigma2_e[0]))
    return _checks(residual, fit, effects[seen] / own, influence, gamma, seen, between)


def _checks(
    residual: Floats,
    fit: Floats,
    effects: Floats,
    influence: Floats,
    gamma: Floats,
    seen: np.ndarray,
    between: float,
) -> Checks:
    from scipy.stats import spearmanr  # noqa: PLC0415  (it takes a second to load: only a survey needs it)

    residuals, areas = normality(residual), normality(effects)
    size = np.abs(residual)
    constant = np.ptp(fit) == 0 or np.ptp(size) == 0
    related = (0.0, 1.0) if constant else tuple(float(x) for x in spearmanr(size, fit))
    found = {
        "residuals-not-normal": residuals.p_value < DOUBTFUL,
        "effects-not-normal": areas.p_value < DOUBTFUL,
        "spread-grows-with-fit": related[1] < DOUBTFUL,
        "single-observation-decides": bool((influence > 1).any()),
        "no-variance-between-areas": between == 0,
    }
    concerns = tuple(name for name, is_so in found.items() if is_so)
    synthetic = float(1 - np.mean(seen))
    return Checks(residuals, areas, (related[0], related[1]), influence, gamma, synthetic, between, concerns)


def normality(values: Floats) -> Normality:
    """Return how normal `values` are."""
    from scipy.stats import kurtosis, shapiro, skew  # noqa: PLC0415  (see `_checks`)

    deviation = float(values.std())
    if len(values) < 3 or deviation == 0:
        none = np.zeros(0)
        return Normality(len(values), 0.0, 0.0, float("nan"), none, none)
    tested = values if len(values) <= _MOST_TESTED else np.sort(values)[:: len(values) // _MOST_TESTED + 1]
    count = min(len(values), _POINTS)
    places = (np.arange(count) + 0.5) / count
    return Normality(
        len(values),
        float(skew(values)),
        float(kurtosis(values)),
        float(shapiro(tested).pvalue),
        np.asarray(ndtri(places), dtype=np.float64),
        np.asarray(np.quantile((values - values.mean()) / deviation, places), dtype=np.float64),
    )
