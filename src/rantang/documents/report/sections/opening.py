"""The first screen: the target's arithmetic, what this run found, what must be decided."""

from __future__ import annotations

from typing import Final

from rantang.cities.floor import Floor
from rantang.cities.model import Indicator
from rantang.documents import labels
from rantang.documents.blocks import (
    Beside,
    Block,
    Data,
    Picture,
    Section,
    Stat,
    Stats,
    Step,
    Steps,
    Text,
    join,
    money,
    share,
    show,
)
from rantang.documents.measurement import words
from rantang.documents.report import charts
from rantang.documents.report.model import Offer, ReportData
from rantang.documents.report.sections import plans, target_path
from rantang.projection.series import known as published_of
from rantang.texts import _
from rantang.vocabulary import numbers

_NAMED: Final = 5
"""So many lists are named before the rest is counted."""


def headline(data: ReportData) -> tuple[str, str]:
    """Return the page's title, which states the finding, and its lead."""
    floor = data.floor
    gap = show(data.found.gap)
    if floor is None and not data.heard:
        return (
            _("Who receives what is not checked: there is no list of recipients yet"),
            _("This page shows the health of the lists delivered and what must be mended in them."),
        )
    if floor is None:
        return (
            _("{gap} families qualify for aid and receive nothing", gap=gap),
            _(
                "Of {eligible} families for which a programme's rule holds.",
                eligible=show(data.found.eligible),
            ),
        )
    now, goal, low = (numbers.percent(v, 2) for v in (floor.rate, floor.target, floor.chronic))
    if floor.reachable_without_transfers:
        title = _("{goal} can be reached: the chronic poor are {low}", goal=goal, low=low)
    else:
        title = _(
            "Lifting the transient poor alone is not enough for {goal}: the floor is {low}",
            goal=goal,
            low=low,
        )
    lead = _(
        "Now {now}. If every transient poor person leaves poverty, the rate stops at {low}. At least "
        "{people} chronically poor people must be lifted above the line by aid. This register shows who "
        "qualifies, who receives, and the {gap} families that qualify and receive nothing.",
        now=now,
        low=low,
        people=numbers.whole(floor.to_lift),
        gap=gap,
    )
    return title, lead


def first(data: ReportData) -> Section:
    """What the run found, the target, and what must be decided."""
    blocks: list[Block] = [_stats(data)]
    steps = decisions(data)
    if data.floor is not None:
        blocks.append(Beside((_target(data, data.floor), uncertain(data)), (steps,)))
    else:
        blocks.append(Beside((uncertain(data),), (steps,)))
    return Section("temuan", _("What this run found that equal NIK in Excel does not show"), tuple(blocks))


def _stats(data: ReportData) -> Stats:
    found = data.found
    period = numbers.month(data.header.period)
    assumed = _("part of the amounts are assumptions") if found.check_money_assumed else ""
    people = _(
        "of {paid} paid · {count} families, each with the reason",
        paid=money(found.money),
        count=show(found.check_families),
    )
    beyond = _("of {links} links between lists", links=show(found.links))
    if data.header.seconds is not None:
        beyond += " · " + _("all done in {time}", time=numbers.minutes(data.header.seconds))
    return Stats(
        (
            Stat(
                show(found.gap),
                _("families qualify and receive nothing"),
                _(
                    "of {eligible} that qualify · {share}",
                    eligible=show(found.eligible),
                    share=share(found.gap, found.eligible),
                ),
            )
            if data.heard
            else Stat(
                "–", _("families qualify and receive nothing"), _("not checked: no list of recipients")
            ),
            Stat(
                show(found.doubles),
                _("double rows within one list"),
                _("{unlike} of them without an equal NIK", unlike=show(found.doubles_unlike_nik)),
            ),
            Stat(
                money(found.check_money),
                _("to recipients who must be checked first, by the lists of {period}", period=period),
                " · ".join(part for part in (people, assumed) if part),
            )
            if data.heard
            else Stat(
                "–", _("to recipients who must be checked first"), _("not checked: no list of recipients")
            ),
            Stat(show(found.links_beyond_nik), _("rows linked although no equal NIK says so"), beyond),
        )
    )


def known(data: ReportData) -> tuple[Indicator, ...]:
    """Return the published poverty rates that were out on the last day of the edition's period."""
    first = int(data.header.period[:4]) - 7
    rows = published_of(data.city, "p0", data.header.period, "bps")
    return tuple(row for row in rows if row.year >= first)


def quoted_source(data: ReportData) -> str:
    """Return where the quoted figures were read."""
    sources = {i.source: None for i in data.city.indicators if i.status == "dikutip"}
    return "; ".join(sources) or _("the city's configuration")


