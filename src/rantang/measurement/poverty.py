"""What each row adds to the poverty figures: Foster, Greer & Thorbecke (1984), Watts (1968), shortfalls.

With y welfare per person, z the line and q = 1 for the poor, else 0::

    P_a = mean of q · ((z - y) / z)^a      watts = mean of q · ln(z / y)      shortfall = q · (z - y)

All are means or totals over persons, hence linear: they collapse to totals of PSU × domain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.measurement.design import Floats, Sample


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure that is one total over another (`bottom`), or a total alone (`bottom` empty)."""

    name: str
    top: str
    bottom: str = "one"


POVERTY: Final = (
    Ratio("P0", "P0"),
    Ratio("P1", "P1"),
    Ratio("P2", "P2"),
    Ratio("watts", "watts"),
    Ratio("mean_shortfall", "short", "P0"),
    Ratio("poor", "P0", ""),
    Ratio("poverty_gap", "short", ""),
)
WELFARE: Final = (Ratio("mean", "welfare"),)
FOOD: Final = (Ratio("food_P0", "food_P0"), Ratio("food_line_share", "food_line", "line"))


def is_poor(welfare: Floats, line: Floats, compare: str) -> Floats:
    """Return 1 for who stands below the line (`lt`) or at most at it (`le`), else 0."""
    poor = welfare < line if compare == "lt" else welfare <= line
    return poor.astype(np.float64)


def values_at(welfare: Floats, line: Floats, compare: str) -> dict[str, Floats]:
    """Return each row's part of the figures at a line; Watts is not a number where the poor have nothing."""
    poor = is_poor(welfare, line, compare)
    gap = poor * (1 - welfare / line)
    nothing = (poor > 0) & (welfare <= 0)
    logged = np.log(line / np.where((poor > 0) & (welfare > 0), welfare, line))
    return {
        "P0": poor,
        "P1": gap,
        "P2": gap**2,
        "watts": np.where(nothing, np.nan, logged),
        "short": poor * (line - welfare),
    }


def values(sample: Sample) -> dict[str, Floats]:
    """Return each row's part of every figure that is a ratio of totals at fixed lines."""
    found = {"one": np.ones_like(sample.welfare), "welfare": sample.welfare}
    compare = sample.declared.compare
    if sample.line is not None:
        found |= values_at(sample.welfare, sample.line, compare)
    if sample.food_line is not None:
        found["food_P0"] = is_poor(sample.welfare, sample.food_line, compare)
    if sample.food_line is not None and sample.line is not None:
        found |= {"food_line": sample.food_line, "line": sample.line}
    return found


def ratios(values: dict[str, Floats]) -> tuple[Ratio, ...]:
    """Return the figures that the values at hand can make."""
    every = (*POVERTY, *WELFARE, *FOOD)
    return tuple(each for each in every if each.top in values and (each.bottom or "one") in values)
