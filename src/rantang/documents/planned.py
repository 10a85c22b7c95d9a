"""Plans' and scenarios' records (`rantang.planning.record`) in words, for terminal, report and workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rantang.cities.model import City
from rantang.documents import labels
from rantang.planning.infeasible import Broken
from rantang.planning.infeasible import words as broken_words
from rantang.planning.prices import MILLION
from rantang.texts import _, mark
from rantang.vocabulary import numbers

Record = Mapping[str, Any]

BUILT_IN: Final = {
    "rencana": mark("The best plan"),
    "rencana-kini": mark("As it is"),
    "perluas-rantang": mark("Rantang Kasih for all"),
    "tutup-kerak": mark("All kerak served"),
    "henti-bocor": mark("Leaks stopped"),
    "tepat-sempurna": mark("Perfect targeting"),
    "banjir": mark("A shock"),
}
"""Short name of what comes with Rantang, in the order of reading."""

AID: Final = {
    "uang": mark("Cash"),
    "pangan": mark("Food"),
    "kesehatan": mark("Health insurance"),
    "pendidikan": mark("School costs"),
    "rumah": mark("House repair"),
    "usaha": mark("Business capital and tools"),
    "pelatihan": mark("Training"),
    "layanan": mark("Services"),
}
FEW: Final = 8
"""Below so many families nothing is said of their money on a page that may leave the house."""

SOURCES: Final = {
    "kota": mark("city budget"),
    "provinsi": mark("provincial budget"),
    "pusat": mark("national budget"),
    "lain": mark("other money"),
}
_WHY: Final = {
    "anggaran": mark("money of {about}"),
    "tempat": mark("places of {about}"),
    "lantai": mark("floor of {about}"),
}


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario or plan beside the others: its folder, the record of its result, and of its plan.

    `under`: the plan was found under a scenario. Texts are in the language in use when they are asked for.
    """

    folder: str
    result: Record
    plan: Record | None = None
    under: bool = False

    @property
    def name(self) -> str:
        """Name of the scenario."""
        return str(self.result["name"])

    @property
    def title(self) -> str:
        """What it is."""
        if self.name == "rencana":
            return _("The best plan within the budgets")
        title = _(str(self.result["title"]))
        return _("The best plan under: {title}", title=title) if self.under else title

    @property
    def short(self) -> str:
        """What it is, for a chart."""
        own = BUILT_IN.get(self.name)
        name = _(own) if own else self.folder
        return _("Plan: {name}", name=name) if self.under else name

    @property
    def note(self) -> str:
        """What to know of it."""
        if self.name == "rencana":
            return _(
                "Who is given what so that the expected gap falls most, within budgets, places and promises."
            )
        return "" if self.under or not self.result["note"] else _(str(self.result["note"]))


def compared(plans: Sequence[Record]) -> tuple[Compared, ...]:
    """Return plans' records in the order in which they are read: the best plan first, the bound last."""
    found = []
    for each in plans:
        if plan := each.get("plan"):
            found.append(Compared(each["folder"], plan["result"], plan, bool(each.get("scenario"))))
        if each.get("scenario"):
            found.append(Compared(each["folder"], each["scenario"]))
    order = {name: place for place, name in enumerate(BUILT_IN)}
    return tuple(
        sorted(found, key=lambda c: (c.under, order.get(c.name, len(order) - 2.5), c.plan is None, c.folder))
    )


def between(value: Record | None, write: Any, sign: int = 1) -> str:
    """Write a mean with its 90 % interval: ``412 (380–450)``; a dash where nothing can be told."""
    if value is None or value["mean"] is None:
        return "–"
    mean, low, high = (sign * value[name] for name in ("mean", "lo90", "hi90"))
    return _(
        "{mean} ({low} to {high})", mean=write(mean), low=write(min(low, high)), high=write(max(low, high))
    )


def mean(value: Record | None, write: Any) -> str:
    """Write a mean alone; a dash where nothing can be told."""
    return "–" if value is None or value["mean"] is None else str(write(value["mean"]))


def interval(value: Record | None, write: Any) -> str:
    """Write an interval alone; nothing where nothing can be told."""
    if value is None or value["mean"] is None:
        return ""
    low, high = sorted((value["lo90"], value["hi90"]))
    return _("{low} to {high}", low=write(low), high=write(high))


def people(value: float) -> str:
    """Write expected persons, no more digits than they carry."""
    return signless(round(value, -1) if abs(value) >= 100 else round(value))


def lifted(value: Record) -> str:
    """Write persons lifted above the line with their interval; of a loss, how many fall below it."""
    if value["mean"] is not None and round(value["mean"]) < 0:
        return _("people who fall below the line: {count}", count=between(value, people, sign=-1))
    return _("people lifted: {count}", count=between(value, people))


def signless(value: float) -> str:
    """Write a whole number; nothing is never written as minus nothing."""
    return numbers.whole(value + 0.0 if value else 0)


def points(value: float) -> str:
    """Write points of a rate."""
    return numbers.decimal(round(value, 2) + 0.0, 2)


def share_closed(result: Record) -> Record | None:
    """Return by how much per cent the gap falls, with its interval."""
    gap = result["gap"]["mean"]
    if not gap:
        return None
    return {name: 100 * result["closed"][name] / gap for name in ("mean", "lo90", "hi90")}


def per_cent(value: float) -> str:
    """Write whole per cent."""
    return numbers.percent(round(value) + 0.0, 0)


