"""One list searched for doubles: copies without end, and any order of its rows."""

from __future__ import annotations

import datetime as dt
import random

import pytest
from register_rows import person, rows
from test_register_chance import decided, people, relisted

from rantang.linking import dedupe_list

pytestmark = pytest.mark.slow

BORN = dt.date(1971, 3, 9)


def misspelt(which: list[dict[str, object]], prefix: str) -> list[dict[str, object]]:
    """The same people a second time, some without a birth date, some with a heaped one."""
    heaped = {"birth_date": dt.date(1971, 7, 1), "birth_heaped": True}
    faults = ({"birth_date": None, "birth_source": None}, heaped, {}, {})
    return [
        {**one, **faults[number % 4], "row_key": f"{prefix}{number:012d}"} for number, one in enumerate(which)
    ]


def copied(**said: object) -> list[dict[str, object]]:
    return [person(f"a{number:012d}", "LASMI WATI", **said) for number in range(300, 380)]


@pytest.mark.parametrize(
    "said",
    [
        {"nik": "3573014903719001", "house_number": "4"},
        {"birth_date": BORN, "house_number": "4"},
        {"birth_date": BORN, "street": None, "kelurahan_code": None},
    ],
)
def test_eighty_copies_of_one_row_are_one_person(keep, said: dict[str, object]) -> None:
    match = decided(dedupe_list(rows(*people(300, 6, "a"), *copied(**said)), keep), "match")
    assert match == {(one, other) for one in range(300, 380) for other in range(one + 1, 380)}


def test_copies_of_a_name_alone_are_not_taken_for_one_person(keep) -> None:
    bare = {"birth_date": None, "birth_source": None, "street": None, "kelurahan_code": None}
    copies = [person(f"a{number:012d}", "LASMI WATI", **bare) for number in range(300, 320)]
    assert decided(dedupe_list(rows(*people(300, 6, "a"), *copies), keep), "match") == set()


def test_the_order_of_the_rows_makes_no_difference(keep) -> None:
    known = people(300, 7, "a")
    said = [*known, *misspelt(known[:120], "b")]
    answers = []
    for seed in (None, 1, 2):
        order = list(range(len(said)))
        if seed is not None:
            random.Random(seed).shuffle(order)
        table = dedupe_list(rows(*relisted([said[n] for n in order], "a")), keep).table
        lines = table.to_pyarrow().to_pylist()
        answers.append(
            {
                (*sorted((order[line["a"]], order[line["b"]])), line["p"], line["decision"], line["tier"])
                for line in lines
            }
        )
    assert answers[0] == answers[1] == answers[2]
    assert answers[0]
