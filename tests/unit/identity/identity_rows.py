"""Rows as intake hands them on, areas of two made-up places, and how to standardise them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import cache
from typing import Any

import ibis
import ibis.expr.types as ir

from rantang.identity.standardise import standardise
from rantang.tables.intake import BASE

END = dt.date(2022, 11, 30)
ROWS = ibis.schema({column.name: column.type for column in BASE})
_AREA = {
    "code": "string", "code_bps": "string", "name": "string", "variants": "array<string>",
    "kecamatan": "string", "kecamatan_code": "string", "nik_prefix": "string", "kind": "string",
}  # fmt: skip


def area(code: str, bps: str, name: str, kecamatan: str, *variants: str) -> dict[str, Any]:
    return {
        "code": code, "code_bps": bps, "name": name, "variants": list(variants), "kecamatan": kecamatan,
        "kecamatan_code": code[:8], "nik_prefix": code[:8].replace(".", ""), "kind": "kelurahan",
    }  # fmt: skip


# The two code systems order kecamatan differently: 357301 is Blimbing here, and Kedungkandang for BPS.
CITY = (
    area("35.73.01.1005", "3573040007", "Blimbing", "Blimbing"),
    area("35.73.01.1011", "3573040001", "Jodipan", "Blimbing"),
    area("35.73.02.1002", "3573030009", "Rampalcelaket", "Klojen", "Rampal Celaket"),
    area("35.73.02.1008", "3573030007", "Oro-oro Dowo", "Klojen", "Oro Oro Dowo"),
    area("35.73.03.1001", "3573010001", "Arjowinangun", "Kedungkandang"),
    area("35.73.04.1001", "3573020008", "Sukun", "Sukun"),
)
# A kabupaten: two desa of one name in two kecamatan.
KABUPATEN = (
    area("99.01.01.2001", "9901010001", "Sumberagung", "Karangjati"),
    area("99.01.02.2003", "9901020003", "Sumberagung", "Wonorejo"),
    area("99.01.02.2004", "9901020004", "Mulyorejo", "Wonorejo"),
)


class Compiled:
    """A stage compiled once to SQL for given areas, run on many small tables (compiling takes a second)."""

    def __init__(self, places: tuple[dict[str, Any], ...], stage: Callable[[ir.Table, ir.Table], ir.Table]):
        self._engine = ibis.duckdb.connect(threads=1)
        rows = self._engine.create_table("given", schema=ROWS)
        known = self._engine.create_table("areas", schema=ibis.schema(_AREA))
        if places:
            self._engine.insert("areas", ibis.memtable(list(places), schema=ibis.schema(_AREA)))
        expr = stage(rows, known)
        self._columns = expr.columns
        self._sql = ibis.to_sql(expr, dialect="duckdb")

    def __call__(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        self._engine.con.execute("DELETE FROM given")
        self._engine.insert("given", table(rows))
        found = self._engine.con.execute(self._sql).fetchall()
        return [dict(zip(self._columns, row, strict=True)) for row in found]


def table(rows: list[dict[str, Any]]) -> ir.Table:
    filled = [
        {"row_key": f"r{at}", "agency": "dinsos", "kind": "dtks", "period": "2022-11", **row}
        for at, row in enumerate(rows)
    ]
    return ibis.memtable([{name: row.get(name) for name in ROWS.names} for row in filled], schema=ROWS)


def lazily(expr: ir.Table, _: str) -> ir.Table:
    return expr


@cache
def _standardiser(codes: tuple[str, ...]) -> Compiled:
    places = tuple(place for place in (*CITY, *KABUPATEN) if place["code"] in codes)
    return Compiled(places, lambda rows, areas: standardise(rows, areas, END, lazily))


def identified(rows: list[dict[str, Any]], places: tuple[dict[str, Any], ...] = CITY) -> list[dict[str, Any]]:
    """Standardise small rows; results come in the order of the rows."""
    out = _standardiser(tuple(place["code"] for place in places))(rows)
    return sorted(out, key=lambda row: int(row["row_key"][1:]))


def one(places: tuple[dict[str, Any], ...] = CITY, **row: Any) -> dict[str, Any]:
    return identified([row], places)[0]


def batch(column: str, values: list[Any]) -> dict[Any, dict[str, Any]]:
    """Standardise one row for each value of `column`, all at once: value to result."""
    distinct = list(dict.fromkeys(values))
    return dict(zip(distinct, identified([{column: value} for value in distinct]), strict=True))
