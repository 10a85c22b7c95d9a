"""Deliveries: the bytes an agency handed in, unchanged, sealed, under their SHA-256.

They are kept for `retention.deliveries` months; then hash, counts and findings remain, and an
edition built on them can be verified but not rebuilt.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rantang.errors import RantangError
from rantang.store.secrets import Keys, seal, unseal
from rantang.store.writing import private_folder, write_whole

_BLOCK: Final = 4 * 2**20
_ABOUT: Final = ".json"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is known of a delivered file, also when its bytes are gone."""

    sha256: str
    file: str
    size: int
    received: str
    about: Mapping[str, Any]
    kept: bool


def hash_of(path: Path) -> str:
    """Return the SHA-256 of a file."""
    digest = hashlib.sha256()
    for block in _blocks(path):
        digest.update(block)
    return digest.hexdigest()


class Deliveries:
    """The deliveries of a workspace, ``store/deliveries/``."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._keys = keys

    def accept(
        self, path: Path, sha256: str, file: str, about: Mapping[str, Any], now: dt.datetime
    ) -> Delivery:
        """Keep a file that was read; the same bytes are kept once.

        Parameters
        ----------
        file
            Its path under `lists/`.
        about
            Agency, kind, period, legal basis, counts.
        """
        private_folder(self._folder)
        sealed, written = self._folder / sha256, self._folder / (sha256 + _ABOUT)
        older = self._about(written)
        if not sealed.is_file() and not (older and older.get("removed")):
            seal(sealed, _blocks(path), self._keys)
        entry = {
            "sha256": sha256,
            "size": path.stat().st_size,
            "received": (older or {}).get("received", now.isoformat()),
            "removed": (older or {}).get("removed"),
            "files": {**(older or {}).get("files", {}), file: dict(about)},
        }
        if entry != older:
            text = json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True, default=str)
            write_whole(written, text + "\n")
        return self._delivery(entry, file)

    def keeps(self, sha256: str) -> bool:
        """Say whether the bytes of a delivery are kept."""
        return bool(sha256) and (self._folder / sha256).is_file()

    def read(self, sha256: str) -> Iterator[bytes]:
        """Return the bytes of a delivery.

        Raises
        ------
        RantangError
            ``KIRIMAN-HILANG``: they are not, or no longer, kept; ``KUNCI-LAIN``.
        """
        if not self.keeps(sha256):
            raise RantangError("KIRIMAN-HILANG", sha256=sha256[:12])
        return unseal(self._folder / sha256, self._keys)

    def expire(self, months: int, now: dt.datetime) -> tuple[str, ...]:
        """Remove the bytes of what was received more than `months` months ago; returns their hashes."""
        gone = []
        for written in sorted(self._folder.glob(f"*{_ABOUT}")) if self._folder.is_dir() else ():
            entry = self._about(written)
            if entry is None:  # damaged: the next run that reads the file writes it anew
                continue
            sealed = self._folder / written.name.removesuffix(_ABOUT)
            if (
                sealed.is_file()
                and _months_between(dt.datetime.fromisoformat(entry["received"]), now) >= months
            ):
                sealed.unlink()
                entry["removed"] = now.isoformat()
                text = json.dumps(entry, ensure_ascii=False, indent=1, sort_keys=True)
                write_whole(written, text + "\n")
                gone.append(sealed.name)
        return tuple(gone)

    def _about(self, path: Path) -> dict[str, Any] | None:
        if not path.is_file():
            return None
        try:
            found: dict[str, Any] = json.loads(path.read_text("utf-8"))
        except ValueError:
            return None
        return found

    def _delivery(self, entry: Mapping[str, Any], file: str) -> Delivery:
        kept = self.keeps(str(entry["sha256"]))
        return Delivery(entry["sha256"], file, entry["size"], entry["received"], entry["files"][file], kept)


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            yield block


def _months_between(then: dt.datetime, now: dt.datetime) -> int:
    months = (now.year - then.year) * 12 + now.month - then.month
    return months - (now.day < then.day)
