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

EXACT_FROM: Final = 20
EXACT_ONE_IN: Final = 3
"""So many numeric NIK, of which less than one in three ends in 0, show that a program wrote them."""

# Texts that stand for "no number" without being one of the words for it (U: seen in public templates).
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
    *program* wrote as a number is exact below 2^53 (9007…), so only a last digit of 0 tells; where
    few numbers of the list end so (`exact_lists`), the caller clears `numeric`.
    """
    whole = found.length() == LENGTH
    exponent = written.cast("string").upper().re_search(r"[0-9]\s*E\s*\+?\s*[0-9]+\s*$")
    rounded = numeric.fill_null(False) & ((found.right(1) == "0") | (found.substr(0, 2) >= "90"))
    return ibis.cases((whole, rounded), else_=exponent).fill_null(False)


def exact_lists(numbers: ir.Table) -> ir.Table:
    """Return ``list_key`` of the lists whose numeric NIK a program wrote, so that no digit is lost.

    One in ten serials ends in 0; where at least `EXACT_FROM` numeric NIK are given and less than one in
    `EXACT_ONE_IN` ends so, Excel has not rounded them (an assumption: one list was made in one way).

    Parameters
    ----------
    numbers
        ``list_key`` and ``number`` (digits) of the numeric cells.
    """
    whole = numbers.filter(numbers.number.length() == LENGTH)
    counted = whole.group_by("list_key").agg(
        given=whole.count(), rounded=(whole.number.right(1) == "0").sum()
    )
    exact = (counted.given >= EXACT_FROM) & (counted.rounded * EXACT_ONE_IN < counted.given)
    return counted.filter(exact).select("list_key")


def is_placeholder(found: ir.StringValue) -> ir.BooleanValue:
    """Say whether the digits only fill the cell.

    One digit repeated, counting up or down, a region and then one digit; or a temporary number, which
    begins with 0 (OpenSID issue 9905: no province code does).
    """
    tail = found.substr(6, 10)
    alike = (found.substr(6, 1) == found.substr(15, 1)) & tail.isin([str(digit) * 10 for digit in range(10)])
    temporary = found.substr(0, 1) == "0"
    counting = found.substr(1, 3).isin(["234", "123", "876", "987", "543"]) & found.isin(_COUNTING)
    return (found.length() == LENGTH) & (alike | counting | temporary)


def part(found: ir.StringValue, start: int, length: int) -> ir.IntegerValue:
    """Return some of the digits (of `digits`) as an integer, 0 where there are not sixteen."""
    whole = (found.length() == LENGTH).fill_null(False)
    return whole.ifelse(found, "0" * LENGTH).substr(start, length).cast("int64")


def region(found: ir.StringValue) -> ir.IntegerValue:
    """Return digits 1-6, the kecamatan of first registration, as an integer."""
    return part(found, 0, 6)


def written_date(found: ir.StringValue) -> ir.IntegerValue:
    """Return digits 7-12, DDMMYY with women's 40, as an integer; the rules below read it."""
    return part(found, 6, 6)


def is_calendar_day(day: ir.IntegerValue, month: ir.IntegerValue, year: ir.IntegerValue) -> ir.BooleanValue:
    """Say whether day, month and two-digit year can be a date in 1900-2099 (00 is held to be 2000)."""
    leap = (year % 4 == 0).ifelse(29, 28)
    last = ibis.cases((month == 2, leap), (month.isin([4, 6, 9, 11]), 30), else_=31)
    return (month >= 1) & (month <= 12) & (day >= 1) & (day <= last)


def birth_day(date: ir.IntegerValue) -> ir.IntegerValue:
    """Return the day of birth in a `written_date`, women's 40 taken off."""
    day = date // 10_000
    return (day > WOMAN).ifelse(day - WOMAN, day)


