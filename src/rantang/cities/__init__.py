"""Places as data: everything that differs between one city and the next.

`load("malang")` reads a place that comes with the package; `build` reads any place's files (the
workspace's own, for instance); `merge` lays a workspace's `city.toml` over a place.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

from rantang.cities.floor import Floor, floor, floor_of
from rantang.cities.model import (
    Agency,
    Amount,
    Area,
    Budget,
    City,
    Indicator,
    Pair,
    Places,
    Population,
    Programme,
    Target,
)
from rantang.cities.read import build_city
from rantang.errors import RantangError

__all__ = [
    "Agency",
    "Amount",
    "Area",
    "Budget",
    "City",
    "Floor",
    "Indicator",
    "Pair",
    "Places",
    "Population",
    "Programme",
    "Target",
    "build",
    "files_of",
    "floor",
    "floor_of",
    "load",
    "merge",
    "places",
]


def places() -> tuple[str, ...]:
    """Return the names of the places that come with the package."""
    here = resources.files(__name__)
    return tuple(sorted(entry.name for entry in here.iterdir() if entry.joinpath("city.toml").is_file()))


def files_of(place: str) -> dict[str, str]:
    """Return a packaged place's files by their relative path: what `rantang new` copies.

    Raises
    ------
    RantangError
        `TEMPAT-TAK-DIKENAL`: no such place comes with the package.
    """
    if place not in places():
        raise RantangError("TEMPAT-TAK-DIKENAL", place=place, known=", ".join(places()))
    return dict(sorted(_texts(resources.files(__name__) / place, "")))


def load(place: str) -> City:
    """Read a place that comes with the package."""
    return build(files_of(place))


def build(files: Mapping[str, str], overrides: Mapping[str, Any] | None = None) -> City:
    """Read a place from its files.

    Parameters
    ----------
    files
        Text by relative path: `city.toml`, `areas.csv`, `tiles.csv`, `agencies.toml`,
        `programmes/*.toml`, `indicators.csv`, `targets.csv`. Only `city.toml` must be there.
    overrides
        What a workspace's `city.toml` says otherwise; tables are merged key by key, and
        `[programme.CODE]` overrides a programme's own keys.

    Raises
    ------
    RantangError
        `TEMPAT-…`: the file, the entry and what to write instead.
    """
    return build_city(files, overrides or {})


def merge(city: City, overrides: Mapping[str, Any]) -> City:
    """Return `city` with what a workspace's `city.toml` says otherwise."""
    return build(city.files, {**city.settings, **overrides}) if overrides else city


def _texts(folder: Traversable, path: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entry in folder.iterdir():
        name = f"{path}{entry.name}"
        if entry.is_dir():
            if entry.name != "__pycache__":
                found += _texts(entry, f"{name}/")
        elif entry.name.endswith((".toml", ".csv")):
            found.append((name, entry.read_text("utf-8")))
    return found
