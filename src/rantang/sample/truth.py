"""The truth, written apart: who is who, who is poor, who is dead, whose aid broke off."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from rantang.sample.aid import MONTHS, Aid
from rantang.sample.places import kelurahan
from rantang.sample.rosters import Rosters
from rantang.sample.world import World


def write_truth(folder: Path, world: World, rosters: Rosters, aid: Aid, rows: pl.DataFrame) -> None:
    """Write `rows`, `persons`, `families` and `breaks` as Parquet.

    A break is a month without any aid of a kerak family after a month with aid; `planned` tells the
    breaks of monthly aid from families that only ever had aid given once.
    """
    folder.mkdir(parents=True, exist_ok=True)
    codes = kelurahan()["code"]
    rows.write_parquet(folder / "rows.parquet")
    _breaks(world, aid, rows).write_parquet(folder / "breaks.parquet")
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


def _breaks(world: World, aid: Aid, rows: pl.DataFrame) -> pl.DataFrame:
    months = [f"2022-{month:02d}" for month in MONTHS]
    planned = pl.DataFrame(
        {"family": pl.Series(range(world.families.height), dtype=pl.Int64)}
        | {month: pl.Series(aid.breaks[:, index]) for index, month in enumerate(months)}
    ).unpivot(index="family", variable_name="month", value_name="planned")
    kerak = world.families.filter("kerak").select("family")
    aided = (
        rows.filter(pl.col("file").str.contains("/penerima/"))
        .select("family", month=pl.col("file").str.extract(r"/penerima/(\d{4}-\d{2})"))
        .unique()
        .with_columns(aided=pl.lit(value=True))
    )
    first = aided.group_by("family").agg(first=pl.col("month").min())
    return (
        kerak.join(first, on="family")
        .join(planned, on="family")
        .join(aided, on=["family", "month"], how="left")
        .filter(pl.col("aided").is_null() & (pl.col("month") > pl.col("first")))
        .select("family", "month", "planned")
        .sort("family", "month")
    )
