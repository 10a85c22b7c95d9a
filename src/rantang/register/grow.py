"""Growing one register from many lists.

1. The **base**: Dukcapil's whole list where the city has it; else the largest welfare list, freed
   of its own doubles. Each base person is one *entity*.
2. Every other list is linked to the base, row by row; two rows may find the same entity.
3. Rows that found nobody are compared among themselves; what they form are new entities. So
   nobody is lost who is not on the base, and a city without Dukcapil's list has a register too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.register.cluster import groups_within, kin_may_show, within_threshold
from rantang.register.decided import beside
from rantang.register.decoys import LOOK, Calibration, Threshold, calibrations, reviewed, thresholds
from rantang.register.fields import NEEDED, comparable, said
from rantang.register.levels import APART
from rantang.register.linkage import Scored, best_links, certain_links, prepare, score
from rantang.register.model import Fit
from rantang.tables.keep import Keep

BASE_KINDS: Final = ("penduduk", "dtsen", "dtks", "p3ke")
OWN_FIT: Final = 3_000
REST: Final = "sisa"


@dataclass(frozen=True)
class Known:
    """What an earlier edition fitted: a fit and a threshold per group, and the rows they were fitted on."""

    fits: Mapping[str, Fit]
    thresholds: Mapping[str, Threshold]
    rows: Mapping[str, str]

    def of(self, rows: Mapping[str, str]) -> Known:
        """Keep only groups whose rows are the very same: a new delivery is fitted afresh."""
        same = {name for name, signature in rows.items() if self.rows.get(name) == signature}
        return Known(
            {name: fit for name, fit in self.fits.items() if name in same},
            {name: limit for name, limit in self.thresholds.items() if name in same},
            rows,
        )


NOTHING_KNOWN: Final = Known({}, {}, {})


@dataclass(frozen=True)
class Linked:
    """What linking gave: each row's entity, the links with their scores, and how it was fitted."""

    base_kind: str
    entities: ir.Table  # row_key, entity, probe
    links: ir.Table  # l_key (probe), r_key (entity), group, levels, w, p, accepted
    pairs: ir.Table  # every compared pair of rows to look at: l_key, r_key, group, levels, w, p
    fits: Mapping[str, Fit]
    thresholds: Mapping[str, Threshold]
    calibrations: Mapping[str, Calibration]
    rows: Mapping[str, str]


def signatures(others: ir.Table) -> dict[str, str]:
    """Return each group's hash over its row keys, in order: which rows a fit was made on."""
    table = others.select("group", "row_key").order_by("group", "row_key").to_pyarrow()
    keys, start, found = table["row_key"].to_pylist(), 0, {}
    for counted in table["group"].combine_chunks().value_counts().to_pylist():
        of_group = keys[start : start + counted["counts"]]
        start += counted["counts"]
        found[counted["values"]] = hashlib.sha256("".join(of_group).encode()).hexdigest()[:32]
    return found


def choose_base(counts: Mapping[str, int]) -> str:
    """Return the kind of list that founds the register."""
    for kind in BASE_KINDS:
        if counts.get(kind):
            return kind
    return max(sorted(counts), key=lambda kind: counts[kind])


def with_group(rows: ir.Table, counts: Mapping[tuple[str, str], int]) -> ir.Table:
    """Add ``group``: which fit a row belongs to (agency and kind, or the kind where it is small).

    `counts` has the number of rows by (agency, kind).
    """
    kinds: dict[str, int] = {}
    for (_, kind), number in counts.items():
        kinds[kind] = kinds.get(kind, 0) + number
    own = sorted(f"{kind}/{agency}" for (agency, kind), number in counts.items() if number >= OWN_FIT)
    whole = sorted(kind for kind, number in kinds.items() if number >= OWN_FIT)
    name = rows.kind + "/" + rows.agency
    return rows.mutate(
        group=ibis.cases((name.isin(own), name), (rows.kind.isin(whole), rows.kind), else_="kecil")
    )


