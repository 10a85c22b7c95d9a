"""What a place is made of: its areas, agencies, programmes, indicators and targets, as data."""

from __future__ import annotations

import calendar
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from rantang.expressions import Expression

Unit = Literal["keluarga", "individu", "wilayah"]
Strategy = Literal["beban", "pendapatan", "kantong"]
Per = Literal["meal", "day", "month", "quarter", "year", "once"]
Aid = Literal["uang", "pangan", "kesehatan", "pendidikan", "rumah", "usaha", "pelatihan", "layanan"]
Relation = Literal["terlarang", "pelengkap"]

MONTHS_PER: Final[Mapping[Per, int]] = {
    "meal": 1,
    "day": 1,
    "month": 1,
    "quarter": 3,
    "year": 12,
    "once": 12,
}
"""How many months one payment stands for (`once`: it counts for a year)."""


WELFARE: Final[Mapping[str, float]] = {
    "line": 0.0,
    "miskin": 0.0,
    "rentan": 40.0,
    "least_facts": 0.5,
    "kerak_editions": 3.0,
    "kerak_of": 4.0,
    "kerak_signs": 1.0,
    "kerak_lowest": 0.0,
    "kerak_lasting": 0.5,
}
"""Settings of the score and its classes, `[welfare]` of city.toml, with what holds where none is given.

line
    Poverty line, rupiah a head a month; 0: the one the survey carries.
miskin, rentan
    Percentiles up to which a family is `miskin` (0: the survey's own poverty rate) or `rentan`.
least_facts
    Share of a list's facts that must be answered, else the family is `belum-didata`.
kerak_editions, kerak_of
    Kerak by history: poor at so many of the last so many editions, this one included.
kerak_signs, kerak_lowest
    Kerak by structure, where there is no such history: a poor family with so many of the signs
    *nobody earns and someone is old or disabled*, *no assets*, *among the lowest percentiles*
    (0: seven tenths of `miskin`).
kerak_lasting
    Share of what the facts do not explain that lasts from year to year; an assumption, for `p_kerak`.
"""


PLANNING: Final[Mapping[str, float]] = {
    "right": 150_000.0,
    "kerak_weight": 2.0,
    "power": 1.0,
    "cap": 0.0,
    "switching": 20_000.0,
    "floor": 0.0,
}
"""What a plan is asked for, `[planning]` of city.toml, with what holds where none is given (assumptions).

right
    Rupiah a month of consumption that aid must at least bring every kerak family; national and provincial
    aid that it has counts. 0: no right.
kerak_weight
    How much a kerak family's shortfall counts against another's.
power
    1: the depth of poverty (P1) is to fall; 2: its severity (P2).
cap
    The city's programmes that one family may have at most; 0: no limit.
switching
    Rupiah a month by which the effect must grow before something is taken from a family that has it.
floor
    Share of today's money of the planned programmes that every kelurahan keeps at least; 0: no floor.
"""

A_YEAR: Final[Mapping[Per, int]] = {"meal": 365, "day": 365, "month": 12, "quarter": 4, "year": 1, "once": 1}
"""How many payments there are in a year."""

Spread = tuple[float, float, float]
"""Low, most likely and high."""


@dataclass(frozen=True, slots=True)
class Area:
    """A kelurahan or desa.

    Attributes
    ----------
    code, code_bps
        Kemendagri code with dots (``35.73.01.1001``) and BPS code of ten digits; the two systems
        order kecamatan differently and must never be mixed.
    column, row
        Place on the tile map, from 1; None where the place has no tile map.
    """

    code: str
    name: str
    kecamatan: str
    kecamatan_code: str
    code_bps: str = ""
    nik_prefix: str = ""
    variants: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    column: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Budget:
    """Rupiah of one year.

    Attributes
    ----------
    asumsi
        The figure is an assumption, not published; it is shown as such.
    """

    year: int
    rupiah: int
    source: str
    asumsi: bool = False
    for_: str = ""


