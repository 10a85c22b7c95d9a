"""Who gets what from whom, who must be checked and why, and whose record of aid broke."""

from __future__ import annotations

from rantang.documents import labels, look
from rantang.documents.blocks import (
    Beside,
    Block,
    Cell,
    Column,
    Data,
    Picture,
    Section,
    Stat,
    Stats,
    Table,
    Text,
    cells,
    join,
    minus,
    money,
    plainly,
    share,
    show,
)
from rantang.documents.disclosure import Count
from rantang.documents.report import charts
from rantang.documents.report.model import PairCell, ProgrammeRow, ReasonRow, ReportData
from rantang.texts import _
from rantang.vocabulary import numbers


def who_gets_what(data: ReportData) -> Section:
    """The matrix, the forbidden doubles and the programmes."""
    if not data.heard:
        text = Text(_("Nothing was checked here: no list says who receives what in this month."), "bad")
        title = _("Not checked: who gets what")
        return Section("bantuan", title, (text, _programmes(data)), short=_("Who gets what"))
    forbidden = [p for p in data.pairs if p.relation == "terlarang" and p.families.value != 0]
    title = (
        _("{count} families hold two aids that exclude each other", count=show(data.found.forbidden))
        if data.found.forbidden
        else _("No family holds two aids that exclude each other")
    )
    blocks: list[Block] = [Beside((_matrix(data),), (_forbidden(data, forbidden),), fit=True)]
    blocks += [_coverage(data), _programmes(data), _reasons(data)]
    return Section("bantuan", title, tuple(blocks), short=_("Who gets what"))


def _matrix(data: ReportData) -> Table:
    families = {(p.first, p.second): p for p in data.pairs}
    order = sorted(
        {p.first for p in data.pairs if p.relation == "sama"},
        key=lambda code: (-families[code, code].families.sort_key, code),
    )
    pair_values = [p.families.value for p in data.pairs if p.first != p.second and p.families.value]
    limits = look.limits([value for value in pair_values if value is not None])

    def cell(a: str, b: str) -> Cell:
        pair = families.get((a, b)) or families.get((b, a))
        if pair is None:
            return Cell("0", level=0)
        count = pair.families
        if a == b:
            return Cell(show(count), tone="mute")
        step = look.level(count.value, limits) if count.value is not None else -1
        tone = {"terlarang": "bad", "pelengkap": "good"}.get(pair.relation, "")
        return Cell(show(count), tone=tone if count else "", level=step)  # type: ignore[arg-type]

    rows = tuple(
        (Cell(labels.programme_name(data.city, a), a), *(cell(a, b) for b in order[: number + 1]))
        for number, a in enumerate(order)
    )
    return Table(
        title=_("Two aids at once: meant so, or double?"),
        subtitle=_(
            "Families that hold both, {period}; last figure of a line: all its holders",
            period=numbers.month(data.header.period),
        ),
        columns=(Column("", number=False), *(Column(code) for code in order)),
        rows=rows,
        data=_pair_data(data),
        note=_of_programmes(data, len(order))
        + _most(data)
        + _("Red corner and bold: the two exclude each other. Underlined: meant to go together.")
        + " "
        + _("Two aids to single people that exclude each other count where one person holds both."),
        kind="matrix",
    )


def _of_programmes(data: ReportData, shown: int) -> str:
    """Say which programmes the matrix has where it has not all."""
    heard = sum(1 for programme in data.programmes if programme.heard)
    if shown >= heard:
        return ""
    return (
        _(
            "The {shown} programmes with most families, of {all} with a list; pairs that exclude each "
            "other have a table of their own, whatever their size.",
            shown=shown,
            all=heard,
        )
        + " "
    )


def _most(data: ReportData) -> str:
    """Name the pairs that most families hold."""
    pairs = [p for p in data.pairs if p.first != p.second and p.families.value]
    pairs.sort(key=lambda p: (-p.families.sort_key, p.first, p.second))
    if not pairs:
        return ""
    named = [
        " + ".join(labels.programme_name(data.city, code) for code in (p.first, p.second))
        + f" ({show(p.families)})"
        for p in pairs[:3]
    ]
    return _("Most often together: {pairs}.", pairs=join(named)) + " "


def _pair_data(data: ReportData) -> Data:
    rows = tuple((p.first, p.second, p.relation, p.families) for p in data.pairs)
    return Data("pasangan", ("programme_a", "programme_b", "relation", "families"), rows)


