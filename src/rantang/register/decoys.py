"""The automatic threshold, from decoys, and the calibration, from hidden NIK: no label needed.

*Decoys.* Every row that found somebody is scored anew as if its person were not in the register (its
NIK is then nobody's). Whatever it is linked to is wrong. Their rate, applied to the rows that have
nobody to find, estimates the false links at each threshold; the lowest threshold at which twice the
estimate plus two standard deviations stays below one in a thousand is taken, and never one below
`SURE`. Decoys know nothing of rows whose true person is there and loses to another; for them the
model's own doubt, the mean of 1 - p over what is accepted, must stay below `DOUBT` as well (measured:
it follows the true share of false links within a third).

*Hidden NIK.* The rows that carry a valid NIK are scored without it; whether the best candidate
carries that NIK then tells how often the score is right (a NIK borrowed inside the family counts
as agreeing).

*Reviewed pairs.* Where people have judged enough pairs of a kind of delivery, their word counts instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from rantang.register.levels import numbers_alone
from rantang.register.linkage import ALL_FIELDS, Scored, best_of, with_p
from rantang.tables.keep import Keep

FALSE_LINKS: Final = 0.001
DOUBT: Final = 0.0006
GRID: Final = (0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999, 0.9995, 0.9999)
ENOUGH: Final = 300
LOOK: Final = 0.01
# Where decoys are too few to certify a threshold, no lower one is taken; where they show false links
# at every threshold, nothing is automatic.
UNCERTIFIED: Final = 0.999
NEVER: Final = 1.1


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
    wrong = _without_their_person(scored, accepted, keep).to_pyarrow()
    all_rows = scored.sides.left.select(l=scored.sides.left.id, group=scored.sides.left.group)
    found = (
        all_rows.left_join(accepted.select("l", "p"), "l")
        .select("group", p=lambda t: t.p.fill_null(0.0))
        .to_pyarrow()
    )
    groups = np.asarray(wrong["group"].to_pylist(), dtype=object)
    p, weight = wrong["p"].to_numpy(), wrong["weight"].to_numpy()
    found_by = _by_group(found)
    return {
        group: _threshold(p[groups == group], weight[groups == group], of_group)
        for group, of_group in sorted(found_by.items())
    }


def _without_their_person(scored: Scored, accepted: ir.Table, keep: Keep) -> ir.Table:
    """Return ``group, p, weight`` of every row that found somebody, as if he were not there."""
    left, right = scored.sides.full, scored.sides.right
    found = accepted.filter(accepted.p >= 0.5).select("l", out="r")
    found = found.inner_join(right.select(out="id", out_person="person"), "out")
    rows = found.inner_join(left.select(l="id", group="group", weight="weight"), "l")
    rows = keep(rows.select("l", "out_person", "group", "weight"), "decoy_rows")
    pairs = scored.pairs.select("l", "r", "group", *ALL_FIELDS).inner_join(
        rows.select("l", "out_person"), "l"
    )
    pairs = pairs.inner_join(right.select(r="id", person="person"), "r")
    others = keep(pairs.filter(pairs.person != pairs.out_person), "decoy_others")
    others = _with_free_numbers(others, scored).select("l", "r", "group", *ALL_FIELDS)
    best = _best_p(with_p(keep(others, "decoy_pairs"), scored.fits, ALL_FIELDS, scored.sides))
    return rows.left_join(keep(best, "decoy_best"), "l").select(
        "group", "weight", p=lambda t: t.p.fill_null(0.0)
    )


def _with_free_numbers(pairs: ir.Table, scored: Scored) -> ir.Table:
    """The NIK of a row whose person is gone is nobody's: its likeness to others counts anew."""
    sides = scored.sides
    owners = sides.right.select(owner="id", owner_person="person")
    owned = sides.left.filter(sides.left.owner.notnull()).select(l="id", owner="owner")
    owned = owned.inner_join(owners, "owner").select("l", "owner_person")
    joined = pairs.left_join(owned, "l").drop("l_right")
    freed = (joined.owner_person == joined.out_person) & (joined.nik >= 4)
    anew = numbers_alone(joined.filter(freed).select("l", "r"), sides.left, sides.right)
    joined = joined.left_join(anew, ["l", "r"]).drop("l_right", "r_right")
    return joined.mutate(nik=ibis.coalesce(joined.nik_alone, joined.nik))


def _best_p(pairs: ir.Table) -> ir.Table:
    return pairs.group_by("l").agg(p=lambda t: t.p.max())


def _by_group(table: ir.Table) -> dict[str, npt.NDArray[np.float64]]:
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    p = table["p"].to_numpy()
    return {group: p[groups == group] for group in sorted(set(groups.tolist()))}


