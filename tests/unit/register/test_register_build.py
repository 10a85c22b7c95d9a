"""The register: who is linked to whom, who is not, and what people decided."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict

import ibis
import ibis.expr.types as ir
import pytest
from register_rows import rows
from town import Town

from rantang.register.build import Register, build

pytestmark = pytest.mark.slow

PERIOD_END = dt.date(2022, 11, 30)
NOBODY = ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})


def built(table: ir.Table, keep, *, decisions=None, previous=None, model=None) -> Register:
    return build(keep(table, "rows"), NOBODY, decisions, previous, model, PERIOD_END, keep)


def persons_of(register: Register) -> dict[str, str]:
    links = register.links.select("row_key", "person_id").to_pyarrow().to_pylist()
    return {link["row_key"]: link["person_id"] for link in links}


def said(kind: str, a: str, b: str, seq: int = 1) -> ir.Table:
    return ibis.memtable(
        [{"seq": seq, "kind": kind, "row_key_a": a, "row_key_b": b}],
        schema={"seq": "int64", "kind": "string", "row_key_a": "string", "row_key_b": "string"},
    )


@pytest.fixture(scope="module")
def town() -> Town:
    return Town(250, seed=11)


@pytest.mark.slow
@pytest.mark.parametrize(("seed", "faults", "recall"), [(1, 1.0, 0.985), (2, 1.0, 0.985), (3, 2.5, 0.95)])
def test_a_town_is_linked_without_a_label(keep, seed: int, faults: float, recall: float) -> None:
    town = Town(1200, seed=seed, faults=faults)
    person_of = persons_of(built(rows(*town.register, *town.listed), keep))
    residents = defaultdict(set)
    for key, found in person_of.items():
        if key.startswith("r"):
            residents[found].add(key)
    found = {row: residents[person_of[row]] for row in town.truth}
    right = sum(found[row] == {true} for row, true in town.truth.items())
    wrong = sum(bool(found[row]) and found[row] != {true} for row, true in town.truth.items())
    known = sum(true is not None for true in town.truth.values())
    assert wrong <= 0.002 * (right + wrong)
    assert right >= recall * known


def test_rows_in_another_order_give_the_same_register(town, keep) -> None:
    both = [*town.register, *town.listed]
    forward, backward = built(rows(*both), keep), built(rows(*reversed(both)), keep)
    for table in ("persons", "families", "links", "review", "ids"):
        columns = getattr(forward, table).columns
        one = getattr(forward, table).order_by(columns[:2]).to_pyarrow()
        two = getattr(backward, table).order_by(columns[:2]).to_pyarrow()
        assert one.equals(two), table
    assert forward.model == backward.model


def test_a_person_who_said_different_is_obeyed(town, keep) -> None:
    listed, true = next((row, true) for row, true in town.truth.items() if true)
    table = rows(*town.register, *town.listed)
    assert persons_of(built(table, keep))[listed] == persons_of(built(table, keep))[true]
    after = persons_of(built(table, keep, decisions=said("different", listed, true)))
    assert after[listed] != after[true]


def test_a_person_who_said_same_is_obeyed(town, keep) -> None:
    one, other = [row["row_key"] for row in town.listed][:2]
    table = rows(*town.register, *town.listed)
    after = persons_of(built(table, keep, decisions=said("same", str(one), str(other))))
    assert after[str(one)] == after[str(other)]


def test_ids_last_when_a_list_is_delivered_again(town, keep) -> None:
    first = built(rows(*town.register, *town.listed), keep)
    again = [{**row, "row_key": f"n-{row['row_key']}", "period": "2022-12"} for row in town.listed]
    second = built(
        rows(*town.register, *again), keep, previous=keep(first.ids, "previous"), model=first.model
    )
    before, after = persons_of(first), persons_of(second)
    kept = sum(before[key] == after[f"n-{key}"] for key in town.truth)
    assert kept >= 0.995 * len(town.truth)
    assert len(set(after.values())) >= 0.99 * len(set(before.values()))


def test_a_town_without_dukcapils_list_has_a_register_too(town, keep) -> None:
    copies = [
        {**row, "row_key": f"c-{row['row_key']}", "kind": "p3ke", "agency": "bappeda"}
        for row in town.listed[::2]
    ]
    register = built(rows(*town.listed, *copies), keep)
    person_of = persons_of(register)
    joined = sum(person_of[str(c["row_key"])] == person_of[str(c["row_key"])[2:]] for c in copies)
    assert joined >= 0.99 * len(copies)
    assert register.persons.resident.nunique().to_pyarrow().as_py() == 1
