"""Which pairs people should look at first.

Measured: highest p first mends most (89 of 100 looked-at pairs were right); it is weighted by
what hangs on the row. The queue ends at `LOOK`: below it nothing is found any more.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.register.decoys import LOOK, Calibration
from rantang.register.evidence import evidence
from rantang.register.grow import Linked
from rantang.tables.keep import Keep
from rantang.tables.register import REVIEW

SHOWN: Final = 3
# A welfare or programme row moves aid; another agency's row adds a fact.
STAKE: Final = {"dtks": 1.0, "dtsen": 1.0, "p3ke": 1.0, "penerima": 1.0}
OTHER_STAKE: Final = 0.8


def calibrated(
    p: ir.FloatingValue, group: ir.StringValue, maps: Mapping[str, Calibration]
) -> ir.FloatingValue:
    """Return the calibrated probability of `p`; null for a group whose calibration is `none`."""
    branches = []
    for name in sorted(maps):
        steps = maps[name]
        if steps.source == "none":
            continue
        value = ibis.cases(*((p <= edge, share) for edge, share in _thinned(steps)), else_=steps.share[-1])
        branches.append((group == name, value))
    return ibis.cases(*branches) if branches else ibis.null("float64")


def _thinned(steps: Calibration) -> list[tuple[float, float]]:
    """Keep only the last p of each level of the rising step function."""
    pairs = list(zip(steps.p, steps.share, strict=True))
    return [
        pair
        for pair, after in zip(pairs, [*pairs[1:], None], strict=True)
        if after is None or after[1] != pair[1]
    ][:-1] or pairs[-1:]


def queue(linked: Linked, of_row: ir.Table, rows: ir.Table, keep: Keep) -> ir.Table:
    """Return the review queue: rows whose best candidate was not accepted, with three candidates."""
    open_rows = linked.links.filter(~linked.links.accepted & (linked.links.p >= LOOK)).select("l_key")
    pairs = linked.pairs.semi_join(open_rows, "l_key")
    rank = ibis.row_number().over(group_by="l_key", order_by=[pairs.p.desc(), pairs.r_key])
    pairs = pairs.mutate(rank=rank + 1)
    pairs = keep(
        pairs.filter((pairs.rank <= SHOWN) & ((pairs.p >= LOOK) | (pairs.rank == 1))), "review_pairs"
    )
    persons = of_row.select(r_key="entity", person_id="person_id").distinct()
    joined = pairs.left_join(persons, "r_key").drop("r_key_right")
    about = rows.select(l_key="row_key", agency="agency", kind="kind")
    joined = joined.inner_join(about, "l_key")
    stake = ibis.cases(*((joined.kind == kind, value) for kind, value in STAKE.items()), else_=OTHER_STAKE)
    top = joined.p.max().over(group_by="l_key")
    return REVIEW.conform(
        joined.mutate(
            row_key="l_key",
            candidate_key="r_key",
            p_model="p",
            probability=calibrated(joined.p, joined.group, linked.calibrations).round(6),
            value=(top * stake).round(6),
            evidence=evidence(joined),
        )
    )
