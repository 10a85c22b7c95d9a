"""`rantang screen`: planned participants checked before delivery (*padan sebelum salur*)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import ibis.expr.types as ir
import polars as pl
import pyarrow as pa
import typer

from rantang import pipeline, validation
from rantang.catalogue import describe
from rantang.cities import City, Programme
from rantang.cli import lists as reading
from rantang.cli.say import console as terminal
from rantang.cli.say import number, plain_table, say, say_json
from rantang.cli.views import log_writing, manifest_of, opened, workspace_of
from rantang.cli.writing import check_target, write_private
from rantang.contracts import columns
from rantang.documents.workbooks.screening import NOT_PLANNED, OK, UNUSABLE, screening
from rantang.engine import Engine, EngineSettings, open_briefly, open_engine
from rantang.errors import RantangError
from rantang.intake.keys import row_keys
from rantang.intake.take import Part, type_lists
from rantang.register.against import find_people
from rantang.store.cache import Cache
from rantang.store.deliveries import Deliveries
from rantang.store.editions import Edition
from rantang.store.reading import read_list
from rantang.store.workspace import Workspace
from rantang.synergy.screen import VERDICTS, with_probability
from rantang.synergy.screen import screen as judge
from rantang.texts import _

TABLES = ("persons", "families", "links", "ids", "eligibility", "welfare", "assistance")
KIND = "penerima"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("screen")(screen)


def screen(
    edition: Annotated[
        Path, typer.Argument(metavar="EDITION", help="An edition, or a workspace: its latest.")
    ],
    planned: Annotated[Path, typer.Argument(metavar="LIST", help="The planned participants.")],
    programme: Annotated[str, typer.Option(help="Code of the programme, for instance RANTANG.")],
    out: Annotated[Path | None, typer.Option(help="Where to write it; else EDITION/out/.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Check planned participants before delivery: eligible, twice, already served, dead, left out.

    The file names people; only its owner may read it, and its writing is logged.

    Example: `rantang screen kota/ rencana.xlsx --programme RANTANG`
    """
    check_target(out, planned)
    found = opened(edition)
    check_target(out, found.workspace / "lists")
    workspace = workspace_of(found)
    city = workspace.city
    chosen = _programme(city, programme)
    asked = _planned(planned, workspace)
    with open_engine("duckdb", EngineSettings(workspace.temporary())) as engine:
        answer = _answers(found, workspace, chosen, asked.rows, engine)
    told = [*_told(answer, asked.names), *asked.unusable]
    book = screening(told, manifest_of(found), city, chosen.code, planned.name)
    path = out or found.out / f"{_('screening')}-{chosen.code.lower()}.xlsx"
    log_writing(found, path, {"what": "screen", "programme": chosen.code, "rows": len(asked.names)})
    write_private(path, book)
    _tell(told, asked.unread, chosen, path, as_json=as_json)


def _programme(city: City, code: str) -> Programme:
    for programme in city.programmes:
        if programme.code == code.upper():
            return programme
    known = ", ".join(each.code for each in city.programmes)
    raise RantangError("PROGRAM-TIDAK-ADA", programme=code, known=known)


@dataclass(frozen=True)
class Planned:
    """A planned list.

    Attributes
    ----------
    rows
        Typed rows with keys.
    names
        By key each row's line and words.
    unusable
        Rows that name nobody or whose cells are shifted, with a verdict that says so.
    unread
        Number of rows on sheets whose header was not understood.
    """

    rows: pa.Table
    names: dict[str, dict[str, Any]]
    unusable: list[dict[str, Any]]
    unread: int


def _planned(path: Path, workspace: Workspace) -> Planned:
    """Read the list as recipients."""
    read = read_list(path, KIND)
    if not read.readable:
        raise RantangError("BERKAS-TAK-TERBACA", file=path, why=_("see rantang check"))
    with open_briefly():
        parts = [Part(read.name, read.sha256, read.harvest)]
        typed = type_lists({KIND: parts}, workspace.last_day)[KIND]
    if not typed.counts.accepted:
        raise RantangError("BERKAS-TAK-TERBACA", file=path, why=_("no row names anybody"))
    keyed = row_keys(typed.table, "rencana", KIND, workspace.period, workspace.keys.row_key)
    about = keyed.select(["row_key", "row", "name", "nik"]).to_pylist()
    names = {
        each["row_key"]: {"line": each["row"], "name": each["name"], "nik": each["nik"]} for each in about
    }
    rows = keyed.select([column.name for column in columns(KIND)])
    return Planned(rows, names, _unusable(read.harvest.raw, keyed), read.harvest.unread)


def _unusable(raw: pl.DataFrame, keyed: pa.Table) -> list[dict[str, Any]]:
    """Return what of the list was not accepted, as it is written."""
    used = pl.DataFrame(keyed.select(["sheet", "row"]))
    words = [pl.col(f"f_{name}").alias(name) for name in ("name", "nik") if f"f_{name}" in raw.columns]
    left = raw.join(used, on=["sheet", "row"], how="anti").select(pl.col("row").alias("line"), *words)
    return [{**row, "verdict": UNUSABLE, "verdicts": UNUSABLE} for row in left.to_dicts()]


