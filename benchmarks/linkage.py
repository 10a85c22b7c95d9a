"""A delivery linked to the population, by column set, error rate and group; and plain Splink beside it."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import ibis.expr.types as ir
import polars as pl

from benchmarks.measure import RANTANG, Row, child, module, save
from rantang import linking
from rantang.cities import load
from rantang.cities.areas import areas
from rantang.engine import Engine, open_briefly
from rantang.identity.standardise import standardise
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
TRUE: Final = "true_resident"
# The sample calls its columns as intake does; of several roles for a column the first.
ROLE_OF: Final = {column: role for role, column in reversed(linking.ROLES.items())}


def report(scale: float, splink_scale: float) -> None:
    """Measure every variant in a process of its own, then ours and Splink on the same rows."""
    rows: list[Row] = []
    groups: list[Row] = []
    for (whole, factor, moved), (bar, bar_review, share) in BARS.items():
        found, _ = module("benchmarks.linkage", scale, int(whole), factor, int(moved), share)
        groups += [{"variant": _name(whole, factor, moved), **row} for row in found.pop("groups")]
        rows.append(
            {
                "variant": _name(whole, factor, moved),
                **found,
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


def written(delivery: LinkageDelivery, folder: Path) -> tuple[str, ...]:
    """Write both lists and the map of their columns; returns the command that links them."""
    truth = delivery.truth.select("row", "resident")
    rows = delivery.rows.with_columns(pl.col("row").cast(pl.Int64)).join(truth, on="row", how="left")
    lists = {"a": rows.sort("row").rename({"resident": TRUE}), "b": delivery.population}
    lines = []
    for side, frame in lists.items():
        frame.with_columns(pl.all().cast(pl.String)).write_csv(folder / f"{side}.csv")
        lines.append(f"[{side}]")
        lines += [f'{role} = "{column}"' for column, role in ROLE_OF.items() if column in frame.columns]
    (folder / "map.toml").write_text("\n".join(lines), "utf-8")
    a, b, where, out = (str(folder / name) for name in ("a.csv", "b.csv", "map.toml", "pairs.parquet"))
    return (
        RANTANG, "link", a, b, "--map", where, "--id-a", "row", "--id-b", "resident", "--truth", TRUE,
        "--out", out, "--json",
    )  # fmt: skip


def by_command(delivery: LinkageDelivery) -> tuple[pl.DataFrame, Row]:
    """Link by `rantang link`, from csv to the written pairs; returns these and what it took."""
    with TemporaryDirectory(prefix="rantang-") as folder:
        command = written(delivery, Path(folder))
        seconds, memory, printed = child(*command)
        found = pl.read_parquet(Path(folder) / "pairs.parquet")
    said = json.loads(printed)
    return found, {
        "threshold": said["threshold"],
        "certified": said["certified"],
        "s": seconds,
        "gib": memory,
    }


def identified(frame: pl.DataFrame, key: str, name: str, opened: Engine) -> ir.Table:
    """Standardise one side as the pipeline does."""
    wanted = {column.name: column.type for column in BASE}
    have = [column for column in frame.columns if column in wanted and column != "relation"]
    table = opened.load(frame.select(pl.col(key).cast(pl.Int64).alias("row"), *have).to_arrow(), name)
    rows = linking.as_rows(table, name).select(*wanted)
    kept = opened.keep(rows, f"{name}_rows")
    city = load("malang")
    return opened.keep(standardise(kept, areas(city), PERIOD_END, opened.keep), f"{name}_identified")


def by_function(left: ir.Table, right: ir.Table, opened: Engine) -> tuple[pl.DataFrame, float]:
    """Link standardised rows by the command's own function; returns its pairs, and seconds."""
    started = time.perf_counter()
    pairs = linking.link_lists(left, right, opened.keep)
    found = pl.DataFrame(opened.fetch(pairs.table)).rename({"a": "id_a", "b": "id_b"})
    return found, time.perf_counter() - started


def scored(found: pl.DataFrame, truth: pl.DataFrame, share: float) -> Row:
    """Precision and recall of the matches, and recall when people look at the best `share` of the rows.

    `found` has the pairs as the command writes them. Of a row in review people see the likeliest candidate.
    """
    known = truth.select(id_a=pl.col("row").cast(pl.Int64), true=pl.col("resident").cast(pl.Int64))
    asked = found.with_columns(pl.col("id_a", "id_b").cast(pl.Int64)).join(known, on="id_a")
    asked = asked.with_columns(ok=(pl.col("id_b") == pl.col("true")).fill_null(False))
    match = asked.filter(pl.col("decision") == "match")
    looked = asked.filter(pl.col("decision") == "review").join(match, on="id_a", how="anti")
    looked = looked.sort("probability", "id_a", "id_b", descending=[True, False, False], nulls_last=True)
    seen = looked.unique("id_a", keep="first", maintain_order=True).head(int(share * truth.height))
    there = int(known["true"].is_not_null().sum())
    right = match.filter("ok")["id_a"].n_unique()
    return {
        "rows": truth.height,
        "precision": int(match["ok"].sum()) / max(match.height, 1),
        "recall": right / max(there, 1),
        "with_review": (right + int(seen["ok"].sum())) / max(there, 1),
        "review_share": share,
    }


def by_group(found: pl.DataFrame, delivery: LinkageDelivery) -> list[Row]:
    """Precision and recall of the groups that linkage usually fails."""
    groups = {
        "no NIK": pl.col("nik_fault") == "missing",
        "one-word name": pl.col("one_word"),
        "women": pl.col("woman"),
        "elderly (60+)": pl.col("age") >= 60,
    }
    answer = []
    for name, rule in groups.items():
        row = scored(found, delivery.truth.filter(rule), 0.0)
        answer.append({"group": name, **{key: row[key] for key in ("rows", "precision", "recall")}})
    return answer


def main() -> None:
    """One variant; JSON on the last line."""
    parser = argparse.ArgumentParser()
    for name, kind in (("scale", float), ("whole", int), ("factor", float), ("moved", int), ("share", float)):
        parser.add_argument(name, type=kind)
    parser.add_argument("--splink", action="store_true")
    parser.add_argument("--seed", type=int, default=3, help="Of the delivery.")
    asked = parser.parse_args()
    delivery: LinkageDelivery = linkage_delivery(
        build_world(1, asked.scale, Rates(1.0)), seed=asked.seed, rows=int(ROWS * min(asked.scale, 1.0)),
        rates_factor=asked.factor, whole=bool(asked.whole), children_moved=bool(asked.moved),
    )  # fmt: skip
    if asked.splink:
        print(json.dumps(_beside_splink(delivery, asked.share)))
        return
    found, took = by_command(delivery)
    answer: Row = {
        **scored(found, delivery.truth, asked.share), "population": delivery.population.height, **took,
        "groups": by_group(found, delivery),
    }  # fmt: skip
    print(json.dumps(answer))


def _beside_splink(delivery: LinkageDelivery, share: float) -> Row:
    from benchmarks.plain_splink import beside

    with open_briefly() as opened:
        left = identified(delivery.rows, "row", "a", opened)
        right = identified(delivery.population, "resident", "b", opened)
        found, seconds = by_function(left, right, opened)
        mine = {**scored(found, delivery.truth, share), "link_s": seconds}
        return {"both": beside(mine, left, right, delivery.truth, opened)}


if __name__ == "__main__":
    main()
