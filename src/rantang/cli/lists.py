"""From the files under `lists/` to tables: what is new is read, the rest comes from the cache."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

from rantang import pipeline
from rantang.cities import City
from rantang.cli.taking import Taken, take
from rantang.engine import Engine
from rantang.errors import RantangError
from rantang.store.cache import Cache, code_of, name_of
from rantang.store.deliveries import Deliveries, hash_of
from rantang.store.lists import UNKNOWN_AGENCY, ListFile, Unused, delivered, superseded
from rantang.store.reading import Request, read_many
from rantang.tables.declare import Table
from rantang.tables.identity import IDENTIFIED

_TYPING: Final = ("intake", "contracts", "vocabulary", "tables", "cli/taking.py")
_IDENTITY: Final = ("identity", "vocabulary", "tables")


_NONE: Final = pa.table({})


@dataclass
class Unit:
    """One list: all parts of one agency, kind and period; read once, and again when a part changes.

    Attributes
    ----------
    name
        Hash of everything its rows are made from.
    files
        Its parts with their SHA-256.
    taken
        Its typed rows, where they come from and what is wrong; None until read.
    keys
        Its rows' keys, where it has rows.
    identified
        Its standardised rows; None until made.
    """

    name: str
    files: tuple[tuple[ListFile, str], ...]
    taken: Taken | None = None
    keys: pa.ChunkedArray | None = None
    identified: pa.Table | None = None
    fresh: bool = False

    @property
    def waits(self) -> bool:
        """Whether it has rows that are not standardised yet."""
        return self.identified is None and self.keys is not None


def units_of(files: Iterable[ListFile], city: City, period: str, last_day: dt.date) -> list[Unit]:
    """Hash the files and put the parts of each list together."""
    hashed = ((file, hash_of(file.path) if file.regular else "") for file in files)
    return _units(hashed, city, period, last_day)


def units_of_edition(
    deliveries: Iterable[Mapping[str, Any]], folder: Path, city: City, period: str, last_day: dt.date
) -> list[Unit]:
    """Put the parts of the lists together that an edition was made of.

    Parameters
    ----------
    deliveries
        Of the edition's manifest. What lies under `lists/` now may be something else.
    folder
        The workspace's `lists/`.
    """
    files = ((delivered(entry, folder, city), str(entry["sha256"])) for entry in deliveries)
    return _units(files, city, period, last_day)


def _units(files: Iterable[tuple[ListFile, str]], city: City, period: str, last_day: dt.date) -> list[Unit]:
    groups: dict[tuple[str, ...], list[tuple[ListFile, str]]] = {}
    for file, sha256 in files:
        placed = file.kind and file.agency != UNKNOWN_AGENCY
        key = (file.agency, file.kind, file.period) if placed else ("", file.name)
        groups.setdefault(key, []).append((file, sha256))
    programmes = [(each.code, each.name) for each in city.programmes]
    code = code_of(*_TYPING)
    made = []
    for parts in groups.values():
        said = [
            (
                sha256,
                file.name,
                file.programme,
                file.period or period,
                sorted(file.legal.items()),
                str(file.notes),
            )
            for file, sha256 in parts
        ]
        made.append(Unit(name_of("typed", said, programmes, last_day, code), tuple(parts)))
    return made


def recall(units: Sequence[Unit], cache: Cache, identity: str) -> None:
    """Fill in what the cache has."""
    for unit in units:
        kept = cache.get(unit.name)
        if kept is None:
            continue
        about = json.loads(kept["about"].column("json")[0].as_py())
        unit.taken = Taken(kept["rows"], kept["provenance"], kept["findings"], about["kind"], about["files"])
        unit.keys = _keys(unit.taken)
        known = cache.get(name_of(unit.name, identity))
        unit.identified = known["identified"] if known else None


def put_aside(units: Sequence[Unit], standardised: pa.Table | None, cache: Cache, identity: str) -> None:
    """Put lists that were made now into the cache, two at a time, and let go of their rows.

    The engine has its own copy of them by then; of what became of each file, nothing is let go. It is waited
    for: linking beside rows that are still to be written needs a gigabyte more, and is no sooner done.
    """
    new = [unit for unit in units if unit.waits]
    with ThreadPoolExecutor(2) as pool:
        written = [pool.submit(_put_typed, unit, cache) for unit in units]
        if standardised is not None:
            number = _owners(standardised, new)

            def put_own(at: int, unit: Unit) -> None:
                own = standardised.filter(pc.equal(number, at))
                cache.put(name_of(unit.name, identity), {"identified": own})

            written += [pool.submit(put_own, at, unit) for at, unit in enumerate(new)]
        for each in written:
            each.result()
    for unit in units:
        unit.identified = None


def _put_typed(unit: Unit, cache: Cache) -> None:
    taken = unit.taken
    if taken is None:
        return
    unit.taken = replace(taken, rows=_NONE, provenance=_NONE, findings=_NONE)
    if unit.fresh:
        about = {"kind": taken.kind, "files": taken.files}
        parts = {"rows": taken.rows, "provenance": taken.provenance, "findings": taken.findings}
        head = pa.table({"json": [json.dumps(about, default=str)]})
        cache.put(unit.name, {**parts, "about": head})


def _owners(rows: pa.Table, units: Sequence[Unit]) -> pa.Array:
    """Return, for each row, the place of its list among `units`."""
    keys = pl.concat(
        pl.DataFrame({"row_key": pl.from_arrow(unit.keys)}).with_columns(unit=at)
        for at, unit in enumerate(units)
    )
    own = pl.DataFrame({"row_key": pl.from_arrow(rows.column("row_key"))})
    return own.join(keys, on="row_key", how="left", maintain_order="left")["unit"].to_arrow()


def still_kept(
    units: Sequence[Unit], deliveries: Iterable[Mapping[str, Any]], kept: Deliveries, edition: str
) -> dict[str, Callable[[], bytes]]:
    """Return what gives the bytes of an edition's files that no longer lie under `lists/` as they were.

    It is asked of lists that the cache does not have only. Files that gave no row are taken out of `units`:
    nobody keeps them.

    Returns
    -------
    dict
        By SHA-256; the bytes come from the sealed deliveries.

    Raises
    ------
    RantangError
        ``KIRIMAN-LAIN``: of some files neither the list nor the sealed copy is there.
    """
    filled = {entry["file"] for entry in deliveries if entry["rows"]}
    found: dict[str, Callable[[], bytes]] = {}
    lost = []
    for unit in (unit for unit in units if unit.taken is None):
        unit.files = tuple((file, sha256) for file, sha256 in unit.files if file.name in filled)
        for file, sha256 in unit.files:
            if file.regular and hash_of(file.path) == sha256:
                continue
            if kept.keeps(sha256):
                found[sha256] = partial(_joined, kept, sha256)
            else:
                lost.append(file.name)
    if lost:
        raise RantangError("KIRIMAN-LAIN", edition=edition, count=len(lost), file=min(lost))
    return found


def _joined(kept: Deliveries, sha256: str) -> bytes:
    return b"".join(kept.read(sha256))


def read_new(
    units: Sequence[Unit],
    city: City,
    period: str,
    last_day: dt.date,
    row_key: bytes,
    contents: Mapping[str, Callable[[], bytes]] | None = None,
) -> None:
    """Read the lists that the cache does not have; kinds are typed together, for speed.

    Parameters
    ----------
    contents
        By SHA-256 what gives the bytes of files that are not read where they lie.
    """
    new = [unit for unit in units if unit.taken is None and unit.files]
    given = contents or {}
    # The biggest first: the two readers then end at nearly the same time.
    files = sorted((part for unit in new for part in unit.files), key=lambda part: -part[0].size)
    readings = read_many(
        Request(file.path, file.name, file.kind or None, content=given.get(sha256)) for file, sha256 in files
    )
    harvests = {reading.name: reading.harvest for reading in readings}
    taken = take([unit.files for unit in new], harvests, city, period, last_day, row_key)
    for unit, rows in zip(new, taken, strict=True):
        unit.taken, unit.keys = rows, _keys(rows)
        unit.fresh = True


def without_superseded(units: Sequence[Unit]) -> tuple[list[Unit], tuple[Unused, ...]]:
    """Leave out the lists that others replace, now that every list's kind is known.

    A list has one agency, kind, period and revision: all its parts are replaced, or none.
    """
    usable = {entry["file"]: entry["kind"] for entry in counted(units) if entry["accepted"]}
    files = [(file, usable[file.name]) for unit in units for file, _ in unit.files if file.name in usable]
    dropped = superseded(files)
    names = {each.name for each in dropped}
    return [unit for unit in units if not any(file.name in names for file, _ in unit.files)], dropped


def typed(units: Sequence[Unit], engine: Engine) -> dict[str, ir.Table]:
    """Load the typed rows by kind of list."""
    of_kind: dict[str, list[pa.Table]] = {}
    for unit in units:
        if unit.taken is not None and unit.taken.rows.num_rows:
            of_kind.setdefault(unit.taken.kind, []).append(unit.taken.rows)
    return {kind: engine.load(_one(tables), kind) for kind, tables in sorted(of_kind.items())}


def together(units: Sequence[Unit], part: str, table: Table) -> pa.Table:
    """Return `provenance` or `findings` of all lists as one table."""
    own = [getattr(unit.taken, part) for unit in units if unit.taken is not None]
    schema = table.schema.to_pyarrow()
    return pa.concat_tables([each.cast(schema) for each in own]) if own else schema.empty_table()


def identified(
    units: Sequence[Unit], rows: Mapping[str, ir.Table], city: City, last_day: dt.date, engine: Engine
) -> tuple[ir.Table, ir.Table | None]:
    """Return the standardised rows of all lists, and those among them that the cache does not have.

    `rows` are the typed rows of all lists, for the usual first run, on which all of them are new.
    """
    known = [unit.identified for unit in units if unit.identified is not None]
    new = [unit for unit in units if unit.waits]
    before = engine.load(_one(known), "identified_before") if known else IDENTIFIED.empty()
    if not new:
        return before, None
    own = rows if not known else _only(new, rows, engine)
    fresh = engine.keep(pipeline.identify(own, city, last_day, engine.keep), "identified")
    return engine.keep(ibis.union(before, fresh), "identified_all") if known else fresh, fresh


def _keys(taken: Taken) -> pa.ChunkedArray | None:
    return taken.rows.column("row_key") if taken.rows.num_rows else None


def _only(units: Sequence[Unit], rows: Mapping[str, ir.Table], engine: Engine) -> dict[str, ir.Table]:
    """Return the typed rows of some lists, by kind."""
    kinds = {unit.taken.kind for unit in units if unit.taken is not None}
    keys = engine.load(pa.table({"row_key": pa.chunked_array(_chunks(units))}), "keys_new")
    return {kind: rows[kind].semi_join(keys, "row_key") for kind in sorted(kinds & set(rows))}


def _chunks(units: Sequence[Unit]) -> list[pa.Array]:
    return [chunk for unit in units if unit.keys is not None for chunk in unit.keys.chunks]


def _one(tables: Sequence[pa.Table]) -> pa.Table:
    return pa.concat_tables(tables, promote_options="permissive")


def identity_of(city: City, last_day: dt.date) -> str:
    """Return the hash of what standardising depends on besides the rows."""
    return name_of("identified", [str(area) for area in city.areas], last_day, code_of(*_IDENTITY))


def counted(units: Sequence[Unit]) -> list[dict[str, Any]]:
    """Return one line per file that was read: agency, kind, period, programme, hash and counts."""
    return [entry for unit in units if unit.taken for entry in unit.taken.files]
