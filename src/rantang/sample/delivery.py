"""People as an agency wrote them down: the true persons with the faults of one list."""

from __future__ import annotations

import random
from typing import Final

import numpy as np
import polars as pl

from rantang.sample.faults import change_some, hit, mistype, spoil_kk, spoil_names, spoil_nik
from rantang.sample.naming import Ints
from rantang.sample.people import CHILD, HEAD
from rantang.sample.places import STYLES, kelurahan, make_streets, settle, write_address
from rantang.sample.rates import Dice, Rates
from rantang.sample.world import World

#: Columns of a delivery: the truth's keys, then what is written.
COLUMNS: Final = (
    "person", "family", "nik", "kk", "name", "mother", "birth_date", "birth_place", "sex", "relation",
    "address", "rt", "rw", "kelurahan", "kecamatan", "kelurahan_code",
)  # fmt: skip


def write_down(
    dice: Dice, rates: Rates, world: World, who: Ints, *, at_origin: bool = False, styles: int = STYLES
) -> pl.DataFrame:
    """Write the persons `who` down with all faults, in the given order.

    Parameters
    ----------
    who
        Row numbers of `world.persons`; a person may stand there twice.
    at_origin
        Grown children who have left still stand on the card and at the address they left.
    styles
        How many habits of writing an address the list has.

    Returns
    -------
    Columns of `COLUMNS`: text, but for `person`, `family`, `birth_date` and `relation`. `family` is the
    true family now, whatever the list says.
    """
    rows = _true_rows(world, who, at_origin)
    nik, fault = spoil_nik(dice("nik"), rates, rows)
    birth = _spoil_births(dice("birth"), rates, rows)
    mother = _spoil_mothers(dice("mother"), rates, rows)
    places = _spoil_places(dice("place"), rates, rows, styles)
    sex_wrong = pl.Series(hit(dice("sex"), rows.height, rates["sex_wrong"]))
    return rows.select(
        "person",
        family="true_family",
        nik=nik,
        nik_fault=fault,
        kk=spoil_kk(dice("kk"), rates, rows),
        name=spoil_names(dice("name"), rates, rows),
        mother=mother,
        birth_date=birth,
        birth_place="birth_place",
        sex=pl.when(pl.col("woman") != sex_wrong).then(pl.lit("P")).otherwise(pl.lit("L")),
        relation="relation",
        **{name: places[name] for name in places.columns},
    )


def _true_rows(world: World, who: Ints, at_origin: bool) -> pl.DataFrame:
    persons = world.persons[who]
    if at_origin:
        moved = pl.col("origin") >= 0
        persons = persons.with_columns(
            true_family="family",
            family=pl.when(moved).then("origin").otherwise("family"),
            relation=pl.when(moved).then(CHILD).otherwise("relation"),
        )
    else:
        persons = persons.with_columns(true_family="family")
    homes = world.families.select(
        "family", "kk", "kk_before", "kelurahan", "street", "gang", "number", "letter", "block", "rt", "rw"
    )
    rows = persons.join(homes, on="family", how="left", maintain_order="left")
    return rows.with_columns(borrow=_other_member(world, persons), father=_fathers(world, persons))


def _other_member(world: World, rows: pl.DataFrame) -> pl.Series:
    """NIK of the next member of the true family, or of a neighbour in the file for one alone."""
    following = world.persons.select(
        "person",
        other=pl.col("nik").shift(-1).over("family").fill_null(pl.col("nik").first().over("family")),
        neighbour=pl.col("nik").shift(-1).fill_null(pl.col("nik").first()),
        nik="nik",
    ).select("person", borrow=pl.when(pl.col("other") == pl.col("nik")).then("neighbour").otherwise("other"))
    return rows.select("person").join(following, on="person", how="left", maintain_order="left")["borrow"]


def _fathers(world: World, rows: pl.DataFrame) -> pl.Series:
    heads = world.persons.filter((pl.col("relation") == HEAD) & ~pl.col("woman")).select(
        "family", father=pl.col("name").str.replace(r"^(H\. )", "").str.replace(r",.*$", "")
    )
    of_child = rows.select("family", "relation").join(
        heads.unique("family", keep="first"), on="family", how="left", maintain_order="left"
    )
    return of_child.select(
        father=pl.when(pl.col("relation") == CHILD).then("father").otherwise(pl.lit(None, dtype=pl.String))
    )["father"]


def _spoil_births(rng: np.random.Generator, rates: Rates, rows: pl.DataFrame) -> pl.Series:
    throw = pl.Series(rng.random(rows.height))
    bounds = np.cumsum(
        [rates["birth_missing"], rates["birth_heaped"], rates["birth_digit"], rates["birth_swapped"]]
    )
    birth = pl.col("birth")
    december = pl.Series(rng.random(rows.height) < 0.6)
    heap = pl.when(december).then(pl.date(birth.dt.year(), 12, 31)).otherwise(pl.date(birth.dt.year(), 7, 1))
    shift = pl.Series(rng.choice([-365, 365, -1, 1, 30, -30, 10, -10, 3652], size=rows.height))
    wrong = birth + pl.duration(days=shift)
    swapped = (
        pl.when(birth.dt.day() <= 12)
        .then(
            pl.date(
                birth.dt.year(),
                birth.dt.day(),
                pl.min_horizontal(birth.dt.month(), pl.lit(12, dtype=pl.Int8)),
            )
        )
        .otherwise(birth)
    )
    return rows.select(
        birth=pl.when(throw < bounds[0])
        .then(pl.lit(None, dtype=pl.Date))
        .when(throw < bounds[1])
        .then(heap)
        .when(throw < bounds[2])
        .then(wrong)
        .when(throw < bounds[3])
        .then(swapped)
        .otherwise(birth)
    )["birth"]


