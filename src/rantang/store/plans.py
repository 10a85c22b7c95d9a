"""Plans: folders under `plans/` with the tables and the record of a projection or a scenario."""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from rantang.errors import RantangError
from rantang.store.writing import private_folder, whole, write_whole
from rantang.tables.declare import Table

PLANS: Final = "plans"
PROJECTION: Final = "proyeksi"
_RECORD: Final = "projection.json"
BEST: Final = "rencana"
"""Folder of the best plan for the present money."""

PLAN: Final = "plan.json"
SCENARIO: Final = "scenario.json"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


def write_projection(
    workspace: Path, tables: Mapping[Table, Sequence[Mapping[str, Any]]], record: Mapping[str, Any]
) -> Path:
    """Write a projection's tables and record into the workspace; returns its folder.

    Each file is whole or not there; the record comes last, so that it never tells of tables to come.
    """
    folder = private_folder(workspace / PLANS / PROJECTION)
    for table, rows in tables.items():
        arrow = pa.Table.from_pylist([dict(row) for row in rows], schema=table.schema.to_pyarrow())
        with whole(folder / f"{table.name}.parquet") as half:
            pq.write_table(arrow, half, compression="zstd")
    text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True)
    write_whole(folder / _RECORD, text + "\n")
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


def check_name(name: str) -> None:
    """Refuse what cannot be the name of a plan's folder.

    Raises
    ------
    RantangError
        `RENCANA-NAMA`: a name that is no folder's, or one that Rantang keeps for itself.
    """
    if not _NAME.fullmatch(name) or name == PROJECTION:
        raise RantangError("RENCANA-NAMA", name=name)


def write_plan(
    workspace: Path,
    name: str,
    tables: Mapping[str, pa.Table],
    records: Mapping[str, Mapping[str, Any]],
    files: Mapping[str, bytes],
) -> Path:
    """Write a plan's or scenario's folder whole, in place of one of the same name; returns it.

    Parameters
    ----------
    tables, records, files
        By name: Parquet tables (without their ending), JSON, and other files as bytes.

    Raises
    ------
    RantangError
        `RENCANA-NAMA`, as `check_name`.
    """
    check_name(name)
    final = private_folder(workspace / PLANS) / name
    half = private_folder(final.with_name(f".{name}.{os.getpid()}-{secrets.token_hex(4)}.part"))
    old = half.with_suffix(".old")
    try:
        for table, rows in tables.items():
            with whole(half / f"{table}.parquet") as file:
                pq.write_table(rows, file, compression="zstd")
        for own, content in files.items():
            write_whole(half / own, content)
        for own, record in records.items():
            text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True, allow_nan=False)
            write_whole(half / own, text + "\n")
        if final.exists():
            final.rename(old)
        half.rename(final)
    finally:
        shutil.rmtree(half, ignore_errors=True)
    shutil.rmtree(old, ignore_errors=True)
    return final


def read_plans(workspace: Path, edition: str, configuration: str) -> tuple[dict[str, Any], ...]:
    """Return the records of plans and scenarios that still hold, by name of their folder.

    Each has `folder`, and `scenario` or `plan` or both. One that was made of another edition or another
    configuration is not shown.
    """
    found = []
    for folder in sorted((workspace / PLANS).glob("*/")):
        if not _NAME.fullmatch(folder.name):
            continue
        kinds = {"plan": _record(folder / PLAN), "scenario": _record(folder / SCENARIO)}
        held = {
            kind: record for kind, record in kinds.items()
            if record and _made_of(record) == (edition, configuration)
        }  # fmt: skip
        if held:
            found.append({"folder": folder.name, **held})
    return tuple(found)


def open_plan(folder: Path) -> dict[str, Any]:
    """Return the records of one plan's folder: `folder`, `plan`, `scenario`; None where there is none.

    Raises
    ------
    RantangError
        `RENCANA-TIDAK-ADA`: the folder holds neither a plan nor a scenario.
    """
    plan, scenario = _record(folder / PLAN), _record(folder / SCENARIO)
    if plan is None and scenario is None:
        raise RantangError("RENCANA-TIDAK-ADA", folder=folder)
    return {"folder": folder.name, "plan": plan, "scenario": scenario}


def plan_table(folder: Path, name: str) -> pa.Table | None:
    """Return one table of a plan's folder, None where it has none."""
    file = folder / f"{name}.parquet"
    return pq.read_table(file) if file.is_file() else None


def changes_of(folder: Path) -> pa.Table:
    """Return what a plan changes: `family_id`, `programme`, `cost`, `why`, `starts` (given, or ended)."""
    rows, present, pairs = (_polars(folder, name) for name in ("plan", "present", "pairs"))
    key = ["family", "programme"]
    starts = rows.join(present, on=key, how="anti").select(*key, "cost", "why", starts=pl.lit(True))
    ends = present.join(rows, on=key, how="anti").join(pairs.select(*key, "cost"), on=key, how="left")
    ends = ends.select(*key, "cost", why=pl.lit(None, pl.String), starts=pl.lit(False))
    both = pl.concat([starts, ends]).rename({"family": "family_id"})
    return both.sort("family_id", "programme").to_arrow()


def _polars(folder: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(folder / f"{name}.parquet", glob=False)


def is_plan(folder: Path) -> bool:
    """Say whether a folder holds a plan or a scenario."""
    return (folder / PLAN).is_file() or (folder / SCENARIO).is_file()


def _record(file: Path) -> dict[str, Any] | None:
    try:
        found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found


def _made_of(record: Mapping[str, Any]) -> tuple[str, str]:
    inputs = record.get("inputs", {})
    return str((inputs.get("edition") or {}).get("hash", "")), str(inputs.get("configuration", ""))
