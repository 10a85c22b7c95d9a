"""`commands.md`: the command line, from the application itself."""

from __future__ import annotations

from typing import Any

from rantang.cli.app import COMMANDS, command
from rantang.reference.markdown import code, table
from rantang.reference.markdown import page as make

_INTRO = """
`rantang COMMAND --help` says the same. Printed text is Indonesian; `rantang --lang en COMMAND`, or
`RANTANG_LANG=en`, speaks English. `--json` prints for machines.

| exit status | meaning |
|---|---|
| 0 | done; findings are normal and are printed |
| 1 | only with `--strict`: rows were unusable, or people are waited for |
| 2 | it could not be done: the message says what to do, nothing is half done |

| environment | meaning |
|---|---|
| `RANTANG_LANG` | `id` or `en` |
| `RANTANG_KEY` | the key, 32 bytes in base64 |
| `RANTANG_KEY_FILE` | where the key lies; else `~/.config/rantang/key` |
| `RANTANG_DEBUG` | also print the traceback of a fault |
"""


def page() -> str:
    """Return the page."""
    commands = {name: command(name) for name in COMMANDS}
    return make(
        "Command line",
        _INTRO,
        table(
            ("command", "what for"),
            ((f"[`{name}`](#{name})", _said(each)[0]) for name, each in commands.items()),
        ),
        *(_section(name, each) for name, each in commands.items()),
    )


def _section(name: str, command: Any) -> str:
    given = [p for p in command.params if p.param_type_name == "argument"]
    usage = " ".join(["rantang", name, *(_named(p) for p in given), "[OPTIONS]"])
    rows = [(code(_named(p)), p.help or "") for p in given]
    rows += [
        (code(_option(p)), " ".join(filter(None, (p.help, _default(p)))))
        for p in command.params
        if p.param_type_name == "option" and not p.hidden
    ]
    return "\n\n".join([f"## {name}", f"    {usage}", *_said(command), table(("", ""), rows)])


def _said(command: Any) -> list[str]:
    """Return a command's help by paragraphs, its lines joined."""
    return [" ".join(part.split()) for part in str(command.help).split("\n\n")]


def _named(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _option(option: Any) -> str:
    shown = "/".join(option.opts)
    return shown if option.is_flag else f"{shown} {option.metavar or option.name.strip('_').upper()}"


def _default(option: Any) -> str:
    if option.required:
        return "**Needed.**"
    return "" if option.is_flag or option.default in (None, "") else f"Default: `{option.default}`."
