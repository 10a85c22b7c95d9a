"""What commands share that make views of an edition: open it, its tables, its place; note what is written."""

from __future__ import annotations

import datetime as dt
import getpass
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ibis.expr.types as ir
import pyarrow as pa

from rantang.cities import City
from rantang.cli.failing import log_into, report
from rantang.engine import EngineSettings, open_engine
from rantang.store.cache import name_of
from rantang.store.editions import Edition, open_edition
from rantang.store.secrets import decrypt_values
from rantang.store.workspace import Workspace, open_workspace
from rantang.store.writing import private_folder


def opened(folder: Path) -> Edition:
    """Open an edition and log faults in its workspace from here on."""
    edition = open_edition(folder)
    log_into(edition.workspace / "store" / "log")
    return edition


def workspace_of(edition: Edition) -> Workspace:
    """Open the edition's workspace, and say so where its configuration is not the edition's."""
    workspace = _at_its_period(edition)
    if edition.manifest["inputs"]["configuration"] != configuration_of(workspace.city):
        report("EDISI-KONFIGURASI", {})
    return workspace


def _at_its_period(edition: Edition) -> Workspace:
    return open_workspace(edition.workspace, str(edition.manifest["period"]))


def configuration_of(city: City) -> str:
    """Return the name of a place's configuration, by content: what an edition or a plan was made of."""
    return name_of(city.files, city.settings)


def accepted(edition: Edition, kind: str) -> int:
    """Return how many rows of a kind's newest lists were accepted, 0 where there is none."""
    own = [entry for entry in edition.manifest["deliveries"] if entry["kind"] == kind]
    newest = max((entry["period"] for entry in own), default="")
    return sum(int(entry["accepted"]) for entry in own if entry["period"] == newest)


def manifest_of(edition: Edition, timings: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Return the manifest with the seconds of the run beside it: those given, else the log's."""
    timings = edition.timings if timings is None else timings
    seconds = timings.get("stages", {})
    stages = [
        {**stage, "seconds": seconds.get(stage["name"])} for stage in edition.manifest.get("stages", ())
    ]
    return {
        **edition.manifest,
        "edition": edition.name,
        "stages": stages,
        "seconds": timings.get("seconds"),
        "made_at": timings.get("made_at", ""),
    }


@contextmanager
def tables_of(edition: Edition, names: Sequence[str]) -> Iterator[Mapping[str, ir.Table]]:
    """Open an edition's tables on a small engine; those it lacks are left out."""
    with open_engine("duckdb", EngineSettings(_at_its_period(edition).temporary())) as engine:
        yield {name: engine.read_parquet(edition.path(name)) for name in names if edition.has(name)}


def revealer(edition: Edition) -> Any:
    """Return what turns an edition's ciphertext into numbers."""
    keys = _at_its_period(edition).keys

    def reveal(values: Sequence[str | None]) -> list[str | None]:
        found: list[str | None] = decrypt_values(pa.array(values, pa.string()), keys).to_pylist()
        return found

    return reveal


def log_writing(edition: Edition, path: Path, what: Mapping[str, Any]) -> None:
    """Note that a file which names people is written: when, by whom, which, for what.

    Called before it is: where the note cannot be kept there is no file.
    """
    folder = private_folder(edition.workspace / "store" / "log")
    line = {
        "at": f"{dt.datetime.now(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "by": getpass.getuser(),
        "edition": edition.name,
        "file": path.name,
        **what,
    }
    handle = os.open(folder / "writings.jsonl", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "a", encoding="utf-8") as log:
        log.write(json.dumps(line, ensure_ascii=False) + "\n")
