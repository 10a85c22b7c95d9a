"""Read a contract's own column as truth, number or text, whichever way the contract types it."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

YES = ("1", "ya", "y", "true", "t", "ada", "v", "x", "iya")
NO = ("0", "tidak", "tdk", "t.a.", "n", "false", "f", "-", "tidak ada", "bukan")


def first_of(rows: ir.Table, *names: str) -> ir.Value:
    """Return the first of these columns that the list has, else null text."""
    for name in names:
        if name in rows.columns:
            return rows[name]
    return ibis.null("string")


def truth(rows: ir.Table, *names: str) -> ir.BooleanValue:
    """Return a yes/no column as boolean; what is neither is unknown."""
    value = first_of(rows, *names)
    if value.type().is_boolean():
        return value
    if value.type().is_numeric():
        return value != 0
    word = value.cast("string").strip().lower()
    return ibis.cases((word.isin(YES), True), (word.isin(NO), False))


def whole(rows: ir.Table, *names: str) -> ir.IntegerValue:
    """Return a column as whole number; text keeps its digits (`900 VA` is 900)."""
    value = first_of(rows, *names)
    if value.type().is_numeric():
        return value.cast("int64")
    return value.cast("string").re_extract(r"(\d{2,6})", 1).nullif("").try_cast("int64")
