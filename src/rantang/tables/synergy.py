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
        Column(
            "kelurahan_code",
            "string",
            "Kelurahan of the family where the programme is for families, else of the person",
        ),
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
        Column(
            "recipients",
            "int64",
            "Recipients (units) at the period; null, like all that rests on lists, where there is none",
        ),
        Column("unlinked", "int64", "Recipient rows held to be nobody in the register"),
        Column("eligible", "int64", "Units for which the rule holds"),
        Column("eligible_unknown", "int64", "Units for which the facts do not answer the rule"),
        Column("eligible_served", "int64", "Of the eligible, recipients"),
        Column("gap", "int64", "Of the eligible, not served"),
        Column("verify", "int64", "Recipients with standing `perlu-verifikasi`"),
        Column("not_eligible", "int64", "Recipients with standing `tidak-layak`"),
        Column("unanswered", "int64", "Recipients whose eligibility could not be answered"),
        Column("doubles", "int64", "Recipient rows beyond the first of a person"),
        Column("overlap", "int64", "Recipients who also have a programme that excludes this one"),
        Column(
            "money",
            "int64",
            "Rupiah of the lists that speak of the period: the latest month's for aid that runs on, "
            "the last twelve months' for aid given once or once a year",
        ),
        Column(
            "money_verify",
            "int64",
            "Of it, to rows with standing `perlu-verifikasi` or `tidak-layak`",
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
        Column(
            "eligible_members",
            "string",
            "Of programmes that count persons: members who qualify and do not receive, `CODE:COUNT` "
            "joined by a space",
        ),
        Column("gap", "boolean", "Eligible for at least one programme of main support, receives nothing"),
        Column("money", "int64", "Rupiah in the period"),
        Column("months_aided", "int64", "Months with main support among the last six"),
        Column(
            "lapse",
            "string",
            "For kerak: first month without main support after a month with, in the last twelve, `YYYY-MM`",
        ),
        Column(
            "never_aided",
            "boolean",
            "For kerak: no main support in any of the last twelve months, though lists are known",
        ),
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

SCREENED = Table(
    "screened",
    row="one planned participant, or one who qualifies and is not planned",
    key=("row_key", "unit_id"),
    columns=(
        Column("row_key", "string", "The planned row; null for one who is not on the list"),
        Column("line", "int64", "The planned row's number in its file; null for one who is not on it"),
        Column("verdict", "string", "The weightiest code"),
        Column("verdicts", "string", "All codes, weightiest first, joined by a space"),
        Column("person_id", "string", "Person, null where the row is nobody in the register"),
        Column("family_id", "string", "Family"),
        Column("unit_id", "string", "Family or person, as the programme counts"),
        Column("kelurahan_code", "string", "Kelurahan by the register"),
        Column("tier", "string", "Tier of the link"),
        Column("probability", "float64", "Calibrated probability of the link, null where uncalibrated"),
        Column("p_model", "float64", "The model's own p"),
        Column("eligible", "boolean", "The programme's rule holds; null where facts are missing"),
        Column("status", "string", "Standing of the unit: layak, perlu-verifikasi, tidak-layak"),
        Column("reasons", "string", "Codes behind the standing"),
        Column("served_by", "string", "`PROGRAMME/agency` that exclude this one or are of its kind, joined"),
        Column("class_", "string", "Class of welfare"),
        Column("desil_nasional", "int64", "National decile"),
    ),
)