def _forbidden(data: ReportData, pairs: list[PairCell]) -> Table:
    ordered = sorted(pairs, key=lambda p: (-p.families.sort_key, p.first, p.second))
    rows = tuple(
        cells(
            (
                " + ".join(labels.programme_name(data.city, code) for code in (p.first, p.second)),
                Cell(show(p.families), tone="bad"),
            )
        )
        for p in ordered
    )
    return Table(
        title=_("Pairs that exclude each other"),
        subtitle=_("Families holding both; to be checked, nothing is stopped"),
        columns=(Column(_("Pair"), number=False), Column(_("Both"), _("families"))),
        rows=rows,
        kind="plain",
    )


def _coverage(data: ReportData) -> Picture:
    rows = [p for p in data.programmes if p.heard and p.eligible.value and p.served.value is not None]
    rows.sort(key=lambda p: (not p.main, -(p.gap.value or 0), p.code))
    chosen = rows[:12]
    items = [
        charts.Bar(
            p.name,
            100 * (p.served.value or 0) / (p.eligible.value or 1),
            _(
                "{share} · {gap} not served of {eligible}",
                share=share(p.served, p.eligible),
                gap=show(p.gap),
                eligible=show(p.eligible),
            ),
            short=share(p.served, p.eligible),
        )
        for p in chosen
    ]
    most = chosen[0] if chosen else None
    title = (
        _("{name} misses most of those who qualify: {gap}", name=most.name, gap=show(most.gap))
        if most
        else _("Coverage of those who qualify")
    )
    drawing = charts.bars(items, "cakupan", title, top=100.0) if items else charts.Drawing("", "")
    return Picture(
        title=title,
        subtitle=_(
            "Served, per cent of those who qualify by the rule; main support first, then the largest gaps",
        ),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words=" ".join(f"{bar.name}: {numbers.percent(bar.value, 0)}." for bar in items),
        data=_programme_data(data),
        source=_(
            "Source: recipients' lists of {period} and the programmes' rules in the city's configuration. "
            "Rules written with the facts a register has are assumptions.",
            period=numbers.month(data.header.period),
        ),
    )


def _programme_data(data: ReportData) -> Data:
    head = (
        "code",
        "name",
        "agency",
        "unit",
        "recipients",
        "eligible",
        "served",
        "gap",
        "check",
        "not_eligible",
        "unanswered",
        "unlinked",
        "doubles",
        "overlap",
        "money_rp",
        "money_check_rp",
        "places",
        "assumed",
        "rule_not_answered",
        "list_delivered",
    )
    rows = tuple(
        (
            p.code,
            p.name,
            p.agency,
            p.unit,
            p.recipients,
            p.eligible,
            p.served,
            p.gap,
            p.check,
            p.not_eligible,
            p.unanswered,
            p.unlinked,
            p.doubles,
            p.overlap,
            p.money,
            p.money_check,
            p.quota,
            p.assumed,
            p.unknown,
            p.heard,
        )
        for p in data.programmes
    )
    return Data("program", head, rows)


def _programmes(data: ReportData) -> Table:
    def row(p: ProgrammeRow) -> tuple[Cell, ...]:
        unit = labels.unit(p.unit)
        if not p.heard:
            name = Cell(
                p.name, f"{labels.agency(data.city, p.agency)} · " + _("no list delivered"), tone="mute"
            )
            return cells((name, *["–"] * 9))
        return cells(
            (
                Cell(p.name, f"{labels.agency(data.city, p.agency)} · {unit}"),
                show(p.recipients),
                show(p.gap),
                share(p.served, p.eligible, small_group=20 if data.public else 0),
                Cell(show(p.check), tone="warn" if p.check else ""),
                Cell(show(p.not_eligible), tone="bad" if p.not_eligible else ""),
                show(p.doubles),
                show(p.unlinked),
                Cell(_amount(p.money) + ("*" if p.assumed and p.money else "")),
                _amount(p.money_check),
            )
        )

    return Table(
        title=_("Every programme in {period}", period=numbers.month(data.header.period)),
        subtitle=_("Recipients as the lists name them; the unit stands under each name"),
        columns=(
            Column(_("Programme"), number=False),
            Column(_("Recipients"), _("units")),
            Column(_("Qualify, not served"), _("units")),
            Column(_("Coverage"), "%"),
            Column(_("To check"), _("units")),
            Column(_("of it, not eligible"), _("units")),
            Column(_("Double"), _("rows")),
            Column(_("Not linked"), _("rows")),
            Column(_("Paid"), "Rp", weight=1.35),
            Column(_("of it, to check"), "Rp", weight=1.35),
        ),
        rows=tuple(row(p) for p in data.programmes),
        total=cells(
            (
                _("All {count} programmes", count=len(data.programmes)),
                *[""] * 7,
                _amount(data.found.money),
                _amount(data.found.check_money),
            )
        )
        if data.heard
        else (),
        data=_programme_data(data),
        note=_(
            "* amount partly or wholly an assumption: no figure is published. Recipients of different "
            "programmes are not added up: many are the same."
        ),
        scroll=True,
    )


