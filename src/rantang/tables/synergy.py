"""What synergy hands on: who gets what from whom, who gets nothing, who twice, who should not."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

ASSISTANCE = Table(
    "assistance",
    row="one recipient row of a programme list, with what the register knows of it",
    key=("row_key",),
    columns=(
        Column("row_key", "string", "The recipient row"),
        Column("programme", "string", "Programme code"),
        Column("agency", "string", "Agency that handed the list in"),
        Column("period", "string", "Month, `YYYY-MM`"),
        Column("person_id", "string", "Person, null where the row was not linked"),
        Column("family_id", "string", "Family"),
        Column("kelurahan_code", "string", "Kelurahan of the family, else of the row"),
        Column("amount", "int64", "Rupiah paid in the period: the list's, else the programme's standard"),
        Column("amount_source", "string", "`daftar`, `standar` or `asumsi`"),
        Column("eligible", "boolean", "The programme's rule holds; null where facts are missing"),
        Column(
            "standing",
            "string",
            "`tepat`, `perlu-verifikasi`, `tidak-layak`, `tak-terhubung`, `tak-terjawab`",
        ),
        Column("reasons", "string", "Codes, joined by a space"),
        Column("double", "boolean", "The person is on this list more than once this period"),
        Column(
            "forbidden_with", "string", "Codes of programmes of this person or family that exclude this one"
        ),
    ),
)

COVERAGE = Table(
    "coverage",
    row="one programme in one kelurahan (code `*`: the city) at the edition's period",
    key=("programme", "kelurahan_code"),
    columns=(
        Column("programme", "string", "Programme code (`*`: any programme)"),
        Column("agency", "string", "Agency that runs it"),
        Column("kelurahan_code", "string", "Kelurahan, `*` the city, `?` unknown"),
        Column("unit", "string", "`keluarga` or `individu`"),
        Column("recipients", "int64", "Recipients (units) at the period"),
        Column("unlinked", "int64", "Recipient rows held to be nobody in the register"),
        Column("eligible", "int64", "Units for which the rule holds"),
        Column("eligible_served", "int64", "Of them, recipients"),
        Column("gap", "int64", "Of them, not served"),
        Column("verify", "int64", "Recipients with standing `perlu-verifikasi`"),
        Column("not_eligible", "int64", "Recipients with standing `tidak-layak`"),
        Column("unanswered", "int64", "Recipients whose eligibility could not be answered"),
        Column("doubles", "int64", "Recipient rows beyond the first of a person"),
        Column("overlap", "int64", "Recipients who also have a programme that excludes this one"),
        Column("money", "int64", "Rupiah in the period"),
        Column(
            "money_verify",
            "int64",
            "Rupiah in the period to recipients with standing `perlu-verifikasi` or `tidak-layak`",
        ),
        Column("quota", "int64", "Places in the period, null where there is no quota"),
    ),
)

OVERLAP = Table(
    "overlap",
    row="a pair of programmes held by the same family at the period",
    key=("programme_a", "programme_b"),
    columns=(
        Column("programme_a", "string", "Programme code, first in alphabetical order"),
        Column("programme_b", "string", "Programme code"),
        Column(
            "relation",
            "string",
            "`terlarang` (exclude each other), `pelengkap` (meant together), `netral`, `sama` (diagonal)",
        ),
        Column("families", "int64", "Families holding both"),
        Column("money", "int64", "Rupiah in the period of the cheaper of the two"),
    ),
)

FAMILY_AID = Table(
    "family_aid",
    row="one family of the register",
    key=("family_id",),
    columns=(
        Column("family_id", "string", "Family"),
        Column("kelurahan_code", "string", "Kelurahan"),
        Column("class_", "string", "Class of welfare"),
        Column("programmes", "string", "Programmes received at the period, joined by a space"),
        Column(
            "eligible_for",
            "string",
            "Programmes whose rule holds and that are not received, joined by a space",
        ),
        Column("gap", "boolean", "Eligible for at least one programme of support, receives nothing"),
        Column("money", "int64", "Rupiah in the period"),
        Column("months_aided", "int64", "Months with aid among the last six"),
        Column("lapse", "string", "For kerak: first month without aid after a month with, `YYYY-MM`"),
        Column("never_aided", "boolean", "For kerak: no aid in any month known"),
    ),
)

HISTORY = Table(
    "history",
    row="one family at one past or present edition",
    key=("family_id", "period"),
    columns=(
        Column("family_id", "string", "Family"),
        Column("period", "string", "Edition's period"),
        Column("class_", "string", "Class at that edition"),
        Column("aided", "boolean", "Received something at that period"),
        Column("kelurahan_code", "string", "Kelurahan"),
    ),
)
