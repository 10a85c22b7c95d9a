"""The agency's file back: every cell text, findings beside the rows, nothing a spreadsheet would run."""

from __future__ import annotations

import io
import tempfile

import openpyxl
import polars as pl
import pytest
from strange import NIK, NIK_2, csv, taken, xlsx

from rantang.intake.annotate import annotate, safe
from rantang.intake.read import read_bytes
from rantang.intake.take import Part, type_lists

ROWS = [
    ["DAFTAR"],
    ["NIK", "NAMA", "KET"],
    [int(NIK), "=HYPERLINK(1)", "+62812"],
    ["0", "@A", "-"],
    [NIK_2, "SITI", "x"],
]


def annotated(data: bytes, name: str) -> openpyxl.Workbook:
    found = taken(data, name, "penerima")
    made = type_lists({"penerima": [Part(name, "0", found)]})["penerima"]
    headers = {sheet.sheet: sheet.header_row for sheet in found.sheets}
    return openpyxl.load_workbook(io.BytesIO(annotate(read_bytes(data, name), made.findings, headers)))


def test_rows_stand_where_they_stood_with_findings_beside_them() -> None:
    page = annotated(
        xlsx(("Data", [[NIK if cell == int(NIK) else cell for cell in row] for row in ROWS])), "a.xlsx"
    )["Data"]
    assert [cell.value for cell in page[2]][:5] == ["NIK", "NAMA", "KET", "TEMUAN", "YANG PERLU DILAKUKAN"]
    assert page["A3"].value == NIK
    assert page["D4"].value == "NIK-KOSONG"
    assert "NIK belum diisi" in page["E4"].value
    assert page["D5"].value is None


def test_no_sheet_lies_in_a_temporary_folder_while_it_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was opened")

    for name in ("mkstemp", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    assert annotated(csv(ROWS, "\t"), "a.tsv").worksheets[1]["A3"].value == NIK


def test_a_number_keeps_its_sixteen_digits_as_text() -> None:
    page = annotated(csv(ROWS, "\t"), "a.tsv").worksheets[1]
    assert (page["A3"].value, page["A3"].data_type) == (NIK, "s")


def test_no_cell_begins_like_a_formula_and_reading_it_back_gives_the_same() -> None:
    data = csv(ROWS, "\t")
    book = annotated(data, "a.tsv")
    cells = [cell for page in book for row in page.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type == "s" for cell in cells)
    assert not [cell.value for cell in cells if str(cell.value)[0] in "=+-@\t\r\0＝＋－＠"]
    out = io.BytesIO()
    book.save(out)
    again = taken(out.getvalue(), "b.xlsx", "penerima")
    before = taken(data, "a.tsv", "penerima")
    assert again.raw["f_name"].to_list() == before.raw["f_name"].to_list() == ["=HYPERLINK(1)", "@A", "SITI"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@a", "\tx", "\rx", "\0=x", "＝1", "＋1", "－1", "＠a"])
def test_dangerous_beginnings_are_quoted(cell: str) -> None:
    assert pl.select(safe(pl.lit(cell))).item().startswith("'")


def test_the_first_sheet_sums_up() -> None:
    page = annotated(csv(ROWS, "\t"), "a.tsv").worksheets[0]
    codes = [row[0].value for row in page.iter_rows(min_row=2)]
    assert page.title == "Temuan"
    assert "NIK-KOSONG" in codes
