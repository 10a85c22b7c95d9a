"""Who a score would miss and whom it would let in, how far its chances can be trusted, what a visit mends."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rantang.catalogue import describe
from rantang.documents import labels
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
    cells,
    join,
    show,
)
from rantang.documents.report import charts
from rantang.documents.report.model import ReportData
from rantang.texts import _, mark
from rantang.vocabulary import numbers
from rantang.welfare.declared import facts

SHARES: Final = ("line", "share_0.2", "share_0.4")
MEASURES: Final = {
    "exclusion": mark("Of the poor, not chosen (exclusion error)"),
    "inclusion": mark("Of those chosen, not poor (inclusion error)"),
    "leakage": mark("Of equal payments, to families that are not poor (leakage)"),
    "poorest_tenth_missed": mark("Of the poorest tenth, not chosen"),
    "cgh": mark("Times as much for the poor as without choosing (Coady–Grosh–Hoddinott)"),
    "auc": mark("Poor and not poor put in the right order (AUC)"),
}
ENDS: Final = ("estimate", "low", "high")
RATIOS: Final = frozenset({"cgh", "auc"})
MOST: Final = 8


def score(data: ReportData) -> Section:
    """The score's errors; without a score, why there is none."""
    if not data.score:
        return _without(data)
    code, main = max(data.score["sources"].items(), key=lambda each: (each[1]["families"], each[0]))
    errors = main["errors"]
    if "line" not in errors:
        text = _("No household of the survey is poor, or all are: how often the score errs cannot be said.")
        title = _("How often the score errs is not known")
        return Section("skor", title, (Text(text), _points(main)), short=_("Who is missed"))
    missed = errors["line"]["*"]["exclusion"]
    blocks: tuple[Block, ...] = (
        _stats(main),
        Beside((_calibration(errors["calibration"], main["households"]),), (_reading(data, main),)),
        _by_share(errors),
        _by_group(errors),
        _points(main),
    )
    return Section(
        "skor",
        _(
            "Of ten poor people a score misses {count}: it strikes nobody off, it says whom to visit",
            count=numbers.whole(10 * missed["estimate"]),
        ),
        blocks,
        lead=_(
            "The score guesses what a family spends from what {list} says of it. It was learnt on "
            "{households} households of the survey and tested on blocks that it had not seen. "
            "Intervals: 90 %.",
            list=labels.kind(code),
            households=numbers.whole(main["households"]),
        ),
        short=_("Who is missed"),
    )


def _without(data: ReportData) -> Section:
    said = sorted(
        row.code
        for row in data.findings
        if row.code.startswith("SKOR-TANPA") or row.code == "SKOR-SURVEI-KECIL"
    )
    texts = [Text(f"{describe(code).message} {describe(code).mend or ''}".strip()) for code in said]
    return Section(
        "skor",
        _("Nobody is scored: classes follow the national decile"),
        tuple(texts)
        or (Text(_("A score needs a survey to learn from and a list that says facts of each family.")),),
        short=_("Who is missed"),
    )


def _stats(main: Mapping[str, Any]) -> Stats:
    line = main["errors"]["line"]["*"]
    visits = main["visits"]

    def stat(name: str, label: str) -> Stat:
        return Stat(_percent(line[name]["estimate"]), label, _interval(line[name]))

    return Stats(
        (
            stat("exclusion", _("of the poor would be missed")),
            stat("inclusion", _("of those chosen would not be poor")),
            stat("poorest_tenth_missed", _("of the poorest tenth would be missed")),
            Stat(
                numbers.whole(round(visits["left_out"]) + round(visits["let_in"])),
                _("errors are mended by the first {visits} visits", visits=numbers.whole(visits["visits"])),
                _(
                    "{found} poor families found that the score would miss, {let_in} found not to be poor; "
                    "expected by the score's own chances",
                    found=numbers.whole(visits["left_out"]),
                    let_in=numbers.whole(visits["let_in"]),
                ),
            ),
        )
    )


