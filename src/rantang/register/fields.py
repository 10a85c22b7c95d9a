"""The columns that linkage compares, made once per side from identified rows.

Everything that the comparison of a *pair* needs is computed here per *row*: a list of 100,000
rows has some 2.5 million candidate pairs.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from rantang.tables.keep import Keep

# What makes two rows of one list the same probe: rows that say exactly the same about a person
# are compared once (a recipient appears in every month's list).
CONTENT = (
    "nik", "nik_digits", "kk", "kk_digits", "name_key", "mother_key", "birth_date", "birth_source",
    "sex", "sex_source", "street", "house_number", "gang", "rt", "rw", "kelurahan_code",
)  # fmt: skip

NEEDED = (
    "row_key", "agency", "kind", "period", "programme", "list_family", *CONTENT,
    "name_sorted", "name_joined", "name_first", "name_last", "name_words", "birth_heaped", "nik_birth",
)  # fmt: skip
"""Columns of identified rows that linking reads; the others need not be carried along."""


def said(rows: ir.Table, columns: Sequence[str] = CONTENT) -> ir.StringValue:
    """Return what a row says of a person, by default all of it, as one text."""
    text = ibis.literal("")
    for column in columns:
        text = text + "|" + rows[column].cast("string").fill_null("")
    return text


def comparable(rows: ir.Table, keep: Keep, name: str) -> ir.Table:
    """Return `lines`, kept."""
    return keep(lines(rows), name)


def lines(rows: ir.Table, *, by_content: bool = False) -> ir.Table:
    """Return one line per row with the columns that blocking and comparison use.

    `rows` has the columns of ``IDENTIFIED`` and a text column ``group`` (which fit it belongs
    to). ``id`` is dense and follows `row_key`, so it does not depend on the order of the rows. Where
    keys do number the rows, ids follow what rows say (`by_content`): draws, ties and which row of a
    pair comes first must not depend on that order either.
    """
    has_place = rows.street.notnull() & (rows.house_number.notnull() | rows.gang.notnull())
    # Numbered apart from the other columns: what a window does not carry along it need not sort.
    keyed = rows.select(key=rows.row_key, said=said(rows)) if by_content else rows.select(key=rows.row_key)
    number = keyed.select("key", id=ibis.row_number().over(order_by=[*keyed.columns[1:], keyed.key]))
    rows = rows.inner_join(number, [("row_key", "key")])
    digits = rows.nik_digits
    return rows.select(
        "id",
        row_key=rows.row_key,
        group=rows.group,
        list_=rows.agency + "|" + rows.kind + "|" + rows.programme.fill_null("") + "|" + rows.period,
        nik=rows.nik,
        nik15=(digits.length() >= 15).ifelse(digits.substr(0, 15), ibis.null("string")),
        nik_region=rows.nik.substr(0, 6),
        nik_born=rows.nik_birth,
        kk=rows.kk,
        list_family=rows.kind + "|" + rows.agency + "|" + rows.list_family,
        kk15=(rows.kk_digits.length() >= 15).ifelse(rows.kk_digits.substr(0, 15), ibis.null("string")),
        name=rows.name_key.nullif(""),
        sorted_=rows.name_sorted.nullif(""),
        joined=rows.name_joined.nullif(""),
        first=rows.name_first.nullif(""),
        last=rows.name_last.nullif(""),
        words=rows.name_key.nullif("").split(" "),
        word_count=rows.name_words,
        initials=rows.name_key.re_search("(^| ).( |$)").fill_null(False),
        born=(rows.birth_source == "daftar").ifelse(rows.birth_date, ibis.null("date")),
        any_born=rows.birth_date,
        heaped=rows.birth_heaped.fill_null(False),
        # What a NIK says of its owner's sex says nothing of a row that borrowed the NIK.
        sex=(rows.sex_source == "daftar").ifelse(rows.sex, ibis.null("string")),
        any_sex=rows.sex,
        mother=rows.mother_key.nullif(""),
        street=rows.street,
        place=has_place.ifelse(
            rows.street + "|" + rows.house_number.fill_null("") + "|" + rows.gang.fill_null(""),
            ibis.null("string"),
        ),
        rt=rows.rt,
        rw=rows.rw,
        kelurahan=rows.kelurahan_code,
    )


def family_of(rows: ir.Table) -> ir.Table:
    """Add ``family``: the KK, else the full address in its kelurahan, else the row alone."""
    address = rows.place + "|" + rows.kelurahan
    return rows.mutate(family=ibis.coalesce(rows.kk, address, rows.row_key))


def with_frequency(rows: ir.Table, register: ir.Table) -> ir.Table:
    """Add ``frequency``: how many rows of `register` carry the row's sorted name."""
    counts = (
        register.filter(register.sorted_.notnull()).group_by("sorted_").agg(frequency=lambda t: t.count())
    )
    joined = rows.left_join(counts, "sorted_")
    return joined.drop("sorted__right")
