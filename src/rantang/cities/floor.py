"""The floor argument: how many of the chronic poor a target cannot be reached without.

If every transient poor person leaves poverty, the rate falls to the chronic rate and no further.
Where the target lies below that floor, the difference must be lifted above the line by transfers.
"""

from __future__ import annotations

from dataclasses import dataclass

from rantang.cities.model import City


@dataclass(frozen=True, slots=True)
class Floor:
    """The argument's numbers, computed for any place.

    Attributes
    ----------
    rate, target, chronic
        Per cent of the population: now, wanted, and chronic (kerak).
    transient
        `rate - chronic`, points.
    to_lift_points
        `chronic - target`, at least 0: points that only transfers can take away.
    fall, transient_people, to_lift
        The same in people: all who must leave poverty, the transient poor, and the chronic poor
        who must be lifted. Rounded to hundreds, as the rates carry no more.
    reachable_without_transfers
        The target is not below the floor.
    """

    rate: float
    target: float
    chronic: float
    population: int
    transient: float
    to_lift_points: float
    fall: int
    transient_people: int
    to_lift: int
    reachable_without_transfers: bool


def floor(rate: float, target: float, chronic: float, population: int) -> Floor:
    """Compute the floor argument.

    Parameters
    ----------
    rate, target, chronic
        Per cent of the population.
    population
        Persons.
    """
    transient = round(max(rate - chronic, 0.0), 2)
    lift = round(max(chronic - target, 0.0), 2)
    return Floor(
        rate=rate,
        target=target,
        chronic=chronic,
        population=population,
        transient=transient,
        to_lift_points=lift,
        fall=_people(max(rate - target, 0.0), population),
        transient_people=_people(transient, population),
        to_lift=_people(lift, population),
        reachable_without_transfers=target >= chronic,
    )


def floor_of(city: City) -> Floor | None:
    """Return the argument on a place's quoted figures, None where it has not all of them."""
    quoted = city.quoted
    if city.population is None or not {"rate", "target", "chronic"} <= set(quoted):
        return None
    return floor(quoted["rate"], quoted["target"], quoted["chronic"], city.population.persons)


def _people(points: float, population: int) -> int:
    """Return points of a rate as people, to hundreds (small places: to tens)."""
    exact = points / 100 * population
    return round(exact, -2 if exact >= 1_000 else -1).__int__()
