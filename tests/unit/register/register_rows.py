"""Small registers for the tests of linkage: rows as identity hands them on."""

from __future__ import annotations

import datetime as dt

import ibis.expr.types as ir

from rantang.tables.identity import IDENTIFIED


def person(key: str, name: str, **fields: object) -> dict[str, object]:
    """One identified row; the derived name columns follow from `name`."""
    words = name.split()
    row: dict[str, object] = {
        "row_key": key,
        "content_key": key,
        "agency": "dispendukcapil",
        "kind": "penduduk",
        "period": "2022-11",
        "name": name,
        "name_raw": name,
        "name_key": name,
        "name_sorted": " ".join(sorted(words)),
        "name_joined": "".join(words),
        "name_first": words[0],
        "name_last": words[-1],
        "name_words": len(words),
        "nik_state": "sah" if fields.get("nik") else "hilang",
        "birth_source": "daftar" if fields.get("birth_date") else None,
        "birth_heaped": False,
        "kelurahan_code": "35.73.01.1001",
        "street": "MAWAR",
    }
    row.update(fields)
    row.setdefault("sex_source", "daftar" if fields.get("sex") else "nik")
    nik = row.get("nik")
    if isinstance(nik, str):
        row.setdefault("nik_digits", nik)
        day, month, year = int(nik[6:8]), int(nik[8:10]), int(nik[10:12])
        born = dt.date(1900 + year if year > 22 else 2000 + year, month, day - 40 if day > 40 else day)
        row.setdefault("nik_birth", born)
        row.setdefault("sex", "P" if day > 40 else "L")
        if not row.get("birth_date"):
            row["birth_date"], row["birth_source"] = born, "nik"
    if isinstance(row.get("kk"), str):
        row.setdefault("kk_digits", row["kk"])
    return row


def rows(*people: dict[str, object]) -> ir.Table:
    return IDENTIFIED.rows(people)
