"""Builders of files as they come in life, odd and hostile ones among them. Every NIK is synthetic."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from typing import Any

import xlsxwriter

from rantang.intake.harvest import Harvest, harvest
from rantang.intake.read import read_bytes
from rantang.intake.sheets import ReadFile

NIK = "3573010101809001"
NIK_2 = "3573024511789002"
KK = "3573010101109003"

Rows = Sequence[Sequence[Any]]
LIST: Rows = [
    ["NIK", "NAMA", "ALAMAT"],
    [NIK, "SITI AMINAH", "JL. MAWAR 7"],
    [NIK_2, "MOCH. SALEH", "JL. MELATI 2"],
]


def codes(found: Harvest | ReadFile) -> list[str]:
    """Codes of findings, in order."""
    return [finding["code"] for finding in found.findings]


def taken(data: bytes, name: str = "daftar.xlsx", kind: str | None = None) -> Harvest:
    """Read and take the rows out."""
    return harvest(read_bytes(data, name), kind)


def column(found: Harvest, name: str) -> list[Any]:
    """Cells of one field."""
    return found.raw[f"f_{name}"].to_list()


def xlsx(*sheets: tuple[str, Rows], options: dict[str, Any] | None = None, hide: Sequence[str] = ()) -> bytes:
    """A workbook; numbers stay numbers, a text beginning with = becomes a formula of value 7."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(
        buffer, {"strings_to_urls": False, "strings_to_formulas": False, **(options or {})}
    )
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for name, rows in sheets:
        page = book.add_worksheet(name)
        for at, row in enumerate(rows):
            for place, cell in enumerate(row):
                _write(page, at, place, cell, day)
        if name in hide:
            page.hide()
    book.close()
    return buffer.getvalue()


def _write(page: Any, at: int, place: int, cell: Any, day: Any) -> None:
    if cell is None:
        return
    if hasattr(cell, "year"):
        page.write_datetime(at, place, cell, day)
    elif isinstance(cell, str) and cell.startswith("=#"):
        page.write_formula(at, place, "=1/0", None, cell[1:])
    elif isinstance(cell, str) and cell.startswith("="):
        page.write_formula(at, place, cell, None, 7)
    elif isinstance(cell, str):
        page.write_string(at, place, cell)
    else:
        page.write_number(at, place, cell)


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """A zip file with one part changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            target.writestr(entry.filename, content.replace(old, new) if entry.filename == part else content)
    return out.getvalue()


def sheet_xml(cells: str, dimension: str = "") -> bytes:
    """A minimal workbook around the rows of one sheet, written by hand."""
    out = io.BytesIO()
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr(
            "[Content_Types].xml",
            f'{head}<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType='
            '"application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType='
            '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        )
        target.writestr(
            "_rels/.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        target.writestr(
            "xl/workbook.xml",
            f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        target.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{head}<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
            f'Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>',
        )
        size = f'<dimension ref="{dimension}"/>' if dimension else ""
        target.writestr(
            "xl/worksheets/sheet1.xml",
            f'{head}<worksheet xmlns="{main}">{size}<sheetData>{cells}</sheetData></worksheet>',
        )
    return out.getvalue()


def inline(rows: Rows, first: int = 1) -> str:
    """Rows of a sheet with text within the cells."""
    return "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c r="{chr(65 + place)}{at}" t="inlineStr"><is><t>{cell}</t></is></c>'
            for place, cell in enumerate(row)
        )
        + "</row>"
        for at, row in enumerate(rows, first)
    )


def bomb(size: int) -> bytes:
    """A workbook whose sheet unpacks to `size` bytes of blanks."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(sheet_xml(inline(LIST)))) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in source.infolist():
            if not entry.filename.startswith("xl/worksheets"):
                target.writestr(entry.filename, source.read(entry))
        with target.open("xl/worksheets/sheet1.xml", "w") as stream:
            for _ in range(size // 2**20):
                stream.write(b" " * 2**20)
    return out.getvalue()


def lying(data: bytes, part: str, claimed: int) -> bytes:
    """A zip whose directory claims another unpacked size for a part."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as source:
        real = source.getinfo(part).file_size
    for signature, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = -1
        while (at := changed.find(signature, at + 1)) >= 0:
            if struct.unpack_from("<I", changed, at + offset)[0] == real:
                struct.pack_into("<I", changed, at + offset, claimed)
    return bytes(changed)


def csv(rows: Rows, delimiter: str = ",", encoding: str = "utf-8", end: str = "\r\n") -> bytes:
    """A text file, nothing quoted."""
    return end.join(delimiter.join("" if cell is None else str(cell) for cell in row) for row in rows).encode(
        encoding
    )
