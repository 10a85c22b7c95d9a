"""Files as they come in life: each is read, or refused in plain words; nothing ever raises."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import polars as pl
import pytest
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P
from strange import (
    KK,
    LIST,
    NIK,
    NIK_2,
    bomb,
    codes,
    column,
    csv,
    inline,
    lying,
    rewritten,
    sheet_xml,
    taken,
    xlsx,
)

from rantang.catalogue import entries
from rantang.intake.read import read_bytes
from rantang.intake.take import Part, type_lists

BOTH = [NIK, NIK_2]


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (csv(LIST), "a.csv"),
        (csv(LIST, ";"), "a.csv"),
        (csv(LIST, "\t"), "a.tsv"),
        (csv(LIST, "|"), "a.txt"),
        (csv(LIST, "\t", "utf-16"), "a.txt"),
        (csv(LIST, "\t", "utf-16-le"), "a.txt"),
        (b"\xef\xbb\xbf" + csv(LIST), "a.csv"),
        (csv(LIST, end="\r"), "a.csv"),
        (csv(LIST, end="\n"), "a.csv"),
        (b"sep=;\r\n" + csv(LIST, ";"), "a.csv"),
        (f'"NIK;NAMA"\n"{NIK};SITI"\n"{NIK_2};SALEH"\n'.encode(), "a.csv"),
        (xlsx(("A", LIST)), "a.xlsx"),
    ],
    ids=[
        "comma",
        "semicolon",
        "tab",
        "bar",
        "utf-16",
        "utf-16 without mark",
        "mark",
        "old mac",
        "unix",
        "sep line",
        "lines in quotes",
        "xlsx",
    ],
)
def test_text_and_workbooks_give_the_same_rows(data: bytes, name: str) -> None:
    found = taken(data, name)
    assert column(found, "nik") == BOTH
    assert not [code for code in codes(found) if code.startswith("BERKAS")]


def test_old_workbooks_and_open_documents_are_read() -> None:
    import xlwt

    book = xlwt.Workbook()
    page = book.add_sheet("Data")
    document = OpenDocumentSpreadsheet()
    table = Table(name="Data")
    for at, row in enumerate(LIST):
        line = TableRow()
        for place, cell in enumerate(row):
            page.write(at, place, float(cell) if at and not place else cell)
            made = TableCell(valuetype="string")
            made.addElement(P(text=cell))
            line.addElement(made)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    xls, ods = io.BytesIO(), io.BytesIO()
    book.save(xls)
    document.save(ods)
    old = taken(xls.getvalue(), "a.xls")
    assert column(old, "nik") == BOTH
    assert old.raw["nik_numeric"].to_list() == [True, True]
    opened = taken(ods.getvalue(), "a.ods")
    assert column(opened, "nik") == BOTH
    assert opened.raw["nik_numeric"].to_list() == [False, False]


def test_parquet_is_read_with_its_types() -> None:
    buffer = io.BytesIO()
    pl.DataFrame({"nik": [int(NIK)], "nama": ["A"], "tanggal_lahir": [dt.date(1980, 1, 1)]}).write_parquet(
        buffer
    )
    found = taken(buffer.getvalue(), "a.parquet")
    assert found.raw.select("f_nik", "f_birth_date", "nik_numeric", "row").row(0) == (
        NIK,
        "1980-01-01",
        True,
        2,
    )


def test_a_web_page_named_xls_is_read_as_its_table() -> None:
    page = (
        "<html><head><style>td{}</style></head><body><table><tr><td colspan=3>DAFTAR</td></tr>"
        "<tr><th>NIK</th><th>Nama</th><th>No KK</th></tr>"
        f"<tr><td>'{NIK}</td><td>A &amp; B</td><td rowspan=2>{KK}</td></tr>"
        f"<tr><td>{NIK_2}</td><td>C</td></tr></table></body></html>"
    )
    found = taken(page.encode(), "siks.xls")
    assert column(found, "nik") == BOTH
    assert column(found, "name") == ["A & B", "C"]
    assert column(found, "kk") == [KK, KK]
    assert found.sheets[0].header_row == 2
    assert "BERKAS-NAMA" in codes(found)


def test_excels_xml_of_2003_is_read() -> None:
    rows = "".join(
        f'<Row><Cell><Data ss:Type="String">{a}</Data></Cell>'
        f'<Cell ss:Index="3"><Data ss:Type="String">{b}</Data></Cell></Row>'
        for a, b in [("NIK", "Nama"), (NIK, "A")]
    )
    data = (
        f'<?xml version="1.0"?><Workbook><Worksheet ss:Name="S"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    assert column(taken(data.encode(), "a.xls"), "name") == ["A"]


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "a.xlsx", "BERKAS-KOSONG"),
        (b" \n\n", "a.csv", "BERKAS-KOSONG"),
        (xlsx(("A", [])), "a.xlsx", "BERKAS-KOSONG"),
        (bytes(range(256)) * 40, "a.xlsx", "BERKAS-FORMAT"),
        (b"%PDF-1.7 x", "a.pdf", "BERKAS-FORMAT"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a.xlsx", "BERKAS-FORMAT"),
        (b'[{"nik": 1}]', "a.json", "BERKAS-FORMAT"),
        (b"<html><p>Sesi berakhir</p></html>", "a.xls", "BERKAS-FORMAT"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(600),
            "a.xlsx",
            "BERKAS-SANDI",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le") + bytes(600),
            "a.doc",
            "BERKAS-FORMAT",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + bytes(600),
            "a.xls",
            "BERKAS-RUSAK",
        ),
        (b"PAR1" + bytes(100), "a.parquet", "BERKAS-RUSAK"),
        (xlsx(("A", LIST))[:2000], "a.xlsx", "BERKAS-RUSAK"),
        (xlsx(("A", LIST))[:-30], "a.xlsx", "BERKAS-RUSAK"),
        (bomb(600 * 2**20), "a.xlsx", "BERKAS-BOM"),
        (lying(bomb(40 * 2**20), "xl/worksheets/sheet1.xml", 5000), "a.xlsx", "BERKAS-BOM"),
        (sheet_xml(inline(LIST), "A1:E3000000"), "a.xlsx", "BERKAS-BARIS"),
        (sheet_xml(inline(LIST) + inline([["x"]], 3_000_000)), "a.xlsx", "BERKAS-BARIS"),
    ],
    ids=[
        "empty",
        "blanks",
        "no cells",
        "binary",
        "pdf",
        "picture",
        "json",
        "page without table",
        "password",
        "word",
        "broken ole",
        "broken parquet",
        "cut",
        "cut at the end",
        "bomb",
        "lying bomb",
        "claims 3 million",
        "row 3 million",
    ],
)
def test_what_cannot_be_read_is_refused_in_plain_words(data: bytes, name: str, code: str) -> None:
    file = read_bytes(data, name)
    assert not file.readable
    assert codes(file)[-1:] == [code] or code in codes(file)
    assert entries()[code].severity == "galat"
    assert taken(data, name).rows == 0


def test_too_many_parts_in_a_zip_are_refused() -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for number in range(300):
            target.writestr(f"xl/x{number}.xml", "x")
    assert codes(read_bytes(out.getvalue(), "a.xlsx")) == ["BERKAS-BOM"]


@pytest.mark.parametrize("stray", ["<is><t>x</t></is>", ""], ids=["with text", "only formatted"])
def test_a_stray_cell_far_away_does_not_abort_the_reader(stray: str) -> None:
    far = f'<row r="1048576"><c r="XFD1048576" t="inlineStr">{stray}</c></row>'
    found = taken(sheet_xml(inline(LIST) + far, "A1:XFD1048576"))
    assert column(found, "nik") == BOTH
    assert ("SEL-JAUH" in codes(found)) == bool(stray)


def test_external_entities_are_not_opened() -> None:
    head = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    data = rewritten(xlsx(("A", LIST)), "xl/sharedStrings.xml", b"SITI AMINAH", b"&e;")
    data = rewritten(
        data, "xl/sharedStrings.xml", b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>', head
    )
    for name, content in (
        ("a.xlsx", data),
        ("a.xls", head + f"<table><tr><td>NIK</td></tr><tr><td>{NIK}</td></tr></table>".encode()),
    ):
        file = read_bytes(content, name)
        assert not any(
            "root:" in (cell or "") for sheet in file.sheets for row in sheet.frame.rows() for cell in row
        )


def test_formulas_errors_and_days_from_1904() -> None:
    rows = [["NIK", "NAMA", "TGL LAHIR"], [NIK, "A", dt.datetime(1980, 1, 1)], [NIK_2, "=#N/A", "=1+6"]]  # noqa: DTZ001
    found = taken(xlsx(("A", rows), options={"date_1904": True}))
    assert column(found, "birth_date") == ["1980-01-01", "7"]
    assert column(found, "name") == ["A", None]
    assert {"SEL-RUMUS", "BERKAS-1904"} <= set(codes(found))


def test_a_formula_that_failed_is_told_at_its_cell_and_not_again_as_missing() -> None:
    rows = [["NAMA", "NIK"], ["A", NIK], ["B", "=#N/A"], ["C", None]]
    found = taken(xlsx(("A", rows)))
    (typed,) = type_lists({"penerima": [Part("a.xlsx", "", found)]}, alone=True).values()
    told = typed.findings.filter(pl.col("row").is_not_null()).select("code", "sheet", "row", "column")
    assert told.rows() == [("SEL-GALAT", "A", 3, "NIK"), ("NIK-KOSONG", "A", 4, "NIK")]


def test_headings_without_a_row_are_told() -> None:
    assert "BERKAS-KOSONG" in codes(taken(csv([LIST[0]]), "daftar.csv"))


def test_formulas_that_were_never_computed_are_told() -> None:
    book = openpyxl.Workbook()
    for row in [["NIK", "NAMA"], [NIK, "=A1"], [NIK_2, "B"]]:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    found = taken(out.getvalue())
    assert column(found, "name") == [None, "B"]
    assert "SEL-RUMUS-KOSONG" in codes(found)


def test_a_password_is_named_also_for_open_documents() -> None:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        target.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        target.writestr("content.xml", "xx")
        target.writestr("META-INF/manifest.xml", "<manifest:encryption-data/>")
    assert codes(read_bytes(out.getvalue(), "a.ods")) == ["BERKAS-SANDI"]


def test_quotes_that_do_not_pair_cost_no_rows() -> None:
    lines = [f'{NIK},"SITI,JL A', *[f"{NIK_2},B,C"] * 40]
    found = taken(("NIK,NAMA,ALAMAT\n" + "\n".join(lines)).encode(), "a.csv")
    assert found.rows == 41
    assert "BERKAS-KUTIP" in codes(found)
    inner = taken(f'NIK,NAMA\n{NIK},SITI "IDA" A\n{NIK_2},"B" C\n'.encode(), "a.csv")
    assert column(inner, "name") == ['SITI "IDA" A', "B C"]


def test_line_breaks_within_quotes_keep_row_numbers_of_the_spreadsheet() -> None:
    found = taken(f'NIK,NAMA,ALAMAT\n{NIK},"SITI\nAMINAH",A\n\n{NIK_2},B,C\n'.encode(), "a.csv")
    assert found.raw["row"].to_list() == [2, 4]


def test_other_encodings_are_read_and_told() -> None:
    found = taken(csv([*LIST, [NIK, "JOSÉ", "JL Ñ"]], ";", "cp1252"), "a.csv")
    assert column(found, "name")[-1] == "JOSÉ"
    assert "BERKAS-ENKODE" in codes(found)


def test_numbers_are_told_from_text() -> None:
    found = taken(xlsx(("A", [["NIK", "NAMA"], [int(NIK), "A"], [NIK_2, "B"], [5, "C"]])))
    assert column(found, "nik") == [NIK, NIK_2, "5"]
    assert found.raw["nik_numeric"].to_list() == [True, False, False]


@pytest.mark.parametrize(("last", "wide"), [("Z", 0), ("BC", 78), ("DA", 702), ("AAB", 704)])
def test_how_wide_a_sheet_is_is_seen_without_reading_it(last: str, wide: int) -> None:
    from rantang.intake.guards import open_zip

    far = f'<row r="9"><c r="{last}9" t="inlineStr"><is><t>x</t></is></c></row>'
    (facts,) = open_zip(sheet_xml(inline(LIST) + far)).sheets.values()
    assert (facts.wide, facts.rows) == (wide, 9)


@pytest.mark.parametrize("line", ['"{}", "{}", "{}"', "'{}','{}','{}'"], ids=["blank before", "of SQL"])
def test_quotes_of_other_programs_are_no_part_of_the_cells(line: str) -> None:
    found = taken("\n".join(line.format(*row) for row in LIST).encode(), "daftar.csv")
    assert found.raw.select("f_nik", "f_name", "f_address").rows() == [tuple(row) for row in LIST[1:]]


def test_a_cell_longer_than_the_sample_hides_no_list() -> None:
    assert taken(csv([*LIST, [NIK, "A" * 1_100_000, "JL"]]), "daftar.csv").rows == 3


def test_a_quote_left_open_in_the_last_row_swallows_no_cells() -> None:
    found = taken(csv([*LIST, [NIK, '"A', "JL"]]), "daftar.csv")
    assert (column(found, "address")[-1], "BERKAS-KUTIP" in codes(found)) == ("JL", True)


def test_lines_in_two_encodings_are_each_read_in_their_own() -> None:
    rows = csv([LIST[0], [NIK, "ÁGUS", "JL"]]) + b"\r\n" + csv([[NIK, "SITÍ", "JL"]], encoding="cp1252")
    found = taken(rows, "daftar.csv")
    assert (column(found, "name"), "BERKAS-ENKODE" in codes(found)) == (["ÁGUS", "SITÍ"], True)


def test_the_line_that_names_the_delimiter_may_end_as_on_old_macs() -> None:
    found = taken(b"sep=;\r" + csv(LIST, ";", end="\r"), "daftar.csv")
    assert (found.sheets[0].header_row, found.rows) == (1, 2)
