"""What `rantang measure` says besides: who stays poor over waves, and who lacks much at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

import polars as pl

from rantang.cli.say import console, number, plain_table, say
from rantang.errors import RantangError
from rantang.measurement import multidimensional as alkire_foster
from rantang.measurement import panel as waves
from rantang.measurement.design import Sample
from rantang.texts import _, mark

PARTS: Final = {
    "total": mark("mean poverty of the waves"),
    "chronic": mark("chronic, corrected for few waves"),
    "transient": mark("transient"),
    "chronic_naive": mark("chronic, not corrected"),
    "always_poor": mark("poor in every wave"),
}
FIGURES: Final = {
    "H": mark("share of people who lack much at once (H)"),
    "A": mark("how much they lack on average (A)"),
    "M0": mark("both together (M0 = H × A)"),
    "censored": mark("poor and lacks {name}"),
    "share": mark("part of M0 from {name}"),
}


def panel(rows: pl.DataFrame, sample: Sample, earlier: Sequence[str]) -> list[dict[str, Any]]:
    """Return chronic and transient poverty for P0, P1 and P2."""
    found = waves.of_columns(rows, sample, earlier)
    return [{"statistic": name, **asdict(part)} for name, parts in found.items() for part in parts]


def multidimensional(
    rows: pl.DataFrame, sample: Sample, lacks: Sequence[str], cutoff: float
) -> list[dict[str, Any]]:
    """Return the Alkire-Foster figures, those of the whole (domain null) first.

    An indicator is `COLUMN` or `COLUMN=WEIGHT`, several with commas.
    """
    weights: dict[str, float] = {}
    for told in ",".join(lacks).split(","):
        name, _equal, weight = told.strip().partition("=")
        try:
            weights[name] = float(weight or 1)
        except ValueError as wrong:
            raise RantangError("UKUR-DIMENSI", names=told.strip(), cutoff=cutoff) from wrong
    found = alkire_foster.of_columns(rows, sample, weights, cutoff)
    return [
        {"domain": domain, "figure": each.figure, "estimate": each.estimate, "se": each.se}
        for domain, figures in found.items()
        for each in figures
    ]


def tell(answer: Mapping[str, Any]) -> None:
    """Print what of it was asked for."""
    if "panel" in answer:
        _table(
            [(f"{row['statistic']}  {_(PARTS[row['part']])}", row) for row in answer["panel"]],
            _("Who stays poor"),
        )
    rows = answer.get("multidimensional", ())
    for domain in dict.fromkeys(row["domain"] for row in rows):
        title = _("Who lacks much at once") if domain is None else str(domain)
        _table([(_figure(row["figure"]), row) for row in rows if row["domain"] == domain], title)


def _figure(figure: str) -> str:
    kind, _colon, name = figure.partition(":")
    return _(FIGURES[kind], name=name) if name else _(FIGURES[kind])


def _table(rows: Sequence[tuple[str, Mapping[str, Any]]], title: str) -> None:
    shown = plain_table((title, False), (_("estimate"), True), (_("standard error"), True))
    for text, row in rows:
        shown.add_row(text, number(row["estimate"], 4), number(row["se"], 4))
    say()
    console.print(shown)
