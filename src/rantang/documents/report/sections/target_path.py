"""The path to the target: where the rate goes, what chance each target has, what it takes, what is seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rantang.documents import projected
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
    Text,
    Tone,
    cells,
)
from rantang.documents.projected import TargetRow
from rantang.documents.report import fan
from rantang.documents.report.model import ReportData
from rantang.texts import _
from rantang.vocabulary import numbers

NAME = "jalan-ke-target"
_SHOWN_BACK = 9
"""Years before the period that the chart shows; the model uses all."""


def path(data: ReportData) -> Section:
    """Say whether the targets can be reached; how to find out where nothing was computed."""
    found = data.projection
    if found is None:
        return _none()
    rows = projected.target_rows(found)
    blocks: list[Block] = [_fan(data, found, rows), _targets(found, rows), *_means(found)]
    if found["gap"]:
        blocks.append(_money(found["gap"]))
    if found["growth"]:
        blocks.append(Text(_growth(found)))
    blocks.append(Beside((_seen(found),), (_record(found),)))
    return Section(
        NAME, _title(found, rows), tuple(blocks), lead=_lead(found), short=_("The path to the target")
    )


def _none() -> Section:
    step = Step(
        _("Compute the path"),
        _("From the published rates and the targets in the city's configuration; it takes seconds."),
        "rantang project .",
    )
    return Section(
        NAME,
        _("The path to the target is not computed yet"),
        (Steps("", (step,)),),
        short=_("The path to the target"),
    )


def _title(found: Mapping[str, Any], rows: Sequence[TargetRow]) -> str:
    asked = projected.headline(rows)
    if asked is None:
        last = found["series"]["observations"][-1]
        return _(
            "The published rate is {rate}, and no target lies ahead", rate=numbers.percent(last["rate"], 2)
        )
    return _(
        "{target} published in {year}: the chance is {chance}",
        target=numbers.percent(asked.high, 2),
        year=asked.year,
        chance=projected.between(asked.range),
    )


def _lead(found: Mapping[str, Any]) -> str:
    errors = {each["scenario"]: each for each in found["sampling_error"]}
    design = numbers.decimal(errors["rancangan"]["se"], 2)
    assumed = " " + _("The survey's size is an assumption.") if errors["rancangan"]["asumsi"] else ""
    if "tersirat" not in errors:
        return _("A survey of this size errs by {design} points (standard error).", design=design) + assumed
    text = _(
        "A survey of this size errs by {design} points (standard error), yet the published series moves as "
        "if it erred by {implied}. Why is not known outside BPS, so every chance is given twice.",
        design=design,
        implied=numbers.decimal(errors["tersirat"]["se"], 2),
    )
    return text + assumed


def method(data: ReportData) -> tuple[tuple[str, str], ...]:
    """Return how the chances are computed, for the page's definitions; nothing without a projection."""
    if data.projection is None:
        return ()
    own = {each["scenario"]: each["source"] for each in data.projection["sampling_error"]}
    text = _(
        "The published rates that were out by the period's end, a level with drift on the logit, and the "
        "survey's sampling error as an input. How far rate and drift may move in a year is an assumption. "
        "Error of the design: {design}. A quoted rate starts a path of its own, with an assumed survey "
        "error.",
        design=_(own["rancangan"]),
    )
    return ((_("Chance of a target"), text),)


def uncertain(data: ReportData) -> Step | None:
    """Return what the first screen says of the chance, None without a projection or a target ahead."""
    asked = projected.headline(projected.target_rows(data.projection)) if data.projection else None
    if asked is None:
        return None
    return Step(
        _(
            "{target} in {year}: a chance of {chance}",
            target=numbers.percent(asked.high, 2),
            year=asked.year,
            chance=projected.between(asked.range),
        ),
        _(
            "That the published rate reaches it; how wide, hangs on the survey's error, which is not known. "
            "The rates above are quoted."
        ),
    )


def _fan(data: ReportData, found: Mapping[str, Any], rows: Sequence[TargetRow]) -> Picture:
    start = int(data.header.period[:4]) - _SHOWN_BACK
    title = _("The path of the true rate, as far as a survey can know it")
    published = tuple(
        (int(o["year"]), float(o["rate"])) for o in found["series"]["observations"] if o["year"] >= start
    )
    panels = []
    for kind in projected.kinds(found):
        quoted = found["paths"].get(projected.quoted_scenario(kind), [])
        panels.append(
            fan.Panel(
                title=projected.scenario_title(kind),
                published=published,
                path=_steps(found["paths"][kind], start),
                quoted=_steps(quoted, start),
                goals=_goals(rows),
            )
        )
    named = fan.Words(found["series"]["name"].upper(), _("median"), _("quoted"))
    drawing = fan.fan(panels, named, "jalan", title)
    table = [
        (scenario, step["year"], *(round(step[name], 2) for name in _BANDS))
        for scenario, steps in found["paths"].items()
        for step in steps
    ]
    return Picture(
        title=title,
        subtitle=_("Poor people, per cent of the population, in March of each year"),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words=_words(found),
        data=Data("jalan-ke-target", ("scenario", "year", *_BANDS), tuple(table)),
        source=_source(found, published),
    )


