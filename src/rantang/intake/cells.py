"""What a cell says: one rule per type of field, from text to value, as Ibis expressions.

A rule is a generator of steps. It yields named expressions, gets them back as columns of the next table
(so that nothing is written out twice in the SQL), and returns the values it makes and what is wrong with
the cell (`wrong_CODE`, boolean). Only operations that DuckDB and Spark share are used; patterns are RE2
without look-around. A cell that says nothing (`-`, `NULL`, `Tdk Th`) is missing, not wrong.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator, Mapping
from functools import cache
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from rantang.contracts import Field, codes, words
from rantang.vocabulary import answers as answers_written
from rantang.vocabulary import kk, nik

Made = dict[str, ir.Value]
Rule = Generator[dict[str, ir.Value], Mapping[str, Any], Made]
_EXCEL_DAY_ZERO: Final = dt.date(1899, 12, 30)
_DAYS_1904: Final = 1462
_LARGEST: Final = 1e15  # no count, area or rupiah of a list is more; what is, is another column's number
OLDEST: Final = 1900


def work(table: ir.Table, rule: Rule) -> tuple[ir.Table, Made]:
    """Run a rule step by step, each step one projection.

    Returns
    -------
    The last table, and what the rule made of it.
    """
    number = 0
    try:
        step = next(rule)
        while True:
            number += 1  # a step may use the names of an earlier one
            table = table.mutate(**{f"{name}__{number}": value for name, value in step.items()})
            step = rule.send({name: table[f"{name}__{number}"] for name in step})
    except StopIteration as end:
        return table, end.value


def say_something(cell: ir.StringValue, *, names: bool = False) -> ir.StringValue:
    """Make a cell that says nothing null; with `names`, also words such as `belum ada`."""
    empty = words().nothing + words().nobody if names else words().nothing
    return cell.upper().isin(empty).ifelse(ibis.null("string"), cell)


def text(cell: ir.StringValue) -> Rule:
    """Text as written."""
    yield from ()
    return {"value": say_something(cell)}


def name(cell: ir.StringValue) -> Rule:
    """A person's name as written; a cell without letters is none."""
    said = (yield {"said": say_something(cell, names=True)})["said"]
    letters = said.upper() != said.lower()
    value = (yield {"value": letters.ifelse(said, ibis.null("string"))})["value"]
    return {"value": value, "wrong_NAMA-ANGKA": value.re_search(r"[0-9]")}


def digits(cell: ir.StringValue) -> Rule:
    """Digits only (an employee number, a NISN); a trailing `.0` of a program is not a digit."""
    yield from ()
    plain = cell.re_replace(r"\.0+$", "").re_replace(r"[^0-9]", "")
    return {"value": plain.nullif("")}


def phone(cell: ir.StringValue) -> Rule:
    """Telephone: digits and a leading plus; none where fewer than six digits are left."""
    kept = (yield {"kept": say_something(cell).re_replace(r"\.0+$", "").re_replace(r"[^0-9+]", "")})["kept"]
    return {"value": (kept.length() >= 6).ifelse(kept, ibis.null("string"))}


