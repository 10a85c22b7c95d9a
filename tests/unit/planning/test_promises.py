"""Rights that cannot all be kept are kept for the neediest; a scenario changes the plan's question."""

from __future__ import annotations

import numpy as np
import pytest
from questions import LINE, families, pairs

from rantang.errors import RantangError
from rantang.planning.poverty import shortfall
from rantang.planning.problem import Families, Floor, Pairs, Rules
from rantang.planning.promises import best


def asked(places: int) -> tuple[Families, Pairs, Rules]:
    """Twenty kerak families, one programme that meets the right of each, and too few places."""
    n = 20
    made = families(n, 4, kerak=np.ones(n, dtype=bool), right=np.full(n, 90_000.0))
    one = Pairs(
        made.family, np.full(n, "BANTU"), np.full(n, "dinsos"), np.ones(n, dtype=bool),
        np.full(n, 2_400_000), np.full(n, 150_000.0), np.ones(n, np.int64), np.zeros(n, dtype=bool),
    )  # fmt: skip
    return made, one, Rules(LINE, places={"BANTU": places}, budgets={"dinsos": 10**9})


def test_all_rights_are_kept_where_there_is_room() -> None:
    found = best(*asked(20))
    assert (found.rights, found.kept, found.broken) == (20, 20, ())
    assert found.plan.given.sum() == 20


def test_where_there_is_not_the_neediest_keep_theirs_and_it_is_said_by_how_much() -> None:
    made, one, rules = asked(7)
    found = best(made, one, rules)
    assert (found.rights, found.kept) == (20, 7)
    assert [(b.code, b.about, b.missing) for b in found.broken] == [("RENCANA-TEMPAT", "BANTU", 13)]
    gap = made.size * shortfall(LINE, made.mean, made.sd, 1)
    neediest = set(made.family[np.argsort(-gap)[:7]].tolist())
    problem = found.plan.problem
    served = set(problem.pairs.family[problem.open_pairs[found.plan.given]].tolist())
    assert served == neediest


def test_promises_other_than_rights_are_never_dropped_silently() -> None:
    made, one, rules = asked(7)
    floor = Rules(LINE, places=rules.places, budgets=rules.budgets, floors=(Floor("K0", 10**9),))
    with pytest.raises(RantangError) as refused:
        best(made, one, floor)
    assert refused.value.code == "RENCANA-MUSTAHIL"


def test_without_rights_it_is_the_plan_itself() -> None:
    found = best(families(30, 2), pairs(30, 3, 2), Rules(LINE, budgets={"a0": 10**7, "a1": 10**7}))
    assert (found.rights, found.kept, found.broken) == (0, 0, ())
