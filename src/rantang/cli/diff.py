"""`rantang diff A B`: what changed between two editions, or between two plans."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import ibis.expr.types as ir
import typer

from rantang.cli.comparing import Change, compare, moves
from rantang.cli.say import console, number, plain_table, say, say_json
from rantang.engine import Engine, EngineSettings, open_engine
from rantang.errors import RantangError
from rantang.store.editions import Edition, open_edition
from rantang.store.plans import is_plan
from rantang.store.secrets import hidden
from rantang.store.workspace import open_workspace
from rantang.tables.declare import Table
from rantang.tables.edition import EDITION
from rantang.texts import _

_COLUMNS = 4


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("diff")(diff)


def diff(
    a: Annotated[Path, typer.Argument(metavar="A", help="The earlier edition, or one plan's folder.")],
    b: Annotated[Path, typer.Argument(metavar="B", help="The later edition, or the other plan's folder.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compare two editions: rows added, removed and changed in each table, and whose standing changed.

    Of two plans or scenarios: what each does, side by side, and who is given something by one only.

    Example: `rantang diff kota/editions/2022-10-9c1b77aa kota/editions/2022-11-1a2b3c4d`
    """
    if is_plan(a) and is_plan(b):
        from rantang.cli.comparing_plans import compare_plans  # noqa: PLC0415  (editions need no planning)

        compare_plans(a, b, as_json=as_json)
        return
    before, after = open_edition(a), open_edition(b)
    if before.manifest.get("key") != after.manifest.get("key"):
        raise RantangError("KUNCI-LAIN")  # ciphertext under two keys cannot be compared
    temporary = open_workspace(after.workspace, str(after.manifest["period"])).temporary()
    with open_engine("duckdb", EngineSettings(temporary)) as engine:
        changes = [_change(before, after, table, engine) for table in EDITION]
        standing = _standing(before, after, engine)
    if as_json:
        say_json(
            {
                "a": before.name,
                "b": after.name,
                "same": before.manifest["hash"] == after.manifest["hash"],
                "tables": [change.as_dict() for change in changes],
                "standing": [{"was": was, "now": now, "persons": n} for was, now, n in standing],
            }
        )
        return
    _show(before, after, changes, standing)


def _change(before: Edition, after: Edition, table: Table, engine: Engine) -> Change:
    if not (before.has(table.name) and after.has(table.name)):
        gone, new = _rows(before, table.name), _rows(after, table.name)
        return Change(table.name, gone, new, added=new, removed=gone)
    if before.hash_of(table.name) == after.hash_of(table.name) != "":
        return Change(table.name, _rows(before, table.name), _rows(after, table.name))
    return compare(_table(before, table.name, engine), _table(after, table.name, engine), hidden(table))


def _standing(before: Edition, after: Edition, engine: Engine) -> Sequence[tuple[str, str, int]]:
    if not (before.has("eligibility") and after.has("eligibility")):
        return ()
    a, b = (_table(edition, "eligibility", engine) for edition in (before, after))
    a, b = (rows.filter(rows.subject == "person") for rows in (a, b))
    return moves(a, b, "subject_id", "status")


def _table(edition: Edition, name: str, engine: Engine) -> ir.Table:
    return engine.read_parquet(edition.path(name))


def _rows(edition: Edition, name: str) -> int:
    return int(edition.manifest.get("tables", {}).get(name, {}).get("rows", 0))


def _show(
    before: Edition, after: Edition, changes: Sequence[Change], standing: Sequence[tuple[str, str, int]]
) -> None:
    say(f"{before.name} → {after.name}", style="bold")
    if all(change.same for change in changes):
        say(_("Both editions say the same."))
        return
    table = plain_table(
        (_("Table"), False), (_("Before"), True), (_("After"), True), (_("Added"), True),
        (_("Removed"), True), (_("Changed"), True), (_("Columns"), False),
    )  # fmt: skip
    for change in changes:
        if change.same:
            table.add_row(
                change.table, number(change.before), number(change.after), "–", "–", "–", "", style="dim"
            )
            continue
        most = ", ".join(f"{name} {number(n)}" for name, n in list(change.columns.items())[:_COLUMNS])
        table.add_row(
            change.table, number(change.before), number(change.after), number(change.added),
            number(change.removed), number(change.changed), most,
        )  # fmt: skip
    console.print(table)
    if standing:
        say()
        say(_("Whose standing changed"), style="bold")
        for was, now, count in standing:
            say(f"{number(count):>9}  {was} → {now}")
