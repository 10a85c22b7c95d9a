"""dBase files (.dbf), in which BPS hands out Susenas microdata: fixed columns after a header.

Layout: number of records at byte 4, length of the header at 8, of a record at 10; then 32 bytes a field
(name, type at 11, width at 16) up to byte 0x0D; a record begins with a blank, or `*` when it was deleted.
"""

from __future__ import annotations

import struct
from typing import Final

import numpy as np
import polars as pl

_FIELD: Final = 32
_END: Final = 0x0D
_DELETED: Final = ord("*")
_NUMBERS: Final = frozenset("NF")
_TEXTS: Final = frozenset("CDL")


def read_dbase(data: bytes) -> pl.DataFrame:
    """Return the records that were not deleted: numbers as floats, everything else as text.

    Raises
    ------
    ValueError
        It is no dBase file, or it ends before its last record.
    """
    if len(data) < _FIELD + 1:
        raise ValueError("too short for a header")
    records, start, width = struct.unpack_from("<IHH", data, 4)
    fields = _fields(data, start)
    if not fields or width != 1 + sum(size for _, _, size in fields):
        raise ValueError("the header does not add up")
    if len(data) < start + records * width:
        raise ValueError("it ends before its last record")
    cells = np.frombuffer(data, np.uint8, records * width, start).reshape(records, width)
    cells = cells[cells[:, 0] != _DELETED]
    columns: dict[str, pl.Series] = {}
    at = 1
    for place, (name, kind, size) in enumerate(fields):
        unique = name if name and name not in columns else f"{name}#{place}"
        columns[unique] = _column(cells[:, at : at + size], kind, size)
        at += size
    return pl.DataFrame(columns)


def _fields(data: bytes, start: int) -> list[tuple[str, str, int]]:
    found = []
    at = _FIELD
    while at + _FIELD <= start and data[at] != _END:
        name = data[at : at + 11].split(b"\0")[0].decode("latin-1").strip()
        kind = chr(data[at + 11])
        if kind not in _NUMBERS | _TEXTS:
            raise ValueError(f"fields of kind {kind!r} are not read")
        found.append((name, kind, data[at + 16]))
        at += _FIELD
    return found


def _column(cells: np.ndarray, kind: str, size: int) -> pl.Series:
    raw = np.ascontiguousarray(cells).view(f"S{size}").ravel()
    text = pl.Series(np.char.decode(raw, "latin-1").tolist(), dtype=pl.String).str.strip_chars()
    text = text.set(text == "", None)
    return text.cast(pl.Float64, strict=False) if kind in _NUMBERS else text