def number_of_dukcapil(cell: ir.StringValue, numeric: ir.BooleanValue, what: str) -> Rule:
    """NIK or KK as written, without blanks, points and Excel's marks.

    Missing, never a number: 0, empty, words (`belum ada`), placeholders of one digit, temporary numbers
    (OpenSID's begin with 0, which no province code does; github.com/OpenSID/OpenSID/issues/5249, /9905)
    and counters of up to five digits (/5258). `3,57301E+15` stays as written and is told, unless all digits
    are there: then they are used.

    Parameters
    ----------
    numeric
        The cell was a number, not text.
    what
        `NIK` or `KK`: begins the codes of what is wrong.
    """
    null = ibis.null("string")
    said = (yield {"said": say_something(cell, names=True)})["said"]
    exponent = r"^[0-9][.,][0-9]+[eE][+]?[0-9]{1,2}$"
    whole = r"^[0-9][.,][0-9]{14,15}[eE][+]?15$"
    digits_ = (yield {"digits": said.re_search(r"^[0-9]+$")})["digits"]
    odd = yield {
        "decimal": digits_.ifelse(False, said.re_search(r"^[0-9]{15,17}[.,]0+$")),
        "exponent": digits_.ifelse(False, said.re_search(exponent)),
        "whole": digits_.ifelse(False, said.re_search(whole)),
    }
    is_ = {"digits": digits_, **odd}
    opened = said.re_replace(r"[eE].*$", "").re_replace(r"[.,]", "").rpad(16, "0")
    plain = (yield {"plain": ibis.cases(
        (is_["digits"], said),
        (is_["decimal"], said.re_replace(r"[.,]0+$", "")),
        (is_["whole"], opened),
        (is_["exponent"], said),
        else_=said.re_replace(r"[\s.,\-/_'\"’`=:\x{00A0}]", ""),
    )})["plain"]  # fmt: skip
    same = plain.replace(plain.substr(0, 1), "") == ""
    of = yield {
        "counted": is_["digits"].ifelse(plain.length(), plain.re_replace(r"[^0-9]", "").length()),
        "made_up": same | (nik.is_placeholder(plain) & ~plain.startswith("0")),
        "temporary": (plain.length() == 16) & plain.startswith("0") & ~same,
        "words": ~is_["digits"] & plain.re_search(r"[A-Za-z]{4,}"),
        "number": numeric | is_["decimal"].fill_null(False) | is_["whole"].fill_null(False),
    }
    few = (of["counted"] <= 5) & ~is_["exponent"]
    nothing = few | (of["words"] & (of["counted"] < 12)) | plain.isnull()
    value = (yield {"value": (of["made_up"] | of["temporary"] | nothing).ifelse(null, plain)})["value"]
    full = (yield {"full": (is_["digits"] & (value.length() == nik.LENGTH)).ifelse(value, null)})["full"]
    dated = (nik if what == "NIK" else kk).holds_date(nik.written_date(full))
    explained = of["made_up"].fill_null(False) | of["temporary"].fill_null(False)
    shortened = is_["exponent"] & ~is_["whole"]
    letters = is_["digits"].ifelse(False, ~shortened & value.re_search(r"[^0-9]"))
    long = value.notnull() & (value.length() != nik.LENGTH) & ~shortened
    return {
        "value": value,
        "numeric": of["number"] & value.notnull(),
        f"wrong_{what}-TIRUAN": of["made_up"] & plain.re_search(r"[1-9]"),
        f"wrong_{what}-SEMENTARA": of["temporary"],
        f"wrong_{what}-EKSPONEN": shortened,
        f"wrong_{what}-DIGIT-HILANG": of["number"] & (value.length() == 16) & value.endswith("0"),
        f"wrong_{what}-TANGGAL": full.notnull() & ~dated,
        f"wrong_{what}-SERIAL": full.endswith("0000") & ~of["number"],
        f"wrong_{what}-PANJANG": long & ~letters.fill_null(False),
        f"wrong_{what}-HURUF": letters,
        f"wrong_{what}-KOSONG": value.isnull() & (~explained | ~plain.re_search(r"[1-9]").fill_null(True)),
    }


