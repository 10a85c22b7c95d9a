"""What measurement hands on: how much poverty a survey shows, where, and how sure that is."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

POVERTY = Table(
    "poverty",
    row="one figure of the survey, for the city or a part of it, by one method",
    key=("statistic", "level", "area", "method"),
    columns=(
        Column("statistic", "string", "`P0`, `P1`, `P2`, `gini`, `poverty_gap` and others"),
        Column(
            "level",
            "string",
            "`kota`, `kecamatan`, `kelurahan`, or `silang`: by up to three sides of a household",
        ),
        Column("area", "string", "Area code; `*` the city; `NAME=LEVEL|…` for `silang`"),
        Column(
            "method",
            "string",
            "`langsung` (the survey alone), `model` (the register helps), `sintetis` (nobody asked there)",
        ),
        Column("estimate", "float64", "Rates and shares as fractions; amounts in rupiah a month"),
        Column("se", "float64", "Standard error that knows how the survey was drawn"),
        Column("ci_low", "float64", "Lower end of the 95 % interval"),
        Column("ci_high", "float64", "Upper end of the 95 % interval"),
        Column("n", "int64", "Households interviewed"),
        Column("deff", "float64", "Design effect: variance over that of as many households drawn simply"),
        Column("rse", "float64", "Relative standard error, a fraction"),
        Column("reliability", "string", "`usable`, `caution` or `not_published` (BPS's marks)"),
        Column("period", "string", "Period of the survey, `YYYY-MM`"),
        Column("line", "float64", "Poverty line, rupiah a person and month (the mean, where rows differ)"),
        Column("line_source", "string", "`survei` (the file's own) or `indikator` (the city's table)"),
    ),
)
