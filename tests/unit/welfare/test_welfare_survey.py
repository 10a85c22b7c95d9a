"""The survey's rows: one a household, or one a person from whose rows the household is made up."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from welfare_rows import typed

from rantang.welfare.declared import facts
from rantang.welfare.survey import Households, read

NAMES = [fact.name for fact in facts()]
OF_HOUSEHOLD = {"psu": "1", "strata": "a", "bobot": 10.0, "pengeluaran_kapita": 900_000.0, "lantai": "2"}


def person(key: str, household: str = "1", **said: Any) -> dict[str, Any]:
    return {"row_key": key, "id_rumah_tangga": household, **OF_HOUSEHOLD, **said}


def level(found: Households, row: int, fact: str) -> str | None:
    code = found.codes[row, NAMES.index(fact)]
    return None if code < 0 else facts()[NAMES.index(fact)].levels[code].code


FAMILY = [
    person("a", usia=8, sex="P", relation="3", disabilitas=0),
    person("b", usia=62, sex="P", relation="1", pendidikan="SD", pekerjaan="LEPAS", disabilitas=1),
    person("c", usia=71, sex="L", relation="6", pendidikan="SMA", pekerjaan="TIDAK", disabilitas=1),
]


def test_rows_of_persons_make_up_a_household():
    found = read(typed(FAMILY, "survei"))
    assert found.size.tolist() == [3.0] and found.persons.tolist() == [30.0]
    assert found.disabled.tolist() == [2.0]
    expected = {"size": "3", "children": "1", "elderly": "2", "head_age": "60", "head_sex": "P"}
    expected |= {"head_school": "1", "head_work": "casual", "floor": "tile"}
    assert {name: level(found, 0, name) for name in expected} == expected


@pytest.mark.slow
def test_what_a_column_says_of_the_household_goes_before():
    rows = [row | {"jumlah_anggota": 5, "anak": 2, "usia_kepala": 45} for row in FAMILY]
    found = read(typed(rows, "survei"))
    assert [level(found, 0, name) for name in ("size", "children", "head_age")] == ["5", "2", "45"]


def test_an_answer_that_the_heads_row_leaves_out_is_taken_from_another():
    rows = [FAMILY[0] | {"atap": "2"}, FAMILY[1] | {"atap": None}, FAMILY[2] | {"atap": "3"}]
    assert level(read(typed(rows, "survei")), 0, "roof") == "tile"


def test_without_a_head_nothing_is_said_of_one():
    rows = [{k: v for k, v in row.items() if k != "relation"} for row in FAMILY]
    found = read(typed(rows, "survei"))
    assert level(found, 0, "head_age") is None and level(found, 0, "elderly") == "2"


@pytest.mark.slow
def test_who_lives_alone_is_the_head():
    found = read(typed([person("a", usia=70, sex="L")], "survei"))
    assert (level(found, 0, "head_age"), level(found, 0, "size")) == ("70", "1")


def test_households_of_the_same_number_in_other_blocks_stay_apart():
    rows = [person("a", usia=30), person("b", usia=31) | {"psu": "2"}]
    assert len(read(typed(rows, "survei")).size) == 2


def test_without_blocks_the_persons_of_a_household_stay_together():
    rows = [{name: value for name, value in row.items() if name != "psu"} for row in FAMILY]
    found = read(typed([*rows, person("d", "2", usia=40) | {"psu": None}], "survei"))
    assert sorted(found.size.tolist()) == [1.0, 3.0]


def without_block(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"psu": None}


def test_households_numbered_anew_in_blocks_that_are_not_said_stay_apart():
    rows = [without_block(person(key, "1", jumlah_anggota=4)) for key in "abc"]
    assert read(typed(rows, "survei")).size.tolist() == [4.0] * 3
    families = [without_block(row | {"row_key": row["row_key"] + of}) for row in FAMILY for of in "xy"]
    assert len(read(typed(families, "survei")).size) == 6


def test_a_block_written_only_in_the_first_row_is_the_whole_households():
    found = read(typed([FAMILY[0], *map(without_block, FAMILY[1:])], "survei"))
    assert found.size.tolist() == [3.0] and found.persons.tolist() == [30.0]


@pytest.mark.slow
@pytest.mark.parametrize("order", [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
def test_the_order_of_rows_changes_nothing(order):
    found = read(typed([FAMILY[place] for place in order], "survei"))
    assert np.array_equal(found.codes, read(typed(FAMILY, "survei")).codes)
