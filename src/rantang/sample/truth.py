"""The truth, written apart: who is who, who is poor, who is dead, whose aid broke off."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rantang.sample.places import kelurahan
from rantang.sample.rosters import Rosters
from rantang.sample.world import World


def write_truth(folder: Path, world: World, rosters: Rosters, rows: pl.DataFrame) -> None:
    """Write `rows`, `persons` and `families` as Parquet."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = kelurahan()["code"]
    rows.write_parquet(folder / "rows.parquet")
    families = world.families.with_columns(kelurahan_code=codes[world.families["kelurahan"].to_numpy()])
    families.drop("kk_before", "kelurahan").write_parquet(folder / "families.parquet")
    persons = world.persons.with_columns(absent_from_penduduk=pl.Series(rosters.absent)).join(
        families.select("family", "kk", "kelurahan_code", "poor", "kerak"),
        on="family",
        how="left",
        maintain_order="left",
    )
    persons.select(
        "person",
        "family",
        "nik",
        "kk",
        "name",
        "mother",
        birth_date="birth",
        sex=pl.when("woman").then(pl.lit("P")).otherwise(pl.lit("L")),
        relation="relation",
        kelurahan_code="kelurahan_code",
        poor="poor",
        kerak="kerak",
        dead="dead",
        moved="moved",
        status_date="status_date",
        absent_from_penduduk="absent_from_penduduk",
        moved_from_family=pl.when(pl.col("origin") >= 0).then("origin"),
    ).write_parquet(folder / "persons.parquet")
