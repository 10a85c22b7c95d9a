"""Writing lists to disk, with the row numbers a spreadsheet shows: the truth needs them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl
import xlsxwriter

CREATED: Final = dt.datetime(2022, 11, 30, 8, 0, 0)  # noqa: DTZ001  (the same bytes for a seed)


@dataclass(frozen=True)
class Sheet:
    """One sheet as an agency lays it out.

    Attributes
    ----------
    frame
        What is written, column by column; the names are the headers.
    keys
        `person` and `family` of each row: the truth.
    titles
        Lines above the header.
    above
        A merged line of group headers: (first column, last column, text).
    numbers
        Columns whose cells are numbers.
    foot
        Cells of a totals row below the last row, by column.
    """

    name: str
    frame: pl.DataFrame
    keys: pl.DataFrame
    titles: Sequence[str] = ()
    above: Sequence[tuple[int, int, str]] = ()
    numbers: Sequence[str] = ()
    foot: dict[str, str] = field(default_factory=dict)

    @property
    def first_row(self) -> int:
        """Number of the first data row as a spreadsheet shows it."""
        return len(self.titles) + bool(self.above) + 2


@dataclass(frozen=True)
class LegalBasis:
    """What a delivery rests on, written beside it; the agreement is as synthetic as the people."""

    purpose: str
    categories: Sequence[str]

    def toml(self) -> str:
        """Return the text of the file beside the delivery."""
        names = ", ".join(f'"{name}"' for name in self.categories)
        return (
            'agreement = "SINTETIS/PKS/001/2022"\n'
            "valid_until = 2023-12-31\n"
            f'purpose = "{self.purpose} (data sintetis)"\n'
            f"categories = [{names}]\n"
            'bast = "SINTETIS/BAST/001/2022"\n'
        )


@dataclass(frozen=True)
class ListFile:
    """One file of a delivery: where it goes and its sheets."""

    path: str  # lists/AGENCY/KIND/PERIOD[-note].ext
    sheets: Sequence[Sheet]
    delimiter: str = ","
    encoding: str = "utf-8"
    instructions: Sequence[str] = ()  # text of a first sheet that holds no list
    basis: LegalBasis | None = None


def write_list(folder: Path, file: ListFile) -> pl.DataFrame:
    """Write one file and return its truth: file, sheet, row, person, family."""
    path = folder / file.path
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".xlsx":
        _write_xlsx(path, file)
    else:
        _write_text(path, file)
    if file.basis:
        path.with_suffix(".toml").write_text(file.basis.toml(), encoding="utf-8", newline="\n")
    relative = str(Path(file.path).relative_to("lists").as_posix())
    return pl.concat(
        [
            sheet.keys.select(
                file=pl.lit(relative),
                sheet=pl.lit(sheet.name if path.suffix != ".csv" else ""),
                row=pl.int_range(sheet.first_row, sheet.first_row + sheet.keys.height).cast(pl.Int64),
                person="person",
                family="family",
            )
            for sheet in file.sheets
        ]
    )


def _write_text(path: Path, file: ListFile) -> None:
    (sheet,) = file.sheets
    lines = [title + file.delimiter * (sheet.frame.width - 1) for title in sheet.titles]
    buffer = io.StringIO()
    buffer.write("".join(line + "\r\n" for line in lines))
    foot = [sheet.foot.get(name, "") for name in sheet.frame.columns]
    body = sheet.frame.write_csv(
        separator=file.delimiter, line_terminator="\r\n", date_format="%d-%m-%Y", null_value=""
    )
    buffer.write(body)
    if sheet.foot:
        buffer.write(file.delimiter.join(foot) + "\r\n")
    path.write_bytes(buffer.getvalue().encode(file.encoding, errors="replace"))


def _write_xlsx(path: Path, file: ListFile) -> None:
    book = xlsxwriter.Workbook(
        path, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    book.set_properties({"created": CREATED, "author": "", "comments": "data sintetis"})
    bold = book.add_format({"bold": True})
    date = book.add_format({"num_format": "dd/mm/yyyy"})
    if file.instructions:
        page = book.add_worksheet("PETUNJUK")
        for number, line in enumerate(file.instructions):
            page.write_string(number, 0, line)
    for sheet in file.sheets:
        _write_sheet(book.add_worksheet(sheet.name), sheet, bold, date)
    book.close()


def _write_sheet(page: Any, sheet: Sheet, bold: Any, date: Any) -> None:
    for number, title in enumerate(sheet.titles):
        page.write_string(number, 0, title, bold)
    header = sheet.first_row - 2
    if sheet.above:
        for first, last, text in sheet.above:
            page.merge_range(header - 1, first, header - 1, last, text, bold)
    for column, name in enumerate(sheet.frame.columns):
        page.write_string(header, column, name, bold)
    _write_cells(page, sheet, header + 1, date)
    for name, text in sheet.foot.items():
        page.write_string(header + 1 + sheet.frame.height, sheet.frame.columns.index(name), text, bold)


def _write_cells(page: Any, sheet: Sheet, first: int, date: Any) -> None:
    kinds = []
    for name, kind in sheet.frame.schema.items():
        number = name in sheet.numbers or kind.is_numeric()
        kinds.append("number" if number else "date" if kind == pl.Date else "text")
    text, number, day = page.write_string, page.write_number, page.write_datetime
    for offset, cells in enumerate(sheet.frame.iter_rows()):
        row = first + offset
        for column, (kind, value) in enumerate(zip(kinds, cells, strict=True)):
            if value is None or value == "":
                continue
            if kind == "text":
                text(row, column, value)
            elif kind == "number":
                _write_number(number, text, row, column, value)
            else:
                day(row, column, value, date)


def _write_number(number: Any, text: Any, row: int, column: int, value: Any) -> None:
    try:
        number(row, column, float(value))
    except ValueError:
        text(row, column, value)
