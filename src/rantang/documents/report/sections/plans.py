"""The plan: can we, how, what does it cost, what is uncertain; and scenarios side by side."""

from __future__ import annotations

from collections.abc import Callable

from rantang.documents import labels, planned
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
    Step,
    Steps,
    Table,
    cells,
    join,
    money,
    show,
)
from rantang.documents.disclosure import Count
from rantang.documents.report import charts
from rantang.documents.report.enter import CLASSES
from rantang.documents.report.model import ReportData
from rantang.documents.report.plans import PlanRow
from rantang.texts import _
from rantang.vocabulary import numbers

NAME = "rencana"
_BOUND = "tepat-sempurna"
_FIRST = 12


def plan(data: ReportData) -> Section:
    """Say what the best plan does and compare scenarios; how to make one where there is none."""
    rows = data.plans
    if not rows:
        return _none()
    best = next((row for row in rows if row.about.plan is not None), None)
    blocks: list[Block] = []
    if best is not None:
        blocks += [
            _stats(best),
            Beside((_whiskers(rows), _frontier(best)), (_decide(data, best),)),
            _unsure(best),
        ]
    else:
        blocks.append(_whiskers(rows))
    blocks.append(_compared(rows))
    if best is not None:
        blocks += [_programmes(data, best), _groups(best), *_areas(data, best), _assumptions(best)]
    title = planned.headline(best.about.plan) if best and best.about.plan else _("Scenarios side by side")
    return Section(NAME, title, tuple(blocks), lead=_lead(best), short=_("The plan"))


def _none() -> Section:
    step = Step(
        _("Run the scenarios and find the best plan"),
        _("From the latest edition, the programmes' budgets and places; it takes a minute."),
        "rantang plan .",
    )
    return Section(NAME, _("There is no plan yet"), (Steps("", (step,)),), short=_("The plan"))


def _lead(best: PlanRow | None) -> str:
    if best is None or best.about.plan is None:
        return _("What each would do on this register, against the present.")
    return _(
        "By giving the city's own programmes to others than now, within the budgets of {year}, its "
        "places and its promises. {certificate} It is a proposal: a person decides on each. The scenarios "
        "beside it are not held to budgets and places.",
        year=best.about.plan["year"],
        certificate=planned.certificate(best.about.plan),
    )


def next_step(data: ReportData) -> Step | None:
    """Return what the first screen says of the plan, None where there is none."""
    best = next((row for row in data.plans if row.about.plan is not None), None)
    if best is None or best.about.plan is None:
        return None
    return Step(
        _("Decide on the draft plan: {finding}", finding=planned.headline(best.about.plan)),
        _("Its draft RAT lies in {folder}.", folder=f"plans/{best.about.folder}/draf-rat.xlsx"),
    )


def _stats(best: PlanRow) -> Stats:
    result = best.about.result
    return Stats(
        (
            Stat(
                planned.mean(result["lifted"], planned.people),
                _("people lifted above the line, expected"),
                _(
                    "{range} with 90% certainty, of {poor} expected poor people on the register",
                    range=planned.interval(result["lifted"], planned.people),
                    poor=planned.people(result["poor"]["mean"]),
                ),
            ),
            Stat(
                numbers.rupiah_short(max(result["closed"]["mean"], 0.0)),
                _("less poverty gap a month"),
                _("of {gap}; P1 {p1} points", gap=numbers.rupiah_short(result["gap"]["mean"]),
                  p1=planned.between(result["p1"], planned.points)),
            ),
            Stat(
                _cost(best),
                _("a year against what is paid now"),
                _("for each person lifted {cost}", cost=_ratio(best, "per_lifted")),
            ),
            Stat(
                _("{after} of {all}", after=show(best.kerak_after), all=show(best.kerak)),
                _("kerak families with main support"),
                _("now {before}", before=show(best.kerak_before)),
            ),
        )
    )  # fmt: skip


def _cost(row: PlanRow) -> str:
    if row.cost.value is None:
        return money(row.cost)
    return planned.change_of_money(row.cost.value if row.more else -row.cost.value)


def _ratio(row: PlanRow, name: str) -> str:
    """Write a cost for each unit, unless the cost itself may not be told."""
    if row.cost.value is None:
        return "–"
    return planned.between(row.about.result[name], numbers.rupiah_short)


