"""`rantang report`: an edition's report as one HTML page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from rantang.cli.helping import known_language
from rantang.cli.say import say
from rantang.cli.views import configuration_of, manifest_of, opened, tables_of, workspace_of
from rantang.cli.writing import write_private
from rantang.store.editions import Edition
from rantang.store.plans import read_plans, read_projection
from rantang.texts import language

NEEDED = (
    "persons", "families", "links", "review", "findings", "eligibility", "welfare", "assistance", "coverage",
    "overlap", "family_aid", "poverty",
)  # fmt: skip
"""Tables of an edition that the report reads."""


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("report")(report)


def report(
    edition: Annotated[
        Path, typer.Argument(metavar="EDITION", help="An edition, or a workspace: its latest.")
    ],
    lang: Annotated[
        str | None, typer.Option(help="Language of the report: id or en.", callback=known_language)
    ] = None,
    public: Annotated[
        bool, typer.Option("--public", help="For everyone: also rounded to 5, small groups hidden.")
    ] = False,
) -> None:
    """Write an edition's report: aggregates only, it may be forwarded.

    Example: `rantang report kota/editions/2022-11-1a2b3c4d --lang en`
    """
    say(str(make_report(opened(edition), lang or language(), public=public)))


def make_report(
    edition: Edition, lang: str, *, public: bool = False, timings: Mapping[str, Any] | None = None
) -> Path:
    """Make the report of an edition under its `out/` and return its path; `rantang run` ends with it.

    Parameters
    ----------
    timings
        `seconds`, `stages`, `made_at` of a run whose log is not written yet.
    """
    from rantang.documents.report import collect, render  # noqa: PLC0415  (charts take a second to load)

    city = workspace_of(edition).city
    configuration = configuration_of(city)
    path = read_projection(edition.workspace, str(edition.manifest["period"]), configuration)
    plans = read_plans(edition.workspace, str(edition.manifest["hash"]), configuration)
    with tables_of(edition, NEEDED) as tables:
        data = collect(
            tables, manifest_of(edition, timings), city,
            public=public, model=edition.model, projection=path, planned=plans,
        )  # fmt: skip
    name = "report" + ("-public" if public else "") + ("" if lang == "id" else f"-{lang}")
    page = render(data, lang, _geometry(edition))
    return write_private(edition.out / f"{name}.html", page)


def _geometry(edition: Edition) -> dict[str, Any] | None:
    """Return the workspace's own polygons, where it has them."""
    file = edition.workspace / "areas.geojson"
    if not file.is_file():
        return None
    found: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return found
