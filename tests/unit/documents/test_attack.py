"""The attack finds what a reader could find, and never takes a missing answer for a proof."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_disclosure import attack as by_hand

from rantang.documents.attack import Attack, Cell, Relation
from rantang.documents.disclosure import Count
from rantang.highs import Answer, Corners

ROWS, COLUMNS = "abc", "xyz"
SUMS = [Relation(f"{r}*", tuple(r + c for c in COLUMNS)) for r in ROWS]
SUMS += [Relation(f"*{c}", tuple(r + c for r in ROWS)) for c in COLUMNS]
SUMS += [Relation("**", tuple(f"{r}*" for r in ROWS)), Relation("**", tuple(f"*{c}" for c in COLUMNS))]


def small(value: int) -> Cell:
    return Cell(value, small=True, hidden=True, told=True)


def table(values: list[int]) -> dict[str, Cell]:
    """A table with margins whose cells of 1-7 are hidden, as `<8`."""
    inner = {r + c: values[3 * n + m] for n, r in enumerate(ROWS) for m, c in enumerate(COLUMNS)}
    found = dict(inner)
    for relation in SUMS:
        found[relation.total] = sum(found[part] for part in relation.parts)
    return {key: small(value) if 1 <= value <= 7 else Cell(value) for key, value in found.items()}


def learnt(cells: dict[str, Cell]) -> dict[str, float]:
    shown = {
        key: Count(None, "small" if cell.told else "complement") if cell.hidden else Count(cell.value)
        for key, cell in cells.items()
    }
    return by_hand(shown, [(relation.total, relation.parts) for relation in SUMS])


@pytest.mark.slow
@settings(max_examples=10, deadline=None)
@given(
    st.lists(st.integers(0, 15), min_size=9, max_size=9),
    st.permutations(range(16)),
    st.sampled_from([1, 3, 5]),
)
def test_it_finds_what_another_attacker_finds_however_much_is_hidden(
    values: list[int], order: list[int], width: int
):
    cells = table(values)
    attack, safe = Attack(cells, SUMS, 7), set[str]()
    for turn in [None, *order[:3]]:
        if turn is not None:
            list(cells.values())[turn].hidden = True
            attack.look()
        ranges = learnt(cells)
        now = {key for key, cell in cells.items() if cell.small and attack.is_safe(key, width)}
        assert now == {key for key, cell in cells.items() if cell.small and ranges[key] >= width - 1e-6}
        assert safe <= now  # hiding more never tells more
        safe = now


def test_a_sum_that_misses_hides_nothing_of_its_own():
    """40 is said to be 17 and 20 and something: a reader is taken to know that one is missing."""
    cells = {"all": Cell(40), "a": Cell(17), "b": Cell(20), "c": small(2)}
    assert not Attack(cells, [Relation("all", ("a", "b", "c"))], 7).is_safe("c", 1)


def test_one_sum_that_misses_leaves_the_proofs_elsewhere_as_they_are():
    cells = {"all": Cell(40), "a": Cell(17), "d": Cell(9), "e": small(3), "f": small(6)}
    attack = Attack(cells, [Relation("all", ("a",)), Relation("d", ("e", "f"))], 7)
    assert attack.is_safe("e", 5) and not attack.is_safe("e", 6)


@pytest.mark.parametrize("status", ["none", "infeasible", "feasible"])
def test_no_answer_is_no_proof(monkeypatch: pytest.MonkeyPatch, status: str):
    nothing = Answer(status, np.array([1.0, 7.0]), np.zeros(0), np.inf)
    monkeypatch.setattr(Corners, "furthest", lambda *_: nothing)
    cells = {"a": small(3), "b": small(4)}
    assert not Attack(cells, [], 7).is_safe("a", 1)


def test_a_cell_of_which_nothing_is_told_has_no_end():
    cells = {"all": replace(small(3), told=False), "rest": Cell(3, hidden=True, printed=False)}
    assert Attack(cells, [Relation("all", ("rest",))], 7).is_safe("all", 1e6)
