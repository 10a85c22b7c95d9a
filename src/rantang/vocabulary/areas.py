"""Areas: which kelurahan or desa a row names, by code or by name, and in which of two code systems.

Kemendagri (``35.73.01.1001``) and BPS (``3573040005``) number kecamatan in different orders, and
both write ten digits without dots: 357301 is one kecamatan for Dukcapil and another for BPS. A
code is looked up whole in both systems. Where both know it, Kemendagri's has 1 (kelurahan) or 2
(desa) as its seventh digit, which decides.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.tables.keep import Keep

STATES: Final = ("sah", "dieja", "bps", "luar", "hilang", "tak-dikenal")
FAR: Final = 2
SHORT: Final = 6
_PREFIX: Final = r"^(?:KELURAHAN|KEL|DESA|DS|KECAMATAN|KEC)[^A-Z]+"
_TAIL: Final = r"[ ,;/(-]+(?:KEC|KECAMATAN|KOTA|KAB|KABUPATEN)\b.*$"


def key(name: ir.StringValue) -> ir.StringValue:
    """Fold an area's name for looking it up: capitals, no prefix (Kel., Desa, Kec.), letters only."""
    upper = name.cast("string").upper().strip().re_replace(_PREFIX, "").re_replace(_TAIL, "")
    return upper.re_replace(r"[^A-Z]+", "").nullif("")


def code_digits(written: ir.StringValue) -> ir.StringValue:
    """Return the ten digits of a kelurahan's code (longer codes go on to SLS or RT), null where fewer."""
    found = written.cast("string").re_replace(r"[^0-9]", "")
    return (found.length() >= 10).ifelse(found.substr(0, 10), ibis.null("string"))


def names(areas: ir.Table) -> ir.Table:
    """Return one line per area and spelling: ``key``, ``code``, ``kecamatan_code``, ``in_kecamatan``."""
    columns = {
        "code": areas.code,
        "kecamatan_code": areas.kecamatan_code,
        "in_kecamatan": key(areas.kecamatan),
    }
    own = areas.select(key=key(areas.name), **columns)
    if "variants" not in areas.columns:
        return own
    variants = areas.variants
    listed = variants if variants.type().is_array() else variants.cast("string").split("|")
    others = areas.select(variant=listed.unnest(), **columns)
    return (
        ibis.union(own, others.select(key=key(others.variant), **{name: others[name] for name in columns}))
        .filter(lambda t: t.key.notnull())
        .distinct()
    )


def _nearest(asked: ir.Table, known: ir.Table, by: str) -> ir.Table:
    """Return ``place, found`` where exactly one `known` value of column `by` is nearest to the asked key.

    Two letters may differ, one in names shorter than six; a tie is no answer.
    """
    pairs = asked.cross_join(known)
    pairs = pairs.select(
        "place", found=pairs[by], far=pairs.key.levenshtein(pairs.known_key), size=pairs.key.length()
    )
    near = pairs.filter(pairs.far <= (pairs.size < SHORT).ifelse(1, FAR))
    best = near.group_by("place").agg(least=near.far.min())
    tied = near.inner_join(best, "place").filter(lambda t: t.far == t.least)
    counted = tied.group_by("place").agg(found=tied.found.min(), kinds=tied.found.nunique())
    return counted.filter(counted.kinds == 1).select("place", "found")