def _answers(
    edition: Edition, workspace: Workspace, programme: Programme, rows: pa.Table, engine: Engine
) -> list[dict[str, Any]]:
    city, period, last_day, keep = workspace.city, workspace.period, workspace.last_day, engine.keep
    units = _units_of(edition, workspace)
    typed = reading.typed(units, engine)
    known, _ = reading.identified(units, typed, city, last_day, engine)
    tables = {name: engine.read_parquet(edition.path(name)) for name in TABLES}
    planned = pipeline.identify({KIND: engine.load(rows, "planned")}, city, last_day, keep)
    people = find_people(keep(planned, "planned"), known, tables["ids"], edition.model, keep)
    links = tables["links"]
    own = links.filter((links.kind == KIND) & (links.agency == programme.agency))
    people = with_probability(people, own)
    facts = validation.gather(tables["persons"], tables["families"], tables["links"], typed, keep)
    screened = judge(
        _with_line(people, rows, engine), programme, city.programmes, city.pairs, tables["persons"], facts,
        tables["eligibility"], tables["welfare"], tables["assistance"], period, keep,
    )  # fmt: skip
    heads = tables["families"].select("family_id", head="head_id")
    who = tables["persons"].select("person_id", "nik_masked", "address", "rt", "rw", register_name="name")
    shown = screened.left_join(heads, "family_id").drop("family_id_right")
    shown = shown.mutate(shown=shown.person_id.coalesce(shown["head"]))
    shown = shown.left_join(who, [("shown", "person_id")]).drop("person_id_right")
    told: list[dict[str, Any]] = engine.fetch(shown).to_pylist()
    return told


def _units_of(edition: Edition, workspace: Workspace) -> list[reading.Unit]:
    """Return the lists that the edition was made of, read: what lies under `lists/` now may be others."""
    city, period, last_day = workspace.city, workspace.period, workspace.last_day
    made_of = edition.manifest["deliveries"]
    units = reading.units_of_edition(made_of, workspace.lists, city, period, last_day)
    cache = Cache(workspace.store / "cache", workspace.keys)
    reading.recall(units, cache, reading.identity_of(city, last_day))
    kept = Deliveries(workspace.store / "deliveries", workspace.keys)
    contents = reading.still_kept(units, made_of, kept, edition.name)
    reading.read_new(units, city, period, last_day, workspace.keys.row_key, contents)
    return units


def _with_line(people: ir.Table, rows: pa.Table, engine: Engine) -> ir.Table:
    keys = rows.column("row_key").to_pylist()
    table = pa.table({"row_key": keys, "line": pa.array(range(1, len(keys) + 1), pa.int64())})
    lines = engine.load(table, "lines")
    return engine.keep(people.inner_join(lines, "row_key"), "planned_people")


def _told(answer: list[dict[str, Any]], names: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Put the planned row's own words beside each answer; the register's beside who is left out."""
    told = []
    seen: dict[str, int] = {}
    for row in sorted(answer, key=lambda each: each["line"] or 0):
        own = names.get(row["row_key"] or "")
        if own is None:
            told.append({**row, "name": row["register_name"], "nik": row["nik_masked"]})
            continue
        first = seen.setdefault(row["unit_id"] or row["row_key"], own["line"])
        told.append({**row, **own, "same_as": None if first == own["line"] else first})
    return told


def _tell(
    told: list[dict[str, Any]], unread: int, programme: Programme, path: Path, *, as_json: bool
) -> None:
    counts: dict[str, int] = {}
    for row in told:
        for code in str(row["verdicts"] or row["verdict"]).split():
            counts[code] = counts.get(code, 0) + 1
    absent = counts.get(NOT_PLANNED, 0)
    planned = len(told) - absent
    if as_json:
        answer = {"programme": programme.code, "planned": planned, "unread": unread, "verdicts": counts}
        say_json({**answer, "out": str(path)})
        return
    say(
        _(
            "{programme}: {count} of {all} planned rows have nothing against them. A row may have several "
            "of these:",
            programme=programme.name, count=number(counts.get(OK, 0)), all=number(planned),
        )
    )  # fmt: skip
    table = plain_table((_("rows"), True), ("", False))
    for code in (code for code in (UNUSABLE, *VERDICTS) if code in counts):
        table.add_row(number(counts[code]), describe(code).message)
    terminal.print(table)
    say(_("{count} more qualify and are not on the list.", count=number(absent)))
    if unread:
        say(
            _(
                "{count} rows on sheets whose headers were not understood are not in it: `rantang check` "
                "says why.",
                count=number(unread),
            )
        )
    say(_("Only you may read this file. It names people: do not forward it."))
    say(str(path))
