"""Whom to visit first: a score strikes nobody off, it says where a visit is worth most.

A class is a guess that may be wrong; a visit settles it. With the cut at probability `c`, the city has
said that missing a poor family costs (1 - c) and helping one that is not poor costs c. The value of a
visit is the cost it is expected to save: p (1 - c) below the cut, (1 - p) c above. Among families
alike in lists and aid it is greatest at the cut and falls on both sides; a family that is helped and yet not
chosen, or chosen though nothing else speaks for it, comes before them.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from rantang.welfare.declared import Bools, Floats
from rantang.welfare.score import rounded

VISITS: Final = 1000


def value(chance: Floats, chosen: Bools, cut: float) -> Floats:
    """Return the value of visiting each family.

    Parameters
    ----------
    chance
        Probability that the family is poor.
    chosen
        The score puts it among the poor.
    cut
        Probability at the score where choosing ends.
    """
    return rounded(np.where(chosen, (1 - chance) * cut, chance * (1 - cut)))


def mended(chance: Floats, chosen: Bools, values: Floats, visits: int = VISITS) -> dict[str, Any]:
    """Say how many errors the most valuable `visits` are expected to mend.

    `left_out` are poor families found that the score would miss, `let_in` families found not to be
    poor that it would choose: numbers of families, by the model's own probabilities.
    """
    first = np.argsort(-values, kind="stable")[:visits]
    left_out = float((chance[first] * ~chosen[first]).sum())
    let_in = float(((1 - chance[first]) * chosen[first]).sum())
    return {
        "visits": len(first),
        "left_out": round(left_out, 1),
        "let_in": round(let_in, 1),
        "errors_mended": round(left_out + let_in, 1),
    }
