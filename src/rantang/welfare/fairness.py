"""Whether the score errs more for one group than for the others, and what mending it would cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from rantang.welfare.declared import Bools, Floats
from rantang.welfare.errors import Held, interval

LEAST: Final = 10
"""Poor households of a group in the sample below which no warning is given: re-drawing three that were all
missed gives the same three again, and an interval that means nothing."""


def compare(
    held: Held, poor: Bools, groups: Mapping[str, Bools], prices: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """Return, per group, how its errors differ from everyone else's.

    `exclusion` and `inclusion` are differences (group minus the rest) with interval; `warning` is true
    only where an interval leaves out zero, the group fares worse and it has `LEAST` poor households.
    `cost` says what it would take to bring the group's exclusion error down to the rest's by moving its
    cut: persons chosen in addition, and how many of them are not poor, both as shares of all persons; what
    these are in persons and families as the survey's weights count, and the rupiah a year of serving those
    families by each main programme (`prices`: rupiah a family and year, by code).
    """
    chosen = held.chosen(poor)
    found = {}
    for name, here in groups.items():
        if not (poor & here).any() or not (poor & ~here).any():
            continue
        left_out = _difference(held, [poor & ~c for c in chosen], [poor] * held.turns, here)
        let_in = _difference(held, [c & ~poor for c in chosen], chosen, here)
        count = int((poor & here).sum())
        worse = count >= LEAST and (_worse(left_out) or _worse(let_in))
        found[name] = {
            "poor_households": count,
            "exclusion": left_out,
            "inclusion": let_in,
            "warning": worse,
            "cost": _cost(held, poor, chosen, here, prices or {}) if worse and _worse(left_out) else None,
        }
    return found


def _worse(difference: dict[str, float | None]) -> bool:
    low = difference["low"]
    return low is not None and low > 0


def _difference(held: Held, above: list[Bools], under: list[Bools], here: Bools) -> dict[str, float | None]:
    times = np.vstack([np.ones(len(here)), held.times])

    def ratio(part: Bools) -> Floats:
        top = np.mean([held.persons * (a & part) for a in above], axis=0)
        bottom = np.mean([held.persons * (u & part) for u in under], axis=0)
        return np.asarray(times @ top / (times @ bottom))

    with np.errstate(divide="ignore", invalid="ignore"):
        apart = ratio(here) - ratio(~here)
    return interval(float(apart[0]), apart[1:][np.isfinite(apart[1:])])


def _cost(
    held: Held, poor: Bools, chosen: list[Bools], here: Bools, prices: Mapping[str, int]
) -> dict[str, Any]:
    """Return what lowering the group's own cut takes until it is missed no more often than the rest."""
    w, h = held.persons, held.families
    more, wrong, families = 0.0, 0.0, 0.0
    for turn, picked in enumerate(chosen):
        rest = float((w * (poor & ~picked & ~here)).sum() / (w * (poor & ~here)).sum())
        waiting = np.flatnonzero(here & ~picked)
        order = waiting[np.argsort(held.predicted[waiting, turn], kind="stable")]
        missed = float((w * (poor & ~picked & here)).sum()) - np.cumsum(w[order] * poor[order])
        enough = np.flatnonzero(missed <= rest * float((w * (poor & here)).sum()))
        taken = order[: int(enough[0]) + 1] if len(enough) else order
        more += float(w[taken].sum()) / held.turns
        wrong += float((w[taken] * ~poor[taken]).sum()) / held.turns
        families += float(h[taken].sum()) / held.turns
    return {
        "chosen_in_addition": round(more / float(w.sum()), 6),
        "not_poor_among_them": round(wrong / float(w.sum()), 6),
        "persons": round(more),
        "families": round(families),
        "rupiah_a_year": {code: round(families * price) for code, price in prices.items()},
    }
