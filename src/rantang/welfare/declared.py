"""The common facts, as `facts/facts.toml` declares them.

To add one is to add an entry there (docs/how-to/add-a-fact.md): no code knows a fact by name, but for
those that the register itself says (`register`).
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt

SOURCES: Final = ("dtsen", "p3ke")
"""Lists that carry facts (and a national decile), the preferred one first."""
REGISTER: Final = ("size", "children", "elderly", "head_age", "head_sex")
"""What the register itself says of a family."""
UNANSWERED: Final = -1
_KEYS: Final = frozenset({"words", "register", "survei", "of", "per", "asset", "levels", *SOURCES})

Codes = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Level:
    """One answer of a fact: the contract's codes that mean it, or the numbers from `low` to below `high`."""

    code: str
    words: str
    answers: tuple[str, ...] = ()
    answers_of: Mapping[str, tuple[str, ...]] | None = None
    low: float | None = None
    high: float | None = None

    def codes_in(self, source: str) -> tuple[str, ...]:
        """Return the codes that mean this level in one kind of list."""
        return (self.answers_of or {}).get(source, self.answers)


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact: where it is read and its levels.

    Attributes
    ----------
    fields
        Kind of list (or `survei`) → field of its contract.
    register
        What the register knows it as; empty where only lists say it.
    of_head
        The answer stands in the head's own row.
    per_member
        The number is divided by the members.
    asset
        Owning it is the second level or a later one.
    """

    name: str
    words: str
    fields: Mapping[str, str]
    register: str
    of_head: bool
    per_member: bool
    asset: bool
    levels: tuple[Level, ...]

    @property
    def numeric(self) -> bool:
        """Whether the levels are ranges of a number."""
        return self.levels[0].low is not None

    def of_numbers(self, numbers: Floats) -> Codes:
        """Return the level of each number, `UNANSWERED` where it is missing or in no range."""
        found = np.full(len(numbers), UNANSWERED, dtype=np.int8)
        for index, level in enumerate(self.levels):
            if level.low is not None and level.high is not None:
                found[(numbers >= level.low) & (numbers < level.high)] = index
        return found


@cache
def facts() -> tuple[Fact, ...]:
    """Return the declared facts, in the order of the file.

    Raises
    ------
    ValueError
        An entry has an unknown key, no level, or levels of both kinds.
    """
    text = (resources.files(__package__) / "facts" / "facts.toml").read_text("utf-8")
    return tuple(build(name, entry) for name, entry in tomllib.loads(text).items())


def build(name: str, entry: Mapping[str, Any]) -> Fact:
    """Build one fact of its entry (see `facts`)."""
    if unknown := set(entry) - _KEYS:
        raise ValueError(f"facts.toml: {name} has unknown keys {sorted(unknown)}")
    if entry.get("register", REGISTER[0]) not in REGISTER:
        raise ValueError(f"facts.toml: {name}: register must be one of {REGISTER}")
    levels = tuple(_level(level) for level in entry.get("levels", ()))
    if len(levels) < 2 or len({level.low is None for level in levels}) != 1:
        raise ValueError(f"facts.toml: {name} needs two levels or more, all answers or all ranges")
    return Fact(
        name=name,
        words=entry["words"],
        fields={key: entry[key] for key in ("survei", *SOURCES) if key in entry},
        register=entry.get("register", ""),
        of_head=entry.get("of") == "head",
        per_member=entry.get("per") == "size",
        asset=bool(entry.get("asset", False)),
        levels=levels,
    )


def _level(entry: Mapping[str, Any]) -> Level:
    of = {source: tuple(entry[f"answers_{source}"]) for source in SOURCES if f"answers_{source}" in entry}
    return Level(
        code=entry["code"],
        words=entry["words"],
        answers=tuple(entry.get("answers", ())),
        answers_of=of or None,
        low=entry.get("from"),
        high=entry.get("to"),
    )