_BANDS = ("median", "lo90", "hi90", "published_lo90", "published_hi90")


def _steps(path_: Sequence[Mapping[str, Any]], start: int) -> tuple[fan.Step, ...]:
    return tuple(
        fan.Step(int(s["year"]), *(float(s[name]) for name in _BANDS)) for s in path_ if s["year"] >= start
    )


def _goals(rows: Sequence[TargetRow]) -> tuple[fan.Goal, ...]:
    """Return the targets to draw: those that stand or were judged, the first and last with a figure."""
    shown = [row for row in rows if not row.quoted and not row.revised_by]
    ends = {shown[0].year, shown[-1].year} if shown else set()
    return tuple(
        fan.Goal(
            row.year,
            row.low,
            row.high,
            row.mission,
            numbers.decimal(row.high, 2) if row.year in ends and row.low == row.high else "",
        )
        for row in shown
    )


def _words(found: Mapping[str, Any]) -> str:
    parts = []
    for kind in projected.kinds(found):
        last = found["paths"][kind][-1]
        parts.append(
            _(
                "{scenario}: {median} in {year}, between {low} and {high} with 90% certainty.",
                scenario=projected.scenario_title(kind),
                median=numbers.percent(last["median"], 1),
                year=last["year"],
                low=numbers.percent(last["lo90"], 1),
                high=numbers.percent(last["hi90"], 1),
            )
        )
    return " ".join(parts)


def _source(found: Mapping[str, Any], drawn: Sequence[tuple[int, float]]) -> str:
    """Say what is drawn; the model uses every figure, the chart shows the later ones."""
    years = [year for year, _rate in drawn] or [int(o["year"]) for o in found["series"]["observations"]]
    return _(
        "Dots: {series}, {first} to {last}, figures out by {period}. Band: 90% for the true rate; dotted: "
        "90% for a figure to be published. Red dashes: targets; brown: the quoted "
        "figures, which start a path of their own.",
        series=found["series"]["name"].upper(),
        first=years[0],
        last=years[-1],
        period=numbers.month(found["period"]),
    )


def _targets(found: Mapping[str, Any], rows: Sequence[TargetRow]) -> Table:
    columns = [Column(_("Target"), number=False, weight=1.6), Column(_("At most"), "%")]
    for kind in projected.kinds(found):
        name = projected.scenario(kind)
        columns += [Column(_("True"), name, weight=1.3), Column(_("Published"), name, weight=1.3)]
    shown = []
    for row in rows:
        odds = [
            Cell(numbers.chance(each[name]), bar=float(each[name]))
            for each in row.chances
            for name in ("p_true", "p_published")
        ]
        name = _("{document}, {year}", document=projected.document(row.document), year=row.year)
        tone: Tone = "mute" if row.revised_by else ""
        shown.append(cells((Cell(name, projected.note(row), tone), numbers.decimal(row.high, 2), *odds)))
    head = ("document", "year", "low", "high", "scenario", "p_true", "p_published")
    return Table(
        title=_("The chance of every target"),
        subtitle=_("That the rate is at or below it, in per cent"),
        columns=tuple(columns),
        rows=tuple(shown),
        data=Data(
            "peluang-target",
            head,
            tuple(tuple(target[name] for name in head) for target in found["targets"]),
        ),
        note=_(
            "A city is judged by the published figure; its people live with the true one. Where a figure is "
            "published already, its chance is 0 or 100%."
        ),
        scroll=True,
    )


def _means(found: Mapping[str, Any]) -> list[Block]:
    """Return how fast, and by which means; the floor argument itself stands on the first screen."""
    ahead = [pace for pace in found["pace"] if pace["points"] > 0]
    blocks: list[Block] = []
    ways = {each["way"]: each for each in found["means"]}
    if ways:
        text = _(
            "Of the quoted figures, {leave} people leave poverty by work, business and services, and {lift} "
            "are lifted by aid: {leave_a_year} and {lift_a_year} a year.",
            leave=numbers.whole(ways["lepas"]["people"]),
            lift=numbers.whole(ways["diangkat"]["people"]),
            leave_a_year=numbers.whole(round(ways["lepas"]["people_a_year"], -2)),
            lift_a_year=numbers.whole(round(ways["diangkat"]["people_a_year"], -2)),
        )
        text = " ".join(part for part in (text, projected.cost_of_lifting(found)) if part)
        blocks.append(Text(text, link="temuan", link_text=_("Why no less: the floor.")))
    if ahead:
        shown = tuple(Step(projected.pace_title(pace), projected.pace_body(pace)) for pace in ahead[:4])
        blocks.append(Steps(_("How fast the rate must fall"), shown))
    return blocks


