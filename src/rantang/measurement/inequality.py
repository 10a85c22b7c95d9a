"""Inequality: Gini, quantile shares, S80/S20. Rows come in rising order of welfare.

Estimators and scores are those of R convey 1.0 (`svygini`, `svyisq`, `svyqsr`), so that figures can be
compared to the last digit. convey ranks a row by the cumulated weight up to its end and takes off one
*person*, as if a row of weight w were w persons of rising rank; `gini_lorenz` is twice the area between
the diagonal and the Lorenz curve of the weighted rows. The two differ by about the mean weight over the
population; only the second is the same when a row is split or all weights are multiplied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from rantang.measurement.design import Floats
from rantang.measurement.scored import Scored, combined

EXACT: Final = 1e-12


def quantile(welfare: Floats, weight: Floats, share: float) -> float:
    """Return the smallest welfare up to which at least `share` of the weight lies."""
    cumulated = np.cumsum(weight)
    place = int(np.searchsorted(cumulated, share * cumulated[-1] * (1 - EXACT)))
    return float(welfare[min(place, len(welfare) - 1)])


def bandwidth(welfare: Floats, weight: Floats) -> float:
    """Return convey's `h_fun`: the weighted standard deviation over the fifth root of the population."""
    total = weight.sum()
    mean = (weight * welfare).sum() / total
    return float(np.sqrt((weight * (welfare - mean) ** 2).sum() / total) / total**0.2)


def kernel(welfare: Floats, weight: Floats, at: float) -> Floats:
    """Return the weighted Gaussian kernel of each row at a point, over the bandwidth."""
    width = bandwidth(welfare, weight)
    if not width:
        return np.zeros_like(welfare)
    u = (at - welfare) / width
    found: Floats = weight * np.exp(-(u**2) / 2) / (np.sqrt(2 * np.pi) * width)
    return found


def density(welfare: Floats, weight: Floats, at: float) -> float:
    """Return the density of welfare at a point (convey's `densfun`)."""
    return float(kernel(welfare, weight, at).sum() / weight.sum())


def quantile_scored(welfare: Floats, weight: Floats, share: float) -> Scored:
    """A quantile; linearised by the density at it (Deville 1999; Osier 2009)."""
    value = quantile(welfare, weight, share)

    def scores() -> Floats:
        slope = density(welfare, weight, value)
        if not slope:
            return np.full(len(welfare), np.nan)
        found: Floats = -((welfare <= value) - share) / (weight.sum() * slope)
        return found

    return Scored(value, scores)


def below(welfare: Floats, weight: Floats, share: float) -> Scored:
    """Total welfare of those up to a quantile (convey's `svyisq`)."""
    value = quantile(welfare, weight, share)
    poor = welfare <= value

    def scores() -> Floats:
        near = kernel(welfare, weight, value)
        if not near.sum():
            return np.full(len(welfare), np.nan)
        # dT/dq over dF/dq, both estimated with the same kernel
        slope = (near * welfare).sum() / near.sum()
        found: Floats = welfare * poor - slope * (poor - share)
        return found

    return Scored(float((weight * welfare)[poor].sum()), scores)


def total(welfare: Floats, weight: Floats) -> Scored:
    """Total welfare."""
    return Scored(float((weight * welfare).sum()), lambda: welfare)


def share_between(welfare: Floats, weight: Floats, low: float, high: float) -> Scored:
    """Share of all welfare that goes to those between two quantiles."""
    whole = total(welfare, weight)
    if whole.value <= 0:
        return Scored(np.nan, lambda: np.full(len(welfare), np.nan))
    upper = below(welfare, weight, high) if high < 1 else whole
    lower = below(welfare, weight, low) if low > 0 else Scored(0.0, lambda: np.zeros_like(welfare))
    value = (upper.value - lower.value) / whole.value
    parts = {
        "upper": (1 / whole.value, upper),
        "lower": (-1 / whole.value, lower),
        "whole": (-value / whole.value, whole),
    }
    return combined(value, parts)


