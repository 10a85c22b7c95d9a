"""The true city: every person and family, before anyone writes a list about them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample import people
from rantang.sample.naming import GROUPS, Ints, Texts, draw_names
from rantang.sample.people import CHILD, GRANDCHILD, HEAD, IN_LAW, PARENT, SPOUSE, Kin
from rantang.sample.places import MADURA, TIONGHOA, kelurahan, kelurahan_weights, settle
from rantang.sample.rates import Dice, Rates

PERIOD: Final = "2022-11"
DAY: Final = dt.date(2022, 11, 30)  # ages and states hold on the last day of the period
_EPOCH: Final = np.datetime64("1970-01-01")
_DAY_NUMBER: Final = int((np.datetime64(DAY) - _EPOCH).astype(int))
_BEYOND_RESIDENTS: Final = 1.03  # the dead and the moved stand on SIAK beside the residents

# Where movers were first registered: kecamatan of other cities, the nearest first (Kemendagri codes).
_ELSEWHERE: Final = (
    *(f"3507{n:02d}" for n in range(1, 34)),
    *(f"3505{n:02d}" for n in range(1, 23)),
    *(f"3514{n:02d}" for n in range(1, 25)),
    *(f"3508{n:02d}" for n in range(1, 22)),
    *(f"3578{n:02d}" for n in range(1, 32)),
    "357901", "357902", "357903", "357201", "357202", "357101", "357401", "357501",
    *(
        f"35{k:02d}{n:02d}"
        for k in (4, 6, 9, 10, 13, 15, 16, 17, 18, 22, 24, 25, 26, 27, 28, 29)
        for n in range(1, 15)
    ),
    "337401", "337205", "317105", "317401", "327301", "347101", "510301", "517101", "520101", "530101",
    "637101", "647101", "731401",
)  # fmt: skip
_BIRTHPLACES: Final = (
    "MALANG", "BLITAR", "PASURUAN", "SURABAYA", "LUMAJANG", "KEDIRI", "TULUNGAGUNG", "SAMPANG", "BANGKALAN",
    "JEMBER", "PROBOLINGGO", "JOMBANG", "MOJOKERTO", "NGANJUK", "SIDOARJO", "BATU", "MADIUN", "PAMEKASAN",
    "BANYUWANGI", "JAKARTA", "SEMARANG", "ENDE", "DENPASAR",
)  # fmt: skip

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class World:
    """The truth.

    Attributes
    ----------
    persons
        person (row number), family, relation, woman, age, birth, origin, name, mother, nik,
        birth_place, married, dead, moved, status_date.
    families
        family (row number), kk, issued, kelurahan (row of `places.kelurahan`), address components.
    """

    persons: pl.DataFrame
    families: pl.DataFrame


def make_world(dice: Dice, rates: Rates, scale: float) -> World:
    """Make the people of the city at `scale` (1.0 = ~850,000 residents)."""
    kin = people.make_kin(dice, rates, max(round(rates["families"] * scale * _BEYOND_RESIDENTS), 60))
    _, family = np.unique(kin.family, return_inverse=True)
    renumber = np.full(int(kin.family.max()) + 1, -1, dtype=np.int64)
    renumber[kin.family] = family
    kin.origin = np.where(kin.origin >= 0, renumber[kin.origin], -1)
    kin.family = family.astype(np.int64)
    homes = _homes(dice("homes"), rates, kin)
    birth = _births(dice("births"), rates, kin)
    nik_prefix = _first_registration(dice("registration"), rates, kin, homes)
    names, mothers = _names(dice, rates, kin, homes, birth)
    persons = pl.DataFrame(
        {
            "person": np.arange(len(kin.age)),
            "family": kin.family,
            "relation": kin.relation,
            "woman": kin.woman,
            "age": kin.age,
            "birth": birth,
            "origin": kin.origin,
            "married": kin.married,
            "name": pl.Series(names, dtype=pl.String),
            "mother": pl.Series(mothers, dtype=pl.String),
            "prefix": pl.Series(nik_prefix, dtype=pl.String),
        }
    )
    persons = persons.with_columns(pl.col("birth").cast(pl.Date))
    persons = persons.with_columns(**_niks(dice("second"), persons))
    persons = persons.with_columns(birth_place=_birth_places(dice("birth places"), persons))
    return World(_leave(dice("leave"), rates, persons), _cards(dice("cards"), homes))


def _homes(rng: np.random.Generator, rates: Rates, kin: Kin) -> pl.DataFrame:
    """Address of each family; who left home stays near: at home, in the kelurahan, or in the city."""
    count = int(kin.family.max()) + 1
    weights = kelurahan_weights(rates)
    kel = rng.choice(len(weights), size=count, p=weights)
    kel[: len(weights)] = np.arange(len(weights))[: len(kel)]  # nobody's kelurahan is empty
    origin = np.full(count, -1, dtype=np.int64)
    left = kin.origin >= 0
    origin[kin.family[left]] = kin.origin[left]
    fate = rng.choice(3, size=count, p=[0.38, 0.27, 0.35])  # same house, same kelurahan, anywhere
    near = np.flatnonzero((origin >= 0) & (fate < 2) & (np.arange(count) >= len(weights)))
    kel[near] = kel[origin[near]]
    homes = settle(rng, rates, kel)
    same = (origin >= 0) & (fate == 0) & (kel == kel[np.maximum(origin, 0)])
    return homes[np.where(same, origin, np.arange(count))]


def _births(rng: np.random.Generator, rates: Rates, kin: Kin) -> npt.NDArray[np.datetime64]:
    count = len(kin.age)
    days = _DAY_NUMBER - np.floor((kin.age + rng.random(count)) * 365.25).astype(np.int64)
    twin = np.zeros(count, dtype=bool)
    twin[1:] = (
        (kin.relation[1:] == CHILD)
        & (kin.relation[:-1] == CHILD)
        & (kin.family[1:] == kin.family[:-1])
        & (rng.random(count - 1) < rates["twins"])
    )
    days[twin] = days[np.flatnonzero(twin) - 1]
    kin.age[twin] = kin.age[np.flatnonzero(twin) - 1]
    birth = _EPOCH + days.astype("timedelta64[D]")
    year = birth.astype("datetime64[Y]")
    heaped = (year < np.datetime64("1975")) & (rng.random(count) < rates["heaped_birth"])
    which = rng.choice(3, size=count, p=[0.5, 0.34, 0.16])
    offset = np.array([364, 181, 0])[which]
    heap = year.astype("datetime64[D]") + offset.astype("timedelta64[D]")
    length = (year + np.timedelta64(1, "Y")).astype("datetime64[D]") - year.astype("datetime64[D]")
    leap = (length == np.timedelta64(366, "D")) & (which < 2)
    heap = heap + leap.astype("timedelta64[D]")
    return np.asarray(np.where(heaped, heap, birth), dtype="datetime64[D]")


def _first_registration(rng: np.random.Generator, rates: Rates, kin: Kin, homes: pl.DataFrame) -> Texts:
    own = kelurahan()["prefix"].to_numpy()[homes["kelurahan"].to_numpy()[kin.family]]
    count = len(kin.age)
    other = np.array(sorted(set(kelurahan()["prefix"])), dtype=object)[rng.integers(0, 5, count)]
    prefix = np.where(rng.random(count) < np.where(kin.age < 15, 0.06, 0.2), other, own)
    away = rng.random(count) < np.where(
        kin.age < 18, rates["children_elsewhere"], rates["first_registered_elsewhere"]
    )
    nearer = np.minimum(rng.exponential(0.22, count) * len(_ELSEWHERE), len(_ELSEWHERE) - 1).astype(int)
    return np.asarray(np.where(away, np.array(_ELSEWHERE, dtype=object)[nearer], prefix), dtype=object)


def _serials(rows: pl.DataFrame, prefix: str, date: str, woman: pl.Expr) -> pl.Series:
    """Number of 16 digits; serials count up from 9001 per area, date and sex, never lower."""
    day = (pl.col(date).dt.day().cast(pl.Int64) + 40 * woman.cast(pl.Int64)).cast(pl.String).str.zfill(2)
    body = rows.select(body=pl.col(prefix) + day + pl.col(date).dt.strftime("%m%y"))
    serial = body.select(serial=9000 + pl.int_range(1, pl.len() + 1).over("body"))["serial"]
    if int(serial.max() or 0) > 9999:
        raise ValueError("more than 999 people of one area, date and sex: the sample is too large")
    return body.select(number=pl.col("body") + serial.cast(pl.String))["number"]


def _niks(rng: np.random.Generator, persons: pl.DataFrame) -> dict[str, pl.Series]:
    """Each person's NIK, and the one an earlier registration elsewhere would have given (nobody else's)."""
    own = persons.select("prefix", "birth", "woman")
    places = np.array(_ELSEWHERE, dtype=object)
    other = pl.Series(places[rng.integers(0, len(places), persons.height)], dtype=pl.String)
    numbers = _serials(pl.concat([own, own.with_columns(prefix=other)]), "prefix", "birth", pl.col("woman"))
    return {"nik": numbers[: persons.height], "second": numbers[persons.height :]}


def _birth_places(rng: np.random.Generator, persons: pl.DataFrame) -> pl.Series:
    weights = 1 / (np.arange(len(_BIRTHPLACES)) + 1.0)
    drawn = np.array(_BIRTHPLACES, dtype=object)[
        rng.choice(len(_BIRTHPLACES), size=persons.height, p=weights / weights.sum())
    ]
    local = persons["prefix"].str.starts_with("3573").to_numpy() & (rng.random(persons.height) < 0.85)
    return pl.Series(np.where(local, "MALANG", drawn), dtype=pl.String)


def _cards(rng: np.random.Generator, homes: pl.DataFrame) -> pl.DataFrame:
    """KK numbers: region and date of issue, serial from 9001."""
    count = homes.height
    issued = _DAY_NUMBER - np.floor(rng.beta(1.2, 2.0, count) * 17 * 365).astype(np.int64)
    own = kelurahan()["prefix"].to_numpy()[homes["kelurahan"].to_numpy()]
    cards = homes.with_row_index("family").with_columns(
        pl.col("family").cast(pl.Int64),
        issued=pl.Series(_EPOCH + issued.astype("timedelta64[D]")).cast(pl.Date),
        prefix=pl.Series(own, dtype=pl.String),
    )
    # an earlier card of the same family: what a list written before the change still shows
    oldest = _DAY_NUMBER - 19 * 365
    before = oldest + np.floor(rng.random(count) * (issued - 60 - oldest)).astype(np.int64)
    both = pl.concat(
        [
            cards.select("family", "prefix", day="issued"),
            cards.select(
                "family", "prefix", day=pl.Series(_EPOCH + before.astype("timedelta64[D]")).cast(pl.Date)
            ),
        ]
    )
    numbers = _serials(both, "prefix", "day", pl.lit(value=False))
    return cards.drop("prefix").with_columns(kk=numbers[:count], kk_before=numbers[count:])


def _leave(rng: np.random.Generator, rates: Rates, persons: pl.DataFrame) -> pl.DataFrame:
    """Who died and who moved out in the last 30 months."""
    age = persons["age"].to_numpy()
    hazard = np.exp(0.085 * age) + 3
    dead = rng.random(persons.height) < hazard / hazard.mean() * rates["dead"]
    families = int(persons["family"].max()) + 1
    whole = rng.random(families) < rates["moved"] * 0.55
    family = persons["family"].to_numpy()
    alone = (rng.random(persons.height) < rates["moved"] * 0.45 * 2.6) & (age >= 18) & (age < 40)
    moved = ~dead & (whole[family] | alone)
    days_ago = np.where(
        whole[family], rng.integers(0, 900, families)[family], rng.integers(0, 900, persons.height)
    )
    date = pl.Series(np.datetime64(DAY) - days_ago.astype("timedelta64[D]")).cast(pl.Date)
    return persons.with_columns(dead=pl.Series(dead), moved=pl.Series(moved)).with_columns(
        status_date=pl.when(pl.col("dead") | pl.col("moved"))
        .then(pl.max_horizontal(date, pl.col("birth")))
        .otherwise(None)
    )


def _groups(rng: np.random.Generator, rates: Rates, kel: Ints) -> Ints:
    names = kelurahan()["name"].to_numpy()[kel]
    madura = rates["madura"] * np.where(np.isin(names, MADURA), 2.5, 0.85)
    tionghoa = rates["tionghoa"] * np.where(np.isin(names, TIONGHOA), 3.0, 0.85)
    throw = rng.random(len(kel))
    bounds = np.stack([madura, madura + tionghoa, madura + tionghoa + rates["luar"]])
    index = (throw[None, :] >= bounds).sum(axis=0)  # 0 madura, 1 tionghoa, 2 luar, 3 jawa
    order = [GROUPS.index(name) for name in ("madura", "tionghoa", "luar", "jawa")]
    return np.asarray(np.array(order)[index], dtype=np.int64)


def _first_in_family(kin: Kin, chosen: Bools, families: int) -> Ints:
    """Index of the first chosen person of each family, -1 where there is none."""
    found = np.full(families, -1, dtype=np.int64)
    index = np.flatnonzero(chosen)[::-1]
    found[kin.family[index]] = index
    return found


def _names(
    dice: Dice, rates: Rates, kin: Kin, homes: pl.DataFrame, birth: npt.NDArray[np.datetime64]
) -> tuple[Texts, Texts]:
    families = homes.height
    group = _groups(dice("groups"), rates, homes["kelurahan"].to_numpy())
    by_person = group[kin.family].copy()
    left = kin.origin >= 0
    by_person[left] = group[kin.origin[left]]
    year = birth.astype("datetime64[Y]").astype(int) + 1970
    names = draw_names(dice("names"), by_person, kin.woman, year)
    father = _first_in_family(kin, ~kin.woman & np.isin(kin.relation, (HEAD, SPOUSE)), families)
    names = _kin_names(dice("kin names"), rates, kin, names, father)
    mothers = draw_names(dice("mothers"), by_person, np.ones(len(names), dtype=bool), year - 24)
    _name_mothers(kin, families, names, mothers)
    return _titles(dice("titles"), rates, kin, names), mothers


def _kin_names(rng: np.random.Generator, rates: Rates, kin: Kin, names: Texts, father: Ints) -> Texts:
    """Names that run in families: a shared last word, twins, and rarely the father's own name."""
    names = names.copy()
    count = len(names)
    home = np.where(kin.origin >= 0, kin.origin, kin.family)
    dad = father[home]
    child = (kin.relation == CHILD) | (kin.origin >= 0)
    has_dad = child & (dad >= 0)
    shared = np.flatnonzero(has_dad & (kin.age < 32) & (rng.random(count) < rates["sibling_shared_word"]))
    same = np.flatnonzero(has_dad & ~kin.woman & (rng.random(count) < rates["father_and_son_namesake"]))
    for person in shared:
        first = names[person].rsplit(" ", 1)[0]
        names[person] = f"{first} {names[dad[person]].rsplit(' ', 1)[-1]}"
    names[same] = names[dad[same]]
    brother = np.zeros(count, dtype=bool)
    brother[1:] = child[1:] & child[:-1] & (home[1:] == home[:-1]) & (kin.age[1:] < 32)
    twin = brother & np.append(False, kin.age[1:] == kin.age[:-1])
    alike = np.flatnonzero((brother & (rng.random(count) < rates["sibling_shared_word"])) | twin)
    for person in alike:  # in order, so that a third child follows the second
        first = names[person].rsplit(" ", 1)[0]
        last = names[person - 1].rsplit(" ", 1)[-1]
        if kin.woman[person] == kin.woman[person - 1] and first != names[person - 1]:
            names[person] = f"{first} {last}"
    return names


