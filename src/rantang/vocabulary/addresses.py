"""Addresses: street, house number, gang (alley), RT and RW out of one line of text.

Nobody's standard is followed in lists: ``JL. MAWAR GG. III NO. 12 A RT 03/RW 07``, ``Jalan Mawar
3/12``, ``MAWAR GANG 3 NOMOR 12A`` are one place. The order of rules is the grammar: RT/RW and the
tail (kelurahan …) first, then the number, then the gang; what is left is the street.

Patterns are RE2 and Java at once (see `names`).
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

_NUMBER: Final = r"[0-9]{1,4}(?: ?-? ?[A-Z]{1,2})?"
_RT_RW: Final = (
    r"\bR ?T ?[/ ]? ?R ?W ?[ :]? ?([0-9]{1,3}) ?[/ -] ?([0-9]{1,3})\b"  # RT/RW 03/07
    r"|\bR ?T ?:? ?([0-9]{1,3}) ?[/ -]? ?(?:R ?W)? ?:? ?([0-9]{1,3})\b"  # RT 03 RW 07, RT 03/07
    r"|(?:^|[^0-9A-Z/])(0[0-9]{1,2}) ?/ ?(0[0-9]{1,2})\b"  # 003/007
)
_RT: Final = r"\bR ?T ?:? ?([0-9]{1,3})\b"
_RW: Final = r"\bR ?W ?:? ?([0-9]{1,3})\b"
_TAIL: Final = r"(?:^| )(?:KEL|KELURAHAN|DESA|DS|KEC|KECAMATAN|KOTA|KAB|KABUPATEN)\b.*$"
_NUMBERED: Final = r" ?\b(?:NO|NOMOR|NOMER|NMR|NR|KAV|KAVLING)\b ?:? ?(.*)$"
_BLOCK: Final = (
    r"\b(?:BLOK|BLOCK|BLK) ?([A-Z]{1,2} ?-? ?[0-9IVX]{0,3}) ?(?:[-/ ]|\bNO\b|$) ?([0-9]{0,4} ?[A-Z]?)$"
)
_BARE_BLOCK: Final = r" ([A-Z]{1,2} ?-?[0-9]{1,2}) ?(?:[-/]|\bNO\b) ?([0-9]{1,4} ?[A-Z]?)$"
_GANG: Final = r"\b(?:GG|GANG)\b ?(.*)$"
_LANE_AND_NUMBER: Final = r" (?:([0-9]{1,2}[A-Z]?|[IVX]{1,5}) ?/ ?)([0-9]{1,4} ?-? ?[A-Z]?)$"
_TRAILING: Final = r" ([0-9]{1,4} ?-? ?[A-Z]?)$"
_LANE_END: Final = r" ([0-9]{1,2}[A-Z]?|[IVX]{1,5})$"
_ROAD: Final = (
    r"^(?:JALAN|JLN|JL|JLAN|JI|LORONG|PERUMAHAN|PERUM|PERUMNAS|PRM|KOMPLEKS|KOMPLEK|KOMP|DUSUN|DSN"
    r"|LINGKUNGAN|LINGK|LING)\b ?"
)
_CITY: Final = r"(?:KOTA|KAB|KABUPATEN|RT|RW)\b"
_KELURAHAN: Final = rf"\b(?:KELURAHAN|KEL|DESA|DS)[ :]+([A-Z -]{{3,}}?)(?: (?:KECAMATAN|KEC|{_CITY})|[ -]*$)"
_KECAMATAN: Final = rf"\b(?:KECAMATAN|KEC)[ :]+([A-Z -]{{3,}}?)(?: {_CITY}|[ -]*$)"

_ROMAN: Final = (
    "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI",
    "XVII", "XVIII", "XIX", "XX",
)  # fmt: skip
_SPELT: Final = (
    (r"\bLET ?JEND?\b", "LETJEN"), (r"\bMAY ?JEND?\b", "MAYJEN"), (r"\bBRIG ?JEND?\b", "BRIGJEN"),
    (r"\bJEND(?:RAL)?\b", "JENDERAL"), (r"\bKAPT\b", "KAPTEN"), (r"\bKOL\b", "KOLONEL"),
    (r"\bKP\b", "KAMPUNG"), (r"\bKPG\b", "KAMPUNG"),
    (r"\bUTR\b", "UTARA"), (r"\bSEL\b", "SELATAN"), (r"\bTMR\b", "TIMUR"), (r"\bBRT\b", "BARAT"),
    (r"\bTGH\b", "TENGAH"), (r"\bDLM\b", "DALAM"), (r"\bRY\b", "RAYA"), (r"\bS PARMAN\b", "SPARMAN"),
)  # fmt: skip
_OLD: Final = (("OE", "U"), ("DJ", "J"), ("SJ", "SY"))
_EMPTY: Final = r"^[^A-Z0-9]*$|^(?:TIDAK|TDK|BELUM) (?:ADA|TAHU|TH)$|^NULL$"


def tidy(written: ir.StringValue) -> ir.StringValue:
    """Capitals, single blanks, only letters, digits, ``/`` ``-`` ``:``; null where nothing is said."""
    text = written.cast("string").upper().re_replace(r"[^A-Z0-9/:-]+", " ")
    text = text.re_replace(r"-{2,}| -|- ", "-").strip()
    return text.re_search(_EMPTY).ifelse(ibis.null("string"), text)


def unit(written: ir.StringValue) -> ir.StringValue:
    """Return an RT or RW as digits without leading zeros, null where there is none (``000``, ``-``)."""
    return written.cast("string").re_extract(r"([0-9]{1,3})", 1).re_replace(r"^0+", "").nullif("")


def _both(text: ir.StringValue, first: int) -> ir.StringValue:
    found = [text.re_extract(_RT_RW, group).nullif("") for group in (first, first + 2, first + 4)]
    return ibis.coalesce(*found)


def rt(text: ir.StringValue) -> ir.StringValue:
    """Return the RT inside a tidied address."""
    return unit(ibis.coalesce(_both(text, 1), text.re_extract(_RT, 1).nullif("")))


def rw(text: ir.StringValue) -> ir.StringValue:
    """Return the RW inside a tidied address."""
    return unit(ibis.coalesce(_both(text, 2), text.re_extract(_RW, 1).nullif("")))


def kelurahan(text: ir.StringValue) -> ir.StringValue:
    """Return the name after KEL., KELURAHAN or DESA inside a tidied address."""
    return text.re_extract(_KELURAHAN, 1).strip().nullif("")


def kecamatan(text: ir.StringValue) -> ir.StringValue:
    """Return the name after KEC. or KECAMATAN inside a tidied address."""
    return text.re_extract(_KECAMATAN, 1).strip().nullif("")


def core(text: ir.StringValue) -> ir.StringValue:
    """Take RT, RW and the tail (kelurahan, kecamatan, city) off a tidied address."""
    units = text.re_search(r"\bR ?[TW] ?[/: 0-9]|0[0-9]{1,2} ?/ ?0[0-9]")
    short = units.ifelse(text.re_replace(_RT_RW, " ").re_replace(_RT, " ").re_replace(_RW, " "), text)
    tailed = short.re_search(r" K(?:EL|EC|OTA|AB)|(?:^| )D(?:S|ESA)\b|^KE[LC]")
    bare = tailed.ifelse(short.re_replace(_TAIL, ""), short)
    return bare.re_replace(r"[ /:-]+$", "").re_replace(_ROAD, "").strip()


def number_text(body: ir.StringValue) -> ir.StringValue:
    """Return the part of a core address that says the house number, with its mark, empty where none.

    A letter and a number before the house number are a block (``DANAU TOBA E4/12``), marked or not.
    """
    marked = body.re_extract(_NUMBERED, 0)
    block = body.re_extract(_BLOCK, 0)
    bare = body.re_extract(_BARE_BLOCK, 0)
    lane = body.re_extract(_LANE_AND_NUMBER, 0)
    in_gang = body.re_search(r"\b(?:GG|GANG)\b")
    gang_only = body.re_search(r"\b(?:GG|GANG) ?[0-9]{1,3} ?[A-Z]?$")
    return ibis.cases(
        (block != "", block),
        ((bare != "") & ~in_gang, bare),
        (marked != "", marked),
        (lane != "", lane),
        (gang_only, ""),
        else_=body.re_extract(_TRAILING, 0),
    )


def _block(said: ir.StringValue) -> tuple[ir.StringValue, ir.StringValue, ir.BooleanValue]:
    """Return a block's name and the number in it; ``BLOK A-12`` and ``BLOK A NO 12`` are one."""
    marked = said.re_search(r"\bBL(?:OC?)?K\b")
    name = marked.ifelse(said.re_extract(_BLOCK, 1), said.re_extract(_BARE_BLOCK, 1)).re_replace(r"[ -]", "")
    inside = marked.ifelse(said.re_extract(_BLOCK, 2), said.re_extract(_BARE_BLOCK, 2)).replace(" ", "")
    alone = inside == ""
    number = alone.ifelse(name.re_extract(r"[0-9]+$", 0), inside).re_replace(r"^0+", "")
    return alone.ifelse(name.re_extract(r"^[A-Z]+", 0), name), number, name != ""


