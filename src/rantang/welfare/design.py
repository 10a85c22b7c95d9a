"""From codes to numbers: one column per level, centred on the survey, so that *not answered* is zero."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rantang.welfare.declared import Codes, Floats


@dataclass(frozen=True)
class Columns:
    """The columns of a design: for each, its fact (position in the codes) and its level.

    The most frequent level of a fact has no column: the others are compared with it.
    """

    fact: tuple[int, ...]
    level: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.fact)


def columns_of(codes: Codes, weight: Floats) -> Columns:
    """Choose the columns: levels that somebody gave, but for each fact's most frequent."""
    chosen: list[tuple[int, int]] = []
    for fact in range(codes.shape[1]):
        answered = codes[:, fact] >= 0
        if not answered.any():
            continue
        share = np.bincount(codes[answered, fact], weights=weight[answered])
        count = np.bincount(codes[answered, fact])
        chosen += [
            (fact, level) for level in range(len(share)) if count[level] and level != int(share.argmax())
        ]
    return Columns(tuple(fact for fact, _ in chosen), tuple(level for _, level in chosen))


def shares(codes: Codes, weight: Floats, columns: Columns) -> Floats:
    """Return each column's share among those who answered the fact."""
    found = np.zeros(len(columns))
    for index, (fact, level) in enumerate(zip(columns.fact, columns.level, strict=True)):
        answered = codes[:, fact] >= 0
        total = weight[answered].sum()
        found[index] = weight[answered & (codes[:, fact] == level)].sum() / total if total > 0 else 0.0
    return found


def matrix(codes: Codes, columns: Columns, centre: Floats) -> Floats:
    """Return the centred columns; a fact that is not answered moves nothing."""
    chosen = codes[:, list(columns.fact)]
    filled = (chosen == np.array(columns.level, dtype=np.int8)).astype(np.float64) - centre
    return np.asarray(np.where(chosen >= 0, filled, 0.0), dtype=np.float64)


def points(beta: Floats, columns: Columns, centre: Floats, levels: tuple[int, ...]) -> tuple[Floats, ...]:
    """Return what each level of each fact adds to the score, against the average household.

    A level that no column stands for is the reference or was never seen; both add what the
    reference adds.
    """
    found = []
    for fact, count in enumerate(levels):
        mine = [index for index, of in enumerate(columns.fact) if of == fact]
        base = -float(sum(beta[index] * centre[index] for index in mine))
        of_level = np.full(count, base)
        for index in mine:
            of_level[columns.level[index]] += beta[index]
        found.append(of_level)
    return tuple(found)
