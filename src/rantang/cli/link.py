"""`rantang link A B`: any two lists linked."""

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
    app.command("link")(link)


def link(
    a: Annotated[Path, typer.Argument(metavar="A", help="The list whose rows are looked for.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The list in which they are looked for.")],
    out: Annotated[Path, typer.Option("--out", help="Where the pairs go: .csv or .parquet.")],
    map_: Annotated[
        Path | None, typer.Option("--map", help="TOML that says which column plays which role.")
    ] = None,
    id_a: Annotated[
        str | None, typer.Option(help="Column of A that names a row; else its number from 0.")
    ] = None,
    id_b: Annotated[str | None, typer.Option(help="Column of B that names a row.")] = None,
    truth: Annotated[
        str | None, typer.Option(help="Column of A with B's true id: read only afterwards, to score.")
    ] = None,
    place: Annotated[str, typer.Option(help="Whose areas are known.")] = "kosong",
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Link two lists: which row of A is which row of B, with probability and what people should look at.

    Example: rantang link dtks.xlsx penduduk.csv --out pairs.csv
    """
    check_target(out, a, b)
    check_ending(out, *pairs.ENDINGS)
    roles = pairs.roles(map_)
    lists = {"a": pairs.read(a, roles["a"]), "b": pairs.read(b, roles["b"])}
    frame_a, frame_b = (read.frame for read in lists.values())
    pairs.check_columns(frame_a, a, id_a, truth)
    pairs.check_columns(frame_b, b, id_b)
    with open_briefly() as engine:
        left, right = pairs.identified(lists, place, engine)
        found = linking.link_lists(left, right, engine.keep)
        table = engine.fetch(found.table)
    named = pairs.named(table, pairs.ids(frame_a, id_a), pairs.ids(frame_b, id_b))
    pairs.write(named, out)
    score = pairs.score(named, frame_a, pairs.ids(frame_a, id_a), truth) if truth else {}
    pairs.tell(named, found, score, lists, out, as_json)
