"""KK: the family card's number: region and date of *issue* and a serial.

Digits 1-6 are the region of issue, 7-12 the date of issue DDMMYY (no +40), 13-16 a serial
(agibalaja.blogspot.com 2022/09; Dukcapil). It changes when a family splits or is joined, so it is a
weak key over time. Its digits, region and state are read by the rules of `nik`; only the date differs.
"""

from __future__ import annotations

from typing import Final

import ibis.expr.types as ir

from rantang.vocabulary import nik

USABLE: Final = (*nik.USABLE, "sama-kk")
"""A KK equal to the row's NIK may well be the family's; the NIK is not usable then."""


def holds_date(date: ir.IntegerValue) -> ir.BooleanValue:
    """Say whether digits 7-12 (`nik.written_date`) are a calendar date."""
    return nik.is_calendar_day(date // 10_000, date // 100 % 100, date % 100)
