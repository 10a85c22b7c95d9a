"""Work lists: one workbook for an agency or a kelurahan, one sheet a task."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import ibis.expr.types as ir

from rantang.catalogue import describe
from rantang.cities.model import City
from rantang.documents.report import labels
from rantang.documents.workbooks import tasks
from rantang.documents.workbooks.sheets import Column, Cover, Sheet, write
from rantang.errors import RantangError
from rantang.planning import outputs
from rantang.texts import _
from rantang.vocabulary import numbers
from rantang.welfare.reasons import in_words

Reveal = Callable[[Sequence[str | None]], Sequence[str | None]]
Rows = list[dict[str, Any]]


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
        ``KERJA-KEPERLUAN`` NIK wanted without a purpose.
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
    for area in city.areas:
        if wanted in (area.code, area.name.casefold(), *(variant.casefold() for variant in area.variants)):
            return area.code
    known = ", ".join(area.name for area in city.areas)
    raise RantangError("KERJA-TAK-DIKENAL", name=request.kelurahan, known=known)


def _numbers(with_nik: bool, reveal: Reveal | None) -> Callable[[Rows, str], list[str]]:
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


def _answer(*choices: str) -> Column:
    return Column(_("Result"), 18, "answer", choices)


def _key() -> Column:
    return Column(_("Key"), 20, "key")


def _place(scope: tasks.Scope) -> tuple[Column, ...]:
    """Return the columns of an address; a kelurahan's own list need not repeat its name."""
    village = () if scope.area else (Column(_("Kelurahan"), 16),)
    return (Column(_("Address"), 28, "wrap"), Column("RT", 5), Column("RW", 5), *village)


def _where(scope: tasks.Scope, row: Mapping[str, Any]) -> tuple[Any, ...]:
    village = () if scope.area else (scope.village(row["kelurahan_code"]),)
    return (row["address"], row["rt"], row["rw"], *village)


def _mend(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    """Findings: an agency mends its file and needs the row, a kelurahan asks people and needs the address."""
    rows = tasks.findings(scope)
    niks = numbers_of(rows, "nik")
    told = {code: describe(code) for code in {row["code"] for row in rows}}
    where = (
        _place(scope)
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

    def place(row: Mapping[str, Any]) -> tuple[Any, ...]:
        if scope.area:
            return _where(scope, row)
        at = (row[name] for name in ("column", "value", "file", "sheet", "row"))
        return (*at, scope.village(row["kelurahan_code"]))

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
            *where,
            _answer(_("is so"), _("is not so"), _("not found"))
            if scope.area
            else _answer(_("mended"), _("is right"), _("to ask")),
            Column(_("Code"), 20, "key"),
            _key(),
        ),
        [
            (
                row["name"],
                nik,
                _filled(told[row["code"]].message),
                _filled(told[row["code"]].mend),
                *place(row),
                "",
                row["code"],
                row["row_key"] or row["subject_id"],
            )
            for row, nik in zip(rows, niks, strict=True)
        ],
    )


def _filled(text: str) -> str:
    return text.replace("…", "").strip()


def _reasons(codes: str | None) -> str:
    return "; ".join(_filled(describe(code).message) for code in (codes or "").split())


