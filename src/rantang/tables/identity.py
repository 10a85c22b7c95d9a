"""What identity hands on: every list's rows with their identifying columns standardised."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

IDENTIFIED = Table(
    "identified",
    row="one usable row of a list",
    key=("row_key",),
    columns=(
        Column("row_key", "string", "The row's stable key"),
        Column("content_key", "string", "The row's key without its period"),
        Column("agency", "string", "Agency code"),
        Column("kind", "string", "Kind of list"),
        Column("period", "string", "Period of the delivery"),
        Column("programme", "string", "Programme code of a `penerima` row"),
        Column("nik", "string", "NIK of 16 digits that could exist, else null", secret=True),
        Column(
            "nik_digits", "string", "Digits as written when not missing (also wrong or short)", secret=True
        ),
        Column(
            "nik_state",
            "string",
            "`sah`, `hilang`, `panjang`, `tanggal`, `serial`, `tiruan` (placeholder), "
            "`wilayah` (prefix unknown: may be abolished), `digit-hilang` (16th lost in Excel), `sama-kk`",
        ),
        Column("kk", "string", "KK number of 16 digits that could exist, else null", secret=True),
        Column("kk_digits", "string", "Digits as written when not missing", secret=True),
        Column("kk_state", "string", "As `nik_state`"),
        Column("list_family", "string", "The list's own number of the family: its rows are neighbours"),
        Column("name_raw", "string", "Name as written"),
        Column(
            "name",
            "string",
            "Name in capitals, titles, kin markers and marks taken off, abbreviations opened",
        ),
        Column("name_key", "string", "Words of `name` folded by sound and spelling; what linkage compares"),
        Column("name_sorted", "string", "Words of `name_key` in alphabetical order"),
        Column("name_joined", "string", "`name_key` as one word, folded once more"),
        Column("name_first", "string", "First word of `name_key`"),
        Column("name_last", "string", "Last word of `name_key`"),
        Column("name_words", "int64", "Number of words of `name_key`"),
        Column("titles", "string", "Titles taken off, as written"),
        Column("father", "string", "Name after bin/binti, standardised"),
        Column("marked_deceased", "boolean", "The name carries Alm./Almh."),
        Column("mother_key", "string", "Mother's name folded like `name_key`"),
        Column("birth_date", "date", "Birth date: the list's, else the NIK's"),
        Column("birth_source", "string", "`daftar` or `nik`"),
        Column(
            "birth_heaped", "boolean", "31-12, 01-07 or 01-01 or another heap of this list: weighs little"
        ),
        Column("nik_birth", "date", "Birth date inside the NIK"),
        Column("sex", "string", "`L` or `P`: the list's, else the NIK's"),
        Column("sex_source", "string", "`daftar` or `nik`"),
        Column("nik_sex", "string", "Sex inside the NIK"),
        Column("birth_place", "string", "Birth place, capitals"),
        Column("relation", "string", "Relation to the head of family, Regsosek code 1-8"),
        Column("street", "string", "Street, standardised, without number"),
        Column("house_number", "string", "House number"),
        Column("gang", "string", "Gang (alley), or block of an estate"),
        Column("rt", "string", "RT, digits without leading zeros"),
        Column("rw", "string", "RW, digits without leading zeros"),
        Column("kelurahan_code", "string", "Kemendagri code of the kelurahan, dotted"),
        Column("kecamatan_code", "string", "Kemendagri code of the kecamatan, dotted"),
        Column(
            "area_state",
            "string",
            "`sah`, `dieja` (spelling mended), `bps` (BPS code), `luar` (elsewhere), `hilang`, `tak-dikenal`",
        ),
    ),
)
