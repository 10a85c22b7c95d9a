"""The path of the true rate: a state-space model on the logit, with the sampling error as an input.

    y(t) = level(t) + e(t)                         e ~ N(0, sampling error² on the logit)
    level(t+1) = level(t) + drift + push(t+1) + n  n ~ N(0, move²)

Priors, all on the logit, and assumptions of ours: the first level N(logit of the mean rate, 2²), which
says nothing; the drift N(0, 0.02²), so that a rate which falls by 4 % of itself year after year must
show it; the yearly move half-normal(0.1), as in the first year of the pandemic. `push` is what growth
and the line are known to do (`covariates`), zero without.

The move is integrated over a grid, the rest is exact (Kalman filter and smoother of statsmodels):
nothing is drawn by chance. Years without a figure are simply not observed. Durbin & Koopman (2012),
Time Series Analysis by State Space Methods, chapters 4 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rantang.errors import RantangError
from rantang.projection.mixture import Floats, Mixture, to_logit, to_rate
from rantang.projection.sampling_error import SamplingError
from rantang.projection.series import Observation

LEVEL_SD: Final = 2.0
DRIFT_SD: Final = 0.02
MOVE_SD: Final = 0.1
MOVES: Final = np.linspace(0.005, 0.395, 27)
"""Grid of the yearly move, up to four times its prior's scale."""
FEWEST: Final = 4
"""Fewer figures say nothing of a drift and of an error at once."""


@dataclass(frozen=True)
class Path:
    """What the model says of every year from the first figure to the horizon.

    Attributes
    ----------
    weights
        Posterior weight of each yearly move of the grid.
    means, sds
        Level on the logit, one row a move and one column a year, given every figure.
    drift_means, drift_sds
        The drift, given each move.
    error
        The scenario of the sampling error.
    evidence
        Log of the marginal likelihood: paths of the same figures and error may be compared by it.
    """

    years: tuple[int, ...]
    weights: Floats
    moves: Floats
    means: Floats
    sds: Floats
    drift_means: Floats
    drift_sds: Floats
    error: SamplingError
    evidence: float

    def true(self, year: int) -> Mixture:
        """Return the distribution of the true rate in a year of the path."""
        at = self.years.index(year)
        return Mixture(self.weights, self.means[:, at], self.sds[:, at])

    def published(self, year: int) -> Mixture:
        """Return the distribution of a figure that a new survey of that year would publish."""
        true = self.true(year)
        middle = float(to_rate(true.weights @ true.means))
        return true.wider(self.error.at(middle).logit_sd)

    @property
    def drift(self) -> Mixture:
        """The yearly drift on the logit; about the relative change a year of a small rate."""
        return Mixture(self.weights, self.drift_means, self.drift_sds)


def fit(
    observations: Sequence[Observation],
    error: SamplingError,
    until: int,
    push: Mapping[int, float] | None = None,
) -> Path:
    """Fit the model and return the path up to a year.

    Parameters
    ----------
    observations
        Published rates, per cent, in any order.
    until
        Last year of the path; at least the last published one.
    push
        Known change of the logit from the year before, by year (`covariates.push`).

    Raises
    ------
    RantangError
        ``PROYEKSI-DERET``: fewer than four figures; ``STATISTIK-TIDAK-ADA``.
    """
    if len({each.year for each in observations}) < FEWEST:
        raise RantangError("PROYEKSI-DERET", found=len(observations), needed=FEWEST)
    ordered = sorted(observations, key=lambda each: each.year)
    years = tuple(range(ordered[0].year, max(until, ordered[-1].year) + 1))
    y = np.full(len(years), np.nan)
    for each in ordered:
        y[each.year - years[0]] = to_logit(each.rate)
    pushes = np.array([(push or {}).get(year, 0.0) for year in years])
    runs = [smooth(y, error.logit_sd, float(move), pushes) for move in MOVES]
    evidence = np.array([run[0] for run in runs])
    prior = np.exp(-0.5 * (MOVES / MOVE_SD) ** 2)
    weights = np.exp(evidence - evidence.max()) * prior
    states = np.array([run[1] for run in runs])
    spreads = np.sqrt(np.maximum(np.array([run[2] for run in runs]), 1e-14))
    return Path(
        years=years,
        weights=weights / weights.sum(),
        moves=MOVES,
        means=states[:, 0, :],
        sds=spreads[:, 0, :],
        drift_means=states[:, 1, -1],
        drift_sds=spreads[:, 1, -1],
        error=error,
        evidence=float(evidence.max() + np.log(weights.sum() / prior.sum())),
    )


def smooth(y: Floats, noise: float, move: float, push: Floats) -> tuple[float, Floats, Floats]:
    """Filter and smooth one series given a yearly move.

    Returns
    -------
    tuple
        Log likelihood of the figures; smoothed states (level, drift) by year; their variances.
    """
    model = _smoother()(k_endog=1, k_states=2, k_posdef=1)
    model.bind(np.ascontiguousarray(y[None, :]))
    model["design"] = np.array([[1.0, 0.0]])
    model["transition"] = np.array([[1.0, 1.0], [0.0, 1.0]])
    model["selection"] = np.array([[1.0], [0.0]])
    model["state_cov"] = np.array([[move**2]])
    model["obs_cov"] = np.array([[noise**2]])
    # statsmodels adds the intercept of year t on the way to t + 1.
    model["state_intercept"] = np.vstack([np.append(push[1:], 0.0), np.zeros(len(y))])
    start = np.array([float(np.nanmean(y)), 0.0])
    model.initialize_known(start, np.diag([LEVEL_SD**2, DRIFT_SD**2]))
    found = model.smooth()
    variances = np.stack([found.smoothed_state_cov[n, n, :] for n in range(2)])
    return float(found.llf_obs.sum()), np.asarray(found.smoothed_state), variances


def from_quoted(path: Path, rate: float, year: int, until: int) -> Path:
    """Return the path that starts at a quoted rate and moves as the published series does.

    Nothing is known of a quoted figure's own error, so it carries a survey's (an assumption). Drift
    and yearly move are those that `path` found; only the level is the quoted one.
    """
    error = path.error.at(rate)
    years = tuple(range(year, until + 1))
    ahead = np.arange(len(years), dtype=float)
    variance = error.logit_sd**2 + np.outer(path.drift_sds**2, ahead**2) + np.outer(path.moves**2, ahead)
    return Path(
        years=years,
        weights=path.weights,
        moves=path.moves,
        means=float(to_logit(rate)) + np.outer(path.drift_means, ahead),
        sds=np.sqrt(variance),
        drift_means=path.drift_means,
        drift_sds=path.drift_sds,
        error=error,
        evidence=path.evidence,
    )


def _smoother() -> Any:
    try:
        from statsmodels.tsa.statespace.kalman_smoother import KalmanSmoother  # noqa: PLC0415  (an extra)
    except ImportError:
        raise RantangError("STATISTIK-TIDAK-ADA") from None
    return KalmanSmoother
