"""Containers that programs write and readers trip over: web archives, old workbooks, odd packages."""

from __future__ import annotations

import base64
import datetime as dt
import io
import struct
import zipfile

import polars as pl
import pytest
from strange import LIST, NIK, NIK_2, Rows, codes, column, inline, sheet_xml, taken, xlsx

from rantang.intake.read import read_bytes

BOTH = [NIK, NIK_2]


def page(rows: Rows) -> str:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<html><body><table>{cells}</table></body></html>"


def archive(body: str, encoding: str) -> bytes:
    head = 'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\n'
    part = f'Content-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return f"{head}{part}{body}\r\n--b--\r\n".encode()


@pytest.mark.parametrize(
    "data",
    [
        archive(base64.encodebytes(page(LIST).encode()).decode(), "base64"),
        archive(page(LIST).replace("<td>3573", "<td>=\r\n3573"), "quoted-printable"),
    ],
    ids=["base64", "quoted-printable"],
)
def test_a_web_archive_named_xls_is_read_as_its_table(data: bytes) -> None:
    assert column(taken(data, "siks.xls"), "nik") == BOTH


def test_pages_in_utf_16_are_read() -> None:
    data = f'<?xml version="1.0" encoding="UTF-16"?>{page(LIST)}'.encode("utf-16")
    assert column(taken(data, "daftar.xml"), "nik") == BOTH


def test_a_locked_old_workbook_asks_for_its_password() -> None:
    records = struct.pack("<HH16s", 0x0809, 16, bytes.fromhex("00060500") + bytes(12))
    records += struct.pack("<HH", 0x2F, 54) + bytes(54)
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + records + "Workbook".encode("utf-16-le")
    assert codes(read_bytes(ole + bytes(600), "a.xls")) == ["BERKAS-SANDI"]


def test_a_workbook_that_lost_its_texts_is_damaged_and_not_empty() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx(("A", LIST)))) as whole, zipfile.ZipFile(out, "w") as target:
        for entry in whole.infolist():
            if "sharedStrings" not in entry.filename:
                target.writestr(entry.filename, whole.read(entry))
    assert codes(read_bytes(out.getvalue(), "a.xlsx")) == ["BERKAS-RUSAK"]


def test_parts_of_a_workbook_may_lie_outside_the_usual_folder() -> None:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet_xml(inline(LIST)))) as usual,
        zipfile.ZipFile(out, "w") as target,
    ):
        for entry in usual.infolist():
            content = usual.read(entry).replace(b'Target="xl/', b'Target="').replace(b'"/xl/', b'"/')
            target.writestr(entry.filename.removeprefix("xl/"), content)
    assert column(taken(out.getvalue()), "nik") == BOTH


@pytest.mark.slow
def test_a_workbook_of_a_hundred_sheets_is_read_to_the_last() -> None:
    found = taken(xlsx(*((f"RW {number}", LIST) for number in range(100))))
    assert (found.rows, len(found.sheets)) == (200, 100)


def test_types_that_no_list_of_people_has_do_not_stop_a_parquet_file() -> None:
    out = io.BytesIO()
    pl.DataFrame(
        {
            "nik": [NIK.encode(), b"\xff\xfe"],
            "nama": pl.Series(["A", "B"], dtype=pl.Categorical),
            "lama": [dt.timedelta(days=1)] * 2,
            "anak": [["x"], []],
            "alamat": [
                {"jalan": "JL MAWAR", "rt": 1, "lain": ["A", "B"]},
                {"jalan": None, "rt": None, "lain": None},
            ],
        }
    ).write_parquet(out)
    found = taken(out.getvalue(), "a.parquet")
    assert column(found, "address") == ["JL MAWAR 1 A, B", None]
    assert column(found, "nik") == [NIK, None]
    assert column(found, "name") == ["A", "B"]


def test_fields_that_end_with_nul_are_text_all_the_same() -> None:
    lines = [",".join(f"{cell}\0" for cell in row) for row in LIST]
    assert column(taken("\n".join(lines).encode(), "a.csv"), "nik") == BOTH


def test_control_characters_make_a_file_binary() -> None:
    noise = bytes(byte for byte in range(1, 256) if byte not in b"\t\r\n") * 8
    assert codes(read_bytes(noise, "a.csv"))[0] == "BERKAS-FORMAT"


def test_a_workbook_in_xml_of_2003_keeps_names_rows_and_what_is_hidden() -> None:
    def page(name: str, start: int, more: str = "") -> str:
        lines = [
            "".join(f'<Cell><Data ss:Type="String">{cell}</Data></Cell>' for cell in row) for row in LIST
        ]
        first, *rest = lines
        rows = f'<Row ss:Index="{start}">{first}</Row>' + "".join(f"<Row>{line}</Row>" for line in rest)
        return f'<Worksheet ss:Name="{name}"><Table>{rows}</Table>{more}</Worksheet>'

    hidden = "<WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>"
    book = f'<?xml version="1.0"?><Workbook>{page("Klojen", 1)}{page("Sukun", 4)}{page("Lama", 1, hidden)}'
    found = taken(f"{book}</Workbook>".encode(), "daftar.xls")
    assert found.raw.select("sheet", "row").rows() == [
        ("Klojen", 2),
        ("Klojen", 3),
        ("Sukun", 5),
        ("Sukun", 6),
    ]
    assert "LEMBAR-TERSEMBUNYI" in codes(found)
