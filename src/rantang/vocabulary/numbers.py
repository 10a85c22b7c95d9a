"""How numbers, shares, money and times are written for people, in the language in use.

Indonesian follows Pedoman Umum Ejaan Bahasa Indonesia (a point between thousands, a comma before
decimals): 1.234.567,8; 6,62 %; Rp 2,5 miliar; 25 November 2022. English: 1,234,567.8; 6.62%.
No figure carries more digits than it is given. A negative one has a true minus before everything else,
−Rp 1,8 miliar; nothing is never written as minus nothing.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal

from rantang.texts import _, language, mark

NBSP: Final = "\u00a0"
MINUS: Final = "\u2212"
_SCALES: Final = (
    (1_000_000_000_000, mark("Rp {number} trillion")),
    (1_000_000_000, mark("Rp {number} billion")),
    (1_000_000, mark("Rp {number} million")),
    (1_000, mark("Rp {number} thousand")),
)


def whole(value: int | float) -> str:
    """Write a whole number: ``1.234.567``."""
    return _signed(format_decimal(round(value), format="#,##0", locale=language()))


def decimal(value: float, digits: int = 1) -> str:
    """Write a number with exactly `digits` decimals: ``6,62``."""
    return _signed(
        format_decimal(value, format="#,##0." + "0" * digits if digits else "#,##0", locale=language())
    )


def _signed(written: str) -> str:
    """Put a true minus where the locale puts a hyphen, and none before nothing."""
    digits = written.removeprefix("-")
    if digits == written or not re.search("[1-9]", digits):
        return digits
    return MINUS + digits


def percent(value: float, digits: int = 1) -> str:
    """Write a value that is already in per cent: ``6,62 %`` (English ``6.62%``)."""
    return decimal(value, digits) + ("%" if language() == "en" else f"{NBSP}%")


def chance(p: float) -> str:
    """Write a probability in whole per cent; never 0 or 100 where it is not certain: ``< 1 %``."""
    if p in (0.0, 1.0):
        return percent(100 * p, 0)
    if p < 0.01:
        return f"<{NBSP}{percent(1, 0)}"
    if p > 0.99:
        return f">{NBSP}{percent(99, 0)}"
    return percent(100 * p, 0)


def share(part: float, whole_: float, digits: int = 0) -> str:
    """Write `part` of `whole_` in per cent; a dash where there is no whole."""
    return percent(100 * part / whole_, digits) if whole_ else "–"


def rupiah(value: int | float) -> str:
    """Write rupiah in full, where money is paid: ``Rp 14.600.000``."""
    amount = f"Rp{NBSP}{whole(abs(value))}"
    return MINUS + amount if round(value) < 0 else amount


def rupiah_short(value: int | float) -> str:
    """Write rupiah with two or three telling digits: ``Rp 2,5 miliar``, ``Rp 316 juta``."""
    if value < 0 and round(value):
        return MINUS + rupiah_short(-value)
    for scale, text in _SCALES:
        if value >= scale:
            scaled = value / scale
            number = decimal(scaled, 1 if scaled < 100 and round(scaled, 1) % 1 else 0)
            return _(text, number=number).replace(" ", NBSP)
    return rupiah(value)


def month(period: str) -> str:
    """Write a period ``YYYY-MM`` as ``November 2022``; another text stays as it is."""
    try:
        first = dt.date(int(period[:4]), int(period[5:7]), 1)
    except ValueError:
        return period
    return str(format_date(first, "LLLL y", locale=language()))


def day(date: dt.date) -> str:
    """Write a date as ``25 November 2022``."""
    return str(format_date(date, "d MMMM y", locale=language()))


def minutes(seconds: float) -> str:
    """Write how long something took: ``48 detik``, ``1 menit 24 detik``."""
    total = round(seconds)
    if total < 60:
        return _("{seconds} seconds", seconds=whole(total))
    if total % 60 == 0:
        return _("{minutes} minutes", minutes=whole(total // 60))
    return _("{minutes} min {seconds} s", minutes=whole(total // 60), seconds=total % 60)
