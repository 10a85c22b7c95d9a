"""What `rantang project` prints: can we, how fast, what must be lifted, what it costs, what is unsure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.markup import escape

from rantang.cli.say import console, plain_table, rupiah, say
from rantang.documents import projected
from rantang.texts import _
from rantang.vocabulary import numbers


def show(found: Mapping[str, Any]) -> None:
    """Print a projection's record for a person who decides."""
    last = found["series"]["observations"][-1]
    say(
        _(
            "The path to the target: {place}, with figures that were out by {period}",
            place=found["place"],
            period=numbers.month(found["period"]),
        ),
        style="bold",
    )
    say(
        _(
            "Last published: {rate} in {year}. The chance is given twice, for the true rate and for the "
            "figure that will be published.",
            rate=numbers.percent(last["rate"], 2),
            year=last["year"],
        )
    )
    say()
    _targets(found)
    _errors(found)
    _down(found)
    _money(found)
    _seen(found)
    say()


def _targets(found: Mapping[str, Any]) -> None:
    heads = [(_("Target"), False), (_("Year"), True), (_("at most"), True)]
    for place, _kind in enumerate(projected.kinds(found), start=1):
        heads += [(f"{_('True')} ({place})", True), (f"{_('Published')} ({place})", True)]
    table = plain_table(*heads)
    table.columns[0].min_width = 30
    for column in table.columns[3:]:
        column.no_wrap, column.max_width = False, 10
    for row in projected.target_rows(found):
        odds = [numbers.chance(each[name]) for each in row.chances for name in ("p_true", "p_published")]
        note = projected.note(row)
        name = escape(projected.document(row.document)) + (f"\n[dim]{escape(note)}[/]" if note else "")
        table.add_row(name, str(row.year), numbers.percent(row.high, 2), *odds)
    console.print(table)


def _errors(found: Mapping[str, Any]) -> None:
    say()
    for place, error in enumerate(found["sampling_error"], start=1):
        assumed = " " + _("An assumption.") if error["asumsi"] else ""
        say(
            _(
                "({place}) {scenario}: {se} points at {rate}.",
                place=place,
                scenario=projected.scenario_title(error["scenario"]),
                se=numbers.decimal(error["se"], 2),
                rate=numbers.percent(error["at_rate"], 2),
            )
            + assumed
        )


def _down(found: Mapping[str, Any]) -> None:
    floor = found["floor"]
    if floor:
        say(
            _(
                "Of the quoted figures, {leave} people can leave poverty by themselves and {lift} must be "
                "lifted by aid.",
                leave=numbers.whole(floor["transient_people"]),
                lift=numbers.whole(floor["to_lift"]),
            )
        )
        if cost := projected.cost_of_lifting(found):
            say(cost)
    for pace in found["pace"][:2]:
        if pace["points"] > 0:
            say(f"{projected.pace_title(pace)} {projected.pace_body(pace)}")


def _money(found: Mapping[str, Any]) -> None:
    gap = found["gap"]
    if not gap:
        return
    say(
        _(
            "The gap of {year}: {perfect} a year if every rupiah meets its purpose, {ranked} with the error "
            "of the official ranking.",
            year=gap["year"],
            perfect=rupiah(gap["perfect"]),
            ranked=rupiah(gap["ranked"]),
        )
    )
    if gap["budget"]:
        say(_("Poverty budget {year}: {budget}.", year=gap["budget_year"], budget=rupiah(gap["budget"])))


def _seen(found: Mapping[str, Any]) -> None:
    for entry in found["detection"]:
        say(
            _(
                "{scenario}: two surveys tell a change from chance from {points} points on.",
                scenario=projected.scenario_title(entry["scenario"]),
                points=numbers.decimal(entry["smallest_change"], 1),
            )
        )
