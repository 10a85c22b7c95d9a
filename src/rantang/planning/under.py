"""A plan's question under a scenario: its line, budgets, benefits, places, and programmes that end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rantang.planning.from_edition import Question
from rantang.planning.problem import Pairs
from rantang.planning.scenario import Scenario


def under(question: Question, scenario: Scenario) -> Question:
    """Return the question with what a scenario changes of it.

    Targeting and shocks change nothing of what the best plan may do; nor does `layak`: a plan may give
    a programme to all who qualify anyhow.
    """
    pairs, places = question.pairs, dict(question.rules.places)
    ended = np.zeros(len(pairs.family), dtype=bool)
    cost, gain = pairs.cost.copy(), pairs.gain.copy()
    for change in scenario.programmes:
        mine = pairs.programme == change.code
        if change.give == "henti":
            ended |= mine
        if change.benefit is not None:
            new = pairs.units[mine] * change.benefit * 12
            gain[mine] *= np.divide(new, cost[mine], out=np.zeros(len(new)), where=cost[mine] > 0)
            cost[mine] = new
        if change.places is not None and mine.any():
            places[change.code] = change.places
    pairs = replace(pairs, cost=cost, gain=gain, eligible=pairs.eligible & ~ended)
    kept = Pairs(**{name: getattr(pairs, name) for name in pairs.__dataclass_fields__})
    rules = replace(scenario.rules(question.rules), places=places)
    return replace(question, pairs=kept, rules=rules)
