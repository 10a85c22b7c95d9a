"""Facts are declared: where each list says them, which answers mean which level, whose answer counts."""

from __future__ import annotations

import numpy as np
import pytest
from welfare_rows import Town

from rantang.contracts import codes, contracts
from rantang.welfare.declared import UNANSWERED, build, facts

NAMES = [fact.name for fact in facts()]


def said(town: Town, family: str, fact: str) -> str | None:
    known = town.known()
    assert known is not None
    level = known.codes[known.ids.to_pylist().index(family), NAMES.index(fact)]
    return None if level == UNANSWERED else facts()[NAMES.index(fact)].levels[level].code


@pytest.mark.parametrize("fact", facts(), ids=NAMES)
def test_a_fact_names_fields_that_the_contracts_have_and_the_survey_too(fact):
    assert "survei" in fact.fields
    for kind, field in fact.fields.items():
        assert field in contracts()[kind].fields


@pytest.mark.parametrize("fact", [f for f in facts() if not f.numeric], ids=lambda f: f.name)
def test_every_code_of_a_contract_means_a_level_once(fact):
    for kind, name in fact.fields.items():
        field = contracts()[kind].fields[name]
        meant = [code for level in fact.levels for code in level.codes_in(kind)]
        assert len(meant) == len(set(meant))
        if field.type == "code":
            assert set(meant) <= set(codes()[field.codes])


@pytest.mark.parametrize(
    ("entry", "why"),
    [
        ({"words": "x", "colour": "y", "levels": []}, "unknown keys"),
        ({"words": "x", "levels": [{"code": "1", "words": "a", "answers": ["1"]}]}, "two levels"),
        ({"words": "x", "register": "moon", "levels": []}, "register must be"),
    ],
)
def test_a_wrong_entry_is_refused_in_words(entry, why):
    with pytest.raises(ValueError, match=why):
        build("x", entry)


def test_a_number_in_no_range_is_not_answered():
    size = facts()[NAMES.index("size")]
    assert size.of_numbers(np.array([1.0, 7.0, 12.0, 0.0, np.nan])).tolist() == [0, 6, 6, -1, -1]


@pytest.mark.slow
def test_dtsen_goes_before_p3ke_and_what_it_leaves_out_is_taken_from_there():
    town = Town().family("a", 40)
    town.row("a0", "p3ke", lantai="8", dinding="4").row("a0", "dtsen", lantai="2", dinding=None)
    assert (said(town, "a", "floor"), said(town, "a", "wall")) == ("tile", "other")
    known = town.known()
    assert known is not None and known.sources.tolist() == ["dtsen+p3ke"]


def test_a_later_period_goes_before_an_earlier_one_and_a_list_of_the_future_is_not_read():
    town = Town().family("a", 40)
    town.row("a0", "dtsen", "2022-01", lantai="8").row("a0", "dtsen", "2022-10", lantai="2")
    town.row("a0", "dtsen", "2023-01", lantai="6")
    assert said(town, "a", "floor") == "tile"


@pytest.mark.slow
def test_schooling_and_work_are_the_heads_own():
    town = Town().family("a", 45, 20)
    town.row("a1", "dtsen", lantai="2", pendidikan="SARJANA", pekerjaan="KARYAWAN")
    assert said(town, "a", "head_school") is None
    town.row("a0", "dtsen", lantai="2", pendidikan="SD", pekerjaan="LEPAS")
    assert (said(town, "a", "head_school"), said(town, "a", "head_work")) == ("1", "casual")
    known = town.known()
    assert known is not None and known.earners.tolist() == [2.0]


def test_floor_area_is_divided_by_the_members_who_are_here():
    town = Town().family("a", 40, 38, 9, 3).row("a0", "dtsen", luas_lantai=36.0)
    assert said(town, "a", "area") == "8"
    town.persons[1]["resident"] = "meninggal"
    assert (said(town, "a", "area"), said(town, "a", "size")) == ("12", "3")


@pytest.mark.slow
def test_p3ke_says_a_connection_up_to_or_above_900_va():
    town = Town().family("a").family("b").row("a0", "p3ke", penerangan="pln_900")
    town.row("b0", "p3ke", penerangan="pln_901")
    assert (said(town, "a", "light"), said(town, "b", "light")) == ("900", "901")


@pytest.mark.slow
def test_the_register_says_who_lives_there():
    town = Town().family("a", 71, 66, 12, sex="P").row("a0", "p3ke", lantai="2")
    assert [said(town, "a", name) for name in ("size", "children", "elderly", "head_age", "head_sex")] == [
        "3", "1", "2", "70", "P",
    ]  # fmt: skip


def test_without_such_a_list_nothing_is_known():
    assert Town().family("a").known() is None
