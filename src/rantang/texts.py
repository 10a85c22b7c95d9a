"""Texts for users: one gettext domain, English in the code, Indonesian in `locale/id/*.po`.

The catalogue of a language may lie in several files (one a room of the house); they are read
together as one domain. `tests/unit/test_texts.py` fails on an untranslated or unused message.
"""

from __future__ import annotations

import re
from contextvars import ContextVar
from functools import cache
from importlib import resources
from typing import Final

from babel.messages.pofile import read_po

LANGUAGES: Final = ("id", "en")
_PER_CENT: Final = re.compile(r"(?<=[0-9}])[ \u00a0]?%")
_language: ContextVar[str] = ContextVar("language", default="id")


def use_language(language: str) -> None:
    """Speak `language` ("id" or "en") from here on, in this context."""
    if language not in LANGUAGES:
        raise ValueError(f"language must be one of {LANGUAGES}, not {language!r}")
    _language.set(language)


def language() -> str:
    """Return the language that is spoken now."""
    return _language.get()


@cache
def _messages(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    folder = resources.files("rantang") / "locale" / language
    if not folder.is_dir():
        return found
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".po"):
            with file.open("rb") as stream:
                for message in read_po(stream):
                    if message.id and message.string:
                        found[str(message.id)] = str(message.string)
    return found


def _(message: str, **values: object) -> str:
    """Translate `message` into the language in use and fill its ``{placeholders}``."""
    text = _spoken(_language.get(), message)
    return text.format(**values) if values else text


@cache
def _spoken(language: str, message: str) -> str:
    """Return a text in a language, per cent as it writes them: ``90 %`` (the space unbroken), ``90%``."""
    text = _messages(language).get(message, message)
    return _PER_CENT.sub("%" if language == "en" else "\u00a0%", text)


def mark(message: str) -> str:
    """Mark a message for the catalogue where it is declared; translate it later with `_`."""
    return message
