"""What aid becomes in consumption: shares by kind of aid, as distributions with a source (`effects.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from rantang.errors import RantangError
from rantang.planning.problem import Floats, Ints, Texts

Spread = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Effect:
    """Income effect of one kind of aid; each spread is (low, most likely, high).

    Attributes
    ----------
    share
        Of the value that becomes consumption.
    take_up, delivery
        Of those given it, who use it; of the value, what arrives.
    months
        Months until it works; in the first year the rest counts.
    asumsi
        No source was found; the figures are assumptions and are shown as such.
    """

    aid: str
    share: Spread
    take_up: Spread
    delivery: Spread
    months: int = 0
    source: str = ""
    asumsi: bool = False
    note: str = ""

    @property
    def first_year(self) -> float:
        """Share of the first year in which the aid works."""
        return 1.0 - min(self.months, 12) / 12

    @property
    def expected(self) -> float:
        """Expected consumption a month per rupiah a month of cost."""
        return mean(self.share) * mean(self.take_up) * mean(self.delivery) * self.first_year


@cache
def effects() -> Mapping[str, Effect]:
    """Return the effects that come with Rantang, by kind of aid."""
    return read((resources.files(__package__) / "effects.toml").read_text("utf-8"))


def read(text: str) -> Mapping[str, Effect]:
    """Read effects from TOML.

    Raises
    ------
    ValueError
        A spread is not low <= likely <= high within 0 and 1, or a kind has neither source nor `asumsi`.
    """
    return {aid: _effect(aid, raw) for aid, raw in tomllib.loads(text).items()}


def _effect(aid: str, raw: Mapping[str, Any]) -> Effect:
    spreads = {name: tuple(float(each) for each in raw[name]) for name in ("share", "take_up", "delivery")}
    for name, spread in spreads.items():
        if len(spread) != 3 or not 0 <= spread[0] <= spread[1] <= spread[2] <= 1:
            raise ValueError(f"{aid}.{name}: {spread}")
    if not raw.get("source") and not raw.get("asumsi"):
        raise ValueError(f"{aid}: a source, or asumsi = true")
    return Effect(aid, **{**raw, **spreads})


def mean(spread: Spread) -> float:
    """Return the mean of a PERT distribution: (low + 4 likely + high) / 6 (Malcolm et al. 1959)."""
    low, likely, high = spread
    return (low + 4 * likely + high) / 6


def draw(spread: Spread, rng: np.random.Generator, count: int) -> Floats:
    """Draw from a PERT distribution."""
    low, likely, high = spread
    if high <= low:
        return np.full(count, low)
    a = 1 + 4 * (likely - low) / (high - low)
    b = 1 + 4 * (high - likely) / (high - low)
    return np.asarray(low + (high - low) * rng.beta(a, b, count), dtype=np.float64)


def of(aid: str) -> Effect:
    """Return the effect of one kind of aid.

    Raises
    ------
    RantangError
        `DAMPAK-JENIS`: there is none for that kind.
    """
    known = effects()
    if aid not in known:
        raise RantangError("DAMPAK-JENIS", aid=aid)
    return known[aid]


def gains(cost: Ints, aid: Sequence[str] | Texts, own: Mapping[str, Effect] | None = None) -> Floats:
    """Return the expected consumption a month of yearly costs: what a plan's pairs bring.

    Parameters
    ----------
    own
        Effects that go before those of the kind, by what `aid` names.
    """
    kinds, number = np.unique(np.asarray(aid, dtype=str), return_inverse=True)
    expected = [((own or {}).get(kind) or of(kind)).expected for kind in kinds.tolist()]
    found: Floats = cost / 12 * np.array(expected, dtype=np.float64)[number]
    return found
