"""A delivery linked to the population, by column set, error rate and group; and plain Splink beside it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from typing import Final

import ibis
import ibis.expr.types as ir
import polars as pl

from benchmarks.measure import Row, module, save
from rantang import linking
from rantang.cities import load
from rantang.cities.areas import areas
from rantang.engine import Engine, open_briefly
from rantang.identity.standardise import standardise
from rantang.register import decoys, fields, linkage
from rantang.sample import LinkageDelivery, build_world, linkage_delivery
from rantang.sample.rates import Rates
from rantang.tables.intake import BASE

# (whole, rates_factor, children_moved): recall of the automatic links, recall with review, share in review.
BARS: Final[dict[tuple[bool, float, bool], tuple[float, float | None, float]]] = {
    (False, 1.0, False): (0.985, 0.995, 0.01),
    (True, 1.0, False): (0.998, None, 0.01),
    (False, 2.5, False): (0.91, 0.955, 0.04),
    (True, 2.5, False): (0.98, None, 0.04),
    (False, 1.0, True): (0.97, 0.99, 0.05),
}
PERIOD_END: Final = dt.date(2022, 11, 30)
PRECISION: Final = 0.999
ROWS: Final = 100_000


def report(scale: float, splink_scale: float) -> None:
    """Measure every variant in a process of its own, then ours and Splink on the same rows."""
    rows: list[Row] = []
    groups: list[Row] = []
    for (whole, factor, moved), (bar, bar_review, share) in BARS.items():
        found, memory = module("benchmarks.linkage", scale, int(whole), factor, int(moved), share)
        groups += [{"variant": _name(whole, factor, moved), **row} for row in found.pop("groups")]
        rows.append(
            {
                "variant": _name(whole, factor, moved),
                **found,
                "gib": memory,
                **_verdict(found, bar, bar_review),
            }
        )
    save("linkage", rows, scale=scale)
    save("linkage-groups", groups, scale=scale)
    both, _ = module("benchmarks.linkage", splink_scale, 0, 1.0, 0, 0.01, "--splink")
    save("linkage-splink", both["both"], scale=splink_scale)


def _name(whole: bool, factor: float, moved: bool) -> str:
    return f"{'whole' if whole else 'cut'} x{factor:g}{' children moved' if moved else ''}"


def _verdict(found: Row, bar: float, bar_review: float | None) -> Row:
    passed = {
        "precision_bar": found["precision"] >= PRECISION,
        "recall_bar": found["recall"] >= bar,
        "review_bar": bar_review is None or found["with_review"] >= bar_review,
    }
    return {name: "pass" if good else "MISS" for name, good in passed.items()}


def identified(frame: pl.DataFrame, key: str, name: str, opened: Engine) -> ir.Table:
    """Standardise one side as the pipeline does."""
    wanted = {column.name: column.type for column in BASE}
    have = [column for column in frame.columns if column in wanted and column != "relation"]
    table = opened.load(frame.select(pl.col(key).cast(pl.Int64).alias("row"), *have).to_arrow(), name)
    rows = linking.as_rows(table, name).select(*wanted)
    kept = opened.keep(rows, f"{name}_rows")
    city = load("malang")
    return opened.keep(standardise(kept, areas(city), PERIOD_END, opened.keep), f"{name}_identified")


def ours(left: ir.Table, right: ir.Table, opened: Engine) -> tuple[pl.DataFrame, float, float]:
    """Link by the register's model; returns the best pair of each row, the threshold and seconds."""
    started = time.perf_counter()
    group = linking.GROUP
    a = fields.comparable(left.mutate(group=ibis.literal(group)), opened.keep, "a")
    b = fields.comparable(right.mutate(group=ibis.literal(group)), opened.keep, "b")
    short = len(opened.fetch(a.select("id"))) <= linking.SHORT
    sides = linkage.prepare(a, b, opened.keep, fast_path=not short)
    scored = linkage.score(sides, opened.keep, by_chance=True)
    best = opened.keep(linkage.best_links(scored, opened.keep), "best")
    limit = decoys.thresholds(scored, best, opened.keep)[group].value
    # What the ladder links needs no threshold; it is told here as p = 1.
    best = linkage.certain_links(best, scored.sides)
    best = best.mutate(p=best.certain.ifelse(1.0, best.p))
    named = best.inner_join(a.select(l="id", l_key="row_key"), "l").inner_join(
        b.select(r="id", r_key="row_key"), "r"
    )
    found = pl.DataFrame(opened.fetch(named.select("l_key", "r_key", "p")))
    return numbered(found), limit, time.perf_counter() - started


