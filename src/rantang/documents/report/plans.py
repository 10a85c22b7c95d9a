"""Plans and scenarios as the report may show them: counts through the ledger, estimates as they are.

Expected numbers (people lifted, gaps, rates) are a model's, with intervals, and no count of the register;
counts of families and the money that follows from them are hidden where they are small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rantang.documents import planned
from rantang.documents.disclosure import Count, Key, Ledger
from rantang.documents.planned import Compared

Record = Mapping[str, Any]
Shown = Mapping[Any, Count]
_PARTS: Final = ("before", "after", "enter", "leave", "stay")
_PROMISES: Final = ("rights", "kept", "without")


@dataclass(frozen=True, slots=True)
class PlannedProgramme:
    """A programme under a plan: families now and then, who enters and leaves, rupiah a year."""

    code: str
    before: Count
    after: Count
    enter: Count
    leave: Count
    money_before: Count
    money_after: Count


@dataclass(frozen=True, slots=True)
class PlanRow:
    """One plan or scenario.

    Attributes
    ----------
    moved, enter, leave
        Pieces of aid that change hands: all, new, ended.
    programmes
        Of a plan only.
    cost
        Size of the change of the yearly cost, hidden where few families are behind it; `more`: it rises.
    areas
        By kelurahan, families that are brought more, and by how much their gap falls (None: hidden).
    winners, losers, groups
        Families that are brought more and less; by class of welfare.
    """

    about: Compared
    moved: Count
    enter: Count
    leave: Count
    cost: Count
    more: bool
    kerak: Count
    kerak_before: Count
    kerak_after: Count
    unknown: Count
    programmes: tuple[PlannedProgramme, ...]
    areas: tuple[tuple[str, Count, float | None], ...]
    winners: Count
    losers: Count
    groups: tuple[tuple[str, Count, Count], ...]
    promises: Mapping[str, Count]


def enter(ledger: Ledger, plans: Sequence[Record]) -> None:
    """Enter every count of plans and scenarios, with the sums that a reader can use."""
    for row in planned.compared(plans):
        _enter(ledger, _key(row), row)
        _tie(ledger, _key(row), row)


def _tie(ledger: Ledger, key: tuple[Any, ...], row: Compared) -> None:
    """Tie a plan's counts to the register's own: what is hidden there must not be told here."""

    def same(name: tuple[Any, ...], other: Key) -> None:
        if ledger.has(other) and ledger.value((*key, *name)) == ledger.value(other):
            ledger.sum(other, [(*key, *name)])

    same(("kerak",), ("class", "kerak"))
    for code in row.result["programmes"] if row.plan else ():
        same((code, "before"), ("pair", code, code))
        same((code, "before"), ("programme", code, "recipients"))
    for code, part in row.result["groups"].items():
        moved = [(*key, "group", code, name) for name in ("winners", "losers")]
        whole = ("class", code)
        if ledger.has(whole) and part["winners"] + part["losers"] <= ledger.value(whole):
            ledger.rest(whole, moved)


def _key(row: Compared) -> tuple[str, str, bool]:
    return "plan", row.folder, row.plan is not None


def _enter(ledger: Ledger, key: tuple[Any, ...], row: Compared) -> None:
    result = row.result
    flows = result["programmes"]
    for code, flow in flows.items() if row.plan else ():
        counts = {
            "before": flow["stay"] + flow["leave"],
            "after": flow["stay"] + flow["enter"],
            **{name: flow[name] for name in ("enter", "leave", "stay")},
        }
        for name in _PARTS:
            ledger.count((*key, code, name), counts[name])
        ledger.sum((*key, code, "before"), [(*key, code, "stay"), (*key, code, "leave")])
        ledger.sum((*key, code, "after"), [(*key, code, "stay"), (*key, code, "enter")])
        for name in ("before", "after"):
            ledger.money((*key, code, f"money_{name}"), flow[name], behind=(*key, code, name))
    for name in ("enter", "leave"):
        ledger.count((*key, name), sum(flow[name] for flow in flows.values()), keep=True)
        if row.plan:
            ledger.sum((*key, name), [(*key, code, name) for code in flows])
    moved = sum(flow["enter"] + flow["leave"] for flow in flows.values())
    ledger.count((*key, "moved"), moved)
    ledger.sum((*key, "moved"), [(*key, "enter"), (*key, "leave")])
    ledger.money((*key, "cost"), abs(result["cost"]), behind=(*key, "moved"))
    _kerak(ledger, key, result)
    ledger.count((*key, "unknown"), result["unknown"])
    areas = result["kelurahan"]
    ledger.count((*key, "winners"), sum(part["winners"] for part in areas.values()), keep=True)
    for code, part in areas.items():
        ledger.count((*key, "area", code), part["winners"])
    ledger.sum((*key, "winners"), [(*key, "area", code) for code in areas])
    groups = result["groups"]
    ledger.count((*key, "losers"), sum(part["losers"] for part in groups.values()))
    for name in ("winners", "losers"):
        for code, part in groups.items():
            ledger.count((*key, "group", code, name), part[name])
        ledger.sum((*key, name), [(*key, "group", code, name) for code in groups])
    told = row.plan["promises"] if row.plan else dict.fromkeys(_PROMISES, 0)
    for name in _PROMISES:
        ledger.count((*key, "promise", name), told[name])
    ledger.rest((*key, "promise", "rights"), [(*key, "promise", "kept")])


def _kerak(ledger: Ledger, key: tuple[Any, ...], result: Record) -> None:
    before, after, everyone = ("kerak_before", "kerak_after", "kerak")
    for name in (before, after, everyone):
        ledger.count((*key, name), result[name])
    small, large = (before, after) if result[before] <= result[after] else (after, before)
    ledger.rest((*key, large), [(*key, small)])
    ledger.rest((*key, everyone), [(*key, large)])


def build(shown: Shown, plans: Sequence[Record]) -> tuple[PlanRow, ...]:
    """Make the rows of what may be shown."""
    return tuple(_row(shown, row) for row in planned.compared(plans))


def _row(shown: Shown, row: Compared) -> PlanRow:
    key, result = _key(row), row.result

    def cell(*name: Any) -> Count:
        return shown[(*key, *name)]

    def area(code: str) -> tuple[str, Count, float | None]:
        count = cell("area", code)
        return code, count, None if count.value is None else -result["kelurahan"][code]["gap"]

    return PlanRow(
        about=row,
        moved=cell("moved"),
        enter=cell("enter"),
        leave=cell("leave"),
        cost=cell("cost"),
        more=result["cost"] >= 0,
        kerak=cell("kerak"),
        kerak_before=cell("kerak_before"),
        kerak_after=cell("kerak_after"),
        unknown=cell("unknown"),
        programmes=tuple(
            PlannedProgramme(
                code=code,
                before=cell(code, "before"),
                after=cell(code, "after"),
                enter=cell(code, "enter"),
                leave=cell(code, "leave"),
                money_before=cell(code, "money_before"),
                money_after=cell(code, "money_after"),
            )
            for code, flow in (result["programmes"].items() if row.plan else ())
            if flow["enter"] or flow["leave"] or flow["before"] != flow["after"]
        ),
        areas=tuple(area(code) for code in result["kelurahan"]),
        winners=cell("winners"),
        losers=cell("losers"),
        groups=tuple(
            (code, cell("group", code, "winners"), cell("group", code, "losers"))
            for code in result["groups"]
        ),
        promises={name: cell("promise", name) for name in _PROMISES},
    )  # fmt: skip
