"""Why a score is what it is: the facts that moved it most, as codes, and in plain words."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import polars as pl
import pyarrow as pa

from rantang.texts import _, mark
from rantang.welfare.declared import Codes, Fact, facts
from rantang.welfare.score import Model, contributions

MOST: Final = 3
LEAST: Final = 0.005
"""Contributions below half a per cent are no reason."""

LOWERS: Final = mark("{fact}: lowers the estimate by {percent} %")
RAISES: Final = mark("{fact}: raises the estimate by {percent} %")


def codes_of(model: Model, used: tuple[Fact, ...], codes: Codes) -> pa.Array:
    """Return each family's reasons as text: `FACT.LEVEL:POINTS`, joined by a space.

    First the `MOST` facts that lower the score, the strongest first, then those that raise it; points
    are log points of consumption against the average household of the survey.
    """
    moved = contributions(model, codes)
    told, first = _tokens(model, used)
    parts = []
    for sign in (1, -1):
        order = np.argsort(sign * moved, axis=1, kind="stable")[:, :MOST]
        for place in range(order.shape[1]):
            fact = order[:, place]
            value = moved[np.arange(len(codes)), fact]
            level = codes[np.arange(len(codes)), fact]
            speaks = (sign * value <= -LEAST) & (level >= 0)
            at = pa.array(np.where(speaks, first[fact] + level, 0), mask=~speaks)
            parts.append(told.take(at))
    # not Arrow's join: it drops a row whose parts are all null
    table = pl.DataFrame({str(place): pl.from_arrow(part) for place, part in enumerate(parts)})
    joined = table.select(said=pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).replace("", None))
    return joined["said"].to_arrow().cast(pa.string())


def _tokens(model: Model, used: tuple[Fact, ...]) -> tuple[pa.Array, np.ndarray]:
    told: list[str] = []
    first: list[int] = []
    for fact, of_level in zip(used, model.points, strict=True):
        first.append(len(told))
        told += [
            f"{fact.name}.{level.code}:{value:+.3f}"
            for level, value in zip(fact.levels, of_level, strict=True)
        ]
    return pa.array(told, pa.string()), np.array(first)


def in_words(reasons: str | None) -> list[str]:
    """Return reasons as sentences in the language in use; what no fact declares any more is left out."""
    said = {f"{fact.name}.{level.code}": level.words for fact in facts() for level in fact.levels}
    found = []
    for token in (reasons or "").split():
        code, _colon, value = token.rpartition(":")
        if code in said:
            percent = abs(round(100 * math.expm1(float(value))))
            text = LOWERS if float(value) < 0 else RAISES
            found.append(_(text, fact=_(said[code]), percent=percent))
    return found