def _target(data: ReportData, floor: Floor) -> Picture:
    series = known(data)
    year = int(data.header.period[:4])
    title = _(
        "{points} points can leave, {lift} must be lifted",
        points=numbers.decimal(floor.transient, 2),
        lift=numbers.decimal(floor.to_lift_points, 2),
    )
    line = charts.Floorline(
        series=tuple(charts.Point(i.year, i.value, numbers.decimal(i.value, 2)) for i in series),
        rate=floor.rate,
        chronic=floor.chronic,
        target=floor.target,
        labels={
            "rate": numbers.percent(floor.rate, 2),
            "transient": _(
                "{points} transient poor\n{people} people",
                points=numbers.decimal(floor.transient, 2),
                people=numbers.whole(floor.transient_people),
            ),
            "lift": _(
                "{points} to be lifted\n{people} people",
                points=numbers.decimal(floor.to_lift_points, 2),
                people=numbers.whole(floor.to_lift),
            ),
            "target": _("{target} target", target=numbers.decimal(floor.target, 2)),
            "series": "BPS",
            "quoted": _("quoted"),
        },
    )
    drawing = charts.target(line, "sasaran", title)
    words = _(
        "Quoted figures: {rate} now, target {target}, chronic poor {chronic}. Their differences, computed: "
        "{transient} points are transient, {lift} points ({people} of {population} people) can only be "
        "lifted by aid. BPS's published series stands apart: two sources, never one line.",
        rate=numbers.percent(floor.rate, 2),
        target=numbers.percent(floor.target, 2),
        chronic=numbers.percent(floor.chronic, 2),
        transient=numbers.decimal(floor.transient, 2),
        lift=numbers.decimal(floor.to_lift_points, 2),
        people=numbers.whole(floor.to_lift),
        population=numbers.whole(floor.population),
    )
    rows: list[tuple[object, ...]] = [
        ("bps", i.year, i.value, i.vintage, i.released, i.source) for i in series
    ]
    rows += [
        ("quoted", year, value, name, "", quoted_source(data))
        for name, value in sorted(data.city.quoted.items())
        if name in ("rate", "target", "chronic")
    ]
    return Picture(
        title=title,
        subtitle=_("Poor people, per cent of the population"),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words=words,
        data=Data("sasaran", ("series", "year", "percent", "vintage", "released", "source"), tuple(rows)),
        source=_(
            "Sources: BPS, values published by the end of {period}; quoted figures: {source}.",
            period=numbers.month(data.header.period),
            source=quoted_source(data),
        )
        + " "
        + _surveyed(data),
    )


def _surveyed(data: ReportData) -> str:
    """Say what the survey says beside the quoted rate, or that there is none."""
    rate = data.survey.city.get("P0") if data.survey else None
    if rate is None:
        return _("No survey is read: no estimate of ours stands here.")
    return _(
        "The survey read here finds {rate} (95 % interval: {interval}).",
        rate=words.estimate(rate),
        interval=words.interval(rate),
    )


def decisions(data: ReportData) -> Steps:
    """Say what must be decided, computed from the edition."""
    found: list[Step] = [_offer(offer) for offer in data.offers[:2]]
    edition = data.header.edition
    if planned := plans.next_step(data):
        found.append(planned)
    if data.verify_people:
        found.append(
            Step(
                _(
                    "Send {count} people for verification before anyone is struck off",
                    count=show(data.verify_people),
                ),
                _("Doubt never stops aid; only a person's decision does."),
            )
        )
    if data.review:
        found.append(_pairs(data))
    found += _ask(data)
    if data.queue:
        found.append(
            Step(
                _("Get {count} people without a valid NIK their papers", count=show(data.queue)),
                _("Queue for Dispendukcapil; they stay on the register meanwhile."),
                f"rantang worklist editions/{edition} --agency dispendukcapil",
            )
        )
    return Steps(_("To be decided"), tuple(found), boxed=True)


def _pairs(data: ReportData) -> Step:
    """Ask for judgement of pairs; each agency judges those of its own lists."""
    judging = [agency for agency in data.agencies if agency.work["pairs"]]
    most = max(judging, key=lambda agency: (agency.work["pairs"].sort_key, agency.code))
    text = _("Ordered by how much each answer tells.")
    if len(judging) > 1:
        text += " " + _(
            "They are in the work lists of {count} agencies; most are {agency}'s.",
            count=len(judging),
            agency=most.abbreviation,
        )
    return Step(
        _("Judge {count} pairs: the same person or not?", count=show(data.review)),
        text,
        f"rantang worklist editions/{data.header.edition} --agency {most.code}",
    )


