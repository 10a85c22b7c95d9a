"""What `rantang project` writes: the path of the rate, and the chance of every target."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

PROJECTION = Table(
    "projection",
    row="one year of one scenario's path",
    key=("scenario", "year"),
    columns=(
        Column(
            "scenario",
            "string",
            "`rancangan` (sampling error of the survey's design) or `tersirat` (what the published series "
            "allows); `angka misi (…)` starts at the quoted rate",
        ),
        Column("year", "int64", "Year of the survey"),
        Column("median", "float64", "Median of the true rate, per cent of the population"),
        Column("lo90", "float64", "Lower end of its 90 % interval, per cent"),
        Column("hi90", "float64", "Upper end of its 90 % interval, per cent"),
    ),
)

TARGETS = Table(
    "targets",
    row="one target in one scenario",
    key=("document", "year", "scenario"),
    columns=(
        Column("document", "string", "The planning document"),
        Column("year", "int64", "Year of the target"),
        Column("low", "float64", "Target, per cent; the lower end of a range"),
        Column("high", "float64", "Target, per cent; the upper end of a range"),
        Column("scenario", "string", "As in `projection`"),
        Column("p_true", "float64", "Probability that the true rate is at or below `high`"),
        Column(
            "p_published",
            "float64",
            "Probability that the published rate is at or below `high`; 0 or 1 where it is published",
        ),
    ),
)
