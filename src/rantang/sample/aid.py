"""Who gets which programme in which month: plausible targeting, with leaks, doubles and breaks."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.naming import Ints
from rantang.sample.people import CHILD, HEAD, SPOUSE
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import Rosters, rank_families
from rantang.sample.world import World

Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]
MONTHS: Final = (6, 7, 8, 9, 10, 11)
_INFORMAL: Final = (3, 6, 7, 8, 9, 16)  # rows of welfare.WORK
_TRADER: Final = (5, 6)


@dataclass(frozen=True)
class Programme:
    """One entry of `programmes.toml`."""

    code: str
    agency: str
    unit: str
    places: int
    source: str
    months: tuple[int, ...]
    pool: str
    assumption: bool = False
    not_with: str = ""
    leak: float | None = None
    old_card: bool = False


@cache
def programmes() -> tuple[Programme, ...]:
    """Return the programmes in the order of the file; one that excludes another stands after it."""
    text = (resources.files(__package__) / "programmes.toml").read_text("utf-8")
    return tuple(
        Programme(code=code, months=MONTHS if months == "all" else tuple(months), **fields)
        for code, fields in tomllib.loads(text).items()
        for months in [fields.pop("months")]
    )


@dataclass
class Aid:
    """Recipients of each programme: `who` may hold a person twice (a double on the list).

    `starts` and `ends` are the first and last month index of each place; `breaks` marks months in
    which a family got nothing at all though it had aid (families x months).
    """

    who: dict[str, Ints] = field(default_factory=dict)
    starts: dict[str, Ints] = field(default_factory=dict)
    ends: dict[str, Ints] = field(default_factory=dict)
    breaks: Bools = field(default_factory=lambda: np.zeros((0, len(MONTHS)), dtype=bool))

    def listed(self, code: str, family: Ints, month: int) -> Bools:
        """Return which places of a programme are on the list of a month (6-11)."""
        index = MONTHS.index(month)
        on = (self.starts[code] <= index) & (self.ends[code] >= index)
        return np.asarray(on & ~self.breaks[family[self.who[code]], index], dtype=bool)


class _Candidates:
    """What the pools are made of, computed once."""

    def __init__(self, dice: Dice, rates: Rates, world: World, rosters: Rosters) -> None:
        persons, families = world.persons, world.families
        self.family = persons["family"].to_numpy()
        self.age, self.woman = persons["age"].to_numpy(), persons["woman"].to_numpy()
        self.work = persons["work"].to_numpy()
        self.disabled = persons["disabled"].to_numpy()
        self.child = persons["relation"].to_numpy() == CHILD
        self.dead = persons["dead"].to_numpy()
        self.resident = ~self.dead & ~persons["moved"].to_numpy()
        self.need = rank_families(dice("aid need"), world, rates["dtks_noise"] * 0.8)[self.family]
        self.size = families["size"].to_numpy()[self.family]
        self.on_dtks = self.mark(rosters.dtks)
        self.family_on_dtks = self.families_of(self.on_dtks)
        self.p3ke = (rosters.decile > 0)[self.family]
        self.head = self._heads(persons)
        self.bad_house = (
            ((families["floor"] >= 6) | (families["wall"] >= 3)) & (families["tenure"] == 1)
        ).to_numpy()[self.family]
        self.lower = families["permanent"].to_numpy()[self.family] < 0.1
        young = np.bincount(self.family[self.child & (self.age < 18)], minlength=families.height) > 0
        couple = np.bincount(
            self.family[np.isin(persons["relation"].to_numpy(), (HEAD, SPOUSE)) & self.resident],
            minlength=families.height,
        )
        old = np.bincount(self.family[self.age >= 60], minlength=families.height) > 0
        frail = np.bincount(self.family[self.disabled], minlength=families.height) > 0
        self.component = (young | old | frail)[self.family]
        self.one_parent = (couple == 1)[self.family]

    def mark(self, who: Ints) -> Bools:
        """Return a mark per person."""
        marked = np.zeros(len(self.family), dtype=bool)
        marked[who] = True
        return marked

    def families_of(self, marked: Bools) -> Bools:
        """Return the members of every family with a marked person."""
        have = np.bincount(self.family[marked], minlength=int(self.family.max()) + 1) > 0
        return np.asarray(have[self.family], dtype=bool)

    def _heads(self, persons: pl.DataFrame) -> Bools:
        """The person who signs for a family's aid: the wife where there is one, else the head."""
        relation = persons["relation"].to_numpy()
        rank = np.where((relation == SPOUSE) & self.woman, 0, np.where(relation == HEAD, 1, 9))
        rank = np.where(self.resident, rank, rank + 2)  # a dead or moved one signs only if nobody else can
        order = np.lexsort((rank, self.family))
        _, first = np.unique(self.family[order], return_index=True)
        return self.mark(order[first])


