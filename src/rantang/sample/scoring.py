"""A delivery and a population with the truth between them: what linkage is scored on.

The people, faults and rates are those of the sample city; only the choice of columns and of who
stands on the list is simpler, so that one factor at a time can be varied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from rantang.sample.delivery import write_down
from rantang.sample.naming import Ints
from rantang.sample.places import kelurahan, write_address
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import in_list_order, rank_families, with_doubles
from rantang.sample.world import World

#: Columns of a *cut* delivery: what a SIKS-NG list says of a person.
CUT: Final = ("nik", "kk", "name", "address", "kelurahan", "kecamatan")
#: Columns of a *whole* delivery.
WHOLE: Final = (*CUT, "mother", "birth_date", "birth_place", "sex", "relation", "rt", "rw")


@dataclass(frozen=True)
class LinkageDelivery:
    """A list, the population, and who is who.

    Attributes
    ----------
    rows
        The list: `row` (0, 1, …) and the columns of `CUT` or `WHOLE`; text but for `birth_date` (date).
    population
        The residents without those who are absent: `resident` (0, 1, …), the columns of `WHOLE`.
    truth
        One line per row of the list: `row`, `resident` (null: the person is not in the population),
        `person`, and the groups to score by: `nik_fault`, `one_word`, `woman`, `age`, `moved_card`.
    """

    rows: pl.DataFrame
    population: pl.DataFrame
    truth: pl.DataFrame


def linkage_delivery(
    world: World,
    *,
    seed: int = 1,
    rows: int = 100_000,
    rates_factor: float = 1.0,
    whole: bool = False,
    children_moved: bool = False,
) -> LinkageDelivery:
    """Draw a list of about `rows` rows of `world` with known truth.

    Parameters
    ----------
    world
        From `build_world(seed, scale, Rates())`; `scale` 1.0 is ~870,000 persons.
    rates_factor
        Multiplies the rates that make linking hard.
    whole
        All columns of `WHOLE`, else what SIKS-NG has.
    children_moved
        Grown children who have left their parents' card still stand on it in the list (a quarter of
        the grown children of the listed families).
    """
    dice, rates = Dice(seed * 1000 + 17), Rates(rates_factor)
    living = (~world.persons["dead"] & ~world.persons["moved"]).to_numpy()
    who = _choose(dice, rates, world, living, rows, children_moved)
    absent = _absent(dice, rates, world, living, who)
    written = write_down(dice, rates, world, who, at_origin=children_moved)
    columns = WHOLE if whole else CUT
    population = _population(dice, world, living & ~absent)
    resident = np.full(world.persons.height, -1, dtype=np.int64)
    resident[population["person"].to_numpy()] = np.arange(population.height)
    number = resident[who]
    people = world.persons[who]
    truth = pl.DataFrame({"row": np.arange(len(who)), "resident": number, "person": who}).with_columns(
        resident=pl.when(pl.col("resident") >= 0).then("resident"),
        nik_fault=written["nik_fault"],
        one_word=~people["name"].str.contains(" ", literal=True),
        woman=people["woman"],
        age=people["age"],
        moved_card=(people["origin"] >= 0) & pl.lit(children_moved),
    )
    return LinkageDelivery(
        rows=written.select(*columns).with_row_index("row"),
        population=population.drop("person").with_row_index("resident"),
        truth=truth,
    )


def _choose(
    dice: Dice, rates: Rates, world: World, living: np.ndarray, rows: int, children_moved: bool
) -> Ints:
    """Whole families, the poor first as a welfare list sees them, until there are `rows` persons."""
    home = world.persons["family"].to_numpy()
    if children_moved:
        origin = world.persons["origin"].to_numpy()
        home = np.where(origin >= 0, origin, home)
    members = np.bincount(home[living], minlength=world.families.height)
    order = np.argsort(rank_families(dice("rank"), world, rates["dtks_noise"]), kind="stable")
    wanted = rows / (1 + rates["dtks_double"])
    chosen = order[: int(np.searchsorted(np.cumsum(members[order]), wanted)) + 1]
    listed = np.zeros(world.families.height, dtype=bool)
    listed[chosen] = True
    who = np.flatnonzero(living & listed[home])
    who = in_list_order(dice("order"), who, home)
    return with_doubles(dice("doubles"), who, rates["dtks_double"])


def _absent(dice: Dice, rates: Rates, world: World, living: np.ndarray, who: Ints) -> np.ndarray:
    """Listed persons whom the population lacks though others of their family are there."""
    family = world.persons["family"].to_numpy()
    listed = np.zeros(world.persons.height, dtype=bool)
    listed[who] = True
    struck = listed & (dice("absent").random(len(listed)) < rates["absent_from_population"])
    left = np.bincount(family[living & ~struck], minlength=world.families.height)
    return np.asarray(struck & (left[family] > 0))


def _population(dice: Dice, world: World, here: np.ndarray) -> pl.DataFrame:
    rows = world.persons.filter(pl.Series(here)).join(
        world.families, on="family", how="left", maintain_order="left"
    )
    areas = kelurahan()
    kel = rows["kelurahan"].to_numpy()
    style = dice("siak").integers(0, 3, world.families.height)
    return rows.select(
        "person",
        "nik",
        "kk",
        "name",
        address=write_address(rows, style[rows["family"].to_numpy()]),
        kelurahan=areas["name"].str.to_uppercase()[kel],
        kecamatan=areas["kecamatan"].str.to_uppercase()[kel],
        mother="mother",
        birth_date="birth",
        birth_place="birth_place",
        sex=pl.when("woman").then(pl.lit("P")).otherwise(pl.lit("L")),
        relation="relation",
        rt=pl.col("rt").cast(pl.String),
        rw=pl.col("rw").cast(pl.String),
    )
