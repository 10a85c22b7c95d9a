"""What growth and the poverty line are known to do to the rate: a check beside the plain model.

Only 70 % of growth per head in the national accounts passes through to consumption in surveys (Mahler &
Newhouse 2024, World Bank Global Poverty Monitoring Technical Note 35). Where consumption per head grows
faster than the line, the rate falls by the elasticity of the headcount: P0 / P1 - 1, which is exact where
consumption below the line follows a power law (the poverty gap of F(y) = P0 (y / z)^k is P0 / (k + 1)).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rantang.cities.model import City
from rantang.projection.series import Series, known

PASS_THROUGH: Final = 0.7
SOURCE: Final = "Mahler & Newhouse 2024, World Bank Global Poverty Monitoring Technical Note 35"


@dataclass(frozen=True)
class Push:
    """The change of the rate that growth and the line explain.

    Attributes
    ----------
    by_year
        Change of the logit from the year before; every year of the path, those without figures at the
        mean of the others (an assumption).
    known
        Years for which every figure was published.
    elasticity
        Per cent that the rate falls when consumption grows by 1 % more than the line.
    """

    by_year: Mapping[int, float]
    known: tuple[int, ...]
    elasticity: float
    elasticity_year: int
    mean: float


def push(city: City, series: Series, period: str, until: int) -> Push | None:
    """Return what growth and the line do, None where fewer than three years have all figures.

    A rate of March is explained by the growth and inflation of the year before, and by the line's rise
    since the line before. Growth is taken per head, with the population that the published numbers of
    poor people imply.
    """
    found = elasticity(city, period, series.name)
    if found is None:
        return None
    year_of, k = found
    grown = _by_year(city, "pertumbuhan", period, series.name)
    prices = _by_year(city, "inflasi", period, series.name)
    lines = _line_growth(_by_year(city, "garis_kemiskinan", period, series.name))
    people = _people_growth(city, series, period)
    rates = dict(zip(series.years, series.rates, strict=True))
    each = {
        year: -k * (PASS_THROUGH * (grown[year - 1] - people) + prices[year - 1] - lines[year]) / 100
        / (1 - rates.get(year, series.mean) / 100)
        for year in lines
        if year - 1 in grown and year - 1 in prices
    }  # fmt: skip
    if len(each) < 3:
        return None
    mean = sum(each.values()) / len(each)
    years = range(series.years[0], until + 1)
    return Push({year: each.get(year, mean) for year in years}, tuple(sorted(each)), k, year_of, mean)


def elasticity(city: City, period: str, series: str) -> tuple[int, float] | None:
    """Return the newest year with P0 and P1, and the headcount's elasticity P0 / P1 - 1."""
    heads, gaps = (_by_year(city, name, period, series) for name in ("p0", "p1"))
    year = max((year for year in gaps if year in heads and gaps[year] > 0), default=None)
    return None if year is None else (year, heads[year] / gaps[year] - 1)


def _by_year(city: City, indicator: str, period: str, series: str) -> dict[int, float]:
    return {row.year: row.value for row in known(city, indicator, period, series)}


def _line_growth(lines: Mapping[int, float]) -> dict[int, float]:
    """Return the line's rise a year, per cent; over a gap the yearly mean, for its last year only."""
    years = sorted(lines)
    return {
        year: 100 * ((lines[year] / lines[before]) ** (1 / (year - before)) - 1)
        for before, year in pairwise(years)
    }


def _people_growth(city: City, series: Series, period: str) -> float:
    """Return the population's growth a year, per cent, of the published poor and rates; 0 if unknown."""
    poor = _by_year(city, "penduduk_miskin", period, series.name)
    people = {
        year: poor[year] / rate for year, rate in zip(series.years, series.rates, strict=True) if year in poor
    }
    if len(people) < 2:
        return 0.0
    first, last = min(people), max(people)
    return float(100 * ((people[last] / people[first]) ** (1 / (last - first)) - 1))
