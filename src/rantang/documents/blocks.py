"""What a page is built of: a few plain blocks that every document can use; templates draw them.

Blocks hold finished text in the language in use. Sections make them of data; templates decide how
they look on paper, phone and desk. A picture always comes with its words and its table.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote

from rantang.catalogue import describe
from rantang.documents.disclosure import INTERNAL, Count
from rantang.texts import _, language
from rantang.vocabulary import numbers

Tone = Literal["", "good", "warn", "bad", "mute"]
COVERED = "×"


def show(count: Count) -> str:
    """Write a count as it may be shown: ``1.234``, ``<8``, or ``×`` (hidden for another's sake)."""
    if count.value is not None:
        return numbers.whole(count.value)
    return "<8" if count.hidden == "small" else COVERED


def money(count: Count) -> str:
    """Write rupiah as they may be shown, short."""
    if count.value is None:
        return "<8" if count.hidden == "small" else COVERED
    return numbers.rupiah_short(count.value)


def minus(whole: Count, part: Count) -> Count:
    """Return what is left of two shown counts; hidden where a reader could not subtract, or it is small."""
    if whole.value is None or part.value is None:
        return Count(None, "complement")
    left = whole.value - part.value
    return Count(None, "small") if 1 <= left <= INTERNAL.limit else Count(left)


def plainly(code: str) -> str:
    """Say a code's message of all that bear it."""
    return describe(code).message


def share(part: Count, whole: Count, digits: int = 0, small_group: int = 0) -> str:
    """Write a share of two shown counts; a dash where one of them is hidden or there is no whole.

    `small_group`: all of a group smaller than this is not said (TRUST D3).
    """
    if part.value is None or not whole.value:
        return "–"
    if small_group and part.value >= whole.value and whole.value < small_group:
        return "–"
    return numbers.share(min(part.value, whole.value), whole.value, digits)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table: text, a smaller note under it, a tone, a bar from 0 to 1."""

    text: str
    note: str = ""
    tone: Tone = ""
    bar: float | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; numbers stand right and name their unit; `weight` is its share of width."""

    head: str
    unit: str = ""
    number: bool = True
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Data:
    """The table behind a picture, for downloading. Made of what is shown, nothing else."""

    name: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]

    @property
    def uri(self) -> str:
        """The table as CSV in a data URI; a semicolon between columns in Indonesian, as Excel there reads."""
        out = io.StringIO()
        writer = csv.writer(out, delimiter="," if language() == "en" else ";", lineterminator="\r\n")
        writer.writerow(self.head)
        writer.writerows([_raw(value) for value in row] for row in self.rows)
        return "data:text/csv;charset=utf-8," + quote("\ufeff" + out.getvalue(), safe=" ,;:/()")

    @property
    def file(self) -> str:
        """The file's name."""
        return f"{self.name}.csv"


def _raw(value: object) -> object:
    if isinstance(value, Count):
        return value.value if value.value is not None else show(value)
    text = "" if value is None else value
    return f"'{text}" if isinstance(text, str) and text[:1] in "=+-@\t\r" and len(text) > 1 else text


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph; `link` leads from its end to a section of the page, called `link_text`."""

    text: str
    tone: Tone = ""
    link: str = ""
    link_text: str = ""


@dataclass(frozen=True, slots=True)
class Stat:
    """One large figure with what it is and of how many."""

    value: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Stats:
    """A row of large figures."""

    items: tuple[Stat, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart or map: a wide and a narrow drawing, its words, its table, its source.

    `key` names the steps of the ramp, parted by ``|``; `hatch` what is hatched on it.
    """

    title: str
    subtitle: str
    wide: str
    narrow: str
    words: str
    data: Data
    source: str
    key: str = ""
    hatch: str = "<8, ×"
    grow: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table. `scroll`: wide, the first column stays and on a phone each row becomes a card.

    `fold`: shown on demand only; `first`: so many rows before the rest is folded away.
    """

    title: str
    subtitle: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    data: Data | None = None
    total: tuple[Cell, ...] = ()
    note: str = ""
    scroll: bool = False
    fold: str = ""
    kind: str = ""
    first: int = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or decide, with why and the command that gives the list of it."""

    title: str
    body: str = ""
    command: str = ""


@dataclass(frozen=True, slots=True)
class Steps:
    """Numbered things to do, boxed when they are to be decided."""

    title: str
    items: tuple[Step, ...]
    boxed: bool = False
    lead: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Words and what they mean."""

    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """Two columns on a desk, one under the other on a phone; `fit`: the left as wide as its content."""

    left: tuple[Block, ...]
    right: tuple[Block, ...]
    fit: bool = False


@dataclass(frozen=True, slots=True)
class Pivot:
    """A table that the reader turns.

    Attributes
    ----------
    dimensions
        (name, label, its levels as (level, label)).
    measures
        (name, label, unit).
    cells
        By address (`NAME=LEVEL|…`, in the order of the dimensions), for each measure what is written
        and the number behind it, None where it is hidden or may not be added up.
    first
        What rows and columns are of at first.
    empty
        What stands where there is no cell.
    shares
        Whether cells may be shown as a share of their row.
    """

    title: str
    subtitle: str
    dimensions: tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]
    measures: tuple[tuple[str, str, str], ...]
    cells: Mapping[str, tuple[tuple[str, float | None], ...]]
    first: tuple[str, str]
    empty: str
    shares: bool
    data: Data
    note: str = ""

    @property
    def told(self) -> str:
        """What the page's script reads: JSON that may stand in a page."""
        content = {
            "language": language(),
            "all": _("All"),
            "empty": self.empty,
            "dimensions": [
                {"name": name, "label": label, "levels": levels} for name, label, levels in self.dimensions
            ],
            "measures": [name for name, _label, _unit in self.measures],
            "units": [unit for _name, _label, unit in self.measures],
            "cells": self.cells,
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")

    @property
    def still(self) -> tuple[tuple[str, ...], ...]:
        """The first table, where no script runs: heads, then rows, then totals."""
        order = [name for name, _label, _levels in self.dimensions]
        label = {name: each for name, each, _levels in self.dimensions}
        levels = {name: each for name, _label, each in self.dimensions}
        down, across = self.first
        columns = levels.get(across, ())

        def text(*at: tuple[str, str]) -> str:
            ordered = sorted(at, key=lambda each: order.index(each[0]))
            found = self.cells.get("|".join(f"{name}={level}" for name, level in ordered))
            return found[0][0] if found else self.empty

        def line(*at: tuple[str, str]) -> tuple[str, ...]:
            return (*(text(*at, (across, level)) for level, _name in columns), text(*at))

        heads = (label[down], *(name for _level, name in columns), _("All"))
        rows = tuple((name, *line((down, level))) for level, name in levels[down])
        return (heads, *rows, (_("All"), *line()))


Block = Text | Stats | Picture | Table | Steps | Terms | Beside | Pivot


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page under one heading that states what is seen."""

    name: str
    title: str
    blocks: tuple[Block, ...]
    lead: str = ""
    short: str = field(default="")


def cells(values: Iterable[str | Cell]) -> tuple[Cell, ...]:
    """Make a row of cells of texts and cells."""
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)


def join(words: Sequence[str]) -> str:
    """Join words as a sentence does: ``a, b, dan c``."""
    if len(words) < 2:
        return "".join(words)
    if len(words) == 2:
        return _("{first} and {last}", first=words[0], last=words[1])
    return _("{first}, and {last}", first=", ".join(words[:-1]), last=words[-1])
