"""Findings of intake: made here, in the shape of `tables.intake.FINDINGS`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rantang.catalogue import Description, describe, entries
from rantang.tables.intake import FINDINGS

if TYPE_CHECKING:  # a reading child makes findings, and no Arrow tables of them
    import pyarrow as pa

Found = dict[str, Any]
_GAP: Final = "[ .-]?"
_LONG_NUMBER: Final = (
    rf"([0-9]{_GAP}[0-9]{_GAP}[0-9]{_GAP}[0-9])(?:{_GAP}[0-9]){{6,}}{_GAP}([0-9]{_GAP}[0-9])"
)
_TYPES: Final = {"string": pl.String, "int64": pl.Int64, "boolean": pl.Boolean}
SCHEMA: Final = {column.name: _TYPES[column.type] for column in FINDINGS.columns}


def found(
    code: str,
    *,
    sheet: str = "",
    row: int | None = None,
    column: str = "",
    value: str = "",
    **evidence: object,
) -> Found:
    """Make a finding about a file, a sheet or a row.

    Parameters
    ----------
    code
        Code of the catalogue; severity and who must act come from there.
    evidence
        What it rests on; fills the placeholders of the message.
    """
    entry = entries()[code]
    return {
        "code": code,
        "severity": entry.severity,
        "subject": "file" if row is None else "row",
        "column": column or None,
        "value": value or None,
        "evidence": "; ".join(f"{key}={_plain(value)}" for key, value in evidence.items()) or None,
        "needs_word": False,
        "acts": entry.acts,
        "sheet": sheet,
        "row": row,
    }


def _plain(value: object) -> str:
    return str(value).replace(";", ",").replace("\n", " ")


def frame(rows: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Return findings as a frame with every declared column."""
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in rows], schema=SCHEMA)


def to_arrow(rows: pl.DataFrame) -> pa.Table:
    """Return findings as an Arrow table of the declared types."""
    return rows.select(list(SCHEMA)).to_arrow(compat_level=pl.CompatLevel.oldest())


def words(finding: Mapping[str, Any]) -> Description:
    """Return a finding's message and what to do, in the language in use."""
    evidence = str(finding.get("evidence") or "")
    values: dict[str, object] = {}
    for pair in evidence.split("; "):
        name, mark, value = pair.partition("=")
        if mark:
            values[name] = value
    values.setdefault("value", finding.get("value") or "")
    values.setdefault("column", finding.get("column") or "")
    values.setdefault("sheet", finding.get("sheet") or "")
    return describe(str(finding["code"]), values)


def mask(value: str) -> str:
    """Mask a secret value: the first 4 and last 2 characters stay, at most half of a short one."""
    if len(value) >= 12:
        return value[:4] + "•" * (len(value) - 6) + value[-2:]
    return value[: len(value) // 4] + "•" * (len(value) - len(value) // 4)


def mask_column(value: pl.Expr) -> pl.Expr:
    """Mask a column of secret values as `mask` does."""
    length = value.str.len_chars().cast(pl.Int64)
    long = (
        value.str.slice(0, 4) + pl.lit("•").repeat_by(length - 6).list.join("") + value.str.slice(length - 2)
    )
    shown = length // 4
    short = value.str.slice(0, shown) + pl.lit("•").repeat_by(length - shown).list.join("")
    return pl.when(length >= 12).then(long).otherwise(short)


def mask_names(value: pl.Expr) -> pl.Expr:
    """Leave of each word of a name its first letter, and what is no letter: `S••• 2`."""
    return value.str.replace_all(r"(\p{L})(\p{L}+)", "${1}•••")


def mask_numbers(value: pl.Expr) -> pl.Expr:
    """Mask what may be a NIK or a KK in a cell of another column (cells that slid, lines that joined).

    Also one written in groups: twelve digits and more with a blank, a point or a line between them.
    """
    return value.str.replace_all(_LONG_NUMBER, "${1}••••••••••${2}")
