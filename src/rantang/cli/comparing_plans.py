"""Two plans or scenarios side by side: what each does, and who is given something by one only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from rantang.cli.say import console, number, plain_table, say, say_json
from rantang.documents import planned
from rantang.documents.planned import Compared
from rantang.store.plans import open_plan, plan_table
from rantang.texts import _
from rantang.vocabulary import numbers

_LINES = ("lifted", "closed", "p0", "p1", "p2")


def compare_plans(a: Path, b: Path, *, as_json: bool) -> None:
    """Print what two plans' folders say, side by side.

    Raises
    ------
    RantangError
        `RENCANA-TIDAK-ADA`.
    """
    one, other = open_plan(a), open_plan(b)
    first, second = _result(one), _result(other)
    moves = _moves(a, b)
    inputs = [(each["plan"] or each["scenario"])["inputs"]["edition"]["hash"] for each in (one, other)]
    if as_json:
        say_json(
            {
                "a": first.folder, "b": second.folder, "same_edition": inputs[0] == inputs[1],
                "results": {each.folder: _figures(each) for each in (first, second)},
                "programmes": {
                    code: {"only_a": m[0], "only_b": m[1], "both": m[2]} for code, m in moves.items()
                },
            }
        )  # fmt: skip
        return
    say(f"{first.title} → {second.title}", style="bold")
    if inputs[0] != inputs[1]:
        say(_("They stand on different editions: not every difference is the plan's."), style="yellow")
    _side_by_side(first, second)
    if moves:
        _given(moves)


def _result(plan: Mapping[str, Any]) -> Compared:
    """Return what a folder says first: its best plan, else its scenario."""
    found = plan["plan"]
    if found:
        return Compared(plan["folder"], found["result"], found, bool(plan["scenario"]))
    return Compared(plan["folder"], plan["scenario"])


def _figures(each: Compared) -> dict[str, Any]:
    names = (*_LINES, "cost", "kerak_before", "kerak_after", "per_lifted", "per_point", "new_overlaps")
    found = {name: each.result[name] for name in names}
    if each.plan:
        found |= {name: each.plan[name] for name in ("objective", "bound", "gap")}
    return found


def _side_by_side(first: Compared, second: Compared) -> None:
    table = plain_table(("", False), (first.folder, True), (second.folder, True))
    table.columns[0].min_width = 32
    write = {"lifted": planned.people, "closed": numbers.rupiah_short}
    named = {
        "lifted": _("People lifted"),
        "closed": _("Gap closed a month"),
        "p0": _("P0, points"),
        "p1": _("P1, points"),
        "p2": _("P2, points"),
    }
    both = (first, second)
    for name in _LINES:
        table.add_row(named[name], *(_ranged(e.result[name], write.get(name, planned.points)) for e in both))
    table.add_row(_("Cost a year"), *(planned.change_of_money(e.result["cost"]) for e in both))
    table.add_row(
        _("Per person lifted"), *(_ranged(e.result["per_lifted"], numbers.rupiah_short) for e in both)
    )
    table.add_row(_("Kerak families with main support"), *(_kerak(e.result) for e in both))
    console.print(table)


def _ranged(value: Mapping[str, Any], write: Callable[[float], str]) -> str:
    """Write a mean, and its interval under it."""
    under = planned.interval(value, write)
    return planned.mean(value, write) + (f"\n[dim]{under}[/]" if under else "")


def _kerak(result: Mapping[str, Any]) -> str:
    after, everyone = (planned.signless(result[name]) for name in ("kerak_after", "kerak"))
    return _("{after} of {all}", after=after, all=everyone)


def _given(moves: Mapping[str, tuple[int, int, int]]) -> None:
    say()
    table = plain_table(
        (_("Programme"), False), (_("Only in the first"), True), (_("Only in the second"), True),
        (_("In both"), True),
    )  # fmt: skip
    for code, counts in moves.items():
        table.add_row(code, *(number(each) for each in counts))
    console.print(table)


def _moves(a: Path, b: Path) -> dict[str, tuple[int, int, int]]:
    """Count by programme the families given it by the first only, the second only, and both.

    Of two plans by what they give; else by who enters, in either.
    """
    name = "plan" if all(plan_table(folder, "plan") is not None for folder in (a, b)) else "changes"
    tables = [plan_table(folder, name) for folder in (a, b)]
    frames = [pl.DataFrame(pl.from_arrow(table)) for table in tables if table is not None]
    if len(frames) < 2:
        return {}
    if name == "changes":
        frames = [frame.filter(pl.col("change") == "masuk") for frame in frames]
    first, second = (frame.select("family", "programme") for frame in frames)
    keys = ["family", "programme"]
    both = first.join(second, on=keys, how="inner")
    found = {}
    counts = [dict(frame.group_by("programme").len().iter_rows()) for frame in (first, second, both)]
    for code in sorted({*counts[0], *counts[1]}):
        one, other, shared = (int(count.get(code, 0)) for count in counts)
        found[code] = (one - shared, other - shared, shared)
    return found
