"""Change between two years: difference with covariance, and what growth and redistribution did.

V(now - before) = V(now) + V(before) - 2 C. C comes from PSUs that were drawn in both years, known by stratum
and number::

    C = sum over strata  sqrt((1 - f1)(1 - f2)) · m / (m - 1)
        · sum over the m common PSUs (t1 - mean)(t2 - mean)

With all PSUs in common this is the variance of the PSUs' differences; with none the years are independent
(Kish 1965, 12.4; Tam 1984). The correlation is kept within -1 to 1.

Decompositions work on welfare over line, so that a line that rose with prices is no change. With x1, x2 the
two years' distributions, m their means and P the poverty figure:

- Datt & Ravallion (1992), seen from the earlier year: growth P(x1·m2/m1) - P(x1), redistribution
  P(x2·m1/m2) - P(x1), and a residual;
- Shapley (Shorrocks 2013): the mean of both orders; no residual.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from scipy.special import stdtr, stdtrit

from rantang.errors import RantangError
from rantang.measurement.adding import added
from rantang.measurement.design import Floats, Sample
from rantang.measurement.inequality import gini
from rantang.measurement.plain import known
from rantang.measurement.poverty import values_at
from rantang.measurement.variance import variance

FIGURES: Final = ("P0", "P1", "P2", "watts", "gini", "mean")


@dataclass(frozen=True, slots=True)
class Change:
    """A figure in two years.

    Attributes
    ----------
    se
        Of the difference.
    correlation
        Of the two estimates, from PSUs in both years.
    p
        Two-sided, t with the union's PSUs minus strata degrees of freedom.
    """

    statistic: str
    domain: str | None
    before: float
    now: float
    difference: float
    se: float
    correlation: float
    ci_low: float
    ci_high: float
    p: float

    def as_row(self) -> dict[str, Any]:
        """Return it for machines."""
        return known(asdict(self))


@dataclass(frozen=True, slots=True)
class Decomposition:
    """What growth of the mean and a changed distribution did to a poverty figure; the parts add up to it."""

    statistic: str
    change: float
    growth: float
    redistribution: float
    residual: float


def changes(before: Sample, now: Sample, names: tuple[str, ...] = FIGURES) -> tuple[Change, ...]:
    """Return the change of each figure, for the whole and for domains that both years have.

    Raises
    ------
    RantangError
        `UKUR-GARIS`: the poverty line is estimated; a change then mixes people and line.
    """
    for sample in (before, now):
        if sample.line is None:
            raise RantangError("UKUR-GARIS")
    domains = [None, *(name for name in before.domains if name in now.domains)]
    return tuple(_change(name, domain, before, now) for domain in domains for name in names)


def _change(name: str, domain: str | None, before: Sample, now: Sample) -> Change:
    first, t1 = _totals(name, domain, before)
    second, t2 = _totals(name, domain, now)
    v1, v2 = variance(before.design, t1), variance(now.design, t2)
    between = _covariance(before, t1, now, t2)
    bound = math.sqrt(v1 * v2)
    between = max(-bound, min(bound, between))
    se = math.sqrt(max(v1 + v2 - 2 * between, 0.0))
    df = _df(before, now)
    difference = second - first
    far = float(stdtrit(df, 0.975)) * se if df > 0 else math.nan
    p = float(2 * stdtr(df, -abs(difference) / se)) if se and df > 0 else math.nan
    correlation = between / bound if bound else 0.0
    return Change(
        name, domain, first, second, difference, se, correlation, difference - far, difference + far, p
    )


def _totals(name: str, domain: str | None, sample: Sample) -> tuple[float, Floats]:
    """Return an estimate and the PSU totals of its scores."""
    rows = np.ones(len(sample.welfare), dtype=bool)
    if domain is not None:
        rows = sample.domain == sample.domains.index(domain)
    y, w, unit = sample.welfare[rows], sample.weight[rows], sample.unit[rows]
    if name == "gini":
        scored = gini(y, w)
        return scored.value, added(unit, w * scored.scores(), sample.design.units)
    line = _lines(sample)[rows]
    column = y if name == "mean" else values_at(y, line, sample.declared.compare)[name]
    value = float((w * column).sum() / w.sum())
    return value, added(unit, w * (column - value) / w.sum(), sample.design.units)


def _lines(sample: Sample) -> Floats:
    if sample.line is None:
        raise RantangError("UKUR-GARIS")
    return sample.line


def _keys(sample: Sample) -> dict[tuple[str, str], int]:
    strata = (sample.design.strata[place] for place in sample.design.stratum)
    return {key: place for place, key in enumerate(zip(strata, sample.design.names, strict=True))}


def _covariance(before: Sample, t1: Floats, now: Sample, t2: Floats) -> float:
    if not (before.declared.psu and now.declared.psu):
        return 0.0  # rows are no units that come again
    first, second = _keys(before), _keys(now)
    common = [key for key in first if key in second]
    if not common:
        return 0.0
    a = np.array([first[key] for key in common])
    b = np.array([second[key] for key in common])
    strata = before.design.stratum[a]
    left = np.sqrt(before.design.left[strata] * now.design.left[now.design.stratum[b]])
    m = np.bincount(strata)[strata]
    means = [np.bincount(strata, each)[strata] / m for each in (t1[a], t2[b])]
    products = (t1[a] - means[0]) * (t2[b] - means[1])
    return float((left * m / np.maximum(m - 1, 1) * products).sum())


def _df(before: Sample, now: Sample) -> int:
    if not (before.declared.psu and now.declared.psu):
        return before.design.units + now.design.units - len(before.design.sampled) - len(now.design.sampled)
    units = {*_keys(before), *_keys(now)}
    return len(units) - len({stratum for stratum, _ in units})


def datt_ravallion(before: Sample, now: Sample, name: str) -> Decomposition:
    """Return growth, redistribution and residual, seen from the earlier year."""
    (x1, w1), (x2, w2) = _over_line(before), _over_line(now)
    ratio = _mean(x2, w2) / _mean(x1, w1)
    first, second = _figure(name, x1, w1, before), _figure(name, x2, w2, now)
    growth = _figure(name, x1 * ratio, w1, before) - first
    redistribution = _figure(name, x2 / ratio, w2, now) - first
    rest = second - first - growth - redistribution
    return Decomposition(name, second - first, growth, redistribution, rest)


def shapley(before: Sample, now: Sample, name: str) -> Decomposition:
    """Return growth and redistribution as the mean of both orders: they add up to the change."""
    (x1, w1), (x2, w2) = _over_line(before), _over_line(now)
    ratio = _mean(x2, w2) / _mean(x1, w1)
    first, second = _figure(name, x1, w1, before), _figure(name, x2, w2, now)
    grown, shared = _figure(name, x1 * ratio, w1, before), _figure(name, x2 / ratio, w2, now)
    growth = ((grown - first) + (second - shared)) / 2
    redistribution = ((shared - first) + (second - grown)) / 2
    return Decomposition(name, second - first, growth, redistribution, 0.0)


def _over_line(sample: Sample) -> tuple[Floats, Floats]:
    return sample.welfare / _lines(sample), sample.weight


def _mean(values: Floats, weight: Floats) -> float:
    return float((weight * values).sum() / weight.sum())


def _figure(name: str, ratio: Floats, weight: Floats, sample: Sample) -> float:
    return _mean(values_at(ratio, np.ones_like(ratio), sample.declared.compare)[name], weight)
