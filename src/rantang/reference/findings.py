"""`findings.md`: every code a user can meet."""

from __future__ import annotations

from collections.abc import Iterable

from rantang.catalogue import Entry, entries
from rantang.reference.markdown import code, table
from rantang.reference.markdown import page as make
from rantang.texts import _, language, use_language

_INTRO = """
Every code that Rantang can print or write, in the order of the alphabet. A code is stable for ever. The
texts stand in `src/rantang/catalogue/` (those of rules beside the [rules](rules.md)), the Indonesian ones in
`src/rantang/locale/id/`.

| severity | meaning |
|---|---|
| `galat` | the row cannot be used |
| `peringatan` | somebody must look or mend |
| `info` | good to know |
| `henti` | the command stops, exit status 2; nothing is half done |

Who acts: `pengirim` is the agency that sent the list, `perangkat_daerah` the one that runs the programme.
"""


def page() -> str:
    """Return the page."""
    every = sorted(entries().values(), key=lambda each: each.code)
    return make(
        "Codes",
        _INTRO,
        "## Findings\n\n" + _table(each for each in every if each.severity != "henti"),
        "## Why a command stopped\n\n" + _table(each for each in every if each.severity == "henti"),
    )


def _table(chosen: Iterable[Entry]) -> str:
    return table(
        ("code", "severity", "who acts", "what it says", "what to do", "source"),
        ((code(e.code), code(e.severity), e.acts, _both(e.message), _both(e.mend), e.source) for e in chosen),
    )


def _both(text: str) -> str:
    """Return a text in English and in Indonesian."""
    if not text:
        return ""
    spoken = language()
    use_language("id")
    translated = _(text)
    use_language(spoken)
    return f"{text}<br>*{translated}*"
