"""What the numbers, names, dates and addresses of lists really say.

Distinct values are standardised once and joined back: a city's lists hold 1.5 million rows, but far
fewer different names, addresses and areas. Every rule itself lies in `rantang.vocabulary`.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.tables.identity import IDENTIFIED
from rantang.tables.keep import Keep
from rantang.vocabulary import addresses, dates, kk, names, nik
from rantang.vocabulary import areas as area_rules

LIST: Final = ("agency", "kind", "period", "programme")


def standardise(rows: ir.Table, areas: ir.Table, period_end: dt.date, keep: Keep) -> ir.Table:
    """Standardise the identifying columns of every row.

    Parameters
    ----------
    rows
        The columns of intake's ``BASE``, of one list or of all.
    areas
        The place's kelurahan and desa: ``code``, ``code_bps``, ``name``, ``variants``, ``kecamatan``,
        ``kecamatan_code``.
    period_end
        Last day of the edition's period: the only clock.
    keep
        Computes an intermediate table now.

    Returns
    -------
    The columns of ``IDENTIFIED``, one line per row. Nothing of a row is lost: raw values stay in
    intake's table under the same `row_key`.
    """
    numbered = keep(_numbers(rows, period_end), "identity_numbers")
    named = keep(distinct_names(rows, keep), "identity_names")
    placed = keep(distinct_places(rows, areas, keep), "identity_places")
    joined = _joined(rows, numbered, named, placed)
    dated = keep(_dates(joined, period_end), "identity_rows")
    return IDENTIFIED.conform(_heaped(dated))


def _numbers(rows: ir.Table, period_end: dt.date) -> ir.Table:
    """NIK and KK of each row; everything about one number stands beside the other."""
    written = rows.select(
        "row_key",
        listed=dates.possible(rows.birth_date, period_end),
        nik_written=rows.nik,
        kk_written=rows.kk,
        nik_numeric=rows.nik_numeric,
        kk_numeric=rows.kk_numeric,
        nik_found=nik.digits(rows.nik),
        kk_found=nik.digits(rows.kk),
    )
    told = written.mutate(
        nik_lost=nik.lost_digits(written.nik_written, written.nik_found, written.nik_numeric),
        kk_lost=nik.lost_digits(written.kk_written, written.kk_found, written.kk_numeric),
        kk_possible=kk.is_possible(written.kk_found),
    )
    states = told.mutate(
        nik_state=nik.state(told.nik_found, told.nik_lost, told.kk_found, told.kk_possible),
        kk_state=kk.state(told.kk_found, told.kk_lost, told.nik_found),
    )
    nothing = ibis.null("string")
    person = states.nik_state.isin(nik.USABLE)
    card = states.kk_state.isin([*nik.USABLE, "sama-kk"])
    usable = states.mutate(
        nik=person.ifelse(states.nik_found, nothing),
        kk=card.ifelse(states.kk_found, nothing),
        nik_digits=_kept_digits(states.nik_found, states.nik_state),
        kk_digits=_kept_digits(states.kk_found, states.kk_state),
    )
    return usable.select(
        "row_key", "nik", "nik_digits", "nik_state", "kk", "kk_digits", "kk_state", "listed",
        nik_birth=nik.birth_date(usable.nik, period_end, usable.listed),
        nik_sex=nik.sex(usable.nik),
    )  # fmt: skip


def _kept_digits(found: ir.StringValue, state: ir.StringValue) -> ir.StringValue:
    return ibis.cases(
        (state == "tiruan", ibis.null("string")), (state == "digit-hilang", found.substr(0, 15)), else_=found
    )


def distinct_names(rows: ir.Table, keep: Keep) -> ir.Table:
    """Return every different name and mother's name (``written``) with what is made of it."""
    every = ibis.union(rows.select(written=rows.name), rows.select(written=rows.mother), distinct=True)
    every = every.filter(every.written.notnull())
    tidied = every.mutate(tidied=names.tidy(every.written))
    bare = keep(
        tidied.select(
            "written",
            marked_deceased=names.is_marked_deceased(tidied.tidied),
            bare=names.without_marks(tidied.tidied),
        ),
        "names_bare",
    )
    front = bare.mutate(front=names.front_titles(bare.bare))
    front = front.mutate(rest=front.bare.substr(front.front.length()))
    back = front.mutate(back=names.back_titles(front.rest))
    parts = back.mutate(whole=back.rest.left(back.rest.length() - back.back.length()))
    cut = keep(
        parts.select(
            "written",
            "marked_deceased",
            own=names.own_part(parts.whole),
            father=names.father_part(parts.whole),
            titles=(parts.front + parts.back).re_replace(r"^[ ,]+|[ ,]+$", "").nullif(""),
        ),
        "names_cut",
    )
    spelt = keep(
        cut.mutate(name=names.spell(cut.own), father=names.spell(cut.father)).drop("own"), "names_spelt"
    )
    folded = keep(spelt.mutate(name_key=names.fold(spelt.name)), "names_folded")
    words = folded.name_key.split(" ")
    return folded.mutate(
        name_sorted=words.sort().join(" "),
        name_joined=folded.name_key.replace(" ", ""),
        name_first=folded.name_key.re_extract(r"^[^ ]+", 0).nullif(""),
        name_last=folded.name_key.re_extract(r"[^ ]+$", 0).nullif(""),
        name_words=words.length(),
    )


