"""What a report may show: aggregates after disclosure control, and nothing that names a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from rantang.cities.floor import Floor
from rantang.cities.model import City
from rantang.documents.disclosure import Count
from rantang.documents.report.cube import Cube
from rantang.documents.report.plans import PlanRow
from rantang.measurement.figures import Figure

Relation = Literal["terlarang", "pelengkap", "netral", "sama"]


@dataclass(frozen=True, slots=True)
class Header:
    """Which edition this is and what it was made from. Lists and agencies are not people: plain numbers."""

    place: str
    period: str
    edition: str
    content_hash: str
    made_at: str
    version: str
    synthetic: bool
    seconds: float | None
    lists: int
    agencies: int
    rows: Count
    persons: Count
    families: Count


@dataclass(frozen=True, slots=True)
class Found:
    """What the run found."""

    eligible: Count
    gap: Count
    doubles: Count
    doubles_unlike_nik: Count
    links: Count
    links_beyond_nik: Count
    rows_listed: Count
    rows_elsewhere: Count
    check_families: Count
    check_money: Count
    money: Count
    check_money_assumed: bool
    forbidden: Count


@dataclass(frozen=True, slots=True)
class AreaRow:
    """One kelurahan."""

    code: str
    name: str
    kecamatan: str
    column: int | None
    row: int | None
    families: Count
    eligible: Count
    gap: Count
    kerak: Count
    without_nik: Count


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One programme in the city at the period.

    Attributes
    ----------
    check
        Recipients to be checked: by a person's word not eligible (`not_eligible`), or to be verified.
    heard
        A list of it speaks of the period.
    """

    code: str
    name: str
    agency: str
    unit: str
    main: bool
    recipients: Count
    eligible: Count
    served: Count
    gap: Count
    check: Count
    not_eligible: Count
    unanswered: Count
    unlinked: Count
    doubles: Count
    overlap: Count
    money: Count
    money_check: Count
    unknown: Count
    quota: int | None
    assumed: bool
    heard: bool


@dataclass(frozen=True, slots=True)
class PairCell:
    """Families that hold two programmes."""

    first: str
    second: str
    relation: Relation
    families: Count


