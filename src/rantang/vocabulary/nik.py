"""NIK: sixteen digits that carry region, birth date and sex, and what goes wrong with them.

Digits 1-6 are the region of *first* registration, 7-8 the day of birth (+40 for women), 9-10 the
month, 11-12 the year, 13-16 a serial from 0001 (dukcapil.klaten.go.id; Permendagri 73/2022 for the
card). A NIK is for life and is *not* changed when a birth date or sex is corrected or the person
moves, so a NIK that differs from date, sex or address speaks softly, never as a rejection. There is
no check digit: a wrong digit passes these rules in 63 of 100 cases.
"""

from __future__ import annotations

import csv
import datetime as dt
from functools import cache
from importlib import resources
from typing import Final

import ibis
import ibis.expr.types as ir

LENGTH: Final = 16
WOMAN: Final = 40
OLDEST: Final = 105

STATES: Final = (
    "sah", "hilang", "panjang", "tanggal", "serial", "tiruan", "wilayah", "digit-hilang", "sama-kk",
)  # fmt: skip
USABLE: Final = ("sah", "wilayah")

# Texts that stand for "no number" without being one of the words for it (U: seen in public templates).
_RUNS: Final = tuple(str(digit) * LENGTH for digit in range(10))
_COUNTING: Final = ("1234567890123456", "0123456789012345", "1234567891234567", "1234567812345678",
                    "9876543210987654", "0987654321098765", "6543210987654321")  # fmt: skip
_LETTERS: Final = ("OQILl|", "001111")


@cache
def regions() -> dict[str, tuple[int, int]]:
    """Return province code to highest kabupaten and kota number (source in ``regions.csv``)."""
    text = (resources.files(__package__) / "regions.csv").read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return {row["province"]: (int(row["kabupaten"]), int(row["kota"])) for row in csv.DictReader(lines)}


def digits(written: ir.StringValue) -> ir.StringValue:
    """Return the digits of a number as written, null where none is meant.

    Takes off blanks, dots, apostrophes and Excel's marks (``="…"``), mends the letters O, I and l
    where a number is plainly meant (at least eight digits), and reads ``3,57301E+15`` as the digits
    that are left (``357301``). Zero alone means *missing* (OpenSID issues 1817, 3417): lists write
    0, -, "tidak ada" or "sementara" where there is no NIK.
    """
    text = written.cast("string")
    clean = text.re_search(r"^[0-9]{16}$")
    shown = text.upper().re_replace(r"[^0-9A-Z|,.+]", "")
    exponent = shown.re_search(r"^[0-9][.,][0-9]+E\+?[0-9]+$")
    mantissa = shown.re_extract(r"^([0-9][.,][0-9]+)E", 1).re_replace(r"[^0-9]", "")
    bare = text.re_replace(r"(NIK|Nik|nik|NKK|KTP|KK|No|NO)|[^0-9A-Za-z|]", "").translate(*_LETTERS)
    plain = text.re_replace(r"[^0-9]", "")
    meant = plain.length() >= 8
    mended = meant.ifelse(bare.re_replace(r"[^0-9]", ""), plain)
    # "3573…0.0" is a number that a program wrote as text: the zero after the point is no digit.
    decimal = text.strip().re_search(r"^[0-9]{15,16}[.,]0+$")
    whole = text.strip().re_extract(r"^([0-9]{15,16})[.,]0+$", 1)
    found = ibis.cases((clean, text), (exponent, mantissa), (decimal, whole), else_=mended)
    return found.re_search(r"^0{0,9}$").ifelse(ibis.null("string"), found)


def lost_digits(written: ir.StringValue, found: ir.StringValue, numeric: ir.BooleanValue) -> ir.BooleanValue:
    """Say whether a spreadsheet has eaten digits.

    Excel keeps 15 significant digits: a NIK typed into a numeric cell ends in 0. A NIK that a
    *program* wrote as a number is exact below 2^53 (9007…), so only a last digit of 0 tells.
    """
    exponent = written.cast("string").upper().re_search(r"[0-9]\s*E\s*\+?\s*[0-9]+\s*$")
    exact = found.right(1) != "0"
    above = found.substr(0, 2) >= "90"
    return (exponent & (found.length() < LENGTH)) | (
        numeric.fill_null(False) & (found.length() == LENGTH) & (~exact | above)
    )


