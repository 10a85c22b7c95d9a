"""What the numbers, names, dates and addresses of lists really say.

Distinct names, addresses and areas are standardised once and joined back: a city's lists hold 1.5
million rows, but far fewer different texts. Numbers nearly all differ and are read row by row. Every
rule itself lies in `rantang.vocabulary`.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.identity.places import distinct_addresses, distinct_areas
from rantang.tables.identity import IDENTIFIED
from rantang.tables.keep import Keep
from rantang.vocabulary import addresses, dates, kk, names, nik

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
    The columns of ``IDENTIFIED``, one line per row, not yet computed. Nothing of a row is lost: raw
    values stay in intake's table under the same `row_key`.
    """
    exact = keep(nik.exact_lists(_numeric(rows)).mutate(exact=True), "identity_exact")
    based = _base(rows, period_end).left_join(exact, "list_key", rname="exact_{name}")
    read = with_births(with_numbers(_without_rounding(based), period_end))
    heaped = _with_heaps(read, rows, period_end, keep)
    return IDENTIFIED.conform(_with_places(_with_names(heaped, rows, keep), rows, areas, keep))


def _base(rows: ir.Table, period_end: dt.date) -> ir.Table:
    return rows.select(
        "row_key", "content_key", *LIST, "list_family", "relation", "mother", "address", "kelurahan",
        "kecamatan", "area_code",
        name_raw=rows.name,
        written_rt=rows.rt,
        written_rw=rows.rw,
        listed=dates.possible(rows.birth_date, period_end),
        listed_sex=rows.sex,
        birth_place=rows.birth_place.upper().re_replace(r"[^A-Z]+", " ").strip().nullif(""),
        nik_found=nik.digits(rows.nik),
        kk_found=nik.digits(rows.kk),
        nik_written=rows.nik,
        kk_written=rows.kk,
        nik_numeric=rows.nik_numeric.fill_null(False),
        kk_numeric=rows.kk_numeric.fill_null(False),
        list_key=_list_key(rows),
    )  # fmt: skip


def _numeric(rows: ir.Table) -> ir.Table:
    """Digits of NIK and KK cells that were numbers (a list's NIK and KK were written by one hand)."""
    parts = [
        rows.filter(rows[f"{side}_numeric"]).select(list_key=_list_key(rows), number=nik.digits(rows[side]))
        for side in ("nik", "kk")
    ]
    return ibis.union(*parts)


def _without_rounding(rows: ir.Table) -> ir.Table:
    """Add ``nik_lost`` and ``kk_lost``; in `exact` lists a last digit of 0 is a digit."""
    rounded = {side: rows[f"{side}_numeric"] & rows.exact.isnull() for side in ("nik", "kk")}
    return rows.mutate(
        **{
            f"{side}_lost": nik.lost_digits(rows[f"{side}_written"], rows[f"{side}_found"], rounded[side])
            for side in ("nik", "kk")
        }
    )


def with_numbers(rows: ir.Table, period_end: dt.date) -> ir.Table:
    """Add NIK and KK with their states, and birth date and sex inside the NIK.

    `rows` has ``nik_found``, ``kk_found`` (`nik.digits`), ``nik_lost``, ``kk_lost`` and ``listed``, the
    list's own birth date.
    """
    nothing = ibis.null("string")
    cut = rows.mutate(
        nik_date=nik.written_date(rows.nik_found),
        kk_date=nik.written_date(rows.kk_found),
        nik_place=nik.region(rows.nik_found),
        kk_place=nik.region(rows.kk_found),
    )
    tested = cut.mutate(nik_dated=nik.holds_date(cut.nik_date), kk_dated=kk.holds_date(cut.kk_date))
    same = ((tested.nik_found == tested.kk_found) & tested.kk_dated).fill_null(False)
    known = {side: nik.known_region(tested[f"{side}_place"]) for side in ("nik", "kk")}
    states = tested.mutate(
        **{
            f"{side}_state": nik.state(
                tested[f"{side}_found"], tested[f"{side}_lost"], tested[f"{side}_dated"], known[side], same
            )
            for side in ("nik", "kk")
        }
    )
    person, card = states.nik_state.isin(nik.USABLE), states.kk_state.isin(kk.USABLE)
    usable = states.mutate(
        nik=person.ifelse(states.nik_found, nothing),
        kk=card.ifelse(states.kk_found, nothing),
        nik_digits=_kept_digits(states.nik_found, states.nik_state),
        kk_digits=_kept_digits(states.kk_found, states.kk_state),
        born=person.ifelse(states.nik_date, 0),
    )
    return usable.mutate(
        nik_birth=nik.birth_date(usable.born, period_end, usable.listed), nik_sex=nik.sex(usable.born)
    )


def _kept_digits(found: ir.StringValue, state: ir.StringValue) -> ir.StringValue:
    return ibis.cases(
        (state == "tiruan", ibis.null("string")), (state == "digit-hilang", found.substr(0, 15)), else_=found
    )


def with_births(rows: ir.Table) -> ir.Table:
    """Add birth date and sex: the list's, else the NIK's."""

    def source(listed: ir.Value, inside: ir.Value) -> ir.StringValue:
        return ibis.cases((listed.notnull(), "daftar"), (inside.notnull(), "nik"), else_=None)

    known = rows.mutate(
        birth_date=ibis.coalesce(rows.listed, rows.nik_birth),
        birth_source=source(rows.listed, rows.nik_birth),
        sex=ibis.coalesce(rows.listed_sex, rows.nik_sex),
        sex_source=source(rows.listed_sex, rows.nik_sex),
    )
    return known.mutate(month_day=dates.month_and_day(known.birth_date))


