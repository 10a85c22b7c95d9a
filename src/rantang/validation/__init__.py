"""May this person or family stay on the list? Findings, and a standing with its reasons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import ibis.expr.types as ir

from rantang.tables.facts import Facts
from rantang.tables.intake import FINDINGS
from rantang.tables.keep import Keep
from rantang.validation import standing, subjects
from rantang.validation.facts import gather
from rantang.validation.rules import FINDINGS_KEPT, Rule, apply, rules

__all__ = ["Rule", "Validation", "gather", "rules", "validate"]


class Validation(NamedTuple):
    """What validation hands on (`FINDINGS`, `ELIGIBILITY`)."""

    findings: ir.Table
    eligibility: ir.Table


def validate(
    persons: ir.Table,
    families: ir.Table,
    links: ir.Table,
    identified: ir.Table,
    typed: Mapping[str, ir.Table],
    facts: Facts,
    decisions: ir.Table | None,
    keep: Keep,
) -> Validation:
    """Apply the rules and people's decisions to the register.

    Parameters
    ----------
    persons, families, links
        The register.
    identified
        Standardised rows of all lists.
    typed
        Typed rows by kind of list: base columns and the contract's own.
    facts
        What `gather` found.
    decisions
        Columns `seq, kind, person_id, family_id, by, role, at` (others are ignored); null where
        nobody decided anything yet.
    """
    found = _found(persons, families, links, identified, typed, facts, keep)
    of_persons = standing.persons_standing(
        persons, found, standing.latest_decisions(decisions, "person"), keep
    )
    of_families = standing.families_standing(
        families, found, of_persons, standing.latest_decisions(decisions, "family"), keep
    )
    findings = found.select(*FINDINGS_KEPT)
    if decisions is not None:
        for decided in (of_persons, of_families):
            findings = findings.union(standing.decision_findings(decided))
    eligibility = standing.conform(of_persons).union(standing.conform(of_families))
    return Validation(
        findings=FINDINGS.conform(keep(findings, "validation_findings")),
        eligibility=keep(eligibility, "eligibility"),
    )


def _found(
    persons: ir.Table,
    families: ir.Table,
    links: ir.Table,
    identified: ir.Table,
    typed: Mapping[str, ir.Table],
    facts: Facts,
    keep: Keep,
) -> ir.Table:
    on_rows = apply(subjects.rows(persons, links, identified, typed, keep), "row", keep)
    on_people = apply(subjects.people(persons, facts, typed), "person", keep)
    on_families = apply(subjects.families_with_checks(persons, families, facts), "family", keep)
    return on_rows.union(on_people).union(on_families)