def with_probe(rows: ir.Table) -> ir.Table:
    """Add ``probe``: the smallest row key among rows of the group that say exactly the same."""
    # Grouped and joined back: a window over all rows would sort them. On a narrow table, which is read
    # twice. The name stands beside the hash, whose collisions would else make one probe of two people.
    keyed = rows.select("row_key", "group", named=rows.name_key.fill_null(""), said=said(rows).hash())
    same = ["group", "named", "said"]
    first = keyed.group_by(same).agg(probe=lambda t: t.row_key.min())
    return rows.inner_join(keyed.inner_join(first, same).select("row_key", "probe"), "row_key")


def _probed(rows: ir.Table, apart: ir.Table | None) -> ir.Table:
    """Return `with_probe`, but rows that say the same and are two people's are compared each by itself."""
    probed = with_probe(rows)
    if apart is None:
        return probed
    pairs = beside(apart, probed, "row_key", "probe")
    own = pairs.filter(pairs.a == pairs.b).select(row_key="row_key_b", own=True).distinct()
    joined = probed.left_join(own, "row_key").drop("row_key_right")
    return joined.mutate(probe=joined.own.notnull().ifelse(joined.row_key, joined.probe)).drop("own")


def grow(
    identified: ir.Table,
    apart: ir.Table | None,
    known: Known,
    keep: Keep,
    judged: ir.Table | None = None,
) -> Linked:
    """Link all rows of `identified` into entities.

    `apart` holds ``row_key_a, row_key_b`` that a person said differ; such a pair is no candidate.
    `judged` holds all that people said of pairs (``right``), for the calibration.
    """
    counted = identified.group_by("agency", "kind").agg(n=lambda t: t.count()).to_pyarrow().to_pylist()
    counts = {(row["agency"], row["kind"]): row["n"] for row in counted}
    kinds: dict[str, int] = {}
    for (_, kind), number in counts.items():
        kinds[kind] = kinds.get(kind, 0) + number
    base_kind = choose_base(kinds)
    grouped = with_group(identified.select(NEEDED), counts)
    base, base_of = _base(grouped.filter(grouped.kind == base_kind), base_kind, apart, keep)
    others = keep(_probed(grouped.filter(grouped.kind != base_kind), apart), "others")
    if apart is not None:
        stands = ibis.union(others.select("row_key", key="probe"), base_of.select("row_key", key="entity"))
        apart = _apart(apart, stands, keep)
    kept = known.of(signatures(others))
    asked = others.filter(others.probe == others.row_key)
    probes = comparable(asked, keep, "probes")
    links, scored, seen = _link(probes, base, apart, kept.fits, keep)
    limits = {**thresholds(scored, links, keep), **kept.thresholds}
    calibrated = dict(calibrations(scored, keep))
    if judged is not None:
        calibrated |= reviewed(_judged(judged, seen, others, base_of, keep), calibrated)
    links = keep(_accept(certain_links(links, scored.sides), limits), "links")
    if apart is not None:
        links = keep(_parted(links, apart), "links_parted")
    pairs = _open_pairs(links, scored, keep)
    rest, rest_fits = _rest(asked, links, apart, keep)
    found = links.filter(links.accepted).select(probe="l_key", entity="r_key")
    of_probe = ibis.union(found, rest)
    of_others = others.inner_join(of_probe, "probe")
    entities = ibis.union(of_others.select("row_key", "entity", "probe"), base_of)
    fits = {**scored.fits, **rest_fits}
    return Linked(base_kind, keep(entities, "entities"), links, pairs, fits, limits, calibrated, kept.rows)


