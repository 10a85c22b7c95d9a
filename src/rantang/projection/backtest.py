"""Would it have been right? Forecasts from past origins, scored on the figure that was published then.

An interval that is always right because it is wide loses: the interval score adds its width to the
misses (Gneiting & Raftery 2007), and the CRPS is the distance of a whole forecast from what came.
Both are in points of the rate, smaller is better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy.special import stdtr, stdtrit

from rantang.cities.model import Survey
from rantang.projection import sampling_error
from rantang.projection.mixture import Floats
from rantang.projection.model import FEWEST, fit
from rantang.projection.sampling_error import Kind
from rantang.projection.series import Series

LEVEL: Final = 0.9
HORIZONS: Final = (1, 2, 3)
_GRID: Final = 4000


class Forecast(Protocol):
    """A distribution of a figure that will be published, per cent."""

    def cdf(self, rate: float | Floats) -> Floats:
        """Return the probability of a rate at or below `rate`."""
        ...

    def quantile(self, q: float) -> float:
        """Return the rate below which the share `q` lies."""
        ...


@dataclass(frozen=True)
class Student:
    """A t distribution (normal where `df` is infinite) around a point forecast: the plain rivals'."""

    centre: float
    scale: float
    df: float = np.inf

    def cdf(self, rate: float | Floats) -> Floats:
        """Return the probability of a rate at or below `rate`."""
        return np.asarray(stdtr(self.df, (np.asarray(rate) - self.centre) / self.scale))

    def quantile(self, q: float) -> float:
        """Return the rate below which the share `q` lies."""
        return float(self.centre + self.scale * stdtrit(self.df, q))


@dataclass(frozen=True, slots=True)
class Score:
    """One forecast held to what was published."""

    method: str
    origin: int
    year: int
    low: float
    high: float
    published: float
    interval_score: float
    crps: float

    @property
    def covered(self) -> bool:
        """Whether the interval held the figure."""
        return self.low <= self.published <= self.high


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over all forecasts of a method: points, and the share of figures in the interval."""

    method: str
    forecasts: int
    interval_score: float
    crps: float
    coverage: float
    width: float


def interval_score(low: float, high: float, came: float, level: float = LEVEL) -> float:
    """Return the interval score: width, and 2 / (1 - level) times what it missed by, points."""
    miss = max(low - came, 0.0) + max(came - high, 0.0)
    return high - low + 2 / (1 - level) * miss


def crps(forecast: Forecast, came: float) -> float:
    """Return the continuous ranked probability score, points: the integral of (F(x) - 1{x >= came})²."""
    low = min(forecast.quantile(1e-5), came) - 0.05
    high = max(forecast.quantile(1 - 1e-5), came) + 0.05
    below, above = np.linspace(low, came, _GRID), np.linspace(came, high, _GRID)
    left = np.trapezoid(forecast.cdf(below) ** 2, below)
    right = np.trapezoid((1 - forecast.cdf(above)) ** 2, above)
    return float(left + right)


def last_value(series: Series, year: int) -> Forecast:
    """Forecast the last figure again; its error grows as the root of the years, as past changes did."""
    gaps = np.diff(series.years)
    steps = np.diff(series.rates) / np.sqrt(gaps)
    scale = float(np.sqrt(np.mean(steps**2)))
    return Student(series.last.rate, max(scale, 1e-3) * float(np.sqrt(year - series.last.year)))


def linear_trend(series: Series, year: int) -> Forecast:
    """Forecast the least squares line with its prediction interval (t with n - 2 degrees)."""
    x, y = np.asarray(series.years, dtype=float), np.asarray(series.rates)
    slope, base = np.polyfit(x, y, 1)
    n = len(x)
    s2 = float(((y - base - slope * x) ** 2).sum()) / (n - 2)
    spread = 1 + 1 / n + (year - x.mean()) ** 2 / ((x - x.mean()) ** 2).sum()
    return Student(float(base + slope * year), max(float(np.sqrt(s2 * spread)), 1e-3), n - 2)


def state_space(kind: Kind, survey: Survey | None = None) -> Callable[[Series, int], Forecast | None]:
    """Return the model's forecast of a published figure in a scenario; None where it has none."""

    def forecast(series: Series, year: int) -> Forecast | None:
        for error in sampling_error.scenarios(series, survey):
            if error.kind == kind:
                return fit(series.observations, error, year).published(year)
        return None

    return forecast


def methods(survey: Survey | None = None) -> Mapping[str, Callable[[Series, int], Forecast | None]]:
    """Return what is compared: the model in each scenario, and the two plain rivals."""
    return {
        **{kind: state_space(kind, survey) for kind in sampling_error.KINDS},
        "nilai-terakhir": last_value,
        "tren-lurus": linear_trend,
    }


def backtest(
    series: Series, survey: Survey | None = None, horizons: Sequence[int] = HORIZONS, first: int = FEWEST + 1
) -> tuple[Score, ...]:
    """Forecast from every origin that leaves at least `first` figures, and score what came.

    A forecast uses figures up to its origin only, and so does its sampling error.
    """
    return tuple(
        score
        for name, forecast in methods(survey).items()
        for score in _scores(name, forecast, series, horizons, first)
    )


def _scores(
    name: str,
    forecast: Callable[[Series, int], Forecast | None],
    series: Series,
    horizons: Sequence[int],
    first: int,
) -> Iterator[Score]:
    for origin in series.years[first - 1 : -1]:
        past = series.until(origin)
        for horizon in horizons:
            came = series.rate_in(origin + horizon)
            made = forecast(past, origin + horizon) if came is not None else None
            if came is None or made is None:
                continue
            low, high = made.quantile((1 - LEVEL) / 2), made.quantile((1 + LEVEL) / 2)
            yield Score(
                name,
                origin,
                origin + horizon,
                low,
                high,
                came,
                interval_score(low, high, came),
                crps(made, came),
            )


def summarise(scores: Sequence[Score]) -> tuple[Summary, ...]:
    """Return the mean scores of each method over the forecasts that every method made."""
    names = list(dict.fromkeys(score.method for score in scores))
    each = [{(s.origin, s.year) for s in scores if s.method == name} for name in names]
    common = set.intersection(*each) if each else set()
    found = []
    for name in names:
        mine = [s for s in scores if s.method == name and (s.origin, s.year) in common]
        if mine:
            found.append(
                Summary(
                    name,
                    len(mine),
                    float(np.mean([s.interval_score for s in mine])),
                    float(np.mean([s.crps for s in mine])),
                    float(np.mean([s.covered for s in mine])),
                    float(np.mean([s.high - s.low for s in mine])),
                )
            )
    return tuple(found)
