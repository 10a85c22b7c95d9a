"""Poverty at a line that is estimated from the same sample, as R convey linearises it.

The line z = share · q varies with the sample. To the scores of a poverty figure at a known line is added
the line's own score times the derivative of the figure by the line (Deville 1999; Osier 2009; convey's
`svyarpr`, `svyfgt(type_thresh = "relq")`). The line always belongs to the whole sample; density and
derivative are those of the domain.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from rantang.measurement.declared import RelativeLine
from rantang.measurement.design import Floats
from rantang.measurement.inequality import density, quantile, quantile_scored, sen
from rantang.measurement.poverty import is_poor, values_at
from rantang.measurement.scored import Scored, mean

Bools = npt.NDArray[np.bool_]
AT_LINE: Final = ("P0", "P1", "P2", "watts", "sen")


def line_value(welfare: Floats, weight: Floats, relative: RelativeLine) -> float:
    """Return the line alone (for replicates)."""
    if relative.quantile is None:
        return relative.share * float((weight * welfare).sum() / weight.sum())
    return relative.share * quantile(welfare, weight, relative.quantile)


def line(welfare: Floats, weight: Floats, relative: RelativeLine) -> Scored:
    """The line with its scores."""
    if relative.quantile is None:
        of = mean(welfare, weight)
    else:
        of = quantile_scored(welfare, weight, relative.quantile)
    return Scored(relative.share * of.value, lambda: relative.share * of.scores())


def figure_at(
    name: str, welfare: Floats, weight: Floats, compare: str, z: Scored, domain: Bools | None = None
) -> Scored:
    """A poverty figure at the estimated line in a domain; scores are those of all rows of the sample.

    Parameters
    ----------
    name
        `P0`, `P1`, `P2`, `watts` or `sen`.
    """
    if z.value <= 0:
        return _unknown(len(welfare))
    inside = np.ones(len(welfare), dtype=bool) if domain is None else domain
    y, w = welfare[inside], weight[inside]
    at = known(name, y, w, z.value, compare)

    def scores() -> Floats:
        found = _slope(name, y, w, z.value, compare, at.value) * z.scores()
        found[inside] += at.scores()
        return found

    return Scored(at.value, scores)


def _unknown(rows: int) -> Scored:
    """Half have nothing: a line of 0 parts nobody from anybody."""
    return Scored(np.nan, lambda: np.full(rows, np.nan))


def known(name: str, welfare: Floats, weight: Floats, z: float, compare: str) -> Scored:
    """A poverty figure at a line as if it were known."""
    if z <= 0:
        return _unknown(len(welfare))
    lines = np.full(len(welfare), z)
    if name == "sen":
        return sen(welfare, weight, lines, is_poor(welfare, lines, compare))
    return mean(values_at(welfare, lines, compare)[name], weight)


def _slope(name: str, welfare: Floats, weight: Floats, z: float, compare: str, value: float) -> float:
    """Return the derivative of a figure by the line."""
    poor = is_poor(welfare, np.full(len(welfare), z), compare)
    rest = weight / weight.sum() * poor
    h = float(rest.sum())

    def near() -> float:
        return density(welfare, weight, z)

    def sens() -> float:
        # S = 2/(H z) ∫ (z - y)(H - F(y)) dF; its derivative by z
        p1 = float((rest * (1 - welfare / z)).sum())
        return (h - value) / z + near() * (2 * p1 - value) / h if h else 0.0

    slopes: dict[str, Callable[[], float]] = {
        "P0": near,
        "P1": lambda: float((rest * welfare).sum()) / z**2,
        "P2": lambda: float((rest * 2 * (1 - welfare / z) * welfare).sum()) / z**2,
        "watts": lambda: h / z,
        "sen": sens,
    }
    return slopes[name]()
