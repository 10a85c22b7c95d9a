"""The share of poor people in every kelurahan: a map in which what is unsure looks unsure."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any, Final

import numpy as np

from rantang.documents.blocks import Beside, Block, Cell, Column, Data, Picture, Table, Text, join
from rantang.documents.measurement import words
from rantang.documents.report import charts, tilemap
from rantang.documents.report.model import AreaFigure, ReportData, Survey
from rantang.measurement.reliability import CAUTION, NOT_PUBLISHED
from rantang.texts import _, mark
from rantang.vocabulary import numbers

CONCERNS: Final = {
    "residuals-not-normal": mark("The households' residuals are not normal"),
    "effects-not-normal": mark("The effects of kelurahan are not normal"),
    "spread-grows-with-fit": mark("The residuals' size moves with the fitted value"),
    "single-observation-decides": mark("One household moves the fit by itself"),
    "no-variance-between-areas": mark("No difference between kelurahan beyond what the facts explain"),
}
STEPS: Final = 5
DIRECT: Final = "langsung"


def small_areas(data: ReportData, survey: Survey, geometry: dict[str, Any] | None) -> Block:
    """The map of the model's estimates; where there are none, why not."""
    found = {each.code: each for each in survey.areas if each.method != DIRECT}
    village = data.city.terms.get("village", "kelurahan")
    if not found:
        return Text(
            _(
                "There is no figure by {village}: that needs a survey that names it and Dukcapil's list "
                "of all residents.",
                village=village,
            )
        )
    said = [each for each in found.values() if each.figure.reliability != NOT_PUBLISHED]
    limits = _limits([_shown(each) for each in said])
    title = _title(survey, said, village)
    tiles = {
        area.code: _tile(found[area.code], area.name, area.kecamatan, area.column or 0, area.row or 0)
        for area in data.areas
        if area.code in found
    }
    wide, narrow = tilemap.drawn(tiles, limits, "kem", title, geometry)
    synthetic = sum(each.method == "sintetis" for each in found.values())
    silent = len(found) - len(said)
    return Picture(
        title=title,
        subtitle=_("Share of people who are poor by {village}, per cent, estimated", village=village),
        wide=wide,
        narrow=narrow,
        words=_highest(data, said),
        key=_legend(limits),
        hatch=_("too uncertain to show (RSE above 50 %)"),
        data=_table(data, survey, found),
        source=" ".join(
            (
                _("White stripes: with caution (RSE 25 to 50 %)."),
                _("{count} {village} are too uncertain to show.", count=silent, village=village),
                _("In {count} nobody was asked: there only the model speaks.", count=synthetic),
                _(
                    "Empirical best estimates from the survey, the sizes of Dukcapil's families and the "
                    "share on welfare lists; together they give the city's rate. They rank places, they do "
                    "not prove one."
                ),
            )
        ),
        grow=True,
    )


def _title(survey: Survey, said: list[AreaFigure], village: str) -> str:
    rate = survey.city["P0"].estimate
    above = [each for each in said if each.figure.ci_low > rate]
    if not above:
        return _("No {village} is surely poorer than the city as a whole", village=village)
    return _(
        "{count} {village} are surely poorer than the city as a whole", count=len(above), village=village
    )


def _tile(each: AreaFigure, name: str, group: str, column: int, row: int) -> tilemap.Tile:
    figure = each.figure
    if figure.reliability == NOT_PUBLISHED:
        return tilemap.Tile(name, group, column, row, None, "–", hint=_("too uncertain to show"))
    percent = _shown(each)
    hint = _("{rate} ({interval})", rate=words.estimate(figure), interval=words.interval(figure))
    return tilemap.Tile(
        name, group, column, row, percent, numbers.decimal(percent, 0),
        unsure=figure.reliability == CAUTION, hint=hint,
    )  # fmt: skip


def _shown(each: AreaFigure) -> float:
    """Return the whole per cent that stands in a tile: it colours the tile, too, so that both agree."""
    return float(round(100 * each.figure.estimate))


def _limits(values: list[float]) -> tuple[float, ...]:
    """Whole per cents that part the values into steps of about equal number."""
    if not values:
        return ()
    cuts = np.quantile(values, [n / STEPS for n in range(1, STEPS)])
    return tuple(float(cut) for cut in sorted({max(round(float(cut)), 1) for cut in cuts}))


def _legend(limits: tuple[float, ...]) -> str:
    if not limits:
        return ""
    edges = [f"< {numbers.percent(limits[0], 0)}"]
    for low, above in pairwise(limits):
        last = numbers.percent(above - 1, 0)
        edges.append(last if low == above - 1 else f"{numbers.decimal(low, 0)}–{last}")
    return "|".join([*edges, f"≥ {numbers.percent(limits[-1], 0)}"])