def date(
    cell: ir.StringValue,
    order: ir.StringValue,
    day_1904: ir.BooleanValue,
    latest: dt.date,
    oldest: int = OLDEST,
) -> Rule:
    """A date in any common form.

    ISO, day-month-year with marks or blanks, eight digits, Indonesian or English month names (the day
    before or behind), and Excel's day numbers. A two-digit year is of this century up to the year of
    `latest`, else of the last.

    Parameters
    ----------
    order
        `dmy` or `mdy`: how most cells of this column are written.
    day_1904
        Day numbers count from 1904.
    latest
        No later date is possible.
    oldest
        No earlier year is possible.
    """
    said = (yield {"said": say_something(cell, names=True).upper()})["said"]
    said = (yield {"said": (said >= "A").ifelse(said.re_replace(_WEEKDAY, ""), said)})["said"]
    ended = said.right(1).isin((".", ",")).ifelse(said.re_replace(r"[., ]+$", ""), said)
    said = (yield {"said": ended.translate("–—‑", "---")})["said"]
    said = (yield {"said": (said >= "A").ifelse(_day_first(said), said)})["said"]
    # Nearly every cell is DD-MM-YYYY or YYYY-MM-DD (00:00:00): cut by place, expressions for the rest.
    marks = ("-", "/", ".")
    cut = yield {
        "dmy": (
            (said.length() == 10) & said.substr(2, 1).isin(marks) & said.substr(5, 1).isin(marks)
        ).fill_null(False),
        "iso": (
            said.length().isin((10, 19)) & (said.substr(4, 1) == "-") & (said.substr(7, 1) == "-")
        ).fill_null(False),
    }
    usual = cut["dmy"] | cut["iso"]
    is_ = yield {
        "numbers": usual.ifelse(True, said.re_search(_NUMBERS).fill_null(False)),
        "words": usual.ifelse(False, said.re_search(_WORDS).fill_null(False)),
        "eight": usual.ifelse(False, said.re_search(r"^[0-9]{8}$").fill_null(False)),
        "serial": usual.ifelse(False, said.re_search(r"^[0-9]{4,5}([.][0-9]+)?$").fill_null(False)),
        "zero": said.startswith("0").ifelse(said.re_search(r"^[0\-/. :]+$"), False).fill_null(False),
    }

    def numeral(at: int, dmy: tuple[int, int], iso: tuple[int, int]) -> ir.StringValue:
        cases = ((cut["dmy"], said.substr(*dmy)), (cut["iso"], said.substr(*iso)))
        return ibis.cases(*cases, (is_["numbers"], said.re_extract(_NUMBERS, at)), else_=None)

    groups = yield {
        "first": numeral(1, (0, 2), (0, 4)),
        "second": numeral(2, (3, 2), (5, 2)),
        "third": numeral(3, (6, 4), (8, 2)),
        "word": _group(is_["words"], said, _WORDS, 2),
        "days": _group(is_["serial"], said, r"^([0-9]+)", 1).try_cast("int64"),
    }
    texts = yield _date_texts(said, is_, groups, order)
    parts = yield {
        "day": texts["day"].try_cast("int64"),
        "month": is_["words"].ifelse(texts["named"], texts["month"].try_cast("int64")),
        "year": texts["year"].try_cast("int64"),
        "short": texts["year"].length() <= 2,
        "form": (is_["numbers"] & _all_numbers(texts))
        | (is_["words"] & texts["named"].notnull())
        | is_["eight"],
    }
    # A day above 12 in the month's place says that the two are swapped.
    swapped = ((parts["month"] > 12) & (parts["day"] <= 12) & ~is_["words"]).fill_null(False)
    year = parts["year"]
    turned = yield {
        "swapped": swapped,
        "day": swapped.ifelse(parts["month"], parts["day"]),
        "month": swapped.ifelse(parts["day"], parts["month"]),
        "year": ibis.cases(
            (parts["short"] & (year + 2000 > latest.year), year + 1900),
            (parts["short"], year + 2000),
            else_=year,
        ),
    }
    values = yield _date_values(turned, groups["days"], day_1904, latest, oldest)
    value = (yield {"value": values["counted"].coalesce(values["written"])})["value"]
    future = (value > ibis.literal(latest)).fill_null(False)
    year_only = said.re_search(r"^(19|20)[0-9]{2}$").fill_null(False)
    said_it = said.notnull() & ~is_["zero"]
    readable = parts["form"] | values["counted"].notnull() | year_only
    return {
        "value": future.ifelse(ibis.null("date"), value),
        "wrong_TANGGAL-TERTUKAR": turned["swapped"] & values["written"].notnull(),
        "wrong_TANGGAL-MUSTAHIL": (parts["form"] & value.isnull() & said_it) | future,
        "wrong_TANGGAL-TAHUN": year_only,
        "wrong_TANGGAL-BACA": said_it & ~readable.fill_null(False),
    }


_WEEKDAY: Final = (
    r"^(SENIN|SELASA|RABU|KAMIS|JUM['’ ]?AT|SABTU|MINGGU|AHAD"
    r"|(MON|TUES?|WED|WEDNES|THU|THURS?|FRI|SAT|SATUR|SUN)(DAY)?)[,. ]+"
)
_NUMBERS: Final = r"^([0-9]{1,4})[-/., ]+([0-9]{1,2})[-/., ]+([0-9]{2,4})([ T].*)?$"
_WORDS: Final = r"^([0-9]{1,2})[-/., ]*([A-Z]{3,9})[-/., ]*['’]?([0-9]{4}|[0-9]{2})([ T].*)?$"

