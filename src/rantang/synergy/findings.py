"""What synergy asks people to look at: doubles, mistargeting, gaps, lapses, lists that are missing."""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from rantang import catalogue
from rantang.cities import Programme
from rantang.synergy.programmes import STALE_AFTER, KnownLists
from rantang.synergy.standing import FORBIDDEN, OFF_TARGET, UNLINKED
from rantang.tables.intake import FINDINGS
from rantang.tables.keep import Keep
from rantang.vocabulary.periods import month_number

NOT_ELIGIBLE = "PENERIMA-TIDAK-LAYAK"
GAP = "KELUARGA-TERLEWAT"
LAPSE = "KERAK-TERPUTUS"
NEVER = "KERAK-TANPA-BANTUAN"
ON_DTKS_ONLY = "DTKS-TANPA-PENYALURAN"
OVER_QUOTA = "KUOTA-LEBIH"
NO_LIST = "PROGRAM-TANPA-DAFTAR"
OLD_LIST = "DAFTAR-PENERIMA-LAMA"
UNKNOWN = "PROGRAM-TAK-DIKENAL"


def findings(
    given: ir.Table,
    aid: ir.Table,
    coverage: ir.Table,
    persons: ir.Table,
    links: ir.Table,
    typed: Mapping[str, ir.Table],
    lists: KnownLists,
    keep: Keep,
) -> ir.Table:
    """Return all findings of synergy (`FINDINGS`)."""
    found = _on_rows(given).union(_on_families(aid, lists)).union(_on_programmes(coverage, lists))
    stated = _on_dtks_only(given, persons, links, typed, lists)
    if stated is not None:
        found = found.union(stated)
    return keep(found, "synergy_findings")


def _on_rows(given: ir.Table) -> ir.Table:
    """Doubles, wrong and unlinked recipients, over the lists that speak of the period."""
    now = given.filter(given.current)
    codes = ibis.array(
        [
            _if(~now.linked, UNLINKED),
            _if(now.forbidden_with.notnull(), FORBIDDEN),
            _if(now.linked & ~now.eligible, OFF_TARGET),
            _if(now.standing == "tidak-layak", NOT_ELIGIBLE),
        ]
    )
    t = now.mutate(code=codes.unnest())
    t = t.filter(t.code.notnull())
    of_family = (t.unit == "keluarga") & t.family_id.notnull()
    unlinked = t.code == UNLINKED
    evidence = (
        (ibis.literal("bersama=") + t.forbidden_with + "; ").fill_null("")
        + (ibis.literal("tingkat=") + t.tier + "; ").fill_null("")
        + (ibis.literal("cara=") + t.method + "; ").fill_null("")
        + (ibis.literal("alasan=") + t.reasons.nullif("")).fill_null("")
    )
    return _conform(
        t.mutate(
            subject=ibis.cases((unlinked, "row"), (of_family, "family"), else_="person"),
            subject_id=ibis.cases((unlinked, t.row_key), (of_family, t.family_id), else_=t.person_id),
            kind=ibis.literal("penerima"),
            evidence=evidence.re_replace("; $", "").nullif(""),
            needs_word=t.code.isin((FORBIDDEN, OFF_TARGET)) & (t.tier.fill_null("") != "decided"),
        )
    )


def _on_families(aid: ir.Table, lists: KnownLists) -> ir.Table:
    codes = ibis.array(
        [
            _if(aid.gap, GAP),
            _if(aid.lapse.notnull(), LAPSE),
            _if(aid.never_aided, NEVER),
        ]
    )
    t = aid.mutate(code=codes.unnest())
    t = t.filter(t.code.notnull())
    evidence = t.code.cases(
        (LAPSE, ibis.literal("sejak=") + t.lapse),
        (GAP, ibis.literal("berhak=") + t.eligible_for),
        else_=ibis.literal("kelas=") + t.class_,
    )
    return _conform(
        t.mutate(
            subject=ibis.literal("family"),
            subject_id=t.family_id,
            period=ibis.literal(lists.period),
            evidence=evidence,
            needs_word=ibis.literal(False),
        )
    )