def _spoil_mothers(rng: np.random.Generator, rates: Rates, rows: pl.DataFrame) -> pl.Series:
    mothers = spoil_names(rng, rates, rows, part="mother")
    missing = pl.Series(hit(rng, rows.height, rates["mother_missing"]))
    dash = pl.Series(hit(rng, rows.height, 0.3))
    return pl.select(
        mother=pl.when(missing & dash).then(pl.lit("-")).when(missing).then(pl.lit("")).otherwise(mothers)
    )["mother"]


def _spoil_places(rng: np.random.Generator, rates: Rates, rows: pl.DataFrame, styles: int) -> pl.DataFrame:
    """Place of each row; a family is written alike (one form was filled in for it)."""
    families = rows.unique("family", keep="first", maintain_order=True).select(
        "family", "kelurahan", "street", "gang", "number", "letter", "block", "rt", "rw"
    )
    written = _write_places(rng, rates, families, styles)
    joined = rows.select("family").join(written, on="family", how="left", maintain_order="left")
    return joined.drop("family")


def _write_places(rng: np.random.Generator, rates: Rates, homes: pl.DataFrame, styles: int) -> pl.DataFrame:
    dice = random.Random(int(rng.integers(2**62)))  # noqa: S311
    count = homes.height
    areas = kelurahan()
    homes = _old_addresses(rng, rates, homes)
    true_kel = homes["kelurahan"].to_numpy()
    street_names = pl.Series(make_streets().name[homes["street"].to_numpy()], dtype=pl.String)
    street = change_some(
        street_names, hit(rng, count, rates["street_typo"]), lambda text: mistype(dice, text)
    )
    no_number = pl.Series(hit(rng, count, rates["number_missing"]))
    no_gang = pl.Series(hit(rng, count, rates["gang_missing"]))
    spoilt = homes.with_columns(
        street_text=street,
        number=pl.when(no_number).then(0).otherwise("number"),
        gang=pl.when(no_gang).then(0).otherwise("gang"),
    )
    address = write_address(spoilt, rng.integers(0, styles, count))
    kel = _neighbouring(rng, rates, true_kel)
    names = areas["name"].str.to_uppercase()[kel]
    variants = areas["variant"].str.to_uppercase()[kel]
    misspelt = hit(rng, count, rates["kelurahan_misspelt"])
    wrong = change_some(names, misspelt, lambda text: mistype(dice, text))
    use_variant = pl.Series(misspelt & (rng.random(count) < 0.6)) & variants.is_not_null()
    gone = pl.Series(hit(rng, count, rates["address_missing"]))
    gone_style = pl.Series(hit(rng, count, 0.5))
    no_rt = pl.Series(hit(rng, count, rates["rt_missing"]))
    off = np.where(hit(rng, count, rates["rt_wrong"]), rng.integers(1, 4, count), 0)
    return homes.select(
        "family",
        address=pl.when(gone & gone_style).then(names).when(gone).then(pl.lit("")).otherwise(address),
        rt=pl.when(no_rt).then(pl.lit("")).otherwise((pl.col("rt") + pl.Series(off)).cast(pl.String)),
        rw=pl.when(no_rt).then(pl.lit("")).otherwise(pl.col("rw").cast(pl.String)),
        kelurahan=pl.when(use_variant).then(variants).otherwise(wrong),
        kecamatan=areas["kecamatan"].str.to_uppercase()[kel],
        kelurahan_code=areas["code10"][kel],
    )


def _old_addresses(rng: np.random.Generator, rates: Rates, homes: pl.DataFrame) -> pl.DataFrame:
    """Some families still stand at an earlier address, half of them in the same kelurahan."""
    index = np.flatnonzero(hit(rng, homes.height, rates["address_old"]))
    if not len(index):
        return homes
    kel = homes["kelurahan"].to_numpy()[index]
    elsewhere = rng.integers(0, kelurahan().height, len(index))
    before = settle(rng, rates, np.where(rng.random(len(index)) < 0.5, kel, elsewhere))
    old = homes[index].select("family").with_columns(before)
    kept = homes.with_row_index("at")
    changed = old.select(homes.columns).with_columns(at=pl.Series(index, dtype=pl.UInt32))
    rest = kept.filter(~pl.col("at").is_in(changed["at"].implode()))
    return pl.concat([rest.select(*homes.columns, "at"), changed]).sort("at").drop("at")


def _neighbouring(rng: np.random.Generator, rates: Rates, kel: Ints) -> Ints:
    """Some rows name the next kelurahan of the same kecamatan."""
    kecamatan = kelurahan()["kecamatan"].to_numpy()
    following = (kel + 1) % len(kecamatan)
    following = np.where(kecamatan[following] == kecamatan[kel], following, kel - 1)
    return np.asarray(np.where(hit(rng, len(kel), rates["kelurahan_wrong"]), following, kel), dtype=np.int64)