def _whiskers(rows: tuple[PlanRow, ...]) -> Picture:
    told = [(row, planned.share_closed(row.about.result)) for row in rows]
    drawn = [(row, each) for row, each in told if each and row.about.name not in (_BOUND, "rencana-kini")]
    drawn = [(row, each) for row, each in drawn if each["mean"] > -20]
    items = [
        charts.Whisker(
            row.about.short, each["mean"], each["lo90"], each["hi90"],
            planned.between(each, planned.per_cent), firm=row.about.plan is not None,
        )
        for row, each in sorted(drawn, key=lambda pair: -pair[1]["mean"])
    ]  # fmt: skip
    title = _("How much of the gap each closes")
    drawing = charts.whiskers(items, "skenario", title, names=200)
    words = "; ".join(f"{item.name}: {item.label}" for item in items)
    bound = next((each for row, each in told if each and row.about.name == _BOUND), None)
    source = _("Point: expected; line: 90 %. Filled: the best plan.")
    if bound:
        source += " " + _(
            "Targeted perfectly, the money of all programmes would close {share}: a bound, off this scale.",
            share=planned.between(bound, planned.per_cent),
        )
    head = ("scenario", "closed_percent", "lo90", "hi90")
    data = tuple(
        (row.about.title, *(round(each[name], 1) for name in ("mean", "lo90", "hi90")))
        for row, each in told
        if each
    )
    return Picture(
        title=title,
        subtitle=_("Per cent of the poverty gap of the families on the register"),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words=words,
        data=Data("skenario", head, data),
        source=source,
    )


def _decide(data: ReportData, best: PlanRow) -> Steps:
    record = best.about.plan or {}
    counts = {name: show(count) for name, count in best.promises.items()}
    items = [Step(text) for text in planned.promises(data.city, record, counts)]
    items.append(_main_support(data))
    items += [Step(text) for text in planned.prices(data.city, record, 3)]
    return Steps(_("Promises, and what more would do"), tuple(items), boxed=True)


def _main_support(data: ReportData) -> Step:
    """Say what main support is, and why the counts of kerak families beside do not add up."""
    main = [p.name for p in data.city.programmes if p.main and p.runs_in(data.header.period)]
    return Step(
        _("Main support is aid to live on: {programmes}.", programmes=join(main)),
        _(
            "A promise is held against the worth of what a family has: some with main support have less than "
            "was promised, some without it have enough of other aid. So these counts do not add up."
        ),
    )


def _unsure(best: PlanRow) -> Steps:
    return Steps(_("What is uncertain"), tuple(Step(text) for text in planned.assumed(best.about.plan or {})))


def _compared(rows: tuple[PlanRow, ...]) -> Table:
    columns = (
        Column(_("Scenario"), number=False, weight=2.2),
        Column(_("Aid begins, ends"), _("pieces of aid"), weight=1.1),
        Column(_("People lifted"), _("expected"), weight=1.1),
        Column("P0", _("points")),
        Column("P1", _("points")),
        Column("P2", _("points")),
        Column(_("Cost"), _("rupiah a year"), weight=1.3),
        Column(_("Per person lifted"), _("rupiah a year"), weight=1.2),
        Column(_("Kerak served"), _("families")),
    )
    made = []
    for row in rows:
        r = row.about.result
        others = "; ".join(f"{_(label)}: {_other(row, each)}" for label, each in r["other_costs"].items())
        made.append(
            cells(
                (
                    Cell(row.about.title, row.about.note),
                    f"{show(row.enter)} / {show(row.leave)}",
                    _lifted(r["lifted"]),
                    *(_estimate(r[name], planned.points) for name in ("p0", "p1", "p2")),
                    Cell(_cost(row), others),
                    _estimate(r["per_lifted"] if row.cost.value else None, numbers.rupiah_short),
                    f"{show(row.kerak_after)} / {show(row.kerak)}",
                )
            )
        )
    names = ("lifted", "p0", "p1", "p2")
    head = ("scenario", "enter", "leave", "cost_million", "kerak_before", "kerak_after",
            *(f"{name}_{end}" for name in names for end in ("mean", "lo90", "hi90")))  # fmt: skip
    data = tuple(
        (row.about.title, row.enter, row.leave, _millions(row.cost, 1 if row.more else -1),
         row.kerak_before, row.kerak_after,
         *(round(row.about.result[name][end], 4) for name in names for end in ("mean", "lo90", "hi90")))
        for row in rows
    )  # fmt: skip
    return Table(
        title=_("Scenarios side by side"),
        subtitle=_(
            "Each against the present; rates in points of all residents; below each its 90 % interval"
        ),
        columns=columns,
        rows=tuple(made),
        data=Data("banding-skenario", head, data),
        note=_(
            "Only the best plan keeps to budgets and places and counts what ending aid costs a family; a "
            "scenario changes what its rule says and asks nobody for the money. So one may close more for "
            "less."
        )
        + " "
        + _("Cost per person lifted: only where surely somebody is lifted.")
        + " "
        + _(
            "Drawn together: whether the aid reaches the family, the score's error, take-up, delivery, "
            "and what a "
            "rupiah becomes in consumption. Families without a score cost and count, but no effect of "
            "theirs is "
            "counted: effects are rather too small."
        ),
        scroll=True,
    )


