"""How much poverty there is: what the survey says, how sure that is, and what is published beside it."""

from __future__ import annotations

import statistics
from typing import Any, Final

from rantang.catalogue import describe
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
    join,
    plainly,
)
from rantang.documents.measurement import words
from rantang.documents.report import charts
from rantang.documents.report.model import ReportData, Survey
from rantang.documents.report.sections.opening import known
from rantang.documents.report.sections.small_areas import checked, small_areas
from rantang.measurement.figures import ORDER, Figure
from rantang.measurement.indicators import Doubt, doubts
from rantang.measurement.reliability import CAUTION, NOT_PUBLISHED, USABLE
from rantang.projection.sampling_error import changes
from rantang.projection.series import Observation, Series
from rantang.texts import _, mark
from rantang.vocabulary import numbers

SERIES: Final = {"bps": "BPS", "misi": mark("the mission")}
TONES: Final[dict[str, Tone]] = {USABLE: "", CAUTION: "warn", NOT_PUBLISHED: "bad"}
FIRST: Final = 8


def poverty(data: ReportData, geometry: dict[str, Any] | None = None) -> Section:
    """The survey's figures; without a survey, how to get them."""
    survey = data.survey
    if survey is None or "P0" not in survey.city:
        return Section(
            "survei",
            _("No survey is read: no rate is estimated here"),
            (
                Text(
                    _(
                        "A survey with weights, sampling units and expenditure goes into "
                        "`lists/bappeda/survei/`; the next edition estimates the rate from it, with its "
                        "error."
                    )
                ),
                *_published(data),
            ),
            short=_("Poverty"),
        )
    rate = survey.city["P0"]
    blocks: list[Block] = [_stats(survey)]
    districts = _districts(data, survey)
    cautions = _cautions(data, survey)
    if districts is None:
        blocks.append(cautions)
    else:
        blocks.append(Beside((districts,), (cautions,)))
    blocks.append(small_areas(data, survey, geometry))
    if (checks := checked(data)) is not None:
        blocks.append(checks)
    blocks += [_table(survey), *_published(data)]
    return Section(
        "survei",
        _("The survey finds {rate} poor, give or take: {interval}", rate=words.estimate(rate),
          interval=words.interval(rate)),
        tuple(blocks),
        lead=_(
            "Of {households} households asked, {period}. Poor is who spends less than {line} a month. This "
            "is a share of all who live here; the register counts only those on lists.",
            households=numbers.whole(rate.n),
            period=numbers.month(survey.period),
            line=numbers.rupiah(round(survey.line)),
        ),
        short=_("Poverty"),
    )  # fmt: skip


def _stats(survey: Survey) -> Stats:
    def stat(name: str, label: str, note: str = "") -> Stat:
        figure = survey.city[name]
        told = _("95 % interval: {interval}", interval=words.interval(figure))
        return Stat(words.estimate(figure), label, " · ".join(part for part in (told, note) if part))

    gap = survey.city["poverty_gap"]
    year = numbers.rupiah_short(round(12 * gap.estimate))
    return Stats(
        (
            stat("P0", _("of the people are poor"), _("standard error {se}", se=_points(survey.city["P0"]))),
            stat("poor", _("people are poor")),
            Stat(
                year,
                _("a year is what all the poor lack to reach the line"),
                _(
                    "95 % interval: {low} to {high} · if every rupiah reached exactly them",
                    low=numbers.rupiah_short(round(12 * gap.ci_low)),
                    high=numbers.rupiah_short(round(12 * gap.ci_high)),
                ),
            ),
            stat("gini", _("Gini coefficient: 0 all spend alike, 1 one spends all")),
        )
    )


def _points(figure: Figure) -> str:
    return _("{points} points", points=numbers.decimal(100 * figure.se, 1))


def _districts(data: ReportData, survey: Survey) -> Picture | None:
    if not survey.districts:
        return None
    named = {area.kecamatan_code: area.kecamatan for area in data.city.areas}
    order = sorted(survey.districts, key=lambda each: (-each.estimate, each.domain or ""))
    shown = [(data.city.name, survey.city["P0"])]
    shown += [(named.get(each.domain or "", "?"), each) for each in order]
    unsaid = [name for name, each in shown if each.reliability == NOT_PUBLISHED]
    items = [
        charts.Whisker(
            name, 100 * each.estimate, 100 * each.ci_low, 100 * each.ci_high,
            _("{rate} ({interval})", rate=words.estimate(each), interval=words.interval(each)),
            firm=each.reliability == USABLE,
        )
        for name, each in shown
        if each.reliability != NOT_PUBLISHED
    ]  # fmt: skip
    apart = _apart(order)
    title = (
        _("No kecamatan stands out: their intervals overlap")
        if not apart
        else _("{high} is poorer than {low}", high=named.get(apart[0], "?"), low=named.get(apart[1], "?"))
    )
    drawing = charts.whiskers(items, "rentang", title)
    rows = tuple(
        (name, *(round(100 * value, 2) for value in (each.estimate, each.se, each.ci_low, each.ci_high)),
         each.n, words.reliability(each))
        for name, each in shown
    )  # fmt: skip
    return Picture(
        title=title,
        subtitle=_("Poor people, per cent; point: estimate, line: 95 % interval; hollow: with caution"),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words="; ".join(f"{item.name}: {item.label}" for item in items),
        data=Data(
            "kemiskinan-survei",
            ("area", "percent", "standard_error", "low_95", "high_95", "households", "reliability"),
            rows,
        ),
        source=_("Source: survey of {period}, {households} households; errors know blocks, strata, weights.",
                 period=numbers.month(survey.period), households=numbers.whole(survey.city["P0"].n))
        + (" " + _("Too uncertain to show: {names}.", names=join(unsaid)) if unsaid else ""),
    )  # fmt: skip


