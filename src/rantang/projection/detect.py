"""What a survey can see: the smallest change it tells from chance, and how long a real fall stays unseen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from scipy.special import ndtri

from rantang.projection.sampling_error import SamplingError

LEVEL: Final = 0.05
POWER: Final = 0.8
MOST_YEARS: Final = 60


@dataclass(frozen=True, slots=True)
class Seen:
    """When a real fall of `pace` points a year is seen.

    Attributes
    ----------
    years_two
        Years until two surveys, one at each end, show it; None: more than 60.
    years_trend
        The same for a line through every year's survey.
    """

    pace: float
    years_two: int | None
    years_trend: int | None


@dataclass(frozen=True, slots=True)
class Detection:
    """What can be seen in one scenario.

    Attributes
    ----------
    se
        Standard error at the newest rate, points.
    smallest
        Smallest change between two surveys that a two-sided test at 5 % finds with 80 % power, points.
    """

    scenario: str
    se: float
    smallest: float
    seen: tuple[Seen, ...]


def needed(level: float = LEVEL, power: float = POWER) -> float:
    """Return how many standard errors a change must have: z(1 - level/2) + z(power), 2.80."""
    return float(ndtri(1 - level / 2) + ndtri(power))


def smallest_change(se: float, level: float = LEVEL, power: float = POWER) -> float:
    """Return the smallest detectable change between two surveys with the same error, points."""
    return needed(level, power) * math.sqrt(2) * se


def years_between_two(se: float, pace: float) -> int | None:
    """Return after how many years two surveys show a fall of `pace` points a year."""
    if pace <= 0:
        return None
    years = math.ceil(smallest_change(se) / pace - 1e-9)
    return years if years <= MOST_YEARS else None


def years_of_trend(se: float, pace: float) -> int | None:
    """Return after how many years a least squares line through yearly surveys shows the fall.

    With surveys in years 0 to n the slope has variance 12 se² / (n (n + 1) (n + 2)).
    """
    if pace <= 0:
        return None
    for n in range(1, MOST_YEARS + 1):
        if pace * math.sqrt(n * (n + 1) * (n + 2) / 12) >= needed() * se:
            return n
    return None


def detection(error: SamplingError, paces: Sequence[float]) -> Detection:
    """Return what a scenario's survey can see of yearly falls."""
    se = error.se
    seen = tuple(Seen(pace, years_between_two(se, pace), years_of_trend(se, pace)) for pace in paces)
    return Detection(error.kind, se, smallest_change(se), seen)
