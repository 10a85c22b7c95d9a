"""SQL of expressions that were written out before: the same rules run on many lists.

Writing an Ibis expression out as SQL takes tens of milliseconds, more than DuckDB needs for a short list, and
one process writes the same expressions again and again, only with other tables in them. So what an expression
says is spelled in one pass over its nodes, without names of tables; of one spelling the text is written once.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from hashlib import blake2b
from itertools import count as counting
from typing import Any, Final, NamedTuple

import ibis.expr.datatypes as idt
import ibis.expr.operations as ops
from ibis.common.graph import Node
from ibis.expr.datashape import DataShape

MOST: Final = 2_000
_PLAIN: Final = (
    bool,
    int,
    float,
    bytes,
    Decimal,
    dt.date,
    dt.time,
    dt.timedelta,
    Enum,
    idt.DataType,
)
# What a text may hold that is no table, or write otherwise: aliases of Ibis, and quotes.
_CONFUSING: Final = re.compile(r'^t\d+$|"')


class Spelling(NamedTuple):
    """What an expression says: a digest without the names of tables, and these in the order they are met."""

    digest: bytes
    tables: tuple[str, ...]


class Statements:
    """Texts of statements by what they say; where there are too many, all are forgotten."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._parts: dict[bytes, tuple[str | int, ...]] = {}

    def text(self, root: Node, write: Callable[[], str]) -> str:
        """Return the SQL of `root`: that of one that says the same, or else what `write` returns."""
        spelled = spelling(root)
        if spelled is None:
            return write()
        parts = self._parts.get(spelled.digest)
        if parts is None:
            text = write()
            if len(self._parts) >= self._most:
                self._parts.clear()
            if all(f'"{name}"' in text for name in spelled.tables):
                self._parts[spelled.digest] = _parts(text, spelled.tables)
            return text
        return "".join(part if isinstance(part, str) else f'"{spelled.tables[part]}"' for part in parts)


def spelling(root: Node) -> Spelling | None:
    """Spell an expression; nothing where it holds what is not known here or what may be a table's name."""
    tables: dict[str, int] = {}
    references: dict[Any, int] = {}
    places: dict[Node, int] = {}
    digest = blake2b(digest_size=32)
    texts: set[str] = set()
    for node in _from_the_leaves(root):
        said = [_number(type(node))]
        if isinstance(node, ops.DatabaseTable | ops.InMemoryTable):
            said.append(f"table {tables.setdefault(node.name, len(tables))}")
            said += [repr(node.namespace)] if isinstance(node, ops.DatabaseTable) else []
            _say(node.schema, places, said, texts)
        elif isinstance(node, ops.Reference):
            # Views of a table are numbered through a process.
            reference = references.setdefault((type(node), node.identifier), len(references))
            said += [f"node {places[node.parent]}", f"reference {reference}"]
        elif not _say(node.__args__, places, said, texts):
            return None
        places[node] = len(places)
        digest.update("\x1f".join(said).encode("utf-8", "surrogatepass") + b"\x1e")
    if texts & tables.keys() or any(f'"{name}"' in text for text in texts for name in tables):
        return None
    if any(_CONFUSING.search(name) for name in tables):
        return None
    return Spelling(digest.digest(), tuple(tables))


def _say(value: Any, places: Mapping[Node, int], said: list[str], texts: set[str]) -> bool:
    """Add what an argument of a node says to `said`; False where it is of no known type."""
    if isinstance(value, Node):
        said.append(f"node {places[value]}")
    elif isinstance(value, str):
        texts.add(value)
        said.append(f"str {len(value)} {value}")
    elif isinstance(value, float) and value == 0.0:
        return False  # two zeros of two signs are equal, and which of them Ibis writes is its own affair
    elif value is None or isinstance(value, _PLAIN):
        said.append(f"{type(value).__name__} {value!r}")
    elif isinstance(value, DataShape):
        said.append(type(value).__name__)
    elif isinstance(value, Mapping):  # schemas, too
        said.append(f"mapping {len(value)}")
        return all(_say(part, places, said, texts) for item in value.items() for part in item)
    elif isinstance(value, tuple):
        said.append(f"tuple {len(value)}")
        return all(_say(part, places, said, texts) for part in value)
    elif isinstance(value, frozenset) and all(isinstance(part, str) for part in value):
        return _say(tuple(sorted(value)), places, said, texts)
    else:
        return False
    return True


def _from_the_leaves(root: Node) -> Iterator[Node]:
    """Return every node once, what it is made of before it."""
    seen: set[Node] = set()
    waiting: list[tuple[Node, bool]] = [(root, False)]
    while waiting:
        node, complete = waiting.pop()
        if complete:
            yield node
        elif node not in seen:
            seen.add(node)
            waiting.append((node, True))
            waiting.extend((child, False) for child in node.__children__)


_TYPES: Final[dict[type, str]] = {}
_NUMBERS: Final = counting()


def _number(type_: type) -> str:
    """Number the types of nodes: functions of the engine are types, too, and several may have one name."""
    return _TYPES.setdefault(type_, f"{type_.__name__} {next(_NUMBERS)}")


def _parts(text: str, tables: tuple[str, ...]) -> tuple[str | int, ...]:
    """Cut a text at the names of its tables, and give these by their places."""
    if not tables:
        return (text,)
    names = "|".join(re.escape(name) for name in tables)
    cut = re.split(f'"({names})"', text)
    return tuple(part if index % 2 == 0 else tables.index(part) for index, part in enumerate(cut))
