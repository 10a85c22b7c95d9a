"""A row's key: what it says, not where it stands.

HMAC-SHA256 (workspace key) over agency, kind, programme, period and the typed values, with a counter among
rows that say the same; shuffling a list or saving it anew changes no key. The content key leaves the
period out: an unchanged row of the next list is found again. Only values that are there are counted, by
name, and no row's key depends on another's, but for the second of two equal rows: decisions and ids hang
on them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import polars as pl
import pyarrow as pa

LENGTH: Final = 12  # bytes; twice as many hexadecimal characters
_PROVENANCE: Final = frozenset({"delivery", "file", "sheet", "row", "nik_numeric", "kk_numeric"})
_BLOCK: Final = 64


def row_keys(table: pa.Table, agency: str, kind: str, period: str, key: bytes) -> pa.Table:
    """Add `row_key` and `content_key` to typed rows, and say whose they are.

    Parameters
    ----------
    table
        `typed.Typed.table`, all parts of one agency × kind × period together: the counter among
        identical rows runs over them.
    key
        The workspace's key.

    Returns
    -------
    pa.Table
        `row_key, content_key, agency, kind, period`, then the columns of `table`.
    """
    frame: pl.DataFrame = pl.from_arrow(table)
    said = _say(frame)
    content = _hmac([text.encode() for text in said], f"{agency}\x1f{kind}\x1f".encode(), key)
    rows = _hmac(content, f"{agency}\x1f{kind}\x1f{period}\x1f".encode(), key)
    keyed = frame.select(
        row_key=pl.Series(rows, dtype=pl.Binary).bin.encode("hex"),
        content_key=pl.Series(content, dtype=pl.Binary).bin.encode("hex"),
        agency=pl.lit(agency),
        kind=pl.lit(kind),
        period=pl.lit(period),
    ).to_arrow(compat_level=pl.CompatLevel.oldest())
    for name in table.column_names:
        keyed = keyed.append_column(name, table[name])
    return keyed


def _say(frame: pl.DataFrame) -> list[str]:
    """Write each row as its named values, and a number where rows before it say the same."""
    names = sorted(name for name in frame.columns if name not in _PROVENANCE)
    parts = [pl.lit(f"{name}\x1e") + pl.col(name).cast(pl.String) for name in names]
    if not parts:
        return [str(number) for number in range(frame.height)]
    said = frame.select(said=pl.concat_str(parts, separator="\x1f", ignore_nulls=True))
    again = said["said"].is_duplicated()
    if again.any():
        counted = (
            said.with_row_index("at")
            .filter(again)
            .select("at", number=pl.int_range(pl.len()).over("said"))
            .filter(pl.col("number") > 0)
            .select("at", mark=pl.lit("\x1d") + pl.col("number").cast(pl.String))
        )
        marks = pl.Series([""] * frame.height, dtype=pl.String).scatter(counted["at"], counted["mark"])
        said = said.select(said=pl.col("said") + marks)
    texts: list[str] = said["said"].to_list()
    return texts


def _hmac(messages: Sequence[bytes], prefix: bytes, key: bytes) -> list[bytes]:
    """Return the first twelve bytes of HMAC-SHA256 of prefix and message.

    Written out, since `hmac.digest` takes twice as long: H(key ⊕ opad ‖ H(key ⊕ ipad ‖ message)).
    """
    padded = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    inner = bytes(byte ^ 0x36 for byte in padded) + prefix
    outer = bytes(byte ^ 0x5C for byte in padded)
    sha = hashlib.sha256
    return [sha(outer + sha(inner + message).digest()).digest()[:LENGTH] for message in messages]
