"""The whole way of the data, on one page: read this first.

    lists → intake → identity → register → validation → welfare → synergy → edition
            survey → measurement ───────────────────────────────────────────────↗

Each stage is a function from tables to tables; none reaches back, none opens a file, none knows
the engine. What a stage hands on is declared in `rantang.tables`. `rantang.cli.run` reads the
lists, calls `make` and writes what it returns.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import polars as pl

from rantang import synergy, validation, welfare
from rantang.cities import City
from rantang.cities.areas import areas
from rantang.identity import findings as identity_findings
from rantang.identity.standardise import standardise
from rantang.measurement import city as survey
from rantang.register import by_group
from rantang.register.build import build
from rantang.tables.edition import EDITION
from rantang.tables.identity import IDENTIFIED
from rantang.tables.intake import BASE, FINDINGS
from rantang.tables.keep import Keep
from rantang.tables.measurement import POVERTY
from rantang.vocabulary.areas import code_digits, resolve
from rantang.vocabulary.residence import gravest
from rantang.watch import Watch

WITHOUT_ENTRIES: Final = ("padan", "survei")
"""Kinds of list whose rows found no register: answers about people of other lists, and interviews."""


@dataclass(frozen=True)
class Lists:
    """What intake and identity made of the lists.

    Attributes
    ----------
    typed
        Typed rows by kind of list: the columns of `BASE` and the contract's own.
    identified
        All rows with their identifying columns standardised.
    provenance, findings
        Where each row came from, and what is wrong with the lists.
    """

    typed: Mapping[str, ir.Table]
    identified: ir.Table
    provenance: ir.Table
    findings: ir.Table


@dataclass(frozen=True)
class Past:
    """What an edition takes over from people and from the edition before it; None where there is none."""

    decisions: ir.Table | None = None
    ids: ir.Table | None = None
    history: ir.Table | None = None
    model: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Made:
    """An edition's tables by name, and its model."""

    tables: Mapping[str, ir.Table]
    model: Mapping[str, Any]


def make(
    lists: Lists, past: Past, city: City, period: str, last_day: dt.date, keep: Keep, watch: Watch
) -> Made:
    """Make an edition's tables of what the lists say and people decided."""
    typed, rows = lists.typed, lists.identified

    civil_ = civil(typed, rows)
    with watch.stage("register", rows) as stage:
        people = build(
            rows.filter(~rows.kind.isin(WITHOUT_ENTRIES)), civil_,
            past.decisions, past.ids, past.model, last_day, keep,
        )  # fmt: skip
        stage.accepted(people.links)
        # Residents and others whom no list of welfare or aid names, unless a pair of theirs waits.
        stage.aside(rows.anti_join(people.links, "row_key").anti_join(people.review, "row_key"))

    with watch.stage("validation", people.persons) as stage:
        facts = validation.gather(people.persons, people.families, people.links, typed, keep)
        linked = by_group.link_errors(people.links, people.review, people.persons, facts.persons, keep)
        said = about_people(past.decisions, people.ids)
        valid = validation.validate(
            people.persons, people.families, people.links, rows, typed, facts, said, keep
        )
        of_persons = valid.eligibility.filter(valid.eligibility.subject == "person")
        stage.accepted(of_persons.filter(of_persons.status == "layak"))
        stage.refused(of_persons.filter(of_persons.status == "tidak-layak"))

    with watch.stage("measurement", typed.get("survei")) as stage:
        held = interviews(typed, city, keep)
        measured = survey.of_survey(held, city, period, census(typed, rows, people.persons, civil_, keep))
        stage.accepted(0 if measured.refused else typed.get("survei"))

    with watch.stage("welfare", people.families) as stage:
        scored = welfare.assess(
            people.families, people.persons, people.links, typed, facts.families, past.history,
            welfare.Settings(
                city.classes, city.welfare, city.thresholds.get("extreme_line", 0.0), prices(city, period),
                line.value if (line := survey.published_line(held, city, period)) else 0.0,
            ),
            period, keep,
        )  # fmt: skip
        poor = scored.welfare
        stage.accepted(poor.filter(poor.class_ != "belum-didata"))

    with watch.stage("synergy", typed.get("penerima")) as stage:
        aid = synergy.match(
            people.persons, people.families, facts, people.links, valid.eligibility, poor, typed,
            city.programmes, city.pairs, period, past.history, keep,
        )  # fmt: skip
        stage.accepted(aid.assistance.filter(aid.assistance.standing != "tak-terhubung"))

    tables = {
        "persons": people.persons,
        "families": people.families,
        "links": people.links,
        "review": people.review,
        "ids": people.ids,
        "findings": findings(
            lists,
            people.findings,
            by_group.findings(linked),
            valid.findings,
            scored.findings,
            aid.findings,
            FINDINGS.rows(survey.findings(measured)),
        ),
        "eligibility": valid.eligibility,
        "welfare": poor,
        "assistance": aid.assistance,
        "coverage": aid.coverage,
        "overlap": aid.overlap,
        "family_aid": aid.family_aid,
        "history": aid.history,
        "poverty": POVERTY.rows(measured.rows),
        "provenance": lists.provenance.semi_join(_told_of(people.links, people.review), "row_key"),
    }
    model = {
        **people.model, "links_by_group": linked, "welfare": dict(scored.model),
        "measurement": {"small_areas": measured.checks},
    }  # fmt: skip
    return Made({table.name: table.conform(tables[table.name]) for table in EDITION}, model)


