"""`rantang worklist`: what an agency or a kelurahan has to do, person by person, as XLSX."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import ibis
import pyarrow as pa
import typer

from rantang.cities import City
from rantang.cli.helping import known_language
from rantang.cli.say import say
from rantang.cli.views import (
    configuration_of,
    log_writing,
    manifest_of,
    opened,
    revealer,
    tables_of,
    workspace_of,
)
from rantang.cli.writing import check_target, write_private
from rantang.documents.workbooks import Request
from rantang.documents.workbooks import worklist as make_worklist
from rantang.store.editions import Edition
from rantang.store.plans import BEST, PLANS, changes_of, read_plans
from rantang.texts import _, language, use_language

NEEDED = (
    "persons", "families", "links", "review", "findings", "assistance", "family_aid", "welfare",
    "provenance",
)  # fmt: skip
"""Tables of an edition that work lists read."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("worklist")(worklist)


def worklist(
    edition: Annotated[
        Path, typer.Argument(metavar="EDITION", help="An edition, or a workspace: its latest.")
    ],
    agency: Annotated[str, typer.Option(help="Code of the agency, for instance dinsos.")] = "",
    kelurahan: Annotated[str, typer.Option(help="Name or code of the kelurahan.")] = "",
    with_nik: Annotated[
        bool, typer.Option("--with-nik", help="Write NIK and KK in full; needs --purpose.")
    ] = False,
    purpose: Annotated[
        str, typer.Option(metavar="TEXT", help="What the numbers are needed for; it is logged.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="Where to write it; else EDITION/out/.")] = None,
    lang: Annotated[
        str | None, typer.Option(help="Language of the work list: id or en.", callback=known_language)
    ] = None,
) -> None:
    """Write the work list of an agency or a kelurahan. It names people: only its owner may read it.

    Example: `rantang worklist kota/ --agency dinsos`
    """
    if lang is not None:
        use_language(lang)
    found = opened(edition)
    check_target(out, found.workspace / "lists")
    request = Request(agency=agency, kelurahan=kelurahan, with_nik=with_nik, purpose=purpose)
    reveal = revealer(found) if with_nik and purpose.strip() else None
    city = workspace_of(found).city
    changes = _of_plan(found, city)
    with tables_of(found, NEEDED) as tables:
        given = tables if changes is None else {**tables, "plan": ibis.memtable(changes)}
        book = make_worklist(given, manifest_of(found), city, request, reveal)
    name = (agency or kelurahan).lower().replace(" ", "-").replace("/", "-")
    path = out or found.out / f"{_('worklist')}-{name}.xlsx"
    log_writing(
        found,
        path,
        {
            "what": "worklist",
            "for": agency or kelurahan,
            "with_nik": with_nik,
            "purpose": purpose,
            "lang": language(),
        },
    )
    write_private(path, book)
    say(_("Only you may read this file. It names people: do not forward it."))
    say(str(path))


def _of_plan(edition: Edition, city: City) -> pa.Table | None:
    """Return what the best plan changes for families, None where there is no plan of this edition."""
    configuration = configuration_of(city)
    held = read_plans(edition.workspace, str(edition.manifest["hash"]), configuration)
    if not any(each["folder"] == BEST and "plan" in each for each in held):
        return None
    return changes_of(edition.workspace / PLANS / BEST)
