"""Survey estimation: a large file with many replicates beside svy, and how often intervals hold the truth."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from benchmarks import coverage
from benchmarks.measure import OUT, Row, module, save

ROWS, BLOCKS, STRATA, AREAS, DRAWS = 100_000, 10_000, 100, 57, 500
GOAL = {"s": 0.5, "mib": 200.0, "times_svy": 5.0}


def report(page: Path = Path("docs/reference/coverage.md")) -> None:
    """Time 100,000 rows x 500 bootstrap replicates x P0-P2 x 57 areas; then draw 1,000 samples anew."""
    rows = [_compare("areas of whole blocks", nested=True), _compare("areas across blocks", nested=False)]
    save("measurement", rows, goal=GOAL, draws=DRAWS)
    coverage.report(page)


def _compare(name: str, *, nested: bool) -> Row:
    file = _file(nested=nested)
    ours, _ = module("benchmarks.measurement_child", "rantang", file, DRAWS)
    theirs, _ = module("benchmarks.measurement_child", "svy", file, DRAWS)
    apart = max(
        float(np.max(np.abs(np.array(ours["errors"][p]) / np.array(theirs["errors"][p]) - 1)))
        for p in ours["errors"]
    )
    times = theirs["whole"] / ours["whole"]
    good = ours["whole"] <= GOAL["s"] and ours["mib"] <= GOAL["mib"] and times >= GOAL["times_svy"]
    return {
        "rows": name,
        "s": ours["whole"],
        "of it estimation s": ours["estimation"],
        "mib over reading": ours["mib"],
        "svy s": theirs["whole"],
        "of it svy estimation s": theirs["estimation"],
        "svy mib": theirs["mib"],
        "times svy": times,
        "times svy, estimation": theirs["estimation"] / ours["estimation"],
        "largest relative difference": f"{apart:.1e}",
        "goal": "pass" if good and apart < 1e-9 else "MISS",
    }


def _file(*, nested: bool) -> Path:
    """A survey of blocks of ten households; every block in one area, or areas across blocks."""
    random = np.random.default_rng(8)
    block = np.repeat(np.arange(BLOCKS), ROWS // BLOCKS)
    level = random.normal(0, 0.35, BLOCKS)[block]
    area = (block if nested else random.integers(0, AREAS, ROWS)) % AREAS
    table = pl.DataFrame(
        {
            "welfare": np.exp(level + random.normal(0, 0.5, ROWS)),
            "weight": random.uniform(20, 60, ROWS),
            "stratum": block * STRATA // BLOCKS,
            "psu": block,
            "kelurahan": area,
        }
    )
    OUT.mkdir(parents=True, exist_ok=True)
    path = OUT / f"survey-{'nested' if nested else 'crossed'}.parquet"
    table.write_parquet(path)
    return path