def _base(rows: ir.Table, kind: str, apart: ir.Table | None, keep: Keep) -> tuple[ir.Table, ir.Table]:
    """Return the base side, one line per entity, and ``row_key, entity, probe`` of its rows."""
    if kind == "penduduk":
        return comparable(rows, keep, "base"), rows.select("row_key", entity="row_key", probe="row_key")
    rows = keep(_probed(rows, apart), "base_rows")
    probes = rows.filter(rows.probe == rows.row_key)
    if apart is not None:
        apart = _apart(apart, rows.select("row_key", key="probe"), keep)
    groups, _ = _within(comparable(probes, keep, "base_probes"), "dasar", apart, keep)
    entities = keep(
        rows.select("row_key", "probe").inner_join(groups, "probe").select("row_key", "entity", "probe"),
        "base_entities",
    )
    chosen = probes.semi_join(groups.select("entity").distinct(), [("row_key", "entity")])
    return comparable(chosen, keep, "base"), entities


def _within(
    probes: ir.Table, name: str, apart: ir.Table | None, keep: Keep
) -> tuple[ir.Table, Mapping[str, Fit]]:
    """Group the rows of one list that are one person; returns ``probe, entity``."""
    probes = keep(probes.mutate(group=ibis.literal(name)), "within")
    sides = prepare(probes, probes, keep, within=True)
    scored = score(sides, keep)
    if apart is not None:
        scored = _without(scored, _ids(apart, probes, probes, symmetric=True), keep)
    p = scored.pairs.filter(scored.pairs.p >= 0.5).p.to_pyarrow().to_numpy()
    group_of = groups_within(scored, within_threshold(p), kin=kin_may_show(scored))
    table = ibis.memtable(
        {"id": list(group_of), "rep": list(group_of.values())}, schema={"id": "int64", "rep": "int64"}
    )
    keys = probes.select(rep="id", entity="row_key")
    mapped = probes.select("id", probe="row_key").left_join(table, "id")
    mapped = keep(mapped.select("probe", rep=ibis.coalesce(mapped.rep, mapped.id)), "within_groups")
    return keep(mapped.inner_join(keys, "rep").select("probe", "entity"), "within_entities"), scored.fits


def _link(
    probes: ir.Table, base: ir.Table, apart: ir.Table | None, known: Mapping[str, Fit], keep: Keep
) -> tuple[ir.Table, Scored, Scored]:
    """Return the best links, what was scored, and the same before people's word was heard."""
    sides = prepare(probes, base, keep)
    seen = scored = score(sides, keep, known)
    if apart is not None:
        scored = _without(scored, _ids(apart, probes, base), keep)
    best = best_links(scored, keep)
    return _keyed(best, sides.left, sides.right, keep, "best_keyed"), scored, seen


def _judged(judged: ir.Table, seen: Scored, others: ir.Table, base_of: ir.Table, keep: Keep) -> ir.Table:
    """Return ``group, p, right`` of the pairs of a list's row and a base row that people judged.

    Rows that say the same were compared as one; they are one pair here as well.
    """
    ours = others.select("row_key", l_key="probe")
    theirs = base_of.select("row_key", r_key="entity")
    either = ibis.union(
        judged.select("right", a="row_key_a", b="row_key_b"),
        judged.select("right", a="row_key_b", b="row_key_a"),
    )
    pairs = either.inner_join(ours, [("a", "row_key")]).drop("row_key")
    pairs = pairs.inner_join(theirs, [("b", "row_key")]).drop("row_key")
    pairs = pairs.group_by("l_key", "r_key").agg(right=lambda t: t.right.all())
    left, right = seen.sides.left, seen.sides.right
    numbered = pairs.inner_join(left.select(l="id", l_key="row_key"), "l_key")
    numbered = numbered.inner_join(right.select(r="id", r_key="row_key"), "r_key")
    compared = seen.pairs.select("l", "r", "group", "p").inner_join(numbered, ["l", "r"])
    return keep(compared.select("group", "p", "right"), "judged")


def _open_pairs(links: ir.Table, scored: Scored, keep: Keep) -> ir.Table:
    """Return the pairs of the rows that people are asked about: what is far from sure, but not hopeless."""
    asked = links.filter(~links.accepted & (links.p >= LOOK)).select("l").distinct()
    return _keyed(
        scored.pairs.semi_join(asked, "l"), scored.sides.left, scored.sides.right, keep, "pairs_keyed"
    )


