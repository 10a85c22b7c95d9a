"""All of intake for lists that were read: typed rows, every finding, and what became of each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from rantang.intake.findings import SCHEMA, frame
from rantang.intake.harvest import Harvest
from rantang.intake.typed import LATEST, Counts, Typed, columns_of, type_rows


@dataclass(frozen=True)
class Part:
    """A file that was read: its name under `lists/`, the hash of its bytes, its rows."""

    file: str
    sha256: str
    harvest: Harvest


def type_lists(
    kinds: Mapping[str, Sequence[Part]], latest: dt.date = LATEST, *, alone: bool = False
) -> dict[str, Typed]:
    """Type the rows of the files of some kinds, and gather everything that was found.

    Findings about files, sheets and columns have `subject` `file` and the delivery's hash as
    `subject_id`; findings about rows have the row's number, and their key is the caller's to fill.
    Rows of sheets whose header was not understood count as held.
    """
    raws = {kind: rows for kind, parts in kinds.items() if (rows := _raw(parts)) is not None}
    headers = {
        (part.file, sheet, name): header
        for parts in kinds.values()
        for part in parts
        for (sheet, name), header in part.harvest.headers.items()
    }
    typed = type_rows(raws, headers=headers, latest=latest, alone=alone)
    return {kind: _with_files(typed.get(kind) or _no_rows(kind), parts) for kind, parts in kinds.items()}


def _raw(parts: Sequence[Part]) -> pl.DataFrame | None:
    rows = [
        part.harvest.raw.with_columns(file=pl.lit(part.file), delivery=pl.lit(part.sha256))
        for part in parts
        if part.harvest.raw.height
    ]
    return pl.concat(rows, how="diagonal") if rows else None


def _with_files(typed: Typed, parts: Sequence[Part]) -> Typed:
    """Add what was found while reading, and the rows that no header explained."""
    for part in parts:
        held = Counts(rows=part.harvest.unread, held=part.harvest.unread)
        typed.counts += held
        typed.by_file[part.file] = typed.by_file.get(part.file, Counts()) + held
    typed.findings = pl.concat([about_files(parts), typed.findings])
    return typed


def about_files(parts: Sequence[Part]) -> pl.DataFrame:
    """Return what was found about files, sheets and columns while reading."""
    rows = [
        {**finding, "file": part.file, "subject_id": part.sha256}
        for part in parts
        for finding in part.harvest.findings
    ]
    return frame(rows)


def _no_rows(kind: str) -> Typed:
    table = pa.table({name: pa.array([], pa.string()) for name in columns_of(kind)})
    return Typed(kind, table, pl.DataFrame(schema=SCHEMA), Counts())
