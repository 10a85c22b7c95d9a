"""The standing of persons and families: what the findings come to, and what people decided.

Doubt never stops aid, a person's decision does. A machine never reverses a decision: where new
findings speak against one, it stands and is named again for a person to look at.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from rantang import catalogue
from rantang.tables.keep import Keep
from rantang.tables.validation import ELIGIBILITY
from rantang.validation.rules import FINDINGS_KEPT, rules

STRUCK_OFF = "KEPUTUSAN-CORET"
KEPT = "KEPUTUSAN-TETAP"
ASK_AGAIN = "KEPUTUSAN-PERIKSA"
MEMBER = "KELUARGA-ANGGOTA-DIPERIKSA"
ALL_STRUCK = "KELUARGA-SEMUA-TIDAK-LAYAK"

STAYS = ("keep", "add")
"""Decisions by which somebody stays on the list, or comes on it: no finding lowers their standing."""

_RANKS = ("layak", "catatan", "perlu-verifikasi", "tidak-layak")


def latest_decisions(decisions: ir.Table | None, subject: str) -> ir.Table:
    """Return what people last decided on each person or family: `subject_id, decision, …`."""
    if decisions is None:
        return ibis.memtable(
            [],
            schema={
                "subject_id": "string",
                "decision": "string",
                "by": "string",
                "role": "string",
                "at": "string",
            },
        )
    d = decisions.filter(decisions.kind.isin(("strike_off", *STAYS)))
    own, other = (d.person_id, d.family_id) if subject == "person" else (d.family_id, d.person_id)
    d = d.mutate(subject_id=own)
    # A decision on a person names the family, too, in some channels: the person is meant then.
    d = d.filter(d.subject_id.notnull() if subject == "person" else d.subject_id.notnull() & other.isnull())
    nth = ibis.row_number().over(group_by=d.subject_id, order_by=ibis.desc(d.seq))
    d = d.mutate(nth=nth)
    return d.filter(d.nth == 0).select(
        "subject_id",
        decision="kind",
        by=d.by.cast("string"),
        role=d.role.cast("string"),
        at=d.at.cast("string"),
    )


def persons_standing(persons: ir.Table, found: ir.Table, decided: ir.Table, keep: Keep) -> ir.Table:
    """Return the standing of every person (`ELIGIBILITY` and `kept_against`)."""
    of_persons = found.filter(found.subject == "person")
    t = _summed(of_persons, "person")
    base = persons.select("person_id", "family_id", "kelurahan_code")
    base = base.mutate(subject_id=base.person_id)
    return keep(_decided(base, t, decided, "person"), "standing_persons")


def families_standing(
    families: ir.Table, found: ir.Table, persons: ir.Table, decided: ir.Table, keep: Keep
) -> ir.Table:
    """Return the standing of every family.

    Findings on the family count, and those on a member whose rule says so (`to_family`). A family
    is `tidak-layak` by a decision on it, or when each of its members is.
    """
    own = found.filter(found.subject == "family").select("subject_id", "code", "effect")
    members = found.filter((found.subject == "person") & found.to_family & found.family_id.notnull())
    lifted = members.select(subject_id="family_id").distinct()
    lifted = lifted.mutate(code=ibis.literal(MEMBER), effect=ibis.literal("perlu-verifikasi"))
    all_struck = persons.group_by("family_id").agg(struck=(persons.status == "tidak-layak").all())
    struck = all_struck.filter(all_struck.struck & all_struck.family_id.notnull()).select(
        subject_id="family_id"
    )
    struck = struck.mutate(code=ibis.literal(ALL_STRUCK), effect=ibis.literal("tidak-layak"))
    t = _summed(own.union(lifted).union(struck), "family")
    base = families.select("family_id", "kelurahan_code")
    base = base.mutate(subject_id=base.family_id)
    return keep(_decided(base, t, decided, "family"), "standing_families")


def decision_findings(standing: ir.Table) -> ir.Table:
    """Return the findings that decisions themselves cause: struck off, kept, and "look again"."""
    t = standing.filter(standing.decision.isin(("strike_off", *STAYS)))
    code = ibis.cases(
        (t.decision == "strike_off", STRUCK_OFF),
        (t.machine.isin(("perlu-verifikasi", "tidak-layak")), ASK_AGAIN),
    )
    t = t.mutate(code=code)
    t = t.filter(t.code.notnull())
    found = t.mutate(
        severity=_from_catalogue(t.code, "severity"),
        acts=_from_catalogue(t.code, "acts"),
        person_id=(t.subject == "person").ifelse(t.subject_id, ibis.null("string")),
        evidence=(
            ibis.literal("keputusan=") + t.decision + (ibis.literal("; peran=") + t.role).fill_null("")
            + (ibis.literal("; waktu=") + t["at"]).fill_null("")
            + (ibis.literal("; alasan=") + t.machine_reasons.nullif("")).fill_null("")
        ),
        needs_word=t.code == ASK_AGAIN,
    )  # fmt: skip
    absent = ("row_key", "agency", "kind", "period", "programme", "column", "value")
    found = found.mutate(**{name: ibis.null("string") for name in absent})
    return found.select(*FINDINGS_KEPT)


def conform(standing: ir.Table) -> ir.Table:
    """Return the declared columns of `ELIGIBILITY`."""
    return ELIGIBILITY.conform(standing)


def _summed(found: ir.Table, subject: str) -> ir.Table:
    """Sum the findings of each subject: the worst effect, the reasons worst first, who acts."""
    codes = _codes(subject)
    rank = found.effect.cases(*((name, number) for number, name in enumerate(_RANKS)), else_=0)
    decisive = found.effect != "catatan"
    summed = found.group_by("subject_id").agg(
        rank=rank.max(), **{_flag(n): (decisive & (found.code == code)).any() for n, code in enumerate(codes)}
    )
    words = [summed[_flag(n)].ifelse(code + " ", "") for n, code in enumerate(codes)]
    first = ibis.cases(
        *((summed[_flag(n)], _catalogued(code, "acts")) for n, code in enumerate(codes)),
        else_=ibis.null("string"),
    )
    return summed.select(
        "subject_id",
        machine=summed["rank"].cases((3, "tidak-layak"), (2, "perlu-verifikasi"), else_="layak"),
        machine_reasons=functools.reduce(operator.add, words).strip(),
        machine_acts=first,
    )


def _decided(base: ir.Table, summed: ir.Table, decided: ir.Table, subject: str) -> ir.Table:
    """Lay people's decisions over what the findings come to."""
    t = base.left_join(summed, "subject_id").drop("subject_id_right")
    t = t.left_join(decided, "subject_id").drop("subject_id_right")
    struck, kept = (t.decision == "strike_off").fill_null(False), t.decision.isin(STAYS).fill_null(False)
    status = ibis.cases((struck, "tidak-layak"), (kept, "layak"), else_=t.machine.fill_null("layak"))
    reasons = ibis.cases((struck, STRUCK_OFF), (kept, KEPT), else_=t.machine_reasons.fill_null(""))
    return t.mutate(
        subject=ibis.literal(subject),
        status=status,
        by_word=(status == "tidak-layak").fill_null(False),
        reasons=reasons,
        acts=ibis.cases(
            (struck, ibis.null("string")), (status == "layak", ibis.null("string")), else_=t.machine_acts
        ),
    )


def _codes(subject: str) -> tuple[str, ...]:
    """Return the codes that may decide on a subject, worst effect first."""
    if subject == "person":
        return tuple(rule.code for rule in rules() if rule.on != "family" and rule.effect != "catatan")
    own = (rule.code for rule in rules() if rule.on == "family" and rule.effect != "catatan")
    return (ALL_STRUCK, *own, MEMBER)


def _flag(number: int) -> str:
    return f"has_{number}"


def _catalogued(code: str, attribute: str) -> str:
    return str(getattr(catalogue.entries()[code], attribute))


def _from_catalogue(code: ir.StringValue, attribute: str) -> ir.StringValue:
    chosen: Sequence[str] = (STRUCK_OFF, ASK_AGAIN)
    return code.cases(*((name, _catalogued(name, attribute)) for name in chosen), else_="")
