"""`generate`: the whole sample in the order in which it is made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import polars as pl

from rantang.sample import welfare_lists
from rantang.sample.agency_lists import facts, recipients
from rantang.sample.aid import Aid, give_aid
from rantang.sample.delivery import write_down
from rantang.sample.flags import p3ke_flags, siksng_flags
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import Rosters, make_rosters
from rantang.sample.survey import survey
from rantang.sample.truth import write_truth
from rantang.sample.welfare import add_welfare
from rantang.sample.world import PERIOD, World, make_world
from rantang.sample.write import ListFile, write_list

Source = Literal["penduduk", "padan", "dtsen"]


@dataclass(frozen=True)
class SampleSummary:
    """What was written.

    Attributes
    ----------
    residents, families
        Living residents and families with at least one of them.
    files, rows
        Files of lists, and rows by kind of list.
    headcount, chronic
        True shares of residents who are poor, and who stay poor.
    """

    folder: Path
    residents: int
    families: int
    files: int
    rows: dict[str, int] = field(default_factory=dict)
    headcount: float = 0.0
    chronic: float = 0.0


def build_world(seed: int, scale: float, rates: Rates) -> World:
    """Make the true city: people, homes, numbers and welfare."""
    dice = Dice(seed)
    return add_welfare(dice, rates, make_world(dice, rates, scale))


def generate(
    folder: Path,
    *,
    scale: float = 1.0,
    seed: int = 1,
    source: Source = "penduduk",
    rates_factor: float = 1.0,
    with_survey: bool = True,
) -> SampleSummary:
    """Write a synthetic city into `folder`, the same bytes for the same arguments.

    Parameters
    ----------
    scale
        1.0 is ~850,000 residents; the least is about 0.001.
    source
        What Dispendukcapil and Dinsos give: `penduduk` (whole list, with `dtks`), `padan` (results of
        matching only, with `dtks`), `dtsen` (whole list, with `dtsen` in place of `dtks`).
    rates_factor
        Multiplies the rates that make linking hard (`scaled` in `rates.toml`).
    with_survey
        Also write Bappeda's survey (`survei`).
    """
    dice, rates = Dice(seed), Rates(rates_factor)
    world = build_world(seed, scale, rates)
    rosters = make_rosters(dice, rates, world)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "city.toml").write_text(
        f'place = "malang"\nperiod = "{PERIOD}"\nsynthetic = true\n', encoding="utf-8", newline="\n"
    )
    aid = give_aid(dice, rates, world, rosters)
    files = _files(dice, rates, world, rosters, aid, source)
    rows = [write_list(folder, file) for file in files]
    if with_survey:
        rows.append(write_list(folder, survey(dice, rates, world, rosters, aid, dtsen=source == "dtsen")))
    truth = pl.concat(rows)
    write_truth(folder / "truth", world, rosters, aid, truth)
    return _summarise(folder, world, truth)


def _files(
    dice: Dice, rates: Rates, world: World, rosters: Rosters, aid: Aid, source: Source
) -> Iterator[ListFile]:
    first = rosters.dtsen if source == "dtsen" else rosters.dtks
    listed = write_down(Dice(dice.seed * 7 + 1), rates, world, first)
    poor = write_down(Dice(dice.seed * 7 + 2), rates, world, rosters.p3ke, at_origin=True)
    if source == "padan":
        yield from welfare_lists.padan(world, rosters, [listed, poor])
    else:
        yield from welfare_lists.penduduk(dice, world, rosters)
    if source == "dtsen":
        yield from welfare_lists.dtsen(dice, rates, world, rosters, listed)
    else:
        yield from welfare_lists.dtks(dice, world, listed, siksng_flags(dice, world, aid, listed))
    yield from welfare_lists.p3ke(dice, rates, world, rosters, poor, p3ke_flags(dice, world, aid, poor))
    yield from recipients(dice, rates, world, aid)
    yield from facts(dice, rates, world, rosters)


def _summarise(folder: Path, world: World, truth: pl.DataFrame) -> SampleSummary:
    living = world.persons.filter(~pl.col("dead") & ~pl.col("moved"))
    state = living.join(world.families.select("family", "poor", "kerak"), on="family", how="left")
    kinds = truth.group_by(pl.col("file").str.split("/").list.get(1).alias("kind")).len().sort("kind")
    return SampleSummary(
        folder=folder,
        residents=living.height,
        families=living["family"].n_unique(),
        files=truth["file"].n_unique(),
        rows=dict(zip(kinds["kind"], kinds["len"], strict=True)),
        headcount=float(state["poor"].mean()),
        chronic=float(state["kerak"].mean()),
    )
