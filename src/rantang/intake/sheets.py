"""What reading makes of a file: sheets of text with the row numbers that a spreadsheet shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

LONG_NUMBER: Final = r"^-?\d{15,17}(\.0+)?$|^\d[.,]\d+[eE]\+?1[4-6]$"
_BLANKS: Final = " \t\r\n\u00a0\u200b\u200c\u200d\u2007\u202f\ufeff\u3000\u0000"


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
    merged_rows: int = 0
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
    """Strip outer blanks of every cell and make empty ones null; drop empty rows at the end."""
    if not frame.width:
        return frame
    stripped = pl.all().str.strip_chars(_BLANKS)
    frame = frame.select(pl.when(stripped.str.len_bytes() > 0).then(stripped))
    if frame.height and all(value is None for value in frame.row(-1)):
        filled = frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
        last = filled.arg_true().max()
        return frame.head(0 if last is None else int(last) + 1)
    return frame
