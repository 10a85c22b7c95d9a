"""The screening workbook: planned participants checked before delivery, row by row in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rantang.catalogue import describe
from rantang.cities.model import City
from rantang.documents.report import labels
from rantang.documents.workbooks.sheets import Column, Cover, Sheet, write
from rantang.texts import _
from rantang.vocabulary import numbers

OK = "SALUR-LAYAK"
NOT_PLANNED = "SALUR-BELUM-DIRENCANAKAN"


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
        written beside them, and for those who are not on the list the register's `name`, masked
        `nik`, `address`, `rt`, `rw`.
    programme
        Code of the programme that is to be delivered.
    planned_file
        Name of the file that was checked.
    """
    planned = sorted((row for row in rows if row["verdict"] != NOT_PLANNED), key=lambda row: row["line"] or 0)
    absent = [row for row in rows if row["verdict"] == NOT_PLANNED]
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
                [_planned(row, village) for row in look],
            ),
            Sheet(
                _("All planned"),
                _("Every row of the list, in its own order."),
                _columns(),
                [_planned(row, village) for row in planned],
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
        Column(_("Row"), 8, "number"),
        Column(_("Name"), 28),
        Column("NIK", 19),
        Column(_("Verdict"), 40, "wrap"),
        Column(_("What to do"), 44, "wrap"),
        Column(_("Served by"), 30, "wrap"),
        Column(_("Link"), 12),
        Column(_("Probability"), 11),
        Column(_("Kelurahan"), 18),
        Column(_("Result"), 22, "answer", (_("deliver"), _("do not deliver"), _("to ask"))),
        Column(_("Code"), 30),
    )


def _planned(row: Mapping[str, Any], village: Mapping[str, str]) -> tuple[Any, ...]:
    codes = str(row.get("verdicts") or row["verdict"]).split()
    told = [describe(code) for code in codes]
    p = row.get("probability")
    return (
        row["line"],
        row.get("name"),
        row.get("nik"),
        "; ".join(t.message for t in told),
        "; ".join(t.mend for t in told if t.mend),
        row.get("served_by"),
        row.get("tier"),
        "" if p is None else numbers.percent(100 * p, 1),
        village.get(row.get("kelurahan_code") or "", ""),
        "",
        " ".join(codes),
    )


def _absent_columns() -> tuple[Column, ...]:
    return (
        Column(_("Name"), 28),
        Column("NIK", 19),
        Column(_("Class"), 22),
        Column(_("Decile"), 8, "number"),
        Column(_("Address"), 32),
        Column("RT", 5),
        Column("RW", 5),
        Column(_("Kelurahan"), 18),
        Column(_("Result"), 22, "answer", (_("proposed"), _("not eligible"), _("not found"))),
        Column(_("Key"), 20),
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