def house_number(said: ir.StringValue) -> ir.StringValue:
    """Return a house number from `number_text`: ``12A``, null where there is none."""
    _, in_block, has_block = _block(said)
    after_lane = said.re_extract(_LANE_AND_NUMBER, 2)
    plain = said.re_extract(rf"({_NUMBER})", 1)
    number = (after_lane != "").ifelse(after_lane, plain).re_replace(r"[ -]", "").re_replace(r"^0+", "")
    return has_block.ifelse(in_block, number).nullif("")


def _arabic(lane: ir.StringValue) -> ir.StringValue:
    # The engine works `lane` out anew for each case, so only Roman numbers may come so far.
    written = lane.cases(*((roman, str(value)) for value, roman in enumerate(_ROMAN, start=1)), else_=lane)
    return lane.re_search(r"^[IVX]+$").ifelse(written, lane)


def lane_text(rest: ir.StringValue) -> ir.StringValue:
    """Return what says the gang, with its mark, in an address without its number; empty where none."""
    marked = rest.re_extract(_GANG, 0)
    return (marked != "").ifelse(marked, rest.re_extract(_LANE_END, 0))


def gang(lane: ir.StringValue, said: ir.StringValue) -> ir.StringValue:
    """Return the gang (``3``, ``3A``, ``MASJID``), or the block of an estate (``A``, ``E4``).

    From `lane_text`, or from a `number_text` such as ``3/12`` or ``BLOK A-12``.
    """
    block, _, has_block = _block(said)
    before = said.re_extract(_LANE_AND_NUMBER, 1)
    marked = lane.re_extract(_GANG, 1)
    bare = (marked != "").ifelse(marked, lane.strip())
    text = ibis.cases((bare != "", bare), else_=before).re_replace(r"[^A-Z0-9 ]", " ").strip()
    text = text.re_replace(r"^0+", "")
    compact = text.re_search(r"^[0-9]+ [A-Z]$").ifelse(text.replace(" ", ""), text)
    return has_block.ifelse(block, _arabic(compact)).nullif("")


def street(left: ir.StringValue) -> ir.StringValue:
    """Return the street's standard name: no JL, opened abbreviations, today's spelling."""
    name = left.re_replace(r"[^A-Z0-9]+", " ").strip()
    for pattern, canonical in _SPELT:
        name = name.re_replace(pattern, canonical)
    for old, new in _OLD:
        name = name.replace(old, new)
    return name.re_replace(r"\bTJ", "C").strip().nullif("")
