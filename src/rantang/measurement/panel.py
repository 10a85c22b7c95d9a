"""Chronic and transient poverty of a panel (Jalan & Ravallion 1998, 2000), corrected for few waves.

For household i with welfare y_it over its line in T waves and p a poverty figure's part (P0, P1, P2)::

    total_i = mean over t of p(y_it)
    chronic_i = p(mean over t of y_it)
    transient_i = total_i - chronic_i

The mean of two or three waves still holds chance, so that p of it is too large where p is convex: the naive
chronic share is inflated. Leaving out one wave at a time removes the part of that error that falls with
1/T (Quenouille 1956; the same aim as Duclos, Araar & Giles 2010)::

    corrected_i = T · chronic_i - (T - 1) · mean over t of chronic_i without wave t

For P2 of a household that is always poor this is exact. Where people cross the line it is not; what is left
of the error is shown in `tests/unit/measurement/test_panel.py`. "Poor in all waves" is given beside it and
falls with T by itself: it is no measure of chronic poverty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from rantang.errors import RantangError
from rantang.measurement.columns import numbers, require
from rantang.measurement.design import Design, Floats, Ints, Sample
from rantang.measurement.poverty import Ratio, values_at
from rantang.measurement.totals import Cells, collapse, taylor
from rantang.measurement.totals import estimate as of_cells

PARTS: Final = ("total", "chronic", "transient", "chronic_naive", "always_poor")


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a panel's poverty, with its design-based standard error."""

    part: str
    estimate: float
    se: float


@dataclass(frozen=True)
class Panel:
    """Households in all waves: welfare (household × wave), lines alike, person weights, their PSU.

    Welfare is in the money of one year, or each wave has its own line.
    """

    welfare: Floats
    line: Floats
    weight: Floats
    unit: Ints
    design: Design


def chronic(panel: Panel, name: str = "P2", compare: str = "lt") -> tuple[Part, ...]:
    """Return total, chronic and transient poverty, the naive chronic part and who was poor in all waves.

    Raises
    ------
    RantangError
        `UKUR-PANEL`: fewer than two waves.
    """
    waves = panel.welfare.shape[1]
    if waves < 2:
        raise RantangError("UKUR-PANEL", waves=waves)
    ratio = panel.welfare / panel.line
    each = _part(ratio, name, compare)
    total = each.mean(axis=1)
    naive = _part(ratio.mean(axis=1), name, compare)
    without = (ratio.sum(axis=1, keepdims=True) - ratio) / (waves - 1)
    corrected = waves * naive - (waves - 1) * _part(without, name, compare).mean(axis=1)
    values = {
        "total": total,
        "chronic": corrected,
        "transient": total - corrected,
        "chronic_naive": naive,
        "always_poor": (_part(ratio, "P0", compare) > 0).all(axis=1).astype(np.float64),
    }
    cells = _cells(panel, values)
    found = []
    for part in PARTS:
        of = Ratio(part, part)
        value, variance = of_cells(cells, of)[0], taylor(panel.design, cells, of)[0]
        found.append(Part(part, float(value), float(np.sqrt(variance))))
    return tuple(found)


def of_columns(rows: pl.DataFrame, sample: Sample, earlier: Sequence[str]) -> dict[str, tuple[Part, ...]]:
    """Return the parts of P0, P1 and P2 where each wave's welfare has a column of its own.

    Parameters
    ----------
    rows, sample
        The table and what `prepare` made of it: welfare and line of the last wave, its weights and design.
    earlier
        Columns with the welfare of earlier waves, per person and in the money of the line. Who lacks one
        of them is outside what is estimated; the design stays whole.

    Raises
    ------
    RantangError
        `UKUR-KOLOM`, `UKUR-ANGKA`; `UKUR-PANEL`: no earlier wave, or nobody was asked in all of them.
    """
    require(rows, earlier)
    before = [numbers(rows, name).to_numpy()[sample.row] for name in earlier]
    welfare = np.column_stack([*before, sample.welfare]).astype(np.float64)
    asked = np.isfinite(welfare).all(axis=1)
    if sample.line is None or not earlier or not asked.any():
        raise RantangError("UKUR-PANEL", waves=len(earlier) + 1)
    line = np.repeat(sample.line[asked, None], welfare.shape[1], axis=1)
    panel = Panel(welfare[asked], line, sample.weight[asked], sample.unit[asked], sample.design)
    return {name: chronic(panel, name, sample.declared.compare) for name in ("P0", "P1", "P2")}


def _part(ratio: Floats, name: str, compare: str) -> Floats:
    return values_at(ratio, np.ones_like(ratio), compare)[name]


def _cells(panel: Panel, values: dict[str, Floats]) -> Cells:
    whole = np.zeros(len(panel.weight), dtype=np.int64)
    return collapse({"one": np.ones(len(whole)), **values}, panel.weight, panel.unit, whole, 1)
