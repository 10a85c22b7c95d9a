"""Where families are missed, who gets what from whom, and whose record of aid broke."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

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
    money,
    share,
    show,
)
from rantang.documents.disclosure import Count
from rantang.documents.report import charts, labels, look, tilemap
from rantang.documents.report.model import AreaRow, PairCell, ProgrammeRow, ReportData
from rantang.texts import _
from rantang.vocabulary import numbers


def where(data: ReportData, geometry: dict[str, Any] | None) -> Section:
    """The map of families that qualify and receive nothing."""
    village = data.city.terms.get("village", "kelurahan")
    return Section(
        "wilayah",
        _where_title(data),
        (
            Beside((_map(data, geometry, village),), (_districts(data), _ranking(data, village)), fit=True),
            _areas(data, village),
        ),
        short=_("Where"),
    )


def _where_title(data: ReportData) -> str:
    by_district = {area.name: area.gap.value for area in data.districts if area.gap.value}
    total = data.found.gap.value or 0
    if len(by_district) < 3 or not total:
        return _("Where families qualify and receive nothing")
    ordered = sorted(by_district, key=lambda name: (-by_district[name], name))
    names = ordered[:2]
    part = sum(by_district[name] for name in names)
    return _(
        "{districts} hold {share} of the families missed",
        districts=join(names),
        share=numbers.share(part, total),
    )


def _map(data: ReportData, geometry: dict[str, Any] | None, village: str) -> Picture:
    values = [area.gap.value for area in data.areas if area.gap.value]
    limits = look.limits([value for value in values if value is not None])
    title = _("Families that qualify and receive nothing, by {village}", village=village)
    tiles = [
        tilemap.Tile(a.name, a.kecamatan, a.column, a.row, a.gap)
        for a in data.areas
        if a.column is not None and a.row is not None
    ]
    if geometry:
        counts = {area.code: (area.name, area.gap) for area in data.areas}
        wide = tilemap.polygons(geometry, counts, limits, "petaw", title, 600)
        narrow = tilemap.polygons(geometry, counts, limits, "petan", title, 356)
    elif tiles:
        wide = tilemap.draw(tiles, tilemap.WIDE, limits, "petaw", title)
        narrow = tilemap.draw(tiles, tilemap.NARROW, limits, "petan", title)
    else:
        wide = narrow = ""
    worst = sorted((a for a in data.areas if a.gap.value), key=lambda a: (-(a.gap.value or 0), a.name))[:5]
    words = _("Most: {areas}.", areas=join([f"{a.name} ({show(a.gap)})" for a in worst])) if worst else ""
    return Picture(
        title="",
        subtitle=title + " · " + _("families"),
        wide=wide,
        narrow=narrow,
        words=words,
        key=_legend(limits),
        data=_area_data(data),
        source=_(
            'Each tile is one {village}, laid out as the city lies. "<8": one to seven families; "×" or '
            'hatched: hidden so that no "<8" can be worked out.',
            village=village,
        ),
        grow=True,
    )


def _districts(data: ReportData) -> Table:
    ordered = sorted(data.districts, key=lambda a: (-a.gap.sort_key, a.name))
    district = data.city.terms.get("district", "kecamatan")
    families = _("families")
    return Table(
        title=_("By {district}", district=district),
        subtitle=_("Families that qualify and receive nothing"),
        columns=(
            Column(district.capitalize(), number=False),
            Column(_("Receive nothing"), families),
            Column(_("of those that qualify"), "%"),
        ),
        rows=tuple(
            cells((a.name, show(a.gap), share(a.gap, a.eligible, small_group=20 if data.public else 0)))
            for a in ordered
        ),
        kind="plain",
    )


def _ranking(data: ReportData, village: str) -> Table:
    worst = sorted((a for a in data.areas if a.gap.value), key=lambda a: (-(a.gap.value or 0), a.name))[:8]
    return Table(
        title=_("The eight {village} with most", village=village),
        subtitle="",
        columns=(
            Column(village.capitalize(), number=False),
            Column(_("Receive nothing"), _("families")),
            Column(_("of those that qualify"), "%"),
        ),
        rows=tuple(
            cells(
                (
                    Cell(a.name, a.kecamatan),
                    show(a.gap),
                    share(a.gap, a.eligible, small_group=20 if data.public else 0),
                )
            )
            for a in worst
        ),
        kind="plain",
    )


def _legend(limits: tuple[float, ...]) -> str:
    """Write the steps of the ramp as ranges, parted by ``|``."""
    if not limits:
        return ""
    edges = [f"< {numbers.whole(limits[0])}"]
    for low, above in pairwise(limits):
        high = above - 1
        edges.append(numbers.whole(low) if low == high else f"{numbers.whole(low)}–{numbers.whole(high)}")
    return "|".join([*edges, "≥ " + numbers.whole(limits[-1])])


def _area_data(data: ReportData) -> Data:
    rows = [*data.areas, *([data.unknown_area] if data.unknown_area else []), data.area_totals]
    return Data(
        "wilayah",
        ("code", "name", "district", "families", "eligible", "gap", "kerak", "without_nik"),
        tuple(
            (a.code, a.name, a.kecamatan, a.families, a.eligible, a.gap, a.kerak, a.without_nik) for a in rows
        ),
    )


def _areas(data: ReportData, village: str) -> Table:
    def row(area: AreaRow, name: str = "") -> tuple[Cell, ...]:
        return cells(
            (
                Cell(name or area.name, area.kecamatan),
                show(area.families),
                show(area.eligible),
                show(area.gap),
                share(area.gap, area.eligible, small_group=20 if data.public else 0),
                show(area.kerak),
                show(area.without_nik),
            )
        )

    ordered = sorted(data.areas, key=lambda a: (-a.gap.sort_key, a.name))
    rows = [row(area) for area in ordered]
    if data.unknown_area:
        rows.append(row(data.unknown_area, _("unknown")))
    families = _("families")
    return Table(
        title="",
        subtitle="",
        columns=(
            Column(village.capitalize(), number=False),
            Column(_("On lists"), families),
            Column(_("Qualify"), families),
            Column(_("Receive nothing"), families),
            Column(_("of those that qualify"), "%"),
            Column(_("Chronic (stand-in)"), families),
            Column(_("No valid NIK"), _("people")),
        ),
        rows=tuple(rows),
        total=row(data.area_totals, _("All")),
        fold=_("Table of all {count} {village}", count=len(data.areas), village=village),
        scroll=True,
    )


def who_gets_what(data: ReportData) -> Section:
    """The matrix, the forbidden doubles and the programmes."""
    forbidden = [p for p in data.pairs if p.relation == "terlarang" and p.families.value != 0]
    title = (
        _("{count} families hold two aids that exclude each other", count=show(data.found.forbidden))
        if data.found.forbidden
        else _("No family holds two aids that exclude each other")
    )
    blocks: list[Block] = [Beside((_matrix(data),), (_forbidden(data, forbidden),), fit=True)]
    blocks += [_coverage(data), _programmes(data)]
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
        note=_("Red corner and bold: the two exclude each other. Underlined: meant to go together."),
        kind="matrix",
    )


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
        "verify",
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
            p.verify,
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
                Cell(show(p.verify), tone="warn" if p.verify else ""),
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
            Column(_("To verify"), _("units")),
            Column(_("Not eligible"), _("units")),
            Column(_("Double"), _("rows")),
            Column(_("Not linked"), _("rows")),
            Column(_("Paid"), "Rp", weight=1.35),
            Column(_("of it, to check"), "Rp", weight=1.35),
        ),
        rows=tuple(row(p) for p in data.programmes),
        note=_("* amount partly or wholly an assumption: no figure is published."),
        scroll=True,
    )


def _amount(count: Count) -> str:
    """Write rupiah for a column that names the unit in its head."""
    return money(count).replace(f"Rp{numbers.NBSP}", "")


def kerak(data: ReportData) -> Section:
    """The families that must always be helped."""
    record = data.kerak
    small = 20 if data.public else 0
    stats = Stats(
        (
            Stat(
                show(record.families),
                _("families stand in as chronically poor"),
                _("decile 1 of the ministries' list, until the city's own score"),
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
    title = _("Must always be helped: {count} chronic families fell out of aid", count=show(record.lapsed))
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
        subtitle=_("Families of the stand-in class, first month without aid after a month with"),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words=" ".join(f"{bar.name}: {bar.label}." for bar in items),
        data=Data("putus", ("month", "families"), tuple(data.kerak.by_month)),
        source=_("Source: recipients' lists of all months delivered. Months under 8 are left out."),
    )
