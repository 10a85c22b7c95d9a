"""The pivot's numbers: families by up to three of six dimensions, as they may be shown.

Every table that the pivot can be turned to is entered in the report's ledger with every sum between
them, so that what one table hides cannot be worked out of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

from rantang.documents.disclosure import Count, Key, Ledger

DIMENSIONS: Final = ("kecamatan", "kelas", "bantuan", "kepala", "lansia", "anggota")
MOST: Final = 3
"""So many dimensions a table has at most."""
CUBE: Final = "cube"
Where = tuple[tuple[str, str], ...]
"""A cell: the dimensions it is of and their levels, in the order of `DIMENSIONS`; empty: everything."""


@dataclass(frozen=True)
class Cube:
    """What the pivot shows.

    Attributes
    ----------
    levels
        Levels of each dimension that occur.
    cells
        Families of each cell; one that is not there is empty.
    """

    levels: Mapping[str, tuple[str, ...]]
    cells: Mapping[Where, Count]


def sums(rows: list[dict[str, Any]]) -> dict[Where, int]:
    """Add the finest rows up to every cell of up to `MOST` dimensions."""
    found: dict[Where, int] = {}
    chosen = [dims for count in range(MOST + 1) for dims in combinations(DIMENSIONS, count)]
    for row in rows:
        for dims in chosen:
            where = tuple((name, row[name]) for name in dims)
            found[where] = found.get(where, 0) + int(row["families"])
    return found


def enter(ledger: Ledger, found: Mapping[Where, int]) -> None:
    """Enter every cell (`sums`), and that it is the sum of its cells along every dimension it lacks."""
    levels = levels_of(found)
    for where, families in found.items():
        ledger.count(key_of(where), families, keep=MOST - len(where))
    for where in found:
        if len(where) == MOST:
            continue
        for name in (each for each in DIMENSIONS if each not in dict(where)):
            parts = [part for level in levels[name] if (part := _with(where, name, level)) in found]
            ledger.sum(key_of(where), [key_of(part) for part in parts])


def shown(settled: Mapping[Any, Count]) -> Cube:
    """Return the cells as they may be shown, of all that a ledger has settled."""
    cells = {key[1]: count for key, count in settled.items() if key[0] == CUBE}
    return Cube(levels_of(cells), cells)


def levels_of(cells: Iterable[Where]) -> dict[str, tuple[str, ...]]:
    """Return the levels of each dimension that occur."""
    single = [where[0] for where in cells if len(where) == 1]
    return {name: tuple(sorted(level for side, level in single if side == name)) for name in DIMENSIONS}


def key_of(where: Where) -> Key:
    """Return a cell's key in the ledger."""
    return (CUBE, where)


def _with(where: Where, name: str, level: str) -> Where:
    return tuple(sorted((*where, (name, level)), key=lambda each: DIMENSIONS.index(each[0])))
