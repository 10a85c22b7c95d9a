"""The attack on a document's hidden numbers: what can a reader work out from those shown?

The reader knows every shown number, how the numbers add up, and that a cell shown as "<8" holds
1-7. Each hidden cell's range is bounded by two linear programmes: the smallest and the largest
value that fits all this. `Ledger` uses it to decide what to hide.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog

Key = Hashable


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
    """What a reader can work out of one set of hidden cells that bear on each other.

    Every solution that fits the shown numbers is a witness: a cell that takes two values far enough
    apart in two witnesses is safe without programmes of its own. So few are solved.
    """

    def __init__(
        self,
        names: Sequence[Key],
        relations: Sequence[Relation],
        cells: Mapping[Key, Cell],
        limit: int,
    ) -> None:
        self.names = list(names)
        self._place = {name: number for number, name in enumerate(self.names)}
        self._bounds = [_bounds(cells[name], limit) for name in self.names]
        self._matrix = np.zeros((len(relations), len(self.names)))
        self._right = np.zeros(len(relations))
        for line, relation in enumerate(relations):
            for member in relation.keys:
                factor = -1.0 if member == relation.total else 1.0
                if cells[member].hidden:
                    self._matrix[line, self._place[member]] += factor
                else:
                    self._right[line] -= factor * cells[member].value
        self._low = np.array([float(cells[name].value) for name in self.names])
        self._high = self._low.copy()

    def interval(self, key: Key) -> tuple[float, float]:
        """Return the smallest and the largest value of a hidden cell that the shown numbers allow."""
        return self._end(key, 1.0), self._end(key, -1.0)

    def look_around(self, keys: Sequence[Key], tries: int = 8) -> None:
        """Collect witnesses that move many cells at once."""
        random = np.random.default_rng(0)
        places = [self._place[key] for key in keys]
        for _ in range(tries if len(places) > 2 else 0):
            goal = np.zeros(len(self.names))
            goal[places] = random.choice((-1.0, 1.0), len(places)) * random.uniform(0.5, 1.0, len(places))
            self._solve(goal)

    def is_safe(self, key: Key, width: float) -> bool:
        """Say whether a cell's range is at least `width` wide."""
        place = self._place[key]
        if self._high[place] - self._low[place] >= width:
            return True
        low, high = self.interval(key)
        return high - low >= width

    def _end(self, key: Key, sign: float) -> float:
        goal = np.zeros(len(self.names))
        goal[self._place[key]] = sign
        found = self._solve(goal)
        if found is None:  # unbounded: nothing shown holds this cell on that side
            return self._bounds[self._place[key]][0 if sign > 0 else 1]
        return float(sign * found)

    def _solve(self, goal: np.ndarray) -> float | None:
        found = linprog(goal, A_eq=self._matrix, b_eq=self._right, bounds=self._bounds)
        if found.status != 0:
            return None
        self._low = np.minimum(self._low, found.x)
        self._high = np.maximum(self._high, found.x)
        return float(found.fun)


def attacks(cells: Mapping[Key, Cell], relations: Sequence[Relation], limit: int) -> list[Attack]:
    """Return one attack for each set of hidden cells that bear on each other through sums."""
    leader: dict[Key, Key] = {key: key for key, cell in cells.items() if cell.hidden}

    def find(key: Key) -> Key:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    hidden_of = []
    for relation in relations:
        hidden = [member for member in relation.keys if cells[member].hidden]
        hidden_of.append(hidden)
        for member in hidden[1:]:
            leader[find(member)] = find(hidden[0])
    members: dict[Key, list[Key]] = {}
    for key in leader:
        members.setdefault(find(key), []).append(key)
    sums: dict[Key, list[Relation]] = {}
    for relation, hidden in zip(relations, hidden_of, strict=True):
        if hidden:
            sums.setdefault(find(hidden[0]), []).append(relation)
    return [Attack(names, sums.get(root, []), cells, limit) for root, names in members.items()]


def _bounds(cell: Cell, limit: int) -> tuple[float, float]:
    if cell.money or not cell.printed:
        return 0.0, float("inf")
    return (1.0, float(limit)) if cell.told else (0.0, float("inf"))
