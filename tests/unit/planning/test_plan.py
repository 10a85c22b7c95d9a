"""A plan is the best there is, to its proven gap, and keeps every limit."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest
from checking import check
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from questions import LINE, allowed, brute, families, pairs, question, write

from rantang.planning import bundles, outputs, selection
from rantang.planning.infeasible import InfeasibleError
from rantang.planning.optimise import plan
from rantang.planning.problem import Floor, Pairs, Rules, pose
from rantang.tables.planning import OF_PLAN

RULES = {
    "plain": {},
    "severity": {"power": 2},
    "places": {"places": {"P0": 2, "P1": 1}},
    "exclusive": {"exclusive": (("P0", "P1"),), "places": {"P2": 2}},
    "complements": {"complements": (("P0", "P2"),)},
    "cap": {"cap": 1},
    "switching": {"switching": 40_000.0},
    "floor": {"floors": (Floor("K1", 1, "units", "P1"), Floor("K0", 400_000))},
}


@pytest.mark.parametrize("name", sorted(RULES))
@pytest.mark.parametrize("seed", range(4))
def test_a_small_plan_is_as_good_as_trying_everything(name: str, seed: int, tmp_path: Path) -> None:
    problem = question(5, 3, seed, **RULES[name])
    best = brute(problem)
    if best is None:
        with pytest.raises(InfeasibleError):
            plan(problem)
        return
    found = plan(problem)
    assert found.gap <= 1e-3
    assert found.objective == pytest.approx(best, rel=1e-3, abs=1.0)
    assert found.bound >= best - 1e-6 * abs(best)
    assert check(write(found, tmp_path)) == []


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_the_folder_alone_proves_objective_and_limits(seed: int, tmp_path: Path) -> None:
    rules = {
        "places": {"P0": 40}, "exclusive": (("P1", "P2"),), "complements": (("P3", "P0"),), "cap": 2,
        "floors": (Floor("K2", 5, "units", "P0"),), "switching": 5_000.0,
    }  # fmt: skip
    found = plan(question(300, 6, seed, **rules))
    assert found.gap <= 1e-3
    assert check(write(found, tmp_path)) == []


@pytest.mark.slow
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 1.2), power=st.sampled_from((1, 2)))
def test_never_over_budget_and_never_an_excluded_pair(seed: int, share: float, power: int) -> None:
    base = question(40, 4, seed)
    budgets = {a: int(limit * share) for a, limit in base.rules.budgets.items()}
    rules = Rules(line=500_000.0, power=power, budgets=budgets, exclusive=(("P0", "P1"),), cap=2)
    problem = pose(base.families, base.pairs, rules)
    found = plan(problem)
    chosen = problem.open_pairs[found.given]
    assert problem.pairs.eligible[chosen].all()
    assert allowed(problem, chosen)
    assert found.bound >= found.objective


@pytest.mark.slow
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10_000), more=st.floats(1.0, 2.0))
def test_more_money_is_never_worse_up_to_the_gap(seed: int, more: float) -> None:
    less = plan(question(60, 4, seed))
    budgets = {a: int(limit * more) for a, limit in less.problem.rules.budgets.items()}
    rules = dataclasses.replace(less.problem.rules, budgets=budgets)
    found = plan(pose(less.problem.families, less.problem.pairs, rules))
    assert found.bound >= less.objective - 1e-6 * abs(less.objective)
    assert found.objective >= less.objective - found.gap * found.bound - 1e-6 * abs(found.bound)


@pytest.mark.slow
def test_the_order_of_rows_does_not_matter() -> None:
    one = question(200, 5, 3, exclusive=(("P0", "P1"),), places={"P2": 30})
    rng = np.random.default_rng(9)
    f, p = one.families, one.pairs
    a, b = rng.permutation(len(f.family)), rng.permutation(len(p.family))
    shuffled = pose(
        type(f)(**{k: getattr(f, k)[a] for k in f.__dataclass_fields__}),
        type(p)(**{k: getattr(p, k)[b] for k in p.__dataclass_fields__}),
        one.rules,
    )
    first, second = plan(one), plan(shuffled)
    assert (first.given == second.given).all()
    assert first.objective == second.objective
    assert first.bound == second.bound


def test_a_kerak_family_gets_at_least_its_right() -> None:
    made = families(30, 4)
    allotted = pairs(30, 4, 4, share=1.0)
    most = np.zeros(30)
    np.maximum.at(most, np.array([int(each[1:]) for each in allotted.family]), allotted.gain)
    made.right[:] = np.where(made.kerak, most * 0.9, 0.0)
    found = plan(pose(made, allotted, Rules(line=500_000.0, budgets={"a0": 60_000_000, "a1": 60_000_000})))
    assert made.kerak.any()
    assert (found.gain >= found.problem.families.right * (1 - 1e-6)).all()


@pytest.mark.slow
def test_families_with_many_programmes_are_planned_with_the_same_certificate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Bundles not held are bounded: the bound is that of all bundles, and the plan nearly as good."""
    rules = {"exclusive": (("P0", "P1"), ("P2", "P3")), "cap": 3, "floors": (Floor("K1", 3, "units", "P4"),)}
    problem = question(150, 9, 5, **rules)
    whole = plan(problem)
    monkeypatch.setattr(bundles, "FULL", 2)
    monkeypatch.setattr(bundles, "FEW", 0)
    monkeypatch.setattr(selection, "MOST", 5)
    part = plan(problem)
    assert part.bound >= whole.objective * (1 - 1e-9)
    assert part.objective >= whole.objective * (1 - 2e-3)
    assert allowed(problem, problem.open_pairs[part.given])


