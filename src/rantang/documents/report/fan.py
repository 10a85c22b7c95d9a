"""The fan chart: the path of the true rate with its 90 % band, one panel a scenario of the sampling error."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import altair as alt

from rantang.documents import look
from rantang.documents.report.charts import Drawing, dress, twice, values

QUOTED: Final = look.CAUTION


@dataclass(frozen=True, slots=True)
class Step:
    """One year of a path, per cent: median and 90 % band of the true rate, and band of a new figure."""

    year: int
    median: float
    low: float
    high: float
    new_low: float
    new_high: float


@dataclass(frozen=True, slots=True)
class Goal:
    """A target; `quoted`: it is the quoted one. `label` stands beside it, empty where there is no room."""

    year: int
    low: float
    high: float
    quoted: bool = False
    label: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One scenario: its name, what was published, the path, the path from the quoted rate, the targets."""

    title: str
    published: tuple[tuple[int, float], ...]
    path: tuple[Step, ...]
    quoted: tuple[Step, ...]
    goals: tuple[Goal, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What stands at the lines."""

    published: str
    path: str
    quoted: str


def fan(panels: Sequence[Panel], words: Words, name: str, title: str) -> Drawing:
    """Draw the panels beside each other (wide) or one under the other (narrow), on one scale."""
    return twice(lambda wide: _fan(panels, words, wide=wide), name, title)


def _fan(panels: Sequence[Panel], words: Words, *, wide: bool) -> Any:
    high = max(max(s.new_high for s in panel.path) for panel in panels)
    most = max([high, *(s.median for panel in panels for s in panel.quoted[:1])]) * 1.04
    drawn = [_panel(panel, words, most, wide=wide, first=n == 0) for n, panel in enumerate(panels)]
    together = alt.hconcat(*drawn, spacing=36) if wide else alt.vconcat(*drawn, spacing=26)
    return dress(together, 12.5 if wide else 12).configure_title(
        anchor="start", fontSize=13.5, fontWeight=600, color=look.INK, offset=10, font=look.FONT
    )


def _panel(panel: Panel, words: Words, most: float, *, wide: bool, first: bool) -> Any:
    size = 12.5 if wide else 12
    start = min([step.year for step in panel.path] + [year for year, _rate in panel.published])
    end = panel.path[-1].year
    years = [year for year in range(start, end + 1) if (end - year) % 3 == 0]
    x = alt.X(
        "year:Q",
        scale=alt.Scale(domain=[start - 0.4, end + 1.2], nice=False),
        axis=alt.Axis(values=years, format="d", title=None, grid=False, ticks=True),
    )
    y = alt.Y(
        "value:Q",
        scale=alt.Scale(domain=[0, most], nice=False),
        axis=alt.Axis(title=None, tickCount=6, format="d"),
    )
    layers = [*_bands(panel, x, y), *_quoted(panel, words, x, y, size, named=first)]
    layers += [*_figures(panel, words, x, y, size, named=first), *_goals(panel, x, y, size)]
    width, height = (286, 300) if wide else (322, 230)
    return alt.layer(*layers).properties(width=width, height=height, title=panel.title)


def _rows(steps: Sequence[Step]) -> list[dict[str, Any]]:
    return [
        {"year": s.year, "value": s.median, "low": s.low, "high": s.high, "new_low": s.new_low,
         "new_high": s.new_high}
        for s in steps
    ]  # fmt: skip


def _bands(panel: Panel, x: alt.X, y: alt.Y) -> list[Any]:
    base = alt.Chart(values(_rows(panel.path))).encode(x=x)
    low = alt.Y("low:Q", title=None)
    edges = [
        base.mark_line(color=look.RAMP[4], strokeWidth=1, strokeDash=[2, 3]).encode(
            y=alt.Y(f"{name}:Q", title=None)
        )
        for name in ("new_low", "new_high")
    ]
    return [
        base.mark_area(color=look.RAMP[1]).encode(y=low, y2="high:Q"),
        *edges,
        base.mark_line(color=look.ACCENT, strokeWidth=2.4).encode(y=y),
    ]


def _quoted(panel: Panel, words: Words, x: alt.X, y: alt.Y, size: float, *, named: bool) -> list[Any]:
    if not panel.quoted:
        return []
    rows = _rows(panel.quoted)
    line = alt.Chart(values(rows)).mark_line(color=QUOTED, strokeWidth=1.6, strokeDash=[5, 4])
    dot = alt.Chart(values(rows[:1])).mark_square(color=QUOTED, size=44, opacity=1)
    layers = [line.encode(x=x, y=y), dot.encode(x=x, y=y)]
    if named:
        text = alt.Chart(values([{**rows[0], "label": words.quoted}]))
        layers.append(
            text.mark_text(align="left", dx=9, dy=-7, color=QUOTED, fontSize=size).encode(
                x=x, y=y, text="label:N"
            )
        )
    return layers


def _figures(panel: Panel, words: Words, x: alt.X, y: alt.Y, size: float, *, named: bool) -> list[Any]:
    rows = [{"year": year, "value": rate} for year, rate in panel.published]
    base = alt.Chart(values(rows)).encode(x=x, y=y)
    layers = [base.mark_circle(color=look.INK, size=30, opacity=1)]
    if named and rows:
        text = alt.Chart(values([{**rows[0], "label": words.published}]))
        layers.append(
            text.mark_text(align="right", dx=-8, dy=5, color=look.INK, fontSize=size, fontWeight=600).encode(
                x=x, y=y, text="label:N"
            )
        )
        # Near the path's beginning: at its end the targets stand.
        begin = _rows(panel.path)[min(1, len(panel.path) - 1)]
        path = alt.Chart(values([{**begin, "label": words.path}]))
        layers.append(
            path.mark_text(
                align="left", dx=-4, dy=-9, color=look.ACCENT, fontSize=size, fontWeight=600
            ).encode(x=x, y=y, text="label:N")
        )
    return layers


def _goals(panel: Panel, x: alt.X, y: alt.Y, size: float) -> list[Any]:
    rows = [
        {"year": g.year - 0.36, "to": g.year + 0.36, "value": g.high, "low": g.low, "label": g.label,
         "middle": g.year, "ink": QUOTED if g.quoted else look.WARNING}
        for g in panel.goals
    ]  # fmt: skip
    base = alt.Chart(values(rows))
    ink = alt.Color("ink:N", scale=None, legend=None)
    ranges = [row for row, goal in zip(rows, panel.goals, strict=True) if goal.low < goal.high]
    spans = alt.Chart(values(ranges))
    return [
        base.mark_rule(strokeWidth=3).encode(x=x, x2="to:Q", y=y, color=ink),
        spans.mark_rule(strokeWidth=1.5).encode(x=alt.X("middle:Q", title=None), y=y, y2="low:Q", color=ink),
        base.mark_text(dy=15, fontSize=size - 0.5, fontWeight=600).encode(
            x=alt.X("middle:Q", title=None), y=y, text="label:N", color=ink
        ),
    ]
