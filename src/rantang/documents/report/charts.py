"""The report's charts: one Altair definition each, drawn wide (a desk, paper) and narrow (a phone)."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt
import vl_convert as vlc
from altair.utils.schemapi import debug_mode
from markupsafe import escape

from rantang.documents import look
from rantang.texts import language

_LOCALES: Final = {
    "id": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["Rp ", ""]},
    "en": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["Rp ", ""]},
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart in its two forms, as SVG."""

    wide: str
    narrow: str


@dataclass(frozen=True, slots=True)
class Point:
    """A value of a series in a year."""

    year: float
    value: float
    label: str = ""


def svg(chart: alt.TopLevelMixin, name: str, title: str) -> str:
    """Draw a chart as SVG that can stand in a page beside others: own ids, no size of its own."""
    text = vlc.vegalite_to_svg(chart.to_dict(validate=False), format_locale=_LOCALES[language()])
    text = re.sub(r'\b(id="|url\(#|href="#)', rf"\g<1>{name}-", text)
    head = re.search(r'<svg[^>]*viewBox="([^"]*)"[^>]*>', text)
    if head is None:
        raise ValueError(f"{name}: no drawing was made")
    opening = f'<svg viewBox="{head[1]}" role="img" aria-label="{escape(title)}">'
    return opening + re.sub(r"\s*aria-[a-z]+=\"[^\"]*\"|\s*role=\"graphics-[^\"]*\"", "", text[head.end() :])


def twice(draw: Callable[[bool], Any], name: str, title: str) -> Drawing:
    """Draw a chart wide and narrow; `draw` is told which."""
    with debug_mode(False):  # else Altair holds every part against its schema: the tests do, once
        return Drawing(svg(draw(True), f"{name}w", title), svg(draw(False), f"{name}n", title))


def dress(chart: Any, size: float) -> Any:
    """Give a chart the page's type, colours and axes; `size` is the type's, px."""
    axis = alt.AxisConfig(
        labelColor=look.MUTED,
        titleColor=look.MUTED,
        labelFontSize=size,
        titleFontSize=size,
        gridColor=look.LINE,
        gridOpacity=0.7,
        domain=False,
        tickColor=look.LINE,
        labelPadding=6,
    )
    text = alt.MarkConfig(font=look.FONT, fontSize=size, color=look.INK)
    return chart.configure(
        font=look.FONT,
        background="transparent",
        padding=0,
        view=alt.ViewConfig(stroke=None),
        axis=axis,
        text=text,
    )


def values(rows: Sequence[dict[str, Any]]) -> alt.Data:
    """Return rows as a chart's data."""
    return alt.Data(values=list(rows))


@dataclass(frozen=True, slots=True)
class Floorline:
    """What the target chart says: a published series, and the quoted rate in its parts.

    Attributes
    ----------
    labels
        Text by part: `rate`, `transient`, `lift`, `target`, `series`, `quoted`.
    """

    series: tuple[Point, ...]
    rate: float
    chronic: float
    target: float
    labels: dict[str, str]


def target(line: Floorline, name: str, title: str) -> Drawing:
    """Draw the target chart."""
    return twice(lambda wide: _target(line, wide=wide), name, title)


def _target(line: Floorline, *, wide: bool) -> Any:
    size = 12.5 if wide else 12
    last = max((point.year for point in line.series), default=2021)
    first = min((point.year for point in line.series), default=last)
    bar = (last + 1.3, last + 2.4) if wide else (last + 1.7, last + 3.2)
    end = last + (5.6 if wide else 10.2)
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[first - 0.3, end], nice=False),
        axis=alt.Axis(
            values=[y for y in range(int(first), int(last) + 1) if wide or (int(last) - y) % 3 == 0],
            format="d",
            title=None,
            grid=False,
            ticks=True,
        ),
    )
    top = 7 if line.rate <= 7 else line.rate * 1.08
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, top], nice=False),
        axis=alt.Axis(title=None, tickCount=7, format="d"),
    )
    layers = [*_series(line, x, y, size), *_parts(line, bar, x, y)]
    layers += _notes(line, bar, x, y, size)
    chart = alt.layer(*layers).properties(width=600 if wide else 322, height=360 if wide else 300)
    return dress(chart, size)


