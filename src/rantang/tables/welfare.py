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
        Column("skor_kota", "float64", "The city's own score: predicted log consumption a head"),
        Column(
            "persentil_kota",
            "float64",
            "Rank of `skor_kota` among the persons of the city as the survey sees them, 0-100 (0 = poorest)",
        ),
        Column("persentil_lo", "float64", "Lower end of its 90 % interval over re-drawn samples"),
        Column("persentil_hi", "float64", "Upper end of it"),
        Column(
            "konsumsi",
            "float64",
            "Expected consumption, rupiah a head a month: the facts, and what lists and aid say beyond",
        ),
        Column("konsumsi_lo", "float64", "Lower end of the 90 % interval of the family's own consumption"),
        Column("konsumsi_hi", "float64", "Upper end of it"),
        Column("p_miskin", "float64", "Probability of consumption below the poverty line"),
        Column("p_ekstrem", "float64", "Probability of consumption below the extreme line"),
        Column("p_kerak", "float64", "Probability of consumption below the line that lasts"),
        Column("class_", "string", "`kerak`, `miskin`, `rentan`, `tidak-miskin`, `belum-didata`"),
        Column("dasar", "string", "What the class rests on: `skor`, `desil` (stand-in) or null"),
        Column(
            "alasan",
            "string",
            "What moved the score, `FACT.LEVEL:POINTS` joined by a space: three that lower it, three that "
            "raise it; points are log points against the survey's average household",
        ),
        Column(
            "tanda_kerak",
            "string",
            "Signs of kerak by structure: `tanpa-penghasil`, `tanpa-aset`, `terendah`, joined by a space",
        ),
        Column("fakta_terjawab", "float64", "Share of the model's facts that are answered"),
        Column("nilai_kunjungan", "float64", "Value of a visit: orders field verification, highest first"),
    ),
)
