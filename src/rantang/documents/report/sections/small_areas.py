"""The share of poor people in every kelurahan: a map in which what is unsure looks unsure."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, Final

import numpy as np

from rantang.documents.blocks import Block, Data, Picture, Text, join
from rantang.documents.measurement import words
from rantang.documents.report import tilemap
from rantang.documents.report.model import AreaFigure, ReportData, Survey
from rantang.measurement.reliability import CAUTION, NOT_PUBLISHED
from rantang.texts import _
from rantang.vocabulary import numbers

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
    limits = _limits([100 * each.figure.estimate for each in said])
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
    percent = 100 * figure.estimate
    hint = _("{rate} ({interval})", rate=words.estimate(figure), interval=words.interval(figure))
    return tilemap.Tile(
        name, group, column, row, percent, numbers.decimal(percent, 0),
        unsure=figure.reliability == CAUTION, hint=hint,
    )  # fmt: skip


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
    edges += [f"{numbers.decimal(low, 0)}–{numbers.percent(high, 0)}" for low, high in pairwise(limits)]
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
