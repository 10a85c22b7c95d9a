"""What the report asks of an edition's tables: one grouped query a question, run by the engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from rantang.cities.model import City
from rantang.documents.work import SERIOUS, Offices, count
from rantang.synergy.programmes import KnownLists
from rantang.tables.intake import LIST_KEYS

Rows = list[dict[str, Any]]
GROUPS: Final = ("all", "nik", "no_nik", "women", "men", "elderly", "one_word")
BASES: Final = ("penduduk", "padan", "survei")
"""Kinds that others are held against: only some of their rows are people of the register."""
OLD: Final = 60
"""Elderly from this age on (UU 13/1998)."""
UNKNOWN: Final = "?"


@dataclass(frozen=True, slots=True)
class Raw:
    """The answers, before disclosure control. Never leaves `collect`."""

    coverage: Rows
    overlap: Rows
    lists: Rows
    findings: Rows
    reasons: Rows
    classes: Rows
    lapses: Rows
    areas: Rows
    queue: Rows
    groups: Rows
    work: Offices
    standing: Rows
    views: Rows
    cube: Rows


def ask(tables: Mapping[str, ir.Table], lists: KnownLists, city: City) -> Raw:
    """Ask every question of an edition; `lists` say which recipients' lists speak of the period."""
    links = tables["links"]
    persons = tables["persons"]
    aid = tables["family_aid"]
    return Raw(
        coverage=_fetch(tables["coverage"]),
        overlap=_fetch(tables["overlap"]),
        lists=_fetch(_lists(links, persons, tables["findings"])),
        findings=_fetch(_findings(tables["findings"])),
        reasons=_fetch(_reasons(tables["assistance"], lists)),
        classes=_fetch(aid.group_by("class_").agg(families=aid.count())),
        lapses=_fetch(_lapses(aid)),
        areas=_fetch(_areas(tables["families"], aid)),
        queue=_fetch(_queue(persons)),
        groups=_fetch(_groups(links, persons, tables["findings"])),
        work=count(tables, city, lists),
        standing=_fetch(tables["eligibility"].group_by("subject", "status").agg(n=lambda t: t.count())),
        views=_fetch(_views(tables["welfare"])),
        cube=_fetch(_cube(tables["families"], persons, aid)),
    )


def _fetch(expr: ir.Table) -> Rows:
    found: Rows = expr.to_pyarrow().to_pylist()
    return sorted(found, key=repr)


def _lists(links: ir.Table, persons: ir.Table, findings: ir.Table) -> ir.Table:
    """Count, per list: rows, rows on another list too, links, doubles, wrong NIK, dead, moved, valid.

    *Valid* counts each person once and only rows whose NIK has no finding and whose person neither
    died nor moved: what an agency could hand over as it is. Rows about nobody of the register have no
    link: of them only those with a wrong NIK are counted here (`wrong_nik_nobody`).
    """
    lists_of = links.group_by("person_id").agg(
        elsewhere=(links.agency + "/" + links.kind + "/" + links.programme.fill_null("")).nunique()
    )
    rows = (
        links.left_join(_wrong_nik(findings), "row_key")
        .drop("row_key_right")
        .left_join(lists_of, "person_id")
        .drop("person_id_right")
        .left_join(persons.select("person_id", "resident"), "person_id")
    )
    wrong_nik = rows.wrong_nik.fill_null(False)
    gone = rows.resident.isin(["meninggal", "pindah"]).fill_null(False)
    double = rows.double.fill_null(False)
    linked = rows.method != "first"
    of_lists = rows.group_by(*LIST_KEYS).agg(
        linked=rows.count(),
        elsewhere=(rows.elsewhere > 1).sum(),
        links=linked.sum(),
        beyond_nik=(linked & ~rows.nik_equal.fill_null(False) & (rows.method != "decision")).sum(),
        doubled_rows=double.sum(),
        doubled_people=rows.person_id.nunique(where=double),
        doubles_unlike=(double & linked & ~rows.nik_equal.fill_null(False)).sum(),
        wrong_nik=wrong_nik.sum(),
        dead=(rows.resident == "meninggal").fill_null(False).sum(),
        moved=(rows.resident == "pindah").fill_null(False).sum(),
        valid=rows.person_id.nunique(where=~wrong_nik & ~gone),
    )
    apart = _wrong_of_nobody(links, findings)
    both = ibis.union(
        of_lists.mutate(wrong_nik_nobody=ibis.literal(0, "int64")),
        apart.mutate(
            **{
                name: ibis.literal(0, of_lists[name].type())
                for name in of_lists.columns
                if name not in LIST_KEYS
            }
        ).select(*of_lists.columns, "wrong_nik_nobody"),
    )
    counts = [name for name in both.columns if name not in LIST_KEYS]
    return both.group_by(*LIST_KEYS).agg(**{name: both[name].sum() for name in counts})


def _wrong_of_nobody(links: ir.Table, findings: ir.Table) -> ir.Table:
    """Count, per list, the rows with a wrong NIK that are about nobody of the register."""
    apart = _of_nik(findings).anti_join(links, "row_key")
    apart = apart.mutate(programme=apart.programme.nullif(""))
    return apart.group_by(*LIST_KEYS).agg(wrong_nik_nobody=apart.row_key.nunique())


