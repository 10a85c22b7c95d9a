"""Spreadsheets (xlsx, xls, xlsb, ods) as text, through calamine; what it cannot say is found in the XML."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import replace
from typing import Any, Final

import fastexcel
import polars as pl

from rantang.intake.findings import found
from rantang.intake.guards import (
    MAX_SHEET_ROWS,
    Merge,
    Package,
    RefusedError,
    SheetFacts,
    column_number,
    whole,
)
from rantang.intake.merges import merges
from rantang.intake.sheets import LONG_NUMBER, RawSheet, tidy

MAX_CELLS: Final = 40_000_000  # calamine keeps a sheet dense, 32 bytes a cell: 1.3 GB
_CELL: Final = re.compile(rb'<(?:x:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*?(?:/>|>(.*?)</(?:x:)?c>)', re.DOTALL)
_GAP_ROWS, _GAP_COLUMNS = 20_000, 200  # an empty stretch this long: what follows is a stray cell


def read_workbook(data: bytes, package: Package) -> list[RawSheet]:
    """Read every sheet of a workbook; hidden ones are marked.

    Raises
    ------
    RefusedError
        A password, a damaged file, or a size that no list has.
    """
    data, strays = _without_strays(data, package)
    try:
        return _read_all(fastexcel.read_excel(data), package, strays, merges(data, package))
    except fastexcel.FastExcelError as error:
        raise _refusal(error) from error
    except BaseException as error:
        # A panic of the reader (Rust) is no Exception; it has no importable name either.
        if type(error).__name__ != "PanicException":
            raise
        raise RefusedError("BERKAS-RUSAK", why="isi") from error


def _read_all(
    book: fastexcel.ExcelReader,
    package: Package,
    strays: dict[str, list[dict[str, Any]]],
    merged: dict[str, list[Merge]],
) -> list[RawSheet]:
    sheets = []
    for name in book.sheet_names:
        facts = package.sheets.get(package.names.get(name, ""), SheetFacts())
        if package.format == "ods":
            facts = package.sheets.get("content.xml", facts)
        if name in merged:
            facts = replace(facts, merges=merged[name])
        sheet = _read_sheet(book, name, facts, package)
        sheet.findings += strays.get(name, [])
        sheets.append(sheet)
    return sheets


def _refusal(error: Exception) -> RefusedError:
    text = str(error).lower()
    if "password" in text or "encrypt" in text:
        return RefusedError("BERKAS-SANDI")
    if claim := re.search(r"cell limit exceeded \((\d+) cells requested", text):
        return RefusedError("BERKAS-BARIS", rows=f"{int(claim[1]) // 16_384}", limit=str(MAX_SHEET_ROWS))
    return RefusedError("BERKAS-RUSAK", why="isi")


def _read_sheet(book: fastexcel.ExcelReader, name: str, facts: SheetFacts, package: Package) -> RawSheet:
    try:
        loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        wide, errors = _frame(loaded, with_errors=bool(facts.errors) or package.format != "xlsx")
        hidden = loaded.visible != "visible"
    except fastexcel.FastExcelError:
        # A sheet of charts or macros has no cells; other sheets are read.
        return RawSheet(name, pl.DataFrame(), findings=[found("LEMBAR-RUSAK", sheet=name)])
    # Midnight is how calamine writes a day that has no time.
    wide = wide.with_columns(pl.all().str.strip_suffix(" 00:00:00"))
    sheet = RawSheet(name, tidy(wide), hidden=hidden, date_1904=package.date_1904)
    if sheet.frame.height and not hidden:
        if facts.long_numbers or package.format in {"xls", "xlsb"}:
            sheet.numeric = _numeric(book, name, wide)
        _fill_merges(sheet, facts)
        _tell(sheet, facts, errors, package)
    return sheet


def _frame(loaded: fastexcel.ExcelSheet, *, with_errors: bool) -> tuple[pl.DataFrame, list[tuple[int, int]]]:
    """Return the cells with columns named by their place in the sheet, and where errors stand."""
    errors: list[tuple[int, int]] = []
    if with_errors:
        batch, wrong = loaded.to_arrow_with_errors()
        frame: pl.DataFrame = pl.from_arrow(batch)
        if wrong is not None:
            errors = [each.position for each in wrong.errors if "Error" in each.detail]
    else:
        frame = loaded.to_polars()
    names = [f"c{column.absolute_index}" for column in loaded.available_columns()]
    if len(names) != frame.width:
        names = [f"c{index}" for index in range(frame.width)]
    frame.columns = names
    return frame, errors


def _numeric(book: fastexcel.ExcelReader, name: str, wide: pl.DataFrame) -> dict[str, pl.Series]:
    """Return, for columns with numbers of 15 or more digits, which cells were numbers.

    Read as text a number and its text are the same; read as yes-or-no a text becomes nothing and a
    number becomes yes.
    """
    long = [
        column
        for column in wide.columns
        if wide[column].str.contains(LONG_NUMBER).any()  # no early exit: NIK may come late
    ]
    if not long:
        return {}
    keep = {int(column[1:]) for column in long}
    again = book.load_sheet(
        name,
        header_row=None,
        skip_rows=0,
        dtypes="boolean",
        use_columns=lambda column: column.absolute_index in keep,
    )
    masks: pl.DataFrame = again.to_polars()
    if masks.width != len(long):
        return {}
    return {
        column: (masks.to_series(at) & wide[column].str.contains(LONG_NUMBER)).fill_null(value=False)
        for at, column in enumerate(long)
    }  # fmt: skip


def _fill_merges(sheet: RawSheet, facts: SheetFacts) -> None:
    """Write the value of a cell merged over several rows into each of them (a KK over its members).

    Cells are merged beyond the last filled row, too: the sheet does not grow by that.
    """
    down: dict[str, dict[int, int]] = {}
    height, columns = sheet.frame.height, set(sheet.frame.columns)
    for first, top, _, bottom in facts.merges:
        column = f"c{first}"
        if bottom > top and bottom - top < 1000 and column in columns and top < height:
            down.setdefault(column, {}).update(dict.fromkeys(range(top + 1, min(bottom + 1, height)), top))
    if not down:
        return
    for column, rows in down.items():
        values = sheet.frame[column].to_list()
        for row, source in rows.items():
            if values[row] is None:
                values[row] = values[source]
        sheet.frame = sheet.frame.with_columns(pl.Series(column, values, dtype=pl.String))
    sheet.merged_rows = [row + sheet.first_row for rows in down.values() for row in rows]


def _tell(sheet: RawSheet, facts: SheetFacts, errors: list[tuple[int, int]], package: Package) -> None:
    name = sheet.name
    if facts.formulas and package.format == "xlsx":
        sheet.findings.append(found("SEL-RUMUS", sheet=name, count=facts.formulas))
        if facts.formulas_without_value:
            sheet.findings.append(found("SEL-RUMUS-KOSONG", sheet=name, count=facts.formulas_without_value))
    elif facts.formulas:
        sheet.findings.append(found("SEL-RUMUS", sheet="", count=facts.formulas))
    columns = sheet.frame.columns
    for row, column in errors:
        place = columns[column] if column < len(columns) else ""
        sheet.errors.append((row + 1, place))
    if sheet.date_1904:
        sheet.findings.append(found("BERKAS-1904", sheet=name))


def _without_strays(data: bytes, package: Package) -> tuple[bytes, dict[str, list[dict[str, Any]]]]:
    """Take far-off single cells out of an xlsx: with them calamine would ask for gigabytes and abort."""
    suspicious = {
        part: facts
        for part, facts in package.sheets.items()
        if package.format == "xlsx" and min(facts.rows, MAX_SHEET_ROWS) * max(facts.wide, 100) > MAX_CELLS
    }
    if not suspicious:
        return data, {}
    told: dict[str, list[dict[str, Any]]] = {}
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for entry in old.infolist():
            part = entry.filename.replace("\\", "/").lstrip("/").lower()
            content = whole(old, entry)
            if part in suspicious:
                content, dropped = _drop_strays(content)
                name = next((name for name, at in package.names.items() if at == part), "")
                if dropped:
                    told[name] = [found("SEL-JAUH", sheet=name, count=dropped)]
            new.writestr(entry.filename, content)
    return out.getvalue(), told


def _drop_strays(xml: bytes) -> tuple[bytes, int]:
    """Remove cells that stand behind a long empty stretch, and every cell without content.

    Raises
    ------
    RefusedError
        What remains is still larger than a list can be.
    """
    rows: set[int] = set()
    columns: set[int] = set()
    for match in _CELL.finditer(xml):
        if match[3]:
            rows.add(int(match[2]))
            columns.add(column_number(match[1]))
    last_row, last_column = _before_gap(rows, _GAP_ROWS), _before_gap(columns, _GAP_COLUMNS)
    if last_row * last_column > MAX_CELLS:
        raise RefusedError("BERKAS-BARIS", rows=f"{last_row} × {last_column}", limit=f"{MAX_CELLS}")
    dropped = 0

    def keep(match: re.Match[bytes]) -> bytes:
        nonlocal dropped
        inside = int(match[2]) <= last_row and column_number(match[1]) <= last_column
        if inside and match[3]:
            return match[0]
        dropped += bool(match[3])
        return b""

    xml = _CELL.sub(keep, xml)
    return re.sub(rb"<(?:x:)?dimension [^>]*/>", b"", xml, count=1), dropped


def _before_gap(places: set[int], gap: int) -> int:
    last = 0
    for place in sorted(places):
        if place - last > gap:
            break
        last = place
    return last
