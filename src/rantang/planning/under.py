"""A plan's question under a scenario: its line, budgets, benefits, places, and programmes that end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from rantang.planning.allocation import costs
from rantang.planning.from_edition import Question
from rantang.planning.scenario import Scenario


def under(question: Question, scenario: Scenario) -> Question:
    """Return the question with what a scenario changes of it.

    Targeting and shocks change nothing of what the best plan may do; nor does `layak`: a plan may give
    a programme to all who qualify anyhow. A programme that ends, ends for those whom the plan does not
    speak of, too. Money and places are those of everybody, as `Question.gross` has them.
    """
    pairs, places = question.pairs, dict(question.gross.places)
    for change in scenario.programmes:
        if change.places is not None and (pairs.programme == change.code).any():
            places[change.code] = change.places
    ended = sorted({change.code for change in scenario.programmes if change.give == "henti"})
    price = costs(question.register, scenario)
    cost = price[question.ours]
    grown = np.divide(cost, pairs.cost, out=np.ones(len(cost)), where=pairs.cost > 0)
    return replace(
        question,
        pairs=replace(
            pairs,
            cost=cost,
            gain=pairs.gain * grown,
            eligible=pairs.eligible & ~np.isin(pairs.programme, ended),
        ),
        gross=replace(scenario.rules(question.gross), places=places),
        price=price,
        settled=question.settled | np.isin(question.register.pairs.programme, ended),
    )