def _calibration(rows: list[Mapping[str, Any]], households: int) -> Picture:
    """Draw what was said against what was seen; where the survey says who is listed, of the listed only."""
    counted = [row["households"] for row in rows if "households" in row]
    listed = bool(counted) and sum(counted) < households
    points = [
        charts.Said(100 * row["predicted"], *(100 * row["observed"][end] for end in ENDS))
        for row in rows
        if row["observed"]["low"] is not None
    ]  # fmt: skip
    seen = [point for point in points if point.seen > 0]
    inside = sum(point.low <= point.said <= point.high for point in seen)
    title = _(
        "Where poor people were seen, what the score says fits in {inside} of {count} groups",
        inside=inside,
        count=len(seen),
    )
    drawing = charts.calibration(points, "kalibrasi", title)
    return Picture(
        title=title,
        subtitle=_(
            "Across: the chance of being poor that it says; up: who was poor; per cent, in {count} equal "
            "groups of {whom}; line: 90 % interval; dashed: both are equal",
            count=len(points),
            whom=_("the people of the survey who are on welfare lists")
            if listed
            else _("the survey's people"),
        ),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words="; ".join(
            _(
                "said {said}, seen {seen} ({low}–{high})",
                said=numbers.percent(point.said, 1), seen=numbers.percent(point.seen, 1),
                low=numbers.decimal(point.low, 1), high=numbers.percent(point.high, 1),
            )
            for point in points
        ),
        data=Data(
            "kalibrasi",
            ("said_percent", "seen_percent", "low_90", "high_90"),
            tuple(tuple(round(value, 2) for value in (p.said, p.seen, p.low, p.high)) for p in points),
        ),
        source=_source(points),
    )  # fmt: skip


def _source(points: Sequence[charts.Said]) -> str:
    text = _("Source: the survey's own blocks, each predicted by fits that had not seen it.")
    none = [point.said for point in points if not point.seen]
    if not none:
        return text
    return f"{text} " + _(
        "In {count} groups nobody was poor; there the score says at most {most}.",
        count=len(none), most=numbers.percent(max(none), 1),
    )  # fmt: skip


def _reading(data: ReportData, main: Mapping[str, Any]) -> Steps:
    errors, stability, joined = main["errors"], main["errors"]["stability"], main["joined"]
    steps = [
        Step(
            _("{families} families can be scored", families=numbers.whole(main["families"])),
            _(
                "No list says enough of the others ({count}): no data yet, never guessed.",
                count=show(dict(data.classes)["belum-didata"]),
            ),
        ),
        *_unfair(data, errors["fairness"]),
        Step(
            _(
                "With another draw of the survey, {share} of those chosen would be chosen again",
                share=_percent(stability["chosen_again"]),
            ),
            _(
                "Ranks agree to {rank} (rank correlation).",
                rank=numbers.decimal(stability["rank_correlation"], 2),
            ),
        ),
        *_joined(joined),
        Step(
            _("Visits go where they are worth most: near the cut"),
            _("The list is in the work lists, the most valuable visit first."),
            f"rantang worklist editions/{data.header.edition} --agency dinsos",
        ),
    ]
    return Steps(_("How to read it"), tuple(steps), boxed=True)


def _unfair(data: ReportData, fairness: Mapping[str, Any]) -> list[Step]:
    found = []
    for name, about in fairness.items():
        if not about["warning"] or name not in labels.PEOPLE:
            continue
        apart = about["exclusion"]
        cost = about["cost"]
        body = (
            _(
                "To miss them no more often than others, {more} of all people more would be chosen, "
                "{wrong} of all people not being poor.",
                more=_percent(cost["chosen_in_addition"], 1),
                wrong=_percent(cost["not_poor_among_them"], 1),
            )
            + _rupiah(data, cost.get("rupiah_a_year") or {})
            if cost
            else ""
        )
        found.append(
            Step(
                _(
                    "{group}: missed more often, by {points} points ({low} to {high})",
                    group=labels.people(name),
                    points=numbers.decimal(100 * apart["estimate"], 0),
                    low=numbers.decimal(100 * apart["low"], 0),
                    high=numbers.decimal(100 * apart["high"], 0),
                ),
                body,
            )
        )
    return found


def _rupiah(data: ReportData, cost: Mapping[str, int]) -> str:
    """Say what that costs a year, from the cheapest to the dearest of the programmes of main support."""
    if not cost:
        return ""
    ends = [numbers.rupiah_short(each) for each in (min(cost.values()), max(cost.values()))]
    names = join([labels.programme_name(data.city, code) for code in sorted(cost)])
    rupiah = " – ".join(dict.fromkeys(ends))
    return " " + _("In {programmes} that costs {rupiah} a year.", programmes=names, rupiah=rupiah)


def _joined(joined: Mapping[str, Any]) -> list[Step]:
    if not joined.get("families"):
        return []
    return [
        Step(
            _("A KK is not a household"),
            _(
                "The survey asked households. Were KK at one address one household, {families} families "
                "would move by {points} percentiles on average.",
                families=numbers.whole(joined["families"]),
                points=numbers.decimal(joined["mean_move_size"], 0),
            ),
        )
    ]