def _estimate(value: planned.Record | None, write: Callable[[float], str]) -> Cell:
    return Cell(planned.mean(value, write), planned.interval(value, write))


def _lifted(value: planned.Record) -> Cell:
    """People lifted; of a loss, how many fall below the line instead."""
    if value["mean"] is None or round(value["mean"]) >= 0:
        return _estimate(value, planned.people)
    turned = {name: -value[name] for name in ("mean", "lo90", "hi90")}
    return Cell(
        _("{count} fall below the line", count=planned.mean(turned, planned.people)),
        planned.interval(turned, planned.people),
    )


def _millions(count: Count, sign: int = 1) -> Count | int:
    """Return rupiah for a table to download: in millions, since a number of 12 digits looks like a NIK."""
    return count if count.value is None else sign * round(count.value / 1_000_000)


def _other(row: PlanRow, other: dict[str, int]) -> str:
    if row.cost.value is None:
        return money(row.cost)
    return numbers.rupiah_short(other["cost"])


def _programmes(data: ReportData, best: PlanRow) -> Table:
    columns = (
        Column(_("Programme"), number=False, weight=2),
        Column(_("Agency"), number=False),
        Column(_("Now"), _("families")),
        Column(_("Plan"), _("families")),
        Column(_("New"), _("families")),
        Column(_("Ends"), _("families")),
        Column(_("Cost now"), _("rupiah a year"), weight=1.3),
        Column(_("Cost planned"), _("rupiah a year"), weight=1.3),
    )
    rows = []
    for each in sorted(best.programmes, key=lambda p: (-p.enter.sort_key, p.code)):
        programme = data.city.programme(each.code)
        rows.append(
            cells(
                (
                    labels.programme_name(data.city, each.code),
                    labels.agency(data.city, programme.agency) if programme else "",
                    show(each.before),
                    show(each.after),
                    show(each.enter),
                    show(each.leave),
                    money(each.money_before),
                    money(each.money_after),
                )
            )
        )
    head = ("programme", "before", "after", "enter", "leave", "cost_before_million", "cost_after_million")
    return Table(
        title=_("What changes in each programme"),
        subtitle=_("Source of money: the city budget. National and provincial aid stays as it is."),
        columns=columns,
        rows=tuple(rows),
        data=Data(
            "rencana-program", head,
            tuple(
                (p.code, p.before, p.after, p.enter, p.leave, _millions(p.money_before),
                 _millions(p.money_after))
                for p in best.programmes
            ),
        ),
        note=_once(data, best),
        scroll=True,
        first=_FIRST,
    )  # fmt: skip


def _once(data: ReportData, best: PlanRow) -> str:
    """Name the programmes whose aid was given once: that it ends is no decision of the plan."""
    period = data.header.period
    changed = (data.city.programme(each.code) for each in best.programmes)
    names = [p.name for p in changed if p and (amount := p.amount_in(period)) and amount.per == "once"]
    if not names:
        return ""
    return _("Given once, so it ends by itself and is counted under Ends, too: {programmes}.",
             programmes=join(names))  # fmt: skip


