"""Several lists on one sheet: beside each other to save paper, or below each other with other headings."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import polars as pl

from rantang.contracts import fold, fold_short
from rantang.intake.headers import HeaderMatch, aliases
from rantang.intake.sheets import LONG_NUMBER, RawSheet

_LEAST: Final = 3  # headings that a second list must have
_LONGEST: Final = 40  # letters of a heading
_LOOKED_AT: Final = 2000  # rows without a number of a person that may be headings


def apart(sheet: RawSheet, made: HeaderMatch) -> list[RawSheet]:
    """Return the lists of a sheet as sheets of their own, which keep its name and its row numbers.

    Beside the first list: one whose headings, from the first to the last, are those of the first, in order
    (`NO, NIK, NAMA, NO, NIK, NAMA`; NIK and name of a mother are not). Below it: from a row on that has at
    least three headings of this kind of list, NIK or name among them, in other columns than the first.
    """
    beside = _beside(sheet, made)
    if beside is not None:
        return beside
    at = _below(sheet, made)
    return [sheet] if at is None else [_rows(sheet, 0, at), _rows(sheet, at, sheet.frame.height)]


def _beside(sheet: RawSheet, made: HeaderMatch) -> list[RawSheet] | None:
    columns = [column for column in sheet.frame.columns if column in made.headers]
    labels = [fold(made.headers[column]) for column in columns]
    again = [at for at, label in enumerate(labels) if at and label == labels[0]]
    size = again[0] if again else 0
    people = {made.columns.get("nik"), made.columns.get("name")} & set(columns[:size])
    if size < _LEAST or not people or len(labels) % size or labels != labels[:size] * (len(labels) // size):
        return None
    starts = [sheet.frame.columns.index(columns[at]) for at in range(0, len(columns), size)]
    ends = [*starts[1:], sheet.frame.width]
    parts = zip([0, *starts[1:]], ends, strict=True)
    return [replace(sheet, frame=sheet.frame[:, start:end], findings=[]) for start, end in parts]


def _below(sheet: RawSheet, made: HeaderMatch) -> int | None:
    """Return the first row (in the frame) that has headings, most of them in other columns."""
    rows = sheet.frame.with_row_index("_at").slice(made.header_row - sheet.first_row + 1)
    if (nik := made.columns.get("nik")) is not None:
        rows = rows.filter(~pl.col(nik).str.contains(LONG_NUMBER).fill_null(value=False))
    known = aliases(made.contract.kind)
    for at, *cells in rows.head(_LOOKED_AT).iter_rows():
        named = {
            column: found[0]
            for column, cell in zip(sheet.frame.columns, cells, strict=True)
            if cell
            and len(cell) <= _LONGEST
            and (found := known.get(fold(cell)) or known.get(fold_short(cell)))
        }
        fields = set(named.values())
        same = sum(made.columns.get(name) == column for column, name in named.items())
        if len(fields) >= _LEAST and {"nik", "name"} & fields and same < len(named) / 2:
            return int(at)
    return None


def _rows(sheet: RawSheet, start: int, end: int) -> RawSheet:
    """Cut rows out of a sheet; what was found about the sheet stays with the first of them."""
    overflow = sheet.overflow
    if overflow is not None:
        inside = overflow.filter((overflow >= start) & (overflow < end))
        overflow = inside - start if len(inside) else None
    return replace(
        sheet,
        frame=sheet.frame.slice(start, end - start),
        first_row=sheet.first_row + start,
        numeric={column: mask.slice(start, end - start) for column, mask in sheet.numeric.items()},
        overflow=overflow,
        merged_rows=[row for row in sheet.merged_rows if start < row - sheet.first_row + 1 <= end],
        findings=[],
    )