def _apart(order: list[Figure]) -> tuple[str, str] | None:
    """The highest and the lowest where their difference is more than chance (two-sided, 95 %, Bonferroni)."""
    if len(order) < 2:
        return None
    high, low = order[0], order[-1]
    pairs = len(order) * (len(order) - 1) / 2
    z = statistics.NormalDist().inv_cdf(1 - 0.025 / pairs)
    error = (high.se**2 + low.se**2) ** 0.5
    return (high.domain or "", low.domain or "") if high.estimate - low.estimate > z * error else None


def _cautions(data: ReportData, survey: Survey) -> Steps:
    """What a reader must know of these figures: computed, not promised."""
    rate = survey.city["P0"]
    found = [
        Step(
            _("The same survey again could say {interval}", interval=words.interval(rate)),
            _(
                "Blocks of neighbours are alike: the error is {deff} times as large as if households were "
                "drawn singly.",
                deff=numbers.decimal(rate.deff**0.5, 1),
            ),
        )
    ]
    fall = _noise(data, rate)
    if fall is not None:
        found.append(fall)
    if survey.line_source == "indikator":
        found.append(
            Step(
                _("The line is the city's published one, not the survey's own"),
                _("The file has no poverty line in every row."),
            )
        )
    said = {row.code for row in data.findings}
    found += [
        Step(plainly(code), describe(code).mend)
        for code in ("UKUR-HILANG", "UKUR-BOBOT-NOL", "UKUR-PSU-TUNGGAL", "AREA-KECIL-PERIKSA")
        if code in said
    ]
    return Steps(_("How to read it"), tuple(found), boxed=True)


def _noise(data: ReportData, rate: Figure) -> Step | None:
    """The published series beside what one survey of this size can see."""
    series = Series("bps", tuple(Observation(each.year, each.value) for each in known(data)))
    moves = changes(series)
    if len(moves) < 3:
        return None
    seen = 1.96 * (2**0.5) * 100 * rate.se
    return Step(
        _("A fall of less than {points} points cannot be told from chance", points=numbers.decimal(seen, 1)),
        _(
            "Two such surveys, one year apart, 95 %. BPS's published rate moves by {moves} points a year: "
            "calmer than its sample size explains.",
            moves=numbers.decimal(statistics.stdev(moves), 2),
        ),
    )


def _table(survey: Survey) -> Table:
    figures = [survey.city[name] for name in ORDER if name in survey.city]
    rows = tuple(
        cells(
            (
                Cell(words.name(each.statistic), each.statistic),
                words.estimate(each) if each.reliability != NOT_PUBLISHED else "–",
                words.interval(each),
                words.written(each, each.se),
                words.rse(each),
                Cell(words.reliability(each), tone=TONES[each.reliability]),
            )
        )
        for each in figures
    )
    data = tuple(
        (each.statistic, each.estimate, each.se, each.ci_low, each.ci_high, each.n, each.deff, each.rse,
         each.reliability)
        for each in figures
    )  # fmt: skip
    return Table(
        title=_("All figures of the survey"),
        subtitle=_("{period}, per person; BPS: RSE to 25 % usable, to 50 % with caution, above not published",
                   period=numbers.month(survey.period)),
        columns=(
            Column(_("Figure"), number=False, weight=2.4),
            Column(_("Estimate"), _("unit of the line")),
            Column(_("95 % interval"), _("unit of the line"), weight=1.4),
            Column(_("Standard error"), _("unit of the line")),
            Column("RSE", "%", weight=0.6),
            Column(_("Reliability"), number=False),
        ),
        rows=rows,
        data=Data(
            "angka-survei",
            ("statistic", "estimate", "se", "ci_low", "ci_high", "n", "deff", "rse", "reliability"),
            data,
        ),
        scroll=True,
        first=FIRST,
    )  # fmt: skip


def _published(data: ReportData) -> tuple[Block, ...]:
    """Published figures that do not fit each other: side by side, none is changed."""
    told = doubts(data.city.indicators)
    if not told:
        return ()
    rows = tuple(
        cells(
            (
                Cell(describe(each.code, _written(each)).message, describe(each.code).mend),
                ", ".join(sorted({f"{_(SERIES.get(f.series, f.series))} {f.year}" for f in each.figures})),
            )
        )
        for each in told
    )
    return (
        Table(
            title=_("Published figures that do not agree"),
            subtitle=_("Kept side by side with their sources; none is overwritten"),
            columns=(Column(_("What"), number=False, weight=3), Column(_("Series"), number=False)),
            rows=rows,
            kind="plain",
            fold=_("Show {count} checks that do not hold", count=len(told)),
        ),
    )


def _written(doubt: Doubt) -> dict[str, str]:
    """Write what fills a doubt's text as the language in use writes numbers; years stay as they are."""

    def write(value: object) -> str:
        if isinstance(value, tuple):
            return "; ".join(f"{_number(each.value)} ({each.source})" for each in value)
        if isinstance(value, float):
            return _number(value)
        return str(value).upper() if value in ("p0", "p1", "p2") else str(value)

    return {name: write(value) for name, value in doubt.values.items()}


def _number(value: float) -> str:
    """Write a figure with the decimals it was published with; people are whole."""
    if abs(value) >= 1000:
        return numbers.whole(value)
    return numbers.decimal(value, len(f"{value:.4f}".rstrip("0").partition(".")[2]))