@dataclass(frozen=True, slots=True)
class ListRow:
    """One list and its health.

    `judged`: all its rows are people of the register. `late`: its programme's next list is due by now.
    """

    agency: str
    kind: str
    programme: str
    period: str
    late: bool
    judged: bool
    rows: Count
    accepted: Count
    refused: Count
    held: Count
    valid: Count
    elsewhere: Count
    wrong_nik: Count
    doubles: Count
    dead: Count
    moved: Count


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency's share of the work, with denominators.

    Attributes
    ----------
    lists, latest
        Files delivered, and the last month that one of them is of.
    late
        A list of its is due (`ListRow.late`).
    judged, unanswered
        Recipients of whom its programmes' rules can be judged, and those of whom they cannot.
    findings
        Rows of its work list about faults in lists and about families.
    work
        Rows of its work list by task (`rantang.documents.work`).
    """

    code: str
    name: str
    abbreviation: str
    gives_lists: bool
    lists: int
    latest: str
    rows: Count
    accepted: Count
    late: bool
    recipients: Count
    judged: Count
    unanswered: Count
    on_target: Count
    findings: Count
    verify: Count
    doubles: Count
    work: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One kind of finding."""

    code: str
    severity: str
    acts: str
    count: Count


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Why recipient rows must be checked: `word` by a person's decision or the person's own row."""

    code: str
    rows: Count
    word: Count


@dataclass(frozen=True, slots=True)
class Kerak:
    """The record of aid of families that must always be helped."""

    families: Count
    unbroken: Count
    lapsed: Count
    never: Count
    by_month: tuple[tuple[str, Count], ...]
    stand_in: bool


@dataclass(frozen=True, slots=True)
class GroupRow:
    """How well the rows of a group of people are linked."""

    group: str
    rows: Count
    linked: Count
    likely: Count


@dataclass(frozen=True, slots=True)
class Calibration:
    """Where a kind of delivery's probabilities come from. Pairs are a sample's size, not people."""

    agency: str
    kind: str
    source: str
    pairs: int
    decoy_error: float | None


@dataclass(frozen=True, slots=True)
class AreaFigure:
    """A kelurahan's rate: `langsung`, `model` or `sintetis`."""

    code: str
    method: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Survey:
    """What the edition's survey says; its figures are estimates of a sample, not counts of the register.

    Attributes
    ----------
    period
        Of the survey, ``YYYY-MM``.
    line, line_source
        Rupiah per person and month; `survei` (the file's own) or `indikator` (the city's table).
    city, districts, areas
        Figures of the whole (by statistic), of each kecamatan (P0) and each kelurahan (P0 by method).
    crossed
        Figures by statistic of parts by up to three sides of a household, by address `NAME=LEVEL|…`.
    """

    period: str
    line: float
    line_source: str
    city: Mapping[str, Figure]
    districts: tuple[Figure, ...]
    areas: tuple[AreaFigure, ...]
    crossed: Mapping[str, Mapping[str, Figure]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class View:
    """Families of one national decile (0: on no such list) by the city's class (`*`: all)."""

    decile: int
    families: Mapping[str, Count]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage's rows, persons or families; `red` when it ran on nothing; `aside`: those not needed."""

    name: str
    rows: Count
    accepted: Count
    refused: Count
    held: Count
    aside: Count
    seconds: float | None
    red: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A programme with places, and those who qualify and are not served, with what they would cost.

    Attributes
    ----------
    list_cost, ceiling_cost
        Rupiah a year for all of `gap`: at the programme's own price, and at the price that the
        year's budget pays per place; None where unknown or hidden.
    list_price, ceiling_price
        The same for one unit, rupiah a year.
    """

    programme: str
    name: str
    unit: str
    gap: Count
    places: int
    places_from: str
    places_source: str
    places_assumed: bool
    list_price: int | None
    list_source: str
    list_assumed: bool
    ceiling_price: int | None
    ceiling_source: str
    ceiling_assumed: bool
    list_cost: int | None
    ceiling_cost: int | None


@dataclass(frozen=True, slots=True)
class Missing:
    """An agency that delivered no list (`late` empty), or of whose lists the next is due.

    `late`: kind, programme and last period of each.
    """

    agency: str
    late: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class ReportData:
    """Everything the page is made of.

    Attributes
    ----------
    projection
        The record of `rantang project`, aggregates only.
    score
        What `model.json` says of the score: its errors are estimates of a sample, not counts of people.
    checks
        What it says of the model behind the figures by kelurahan.
    review
        Pairs that people must judge.
    for_kelurahan, most_asked
        What the kelurahan are asked to settle, and the name of the one that is asked most.
    link_errors
        What it expects of links, by measure and group: expectations, not counts of people.
    """

    public: bool
    city: City
    header: Header
    floor: Floor | None
    found: Found
    areas: tuple[AreaRow, ...]
    districts: tuple[AreaRow, ...]
    area_totals: AreaRow
    unknown_area: AreaRow | None
    programmes: tuple[ProgrammeRow, ...]
    pairs: tuple[PairCell, ...]
    lists: tuple[ListRow, ...]
    agencies: tuple[AgencyRow, ...]
    findings: tuple[FindingRow, ...]
    findings_total: Count
    reasons: tuple[ReasonRow, ...]
    reasons_total: ReasonRow
    classes: tuple[tuple[str, Count], ...]
    kerak: Kerak
    groups: tuple[GroupRow, ...]
    calibrations: tuple[Calibration, ...]
    stages: tuple[Stage, ...]
    offers: tuple[Offer, ...]
    missing: tuple[Missing, ...]
    review: Count
    for_kelurahan: Count
    most_asked: str
    queue: Count
    queue_missing: Count
    queue_wrong: Count
    verify_people: Count
    views: tuple[View, ...]
    cube: Cube
    survey: Survey | None = None
    score: Mapping[str, Any] | None = None
    checks: Mapping[str, Any] | None = None
    link_errors: Mapping[str, Any] | None = None
    projection: Mapping[str, Any] | None = None
    plans: tuple[PlanRow, ...] = ()

    @property
    def heard(self) -> bool:
        """Whether any list says who receives something: else nothing of it is checked."""
        return any(programme.heard for programme in self.programmes)
