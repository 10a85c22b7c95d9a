"""The record of aid, month by month: "must always be helped" needs an alarm when it breaks.

Only support to live on counts (`main` programmes). A month for which a programme handed in no list
is not known: what held before goes on holding (`KnownLists`), so a list that comes late is not a
lapse. The window is the twelve months up to the edition's period.
"""

from __future__ import annotations

import functools
import operator
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.synergy.programmes import KnownLists
from rantang.tables.keep import Keep
from rantang.vocabulary.periods import month_name, month_number

WINDOW: Final = 12
RECENT: Final = 6


def lapses(given: ir.Table, lists: KnownLists, keep: Keep) -> ir.Table:
    """Return each family's record: `family_id, months_aided, months_seen, lapse`.

    `lapse` is the first month without aid after a month with; `months_aided` counts the last six.
    """
    now = month_number(lists.period)
    months = range(now - WINDOW + 1, now + 1)
    known = _known(lists)
    g = given.filter(given.main.fill_null(False) & given.family_id.notnull() & (given.until >= months[0]))
    flags = {_on(m): ((g.month <= m) & (g.until >= m)).any() for m in months}
    t = keep(g.group_by("family_id").agg(**flags), "months_of_aid")
    aided = {m: t[_on(m)] for m in months}
    breaks = [
        (_any([aided[earlier] for earlier in months if earlier < m]) & ~aided[m], month_name(m))
        for m in months[1:]
        if m in known
    ]
    recent = [aided[m].cast("int64") for m in months[-RECENT:]]
    seen = [aided[m].cast("int64") for m in months]
    return t.select(
        "family_id",
        months_aided=functools.reduce(operator.add, recent),
        months_seen=functools.reduce(operator.add, seen),
        lapse=ibis.cases(*breaks) if breaks else ibis.null("string"),
    )


def months_known(lists: KnownLists) -> int:
    """Return how many of the last twelve months some list of main support speaks for."""
    now = month_number(lists.period)
    return len([m for m in _known(lists) if now - WINDOW < m <= now])


def _known(lists: KnownLists) -> frozenset[int]:
    return frozenset(
        m
        for code, periods in lists.periods.items()
        if code in lists.programmes and lists.programmes[code].main
        for number in range(len(periods))
        for m in range(month_number(periods[number]), lists.until(code, number) + 1)
    )


def _on(month: int) -> str:
    return f"m_{month}"


def _any(flags: list[ir.BooleanValue]) -> ir.BooleanValue:
    return functools.reduce(operator.or_, flags)