def _with_heaps(read: ir.Table, rows: ir.Table, period_end: dt.date, keep: Keep) -> ir.Table:
    """Add ``birth_heaped``; heaps beside the usual three are looked for in each list's own dates."""
    listed = dates.possible(rows.birth_date, period_end)
    own = rows.select(list_key=_list_key(rows), month_day=dates.month_and_day(listed))
    heaps = keep(dates.heaps(own, ("list_key",)).mutate(heap=True), "identity_heaps")
    keyed = read.mutate(list_key=(read.birth_source == "daftar").ifelse(_list_key(read), ibis.null("string")))
    joined = keyed.left_join(heaps, ["list_key", "month_day"], rname="heap_{name}")
    heaped = dates.always_heaped(joined.month_day) | joined.heap.fill_null(False)
    return joined.mutate(birth_heaped=joined.birth_date.notnull().ifelse(heaped, ibis.null("boolean")))


def _list_key(rows: ir.Table) -> ir.StringValue:
    parts = [rows[column].fill_null("") for column in LIST]
    return parts[0] + "|" + parts[1] + "|" + parts[2] + "|" + parts[3]


def _with_names(read: ir.Table, rows: ir.Table, keep: Keep) -> ir.Table:
    named = keep(distinct_names(rows, keep), "identity_names")
    joined = read.left_join(named, read.name_raw == named.written).drop("written")
    mothers = named.select(mother=named.written, mother_key=named.name_key)
    joined = joined.left_join(mothers, "mother").drop("mother_right")
    return joined.mutate(marked_deceased=joined.marked_deceased.fill_null(False))


def distinct_names(rows: ir.Table, keep: Keep) -> ir.Table:
    """Return every different name and mother's name (``written``) with what is made of it."""
    every = ibis.union(rows.select(written=rows.name), rows.select(written=rows.mother), distinct=True)
    every = keep(every.filter(every.written.notnull()), "names_written")
    tidied = every.mutate(tidied=names.tidy(every.written))
    bare = tidied.select(
        "written",
        marked_deceased=names.is_marked_deceased(tidied.tidied),
        bare=names.without_marks(tidied.tidied),
    )
    front = bare.mutate(front=names.front_titles(bare.bare))
    front = front.mutate(rest=front.bare.substr(front.front.length()))
    back = front.mutate(back=names.back_titles(front.rest))
    whole = back.mutate(whole=back.rest.left(back.rest.length() - back.back.length()))
    parts = whole.mutate(own=names.own_part(whole.whole), father=names.father_part(whole.whole))
    # AHMAD, S.PD BIN SALIM: the degree stands before bin.
    inner = parts.mutate(inner=names.back_titles(parts.own))
    cut = inner.select(
        "written",
        "marked_deceased",
        "father",
        own=inner.own.left(inner.own.length() - inner.inner.length()),
        titles=(inner.front + inner.inner + inner.back).re_replace(r"[ ,]+", " ").strip().nullif(""),
    )
    spelt = cut.select(
        "written", "marked_deceased", "titles", name=names.spell(cut.own), father=names.spell(cut.father)
    )
    folded = spelt.mutate(name_key=names.fold(spelt.name))
    words = folded.name_key.split(" ")
    return folded.mutate(
        name_sorted=words.sort().join(" "),
        name_joined=names.joined(folded.name_key),
        name_first=folded.name_key.re_extract(r"^[^ ]+", 0).nullif(""),
        name_last=folded.name_key.re_extract(r"[^ ]+$", 0).nullif(""),
        name_words=words.length(),
    )


def _with_places(read: ir.Table, rows: ir.Table, areas: ir.Table, keep: Keep) -> ir.Table:
    """Add address parts and area: a list's own column counts more than what the address text says."""
    parsed = distinct_addresses(rows, areas, keep)
    located = distinct_areas(rows, parsed, areas, keep)
    inside = located.filter(located.area_code == "").select(
        text_kelurahan="kelurahan", text_kecamatan="kecamatan", text_code="kelurahan_code",
        text_kecamatan_code="kecamatan_code", text_state="area_state",
    )  # fmt: skip
    joined = read.left_join(parsed, "address").drop("address_right")
    joined = joined.left_join(inside, ["text_kelurahan", "text_kecamatan"], rname="{name}_there")
    joined = joined.mutate(
        kelurahan=joined.kelurahan.fill_null(""),
        kecamatan=joined.kecamatan.fill_null(""),
        area_code=joined.area_code.fill_null(""),
    ).left_join(located, ["kelurahan", "kecamatan", "area_code"], rname="{name}_here")
    by_text = joined.kelurahan_code.isnull() & joined.text_code.notnull()
    return joined.mutate(
        rt=ibis.coalesce(addresses.unit(joined.written_rt), joined.text_rt),
        rw=ibis.coalesce(addresses.unit(joined.written_rw), joined.text_rw),
        kelurahan_code=ibis.coalesce(joined.kelurahan_code, joined.text_code),
        kecamatan_code=by_text.ifelse(
            joined.text_kecamatan_code, ibis.coalesce(joined.kecamatan_code, joined.text_kecamatan_code)
        ),
        area_state=by_text.ifelse(joined.text_state, joined.area_state),
    )
