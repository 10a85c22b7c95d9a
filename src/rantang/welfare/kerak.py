"""Kerak kemiskinan, said so that it can be checked.

A family is kerak when it is among the poor by the score and

    by history     it was poor at `kerak_editions` of the last `kerak_of` editions, this one included;
    by structure   (only where it has fewer than `kerak_editions` editions behind it) it shows at least
                   `kerak_signs` of: nobody earns and someone is 60 or over or disabled; it owns none of the
                   assets asked about (three or more are); its percentile is within `kerak_lowest`.

`p_kerak` is the probability that consumption lies below the line *and stays there*: of what the facts do
not explain, the share `kerak_lasting` is taken to last. It never exceeds the probability of being poor.
The share of years spent in poverty is not used: it falls with the number of waves (docs/explanation).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from rantang.welfare.classes import NOT_SURVEYED
from rantang.welfare.declared import Bools, Floats, facts
from rantang.welfare.features import Families
from rantang.welfare.score import Model, Scores

POOR: Final = ("kerak", "miskin")
LEAST_ASKED: Final = 3
"""Where fewer kinds of assets are asked about (P3KE: savings only), owning none is no sign."""
SIGNS: Final = ("tanpa-penghasil", "tanpa-aset", "terendah")


@dataclass(frozen=True)
class History:
    """Per family of the score: editions before this one at which it had a class, and at which it was poor."""

    known: Floats
    poor: Floats


def history(ids: pa.Array, before: ir.Table | None, period: str, of: int) -> History:
    """Count the editions before `period`, the last `of - 1` of them, in order of `ids`."""
    if before is None:
        return History(np.zeros(len(ids)), np.zeros(len(ids)))
    past = before.filter(before.period < period)
    periods = sorted(past.select("period").distinct().to_pyarrow()["period"].to_pylist())
    periods = periods[max(len(periods) - (of - 1), 0) :]  # none where this edition alone counts
    seen = past.filter(past.period.isin(periods or [""]) & (past.class_ != NOT_SURVEYED))
    counted = seen.group_by("family_id").agg(known=seen.count(), poor=seen.class_.isin(POOR).sum())
    rows = counted.to_pyarrow()
    found = {
        family: (known, poor)
        for family, known, poor in zip(*(rows[name].to_pylist() for name in rows.column_names), strict=True)
    }
    both = np.array([found.get(family, (0, 0)) for family in ids.to_pylist()], dtype=np.float64)
    return History(both[:, 0], both[:, 1]) if len(both) else History(np.zeros(0), np.zeros(0))


def signs(families: Families, scores: Scores, lowest: float) -> Bools:
    """Return families × `SIGNS`."""
    codes = families.codes
    names = [fact.name for fact in facts()]
    old = codes[:, names.index("elderly")] > 0
    nobody_earns = (families.earners == 0) & (families.work_known > 0) & (old | families.disabled)
    assets = codes[:, [index for index, fact in enumerate(facts()) if fact.asset]]
    none = ((assets >= 0).sum(axis=1) >= LEAST_ASKED) & (assets <= 0).all(axis=1)
    return np.column_stack([nobody_earns, none, scores.rank <= lowest])


def chance(model: Model, scores: Scores, now: Floats, line: float, lasting: float) -> Floats:
    """Return `p_kerak`: below the line now (`now`), and with what lasts of the unexplained part alone."""
    lasts = scores.spread * np.sqrt(max(lasting, 1e-6))
    return np.minimum(now, model.share_below(np.log(line) - scores.expected, lasts))


def is_kerak(poor: Bools, shown: Bools, past: History, settings: Mapping[str, float]) -> Bools:
    """Decide who is kerak: `poor` by the score now, `shown` the signs (see the top of this module)."""
    editions = settings["kerak_editions"]
    enough = past.known + 1 >= editions
    by_history = poor & (past.poor + 1 >= editions)
    by_structure = poor & (shown.sum(axis=1) >= settings["kerak_signs"])
    return np.where(enough, by_history, by_structure)
