"""What intake hands on: typed rows of every list, where they came from, and findings."""

from __future__ import annotations

from typing import Final

from rantang.tables.declare import Column, Table

LIST_KEYS: Final = ("agency", "kind", "programme", "period")
"""Columns that together name one list."""

# The columns that every list has after intake (null where it has none). A kind's own further
# columns (programme, flags, housing …) follow them, as its contract in `contracts/` declares.
BASE = (
    Column("row_key", "string", "The row's stable key: HMAC of agency, kind, period and typed values"),
    Column("content_key", "string", "The row's key without its period: an unchanged row is found again"),
    Column("agency", "string", "Agency code in lower case, `tidak-diketahui` where unknown"),
    Column("kind", "string", "Kind of list: the contract's name"),
    Column("period", "string", "Period of the delivery, `YYYY-MM`"),
    Column("programme", "string", "Programme code of a `penerima` row"),
    Column("nik", "string", "NIK as written, blanks and Excel marks removed", secret=True),
    Column("nik_numeric", "boolean", "The cell was a number: the 16th digit may be lost"),
    Column("kk", "string", "KK number as written, blanks and Excel marks removed", secret=True),
    Column("kk_numeric", "boolean", "The cell was a number: the 16th digit may be lost"),
    Column("list_family", "string", "The list's own number of the family or household, where it has one"),
    Column("name", "string", "Name as written"),
    Column("mother", "string", "Mother's name as written"),
    Column("birth_date", "date", "Birth date of the list"),
    Column("birth_place", "string", "Birth place as written"),
    Column("sex", "string", "`L` (man) or `P` (woman)"),
    Column("relation", "string", "Relation to head of family, Regsosek code 1-8"),
    Column("address", "string", "Address as written"),
    Column("rt", "string", "RT as written"),
    Column("rw", "string", "RW as written"),
    Column("kelurahan", "string", "Kelurahan or desa, name as written"),
    Column("kecamatan", "string", "Kecamatan, name as written"),
    Column("area_code", "string", "Kemendagri or BPS area code as written"),
    Column("phone", "string", "Telephone as written", secret=True),
)

PROVENANCE = Table(
    "provenance",
    row="one row of a delivery that was read; an edition keeps those that are linked or in a doubtful pair",
    key=("row_key",),
    columns=(
        Column("row_key", "string", "The row's stable key"),
        Column("delivery", "string", "SHA-256 of the delivered file", provenance=True),
        Column("file", "string", "Path under `lists/`", provenance=True),
        Column("sheet", "string", "Sheet name, empty for text files", provenance=True),
        Column("row", "int64", "Row number as a spreadsheet shows it (1 = first line)", provenance=True),
    ),
)

FINDINGS = Table(
    "findings",
    row="one thing that is wrong or notable, with who must act",
    key=("code", "subject", "subject_id", "column", "row_key"),
    columns=(
        Column("code", "string", "Stable code of the catalogue"),
        Column("severity", "string", "`galat` (row unusable), `peringatan`, `info`"),
        Column("subject", "string", "`file`, `row`, `person` or `family`"),
        Column("subject_id", "string", "Name of the file, row key, person id or family id"),
        Column("row_key", "string", "The row concerned, where there is one"),
        Column("agency", "string", "Agency whose list it is in"),
        Column("kind", "string", "Kind of list"),
        Column("period", "string", "Period of the list"),
        Column("programme", "string", "Programme of a `penerima` list"),
        Column("person_id", "string", "Person concerned"),
        Column("family_id", "string", "Family concerned"),
        Column("kelurahan_code", "string", "Kelurahan concerned"),
        Column("column", "string", "Column of the list, as its header says"),
        Column("value", "string", "The value, masked where personal"),
        Column("evidence", "string", "What the finding rests on, as `key=value` pairs joined by `; `"),
        Column(
            "needs_word", "boolean", "Speaks against a person and rests on a link without a person's word"
        ),
        Column("acts", "string", "Who must act"),
        Column("file", "string", "Path under `lists/`", provenance=True),
        Column("sheet", "string", "Sheet", provenance=True),
        Column("row", "int64", "Row number as a spreadsheet shows it", provenance=True),
    ),
)
