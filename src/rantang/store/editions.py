"""Editions: immutable folders of Parquet tables with a manifest, comparable with each other."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from rantang.errors import RantangError
from rantang.store.secrets import Keys, hidden, hide
from rantang.store.writing import private_folder, whole, write_whole
from rantang.tables.declare import Table
from rantang.vocabulary.periods import is_period

SCHEMA: Final = 1
"""Version of the edition's layout; readers open their own and the one before."""

MANIFEST: Final = "manifest.json"
MODEL: Final = "model.json"
TIMINGS: Final = "timings.json"
LATEST: Final = "latest"
OUT: Final = "out"


@dataclass(frozen=True)
class Edition:
    """An edition that was opened."""

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def name(self) -> str:
        """Name of the folder, ``PERIOD-HASH8``."""
        return self.folder.name

    @property
    def out(self) -> Path:
        """Where views of it are written."""
        return self.folder / OUT

    @property
    def workspace(self) -> Path:
        """The workspace it lies in."""
        return self.folder.parent.parent

    @property
    def timings(self) -> Mapping[str, Any]:
        """Seconds of the run that made it; empty where the log is gone."""
        return _json(self.folder / TIMINGS) if (self.folder / TIMINGS).is_file() else {}

    @property
    def model(self) -> Mapping[str, Any]:
        """Fits and thresholds."""
        return _json(self.folder / MODEL) if (self.folder / MODEL).is_file() else {}

    def path(self, table: str) -> Path:
        """Return where the table lies, or would lie: an older edition may not have it (`has`)."""
        return self.folder / f"{table}.parquet"

    def has(self, table: str) -> bool:
        """Say whether the edition has a table."""
        return self.path(table).is_file()

    def hash_of(self, table: str) -> str:
        """Return the content hash of a table, empty where it has none."""
        return str(self.manifest.get("tables", {}).get(table, {}).get("hash", ""))


def open_edition(folder: Path) -> Edition:
    """Open an edition; a workspace's folder opens its latest.

    Raises
    ------
    RantangError
        ``EDISI-TIDAK-ADA``; ``EDISI-SKEMA``: written by a release that is too old or too new.
    """
    folder = folder.resolve()
    if not (folder / MANIFEST).is_file():
        for editions in (folder / "editions", folder):
            latest = latest_edition(editions)
            if latest is not None:
                return latest
        raise RantangError("EDISI-TIDAK-ADA", folder=folder)
    manifest = _json(folder / MANIFEST)
    if manifest.get("schema") not in (SCHEMA, SCHEMA - 1):
        raise RantangError("EDISI-SKEMA", folder=folder.name, schema=manifest.get("schema"), own=SCHEMA)
    return Edition(folder, manifest)


def latest_edition(editions: Path) -> Edition | None:
    """Return the edition that ``editions/latest`` names; None where there is none."""
    pointer = editions / LATEST
    if not pointer.is_file():
        return None
    name = pointer.read_text("utf-8").strip()
    if not name or "/" in name or "\\" in name or not (editions / name / MANIFEST).is_file():
        return None
    return open_edition(editions / name)


def all_editions(editions: Path) -> tuple[Edition, ...]:
    """Return every edition of a workspace that this release can read, by name."""
    found = []
    for manifest in sorted(editions.glob(f"*/{MANIFEST}")):
        try:
            found.append(open_edition(manifest.parent))
        except RantangError:
            continue
    return tuple(each for each in found if not each.name.startswith("."))


def before(editions: Path, period: str) -> Edition | None:
    """Return the edition whose ids, fits and history the next one takes over: the last up to `period`.

    Of several of one period the one that ``latest`` names, else the one that was made last. An older month
    that was made anew since then is not it: rows that decisions name would be forgotten with the later ones.
    """
    latest = latest_edition(editions)
    named = latest.name if latest is not None else ""

    def order(edition: Edition) -> tuple[str, bool, str, str]:
        made_at = str(edition.timings.get("made_at", ""))
        return str(edition.manifest["period"]), edition.name == named, made_at, edition.name

    older = (each for each in all_editions(editions) if str(each.manifest["period"]) <= period)
    return max(older, key=order, default=None)


def write_timings(edition: Edition, timings: Mapping[str, Any]) -> None:
    """Write how long the run took, beside the manifest: a clock is no part of an edition."""
    if not (edition.folder / TIMINGS).is_file():
        _write_json(edition.folder / TIMINGS, timings)


class Draft:
    """An edition being written, in a folder of its own until it is published."""

    def __init__(self, editions: Path, keys: Keys) -> None:
        private_folder(editions)
        for old in editions.glob(".draft-*"):
            shutil.rmtree(old, ignore_errors=True)
        self.folder = private_folder(editions / f".draft-{secrets.token_hex(4)}")
        self._editions = editions
        self._keys = keys

    def write(self, rows: pa.Table, table: Table) -> None:
        """Write a table as it is ordered, its secrets encrypted."""
        safe = hide(rows, table, self._keys)
        arrow = hidden(table).schema.to_pyarrow()
        with whole(self.folder / f"{table.name}.parquet") as half:
            pq.write_table(safe.cast(arrow), half, compression="zstd")

    def write_json(self, name: str, content: Mapping[str, Any]) -> None:
        """Write a JSON file; keys in order, so that equal content is equal bytes."""
        _write_json(self.folder / name, content)

    def publish(self, period: str, identity: str) -> tuple[Edition, bool]:
        """Give the edition its name and place; returns it and whether it is new.

        The same inputs make the same edition: then the one that is there stays as it is.
        """
        if not is_period(period):
            raise RantangError("RUANG-PERIODE", period=period)
        final = self._editions / f"{period}-{identity[:8]}"
        new = not (final / MANIFEST).is_file()
        if new:
            if final.exists():
                shutil.rmtree(final)
            self.folder.rename(final)
        else:
            self.discard()
        point_to(self._editions, final.name)
        return open_edition(final), new

    def discard(self) -> None:
        """Remove the draft."""
        shutil.rmtree(self.folder, ignore_errors=True)


def point_to(editions: Path, name: str) -> None:
    """Make `name` the latest edition, at once or not at all."""
    write_whole(editions / LATEST, name + "\n")


def _write_json(path: Path, content: Mapping[str, Any]) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True, default=str)
    write_whole(path, text + "\n")


def _json(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except ValueError as wrong:
        raise RantangError("EDISI-RUSAK", file=path.name) from wrong
    return found
