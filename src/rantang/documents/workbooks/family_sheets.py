"""The sheets of a work list about families: who is not served, whom to visit, what a plan would change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rantang.documents import labels
from rantang.documents.workbooks import tasks
from rantang.documents.workbooks.columns import NumbersOf, Rows, of_people
from rantang.documents.workbooks.sheets import Column, Sheet
from rantang.planning import outputs
from rantang.texts import _
from rantang.vocabulary import numbers
from rantang.welfare.reasons import in_words


def _of_families(
    scope: tasks.Scope,
    numbers_of: NumbersOf,
    rows: Rows,
    title: str,
    lead: str,
    columns: tuple[Column, ...],
    cells: Callable[[Mapping[str, Any]], tuple[Any, ...]],
    answers: tuple[str, ...],
) -> Sheet:
    return of_people(
        scope, numbers_of, rows, title, lead, columns, cells, answers,
        who=_("Head of family"), number="kk", of="family_id",
    )  # fmt: skip


def unserved(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """Families that qualify and are not served."""
    return _of_families(
        scope,
        numbers_of,
        tasks.unserved(scope),
        _("Not served"),
        _(
            "These families meet a programme's rule and do not receive it; those with nothing at all "
            "come first."
        ),
        (
            Column(_("Qualifies for"), 44, "wrap"),
            Column(_("Receives"), 32, "wrap"),
            Column(_("Nothing at all"), 9),
            Column(_("Class"), 16, "wrap"),
        ),
        lambda row: (
            scope.names(row["eligible_for"]),
            scope.names(row["programmes"], mine=False),
            _("yes") if row["gap"] else "",
            labels.welfare(row["class_"] or ""),
        ),
        (_("proposed"), _("not eligible"), _("refuses"), _("not found")),
    )


def lapsed(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """Families that must always be helped, whose aid stopped or never came."""
    rows = tasks.lapsed(scope)
    if rows is None:
        return None
    return _of_families(
        scope,
        numbers_of,
        rows,
        _("Aid broken off"),
        _("Families that must always be helped (class: chronic): find out why aid stopped, or never came."),
        (Column(_("Without aid since"), 18), Column(_("Months with aid (of 6)"), 12, "number")),
        lambda row: (
            _("never had aid") if row["never_aided"] else numbers.month(row["lapse"] or ""),
            row["months_aided"],
        ),
        (_("aid resumed"), _("moved"), _("died"), _("not poor any more"), _("not found")),
    )


def visits(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """Families near the score's cut, the most valuable visit first."""
    rows = tasks.visits(scope)
    if not rows:
        return None
    return _of_families(
        scope,
        numbers_of,
        rows,
        _("To visit"),
        _("A visit is worth most here: the score may be wrong. It decides nothing; what you see decides."),
        (
            Column(_("Class by score"), 16, "wrap"),
            Column(_("Chance of being poor"), 11),
            Column(_("What moved the score"), 52, "wrap"),
        ),
        lambda row: (
            labels.welfare(row["class_"] or ""),
            numbers.chance(row["p_miskin"]) if row["p_miskin"] is not None else "",
            "; ".join(in_words(row["alasan"])),
        ),
        (_("poor"), _("not poor"), _("moved"), _("not found")),
    )


def planned(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """What the draft plan would change."""
    rows = tasks.planned(scope)
    if not rows:
        return None
    elsewhere = _("The money closes more of the gap elsewhere, or the programme's places are taken.")
    return _of_families(
        scope,
        numbers_of,
        rows,
        _("Draft plan"),
        _("What the best plan would change. It is a proposal: nothing begins or ends by this list."),
        (
            Column(_("Programme"), 24, "wrap"),
            Column(_("Change"), 12),
            Column(_("Rupiah a year"), 14, "money"),
            Column(_("Why"), 46, "wrap"),
        ),
        lambda row: (
            labels.programme_name(scope.city, row["programme"]),
            _("begins") if row["starts"] else _("ends"),
            row["cost"],
            outputs.words(row["why"]) if row["why"] else elsewhere,
        ),
        (_("agreed"), _("not agreed"), _("not found")),
    )


def papers(scope: tasks.Scope, numbers_of: NumbersOf) -> Sheet | None:
    """People who wait for a valid NIK."""
    rows = tasks.without_nik(scope)
    if rows is None:
        return None
    return of_people(
        scope,
        numbers_of,
        rows,
        _("No valid NIK"),
        _("Help these people to a valid NIK; they stay on the register meanwhile."),
        (Column(_("What is missing"), 16), Column(_("Age"), 7, "number"), Column(_("Sex"), 8)),
        lambda row: (
            _("no NIK") if row["dukcapil_queue"] == "tanpa-nik" else _("NIK faulty"),
            row["age"],
            row["sex"],
        ),
        (_("NIK found"), _("being recorded"), _("not found")),
        number="kk",
        of="person_id",
    )