def _reasons(data: ReportData) -> Table | Text:
    """Mistargeting, the two kinds apart: a person's word, and what a machine put together."""

    def row(reason: ReasonRow, name: str) -> tuple[Cell, ...]:
        code = "" if reason.code == "*" else reason.code
        rest = minus(reason.rows, reason.word)
        return cells((Cell(name, code), show(reason.rows), show(reason.word), show(rest)))

    if not data.reasons:
        return Text(_("No recipient has to be checked, of {count}.", count=_recipients(data)))
    rows = _("rows")
    return Table(
        title=_("Why {count} recipient rows must be checked", count=show(data.reasons_total.rows)),
        subtitle=_("By reason, {period}; a row may have several", period=numbers.month(data.header.period)),
        columns=(
            Column(_("Reason"), number=False, weight=1.0),
            Column(_("Recipients"), rows),
            Column(_("by a decision or their own row"), rows, weight=1.2),
            Column(_("by another list, a link or a rule"), rows, weight=1.2),
        ),
        rows=tuple(row(reason, plainly(reason.code)) for reason in data.reasons),
        total=row(data.reasons_total, _("All rows, each once")),
        data=Data(
            "alasan",
            ("code", "rows", "by_word"),
            tuple((r.code, r.rows, r.word) for r in (*data.reasons, data.reasons_total)),
        ),
        note=_(
            "Only the first kind is held not to be eligible. The second is a question for a person: "
            "nobody's aid stops by it."
        ),
        scroll=True,
    )


def _recipients(data: ReportData) -> str:
    return numbers.whole(sum(p.recipients.value or 0 for p in data.programmes if p.heard))


def _amount(count: Count) -> str:
    """Write rupiah for a column that names the unit in its head."""
    return money(count).replace(f"Rp{numbers.NBSP}", "")


def kerak(data: ReportData) -> Section:
    """The families that must always be helped."""
    record = data.kerak
    if not record.families:
        told = (
            _("Nothing was checked here: no family is on a list with a decile.")
            if record.stand_in
            else _("Nothing was checked here: no family is chronically poor by the city's score.")
        )
        text = Text(told, "bad")
        return Section("kerak", _("Not checked: the chronic poor"), (text,), short=_("Lapses"))
    small = 20 if data.public else 0
    stats = Stats(
        (
            Stat(
                show(record.families),
                *(
                    (
                        _("families stand in as chronically poor"),
                        _("decile 1 of the ministries' list, until the city's own score"),
                    )
                    if record.stand_in
                    else (
                        _("families are chronically poor by the city's score"),
                        _("poor, and a sign that it lasts: see how each number is computed"),
                    )
                ),
            ),
            Stat(
                show(record.unbroken),
                _("have an unbroken record of aid"),
                share(record.unbroken, record.families, small_group=small),
            ),
            Stat(show(record.lapsed), _("had aid and lost it"), _("each is an alarm: see the month below")),
            Stat(
                show(record.never),
                _("never had aid in any month known"),
                share(record.never, record.families),
            ),
        )
    )
    blocks: list[Block] = [stats]
    if record.by_month:
        blocks.append(_lapses(data))
    title = (
        _("Must always be helped: too few chronic families fell out of aid to be counted here")
        if record.lapsed.hidden == "small"
        else _("Must always be helped: how many chronic families fell out of aid is not shown")
        if record.lapsed.hidden
        else _("Must always be helped: {count} chronic families fell out of aid", count=show(record.lapsed))
    )
    return Section("kerak", title, tuple(blocks), short=_("Lapses"))


def _lapses(data: ReportData) -> Picture | Text:
    shown = [(month, count) for month, count in data.kerak.by_month if count.value is not None]
    items = [
        charts.Bar(numbers.month(month), float(count.value or 0), show(count), look.WARNING)
        for month, count in shown
    ]
    if not items:
        return Text(_("Too few in each month to be shown."))
    title = _("Month in which aid stopped")
    drawing = charts.bars(items, "putus", title)
    return Picture(
        title=title,
        subtitle=_("Chronically poor families, first month without aid after a month with"),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words=" ".join(f"{bar.name}: {bar.label}." for bar in items),
        data=Data("putus", ("month", "families"), tuple(data.kerak.by_month)),
        source=_("Source: recipients' lists of all months delivered. Months under 8 are left out."),
    )
