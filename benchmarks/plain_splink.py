"""Splink with the comparisons of its own library, on the rows that ours were linked on."""

from __future__ import annotations

import time
from math import log2

import duckdb
import ibis.expr.types as ir
import polars as pl
import splink.comparison_library as cl
from splink import Linker, SettingsCreator, block_on
from splink.internals.duckdb.database_api import DuckDBAPI

from benchmarks.linkage import scored
from benchmarks.measure import Row
from rantang.engine import Engine

COLUMNS = ("row_key", "nik", "kk", "name_key", "name_first", "street", "house_number", "kelurahan_code")

# Weight of probability .01, below which nothing is shown to people.
LEAST = log2(0.01 / 0.99)


def beside(mine: Row, left: ir.Table, right: ir.Table, truth: pl.DataFrame, opened: Engine) -> list[Row]:
    """Ours and Splink's figures; Splink at its recall where its precision is at least ours."""
    a, b = (opened.fetch(side.select(*COLUMNS)) for side in (left, right))
    started = time.perf_counter()
    pairs = _predict(pl.DataFrame(a), pl.DataFrame(b))
    seconds = time.perf_counter() - started
    found = _numbered(pairs)
    equal = _equal_precision(found, truth, mine["precision"])
    rows = [{"by": "rantang", **mine}]
    for name, limit in (
        ("splink at .5", 0.0),
        ("splink at .99", log2(99)),
        ("splink at our precision", equal),
    ):
        if limit is not None:
            figures = scored(_decided(found, limit), truth, mine["review_share"])
            rows.append({"by": name, **figures, "threshold": limit, "link_s": seconds})
    return rows


def _numbered(found: pl.DataFrame) -> pl.DataFrame:
    """The best pair of each row, by row numbers."""
    number = {"row": pl.col("l_key"), "found": pl.col("r_key")}
    cut = {name: key.str.tail(12).cast(pl.Int64) for name, key in number.items()}
    return found.with_columns(**cut).sort("p", descending=True).unique("row", keep="first")


def _decided(found: pl.DataFrame, limit: float) -> pl.DataFrame:
    """The pairs as `rantang link` writes them: linked from `limit` on, shown to people from `LEAST` on."""
    decision = pl.when(pl.col("p") >= limit).then(pl.lit("match"))
    decision = decision.when(pl.col("p") >= LEAST).then(pl.lit("review")).otherwise(pl.lit("none"))
    return found.select(id_a="row", id_b="found", probability="p", decision=decision)


def _equal_precision(found: pl.DataFrame, truth: pl.DataFrame, least: float) -> float | None:
    """Lowest threshold at which the links above are as precise as ours; none if there is none."""
    known = found.join(truth.select(pl.col("row").cast(pl.Int64), "resident"), on="row").sort(
        "p", descending=True
    )
    right = (pl.col("found") == pl.col("resident")).fill_null(False)
    shares = known.with_columns(precision=right.cum_sum() / pl.int_range(1, pl.len() + 1))
    # Equal probabilities stand or fall together: the last of a tie counts.
    good = shares.unique("p", keep="last", maintain_order=True).filter(pl.col("precision") >= least)
    return float(good["p"].min()) if good.height else None


def _predict(a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    database = DuckDBAPI(duckdb.connect())
    sides = [
        database.register(side.rename({"row_key": "unique_id"}).to_arrow(), dataset_display_name=name)
        for side, name in ((a, "a"), (b, "b"))
    ]
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.LevenshteinAtThresholds("nik", [1, 2]),
            cl.LevenshteinAtThresholds("kk", [1, 2]),
            cl.JaroWinklerAtThresholds("name_key", [0.92, 0.8]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("street"),
            cl.ExactMatch("house_number"),
            cl.ExactMatch("kelurahan_code"),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nik"),
            block_on("kk"),
            block_on("name_key", "kelurahan_code"),
            block_on("street", "house_number", "name_first"),
        ],
    )
    linker = Linker(sides, settings, log_level=30)
    train = linker.training
    train.estimate_probability_two_random_records_match([block_on("nik", "name_key")], recall=0.85)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    train.estimate_parameters_using_expectation_maximisation(block_on("nik"))
    train.estimate_parameters_using_expectation_maximisation(block_on("name_key", "kelurahan_code"))
    answer = linker.inference.predict_between(*sides, threshold_match_probability=0.01)
    # Probabilities saturate at 1.0 and would tie; weights keep Splink's own order of the best pairs.
    wanted = ["unique_id_l", "unique_id_r", "match_weight"]
    table = pl.from_pandas(answer.as_pandas_dataframe()[wanted])
    return table.rename({"unique_id_l": "l_key", "unique_id_r": "r_key", "match_weight": "p"})
