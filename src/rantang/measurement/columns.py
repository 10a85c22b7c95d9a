"""Columns of a survey file as numbers and as names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from rantang.errors import RantangError

BETWEEN = " / "


def numbers(rows: pl.DataFrame, name: str) -> pl.Series:
    """Return a column as floats; what is not finite or is blank is missing.

    Raises
    ------
    RantangError
        `UKUR-ANGKA`: a cell holds a word.
    """
    column = rows[name]
    if column.dtype == pl.String:
        text = column.str.strip_chars()
        text = text.set(text == "", None)
        found = text.cast(pl.Float64, strict=False)
        wrong = text.filter(found.is_null() & text.is_not_null())
        if len(wrong):
            raise RantangError("UKUR-ANGKA", column=name, count=len(wrong), value=wrong[0][:20])
    else:
        found = column.cast(pl.Float64, strict=False)
    return found.set(~found.is_finite(), None)


def require(rows: pl.DataFrame, names: Iterable[str]) -> None:
    """Refuse a table that lacks a column.

    Raises
    ------
    RantangError
        `UKUR-KOLOM`.
    """
    if missing := [name for name in names if name not in rows.columns]:
        raise RantangError("UKUR-KOLOM", column=", ".join(missing), columns=", ".join(rows.columns))


def labels(
    rows: pl.DataFrame, names: Sequence[str], value_labels: Mapping[str, Mapping[Any, str]] | None = None
) -> pl.Series:
    """Return columns as one name: ``3573 / 2``; missing where one of them is."""
    parts = [_text(rows[name], (value_labels or {}).get(name)) for name in names]
    if len(parts) == 1:
        return parts[0]
    table = pl.DataFrame({str(place): part for place, part in enumerate(parts)})
    return table.select(pl.concat_str(pl.all(), separator=BETWEEN)).to_series()


def _text(column: pl.Series, said: Mapping[Any, str] | None) -> pl.Series:
    """A code as text; 1.0 of a Stata or Excel file is 1."""
    if column.dtype.is_float():
        column = column.set(~column.is_finite(), None)
        whole = column.cast(pl.Int64, strict=False)
        if (whole.cast(pl.Float64) == column).all():
            column = whole
    text = column.cast(pl.String).str.strip_chars()
    text = text.set(text == "", None)
    if said:
        meant = {_code(key): label for key, label in said.items()}
        text = text.replace(meant)
    return text


def _code(value: Any) -> str:
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
