"""One catalogue of every code that a user can meet: findings, refusals, reasons, errors.

A code is stable for ever: people and programs rely on it. Each entry is TOML in this folder::

    [NIK-TANGGAL]
    severity = "peringatan"            # galat (row unusable) | peringatan | info | henti (command stops)
    acts = "pengirim"                  # who must act: pengirim | dinsos | dispendukcapil | kelurahan …
    message = "The NIK holds an impossible date."     # English; Indonesian in locale/id/*.po
    mend = "Check it against the KTP-el."
    general = "…"                      # of many at once: what the message says, without its {blanks}
    source = "domain: NIK digits 7-12 are the birth date (Dukcapil)"

The entry of a validation rule stands with the rule (`validation/rules/*.toml`), so that a rule is in
one place.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Formatter
from typing import Any, Final, Literal

from rantang.texts import _

Severity = Literal["galat", "peringatan", "info", "henti"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's severity, who must act, and its texts (English message ids).

    `general` says of many at once what `message` says of one: every finding whose message has blanks has it.
    """

    code: str
    severity: Severity
    message: str
    mend: str = ""
    acts: str = "pengirim"
    source: str = ""
    general: str = ""


TEXTS: Final = frozenset(("severity", "acts", "message", "mend", "source"))
"""What an entry says of its code; where its message has blanks, `general` too."""


@dataclass(frozen=True, slots=True)
class Description:
    """A code's texts in the language in use, placeholders filled."""

    message: str
    mend: str


@cache
def entries() -> Mapping[str, Entry]:
    """Return every code with its entry.

    Raises
    ------
    ValueError
        Two places declare the same code, or an entry lacks severity or message.
    """
    found: dict[str, Entry] = {}
    for file, code, fields in _declared():
        if code in found:
            raise ValueError(f"{file}: the code {code} is declared twice")
        if not {"severity", "message"} <= set(fields) <= TEXTS | {"general"}:
            raise ValueError(f"{file}: {code} needs severity and message, and may have {sorted(TEXTS)}")
        found[code] = Entry(code=code, **fields)
    return found


def _declared() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield file, code and texts of every entry."""
    for file, content in _toml_in("catalogue"):
        for code, fields in content.items():
            yield file, code, fields
    for file, content in _toml_in("validation", "rules"):
        for rule in content["rule"]:
            yield file, str(rule.get("code", "")), {key: rule[key] for key in TEXTS & set(rule)}


def _toml_in(*folder: str) -> Iterator[tuple[str, dict[str, Any]]]:
    entries_ = resources.files("rantang").joinpath(*folder).iterdir()
    for file in sorted(entries_, key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            yield file.name, tomllib.loads(file.read_text("utf-8"))


class _Unfilled(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def describe(code: str, values: Mapping[str, object] | None = None) -> Description:
    """Return the texts of `code`; an unknown code describes itself, so nothing is ever silent.

    Where `values` leave a blank of the message open, what it says in general stands instead.
    """
    entry = entries().get(code)
    if entry is None:
        return Description(message=code, mend="")
    filled = _Unfilled(values or {})
    open_ = blanks(entry.message) - set(filled)
    return Description(
        message=_(entry.general if open_ and entry.general else entry.message).format_map(filled),
        mend=_(entry.mend).format_map(filled) if entry.mend else "",
    )


def blanks(text: str) -> frozenset[str]:
    """Return the names of the blanks of a text."""
    return frozenset(name for _text, name, _form, _turn in Formatter().parse(text) if name)
