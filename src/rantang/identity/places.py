"""Distinct addresses and areas of all rows, each standardised once."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.tables.keep import Keep
from rantang.vocabulary import addresses
from rantang.vocabulary import areas as area_rules

AREA: Final = ("kelurahan", "kecamatan", "area_code")


def distinct_addresses(rows: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Return every different address text (``address``) in its parts.

    ``text_kelurahan`` and ``text_kecamatan`` are what the text says of its area, empty where nothing.
    An address that is only the name of a kelurahan has no street.
    """
    every = keep(rows.select("address").filter(rows.address.notnull()).distinct(), "address_texts")
    tidied = every.mutate(text=addresses.tidy(every.address))
    said = tidied.mutate(body=addresses.core(tidied.text))
    said = said.mutate(said=addresses.number_text(said.body))
    rest = said.mutate(rest=said.body.left(said.body.length() - said.said.length()))
    lanes = rest.mutate(lane=addresses.lane_text(rest.rest))
    parts = lanes.select(
        "address",
        text_rt=addresses.rt(lanes.text),
        text_rw=addresses.rw(lanes.text),
        text_kelurahan=addresses.kelurahan(lanes.text).fill_null(""),
        text_kecamatan=addresses.kecamatan(lanes.text).fill_null(""),
        street=addresses.street(lanes.rest.left(lanes.rest.length() - lanes.lane.length())),
        house_number=addresses.house_number(lanes.said),
        gang=addresses.gang(lanes.lane, lanes.said),
        area_key=((lanes.said == "") & (lanes.lane == "")).ifelse(
            area_rules.key(lanes.body), ibis.null("string")
        ),
    )
    known = area_rules.names(areas).select(area_key="key", only="key").distinct()
    joined = parts.left_join(known, "area_key").drop("area_key_right")
    only = joined.only.notnull()
    bare = joined.mutate(
        street=only.ifelse(ibis.null("string"), joined.street),
        text_kelurahan=(only & (joined.text_kelurahan == "")).ifelse(joined.only, joined.text_kelurahan),
    )
    return keep(bare.drop("area_key", "only"), "identity_addresses")


def distinct_areas(rows: ir.Table, parsed: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Return every different kelurahan, kecamatan and code as written (empty for null) with its area.

    Written in columns of their own (`rows`) or in the text of an address (`parsed`).
    """
    own = rows.select(**{column: rows[column].fill_null("") for column in AREA})
    inside = parsed.select(kelurahan="text_kelurahan", kecamatan="text_kecamatan", area_code=ibis.literal(""))
    written = ibis.union(own, inside, distinct=True)
    numbered = keep(written.mutate(place=ibis.row_number().over(order_by=list(AREA))), "area_places")
    found = area_rules.resolve(numbered, areas, keep)
    return keep(numbered.inner_join(found, "place").drop("place"), "identity_areas")
