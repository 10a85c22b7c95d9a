"""A projection's record (`rantang.projection.record`) in words, for the terminal and for the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rantang.projection.project import MISSION, MISSION_DOCUMENT
from rantang.texts import _, mark
from rantang.vocabulary import numbers

Record = Mapping[str, Any]

_SCENARIOS: Final = {
    "rancangan": mark("error of the survey's design"),
    "tersirat": mark("error implied by the series"),
}
_METHODS: Final = {
    "rancangan": mark("Rantang, error of the survey's design"),
    "tersirat": mark("Rantang, error implied by the series"),
    "nilai-terakhir": mark("The last figure again"),
    "tren-lurus": mark("A straight line"),
}


@dataclass(frozen=True)
class TargetRow:
    """One target with its chances: one record a scenario of the sampling error, in their order.

    `start`: the rate it is projected from; `quoted`: that rate is a quoted one.
    """

    document: str
    year: int
    low: float
    high: float
    quoted: bool
    start: float
    published: float | None
    revised_by: str
    written: bool | None
    chances: tuple[Record, ...]

    @property
    def mission(self) -> bool:
        """Whether the target is the quoted one, not a document's."""
        return self.document == MISSION_DOCUMENT

    @property
    def standing(self) -> bool:
        """Whether the target is still to be judged: not revised, nothing published for its year."""
        return not self.revised_by and self.published is None

    @property
    def range(self) -> tuple[float, float]:
        """The lowest and highest chance that the published figure reaches it, over the scenarios."""
        odds = [float(each["p_published"]) for each in self.chances]
        return min(odds), max(odds)


def kinds(found: Record) -> tuple[str, ...]:
    """Return the scenarios of the sampling error that the projection has."""
    return tuple(str(entry["scenario"]) for entry in found["sampling_error"])


def quoted_scenario(kind: str) -> str:
    """Return the scenario that starts at the quoted rate with this sampling error."""
    return f"{MISSION} ({kind})"


def scenario(kind: str) -> str:
    """Name a scenario of the sampling error."""
    return _(_SCENARIOS.get(kind, kind))


def scenario_title(kind: str) -> str:
    """Name a scenario where a line or a head begins with it."""
    name = scenario(kind)
    return name[:1].upper() + name[1:]


def method(name: str) -> str:
    """Name what a backtest compares."""
    return _(_METHODS.get(name, name))


def document(name: str) -> str:
    """Name a planning document; the mission's own target is called quoted."""
    return _("The quoted target") if name == MISSION_DOCUMENT else name


def target_rows(found: Record) -> tuple[TargetRow, ...]:
    """Return the targets by year; the quoted one twice, from the quoted and from the published rate."""
    own = kinds(found)
    last = float(found["series"]["observations"][-1]["rate"])
    starts = {**dict.fromkeys(own, last)}
    for kind in own:
        path = found["paths"].get(quoted_scenario(kind))
        if path:
            starts[quoted_scenario(kind)] = float(path[0]["median"])
    rows = []
    for names in (own, tuple(quoted_scenario(kind) for kind in own)):
        keys = dict.fromkeys((t["document"], t["year"]) for t in found["targets"] if t["scenario"] in names)
        for key in keys:
            mine = [t for t in found["targets"] if (t["document"], t["year"]) == key]
            chosen = tuple(t for name in names for t in mine if t["scenario"] == name)
            rows.append(_row(chosen, starts[names[0]], quoted=names != own))
    return tuple(sorted(rows, key=lambda r: (r.year, not r.quoted, r.document)))


def _row(chances: tuple[Record, ...], start: float, *, quoted: bool) -> TargetRow:
    one = chances[0]
    return TargetRow(
        document=str(one["document"]),
        year=int(one["year"]),
        low=float(one["low"]),
        high=float(one["high"]),
        quoted=quoted,
        start=start,
        published=one["published"],
        revised_by=str(one["revised_by"]),
        written=one["written"],
        chances=chances,
    )


def headline(rows: Sequence[TargetRow]) -> TargetRow | None:
    """Return the target that a reader asks about first: the soonest one written and still standing."""
    open_ = [row for row in rows if row.standing and not row.mission]
    written = [row for row in open_ if row.written is not False]
    return next(iter(written or open_), None)


def note(row: TargetRow) -> str:
    """Say what is special about a target."""
    parts = []
    if row.quoted:
        parts.append(_("from the quoted {rate}", rate=numbers.percent(row.start, 2)))
    elif row.mission:
        parts.append(_("from the published {rate}", rate=numbers.percent(row.start, 2)))
    if row.low < row.high:
        parts.append(_("upper end; from {low}", low=numbers.percent(row.low, 2)))
    if row.published is not None:
        parts.append(_("published: {rate}", rate=numbers.percent(row.published, 2)))
    if row.revised_by:
        parts.append(_("revised by {document}", document=row.revised_by))
    if row.written is False:
        parts.append(_("a later document"))
    return "; ".join(parts)


def pace_title(entry: Record) -> str:
    """Say how fast the rate must fall."""
    return _(
        "{document}, {year}: {points} points a year.",
        document=document(str(entry["document"])),
        year=entry["year"],
        points=numbers.decimal(entry["points"], 2),
    )


def pace_body(entry: Record) -> str:
    """Say from where to where, and how many people a year that is."""
    start, target = (numbers.percent(entry[name], 2) for name in ("start", "target"))
    if entry["people"] is None:
        return _("From {start} in {year} to {target}.", start=start, year=entry["start_year"], target=target)
    return _(
        "From {start} in {year} to {target}: {people} people a year.",
        start=start,
        year=entry["start_year"],
        target=target,
        people=numbers.whole(round(entry["people"], -2)),
    )


def cost_of_lifting(found: Record) -> str:
    """Say what lifting those who must be lifted costs; empty where it is not known or nobody must be."""
    gap = found["gap"]
    if not gap or not gap["to_lift"]:
        return ""
    return _(
        "At the mean shortfall of {shortfall} a head a year ({year}) that is {cost} a year for those to be "
        "lifted (an assumption: the chronic poor may lack more).",
        shortfall=numbers.rupiah_short(gap["shortfall"]),
        year=gap["year"],
        cost=numbers.rupiah_short(gap["to_lift"]),
    )


def between(odds: tuple[float, float]) -> str:
    """Write a range of chances, one figure where they are the same: ``9 % sampai 37 %``."""
    low, high = (numbers.chance(each) for each in odds)
    return low if low == high else _("{low} to {high}", low=low, high=high)


def years(count: int | None) -> str:
    """Write how many years it takes; a dash where it is longer than anybody waits."""
    return numbers.whole(count) if count is not None else _("over 60")
