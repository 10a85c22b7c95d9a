"""What identity tells the agencies: numbers that cannot be, facts that contradict each other.

Nothing here refuses a row, and what differs between NIK and list is *soft*: a NIK stays when a date or
sex is corrected or the person moves.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.catalogue import entries
from rantang.tables.intake import FINDINGS
from rantang.vocabulary import nik

OF_NIK: Final = {
    "tanggal": "NIK-TANGGAL",
    "serial": "NIK-SERIAL",
    "wilayah": "NIK-WILAYAH",
    "sama-kk": "NIK-SAMA-KK",
}
OF_KK: Final = {"tanggal": "KK-TANGGAL", "serial": "KK-SERIAL", "wilayah": "KK-WILAYAH"}
OF_AREA: Final = {"tak-dikenal": "WILAYAH-TAK-DIKENAL", "dieja": "WILAYAH-DIEJA", "luar": "WILAYAH-LUAR"}
COLUMN: Final = {
    **dict.fromkeys(OF_NIK.values(), "nik"),
    **dict.fromkeys(OF_KK.values(), "kk"),
    **dict.fromkeys(OF_AREA.values(), "kelurahan"),
    "NIK-TANGGAL-BEDA": "birth_date",
    "NIK-KELAMIN-BEDA": "sex",
}


def findings(identified: ir.Table, rows: ir.Table) -> ir.Table:
    """Return one finding for each thing that is wrong or notable with a row's identity.

    Parameters
    ----------
    identified
        Rows standardised.
    rows
        The same rows as intake handed them on (for what the list itself wrote).

    Returns
    -------
    The columns of ``FINDINGS`` without where the row came from; numbers are masked, dates are not
    shown at all (the evidence says which part differs).
    """
    written = rows.select("row_key", listed_sex="sex", wrote_kelurahan="kelurahan", wrote_code="area_code")
    joined = identified.inner_join(written, "row_key")
    differs = (joined.birth_source == "daftar") & (joined.nik_birth != joined.birth_date)
    codes = ibis.array(
        [
            _code(joined.nik_state, OF_NIK),
            _code(joined.kk_state, OF_KK),
            _code(joined.area_state, OF_AREA),
            _where(differs, "NIK-TANGGAL-BEDA"),
            _where(joined.listed_sex != joined.nik_sex, "NIK-KELAMIN-BEDA"),
        ]
    )
    each = joined.mutate(code=codes.unnest())
    return _shown(each.filter(each.code.notnull()))


def _code(state: ir.StringValue, codes: dict[str, str]) -> ir.StringValue:
    return ibis.cases(*((state == name, code) for name, code in codes.items()), else_=ibis.null("string"))


def _where(condition: ir.BooleanValue, code: str) -> ir.StringValue:
    return condition.fill_null(False).ifelse(code, ibis.null("string"))


def _shown(each: ir.Table) -> ir.Table:
    nothing = ibis.null("string")
    column = ibis.cases(*((each.code == code, name) for code, name in COLUMN.items()), else_=nothing)
    value = ibis.cases(
        (column == "nik", nik.mask(each.nik_digits)),
        (column == "kk", nik.mask(each.kk_digits)),
        (column == "kelurahan", nik.hidden(ibis.coalesce(each.wrote_kelurahan, each.wrote_code))),
        (column == "sex", each.listed_sex),
        else_=nothing,
    )
    evidence = ibis.cases(
        (each.code == "NIK-TANGGAL-BEDA", _difference(each.birth_date, each.nik_birth)),
        (each.code == "NIK-KELAMIN-BEDA", ibis.literal("nik=") + each.nik_sex),
        (each.code == "WILAYAH-DIEJA", ibis.literal("kode=") + each.kelurahan_code),
        else_=nothing,
    )
    known = [entries()[code] for code in COLUMN]
    return FINDINGS.conform(
        each.mutate(
            severity=ibis.cases(
                *((each.code == entry.code, entry.severity) for entry in known), else_=nothing
            ),
            acts=ibis.cases(*((each.code == entry.code, entry.acts) for entry in known), else_=nothing),
            subject=ibis.literal("row"),
            subject_id=each.row_key,
            column=column,
            value=value,
            evidence=evidence,
            needs_word=ibis.literal(False),
        )
    )


def _difference(listed: ir.DateValue, inside: ir.DateValue) -> ir.StringValue:
    """Say which part of two dates differs: ``beda=tahun``, ``beda=hari bulan tertukar``, …."""
    day, month = listed.day() == inside.day(), listed.month() == inside.month()
    year = listed.year() == inside.year()
    swapped = year & (listed.day() == inside.month()) & (listed.month() == inside.day())
    return ibis.literal("beda=") + ibis.cases(
        (swapped, "hari bulan tertukar"),
        (day & month, "tahun"),
        (month & year, "hari"),
        (day & year, "bulan"),
        else_="lebih dari satu bagian",
    )