def _verify(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.doubted(scope)
    niks = numbers_of(rows, "nik")
    return Sheet(
        _("To verify"),
        _("Ask or visit before the next payment. Doubt alone stops nobody's aid."),
        (
            Column(_("Name"), 26, "wrap"),
            Column("NIK", 19),
            Column(_("Programme"), 22, "wrap"),
            Column(_("Month"), 16),
            Column(_("Why"), 46, "wrap"),
            Column(_("Rupiah"), 14, "money"),
            *_place(scope),
            _answer(_("eligible"), _("not eligible"), _("not found")),
            _key(),
        ),
        [
            (
                row["name"],
                nik,
                labels.programme_name(scope.city, row["programme"]),
                numbers.month(row["period"]),
                _reasons(row["reasons"]),
                row["amount"],
                *_where(scope, row),
                "",
                row["row_key"],
            )
            for row, nik in zip(rows, niks, strict=True)
        ],
    )


def _doubles(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.doubles(scope)
    niks = numbers_of(rows, "nik")
    return Sheet(
        _("Double rows"),
        _("Rows of one list held to be the same person stand together: keep one, or say that they differ."),
        (
            Column(_("Name"), 26, "wrap"),
            Column("NIK", 19),
            Column(_("List"), 22, "wrap"),
            Column(_("Month"), 16),
            Column(_("Why one person"), 30, "wrap"),
            Column(_("File"), 26, "wrap"),
            Column(_("Sheet"), 14),
            Column(_("Row"), 8, "number"),
            Column(_("Kelurahan"), 18),
            _answer(_("same person"), _("different people")),
            _key(),
        ),
        [
            (
                row["name"],
                nik,
                labels.list_name(scope.city, row["kind"], row["programme"] or ""),
                numbers.month(row["period"]),
                labels.evidence(row["evidence"]),
                row["file"],
                row["sheet"],
                row["row"],
                scope.village(row["kelurahan_code"]),
                "",
                row["row_key"],
            )
            for row, nik in zip(rows, niks, strict=True)
        ],
    )


def _pairs(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    if scope.area:
        return None
    rows = tasks.pairs(scope)
    niks = numbers_of(rows, "nik")
    return Sheet(
        _("Same person or not"),
        _("Judge whether the row and the person are one; the most telling pairs come first."),
        (
            Column(_("Person on the register"), 26, "wrap"),
            Column("NIK", 19),
            Column(_("Age"), 7, "number"),
            Column(_("Address"), 32),
            Column(_("Kelurahan"), 18),
            Column(_("List"), 18, "wrap"),
            Column(_("File"), 26, "wrap"),
            Column(_("Row"), 8, "number"),
            Column(_("What agrees"), 34, "wrap"),
            _answer(_("same person"), _("different people"), _("do not know")),
            _key(),
        ),
        [
            (
                row["name"],
                nik,
                row["age"],
                row["address"],
                scope.village(row["kelurahan_code"]),
                labels.kind(row["kind"]),
                row["file"],
                row["row"],
                labels.evidence(row["evidence"]),
                "",
                row["row_key"],
            )
            for row, nik in zip(rows, niks, strict=True)
        ],
    )


def _unserved(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.unserved(scope)
    kks = numbers_of(rows, "kk")
    return Sheet(
        _("Not served"),
        _(
            "These families meet a programme's rule and do not receive it; those with nothing at all "
            "come first."
        ),
        (
            Column(_("Head of family"), 26, "wrap"),
            Column("KK", 19),
            Column(_("Qualifies for"), 44, "wrap"),
            Column(_("Receives"), 32, "wrap"),
            Column(_("Nothing at all"), 9),
            Column(_("Class"), 16, "wrap"),
            *_place(scope),
            _answer(_("proposed"), _("not eligible"), _("refuses"), _("not found")),
            _key(),
        ),
        [
            (
                row["name"],
                kk,
                scope.names(row["eligible_for"]),
                scope.names(row["programmes"], mine=False),
                _("yes") if row["gap"] else "",
                labels.welfare(row["class_"] or ""),
                *_where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def _lapsed(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.lapsed(scope)
    if rows is None:
        return None
    kks = numbers_of(rows, "kk")
    return Sheet(
        _("Aid broken off"),
        _("Families that must always be helped (class: chronic): find out why aid stopped, or never came."),
        (
            Column(_("Head of family"), 26, "wrap"),
            Column("KK", 19),
            Column(_("Without aid since"), 18),
            Column(_("Months with aid (of 6)"), 12, "number"),
            *_place(scope),
            _answer(_("aid resumed"), _("moved"), _("died"), _("not poor any more"), _("not found")),
            _key(),
        ),
        [
            (
                row["name"],
                kk,
                _("never had aid") if row["never_aided"] else numbers.month(row["lapse"] or ""),
                row["months_aided"],
                *_where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def _visits(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.visits(scope)
    if not rows:
        return None
    kks = numbers_of(rows, "kk")
    return Sheet(
        _("To visit"),
        _("A visit is worth most here: the score may be wrong. It decides nothing; what you see decides."),
        (
            Column(_("Head of family"), 26, "wrap"),
            Column("KK", 19),
            Column(_("Class by score"), 16, "wrap"),
            Column(_("Chance of being poor"), 11),
            Column(_("What moved the score"), 52, "wrap"),
            *_place(scope),
            _answer(_("poor"), _("not poor"), _("moved"), _("not found")),
            _key(),
        ),
        [
            (
                row["name"],
                kk,
                labels.welfare(row["class_"] or ""),
                numbers.chance(row["p_miskin"]) if row["p_miskin"] is not None else "",
                "; ".join(in_words(row["alasan"])),
                *_where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def _planned(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.planned(scope)
    if not rows:
        return None
    kks = numbers_of(rows, "kk")
    return Sheet(
        _("Draft plan"),
        _("What the best plan would change. It is a proposal: nothing begins or ends by this list."),
        (
            Column(_("Head of family"), 26, "wrap"),
            Column("KK", 19),
            Column(_("Programme"), 24, "wrap"),
            Column(_("Change"), 12),
            Column(_("Rupiah a year"), 14, "money"),
            Column(_("Why"), 46, "wrap"),
            *_place(scope),
            _answer(_("agreed"), _("not agreed"), _("not found")),
            _key(),
        ),
        [
            (
                row["name"],
                kk,
                labels.programme_name(scope.city, row["programme"]),
                _("begins") if row["starts"] else _("ends"),
                row["cost"],
                outputs.words(row["why"])
                if row["why"]
                else _("The money closes more of the gap elsewhere, or the programme's places are taken."),
                *_where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def _papers(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    rows = tasks.without_nik(scope)
    if rows is None:
        return None
    kks = numbers_of(rows, "kk")
    return Sheet(
        _("No valid NIK"),
        _("Help these people to a valid NIK; they stay on the register meanwhile."),
        (
            Column(_("Name"), 26, "wrap"),
            Column("KK", 19),
            Column(_("What is missing"), 16),
            Column(_("Age"), 7, "number"),
            Column(_("Sex"), 8),
            *_place(scope),
            _answer(_("NIK found"), _("being recorded"), _("not found")),
            _key(),
        ),
        [
            (
                row["name"],
                kk,
                _("no NIK") if row["dukcapil_queue"] == "tanpa-nik" else _("NIK faulty"),
                row["age"],
                row["sex"],
                *_where(scope, row),
                "",
                row["person_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


_SHEETS: Final = (_mend, _verify, _doubles, _pairs, _unserved, _lapsed, _visits, _planned, _papers)
