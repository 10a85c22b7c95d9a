"""What reading makes of a file: sheets of text with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

LONG_NUMBER: Final = r"^-?\d{15,17}(\.0+)?$|^\d[.,]\d+[eE]\+?1[4-6]$"
# Ctrl-Z ends a text file of DOS programs.
_BLANKS: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u2007\u202f\ufeff\u3000\u0000\u001a"
_UNSEEN: Final = r"\p{Cf}"  # zero-width characters, marks of writing direction, soft hyphens
_WIDE_BLANKS: Final = r"[\x{a0}\x{2000}-\x{200a}\x{202f}\x{205f}\x{3000}]"
_ZEROS: Final = "\uff10\u0660\u06f0"  # full-width, Arabic and Persian digits
_DIGITS: Final = {chr(ord(zero) + digit): str(digit) for zero in _ZEROS for digit in range(10)}


@dataclass
class RawSheet:
    """One sheet as it stands in the file.

    Attributes
    ----------
    frame
        Columns `c0`, `c1`, … (the number is the place in the sheet), every cell text without outer
        blanks, null where empty. Row *i* of the frame is row `first_row + i` of the spreadsheet.
    numeric
        For columns with numbers of 15 or more digits: which cells were numbers, not text.
    errors
        Cells that hold an error value (`#N/A`): (row of the spreadsheet, column).
    merged_rows
        For each cell that got its value from the merged cell above: its row of the spreadsheet.
    overflow
        Rows of a text file (index in `frame`) with more cells than the widest usual row.
    delimited
        Cells were cut at a delimiter, which may also stand within one.
    """

    name: str
    frame: pl.DataFrame
    first_row: int = 1
    hidden: bool = False
    date_1904: bool = False
    numeric: dict[str, pl.Series] = field(default_factory=dict)
    errors: list[tuple[int, str]] = field(default_factory=list)
    merged_rows: list[int] = field(default_factory=list)
    overflow: pl.Series | None = None
    delimited: bool = False
    findings: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class ReadFile:
    """A file that was read, or a file that could not be: then `sheets` is empty and a finding says why."""

    name: str
    sha256: str
    size: int
    format: str = ""
    sheets: list[RawSheet] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    facts: Mapping[str, str] = field(default_factory=dict)

    @property
    def readable(self) -> bool:
        """Whether any cell could be read."""
        return any(sheet.frame.height for sheet in self.sheets)


def tidy(frame: pl.DataFrame) -> pl.DataFrame:
    """Strip outer blanks of every cell and make empty ones null; drop empty rows at the end.

    What nobody sees is taken out of cells, too, blanks that do not break a line become blanks, and digits of
    other scripts our digits: copied from a page or a chat, a NIK would else be wrong and look right.
    """
    if not frame.width:
        return frame
    frame = frame.with_columns(_plain(column) for column in frame if _is_beyond_ascii(column))
    stripped = pl.all().str.strip_chars(_BLANKS)
    frame = frame.select(pl.when(stripped.str.len_bytes() > 0).then(stripped))
    if frame.height and all(value is None for value in frame.row(-1)):
        filled = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        last = filled.arg_true().max()
        return frame.head(0 if last is None else int(last) + 1)
    return frame


def _is_beyond_ascii(column: pl.Series) -> bool:
    return bool(column.str.len_bytes().sum() != column.str.len_chars().sum())


def _plain(column: pl.Series) -> pl.Series:
    seen = column.str.replace_all(_UNSEEN, "").str.replace_all(_WIDE_BLANKS, " ")
    return seen.str.replace_many(_DIGITS)