_POOLS: Final[dict[str, Callable[[_Candidates, Aid], Bools]]] = {
    "dtks": lambda c, _: c.head & c.family_on_dtks,
    "component": lambda c, _: c.head & c.family_on_dtks & c.component,
    "p3ke": lambda c, _: c.head & (c.p3ke | c.family_on_dtks),
    "pkh_or_sembako": lambda c, a: c.mark(np.union1d(a.who["PKH"], a.who["SEMBAKO"])) & c.head,
    "old_alone": lambda c, _: (c.age >= 60) & (c.size == 1) & c.on_dtks,
    "very_old_alone": lambda c, _: (c.age >= 68) & (c.size <= 2) & c.on_dtks,
    "dtks_person": lambda c, _: c.on_dtks,
    "lower_half": lambda c, _: c.lower,
    "toddler": lambda c, _: (c.age < 5) & c.lower,
    "pupil": lambda c, _: (c.age >= 6) & (c.age <= 18) & c.family_on_dtks,
    "primary_pupil": lambda c, _: (c.age >= 7) & (c.age <= 13) & c.family_on_dtks,
    "orphan": lambda c, _: c.child & (c.age < 18) & c.one_parent & c.family_on_dtks,
    "pkh_70": lambda c, a: (c.age >= 70) & c.families_of(c.mark(a.who["PKH"])),
    "disabled": lambda c, _: c.disabled & c.family_on_dtks,
    "working_age_family": lambda c, a: c.head & (c.age <= 50) & c.families_of(c.mark(a.who["SEMBAKO"])),
    "trader": lambda c, _: np.isin(c.work, _TRADER) & (c.age < 65) & c.lower,
    "bad_house": lambda c, _: c.head & c.bad_house & c.family_on_dtks,
    "informal": lambda c, _: np.isin(c.work, _INFORMAL) & (c.age >= 18) & (c.age < 65),
    "prakerja": lambda c, _: (c.age >= 18) & (c.age <= 64) & np.isin(c.work, (0, 1, 3, 4, 5, 6, 7)),
    "labourer": lambda c, _: (c.work == 3) & (c.age >= 20) & (c.age < 60) & c.family_on_dtks,
}


def give_aid(dice: Dice, rates: Rates, world: World, rosters: Rosters) -> Aid:
    """Choose the recipients of every programme, then the months in which kerak families got nothing."""
    share = world.persons.height / (rates["residents"] * (1 + rates["dead"] + rates["moved"]))
    candidates = _Candidates(dice, rates, world, rosters)
    aid = Aid()
    for programme in programmes():
        places = max(round(programme.places * share), 2)
        _fill(dice("aid", programme.code), rates, candidates, aid, programme, places)
    aid.breaks = _break(dice("breaks"), rates, world, candidates, aid)
    return aid


