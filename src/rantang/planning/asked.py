"""What planning asks of an edition's tables, and who would qualify under another rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import ibis
import ibis.expr.types as ir
import polars as pl

from rantang.cities.model import Programme
from rantang.expressions import parse
from rantang.synergy.programmes import KnownLists
from rantang.tables.facts import rule_columns
from rantang.validation import facts

NEEDED: Final = ("persons", "families", "links", "welfare", "assistance", "coverage", "family_aid", "poverty")
"""Tables of an edition that are read."""

SURE: Final = {"own": 1.0, "decided": 1.0, "sure": 0.999, "likely": 0.95}
"""Probability that a row is the person it is held to be, where it is not calibrated: an assumption."""


@dataclass(frozen=True)
class Asked:
    """What is read of an edition, one row a family or family × programme.

    `rules`: by programme with another rule, the families that qualify and how many of their members.
    """

    families: pl.DataFrame
    held: pl.DataFrame
    coverage: pl.DataFrame
    poverty: pl.DataFrame
    rules: Mapping[str, pl.DataFrame] = field(default_factory=dict)


def ask(
    tables: Mapping[str, ir.Table],
    lists: KnownLists,
    rules: Mapping[str, str] | None = None,
) -> Asked:
    """Ask an edition's tables what planning needs: one small frame each.

    Parameters
    ----------
    rules
        By programme, another rule than its own, to be held against what the edition knows.

    Raises
    ------
    RantangError
        `ATURAN-…`: a rule that cannot be read, or names a fact that an edition does not hold.
    """
    families, persons, welfare, aid = (
        tables[name] for name in ("families", "persons", "welfare", "family_aid")
    )
    t = families.select("family_id", "head_id", "members", "kelurahan_code")
    t = t.left_join(
        welfare.select("family_id", "konsumsi", "konsumsi_lo", "konsumsi_hi", "class_"), "family_id"
    ).drop("family_id_right")
    counts = aid.eligible_members if "eligible_members" in aid.columns else ibis.literal("")
    t = t.left_join(aid.select("family_id", "eligible_for", eligible_members=counts), "family_id").drop(
        "family_id_right"
    )
    heads = persons.select("person_id", "address")
    t = t.left_join(heads, t.head_id == heads.person_id).drop("person_id", "head_id")
    current = lists.table().select("programme", "period", "current")
    rows = tables["assistance"].filter(lambda t: t.family_id.notnull())
    rows = rows.inner_join(current.filter(current.current), ["programme", "period"])
    links = tables["links"].select("row_key", "tier", "probability")
    rows = rows.left_join(links, "row_key").drop("row_key_right")
    tier = ibis.cases(*((rows.tier == name, value) for name, value in SURE.items()), else_=SURE["likely"])
    rows = rows.mutate(sure=ibis.coalesce(rows.probability, tier))
    held = rows.group_by("family_id", "programme").agg(
        units=rows.person_id.nunique(),
        word=(rows.standing == "tidak-layak").all(),
        layak=(rows.eligible.fill_null(True) & (rows.standing != "tidak-layak")).any(),
        sure=rows.sure.mean(),
    )
    coverage = tables["coverage"].filter(lambda t: (t.kelurahan_code == "*") & (t.programme != "*"))
    return Asked(
        _frame(t).sort("family_id"), _frame(held).sort("family_id", "programme"),
        _frame(coverage).sort("programme"),
        _frame(tables["poverty"]) if "poverty" in tables else pl.DataFrame(),
        {code: _frame(qualify(tables, text, lists.programmes[code])) for code, text in (rules or {}).items()},
    )  # fmt: skip


def _frame(expr: ir.Table) -> pl.DataFrame:
    found: pl.DataFrame = pl.from_arrow(expr.to_pyarrow())
    return found


def qualify(tables: Mapping[str, ir.Table], rule: str, programme: Programme) -> ir.Table:
    """Return who qualifies for a programme under a rule: `family_id`, `members` (1 for a family's programme).

    Only facts that an edition holds can be read: age, sex, place in the family, lists, size, welfare. Health,
    school and work come from lists that are gone after the run, and are refused.
    """
    known = _family_facts(tables)
    if programme.unit == "individu":
        known = _person_facts(tables).inner_join(known, "family_id")
    columns = {name: kind for name, kind in rule_columns(programme.unit).items() if name in known.columns}
    holds = parse(rule, columns).render(known).fill_null(False)
    chosen = known.filter(holds & known.lives_here.fill_null(True))
    members = 1 if programme.unit == "keluarga" else chosen.count()
    if programme.unit == "keluarga":
        return chosen.select("family_id", members=ibis.literal(members))
    return chosen.group_by("family_id").agg(members=members)


def _person_facts(tables: Mapping[str, ir.Table]) -> ir.Table:
    persons = tables["persons"]
    return persons.select("family_id", **facts.of_register(persons))


def _family_facts(tables: Mapping[str, ir.Table]) -> ir.Table:
    """Return what a run says of a family, as far as the register alone can say it."""
    f, w = tables["families"], tables["welfare"]
    p = _person_facts(tables)
    of = p.group_by("family_id").agg(
        lives_here=p.penduduk.max(),
        **{name: facts.any_of(p[of]) for name, of in facts.OVER_FAMILY.items() if of in p.columns},
    )
    t = f.select("family_id", "kk_satu_orang", jumlah_anggota=f.members).left_join(of, "family_id")
    t = t.drop("family_id_right")
    poor = w.select("family_id", "desil_nasional", "persentil_kota", "p_miskin", "p_kerak", kelas=w.class_)
    return t.left_join(poor, "family_id").drop("family_id_right")
