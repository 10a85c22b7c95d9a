"""Dukcapil's words on a resident, and which of several counts."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

GRAVE: Final = ("meninggal", "pindah", "hilang", "nonaktif", "ganda", "tidak_padan")
"""Words that something is the matter, the gravest first. Any other word says that nothing is.

A list of residents calls aktif whom nobody has reported yet: a death or a move that any answer names is
newer than that.
"""


def gravest(status: ir.StringColumn) -> ir.StringScalar:
    """Return the gravest word of a group; of others the first by the alphabet (`aktif` before `padan`)."""
    return status.argmin(gravity(status))


def gravity(status: ir.StringColumn) -> ir.StringColumn:
    """Return a text by which the gravest word comes first."""
    rank = ibis.cases(*((status == word, str(place)) for place, word in enumerate(GRAVE)), else_="9")
    return rank + status