def _kecamatan(places: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Return ``place, kecamatan_code`` of every place whose kecamatan is known, misspelt or not."""
    known = areas.select(known_key=key(areas.kecamatan), kecamatan_code=areas.kecamatan_code).distinct()
    asked = places.filter(places.kec_key.notnull()).select("place", key=places.kec_key)
    return keep(_nearest(asked, known, "kecamatan_code").rename(kecamatan_code="found"), "area_kecamatan")


def _by_code(places: ir.Table, areas: ir.Table) -> ir.Table:
    own = areas.select(
        code10=areas.code.re_replace(r"[^0-9]", ""), code=areas.code, system=ibis.literal("sah")
    )
    bps = areas.select(code10=areas.code_bps, code=areas.code, system=ibis.literal("bps"))
    both = places.select("place", "code10").inner_join(ibis.union(own, bps), "code10")
    is_own = both.code10.substr(6, 1).isin(["1", "2"])
    fits = is_own.ifelse(both.system == "sah", both.system == "bps")
    order = ibis.row_number().over(group_by=both.place, order_by=[fits.ifelse(0, 1), both.system.desc()])
    return both.mutate(order=order).filter(lambda t: t.order == 0).select("place", "code", "system")


def _by_name(places: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Return ``place, code, system``: exact in the named kecamatan, exact and single, then nearly so."""
    spelt = keep(names(areas), "area_names")
    asked = places.filter(places.kel_key.notnull()).select("place", "kecamatan_code", key=places.kel_key)
    exact = asked.inner_join(spelt, "key").select(
        "place", "code", inside=lambda t: (t.kecamatan_code == t.kecamatan_code_right).fill_null(False)
    )
    inside = _single(exact.filter(exact.inside))
    single = _single(exact.anti_join(inside, "place"))
    found = keep(ibis.union(inside, single).mutate(system=ibis.literal("sah")), "area_exact")
    left = asked.anti_join(found, "place").filter(lambda t: t.key.length() >= 4)
    known = spelt.select(known_key=spelt.key, found_code=spelt.code, of=spelt.kecamatan_code)
    near = keep(_near_in_kecamatan(left, known), "area_near")
    return ibis.union(found, near.select("place", code="found", system=ibis.literal("dieja")))


def _near_in_kecamatan(left: ir.Table, known: ir.Table) -> ir.Table:
    placed = left.filter(left.kecamatan_code.notnull())
    pairs = placed.inner_join(known, placed.kecamatan_code == known.of)
    inside = _nearest_of(pairs)
    anywhere = left.anti_join(inside, "place")
    return ibis.union(inside, _nearest_of(anywhere.cross_join(known)))


def _nearest_of(pairs: ir.Table) -> ir.Table:
    far = pairs.key.levenshtein(pairs.known_key)
    wide = pairs.select("place", found=pairs.found_code, far=far, size=pairs.key.length())
    near = wide.filter(wide.far <= (wide.size < SHORT).ifelse(1, FAR))
    best = near.group_by("place").agg(least=near.far.min())
    tied = near.inner_join(best, "place").filter(lambda t: t.far == t.least)
    counted = tied.group_by("place").agg(found=tied.found.min(), kinds=tied.found.nunique())
    return counted.filter(counted.kinds == 1).select("place", "found")


def _single(found: ir.Table) -> ir.Table:
    counted = found.group_by("place").agg(code=found.code.min(), kinds=found.code.nunique())
    return counted.filter(counted.kinds == 1).select("place", "code")


def resolve(places: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Find the area of each place.

    Parameters
    ----------
    places
        Distinct places: ``place`` (a key), ``kelurahan``, ``kecamatan``, ``area_code`` as written.
    areas
        Columns ``code`` (Kemendagri, dotted), ``code_bps``, ``name``, ``variants`` (array, or text
        with ``|``), ``kecamatan``, ``kecamatan_code``.

    Returns
    -------
    ``place``, ``kelurahan_code``, ``kecamatan_code``, ``area_state`` (see `STATES`). A code counts
    more than a name. ``luar``: the code, or the kecamatan, is of somewhere else.
    """
    asked = keep(
        places.select(
            "place",
            kel_key=key(places.kelurahan),
            kec_key=key(places.kecamatan),
            code10=code_digits(places.area_code),
        ),
        "area_asked",
    )
    kecamatan = _kecamatan(asked, areas, keep)
    asked = keep(asked.left_join(kecamatan, "place").drop("place_right"), "area_placed")
    by_code = _by_code(asked.filter(asked.code10.notnull()), areas)
    by_name = _by_name(asked, areas, keep)
    joined = asked.left_join(by_code, "place").drop("place_right")
    joined = joined.left_join(by_name, "place", rname="named_{name}").drop("named_place")
    codes = areas.select(found_code=areas.code, of=areas.kecamatan_code)
    joined = joined.mutate(found=ibis.coalesce(joined.code, joined.named_code))
    joined = joined.left_join(codes, joined.found == codes.found_code)
    regions = areas.select(region=areas.code.re_replace(r"[^0-9]", "").substr(0, 4)).distinct()
    joined = joined.left_join(regions, joined.code10.substr(0, 4) == regions.region)
    elsewhere = (joined.code10.notnull() & joined.region.isnull()) | (
        joined.kec_key.notnull() & joined.kecamatan_code.isnull()
    )
    unsaid = joined.kel_key.isnull() & joined.code10.isnull()
    state = ibis.cases(
        (joined.code.notnull(), joined.system),
        (joined.named_code.notnull(), joined.named_system),
        (elsewhere, "luar"),
        (unsaid, "hilang"),
        else_="tak-dikenal",
    )
    return joined.select(
        "place",
        kelurahan_code=joined.found,
        kecamatan_code=ibis.coalesce(joined.of, joined.kecamatan_code),
        area_state=state,
    )
