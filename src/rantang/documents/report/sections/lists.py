"""How healthy each list is, how well it links, and each agency's share of the work."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rantang.documents import labels
from rantang.documents.blocks import (
    Beside,
    Block,
    Cell,
    Column,
    Data,
    Section,
    Table,
    Text,
    cells,
    join,
    share,
    show,
)
from rantang.documents.report.model import AgencyRow, ListRow, ReportData
from rantang.texts import _, mark
from rantang.vocabulary import numbers


def health(data: ReportData) -> Section:
    """So many rows, of which so many valid: list by list."""
    shown = [r for r in data.lists if r.judged and r.valid.value is not None and r.accepted.value is not None]
    valid = sum(r.valid.value or 0 for r in shown)
    accepted = sum(r.accepted.value or 0 for r in shown)
    title = (
        _("{share} of the rows could be handed on as they are", share=numbers.share(valid, accepted))
        if accepted
        else _("Too few rows to say how many are valid")
    )
    return Section(
        "daftar",
        title,
        (_lists(data),),
        short=_("Health of the lists"),
        lead=_(
            "Valid: the row was accepted, its NIK has no fault, its person neither died nor moved, and "
            "counts once. Rows about people on no list of welfare or aid count by their NIK alone."
        ),
    )


def _lists(data: ReportData) -> Table:
    def row(entry: ListRow) -> tuple[Cell, ...]:
        valid = (
            entry.valid.value / entry.accepted.value if entry.valid.value and entry.accepted.value else None
        )
        when = numbers.month(entry.period) + (" · " + _("late") if entry.late else "")
        gone = f"{show(entry.dead)} / {show(entry.moved)}"
        if not entry.judged:
            told = (
                _("interviews, see Poverty") if entry.kind == "survei" else _("what others are held against")
            )
            name = Cell(labels.kind(entry.kind), f"{labels.agency(data.city, entry.agency)} · {when}")
            unread = f"{show(entry.refused)} / {show(entry.held)}"
            return cells((name, show(entry.rows), Cell("–", told), "–", "–", "–", "–", unread))
        return cells(
            (
                Cell(
                    labels.list_name(data.city, entry.kind, entry.programme),
                    f"{labels.agency(data.city, entry.agency)} · {when}",
                ),
                show(entry.rows),
                Cell(show(entry.valid), share(entry.valid, entry.accepted), bar=valid),
                share(entry.elsewhere, entry.accepted),
                show(entry.wrong_nik),
                show(entry.doubles),
                gone,
                f"{show(entry.refused)} / {show(entry.held)}",
            )
        )

    return Table(
        title="",
        subtitle=_("The latest period of each list"),
        columns=(
            Column(_("List"), number=False),
            Column(_("Rows"), _("rows")),
            Column(_("Valid"), _("rows and % of accepted")),
            Column(_("On another list too"), _("% of accepted")),
            Column(_("NIK faulty"), _("rows")),
            Column(_("Double"), _("rows")),
            Column(_("Dead / moved"), _("rows")),
            Column(_("Refused / held"), _("rows")),
        ),
        rows=tuple(row(entry) for entry in data.lists),
        data=_list_data(data),
        scroll=True,
    )


def _list_data(data: ReportData) -> Data:
    head = (
        "agency",
        "kind",
        "programme",
        "period",
        "rows",
        "accepted",
        "refused",
        "held",
        "valid",
        "on_another_list",
        "nik_faulty",
        "double",
        "dead",
        "moved",
    )
    rows = tuple(
        (
            r.agency,
            r.kind,
            r.programme,
            r.period,
            r.rows,
            r.accepted,
            r.refused,
            r.held,
            *(
                (r.valid, r.elsewhere, r.wrong_nik, r.doubles, r.dead, r.moved)
                if r.judged
                else ("", "", "", "", "", "")
            ),
        )
        for r in data.lists
    )
    return Data("daftar", head, rows)


def linkage(data: ReportData) -> Section:
    """How well rows are linked, by group, and where probabilities come from."""
    by_name = {group.group: group for group in data.groups}
    with_nik, without = by_name["nik"], by_name["no_nik"]
    title = _(
        "Rows without a valid NIK: {without} find another list; with one: {with_nik}",
        without=share(without.linked, without.rows),
        with_nik=share(with_nik.linked, with_nik.rows),
    )
    rows = tuple(
        cells(
            (
                labels.group(group.group),
                show(group.rows),
                share(group.linked, group.rows, 1),
                share(group.likely, group.rows, 1),
            )
        )
        for group in data.groups
        if group.rows
    )
    groups = Table(
        title=_("By group of people"),
        subtitle=_("Errors fall on people with poor papers, so it is always shown by group"),
        columns=(
            Column(_("Group"), number=False),
            Column(_("Rows"), _("rows")),
            Column(_("On another list too"), _("% of rows")),
            Column(_("Link only likely"), _("% of rows")),
        ),
        rows=rows,
        data=Data(
            "keterhubungan",
            ("group", "rows", "on_another_list", "likely"),
            tuple((g.group, g.rows, g.linked, g.likely) for g in data.groups),
        ),
        kind="plain",
    )
    right: tuple[Block, ...] = (
        (_calibrations(data),)
        if data.calibrations
        else (Text(_("No calibration was made: only the tier of a link is shown, no probability."), "warn"),)
    )
    blocks: list[Block] = [Beside((groups,), right)]
    if data.link_errors:
        blocks.append(_link_errors(data, data.link_errors))
    return Section("keterhubungan", title, tuple(blocks), short=_("Linkage"))


_MEASURES: Final = {
    "wrong": mark("Expected wrong, of the links"),
    "missed": mark("Expected missed, of all links there should be"),
    "uncertain": mark("Only likely or waiting for review"),
}


def _link_errors(data: ReportData, found: Mapping[str, Any]) -> Table:
    """Expected errors of links for three groups beside everyone else, and which kelurahan fare worse."""
    rows, told = [], []
    for group in labels.PEOPLE:
        name = labels.people(group)
        values = [found.get(measure, {}).get(group) for measure in _MEASURES]
        rows.append(cells((name, *(_apart(value) for value in values))))
        told += [(group, measure, *_data(value)) for measure, value in zip(_MEASURES, values, strict=True)]
    worse = sorted(
        {group.removeprefix("kelurahan/") for of in found.values() for group, value in of.items()
         if group.startswith("kelurahan/") and value.get("warning")}
    )  # fmt: skip
    names = {area.code: area.name for area in data.city.areas}
    worse = [code for code in worse if code in names]
    return Table(
        title=_("Do links err more for some?"),
        subtitle=_("Per cent of rows, expected by the calibrated probabilities; in brackets: more than for "
                   "everyone else, 90 % interval"),
        columns=(
            Column(_("Group"), number=False, weight=1.6),
            *(Column(_(text), _("% (points)"), weight=1.6) for text in _MEASURES.values()),
        ),
        rows=tuple(rows),
        data=Data(
            "galat-tautan",
            ("group", "measure", "percent", "points_low_90", "points_high_90"),
            tuple(told),
        ),
        note=_("Kelurahan where links err more: {names}.", names=join([names[each] for each in worse]))
        if worse
        else _("In no kelurahan do links err more than chance explains."),
        scroll=True,
    )  # fmt: skip


def _apart(value: Mapping[str, Any] | None) -> str | Cell:
    if not value or value["estimate"] is None:
        return "–"
    low, high = (numbers.decimal(100 * value["difference"][end], 1) for end in ("low", "high"))
    text = _(
        "{percent} ({low} to {high})", percent=numbers.decimal(100 * value["estimate"], 1), low=low, high=high
    )
    return Cell(text, tone="warn" if value["warning"] else "")


def _data(value: Mapping[str, Any] | None) -> tuple[object, ...]:
    if not value or value["estimate"] is None:
        return ("–", "–", "–")
    ends = (value["difference"][end] for end in ("low", "high"))
    return tuple(round(100 * each, 3) for each in (value["estimate"], *ends))


def _calibrations(data: ReportData) -> Table:
    rows = []
    for entry in data.calibrations:
        error = "–" if entry.decoy_error is None else numbers.percent(100 * entry.decoy_error, 2)
        if entry.decoy_error is not None and entry.decoy_error < 0.0001:
            error = "< " + numbers.percent(0.01, 2)
        rows.append(
            cells(
                (
                    Cell(
                        labels.kind(entry.kind),
                        labels.agency(data.city, entry.agency) if entry.agency else "",
                    ),
                    Cell(
                        labels.calibration(entry.source),
                        _("{pairs} pairs", pairs=numbers.whole(entry.pairs)) if entry.pairs >= 8 else "",
                    ),
                    error,
                )
            )
        )
    return Table(
        title=_("Where a link's probability comes from"),
        subtitle=_("Per delivery; the error of automatic links is estimated with decoys"),
        columns=(
            Column(_("List"), number=False),
            Column(_("Calibrated on"), number=False),
            Column(_("Estimated error"), "%"),
        ),
        rows=tuple(rows),
        kind="plain",
    )


def agencies(data: ReportData) -> Section:
    """The agencies' scorecard, with denominators."""
    partners = {a.code for a in data.city.agencies if a.partner}
    giving = [a for a in data.agencies if a.gives_lists and a.code not in partners]
    delivered = sum(1 for a in giving if a.lists and not a.late)
    title = _(
        "{delivered} of {all} agencies delivered what was due by {period}",
        delivered=delivered,
        all=len(giving),
        period=numbers.month(data.header.period),
    )

    def row(agency: AgencyRow) -> tuple[Cell, ...]:
        if not agency.gives_lists:
            state = Cell(_("walidata: holds no list"), tone="mute")
        elif not agency.lists and agency.code in partners:
            state = Cell(_("partner: nothing delivered"), _("owes no list"), tone="mute")
        elif not agency.lists:
            state = Cell(_("nothing delivered"), tone="bad")
        else:
            count = _("{lists} lists", lists=agency.lists) if agency.lists > 1 else _("1 list")
            latest = _("latest: {month}", month=numbers.month(agency.latest))
            state = Cell(
                count,
                latest + (" · " + _("late") if agency.late else ""),
                tone="warn" if agency.late else "",
            )
        return cells(
            (
                Cell(agency.abbreviation, agency.name),
                state,
                Cell(
                    share(agency.accepted, agency.rows, 1),
                    _("of {count}", count=show(agency.rows)) if agency.rows else "",
                ),
                Cell(
                    share(agency.on_target, agency.judged),
                    _judged(agency),
                ),
                show(agency.findings),
                show(agency.verify),
                show(agency.doubles),
                show(agency.work["pairs"]),
            )
        )

    table = Table(
        title="",
        subtitle=_("Each share with what it is a share of"),
        columns=(
            Column(_("Agency"), number=False),
            Column(_("Delivered"), number=False),
            Column(_("Rows accepted"), "%"),
            Column(_("Recipients on target"), "%"),
            Column(_("Findings to mend"), _("findings")),
            Column(_("Recipients to verify"), _("units")),
            Column(_("Double"), _("rows")),
            Column(_("Pairs to judge"), _("pairs")),
        ),
        rows=tuple(row(agency) for agency in data.agencies),
        data=_agency_data(data),
        note=_(
            "On target: of the recipients of whom the programme's rule can be judged. Findings, recipients "
            "and pairs as in the agency's work list. Late: by its programme's rhythm the next list is due."
        )
        + " "
        + _("Commitments kept are counted once meetings are recorded."),
        scroll=True,
    )
    return Section("perangkat-daerah", title, (table,), short=_("Agencies"))


def _judged(agency: AgencyRow) -> str:
    """Say of how many recipients the share is, and of how many nothing can be said."""
    if not agency.recipients:
        return ""
    text = _("of {count}", count=show(agency.judged))
    if not agency.unanswered:
        return text
    return text + " · " + _("{count} cannot be judged", count=show(agency.unanswered))


def _agency_data(data: ReportData) -> Data:
    head = (
        "agency",
        "lists",
        "latest",
        "rows",
        "accepted",
        "recipients",
        "judged",
        "unanswered",
        "on_target",
        "findings",
        "verify",
        "doubles",
        "review",
    )
    rows = tuple(
        (
            a.code,
            a.lists,
            a.latest,
            a.rows,
            a.accepted,
            a.recipients,
            a.judged,
            a.unanswered,
            a.on_target,
            a.findings,
            a.verify,
            a.doubles,
            a.work["pairs"],
        )
        for a in data.agencies
    )
    return Data("perangkat-daerah", head, rows)
