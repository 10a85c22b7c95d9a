"""A value merged over the rows of a family belongs to each of them, whatever program wrote the workbook."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
import pytest
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P
from strange import KK, NIK, NIK_2, codes, column, rewritten, taken

from rantang.intake.guards import Package
from rantang.intake.merges import merges

Sheet = list[list[str]]
Make = Callable[[dict[str, Sheet]], bytes]
UP = "^"  # what the cell above says
TITLE: Sheet = [[], ["DAFTAR PENERIMA"], []]
HEADINGS = [["No KK", "NIK", "Nama", "Kelurahan"], [UP, UP, UP, UP]]
FAMILY = [[KK, NIK, "A", "KLOJEN"], [UP, NIK_2, "B", UP], [UP, "", "C", UP], ["", "", "D", ""]]


def _height(sheet: Sheet, row: int, place: int) -> int:
    height = 1
    while row + height < len(sheet) and sheet[row + height][place : place + 1] == [UP]:
        height += 1
    return height


def as_xlsx(sheets: dict[str, Sheet]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, sheet in sheets.items():
        page = book.create_sheet(name)
        for row, cells in enumerate(sheet):
            for place, cell in enumerate(cells):
                if cell and cell != UP:
                    page.cell(row + 1, place + 1, cell)
                    page.merge_cells(
                        start_row=row + 1,
                        end_row=row + _height(sheet, row, place),
                        start_column=place + 1,
                        end_column=place + 1,
                    )
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_xls(sheets: dict[str, Sheet]) -> bytes:
    book = xlwt.Workbook()
    for name, sheet in sheets.items():
        page = book.add_sheet(name)
        for row, cells in enumerate(sheet):
            for place, cell in enumerate(cells):
                if cell and cell != UP:
                    page.write_merge(row, row + _height(sheet, row, place) - 1, place, place, cell)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_ods(sheets: dict[str, Sheet]) -> bytes:
    document = OpenDocumentSpreadsheet()
    for name, sheet in sheets.items():
        table = Table(name=name)
        blank = 0
        for row, cells in enumerate(sheet):
            if not any(cells):
                blank += 1
                continue
            if blank:  # as spreadsheets write it
                empty = TableRow(numberrowsrepeated=blank)
                empty.addElement(TableCell(numbercolumnsrepeated=4))
                table.addElement(empty)
                blank = 0
            line = TableRow()
            for place, cell in enumerate(cells):
                if cell == UP:
                    line.addElement(CoveredTableCell())
                    continue
                made = TableCell(valuetype="string", numberrowsspanned=_height(sheet, row, place))
                made.addElement(P(text=cell))
                line.addElement(made)
            table.addElement(line)
        document.spreadsheet.addElement(table)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


ALL = pytest.mark.parametrize(
    ("make", "name"), [(as_xlsx, "a.xlsx"), (as_xls, "a.xls"), (as_ods, "a.ods")], ids=["xlsx", "xls", "ods"]
)


@ALL
def test_a_value_merged_over_rows_belongs_to_each(make: Make, name: str) -> None:
    found = taken(make({"Lain": [["x"]], "Data": [*TITLE, *HEADINGS, *FAMILY]}), name)
    assert column(found, "name") == ["A", "B", "C", "D"]
    assert column(found, "kk") == [KK, KK, KK, None]
    assert column(found, "kelurahan") == ["KLOJEN", "KLOJEN", "KLOJEN", None]
    assert [each["evidence"] for each in found.findings if each["code"] == "SEL-GABUNG"] == ["count=4"]


@ALL
def test_merged_headings_are_no_finding(make: Make, name: str) -> None:
    found = taken(
        make({"Data": [*TITLE, *HEADINGS, [KK, NIK, "A", "KLOJEN"], [KK, NIK_2, "B", "LOWOKWARU"]]}), name
    )
    assert column(found, "name") == ["A", "B"]
    assert not {"SEL-GABUNG", "BARIS-KAKI"} & set(codes(found))


def test_of_a_damaged_workbook_no_merged_cells_are_told() -> None:
    sheets = {"Data": [*HEADINGS, *FAMILY]}
    assert (0, 2, 0, 4) in merges(as_xls(sheets), Package("xls"))["Data"]
    assert merges(as_xls(sheets)[:400], Package("xls")) == {}
    ods = as_ods(sheets)
    assert (0, 2, 0, 4) in merges(ods, Package("ods"))["Data"]
    assert merges(rewritten(ods, "content.xml", b"</table:table>", b""), Package("ods")) == {}
    assert (
        merges(rewritten(ods, "content.xml", b"<office:body>", b"<!ENTITY><office:body>"), Package("ods"))
        == {}
    )