def change_of_money(rupiah: float) -> str:
    """Write a change of cost with its sign: ``+Rp 1,8 miliar``."""
    if round(rupiah) == 0:
        return numbers.rupiah(0)
    return ("+" if rupiah > 0 else "") + numbers.rupiah_short(rupiah)


def about(city: City, kind: str, code: str) -> str:
    """Name what a limit is about."""
    if kind == "anggaran":
        return _(_WHY[kind], about=labels.agency(city, code))
    if kind == "tempat":
        return _(_WHY[kind], about=labels.programme_name(city, code))
    return _(_WHY[kind], about=place(city, code))


def place(city: City, code: str) -> str:
    """Name a kelurahan."""
    head = code.partition(":")[0]
    return next((area.name for area in city.areas if area.code == head), code)


def prices(city: City, plan: Record, most: int = 4) -> tuple[str, ...]:
    """Say what more of the scarce would do, the dearest first; only what holds the plan back."""
    said = []
    for price in plan["prices"]:
        if price["effect"] <= 0.5:
            continue
        name = about(city, price["kind"], price["about"])
        effect = numbers.rupiah(round(price["effect"], -2) if price["effect"] >= 1000 else price["effect"])
        text = (
            _("{about}: a million rupiah more a year closes {effect} more of the gap each month.",
              about=name[:1].upper() + name[1:], effect=effect)
            if price["step"] == MILLION
            else _("{about}: one more closes {effect} more of the gap each month.",
                   about=name[:1].upper() + name[1:], effect=effect)
        )  # fmt: skip
        said.append(text)
    return tuple(said[:most])


def promises(city: City, plan: Record, counts: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """Say which promises are kept, which cannot be, and by how much.

    Parameters
    ----------
    counts
        `rights`, `kept`, `without` as they may be shown; None: as they are. Where they are given, what
        few families cost is not told either.
    """
    told = plan["promises"]
    write = counts or {name: signless(told[name]) for name in ("rights", "kept", "without")}
    flows = plan["result"]["programmes"]
    said = []
    right = numbers.rupiah(told["right"])
    if told["rights"] and told["kept"] == told["rights"]:
        said.append(
            _(
                "Aid worth at least {right} a month was promised to {rights} kerak families that have "
                "less: all of it is kept.",
                right=right,
                rights=write["rights"],
            )
        )
    elif told["rights"]:
        said.append(
            _(
                "Aid worth at least {right} a month was promised to {rights} kerak families that have "
                "less; money and places keep it for {kept}, the neediest first.",
                right=right,
                rights=write["rights"],
                kept=write["kept"],
            )
        )
    said += [_broken(city, each) for each in told["broken"]]
    if told["without"]:
        said.append(
            _(
                "{count} more kerak families qualify for none of the city's main support: only another "
                "rule helps them.",
                count=write["without"],
            )
        )
    for code, money in plan["over"].items():
        own = [flow for each, flow in flows.items() if (p := city.programme(each)) and p.agency == code]
        if counts is not None and sum(flow["stay"] + flow["leave"] for flow in own) < FEW:
            continue
        said.append(
            _(
                "What {agency} gives now costs {now} a year, more than its {budget}.",
                agency=labels.agency(city, code),
                now=numbers.rupiah_short(money["now"]),
                budget=numbers.rupiah_short(money["budget"]),
            )
        )
    return tuple(said)


def _broken(city: City, raw: Record) -> str:
    names = {
        "RENCANA-ANGGARAN": labels.agency,
        "RENCANA-TEMPAT": labels.programme_name,
        "RENCANA-LANTAI": place,
    }
    named = names.get(raw["code"])
    about = named(city, raw["about"]) if named else raw["about"]
    return broken_words(Broken(raw["code"], about, raw["missing"], raw["limit"]))


def assumed(plan: Record) -> tuple[str, ...]:
    """Say what a plan leaves out and what it rests on; of families only a rounded share."""
    out = plan["left_out"]
    said = [
        _(
            "{unscored} of the families have no score: they keep what they have and are given nothing new "
            "before a visit.",
            unscored=per_cent(100 * out["unscored"] / max(out["families"], 1)),
        )
    ]
    if plan["share"] < 1:
        said.append(
            _(
                "The residents' list covers {share} of the city: money and places are taken in that "
                "proportion.",
                share=numbers.percent(100 * plan["share"], 0),
            )
        )
    kinds = [kind for kind, effect in plan["effects"].items() if effect["asumsi"]]
    if kinds:
        said.append(
            _(
                "What a rupiah becomes in consumption is an assumption for {count} of {all} kinds of "
                "aid; its range "
                "is carried through.",
                count=len(kinds),
                all=len(plan["effects"]),
            )
        )
    said.append(_("National and provincial aid stays as it is: it is not the city's to plan."))
    return tuple(said)


def headline(plan: Record) -> str:
    """Say in one sentence what the plan does."""
    closed = share_closed(plan["result"])
    if closed is None:
        return _("On this register there is no gap to close")
    if closed["lo90"] <= 0 <= closed["hi90"]:
        return _("No plan within the budgets surely closes more than is closed now")
    return _(
        "Within the budgets {share} more of the gap can be closed ({low} to {high})",
        share=per_cent(closed["mean"]),
        low=per_cent(closed["lo90"]),
        high=per_cent(closed["hi90"]),
    )


def certificate(plan: Record) -> str:
    """Say how far from the best the plan can be."""
    return _(
        "Proven: no plan under the same rules closes more than {gap} more than this one.",
        gap=numbers.percent(max(100 * plan["gap"], 0.01), 2),
    )
