"""Intake of many files at once: harvested rows become typed rows with keys, and findings their subject.

Pure: from tables to tables. Files are typed together, since an expression costs more to prepare than a
small list to compute; keys are made per list, as their counters run over its parts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import polars as pl
import pyarrow as pa

from rantang.cities import City
from rantang.contracts import columns, fold
from rantang.intake.findings import SCHEMA, frame, to_arrow
from rantang.intake.findings import found as finding
from rantang.intake.harvest import Harvest
from rantang.intake.keys import row_keys
from rantang.intake.take import Part, about_files, type_lists
from rantang.intake.typed import Counts, Typed
from rantang.store.lists import ListFile, Note
from rantang.tables.intake import PROVENANCE

Files = Sequence[tuple[ListFile, str]]
_PLACE: Final = ("delivery", "file", "sheet", "row")
_LONG: Final = 100_000  # rows; kinds with fewer are typed together


@dataclass(frozen=True)
class Taken:
    """One list after intake.

    Attributes
    ----------
    rows
        Typed rows with keys: the columns of `contracts.columns(kind)`.
    provenance, findings
        As declared in `tables.intake`.
    kind
        Kind of list; empty where none of its files could be read.
    files
        One entry per file: what it is and what became of its rows.
    """

    rows: pa.Table
    provenance: pa.Table
    findings: pa.Table
    kind: str
    files: list[dict[str, Any]]


def take(
    lists: Sequence[Files],
    harvests: Mapping[str, Harvest],
    city: City,
    period: str,
    last_day: dt.date,
    row_key: bytes,
) -> list[Taken]:
    """Type the rows of many lists.

    Parameters
    ----------
    lists
        Per list its files with their SHA-256.
    harvests
        What was read of each file, by the file's name.
    period
        The edition's: a file whose name says none is read as of it.
    row_key
        Key of the HMAC that names rows.
    """
    kinds = [next((kind for file, _ in files if (kind := harvests[file.name].kind)), "") for files in lists]
    parts: dict[str, list[Part]] = {kind: [] for kind in kinds}
    twins = {name: first for files in lists for name, first in _twins(files, harvests).items()}
    for kind, files in zip(kinds, lists, strict=True):
        parts[kind] += [
            Part(file.name, sha256, harvests[file.name]) for file, sha256 in files if file.name not in twins
        ]
    made: list[Future[Taken] | None] = [None] * len(lists)
    with ThreadPoolExecutor(1) as keys:
        for together in _batches(parts):
            typed = type_lists({kind: parts[kind] for kind in together if kind}, last_day)
            for place, (kind, files) in enumerate(zip(kinds, lists, strict=True)):
                if kind in together:
                    own = typed.get(kind)
                    made[place] = keys.submit(
                        _taken, files, harvests, twins, kind, own, city, period, row_key
                    )
        return [each.result() for each in made if each is not None]


def _batches(parts: Mapping[str, Sequence[Part]]) -> list[list[str]]:
    """Say which kinds are typed together: those of many rows alone, the longest first, then all others.

    A batch's rows get their keys while the engine types the next.
    """
    rows = {kind: sum(part.harvest.rows for part in own) for kind, own in parts.items()}
    long = sorted((kind for kind in rows if rows[kind] >= _LONG), key=lambda kind: -rows[kind])
    short = [kind for kind in parts if kind not in long]
    return [*([kind] for kind in long), *([short] if short else [])]


def _twins(files: Files, harvests: Mapping[str, Harvest]) -> dict[str, str]:
    """Return each file of a list that says what one before it says, and that one: names of files.

    Equal bytes are two lists all the same where the files' names, and no column, say two programmes.
    """
    first: dict[tuple[str, str], str] = {}
    twins = {}
    for file, sha256 in files:
        by_name = "f_program" not in harvests[file.name].raw.columns
        said = (sha256, file.programme if by_name else "")
        if sha256 and said in first:
            twins[file.name] = first[said]
        first.setdefault(said, file.name)
    return twins


def _taken(
    files: Files,
    harvests: Mapping[str, Harvest],
    twins: Mapping[str, str],
    kind: str,
    typed: Typed | None,
    city: City,
    period: str,
    row_key: bytes,
) -> Taken:
    first = files[0][0]
    own_period = first.period or period
    names = [file.name for file, _ in files]
    rows = _rows_of(typed, names)
    said = [_file_findings(file, twins.get(file.name), period) for file, _ in files]
    if rows is not None and kind == "penerima":
        rows = _with_programme(rows, {file.name: file.programme for file, _ in files}, city)
        said += [_without_programme(rows, file) for file, _ in files]
    keyed = row_keys(rows, first.agency, kind, own_period, row_key) if rows is not None else None
    unread = [Part(file.name, sha256, harvests[file.name]) for file, sha256 in files] if typed is None else []
    found = pl.concat([*said, about_files(unread), _findings_of(typed, names)])
    return Taken(
        rows=_declared(keyed, kind),
        provenance=_provenance(keyed),
        findings=to_arrow(_about(found, first.agency, kind, own_period, keyed)),
        kind=kind,
        files=[_entry(file, sha256, kind, own_period, harvests[file.name], typed) for file, sha256 in files],
    )


def _rows_of(typed: Typed | None, names: Sequence[str]) -> pa.Table | None:
    if typed is None:
        return None
    frame_: pl.DataFrame = pl.from_arrow(typed.table)
    own = frame_.filter(pl.col("file").is_in(names))
    return own.to_arrow(compat_level=pl.CompatLevel.oldest()) if own.height else None


def _findings_of(typed: Typed | None, names: Sequence[str]) -> pl.DataFrame:
    if typed is None:
        return pl.DataFrame(schema=SCHEMA)
    return typed.findings.filter(pl.col("file").is_in(names)).select(list(SCHEMA))


def _file_findings(file: ListFile, twin: str | None, period: str) -> pl.DataFrame:
    """Return what its place and name say of a file; `twin` is the file that says the same before it."""
    said = [finding(note.code, **_evidence(note)) for note in file.notes]
    if not file.period:
        said.append(finding("KIRIMAN-PERIODE", period=period))
    if twin is not None:
        said.append(finding("KIRIMAN-KEMBAR", file=twin))
    return frame([{**each, "file": file.name} for each in said])


def _evidence(note: Note) -> dict[str, Any]:
    return dict(note.evidence)


def _with_programme(rows: pa.Table, notes: Mapping[str, str], city: City) -> pa.Table:
    """Give each recipient its programme's code: of its column, else of the file's name."""
    frame_: pl.DataFrame = pl.from_arrow(rows)
    said = frame_["programme"].cast(pl.String).unique().drop_nulls().to_list()
    codes = {text: programme_of(text, city) for text in said}
    known = pl.col("programme").cast(pl.String).replace_strict(codes, default=None, return_dtype=pl.String)
    note = pl.col("file").replace_strict(notes, default=None, return_dtype=pl.String)
    code = pl.coalesce(known, pl.when(note != "").then(note))
    done = frame_.with_columns(programme=code)
    return done.to_arrow(compat_level=pl.CompatLevel.oldest())


def programme_of(text: str, city: City) -> str | None:
    """Return the code of the programme that a cell names by code or name; None where it names none."""
    wanted = fold(text)
    for programme in city.programmes:
        if wanted in (fold(programme.code), fold(programme.name)):
            return programme.code
    inside = [
        p.code for p in city.programmes if fold(p.name) in wanted or f" {p.code} " in f" {text.upper()} "
    ]
    return inside[0] if len(inside) == 1 else None


def _without_programme(rows: pa.Table, file: ListFile) -> pl.DataFrame:
    frame_: pl.DataFrame = pl.from_arrow(rows)
    count = frame_.filter((pl.col("file") == file.name) & pl.col("programme").is_null()).height
    if not count:
        return pl.DataFrame(schema=SCHEMA)
    said = {**finding("KIRIMAN-PROGRAM", count=count), "file": file.name}
    return frame([said])


def _about(found: pl.DataFrame, agency: str, kind: str, period: str, keyed: pa.Table | None) -> pl.DataFrame:
    """Fill in whose list a finding is about, and its subject: the row's key, or the file's name.

    A file's hash would not do: it changes with the order of its rows, and an edition does not.
    """
    known = found.with_columns(
        agency=pl.lit(agency),
        kind=pl.lit(kind or None, dtype=pl.String),
        period=pl.lit(period),
        subject_id=pl.when(pl.col("subject") == "file").then("file").otherwise("subject_id"),
    )
    if keyed is None:
        return known.select(list(SCHEMA))
    keys: pl.DataFrame = pl.from_arrow(keyed.select(["row_key", "file", "sheet", "row"]))
    at = keys.select("file", "sheet", "row", key="row_key")
    joined = known.join(at, on=["file", "sheet", "row"], how="left", nulls_equal=False)
    of_row = pl.col("subject") == "row"
    return joined.with_columns(
        row_key=pl.coalesce("row_key", "key"),
        subject_id=pl.when(of_row).then(pl.coalesce("subject_id", "key")).otherwise("subject_id"),
    ).select(list(SCHEMA))


def _declared(keyed: pa.Table | None, kind: str) -> pa.Table:
    """Return the typed rows with the columns that the contract declares."""
    if keyed is None:
        return pa.table({})
    return keyed.select([column.name for column in columns(kind)])


def _provenance(keyed: pa.Table | None) -> pa.Table:
    if keyed is None:
        return PROVENANCE.schema.to_pyarrow().empty_table()
    return keyed.select(["row_key", *_PLACE]).cast(PROVENANCE.schema.to_pyarrow())


def _entry(
    file: ListFile, sha256: str, kind: str, period: str, harvest: Harvest, typed: Typed | None
) -> dict[str, Any]:
    unread = Counts(rows=harvest.unread, held=harvest.unread)
    counts = typed.by_file.get(file.name, Counts()) if typed is not None else unread
    return {
        "file": file.name,
        "sha256": sha256,
        "agency": file.agency,
        "kind": kind,
        "period": period,
        "programme": file.programme,
        "legal": dict(file.legal),
        "rows": counts.rows,
        "accepted": counts.accepted,
        "refused": counts.refused,
        "held": counts.held,
    }
