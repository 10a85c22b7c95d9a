"""Multidimensional poverty (Alkire & Foster 2011): who lacks much at once, and what.

Each indicator has a weight; weights add up to 1. With c_i the weighted share of indicators that household i
lacks and k the cut-off, the poor are those with c_i >= k::

    H = share of people who are poor      A = mean of c_i among them      M0 = H · A

Censored headcounts h_j (poor and lacking j) give M0 = sum of w_j · h_j: each indicator's contribution.
Errors are those of ratios of totals, as for P0.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.errors import RantangError
from rantang.measurement.columns import numbers, require
from rantang.measurement.design import Design, Floats, Ints, Sample
from rantang.measurement.poverty import Ratio
from rantang.measurement.totals import collapse, estimate, taylor

_EXACT: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Dimensional:
    """One figure: `H`, `A`, `M0`, `censored:NAME` or `share:NAME` (its part of M0)."""

    figure: str
    estimate: float
    se: float


def alkire_foster(
    lacks: Mapping[str, Floats],
    weights: Mapping[str, float],
    cutoff: float,
    weight: Floats,
    unit: Ints,
    design: Design,
) -> tuple[Dimensional, ...]:
    """Return the Alkire-Foster figures of the rows given; a domain is its rows with the whole design.

    Parameters
    ----------
    lacks
        By indicator: 1 for rows that lack it, 0 for those that do not.
    weights
        By indicator; they are divided by their sum.
    cutoff
        Share of weighted indicators from which on one is poor, above 0 and at most 1.
    weight
        Person weights.

    Raises
    ------
    RantangError
        `UKUR-DIMENSI`: an indicator without a weight, a weight below 0, values other than 0 and 1, or a
        cut-off outside (0, 1].
    """
    names = tuple(lacks)
    share = _shares(lacks, weights, cutoff)
    count = np.sum([share[name] * lacks[name] for name in names], axis=0)
    poor = (count >= cutoff - _EXACT).astype(np.float64)
    values = {"one": np.ones_like(weight), "poor": poor, "intensity": poor * count}
    values |= {f"censored:{name}": poor * lacks[name] for name in names}
    values |= {f"part:{name}": poor * lacks[name] * share[name] for name in names}
    cells = collapse(values, weight, unit, np.zeros(len(weight), dtype=np.int64), 1)
    wanted = (
        Ratio("H", "poor"),
        Ratio("A", "intensity", "poor"),
        Ratio("M0", "intensity"),
        *(Ratio(f"censored:{name}", f"censored:{name}") for name in names),
        *(Ratio(f"share:{name}", f"part:{name}", "intensity") for name in names),
    )
    found = []
    for ratio in wanted:
        value, spread = estimate(cells, ratio), np.sqrt(taylor(design, cells, ratio))
        found.append(Dimensional(ratio.name, float(value[0]), float(spread[0])))
    return tuple(found)


def of_columns(
    rows: pl.DataFrame, sample: Sample, weights: Mapping[str, float], cutoff: float
) -> dict[str | None, tuple[Dimensional, ...]]:
    """Return the figures of the whole (None) and of the sample's domains by name; each indicator is a
    column: 1 who lacks it, 0 who does not.

    A row that does not say one of the indicators is outside what is estimated; the design stays whole.

    Raises
    ------
    RantangError
        `UKUR-KOLOM`, `UKUR-ANGKA`, `UKUR-DIMENSI`.
    """
    require(rows, weights)
    lacks = {name: numbers(rows, name).to_numpy()[sample.row].astype(np.float64) for name in weights}
    said = np.isfinite(np.column_stack(list(lacks.values()))).all(axis=1)
    if not said.any():
        raise RantangError("UKUR-DIMENSI", names=", ".join(weights), cutoff=cutoff)

    def figures(here: npt.NDArray[np.bool_]) -> tuple[Dimensional, ...]:
        lacking = {name: column[here] for name, column in lacks.items()}
        return alkire_foster(lacking, weights, cutoff, sample.weight[here], sample.unit[here], sample.design)

    of_domain = {name: said & (sample.domain == at) for at, name in enumerate(sample.domains)}
    return {None: figures(said)} | {name: figures(here) for name, here in of_domain.items() if here.any()}


def _shares(lacks: Mapping[str, Floats], weights: Mapping[str, float], cutoff: float) -> dict[str, float]:
    total = sum(weights.get(name, 0.0) for name in lacks)
    wrong = [
        name
        for name in lacks
        if not 0 < weights.get(name, 0.0) < math.inf or not np.isin(lacks[name], (0, 1)).all()
    ]
    if wrong or not total or not 0 < cutoff <= 1:
        raise RantangError("UKUR-DIMENSI", names=", ".join(wrong) or "-", cutoff=cutoff)
    return {name: weights[name] / total for name in lacks}
