"""What a plan hands on: enough for anyone to recompute its effect and its limits from the folder alone."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

PLAN = Table(
    "plan",
    row="one programme given to one family",
    key=("family", "programme"),
    columns=(
        Column("family", "string", "Family id"),
        Column("programme", "string", "Programme code"),
        Column("units", "int64", "Places taken: 1, or the members who qualify"),
        Column("cost", "int64", "Rupiah a year"),
        Column(
            "effect",
            "float64",
            "The row's share of the family's joint effect, rupiah of (weighted) shortfall a month: its "
            "share of the family's gain (Aumann-Shapley); the rows of a family add up to its effect",
        ),
        Column("why", "string", "Code and figures, `HAK`, `TETAP`, `LANTAI` or `NILAI`"),
    ),
)

PLAN_FAMILIES = Table(
    "families",
    row="one family that was considered",
    key=("family",),
    columns=(
        Column("family", "string", "Family id"),
        Column("kelurahan", "string", "Kelurahan"),
        Column("gap", "float64", "Expected gap to the line without the plan, rupiah a month, whole family"),
        Column("weight", "float64", "Weight in the objective: calibrated weight, times the weight of kerak"),
        Column("kerak", "boolean", "Chronically poor"),
        Column("right", "float64", "Rupiah a month that the family must at least be brought"),
    ),
)

PLAN_CONSUMPTION = Table(
    "consumption",
    row="one family's predicted consumption, from which its effect is computed",
    key=("family",),
    columns=(
        Column("family", "string", "Family id"),
        Column("mean", "float64", "Mean of the logarithm of consumption per head a month"),
        Column("sd", "float64", "Standard deviation of that logarithm"),
        Column("size", "float64", "Members"),
    ),
)

PLAN_PAIRS = Table(
    "pairs",
    row="one family × programme",
    key=("family", "programme"),
    columns=(
        Column("family", "string", "Family id"),
        Column("programme", "string", "Programme code"),
        Column("agency", "string", "Agency that pays"),
        Column("eligible", "boolean", "The family may be given the programme"),
        Column("cost", "int64", "Rupiah a year"),
        Column("gain", "float64", "Rupiah of consumption a month, after take-up and delivery"),
    ),
)

PLAN_PRESENT = Table(
    "present",
    row="one programme that a family has now",
    key=("family", "programme"),
    columns=(
        Column("family", "string", "Family id"),
        Column("programme", "string", "Programme code"),
    ),
)

CONSTRAINTS = Table(
    "constraints",
    row="one constraint: the sum of its rows' coefficients over the plan is at most its limit",
    key=("name",),
    columns=(
        Column(
            "name",
            "string",
            "`anggaran:`, `tempat:`, `lantai:` (both sides negative), and per family `rangkap:`, "
            "`bersama:`, `batas:`, `hak:` (both sides negative)",
        ),
        Column("limit", "float64", "Upper bound; whole rupiah or places but for `hak:`"),
        Column("used", "float64", "What the plan uses of it"),
        Column("price", "float64", "What one more unit would add to the objective; null per family"),
    ),
)

CONSTRAINT_ROWS = Table(
    "constraint_rows",
    row="one family × programme in one constraint",
    key=("name", "family", "programme"),
    columns=(
        Column("name", "string", "Constraint"),
        Column("family", "string", "Family id"),
        Column("programme", "string", "Programme code"),
        Column("coefficient", "float64", "What giving it uses of the constraint"),
    ),
)

CHANGES = Table(
    "changes",
    row="one programme that a family enters or leaves under a scenario or plan",
    key=("family", "programme"),
    columns=(
        Column("family", "string", "Family id"),
        Column("kelurahan", "string", "Kelurahan"),
        Column("programme", "string", "Programme code"),
        Column("change", "string", "`masuk` or `keluar`; aid given once ends by itself and is `keluar`, too"),
        Column("units", "int64", "Places"),
        Column("cost", "int64", "Rupiah a year, negative where it ends"),
    ),
)

OF_PLAN: tuple[Table, ...] = (
    PLAN, PLAN_FAMILIES, PLAN_CONSUMPTION, PLAN_PAIRS, PLAN_PRESENT, CONSTRAINTS, CONSTRAINT_ROWS,
)  # fmt: skip
"""The tables of `DIR/plans/NAME/`; `plan.json` beside them has the objective, bound, gap and parameters."""
