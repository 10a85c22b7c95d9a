"""How the main job grows with the city: seconds of each stage from a sixteenth of a city to four.

The exponent between two sizes is log(seconds ratio) / log(size ratio): 1 is in proportion, 0 is the same
whatever the city. Four cities are run where they are asked for (`--scale 4`).
"""

from __future__ import annotations

import json
import math
import shutil

from benchmarks.measure import RANTANG, Row, child, fresh, save

SCALES = (1 / 16, 1 / 4, 1.0, 4.0)


def report(largest: float) -> None:
    """Run the sample city at each size up to `largest`, at least the two smallest; print how it grows."""
    scales = [scale for scale in SCALES if scale <= max(largest, SCALES[1])]
    runs = [_run(scale) for scale in scales]
    rows: list[Row] = []
    for name in runs[-1]:
        row: Row = {"stage": name}
        for scale, run in zip(scales, runs, strict=True):
            row[f"x{scale:g}"] = run[name]
        for small, large, one, other in zip(scales, scales[1:], runs, runs[1:], strict=False):
            row[f"exponent to x{large:g}"] = math.log(other[name] / one[name]) / math.log(large / small)
        rows.append(row)
    save("growth", rows)


def _run(scale: float) -> dict[str, float]:
    """Seconds by stage and altogether, and peak GiB, of a first run."""
    city = fresh(scale, "growth")
    seconds, memory, _ = child(RANTANG, "run", str(city), "--json")
    newest = next((city / "editions").glob("*/timings.json"))
    stages = json.loads(newest.read_text("utf-8"))["stages"]
    shutil.rmtree(city)
    return {name: max(float(spent), 0.01) for name, spent in stages.items()} | {
        "whole": seconds,
        "GiB": memory,
    }
