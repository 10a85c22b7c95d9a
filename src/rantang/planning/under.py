"""A plan's question under a scenario: its line, budgets, benefits, places, and programmes that end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rantang.planning.from_edition import Question
from rantang.planning.scenario import Scenario


def under(question: Question, scenario: Scenario) -> Question:
    """Return the question with what a scenario changes of it.

    Targeting and shocks change nothing of what the best plan may do; nor does `layak`: a plan may give
    a programme to all who qualify anyhow. A programme that ends, ends for those whom the plan does not
    speak of, too. Money and places are those of everybody, as `Question.gross` has them.
    """
    pairs, places = question.pairs, dict(question.gross.places)
    ended = sorted({change.code for change in scenario.programmes if change.give == "henti"})
    cost, gain = pairs.cost.copy(), pairs.gain.copy()
    for change in scenario.programmes:
        mine = pairs.programme == change.code
        if change.benefit is not None:
            new = pairs.units[mine] * change.benefit * 12
            gain[mine] *= np.divide(new, cost[mine], out=np.zeros(len(new)), where=cost[mine] > 0)
            cost[mine] = new
        if change.places is not None and mine.any():
            places[change.code] = change.places
    return replace(
        question,
        pairs=replace(
            pairs, cost=cost, gain=gain, eligible=pairs.eligible & ~np.isin(pairs.programme, ended)
        ),
        gross=replace(scenario.rules(question.gross), places=places),
        settled=question.settled | np.isin(question.register.pairs.programme, ended),
    )
