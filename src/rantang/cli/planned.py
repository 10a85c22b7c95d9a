"""What `rantang plan` prints: what changes, for whom, what it costs, which promise cannot be kept, prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rantang.cities import City
from rantang.cli.say import say
from rantang.documents import labels, planned
from rantang.documents.planned import Compared
from rantang.texts import _
from rantang.vocabulary import numbers


def show(plans: Sequence[Mapping[str, Any]], city: City) -> None:
    """Print scenarios side by side, then the best plan."""
    rows = planned.compared(plans)
    result = rows[0].result
    say(
        _(
            "What would change: {place}, {people} expected poor people on the register, their gap {gap} "
            "a month",
            place=city.name,
            people=planned.people(result["poor"]["mean"]),
            gap=numbers.rupiah_short(result["gap"]["mean"]),
        ),
        style="bold",
    )
    _table(rows)
    say(
        _("In brackets 90 % intervals: link, score, take-up and delivery. Rates in points of all residents."),
        style="dim",
    )
    for row in rows:
        if row.plan is None and len(rows) <= 2:
            _one(row, city)
    for row in rows:
        if row.plan is not None:
            _plan(row, city)


def _table(rows: Sequence[Compared]) -> None:
    for row in rows:
        r = row.result
        flows = r["programmes"].values()
        say()
        say(row.title, style="bold")
        say(
            "  "
            + _(
                "{enter} pieces of aid begin, {leave} end; {cost} a year; kerak families with main "
                "support: {served} of {kerak}",
                enter=planned.signless(sum(f["enter"] for f in flows)),
                leave=planned.signless(sum(f["leave"] for f in flows)),
                cost=planned.change_of_money(r["cost"]),
                served=planned.signless(r["kerak_after"]),
                kerak=planned.signless(r["kerak"]),
            )
        )
        say(
            "  "
            + _(
                "{lifted}; P0 {p0}, P1 {p1}, P2 {p2}",
                lifted=planned.lifted(r["lifted"]),
                **{name: planned.between(r[name], planned.points) for name in ("p0", "p1", "p2")},
            )
        )
        if r["per_lifted"]["mean"] is not None:
            say(
                "  "
                + _(
                    "each person lifted: {lifted} a year; each point of P1: {point}",
                    lifted=planned.between(r["per_lifted"], numbers.rupiah_short),
                    point=planned.between(r["per_point"], numbers.rupiah_short),
                )
            )


def _one(row: Compared, city: City) -> None:
    r = row.result
    say()
    say(_("Dry run: {title}", title=row.title), style="bold")
    for code, flow in r["programmes"].items():
        if flow["enter"] or flow["leave"] or flow["before"] != flow["after"]:
            say(
                _(
                    "{programme}: {enter} families enter, {leave} leave, {stay} stay; {before} → "
                    "{after} a year.",
                    programme=labels.programme_name(city, code),
                    enter=planned.signless(flow["enter"]),
                    leave=planned.signless(flow["leave"]),
                    stay=planned.signless(flow["stay"]),
                    before=numbers.rupiah_short(flow["before"]),
                    after=numbers.rupiah_short(flow["after"]),
                )
            )
    _money(r, city)
    for label, other in r["other_costs"].items():
        say(
            _("At {label} ({each} a place): {cost} a year.", label=_(label),
              each=numbers.rupiah(other["each"]), cost=planned.change_of_money(other["cost"]))
        )  # fmt: skip
    if r["unknown"]:
        say(_("{count} families that enter have no score: their cost counts, their effect does not.",
              count=planned.signless(r["unknown"])))  # fmt: skip
    if r["new_overlaps"]:
        say(_("Families with programmes that exclude each other: {change} more than now.",
              change=planned.signless(r["new_overlaps"])))  # fmt: skip


def _money(r: Mapping[str, Any], city: City) -> None:
    moved = {k: v["after"] - v["before"] for k, v in r["agencies"].items() if v["after"] != v["before"]}
    source = {k: v["after"] - v["before"] for k, v in r["sources"].items() if v["after"] != v["before"]}
    parts = [f"{labels.agency(city, k)} {planned.change_of_money(v)}" for k, v in moved.items()]
    if parts:
        say(_("By agency: {parts}.", parts="; ".join(parts)))
        named = [f"{_(planned.SOURCES[k])} {planned.change_of_money(v)}" for k, v in source.items()]
        say(_("By source of money: {parts}.", parts="; ".join(named)))


def _plan(row: Compared, city: City) -> None:
    if row.plan is None:
        return
    say()
    say(row.title, style="bold")
    say(planned.headline(row.plan) + ". " + planned.certificate(row.plan))
    _money(row.result, city)
    for text in (*planned.promises(city, row.plan), *planned.prices(city, row.plan)):
        say(f"· {text}")
    for text in planned.assumed(row.plan):
        say(f"· {text}", style="dim")
