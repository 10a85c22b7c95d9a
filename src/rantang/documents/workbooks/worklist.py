"""Work lists: one workbook for an agency or a kelurahan, one sheet a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis.expr.types as ir

from rantang.catalogue import Description, describe
from rantang.cities.model import Area, City
from rantang.documents import labels
from rantang.documents.workbooks import tasks
from rantang.documents.workbooks.columns import NumbersOf, Rows, answer, key, of_people, place, where
from rantang.documents.workbooks.family_sheets import lapsed, papers, planned, unserved, visits
from rantang.documents.workbooks.sheets import Column, Cover, Sheet, write
from rantang.errors import RantangError
from rantang.texts import _
from rantang.vocabulary import numbers

Reveal = Callable[[Sequence[str | None]], Sequence[str | None]]


@dataclass(frozen=True, slots=True)
class Request:
    """Who asks for what.

    Attributes
    ----------
    agency, kelurahan
        Exactly one: an agency's code, or a kelurahan's code or name.
    with_nik, purpose
        NIK and KK in full only where a purpose is given; the caller logs it.
    """

    agency: str = ""
    kelurahan: str = ""
    with_nik: bool = False
    purpose: str = ""


def worklist(
    tables: Mapping[str, ir.Table],
    manifest: Mapping[str, Any],
    city: City,
    request: Request,
    reveal: Reveal | None = None,
) -> bytes:
    """Write the work list of an agency or a kelurahan as XLSX.

    Parameters
    ----------
    tables
        The edition's tables; `persons` with `nik` and `kk` in clear, or as ciphertext beside
        `nik_masked` and `kk_masked`.
    reveal
        Turns ciphertext into numbers; needed with `with_nik` where `nik` is ciphertext.

    Raises
    ------
    RantangError
        ``KERJA-SIAPA`` neither or both of agency and kelurahan, ``KERJA-TAK-DIKENAL`` unknown one,
        ``KERJA-SENAMA`` several kelurahan of one name, ``KERJA-KEPERLUAN`` NIK wanted without a purpose.
    """
    if request.with_nik and not request.purpose.strip():
        raise RantangError("KERJA-KEPERLUAN")
    area = _area(city, request)
    scope = tasks.Scope(
        tables=tables, city=city, period=str(manifest["period"]), agency=request.agency, area=area
    )
    numbers_of = _numbers(request.with_nik, reveal)
    sheets = [sheet for build in _SHEETS if (sheet := build(scope, numbers_of)) is not None]
    return write(_cover(manifest, city, request, area), sheets)


def _area(city: City, request: Request) -> str:
    """Return the kelurahan's code, empty for an agency."""
    if bool(request.agency) == bool(request.kelurahan):
        raise RantangError("KERJA-SIAPA")
    if request.agency:
        if city.agency(request.agency) is None:
            known = ", ".join(agency.code for agency in city.agencies)
            raise RantangError("KERJA-TAK-DIKENAL", name=request.agency, known=known)
        return ""
    wanted = request.kelurahan.casefold()
    found = [area for area in city.areas if wanted in _called(area)]
    if len(found) > 1:
        codes = ", ".join(f"{area.code} ({area.kecamatan})" for area in found)
        raise RantangError("KERJA-SENAMA", name=request.kelurahan, codes=codes)
    if not found:
        known = ", ".join(area.name for area in city.areas)
        raise RantangError("KERJA-TAK-DIKENAL", name=request.kelurahan, known=known)
    return found[0].code


def _called(area: Area) -> tuple[str, ...]:
    """Return what a kelurahan may be asked for by: its codes, its name and its variants, folded."""
    names = (name.casefold() for name in (area.name, *area.variants))
    return (area.code, area.code.replace(".", ""), area.code_bps, *names)