def s80s20(welfare: Floats, weight: Floats) -> Scored:
    """Welfare of the richest fifth over that of the poorest (convey's `svyqsr`)."""
    whole, up_to_80, poorest = (
        total(welfare, weight),
        below(welfare, weight, 0.8),
        below(welfare, weight, 0.2),
    )
    if poorest.value <= 0:
        return Scored(np.nan, lambda: np.full(len(welfare), np.nan))
    richest = whole.value - up_to_80.value
    value = richest / poorest.value
    parts = {
        "whole": (1 / poorest.value, whole),
        "up_to_80": (-1 / poorest.value, up_to_80),
        "poorest": (-value / poorest.value, poorest),
    }
    return combined(value, parts)


def _gini(welfare: Floats, weight: Floats, persons: float) -> Scored:
    """Gini; `persons` 1 takes off one person as convey does, 0 takes off half the row's own weight."""
    n, y = float(weight.sum()), float((weight * welfare).sum())
    if y <= 0:
        return Scored(np.nan, lambda: np.full(len(welfare), np.nan))
    rank = np.cumsum(weight) - (0.0 if persons else weight / 2)
    ranked = float((rank * weight * welfare).sum())
    value = (2 * ranked - persons * y) / (y * n) - 1

    def scores() -> Floats:
        # Among equals rank × welfare and cumulated welfare cancel: their order does not matter.
        richer = y - np.cumsum(weight * welfare)
        own = weight * welfare * (1.0 if persons else 0.5)
        slope = rank * welfare + richer + own
        found: Floats = (2 * slope - persons * welfare) / (y * n) - (value + 1) * (welfare / y + 1 / n)
        return found

    return Scored(float(value), scores)


def gini(welfare: Floats, weight: Floats) -> Scored:
    """The Gini coefficient as R convey has it."""
    return _gini(welfare, weight, 1.0)


def gini_lorenz(welfare: Floats, weight: Floats) -> Scored:
    """Twice the area between the diagonal and the Lorenz curve of the weighted rows."""
    return _gini(welfare, weight, 0.0)


def sen(welfare: Floats, weight: Floats, line: Floats, poor: Floats) -> Scored:
    """Sen's index H·[I + (1 - I)·G], G the Gini of the poor's welfare over their line (Sen 1976).

    For large numbers of poor; P1 + (P0 - P1)·G is the same.
    """
    n = float(weight.sum())
    gap = poor * (1 - welfare / line)
    h, p1 = float((weight * poor).sum() / n), float((weight * gap).sum() / n)
    among = poor > 0
    if not among.any():
        return Scored(0.0, lambda: np.zeros_like(welfare))
    ratio = welfare[among] / line[among]
    order = np.argsort(ratio, kind="stable")
    inner = gini_lorenz(ratio[order], weight[among][order])
    if not np.isfinite(inner.value):  # all of the poor have nothing, and equally so
        inner = Scored(0.0, lambda: np.zeros(len(ratio)))

    def scores() -> Floats:
        spread = np.zeros_like(welfare)
        places = np.flatnonzero(among)
        spread[places[order]] = inner.scores()
        first: Floats = (gap - p1) / n
        return first + ((poor - h) / n - first) * inner.value + (h - p1) * spread

    return Scored(p1 + (h - p1) * inner.value, scores)


FIFTHS: Final = tuple((place / 5, (place + 1) / 5) for place in range(5))


def _fifth(low: float, high: float) -> Callable[[Floats, Floats], Scored]:
    return lambda welfare, weight: share_between(welfare, weight, low, high)


ORDERED: Final[dict[str, Callable[[Floats, Floats], Scored]]] = {
    "median": lambda welfare, weight: quantile_scored(welfare, weight, 0.5),
    "gini": gini,
    "gini_lorenz": gini_lorenz,
    "s80s20": s80s20,
    **{f"share_q{place}": _fifth(low, high) for place, (low, high) in enumerate(FIFTHS, 1)},
}
"""Statistics of welfare alone, by name."""