@dataclass(frozen=True, slots=True)
class Agency:
    """A government agency or partner.

    Attributes
    ----------
    code
        Lower-case code, also the folder's name under `lists/`.
    gives_lists
        False for the walidata: it keeps the platform and holds no list of people.
    other_budgets
        Poverty-tagged money that belongs to none of the configured programmes.
    """

    code: str
    name: str
    abbreviation: str
    role: str
    gives_lists: bool = True
    aliases: tuple[str, ...] = ()
    partner: bool = False
    source: str = ""
    status: str = ""
    other_budgets: tuple[Budget, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """How many places a programme has from a month on."""

    from_: str
    count: int
    source: str
    asumsi: bool = False


@dataclass(frozen=True, slots=True)
class Amount:
    """What one unit gets from a month on: `rupiah` each time, `times` a `per`."""

    from_: str
    rupiah: int
    per: Per
    times: int = 1
    source: str = ""
    asumsi: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme of aid.

    Attributes
    ----------
    rule
        Who qualifies, over the documented facts; None where nobody qualifies one by one
        (`unit` is `wilayah`).
    main
        Support to live on: a family that qualifies for such a programme and receives nothing
        at all is a gap, and the record of aid of a kerak family is kept over these.
    gives_list
        False where no list of recipients can be had (PLN's subsidy by meter): its absence is no fault.
    only_with
        Programmes that a family must have to be given this one (every one of them).
    siks
        Column of the `dtks` list that says who receives it; empty where there is none.
    from_, until
        First and last month in which it runs, ``YYYY-MM``; empty where open or not known.
    take_up, delivery
        Of those given it, who use it; of its value, what arrives: low, most likely, high. None: as
        aid of its kind does.
    """

    code: str
    name: str
    agency: str
    level: str
    strategy: Strategy
    unit: Unit
    aid: Aid
    source: str
    status: str
    rule_text: str = ""
    rule: Expression | None = None
    rule_asumsi: bool = False
    main: bool = False
    from_: str = ""
    until: str = ""
    amounts: tuple[Amount, ...] = ()
    places: tuple[Places, ...] = ()
    budgets: tuple[Budget, ...] = ()
    exclusive_with: tuple[str, ...] = ()
    complements: tuple[str, ...] = ()
    only_with: tuple[str, ...] = ()
    gives_list: bool = True
    siks: str = ""
    note: str = ""
    take_up: Spread | None = None
    delivery: Spread | None = None

    def runs_in(self, period: str) -> bool:
        """Say whether the programme runs in a month (`YYYY-MM`)."""
        return (not self.from_ or self.from_ <= period) and (not self.until or period <= self.until)

    def amount_in(self, period: str) -> Amount | None:
        """Return the amount that holds in a month, None where none is known."""
        return max(
            (entry for entry in self.amounts if entry.from_ <= period), key=lambda e: e.from_, default=None
        )

    def quota_in(self, period: str) -> Places | None:
        """Return the number of places that holds in a month, None where there is no quota."""
        return max(
            (entry for entry in self.places if entry.from_ <= period), key=lambda e: e.from_, default=None
        )

    def rupiah_for(self, period: str, months: int | None = None) -> int | None:
        """Return the standard rupiah one unit gets for a list of `period`.

        Parameters
        ----------
        months
            Months that one list stands for; None: those of the programme's own payment.
        """
        amount = self.amount_in(period)
        if amount is None:
            return None
        year, month = int(period[:4]), int(period[5:7])
        each = amount.rupiah * amount.times
        if amount.per in ("meal", "day"):
            each *= calendar.monthrange(year, month)[1]
        own = MONTHS_PER[amount.per]
        return round(each * min(months or own, own) / own)

    def rupiah_a_year(self, period: str) -> int | None:
        """Return what one unit gets in a year at the amount of a month, None where none is known."""
        amount = self.amount_in(period)
        return amount.rupiah * amount.times * A_YEAR[amount.per] if amount else None

    def budget_of(self, year: int) -> Budget | None:
        """Return the budget of a year, None where none is known."""
        return next((budget for budget in self.budgets if budget.year == year), None)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two programmes and what it means to hold both; `first` comes before `second`."""

    first: str
    second: str
    relation: Relation


@dataclass(frozen=True, slots=True)
class Indicator:
    """One published or quoted value.

    Attributes
    ----------
    series
        Values of one series may be joined by a line; two series never.
    released
        Date on which it became known, ISO; empty where not found.
    vintage
        Period it describes, as published.
    """

    indicator: str
    series: str
    year: int
    value: float
    unit: str
    source: str
    vintage: str = ""
    released: str = ""
    status: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """A target of a planning document; low and high differ where it is a range.

    Attributes
    ----------
    adopted
        Year of the document, empty where not known: a later one revises an earlier one.
    """

    document: str
    year: int
    low: float
    high: float
    source: str
    status: str = ""
    adopted: int | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """How many people live there, with source and date."""

    persons: int
    year: int
    source: str


@dataclass(frozen=True, slots=True)
class Survey:
    """The survey that the published rate comes from: households asked here, and the design effect."""

    households: int
    deff: float
    source: str
    asumsi: bool = False


@dataclass(frozen=True)
class City:
    """A place's whole configuration. Immutable; `cities.merge` makes another."""

    place: str
    name: str
    levels: Mapping[str, str]
    terms: Mapping[str, str]
    thresholds: Mapping[str, float]
    classes: Mapping[str, tuple[int, ...]]
    welfare: Mapping[str, float]
    calendar: Mapping[str, str]
    retention: Mapping[str, int]
    population: Population | None
    areas: tuple[Area, ...]
    agencies: tuple[Agency, ...]
    programmes: tuple[Programme, ...]
    indicators: tuple[Indicator, ...]
    targets: tuple[Target, ...]
    quoted: Mapping[str, float]
    survey: Survey | None = None
    planning: Mapping[str, float] = field(default_factory=lambda: dict(PLANNING))
    files: Mapping[str, str] = field(repr=False, compare=False, default_factory=dict)
    settings: Mapping[str, Any] = field(repr=False, compare=False, default_factory=dict)

    def agency(self, code: str) -> Agency | None:
        """Return an agency by its code."""
        return next((agency for agency in self.agencies if agency.code == code), None)

    def programme(self, code: str) -> Programme | None:
        """Return a programme by its code."""
        return next((programme for programme in self.programmes if programme.code == code), None)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Every pair of programmes that exclude each other or are meant together, once."""
        found: dict[tuple[str, str], Relation] = {}
        for programme in self.programmes:
            for other in programme.complements:
                found.setdefault(_ordered(programme.code, other), "pelengkap")
            for other in programme.exclusive_with:
                found[_ordered(programme.code, other)] = "terlarang"
        return tuple(Pair(first, second, relation) for (first, second), relation in sorted(found.items()))

    def money_of(self, year: int) -> int:
        """Return the poverty-tagged budget of the place's own agencies in a year, rupiah."""
        own = (p.budget_of(year) for p in self.programmes if p.level == "kota")
        other = (budget for agency in self.agencies for budget in agency.other_budgets if budget.year == year)
        return sum(budget.rupiah for budget in (*own, *other) if budget is not None)


def _ordered(one: str, other: str) -> tuple[str, str]:
    return (one, other) if one < other else (other, one)
