"""The screening workbook: planned participants checked before delivery, row by row in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rantang.catalogue import describe
from rantang.cities.model import City
from rantang.documents import labels
from rantang.documents.workbooks.sheets import Column, Cover, Sheet, write
from rantang.texts import _
from rantang.vocabulary import numbers

OK = "SALUR-LAYAK"
NOT_PLANNED = "SALUR-BELUM-DIRENCANAKAN"
UNUSABLE = "SALUR-TAK-TERBACA"


def screening(
    rows: Sequence[Mapping[str, Any]],
    manifest: Mapping[str, Any],
    city: City,
    programme: str,
    planned_file: str,
) -> bytes:
    """Write what the check before delivery found.

    Parameters
    ----------
    rows
        Screened rows (`rantang.tables.synergy.SCREENED`) with the planned row's `name` and `nik` as
        written beside them, `same_as` (the row before it that is the same person or family), and for
        those who are not on the list the register's `name`, masked `nik`, `address`, `rt`, `rw`. Rows that
        could not be checked (`UNUSABLE`) have their line, `name` and `nik` as written.
    programme
        Code of the programme that is to be delivered.
    planned_file
        Name of the file that was checked.
    """
    planned = sorted((row for row in rows if row["verdict"] != NOT_PLANNED), key=lambda row: row["line"] or 0)
    absent = sorted((row for row in rows if row["verdict"] == NOT_PLANNED), key=_poorest_first)
    village = {area.code: area.name for area in city.areas}
    look = [row for row in planned if row["verdict"] != OK]
    name = labels.programme_name(city, programme)
    cover = Cover(
        name=_("Read first"),
        title=_("Check before delivery: {programme}", programme=name),
        lines=(
            _(
                "{file}, checked against {place}, edition of {period} ({edition}).",
                file=planned_file,
                place=city.name,
                period=numbers.month(str(manifest["period"])),
                edition=str(manifest.get("edition", "")),
            ),
            _(
                "{count} of {all} planned participants need a look before delivery.",
                count=numbers.whole(len(look)),
                all=numbers.whole(len(planned)),
            ),
            _(
                "A verdict tells what to look at; it strikes nobody off. This file names people: keep it "
                "close."
            ),
            *((_("Synthetic people: nobody in this file exists."),) if manifest.get("synthetic") else ()),
        ),
        heads=(_("Sheet"), _("Rows"), _("What to do")),
        footer=f"Rantang · {name} · {manifest.get('edition', '')}",
    )
    return write(
        cover,
        (
            Sheet(
                _("To look at"),
                _("Settle these before the money or goods go out."),
                _columns(),
                [_planned(row, village, city) for row in look],
            ),
            Sheet(
                _("All planned"),
                _("Every row of the list, in its own order."),
                _columns(),
                [_planned(row, village, city) for row in planned],
            ),
            Sheet(
                _("Qualify, not planned"),
                _("They meet the rule, receive nothing of the kind and are not on the list."),
                _absent_columns(),
                [_absent(row, village) for row in absent],
            ),
        ),
    )


def _columns() -> tuple[Column, ...]:
    return (
        Column(_("Row"), 7, "number"),
        Column(_("Name"), 26, "wrap"),
        Column("NIK", 19),
        Column(_("Verdict"), 38, "wrap"),
        Column(_("What to do"), 38, "wrap"),
        Column(_("Served by"), 26, "wrap"),
        Column(_("Same as row"), 9, "number"),
        Column(_("Link"), 12),
        Column(_("Probability"), 10),
        Column(_("Kelurahan"), 16, "wrap"),
        Column(_("Result"), 18, "answer", (_("deliver"), _("do not deliver"), _("to ask"))),
        Column(_("Code"), 30, "key"),
    )


def _poorest_first(row: Mapping[str, Any]) -> tuple[Any, ...]:
    place = [str(row.get(name) or "") for name in ("kelurahan_code", "rw", "rt", "name", "unit_id")]
    return (row.get("desil_nasional") or 99, place[0], place[1].zfill(3), place[2].zfill(3), *place[3:])


def _served_by(codes: str | None, city: City) -> str:
    """Name programmes and agencies of ``PROGRAMME/agency`` codes."""
    parts = [code.partition("/") for code in (codes or "").split()]
    return "; ".join(
        f"{labels.programme_name(city, programme)} ({labels.agency(city, agency)})"
        for programme, _slash, agency in parts
    )


def _planned(row: Mapping[str, Any], village: Mapping[str, str], city: City) -> tuple[Any, ...]:
    codes = str(row.get("verdicts") or row["verdict"]).split()
    told = [describe(code) for code in codes]
    p = row.get("probability")
    return (
        row["line"],
        row.get("name"),
        row.get("nik"),
        " ".join(t.message for t in told),
        " ".join(t.mend for t in told if t.mend),
        _served_by(row.get("served_by"), city),
        row.get("same_as"),
        labels.tier(row.get("tier") or ""),
        "" if p is None else numbers.percent(100 * p, 1),
        village.get(row.get("kelurahan_code") or "", ""),
        "",
        " ".join(codes),
    )


def _absent_columns() -> tuple[Column, ...]:
    return (
        Column(_("Name"), 30, "wrap"),
        Column("NIK", 19),
        Column(_("Class"), 20, "wrap"),
        Column(_("Decile"), 7, "number"),
        Column(_("Address"), 34, "wrap"),
        Column("RT", 5),
        Column("RW", 5),
        Column(_("Kelurahan"), 18),
        Column(_("Result"), 20, "answer", (_("proposed"), _("not eligible"), _("not found"))),
        Column(_("Key"), 20, "key"),
    )


def _absent(row: Mapping[str, Any], village: Mapping[str, str]) -> tuple[Any, ...]:
    return (
        row.get("name"),
        row.get("nik"),
        labels.welfare(row.get("class_") or ""),
        row.get("desil_nasional"),
        row.get("address"),
        row.get("rt"),
        row.get("rw"),
        village.get(row.get("kelurahan_code") or "", ""),
        "",
        row.get("unit_id"),
    )
