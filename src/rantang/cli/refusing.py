"""A command line that cannot be read, told in the language in use.

Typer says such things in English alone, and hands no text on to be translated. What it says is therefore
recognised by its words, once it is about to be shown; what is not recognised (another version may say it
otherwise) is shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import typer.rich_utils as drawn

from rantang.texts import _, mark

_SAID: Final = (
    mark("Missing argument {what}."),
    mark("Missing option {what}."),
    mark("Missing command."),
    mark("No such command {what}. Did you mean {likely}?"),
    mark("No such command {what}."),
    mark("No such option: {what} (Possible options: {likely})"),
    mark("No such option: {what}"),
    mark("Option {what} requires an argument."),
    mark("Option {what} does not take a value."),
    mark("Got unexpected extra argument(s) ({what})"),
    mark("Invalid value for {what} (env var: {variable}): {why}"),
    mark("Invalid value for {what}: {why}"),
    mark("Input should be a valid number, unable to parse string as a number"),
    mark("Input should be a valid integer, unable to parse string as an integer"),
    mark("Input should be greater than or equal to {least}"),
    mark("Input should be less than or equal to {most}"),
)
"""What is said, longer before shorter where one begins like the other; `why` is one of these, too."""
_DRAWN: Final[Callable[[Any], None]] = drawn.rich_format_error


def speak_of_usage() -> None:
    """From here on, show what is wrong with a command line in the language in use."""
    drawn.rich_format_error = _show  # type: ignore[assignment]


def in_our_words(said: str) -> str:
    """Return what Typer says of a command line, in the language in use."""
    for message in _SAID:
        if found := _pattern(message).fullmatch(said):
            values = found.groupdict()
            if "why" in values:
                values["why"] = in_our_words(values["why"])
            return _(message, **values)
    return said


@cache
def _pattern(message: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+?)", re.escape(message)), re.DOTALL)


def _show(refusal: Any) -> None:
    words = in_our_words(refusal.format_message())
    refusal.format_message = lambda: words
    _DRAWN(refusal)