_MONTH_FIRST: Final = r"^([A-Z]{3,9})[-/. ]+([0-9]{1,2})(?:ST|ND|RD|TH)?[-/., ]+([0-9]{4})([ T].*)?$"


def _day_first(said: ir.StringValue) -> ir.StringValue:
    """Write JANUARY 31, 1959 as 31 JANUARY 1959."""
    month_, day, year = (said.re_extract(_MONTH_FIRST, group) for group in (1, 2, 3))
    return said.re_search(_MONTH_FIRST).ifelse(day + " " + month_ + " " + year, said)


def _date_texts(
    said: ir.StringValue, is_: Mapping[str, Any], groups: Mapping[str, Any], order: ir.StringValue
) -> dict[str, ir.Value]:
    """Take day, month and year, as written, out of the forms in which all three are there."""
    first, second, third = groups["first"], groups["second"], groups["third"]
    year_first = is_["numbers"] & (first.length() == 4)
    month_first = is_["numbers"] & (order == "mdy")
    # 19590131 begins with a likely year and goes on with a month; 31011959 does not.
    eight_year = is_["eight"] & said.substr(0, 2).isin(("19", "20")) & said.substr(4, 2).isin(_TWO_DIGITS)
    return {
        "year": ibis.cases(
            (year_first, first), (is_["numbers"], third),
            (is_["words"], _group(is_["words"], said, _WORDS, 3)),
            (eight_year, said.substr(0, 4)), (is_["eight"], said.substr(4, 4)), else_=None,
        ),
        "month": ibis.cases(
            (year_first, second), (month_first, first), (is_["numbers"], second),
            (eight_year, said.substr(4, 2)), (is_["eight"], said.substr(2, 2)), else_=None,
        ),
        "day": ibis.cases(
            (year_first, third), (month_first, second), (is_["numbers"], first),
            (is_["words"], _group(is_["words"], said, _WORDS, 1)),
            (eight_year, said.substr(6, 2)), (is_["eight"], said.substr(0, 2)), else_=None,
        ),
        "named": groups["word"].cases(
            *((each, number) for number, names in words().months.items() for each in names), else_=None
        ).cast("int64"),
    }  # fmt: skip


def _all_numbers(texts: Mapping[str, Any]) -> ir.BooleanValue:
    """Whether day, month and year are numbers: of `12-01-198O` one is none."""
    day, month_, year = (texts[part].try_cast("int64") for part in ("day", "month", "year"))
    return day.notnull() & month_.notnull() & year.notnull()


def _date_values(
    turned: Mapping[str, Any],
    days: ir.IntegerValue,
    day_1904: ir.BooleanValue,
    latest: dt.date,
    oldest: int,
) -> dict[str, ir.Value]:
    """Make the date of its parts where the calendar has it, and the date of Excel's day number."""
    day, month_, year = turned["day"], turned["month"], turned["year"]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = ibis.cases((month_ == 2, leap.ifelse(29, 28)), (month_.isin((4, 6, 9, 11)), 30), else_=31)
    exists = (
        (month_ >= 1) & (month_ <= 12) & (day >= 1) & (day <= last) & (year >= oldest) & (year <= latest.year)
    )
    text_ = (
        year.cast("string") + "-" + month_.cast("string").lpad(2, "0") + "-" + day.cast("string").lpad(2, "0")
    )
    counted = ibis.literal(_EXCEL_DAY_ZERO) + (days + day_1904.ifelse(_DAYS_1904, 0)).as_interval("D")
    plausible = ((days > 2100) & (days < 60_000)).fill_null(False)
    return {
        "written": exists.fill_null(False).ifelse(text_, ibis.null("string")).cast("date"),
        "counted": plausible.ifelse(counted.cast("date"), ibis.null("date")),
    }


_TWO_DIGITS: Final = tuple(f"{number:02d}" for number in range(1, 13))


def _group(when: ir.BooleanValue, said: ir.StringValue, pattern: str, at: int) -> ir.StringValue:
    return when.ifelse(said.re_extract(pattern, at), ibis.null("string"))


def place_and_date(
    cell: ir.StringValue, order: ir.StringValue, day_1904: ir.BooleanValue, latest: dt.date
) -> Rule:
    """Birth place and date of `KOTA BATU, 25-11-1978`."""
    split = yield {"place": place_of(cell), "date": date_of(cell)}
    made = yield from date(split["date"], order, day_1904, latest)
    return {"birth_date": made.pop("value"), "birth_place": split["place"], **made}


