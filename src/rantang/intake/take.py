"""All of intake for lists that were read: typed rows, every finding, and what became of each row."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
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


def type_lists(kind: str, parts: Sequence[Part], latest: dt.date = LATEST, *, alone: bool = False) -> Typed:
    """Type the rows of one or more files of one kind, and gather everything that was found.

    Findings about files, sheets and columns have `subject` `file` and the delivery's hash as
    `subject_id`; findings about rows have the row's number, and their key is the caller's to fill.
    Rows of sheets whose header was not understood count as held.
    """
    raws = [
        part.harvest.raw.with_columns(file=pl.lit(part.file), delivery=pl.lit(part.sha256))
        for part in parts
        if part.harvest.raw.height
    ]
    headers = {
        (part.file, sheet, name): header
        for part in parts
        for (sheet, name), header in part.harvest.headers.items()
    }
    if raws:
        made = type_rows(kind, pl.concat(raws, how="diagonal"), headers=headers, latest=latest, alone=alone)
    else:
        made = Typed(kind, _no_rows(kind), pl.DataFrame(schema=SCHEMA), Counts())
    for part in parts:
        held = Counts(rows=part.harvest.unread, held=part.harvest.unread)
        made.counts += held
        made.by_file[part.file] = made.by_file.get(part.file, Counts()) + held
    made.findings = pl.concat([about_files(parts), made.findings])
    return made


def about_files(parts: Sequence[Part]) -> pl.DataFrame:
    """Return what was found about files, sheets and columns while reading."""
    rows = [
        {**finding, "file": part.file, "subject_id": part.sha256}
        for part in parts
        for finding in part.harvest.findings
    ]
    return frame(rows)


def _no_rows(kind: str) -> pa.Table:
    return pa.table({name: pa.array([], pa.string()) for name in columns_of(kind)})
