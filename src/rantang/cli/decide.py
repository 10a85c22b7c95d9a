"""`rantang decide`: what a person settled, written at the end of the chain."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, Final

import ibis.expr.types as ir
import typer

from rantang.cli.failing import log_into
from rantang.cli.say import say, say_json
from rantang.engine import Engine, EngineSettings, open_engine
from rantang.errors import RantangError
from rantang.store.decisions import append
from rantang.store.editions import Edition, open_edition
from rantang.store.workspace import open_workspace
from rantang.texts import _

OFFERED: Final = ("same", "different", "strike_off", "keep", "add")
"""Kinds of decision that the next edition obeys."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("decide")(decide)


def decide(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace.")],
    kind: Annotated[str, typer.Argument(metavar="KIND", help=", ".join(OFFERED))],
    subjects: Annotated[
        list[str],
        typer.Argument(
            metavar="ROW...", help="Row keys or person ids: two for same and different, else one."
        ),
    ],
    role: Annotated[str, typer.Option(help="The office in which it is decided.")],
    by: Annotated[
        str, typer.Option(help="Who decides (an account, not a name); else who is logged in.")
    ] = "",
    family: Annotated[
        bool, typer.Option("--family", help="The decision is on the whole family, not on the person.")
    ] = False,
    reason: Annotated[
        str, typer.Option(help="Why, in free words; kept apart from the chain, encrypted.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Settle something for good: the next edition obeys it, and later ones, too.

    `same` and `different`: whether two rows are one person. `strike_off`, `keep`, `add`: whether a person
    (or family) belongs on the list.

    Example: `rantang decide kota/ same 3f0c…a1 77be…0d --role "petugas register" --reason "KTP-el dicek"`
    """
    workspace = open_workspace(folder)
    log_into(workspace.log)
    if kind not in OFFERED:
        raise RantangError("KEPUTUSAN-JENIS", kind=kind, kinds=", ".join(OFFERED))
    edition = open_edition(workspace.folder)
    with open_engine("duckdb", EngineSettings(workspace.temporary())) as engine:
        rows = [_row(each, edition, engine) for each in subjects]
    decision = append(
        workspace.decisions, kind, rows, by=by or getpass.getuser(), role=role,
        value="family" if family else "", reason=reason, keys=workspace.keys,
    )  # fmt: skip
    if as_json:
        say_json({"seq": decision.seq, "kind": kind, "subjects": decision.subjects, "hash": decision.hash})
        return
    say(
        _(
            "Decision {seq} is written. The next edition obeys it: rantang run {folder}",
            seq=decision.seq,
            folder=folder,
        )
    )
    say(decision.hash)


def _row(named: str, edition: Edition, engine: Engine) -> str:
    """Return the row key that is named; a person id stands for the first of the person's rows.

    For one of this edition's lists, where there is one: an old row that decisions name says nothing any more.
    """
    ids, review, links = (engine.read_parquet(edition.path(name)) for name in ("ids", "review", "links"))
    known = (
        (ids.filter(ids.row_key == named), ids.row_key),
        (review.filter(review.row_key == named), review.row_key),
        (review.filter(review.candidate_key == named), review.candidate_key),
        (links.filter(links.person_id == named), links.row_key),
        (ids.filter(ids.person_id == named), ids.row_key),
    )
    for rows, column in known:
        found = _first(rows, column.get_name())
        if found:
            return found
    raise RantangError("KEPUTUSAN-BARIS-TAK-ADA", row=named, edition=edition.name)


def _first(rows: ir.Table, column: str) -> str:
    return str(rows[column].min().to_pyarrow().as_py() or "")