def _numbers(with_nik: bool, reveal: Reveal | None) -> NumbersOf:
    """Return how NIK and KK are written: masked, or in full."""

    def column(rows: Rows, name: str) -> list[str]:
        if not with_nik:
            return [row.get(f"{name}_masked") or mask(row.get(name)) for row in rows]
        values = [row.get(name) for row in rows]
        return [value or "" for value in (reveal(values) if reveal else values)]

    return column


def mask(number: str | None) -> str:
    """Mask a NIK or KK: the first four and last two digits stay, no birth date."""
    if not number:
        return ""
    return f"{number[:4]}••••••••••{number[-2:]}" if len(number) >= 12 else "••••"


def _cover(manifest: Mapping[str, Any], city: City, request: Request, area: str) -> Cover:
    who = (
        labels.agency(city, request.agency)
        if request.agency
        else next(a.name for a in city.areas if a.code == area)
    )
    period = numbers.month(str(manifest["period"]))
    edition = str(manifest.get("edition", ""))
    shown = (
        _(
            "NIK and KK stand here in full, for: {purpose}. This was logged. Do not forward this file.",
            purpose=request.purpose,
        )
        if request.with_nik
        else _("NIK and KK are masked. Whoever needs them in full asks with --with-nik --purpose.")
    )
    lines = (
        _("{place}, edition of {period} ({edition}).", place=city.name, period=period, edition=edition),
        _(
            "Each sheet is one task. Fill the framed column at the right; leave the key in the last "
            "column as it is."
        ),
        _("This file names people: keep it to those who do the work, and delete it when done."),
        shown,
        *((_("Synthetic people: nobody in this file exists."),) if manifest.get("synthetic") else ()),
    )
    return Cover(
        name=_("Read first"),
        title=_("Work list: {who}", who=who),
        lines=lines,
        heads=(_("Sheet"), _("Rows"), _("What to do")),
        footer=f"Rantang · {who} · {period} · {edition}",
    )


