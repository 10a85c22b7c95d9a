"""NIK and KK in rows: what is usable, what is missing, what is said about it."""

from __future__ import annotations

import datetime as dt

import pytest
from identity_rows import batch, identified, one

pytestmark = pytest.mark.slow

MAN, WOMAN = "3573010101809001", "3573014101809001"
CARD = "3573010107109002"


WRITTEN = [
    (MAN, "sah", MAN),
    ("35.7301.410180.9001", "sah", WOMAN),
    ("'" + WOMAN, "sah", WOMAN),
    ('="' + WOMAN + '"', "sah", WOMAN),
    ("NIK: " + WOMAN, "sah", WOMAN),
    (WOMAN + ".0", "sah", WOMAN),
    ("3573O1410l8O9OO1", "sah", WOMAN),
    ("3573O1410I8O9OO1", "sah", WOMAN),
    (None, "hilang", None),
    ("", "hilang", None),
    ("0", "hilang", None),
    ("-", "hilang", None),
    ("TIDAK ADA", "hilang", None),
    ("SEMENTARA", "hilang", None),
    ("0000000000000000", "tiruan", None),
    ("9999999999999999", "tiruan", None),
    ("1234567890123456", "tiruan", None),
    ("3573019999999999", "tiruan", None),
    ("0123450101809001", "tiruan", None),
    ("357301010180900", "panjang", None),
    ("35730101018090011", "panjang", None),
    ("3573013202809001", "tanggal", None),
    ("3573013002809001", "tanggal", None),
    ("3573017202809001", "tanggal", None),
    ("3573010113809001", "tanggal", None),
    ("3573010101800000", "serial", None),
    ("9973010101809001", "wilayah", "9973010101809001"),
    ("3530010101809001", "wilayah", "3530010101809001"),
    ("3573000101809001", "wilayah", "3573000101809001"),
    ("3,57301E+15", "digit-hilang", None),
    ("3.57301410180E+15", "digit-hilang", None),
]


@pytest.fixture(scope="module")
def read():
    return batch("nik", [written for written, _, _ in WRITTEN])


@pytest.mark.parametrize(("written", "state", "usable"), WRITTEN)
def test_a_nik_has_one_state_and_is_used_only_where_it_can_exist(read, written, state, usable):
    row = read[written]
    assert (row["nik_state"], row["nik"]) == (state, usable)


def test_a_number_typed_into_a_numeric_cell_has_lost_its_last_digit():
    cells = ["3573010101809010", "3573010101809012", "9173010101809012"]  # the last is above 2^53
    rows = identified([{"nik": cell, "nik_numeric": True} for cell in cells])
    assert [row["nik_state"] for row in rows] == ["digit-hilang", "sah", "digit-hilang"]
    assert (rows[0]["nik"], rows[0]["nik_digits"]) == (None, "357301010180901")


def test_a_list_that_a_program_wrote_as_numbers_has_lost_nothing():
    rows = [{"nik": f"357301010180{9001 + at}", "nik_numeric": True} for at in range(40)]
    assert {row["nik_state"] for row in identified(rows)} == {"sah"}
    typed = [{**row, "nik": row["nik"][:15] + "0"} for row in rows]
    assert {row["nik_state"] for row in identified(typed)} == {"digit-hilang"}


def test_a_nik_equal_to_the_kk_is_not_used():
    row = one(nik=MAN, kk=MAN)
    assert (row["nik_state"], row["nik"], row["kk_state"], row["kk"]) == ("sama-kk", None, "sama-kk", MAN)


def test_a_womans_nik_in_the_column_of_the_kk_is_no_kk():
    row = one(nik=WOMAN, kk=WOMAN)
    assert (row["nik_state"], row["nik"], row["kk_state"], row["kk"]) == ("sah", WOMAN, "tanggal", None)


def test_a_kk_knows_no_forty_on_its_day():
    read = batch("kk", [CARD, WOMAN])
    assert (read[CARD]["kk"], read[WOMAN]["kk_state"]) == (CARD, "tanggal")


def test_birth_date_and_sex_come_from_the_nik_where_the_list_has_none():
    expected = {
        WOMAN: (dt.date(1980, 1, 1), "P"),
        MAN: (dt.date(1980, 1, 1), "L"),
        "3573013011229001": (dt.date(2022, 11, 30), "L"),
        "3573010112229001": (dt.date(1922, 12, 1), "L"),
        "3573016902009001": (dt.date(2000, 2, 29), "P"),
        "3573010101189001": (dt.date(2018, 1, 1), "L"),
    }
    read = batch("nik", list(expected))
    assert {nik: (row["birth_date"], row["sex"]) for nik, row in read.items()} == expected
    assert {row["birth_source"] for row in read.values()} == {"nik"}


def test_the_lists_date_decides_the_century_of_a_person_over_a_hundred():
    rows = identified(
        [
            {"nik": "3573010101189001", "birth_date": dt.date(1918, 1, 1)},
            {"nik": "3573010101169001", "birth_date": dt.date(1916, 1, 1)},  # 106: too old
        ]
    )
    assert [row["nik_birth"] for row in rows] == [dt.date(1918, 1, 1), dt.date(2016, 1, 1)]


def test_the_lists_own_date_and_sex_count_before_the_niks():
    row = one(nik=WOMAN, birth_date=dt.date(1981, 2, 3), sex="L")
    assert (row["birth_date"], row["birth_source"], row["sex"]) == (dt.date(1981, 2, 3), "daftar", "L")
    assert (row["nik_birth"], row["nik_sex"]) == (dt.date(1980, 1, 1), "P")


def test_an_impossible_date_of_the_list_gives_way_to_the_niks():
    late, early = identified(
        [{"nik": WOMAN, "birth_date": dt.date(2023, 1, 1)}, {"birth_date": dt.date(1899, 12, 30)}]
    )
    assert (late["birth_source"], early["birth_date"]) == ("nik", None)


def test_usual_heaps_are_marked_and_other_days_only_where_a_list_heaps():
    rows = [{"birth_date": dt.date(1950 + at % 50, 1 + at % 12, 1 + at % 28)} for at in range(400)]
    rows += [{"birth_date": dt.date(1950 + at % 50, 8, 17)} for at in range(40)]
    rows += [{"birth_date": dt.date(1960, 12, 31)}, {"birth_date": dt.date(1960, 7, 1)}, {}]
    rows += [{"birth_date": dt.date(1960, 8, 17), "agency": "dinkes"}]
    heaped = [row["birth_heaped"] for row in identified(rows)]
    assert heaped[400:440] == [True] * 40
    assert heaped[440:] == [True, True, None, False]
    usual = [row for row, hit in zip(rows[:400], heaped[:400], strict=True) if hit]
    assert {(row["birth_date"].month, row["birth_date"].day) for row in usual} <= {(1, 1), (7, 1)}
