"""Making the areas add up to the city's figure, which the survey was designed for.

    ratio       r = t_d c                     rates may leave [0, 1]
    difference  r = t_d + c                   rates may leave [0, 1]
    odds        logit r = logit t_d + c       never does: the odds of every area by one factor

c is such that sum of share_d r_d = city. The odds are the default for rates. An area that stands fast
(a direct estimate that is published as it is) keeps its figure; the others make up for it.

Benchmarking costs precision if the model was right and mends bias if it was not; nobody knows which.
The error stated is Steorts and Ghosh's (2013, Statistica Sinica 23): MSE of the model's estimate plus
the squared move, the plug-in of its expectation. It never falls by benchmarking.
Other sources: Wang, Fuller & Qu (2008); Rao & Molina (2015) sec. 6.4.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
from scipy.optimize import brentq
from scipy.special import expit, logit

from rantang.measurement.small_area.arrays import Flags, Floats

Way: TypeAlias = Literal["ratio", "difference", "odds"]


@dataclass(frozen=True)
class Benchmarked:
    """(D,) estimates and squared errors after benchmarking, the sum before it, and the constant c."""

    estimate: Floats
    mse: Floats
    before: float
    constant: float


def benchmark(
    estimate: Floats,
    mse: Floats,
    share: Floats,
    city: float,
    way: Way = "odds",
    fast: Flags | None = None,
) -> Benchmarked:
    """Return estimates whose mean, weighted by the areas' `share` of the population, is `city`.

    Parameters
    ----------
    estimate, mse
        (D,) of the model, in one unit; for ``odds`` rates as fractions.
    share
        (D,) shares of the persons, adding up to 1.
    city
        The figure of the whole, in the unit of `estimate`.
    way
        See the module.
    fast
        (D,) areas that keep their figure.

    Raises
    ------
    ValueError
        Shares do not add up to 1, or no c exists (all areas stand fast, or all are 0).
    """
    if abs(float(share.sum()) - 1) > 1e-6:
        raise ValueError("shares of the population must add up to 1")
    moves = np.ones(len(estimate), dtype=bool) if fast is None else ~fast
    before = float(share @ estimate)
    wanted = city - float(share[~moves] @ estimate[~moves])
    part = share[moves]
    if not part.sum() > 0:
        raise ValueError("no area may move")
    constant, moved = _WAYS[way](estimate[moves], part, wanted)
    after = estimate.copy()
    after[moves] = moved
    return Benchmarked(after, mse + (after - estimate) ** 2, before, constant)


def _ratio(estimate: Floats, share: Floats, wanted: float) -> tuple[float, Floats]:
    sum_ = float(share @ estimate)
    if sum_ == 0:
        raise ValueError("all areas are 0: no factor leads to the city's figure")
    return wanted / sum_, estimate * (wanted / sum_)


def _difference(estimate: Floats, share: Floats, wanted: float) -> tuple[float, Floats]:
    constant = (wanted - float(share @ estimate)) / float(share.sum())
    return constant, estimate + constant


def _odds(estimate: Floats, share: Floats, wanted: float) -> tuple[float, Floats]:
    # A rate of just 0 or 1 has no odds to move; a millionth has.
    odds = logit(np.clip(estimate, 1e-6, 1 - 1e-6))

    def short(constant: float) -> float:
        return float(share @ expit(odds + constant)) - wanted

    if not 0 < wanted < share.sum():
        raise ValueError("the city's figure cannot be reached by rates within [0, 1]")
    constant = float(brentq(short, -60.0, 60.0, xtol=1e-14))
    moved = np.asarray(expit(odds + constant), dtype=np.float64)
    # The last digits of the root: what is missing is 1e-16 of the figure.
    return constant, moved


_WAYS = {"ratio": _ratio, "difference": _difference, "odds": _odds}