def numbered(found: pl.DataFrame) -> pl.DataFrame:
    number = {"row": pl.col("l_key"), "found": pl.col("r_key")}
    cut = {name: key.str.tail(12).cast(pl.Int64) for name, key in number.items()}
    return found.with_columns(**cut).sort("p", descending=True).unique("row", keep="first")


def scored(found: pl.DataFrame, truth: pl.DataFrame, limit: float, share: float, least: float = 0.01) -> Row:
    """Precision and recall of the automatic links, and recall when the best `share` is looked at."""
    known = (
        truth.with_columns(pl.col("row").cast(pl.Int64))
        .join(found, on="row", how="left")
        .with_columns(ok=(pl.col("found") == pl.col("resident")).fill_null(False))
    )
    linked = known.filter(pl.col("p") >= limit)
    looked = known.filter((pl.col("p") < limit) & (pl.col("p") >= least)).sort("p", descending=True)
    right = int(linked["ok"].sum())
    there = int(known["resident"].is_not_null().sum())
    seen = int(looked.head(int(share * truth.height))["ok"].sum())
    return {
        "rows": truth.height,
        "precision": right / max(linked.height, 1),
        "recall": right / max(there, 1),
        "with_review": (right + seen) / max(there, 1),
        "review_share": share,
    }


def by_group(found: pl.DataFrame, truth: pl.DataFrame, limit: float) -> list[Row]:
    """Precision and recall of the groups that linkage usually fails."""
    groups = {
        "no NIK": pl.col("nik").is_null(),
        "one-word name": pl.col("one_word"),
        "women": pl.col("woman"),
        "elderly (60+)": pl.col("age") >= 60,
    }
    answer = []
    for name, rule in groups.items():
        row = scored(found, truth.filter(rule), limit, 0.0)
        answer.append({"group": name, **{key: row[key] for key in ("rows", "precision", "recall")}})
    return answer


def main() -> None:
    """One variant; JSON on the last line."""
    parser = argparse.ArgumentParser()
    for name, kind in (("scale", float), ("whole", int), ("factor", float), ("moved", int), ("share", float)):
        parser.add_argument(name, type=kind)
    parser.add_argument("--splink", action="store_true")
    asked = parser.parse_args()
    delivery: LinkageDelivery = linkage_delivery(
        build_world(1, asked.scale, Rates(1.0)), seed=3, rows=int(ROWS * min(asked.scale, 1.0)),
        rates_factor=asked.factor, whole=bool(asked.whole), children_moved=bool(asked.moved),
    )  # fmt: skip
    with open_briefly() as opened:
        started = time.perf_counter()
        left = identified(delivery.rows, "row", "a", opened)
        right = identified(delivery.population, "resident", "b", opened)
        standard = time.perf_counter() - started
        found, limit, seconds = ours(left, right, opened)
        niks = pl.DataFrame(opened.fetch(left.select("row_key", "nik")))
        truth = delivery.truth.with_columns(pl.col("row").cast(pl.Int64)).join(
            niks.select("nik", row=pl.col("row_key").str.tail(12).cast(pl.Int64)), on="row", how="left"
        )
        answer: Row = {
            **scored(found, truth, limit, asked.share), "population": delivery.population.height,
            "threshold": limit, "standardise_s": standard, "link_s": seconds,
        }  # fmt: skip
        if asked.splink:
            from benchmarks.plain_splink import beside

            answer = {"both": beside(answer, left, right, truth, opened)}
        else:
            answer["groups"] = by_group(found, truth, limit)
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
