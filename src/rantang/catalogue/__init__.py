"""One catalogue of every code that a user can meet: findings, refusals, reasons, errors.

A code is stable for ever: people and programs rely on it. Each entry is TOML in this folder::

    [NIK-TANGGAL]
    severity = "peringatan"            # galat (row unusable) | peringatan | info | henti (command stops)
    acts = "pengirim"                  # who must act: pengirim | dinsos | dispendukcapil | kelurahan …
    message = "The NIK holds an impossible date."     # English; Indonesian in locale/id/*.po
    mend = "Check it against the KTP-el."
    source = "domain: NIK digits 7-12 are the birth date (Dukcapil)"
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, cast

from rantang.texts import _

Severity = Literal["galat", "peringatan", "info", "henti"]


@dataclass(frozen=True, slots=True)
class Entry:
    """A code's severity, who must act, and its texts (English message ids)."""

    code: str
    severity: Severity
    message: str
    mend: str = ""
    acts: str = "pengirim"
    source: str = ""


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
        Two files declare the same code, or an entry lacks a message.
    """
    found: dict[str, Entry] = {}
    folder = resources.files(__name__)
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for code, fields in tomllib.loads(file.read_text("utf-8")).items():
            if code in found:
                raise ValueError(f"{file.name}: the code {code} is declared twice")
            found[code] = Entry(code=code, **cast(dict[str, str], fields))  # type: ignore[arg-type]
    return found


class _Unfilled(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "…"


def describe(code: str, values: Mapping[str, object] | None = None) -> Description:
    """Return the texts of `code`; an unknown code describes itself, so nothing is ever silent."""
    entry = entries().get(code)
    if entry is None:
        return Description(message=code, mend="")
    filled = _Unfilled(values or {})
    return Description(
        message=_(entry.message).format_map(filled),
        mend=_(entry.mend).format_map(filled) if entry.mend else "",
    )
