"""What welfare hands on: how poor a family is, how sure we are, and on what basis."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

WELFARE = Table(
    "welfare",
    row="one family",
    key=("family_id",),
    columns=(
        Column("family_id", "string", "Family id"),
        Column("desil_nasional", "int64", "Decile of an official list (1 = poorest), never ours"),
        Column("desil_sumber", "string", "Kind of list it was read from: `dtsen` or `p3ke`"),
        Column("desil_tanggal", "string", "Period of that list, `YYYY-MM`"),
        Column("skor_kota", "float64", "The city's own score: predicted log consumption per head"),
        Column("persentil_kota", "float64", "Rank by `skor_kota`, 0-100 (0 = poorest)"),
        Column("persentil_lo", "float64", "Lower end of the 90 % interval"),
        Column("persentil_hi", "float64", "Upper end of the 90 % interval"),
        Column("konsumsi", "float64", "Predicted consumption, rupiah per head a month"),
        Column("konsumsi_lo", "float64", "Lower end of the 90 % interval"),
        Column("konsumsi_hi", "float64", "Upper end of the 90 % interval"),
        Column("p_miskin", "float64", "Probability of consumption below the poverty line"),
        Column("p_ekstrem", "float64", "Probability of consumption below the extreme line"),
        Column("p_kerak", "float64", "Probability of chronic poverty"),
        Column("class_", "string", "`kerak`, `miskin`, `rentan`, `tidak-miskin`, `belum-didata`"),
        Column("dasar", "string", "What the class rests on: `desil` (stand-in), `skor` or null"),
        Column("alasan", "string", "Facts that raised or lowered the score"),
    ),
)
