"""A delivery for scoring linkage: columns, truth, and rates that follow the factor."""

from __future__ import annotations

import polars as pl
import pytest

from rantang.sample import build_world, linkage_delivery
from rantang.sample.rates import Rates
from rantang.sample.scoring import CUT, WHOLE


@pytest.fixture(scope="module")
def world():
    return build_world(3, 0.02, Rates())


def test_cut_and_whole_columns(world):
    assert linkage_delivery(world, rows=500).rows.columns == ["row", *CUT]
    whole = linkage_delivery(world, rows=500, whole=True)
    assert whole.rows.columns == ["row", *WHOLE]
    assert whole.population.columns == ["resident", *WHOLE]


def test_truth_names_the_resident_or_says_that_there_is_none(world):
    made = linkage_delivery(world, rows=2000, whole=True)
    assert made.rows.height == pytest.approx(2000, rel=0.01)
    assert made.truth["resident"].is_null().mean() == pytest.approx(0.04, abs=0.015)
    pairs = (
        made.truth.drop_nulls("resident")
        .join(made.rows, on="row")
        .join(made.population.with_columns(pl.col("resident").cast(pl.Int64)), on="resident", suffix="_true")
    )
    sound = pairs.filter(pl.col("nik_fault") == "")
    assert (sound["nik"] == sound["nik_true"]).all()
    assert sound.height > 1600
    assert made.truth["person"].is_duplicated().any()


def test_faults_grow_with_the_factor(world):
    plain = linkage_delivery(world, rows=3000).truth["nik_fault"]
    harder = linkage_delivery(world, rows=3000, rates_factor=2.5).truth["nik_fault"]
    assert (plain != "").mean() == pytest.approx(0.11, abs=0.02)
    assert (harder != "").mean() == pytest.approx(0.275, abs=0.03)


def test_a_quarter_of_the_grown_children_stand_on_the_card_they_left(world):
    made = linkage_delivery(world, rows=3000, whole=True, children_moved=True)
    grown = made.truth.join(made.rows.select("row", "relation"), on="row").filter(
        (pl.col("relation") == 3) & (pl.col("age") >= 20) & (pl.col("age") <= 45)
    )
    assert grown["moved_card"].mean() == pytest.approx(0.25, abs=0.06)
    moved = made.truth.filter("moved_card").drop_nulls("resident").join(made.rows, on="row")
    their = moved.join(
        made.population.with_columns(pl.col("resident").cast(pl.Int64)), on="resident", suffix="_now"
    )
    assert (their["kk"] == their["kk_now"]).mean() < 0.05


def test_the_same_seed_gives_the_same_delivery(world):
    first, again = (linkage_delivery(world, seed=5, rows=400) for _ in range(2))
    assert first.rows.equals(again.rows)
    assert first.truth.equals(again.truth)
    assert not first.rows.equals(linkage_delivery(world, seed=6, rows=400).rows)