def _threshold(
    wrong: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], found: npt.NDArray[np.float64]
) -> Threshold:
    """Choose from `GRID`; `wrong` are the best p of rows without their person, `found` all rows' best p."""
    decoys = float(weight.sum())
    absent = _absent(wrong, weight, found)
    shown: list[Threshold] = []
    for value in GRID:
        accepted = max(float((found >= value).sum()), 1.0)
        per_decoy = absent / max(decoys, 1.0) / accepted
        false = weight[wrong >= value]
        estimate = float(false.sum()) * per_decoy
        deviation = float(np.sqrt((false**2).sum() + 1.0)) * per_decoy
        doubt = float((1 - found[found >= value]).mean()) if (found >= value).any() else 0.0
        certified = bool(decoys) and 2 * (estimate + 2 * deviation) <= FALSE_LINKS
        if doubt <= DOUBT and 2 * (estimate - deviation) <= FALSE_LINKS:
            shown.append(Threshold(value, estimate, len(wrong), certified))
    sure = [each for each in shown if each.certified]
    careful = [each for each in shown if each.value >= UNCERTIFIED]
    return (sure or careful or [Threshold(NEVER, 0.0, len(wrong), certified=False)])[0]


def _absent(
    wrong: npt.NDArray[np.float64], weight: npt.NDArray[np.float64], found: npt.NDArray[np.float64]
) -> float:
    """Estimate how many rows have nobody to find: some of those that found somebody are among them."""
    if not len(wrong):
        return float(len(found))
    lost = min(float(weight[wrong >= 0.5].sum() / weight.sum()), 0.99)
    there = (float((found >= 0.5).sum()) - len(found) * lost) / (1 - lost)
    return len(found) - max(there, 0.0)


def calibrations(scored: Scored, keep: Keep) -> dict[str, Calibration]:
    """Return every group's calibration by hiding the NIK; source `none` where rows are too few."""
    left = scored.sides.full
    numbered = left.filter(left.nik.notnull()).select(l=left.id, weight=left.weight)
    pairs = scored.pairs.semi_join(numbered, "l")
    seen = pairs.nik
    hidden = keep(pairs.mutate(seen=seen, nik=ibis.literal(0, "int8")).drop("w", "p"), "hidden")
    rescored = best_of(with_p(hidden, scored.fits, ALL_FIELDS, scored.sides))
    rows = rescored.inner_join(numbered, "l").order_by("l")
    table = rows.select("group", "p", "seen", "weight").to_pyarrow()
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    p, weight = table["p"].to_numpy(), table["weight"].to_numpy()
    right_ = np.isin(table["seen"].to_numpy(), (1, 2, 4)).astype(np.float64)
    return {
        group: _calibrate(p[groups == group], right_[groups == group], weight[groups == group])
        for group in scored.fits
    }


def reviewed(judged: ir.Table, hidden: Mapping[str, Calibration]) -> dict[str, Calibration]:
    """Calibrate on pairs that people judged (``group, p, right``): only groups that have enough of them.

    Assumed: which pairs people looked at follows from p alone (the queue goes by p). Then the share
    that is right *at each p* needs no weights, however unevenly the bands of p were drawn. The queue
    ends where links are automatic; above the highest p that was judged the map from `hidden` NIK goes
    on where there is one, but never falls.
    """
    table = judged.select("group", "p", "right").order_by("group", "p", "right").to_pyarrow()
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    p, right = table["p"].to_numpy(), table["right"].cast("float64").to_numpy()
    found = {}
    for group in sorted(set(groups.tolist())):
        ours = groups == group
        steps = _calibrate(p[ours], right[ours], np.ones(int(ours.sum())), "reviewed")
        if steps.source == "none":
            continue
        known = hidden.get(group, Calibration("none"))
        more = [(x, y) for x, y in zip(known.p, known.share, strict=True) if x > steps.p[-1]]
        found[group] = replace(
            steps,
            p=(*steps.p, *(x for x, _ in more)),
            share=(*steps.share, *(max(y, steps.share[-1]) for _, y in more)),
        )
    return found


def _calibrate(
    p: npt.NDArray[np.float64],
    agrees: npt.NDArray[np.float64],
    weight: npt.NDArray[np.float64],
    source: str = "nik-held-out",
) -> Calibration:
    if len(p) < ENOUGH:
        return Calibration("none", rows=len(p))
    from scipy.optimize import isotonic_regression  # noqa: PLC0415  (short lists do not wait for it)

    order = np.argsort(p, kind="stable")
    p, agrees, weight = p[order], agrees[order], weight[order]
    edges = np.unique(np.round(p, 3), return_index=True)[1]
    total = np.add.reduceat(weight, edges)
    share = np.add.reduceat(weight * agrees, edges) / total
    rising = isotonic_regression(share, weights=total).x
    return Calibration(
        source,
        tuple(float(round(x, 6)) for x in p[edges]),
        tuple(float(round(min(x, 0.9999), 6)) for x in rising),
        rows=len(p),
    )
