"""Answers in words, as people write them into a column that asks for a yes, a no or a note."""

from __future__ import annotations

import ibis.expr.types as ir

# "Tidak cacat", "Non Disabilitas", "Belum meninggal", "Tanpa keterangan".
_DENIES = r"^([0-9]+ )?(TIDAK|TDK|TAK|NON|BELUM|BLM|BUKAN|TANPA)( |$)"
# "Tidak bisa berjalan" is no denial of a disability, but one.
_UNABLE = (
    r"^([0-9]+ )?(TIDAK|TDK|TAK|BELUM|BLM) (BISA|DAPAT|DPT|MAMPU|NORMAL|BERFUNGSI|SEMPURNA|LANCAR|JELAS|"
    r"BERJALAN|MELIHAT|MENDENGAR|BERBICARA|BICARA)( |$)"
)


def folded(answer: ir.StringValue) -> ir.StringValue:
    """Capitals, other marks one blank, as the code lists write answers; null where nothing is left."""
    return answer.upper().re_replace(r"[^0-9A-Z√✓✔]+", " ").strip().nullif("")


def denies(answer: ir.StringValue) -> ir.BooleanValue:
    """Say whether a folded answer begins with a no; null where there is no answer."""
    return answer.re_search(_DENIES) & ~answer.re_search(_UNABLE)
