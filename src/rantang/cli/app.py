"""The application: its commands, and what happens when one cannot do its work."""

from __future__ import annotations

import importlib
import os
import sys
from functools import cache
from importlib.util import find_spec
from typing import Annotated, Final

import typer

from rantang import __version__
from rantang.cli.failing import report_fault, report_refusal
from rantang.cli.helping import language_asked, speak
from rantang.errors import RantangError
from rantang.texts import LANGUAGES, use_language

COMMANDS: Final = (
    "sample", "new", "run", "project", "plan", "check", "link", "dedupe", "report", "worklist", "screen",
    "measure", "decide", "diff", "doctor",
)  # fmt: skip
"""In the order of a city's work; a command appears when its module is there."""

app = typer.Typer(
    name="rantang",
    help="One register from many agencies' lists: who is poor, who gets what, and what to do next.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"rantang {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    lang: Annotated[
        str, typer.Option(help="Language of what is printed: id or en.", envvar="RANTANG_LANG")
    ] = "id",
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=lambda v: _version(wanted=v), is_eager=True
        ),
    ] = False,
) -> None:
    if lang not in LANGUAGES:
        raise typer.BadParameter(f"{' / '.join(LANGUAGES)}", param_hint="--lang")
    use_language(lang)


def main() -> None:
    """Run the command line; the console script calls it.

    Exit status: 0 done (findings are normal), 1 only with ``--strict``, 2 could not do it.
    """
    if os.name == "posix":
        os.umask(0o077)  # whatever a command writes is its owner's alone
    use_language(language_asked(sys.argv[1:]))
    commands = typer.main.get_command(with_commands())
    speak(commands)
    try:
        commands(standalone_mode=True)
    except RantangError as refusal:
        report_refusal(refusal)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except Exception as fault:
        report_fault(fault)
        sys.exit(2)


@cache
def with_commands() -> typer.Typer:
    """Return the application with every command that is there."""
    for name in COMMANDS:
        if find_spec(f"rantang.cli.{name}") is not None:
            importlib.import_module(f"rantang.cli.{name}").register(app)
    return app
