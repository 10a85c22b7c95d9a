"""The main job at the size of a city, again after a list was added, and the least the machine needs."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import duckdb

from benchmarks.measure import OUT, RANTANG, Row, child, sample, save

LIMIT = {"s": 90.0, "gib": 6.0}


def report(scale: float) -> None:
    """Time a first run, a run after one new list, and DuckDB reading and joining the same bytes."""
    city = OUT / f"run-{scale:g}"
    if city.exists():
        shutil.rmtree(city)
    shutil.copytree(sample(scale), city, ignore=shutil.ignore_patterns("truth", "store", "editions"))
    floor = _floor(city)
    rows = [_run(city, "first run", floor)]
    _add_list(city)
    rows.append(_run(city, "one new list", floor))
    rows.append({"run": "physical limit", "s": floor})
    save("run", rows, scale=scale, goal=LIMIT)
    newest = max((city / "editions").glob("*/timings.json"), key=lambda path: path.stat().st_mtime)
    print(newest.read_text("utf-8")[:2000])


def _run(city: Path, name: str, floor: float) -> Row:
    seconds, memory, _ = child(RANTANG, "run", str(city), "--json")
    good = seconds <= LIMIT["s"] and memory <= LIMIT["gib"]
    return {
        "run": name,
        "s": seconds,
        "gib": memory,
        "times_limit": seconds / floor,
        "goal": "pass" if good else "MISS",
    }


def _add_list(city: Path) -> None:
    """A note of its own makes a copy of a list another delivery."""
    first = min((city / "lists").glob("*/penerima-*/*.csv"))
    shutil.copy(first, first.with_name(f"{first.stem}-susulan.csv"))


def _floor(city: Path) -> float:
    """Seconds to read every byte, and to count the population by a hash join on its NIK."""
    started = time.perf_counter()
    for path in (city / "lists").rglob("*"):
        if path.is_file():
            path.read_bytes()
    population = next((city / "lists/dispendukcapil").glob("penduduk/*.csv"))
    with duckdb.connect() as database:
        table = f"read_csv('{population}', all_varchar=true)"
        columns = [row[0] for row in database.sql(f"describe select * from {table}").fetchall()]
        nik = next(name for name in columns if name.upper() == "NIK")
        database.sql(f'select count(*) from {table} a join {table} b on a."{nik}" = b."{nik}"').fetchall()
    return time.perf_counter() - started
