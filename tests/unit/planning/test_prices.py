"""Prices say what planning again with a little more would do; broken promises are named."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from questions import families, pairs, question

from rantang.errors import RantangError
from rantang.planning import infeasible, prices
from rantang.planning.optimise import plan, relaxed
from rantang.planning.problem import Floor, Rules, pose


def with_budget(problem, agency: str, rupiah: int):
    budgets = {**problem.rules.budgets, agency: rupiah}
    return pose(problem.families, problem.pairs, dataclasses.replace(problem.rules, budgets=budgets))


@pytest.mark.slow
@pytest.mark.parametrize("agency", ["a0", "a1"])
def test_a_budgets_price_is_what_planning_again_with_more_would_add(agency: str) -> None:
    problem = question(800, 5, 1, places={"P4": 160})
    found = plan(problem)
    price = {each.about: each for each in prices.prices(found)}[agency]
    limit = problem.rules.budgets[agency]
    step = limit // 50
    up, down = (relaxed(with_budget(problem, agency, limit + s)).bound for s in (step, -step))
    assert price.effect * step / 1e6 == pytest.approx((up - down) / 2, rel=0.05)
    assert price.step == 1_000_000


@pytest.mark.slow
def test_a_places_price_is_what_one_more_place_would_add() -> None:
    problem = question(800, 5, 2, places={"P4": 106})
    price = {each.about: each for each in prices.prices(plan(problem))}["P4"]
    bounds = [
        relaxed(
            pose(problem.families, problem.pairs, dataclasses.replace(problem.rules, places={"P4": n}))
        ).bound
        for n in (101, 111)
    ]
    assert price.effect == pytest.approx((bounds[1] - bounds[0]) / 10, rel=0.15)


def test_a_limit_that_does_not_bind_has_no_price() -> None:
    problem = question(50, 3, 1, budgets={"a0": 10**12, "a1": 10**12})
    for price in prices.prices(plan(problem)):
        assert price.effect == pytest.approx(0, abs=1e-6)


@pytest.mark.slow
def test_poverty_falls_along_the_frontier_and_ever_more_slowly() -> None:
    points = prices.frontier(question(800, 5, 1), (0.5, 1.0, 1.5))
    closed = [point.closed for point in points]
    assert closed == sorted(closed)
    assert closed[1] - closed[0] > closed[2] - closed[1]
    assert 0 < closed[0] < closed[2] < 1


def test_a_share_at_which_a_promise_cannot_be_kept_has_no_point() -> None:
    made, allotted = families(8, 3), pairs(8, 1, 3, share=1.0)
    first = dict(zip(allotted.family, allotted.gain, strict=True))
    made.right[:] = [first.get(family, 0.0) for family in made.family]
    budgets = {"a0": int(allotted.cost.sum())}
    problem = pose(made, allotted, Rules(line=500_000.0, budgets=budgets))
    points = prices.frontier(problem, (0.5, 1.0, 2.0), first=plan(problem))
    assert [point.share for point in points] == [1.0, 2.0]
    with pytest.raises(infeasible.InfeasibleError):
        prices.frontier(problem, (0.5, 1.0, 2.0))


def test_a_right_that_nothing_can_meet_is_named_with_what_is_missing() -> None:
    made, allotted = families(6, 3), pairs(6, 2, 3, share=1.0)
    made.right[2] = 5e6
    with pytest.raises(infeasible.InfeasibleError) as refused:
        plan(pose(made, allotted, Rules(line=500_000.0)))
    (broken,) = refused.value.promises
    most = allotted.gain[allotted.family == "F0002"].sum()
    assert (broken.code, broken.about) == ("RENCANA-HAK", "F0002")
    assert broken.missing == pytest.approx(5e6 - most, abs=1.0)
    assert "F0002" in str(refused.value)


def test_a_budget_too_small_for_the_rights_says_how_much_is_missing() -> None:
    made, allotted = families(8, 3), pairs(8, 1, 3, share=1.0)
    first = dict(zip(allotted.family, allotted.gain, strict=True))
    made.right[:] = [first.get(family, 0.0) for family in made.family]
    needed = int(allotted.cost.sum())
    with pytest.raises(infeasible.InfeasibleError) as refused:
        plan(pose(made, allotted, Rules(line=500_000.0, budgets={"a0": needed - 1_234_567})))
    (broken,) = refused.value.promises
    assert (broken.code, broken.about) == ("RENCANA-ANGGARAN", "a0")
    assert broken.missing == pytest.approx(1_234_567, abs=50)


def test_a_floor_that_cannot_be_reached_names_the_kelurahan() -> None:
    with pytest.raises(infeasible.InfeasibleError) as refused:
        plan(question(30, 3, 1, floors=(Floor("K1", 500, "units", "P0"),)))
    assert [each.code for each in refused.value.promises] == ["RENCANA-LANTAI"]
    assert refused.value.promises[0].about == "K1:P0"
    assert 400 < refused.value.promises[0].missing < 500


@pytest.mark.parametrize(
    ("column", "value", "where"),
    [("gain", np.nan, "pairs.gain"), ("cost", -1, "pairs.cost"), ("units", 0, "pairs.units")],
)
def test_what_cannot_be_meant_is_refused(column: str, value: float, where: str) -> None:
    allotted = pairs(5, 2, 1)
    getattr(allotted, column)[0] = value
    with pytest.raises(RantangError, match="RENCANA-ISI") as refused:
        pose(families(5, 1), allotted, Rules(line=1.0))
    assert refused.value.values["where"] == where


def test_the_same_pair_twice_and_a_family_that_is_not_there_are_refused() -> None:
    allotted = pairs(5, 2, 1)
    allotted.family[:] = "F0001"
    allotted.programme[:] = "P0"
    with pytest.raises(RantangError, match="RENCANA-GANDA"):
        pose(families(5, 1), allotted, Rules(line=1.0))
    allotted.family[0] = "F9999"
    with pytest.raises(RantangError, match="RENCANA-KELUARGA"):
        pose(families(5, 1), allotted, Rules(line=1.0))


def test_money_for_nothing_is_told_at_its_best_use() -> None:
    """With no rupiah at all any high price fits; what a rupiah could do at most is told instead."""
    problem = question(40, 3, 5, budgets={"a0": 0, "a1": 10**9})
    price = next(p for p in prices.prices(plan(problem)) if p.about == "a0")
    alone = problem.effect(problem.gain, problem.of_pair[problem.open_pairs])
    pairs = problem.pairs
    mine = pairs.agency[problem.open_pairs] == "a0"
    best = (alone[mine] / pairs.cost[problem.open_pairs][mine]).max()
    assert 0 < price.effect <= best * 1_000_000 * (1 + 1e-9)


def test_the_frontier_takes_a_plan_that_is_known_and_leaves_out_what_cannot_be() -> None:
    problem = question(40, 3, 5)
    found = plan(problem)
    points = prices.frontier(problem, (0.5, 1.0), 0.01, first=found)
    assert points[1].objective == found.objective