def is_placeholder(found: ir.StringValue) -> ir.BooleanValue:
    """Say whether the digits only fill the cell: one digit repeated, counting up, region and then one digit."""
    tail = found.substr(6, 10)
    same = tail.isin([str(digit) * 10 for digit in range(10)])
    return found.isin([*_RUNS, *_COUNTING]) | (same & (found.length() == LENGTH))


def part(found: ir.StringValue, start: int, length: int) -> ir.IntegerValue:
    """Return digits of a number as an integer, 0 where it has not sixteen."""
    whole = found.re_search(r"^[0-9]{16}$")
    return whole.ifelse(found, "0" * LENGTH).substr(start, length).cast("int64")


def is_calendar_day(day: ir.IntegerValue, month: ir.IntegerValue, year: ir.IntegerValue) -> ir.BooleanValue:
    """Say whether day, month and two-digit year can be a date in 1900-2099 (00 is held to be 2000)."""
    leap = (year % 4 == 0).ifelse(29, 28)
    last = ibis.cases((month == 2, leap), (month.isin([4, 6, 9, 11]), 30), else_=31)
    return (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)


def birth_day(found: ir.StringValue) -> ir.IntegerValue:
    """Return the day of birth in a NIK, women's 40 taken off."""
    day = part(found, 6, 2)
    return (day > WOMAN).ifelse(day - WOMAN, day)


def holds_date(found: ir.StringValue) -> ir.BooleanValue:
    """Say whether digits 7-12 are a calendar date, +40 on the day allowed."""
    return is_calendar_day(birth_day(found), part(found, 8, 2), part(found, 10, 2))


def birth_date(
    found: ir.StringValue, period_end: dt.date, listed: ir.DateValue | None = None
) -> ir.DateValue:
    """Return the birth date in a NIK, null where digits 7-12 are no date.

    The century makes the person 0 to 105 years old at `period_end`; where both centuries do (a child
    or a person over 99), the list's own date decides, else the younger.
    """
    valid = holds_date(found)
    day, month, short = birth_day(found), part(found, 8, 2), part(found, 10, 2)
    day, month = valid.ifelse(day, 1), valid.ifelse(month, 1)
    young = ibis.date(short + 2000, month, day)
    # 29-2-00 exists in 2000 and not in 1900; it is asked for only when 2000 is too late.
    never = (short == 0) & (month == 2) & (day == 29)
    old = ibis.date(short + 1900, month, never.ifelse(28, day))
    end = ibis.literal(period_end)
    too_young = young > end
    if listed is not None:
        aged = period_end.year - (short + 1900) <= OLDEST
        too_young = too_young | ((listed == old) & aged).fill_null(False)
    return valid.ifelse(too_young.ifelse(old, young), ibis.null("date"))


def sex(found: ir.StringValue) -> ir.StringValue:
    """Return ``P`` where the day of birth carries the women's 40, else ``L``; null where there is no date."""
    woman = part(found, 6, 2) > WOMAN
    return holds_date(found).ifelse(woman.ifelse("P", "L"), ibis.null("string"))


def known_region(found: ir.StringValue) -> ir.BooleanValue:
    """Say whether the first six digits can be a kecamatan, now or in the past.

    Old NIK carry codes that exist no more, so an unknown region warns and never rejects.
    """
    province, district = found.substr(0, 2), part(found, 2, 2)
    highest = list(regions().items())
    kabupaten = ibis.cases(*((province == code, limit[0]) for code, limit in highest), else_=0)
    kota = ibis.cases(*((province == code, limit[1]) for code, limit in highest), else_=0)
    place = ((district >= 1) & (district <= kabupaten)) | ((district >= 71) & (district <= kota))
    return place & (part(found, 4, 2) >= 1)


def state(
    found: ir.StringValue, lost: ir.BooleanValue, family_card: ir.StringValue, card_possible: ir.BooleanValue
) -> ir.StringValue:
    """Return the state of a NIK; see `STATES`. Only ``sah`` and ``wilayah`` are usable.

    A NIK that equals the row's KK number is neither (``sama-kk``), unless a KK cannot look so (it
    knows no +40): then the KK cell holds the NIK of a woman.
    """
    return ibis.cases(
        (found.isnull(), "hilang"),
        (is_placeholder(found), "tiruan"),
        (lost, "digit-hilang"),
        (found.length() != LENGTH, "panjang"),
        (~holds_date(found), "tanggal"),
        (found.right(4) == "0000", "serial"),
        (((found == family_card) & card_possible).fill_null(False), "sama-kk"),
        (~known_region(found), "wilayah"),
        else_="sah",
    )
