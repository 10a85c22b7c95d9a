"""`rantang new`: start a workspace."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from rantang.cli.say import say
from rantang.store.workspace import new_workspace, open_workspace
from rantang.texts import _


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("new")(new)


def new(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The new workspace.")],
    from_: Annotated[
        str,
        typer.Option("--from", help="A place that comes with Rantang, or `kosong`: a template to fill in."),
    ] = "kosong",
    period: Annotated[str, typer.Option(help="Year and month, for instance 2022-11.")] = "",
) -> None:
    """Start a workspace: a folder for one place's lists and editions.

    Example: `rantang new kota/ --from kosong --period 2022-11`
    """
    file = new_workspace(folder, from_, period or f"{dt.datetime.now(dt.UTC):%Y-%m}")
    city = open_workspace(folder).city
    say(_("A workspace for {place} was begun.", place=city.name))
    say(_("Put lists into lists/AGENCY/KIND/PERIOD.xlsx, for instance lists/dinsos/dtks/2022-11.xlsx."))
    say(_("Then: rantang run {folder}", folder=folder))
    say(str(file))
