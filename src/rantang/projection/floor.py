"""The way down in people and rupiah: who can leave poverty alone, who must be lifted, what the gap costs.

The floor argument itself is `rantang.cities.floor`; here it gets years, and money from the published
poverty gap (P1), line and number of poor people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rantang.cities.floor import Floor
from rantang.cities.model import City, Indicator
from rantang.projection.series import known
from rantang.texts import mark

INCLUSION: Final = 0.29
INCLUSION_SOURCE: Final = mark(
    "Taufiq & Mariyah 2021: inclusion error of a proxy means ranking at its 40 % cut"
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the rate must fall, points a year, and by how many people a year."""

    start: float
    start_year: int
    target: float
    year: int
    document: str
    points: float
    people: int | None

    @property
    def reached(self) -> bool:
        """Whether the start is at or below the target already."""
        return self.points <= 0


@dataclass(frozen=True, slots=True)
class Means:
    """One way down: `lepas` (the transient poor leave) or `diangkat` (the chronic poor are lifted by aid)."""

    way: str
    points: float
    people: int
    people_a_year: int


@dataclass(frozen=True, slots=True)
class Gap:
    """The rupiah that lift every poor person to the line for a year.

    Attributes
    ----------
    perfect
        The gap itself: P1 / 100 × line × 12 × population.
    ranked
        With the inclusion error of the official ranking: part of each rupiah goes to others.
    listed
        Everybody on the welfare list gets the mean shortfall; None where their share is not known.
    to_lift
        For those of the chronic poor who must be lifted, each at the mean shortfall; None without a floor.
    budget
        The poverty-tagged budget of the city, of the newest year that has begun.
    """

    year: int
    p1: float
    line: float
    population: float
    shortfall: float
    perfect: float
    ranked: float
    listed: float | None
    listed_share: float | None
    to_lift: float | None
    budget: float | None
    budget_year: int | None
    sources: tuple[str, ...]


def pace(
    start: float, start_year: int, target: float, year: int, document: str, population: int | None
) -> Pace | None:
    """Return the yearly fall from a rate to a target; None where the target's year is not ahead."""
    if year <= start_year:
        return None
    points = (start - target) / (year - start_year)
    people = None if population is None else round(points / 100 * population)
    return Pace(start, start_year, target, year, document, points, people)


def means(floor: Floor, years: int) -> tuple[Means, ...]:
    """Return by which means the fall of the floor argument comes about, over so many years."""
    leave = min(floor.transient, max(floor.rate - floor.target, 0.0))
    people = floor.fall if floor.reachable_without_transfers else floor.transient_people
    return (
        Means("lepas", leave, people, round(people / years)),
        Means("diangkat", floor.to_lift_points, floor.to_lift, round(floor.to_lift / years)),
    )


def gap(
    city: City, series: str, period: str, floor: Floor | None, listed_share: float | None = None
) -> Gap | None:
    """Return the gap of the newest year that has P1, line, rate and poor people; None where none has.

    Parameters
    ----------
    listed_share
        People on the welfare list, as a share of the residents.
    """
    rows = {
        name: {row.year: row for row in known(city, name, period, series)}
        for name in ("p0", "p1", "garis_kemiskinan", "penduduk_miskin")
    }
    year = max(set.intersection(*(set(by_year) for by_year in rows.values())), default=None)
    if year is None:
        return None
    found: dict[str, Indicator] = {name: by_year[year] for name, by_year in rows.items()}
    p0, p1, line, poor = (found[name].value for name in rows)
    population = poor * 1000 / (p0 / 100)
    shortfall = p1 / p0 * line * 12
    perfect = p1 / 100 * line * 12 * population
    money = _budget(city, period)
    return Gap(
        year=year,
        p1=p1,
        line=line,
        population=population,
        shortfall=shortfall,
        perfect=perfect,
        ranked=perfect / (1 - INCLUSION),
        listed=None if listed_share is None else listed_share * population * shortfall,
        listed_share=listed_share,
        to_lift=None if floor is None else floor.to_lift * shortfall,
        budget=money.value if money else None,
        budget_year=money.year if money else None,
        sources=tuple(
            dict.fromkeys([*(row.source for row in found.values()), *([money.source] if money else [])])
        ),
    )


def _budget(city: City, period: str) -> Indicator | None:
    """Return the newest budget; one of a year is enacted before that year begins, so it is known in it."""
    rows = (r for r in city.indicators if r.indicator == "anggaran" and r.year <= int(period[:4]))
    return max(rows, key=lambda row: row.year, default=None)
