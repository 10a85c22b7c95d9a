"""Small questions for the tests, from plain numbers."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from rantang.planning import outputs
from rantang.planning.optimise import Plan
from rantang.planning.problem import Families, Pairs, Problem, Rules, pose

LINE = 500_000.0


def families(n: int, seed: int = 0, **over) -> Families:
    rng = np.random.default_rng(seed)
    kerak = rng.random(n) < 0.3
    made = {
        "family": np.array([f"F{i:04d}" for i in range(n)]),
        "kelurahan": np.array([f"K{i % 3}" for i in range(n)]),
        "mean": np.log(LINE) + rng.normal(0.0, 0.4, n),
        "sd": rng.uniform(0.1, 0.5, n),
        "size": 1.0 + rng.integers(0, 6, n),
        "weight": rng.uniform(0.5, 2.0, n),
        "kerak": kerak,
        "right": np.zeros(n),
    }
    return Families(**{**made, **over})


def pairs(n: int, programmes: int, seed: int = 0, share: float = 0.6) -> Pairs:
    rng = np.random.default_rng(seed + 1)
    who, which = np.nonzero(rng.random((n, programmes)) < 0.9)
    cost = rng.integers(500_000, 5_000_000, len(who))
    return Pairs(
        np.array([f"F{i:04d}" for i in who]), np.array([f"P{p}" for p in which]),
        np.array([f"a{p % 2}" for p in which]), rng.random(len(who)) < share, cost,
        cost / 12 * rng.uniform(0.3, 1.0, len(who)), 1 + rng.integers(0, 2, len(who)),
        rng.random(len(who)) < 0.2,
    )  # fmt: skip


def brute(problem: Problem) -> float | None:
    """The best objective over every combination of pairs: slow and obviously right; None: no plan."""
    eligible = np.flatnonzero(problem.pairs.eligible)
    best = None
    for chosen in itertools.product((False, True), repeat=len(eligible)):
        given = eligible[np.array(chosen, dtype=bool)]
        if allowed(problem, given):
            value = objective(problem, given)
            best = value if best is None or value > best else best
    return best


def allowed(problem: Problem, given: np.ndarray) -> bool:
    p, f, rules = problem.pairs, problem.families, problem.rules
    for agency, limit in rules.budgets.items():
        if p.cost[given][p.agency[given] == agency].sum() > limit:
            return False
    for programme, limit in rules.places.items():
        if p.units[given][p.programme[given] == programme].sum() > limit:
            return False
    for floor in rules.floors:
        there = np.isin(p.family[given], f.family[f.kelurahan == floor.kelurahan])
        if floor.programme:
            there &= p.programme[given] == floor.programme
        if (p.cost if floor.measure == "rupiah" else p.units)[given][there].sum() < floor.least:
            return False
    for family, right in zip(f.family, f.right, strict=True):
        mine = given[p.family[given] == family]
        has = set(p.programme[mine].tolist())
        if rules.cap is not None and len(has) > rules.cap:
            return False
        if any({a, b} <= has for a, b in rules.exclusive):
            return False
        if any(a in has and b not in has for a, b in rules.complements):
            return False
        if p.gain[mine].sum() < right * (1 - 1e-6):
            return False
    return True


def objective(problem: Problem, given: np.ndarray) -> float:
    p, f, rules = problem.pairs, problem.families, problem.rules
    gain = np.array([p.gain[given][p.family[given] == family].sum() for family in f.family])
    effect = problem.effect(gain, np.arange(len(gain))).sum()
    lost = [i for i in np.flatnonzero(p.eligible & p.held) if i not in set(given.tolist())]
    return float(effect - sum(rules.switching * problem.weight[problem.of_pair[i]] for i in lost))


def write(found: Plan, folder: Path) -> Path:
    """Write a plan's folder as the command does."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in outputs.tables(found).items():
        pq.write_table(table, folder / f"{name}.parquet")
    (folder / "plan.json").write_text(json.dumps(outputs.about(found)), encoding="utf-8")
    return folder


def question(n: int, programmes: int, seed: int, **rules) -> Problem:
    made = pairs(n, programmes, seed)
    total = {a: int(made.cost[made.eligible & (made.agency == a)].sum()) for a in ("a0", "a1")}
    default = {
        "line": LINE,
        "budgets": {agency: int(cost * 0.35) for agency, cost in total.items()},
    }
    return pose(families(n, seed), made, Rules(**{**default, **rules}))
