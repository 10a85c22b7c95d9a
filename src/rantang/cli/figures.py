"""The few figures that `rantang run` prints: asked of the edition's tables while they are at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import ibis.expr.types as ir

from rantang.tables.intake import LIST_KEYS


def findings_by_code(findings: ir.Table) -> list[dict[str, Any]]:
    """Return one entry per code: severity, who must act, how many, of what, and evidence where all agree."""
    grouped = findings.group_by("code", "severity", "acts").agg(
        count=findings.count(),
        evidence=(findings.evidence.nunique() == 1).ifelse(findings.evidence.max(), None),
        files=findings.file.nunique(),
        subject=findings.subject.min(),
    )
    found: list[dict[str, Any]] = grouped.to_pyarrow().to_pylist()
    return sorted(found, key=lambda entry: (-entry["count"], entry["code"]))


def figures(tables: Mapping[str, ir.Table], manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a person wants to know first: the report's own figures, counted as it counts them."""
    links, cover = tables["links"], tables["coverage"]
    linked = ~links.method.isin(("first", "decision"))
    of_links = links.aggregate(beyond=(linked & ~links.nik_equal.fill_null(False)).sum())
    again = links.filter(links.double.fill_null(False)).group_by(*LIST_KEYS)
    again = again.agg(extra=lambda t: t.count() - t.person_id.nunique())
    in_city = cover.filter((cover.kelurahan_code == "*") & (cover.programme != "*"))
    persons, families = tables["persons"], tables["family_aid"]
    answers = [
        persons.aggregate(persons=persons.count(), queue=persons.dukcapil_queue.notnull().sum()),
        families.aggregate(families=families.count(), gap=families.gap.fill_null(False).sum()),
        of_links,
        again.aggregate(doubles=again.extra.sum()),
        in_city.aggregate(money_check=in_city.money_verify.sum()),
        tables["review"].aggregate(review=tables["review"].row_key.nunique()),
    ]
    heard = in_city.filter(in_city.recipients.notnull()).count().to_pyarrow().as_py()
    found: dict[str, Any] = {"agencies": len({entry["agency"] for entry in manifest["deliveries"]})}
    for answer in answers:
        found |= {name: int(value or 0) for name, value in answer.to_pyarrow().to_pylist()[0].items()}
    return found if heard else {**found, "gap": None, "money_check": None}