def _told_of(links: ir.Table, review: ir.Table) -> ir.Table:
    """Return the keys of rows that somebody may have to find again: linked ones and doubtful pairs'."""
    pairs = (review.select("row_key"), review.select(row_key="candidate_key"))
    return ibis.union(links.select("row_key"), *pairs)


def prices(city: City, period: str) -> Mapping[str, int]:
    """Return what each main programme for families that runs gives one in a year, rupiah."""
    running = [p for p in city.programmes if p.main and p.unit == "keluarga" and p.runs_in(period)]
    return {p.code: rupiah for p in running if (rupiah := p.rupiah_a_year(period))}


def interviews(typed: Mapping[str, ir.Table], city: City, keep: Keep) -> pl.DataFrame:
    """Return the survey's rows with the area each was held in; no rows where there is no survey."""
    if "survei" not in typed:
        return pl.DataFrame()
    rows = typed["survei"]
    # Microdata name an area by its code, whatever the header says.
    code = ibis.coalesce(rows.area_code, code_digits(rows.kelurahan))
    said = [each.fill_null("") for each in (code, rows.kelurahan, rows.kecamatan)]
    rows = rows.mutate(area_code=code, at=ibis.literal("\x1f").join(said))
    written = rows.select("at", "kelurahan", "kecamatan", "area_code").distinct()
    placed = keep(written.mutate(place=ibis.row_number().over(order_by="at")), "survey_places")
    found = placed.select("place", "at").inner_join(resolve(placed, areas(city), keep), "place")
    joined = rows.left_join(found.select("at", "kelurahan_code", "kecamatan_code"), "at").drop(
        "at", "at_right"
    )
    frame: pl.DataFrame = pl.from_arrow(joined.to_pyarrow())
    return frame


def census(
    typed: Mapping[str, ir.Table], rows: ir.Table, persons: ir.Table, civil_: ir.Table, keep: Keep
) -> pl.DataFrame:
    """Return, by kelurahan and size, Dukcapil's families, and the share of residents on the welfare list."""
    if not {"penduduk", "survei"} <= set(typed):
        return pl.DataFrame()
    gone = civil_.filter(civil_.status.isin(("meninggal", "pindah")))
    here = rows.filter((rows.kind == "penduduk") & rows.kk.notnull() & rows.kelurahan_code.notnull())
    cards = here.anti_join(gone, "row_key").group_by("kk")
    cards = cards.agg(kelurahan_code=lambda t: t.kelurahan_code.min(), size=lambda t: t.count())
    cells = keep(cards.group_by("kelurahan_code", "size").agg(families=lambda t: t.count()), "census_cells")
    on_list = persons.filter(persons.in_dtks | persons.in_dtsen | persons.in_p3ke)
    counted = on_list.group_by("kelurahan_code").agg(on_list=lambda t: t.count())
    people = cells.group_by("kelurahan_code").agg(people=lambda t: (t.size * t.families).sum())
    share = people.left_join(counted, "kelurahan_code").select(
        "kelurahan_code", listed=lambda t: t.on_list.fill_null(0) / t.people
    )
    found: pl.DataFrame = pl.from_arrow(cells.inner_join(share, "kelurahan_code").to_pyarrow())
    return found.sort("kelurahan_code", "size")