def _wrong_nik(findings: ir.Table) -> ir.Table:
    """Return the rows whose own NIK is missing or cannot be right."""
    return _of_nik(findings).select("row_key").distinct().mutate(wrong_nik=True)


def _of_nik(findings: ir.Table) -> ir.Table:
    """Return what was found wrong with the NIK of rows."""
    wrong = findings.code.startswith("NIK-") & findings.severity.isin(SERIOUS)
    return findings.filter(wrong & findings.row_key.notnull())


def _findings(findings: ir.Table) -> ir.Table:
    return findings.group_by("agency", "code", "severity", "acts").agg(n=findings.count())


def _reasons(assistance: ir.Table, lists: KnownLists) -> ir.Table:
    """Count recipient rows to be checked by reason (`*`: all of them), and those on a person's word."""
    known = lists.table().select("programme", "period", "current")
    rows = assistance.inner_join(known.filter(known.current), ["programme", "period"])
    rows = rows.filter(rows.standing.isin(["perlu-verifikasi", "tidak-layak"]))
    codes = (ibis.literal("* ") + rows.reasons.fill_null("")).strip().split(" ").unique()
    each = rows.select("row_key", "standing", code=codes.unnest())
    return each.group_by("code").agg(rows=each.count(), word=(each.standing == "tidak-layak").sum())


def _lapses(aid: ir.Table) -> ir.Table:
    kerak = aid.filter(aid.class_ == "kerak")
    return kerak.group_by("lapse", never=kerak.never_aided.fill_null(False)).agg(families=kerak.count())


def _areas(families: ir.Table, aid: ir.Table) -> ir.Table:
    both = families.select("family_id", "kelurahan_code").left_join(
        aid.select("family_id", "class_"), "family_id"
    )
    return both.group_by(code=both.kelurahan_code.fill_null("?")).agg(
        families=both.count(), kerak=(both.class_ == "kerak").fill_null(False).sum()
    )


def _views(welfare: ir.Table) -> ir.Table:
    """Count families by national decile (0: on no such list) and the city's class."""
    return welfare.group_by(
        decile=welfare.desil_nasional.fill_null(0), class_=welfare.class_.fill_null("belum-didata")
    ).agg(families=welfare.count())


def _cube(families: ir.Table, persons: ir.Table, aid: ir.Table) -> ir.Table:
    """Count families by everything that the pivot can be turned by."""
    of_members = persons.group_by("family_id").agg(
        head_sex=persons.sex.max(where=persons.is_head), old=(persons.age >= OLD).any()
    )
    t = families.select("family_id", "members", "kecamatan_code").left_join(of_members, "family_id")
    t = t.drop("family_id_right").left_join(aid.drop("kelurahan_code"), "family_id")
    holds = t.programmes.fill_null("") != ""
    return t.group_by(
        kecamatan=t.kecamatan_code.fill_null(UNKNOWN),
        kelas=t.class_.fill_null("belum-didata"),
        bantuan=ibis.cases((t.gap.fill_null(False), "terlewat"), (holds, "menerima"), else_="lain"),
        kepala=t.head_sex.fill_null(UNKNOWN),
        lansia=t.old.fill_null(False).ifelse("ya", "tidak"),
        anggota=ibis.cases(
            (t.members <= 1, "1"), (t.members <= 3, "2-3"), (t.members <= 5, "4-5"), else_="6+"
        ),
    ).agg(families=t.count())


def _queue(persons: ir.Table) -> ir.Table:
    waiting = persons.filter(persons.dukcapil_queue.notnull())
    return waiting.group_by("dukcapil_queue", code=waiting.kelurahan_code.fill_null("?")).agg(
        persons=waiting.count()
    )


def _groups(links: ir.Table, persons: ir.Table, findings: ir.Table) -> ir.Table:
    """Count rows and links by group; one row, a column a group (a row lies in several groups).

    With or without a NIK is the *row's own*: a person found without one may have it from elsewhere.
    """
    lists_of = links.group_by("person_id").agg(
        lists=(links.agency + "/" + links.kind + "/" + links.programme.fill_null("")).nunique()
    )
    who = persons.select("person_id", "sex", "age", "name")
    rows = links.filter(~links.kind.isin(BASES))
    rows = rows.left_join(_wrong_nik(findings), "row_key").drop("row_key_right")
    rows = rows.left_join(lists_of, "person_id").drop("person_id_right").left_join(who, "person_id")
    faulty = rows.wrong_nik.fill_null(False)
    member = {
        "all": rows.row_key.notnull(),
        "nik": ~faulty,
        "no_nik": faulty,
        "women": (rows.sex == "P").fill_null(False),
        "men": (rows.sex == "L").fill_null(False),
        "elderly": (rows.age >= 60).fill_null(False),
        "one_word": ~rows.name.contains(" ").fill_null(True),
    }
    likely = (rows.method != "first") & (rows.tier == "likely")
    aggregates: dict[str, ir.Value] = {}
    for name, within in member.items():
        aggregates[f"{name}.rows"] = within.sum()
        aggregates[f"{name}.linked"] = (within & (rows.lists > 1)).sum()
        aggregates[f"{name}.likely"] = (within & likely).sum()
    return rows.agg(**aggregates)


def total(rows: Iterable[Mapping[str, Any]], column: str) -> int:
    """Add up a column; missing counts as none."""
    return sum(int(row[column] or 0) for row in rows)
