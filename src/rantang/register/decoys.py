"""The automatic threshold, from decoys, and the calibration, from hidden NIK: no label needed.

*Decoys.* One register person in ten is taken out, with everything that rests on him, and the
rows that were his are scored anew. Whatever they are now linked to is wrong. Their rate, applied
to the rows that found nobody, estimates the false links at each threshold; the lowest threshold
at which twice the estimate plus two standard deviations stays below one in a thousand is taken,
and never one below `SURE`. Decoys know nothing of rows whose true person is there and loses to
another; for them the model's own doubt, the mean of 1 - p over what is accepted, must stay below
`DOUBT` as well (measured: it follows the true share of false links within a third).

*Hidden NIK.* The rows that carry a valid NIK are scored without it; whether the best candidate
carries that NIK then tells how often the score is right (a NIK borrowed inside the family counts
as agreeing).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
from scipy.optimize import isotonic_regression

from rantang.register.linkage import ALL_FIELDS, FIRST_FIELDS, Scored, best_of, family_fields, with_p
from rantang.tables.keep import Keep

FALSE_LINKS: Final = 0.001
DOUBT: Final = 0.0006
GRID: Final = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)
ENOUGH: Final = 300
LOOK: Final = 0.01


@dataclass(frozen=True)
class Threshold:
    """The automatic threshold of a group, with the decoys' estimate of its false links."""

    value: float
    estimate: float
    decoys: int
    certified: bool


@dataclass(frozen=True)
class Calibration:
    """A rising map from the model's p to the share that is right; empty when not known."""

    source: str
    p: tuple[float, ...] = ()
    share: tuple[float, ...] = ()
    rows: int = 0


def thresholds(scored: Scored, accepted: ir.Table, keep: Keep) -> dict[str, Threshold]:
    """Return the threshold of every group.

    `accepted` has every row's best candidate: ``l, r, group, p`` (fast path included).
    """
    right = scored.sides.right
    mine = accepted.filter(accepted.p >= 0.5).inner_join(
        right.filter(right.decoy).select("id"), accepted.r == right.id
    )
    rows = keep(mine.semi_join(scored.sides.full, [("l", "id")]).select("l", "group"), "decoy_rows")
    pairs = scored.pairs.semi_join(rows, "l").select("l", "r", "group", *FIRST_FIELDS)
    pairs = pairs.anti_join(right.filter(right.decoy), [("r", "id")])
    rescored = family_fields(keep(pairs, "decoy_pairs"), scored.sure.filter(~scored.sure.decoy), scored.sides)
    best = keep(_best_p(with_p(rescored, scored.fits, ALL_FIELDS, scored.sides)), "decoy_best")
    wrong = rows.left_join(best, "l").select("group", p=lambda t: t.p.fill_null(0.0)).to_pyarrow()
    all_rows = scored.sides.left.select(l=scored.sides.left.id, group=scored.sides.left.group)
    found = (
        all_rows.left_join(accepted.select("l", "p"), "l")
        .select("group", p=lambda t: t.p.fill_null(0.0))
        .to_pyarrow()
    )
    wrong_by, found_by = _by_group(wrong), _by_group(found)
    nothing = np.zeros(0)
    return {group: _threshold(wrong_by.get(group, nothing), p) for group, p in sorted(found_by.items())}


def _best_p(pairs: ir.Table) -> ir.Table:
    return pairs.group_by("l").agg(p=lambda t: t.p.max())


def _by_group(table: ir.Table) -> dict[str, npt.NDArray[np.float64]]:
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    p = table["p"].to_numpy()
    return {group: p[groups == group] for group in sorted(set(groups.tolist()))}


def _threshold(wrong: npt.NDArray[np.float64], found: npt.NDArray[np.float64]) -> Threshold:
    """Choose from `GRID`; `wrong` are the decoy rows' best p, `found` all rows' best p."""
    decoys = len(wrong)
    absent = float((found < 0.5).sum())
    estimate = 1.0
    for value in GRID:
        accepted = max(float((found >= value).sum()), 1.0)
        false = float((wrong >= value).sum())
        of_absent = absent / max(decoys, 1)
        estimate = false * of_absent / accepted
        deviation = np.sqrt(false + 1.0) * of_absent / accepted
        doubt = float((1 - found[found >= value]).mean()) if (found >= value).any() else 1.0
        if decoys and 2 * (estimate + 2 * deviation) <= FALSE_LINKS and doubt <= DOUBT:
            return Threshold(value, estimate, decoys, certified=True)
    return Threshold(GRID[-3], estimate, decoys, certified=False)


def calibrations(scored: Scored, keep: Keep) -> dict[str, Calibration]:
    """Return every group's calibration by hiding the NIK; source `none` where rows are too few."""
    left, right = scored.sides.full, scored.sides.right
    numbered = left.filter(left.nik.notnull()).select(l=left.id, weight=left.weight)
    pairs = scored.pairs.semi_join(numbered, "l")
    seen = pairs.nik
    hidden = keep(pairs.mutate(seen=seen, nik=ibis.literal(0, "int8")).drop("w", "p"), "hidden")
    rescored = best_of(with_p(hidden, scored.fits, ALL_FIELDS, scored.sides), right)
    rows = rescored.inner_join(numbered, "l").order_by("l")
    table = rows.select("group", "p", "seen", "weight").to_pyarrow()
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    p, weight = table["p"].to_numpy(), table["weight"].to_numpy()
    right_ = np.isin(table["seen"].to_numpy(), (1, 2, 4)).astype(np.float64)
    return {
        group: _calibrate(p[groups == group], right_[groups == group], weight[groups == group])
        for group in scored.fits
    }


def _calibrate(
    p: npt.NDArray[np.float64], agrees: npt.NDArray[np.float64], weight: npt.NDArray[np.float64]
) -> Calibration:
    if len(p) < ENOUGH:
        return Calibration("none", rows=len(p))
    order = np.argsort(p, kind="stable")
    p, agrees, weight = p[order], agrees[order], weight[order]
    edges = np.unique(np.round(p, 3), return_index=True)[1]
    total = np.add.reduceat(weight, edges)
    share = np.add.reduceat(weight * agrees, edges) / total
    rising = isotonic_regression(share, weights=total).x
    return Calibration(
        "nik-held-out",
        tuple(float(round(x, 6)) for x in p[edges]),
        tuple(float(round(min(x, 0.9999), 6)) for x in rising),
        rows=len(p),
    )
