"""Whether the intervals of a projection hold: on a place's own past, and on cities whose truth is known.

Goal: 90 % intervals of the figure to be published hold at least 85 % of them, and the interval score
(points, less is better) is below that of the last value and of a straight line. A kind that is
published smoother than it is surveyed is judged in the scenario `tersirat`, the others in `rancangan`.
"""

from __future__ import annotations

import math
import time

from benchmarks.measure import Row, save
from rantang import cities
from rantang.projection import series as published
from rantang.projection import simulated
from rantang.projection.backtest import Summary, backtest, summarise

CITIES = 150
LEAST = 0.85
RIVALS = ("nilai-terakhir", "tren-lurus")


def report(count: int = CITIES) -> None:
    """Score the place's own past, then made-up cities of every kind."""
    malang = cities.load("malang")
    series = published.published(malang, "2026-11")["bps"]
    started = time.perf_counter()
    rows = [_row("own past", score) for score in summarise(backtest(series, malang.survey))]
    save("projection-own", rows, seconds=time.perf_counter() - started, series=len(series.observations))
    started = time.perf_counter()
    rows, held, made = [], 0.0, 0
    for kind in simulated.KINDS:
        found = {score.method: score for score in summarise(simulated.scores(kind, range(count)))}
        judged = "tersirat" if kind == "dihaluskan" else "rancangan"
        rivals = min(found[name].interval_score for name in RIVALS)
        for name, score in found.items():
            rows.append({**_row(kind, score), "goal": _goal(score, rivals) if name == judged else ""})
        held += found[judged].coverage * found[judged].forecasts
        made += found[judged].forecasts
    save(
        "projection",
        rows,
        cities=count,
        goal={"coverage": LEAST},
        coverage=held / made,
        coverage_error=math.sqrt(held / made * (1 - held / made) / (count * len(simulated.KINDS))),
        seconds=time.perf_counter() - started,
    )
    print(f"coverage over {count * len(simulated.KINDS)} cities: {held / made:.3f} (goal {LEAST})")


def _row(kind: str, score: Summary) -> Row:
    return {
        "cities": kind,
        "method": score.method,
        "forecasts": score.forecasts,
        "interval_score": score.interval_score,
        "crps": score.crps,
        "coverage": score.coverage,
        "width": score.width,
    }


def _goal(score: Summary, rivals: float) -> str:
    return "pass" if score.coverage >= LEAST and score.interval_score < rivals else "MISS"