def distinct_addresses(rows: ir.Table, keep: Keep) -> ir.Table:
    """Return every different address text (``address``) in its parts."""
    every = rows.select("address").filter(rows.address.notnull()).distinct()
    tidied = every.mutate(text=addresses.tidy(every.address))
    bodies = keep(
        tidied.select(
            "address",
            text_rt=addresses.rt(tidied.text),
            text_rw=addresses.rw(tidied.text),
            text_kelurahan=addresses.kelurahan(tidied.text),
            text_kecamatan=addresses.kecamatan(tidied.text),
            body=addresses.core(tidied.text),
        ),
        "address_bodies",
    )
    said = keep(bodies.mutate(said=addresses.number_text(bodies.body)), "address_numbers")
    rest = said.mutate(rest=said.body.left(said.body.length() - said.said.length()))
    lanes = keep(rest.mutate(lane=addresses.lane_text(rest.rest)), "address_lanes")
    return lanes.select(
        "address", "text_rt", "text_rw", "text_kelurahan", "text_kecamatan",
        street=addresses.street(lanes.rest.left(lanes.rest.length() - lanes.lane.length())),
        house_number=addresses.house_number(lanes.said),
        gang=addresses.gang(lanes.lane, lanes.said),
    )  # fmt: skip


def distinct_places(rows: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Return every different address, area and RT/RW of the rows (``place``) standardised."""
    parsed = keep(distinct_addresses(rows, keep), "identity_addresses")
    joined = rows.select("row_key", "address", "kelurahan", "kecamatan", "area_code", "rt", "rw").left_join(
        parsed, "address"
    )
    said = keep(
        joined.select(
            "row_key", "street", "house_number", "gang",
            rt=ibis.coalesce(addresses.unit(joined.rt), joined.text_rt),
            rw=ibis.coalesce(addresses.unit(joined.rw), joined.text_rw),
            kelurahan=ibis.coalesce(joined.kelurahan.nullif(""), joined.text_kelurahan).fill_null(""),
            kecamatan=ibis.coalesce(joined.kecamatan.nullif(""), joined.text_kecamatan).fill_null(""),
            area_code=joined.area_code.fill_null(""),
        ),
        "identity_said",
    )  # fmt: skip
    columns = ("kelurahan", "kecamatan", "area_code")
    different = said.select(*columns).distinct()
    numbered = keep(different.mutate(place=ibis.row_number().over(order_by=list(columns))), "area_places")
    found = keep(area_rules.resolve(numbered, areas, keep), "area_found")
    resolved = keep(numbered.inner_join(found, "place").drop("place"), "area_resolved")
    return said.inner_join(resolved, list(columns)).drop(*columns)


def _joined(rows: ir.Table, numbered: ir.Table, named: ir.Table, placed: ir.Table) -> ir.Table:
    passed = ("row_key", "content_key", *LIST, "list_family", "relation")
    base = rows.select(
        *(column for column in passed if column in rows.columns),
        name_raw=rows.name,
        mother=rows.mother,
        listed_sex=rows.sex,
        birth_place=rows.birth_place.upper().re_replace(r"[^A-Z]+", " ").strip().nullif(""),
    )
    mothers = named.select(mother=named.written, mother_key=named.name_key)
    joined = base.inner_join(numbered, "row_key").inner_join(placed, "row_key")
    joined = joined.left_join(named, joined.name_raw == named.written)
    return joined.left_join(mothers, "mother").drop("mother_right")


def _dates(joined: ir.Table, period_end: dt.date) -> ir.Table:
    known = ibis.coalesce(joined.listed, joined.nik_birth)
    source = ibis.cases((joined.listed.notnull(), "daftar"), (joined.nik_birth.notnull(), "nik"), else_=None)
    return joined.mutate(
        birth_date=known,
        birth_source=source,
        month_day=dates.month_and_day(known),
        sex=ibis.coalesce(joined.listed_sex, joined.nik_sex),
        marked_deceased=joined.marked_deceased.fill_null(False),
    )


def _heaped(rows: ir.Table) -> ir.Table:
    listed = rows.mutate(list_key=_list_key(rows))
    heaps = dates.heaps(listed.select("list_key", "month_day"), ("list_key",)).mutate(heap=True)
    joined = listed.left_join(heaps, ["list_key", "month_day"], rname="heap_{name}")
    always = dates.always_heaped(joined.month_day)
    heaped = joined.birth_date.notnull().ifelse(always | joined.heap.fill_null(False), ibis.null("boolean"))
    return joined.mutate(birth_heaped=heaped)


def _list_key(rows: ir.Table) -> ir.StringValue:
    parts = [rows[column].fill_null("") for column in LIST]
    return parts[0] + "|" + parts[1] + "|" + parts[2] + "|" + parts[3]