def _groups(best: PlanRow) -> Table:
    order = {name: place for place, name in enumerate(CLASSES)}
    rows = [
        cells((labels.welfare(code), show(more), show(less)))
        for code, more, less in sorted(best.groups, key=lambda each: order.get(each[0], 99))
    ]
    return Table(
        title=_("Who gains and who loses, by class"),
        subtitle=_(
            "Families that are brought more, or less, than now; aid given once that ends counts as less"
        ),
        columns=(
            Column(_("Class"), number=False),
            Column(_("Gain"), _("families")),
            Column(_("Lose"), _("families")),
        ),
        rows=tuple(rows),
        total=cells((_("All"), show(best.winners), show(best.losers))),
        data=Data("rencana-kelas", ("class", "gain", "lose"), best.groups),
        kind="plain",
    )


def _areas(data: ReportData, best: PlanRow) -> tuple[Table, ...]:
    shown = sorted(best.areas, key=lambda area: (-area[1].sort_key, area[0]))
    rows = tuple(
        cells(
            (
                planned.place(data.city, code) if code != "?" else _("unknown"),
                show(count),
                "–" if gap is None else numbers.rupiah(round(gap, -3)),
            )
        )
        for code, count, gap in shown
        if count
    )
    if not rows:
        return ()
    return (
        Table(
            title=_("Who gains, by kelurahan"),
            subtitle=_(
                "Families that are brought more than now, and by how much the expected gap of all families "
                "there falls; with a minus it rises, since others lose more than these gain"
            ),
            columns=(
                Column(_("Kelurahan"), number=False),
                Column(_("Families"), _("brought more")),
                Column(_("Less gap"), _("rupiah a month")),
            ),
            rows=rows,
            total=cells((_("All"), show(best.winners), "")),
            data=Data(
                "rencana-kelurahan", ("kelurahan", "families", "gap_rupiah_a_month"),
                tuple((code, count, None if gap is None else round(gap, -3)) for code, count, gap in shown),
            ),
            kind="plain",
            fold=_("Show the {count} kelurahan", count=len(rows)),
        ),
    )  # fmt: skip


def _frontier(best: PlanRow) -> Table:
    record = best.about.plan or {}
    points = record.get("frontier", ())
    rows = tuple(
        cells(
            (
                planned.per_cent(100 * point["share"]),
                numbers.rupiah_short(point["budget"]),
                Cell(numbers.percent(100 * point["closed"], 1), bar=min(point["closed"], 1.0)),
                numbers.percent(100 * max(point["bound"] / max(point["objective"], 1e-9) - 1, 0.0), 1),
            )
        )
        for point in points
    )
    share = {point["share"]: numbers.percent(100 * point["closed"], 1) for point in points}
    title = _("Poverty against the budget")
    if {1.0, 2.0} <= set(share):
        title = _("Twice the money closes {twice} instead of {now}", twice=share[2.0], now=share[1.0])
    return Table(
        title=title,
        subtitle=_("The best plan for every budget; of the gap that would be there without its aid"),
        columns=(
            Column(_("Budgets"), _("of the present"), number=False),
            Column(_("Money"), _("rupiah a year")),
            Column(_("Gap closed"), "%"),
            Column(_("At most better"), "%"),
        ),
        rows=rows,
        data=Data("batas-anggaran", ("share", "budget_million", "closed"),
                  tuple((p["share"], round(p["budget"] / 1_000_000), p["closed"]) for p in points)),
        note=_("A share of the budgets at which not every promise can be kept has no line."),
        kind="plain",
    )  # fmt: skip


def _assumptions(best: PlanRow) -> Table:
    effects = (best.about.plan or {})["effects"]
    rows = tuple(
        cells(
            (
                _(planned.AID.get(kind, kind)),
                numbers.decimal(effect["expected"], 2),
                Cell(_("assumption"), tone="warn") if effect["asumsi"] else effect["source"],
            )
        )
        for kind, effect in sorted(effects.items(), key=lambda each: -each[1]["expected"])
    )
    return Table(
        title=_("What a rupiah becomes"),
        subtitle=_("Expected consumption in the first year for each rupiah, after take-up and delivery"),
        columns=(
            Column(_("Aid"), number=False),
            Column(_("Consumption"), _("rupiah")),
            Column(_("Source"), number=False, weight=2),
        ),
        rows=rows,
        kind="plain",
        fold=_("Show what the effects rest on"),
    )
