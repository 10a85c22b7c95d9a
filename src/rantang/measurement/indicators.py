"""Figures that were typed or imported: kept as they came, checked by arithmetic, conflicts side by side.

A figure is known by indicator, year, series, source, vintage and release date; a later one never takes an
earlier one's place. Checks allow for rounding: half of the last digit written, on every figure that enters.

- rate × population = number of poor (INDIKATOR-JUMLAH); without a population, the one that rate and number
  imply must not jump by more than a tenth from year to year (INDIKATOR-PENDUDUK);
- P0 >= P1 >= P2, and P2 >= P1² / P0, since the mean of squares is at least the square of the mean
  (INDIKATOR-URUTAN, INDIKATOR-P2);
- one indicator and year with several values (INDIKATOR-BEDA).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final

from rantang.cities.model import Indicator

RATE: Final = "p0"
POOR: Final = "penduduk_miskin"
POPULATION: Final = "penduduk"
_THOUSAND: Final = "ribu orang"
_JUMP: Final = 0.10
_Found = Mapping[str, Indicator]


@dataclass(frozen=True, slots=True)
class Doubt:
    """What a check found: a code of the catalogue, what fills its text, the figures it is about.

    `values` are as computed, not written: numbers of people and rates as numbers, `told` as figures.
    """

    code: str
    values: dict[str, Any]
    figures: tuple[Indicator, ...] = field(default=())


def together(known: Iterable[Indicator], new: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """Add figures to those that are known: the very same is kept once, everything else stays beside it."""
    return tuple(dict.fromkeys((*known, *new)))


def doubts(figures: Sequence[Indicator]) -> tuple[Doubt, ...]:
    """Return what does not fit, year by year."""
    by_year: dict[tuple[str, int], dict[str, Indicator]] = defaultdict(dict)
    for each in figures:
        by_year[each.series, each.year].setdefault(each.indicator, each)
    found: list[Doubt] = []
    for _, of_year in sorted(by_year.items()):
        found += [*_number(of_year), *_orders(of_year)]
    return (*found, *_jumps(by_year), *_conflicts(figures))


def slack(value: float) -> float:
    """Return half of the last digit a value is written with."""
    text = f"{value:.10f}".rstrip("0")
    return float(0.5 * 10.0 ** -len(text.partition(".")[2]))


def _number(found: _Found) -> Iterator[Doubt]:
    if not {RATE, POOR, POPULATION} <= set(found):
        return
    rate, poor, population = (found[name] for name in (RATE, POOR, POPULATION))
    people, count = _persons(population), _persons(poor)
    said = rate.value / 100 * people
    room = slack(rate.value) / 100 * people + rate.value / 100 * _room(population) + _room(poor)
    if abs(said - count) > room:
        values = {"year": rate.year, "rate": rate.value, "poor": count, "computed": said}
        yield Doubt("INDIKATOR-JUMLAH", values, (rate, poor, population))


def _persons(figure: Indicator) -> float:
    return figure.value * (1000 if figure.unit == _THOUSAND else 1)


def _room(figure: Indicator) -> float:
    return slack(figure.value) * (1000 if figure.unit == _THOUSAND else 1)


def _orders(found: _Found) -> Iterator[Doubt]:
    p = [found.get(name) for name in ("p0", "p1", "p2")]
    for upper, lower in pairwise(p):
        if upper and lower and lower.value - slack(lower.value) > upper.value + slack(upper.value):
            names = {"lower": lower.indicator, "upper": upper.indicator, "year": lower.year}
            yield Doubt("INDIKATOR-URUTAN", names, (upper, lower))
    p0, p1, p2 = p
    if p0 and p1 and p2 and p0.value > 0:
        least = max(p1.value - slack(p1.value), 0.0) ** 2 / (p0.value + slack(p0.value))
        if p2.value + slack(p2.value) < least:
            values = {"year": p2.year, "p2": p2.value, "least": round(p1.value**2 / p0.value, 3)}
            yield Doubt("INDIKATOR-P2", values, (p0, p1, p2))


def _jumps(by_year: Mapping[tuple[str, int], _Found]) -> Iterator[Doubt]:
    """A population that rate and number imply and that jumps: one of the two is mistyped."""
    last: dict[str, tuple[int, float]] = {}
    for (series, year), found in sorted(by_year.items()):
        if not {RATE, POOR} <= set(found) or not found[RATE].value:
            continue
        implied = _persons(found[POOR]) / found[RATE].value * 100
        before = last.get(series)
        if before and abs(implied / before[1] - 1) > _JUMP:
            values = {"year": year, "implied": implied, "before": before[1]}
            yield Doubt("INDIKATOR-PENDUDUK", values, (found[RATE], found[POOR]))
        last[series] = (year, implied)


def _conflicts(figures: Sequence[Indicator]) -> Iterator[Doubt]:
    by_key: dict[tuple[str, int], list[Indicator]] = defaultdict(list)
    for each in figures:
        by_key[each.indicator, each.year].append(each)
    for (indicator, year), several in sorted(by_key.items()):
        if len({each.value for each in several}) > 1:
            values = {"indicator": indicator, "year": year, "told": tuple(several)}
            yield Doubt("INDIKATOR-BEDA", values, tuple(several))
