"""Identity on Spark gives the very tables that it gives on DuckDB: no stage ties itself to an engine."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pyarrow as pa
import pytest

from rantang.cities import load
from rantang.cities.areas import areas
from rantang.engine import Engine, EngineSettings, open_engine
from rantang.identity.standardise import standardise
from rantang.sample import build_world, linkage_delivery
from rantang.sample.rates import Rates
from rantang.tables.declare import Table
from rantang.tables.identity import IDENTIFIED
from rantang.tables.intake import BASE

LISTED = Table("listed", row="one row", key=("row_key",), columns=BASE)


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    """A delivery with all columns and two and a half times the usual faults."""
    world = build_world(1, 0.005, Rates(1.0))
    delivery = linkage_delivery(world, seed=3, rows=200, rates_factor=2.5, whole=True).rows
    return delivery.select(
        *("nik", "kk", "name", "mother", "address", "rt", "rw", "kelurahan", "kecamatan"),
        row_key=pl.col("row").cast(pl.String).str.zfill(8),
        agency=pl.lit("dinsos"),
        kind=pl.lit("dtks"),
        period=pl.lit("2022-11"),
        sex=pl.col("sex").str.slice(0, 1).str.to_uppercase(),
        nik_numeric=pl.lit(False),
        kk_numeric=pl.lit(False),
    ).to_arrow(compat_level=pl.CompatLevel.oldest())


def identified(engine: Engine, rows: pa.Table) -> str:
    listed = engine.keep(LISTED.conform(engine.load(rows, "listed")), "listed")
    made = standardise(listed, areas(load("malang")), dt.date(2022, 11, 30), engine.keep)
    return engine.content_hash(made, IDENTIFIED)


@pytest.mark.spark
@pytest.mark.slow
def test_identity_is_the_same_on_duckdb_and_spark(rows: pa.Table, tmp_path: Path) -> None:
    hashes = []
    for name in ("duckdb", "spark"):
        with open_engine(name, EngineSettings(tmp_path / name, threads=2)) as engine:
            hashes.append(identified(engine, rows))
    assert hashes[0] == hashes[1]