def findings(lists: Lists, *of_stages: ir.Table) -> ir.Table:
    """Return what every stage found, with the place in the agency's file where it is about a row."""
    of_rows = ibis.union(identity_findings.findings(lists.identified, base(lists.typed)), *of_stages)
    where = lists.provenance.select("row_key", at_file="file", at_sheet="sheet", at_row="row")
    placed = FINDINGS.conform(of_rows).left_join(where, "row_key").drop("row_key_right")
    placed = placed.mutate(
        file=ibis.coalesce(placed.file, placed.at_file),
        sheet=ibis.coalesce(placed.sheet, placed.at_sheet),
        row=ibis.coalesce(placed["row"], placed.at_row),
    )
    return ibis.union(FINDINGS.conform(lists.findings), FINDINGS.conform(placed))


def base(typed: Mapping[str, ir.Table]) -> ir.Table:
    """Return the rows of all lists with the columns that every list has; interviews are no persons."""
    rows = [
        table.select(*(column.name for column in BASE))
        for kind, table in sorted(typed.items())
        if kind != "survei"
    ]
    return ibis.union(*rows) if len(rows) > 1 else rows[0]


def identify(typed: Mapping[str, ir.Table], city: City, last_day: dt.date, keep: Keep) -> ir.Table:
    """Standardise the identifying columns of the rows of any kinds of list."""
    if set(typed) <= {"survei"}:
        return IDENTIFIED.empty()
    return standardise(base(typed), areas(city), last_day, keep)


def civil(typed: Mapping[str, ir.Table], rows: ir.Table) -> ir.Table:
    """Return ``row_key, status, source``: Dukcapil's word on its own rows (`penduduk`), and on the rows
    whose NIK it matched (`padan`).
    """
    words = []
    if "penduduk" in typed:
        own = typed["penduduk"]
        status = own.status_penduduk.fill_null("aktif")
        words.append(own.select("row_key", status=status, source=ibis.literal("penduduk")))
    if "padan" in typed:
        answers = typed["padan"].select("row_key", status="status_padan")
        of_nik = rows.filter((rows.kind == "padan") & rows.nik.notnull()).select("row_key", "nik")
        of_nik = of_nik.inner_join(answers, "row_key").group_by("nik")
        of_nik = of_nik.agg(status=lambda t: gravest(t.status)).mutate(source=ibis.literal("padan"))
        named = rows.filter(rows.kind != "padan").inner_join(of_nik, "nik")
        words.append(named.select("row_key", "status", "source"))
    if not words:
        return ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})
    return ibis.union(*words) if len(words) > 1 else words[0]


def about_people(decisions: ir.Table | None, ids: ir.Table) -> ir.Table | None:
    """Give decisions on people the person and family whom the row named carries, now or when it was listed.

    A decision is on the person unless its value says `family`.
    """
    if decisions is None:
        return None
    on_people = decisions.filter(~decisions.kind.isin(("same", "different")))
    known = ids.filter(ids.person_id.notnull()).select("row_key", "person_id", "family_id")
    found = on_people.inner_join(known, on_people.row_key_a == known.row_key)
    of_family = (found.value == "family").fill_null(False)
    return found.select(
        "seq", "kind", "by", "role", "at",
        person_id=of_family.ifelse(ibis.null("string"), found.person_id),
        family_id="family_id",
    )  # fmt: skip
