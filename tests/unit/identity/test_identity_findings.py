"""What agencies are told about the identity of their rows."""

from __future__ import annotations

import datetime as dt

import pytest
from identity_rows import CITY, END, Compiled, lazily

from rantang.catalogue import describe, entries
from rantang.identity.findings import COLUMN, findings
from rantang.identity.standardise import standardise
from rantang.tables.intake import FINDINGS
from rantang.texts import use_language

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def told():
    return Compiled(CITY, lambda rows, areas: findings(standardise(rows, areas, END, lazily), rows))


def test_a_good_row_has_no_findings(told):
    row = {"nik": "3573014101809001", "kk": "3573010107109002", "kelurahan": "SUKUN", "sex": "P"}
    assert told([row]) == []


def test_numbers_that_cannot_be_are_told_masked(told):
    (finding,) = told([{"nik": "3573013202809001", "kelurahan": "SUKUN"}])
    assert (finding["code"], finding["value"], finding["column"]) == (
        "NIK-TANGGAL",
        "3573••••••••••01",
        "nik",
    )
    assert (finding["severity"], finding["acts"], finding["subject"]) == ("peringatan", "pengirim", "row")


def test_a_number_in_the_place_of_an_area_is_not_shown(told):
    slid = [{"kelurahan": "NIK 3573014101809001"}, {"area_code": "3573.01.410180.9001"}]
    rows = [*slid, {"kelurahan": "MARGASATWA"}]
    points = "•" * 16
    assert [finding["value"] for finding in told(rows)] == [f"NIK {points}", points, "MARGASATWA"]


def test_differences_with_the_nik_are_soft_and_show_no_date(told):
    row = {"nik": "3573014101809001", "birth_date": dt.date(1980, 2, 1), "sex": "L", "kelurahan": "SUKUN"}
    found = told([row])
    assert {(f["code"], f["severity"], f["value"], f["evidence"]) for f in found} == {
        ("NIK-TANGGAL-BEDA", "info", None, "beda=bulan"),
        ("NIK-KELAMIN-BEDA", "info", "L", "nik=P"),
    }


def test_swapped_day_and_month_are_named(told):
    row = {"nik": "3573010503809001", "birth_date": dt.date(1980, 5, 3), "kelurahan": "SUKUN"}
    (finding,) = told([row])
    assert finding["evidence"] == "beda=hari bulan tertukar"


def test_each_kind_of_wrong_number_and_area_has_its_code(told):
    cases = [
        ({"nik": "3573010101800000"}, "NIK-SERIAL"),
        ({"nik": "9973010101809001"}, "NIK-WILAYAH"),
        ({"nik": "3573010101809001", "kk": "3573010101809001"}, "NIK-SAMA-KK"),
        ({"kk": "3573014101809001"}, "KK-TANGGAL"),
        ({"kk": "3573010101800000"}, "KK-SERIAL"),
        ({"kk": "9973010101809001"}, "KK-WILAYAH"),
        ({"kelurahan": "JODIPNA"}, "WILAYAH-DIEJA"),
        ({"kelurahan": "MARGASATWA"}, "WILAYAH-TAK-DIKENAL"),
        ({"area_code": "3507011001"}, "WILAYAH-LUAR"),
    ]
    found = {(finding["row_key"], finding["code"]) for finding in told([row for row, _ in cases])}
    assert found == {(f"r{at}", code) for at, (_, code) in enumerate(cases)}


def test_every_code_is_in_the_catalogue_in_both_languages():
    assert set(COLUMN) <= set(entries())
    english = {}
    for language in ("en", "id"):
        use_language(language)
        texts = {code: describe(code) for code in COLUMN}
        assert all(text.message and text.mend for text in texts.values())
        english = english or texts
    assert all(texts[code] != english[code] for code in COLUMN)


def test_findings_have_the_declared_columns(told):
    (finding, *_) = told([{"nik": "3573013202809001"}])
    assert tuple(finding) == FINDINGS.names
