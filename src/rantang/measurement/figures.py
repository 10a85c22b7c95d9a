"""All figures of a sample, for the whole and for each domain, with their errors and marks."""

from __future__ import annotations

import math
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from rantang.measurement import intervals, totals
from rantang.measurement.adding import added
from rantang.measurement.design import Floats, Ints, Note, Sample
from rantang.measurement.ordered import Line, again, ordered, the_line
from rantang.measurement.poverty import is_poor, ratios, values
from rantang.measurement.reliability import mark
from rantang.measurement.replicates import Replicates
from rantang.measurement.variance import variance
from rantang.texts import _

FEW_CLUSTERS: Final = 50
FEW_POOR: Final = 30
NAMED: Final = 5
TOTALS: Final = frozenset(("poor", "poverty_gap"))
"""All others are ratios: from one PSU they have no error, not the error 0 that the formula gives."""
EXACT: Final = 1e-12
SHARES: Final = frozenset(
    ("P0", "P1", "P2", "ARPR", "food_P0", "food_line_share", "gini", "gini_lorenz", "sen")
) | {f"share_q{place}" for place in range(1, 6)}
"""Figures between 0 and 1: their interval is, too."""
ORDER: Final = (
    "P0", "P1", "P2", "ARPR", "sen", "watts", "gini", "gini_lorenz", "s80s20", "share_q1", "share_q2",
    "share_q3", "share_q4", "share_q5", "poor", "poverty_gap", "mean_shortfall", "mean", "median",
    "relative_line", "food_P0", "food_line_share",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Figure:
    """One estimate.

    Attributes
    ----------
    domain
        None for the whole.
    estimate, se, ci_low, ci_high
        Rates, P0-P2 and shares as fractions; `poor` in persons; amounts in the money of the file. 95 %.
    n
        Rows of the sample the domain has.
    deff
        Design effect: variance over that of as many rows drawn simply, with replacement.
    rse
        se / estimate, a fraction.
    reliability
        `usable`, `caution` or `not_published` (BPS: at most 25 %, at most 50 %).
    """

    statistic: str
    domain: str | None
    estimate: float
    se: float
    ci_low: float
    ci_high: float
    n: int
    deff: float
    rse: float
    reliability: str


@dataclass(frozen=True, slots=True)
class Base:
    """What a domain's figures stand on: sampled rows, persons and poor persons, PSUs, strata, population."""

    domain: str | None
    n: int
    persons: float
    poor_persons: float
    clusters: int
    strata: int
    population: float

    @property
    def df(self) -> int:
        """Degrees of freedom."""
        return self.clusters - self.strata


@dataclass(frozen=True)
class Measured:
    """Figures with what they stand on and what their reader must know."""

    figures: tuple[Figure, ...]
    bases: tuple[Base, ...]
    notes: tuple[Note, ...]
    relative_line: float
    method: str
    replicates: int = 0
    interval: str = intervals.DEFAULT
    sample: Sample | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure before its interval: its place among the domains, its variance, that of a simple sample."""

    statistic: str
    place: int
    value: float
    variance: float
    simple: float


def measure(
    sample: Sample, replicates: Replicates | None = None, method: intervals.Method = intervals.DEFAULT
) -> Measured:
    """Estimate every figure the sample allows.

    Parameters
    ----------
    replicates
        Errors from replicates; None for Taylor linearisation.
    method
        Of the intervals of shares.
    """
    line = the_line(sample, replicates)
    z = line.scored
    poor = _poor(sample, z.value)
    figures: list[Figure] = []
    bases: list[Base] = []
    for names, domain in _partitions(sample):
        here = _bases(sample, names, domain, poor)
        found = list(_estimates(sample, domain, len(names), line, replicates))
        known = {(each.statistic, each.place): each for each in found}
        order = [name for name in ORDER if any(each.statistic == name for each in found)]
        for place, base in enumerate(here):
            figures += (_figure(known[name, place], base, method) for name in order if (name, place) in known)
        bases += here
    kind = replicates.kind if replicates else "taylor"
    notes = (*sample.notes, *_cautions(bases, figures, kind))
    count = replicates.count if replicates else 0
    return Measured(tuple(figures), tuple(bases), notes, z.value, kind, count, method, sample)


def parted(
    sample: Sample, names: Sequence[str], domain: Ints, statistics: Container[str]
) -> tuple[Figure, ...]:
    """Estimate ratios of totals for parts that the caller names: many partings of one sample.

    Parameters
    ----------
    names, domain
        Names of the parts, and the part of each of the sample's rows (-1: of none).
    statistics
        Which figures; those of a relative line are not among them.
    """
    poor = _poor(sample, math.nan)
    bases = _bases(sample, names, domain, poor)
    found = linear(sample, domain, len(names), None, statistics)
    return tuple(_figure(each, bases[each.place], intervals.DEFAULT) for each in found)


def _poor(sample: Sample, relative: float) -> Floats:
    """Mark the poor by the rows' own lines, else by the relative one."""
    lines = sample.line if sample.line is not None else np.full(len(sample.welfare), relative)
    return is_poor(sample.welfare, lines, sample.declared.compare)


def _partitions(sample: Sample) -> Iterator[tuple[tuple[str | None, ...], Ints]]:
    yield (None,), np.zeros(len(sample.welfare), dtype=np.int64)
    if sample.domains:
        yield sample.domains, sample.domain


def _bases(sample: Sample, names: Sequence[str | None], domain: Ints, poor: Floats) -> list[Base]:
    inside = domain >= 0
    d, unit = domain[inside], sample.unit[inside]

    def add(column: Floats) -> Floats:
        return added(d, column[inside], len(names))

    units = np.unique(d * sample.design.units + unit)
    strata = np.unique(
        units // sample.design.units * len(sample.design.sampled)
        + sample.design.stratum[units % sample.design.units]
    )
    clusters = np.bincount(units // sample.design.units, minlength=len(names))
    parts = np.bincount(strata // len(sample.design.sampled), minlength=len(names))
    rows, persons = np.bincount(d, minlength=len(names)), add(sample.persons)
    poor_persons, population = add(sample.persons * poor), add(sample.weight)
    return [
        Base(name, int(rows[i]), float(persons[i]), float(poor_persons[i]), int(clusters[i]), int(parts[i]),
             float(population[i]))
        for i, name in enumerate(names)
    ]  # fmt: skip


def _estimates(
    sample: Sample, domain: Ints, domains: int, line: Line, replicates: Replicates | None
) -> Iterator[Estimate]:
    yield from linear(sample, domain, domains, replicates)
    for place in range(domains):
        rows = np.flatnonzero(domain == place)
        whole = domains == 1 and len(rows) == len(domain)
        given = list(ordered(sample, rows, line, whole=whole))
        names = [name for name, _, _ in given]
        spread = again(sample, rows, names, line, replicates) if replicates else {}
        for name, scored, own in given:
            scores = scored.scores()
            simple = _simple(scores if own else scores[rows], sample.weight[rows])
            if replicates:
                of = float(replicates.variance(spread[name], np.asarray(scored.value)))
            else:
                of = _taylor(sample, scores, rows if own else slice(None))
            yield Estimate(name, place, scored.value, of, simple)


def linear(
    sample: Sample,
    domain: Ints,
    domains: int,
    replicates: Replicates | None,
    names: Container[str] | None = None,
) -> Iterator[Estimate]:
    """Figures that are ratios of totals (of `names`, else all): one grouping, then matrices."""
    given = values(sample)
    wanted = tuple(each for each in ratios(given) if names is None or each.name in names)
    given = {name: given[name] for name in totals.needed(wanted)}
    cells = totals.collapse(given, sample.weight, sample.unit, domain, domains)
    spread = totals.replicated(cells, wanted, replicates.multipliers) if replicates else {}
    for ratio in wanted:
        value = totals.estimate(cells, ratio)
        if replicates:
            of = replicates.variance(spread[ratio.name], value)
        else:
            of = totals.taylor(sample.design, cells, ratio)
        simple = totals.simple(given, sample.weight, domain, domains, ratio)
        for place in range(domains):
            yield Estimate(ratio.name, place, float(value[place]), float(of[place]), float(simple[place]))


def _taylor(sample: Sample, scores: Floats, rows: Ints | slice) -> float:
    """Return the variance of a figure from the scores of some rows; the others have 0."""
    parts = sample.weight[rows] * scores
    return variance(sample.design, added(sample.unit[rows], parts, sample.design.units))


def _simple(scores: Floats, weight: Floats) -> float:
    """Variance under a simple sample of as many rows, from scores."""
    n, total = len(scores), float(weight.sum())
    if n < 2:
        return math.nan
    centred = scores - (weight * scores).sum() / total
    return float((weight * centred**2).sum() * total / (n - 1))


def _figure(each: Estimate, base: Base, method: intervals.Method) -> Figure:
    known = math.isfinite(each.variance) and (base.clusters > 1 or each.statistic in TOTALS)
    se = math.sqrt(max(each.variance, 0.0)) if known else math.nan
    low, high = intervals.interval(method, each.value, se, base.df, base.n, share=each.statistic in SHARES)
    rse = se / abs(each.value) if each.value else math.nan
    # Rows that do not differ leave rounding alone, over which a design effect would be astronomic.
    spread = each.simple > EXACT * max(each.value**2, se**2)
    deff = se**2 / each.simple if spread else math.nan
    return Figure(each.statistic, base.domain, each.value, se, low, high, base.n, deff, rse, mark(rse))


def _cautions(bases: Sequence[Base], figures: Iterable[Figure], kind: str) -> Iterator[Note]:
    """What linearised errors cannot promise: few clusters, few poor (see the coverage table)."""
    few = [base for base in bases if base.clusters < FEW_CLUSTERS]
    if few:
        least = min(base.clusters for base in few)
        values = {"least": least, "limit": FEW_CLUSTERS, "domains": _named(few)}
        yield Note("UKUR-GUGUS", values)
    single = [base for base in bases if base.clusters < 2]
    if single:
        yield Note("UKUR-GUGUS-SATU", {"domains": _named(single)})
    rare = [base for base in bases if base.poor_persons < FEW_POOR]
    if rare:
        yield Note("UKUR-MISKIN", {"limit": FEW_POOR, "domains": _named(rare)})
    if any(each.statistic == "relative_line" and each.estimate <= 0 for each in figures):
        yield Note("UKUR-GARIS-NOL", {})
    if any(each.statistic == "watts" and math.isnan(each.estimate) for each in figures):
        yield Note("UKUR-WATTS", {})
    if kind == "jackknife":
        yield Note("UKUR-JACKKNIFE", {})


def _named(bases: Sequence[Base]) -> str:
    """The first domains' names, the whole's among them."""
    names = [base.domain or _("whole") for base in bases]
    return ", ".join(names[:NAMED]) + (f" … ({len(names)})" if len(names) > NAMED else "")
