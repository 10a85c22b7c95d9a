"""Write a workbook of plain sheets: safe to open, ready to print on F4, numbers of people as text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import xlsxwriter

from rantang.documents.look import ACCENT, BAND, LINE, MUTED

Kind = Literal["text", "wrap", "number", "money", "answer", "key"]
FOLIO: Final = 14
"""Excel's paper "Folio", 8.5 × 13 inches: what Indonesia calls F4 (215 × 330 mm)."""

_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_COVER: Final = (26.0, 12.0, 56.0)
_LINE: Final = 13.5
"""Points a line of 10 pt text takes. Row heights are written, for not every program works them out."""
_MOST: Final = 32_000
_ROWS: Final = 1_048_000


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet: its head, width in characters, and how it is written.

    `answer` is left empty for the reader, with `choices` to pick from; `key` is for the machine that
    reads the answers: it stands at the right end and is not printed.
    """

    head: str
    width: float
    kind: Kind = "text"
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name, what to do with it, columns and rows."""

    name: str
    task: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Cover:
    """The first sheet: title, lines of explanation, and what the other sheets hold."""

    name: str
    title: str
    lines: tuple[str, ...]
    heads: tuple[str, str, str]
    footer: str


def safe(value: object) -> str:
    """Return a text that no spreadsheet takes for a formula; only our own quote is added.

    A first character of ``= + - @``, TAB, CR, NUL or a full-width twin gets a quote before it
    (TRUST F6, ASVS 1.2.10); characters that XML cannot hold are dropped.
    """
    text = "" if value is None else str(value)
    quoted = f"'{text}" if text.startswith(_DANGEROUS) else text
    return _NOT_XML.sub("", quoted)[:_MOST]


def write(cover: Cover, sheets: Iterable[Sheet]) -> bytes:
    """Write the workbook; every cell of text is a string cell, never a formula, link or number."""
    sheets = tuple(sheets)
    out = io.BytesIO()
    options = {
        "in_memory": True,  # else sheets lie in clear in the system's temporary folder until they are packed
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(out, options) as book:
        formats = _formats(book)
        _cover(book, cover, sheets, formats)
        for sheet in sheets:
            _sheet(book, sheet, cover.footer, formats)
    return out.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    base = {"font_name": "Arial", "font_size": 10, "valign": "top"}
    edge = {"bottom": 1, "bottom_color": LINE}
    right = {"align": "right", "indent": 1}
    return {
        "title": book.add_format({**base, "bold": True, "font_size": 16}),
        "line": book.add_format({**base, "text_wrap": True}),
        "text_task": book.add_format({**base, "font_color": MUTED}),
        "head": book.add_format({**base, "bold": True, "bottom": 2, "text_wrap": True, "bg_color": BAND}),
        "text": book.add_format({**base, **edge, "num_format": "@"}),
        "wrap": book.add_format({**base, **edge, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**base, **edge, **right, "num_format": "#,##0"}),
        "money": book.add_format({**base, **edge, **right, "num_format": '"Rp" #,##0'}),
        "answer": book.add_format({**base, "border": 1, "border_color": ACCENT, "num_format": "@"}),
        "key": book.add_format({**base, **edge, "num_format": "@", "font_color": MUTED}),
    }


def _cover(book: Any, cover: Cover, sheets: Sequence[Sheet], formats: dict[str, Any]) -> None:
    page = book.add_worksheet(cover.name[:31])
    page.hide_gridlines(2)
    page.set_paper(FOLIO)
    page.set_margins(0.6, 0.6, 0.6, 0.7)
    page.set_footer(f"&L&8{_plain(cover.footer)}&R&8&P/&N")
    page.fit_to_pages(1, 0)
    for column, width in enumerate(_COVER):
        page.set_column(column, column, width)
    page.write_string(0, 0, safe(cover.title), formats["title"])
    row = 2
    for line in cover.lines:
        page.merge_range(row, 0, row, 2, safe(line), formats["line"])
        page.set_row(row, _LINE * _lines(line, sum(_COVER)))
        row += 1
    row += 1
    for column, head in enumerate(cover.heads):
        page.write_string(row, column, head, formats["head"])
    for sheet in sheets:
        row += 1
        page.set_row(row, _LINE * _lines(sheet.task, _COVER[2]))
        page.write_string(row, 0, safe(sheet.name), formats["text"])
        page.write_number(row, 1, len(sheet.rows), formats["number"])
        page.write_string(row, 2, safe(sheet.task), formats["wrap"])


def _sheet(book: Any, sheet: Sheet, footer: str, formats: dict[str, Any]) -> None:
    page = book.add_worksheet(sheet.name[:31])
    page.set_landscape()
    page.set_paper(FOLIO)
    page.set_margins(0.4, 0.4, 0.5, 0.6)
    page.fit_to_pages(1, 0)
    page.repeat_rows(1)
    page.freeze_panes(2, 1)
    page.set_footer(f"&L&8{_plain(footer)}&C&8{_plain(sheet.name)}&R&8&P/&N")
    last = min(len(sheet.rows), _ROWS)
    printed = sum(column.kind != "key" for column in sheet.columns)
    page.print_area(0, 0, last + 1, printed - 1)
    for number, column in enumerate(sheet.columns):
        page.set_column(number, number, column.width)
        if column.choices and last:
            page.data_validation(
                2,
                number,
                last + 1,
                number,
                {"validate": "list", "source": list(column.choices), "ignore_blank": True},
            )
    page.set_row(0, 22)
    page.write_string(0, 0, safe(sheet.task), formats["text_task"])
    page.set_row(1, 30)
    for number, column in enumerate(sheet.columns):
        page.write_string(1, number, column.head, formats["head"])
    if last:
        page.autofilter(1, 0, last + 1, len(sheet.columns) - 1)
    for line, row in enumerate(sheet.rows[:_ROWS], start=2):
        page.set_row(line, _LINE * _tallest(sheet.columns, row))
        for number, (column, value) in enumerate(zip(sheet.columns, row, strict=True)):
            form = formats[column.kind]
            if value is None or value == "":
                page.write_blank(line, number, None, form)
            elif column.kind in ("number", "money"):
                page.write_number(line, number, value, form)
            else:
                page.write_string(line, number, safe(value), form)


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column: words are broken at its end, never within."""
    lines, used = 1, 0.0
    for word in text.split():
        used += len(word) + 1
        if used > 1.1 * width and used > len(word) + 1:
            lines, used = lines + 1, len(word) + 1.0
    return lines


def _tallest(columns: Sequence[Column], row: Sequence[Any]) -> int:
    """Return the lines of a row's tallest cell."""
    wrapped = [
        _lines(str(value), column.width)
        for column, value in zip(columns, row, strict=True)
        if column.kind == "wrap" and value
    ]
    return max(wrapped, default=1)


def _plain(text: str) -> str:
    return text.replace("&", "&&")