def _mend(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """Findings: an agency mends its file and needs the row, a kelurahan asks people and needs the address."""
    rows = tasks.findings(scope)
    niks = numbers_of(rows, "nik")
    told = [_told(row) for row in rows]
    heads = (
        place(scope)
        if scope.area
        else (
            Column(_("Column"), 12),
            Column(_("Value"), 18, "wrap"),
            Column(_("File"), 24, "wrap"),
            Column(_("Sheet"), 10),
            Column(_("Row"), 7, "number"),
            Column(_("Kelurahan"), 15),
        )
    )

    def at(row: Mapping[str, Any]) -> tuple[Any, ...]:
        if scope.area:
            return where(scope, row)
        told_at = (row[name] for name in ("column", "value", "file", "sheet", "row"))
        return (*told_at, scope.village(row["kelurahan_code"]))

    return Sheet(
        _("To settle") if scope.area else _("Mend data"),
        _("Ask at the house or the RT, then say whether it is so; nothing changes before you answer.")
        if scope.area
        else _("Mend these in your own list; the next delivery is checked anew."),
        (
            Column(_("Name"), 26, "wrap"),
            Column("NIK", 19),
            Column(_("Finding"), 34, "wrap"),
            Column(_("What to do"), 34, "wrap"),
            *heads,
            answer(_("is so"), _("is not so"), _("not found"))
            if scope.area
            else answer(_("mended"), _("is right"), _("to ask")),
            Column(_("Code"), 20, "key"),
            key(),
        ),
        [
            (
                row["name"],
                nik,
                each.message,
                each.mend,
                *at(row),
                "",
                row["code"],
                row["row_key"] or row["subject_id"],
            )
            for row, nik, each in zip(rows, niks, told, strict=True)
        ],
    )


def _told(row: Mapping[str, Any]) -> Description:
    """Return what a finding says of its row; in general where the row does not hold what it speaks of."""
    held = {name: row[name] for name in ("column", "value", "file", "sheet") if row[name]}
    return describe(row["code"], held)


def _visit(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """Findings about families: nothing in a list to mend, somebody to visit."""
    rows = [] if scope.area else tasks.families(scope)
    if not rows:
        return None
    told = {code: describe(code) for code in {row["code"] for row in rows}}
    return of_people(
        scope,
        numbers_of,
        rows,
        _("Families to settle"),
        _("These are about families, not rows of your list: look into each, and visit where it says so."),
        (
            Column(_("Finding"), 34, "wrap"),
            Column(_("What to do"), 34, "wrap"),
        ),
        lambda row: (told[row["code"]].message, told[row["code"]].mend),
        (_("is so"), _("is not so"), _("not found")),
        who=_("Head of family"),
        number="kk",
        of="subject_id",
        more_keys=((_("Code"), "code"),),
    )


def _reasons(codes: str | None) -> str:
    return "; ".join(describe(code).message for code in (codes or "").split())


def _verify(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    return of_people(
        scope,
        numbers_of,
        tasks.doubted(scope),
        _("To verify"),
        _("Ask or visit before the next payment. Doubt alone stops nobody's aid."),
        (
            Column(_("Programme"), 22, "wrap"),
            Column(_("Month"), 16),
            Column(_("Why"), 46, "wrap"),
            Column(_("Rupiah"), 14, "money"),
        ),
        lambda row: (
            labels.programme_name(scope.city, row["programme"]),
            numbers.month(row["period"]),
            _reasons(row["reasons"]),
            row["amount"],
        ),
        (_("eligible"), _("not eligible"), _("not found")),
    )


def _doubles(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    return of_people(
        scope,
        numbers_of,
        tasks.doubles(scope),
        _("Double rows"),
        _("Rows of one list held to be the same person stand together: keep one, or say that they differ."),
        (
            Column(_("List"), 22, "wrap"),
            Column(_("Month"), 16),
            Column(_("Why one person"), 30, "wrap"),
            Column(_("File"), 26, "wrap"),
            Column(_("Sheet"), 14),
            Column(_("Row"), 8, "number"),
            Column(_("Kelurahan"), 18),
        ),
        lambda row: (
            labels.list_name(scope.city, row["kind"], row["programme"] or ""),
            numbers.month(row["period"]),
            labels.evidence(row["evidence"]),
            row["file"],
            row["sheet"],
            row["row"],
            scope.village(row["kelurahan_code"]),
        ),
        (_("same person"), _("different people")),
        addressed=False,
    )


def _pairs(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    if scope.area:
        return None
    return of_people(
        scope,
        numbers_of,
        [{**row, "name": row["name"] or _resident(row)} for row in tasks.pairs(scope)],
        _("Same person or not"),
        _(
            "Judge whether the row and the person are one; the most telling pairs come first. A row with "
            "several candidates stands there once for each."
        ),
        (
            Column(_("Row now taken for"), 26, "wrap"),
            Column(_("Age"), 7, "number"),
            Column(_("Address"), 32),
            Column(_("Kelurahan"), 18),
            Column(_("List"), 18, "wrap"),
            Column(_("File"), 26, "wrap"),
            Column(_("Row"), 8, "number"),
            Column(_("What agrees"), 34, "wrap"),
        ),
        lambda row: (
            row["row_name"],
            row["age"],
            row["address"],
            scope.village(row["kelurahan_code"]),
            labels.kind(row["kind"]),
            row["file"],
            row["row"],
            labels.evidence(row["evidence"]),
        ),
        (_("same person"), _("different people"), _("do not know")),
        who=_("Person on the register"),
        addressed=False,
        more_keys=((_("Key of the candidate"), "candidate_key"),),
    )


def _resident(pair: Mapping[str, Any]) -> str:
    """Say where a candidate stands whom only the list of residents knows."""
    if pair["candidate_file"] is None:
        return _("on the residents' list only")
    return _(
        "on the residents' list only: {file}, row {row}",
        file=pair["candidate_file"],
        row=pair["candidate_row"],
    )


_SHEETS: Final = (_mend, _visit, _verify, _doubles, _pairs, unserved, lapsed, visits, planned, papers)