def _highest(data: ReportData, said: list[AreaFigure]) -> str:
    names = {area.code: area.name for area in data.areas}
    first = sorted(said, key=lambda each: (-each.figure.estimate, each.code))[:5]
    return _(
        "Highest estimates: {areas}.",
        areas=join(
            [
                f"{names.get(each.code, each.code)} {words.estimate(each.figure)} "
                f"({words.interval(each.figure)})"
                for each in first
            ]
        ),
    )


def _table(data: ReportData, survey: Survey, found: dict[str, AreaFigure]) -> Data:
    direct = {each.code: each.figure for each in survey.areas if each.method == DIRECT}
    rows: list[tuple[object, ...]] = []
    for area in data.areas:
        if area.code not in found:
            continue
        each = found[area.code]
        asked = direct[area.code].n if area.code in direct else 0
        shown = each.figure.reliability != NOT_PUBLISHED
        numbers_ = (each.figure.estimate, each.figure.se, each.figure.ci_low, each.figure.ci_high)
        percent = tuple(round(100 * value, 2) if shown else "–" for value in numbers_)
        rows.append((area.code, area.name, each.method, *percent, asked, each.figure.reliability))
    head = (
        "code",
        "name",
        "method",
        "percent",
        "standard_error",
        "low_95",
        "high_95",
        "households",
        "reliability",
    )
    return Data("kemiskinan-kelurahan", head, tuple(rows))


def checked(data: ReportData) -> Block | None:
    """What a statistician looks at before believing the map; None where there is no model."""
    if data.checks is None:
        return None
    checks = data.checks
    rows = [
        _check("residuals-not-normal", checks, _normality(checks["residuals"])),
        _check("effects-not-normal", checks, _normality(checks["effects"])),
        _check("spread-grows-with-fit", checks, _("Spearman {rho}, p = {p}",
               rho=_number(checks["spread_with_fit"]["rho"]), p=_number(checks["spread_with_fit"]["p"], 3))),
        _check("single-observation-decides", checks, _("largest Cook's distance {value}",
               value=_number(checks["influence_largest"], 3))),
        _check("no-variance-between-areas", checks, _(
            "{share} of what the facts leave lies between kelurahan",
            share=numbers.percent(100 * checks["between"], 1),
        )),
    ]  # fmt: skip
    count = len(checks["concerns"])
    table = Table(
        title=_("The model passes every check") if not count
        else _("The model fails {count} of {all} checks", count=count, all=len(CONCERNS)),
        subtitle=_("A check fails below p = 0.01, above a Cook's distance of 1, or without any variance"),
        columns=(
            Column(_("Would be a concern"), number=False, weight=2),
            Column(_("Found"), number=False, weight=2),
            Column(_("Passes?"), number=False),
        ),
        rows=tuple(rows),
        kind="plain",
        note=_(
            "How far a kelurahan's own households are believed (gamma): {least} to {most}, in the middle "
            "{middle}; {synthetic} of the kelurahan have none.",
            least=_number(checks["gamma_least"]), most=_number(checks["gamma_most"]),
            middle=_number(checks["gamma_median"]),
            synthetic=numbers.percent(100 * checks["share_synthetic"], 0),
        ),
    )  # fmt: skip
    return Beside((_quantiles(checks),), (table,))


def _check(name: str, checks: Mapping[str, Any], found: str) -> tuple[Cell, ...]:
    failed = name in checks["concerns"]
    verdict = Cell(_("concern") if failed else _("passes"), tone="warn" if failed else "")
    return (Cell(_(CONCERNS[name])), Cell(found), verdict)


def _normality(found: Mapping[str, Any]) -> str:
    return _(
        "skew {skew}, excess kurtosis {kurtosis}, Shapiro–Wilk p = {p}",
        skew=_number(found["skew"]), kurtosis=_number(found["excess_kurtosis"]), p=_number(found["p"], 3),
    )  # fmt: skip


def _number(value: float | None, digits: int = 2) -> str:
    return "–" if value is None else numbers.decimal(value, digits)


def _quantiles(checks: Mapping[str, Any]) -> Picture:
    expected, observed = checks["quantiles"]
    title = _("Households' residuals beside the normal distribution")
    drawing = charts.quantiles(list(zip(expected, observed, strict=True)), "kuantil", title)
    ends = [(expected[at], observed[at]) for at in (0, len(expected) // 2, -1)] if expected else []
    return Picture(
        title=title,
        subtitle=_(
            "Across: quantiles of the normal distribution; up: those of the residuals; line: both equal"
        ),
        wide=drawing.wide,
        narrow=drawing.narrow,
        words="; ".join(
            _("{expected} expected, {observed} found", expected=_number(a), observed=_number(b))
            for a, b in ends
        ),
        data=Data("kuantil-residual", ("normal", "residual"), tuple(zip(expected, observed, strict=True))),
        source=_("Source: residuals of the nested error model, on its transformed scale, standardised."),
    )
