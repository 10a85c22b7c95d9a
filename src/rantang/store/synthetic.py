"""A workspace that says "everyone here is made up" is held to its word.

Its key is published: were there one living person in it, their numbers would lie open. A number
counts as synthetic when its 13th digit is 9 (serials of made-up people run from 9001 to 9999, real
ones start at 0001) or when it cannot exist at all.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir
import pyarrow as pa
import pyarrow.compute as pc

from rantang.errors import RantangError

_SYNTHETIC: Final = "9"
_PLACE: Final = 12


def could_be_real(rows: ir.Table) -> ir.Table:
    """Return the identified rows with a NIK or KK that a living person could bear."""
    return rows.filter(
        _real(rows.nik, rows.nik_digits, rows.nik_state) | _real(rows.kk, rows.kk_digits, rows.kk_state)
    )


def hold_to_word(rows: ir.Table, provenance: ir.Table) -> None:
    """Refuse a workspace that says it is synthetic and is not.

    Raises
    ------
    RantangError
        ``KUNCI-SINTETIS``: how many numbers could belong to living people, and the first file.
    """
    found = could_be_real(rows).select("row_key").inner_join(provenance, "row_key")
    said = found.aggregate(count=found.count(), file=found.file.min()).to_pyarrow().to_pylist()[0]
    if said["count"]:
        raise RantangError("KUNCI-SINTETIS", count=said["count"], file=said["file"])


def real_numbers(numbers: pa.ChunkedArray) -> int:
    """Count the numbers of an edition that a living person could bear."""
    made_up = pc.equal(pc.utf8_slice_codeunits(numbers, _PLACE, _PLACE + 1), _SYNTHETIC)
    return int(pc.sum(pc.invert(made_up)).as_py() or 0)


def _real(number: ir.StringValue, digits: ir.StringValue, state: ir.StringValue) -> ir.BooleanValue:
    """Say whether a number could exist: also one whose 16th digit a spreadsheet lost."""
    possible = number.notnull() | (state == "digit-hilang").fill_null(False)
    said = ibis.coalesce(number, digits)
    return possible & (said.substr(_PLACE, 1) != _SYNTHETIC).fill_null(True)
