"""The few figures that `rantang run` prints: asked of the edition's tables while they are at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir


def findings_by_code(findings: ir.Table) -> list[dict[str, Any]]:
    """Return one entry per code: severity, who must act, how many, and evidence where all agree."""
    grouped = findings.group_by("code", "severity", "acts").agg(
        count=findings.count(),
        evidence=(findings.evidence.nunique() == 1).ifelse(findings.evidence.max(), None),
        files=findings.file.nunique(),
    )
    found: list[dict[str, Any]] = grouped.to_pyarrow().to_pylist()
    return sorted(found, key=lambda entry: (-entry["count"], entry["code"]))


def figures(tables: Mapping[str, ir.Table], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person wants to know first."""
    links, aid, period = tables["links"], tables["assistance"], manifest["period"]
    linked = ~links.method.isin(("first", "decision"))
    of_links = links.aggregate(
        beyond=(linked & ~links.nik_equal.fill_null(False)).sum(), doubles=links.double.fill_null(False).sum()
    )
    check = (aid.period == period) & aid.standing.isin(("perlu-verifikasi", "tidak-layak"))
    persons, families = tables["persons"], tables["family_aid"]
    answers = [
        persons.aggregate(persons=persons.count(), queue=persons.dukcapil_queue.notnull().sum()),
        families.aggregate(families=families.count(), gap=families.gap.fill_null(False).sum()),
        of_links,
        aid.aggregate(money_check=aid.amount.sum(where=check)),
        tables["review"].aggregate(review=tables["review"].row_key.nunique()),
    ]
    found: dict[str, Any] = {"agencies": len({entry["agency"] for entry in manifest["deliveries"]})}
    for answer in answers:
        found |= {name: int(value or 0) for name, value in answer.to_pyarrow().to_pylist()[0].items()}
    return found
