"""What validation hands on: may this person or family stay on the list, with reasons."""

from __future__ import annotations

from rantang.tables.declare import Column, Table

ELIGIBILITY = Table(
    "eligibility",
    row="one person or family with its standing",
    key=("subject", "subject_id"),
    columns=(
        Column("subject", "string", "`person` or `family`"),
        Column("subject_id", "string", "Person id or family id"),
        Column("family_id", "string", "Family id"),
        Column("kelurahan_code", "string", "Kelurahan"),
        Column("status", "string", "`layak`, `perlu-verifikasi`, `tidak-layak`"),
        Column("by_word", "boolean", "`tidak-layak` rests on a person's decision or the person's own row"),
        Column("reasons", "string", "Codes that decided it, joined by a space, worst first"),
        Column("acts", "string", "Who must act first"),
    ),
)
