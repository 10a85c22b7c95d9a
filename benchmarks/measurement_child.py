"""One measurement in a process of its own: `python -m benchmarks.measurement_child rantang|svy FILE DRAWS`.

Prints seconds, memory over reading in MiB and the figures, as JSON in the last line.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from rantang.measurement.declared import Declared
from rantang.measurement.design import prepare
from rantang.measurement.figures import linear
from rantang.measurement.replicates import replicates

LINE = 0.6
COLUMNS = Declared(
    "welfare", line=LINE, weight="weight", strata=("stratum",), psu=("psu",), by=("kelurahan",)
)
Row = dict[str, Any]
FIGURES = ("P0", "P1", "P2")


def peak() -> float:
    """The process's largest memory so far, in MiB; what its parent had before does not count (Linux)."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def of_rantang(rows: pl.DataFrame, draws: int) -> Row:
    """Design, replicates and errors, from the rows as they were read."""
    started = time.perf_counter()
    sample = prepare(rows, COLUMNS)
    made = replicates(sample.design, "bootstrap", draws, 1)
    weighed = time.perf_counter()
    found = list(linear(sample, sample.domain, len(sample.domains), made, FIGURES))
    ended = time.perf_counter()
    errors = {name: [each.variance**0.5 for each in found if each.statistic == name] for name in FIGURES}
    return {"whole": ended - started, "estimation": ended - weighed, "mib": peak(), "errors": errors}


def of_svy(rows: pl.DataFrame, draws: int) -> Row:
    """The same from the rows; and errors from the very replicate weights that Rantang drew."""
    import svy

    poor = pl.col("welfare") < LINE
    gap = poor * (1 - pl.col("welfare") / LINE)
    rows = rows.with_columns(P0=poor.cast(pl.Float64), P1=gap, P2=gap**2)
    started = time.perf_counter()
    own = svy.Sample(rows, svy.Design(wgt="weight", stratum="stratum", psu="psu"))
    own = own.weighting.create_bs_wgts(draws, rstate=1)
    weighed = time.perf_counter()
    _errors(own)
    ended = time.perf_counter()
    memory = peak()
    return {
        "whole": ended - started,
        "estimation": ended - weighed,
        "mib": memory,
        "errors": _errors(_with_our_weights(rows, draws)),
    }


def _with_our_weights(rows: pl.DataFrame, draws: int) -> Any:
    import svy

    design = prepare(rows, COLUMNS).design
    made = replicates(design, "bootstrap", draws, 1)
    keys = {key: at for at, key in enumerate(design.names)}
    unit = np.array([keys[name] for name in rows["psu"].cast(pl.String)])
    weight = rows["weight"].to_numpy()
    wide = rows.hstack([pl.Series(f"r{k + 1}", weight * made.multipliers[unit, k]) for k in range(draws)])
    weights = svy.BootstrapWgts(prefix="r", n_reps=draws, scale=1 / (draws - 1))
    return svy.Sample(wide, svy.Design(wgt="weight", stratum="stratum", psu="psu", rep_wgts=weights))


def _errors(sample: Any) -> dict[str, list[float]]:
    answer = sample.estimation.mean(
        list(FIGURES), by="kelurahan", method="replication", variance_center="estimate"
    )
    tables = [each.to_polars().sort(pl.col("kelurahan").cast(pl.String)) for each in answer]
    return {name: table["se"].to_list() for name, table in zip(FIGURES, tables, strict=True)}


def main() -> None:
    """Read, then measure."""
    who, file, draws = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    rows = pl.read_parquet(file)
    before = peak()
    row = (of_rantang if who == "rantang" else of_svy)(rows, draws)
    print(json.dumps({**row, "mib": row["mib"] - before}))


if __name__ == "__main__":
    main()
