"""What the register hands on: persons, families, links, a review queue, ids."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

PERSONS = Table(
    "persons",
    row="one person on a welfare or programme list, or in the KK of one",
    key=("person_id",),
    columns=(
        Column("person_id", "string", "Stable id"),
        Column("family_id", "string", "Family (by KK)"),
        Column("nik", "string", "Best known NIK", secret=True),
        Column("nik_state", "string", "State of the best known NIK (`sah`, `hilang`, …)"),
        Column("kk", "string", "KK of the family", secret=True),
        Column("name", "string", "Standardised name"),
        Column("name_raw", "string", "Name as the best source writes it"),
        Column("birth_date", "date", "Birth date, best source"),
        Column("age", "int64", "Age in whole years at the last day of the edition's period"),
        Column("sex", "string", "`L` or `P`"),
        Column("relation", "string", "Relation to the head of family, Regsosek code 1-8"),
        Column("is_head", "boolean", "Head of the family"),
        Column("address", "string", "Street, number and gang, standardised"),
        Column("rt", "string", "RT"),
        Column("rw", "string", "RW"),
        Column("kelurahan_code", "string", "Kelurahan of the best source"),
        Column("kecamatan_code", "string", "Kecamatan of the best source"),
        Column(
            "resident",
            "string",
            "`tercatat` (on penduduk or matched), `pindah`, `meninggal`, `tidak-diketahui`",
        ),
        Column("resident_source", "string", "Kind of list that says so: `penduduk`, `padan` or null"),
        Column(
            "resident_tier", "string", "Tier of the link it rests on: `pasti` (own row), `sure`, `likely`"
        ),
        Column("in_dtks", "boolean", "On the `dtks` list"),
        Column("in_p3ke", "boolean", "On the `p3ke` list"),
        Column("in_dtsen", "boolean", "On the `dtsen` list"),
        Column(
            "is_recipient", "boolean", "On a `penerima` list of the twelve months that end with the period"
        ),
        Column(
            "listed",
            "boolean",
            "On a welfare list, or a recipient (false: only in the KK of someone who is, or paid earlier)",
        ),
        Column("dukcapil_queue", "string", "`tanpa-nik`, `nik-salah` or null: waits for Dispendukcapil"),
        Column("rows", "int64", "Number of list rows linked"),
    ),
)

FAMILIES = Table(
    "families",
    row="one family by KK (not a household)",
    key=("family_id",),
    columns=(
        Column("family_id", "string", "Stable id"),
        Column("kk", "string", "KK number, null where none is known", secret=True),
        Column("head_id", "string", "Person id of the head"),
        Column("members", "int64", "Members in the register"),
        Column(
            "kk_satu_orang", "boolean", "The KK has one member (a fact of the register, not of the household)"
        ),
        Column("kelurahan_code", "string", "Kelurahan of the head"),
        Column("kecamatan_code", "string", "Kecamatan of the head"),
        Column("listed", "boolean", "A member is on a welfare list, or a recipient"),
        Column("kk_count", "int64", "Different KK numbers seen for its members"),
    ),
)

LINKS = Table(
    "links",
    row="one list row and the person it is held to be",
    key=("row_key",),
    columns=(
        Column("row_key", "string", "The list row"),
        Column("agency", "string", "Agency"),
        Column("kind", "string", "Kind of list"),
        Column("period", "string", "Period"),
        Column("programme", "string", "Programme of a `penerima` row"),
        Column("person_id", "string", "The person"),
        Column(
            "tier", "string", "`own` (first row of a person), `sure`, `likely`; decided by people: `decided`"
        ),
        Column(
            "method",
            "string",
            "`ladder`, `model`, `family`, `decision`, `first` (the row founded the person)",
        ),
        Column("probability", "float64", "Calibrated probability, null where calibration is `none`"),
        Column("p_model", "float64", "The model's own p (not a probability; orders the work)"),
        Column("nik_equal", "boolean", "Both NIK are valid and equal"),
        Column(
            "evidence",
            "string",
            "Agreeing and differing fields as codes joined by a space, e.g. `nik= name= kk~ place-`",
        ),
        Column(
            "double",
            "boolean",
            "Another row of the same list (agency, kind, programme, period) is the same person",
        ),
    ),
)

REVIEW = Table(
    "review",
    row="one pair that a person should look at",
    key=("row_key", "rank"),
    columns=(
        Column("row_key", "string", "The list row"),
        Column("rank", "int64", "1-3: the row's candidates, best first"),
        Column(
            "person_id",
            "string",
            "Candidate person, null when the candidate is a resident outside the register",
        ),
        Column("candidate_key", "string", "Row key of the candidate's row"),
        Column("p_model", "float64", "The model's own p"),
        Column("probability", "float64", "Calibrated probability, null where calibration is `none`"),
        Column("value", "float64", "Value of information: orders the queue, highest first"),
        Column("evidence", "string", "As in links"),
        Column("agency", "string", "Agency of the row"),
        Column("kind", "string", "Kind of list of the row"),
    ),
)

IDS = Table(
    "ids",
    row="one list row and the person id it carries, so that ids last over editions; also rows of older "
    "lists that decisions name",
    key=("row_key",),
    columns=(
        Column("row_key", "string", "The list row"),
        Column(
            "content_key", "string", "The row's key without its period: an unchanged row keeps its person"
        ),
        Column("person_id", "string", "Person id; null where a decision names a row about nobody here"),
        Column("family_id", "string", "Family id"),
    ),
)
