"""The attack on a document's hidden numbers: what can a reader work out from those shown?

The reader knows every shown number, how the numbers add up, and that a cell shown as "<8" holds
1-7. Each hidden cell's range is bounded by two linear programmes: the smallest and the largest
value that fits all this. `Ledger` uses it to decide what to hide.

All of them are one programme asked about one cell after the other, while more and more is hidden:
hiding only widens a column's bounds. (A programme each, stated anew, took twenty times as long.)
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy import sparse

from rantang.highs import Corners

Key = Hashable
_DIGITS: Final = 1e-6
"""What a range may lack of its width: HiGHS keeps to its rows to within 1e-7."""


@dataclass(slots=True)
class Cell:
    """A number before it is decided whether it may be shown.

    Attributes
    ----------
    small
        It would tell of a few people.
    told
        The page says so (`<8`); else a hidden cell may hold anything, as far as the reader knows.
    exhausted
        Nothing more can be hidden for its sake.
    """

    value: int
    small: bool = False
    hidden: bool = False
    printed: bool = True
    money: bool = False
    cost: float = 0.0
    told: bool = False
    exhausted: bool = False


@dataclass(frozen=True, slots=True)
class Relation:
    """`total` is the sum of `parts`."""

    total: Key
    parts: tuple[Key, ...]

    @property
    def keys(self) -> tuple[Key, ...]:
        """The total and its parts."""
        return (self.total, *self.parts)


class Attack:
    """What a reader can work out of a document's hidden numbers, however many are hidden by and by.

    Every number has a column; one that is shown has nowhere to go from its value. Every corner that
    answers a question is a witness, a document that fits what is shown: a cell that takes two values
    far enough apart in two witnesses is safe without a question of its own.
    """

    def __init__(self, cells: Mapping[Key, Cell], relations: Sequence[Relation], limit: int) -> None:
        self._cells, self._limit = cells, limit
        self._place = {key: place for place, key in enumerate(cells)}
        truth = np.array([cell.value for cell in cells.values()], dtype=np.float64)
        entries = [
            (-1 if key == relation.total else 1, line, self._place[key])
            for line, relation in enumerate(relations)
            for key in relation.keys
        ]
        factor, line, place = np.array(entries, dtype=np.int64).reshape(-1, 3).T
        rows = sparse.csc_matrix((factor, (line, place)), shape=(len(relations), len(cells)))
        # By how much a sum misses, where it does, a reader is taken to know: the truth must fit.
        self._corners = Corners(rows, rows @ truth)
        self._low, self._high = truth.copy(), truth.copy()
        self.look()

    def look(self) -> None:
        """Take note of what is hidden now; what was is so still."""
        low, high = np.array([_bounds(cell, self._limit) for cell in self._cells.values()]).reshape(-1, 2).T
        self._corners.bound(low.copy(), high.copy())

    def is_safe(self, key: Key, width: float) -> bool:
        """Say whether the shown numbers leave a hidden cell a range at least `width` wide."""
        place = self._place[key]
        for sign in (-1.0, 1.0):
            if self._width(place) >= width - _DIGITS:
                return True
            self._ask(place, sign)
        return self._width(place) >= width - _DIGITS

    def _width(self, place: int) -> float:
        return float(self._high[place] - self._low[place])

    def _ask(self, place: int, sign: float) -> None:
        """Collect the witness in which a cell is smallest or largest; no answer is no witness."""
        answer = self._corners.furthest(place, sign)
        if answer.status == "optimal":
            self._low = np.minimum(self._low, answer.values)
            self._high = np.maximum(self._high, answer.values)
        elif answer.status == "unbounded":  # only upwards: nothing is less than none
            self._high[place] = np.inf


def _bounds(cell: Cell, limit: int) -> tuple[float, float]:
    if not cell.hidden:
        return float(cell.value), float(cell.value)
    if cell.told and cell.printed and not cell.money:
        return 1.0, float(limit)
    return min(0.0, float(cell.value)), np.inf
