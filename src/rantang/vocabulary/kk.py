"""KK: the family card's number: region and date of *issue* and a serial.

Digits 1-6 are the region of issue, 7-12 the date of issue DDMMYY (no +40), 13-16 a serial
(agibalaja.blogspot.com 2022/09; Dukcapil). It changes when a family splits or is joined, so it is a
weak key over time. Digits as written are read by `nik.digits`.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from rantang.vocabulary import nik


def holds_date(found: ir.StringValue) -> ir.BooleanValue:
    """Say whether digits 7-12 are a calendar date."""
    return nik.is_calendar_day(nik.part(found, 6, 2), nik.part(found, 8, 2), nik.part(found, 10, 2))


def is_possible(found: ir.StringValue) -> ir.BooleanValue:
    """Say whether sixteen digits could be a KK number."""
    shape = (found.length() == nik.LENGTH) & (found.right(4) != "0000")
    return (shape & holds_date(found) & ~nik.is_placeholder(found)).fill_null(False)


def state(found: ir.StringValue, lost: ir.BooleanValue, person: ir.StringValue) -> ir.StringValue:
    """Return the state of a KK number, in the words of `nik.STATES`.

    ``sama-kk``: the row's NIK is the same number. The KK stays usable then (it may well be the
    family's), the NIK does not.
    """
    return ibis.cases(
        (found.isnull(), "hilang"),
        (nik.is_placeholder(found), "tiruan"),
        (lost, "digit-hilang"),
        (found.length() != nik.LENGTH, "panjang"),
        (~holds_date(found), "tanggal"),
        (found.right(4) == "0000", "serial"),
        ((found == person).fill_null(False), "sama-kk"),
        (~nik.known_region(found), "wilayah"),
        else_="sah",
    )
