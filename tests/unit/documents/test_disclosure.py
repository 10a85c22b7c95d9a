"""Disclosure control: nothing hidden can be worked out from what is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from rantang.documents.disclosure import INTERNAL, PUBLIC, Count, Ledger, Policy

Relations = Sequence[tuple[str, Sequence[str]]]


def attack(shown: Mapping[str, Count], relations: Relations, limit: int = 7) -> dict[str, float]:
    """A reader's best interval for each hidden cell; written apart from the code under test."""
    hidden = [name for name, count in shown.items() if count.value is None]
    rows, right = [], []
    for total, parts in relations:
        row, known = np.zeros(len(hidden)), 0.0
        for name, sign in [(total, -1.0), *((part, 1.0) for part in parts)]:
            value = shown[name].value
            if value is None:
                row[hidden.index(name)] += sign
            else:
                known -= sign * value
        if row.any():
            rows.append(row)
            right.append(known)
    bounds = [(1, limit) if shown[name].hidden == "small" else (0, None) for name in hidden]
    width = {}
    for place, name in enumerate(hidden):
        goal = np.zeros(len(hidden))
        goal[place] = 1.0
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(
                sign * goal, A_eq=np.array(rows) if rows else None, b_eq=right or None, bounds=bounds
            )
            ends.append(sign * found.fun if found.status == 0 else sign * -1e9)
        width[name] = ends[1] - ends[0]
    return width


def settle(values: Mapping[str, int], relations: Relations, policy: Policy = INTERNAL) -> Mapping[str, Count]:
    ledger = Ledger(policy)
    for name, value in values.items():
        ledger.count(name, value)
    for total, parts in relations:
        ledger.sum(total, parts)
    return ledger.settle()  # type: ignore[return-value]


def test_counts_of_one_to_seven_are_never_shown():
    shown = settle({str(n): n for n in range(12)}, [])
    assert {name for name, count in shown.items() if count.hidden == "small"} == set("1234567")
    assert shown["0"].value == 0 and shown["8"].value == 8


def test_one_small_part_of_a_shown_total_takes_a_second_cell_with_it():
    shown = settle({"total": 40, "a": 17, "b": 20, "c": 3}, [("total", "abc")])
    assert shown["c"].hidden == "small"
    assert sum(count.value is None for count in shown.values()) == 2
    assert attack(shown, [("total", "abc")])["c"] >= 1


def test_two_small_cells_that_only_fit_one_way_hide_their_total():
    shown = settle({"total": 14, "a": 7, "b": 7}, [("total", "ab")])
    assert shown["total"].value is None


def test_a_part_that_nobody_prints_is_protected_too():
    ledger = Ledger()
    ledger.count("recipients", 1000)
    ledger.count("on target", 997)
    ledger.rest("recipients", ["on target"])
    assert ledger.settle()["on target"].value is None


def test_money_is_hidden_exactly_when_its_people_are():
    ledger = Ledger()
    for name, people, rupiah in (("a", 4, 2_400_000), ("b", 50, 30_000_000), ("c", 90, 54_000_000)):
        ledger.count(name, people)
        ledger.money(f"Rp {name}", rupiah, behind=name)
    ledger.count("all", 144)
    ledger.money("Rp all", 86_400_000, behind="all")
    ledger.sum("Rp all", ["Rp a", "Rp b", "Rp c"])
    shown = ledger.settle()
    assert shown["Rp a"].value is None
    for name in "abc":
        assert (shown[name].value is None) == (shown[f"Rp {name}"].value is None)
    assert sum(shown[f"Rp {name}"].value is None for name in "abc") >= 2


def test_hiding_small_cells_alone_would_be_found_out():
    """The sabotage: this attacker does find the number that primary suppression leaves open."""
    shown = {"total": Count(40), "a": Count(37), "b": Count(None, "small")}
    assert attack(shown, [("total", "ab")])["b"] == pytest.approx(0)


def test_public_numbers_are_rounded_to_five():
    shown = settle({"a": 9, "b": 1_238, "c": 3}, [], PUBLIC)
    assert shown["a"].value == 10 and shown["b"].value == 1_240 and shown["c"].value is None


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 25), min_size=3, max_size=3), min_size=3, max_size=5),
    st.sampled_from([(INTERNAL, 1), (PUBLIC, 5)]),
)
def test_no_table_with_margins_gives_a_small_cell_away(grid: list[list[int]], strictness: tuple[Policy, int]):
    policy, width = strictness
    values, relations = {}, []
    for r, row in enumerate(grid):
        values |= {f"{r}{c}": value for c, value in enumerate(row)} | {f"{r}*": sum(row)}
        relations.append((f"{r}*", [f"{r}{c}" for c in range(3)]))
    for c in range(3):
        column = [f"{r}{c}" for r in range(len(grid))]
        values[f"*{c}"] = sum(values[name] for name in column)
        relations.append((f"*{c}", column))
    values["**"] = sum(values[f"*{c}"] for c in range(3))
    relations += [("**", [f"*{c}" for c in range(3)]), ("**", [f"{r}*" for r in range(len(grid))])]
    shown = settle(values, relations, Policy(width=policy.width))  # unrounded: the harder case
    assert all(not 1 <= (count.value or 0) <= 7 for count in shown.values())
    for name, learnt in attack(shown, relations).items():
        if 1 <= values[name] <= 7:
            assert learnt >= width - 1e-6, (name, shown)


def test_what_gives_a_cell_away_from_afar_is_hidden_too():
    """Three sums of three hidden numbers tell each of them, and so their difference, the small one."""
    ledger = Ledger()
    values = {"x": 1, "a": 10, "t": 11, "p": 20, "r": 30, "u": 12, "v": 13}
    sums = {"ap": 30, "pr": 50, "ar": 40, "tu": 23, "uv": 25, "tv": 24}
    for name, value in values.items():
        ledger.count(name, value)
    for name, value in sums.items():
        ledger.count(name, value, keep=1)
    relations = [("t", ["x", "a"]), *((name, list(name)) for name in sums)]
    for total, parts in relations:
        ledger.sum(total, parts)
    shown = ledger.settle()
    low_high = attack(shown, relations)
    assert shown["x"].hidden and low_high["x"] >= 1
