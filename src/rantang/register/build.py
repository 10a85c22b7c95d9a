"""The register of an edition: from identified rows to persons, families, links and a review queue.

Reads like the work itself: what people decided, linking, who is who, what people should look at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
import ibis.expr.types as ir

from rantang.register.decided import Decided, carried, read_decisions, without_person
from rantang.register.decoys import Threshold
from rantang.register.evidence import evidence
from rantang.register.grow import NOTHING_KNOWN, Known, Linked, grow
from rantang.register.model import Fit
from rantang.register.persons import People, assemble
from rantang.register.review import calibrated, queue
from rantang.tables.keep import Keep
from rantang.tables.register import LINKS, PERSONS

SURE = 0.99


@dataclass(frozen=True)
class Register:
    """The register's tables (declared in `rantang.tables.register`) and its model as plain data."""

    persons: ir.Table
    families: ir.Table
    links: ir.Table
    review: ir.Table
    ids: ir.Table
    findings: ir.Table
    model: dict[str, object]


def build(
    identified: ir.Table,
    civil: ir.Table,
    decisions: ir.Table | None,
    previous: ir.Table | None,
    model: Mapping[str, Any] | None,
    period_end: dt.date,
    keep: Keep,
) -> Register:
    """Build the register.

    Parameters
    ----------
    identified
        Every usable row of every list of the edition (``IDENTIFIED``), `padan` and `survei` apart.
    civil
        ``row_key, status, source``: Dukcapil's word (`aktif`, `meninggal`, `pindah`) and where it stands.
    decisions
        ``seq, kind, row_key_a, row_key_b`` of what people settled; null where nobody has.
    previous, model
        ``ids`` and `model.json` of the previous edition: ids last, an unchanged delivery keeps its fit.
    period_end
        The day at which ages are taken.
    """
    decided = read_decisions(decisions, identified, previous, keep)
    linked = grow(identified, decided.apart, _known(model), keep, decided.judged)
    entities = keep(decided.joined(linked.entities), "entities_decided")
    people = assemble(identified, entities, civil, previous, period_end, keep)
    links = keep(_links(identified, linked, people, decided), "links_table")
    review = keep(queue(linked, people.of_row, identified, keep), "review_table")
    persons = keep(_with_tier(people.persons, links, linked.base_kind), "persons_tier")
    ids = keep(carried(decisions, identified, people.ids, previous), "ids_carried")
    findings = ibis.union(decided.unmet(people.of_row), without_person(decisions, ids))
    return Register(persons, people.families, links, review, ids, findings, _model(linked))


def _links(rows: ir.Table, linked: Linked, people: People, decided: Decided) -> ir.Table:
    """One line per row that became a person's: how it was linked and on what evidence."""
    scores = linked.links.select(
        probe="l_key",
        entity_linked="r_key",
        p="p",
        accepted="accepted",
        nik_equal=linked.links.nik == 1,
        supported=linked.links.support >= 2,
        named=(linked.links.name >= 1) & (linked.links.name <= 4),
        evidence=evidence(linked.links),
        probability=calibrated(linked.links.p, linked.links.group, linked.calibrations).round(6),
    )
    probes = linked.entities.select("row_key", "probe")
    about = rows.select("row_key", "agency", "kind", "period", "programme", "name_key")
    joined = people.of_row.inner_join(about, "row_key").inner_join(probes, "row_key")
    joined = joined.left_join(scores.filter(scores.accepted), "probe").drop("probe_right")
    joined = joined.left_join(decided.rows_decided, "row_key").drop("row_key_right")
    said = joined.decided.fill_null(False)
    listed = joined.kind != linked.base_kind
    tier = ibis.cases(
        (said, "decided"),
        (joined.p.isnull(), "own"),
        (joined.p >= SURE, "sure"),
        else_="likely",
    )
    method = ibis.cases(
        (said, "decision"),
        (joined.p.isnull(), "first"),
        (joined.nik_equal & joined.named, "ladder"),
        (joined.supported, "family"),
        else_="model",
    )
    same_list = [joined.person_id, joined.agency, joined.kind, joined.programme.fill_null(""), joined.period]
    return LINKS.conform(
        joined.mutate(
            tier=tier,
            method=method,
            p_model="p",
            nik_equal=joined.nik_equal.fill_null(False),
            double=(joined.row_key.count().over(group_by=same_list) > 1)
            & (listed | (joined.kind != "penduduk")),
        )
    )


def _with_tier(persons: ir.Table, links: ir.Table, base_kind: str) -> ir.Table:
    """Say how sure it is that what the base says of a person is said of the person on the lists."""
    of_lists = links.filter(links.kind != base_kind)
    best = of_lists.group_by("person_id").agg(
        sure=of_lists.tier.isin(("sure", "decided", "own")).any(), seen=of_lists.count()
    )
    joined = persons.drop("resident_tier").left_join(best, "person_id").drop("person_id_right")
    tier = ibis.cases((joined.seen.isnull(), "pasti"), (joined.sure, "sure"), else_="likely")
    return PERSONS.conform(joined.mutate(resident_tier=tier))


def _known(model: Mapping[str, Any] | None) -> Known:
    """Read what `model.json` of the previous edition says."""
    if not model:
        return NOTHING_KNOWN
    limits = {
        name: Threshold(each["value"], each["false_links_estimate"], each["decoys"], each["certified"])
        for name, each in model.get("thresholds", {}).items()
    }
    fits = {name: Fit.from_json(each) for name, each in model.get("fits", {}).items()}
    return Known(fits, limits, model.get("rows", {}))


def _model(linked: Linked) -> dict[str, object]:
    return {
        "base": linked.base_kind,
        "rows": dict(linked.rows),
        "fits": {name: fit.as_json() for name, fit in sorted(linked.fits.items())},
        "thresholds": {
            name: {
                "value": limit.value,
                "false_links_estimate": round(limit.estimate, 8),
                "decoys": limit.decoys,
                "certified": limit.certified,
            }
            for name, limit in sorted(linked.thresholds.items())
        },
        "calibration": {
            name: {"source": steps.source, "rows": steps.rows}
            for name, steps in sorted(linked.calibrations.items())
        },
    }