def place_of(cell: ir.StringValue) -> ir.StringValue:
    """The place in `KOTA BATU, 25-11-1978`."""
    place = cell.re_replace(_said_month_first() + ".*$", "").re_replace(r"[,/;. ]*[0-9].*$", "")
    place = place.re_replace(r"[,;/ ]+$", "").nullif("")
    return say_something(place, names=True)


def date_of(cell: ir.StringValue) -> ir.StringValue:
    """The date in `KOTA BATU, 25-11-1978`; what begins with a digit and is no date is for `date` to tell."""
    three = r"([0-9]{1,4}[-/. ]+([0-9]{1,2}|[A-Za-z]+)[-/. ]+[0-9]{2,4})[^0-9]*$"
    rest = cell.re_extract(r"([0-9].*)$", 1).nullif("")
    month_first = cell.re_extract(_said_month_first(), 0).nullif("")
    return cell.re_extract(three, 1).nullif("").coalesce(month_first, rest)


@cache
def _said_month_first() -> str:
    """Return the pattern of `December 31, 1959` wherever it stands in a cell."""
    names = "|".join(sorted(name for names in words().months.values() for name in names))
    return rf"(?i:\b({names}))[-/. ]+[0-9]{{1,2}}(?i:ST|ND|RD|TH)?[-/., ]+[0-9]{{4}}"


def month(cell: ir.StringValue) -> Rule:
    """A month as `YYYY-MM`: `2022-11`, `11/2022`, `202211`, `November 2022`, `Nop 2022`, `01/11/2022`."""
    said = (yield {"said": say_something(cell).upper()})["said"]
    year_first = said.re_search(r"^20[0-9]{2}[-/. ]?(0[1-9]|1[0-2])([-/. ].*)?$").fill_null(False)
    # The first of a month, or a day that is no month; 11/01/2022 may be the first of November elsewhere.
    of_day = said.re_extract(r"^(0?1|1[3-9]|2[0-9]|3[01])[-/.]([01]?[0-9][-/.]20[0-9]{2})$", 2)
    said = (of_day == "").ifelse(said, of_day)
    month_first = said.re_search(r"^(0?[1-9]|1[0-2])[-/. ]20[0-9]{2}$").fill_null(False)
    in_words = r"^[^A-Z]*([A-Z]{3,9})[-/., ]*(20[0-9]{2})$"
    is_words = said.re_search(in_words).fill_null(False)
    named = _group(is_words, said, in_words, 1).cases(
        *((each, f"{number:02d}") for number, names in words().months.items() for each in names), else_=None
    )
    value = ibis.cases(
        (year_first, said.substr(0, 4) + "-" + said.re_replace(r"^20[0-9]{2}[-/. ]?", "").substr(0, 2)),
        (
            month_first,
            said.re_extract(r"(20[0-9]{2})$", 1) + "-" + said.re_extract(r"^([0-9]+)", 1).lpad(2, "0"),
        ),
        (is_words, said.re_extract(r"(20[0-9]{2})$", 1) + "-" + named),
        else_=None,
    )
    return {"value": value, "wrong_BULAN-BACA": said.notnull() & value.isnull()}