def _by_share(errors: Mapping[str, Any]) -> Table:
    heads = [
        _("at the poverty line ({percent})", percent=_percent(errors["line"]["coverage"], 1)),
        *(_percent(errors[name]["coverage"]) for name in SHARES[1:]),
    ]
    rows = [
        cells((_(text), *(_figure(errors[share]["*"][name], name) for share in SHARES)))
        for name, text in MEASURES.items()
    ]
    return Table(
        title=_("The smaller the share that is chosen, the more it errs"),
        subtitle=_("Share of people chosen; as many are chosen as are poor, or as stand in that share"),
        columns=(
            Column(_("Measure"), number=False, weight=2.2),
            *(Column(head, _("estimate (90 %)")) for head in heads),
        ),
        rows=tuple(rows),
        data=Data(
            "galat-skor",
            ("measure", "chosen", "estimate", "low_90", "high_90"),
            tuple(
                (name, errors[share]["coverage"], *(errors[share]["*"][name][end] for end in ENDS))
                for name in MEASURES
                for share in SHARES
            ),
        ),
        scroll=True,
    )  # fmt: skip


def _by_group(errors: Mapping[str, Any]) -> Table:
    columns = [(share, name) for share in SHARES for name in ("exclusion", "inclusion")]
    heads = {"exclusion": _("missed"), "inclusion": _("not poor among them")}

    def row(code: str, text: str) -> tuple[Cell, ...]:
        return cells((text, *(_of_group(errors[share].get(code), name) for share, name in columns)))

    known = [(code, labels.people(code)) for code in labels.PEOPLE if code in errors["line"]]
    areas = [
        code for code in errors["line"] if code.startswith("kelurahan/") and not errors["line"][code]["few"]
    ]
    return Table(
        title=_("Whom it misses, by group"),
        subtitle=_("A dash: fewer than 30 poor households in the sample, too few to say"),
        columns=(
            Column(_("Group"), number=False, weight=1.8),
            *(
                Column(heads[name], _("line") if share == "line" else _percent(errors[share]["coverage"]))
                for share, name in columns
            ),
        ),
        rows=(row("*", _("Everyone")), *(row(code, text) for code, text in known)),
        note=""
        if areas
        else _("By kelurahan nothing can be said: each has too few poor households in the sample."),
        scroll=True,
    )


def _of_group(found: Mapping[str, Any] | None, name: str) -> Cell:
    if found is None or found["few"]:
        return Cell("–")
    return _figure(found[name], name)


def _points(main: Mapping[str, Any]) -> Table:
    said = {(fact.name, level.code): level.words for fact in facts() for level in fact.levels}
    every = sorted(
        (value, _(said[name, code]))
        for name, levels in main["points"].items()
        for code, value in levels.items()
        if (name, code) in said and abs(value) >= 0.005
    )
    chosen = every[:MOST] + every[-MOST:] if len(every) > 2 * MOST else every
    return Table(
        title=_("What lowers the guess most, and what raises it most"),
        subtitle=_("Against the survey's average household; a family's own reasons stand in the work lists"),
        columns=(Column(_("What a list says"), number=False, weight=2), Column(_("Spending"), "%")),
        rows=tuple(
            cells((text, Cell(_signed(value), tone="bad" if value < 0 else ""))) for value, text in chosen
        ),
        data=Data("poin-skor", ("answer", "log_points"), tuple((text, value) for value, text in every)),
        kind="plain",
        fold=_("Show the {count} answers that move it most", count=len(chosen)),
    )


def _signed(value: float) -> str:
    percent = 100 * math.expm1(value)
    return ("+" if percent > 0 else "") + numbers.decimal(percent, 0)


def _figure(found: Mapping[str, Any], name: str) -> Cell:
    """Write an estimate with its interval under it: beside it six columns would not fit on paper."""
    if found["estimate"] is None:
        return Cell("–")
    if name in RATIOS:
        ends = f"{numbers.decimal(found['low'], 2)}–{numbers.decimal(found['high'], 2)}"
        return Cell(numbers.decimal(found["estimate"], 2), ends)
    return Cell(_percent(found["estimate"]), _ends(found))


def _ends(found: Mapping[str, Any]) -> str:
    return f"{numbers.decimal(100 * found['low'], 0)}–{_percent(found['high'])}"


def _interval(found: Mapping[str, Any]) -> str:
    return _("90 % interval: {interval}", interval=_ends(found))


def _percent(value: float, digits: int = 0) -> str:
    return numbers.percent(100 * value, digits)
