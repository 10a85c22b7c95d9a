"""What it says of a family's consumption that it stands on a list, beyond what its facts say.

The survey knows all households, a list only those whom someone thought poor: of two families with the
same facts the one on the list is poorer. The survey says so where it knows who is listed: households
tell what aid they receive (`terima_*`), and an office marks whom it found on its list (`di_*`). Held-out
residuals are then set against both, and consumption and probabilities are those of surveyed households
**on the same lists as the families scored**.

Score, percentile and class do not move: who is helped or listed shall not look poorer for it, or those left
out once are left out again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rantang.welfare.declared import SOURCES, Bools, Floats

AID: Final[Mapping[str, tuple[str, ...]]] = {"pkh": ("PKH",), "sembako": ("SEMBAKO",)}
"""Aid a survey asks about (field `terima_NAME`) and the programmes whose lists say the same."""
LEAST_LISTED: Final = 60
"""Surveyed households on the lists below which they cannot be told apart from the others."""
LEAST_AIDED: Final = 20
"""Surveyed households with an aid below which it is not used."""


@dataclass(frozen=True)
class Said:
    """What the survey says of lists, a row a household; NaN where it was not asked.

    Attributes
    ----------
    listed
        On the list: 1 or 0, in the order of `SOURCES`.
    aid
        Receives it: 1 or 0, in the order of `AID`.
    """

    listed: Floats
    aid: Floats

    def on(self, sources: str) -> Bools | None:
        """Return who stands on all of these lists (joined by `+`), None where the survey does not know."""
        columns = self.listed[:, [SOURCES.index(source) for source in sources.split("+")]]
        found = np.asarray((columns == 1).all(axis=1))
        return found if LEAST_LISTED <= found.sum() < len(found) else None


@dataclass(frozen=True)
class Shift:
    """How consumption differs from the score.

    Attributes
    ----------
    households
        Surveyed households on which it rests: those on the same lists, else all.
    listed
        Whether they are those on the same lists.
    constant, slope
        Log points to add: `constant` plus `slope` times the score's distance from the survey's mean.
    aid
        Log points to add for each aid of `AID` that is received; 0 where the survey does not say.
    usual
        Share that receives each; stands in where it is not known.
    sigma
        Spread of what is left.
    """

    households: int
    listed: bool
    constant: float
    slope: float
    aid: tuple[float, ...]
    usual: tuple[float, ...]
    sigma: float

    def of(self, distance: Floats, aid: Floats | None) -> Floats:
        """Return the log points to add to scores at a `distance` from the survey's mean."""
        usual = np.array(self.usual)
        known = usual[None, :] if aid is None else np.where(np.isnan(aid), usual, aid)
        return np.asarray(self.constant + self.slope * distance + known @ np.array(self.aid))

    def as_dict(self) -> dict[str, Any]:
        """Return what model.json keeps."""
        return {
            "households": self.households,
            "listed": self.listed,
            "constant": self.constant,
            "slope": self.slope,
            "aid": dict(zip(AID, self.aid, strict=True)),
            "usual": dict(zip(AID, self.usual, strict=True)),
            "sigma": self.sigma,
        }


def none(households: int, sigma: float) -> Shift:
    """Return the shift of a survey that says nothing of lists."""
    zeros = (0.0,) * len(AID)
    return Shift(households, False, 0.0, 0.0, zeros, zeros, sigma)


def estimate(residual: Floats, distance: Floats, weight: Floats, said: Said, sources: str) -> Shift:
    """Estimate the shift on held-out residuals, by weighted least squares.

    What an aid says is learnt on all households; what being listed says, and the spread, on those listed.
    """
    on = said.on(sources)
    asked = [index for index in range(len(AID)) if _told_apart(said.aid[:, index])]
    usual = [float(_mean(said.aid[:, index], weight)) if index in asked else 0.0 for index in range(len(AID))]
    columns = [np.ones(len(residual))]
    columns += [np.where(np.isnan(said.aid[:, index]), usual[index], said.aid[:, index]) for index in asked]
    if on is not None:
        columns += [on.astype(np.float64), on * distance]
    elif not asked:
        return none(len(residual), round(float(np.sqrt(_mean(residual**2, weight))), 6))
    root = np.sqrt(weight)
    design = np.column_stack(columns)
    found, *_ = np.linalg.lstsq(design * root[:, None], residual * root, rcond=None)
    left = residual - design @ found
    here = on if on is not None else np.ones(len(residual), dtype=bool)
    aid = [0.0] * len(AID)
    for place, index in enumerate(asked):
        aid[index] = round(float(found[1 + place]), 6)
        usual[index] = round(float(_mean(design[here, 1 + place], weight[here])), 6)
    return Shift(
        households=int(here.sum()),
        listed=on is not None,
        constant=round(float(found[0] + (found[-2] if on is not None else 0.0)), 6),
        slope=round(float(found[-1]), 6) if on is not None else 0.0,
        aid=tuple(aid),
        usual=tuple(usual),
        sigma=round(_spread(left[here], weight[here], design.shape[1]), 6),
    )


def _told_apart(answers: Floats) -> bool:
    return bool((answers == 1).sum() >= LEAST_AIDED and (answers == 0).sum() >= LEAST_AIDED)


def _mean(values: Floats, weight: Floats) -> float:
    known = ~np.isnan(values)
    return float(weight[known] @ values[known] / weight[known].sum())


def _spread(left: Floats, weight: Floats, columns: int) -> float:
    around = left - _mean(left, weight)
    return float(np.sqrt(_mean(around**2, weight) * len(left) / (len(left) - columns)))
