"""The application: its commands, and what happens when one cannot do its work."""

from __future__ import annotations

import ast
import gc
import importlib
import os
import sys
from importlib import resources
from typing import Annotated, Any, Final

import typer
from typer.core import TyperGroup

from rantang import __version__
from rantang.cli.failing import report_fault, report_refusal
from rantang.cli.helping import known_language, language_asked, speak
from rantang.cli.refusing import speak_of_usage
from rantang.errors import RantangError
from rantang.texts import use_language

COMMANDS: Final = (
    "sample", "new", "run", "project", "plan", "check", "link", "dedupe", "report", "worklist", "screen",
    "measure", "decide", "diff", "doctor",
)  # fmt: skip
"""In the order of a city's work. Each is a module of this package, and the function of its name there."""
_HABITS: Final[dict[str, Any]] = {
    "pretty_exceptions_enable": False,
    "rich_markup_mode": "markdown",
    "context_settings": {"help_option_names": ["-h", "--help"]},
}


class _Commands(TyperGroup):
    """All commands are listed; the module of one is imported when that one is asked for.

    Between them they import half of scientific Python, for which nobody waits who asks for one.
    """

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, listed, rest = super().resolve_command(ctx, args)
        if name is None:  # while a shell completes what is half written
            return name, listed, rest
        asked = command(name)
        speak(asked)
        return name, asked, rest


app = typer.Typer(
    name="rantang",
    help="One register from many agencies' lists: who is poor, who gets what, and what to do next.",
    cls=_Commands,
    no_args_is_help=True,
    **_HABITS,
)


def _version(*, wanted: bool) -> None:
    if wanted:
        typer.echo(f"rantang {__version__}")
        raise typer.Exit


@app.callback()
def _every_command(
    lang: Annotated[
        str,
        typer.Option(
            help="Language of what is printed: id or en.", envvar="RANTANG_LANG", callback=known_language
        ),
    ] = "id",
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", callback=lambda v: _version(wanted=v), is_eager=True
        ),
    ] = False,
) -> None:
    use_language(lang)


def main() -> None:
    """Run the command line; the console script calls it.

    Exit status: 0 done (findings are normal), 1 only with ``--strict``, 2 could not do it.
    """
    if os.name == "posix":
        os.umask(0o077)  # whatever a command writes is its owner's alone
    # An expression of Ibis is a hundred thousand small objects that all live: to look through them for
    # garbage after every 700 new ones, as is usual, was an eighth of intake.
    gc.set_threshold(10_000, 10, 10)
    use_language(language_asked(sys.argv[1:]))
    commands = typer.main.get_command(app)
    speak(commands)
    speak_of_usage()
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


def command(name: str) -> Any:
    """Return a command as it is asked for; its module is imported now."""
    alone = typer.Typer(add_completion=False, **_HABITS)
    importlib.import_module(f"rantang.cli.{name}").register(alone)
    return typer.main.get_command(alone)


def _help(name: str) -> str | None:
    """Return a command's help as its source says it: to be listed, it need not be imported."""
    source = (resources.files("rantang.cli") / f"{name}.py").read_text("utf-8")
    own = (each for each in ast.parse(source).body if isinstance(each, ast.FunctionDef) and each.name == name)
    return ast.get_docstring(next(own))


def _listed() -> None:
    """Stand in the list for a command."""


for _name in COMMANDS:
    app.command(_name, help=_help(_name))(_listed)
