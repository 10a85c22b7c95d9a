"""Work lists: one sheet a task, masked, text that stays text, nothing that a spreadsheet would run."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import Any

import edition_tables
import ibis
import openpyxl
import pyarrow as pa
import pytest

from rantang.documents import labels
from rantang.documents.workbooks import Request, screening, worklist
from rantang.documents.workbooks.sheets import Column, Cover, Sheet, safe, write
from rantang.documents.workbooks.worklist import _area, mask
from rantang.errors import RantangError
from rantang.tables.intake import PROVENANCE

Book = dict[str, list[tuple[Any, ...]]]


def opened(content: bytes) -> Book:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


@pytest.fixture(scope="module")
def dinsos(made_up) -> Book:
    return opened(worklist(*made_up, edition_tables.city(), Request(agency="dinsos")))


@pytest.mark.slow
def test_there_is_a_sheet_for_each_task_and_one_that_explains(dinsos: Book):
    assert list(dinsos) == [
        "Baca dahulu", "Perbaiki data", "Perlu verifikasi", "Baris ganda", "Orang yang sama",
        "Belum terlayani", "Putus bantuan", "Kunjungan",
    ]  # fmt: skip
    assert all(len(rows) > 3 for rows in dinsos.values())
    counted = {row[0]: row[1] for row in dinsos["Baca dahulu"] if isinstance(row[1], int)}
    assert counted == {name: len(rows) - 2 for name, rows in dinsos.items() if name != "Baca dahulu"}


@pytest.mark.slow
def test_numbers_are_masked_and_tell_no_birth_date(dinsos: Book):
    niks = [row[1] for row in dinsos["Perlu verifikasi"][2:] if row[1]]
    assert niks and all(len(nik) == 16 and set(nik[4:14]) == {"•"} for nik in niks)
    assert not any(
        "35730141019090" in str(value) for rows in dinsos.values() for row in rows for value in row
    )


@pytest.mark.slow
def test_numbers_in_full_need_a_purpose_and_are_text(made_up):
    with pytest.raises(RantangError, match="KERJA-KEPERLUAN"):
        worklist(*made_up, edition_tables.city(), Request(agency="dinsos", with_nik=True, purpose="  "))
    full = Request(agency="dinsos", with_nik=True, purpose="verval November")
    book = opened(worklist(*made_up, edition_tables.city(), full))
    niks = [row[1] for row in book["Perlu verifikasi"][2:] if row[1]]
    assert niks and all(isinstance(nik, str) and len(nik) == 16 and nik[12] == "9" for nik in niks)
    assert any("verval November" in str(row[0]) for row in book["Baca dahulu"])


@pytest.mark.slow
def test_ciphertext_is_turned_into_numbers_only_by_the_caller(made_up):
    tables, manifest = made_up
    sealed = tables["persons"].mutate(
        nik_masked=tables["persons"].nik.substr(0, 4) + "••••••••••01", nik=tables["persons"].nik.reverse()
    )
    tables = {**tables, "persons": sealed}
    masked = opened(worklist(tables, manifest, edition_tables.city(), Request(agency="dinsos")))
    assert {row[1] for row in masked["Perlu verifikasi"][2:] if row[1]} == {"3573••••••••••01"}
    full = Request(agency="dinsos", with_nik=True, purpose="uji")
    book = opened(worklist(tables, manifest, edition_tables.city(), full,
                           lambda values: [value[::-1] if value else None for value in values]))  # fmt: skip
    assert all(row[1].startswith("3573") for row in book["Perlu verifikasi"][2:] if row[1])


def test_a_kelurahan_gets_its_own_people_only(made_up):
    book = opened(worklist(*made_up, edition_tables.city(), Request(kelurahan="ketawanggede")))
    assert "Tanpa NIK sah" in book and "Orang yang sama" not in book
    for name, rows in book.items():
        if name == "Baca dahulu":
            continue
        if "Kelurahan" in rows[1]:
            assert {row[rows[1].index("Kelurahan")] for row in rows[2:]} <= {"Ketawanggede"}, name
        else:  # one kelurahan's own list has the address for the visit instead
            assert {"Alamat", "RT", "RW"} <= set(rows[1]), name
    asked = book["Perlu dipastikan"][2:]
    assert len({row[-2:] for row in asked}) == len(asked)


def test_a_kelurahan_is_known_by_name_and_by_either_code():
    city = edition_tables.city()
    area = next(each for each in city.areas if each.name == "Ketawanggede")
    for written in ("KETAWANGGEDE", area.code, area.code.replace(".", ""), area.code_bps):
        assert _area(city, Request(kelurahan=written)) == area.code


def test_of_several_kelurahan_of_one_name_none_is_taken_by_chance():
    city = edition_tables.city()
    twin = replace(city.areas[0], code="35.73.09.1001", code_bps="3573990001", kecamatan="Lain")
    two = replace(city, areas=(*city.areas, twin))
    with pytest.raises(RantangError, match=r"KERJA-SENAMA.*35\.73\.09\.1001 \(Lain\)"):
        _area(two, Request(kelurahan=twin.name))
    assert _area(two, Request(kelurahan=twin.code)) == twin.code


def test_what_machines_read_is_not_printed_and_each_sheet_is_a_page_wide(made_up):
    content = worklist(*made_up, edition_tables.city(), Request(kelurahan="ketawanggede"))
    book = openpyxl.load_workbook(io.BytesIO(content))
    for page in book.worksheets:
        assert page.sheet_properties.pageSetUpPr.fitToPage, page.title
        if page.title != "Baca dahulu":
            heads = [cell.value for cell in page[2]]
            printed = page[page.print_area.rpartition("!")[2].replace("$", "")][1]
            assert "Kunci" in heads and "Kunci" not in [cell.value for cell in printed], page.title
            assert sum(page.column_dimensions[cell.column_letter].width for cell in printed) < 220


def test_a_row_is_as_high_as_its_text():
    sheet = Sheet("Uji", "Uji", (Column("Isi", 10, "wrap"),), [("satu",), ("kata " * 8,)])
    content = write(Cover("Baca", "Judul", (), ("a", "b", "c"), "kaki"), [sheet])
    page = openpyxl.load_workbook(io.BytesIO(content))["Uji"]
    assert page.row_dimensions[4].height >= 3 * page.row_dimensions[3].height


def test_an_agency_gets_its_own_lists_only(made_up):
    book = opened(worklist(*made_up, edition_tables.city(), Request(agency="disnaker")))
    programmes = {row[2] for row in book["Perlu verifikasi"][2:]}
    assert programmes <= {"Kartu Prakerja", "BPJS Ketenagakerjaan pekerja rentan"}


@pytest.mark.parametrize(
    ("request_", "code"),
    [
        (Request(), "KERJA-SIAPA"),
        (Request(agency="dinsos", kelurahan="Klojen"), "KERJA-SIAPA"),
        (Request(agency="dinas"), "KERJA-TAK-DIKENAL"),
        (Request(kelurahan="Atlantis"), "KERJA-TAK-DIKENAL"),
    ],
)
def test_an_unclear_request_is_refused_with_what_to_write(made_up, request_: Request, code: str):
    with pytest.raises(RantangError, match=code):
        worklist(*made_up, edition_tables.city(), request_)


@pytest.mark.parametrize("text", ["=1+1", "+62", "-1", "@x", "\tx", "\rx", "\0x", "＝1", "＠x"])
def test_no_cell_begins_with_what_a_spreadsheet_runs(text: str):
    assert safe(text).startswith("'")
    sheet = Sheet("Uji", "Uji", (Column("Isi", 10),), [(text,)])
    cover = Cover("Baca", "Judul", (), ("a", "b", "c"), "kaki")
    value = opened(write(cover, [sheet]))["Uji"][2][0]
    assert value.startswith("'")


def test_a_plain_text_stays_as_it_is():
    assert safe("Moch. Ali") == "Moch. Ali"
    assert mask(None) == "" and mask("123") == "••••"


def test_the_screening_workbook_tells_what_to_look_at(made_up):
    _tables, manifest = made_up
    row = {"line": 2, "name": "=WARGA", "nik": "3573••••••••••01", "served_by": None, "tier": "sure",
           "probability": None, "kelurahan_code": "35.73.01.1001"}  # fmt: skip
    rows = [
        {**row, "verdict": "SALUR-LAYAK", "verdicts": "SALUR-LAYAK"},
        {**row, "line": 1, "verdict": "SALUR-GANDA", "verdicts": "SALUR-GANDA SALUR-SEJENIS"},
        {**row, "line": None, "verdict": "SALUR-BELUM-DIRENCANAKAN", "class_": "kerak", "unit_id": "K1"},
    ]
    book = opened(screening(rows, manifest, edition_tables.city(), "RANTANG", "rencana.xlsx"))
    assert [len(rows) - 2 for name, rows in book.items() if name != "Baca dahulu"] == [1, 2, 1]
    assert [row[0] for row in book["Semua rencana"][2:]] == [1, 2]
    assert book["Perlu dilihat"][2][1] == "'=WARGA"


def test_evidence_is_told_in_words():
    told = labels.evidence("name= nik! kk~ born= keluarga+")
    assert told == "nama sama, NIK berbeda, KK mirip, tanggal lahir sama, anggota keluarga lain cocok"
    assert labels.evidence(None) == ""


@pytest.mark.slow
def test_rows_are_found_again_in_the_agency_s_file(made_up):
    tables, manifest = made_up
    keys = tables["links"].filter(tables["links"].double).row_key.to_pyarrow().to_pylist()
    where = PROVENANCE.rows(
        {"row_key": key, "file": "dinsos/dtks/2022-11.xlsx", "sheet": "Data", "row": n}
        for n, key in enumerate(keys, start=2)
    )
    book = opened(
        worklist({**tables, "provenance": where}, manifest, edition_tables.city(), Request(agency="dinsos"))
    )
    rows = book["Baris ganda"][2:]
    assert rows and {row[5] for row in rows} == {"dinsos/dtks/2022-11.xlsx"}
    assert all(isinstance(row[7], int) for row in rows)


@pytest.mark.slow
def test_the_draft_plan_says_what_would_change_and_why(made_up):
    tables, manifest = made_up
    families = tables["families"].limit(2).select("family_id").to_pyarrow()["family_id"].to_pylist()
    changes = pa.table(
        {
            "family_id": families, "programme": ["SEMBAKOKOTA"] * 2, "cost": [1_200_000] * 2,
            "why": ["NILAI 1.36", None], "starts": [True, False],
        }
    )  # fmt: skip
    with_plan = {**tables, "plan": ibis.memtable(changes)}
    agency = next(p.agency for p in edition_tables.city().programmes if p.code == "SEMBAKOKOTA")
    rows = opened(worklist(with_plan, manifest, edition_tables.city(), Request(agency=agency)))[
        "Draf rencana"
    ]
    begins, ends = rows[2:]
    assert (begins[3], ends[3]) == ("mulai", "berakhir")
    assert "1,4 kali" in begins[5] and ends[5]
    assert "Draf rencana" not in opened(worklist(*made_up, edition_tables.city(), Request(agency=agency)))


def test_visits_go_to_the_most_valuable_first_and_say_why(dinsos: Book):
    rows = dinsos["Kunjungan"][2:]
    chances = [float(row[3].replace("\xa0%", "")) for row in rows]
    assert chances == sorted(chances, reverse=True) and chances[0] == 50
    assert any("menurunkan taksiran" in str(row[4]) for row in rows)
