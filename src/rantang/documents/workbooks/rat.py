"""The draft of the yearly action plan (RAT): what a plan means for each agency, kelurahan and quarter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from rantang.cities.model import City, Programme
from rantang.documents import labels, planned
from rantang.documents.workbooks.sheets import Column, Cover, Sheet, write
from rantang.texts import _, mark
from rantang.vocabulary import numbers

STRATEGIES: Final = {
    "beban": mark("Less to spend for the poor"),
    "pendapatan": mark("More income for the poor"),
    "kantong": mark("Fewer pockets of poverty"),
}
_ACTIVITIES: Final = {
    "uang": mark("Cash to families"),
    "pangan": mark("Food to families"),
    "kesehatan": mark("Health insurance contributions"),
    "pendidikan": mark("Help with the costs of school"),
    "rumah": mark("Repair of houses"),
    "usaha": mark("Tools and capital for small business"),
    "pelatihan": mark("Training"),
    "layanan": mark("Services and insurance"),
}

_QUARTERS: Final = ("I", "II", "III", "IV")


def draft(plan: Mapping[str, Any], city: City, manifest: Mapping[str, Any]) -> bytes:
    """Write the draft as a workbook. Counts only; small ones stand in full, for the office.

    Parameters
    ----------
    plan
        The record of a plan (`rantang.planning.record.of_plan`).
    """
    rows = _programmes(plan, city)
    cover = Cover(
        name=_("Read first"),
        title=_("Draft of the yearly action plan (RAT) {year}", year=plan["year"]),
        lines=(
            _(
                "{place}: from edition {edition} of {period}. A draft for the team to change and "
                "decide; nothing in "
                "it is decided.",
                place=city.name,
                edition=str(manifest.get("edition", "")),
                period=numbers.month(str(manifest["period"])),
            ),
            planned.headline(plan) + ". " + planned.certificate(plan),
            *planned.promises(city, plan),
            *planned.assumed(plan),
            _("Small counts stand here in full, for the office. Hide counts under 8 before it is passed on."),
            *((_("Synthetic people: nobody in this file exists."),) if manifest.get("synthetic") else ()),
        ),
        heads=(_("Sheet"), _("Rows"), _("What to do")),
        footer=f"Rantang · RAT {plan['year']} · {manifest.get('edition', '')}",
    )
    sheets = (
        _matrix(rows, plan, city), _by_quarter(rows, plan, city), _kelurahan(plan, city), _money(plan, city),
        _open(plan, city),
    )  # fmt: skip
    return write(cover, sheets)


def _programmes(plan: Mapping[str, Any], city: City) -> list[tuple[Programme, Mapping[str, Any]]]:
    found = [
        (programme, plan["planned"].get(code)) for code in _codes(plan) if (programme := city.programme(code))
    ]
    rows = [(programme, row) for programme, row in found if row]
    order = list(STRATEGIES)
    return sorted(rows, key=lambda r: (order.index(r[0].strategy), r[0].agency, r[0].code))


def _codes(plan: Mapping[str, Any]) -> list[str]:
    return sorted(plan["planned"])


def quarters(programme: Programme, period: str, rupiah: int) -> tuple[int, int, int, int]:
    """Part a year's money over its quarters; they add up to it.

    Aid that runs on is paid evenly; yearly aid in the third quarter (the school year begins in July), aid
    given once in the second: assumptions, for the agency to change.
    """
    amount = programme.amount_in(period)
    per = amount.per if amount else "once"
    if per == "once":
        return 0, rupiah, 0, 0
    if per == "year":
        return 0, 0, rupiah, 0
    each = rupiah // 4
    return each, each, each, rupiah - 3 * each


def _matrix(
    rows: list[tuple[Programme, Mapping[str, Any]]], plan: Mapping[str, Any], city: City
) -> Sheet:  # fmt: skip
    flows, period = plan["result"]["programmes"], f"{plan['year']}-12"
    made = []
    for programme, row in rows:
        kept = row["kept_unscored"]
        cost = row["cost"] + kept["cost"]
        flow = flows.get(programme.code, {"stay": 0, "leave": 0})
        made.append(
            (
                _(STRATEGIES[programme.strategy]),
                programme.name,
                _(_ACTIVITIES[programme.aid]),
                _("Families that receive {programme}", programme=programme.code),
                flow["stay"] + flow["leave"],
                row["families"] + kept["families"],
                row["new"],
                _where(row["kelurahan"], city),
                cost,
                _(planned.SOURCES[programme.level]),
                labels.agency(city, programme.agency),
                _when(quarters(programme, period, cost)),
                "",
            )
        )
    columns = (
        Column(_("Strategy"), 16, "wrap"),
        Column(_("Programme"), 20, "wrap"),
        Column(_("Activity"), 17, "wrap"),
        Column(_("Indicator"), 17, "wrap"),
        Column(_("Baseline, families"), 13, "number"),
        Column(_("Target, families"), 10, "number"),
        Column(_("Of them new"), 11, "number"),
        Column(_("Planned families by kelurahan"), 36, "wrap"),
        Column(_("Budget a year"), 18, "money"),
        Column(_("Source of money"), 11, "wrap"),
        Column(_("Agency"), 15, "wrap"),
        Column(_("Quarter"), 9, "wrap"),
        Column(_("SIPD code"), 10, "answer"),
    )
    return Sheet(
        "RAT",
        _("Target includes families without a score, which keep what they have."),
        columns,
        made,
    )


def _when(money: tuple[int, int, int, int]) -> str:
    """Name the quarters in which money is paid."""
    paid = [name for name, each in zip(_QUARTERS, money, strict=True) if each]
    return f"{paid[0]}–{paid[-1]}" if len(paid) > 1 else "".join(paid)


def _by_quarter(
    rows: list[tuple[Programme, Mapping[str, Any]]], plan: Mapping[str, Any], city: City
) -> Sheet:  # fmt: skip
    made: list[tuple[Any, ...]] = []
    for programme, row in rows:
        cost = row["cost"] + row["kept_unscored"]["cost"]
        parts = quarters(programme, f"{plan['year']}-12", cost)
        made.append((programme.name, labels.agency(city, programme.agency), cost, *parts))
    made.append((_("All"), "", *(sum(row[at] for row in made) for at in range(2, 7))))
    columns = (
        Column(_("Programme"), 34, "wrap"),
        Column(_("Agency"), 16, "wrap"),
        Column(_("Budget a year"), 20, "money"),
        *(Column(_("Quarter {number}", number=name), 19, "money") for name in _QUARTERS),
    )
    task = _(
        "A proposal: aid that runs on evenly, yearly aid in the third quarter, aid given once in the second."
    )
    return Sheet(_("Per quarter"), task, columns, made)


def _where(counts: Mapping[str, int], city: City) -> str:
    named = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    most = [f"{planned.place(city, code)} {count}" for code, count in named[:12]]
    if len(named) > 12:
        rest = sum(count for _code, count in named[12:])
        most.append(_("{count} elsewhere (sheet {sheet})", count=rest, sheet=_("Per kelurahan")))
    return "; ".join(most)


def _kelurahan(plan: Mapping[str, Any], city: City) -> Sheet:
    codes = _codes(plan)
    known = {area.code: (area.kecamatan, area.name) for area in city.areas}
    seen = {place for code in codes for place in plan["planned"][code]["kelurahan"]}
    rows = []
    for place in sorted(seen, key=lambda code: known.get(code, ("~", code))):
        counts = [plan["planned"][code]["kelurahan"].get(place, 0) for code in codes]
        kecamatan, name = known.get(place, ("", _("unknown")))
        rows.append((name, kecamatan, *counts))
    rows.append((_("All"), "", *(sum(row[at + 2] for row in rows) for at in range(len(codes)))))
    columns = (
        Column(_("Kelurahan"), 18), Column(_("Kecamatan"), 16),
        *(Column(code, 12, "number") for code in codes),
    )  # fmt: skip
    return Sheet(_("Per kelurahan"), _("Planned families with a score."), columns, rows)


def _money(plan: Mapping[str, Any], city: City) -> Sheet:
    price = {(p["kind"], p["about"]): p for p in plan["prices"]}
    rows = []
    for limit in plan["limits"]:
        if limit["kind"] == "lantai":
            continue
        said = price[limit["kind"], limit["about"]]
        name = planned.about(city, limit["kind"], limit["about"])
        money = limit["kind"] == "anggaran"
        rows.append(
            (
                name[:1].upper() + name[1:],
                *(
                    (limit["limit"], limit["used"], None, None)
                    if money
                    else (None, None, limit["limit"], limit["used"])
                ),
                round(said["effect"]),
            )
        )
    columns = (
        Column(_("What limits the plan"), 44, "wrap"),
        Column(_("Budget a year"), 20, "money"),
        Column(_("Used"), 20, "money"),
        Column(_("Places"), 12, "number"),
        Column(_("Taken"), 12, "number"),
        Column(_("One more (a million, a place) closes, a month"), 22, "money"),
    )
    task = _("Money and places that are left after families without a score keep what they have.")
    return Sheet(_("Money and places"), task, columns, rows)


def _open(plan: Mapping[str, Any], city: City) -> Sheet:
    rows = [(text, "") for text in (*planned.promises(city, plan), *planned.prices(city, plan, 20))]
    rows += [
        (
            _(
                "{programme}: the lists record {recorded} recipients, the register holds {modelled}.",
                programme=labels.programme_name(city, each["programme"]),
                recorded=planned.signless(each["recorded"]),
                modelled=planned.signless(each["modelled"]),
            ),
            "",
        )
        for each in plan["caseloads"]
        if each["recorded"] != each["modelled"]
    ]
    columns = (Column(_("To be settled"), 110, "wrap"), Column(_("Decision"), 40, "answer"))
    return Sheet(_("Open"), _("Settle these before the draft is decided."), columns, rows)
