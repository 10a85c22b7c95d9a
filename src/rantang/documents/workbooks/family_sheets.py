"""The sheets of a work list about families: who is not served, whom to visit, what a plan would change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rantang.documents.report import labels
from rantang.documents.workbooks import tasks
from rantang.documents.workbooks.columns import answer, key, place, where
from rantang.documents.workbooks.sheets import Column, Sheet
from rantang.planning import outputs
from rantang.texts import _
from rantang.vocabulary import numbers
from rantang.welfare.reasons import in_words

Rows = list[dict[str, Any]]


def unserved(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    """Families that qualify and are not served."""
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
            *place(scope),
            answer(_("proposed"), _("not eligible"), _("refuses"), _("not found")),
            key(),
        ),
        [
            (
                row["name"],
                kk,
                scope.names(row["eligible_for"]),
                scope.names(row["programmes"], mine=False),
                _("yes") if row["gap"] else "",
                labels.welfare(row["class_"] or ""),
                *where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def lapsed(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    """Families that must always be helped, whose aid stopped or never came."""
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
            *place(scope),
            answer(_("aid resumed"), _("moved"), _("died"), _("not poor any more"), _("not found")),
            key(),
        ),
        [
            (
                row["name"],
                kk,
                _("never had aid") if row["never_aided"] else numbers.month(row["lapse"] or ""),
                row["months_aided"],
                *where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def visits(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    """Families near the score's cut, the most valuable visit first."""
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
            *place(scope),
            answer(_("poor"), _("not poor"), _("moved"), _("not found")),
            key(),
        ),
        [
            (
                row["name"],
                kk,
                labels.welfare(row["class_"] or ""),
                numbers.chance(row["p_miskin"]) if row["p_miskin"] is not None else "",
                "; ".join(in_words(row["alasan"])),
                *where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def planned(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    """What the draft plan would change."""
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
            *place(scope),
            answer(_("agreed"), _("not agreed"), _("not found")),
            key(),
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
                *where(scope, row),
                "",
                row["family_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )


def papers(scope: tasks.Scope, numbers_of: Callable[[Rows, str], list[str]]) -> Sheet | None:
    """People who wait for a valid NIK."""
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
            *place(scope),
            answer(_("NIK found"), _("being recorded"), _("not found")),
            key(),
        ),
        [
            (
                row["name"],
                kk,
                _("no NIK") if row["dukcapil_queue"] == "tanpa-nik" else _("NIK faulty"),
                row["age"],
                row["sex"],
                *where(scope, row),
                "",
                row["person_id"],
            )
            for row, kk in zip(rows, kks, strict=True)
        ],
    )
