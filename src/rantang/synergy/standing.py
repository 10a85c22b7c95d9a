"""Each recipient row: does the rule hold, and what is to be done about it?

Mistargeting counts two things apart: `tidak-layak` rests on a person's word (a decision, the
person's own row), `perlu-verifikasi` on what a machine put together.
"""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from rantang.synergy.matrix import eligible
from rantang.synergy.programmes import KnownLists
from rantang.tables.keep import Keep
from rantang.tables.synergy import ASSISTANCE

OFF_TARGET = "PENERIMA-BUKAN-SASARAN"
FORBIDDEN = "DOBEL-TERLARANG"
TWICE = "GANDA-PENERIMA"
UNLINKED = "PENERIMA-TAK-TERHUBUNG"
FIRM = ("own", "sure", "decided")
"""Tiers on which a person's word about a person also counts for a row held to be theirs."""


def assistance(
    given: ir.Table,
    families: ir.Table,
    persons: ir.Table,
    forbidden: ir.Table,
    lists: KnownLists,
    keep: Keep,
) -> ir.Table:
    """Return every recipient row with rupiah, eligibility, standing and reasons.

    The table has the columns of `ASSISTANCE` and those the next steps need (`current`, `tier` …).
    """
    of_families, of_persons = lists.judged("keluarga"), lists.judged("individu")
    f = families.select(
        "family_id",
        family_status="status",
        family_reasons="reasons",
        **{eligible(code): families[eligible(code)] for code in of_families},
    )
    p = persons.select(
        "person_id",
        person_status="status",
        person_reasons="reasons",
        **{eligible(code): persons[eligible(code)] for code in of_persons},
    )
    t = given.left_join(f, "family_id").drop("family_id_right")
    t = t.left_join(p, "person_id").drop("person_id_right")
    t = t.left_join(forbidden, "row_key").drop("row_key_right")
    branches = [(t.programme == code, t[eligible(code)]) for code in (*of_families, *of_persons)]
    holds = ibis.cases(*branches) if branches else ibis.null("boolean")
    t = t.mutate(eligible=t.linked.ifelse(holds, ibis.null("boolean")))
    return keep(t.mutate(standing=_standing(t), reasons=_reasons(t)), "assistance")


def declared(assistance_rows: ir.Table) -> ir.Table:
    """Return the declared columns."""
    return ASSISTANCE.conform(assistance_rows)


def _of_unit_status(t: ir.Table) -> ir.StringValue:
    """Return the standing that decides: the family's for aid to families, else the person's."""
    return (t.unit == "keluarga").ifelse(t.family_status, t.person_status).fill_null("layak")


def _standing(t: ir.Table) -> ir.StringValue:
    status = _of_unit_status(t)
    by_word = (status == "tidak-layak") & t.tier.isin(FIRM)
    asks = (
        (status != "layak")
        | (t.person_status.fill_null("layak") != "layak")
        | t.double
        | t.forbidden_with.notnull()
        | ~t.eligible.fill_null(True)
    )
    return ibis.cases(
        (~t.linked, "tak-terhubung"),
        (by_word, "tidak-layak"),
        (asks, "perlu-verifikasi"),
        (t.eligible.isnull(), "tak-terjawab"),
        else_="tepat",
    )


def _reasons(t: ir.Table) -> ir.StringValue:
    def word(condition: ir.BooleanValue, code: str) -> ir.StringValue:
        return condition.fill_null(False).ifelse(code + " ", "")

    family = (t.unit == "keluarga").ifelse(t.family_reasons.fill_null("") + " ", "")
    text = (
        word(~t.linked, UNLINKED)
        + word(t.double, TWICE)
        + word(t.forbidden_with.notnull(), FORBIDDEN)
        + word(~t.eligible, OFF_TARGET)
        + t.person_reasons.fill_null("")
        + " "
        + family
    )
    return text.re_replace(r" +", " ").strip()
