"""What a stage made of unchanged inputs is not made again.

An entry is named by the hash of everything it was made from: the inputs' own hashes, the settings
and the code of the stage. It is sealed whole, so nothing of a person lies open on the disk; it can
be deleted at any time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from rantang import __version__
from rantang.errors import RantangError
from rantang.store.secrets import Keys, seal, unseal

_ENDING: Final = ".sealed"
_SOURCES: Final = (".py", ".toml", ".csv")


def name_of(*parts: object) -> str:
    """Return the hash that names what is made from `parts` (plain values, in any nesting)."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def code_of(*packages: str) -> str:
    """Return the hash of the sources of packages of Rantang: a stage's code version."""
    digest = hashlib.sha256(__version__.encode())
    for package in packages:
        root = resources.files("rantang") / package
        files = sorted(_files(root, package)) if root.is_dir() else [(package, root)]
        for name, file in files:
            digest.update(name.encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


class Cache:
    """Sealed Arrow tables by name, in one folder."""

    def __init__(self, folder: Path, keys: Keys) -> None:
        self._folder = folder
        self._keys = keys
        self._asked: set[str] = set()

    def get(self, name: str) -> dict[str, pa.Table] | None:
        """Return the tables kept under `name`; None where there are none, or they cannot be read."""
        self._asked.add(name)
        path = self._folder / (name + _ENDING)
        if not path.is_file():
            return None
        try:
            return _unpacked(b"".join(unseal(path, self._keys)))
        except (RantangError, pa.ArrowInvalid, ValueError, OSError):
            return None  # a broken entry is no entry: it is made again

    def put(self, name: str, tables: dict[str, pa.Table]) -> None:
        """Keep tables under `name`."""
        self._asked.add(name)
        seal(self._folder / (name + _ENDING), _packed(tables), self._keys)

    def prune(self) -> int:
        """Remove what was not asked for since the cache was opened; returns the number of bytes freed."""
        freed = 0
        if self._folder.is_dir():
            for path in self._folder.iterdir():
                if path.name.removesuffix(_ENDING) not in self._asked:
                    freed += path.stat().st_size
                    path.unlink(missing_ok=True)
        return freed


def _packed(tables: dict[str, pa.Table]) -> Iterator[bytes]:
    """Write tables one after the other: a line of JSON with names and sizes, then Arrow streams."""
    streams: list[pa.Buffer] = []
    options = pa.ipc.IpcWriteOptions(compression="lz4")
    for table in tables.values():
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=options) as writer:
            writer.write_table(table)
        streams.append(sink.getvalue())
    head = {name: stream.size for name, stream in zip(tables, streams, strict=True)}
    yield json.dumps(head).encode() + b"\n"
    for stream in streams:
        yield memoryview(stream)  # type: ignore[misc]


def _unpacked(data: bytes) -> dict[str, pa.Table]:
    end = data.index(b"\n")
    head: dict[str, Any] = json.loads(data[:end])
    whole, start, found = pa.py_buffer(data), end + 1, {}
    for name, size in head.items():
        found[name] = pa.ipc.open_stream(whole.slice(start, size)).read_all()
        start += size
    return found


def _files(folder: Traversable, path: str) -> Iterable[tuple[str, Traversable]]:
    for entry in folder.iterdir():
        name = f"{path}/{entry.name}"
        if entry.is_dir():
            yield from _files(entry, name)
        elif entry.name.endswith(_SOURCES):
            yield name, entry