def _ask(data: ReportData) -> list[Step]:
    """Ask for lists: of agencies that gave none, and the next of those that are due."""
    period = numbers.month(data.header.period)
    found = []
    if none := [labels.agency(data.city, entry.agency) for entry in data.missing if not entry.late]:
        found.append(
            Step(
                _("Ask {agencies} for their lists", agencies=join(none)),
                _("Nothing of theirs was delivered; what they serve is not in these figures."),
            )
        )
    due = [(entry.agency, *late) for entry in data.missing for late in entry.late]
    if due:
        named = [
            _(
                "{list} of {agency} (last: {month})",
                list=labels.list_name(data.city, kind, programme),
                agency=labels.agency(data.city, agency),
                month=numbers.month(last),
            )
            for agency, kind, programme, last in due[:_NAMED]
        ]
        if len(due) > _NAMED:
            named.append(_("{count} others", count=len(due) - _NAMED))
        found.append(
            Step(
                _("Ask for lists that are due by {period}: {count}", count=len(due), period=period),
                join(named) + ". " + _("Until then the last one counts, for at most three months."),
            )
        )
    return found


def uncertain(data: ReportData) -> Steps:
    """Say what these figures do not know, computed from the edition."""
    found: list[Step] = []
    if chance := target_path.uncertain(data):
        found.append(chance)
    if data.floor is not None:
        found.append(Step(_("The poverty rates are quoted"), _surveyed(data)))
    unknown = dict(data.classes)["belum-didata"]
    if unknown:
        found.append(
            Step(
                _(
                    "{count} of {all} families have no welfare class",
                    count=show(unknown), all=show(data.header.families),
                ),
                _("On no list with a decile: counted, not guessed; chronic families may be among them.")
                if data.kerak.stand_in
                else _(
                    "No list says enough of them: counted, not guessed; chronic families may be among them."
                ),
            )
        )  # fmt: skip
    silent = [p for p in data.programmes if not p.heard]
    if silent:
        found.append(
            Step(
                _("{count} of {all} programmes have no list", count=len(silent), all=len(data.programmes)),
                _("Whoever receives only these looks as if they received nothing."),
            )
        )
    found += [*_unsure_links(data), *_assumed(data)]
    return Steps(_("What is uncertain"), tuple(found))


def _unsure_links(data: ReportData) -> list[Step]:
    errors = [c.decoy_error for c in data.calibrations if c.decoy_error is not None]
    if not data.found.links:
        return []
    if not errors:
        return [Step(_("The error of automatic links is not known"), _("Too few rows to estimate it."))]
    worst = max(errors)
    error = numbers.percent(100 * max(worst, 0.0001), 2)
    return [
        Step(
            _("Under {error} of the automatic links are wrong", error=error)
            if worst < 0.0001
            else _("Up to {error} of the automatic links are wrong", error=error),
            _(
                "Estimated with decoys, list by list. {count} pairs wait for a person's judgement.",
                count=show(data.review),
            ),
        )
    ]


def _assumed(data: ReportData) -> list[Step]:
    paying = [p for p in data.programmes if p.heard and p.money]
    assumed = [p for p in paying if p.assumed]
    if not assumed:
        return []
    return [
        Step(
            _("{count} of {all} programmes' amounts are assumptions", count=len(assumed), all=len(paying)),
            _("No figure is published; they are marked * in the table. The rules are assumptions, too."),
        )
    ]


def _offer(offer: Offer) -> Step:
    title = _(
        "Extend {name} to {count} {unit} who qualify and are not served?",
        name=offer.name,
        count=show(offer.gap),
        unit=labels.unit(offer.unit),
    )
    costs = sorted({cost for cost in (offer.ceiling_cost, offer.list_cost) if cost})
    if len(costs) == 2:
        title += " " + _(
            "{low} to {high} a year.", low=numbers.rupiah_short(costs[0]), high=numbers.rupiah_short(costs[1])
        )
    elif costs:
        title += " " + _("{cost} a year.", cost=numbers.rupiah_short(costs[0]))
    parts = [
        _(
            "{places} places since {month} ({source}).",
            places=numbers.whole(offer.places),
            month=numbers.month(offer.places_from),
            source=_cited(offer.places_source, offer.places_assumed),
        )
    ]
    if offer.list_price:
        parts.append(
            _(
                "At its price {rupiah} each a year ({source}).",
                rupiah=numbers.rupiah(offer.list_price),
                source=_cited(offer.list_source, offer.list_assumed),
            )
        )
    if offer.ceiling_price and offer.ceiling_price != offer.list_price:
        parts.append(
            _(
                "The budget pays {rupiah} each ({source}).",
                rupiah=numbers.rupiah(offer.ceiling_price),
                source=_cited(offer.ceiling_source, offer.ceiling_assumed),
            )
        )
    return Step(title, " ".join(parts))


def _cited(source: str, assumed: bool) -> str:
    """Name a source briefly, without what stands in brackets; an assumption is called one."""
    if assumed:
        return _("assumption")
    names = [part.split(" (", maxsplit=1)[0].strip() for part in source.split(";")]
    return _("source: {names}", names=join(list(dict.fromkeys(names))))


def synthetic(data: ReportData) -> Text | None:
    """Return the line that says that nobody in the edition is real, where that is so."""
    if not data.header.synthetic:
        return None
    return Text(
        _("Synthetic people: nobody in these figures exists. Quoted figures and prices are real."), "warn"
    )
