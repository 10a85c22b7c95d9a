"""Linking the rows of lists to a register of people: candidates, levels, fit, family pass.

Two passes over the same pairs: the first knows rows, the second also knows which other members
of the row's family were found (`support`) and which people are surely somebody else's (`taken`).
Rows whose NIK and name both agree with exactly one register row take the fast path; one in ten
of them is compared in full all the same, so that the fit, the decoys and the calibration see
them too (weighted by ten).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np

from rantang.register.alike import Alike
from rantang.register.candidates import candidates
from rantang.register.chance import chance, kin
from rantang.register.fields import family_of, with_frequency
from rantang.register.levels import COMPARISONS, EQUAL_NAME, UNLIKE_NAME, certain, compare, similarity
from rantang.register.model import Chance, Fit, Levels, fit
from rantang.tables.keep import Keep

DECOY_SHARE: Final = 10
SURE: Final = 0.9
MOST_MEMBERS: Final = 15
# Inside one list a row may have several doubles; more than this and the fit has lost its way.
PAIRS_OF_A_ROW: Final = 4
FIRST_FIELDS: Final = tuple(COMPARISONS)
ALL_FIELDS: Final = (*FIRST_FIELDS, "support", "taken")


@dataclass(frozen=True)
class Sides:
    """Both sides of a linkage, ready to compare. `left` knows the owner of its NIK in `right`."""

    left: ir.Table
    right: ir.Table
    fast: ir.Table
    full: ir.Table
    within: bool = False
    doubles: bool = False


@dataclass(frozen=True)
class Scored:
    """Every pair that was compared in full, with levels, weight and p; the fits by group."""

    sides: Sides
    pairs: ir.Table
    fits: Mapping[str, Fit]
    sure: ir.Table


def prepare(
    left: ir.Table,
    right: ir.Table,
    keep: Keep,
    *,
    within: bool = False,
    same: Mapping[int, int] | None = None,
    fast_path: bool = True,
    register: ir.Table | None = None,
) -> Sides:
    """Make both sides comparable; `left` and `right` come from `fields.comparable`.

    `same` tells which rows of `right` are one person (id to smallest id) where `right` may list
    people twice; such rows do not compete for a row of `left`. Short lists need no `fast_path`: every
    row is a decoy the more. Where `right` is a part of a `register`, names are as frequent as in all of it.
    """
    register = right if register is None else register
    right = keep(_decoys(_persons_of(with_frequency(family_of(right), register), same)), "register_side")
    owners = right.filter(right.nik.notnull()).group_by("nik")
    owners = owners.agg(
        owner=lambda t: t.id.min(), owners=lambda t: t.count(), owner_family=lambda t: t.family.min()
    )
    left = with_frequency(left, register).left_join(owners, "nik").drop("nik_right")
    left = keep(_neighbourhood(left), "list_side")
    if not within and not fast_path:
        full = keep(left.mutate(weight=1.0), "full")
        return Sides(left, right, _no_fast(left), full, doubles=bool(same))
    if within:
        left = keep(left.mutate(owner=ibis.null("int64"), owner_family=ibis.null("string")), "list_side")
        return Sides(left, right, _no_fast(left), keep(left.mutate(weight=1.0), "full"), within=True)
    found = left.inner_join(right, [("owner", "id")], rname="{name}_r")
    fast = found.filter((found.owners == 1) & (found.sorted_ == found.sorted__r) & ~found.doubled)
    fast = keep(fast.select(l=fast.id, r=fast.owner, decoy=fast.decoy), "fast")
    skipped = fast.filter(~fast.decoy)
    full = left.anti_join(skipped, [("id", "l")])
    sampled = full.left_join(fast.select("l", sampled=True), [("id", "l")])
    full = keep(
        sampled.mutate(weight=sampled.sampled.fill_null(False).ifelse(float(DECOY_SHARE), 1.0)).drop(
            "l", "sampled"
        ),
        "full",
    )
    return Sides(left, right, fast, full, doubles=bool(same))


def _persons_of(right: ir.Table, same: Mapping[int, int] | None) -> ir.Table:
    """Add ``person`` (the smallest id among the person's rows) and ``doubled``."""
    if not same:
        return right.mutate(person=right.id, doubled=ibis.literal(False))
    table = ibis.memtable(
        {"id": list(same), "of": list(same.values())}, schema={"id": "int64", "of": "int64"}
    )
    joined = right.left_join(table, "id").drop("id_right")
    return joined.mutate(person=ibis.coalesce(joined.of, joined.id), doubled=joined.of.notnull()).drop("of")


def _decoys(right: ir.Table) -> ir.Table:
    """Mark one person in ten (rows are numbered in the order of their keys) as a decoy."""
    return right.mutate(decoy=(right.person % DECOY_SHARE == 0))


def _neighbourhood(left: ir.Table) -> ir.Table:
    """Add the two ways in which rows of lists are neighbours: one card (or one family of the list
    itself), one full address.
    """
    return left.mutate(card=ibis.coalesce(left.list_family, left.kk), door=left.place + "|" + left.kelurahan)


def _no_fast(left: ir.Table) -> ir.Table:
    return left.select(l=left.id, r=left.id, decoy=False).limit(0)


def score(
    sides: Sides,
    keep: Keep,
    known: Mapping[str, Fit] | None = None,
    *,
    by_chance: bool = False,
    alike: Alike | None = None,
) -> Scored:
    """Score every candidate pair in two passes.

    `known` holds fits of earlier editions by group; a group in it keeps its fit. With `by_chance` it is
    counted how strangers compare: lists from anywhere may have nothing else that holds the fit. `alike`
    has how people of the register compare with each other.
    """
    known = known or {}
    full = sides.full
    blocked = candidates(full, sides.right, keep, within=sides.within)
    pairs = keep(compare(blocked, full, sides.right), "levels")
    rows = _rows_by_group(full)
    if sides.within:
        rows = {group: count * PAIRS_OF_A_ROW for group, count in rows.items()}
    strangers = replace(_strangers(sides, keep), alike=alike) if by_chance else None
    first = _fits(_weighted(pairs, full), FIRST_FIELDS, rows, {}, {}, strangers)
    scored = keep(with_p(pairs, first, FIRST_FIELDS, sides), "first_pass")
    if sides.within:
        return Scored(sides, scored, first, scored.limit(0).select("l", "r"))
    sure = keep(sure_links(scored, sides), "sure")
    pairs = keep(_add_supported(pairs, sure, sides), "levels_more")
    pairs = keep(family_fields(pairs, sure, sides), "levels_family")
    second = _fits(_weighted(pairs, full), ALL_FIELDS, rows, first, known, strangers)
    return Scored(sides, keep(with_p(pairs, second, ALL_FIELDS, sides), "second_pass"), second, sure)


def _strangers(sides: Sides, keep: Keep) -> Chance:
    share = 0.5 / PAIRS_OF_A_ROW if sides.within else 1.0
    met = chance(sides.left, sides.right, keep, FIRST_FIELDS, share=share)
    of_kin = kin(sides.right, keep, doubles=sides.within)
    return replace(met, kin=of_kin.tables, namesakes={**met.namesakes, "H": of_kin.namesakes})


def best_links(scored: Scored, keep: Keep) -> ir.Table:
    """Return every row's best candidate with levels, ``w`` and ``p``; rows of the fast path too.

    A row of the fast path was compared with its one candidate only, so its p has no rivals in it.
    """
    sides = scored.sides
    best = best_of(scored.pairs)
    if sides.within:
        return keep(best, "best")
    skipped = sides.fast.filter(~sides.fast.decoy).select("l", "r")
    alone = compare(skipped, sides.left, sides.right).mutate(
        support=ibis.literal(0, "int8"), taken=ibis.literal(0, "int8")
    )
    alone = keep(alone, "fast_levels")
    return keep(ibis.union(best, with_p(alone, scored.fits, ALL_FIELDS, sides).select(*best.columns)), "best")


def certain_links(pairs: ir.Table, sides: Sides) -> ir.Table:
    """Add ``certain`` to pairs with levels: what the ladder links, where one person alone has the number."""
    owners = sides.left.select(l="id", owners="owners")
    joined = pairs.inner_join(owners, "l")
    return joined.mutate(certain=(certain(joined) & (joined.owners == 1)).fill_null(False)).drop("owners")


def best_of(pairs: ir.Table) -> ir.Table:
    """Keep each row's best candidate; ties fall to the register row with the smaller key."""
    rank = ibis.row_number().over(group_by=pairs.l, order_by=[pairs.p.desc(), pairs.r])
    return pairs.mutate(rank=rank).filter(lambda t: t.rank == 0).drop("rank")


def sure_links(scored: ir.Table, sides: Sides) -> ir.Table:
    """Return ``l, r`` of the fast path and of best pairs with p of at least `SURE`."""
    best = scored.filter(scored.p >= SURE).select("l", "r")
    fast = sides.fast.select("l", "r").anti_join(best, "l")
    links = ibis.union(best, fast)
    left = sides.left.select("id", "list_", "name", "card", "door")
    right = sides.right.select("id", "family", "decoy")
    joined = links.inner_join(left, [("l", "id")]).drop("id")
    return joined.inner_join(right, [("r", "id")]).drop("id")


def _support(rows: ir.Table, sure: ir.Table) -> ir.Table:
    """Return ``l, family, found``: how many neighbours' sure links lie in a register family."""
    parts = []
    for way in ("card", "door"):
        near = sure.filter(sure[way].notnull()).select(n=sure.l, family=sure.family, r=sure.r, way=sure[way])
        ours = rows.filter(rows[way].notnull()).select(l=rows.id, way=rows[way])
        met = ours.inner_join(near, "way")
        met = met.filter(met.l != met.n)
        parts.append(met.select("l", "family", "r"))
    return ibis.union(*parts, distinct=True).group_by("l", "family").agg(found=lambda t: t.count())


def _borrowed(pairs: ir.Table, sides: Sides) -> ir.Table:
    """Return ``l, r, family`` where an equal NIK stands beside quite another name: whose is it?"""
    doubtful = pairs.filter((pairs.nik == 1) & (pairs.name >= UNLIKE_NAME)).select("l", "r")
    families = sides.right.select(r=sides.right.id, family=sides.right.family)
    return doubtful.inner_join(families.filter(families.family.notnull()), "r")


def _add_supported(pairs: ir.Table, sure: ir.Table, sides: Sides) -> ir.Table:
    """Let the members of a family become candidates too: of one that neighbours vouch for, and of one
    whose member's NIK the row carries beside another name.
    """
    families = ibis.union(
        _support(sides.full, sure).select("l", "family"),
        _borrowed(pairs, sides).select("l", "family"),
        distinct=True,
    )
    members = sides.right.select(r=sides.right.id, family=sides.right.family)
    sizes = members.group_by("family").agg(n=lambda t: t.count())
    members = members.semi_join(sizes.filter(sizes.n <= MOST_MEMBERS), "family")
    more = families.inner_join(members, "family").select("l", "r").anti_join(pairs, ["l", "r"])
    return ibis.union(pairs, compare(more, sides.full, sides.right))


def family_fields(pairs: ir.Table, sure: ir.Table, sides: Sides) -> ir.Table:
    """Add ``support`` and ``taken`` to the pairs, from the sure links.

    support: 0 no neighbour was found anywhere, 1 none in this family, 2 one, 3 two or more.
    taken: 2 when the person is surely another row's of the same list, with an unlike name (on
    another list the person's own name may stand there, better written), or when the row carries
    the person's NIK but the name of another member of the family: the NIK was borrowed.
    """
    support = _support(sides.full, sure)
    anywhere = support.group_by("l").agg(anywhere=lambda t: t.found.sum())
    taker = sure.group_by("list_", "r").agg(
        taker=lambda t: t.l.min(), taker_name=lambda t: t.name.argmin(t.l)
    )
    right = sides.right.select(id=sides.right.id, family=sides.right.family)
    names = sides.full.select(id=sides.full.id, own_name=sides.full.name, list_=sides.full.list_)
    joined = pairs.inner_join(right, [("r", "id")]).drop("id")
    joined = joined.inner_join(names, [("l", "id")]).drop("id")
    joined = joined.left_join(support, ["l", "family"]).drop("l_right", "family_right")
    joined = joined.left_join(anywhere, "l").drop("l_right")
    joined = joined.left_join(taker, ["list_", "r"]).drop("list__right", "r_right")
    members = pairs.filter((pairs.name >= 1) & (pairs.name <= EQUAL_NAME)).inner_join(right, [("r", "id")])
    borrowed = _borrowed(pairs, sides).semi_join(members, ["l", "family"]).select("l", "r", borrowed=True)
    joined = joined.left_join(borrowed, ["l", "r"]).drop("l_right", "r_right")
    unlike = (joined.taker != joined.l) & (similarity(joined.taker_name, joined.own_name) < 0.88)
    found = joined.found.fill_null(0)
    return joined.select(
        "l",
        "r",
        "group",
        *FIRST_FIELDS,
        support=joined.anywhere.isnull().ifelse(0, ibis.least(found, 2) + 1).cast("int8"),
        taken=(unlike.fill_null(False) | joined.borrowed.fill_null(False)).ifelse(2, 1).cast("int8"),
    )


def _weighted(pairs: ir.Table, full: ir.Table) -> ir.Table:
    weights = full.select(l=full.id, weight=full.weight)
    return pairs.inner_join(weights, "l")


def _rows_by_group(full: ir.Table) -> dict[str, float]:
    counted = full.group_by("group").agg(rows=lambda t: t.weight.sum()).to_pyarrow().to_pylist()
    return {row["group"]: float(row["rows"]) for row in counted}


def _fits(
    pairs: ir.Table,
    fields: tuple[str, ...],
    rows: Mapping[str, float],
    start: Mapping[str, Fit],
    known: Mapping[str, Fit],
    strangers: Chance | None,
) -> dict[str, Fit]:
    """Fit every group on its counts of level patterns."""
    counts = pairs.group_by("group", *fields).agg(n=lambda t: t.weight.sum()).order_by("group", *fields)
    table = counts.to_pyarrow()
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    patterns: Levels = np.column_stack([table[name].to_numpy() for name in fields]).astype(np.int8)
    n = table["n"].to_numpy().astype(np.float64)
    found: dict[str, Fit] = {}
    for group in sorted(rows):
        if group in known and known[group].fields == fields:
            found[group] = known[group]
            continue
        of_group = groups == group
        if of_group.any():
            found[group] = fit(
                patterns[of_group],
                n[of_group],
                fields,
                rows=rows[group],
                start=start.get(group),
                chance=strangers,
            )
    return found


def pattern_code(pairs: ir.Table, fields: tuple[str, ...]) -> ir.IntegerValue:
    """Return a pair's levels as one number, a hexadecimal digit per field."""
    code = ibis.literal(0, "int64")
    for name in fields:
        code = code * 16 + pairs[name].cast("int64")
    return code


def pattern_weights(pairs: ir.Table, fits: Mapping[str, Fit], fields: tuple[str, ...]) -> ir.Table:
    """Return ``group, code, w`` for every pattern that occurs in `pairs`."""
    table = pairs.select("group", *fields).distinct().order_by("group", *fields).to_pyarrow()
    groups = np.asarray(table["group"].to_pylist(), dtype=object)
    patterns: Levels = np.column_stack([table[name].to_numpy() for name in fields]).astype(np.int8)
    codes = np.zeros(len(patterns), dtype=np.int64)
    for column in range(len(fields)):
        codes = codes * 16 + patterns[:, column]
    weights = np.full(len(patterns), -30.0)
    for group in sorted(fits):
        of_group = groups == group
        if of_group.any():
            weights[of_group] = fits[group].weights(patterns[of_group])
    return ibis.memtable({"group": groups.tolist(), "code": codes, "w": np.clip(weights, -30.0, 30.0)},
                         schema={"group": "string", "code": "int64", "w": "float64"})  # fmt: skip


def with_p(pairs: ir.Table, fits: Mapping[str, Fit], fields: tuple[str, ...], sides: Sides) -> ir.Table:
    """Add ``w`` and ``p``: among the row's candidates, or of the pair alone when within one list."""
    coded = pairs.mutate(code=pattern_code(pairs, fields))
    joined = coded.inner_join(pattern_weights(pairs, fits, fields), ["group", "code"])
    return with_posterior(joined.drop("code"), sides)


def with_posterior(pairs: ir.Table, sides: Sides) -> ir.Table:
    """p(row -> candidate) = e^w / (1 + sum of e^w over the row's candidates), rounded to 1e-6.

    Rows of one person (where the right list has doubles) count once in the sum, with their best.
    """
    if sides.within:
        return pairs.mutate(p=(pairs.w.exp() / (1 + pairs.w.exp())).round(6))
    if not sides.doubles:
        odds = pairs.w.exp()
        return pairs.mutate(p=(odds / (1 + odds.sum().over(group_by="l"))).round(6))
    person = sides.right.select(r=sides.right.id, person=sides.right.person)
    joined = pairs.inner_join(person, "r").mutate(odds=lambda t: t.w.exp())
    own = joined.odds.max().over(group_by=["l", "person"])
    share = own / joined.odds.count().over(group_by=["l", "person"])
    joined = joined.mutate(own=own, share=share)
    rivals = joined.share.sum().over(group_by="l") - joined.own
    joined = joined.mutate(p=(joined.odds / (1 + ibis.greatest(rivals, 0.0) + joined.odds)).round(6))
    return joined.drop("person", "odds", "own", "share")
