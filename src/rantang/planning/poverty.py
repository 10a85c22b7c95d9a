"""The expected shortfall of a family whose consumption is not known exactly: closed forms.

A family's consumption per head is lognormal: the logarithm has the mean and the standard deviation
that the score predicts. For a line `z` the expected shortfall is ``E[max(z - C, 0) ** power]``: with
power 1 the price of a put option (Black 1976), with power 2 the same by completing the moments of
the lognormal. Nothing is drawn or integrated numerically.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

Floats = NDArray[np.float64]
LEAST_SD: Final = 1e-6
"""A consumption that is known exactly is treated as known to one part in a million."""


def shortfall(line: Any, mean: Any, sd: Any, power: int) -> Floats:
    """Return ``E[max(line - C, 0) ** power]`` for ``log C ~ N(mean, sd²)``.

    Parameters
    ----------
    line
        Rupiah per head a month; at or below 0 nothing falls short. Broadcasts with the rest.
    mean, sd
        Of the logarithm of consumption per head a month.
    power
        1 (depth) or 2 (severity).
    """
    line, sd = np.asarray(line, dtype=np.float64), np.maximum(sd, LEAST_SD)
    positive = line > 0
    z = np.where(positive, line, 1.0)
    d = (np.log(z) - mean) / sd
    first = np.exp(mean + sd**2 / 2)
    if power == 1:
        value = z * ndtr(d) - first * ndtr(d - sd)
    else:
        second = np.exp(2 * (mean + sd**2))
        value = z**2 * ndtr(d) - 2 * z * first * ndtr(d - sd) + second * ndtr(d - 2 * sd)
    # Far above the line the terms cancel to a rounding error of either sign.
    return np.where(positive, np.maximum(value, 0.0), 0.0)


def below(line: Any, mean: Any, sd: Any) -> Floats:
    """Return the probability that consumption per head lies below a line."""
    line = np.asarray(line, dtype=np.float64)
    z = np.where(line > 0, line, 1.0)
    chance = ndtr((np.log(z) - mean) / np.maximum(sd, LEAST_SD))
    return np.where(line > 0, chance, 0.0)


def effect(gain: Any, line: float, mean: Any, sd: Any, size: Any, power: int) -> Floats:
    """Return by how much a monthly gain of the whole family lowers its expected shortfall, rupiah a month.

    ``size · line^(1 - power) · (E[(line - C)⁺^power] - E[(line - gain/size - C)⁺^power])``: with power 1
    the part of the gap that is expected to close; with power 2 the same weighted by depth (a gap of
    the whole line counts as one line). Increasing and concave in `gain`: the gap closes once.
    """
    scale = np.asarray(size) * line ** (1 - power)
    before = shortfall(line, mean, sd, power)
    after = shortfall(line - np.asarray(gain) / size, mean, sd, power)
    return np.asarray(scale * np.maximum(before - after, 0.0), dtype=np.float64)


def slope(gain: Any, line: float, mean: Any, sd: Any, size: Any, power: int) -> Floats:
    """Return the derivative of `effect` by the gain: rupiah of shortfall per rupiah of gain."""
    left = line - np.asarray(gain) / size
    if power == 1:
        return below(left, mean, sd)
    return np.asarray(2 / line * shortfall(left, mean, sd, 1), dtype=np.float64)
