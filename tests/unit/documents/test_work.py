"""Whose task is what: work lists hold what the report counts, and name whom each row is about."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import edition_tables
import ibis
import ibis.expr.types as ir
import openpyxl
import pytest

from rantang.documents import work
from rantang.documents.report import ReportData, collect, render
from rantang.documents.workbooks import Request, worklist
from rantang.synergy.programmes import KnownLists, known_lists
from rantang.tables.intake import FINDINGS, PROVENANCE
from rantang.tables.register import REVIEW

Made = tuple[Mapping[str, ir.Table], Mapping[str, Any]]
SHEETS = {
    "findings": "Perbaiki data", "families": "Keluarga ditindaklanjuti", "verify": "Perlu verifikasi",
    "doubles": "Baris ganda", "pairs": "Orang yang sama", "lapsed": "Putus bantuan",
    "papers": "Tanpa NIK sah",
}  # fmt: skip


def known(tables: Mapping[str, ir.Table]) -> KnownLists:
    return known_lists(tables["assistance"], edition_tables.city().programmes, edition_tables.PERIOD)


def sheets(made: Made, **who: str) -> dict[str, list[dict[str, Any]]]:
    """Return a work list's rows by sheet and column."""
    content = worklist(*made, edition_tables.city(), Request(**who))
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    read = {page.title: list(page.iter_rows(values_only=True)) for page in book}
    return {
        name: [dict(zip(rows[1], row, strict=True)) for row in rows[2:]]
        for name, rows in read.items()
        if name != "Baca dahulu"
    }


@pytest.fixture(scope="module")
def asked(made_up: Made) -> Made:
    """The edition with findings about families and rows, and a row that may be one of two people."""
    tables, manifest = made_up
    persons = tables["persons"].filter(tables["persons"].is_head).limit(12).to_pyarrow().to_pylist()
    families = [
        {"code": code, "severity": "peringatan", "subject": "family", "subject_id": person["family_id"],
         "family_id": person["family_id"], "kelurahan_code": person["kelurahan_code"], "acts": acts,
         "needs_word": False}
        for code, acts, person in zip(
            ["KELUARGA-TERLEWAT"] * 9 + ["KK-SATU-ANAK", "KERAK-TERPUTUS", "KELUARGA-TANPA-WARGA"],
            ["bappeda"] * 9 + ["dispendukcapil", "dinsos", "kelurahan"],
            persons, strict=True,
        )
    ]  # fmt: skip
    links = tables["links"].filter(tables["links"].agency == "bappeda").limit(2).to_pyarrow().to_pylist()
    rows = [
        {"code": "NIK-KOSONG", "severity": "peringatan", "subject": "row", "subject_id": links[0]["row_key"],
         "row_key": links[0]["row_key"], "agency": "bappeda", "kind": "p3ke", "period": "2022-11",
         "acts": "pengirim", "needs_word": False}
    ]  # fmt: skip
    pairs = [
        {"row_key": links[1]["row_key"], "rank": rank, "person_id": person and person["person_id"],
         "candidate_key": f"calon-{rank}", "p_model": 0.5, "value": 0.9, "evidence": "name= nik!",
         "agency": "bappeda", "kind": "p3ke"}
        for rank, person in ((1, persons[0]), (2, None))
    ]  # fmt: skip
    findings = ibis.union(tables["findings"], FINDINGS.conform(FINDINGS.rows(families + rows)))
    review = ibis.union(tables["review"], REVIEW.conform(REVIEW.rows(pairs)))
    resident = {"row_key": "calon-2", "file": "dispendukcapil/penduduk/2022-11.csv", "row": 77}
    places = ibis.union(tables["provenance"], PROVENANCE.conform(PROVENANCE.rows([resident])))
    return {**tables, "findings": findings, "review": review, "provenance": places}, manifest


@pytest.mark.slow
@pytest.mark.parametrize("agency", ["dinsos", "bappeda", "dispendukcapil", "disnaker"])
def test_what_is_counted_of_an_office_is_what_its_work_list_holds(asked: Made, agency: str) -> None:
    found = work.count(asked[0], edition_tables.city(), known(asked[0]))
    held = sheets(asked, agency=agency)
    for task, sheet in SHEETS.items():
        assert getattr(found.agencies[agency], task) == len(held.get(sheet, [])), task


