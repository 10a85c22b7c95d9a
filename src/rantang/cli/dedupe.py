"""`rantang dedupe A`: any one list freed of its doubles."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rantang import linking
from rantang.cli import pairs
from rantang.cli.writing import check_ending, check_target
from rantang.engine import open_briefly


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("dedupe")(dedupe)


def dedupe(
    a: Annotated[Path, typer.Argument(metavar="A", help="The list.")],
    out: Annotated[Path, typer.Option("--out", help="Where the pairs go: .csv or .parquet.")],
    map_: Annotated[
        Path | None, typer.Option("--map", help="TOML that says which column plays which role.")
    ] = None,
    id_a: Annotated[str | None, typer.Option(help="Column that names a row; else its number from 0.")] = None,
    truth: Annotated[
        str | None, typer.Option(help="Column with the person's id: read only afterwards, to score.")
    ] = None,
    place: Annotated[str, typer.Option(help="Whose areas are known.")] = "kosong",
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Find the rows of one list that are the same person.

    Example: rantang dedupe penerima.xlsx --out doubles.csv
    """
    check_target(out, a)
    check_ending(out, *pairs.ENDINGS)
    roles = pairs.roles(map_)
    read = pairs.read(a, roles["a"])
    frame = read.frame
    pairs.check_columns(frame, a, id_a, truth)
    with open_briefly() as engine:
        (rows,) = pairs.identified({"a": read}, place, engine)
        found = linking.dedupe_list(rows, engine.keep)
        table = engine.fetch(found.table)
    ids = pairs.ids(frame, id_a)
    named = pairs.named(table, ids, ids)
    pairs.write(named, out)
    score = pairs.score_doubles(named, frame, ids, truth) if truth else {}
    pairs.tell(named, found, score, {"a": read}, out, as_json)
