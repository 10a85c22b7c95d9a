"""Published poverty rates of a place as series: one source each, never mixed, and only what was out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from rantang.cities.model import City, Indicator
from rantang.errors import RantangError

RATE: Final = "p0"
QUOTED: Final = "dikutip"


@dataclass(frozen=True, slots=True)
class Observation:
    """One published rate, per cent of the population, with where it comes from."""

    year: int
    rate: float
    source: str = ""
    vintage: str = ""
    released: str = ""
    status: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """Published rates of one source, by year."""

    name: str
    observations: tuple[Observation, ...]

    @property
    def years(self) -> tuple[int, ...]:
        """The years that were published."""
        return tuple(each.year for each in self.observations)

    @property
    def rates(self) -> tuple[float, ...]:
        """The rates, per cent."""
        return tuple(each.rate for each in self.observations)

    @property
    def last(self) -> Observation:
        """The newest rate."""
        return self.observations[-1]

    @property
    def mean(self) -> float:
        """The mean rate, per cent."""
        return sum(self.rates) / len(self.rates)

    def rate_in(self, year: int) -> float | None:
        """Return the rate published for a year, None where there is none."""
        return next((each.rate for each in self.observations if each.year == year), None)

    def until(self, year: int) -> Series:
        """Return the series as it stood after the figure of `year`."""
        return Series(self.name, tuple(each for each in self.observations if each.year <= year))


def is_out(indicator: Indicator, period: str) -> bool:
    """Say whether a value was known at the end of a period (`YYYY-MM`).

    Where the day of its release was not found, a figure counts as known from the next year on: BPS
    publishes a city's rate of March between August and the following January.
    """
    if indicator.released:
        return indicator.released <= f"{period}-99"
    return indicator.year < int(period[:4])


def known(city: City, indicator: str, period: str, series: str = "") -> tuple[Indicator, ...]:
    """Return the published values of an indicator that were out, by year; quoted ones never."""
    rows = (
        row
        for row in city.indicators
        if row.indicator == indicator and row.status != QUOTED and (not series or row.series == series)
    )
    return tuple(sorted((row for row in rows if is_out(row, period)), key=lambda row: row.year))


def published(city: City, period: str) -> Mapping[str, Series]:
    """Return every published series of the poverty rate by its name, the longest first.

    Raises
    ------
    RantangError
        ``PROYEKSI-ANGKA``: a rate that is not between 0 and 100 per cent.
    """
    rows = known(city, RATE, period)
    names = sorted({row.series for row in rows}, key=lambda n: (-sum(r.series == n for r in rows), n))
    return {name: _series(name, tuple(row for row in rows if row.series == name)) for name in names}


def _series(name: str, rows: tuple[Indicator, ...]) -> Series:
    """Make a series; of a figure that was revised the version released last counts."""
    newest: dict[int, Indicator] = {}
    for row in sorted(rows, key=lambda row: row.released):
        if not 0 < row.value < 100:
            raise RantangError("PROYEKSI-ANGKA", value=row.value, year=row.year, series=name)
        newest[row.year] = row
    return Series(
        name,
        tuple(
            Observation(row.year, row.value, row.source, row.vintage, row.released, row.status)
            for _year, row in sorted(newest.items())
        ),
    )
