"""A KK is not a household: what happens to the scores when KK at one address are taken as one.

The model is learnt on households, and applied to KK. Several KK often share a kitchen; whether they do is
known only from a visit. This says how much would move if all who share an address did.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from rantang.welfare.declared import Floats, facts
from rantang.welfare.features import Families, of_numbers
from rantang.welfare.score import Model, Scores, score

COMPOSITION: Final = ("size", "children", "elderly")
"""What adds up where families are taken as one."""
MOST: Final = 6
"""More KK than this at one address are a boarding house or an address written too coarsely."""
MOVES: Final = 5.0


def compare(
    families: Families, used: npt.NDArray[np.int64], model: Model, own: Scores, cut: float
) -> dict[str, Any]:
    """Score families that share an address as one and compare with the scores of the KK.

    Parameters
    ----------
    families
        Families of one model.
    used
        Positions of the model's facts.
    cut
        Percentile up to which a family is poor.
    """
    order, group = _groups(families.address)
    if not len(order):
        return {"families": 0, "addresses": 0}
    made = families.codes[order].copy()
    numbers = {name: values[order].copy() for name, values in families.numbers.items()}
    leader = _leaders(group, numbers["size"])
    for name in COMPOSITION:
        numbers[name] = np.asarray(
            np.bincount(group, weights=np.nan_to_num(numbers[name]))[group], dtype=np.float64
        )
    for index, fact in enumerate(facts()):
        if fact.per_member:
            numbers[fact.name] = numbers[fact.name][leader]
        counted = fact.name in COMPOSITION or fact.per_member
        made[:, index] = of_numbers(fact, numbers) if counted else made[leader, index]
    together = score(model, made[:, used])
    alone = own.rank[order]
    moved = together.rank - alone
    return {
        "families": len(order),
        "addresses": len(np.unique(group)),
        "share_of_scored": round(len(order) / len(families.codes), 6),
        "members_together": round(float(numbers["size"].mean()), 2),
        "mean_move": round(float(moved.mean()), 3),
        "mean_move_size": round(float(np.abs(moved).mean()), 3),
        "move_over_5_points": round(float((np.abs(moved) > MOVES).mean()), 6),
        "become_poor": int(((together.rank <= cut) & (alone > cut)).sum()),
        "poor_no_more": int(((together.rank > cut) & (alone <= cut)).sum()),
    }


def _groups(address: npt.NDArray[np.int64]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the positions of families that share an address with up to `MOST`, and their group's number."""
    known = np.flatnonzero(address >= 0)
    _, inverse, count = np.unique(address[known], return_inverse=True, return_counts=True)
    shared = (count[inverse] > 1) & (count[inverse] <= MOST)
    order = known[shared]
    return order, np.unique(inverse[shared], return_inverse=True)[1].astype(np.int64)


def _leaders(group: npt.NDArray[np.int64], size: Floats) -> npt.NDArray[np.int64]:
    """Return, for each family, the place of the largest family of its group (the first among equals)."""
    order = np.lexsort((np.arange(len(group)), -np.nan_to_num(size), group))
    first = np.unique(group[order], return_index=True)[1]
    return order[first][group]
