"""An estimate with the scores of its rows: what every statistic that is no plain ratio returns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rantang.measurement.design import Floats


@dataclass(frozen=True)
class Scored:
    """An estimate; `scores()` gives the derivative of it by each row's weight, made only when asked for."""

    value: float
    scores: Callable[[], Floats]


def combined(value: float, parts: Mapping[str, tuple[float, Scored]]) -> Scored:
    """A smooth function of estimates: its value, and each estimate with the function's derivative by it."""

    def scores() -> Floats:
        total: Floats = np.sum([slope * part.scores() for slope, part in parts.values()], axis=0)
        return total

    return Scored(value, scores)


def mean(values: Floats, weight: Floats) -> Scored:
    """A weighted mean."""
    total = float(weight.sum())
    value = float((weight * values).sum() / total)
    return Scored(value, lambda: (values - value) / total)