def _name_mothers(kin: Kin, families: int, names: Texts, mothers: Texts) -> None:
    """Write mothers' names in place: the woman on the card where she is there, siblings alike."""
    couple = np.isin(kin.relation, (HEAD, SPOUSE))
    mother_of = _first_in_family(kin, kin.woman & couple, families)
    first_child = _first_in_family(kin, kin.relation == CHILD, families)
    home = np.where(kin.origin >= 0, kin.origin, kin.family)
    child = (kin.relation == CHILD) | (kin.origin >= 0)
    known = child & (mother_of[home] >= 0)
    mothers[known] = names[mother_of[home[known]]]
    unknown = np.flatnonzero(child & (mother_of[home] < 0) & (first_child[home] >= 0))
    mothers[unknown] = mothers[first_child[home[unknown]]]
    young_mother = _first_in_family(
        kin, kin.woman & ((kin.relation == IN_LAW) | ((kin.relation == CHILD) & (kin.married == 1))), families
    )
    grandchild = np.flatnonzero((kin.relation == GRANDCHILD) & (young_mother[kin.family] >= 0))
    mothers[grandchild] = names[young_mother[kin.family[grandchild]]]
    grandmother = _first_in_family(kin, (kin.relation == PARENT) & kin.woman, families)
    heads = np.flatnonzero((kin.relation == HEAD) & (grandmother[kin.family] >= 0) & (kin.origin < 0))
    mothers[heads] = names[grandmother[kin.family[heads]]]


def _titles(rng: np.random.Generator, rates: Rates, kin: Kin, names: Texts) -> Texts:
    names = names.copy()
    count = len(names)
    titled = (kin.age >= 24) & (rng.random(count) < rates["title"])
    haji = np.flatnonzero(titled & (kin.age >= 48) & (rng.random(count) < 0.6))
    names[haji] = np.where(kin.woman[haji], "HJ. ", "H. ") + names[haji]
    degree = np.setdiff1d(np.flatnonzero(titled), haji)
    degrees = np.array(
        [", S.PD", ", SE", ", SH", ", ST", ", S.KOM", ", A.MD", ", S.SOS", ", S.KEP", ", M.PD", ", S.AG"]
    )
    names[degree] = names[degree] + degrees[rng.integers(0, len(degrees), len(degree))].astype(object)
    return names