def test_nothing_is_given_without_money() -> None:
    found = plan(question(20, 3, 1, budgets={"a0": 0, "a1": 0}))
    assert not found.given.any()
    assert found.gap == 0


@pytest.mark.slow
def test_what_a_family_has_is_kept_unless_much_is_won() -> None:
    free = plan(question(80, 4, 2))
    kept = plan(question(80, 4, 2, switching=1e7))
    held = free.problem.pairs.held[free.problem.open_pairs]
    assert (held & ~kept.given).sum() < (held & ~free.given).sum()


def test_every_row_says_why_in_words_and_shares_its_familys_effect() -> None:
    made = families(60, 6)
    allotted = pairs(60, 4, 6, share=1.0)
    least = np.full(60, np.inf)
    np.minimum.at(least, np.array([int(each[1:]) for each in allotted.family]), allotted.gain)
    made.right[:] = np.where(made.kerak & np.isfinite(least), least, 0.0)
    rules = Rules(line=500_000.0, budgets={"a0": 80_000_000, "a1": 80_000_000}, switching=20_000.0)
    found = plan(pose(made, allotted, rules))
    rows = outputs.tables(found)["plan"].to_pydict()
    assert {each.split()[0] for each in rows["why"]} >= {"HAK", "NILAI"}
    assert all(outputs.words(each) and outputs.words(each) != each for each in rows["why"])
    shares = dict.fromkeys(made.family.tolist(), 0.0)
    for family, effect in zip(rows["family"], rows["effect"], strict=True):
        shares[family] += effect
    assert list(shares.values()) == pytest.approx(found.effect.tolist())


def test_the_folder_holds_the_declared_tables(tmp_path: Path) -> None:
    made = outputs.tables(plan(question(12, 3, 2)))
    for table in OF_PLAN:
        assert tuple(made[table.name].column_names) == table.names


def test_a_budget_that_whole_programmes_cannot_use_up_is_no_gap() -> None:
    """210 million buys eleven places of 18 million; the bound knows it, and the limit that is told stays."""
    n = 40
    made = families(n, seed=4, weight=np.ones(n))
    cost = np.full(n, 18_000_000)
    offered = Pairs(
        made.family, np.full(n, "P0"), np.full(n, "a0"), np.ones(n, bool), cost, cost / 12 * 0.5,
        np.ones(n, np.int64), np.zeros(n, bool),
    )  # fmt: skip
    found = plan(pose(made, offered, Rules(LINE, budgets={"a0": 210_000_000})))
    assert found.given.sum() == 11 and found.gap < 1e-6
    assert outputs.tables(found)["constraints"]["limit"].to_pylist() == [210_000_000.0]


def test_what_is_missing_is_told_in_whole_programmes() -> None:
    """A right takes a place of 18 million; two of them and 30 million: 6 million are missing."""
    made = families(2, kerak=np.ones(2, bool), right=np.full(2, 700_000.0))
    cost = np.full(2, 18_000_000)
    offered = Pairs(
        made.family, np.full(2, "P0"), np.full(2, "a0"), np.ones(2, bool), cost, cost / 12 * 0.5,
        np.ones(2, np.int64), np.zeros(2, bool),
    )  # fmt: skip
    with pytest.raises(InfeasibleError) as refused:
        plan(pose(made, offered, Rules(LINE, budgets={"a0": 30_000_000})))
    (broken,) = refused.value.promises
    assert (broken.missing, broken.limit) == (6_000_000, 30_000_000)
