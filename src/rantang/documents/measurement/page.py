"""One self-contained page: what was found, how sure it is, where, and how it was computed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

from rantang import __version__
from rantang.documents import pages
from rantang.documents.measurement import words
from rantang.documents.measurement.data import methods, warnings
from rantang.measurement.figures import Figure, Measured
from rantang.measurement.replicates import FORMULAS
from rantang.texts import _, language, mark
from rantang.vocabulary import numbers

_FIRST = ("P0", "poor", "mean_shortfall", "poverty_gap")
_TERMS = ("P0", "P1", "P2", "ARPR", "gini", "s80s20")

_MEANINGS = {
    "P0": mark("Of 100 people, how many have less than the poverty line."),
    "P1": mark("How far the poor stand below the line, as a share of the line, averaged over everybody."),
    "P2": mark("As the depth, but the poorest count more: distances are squared."),
    "ARPR": mark(
        "Share of people below a line that moves with all people's welfare: it shows who is left behind."
    ),
    "gini": mark("0 if all have the same, 1 if one person has everything."),
    "s80s20": mark("How many times as much the richest fifth has as the poorest fifth."),
}


@dataclass(frozen=True, slots=True)
class Whisker:
    """A domain's headcount with its interval, as shares of the widest interval shown."""

    name: str
    text: str
    interval: str
    low: float
    width: float
    at: float
    mark: str
    tone: str
    n: str


def render(measured: Measured, title: str) -> str:
    """Return the page, in the language in use, for a file called `title`."""
    environment = pages.environment("rantang.documents.measurement")
    own = resources.files("rantang.documents.measurement") / "measurement.css"
    whole = {each.statistic: each for each in measured.figures if each.domain is None}
    return environment.get_template("page.html.j2").render(
        language=language(),
        title=title,
        headline=_headline(whole["P0"]),
        lead=_lead(measured),
        stats=[_stat(whole[name]) for name in _FIRST if name in whole],
        whiskers=whiskers([each for each in measured.figures if each.statistic == "P0"]),
        rows=[_row(each) for each in whole.values()],
        domains=_domains(measured),
        warnings=warnings(measured),
        methods=methods(measured),
        formula=FORMULAS[measured.method],
        terms=[(words.name(name), _(_MEANINGS[name])) for name in _TERMS if name in whole],
        version=__version__,
        style=pages.style(own.read_text("utf-8")),
        _=_,
    )


def _headline(p0: Figure) -> str:
    if not math.isfinite(p0.ci_low):
        return _(
            "{share} of people are poor by this survey; how sure that is cannot be said",
            share=words.estimate(p0),
        )
    return _(
        "{share} of people are poor by this survey; 95 % interval {interval}",
        share=words.estimate(p0),
        interval=words.interval(p0),
    )


def _lead(measured: Measured) -> str:
    base = measured.bases[0]
    return _(
        "From {rows} sampled rows with {persons} people, {poor} of them poor, in {clusters} sampling units.",
        rows=numbers.whole(base.n),
        persons=numbers.whole(base.persons),
        poor=numbers.whole(base.poor_persons),
        clusters=numbers.whole(base.clusters),
    )


def _stat(figure: Figure) -> dict[str, str]:
    return {
        "value": words.estimate(figure),
        "label": words.name(figure.statistic),
        "note": _(
            "95 %: {interval}; {mark}", interval=words.interval(figure), mark=words.reliability(figure)
        ),
    }


def whiskers(figures: Sequence[Figure]) -> list[Whisker]:
    """Return headcounts for drawing: the whole, the highest first, then by name those not published.

    A part that is not published has neither figure nor a place that would betray it.
    """
    shown = [each for each in figures if not _hidden(each)]
    widest = max((each.ci_high for each in shown if math.isfinite(each.ci_high)), default=1.0) or 1.0
    ordered = sorted(
        figures,
        key=lambda each: (
            each.domain is not None,
            _hidden(each),
            0.0 if _hidden(each) else -each.estimate,
            each.domain or "",
        ),
    )
    return [_whisker(each, widest) for each in ordered]


def _hidden(figure: Figure) -> bool:
    return figure.reliability == "not_published" and figure.domain is not None


def _whisker(figure: Figure, widest: float) -> Whisker:
    hidden = _hidden(figure)
    known = math.isfinite(figure.ci_high) and not hidden
    return Whisker(
        name=figure.domain or _("whole"),
        text="–" if hidden else words.estimate(figure),
        interval="–" if hidden else words.interval(figure),
        low=100 * figure.ci_low / widest if known else 0.0,
        width=100 * (figure.ci_high - figure.ci_low) / widest if known else 0.0,
        at=100 * figure.estimate / widest if known else -1.0,
        mark=words.reliability(figure),
        tone={"caution": "warn", "not_published": "bad"}.get(figure.reliability, ""),
        n=numbers.whole(figure.n),
    )


def _row(figure: Figure) -> dict[str, Any]:
    hidden = figure.reliability == "not_published"
    return {
        "name": words.name(figure.statistic),
        "domain": figure.domain,
        "estimate": words.estimate(figure),
        "se": words.written(figure, figure.se),
        "interval": words.interval(figure),
        "deff": numbers.decimal(figure.deff, 1) if math.isfinite(figure.deff) else "–",
        "rse": words.rse(figure),
        "mark": words.reliability(figure),
        "tone": "bad" if hidden else "warn" if figure.reliability == "caution" else "",
    }


def _domains(measured: Measured) -> list[dict[str, Any]]:
    """Every domain's figures that may be published."""
    return [
        _row(each)
        for each in measured.figures
        if each.domain is not None and each.reliability != "not_published"
    ]
