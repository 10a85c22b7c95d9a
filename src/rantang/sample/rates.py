"""The table of rates (`rates.toml`) and the dice that are thrown with them."""

from __future__ import annotations

import tomllib
import zlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np

HIGHEST_RATE: Final = 0.9  # a multiplied rate stays a rate


@dataclass(frozen=True, slots=True)
class Rate:
    """One line of the table: a value, where it comes from, and what may be done to it."""

    section: str
    name: str
    value: float
    source: str
    assumption: bool = False
    scaled: bool = False


@cache
def table() -> tuple[Rate, ...]:
    """Return every rate, in the order of the file."""
    text = (resources.files(__package__) / "rates.toml").read_text("utf-8")
    return tuple(
        Rate(section=section, name=name, **fields)
        for section, names in tomllib.loads(text).items()
        for name, fields in names.items()
    )


class Rates:
    """Look-up of rates, `rates["nik_missing"]`; those that make linking hard are multiplied.

    Parameters
    ----------
    factor
        Multiplies the rates marked `scaled`; 1.0 is the documented table, benchmarks use 2.5.
    """

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self._values = {rate.name: self._scale(rate, factor) for rate in table()}

    @staticmethod
    def _scale(rate: Rate, factor: float) -> float:
        return min(rate.value * factor, HIGHEST_RATE) if rate.scaled else rate.value

    def __getitem__(self, name: str) -> float:
        return self._values[name]


class Dice:
    """Random generators by name: a new list does not change the throws of the others."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def __call__(self, *name: str) -> np.random.Generator:
        """Return the generator of this name, fresh at every call."""
        stream = zlib.crc32("/".join(name).encode())
        return np.random.default_rng(np.random.SeedSequence([self.seed, stream]))
