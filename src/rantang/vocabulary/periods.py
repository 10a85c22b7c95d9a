"""Periods of lists and editions: months written ``YYYY-MM``."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Final

_PERIOD: Final = re.compile(r"(?P<year>(?:19|20)[0-9]{2})-(?P<month>0[1-9]|1[0-2])")


def is_period(text: str) -> bool:
    """Say whether a text is a month written ``YYYY-MM``, 1900 to 2099."""
    return _PERIOD.fullmatch(text) is not None


def last_day(period: str) -> dt.date:
    """Return the last day of a period: ages and deadlines are taken then.

    Raises
    ------
    ValueError
        The text is no period.
    """
    year, month = _parts(period)
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def month_number(period: str) -> int:
    """Return a period as a number that runs on over years.

    Raises
    ------
    ValueError
        The text is no period.
    """
    year, month = _parts(period)
    return year * 12 + month - 1


def month_name(number: int) -> str:
    """Return the period of a `month_number`."""
    return f"{number // 12:04d}-{number % 12 + 1:02d}"


def shifted(period: str, months: int) -> str:
    """Return the period `months` later (earlier where negative)."""
    return month_name(month_number(period) + months)


def _parts(period: str) -> tuple[int, int]:
    found = _PERIOD.fullmatch(period)
    if found is None:
        raise ValueError(f"a period is written YYYY-MM, not {period!r}")
    return int(found["year"]), int(found["month"])
