"""From an edition's tables to `ReportData`: aggregate, enter every number in the ledger, settle."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import ibis.expr.types as ir

from rantang.cities.floor import floor_of
from rantang.cities.model import City
from rantang.documents.disclosure import INTERNAL, PUBLIC, Count, Ledger
from rantang.documents.report import cube, enter, offers, plans
from rantang.documents.report.facts import Facts
from rantang.documents.report.model import (
    AgencyRow,
    AreaFigure,
    AreaRow,
    Calibration,
    FindingRow,
    Found,
    GroupRow,
    Header,
    Kerak,
    ListRow,
    Missing,
    PairCell,
    ProgrammeRow,
    ReasonRow,
    ReportData,
    Stage,
    Survey,
    View,
)
from rantang.documents.report.queries import BASES, GROUPS, Raw, ask
from rantang.documents.work import KELURAHAN, TASKS
from rantang.measurement.city import CROSSED
from rantang.measurement.figures import Figure
from rantang.synergy.programmes import known_lists

Shown = Mapping[Any, Count]
NOTHING = Count(0)


def collect(
    tables: Mapping[str, ir.Table],
    manifest: Mapping[str, Any],
    city: City,
    *,
    public: bool = False,
    model: Mapping[str, Any] | None = None,
    projection: Mapping[str, Any] | None = None,
    planned: Sequence[Mapping[str, Any]] = (),
) -> ReportData:
    """Make the report's data of an edition.

    Parameters
    ----------
    tables
        The edition's declared tables by name (`persons`, `families`, `links`, `review`, `findings`,
        `eligibility`, `welfare`, `assistance`, `coverage`, `overlap`, `family_aid`, `history`).
    manifest
        `period`, `edition`, `hash`, `made_at`, `version`, `synthetic`, `seconds`, `deliveries`
        (agency, kind, period, programme, rows, accepted, refused, held), `stages` (name, rows,
        accepted, refused, held, seconds), `linkage` (agency, kind, calibration, pairs, decoy_error).
    public
        For everyone: rounded to 5 and held to TRUST D2-D4 as well.
    model
        The edition's `model.json`: of its `welfare` and `measurement` the errors and checks are shown.
    projection
        The record of `rantang project` for the same period, None where there is none.
    planned
        The records of `rantang plan` that hold for this edition.
    """
    period = str(manifest["period"])
    model = model or {}
    score = model.get("welfare") or None
    lists = known_lists(tables["assistance"], city.programmes, period)
    raw = ask(tables, lists, city)
    facts = Facts(raw=raw, manifest=manifest, city=city, period=period, known=lists)
    ledger = Ledger(PUBLIC if public else INTERNAL)
    enter.everything(ledger, facts)
    plans.enter(ledger, planned)
    shown = ledger.settle()
    programmes = _programmes(facts, shown)
    unknown = _area(shown, "?", "", "", None, None) if ("area", "?", "families") in shown else None
    return ReportData(
        public=public,
        city=city,
        header=_header(facts, shown),
        floor=floor_of(city),
        found=_found(shown, programmes),
        areas=tuple(
            _area(shown, area.code, area.name, area.kecamatan, area.column, area.row) for area in city.areas
        ),
        districts=tuple(_area(shown, f"/{name}", name, "", None, None) for name in enter.districts(city)),
        area_totals=_area(shown, "*", city.name, "", None, None),
        unknown_area=unknown,
        programmes=programmes,
        pairs=tuple(
            PairCell(a, b, relation, shown["pair", a, b]) for a, b, relation in enter.pairs_shown(facts)
        ),
        lists=_lists(facts, shown),
        agencies=_agencies(facts, shown),
        findings=_findings(facts, shown),
        findings_total=shown["findings", "*"],
        reasons=_reasons(facts, shown),
        reasons_total=_reason(shown, "*"),
        classes=tuple((name, shown["class", name]) for name in enter.CLASSES),
        kerak=_kerak(facts, shown, stand_in=not score),
        groups=tuple(
            GroupRow(
                name,
                shown["group", name, "rows"],
                shown["group", name, "linked"],
                shown["group", name, "likely"],
            )
            for name in GROUPS
        ),
        calibrations=_calibrations(manifest),
        stages=_stages(manifest, shown),
        offers=offers.offers(city, programmes, period),
        missing=_missing(facts),
        review=shown["review", "*"],
        for_kelurahan=shown["work", KELURAHAN, "findings"],
        most_asked=_most_asked(facts),
        queue=shown["queue", "*"],
        queue_missing=shown["queue", "tanpa-nik"],
        queue_wrong=shown["queue", "nik-salah"],
        verify_people=shown["standing", "person", "perlu-verifikasi"],
        views=_views(facts, shown),
        cube=cube.shown(shown),
        survey=_survey(tables),
        score=score,
        link_errors=model.get("links_by_group") or None,
        checks=model.get("measurement", {}).get("small_areas") or None,
        projection=projection,
        plans=plans.build(shown, planned),
    )


def _views(facts: Facts, shown: Shown) -> tuple[View, ...]:
    deciles = sorted({int(row["decile"]) for row in facts.raw.views}, key=lambda each: (each == 0, each))
    return tuple(
        View(each, {name: shown["view", each, name] for name in (*enter.CLASSES, "*")}) for each in deciles
    )


def _survey(tables: Mapping[str, ir.Table]) -> Survey | None:
    """The survey's figures; None where the edition has none."""
    rows = tables["poverty"].to_pyarrow().to_pylist() if "poverty" in tables else []
    if not rows:
        return None
    made = [
        (row, _figure(row)) for row in sorted(rows, key=lambda r: (r["level"], r["area"], r["statistic"]))
    ]
    direct = [(row, figure) for row, figure in made if row["method"] == "langsung"]
    rates = [(row, figure) for row, figure in made if figure.statistic == "P0"]
    crossed: dict[str, dict[str, Figure]] = {}
    for row, figure in made:
        if row["level"] == CROSSED:
            crossed.setdefault(row["area"], {})[figure.statistic] = figure
    return Survey(
        period=rows[0]["period"],
        line=rows[0]["line"],
        line_source=rows[0]["line_source"],
        city={figure.statistic: figure for row, figure in direct if row["level"] == "kota"},
        districts=tuple(figure for row, figure in rates if row["level"] == "kecamatan"),
        areas=tuple(
            AreaFigure(row["area"], row["method"], figure)
            for row, figure in rates
            if row["level"] == "kelurahan"
        ),
        crossed=crossed,
    )


