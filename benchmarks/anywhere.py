"""Lists from anywhere, linked and freed of doubles as the commands do, counted by kind of list.

Who a row is (`benchmarks.peoples`) is read only afterwards, to count; nothing is fitted or set by it.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from typing import Final

import ibis
import ibis.expr.types as ir
import polars as pl
from scipy.stats import beta

from benchmarks.measure import Row, save
from benchmarks.peoples import WORLDS, Lists, Person, lists
from rantang import linking
from rantang.cities import load
from rantang.cities.areas import areas
from rantang.engine import Engine, open_briefly
from rantang.identity.standardise import standardise
from rantang.tables.intake import BASE

COLUMNS: Final = {
    "name, birth": ("name", "birth_date"),
    "name, birth, mother": ("name", "birth_date", "mother_name"),
    "name, number": ("name", "national_id"),
    "name, address": ("name", "street", "area"),
    "all, number": ("name", "birth_date", "mother_name", "sex", "national_id", "street", "area"),
    "name, year": ("name", "year"),
}
EVERY: Final = COLUMNS["all, number"]
FACTORS: Final = (1.0, 2.5)
# The other worlds are kept for trying rules after they were decided.
REPORTED: Final = ("german", "vietnamese", "us", "indonesian")
TODAY: Final = dt.date(2022, 11, 30)
# What of an identified row comes from each column: a list without the column has none of it.
READ: Final = {
    "birth_date": ("birth_date", "birth_source", "birth_heaped"),
    "mother_name": ("mother_key",),
    "sex": ("sex", "sex_source"),
    "national_id": ("nik", "nik_digits", "nik_birth", "nik_sex"),
    "street": ("street", "house_number", "gang", "rt", "rw", "kelurahan_code"),
}


@dataclass(frozen=True)
class Count:
    """Matches, right ones, true ones, those in match or review; the wrong ones by what was taken for whom."""

    found: int
    right: int
    true: int
    seen: int
    wrong: Counter[str]


def identified(rows: list[Row], columns: Sequence[str], name: str, engine: Engine) -> ir.Table:
    """Standardise as the commands do; the year alone stands as its first day."""
    roles = {"birth_date" if column == "year" else column: column for column in columns}
    frame = pl.DataFrame(rows, infer_schema_length=None).select(columns).with_row_index("row")
    stripped = frame.with_columns(pl.col(pl.String).str.strip_chars())
    raw = linking.with_roles(engine.load(stripped.cast({"row": pl.Int64}).to_arrow(), name), roles)
    raw = raw.mutate(birth_date=raw.birth_date.cast("date"))
    base = linking.as_rows(raw, name).select(*(column.name for column in BASE))
    base = engine.keep(base, f"{name}_rows")
    found = engine.keep(standardise(base, areas(load("kosong")), TODAY, engine.keep), f"{name}_identified")
    return linking.with_foreign(found, base, engine.keep)


def without(rows: ir.Table, columns: Sequence[str]) -> ir.Table:
    """Empty what a list of `columns` would not have."""
    have = {"birth_date" if column == "year" else column for column in columns}
    gone = [name for column, names in READ.items() if column not in have for name in names]
    return rows.mutate(**{name: ibis.null(rows[name].type()) for name in gone})


def measured(label: str, seed: int, factor: float, names: Sequence[str]) -> dict[str, Count]:
    """Link the lists of a world, and free one of its doubles, on every set of columns."""
    made = lists(label, seed, factor)
    found = {}
    with open_briefly() as engine:
        a, b, c = (identified(rows, EVERY, side, engine) for side, rows in _sides(made))
        years = [identified(rows, ("name", "year"), side, engine) for side, rows in _sides(made)]
        for name, columns in ((name, COLUMNS[name]) for name in names):
            left, right, one = years if "year" in columns else (without(t, columns) for t in (a, b, c))
            pairs = linking.link_lists(left, right, engine.keep).table
            found[f"link: {name}"] = counted(made, pl.DataFrame(engine.fetch(pairs)), link=True)
            pairs = linking.dedupe_list(one, engine.keep).table
            found[f"dedupe: {name}"] = counted(made, pl.DataFrame(engine.fetch(pairs)), link=False)
    return found


def _sides(made: Lists) -> tuple[tuple[str, list[Row]], ...]:
    return (("a", made.a), ("b", made.b), ("a", made.c))


def counted(made: Lists, found: pl.DataFrame, *, link: bool) -> Count:
    """Count pairs against who the rows are; when linking, a row that finds its person twice counts once."""
    ours, theirs = (made.in_a, made.in_b) if link else (made.in_c, made.in_c)
    lines = found.select("a", "b", "decision").drop_nulls("b").rows()
    wrong = Counter(
        relation(made.people[ours[a]], made.people[theirs[b]], set(theirs))
        for a, b, decision in lines
        if decision == "match" and ours[a] != theirs[b]
    )
    right = [(a if link else (a, b), decision) for a, b, decision in lines if ours[a] == theirs[b]]
    matched = len({row for row, decision in right if decision == "match"})
    seen = len({row for row, decision in right if decision != "none"})
    if link:
        true = sum(person in set(theirs) for person in ours)
    else:
        true = sum(n * (n - 1) // 2 for n in Counter(ours).values())
    return Count(matched + wrong.total(), matched, true, seen, wrong)


def relation(row: Person, taken: Person, listed: set[int]) -> str:
    """Say what was taken for the person, and whether he was there to be found."""
    if row.parents and row.parents == taken.parents:
        kind = "twin" if row.born == taken.born else "sibling"
    elif row.id in taken.parents or taken.id in row.parents:
        kind = "parent"
    else:
        kind = "namesake of one birth date" if row.born == taken.born else "namesake"
    return kind + ("" if row.id in listed else ", absent")


def interval(right: int, found: int) -> tuple[float, float]:
    """The exact 95 % interval of a share (Clopper & Pearson 1934)."""
    wrong = found - right
    low = float(beta.ppf(0.025, right, wrong + 1)) if right else 0.0
    return low, float(beta.ppf(0.975, right + 1, wrong)) if wrong else 1.0


def pooled(trials: Sequence[Count]) -> Row:
    """Trials of one kind of list as one line of the report; no precision where nothing was linked."""
    found, right, true, seen = (
        sum(getattr(trial, name) for trial in trials) for name in ("found", "right", "true", "seen")
    )
    low, high = interval(right, found)
    return {
        "trials": len(trials),
        "matches": found,
        "wrong": found - right,
        "precision": right / found if found else None,
        "interval": f"[{low:.4f}, {high:.4f}]" if found else "",
        "worst trial": min((t.right / t.found for t in trials if t.found), default=None),
        "recall": right / max(true, 1),
        "with review": seen / max(true, 1),
        "what": ", ".join(f"{n} {kind}" for kind, n in sum((t.wrong for t in trials), Counter()).items()),
    }


def report(
    worlds: Sequence[str] = REPORTED,
    seeds: Sequence[int] = (1,),
    factors: Sequence[float] = FACTORS,
    columns: Sequence[str] = tuple(COLUMNS),
) -> None:
    """Pool every kind of list over worlds and seeds, and every world over kinds; a process per core."""
    asked = list(product(worlds, seeds, factors, [columns]))
    kinds: dict[str, list[Count]] = {}
    with ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn")) as pool:
        counts = pool.map(measured, *zip(*asked, strict=True))
        for (label, _, factor, _), found in zip(asked, counts, strict=True):
            for kind, count in found.items():
                kinds.setdefault(f"{kind} x{factor:g}", []).append(count)
                kinds.setdefault(f"{kind.partition(':')[0]}, all columns: {label}", []).append(count)
    save("anywhere", [{"kind": kind, **pooled(kinds[kind])} for kind in sorted(kinds)])


def main() -> None:
    """Ask for other worlds and seeds than the report's."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.anywhere", description=__doc__)
    parser.add_argument("--worlds", nargs="+", choices=WORLDS, default=REPORTED)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1])
    parser.add_argument("--factors", nargs="+", type=float, default=FACTORS)
    parser.add_argument("--columns", nargs="+", choices=COLUMNS, default=list(COLUMNS))
    report(**vars(parser.parse_args()))


if __name__ == "__main__":
    main()
