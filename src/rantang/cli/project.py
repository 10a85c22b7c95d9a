"""`rantang project`: shall we reach the target?"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Annotated, Any

import typer

from rantang import __version__
from rantang.cli.chances import show
from rantang.cli.failing import log_into
from rantang.cli.report import make_report
from rantang.cli.say import say, say_json
from rantang.cli.views import accepted, configuration_of
from rantang.projection import project as compute
from rantang.projection.record import record
from rantang.store.cache import name_of
from rantang.store.editions import Edition, latest_edition
from rantang.store.plans import write_projection
from rantang.store.workspace import Workspace, open_workspace
from rantang.tables.projection import PROJECTION, TARGETS
from rantang.texts import language

_INPUTS = ("city.toml", "indicators.csv", "targets.csv")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("project")(project)


def project(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace.")],
    period: Annotated[
        str, typer.Option(help="Another period than city.toml says, for instance 2022-11.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Project the published poverty rate to every target, with the chance of reaching it.

    Only figures that were out at the end of the period are used.

    Example: `rantang project kota/`
    """
    workspace = open_workspace(folder, period or None)
    log_into(workspace.log)
    edition = _edition(workspace)
    found = compute(workspace.city, workspace.period, _listed_share(edition))
    tables = {PROJECTION: found.projection_rows(), TARGETS: found.target_rows()}
    content = {**record(found), "inputs": _inputs(workspace, edition), "version": __version__}
    content["hash"] = name_of(content, {table.name: rows for table, rows in tables.items()})
    plan = write_projection(workspace.folder, tables, content)
    page = make_report(edition, language()) if edition else None
    if as_json:
        say_json({**content, "folder": str(plan), "report": str(page) if page else None})
        return
    show(content)
    say(str(plan), style="dim" if page else None)
    if page:
        say(str(page))


def _edition(workspace: Workspace) -> Edition | None:
    """Return the workspace's latest edition where it is of the same period."""
    latest = latest_edition(workspace.editions)
    return latest if latest and latest.manifest["period"] == workspace.period else None


def _inputs(workspace: Workspace, edition: Edition | None) -> dict[str, Any]:
    """Name what the projection was made of, by hash."""
    files = workspace.city.files
    return {
        "configuration": configuration_of(workspace.city),
        "files": {
            name: hashlib.sha256(files[name].encode()).hexdigest() for name in _INPUTS if name in files
        },
        "edition": {"name": edition.name, "hash": edition.manifest["hash"]} if edition else None,
    }


def _listed_share(edition: Edition | None) -> float | None:
    """Return the people on the welfare list as a share of all residents, where both lists were given."""
    if edition is None:
        return None
    listed, residents = (accepted(edition, kind) for kind in ("dtks", "penduduk"))
    return listed / residents if listed and residents else None