def _series(line: Floorline, x: alt.X, y: alt.Y, size: float) -> list[Any]:
    rows = [{"year": p.year, "value": p.value, "label": p.label} for p in line.series]
    base = alt.Chart(values(rows)).encode(x=x, y=y)
    ends = alt.Chart(values(rows[-1:])).encode(x=x, y=y)
    name = {**rows[len(rows) // 2], "label": line.labels["series"]} if rows else {}
    named = alt.Chart(values([name] if name else [])).encode(x=x, y=y, text="label:N")
    return [
        base.mark_line(color=look.MUTED, strokeWidth=2),
        base.mark_circle(color=look.MUTED, size=28, opacity=1),
        ends.mark_text(dy=-12, color=look.MUTED, fontSize=size).encode(text="label:N"),
        named.mark_text(dy=24, color=look.MUTED, fontSize=size, fontWeight=600),
    ]


def _parts(line: Floorline, bar: tuple[float, float], x: alt.X, y: alt.Y) -> list[Any]:
    shades = (
        (0.0, line.target, look.RAMP[4]),
        (line.target, line.chronic, look.WARNING),
        (line.chronic, line.rate, look.RAMP[2]),
    )
    rows = [
        {"year": bar[0], "to": bar[1], "value": low, "high": high, "shade": shade}
        for low, high, shade in shades
        if high > low
    ]
    blocks = alt.Chart(values(rows)).encode(
        x=x, x2="to:Q", y=y, y2="high:Q", color=alt.Color("shade:N", scale=None, legend=None)
    )
    return [blocks.mark_rect(stroke=look.PAPER, strokeWidth=2)]


def _notes(line: Floorline, bar: tuple[float, float], x: alt.X, y: alt.Y, size: float) -> list[Any]:
    right, middle = bar[1] + 0.18, (bar[0] + bar[1]) / 2
    rows = [
        {
            "year": right,
            "value": (line.chronic + line.rate) / 2,
            "label": line.labels["transient"],
            "ink": look.ACCENT,
        },
        {
            "year": right,
            "value": (line.target + line.chronic) / 2,
            "label": line.labels["lift"],
            "ink": look.WARNING,
        },
        {"year": right, "value": line.target / 2, "label": line.labels["target"], "ink": look.ACCENT},
    ]
    notes = alt.Chart(values(rows)).encode(
        x=x, y=y, text="label:N", color=alt.Color("ink:N", scale=None, legend=None)
    )
    crown = alt.Chart(values([{"year": middle, "value": line.rate, "label": line.labels["rate"]}]))
    foot = alt.Chart(values([{"year": middle, "value": 0, "label": line.labels["quoted"]}]))
    return [
        notes.mark_text(align="left", fontSize=size, fontWeight=600, lineBreak="\n", lineHeight=size + 4),
        crown.mark_text(dy=-9, fontSize=size + 2, fontWeight=700).encode(x=x, y=y, text="label:N"),
        foot.mark_text(dy=16, color=look.MUTED, fontSize=size).encode(x=x, y=y, text="label:N"),
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: name, value (a share 0-100 or a count), what stands at its end (`short`: on a phone)."""

    name: str
    value: float
    label: str
    tone: str = look.RAMP[4]
    short: str = ""


def bars(items: Sequence[Bar], name: str, title: str, *, top: float | None = None) -> Drawing:
    """Draw lying bars from zero, name at the left (wide) or above (narrow), figure at the end."""
    return twice(lambda wide: _bars(items, top, wide=wide), name, title)


def _bars(items: Sequence[Bar], top: float | None, *, wide: bool) -> Any:
    size = 12.5 if wide else 12
    full, left, right = (660, 236, 430) if wide else (356, 0, 356)
    rows = [
        {
            "name": bar.name,
            "value": bar.value,
            "tone": bar.tone,
            "top": top or 0,
            "label": bar.label if wide else bar.short or bar.label,
        }
        for bar in items
    ]
    widest = max((bar.value for bar in items), default=1.0)
    scale = alt.Scale(domain=[0, top or widest], range=[left, right], nice=False, zero=True)
    y = alt.Y("name:N", sort=[bar.name for bar in items], axis=None)
    base = alt.Chart(values(rows)).encode(y=y)
    thick, shift = (13, 0) if wide else (10, 9)
    ground = base.mark_bar(color=look.RAMP[0], height=thick, yOffset=shift)
    mark = base.mark_bar(height=thick, yOffset=shift)
    layers = [ground.encode(x=alt.X("top:Q", scale=scale, axis=None))] if top else []
    layers.append(
        mark.encode(
            x=alt.X("value:Q", scale=scale, axis=None), color=alt.Color("tone:N", scale=None, legend=None)
        )
    )
    names = base.mark_text(align="right" if wide else "left", dy=0 if wide else -6, fontSize=size)
    layers.append(names.encode(x=alt.value(left - 10 if wide else 0), text="name:N"))
    at: Any = alt.value(right + 10) if top else alt.X("value:Q", scale=scale, axis=None)
    if wide:
        figures = base.mark_text(align="left", dx=0 if top else 8, fontSize=size).encode(x=at, text="label:N")
    else:
        figures = base.mark_text(align="right", dy=-6, fontSize=size, fontWeight=600).encode(
            x=alt.value(right), text="label:N"
        )
    chart = alt.layer(*layers, figures).properties(
        width=full, height=alt.Step(25 if wide else 40), autosize="none"
    )
    return dress(chart, size)


@dataclass(frozen=True, slots=True)
class Whisker:
    """An estimate with its interval; `firm`: it may be used as it is (else it is drawn hollow)."""

    name: str
    value: float
    low: float
    high: float
    label: str
    firm: bool = True


def whiskers(items: Sequence[Whisker], name: str, title: str, names: int = 150) -> Drawing:
    """Draw estimates as points with their intervals from zero, name at the left (wide) or above (narrow).

    Parameters
    ----------
    names
        Width of the names on a desk, px.
    """
    return twice(lambda wide: _whiskers(items, names, wide=wide), name, title)


def _whiskers(items: Sequence[Whisker], names: int, *, wide: bool) -> Any:
    size = 12.5 if wide else 12
    left, right = (names, 470) if wide else (0, 356)
    rows = [
        {"name": each.name, "value": each.value, "low": each.low, "high": each.high, "label": each.label,
         "fill": look.ACCENT if each.firm else "#ffffff", "zero": 0}
        for each in items
    ]  # fmt: skip
    top = max((each.high for each in items), default=1.0)
    least = min([0.0, *(each.low for each in items)])
    scale = alt.Scale(domain=[least, top], range=[left, right], nice=False, zero=True)
    base = alt.Chart(values(rows)).encode(y=alt.Y("name:N", sort=[each.name for each in items], axis=None))
    shift = 0 if wide else 9
    line = base.mark_rule(color=look.ACCENT, strokeWidth=2, opacity=0.55, yOffset=shift)
    point = base.mark_point(
        size=70, filled=True, opacity=1, stroke=look.ACCENT, strokeWidth=2, yOffset=shift
    ).encode(x=alt.X("value:Q", scale=scale), fill=alt.Fill("fill:N", scale=None, legend=None))
    spans = line.encode(x=alt.X("low:Q", scale=scale, axis=None), x2="high:Q")
    told = base.mark_text(align="right" if wide else "left", dy=0 if wide else -8, fontSize=size)
    told = told.encode(x=alt.value(left - 12 if wide else 0), text="name:N")
    figures = base.mark_text(
        align="left" if wide else "right",
        dy=0 if wide else -8,
        fontSize=size,
        fontWeight=400 if wide else 600,
    ).encode(x=alt.value(right + 12 if wide else right), text="label:N")
    zero = (
        [base.mark_rule(color=look.LINE).encode(x=alt.X("zero:Q", scale=scale, axis=None))] if least else []
    )
    chart = alt.layer(*zero, spans, point, told, figures).properties(
        width=660 if wide else 356, height=alt.Step(26 if wide else 42), autosize="none"
    )
    return dress(chart, size)


@dataclass(frozen=True, slots=True)
class Said:
    """What was said and what was seen, per cent: `low` to `high` is the interval of what was seen."""

    said: float
    seen: float
    low: float
    high: float


def calibration(points: Sequence[Said], name: str, title: str) -> Drawing:
    """Draw what was said (across) against what was seen (up), with the line on which both are equal."""
    rows = [{"across": p.said, "up": p.seen, "low": p.low, "high": p.high} for p in points]
    top = 1.06 * max((max(each.said, each.high) for each in points), default=1.0)
    return twice(lambda wide: _against(rows, (0.0, top), 320, (60, 1.0), wide=wide), name, title)


def quantiles(points: Sequence[tuple[float, float]], name: str, title: str) -> Drawing:
    """Draw observed against expected quantiles, with the line on which both are equal."""
    rows = [{"across": expected, "up": found} for expected, found in points]
    end = 1.05 * max((abs(value) for point in points for value in point), default=1.0)
    return twice(lambda wide: _against(rows, (-end, end), 300, (22, 0.8), wide=wide), name, title)


def _against(
    rows: list[dict[str, Any]],
    domain: tuple[float, float],
    height: int,
    dot: tuple[int, float],
    *,
    wide: bool,
) -> Any:
    """Draw points (size, opacity) on one scale both ways, the line of equality, and intervals where given."""
    scale = alt.Scale(domain=list(domain), nice=False)
    x = alt.X("across:Q", scale=scale, axis=alt.Axis(title=None, tickCount=5, grid=False, ticks=True))
    y = alt.Y("up:Q", scale=scale, axis=alt.Axis(title=None, tickCount=5))
    equal = alt.Chart(values([{"across": end, "up": end} for end in domain]))
    layers = [equal.mark_line(color=look.MUTED, strokeWidth=1, strokeDash=[4, 4]).encode(x=x, y=y)]
    base = alt.Chart(values(rows)).encode(x=x)
    if any("low" in row for row in rows):
        span = base.mark_rule(color=look.ACCENT, strokeWidth=2, opacity=0.55)
        layers.append(span.encode(y=alt.Y("low:Q", title=None), y2="high:Q"))
    layers.append(base.mark_circle(color=look.ACCENT, size=dot[0], opacity=dot[1]).encode(y=y))
    size = (600, height) if wide else (320, 240)
    return dress(alt.layer(*layers).properties(width=size[0], height=size[1]), 12.5 if wide else 12)