def _fill(
    rng: np.random.Generator, rates: Rates, people: _Candidates, aid: Aid, programme: Programme, places: int
) -> None:
    """Fill the places of one programme and record them in `aid`."""
    pool = _POOLS[programme.pool](people, aid)
    unit = people.head if programme.unit == "keluarga" else np.ones(len(pool), dtype=bool)
    served = _served(people, aid, programme)
    leak = rates["leak"] if programme.leak is None else programme.leak
    order = people.need + rng.normal(0, 0.6, len(pool))
    both = _some(rng, np.flatnonzero(served & unit & people.resident), places * rates["forbidden_pair"])
    dead = _some(rng, np.flatnonzero(pool & people.dead & ~served), places * rates["dead_paid"])
    left = _some(rng, np.flatnonzero(pool & ~people.resident & ~people.dead & ~served), places * 0.004)
    outside = np.flatnonzero(
        unit & people.resident & ~people.family_on_dtks & ~served & _same_kind(people, pool)
    )
    outside = _some(rng, outside, places * rates["outside_dtks"])
    anyone = np.flatnonzero(pool & people.resident & ~served)
    leaked = _some(rng, np.setdiff1d(anyone, outside), places * leak)
    chosen = np.concatenate([both, dead, left, outside, leaked])
    rest = np.setdiff1d(anyone, chosen)
    rest = rest[np.argsort(order[rest], kind="stable")]
    missing = max(places - len(chosen), 0)
    months = len(programme.months)
    turnover = round(places * rates["monthly_turnover"] * (months - 1)) if months > 2 else 0
    base, after = rest[:missing], rest[missing : missing + turnover]
    who = np.sort(np.concatenate([chosen, base]))
    _record(rng, rates, aid, programme.code, who, after)


def _same_kind(people: _Candidates, pool: Bools) -> Bools:
    """Persons of an age and sex that the pool has too: who leaks in looks like those who belong."""
    key = np.minimum(people.age // 5, 15) * 2 + people.woman
    return np.isin(key, np.unique(key[pool]))


def _served(people: _Candidates, aid: Aid, programme: Programme) -> Bools:
    if not programme.not_with:
        return np.zeros(len(people.family), dtype=bool)
    holders = people.mark(aid.who[programme.not_with])
    return people.families_of(holders) if programme.unit == "keluarga" else holders


def _some(rng: np.random.Generator, index: Ints, count: float) -> Ints:
    """Draw about `count` of `index`; a fraction is drawn as a chance."""
    whole = int(count) + int(rng.random() < count - int(count))
    return np.sort(rng.permutation(index)[:whole])


def _record(rng: np.random.Generator, rates: Rates, aid: Aid, code: str, who: Ints, after: Ints) -> None:
    """Note places with their months; a replacement starts the month after its place fell free."""
    again = who[rng.random(len(who)) < rates["double_paid"]]
    leaving = rng.permutation(len(who))[: len(after)]
    last = len(MONTHS) - 1
    ends = np.full(len(who), last)
    ends[leaving] = rng.integers(0, last, len(leaving))
    aid.who[code] = np.concatenate([who, after[: len(leaving)], again])
    aid.starts[code] = np.concatenate([np.zeros(len(who), int), ends[leaving] + 1, np.zeros(len(again), int)])
    aid.ends[code] = np.concatenate([ends, np.full(len(leaving), last), np.full(len(again), last)])


def _break(rng: np.random.Generator, rates: Rates, world: World, people: _Candidates, aid: Aid) -> Bools:
    """Some kerak families with monthly aid go one to three months without any, from July on."""
    families = world.families.height
    monthly = [p.code for p in programmes() if len(p.months) == len(MONTHS)]
    holders = np.unique(np.concatenate([people.family[aid.who[code]] for code in monthly]))
    kerak = world.families["kerak"].to_numpy()
    struck = holders[kerak[holders]]
    struck = struck[rng.random(len(struck)) < rates["kerak_break"]]
    first = rng.integers(1, len(MONTHS), len(struck))
    length = rng.choice([1, 2, 3], size=len(struck), p=[0.5, 0.3, 0.2])
    months = np.arange(len(MONTHS))
    breaks = np.zeros((families, len(MONTHS)), dtype=bool)
    breaks[struck] = (months >= first[:, None]) & (months < (first + length)[:, None])
    return breaks
