"""Plans: folders under `plans/` with the tables and the record of a projection or a scenario."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from rantang.store.workspace import private_folder
from rantang.tables.declare import Table

PLANS: Final = "plans"
PROJECTION: Final = "proyeksi"
_RECORD: Final = "projection.json"


def write_projection(
    workspace: Path, tables: Mapping[Table, Sequence[Mapping[str, Any]]], record: Mapping[str, Any]
) -> Path:
    """Write a projection's tables and record into the workspace; returns its folder.

    Each file is whole or not there; the record comes last, so that it never tells of tables to come.
    """
    folder = private_folder(workspace / PLANS / PROJECTION)
    for table, rows in tables.items():
        arrow = pa.Table.from_pylist([dict(row) for row in rows], schema=table.schema.to_pyarrow())
        with _whole(folder / f"{table.name}.parquet") as half:
            pq.write_table(arrow, half, compression="zstd")
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    with _whole(folder / _RECORD) as half:
        half.write_text(text + "\n", encoding="utf-8", newline="\n")
    return folder


def read_projection(workspace: Path, period: str, configuration: str) -> dict[str, Any] | None:
    """Return the record of the workspace's projection; None where there is none that still holds.

    Parameters
    ----------
    period, configuration
        What it must have been made for: the period, and the hash of the place's configuration. A
        projection of other figures or targets is not shown.
    """
    file = workspace / PLANS / PROJECTION / _RECORD
    if not file.is_file():
        return None
    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except ValueError:
        return None
    made_of = found.get("inputs", {}).get("configuration")
    return found if (found.get("period"), made_of) == (period, configuration) else None


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """Give a file to write to that takes the place of `path` when all of it is written."""
    half = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    yield half
    half.replace(path)