def _keyed(pairs: ir.Table, left: ir.Table, right: ir.Table, keep: Keep, name: str) -> ir.Table:
    """Put row keys beside the ids."""
    keyed = pairs.inner_join(left.select(l="id", l_key="row_key"), "l")
    return keep(keyed.inner_join(right.select(r="id", r_key="row_key"), "r"), name)


def _apart(apart: ir.Table, stands: ir.Table, keep: Keep) -> ir.Table:
    """Return ``row_key_a, row_key_b`` of what stands in linking for the rows that are not one person.

    `stands` has ``row_key, key``: the row that is compared for it, or the person of the base that it is.
    """
    found = beside(apart, stands, "row_key", "key")
    pairs = found.filter(found.a != found.b).select(
        row_key_a=ibis.least(found.a, found.b), row_key_b=ibis.greatest(found.a, found.b)
    )
    return keep(pairs.distinct(), "apart")


def _parted(links: ir.Table, apart: ir.Table) -> ir.Table:
    """Of two rows that found one person and are two, the one less surely his does not stay."""
    held = links.filter(links.accepted).select("l_key", "r_key", "p")
    both = apart.inner_join(held.select(row_key_a="l_key", r_key="r_key", p_a="p"), "row_key_a")
    both = both.inner_join(held.select(row_key_b="l_key", r_key="r_key", p_b="p"), ["row_key_b", "r_key"])
    weaker = (both.p_a < both.p_b).ifelse(both.row_key_a, both.row_key_b)
    gone = both.select(l_key=weaker, gone=True).distinct()
    joined = links.left_join(gone, "l_key").drop("l_key_right")
    return joined.mutate(accepted=joined.accepted & joined.gone.isnull()).drop("gone")


def _ids(apart: ir.Table, left: ir.Table, right: ir.Table, *, symmetric: bool = False) -> ir.Table:
    """Turn pairs of row keys into pairs of ids, either way round."""
    both = ibis.union(apart.select(a="row_key_a", b="row_key_b"), apart.select(a="row_key_b", b="row_key_a"))
    keyed = both.inner_join(left.select(a="row_key", l="id"), "a")
    keyed = keyed.inner_join(right.select(b="row_key", r="id"), "b")
    return keyed.select("l", "r").filter(lambda t: t.l < t.r) if symmetric else keyed.select("l", "r")


def _without(scored: Scored, forbidden: ir.Table, keep: Keep) -> Scored:
    """Weigh the pairs (``l, r``) which a person said are two people so that nothing joins them."""
    left = scored.pairs.anti_join(forbidden, ["l", "r"])
    said = scored.pairs.semi_join(forbidden, ["l", "r"]).mutate(w=APART, p=0.0)
    fast = keep(scored.sides.fast.anti_join(forbidden, ["l", "r"]), "fast_decided")
    return replace(
        scored,
        sides=replace(scored.sides, fast=fast),
        pairs=keep(ibis.union(left, said), "pairs_decided"),
    )


def _accept(links: ir.Table, limits: Mapping[str, Threshold]) -> ir.Table:
    names: Sequence[str] = sorted(limits)
    table = ibis.memtable(
        {"group": list(names), "limit": [limits[name].value for name in names]},
        schema={"group": "string", "limit": "float64"},
    )
    joined = links.left_join(table, "group").drop("group_right")
    accepted = (joined.p >= joined["limit"]).fill_null(False) | joined.certain
    return joined.mutate(accepted=accepted).drop("limit", "certain")


def _rest(
    others: ir.Table, links: ir.Table, apart: ir.Table | None, keep: Keep
) -> tuple[ir.Table, Mapping[str, Fit]]:
    """Group the rows that found nobody; returns ``probe, entity`` and the fit."""
    rest = keep(others.anti_join(links.filter(links.accepted), [("row_key", "l_key")]), "rest_rows")
    if rest.count().to_pyarrow().as_py() == 0:
        return rest.select("probe", entity="probe"), {}
    return _within(comparable(rest, keep, "rest"), REST, apart, keep)
