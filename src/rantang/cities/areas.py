"""A place's areas as a table: what the lists' areas are looked up in."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from rantang.cities.model import City


def areas(city: City) -> ir.Table:
    """Return the place's areas as a table."""
    schema = {
        "code": "string", "code_bps": "string", "name": "string", "variants": "array<string>",
        "kecamatan": "string", "kecamatan_code": "string",
    }  # fmt: skip
    rows = [{name: getattr(area, name) for name in schema} for area in city.areas]
    return ibis.memtable([{**row, "variants": list(row["variants"])} for row in rows], schema=schema)