def number(cell: ir.StringValue, each: Field) -> Rule:
    """A number with Indonesian (1.234,5) or English (1,234.5) separators, `Rp` and `,-` taken off."""
    said = (yield {"said": say_something(cell).upper()})["said"]
    plain = said.re_search(r"^-?[0-9]+$")
    units = r"^(RP|IDR)[. ]*|[,.]-+$|[ \x{00A0}]|VA$|WATT$|M2$|ORANG$"
    bare = (yield {"bare": plain.ifelse(said, said.re_replace(units, ""))})["bare"]
    # 1.300 is a thousand and more where the number can be and is whole; else it may have three decimals.
    thousands = each.type == "integer" and (each.max is None or each.max >= 1000)
    groups = r"{1,}" if thousands or each.type == "money" else r"{2,}"
    points = bare.re_search(rf"^-?[0-9]{{1,3}}([.][0-9]{{3}}){groups}(,[0-9]+)?$") | bare.re_search(
        r"^-?[0-9]{1,3}([.][0-9]{3})+,[0-9]+$"
    )
    commas = bare.re_search(rf"^-?[0-9]{{1,3}}(,[0-9]{{3}}){groups}([.][0-9]+)?$") | bare.re_search(
        r"^-?[0-9]{1,3}(,[0-9]{3})+[.][0-9]+$"
    )
    written = ibis.cases(
        (points, bare.replace(".", "").replace(",", ".")),
        (commas, bare.replace(",", "")),
        (bare.re_search(r"^-?[0-9]+,[0-9]+$"), bare.replace(",", ".")),
        (bare.re_search(r"^-?[0-9]+([.][0-9]+)?(E[+-]?[0-9]{1,2})?$"), bare),
        else_=None,
    )
    value = (yield {"value": written.try_cast("float64")})["value"]
    inside = value.abs() <= _LARGEST
    if each.min is not None:
        inside = inside & (value >= each.min)
    if each.max is not None:
        inside = inside & (value <= each.max)
    kept = inside.fill_null(False).ifelse(value, ibis.null("float64"))
    return {
        "value": kept.round(0).cast("int64") if each.type == "integer" else kept,
        # "Rp -" is how a spreadsheet shows nought in the format of accountants.
        "wrong_ANGKA-BACA": said.notnull() & value.isnull() & ~bare.isin(("", "-")),
        "wrong_ANGKA-BATAS": value.notnull() & ~inside.fill_null(True),
    }


def fold_answers(cell: ir.StringValue) -> ir.StringValue:
    """Fold an answer as the code lists write it: capitals, other marks one blank."""
    return answers_written.folded(say_something(cell))


def _look_up(folded: ir.StringValue, answers: Mapping[str, tuple[str, ...]]) -> ir.StringValue:
    """Return the code that an answer means.

    Where the whole is not in the list, its label decides: `2 - Perempuan`, `1. Ya`.
    """
    label = folded.re_replace(r"^[0-9]+( 0)? ", "")
    labels = {code: tuple(word for word in words if not word.isdigit()) for code, words in answers.items()}
    return ibis.cases(
        *((folded.isin(words), code) for code, words in answers.items()),
        *((label.isin(words), code) for code, words in labels.items() if words),
        else_=None,
    )


def code(cell: ir.StringValue, each: Field, numbering: ir.StringValue) -> Rule:
    """One of a list's codes; an unknown answer is missing and said, or kept where the field says so."""
    folded = (yield {"folded": fold_answers(cell)})["folded"]
    value = (yield {"value": _look_up(folded, codes()[each.codes])})["value"]
    if each.codes == "relation":
        siak = ibis.cases(
            *((folded.isin(words), code) for code, words in codes()["relation_siak"].items()), else_=None
        )
        value = (numbering == "siak").ifelse(ibis.coalesce(siak, value), value)
    if each.keep_unknown:
        return {"value": ibis.coalesce(value, say_something(cell))}
    return {"value": value, "wrong_KODE-LAIN": folded.notnull() & value.isnull()}


def boolean(cell: ir.StringValue, each: Field) -> Rule:
    """Yes or no; where the field says so another word is yes, unless it denies, else missing and said."""
    folded = (yield {"folded": fold_answers(cell)})["folded"]
    answers = codes()["yes"]
    both = {key: answers[key] + getattr(each, key) for key in ("true", "false")}
    known = (yield {"known": _look_up(folded, both)})["known"]
    value = ibis.cases((known == "true", True), (known == "false", False), else_=None)
    if each.any_text:
        none = folded.isin(words().nobody) | answers_written.denies(folded)
        return {"value": ibis.coalesce(value, ~none)}
    return {"value": value, "wrong_KODE-LAIN": folded.notnull() & value.isnull()}


def rt_rw(cell: ir.StringValue) -> Rule:
    """RT and RW of `003/007`, `RT 3 RW 7` or `3-7`."""
    pattern = r"^[^0-9]*([0-9]{1,3})[^0-9]+([0-9]{1,3})[^0-9]*$"
    said = (yield {"said": say_something(cell)})["said"]
    is_both = said.re_search(pattern).fill_null(False)
    return {"rt": _group(is_both, said, pattern, 1), "rw": _group(is_both, said, pattern, 2)}