def _figure(row: Mapping[str, Any]) -> Figure:
    numbers = {
        name: math.nan if row[name] is None else row[name]
        for name in ("estimate", "se", "ci_low", "ci_high", "deff", "rse")
    }
    return Figure(row["statistic"], row["area"], n=row["n"], reliability=row["reliability"], **numbers)


def _header(facts: Facts, shown: Shown) -> Header:
    manifest = facts.manifest
    deliveries = manifest.get("deliveries", ())
    seconds = manifest.get("seconds")
    return Header(
        place=facts.city.name,
        period=facts.period,
        edition=str(manifest.get("edition", facts.period)),
        content_hash=str(manifest.get("hash", "")),
        made_at=str(manifest.get("made_at", "")),
        version=str(manifest.get("version", "")),
        synthetic=bool(manifest.get("synthetic", False)),
        seconds=float(seconds) if seconds is not None else None,
        lists=len(deliveries),
        agencies=len({entry["agency"] for entry in deliveries}),
        rows=shown["rows", "*"],
        persons=shown["persons", "*"],
        families=shown["area", "*", "families"],
    )


def _found(shown: Shown, programmes: tuple[ProgrammeRow, ...]) -> Found:
    return Found(
        eligible=shown["area", "*", "eligible"],
        gap=shown["area", "*", "gap"],
        doubles=shown["doubles", "*"],
        doubles_unlike_nik=shown["doubles", "unlike"],
        links=shown["links", "*"],
        links_beyond_nik=shown["links", "beyond"],
        rows_listed=shown["group", "all", "rows"],
        rows_elsewhere=shown["group", "all", "linked"],
        check_families=shown["check", "families"],
        check_money=shown["check", "money"],
        money=shown["aid", "money"],
        check_money_assumed=any(p.assumed and p.money_check for p in programmes),
        forbidden=shown["check", "forbidden"],
    )