def _growth(found: Mapping[str, Any]) -> str:
    """Say what the path is when growth and the line's rise are taken in."""
    growth = found["growth"]
    plain = [numbers.percent(found["paths"][kind][-1]["median"], 1) for kind in growth["scenarios"]]
    pushed = [numbers.percent(each["median"], 1) for each in growth["scenarios"].values()]
    text = _(
        "A check: with the city's growth, of which {share} reaches households ({source}), and the line's "
        "rise taken in, the median of {year} is {pushed} instead of {plain}.",
        share=numbers.percent(100 * growth["pass_through"], 0),
        source=growth["source"],
        year=growth["horizon"],
        pushed=" / ".join(pushed),
        plain=" / ".join(plain),
    )
    if min(each["log_evidence_gain"] for each in growth["scenarios"].values()) <= 0:
        text += " " + _("The published series is not better explained by them, so the path does without.")
    return text


def _money(gap: Mapping[str, Any]) -> Stats:
    items = [
        Stat(
            numbers.rupiah_short(gap["perfect"]),
            _("a year fill the gap of every poor person, if every rupiah meets its purpose"),
            _("P1 {p1}, line {line}, {year}", p1=numbers.decimal(gap["p1"], 2),
              line=numbers.rupiah(gap["line"]), year=gap["year"]),
        ),
        Stat(
            numbers.rupiah_short(gap["ranked"]),
            _("with {error} of it going to others", error=numbers.percent(100 * gap["inclusion_error"], 0)),
            _(gap["inclusion_source"]),
        ),
    ]  # fmt: skip
    if gap["listed"]:
        items.append(
            Stat(
                numbers.rupiah_short(gap["listed"]),
                _("if everybody on the welfare list gets as much"),
                _("{share} of the residents are on it", share=numbers.percent(100 * gap["listed_share"], 0)),
            )
        )
    if gap["budget"]:
        items.append(
            Stat(
                numbers.rupiah_short(gap["budget"]),
                _("are tagged as poverty budget in {year}", year=gap["budget_year"]),
                gap["sources"][-1],
            )
        )
    return Stats(tuple(items))


def _seen(found: Mapping[str, Any]) -> Table:
    each = found["detection"]
    columns = [Column(_("A real fall of"), _("points a year"), number=False)]
    for entry in each:
        columns.append(Column(projected.scenario_title(entry["scenario"]), _("years until it is seen")))
    paces = [seen["pace"] for seen in each[0]["seen"]]
    rows = [
        cells(
            (
                numbers.decimal(pace, 2),
                *(
                    _(
                        "{two}; by the trend {trend}",
                        two=projected.years(entry["seen"][n]["years_two"]),
                        trend=projected.years(entry["seen"][n]["years_trend"]),
                    )
                    for entry in each
                ),
            )
        )
        for n, pace in enumerate(paces)
    ]
    smallest = [numbers.decimal(entry["smallest_change"], 1) for entry in each]
    return Table(
        title=_("What the survey can see"),
        subtitle=_(
            "Two surveys tell a change from chance from {points} points on (5%, power 80%)",
            points=" / ".join(smallest),
        ),
        columns=tuple(columns),
        rows=tuple(rows),
        note=_("First: two surveys, one at each end. Then: a line through the surveys of all years."),
    )


def _record(found: Mapping[str, Any]) -> Table:
    scores = found["backtest"]["scores"]
    rows = tuple(
        cells(
            (
                projected.method(score["method"]),
                numbers.decimal(score["interval_score"], 2),
                numbers.decimal(score["crps"], 2),
                numbers.percent(100 * score["coverage"], 0),
            )
        )
        for score in scores
    )
    count = scores[0]["forecasts"] if scores else 0
    return Table(
        title=_("Would it have been right?"),
        subtitle=_(
            "{count} forecasts of a published figure from past years, 1 to 3 years ahead", count=count
        ),
        columns=(
            Column(_("Method"), number=False),
            Column(_("Interval score"), _("points, less is better")),
            Column(_("CRPS"), _("points, less is better")),
            Column(_("In the interval"), _("of the figures")),
        ),
        rows=rows,
        note=_(
            "Few and overlapping: a check, no proof. An interval that is right for being wide scores badly."
        ),
        kind="plain",
    )