def holds_date(date: ir.IntegerValue) -> ir.BooleanValue:
    """Say whether a `written_date` is a calendar date, +40 on the day allowed."""
    return is_calendar_day(birth_day(date), date // 100 % 100, date % 100)


def birth_date(
    date: ir.IntegerValue, period_end: dt.date, listed: ir.DateValue | None = None
) -> ir.DateValue:
    """Return the birth date of a `written_date`, null where it is no date.

    The century makes the person 0 to 105 years old at `period_end`; where both centuries do (a child
    or a person over 99), the list's own date decides, else the younger.
    """
    valid = holds_date(date)
    day, month, short = birth_day(date), date // 100 % 100, date % 100
    month_day = month * 100 + day
    this_year, this_day = period_end.year - 2000, period_end.month * 100 + period_end.day
    aged = (short > this_year) | ((short == this_year) & (month_day > this_day))
    if listed is not None:
        same = (listed.year() == short + 1900) & (listed.month() == month) & (listed.day() == day)
        aged = aged | (same & (short >= period_end.year - OLDEST - 1900)).fill_null(False)
    year = short + aged.ifelse(1900, 2000)
    # 29-2-00 exists in 2000 only; a year that is asked for must exist in the calendar.
    valid = valid & ~((year == 1900) & (month_day == 229))
    parts = (year, valid.ifelse(month, 1), valid.ifelse(day, 1))
    safe = ibis.date(*(part.cast("int32") for part in parts))  # Spark takes no wider integers here
    return valid.ifelse(safe, ibis.null("date"))


def sex(date: ir.IntegerValue) -> ir.StringValue:
    """Return ``P`` where the day carries the women's 40, else ``L``; null where `written_date` is no date."""
    return holds_date(date).ifelse((date >= (WOMAN + 1) * 10_000).ifelse("P", "L"), ibis.null("string"))


@cache
def _highest(column: int) -> str:
    """Write the highest number of each province 00-99 as two digits in a row, to be cut out by position."""
    return "".join(f"{regions().get(f'{code:02d}', (0, 0))[column]:02d}" for code in range(100))


def known_region(place: ir.IntegerValue) -> ir.BooleanValue:
    """Say whether a `region` can be a kecamatan, now or in the past.

    Old NIK carry codes that exist no more, so an unknown region warns and never rejects.
    """
    at, district = place // 10_000 * 2, place // 100 % 100
    kabupaten = ibis.literal(_highest(0)).substr(at, 2).cast("int64")
    kota = ibis.literal(_highest(1)).substr(at, 2).cast("int64")
    known = ((district >= 1) & (district <= kabupaten)) | ((district >= 71) & (district <= kota))
    return known & (place % 100 >= 1)


def state(
    found: ir.StringValue,
    lost: ir.BooleanValue,
    dated: ir.BooleanValue,
    known: ir.BooleanValue,
    same: ir.BooleanValue,
) -> ir.StringValue:
    """Return the state of a NIK or KK number; see `STATES`.

    Parameters
    ----------
    found, lost
        `digits` and `lost_digits` of the number.
    dated, known
        Whether its date and its region can be.
    same
        The row's NIK and KK are one number that could be either. A number with the women's 40
        cannot be a KK: then the KK cell holds a NIK, and the NIK stays ``sah``.
    """
    return ibis.cases(
        (found.isnull(), "hilang"),
        (is_placeholder(found), "tiruan"),
        (lost, "digit-hilang"),
        (found.length() != LENGTH, "panjang"),
        (~dated, "tanggal"),
        (found.right(4) == "0000", "serial"),
        (same, "sama-kk"),
        (~known, "wilayah"),
        else_="sah",
    )


def hidden(text: ir.StringValue) -> ir.StringValue:
    """Put points for what may be a NIK or KK in a text that should be none (a cell that slid)."""
    return text.re_replace(r"[0-9]([ .-]?[0-9]){11,}", "•" * LENGTH)


def mask(number: ir.StringValue) -> ir.StringValue:
    """Return a NIK or KK as it may be shown: first four and last two digits, the rest as points."""
    hidden = ibis.literal("•").repeat((number.length() - 6).clip(lower=0))
    long = number.left(4) + hidden + number.right(2)
    return (number.length() >= 10).ifelse(long, ibis.literal("•").repeat(number.length()))