def _area(shown: Shown, code: str, name: str, kecamatan: str, column: int | None, row: int | None) -> AreaRow:
    def cell(measure: str) -> Count:
        return shown.get(("area", code, measure), NOTHING)

    return AreaRow(
        code=code,
        name=name,
        kecamatan=kecamatan,
        column=column,
        row=row,
        families=cell("families"),
        eligible=cell("eligible"),
        gap=cell("gap"),
        kerak=cell("kerak"),
        without_nik=cell("queue"),
    )


def _programmes(facts: Facts, shown: Shown) -> tuple[ProgrammeRow, ...]:
    found = []
    for row in facts.city_coverage:
        code = row["programme"]
        programme = facts.city.programme(code)
        amount = programme.amount_in(facts.period) if programme else None

        def cell(measure: str, code: str = code) -> Count:
            return shown["programme", code, measure]

        found.append(
            ProgrammeRow(
                code=code,
                name=programme.name if programme else code,
                agency=row["agency"] or "",
                unit=row["unit"] or "keluarga",
                main=programme.main if programme else False,
                recipients=cell("recipients"),
                eligible=cell("eligible"),
                served=cell("served"),
                gap=cell("gap"),
                check=cell("check"),
                not_eligible=cell("not_eligible"),
                unanswered=cell("unanswered"),
                unlinked=cell("unlinked"),
                doubles=cell("doubles"),
                overlap=cell("overlap"),
                money=cell("money"),
                money_check=cell("money_check"),
                unknown=cell("unknown"),
                quota=row["quota"],
                assumed=amount is None or amount.asumsi,
                heard=row["recipients"] is not None,
            )
        )
    return tuple(sorted(found, key=lambda p: (not p.heard, -p.recipients.sort_key, p.code)))


def _lists(facts: Facts, shown: Shown) -> tuple[ListRow, ...]:
    found = []
    for key in facts.latest_lists:
        agency, kind, programme, period = key

        def cell(measure: str, key: Any = key) -> Count:
            return shown["list", key, measure]

        found.append(
            ListRow(
                agency=agency,
                kind=kind,
                programme=programme,
                period=period,
                late=facts.is_late(key),
                judged=kind not in BASES,
                rows=cell("rows"),
                accepted=cell("accepted"),
                refused=cell("refused"),
                held=cell("held"),
                valid=cell("valid"),
                elsewhere=cell("elsewhere"),
                wrong_nik=cell("wrong_nik"),
                doubles=cell("doubles"),
                dead=cell("dead"),
                moved=cell("moved"),
            )
        )
    return tuple(sorted(found, key=lambda r: (-r.rows.sort_key, r.agency, r.kind, r.programme)))


def _agencies(facts: Facts, shown: Shown) -> tuple[AgencyRow, ...]:
    found = []
    for agency in facts.city.agencies:
        mine = [each for each in facts.manifest.get("deliveries", ()) if each["agency"] == agency.code]

        def cell(measure: str, code: str = agency.code) -> Count:
            return shown["agency", code, measure]

        found.append(
            AgencyRow(
                code=agency.code,
                name=agency.name,
                abbreviation=agency.abbreviation,
                gives_lists=agency.gives_lists,
                lists=len(mine),
                latest=max((each["period"] for each in mine), default=""),
                late=bool(facts.late_lists(agency.code)),
                rows=cell("rows"),
                accepted=cell("accepted"),
                recipients=cell("recipients"),
                judged=cell("judged"),
                unanswered=cell("unanswered"),
                on_target=cell("on_target"),
                findings=cell("findings"),
                verify=cell("verify"),
                doubles=cell("doubles"),
                work=_work(shown, agency.code),
            )
        )
    return tuple(sorted(found, key=lambda a: (-a.rows.sort_key, a.code)))


