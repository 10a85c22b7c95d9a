"""Ratios of totals: rows collapse to PSU × domain in one grouping, all else is small matrices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from rantang.measurement.adding import added
from rantang.measurement.design import Design, Floats, Ints
from rantang.measurement.poverty import Ratio
from rantang.measurement.variance import by_domain

_THIN: Final = 0.2  # so thin that adding up what is there beats a dense product


@dataclass(frozen=True)
class Cells:
    """Weighted totals of every PSU × domain that has rows.

    Attributes
    ----------
    sums
        By name of the value; `one` is the number of persons.
    """

    unit: Ints
    domain: Ints
    domains: int
    sums: Mapping[str, Floats]

    def of(self, name: str) -> Floats:
        """Return a value's total in each domain."""
        return added(self.domain, self.sums[name], self.domains)


def collapse(values: Mapping[str, Floats], weight: Floats, unit: Ints, domain: Ints, domains: int) -> Cells:
    """Add up weight × value by PSU and domain; rows of no domain (-1) are left out."""
    if (domain < 0).any():
        inside = domain >= 0
        values = {name: column[inside] for name, column in values.items()}
        weight, unit, domain = weight[inside], unit[inside], domain[inside]
    keys, place = np.unique(unit * max(domains, 1) + domain, return_inverse=True)
    sums = {name: added(place, weight * column, len(keys)) for name, column in values.items()}
    return Cells(keys // max(domains, 1), keys % max(domains, 1), domains, sums)


def needed(ratios: tuple[Ratio, ...]) -> tuple[str, ...]:
    """Return the values that some ratios need, `one` first."""
    names = (name for each in ratios for name in (each.top, each.bottom) if name)
    return tuple(dict.fromkeys(("one", *names)))


def estimate(cells: Cells, ratio: Ratio) -> Floats:
    """Return a ratio in each domain; not a number where its denominator is 0."""
    top = cells.of(ratio.top)
    return top if not ratio.bottom else _over(top, cells.of(ratio.bottom))


def taylor(design: Design, cells: Cells, ratio: Ratio) -> Floats:
    """Return the linearised variance of a ratio R in each domain: of (top - R · bottom) / total of bottom."""
    if not ratio.bottom:
        return by_domain(design, cells.unit, cells.domain, cells.sums[ratio.top], cells.domains)
    value, bottom = estimate(cells, ratio), cells.of(ratio.bottom)
    residual = cells.sums[ratio.top] - value[cells.domain] * cells.sums[ratio.bottom]
    spread = by_domain(design, cells.unit, cells.domain, _over(residual, bottom[cells.domain]), cells.domains)
    return np.where(np.isfinite(value), spread, np.nan)


def replicated(cells: Cells, ratios: tuple[Ratio, ...], multipliers: Floats) -> dict[str, Floats]:
    """Return each ratio (domain × replicate) under multipliers (PSU × replicate)."""
    names = tuple(dict.fromkeys(name for each in ratios for name in (each.top, each.bottom) if name))
    totals = dict(zip(names, _products(cells, names, multipliers), strict=True))
    return {
        each.name: _over(totals[each.top], totals[each.bottom]) if each.bottom else totals[each.top]
        for each in ratios
    }


def _products(cells: Cells, names: tuple[str, ...], multipliers: Floats) -> list[Floats]:
    shape = (cells.domains, len(multipliers))
    full = len(cells.unit) > _THIN * shape[0] * shape[1]
    found: list[Floats] = []
    for name in names:
        matrix = sparse.csr_array((cells.sums[name], (cells.domain, cells.unit)), shape=shape)
        found.append((matrix.toarray() if full else matrix) @ multipliers)
    return found


def simple(values: Mapping[str, Floats], weight: Floats, domain: Ints, domains: int, ratio: Ratio) -> Floats:
    """Return the variance of a ratio in each domain under a simple sample of as many rows."""
    inside = domain >= 0

    def add(column: Floats) -> Floats:
        return added(domain[inside], (weight * column)[inside], domains)

    n = np.bincount(domain[inside], minlength=domains).astype(np.float64)
    total, top = add(values["one"]), values[ratio.top]
    if ratio.bottom:
        bottom = values[ratio.bottom]
        value = _over(add(top), add(bottom))
        squares = add(top * top) - 2 * value * add(top * bottom) + value**2 * add(bottom * bottom)
        return _over(squares * total, add(bottom) ** 2 * (n - 1))
    return _over((add(top * top) - _over(add(top) ** 2, total)) * total, n - 1)


def _over(top: Floats, bottom: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(bottom != 0, top / np.where(bottom == 0, 1, bottom), np.nan)
    return found