@pytest.mark.slow
def test_what_is_counted_of_a_kelurahan_is_what_its_work_list_holds(asked: Made) -> None:
    city = edition_tables.city()
    found = work.count(asked[0], city, known(asked[0]))
    code, count = max(found.asked.items(), key=lambda each: each[1])
    name = next(area.name for area in city.areas if area.code == code)
    assert count == len(sheets(asked, kelurahan=name)["Perlu dipastikan"]) > 0


def test_recipients_to_verify_are_those_that_coverage_counts_each_once(made_up: Made) -> None:
    tables, _manifest = made_up
    doubt = work.in_doubt(tables["assistance"], edition_tables.city(), known(tables))
    rows = doubt.select("programme", "person_id", "family_id", "kelurahan_code").to_pyarrow().to_pylist()
    units = {p.code: p.unit for p in edition_tables.city().programmes}
    keys = [
        (row["programme"], row["kelurahan_code"],
         row["family_id"] if units[row["programme"]] == "keluarga" else row["person_id"])
        for row in rows
    ]  # fmt: skip
    assert rows and len(keys) == len(set(keys))


def test_families_are_named_with_their_address_and_not_among_the_rows_to_mend(asked: Made) -> None:
    held = sheets(asked, agency="bappeda")
    families = held[SHEETS["families"]]
    assert {row["Kode"] for row in families} == {"KELUARGA-TERLEWAT"} and len(families) == 9
    assert all(row["Kepala keluarga"] and row["Alamat"] and row["RT"] for row in families)
    assert not [row for row in held["Perbaiki data"] if row["Kode"] == "KELUARGA-TERLEWAT"]


def test_a_kelurahan_s_list_names_the_head_of_a_family(asked: Made) -> None:
    tables, _manifest = asked
    found = tables["findings"].filter(tables["findings"].code == "KELUARGA-TANPA-WARGA")
    code = found.to_pyarrow().to_pylist()[0]["kelurahan_code"]
    rows = sheets(asked, kelurahan=code)["Perlu dipastikan"]
    named = [row["Nama"] for row in rows if row["Kode"] == "KELUARGA-TANPA-WARGA"]
    assert len(named) == 1 and named[0]


def test_a_row_to_mend_is_named_and_another_row_s_nik_is_not_lent_to_it(asked: Made) -> None:
    (row,) = (r for r in sheets(asked, agency="bappeda")["Perbaiki data"] if r["Kode"] == "NIK-KOSONG")
    assert row["Nama"] and not row["NIK"]


def test_every_candidate_of_a_row_is_a_pair_with_both_names_and_both_keys(asked: Made) -> None:
    rows = [
        row
        for row in sheets(asked, agency="bappeda")["Orang yang sama"]
        if str(row["Kunci calon"]).startswith("calon-")
    ]
    assert [row["Kunci calon"] for row in rows] == ["calon-1", "calon-2"]
    assert rows[0]["Kunci"] == rows[1]["Kunci"] and all(row["Baris kini dianggap milik"] for row in rows)
    assert all(row["Berkas"] and row["Baris"] for row in rows)
    assert rows[0]["Warga di register"]
    assert rows[1]["Warga di register"] == (
        "hanya ada di daftar penduduk: dispendukcapil/penduduk/2022-11.csv, baris 77"
    )


@pytest.mark.slow
def test_the_report_names_families_and_kelurahan_among_what_is_to_do(asked: Made) -> None:
    found = collect(*asked, edition_tables.city())
    todo = render(found).split('id="tindak-lanjut"', 1)[1].split("</section>", 1)[0]
    assert "tindak lanjuti temuan pada 9 keluarga" in todo
    assert "--kelurahan" in todo and found.most_asked in todo


@pytest.mark.slow
def test_pairs_are_pairs_everywhere(data: ReportData, made_up: Made) -> None:
    assert data.review.value == made_up[0]["review"].count().to_pyarrow().as_py()
    page = render(data)
    assert f"Putuskan {data.review.value} pasangan" in page and "pasangan menunggu penilaian" in page
