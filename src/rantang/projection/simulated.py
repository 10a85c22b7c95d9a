"""Made-up cities whose true rate is known: how often the intervals hold what is published next.

Nothing of them comes from the model that is judged: rates, drifts, moves and gaps have distributions
of their own, one kind breaks its trend, one has a shock, and one is published smoother than it was
surveyed. The seed is the caller's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.cities.model import Survey
from rantang.projection.backtest import HORIZONS, LEVEL, Score, crps, interval_score, methods
from rantang.projection.mixture import Floats, to_logit, to_rate
from rantang.projection.sampling_error import ASSUMED
from rantang.projection.series import Observation, Series

KINDS: Final = ("tetap", "berbelok", "guncangan", "dihaluskan")
"""Steady, bent, shocked, and smoothed before it is published."""
_PAST: Final = 11
_MISSING: Final = 0.12
_KEPT: Final = 0.75
"""Share of last year's figure in a smoothed one; it brings a design's error down to about a third."""


@dataclass(frozen=True)
class City:
    """A made-up city: what was published until the origin, and what came."""

    kind: str
    past: Series
    came: dict[int, float]


def city(kind: str, seed: int, survey: Survey = ASSUMED) -> City:
    """Return a made-up city of a kind."""
    rng = np.random.default_rng([KINDS.index(kind), seed])
    length = _PAST + max(HORIZONS)
    true = to_rate(_path(kind, length, rng))
    spread = 100 * np.sqrt(survey.deff * true / 100 * (1 - true / 100) / survey.households)
    figures = np.clip(true + rng.normal(size=length) * spread, 0.2, 99)
    if kind == "dihaluskan":
        for n in range(1, length):
            figures[n] = _KEPT * figures[n - 1] + (1 - _KEPT) * figures[n]
    figures = figures.round(2)
    kept = [n for n in range(_PAST - 1) if n < 2 or rng.random() > _MISSING] + [_PAST - 1]
    past = tuple(Observation(2000 + n, float(figures[n])) for n in kept)
    return City(kind, Series(kind, past), {2000 + n: float(figures[n]) for n in range(_PAST, length)})


def _path(kind: str, length: int, rng: np.random.Generator) -> Floats:
    """Return a true path on the logit."""
    start = float(to_logit(np.exp(rng.uniform(np.log(3), np.log(25)))))
    drift = np.full(length, rng.normal(-0.02, 0.02))
    if kind == "berbelok":
        drift[rng.integers(3, length - 2) :] += rng.normal(0, 0.04)
    if kind == "guncangan":
        drift[rng.integers(2, length)] += rng.choice([-1, 1]) * rng.uniform(0.05, 0.15)
    return np.asarray(start + np.cumsum(drift + rng.normal(0, rng.uniform(0.005, 0.08), length)))


def scores(kind: str, seeds: range, survey: Survey = ASSUMED) -> tuple[Score, ...]:
    """Score the model and the plain rivals on made-up cities; a score's `origin` is the city's seed."""
    found = []
    for seed in seeds:
        made = city(kind, seed, survey)
        for name, forecast in methods(survey).items():
            for year, came in made.came.items():
                foreseen = forecast(made.past, year)
                if foreseen is None:
                    continue
                low, high = (foreseen.quantile(q) for q in ((1 - LEVEL) / 2, (1 + LEVEL) / 2))
                found.append(
                    Score(
                        name, seed, year, low, high, came,
                        interval_score(low, high, came), crps(foreseen, came),
                    )
                )  # fmt: skip
    return tuple(found)
