"""`rantang check`: what one file holds, and what to mend in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from rantang.cli.helping import known_language
from rantang.cli.say import console, number, plain_table, say, say_json
from rantang.cli.writing import check_target, write_private
from rantang.contracts import contracts
from rantang.engine import open_briefly
from rantang.errors import RantangError
from rantang.intake.annotate import annotate, summarise
from rantang.intake.findings import words
from rantang.intake.take import Part, type_lists
from rantang.intake.typed import Typed
from rantang.store.reading import Reading, read_list, read_one
from rantang.texts import _, use_language

_SHOWN: Final = 12
_STYLES: Final = {"galat": "bold red", "peringatan": "yellow", "info": "dim"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("check")(check)


def check(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="A list: xlsx, xls, xlsb, ods, csv, txt, parquet.")
    ],
    contract: Annotated[
        str | None, typer.Option("--contract", help="Kind of list; guessed from its headings if not given.")
    ] = None,
    annotate_to: Annotated[
        Path | None,
        typer.Option(
            "--annotate", metavar="OUT.xlsx", help="Write the list with the findings beside its rows."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit with 1 when rows are refused or wait for a person.")
    ] = False,
    lang: Annotated[
        str | None, typer.Option(help="Language of what is printed: id or en.", callback=known_language)
    ] = None,
) -> None:
    """Check one list: which columns were understood, which rows can be used, what to mend.

    Nothing is kept. Exit status: 0 read (findings are normal), 1 with `--strict`, 2 when nothing in it
    could be read as a list.

    Example: `rantang check daftar-pkh.xlsx --annotate daftar-pkh-temuan.xlsx`
    """
    if lang is not None:
        use_language(lang)
    if contract is not None and contract not in contracts():
        raise RantangError("KONTRAK-TAK-DIKENAL", kind=contract, known=", ".join(contracts()))
    check_target(annotate_to, file)
    reading = read_list(file, contract)
    kind = reading.harvest.kind or contract
    typed = _type(reading, kind or "penerima")
    if as_json:
        say_json(_as_json(reading, kind, typed))
    else:
        _print(reading, kind, typed)
    if annotate_to is not None and reading.readable:
        _annotate(file, reading, typed, annotate_to, quiet=as_json)
    if not reading.harvest.sheets:  # a list whose rows are all refused was read all the same
        raise typer.Exit(2)
    if strict and (typed.counts.refused or typed.counts.held):
        raise typer.Exit(1)


def _type(reading: Reading, kind: str) -> Typed:
    today = dt.datetime.now(dt.UTC).date()  # a file on its own has no period: nobody is born tomorrow
    part = Part(reading.name, reading.sha256, reading.harvest)
    with open_briefly():
        return type_lists({kind: [part]}, today, alone=True)[kind]


def _as_json(reading: Reading, kind: str | None, typed: Typed) -> dict[str, Any]:
    counts = typed.counts
    return {
        "file": reading.name,
        "sha256": reading.sha256 or None,
        "contract": kind,
        "rows": counts.rows,
        "accepted": counts.accepted,
        "refused": counts.refused,
        "held": counts.held,
        "sheets": [
            {"sheet": sheet.sheet, "header_row": sheet.header_row, "columns": sheet.columns}
            for sheet in reading.harvest.sheets
        ],
        "findings": [
            {
                **{name: finding[name] for name in ("code", "severity", "sheet", "row", "column", "value")},
                "message": _sentence(finding),
            }
            for finding in typed.findings.iter_rows(named=True)
        ],
    }


def _sentence(finding: dict[str, Any]) -> str:
    told = words(finding)
    return f"{told.message} {told.mend}".strip()


def _print(reading: Reading, kind: str | None, typed: Typed) -> None:
    groups = summarise(typed.findings)
    say(reading.name, "bold")
    if not reading.readable:
        for group in groups:
            say(f"{group['message']} {group['mend']}".strip())
        return
    say(_about(reading, kind), "dim")
    counts = typed.counts
    say(
        _(
            "{rows} rows = {accepted} accepted + {refused} refused + {held} waiting for a person",
            rows=number(counts.rows),
            accepted=number(counts.accepted),
            refused=number(counts.refused),
            held=number(counts.held),
        )
    )
    _print_columns(reading)
    _print_findings(groups)


def _about(reading: Reading, kind: str | None) -> str:
    facts = [
        _(contracts()[kind].title) if kind else _("kind of list unknown"),
        reading.format,
        *(_delimiters().get(fact, fact) for fact in reading.facts.values()),
    ]
    sheets = list(dict.fromkeys(sheet.sheet for sheet in reading.harvest.sheets if sheet.sheet))
    if sheets:
        facts.append(_("sheets: {names}", names=", ".join(sheets[:6]) + (" …" if len(sheets) > 6 else "")))
    return " · ".join(facts)


def _delimiters() -> dict[str, str]:
    return {"comma": _("comma"), "semicolon": _("semicolon"), "bar": _("vertical bar")}


def _print_columns(reading: Reading) -> None:
    if not reading.harvest.sheets:
        return
    first = reading.harvest.sheets[0]
    pairs = ", ".join(f"{header} → {name}" for header, name in first.columns.items())
    say(_("Columns (row {row}): {pairs}", row=first.header_row, pairs=pairs), "dim")


def _print_findings(groups: Sequence[dict[str, Any]]) -> None:
    say()
    if not groups:
        say(_("Nothing to mend."))
        return
    table = plain_table(
        (_("Code"), False), (_("Rows"), True), (_("Column"), False), (_("What, and what to do"), False)
    )
    merged = _merge_sheets(groups)
    for group in merged[:_SHOWN]:
        text = f"{group['message']} {group['mend']}".strip()
        if group["rows"]:
            text += " " + _("(row {rows})", rows=", ".join(str(row) for row in group["rows"]))
        table.add_row(
            f"[{_STYLES.get(group['severity'], '')}]{group['code']}[/]",
            number(group["count"]) if group["count"] else "",
            _plain(group["column"]),
            _plain(text),
        )
    console.print(table, soft_wrap=False)
    if len(merged) > _SHOWN:
        say(_("and {count} further kinds of findings (--json shows all)", count=len(merged) - _SHOWN), "dim")


def _merge_sheets(groups: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Show what comes in several sheets once."""
    merged: dict[tuple[str, str, str], dict[str, Any]] = {}
    for group in groups:
        key = (group["code"], group["column"], "" if group["count"] else group["message"])
        if key in merged:
            merged[key] = {**merged[key], "count": merged[key]["count"] + group["count"]}
        else:
            merged[key] = dict(group)
    order = ("galat", "peringatan", "info")
    return sorted(
        merged.values(),
        key=lambda g: (order.index(g["severity"]) if g["severity"] in order else 9, -g["count"]),
    )


def _plain(text: str) -> str:
    return text.replace("[", r"\[")


def _annotate(file: Path, reading: Reading, typed: Typed, out: Path, *, quiet: bool) -> None:
    # Of several lists on a sheet the first one's headings: what is above them stays on the screen.
    headers = {sheet.sheet: sheet.header_row for sheet in reversed(reading.harvest.sheets)}
    content = annotate(read_one(file), typed.findings, headers)
    write_private(out, content)
    if not quiet:
        say()
        say(str(out))
