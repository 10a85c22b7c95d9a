"""Whose task is what: the rows that each office has to settle.

Work lists hold these rows, and the report counts them; so what the report says of an office is what
its work list holds. An office is an agency's code, or `kelurahan` for all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from rantang.cities.model import City
from rantang.synergy.findings import LAPSE, NEVER
from rantang.synergy.programmes import KnownLists

KELURAHAN: Final = "kelurahan"
PAPERS: Final = "dispendukcapil"
"""The office that gives people a valid NIK."""
TASKS: Final = ("findings", "families", "verify", "doubles", "pairs", "lapsed", "papers")
SERIOUS: Final = ("galat", "peringatan")
SENDERS: Final = ("pengirim", "perangkat_daerah")
"""Who acts where the agency acts that handed the list in."""
_LIST: Final = ("agency", "kind", "programme")


@dataclass
class Work:
    """How many rows an office's work list has, by task (`TASKS`)."""

    findings: int = 0
    families: int = 0
    verify: int = 0
    doubles: int = 0
    pairs: int = 0
    lapsed: int = 0
    papers: int = 0


@dataclass
class Offices:
    """The work of each agency, of all kelurahan together, and how many findings each kelurahan has."""

    agencies: dict[str, Work] = field(default_factory=dict)
    kelurahan: Work = field(default_factory=Work)
    asked: dict[str, int] = field(default_factory=dict)


def runs_main_support(city: City, agency: str) -> bool:
    """Say whether an agency runs support to live on: it answers for breaks in aid."""
    return any(programme.main and programme.agency == agency for programme in city.programmes)


def to_settle(findings: ir.Table, city: City) -> ir.Table:
    """Return the findings that ask somebody to act, with `office`, `of_family` and `asked`.

    `of_family`: it is about a family and no row, so that somebody visits it instead of mending a list.
    `asked`: what it is about; a kelurahan is asked once, however many lists raise the question. Of
    families for whom aid broke off or never came, agencies of main support have a sheet of their own.
    """
    serious = findings.filter(findings.severity.isin(SERIOUS))
    table = serious.mutate(
        office=serious.acts.isin(SENDERS).ifelse(serious.agency, serious.acts),
        of_family=(serious.subject == "family") & serious.person_id.isnull() & serious.row_key.isnull(),
        asked=ibis.coalesce(serious.person_id, serious.subject_id, serious.row_key),
    )
    main = [agency.code for agency in city.agencies if runs_main_support(city, agency.code)]
    elsewhere = table.office.isin(main or ["?"]) & table.code.isin((LAPSE, NEVER))
    return table.filter(~elsewhere.fill_null(False))


def in_doubt(assistance: ir.Table, city: City, known: KnownLists) -> ir.Table:
    """Return the recipients to be verified by the lists that speak of the period, with `office`.

    A person or family counts once for each programme and kelurahan, by the worst of its rows, as coverage
    counts it. The office is the programme's own, else the sender of the list.
    """
    lists = known.table()
    now = assistance.semi_join(lists.filter(lists.current), ["programme", "period"])
    doubt = now.filter(now.standing.isin(("perlu-verifikasi", "tidak-layak")))
    own = {p.code: p.agency for p in city.programmes}
    families = [p.code for p in city.programmes if p.unit == "keluarga"]
    one = doubt.programme.isin(families or ["?"]).ifelse(doubt.family_id, doubt.person_id)
    doubt = doubt.mutate(
        office=doubt.programme.cases(*own.items(), else_=doubt.agency) if own else doubt.agency,
        one=ibis.coalesce(one, doubt.row_key),
        worst=(doubt.standing == "tidak-layak").ifelse(1, 0),
    )
    first = ibis.row_number().over(
        group_by=("programme", "kelurahan_code", "one"),
        order_by=(doubt.worst.desc(), doubt.period.desc(), doubt.row_key),
    )
    return doubt.mutate(first=first).filter(lambda t: t.first == 0).drop("first", "one", "worst")


def double_rows(links: ir.Table) -> ir.Table:
    """Return the rows of each list's latest month that are one person, the first of them too."""
    named = links.mutate(programme=links.programme.fill_null(""))
    last = named.group_by(_LIST).agg(last=named.period.max())
    named = named.inner_join(last, _LIST)
    return named.filter(named.double & (named.period == named.last))


def broken_off(family_aid: ir.Table) -> ir.Table:
    """Return the families that must always be helped and whose aid broke off or never came."""
    return family_aid.filter(family_aid.lapse.notnull() | family_aid.never_aided.fill_null(False))


def without_nik(persons: ir.Table) -> ir.Table:
    """Return the people who wait for a valid NIK."""
    return persons.filter(persons.dukcapil_queue.notnull())


def count(tables: Mapping[str, ir.Table], city: City, known: KnownLists) -> Offices:
    """Count the rows of every office's work list."""
    found = Offices({agency.code: Work() for agency in city.agencies})
    settle = to_settle(tables["findings"], city)
    for row in _counted(settle.group_by("office", "of_family").agg(n=settle.count())):
        _add(found, row["office"], "families" if row["of_family"] else "findings", row["n"])
    once = settle.filter((settle.office == KELURAHAN) & settle.kelurahan_code.notnull())
    once = once.select("kelurahan_code", "asked", "code").distinct()
    found.asked = {
        row["kelurahan_code"]: row["n"]
        for row in _counted(once.group_by("kelurahan_code").agg(n=once.count()))
    }
    found.kelurahan = Work(findings=sum(found.asked.values()))
    doubt = in_doubt(tables["assistance"], city, known)
    double = double_rows(tables["links"])
    for task, table, office in (
        ("verify", doubt, "office"),
        ("doubles", double, "agency"),
        ("pairs", tables["review"], "agency"),
    ):
        for row in _counted(table.group_by(office=table[office]).agg(n=table.count())):
            _add(found, row["office"], task, row["n"])
    broken = _number(broken_off(tables["family_aid"]))
    for agency in city.agencies:
        if runs_main_support(city, agency.code):
            _add(found, agency.code, "lapsed", broken)
    _add(found, PAPERS, "papers", _number(without_nik(tables["persons"])))
    return found


def _add(found: Offices, office: str | None, task: str, rows: int) -> None:
    if office in found.agencies:
        work = found.agencies[office]
        setattr(work, task, getattr(work, task) + int(rows))


def _counted(expr: ir.Table) -> Iterator[dict[str, Any]]:
    yield from expr.to_pyarrow().to_pylist()


def _number(expr: ir.Table) -> int:
    return int(expr.count().to_pyarrow().as_py())
