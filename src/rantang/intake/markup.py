"""Tables in HTML or in Excel's XML of 2003, which web applications hand out under the name `.xls`."""

from __future__ import annotations

import email
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import polars as pl

from rantang.intake.guards import RefusedError
from rantang.intake.sheets import RawSheet, tidy

_ROWS: Final = frozenset({"tr", "row", "ss:row"})
_CELLS: Final = frozenset({"td", "th", "cell", "ss:cell"})
_TABLES: Final = frozenset({"table", "ss:table"})
_SHEETS: Final = frozenset({"worksheet", "ss:worksheet"})
_VISIBLE: Final = frozenset({"visible", "x:visible"})  # says also `SheetHidden` and `SheetVeryHidden`
_SKIPPED: Final = frozenset({"script", "style", "title", "head", "comment", "ss:comment"})
_MAX_SPAN: Final = 200
_MAX_GAP: Final = 20_000  # rows; as far away as a stray cell
_CHARSET: Final = re.compile(rb"(?:charset|encoding)=[\"']?([\w-]+)", re.IGNORECASE)


@dataclass
class _Found:
    """A table, and the worksheet of a workbook that it fills."""

    rows: list[list[str]] = field(default_factory=list)
    sheet: str = ""
    hidden: bool = False


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[_Found] = []
        self._sheet = ""
        self._says_visible = False
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._span = 1
        self._below: dict[int, tuple[int, str]] = {}
        self._rows_span = 1
        self._skip = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _SKIPPED:
            self._skip += 1
        elif tag in _TABLES:
            self._close_row()
            self.tables.append(_Found(sheet=self._sheet))
            self._below = {}
        elif tag in _SHEETS:
            self._sheet = dict(attrs).get("ss:name") or dict(attrs).get("name") or ""
        elif tag in _VISIBLE:
            self._says_visible = True
        elif tag in _ROWS:
            self._open_row(dict(attrs))
        elif tag in _CELLS and self._row is not None:
            self._close_cell()
            self._open_cell(dict(attrs))
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _CELLS | _ROWS | _TABLES:
            self.handle_starttag(tag, attrs)
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in _SKIPPED:
            self._skip = max(self._skip - 1, 0)
        elif tag in _CELLS:
            self._close_cell()
        elif tag in _ROWS | _TABLES:
            self._close_row()
        elif tag in _VISIBLE:
            self._says_visible = False

    def handle_data(self, data: str) -> None:
        if self._says_visible and self.tables and "hidden" in data.lower():
            self.tables[-1].hidden = True
        if self._cell is not None and not self._skip:
            self._cell.append(data)

    def close(self) -> None:
        super().close()
        self._close_row()

    def _open_row(self, attrs: dict[str, str | None]) -> None:
        self._close_row()
        if not self.tables:
            self.tables.append(_Found())
        rows = self.tables[-1].rows
        empty = _number(attrs.get("ss:index"), 0, longest=7) - 1 - len(rows)  # rows left out before it
        if 0 < empty < _MAX_GAP:
            rows.extend([] for _ in range(empty))
        self._row = []

    def _open_cell(self, attrs: dict[str, str | None]) -> None:
        assert self._row is not None  # noqa: S101
        place = _number(attrs.get("ss:index"), 0)
        while len(self._row) + 1 < min(place, 16_384):
            self._row.append("")
        self._fill_spans()
        self._cell = []
        self._span = _number(attrs.get("colspan"), 1) or 1
        self._span += _number(attrs.get("ss:mergeacross"), 0)
        self._rows_span = _number(attrs.get("rowspan"), 1) + _number(attrs.get("ss:mergedown"), 0)

    def _fill_spans(self) -> None:
        assert self._row is not None  # noqa: S101
        while (above := self._below.get(len(self._row))) and above[0] > 0:
            self._below[len(self._row)] = (above[0] - 1, above[1])
            self._row.append(above[1])

    def _close_cell(self) -> None:
        if self._cell is None or self._row is None:
            return
        text = " ".join("".join(self._cell).split())
        for extra in range(min(self._span, _MAX_SPAN)):
            if self._rows_span > 1:
                self._below[len(self._row)] = (
                    min(self._rows_span, _MAX_SPAN) - 1,
                    text if extra == 0 else "",
                )
            self._row.append(text if extra == 0 else "")
        self._cell = None

    def _close_row(self) -> None:
        self._close_cell()
        if self._row is not None and self.tables:
            self._fill_spans()
            self.tables[-1].rows.append(self._row)
        self._row = None


def _number(text: str | None, default: int, longest: int = 5) -> int:
    return int(text) if text and text.isdecimal() and len(text) <= longest else default


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data[:64].lstrip().lower().startswith(b"mime-version:"):
        data = _page(data)
    charset = _CHARSET.search(data[:2048])
    try:
        return data.decode(charset[1].decode() if charset else "utf-8")
    except (UnicodeDecodeError, LookupError):
        return data.decode("cp1252", "replace")


def _page(data: bytes) -> bytes:
    """Return the page with the tables out of a web archive (MHTML), as Excel saves one."""
    parts = [part.get_payload(decode=True) for part in email.message_from_bytes(data).walk()]
    pages = [part for part in parts if isinstance(part, bytes) and b"<t" in part.lower()]
    return b"\n".join(pages) or data


def read_markup(data: bytes) -> list[RawSheet]:
    """Read the tables of a page, each as a sheet; those of a workbook have its sheets' names and row numbers.

    Raises
    ------
    RefusedError
        The page holds no table.
    """
    parser = _Tables()
    parser.feed(_text(data))
    parser.close()
    sheets = []
    for number, table in enumerate((table for table in parser.tables if table.rows), 1):
        rows = table.rows
        width = max(len(row) for row in rows)
        frame = tidy(
            pl.DataFrame(
                {
                    f"c{at}": pl.Series([row[at] if at < len(row) else None for row in rows], dtype=pl.String)
                    for at in range(width)
                }
            )
        )
        if frame.height:
            name = table.sheet or (f"Tabel {number}" if len(parser.tables) > 1 else "")
            sheets.append(RawSheet(name, frame, hidden=table.hidden))
    if not sheets:
        raise RefusedError("BERKAS-FORMAT", format="HTML/XML")
    return sheets
