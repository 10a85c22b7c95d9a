"""How figures are named and written: no more digits than their error allows."""

from __future__ import annotations

import math
from typing import Final

from rantang.measurement.figures import SHARES, Figure
from rantang.measurement.reliability import CAUTION, NOT_PUBLISHED, USABLE
from rantang.texts import _, mark
from rantang.vocabulary import numbers

LABELS: Final = {
    "P0": mark("Share of people who are poor (P0)"),
    "P1": mark("Depth of poverty (P1)"),
    "P2": mark("Severity of poverty (P2)"),
    "ARPR": mark("At risk of poverty, line estimated from the sample (ARPR)"),
    "sen": mark("Sen's index"),
    "watts": mark("Watts' index"),
    "gini": mark("Gini coefficient"),
    "gini_lorenz": mark("Gini coefficient from the Lorenz curve"),
    "s80s20": mark("Richest fifth over poorest fifth (S80/S20)"),
    "share_q1": mark("Welfare that goes to the poorest fifth"),
    "share_q2": mark("Welfare that goes to the second fifth"),
    "share_q3": mark("Welfare that goes to the third fifth"),
    "share_q4": mark("Welfare that goes to the fourth fifth"),
    "share_q5": mark("Welfare that goes to the richest fifth"),
    "poor": mark("Number of poor people"),
    "poverty_gap": mark("What all the poor lack to reach the line"),
    "mean_shortfall": mark("What a poor person lacks on average"),
    "mean": mark("Mean welfare per person"),
    "median": mark("Median welfare per person"),
    "relative_line": mark("Line estimated from the sample"),
    "food_P0": mark("Share of people below the food line"),
    "food_line_share": mark("Food line's share of the poverty line"),
}
MARKS: Final = {
    USABLE: mark("usable"),
    CAUTION: mark("with caution"),
    NOT_PUBLISHED: mark("not published"),
}
INDICES: Final = frozenset(("sen", "watts", "gini", "gini_lorenz", "s80s20"))
PERCENT: Final = SHARES - INDICES
_LARGE: Final = 10_000_000


def name(statistic: str) -> str:
    """Return what a statistic is called."""
    return _(LABELS[statistic])


def reliability(figure: Figure) -> str:
    """Return BPS's mark in words."""
    return _(MARKS[figure.reliability])


def estimate(figure: Figure) -> str:
    """Write the estimate."""
    return written(figure, figure.estimate)


def interval(figure: Figure) -> str:
    """Write the 95 % interval: ``4-11 %``."""
    if not math.isfinite(figure.ci_low):
        return "–"
    return f"{written(figure, figure.ci_low, unit=False)}–{written(figure, figure.ci_high)}"


def written(figure: Figure, value: float, *, unit: bool = True) -> str:
    """Write a value of a figure with the digits its error allows."""
    if not math.isfinite(value):
        return "–"
    if figure.statistic in PERCENT:
        digits = _digits(100 * figure.se)
        return numbers.percent(100 * value, digits) if unit else numbers.decimal(100 * value, digits)
    if figure.statistic in INDICES:
        return numbers.decimal(value, max(2, min(_digits(figure.se), 4)))
    rounded = _rounded(value, figure.se)
    if abs(value) >= _LARGE:  # in the file's money, which need not be rupiah
        return numbers.rupiah_short(rounded).removeprefix("Rp").strip(numbers.NBSP)
    return numbers.whole(rounded)


def rse(figure: Figure) -> str:
    """Write the relative standard error in whole per cent."""
    return numbers.percent(100 * figure.rse, 0) if math.isfinite(figure.rse) else "–"


def _digits(se: float) -> int:
    """Decimals: one digit of the error is seen, from 0 to 3; none where the error is not known."""
    if not math.isfinite(se) or se <= 0:
        return 0
    return int(min(max(-math.floor(math.log10(se)), 0), 3))


def _rounded(value: float, se: float) -> float:
    """Amounts to the place of the error's second digit."""
    if not math.isfinite(se) or se < 10:
        return value
    step: float = 10.0 ** (math.floor(math.log10(se)) - 1)
    return round(value / step) * step
