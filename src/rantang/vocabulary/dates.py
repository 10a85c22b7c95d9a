"""Dates of birth in lists: which are possible, and which only mean "not known".

Where the day is not known, offices write 31-12, 01-07 or 01-01: such dates heap, and two persons who
share one share nothing. Heaps of a single list (the day it was typed in, 17-08 …) are found by
frequency.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

OLDEST: Final = 120
ALWAYS: Final = ((12, 31), (7, 1), (1, 1))
MULTIPLE: Final = 4.0
LEAST: Final = 20
DAYS: Final = 365.25


def possible(born: ir.DateValue, period_end: dt.date) -> ir.DateValue:
    """Return a birth date, null where it lies after `period_end` or more than 120 years before it."""
    first = dt.date(period_end.year - OLDEST, 1, 1)
    fits = (born <= ibis.literal(period_end)) & (born >= ibis.literal(first))
    return fits.fill_null(False).ifelse(born, ibis.null("date"))


def month_and_day(born: ir.DateValue) -> ir.IntegerValue:
    """Return month × 100 + day."""
    return born.month().cast("int64") * 100 + born.day().cast("int64")


def heaps(rows: ir.Table, by: tuple[str, ...]) -> ir.Table:
    """Return the month-days on which the dates of one list heap, beside those that always mean "not known".

    A day is a heap when it holds at least four times its share of a year and twenty dates (an
    assumption: births of one day of the year vary by less than a third).

    Parameters
    ----------
    rows
        Columns `by` (which list) and ``month_day``.
    """
    dated = rows.filter(rows.month_day.notnull())
    each = dated.group_by([*by, "month_day"]).agg(on_day=dated.count())
    each = each.mutate(in_list=each.on_day.sum().over(ibis.window(group_by=list(by))))
    heaped = (each.on_day >= LEAST) & (each.on_day * DAYS >= MULTIPLE * each.in_list)
    return each.filter(heaped).select(*by, "month_day")


def always_heaped(month_day: ir.IntegerValue) -> ir.BooleanValue:
    """Say whether the day is 31-12, 01-07 or 01-01."""
    return month_day.isin([month * 100 + day for month, day in ALWAYS])
