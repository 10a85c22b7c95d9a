"""Finding the people of a register in a list that is not (yet) one of its deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from rantang.register.decoys import calibrations, thresholds
from rantang.register.fields import comparable
from rantang.register.linkage import best_links, certain_links, prepare, score
from rantang.register.model import Fit
from rantang.register.persons import TRUST
from rantang.register.review import calibrated
from rantang.tables.keep import Keep

ENOUGH: Final = 1_000
SURE: Final = 0.99
LIKELY: Final = 0.5


def representatives(identified: ir.Table, ids: ir.Table, keep: Keep) -> ir.Table:
    """Return each person's most believed row, with ``person_id``."""
    rows = identified.inner_join(ids.select("row_key", "person_id"), "row_key")
    trust = ibis.cases(*((rows.kind == kind, rank) for kind, rank in TRUST.items()), else_=9)
    order = [trust, rows.nik.isnull(), rows.birth_date.isnull(), rows.period.desc(), rows.row_key]
    ranked = rows.mutate(belief=ibis.row_number().over(group_by="person_id", order_by=order))
    return keep(ranked.filter(ranked.belief == 0).drop("belief"), "representatives")


def find_people(
    planned: ir.Table, identified: ir.Table, ids: ir.Table, model: Mapping[str, Any], keep: Keep
) -> ir.Table:
    """Return ``row_key, person_id, tier, p_model, probability`` for every row of `planned`.

    A short list cannot show its own faults: it is judged by the fit and the threshold of the
    edition's recipients, a long one by its own.
    """
    people = representatives(identified, ids, keep)
    group, fit, limit = _judge(model)
    left = comparable(planned.mutate(group=ibis.literal(group)), keep, "planned")
    right = comparable(people.mutate(group=ibis.literal(group)), keep, "people")
    short = planned.count().to_pyarrow().as_py() < ENOUGH
    scored = score(prepare(left, right, keep), keep, {group: fit} if short and fit else None)
    best = keep(certain_links(best_links(scored, keep), scored.sides), "best_certain")
    if not (short and fit):
        limit = thresholds(scored, best, keep)[group].value
    maps = calibrations(scored, keep)
    found = best.inner_join(left.select(l="id", row_key="row_key"), "l")
    found = found.inner_join(right.select(r="id", r_key="row_key"), "r")
    found = found.inner_join(people.select(r_key="row_key", person_id="person_id"), "r_key")
    accepted = (found.p >= limit) | found.certain
    told = found.select(
        "row_key",
        person_id=accepted.ifelse(found.person_id, ibis.null("string")),
        tier=ibis.cases((found.p >= SURE, "sure"), (found.p >= LIKELY, "likely"), else_="look"),
        p_model=found.p,
        probability=calibrated(found.p, found.group, maps).round(6),
    )
    nobody = planned.select("row_key").anti_join(told, "row_key")
    empty = nobody.select(
        "row_key", person_id=ibis.null("string"), tier=ibis.null("string"),
        p_model=ibis.null("float64"), probability=ibis.null("float64"),
    )  # fmt: skip
    return keep(ibis.union(told, empty), "found_people")


def _judge(model: Mapping[str, Any]) -> tuple[str, Fit | None, float]:
    """Return the edition's group of recipients with most decoys: its name, fit and threshold.

    A group of which no row was like anybody has no fit.
    """
    groups = {
        name: each
        for name, each in model.get("thresholds", {}).items()
        if name.split("/")[0] == "penerima" and name in model.get("fits", {})
    }
    if not groups:
        return "rencana", None, 1.0
    name = max(sorted(groups), key=lambda each: groups[each]["decoys"])
    return name, Fit.from_json(model["fits"][name]), float(groups[name]["value"])
