"""Figures that need the order of welfare or an estimated line: their scores, and their replicates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rantang.errors import RantangError
from rantang.measurement import relative
from rantang.measurement.declared import RelativeLine
from rantang.measurement.design import Floats, Ints, Sample
from rantang.measurement.inequality import ORDERED, sen
from rantang.measurement.poverty import is_poor
from rantang.measurement.replicates import Replicates
from rantang.measurement.scored import Scored

LINE = "relative_line"
ARPR = "ARPR"


@dataclass(frozen=True)
class Line:
    """The estimated line with its scores, made once, and its value under each replicate."""

    scored: Scored
    replicated: Floats


def the_line(sample: Sample, replicates: Replicates | None) -> Line:
    """Estimate the relative line from the whole sample.

    Raises
    ------
    RantangError
        `UKUR-GARIS-NILAI`: poverty is asked for at this line, and it is not above 0.
    """
    wanted = sample.declared.relative or RelativeLine()
    found = relative.line(sample.welfare, sample.weight, wanted)
    if sample.line is None and found.value <= 0:
        raise RantangError("UKUR-GARIS-NILAI", rows=len(sample.welfare), column=wanted.text)
    scores = found.scores()
    again = np.empty(0)
    if replicates:
        again = np.array(
            [
                relative.line_value(sample.welfare[w > 0], w[w > 0], wanted)
                for w in (sample.weight * column[sample.unit] for column in replicates.multipliers.T)
            ]
        )
    return Line(Scored(found.value, lambda: scores), again)


def ordered(sample: Sample, rows: Ints, line: Line, *, whole: bool) -> Iterator[tuple[str, Scored, bool]]:
    """Yield name, estimate and whether its scores are those of the domain's rows alone (else of all rows)."""
    y, w = sample.welfare[rows], sample.weight[rows]
    compare = sample.declared.compare
    inside = np.zeros(len(sample.welfare), dtype=bool)
    inside[rows] = True
    for name, statistic in ORDERED.items():
        yield name, statistic(y, w), True
    if sample.line is not None:
        own = sample.line[rows]
        yield "sen", sen(y, w, own, is_poor(y, own, compare)), True
    for name in (*(relative.AT_LINE if sample.line is None else ()), ARPR):
        at = "P0" if name == ARPR else name
        found = relative.figure_at(at, sample.welfare, sample.weight, compare, line.scored, inside)
        yield name, found, False
    if whole:
        yield LINE, line.scored, True


def again(
    sample: Sample, rows: Ints, names: Sequence[str], line: Line, replicates: Replicates
) -> dict[str, Floats]:
    """Estimate figures anew under each replicate's weights, the line included."""
    found = {name: np.full(replicates.count, np.nan) for name in names}
    welfare, weight, unit = sample.welfare[rows], sample.weight[rows], sample.unit[rows]
    fixed = None if sample.line is None else sample.line[rows]
    for k, z in enumerate(line.replicated):
        w = weight * replicates.multipliers[:, k][unit]
        inside = w > 0
        if not inside.any():
            continue
        y, w = welfare[inside], w[inside]
        own = None if fixed is None else fixed[inside]
        for name, of in found.items():
            of[k] = float(z) if name == LINE else _value(sample, name, y, w, own, float(z))
    return found


def _value(sample: Sample, name: str, y: Floats, w: Floats, own: Floats | None, z: float) -> float:
    compare = sample.declared.compare
    if name in ORDERED:
        return ORDERED[name](y, w).value
    if name == "sen" and own is not None:
        return sen(y, w, own, is_poor(y, own, compare)).value
    return relative.known("P0" if name == ARPR else name, y, w, z, compare).value