def _work(shown: Shown, code: str) -> Mapping[str, Count]:
    """Return the rows of an agency's work list; those of doubles hidden where the doubles are.

    Who is double has two rows at least: twice as many rows as a hidden number of doubles tell of it.
    """
    found = {task: shown["work", code, task] for task in TASKS}
    if shown["agency", code, "doubles"].hidden and not found["doubles"].hidden:
        found["doubles"] = Count(None, "complement")
    return found


def _most_asked(facts: Facts) -> str:
    """Name the kelurahan that is asked most: for an example of a command."""
    names = {area.code: area.name for area in facts.city.areas}
    asked = sorted((-n, code) for code, n in facts.raw.work.asked.items() if code in names)
    return names[asked[0][1]] if asked else ""


def _findings(facts: Facts, shown: Shown) -> tuple[FindingRow, ...]:
    rows = [
        FindingRow(code, severity, acts, shown["finding", code])
        for code, (severity, acts, _) in facts.finding_codes.items()
    ]
    order = {"galat": 0, "peringatan": 1, "info": 2}
    return tuple(sorted(rows, key=lambda f: (order.get(f.severity, 3), -f.count.sort_key, f.code)))


def _reasons(facts: Facts, shown: Shown) -> tuple[ReasonRow, ...]:
    rows = [_reason(shown, code) for code in facts.reasons if code != "*"]
    return tuple(sorted(rows, key=lambda r: (-r.rows.sort_key, r.code)))


def _reason(shown: Shown, code: str) -> ReasonRow:
    return ReasonRow(code, shown["reason", code, "rows"], shown["reason", code, "word"])


def _kerak(facts: Facts, shown: Shown, *, stand_in: bool) -> Kerak:
    return Kerak(
        families=shown["kerak", "*"],
        unbroken=shown["kerak", "unbroken"],
        lapsed=shown["kerak", "lapsed"],
        never=shown["kerak", "never"],
        by_month=tuple((month, shown["lapse", month]) for month in facts.lapse_months),
        stand_in=stand_in,
    )


def _calibrations(manifest: Mapping[str, Any]) -> tuple[Calibration, ...]:
    return tuple(
        Calibration(
            agency=str(entry.get("agency", "")),
            kind=str(entry.get("kind", "")),
            source=str(entry.get("calibration", "none")),
            pairs=int(entry.get("pairs") or 0),
            decoy_error=entry.get("decoy_error"),
        )
        for entry in manifest.get("linkage", ())
    )


def _stages(manifest: Mapping[str, Any], shown: Shown) -> tuple[Stage, ...]:
    return tuple(
        Stage(
            name=stage["name"],
            rows=shown["stage", number, "rows"],
            accepted=shown["stage", number, "accepted"],
            refused=shown["stage", number, "refused"],
            held=shown["stage", number, "held"],
            aside=shown["stage", number, "aside"],
            seconds=stage.get("seconds"),
            red=not stage.get("rows"),
        )
        for number, stage in enumerate(manifest.get("stages", ()))
    )


def _missing(facts: Facts) -> tuple[Missing, ...]:
    """Name the agencies that should give lists and gave none, or of whose lists the next one is due."""
    found = []
    for agency in facts.city.agencies:
        if not agency.gives_lists or agency.partner:
            continue
        if not any(key[0] == agency.code for key in facts.delivered):
            found.append(Missing(agency.code, ()))
        elif late := facts.late_lists(agency.code):
            found.append(Missing(agency.code, late))
    return tuple(found)


__all__ = ["Raw", "collect"]
