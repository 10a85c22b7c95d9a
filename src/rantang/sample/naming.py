"""Names with skewed frequencies, by group, sex and year of birth (`names.toml`)."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl

GROUPS: Final = ("jawa", "madura", "tionghoa", "luar")
_ZIPF_SHIFT: Final = 4.0  # weight of the r-th word: 1 / (r + shift)^s

Ints = npt.NDArray[np.int64]
Texts = npt.NDArray[np.object_]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "names.toml").read_text("utf-8"))


@cache
def words(name: str) -> Texts:
    """Return the words of one list, the most frequent first."""
    return np.array([word.replace("_", " ") for word in _data()["lists"][name].split()], dtype=object)


@cache
def streets() -> dict[str, list[str]]:
    """Return theme -> elements of the invented street names."""
    return {
        theme: [word.replace("_", " ") for word in elements.split()]
        for theme, elements in _data()["streets"].items()
    }


@cache
def _cumulative(name: str) -> npt.NDArray[np.float64]:
    zipf = _data()["zipf"]
    weights = (np.arange(len(words(name))) + _ZIPF_SHIFT) ** -zipf.get(name, zipf["default"])
    return np.asarray(np.cumsum(weights) / weights.sum(), dtype=np.float64)


def draw_words(rng: np.random.Generator, name: str, count: int) -> Texts:
    """Draw `count` words of one list."""
    drawn = np.searchsorted(_cumulative(name), rng.random(count), side="right")
    return np.asarray(words(name)[np.minimum(drawn, len(words(name)) - 1)], dtype=object)


def _draw_token(rng: np.random.Generator, token: str, count: int) -> Texts:
    first, *rest = token.split("^")
    made = draw_words(rng, first, count)
    for part in rest:
        made = made + draw_words(rng, part, count)
    return made


def _draw_parts(rng: np.random.Generator, tokens: list[str], count: int) -> Texts:
    made = _draw_token(rng, tokens[0], count)
    for token in tokens[1:]:
        made = made + " " + _draw_token(rng, token, count)
    return made


def draw_names(rng: np.random.Generator, group: Ints, woman: npt.NDArray[np.bool_], year: Ints) -> Texts:
    """Draw a full name for each person.

    Parameters
    ----------
    group
        Index into `GROUPS`.
    woman, year
        Sex and year of birth.
    """
    names = np.full(len(group), "", dtype=object)
    for template in _data()["template"]:
        low, high = template["born"]
        chosen = np.flatnonzero(
            (group == GROUPS.index(template["group"]))
            & (woman == (template["sex"] == "P"))
            & (year >= low)
            & (year <= high)
        )
        weights = np.array([weight for weight, _ in template["parts"]], dtype=float)
        kind = rng.choice(len(weights), size=len(chosen), p=weights / weights.sum())
        for number, (_, tokens) in enumerate(template["parts"]):
            of_kind = chosen[kind == number]
            names[of_kind] = _draw_parts(rng, tokens, len(of_kind))
    return _respell(rng, names)


def _respell(rng: np.random.Generator, names: Texts) -> Texts:
    """Register some names in another spelling: what is written on the KK is then the true name."""
    respelt = pl.Series(names, dtype=pl.String)
    for heard, written, share in _data()["spellings"]["list"]:
        chosen = pl.Series(rng.random(len(names)) < share)
        here = np.flatnonzero((respelt.str.contains(heard, literal=True) & chosen).to_numpy())
        respelt = respelt.scatter(here, respelt[here].str.replace(heard, written, literal=True))
    return np.asarray(respelt.to_numpy(), dtype=object)
