"""How far a published rate may be from the true one: two scenarios, because nobody outside BPS knows.

*Design*: what the number of households asked implies. *Implied*: what the published series itself
allows. They differ six times in size, so every probability is given in both.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np
from scipy.integrate import IntegrationWarning, quad

from rantang.cities.model import Survey
from rantang.projection.series import Series
from rantang.texts import mark

Kind = Literal["rancangan", "tersirat"]
KINDS: Final[tuple[Kind, ...]] = ("rancangan", "tersirat")

ASSUMED: Final = Survey(
    households=900,
    deff=1.9,
    source=mark(
        "assumption: the Susenas of March asks 800 to 1,000 households here, with a deff of 1.8 to 2.0"
    ),
    asumsi=True,
)
"""Where a place says nothing of its survey."""


@dataclass(frozen=True, slots=True)
class SamplingError:
    """A scenario of the sampling error.

    Attributes
    ----------
    se
        Standard error at the series' mean rate, points.
    rate
        The rate at which `se` holds, per cent.
    source
        Where it comes from; `asumsi`: an assumption is in it.
    """

    kind: Kind
    se: float
    rate: float
    source: str
    asumsi: bool

    @property
    def logit_sd(self) -> float:
        """Standard error on the logit (delta method): se / (p (1 - p)), all as fractions."""
        p = self.rate / 100
        return self.se / 100 / (p * (1 - p))

    def se_at(self, rate: float) -> float:
        """Return the standard error in points at another rate."""
        p = rate / 100
        if self.kind == "tersirat":
            return self.se
        return self.se * math.sqrt(p * (1 - p) / (self.rate / 100 * (1 - self.rate / 100)))

    def at(self, rate: float) -> SamplingError:
        """Return the same scenario at another rate."""
        return SamplingError(self.kind, self.se_at(rate), rate, self.source, self.asumsi)


def from_design(rate: float, survey: Survey | None = None) -> SamplingError:
    """Return the standard error that the survey's design implies.

    sqrt(deff p (1 - p) / n) with n households: a poor household is poor with all its members, so the
    household, not the person, is what is drawn (Kish 1965, design effect).
    """
    survey = survey or ASSUMED
    p = rate / 100
    se = 100 * math.sqrt(survey.deff * p * (1 - p) / survey.households)
    return SamplingError("rancangan", se, rate, survey.source, survey.asumsi)


def changes(series: Series) -> tuple[float, ...]:
    """Return the changes between figures of two years that follow each other, points."""
    pairs = pairwise(series.observations)
    return tuple(b.rate - a.rate for a, b in pairs if b.year == a.year + 1)


def from_series(series: Series) -> SamplingError | None:
    """Return the largest sampling error that the published series allows.

    If the true rate moved by the same step every year and all the rest were sampling error, yearly
    changes would have a variance of 2 se²: se = SD(changes) / sqrt 2. Any true up and down leaves less
    for the error, so this is an upper bound for errors that are independent from year to year. None
    where fewer than three changes are known, or there is none.
    """
    found = changes(series)
    if len(found) < 3:
        return None
    se = float(np.std(found, ddof=1)) / math.sqrt(2)
    if se <= 0:
        return None
    source = f"SD of {len(found)} yearly changes of the published series, divided by the root of 2"
    return SamplingError("tersirat", se, series.mean, source, asumsi=False)


def scenarios(series: Series, survey: Survey | None = None) -> tuple[SamplingError, ...]:
    """Return the scenarios that a series allows, the design's first."""
    implied = from_series(series)
    return (from_design(series.mean, survey), *((implied,) if implied else ()))


def calm(series: Series, se: float) -> float | None:
    """Return the probability that a series moves as little as this one did, if its error were `se`.

    The true rate may fall or rise steadily; the errors are independent. The sum of squares of the
    centred changes is then a weighted sum of chi-squares, whose distribution is integrated numerically
    (Imhof 1961). None where fewer than three years follow each other.
    """
    found = np.asarray(changes(series))
    if len(found) < 3:
        return None
    runs = _runs(series)
    covariance = np.zeros((len(found), len(found)))
    start = 0
    for length in runs:
        for n in range(length):
            covariance[start + n, start + n] = 2.0
            if n:
                covariance[start + n, start + n - 1] = covariance[start + n - 1, start + n] = -1.0
        start += length
    centre = np.eye(len(found)) - 1.0 / len(found)
    weights = np.linalg.eigvalsh(centre @ covariance @ centre) * se**2
    return below(float(((found - found.mean()) ** 2).sum()), weights[weights > 1e-12 * se**2])


def _runs(series: Series) -> list[int]:
    """Return how many changes follow each other without a missing year."""
    runs, length = [], 0
    for one, other in pairwise(series.years):
        if other == one + 1:
            length += 1
        elif length:
            runs.append(length)
            length = 0
    return [*runs, length] if length else runs


def below(value: float, weights: np.ndarray) -> float:
    """Return P(sum of weights × chi-square of one degree of freedom < value), by Imhof's formula."""

    def integrand(u: float) -> float:
        theta = 0.5 * (np.arctan(weights * u).sum() - value * u)
        rho = float(np.prod((1 + (weights * u) ** 2) ** 0.25))
        return float(np.sin(theta)) / (u * rho)

    with warnings.catch_warnings():
        # With few weights the integrand dies slowly; what is left is far below what is shown.
        warnings.simplefilter("ignore", IntegrationWarning)
        upper = 0.5 + quad(integrand, 0, np.inf, limit=1000, epsabs=1e-9)[0] / math.pi
    return float(min(max(1 - upper, 0.0), 1.0))
