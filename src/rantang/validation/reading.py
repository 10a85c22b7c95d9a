"""Read a contract's own column as truth, number or text, whichever way the contract types it."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.contracts import fold_answer, words
from rantang.vocabulary import answers

YES = ("1", "ya", "y", "true", "t", "ada", "v", "x", "iya")
NO = ("0", "tidak", "tdk", "t.a.", "n", "false", "f", "-", "tidak ada", "bukan")

_JSON_KEY: Final = r'"[^"]*"\s*:'
_NONE: Final = tuple(sorted({fold_answer(word) for word in (*words().nothing, *words().nobody, *NO)} - {""}))
_ALIVE: Final = r"^(MASIH )?HIDUP( |$)"
_DEATH: Final = r"(MENINGGAL( DUNIA)?|M ?D|WAFAT|MATI|ALM|ALMH|ALMARHUM|ALMARHUMAH|TEWAS)"
_MONTHS: Final = "|".join(name for names in words().months.values() for name in names)
_WHEN: Final = rf"( (PADA|TANGGAL|TGL|BULAN|BLN|TAHUN|THN|TH|SEJAK|[0-9]+|{_MONTHS}))*"
_DIED: Final = rf"^((DATA|SUDAH|TELAH) )*{_DEATH}{_WHEN}$"
_DAY: Final = r"^(TANGGAL |TGL |TAHUN |THN )?[0-9]{1,2} ([0-9]{1,2}|[A-Z]+) 20[0-9]{2}( |$)|^20[0-9]{2} [0-9]"
_NO_DAY: Final = r"^[0 ]+$"
_NOTED: Final = ("1", "Y", "YA", "IYA", "YES", "TRUE", "V", "X", "√", "✓", "✔", "SUDAH", "BENAR")


def first_of(rows: ir.Table, *names: str) -> ir.Value:
    """Return the first of these columns that the list has, else null text."""
    for name in names:
        if name in rows.columns:
            return rows[name]
    return ibis.null("string")


def truth(rows: ir.Table, *names: str) -> ir.BooleanValue:
    """Return a yes/no column as boolean; what is neither is unknown."""
    value = first_of(rows, *names)
    if value.type().is_boolean():
        return value
    if value.type().is_numeric():
        return value != 0
    word = value.cast("string").strip().lower()
    return ibis.cases((word.isin(YES), True), (word.isin(NO), False))


def whole(rows: ir.Table, *names: str) -> ir.IntegerValue:
    """Return a column as whole number; text keeps its digits (`900 VA` is 900)."""
    value = first_of(rows, *names)
    if value.type().is_numeric():
        return value.cast("int64")
    return value.cast("string").re_extract(r"(\d{2,6})", 1).nullif("").try_cast("int64")


def note(value: ir.Value) -> ir.StringValue:
    """Return what a note says, folded (capitals, single blanks); null where it says nothing, or no.

    `Nihil`, `Tidak ada penyakit`, `Non Disabilitas` and an empty JSON object are no notes.
    """
    said = answers.folded(value.cast("string").re_replace(_JSON_KEY, " "))
    none = said.isin(_NONE) | answers.denies(said) | said.re_search(_NO_DAY)
    return none.ifelse(ibis.null("string"), said)


def death_noted(value: ir.Value) -> tuple[ir.BooleanValue, ir.BooleanValue]:
    """Return whether a death note says that the person died, and whether it says something else.

    The first is true for a word of death with at most a day beside it, for a day of this century and for
    a yes; whatever else is written (`Suami meninggal`, `Pindah`) is the second, for people to read. Both
    are false where nothing is noted, or that the person lives.
    """
    if value.type().is_boolean():
        return value.fill_null(False), ibis.literal(False)
    said = note(value)
    said = said.re_search(_ALIVE).ifelse(ibis.null("string"), said)
    died = said.isin(_NOTED) | said.re_search(_DIED) | said.re_search(_DAY)
    return died.fill_null(False), (~died).fill_null(False)