def _on_dtks_only(
    given: ir.Table, persons: ir.Table, links: ir.Table, typed: Mapping[str, ir.Table], lists: KnownLists
) -> ir.Table | None:
    """Name the families of which `dtks` says that they receive what no list of recipients shows."""
    if "dtks" not in typed:
        return None
    rows = typed["dtks"]
    columns = {
        code: lists.programmes[code].siks
        for code in lists.listed
        if lists.programmes[code].siks in rows.columns
    }
    if not columns:
        return None
    flags = [_if(rows[column].cast("boolean"), code) for code, column in columns.items()]
    said = rows.select("row_key", programme=ibis.array(flags).unnest())
    said = said.filter(said.programme.notnull())
    said = said.inner_join(
        links.filter(links.kind == "dtks").select("row_key", "person_id", "agency"), "row_key"
    )
    said = said.inner_join(persons.select("person_id", "family_id", "kelurahan_code"), "person_id")
    now = given.filter(given.current & given.family_id.notnull())
    paid = now.select("family_id", "programme").distinct()
    said = said.filter(said.family_id.notnull())
    missing = said.anti_join(paid, ["family_id", "programme"])
    # Told once a family, of one row: whose it is and where he lives is of that row, too.
    first = ibis.row_number().over(group_by=["family_id", "programme"], order_by="row_key")
    once = missing.mutate(first=first).filter(lambda t: t.first == 0)
    return _conform(
        once.mutate(
            code=ibis.literal(ON_DTKS_ONLY),
            subject=ibis.literal("family"),
            subject_id=once.family_id,
            kind=ibis.literal("dtks"),
            period=ibis.literal(lists.period),
            needs_word=ibis.literal(False),
        )
    )


def _on_programmes(coverage: ir.Table, lists: KnownLists) -> ir.Table:
    """Name programmes whose lists are missing, old or unknown, and those over their quota."""
    lines = [*_about_lists(lists)]
    schema = dict.fromkeys(
        ("code", "subject_id", "programme", "agency", "period", "value", "evidence"), "string"
    )
    of_lists = ibis.memtable(lines, schema=ibis.schema(schema))
    full = coverage.filter(
        (coverage.kelurahan_code == "*") & (coverage.recipients > coverage.quota).fill_null(False)
    )
    over = full.select(
        code=ibis.literal(OVER_QUOTA),
        subject_id=full.programme,
        programme=full.programme,
        agency=full.agency,
        period=ibis.literal(lists.period),
        value=full.recipients.cast("string"),
        evidence=ibis.literal("kuota=") + full.quota.cast("string"),
    )
    t = of_lists.union(over)
    return _conform(
        t.mutate(
            subject=ibis.literal("programme"), kind=ibis.literal("penerima"), needs_word=ibis.literal(False)
        )
    )


def _about_lists(lists: KnownLists) -> list[dict[str, str | None]]:
    found = []
    for code, programme in lists.programmes.items():
        known = lists.periods.get(code, ())
        if not programme.runs_in(lists.period) or programme.rule is None or not programme.gives_list:
            continue
        if not known:
            found.append(_line(NO_LIST, code, programme.agency, lists.period, None))
        elif lists.runs_on(code) and _behind(lists, programme):
            found.append(_line(OLD_LIST, code, programme.agency, known[-1], known[-1]))
    for code, known in lists.periods.items():
        if code not in lists.programmes:
            found.append(_line(UNKNOWN, code, None, known[-1], code))
    return found


def _behind(lists: KnownLists, programme: Programme) -> bool:
    """Say whether a running programme's latest list is older than one of its lists should be."""
    latest = lists.periods[programme.code][-1]
    due = max(1, min(lists.months_per_list(programme.code), STALE_AFTER))
    return month_number(lists.period) - month_number(latest) >= due


def _line(
    code: str, programme: str, agency: str | None, period: str, value: str | None
) -> dict[str, str | None]:
    return {
        "code": code,
        "subject_id": programme,
        "programme": programme,
        "agency": agency,
        "period": period,
        "value": value,
        "evidence": None,
    }


def _if(condition: ir.BooleanValue, code: str) -> ir.StringValue:
    return condition.fill_null(False).ifelse(code, ibis.null("string"))


def _conform(t: ir.Table) -> ir.Table:
    codes = (
        UNLINKED, FORBIDDEN, OFF_TARGET, NOT_ELIGIBLE, GAP, LAPSE, NEVER, ON_DTKS_ONLY, OVER_QUOTA, NO_LIST,
        OLD_LIST, UNKNOWN,
    )  # fmt: skip
    entries = catalogue.entries()
    return FINDINGS.conform(
        t.mutate(
            severity=t.code.cases(*((code, entries[code].severity) for code in codes), else_="info"),
            acts=t.code.cases(*((code, entries[code].acts) for code in codes), else_="bappeda"),
        )
    )
