"""`--help` in the user's language: the texts stand in the code in English, like all others."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from inspect import cleandoc
from typing import Any, Final

import typer
import typer.rich_utils as drawn

from rantang.texts import LANGUAGES, _, mark

_EXAMPLE: Final = mark("Example:")
_COMMAND: Final = mark("COMMAND [ARGS]...")
_OPTIONS: Final = mark("[OPTIONS]")
_PANELS: Final = {
    "ARGUMENTS_PANEL_TITLE": mark("Arguments"),
    "OPTIONS_PANEL_TITLE": mark("Options"),
    "COMMANDS_PANEL_TITLE": mark("Commands"),
    "ERRORS_PANEL_TITLE": mark("Error"),
    "DEFAULT_STRING": mark("[default: {}]"),
    "REQUIRED_LONG_STRING": mark("[required]"),
    "ENVVAR_STRING": mark("[env var: {}]"),
    "RICH_HELP": mark("Try [blue]'{command_path} {help_option}'[/] for help."),
}


def language_asked(arguments: Sequence[str]) -> str:
    """Return the language asked for before the command's name, else the environment's, else Indonesian."""
    asked = os.environ.get("RANTANG_LANG", "")
    for place, argument in enumerate(arguments):
        if argument == "--lang":
            asked = next(iter(arguments[place + 1 : place + 2]), "")
        elif argument.startswith("--lang="):
            asked = argument.partition("=")[2]
        elif not argument.startswith("-") and arguments[place - 1 : place] != ["--lang"]:
            break
    return asked if asked in LANGUAGES else LANGUAGES[0]


def known_language(asked: str | None) -> str | None:
    """Return the language that an option asks for, None where it asks for none.

    Raises
    ------
    typer.BadParameter
        Rantang does not speak it.
    """
    if asked is not None and asked not in LANGUAGES:
        raise typer.BadParameter(_("It must be one of these: {known}.", known=", ".join(LANGUAGES)))
    return asked


def paragraphs(text: str | None) -> list[str]:
    """Return a help text's paragraphs, each on one line: the messages that are translated."""
    return [" ".join(part.split()) for part in cleandoc(text or "").split("\n\n") if part.strip()]


def speak(command: Any) -> None:
    """Translate the help of a command and of those under it into the language in use."""
    for name, text in _PANELS.items():
        setattr(drawn, name, _(text))
    names = command.context_settings.get("help_option_names", ["--help"])
    for each in commands(command):
        each.context_class = _context(each.context_class)
        each.options_metavar = _(_OPTIONS)
        if hasattr(each, "subcommand_metavar"):
            each.subcommand_metavar = _(_COMMAND)
        own = each.get_help_option(each.context_class(each, help_option_names=names))
        if own is not None:
            own.help = _("Show this message and exit.")
        each.help = "\n\n".join(_said(part) for part in paragraphs(each.help))
        for param in each.params:
            if getattr(param, "help", None):
                param.help = _(param.help)


def commands(command: Any) -> Iterator[Any]:
    """Return a command and all under it."""
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from commands(each)


def messages(command: Any) -> set[str]:
    """Return every message in the help of a command and of those under it."""
    found = set()
    for each in commands(command):
        found |= {part for part in paragraphs(each.help) if not part.startswith(_EXAMPLE)}
        found |= {param.help for param in each.params if getattr(param, "help", None)}
    return found


def _said(part: str) -> str:
    if part.startswith(_EXAMPLE):
        return _(_EXAMPLE) + part[len(_EXAMPLE) :]
    return _(part)


def _context(base: Any) -> Any:
    """Return a context whose usage line begins in the language in use."""

    class Formatter(base.formatter_class):  # type: ignore[misc]
        def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
            super().write_usage(prog, args, prefix or _("Usage:") + " ")

    class Context(base):  # type: ignore[misc]
        formatter_class = Formatter

    return Context
