"""Read a rule: sqlglot gives the syntax tree, a short list of what is allowed gives the rest.

Nothing that is not listed here gets through, so a rule can neither reach another table nor run
code. Errors name what was written and what to write instead.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import ibis.expr.types as ir
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from rantang.errors import RantangError
from rantang.expressions import tree
from rantang.expressions.explain import explain
from rantang.expressions.render import render
from rantang.expressions.tree import Node, columns_of

MAX_LENGTH: Final = 2_000
"""Longest rule in characters: a rule is read by people, and nesting stays shallow."""

MAX_DEPTH: Final = 40
_LARGEST: Final = 2**53

_COMPARISONS: Final[dict[type, tree.Comparison]] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
}
_ARITHMETIC: Final[dict[type, tree.Arithmetic]] = {exp.Add: "+", exp.Sub: "-", exp.Mul: "*"}
_FUNCTIONS: Final[dict[type, tree.Function]] = {
    exp.Coalesce: "coalesce",
    exp.Least: "least",
    exp.Greatest: "greatest",
}
OPERATORS: Final = (*_COMPARISONS.values(), *_ARITHMETIC.values())
FUNCTIONS: Final = tuple(_FUNCTIONS.values())
"""What a rule may call, for the reference."""

_KINDS: Final[dict[str, tree.Kind]] = {
    "boolean": "boolean",
    "int64": "number",
    "int32": "number",
    "float64": "number",
    "string": "text",
    "date": "date",
}


@dataclass(frozen=True, slots=True)
class Expression:
    """A rule that was read and found in order.

    Attributes
    ----------
    text
        The rule as it was written.
    tree
        Its checked syntax tree.
    """

    text: str
    tree: Node = field(repr=False)

    @property
    def columns(self) -> frozenset[str]:
        """Names of the columns the rule reads."""
        return columns_of(self.tree)

    def render(self, table: ir.Table) -> ir.Value:
        """Return the rule as an Ibis expression on `table`; unknown stays null."""
        return render(self.tree, table)

    def explain(self) -> str:
        """Return the rule in words, in the language in use."""
        return explain(self.tree)


def parse(text: str, columns: Mapping[str, str], kind: tree.Kind | None = "boolean") -> Expression:
    """Read a rule and check it against the columns it may use.

    Parameters
    ----------
    text
        The rule, for instance ``usia >= 60 and kk_satu_orang``.
    columns
        Documented columns with their Ibis type names (``int64``, ``boolean``, ``string`` …).
    kind
        What the whole must be: a condition (``boolean``) unless said; None: anything.

    Raises
    ------
    RantangError
        `ATURAN-SINTAKS`, `ATURAN-KOLOM`, `ATURAN-FUNGSI`, `ATURAN-BENTUK`, `ATURAN-JENIS` or
        `ATURAN-PANJANG`, each naming what was written and what to write instead.
    """
    if len(text) > MAX_LENGTH:
        raise RantangError("ATURAN-PANJANG", length=len(text), limit=MAX_LENGTH)
    try:
        statements = sqlglot.parse(text, dialect="duckdb")
    except (SqlglotError, RecursionError) as error:
        why = str(error).split(". Line")[0].split("\n")[0]
        raise RantangError("ATURAN-SINTAKS", text=text, why=why) from None
    written = [statement for statement in statements if statement is not None]
    if len(written) != 1:
        raise RantangError("ATURAN-SINTAKS", text=text, why="; " if written else "∅")
    reader = _Reader(text, columns)
    node = reader.read(written[0], 0)
    if kind is not None and node.kind != kind:
        reader.wrong_kind(written[0], node.kind, f"{_sql(written[0])} {_continued(node.kind)}")
    return Expression(text, node)


class _Reader:
    """Turn sqlglot's tree into ours, refusing all that is not listed."""

    def __init__(self, text: str, columns: Mapping[str, str]) -> None:
        self._text = text
        self._kinds = {name: _KINDS[type_.lstrip("!")] for name, type_ in columns.items() if type_ in _KINDS}

    def read(self, node: exp.Expression, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise RantangError("ATURAN-BENTUK", text=self._text, part=_sql(node), instead="( … )")
        read = _READERS.get(type(node))
        if read is not None:
            return read(self, node, depth + 1)
        if type(node) in _COMPARISONS:
            return self._compare(node, depth + 1)
        if type(node) in _ARITHMETIC:
            left, right = self._numbers(node.this, node.expression, depth=depth + 1)
            return tree.Calculate(_ARITHMETIC[type(node)], left, right)
        if isinstance(node, exp.Func):
            return self._call(node, depth + 1)
        raise RantangError(
            "ATURAN-BENTUK",
            text=self._text,
            part=_sql(node),
            instead="and, or, not, = <> < <= > >=, + - *, in (…), between … and …, is null",
        )

    def boolean(self, node: exp.Expression, depth: int) -> Node:
        part = self.read(node, depth)
        if part.kind != "boolean":
            self.wrong_kind(node, part.kind, f"{_sql(node)} {_continued(part.kind)}")
        return part

    def column(self, node: exp.Column, _depth: int) -> Node:
        name = node.name
        if node.table or name not in self._kinds:
            close = difflib.get_close_matches(name, self._kinds, n=3, cutoff=0.5) or sorted(self._kinds)[:12]
            raise RantangError("ATURAN-KOLOM", text=self._text, column=_sql(node), instead=", ".join(close))
        return tree.Column(name, self._kinds[name])

    def literal(self, node: exp.Literal, _depth: int) -> Node:
        if node.is_string:
            return tree.Value(str(node.this), "text")
        number = str(node.this)
        value = int(number) if number.isdigit() else float(number)
        if abs(value) > _LARGEST:
            self.wrong_kind(node, "number", "1000000")
        return tree.Value(value, "number")

    def true_or_false(self, node: exp.Boolean, _depth: int) -> Node:
        return tree.Value(bool(node.this), "boolean")

    def negative(self, node: exp.Neg, depth: int) -> Node:
        part = self.read(node.this, depth)
        if part.kind != "number":
            self.wrong_kind(node, part.kind, "- 1")
        if isinstance(part, tree.Value):
            return tree.Value(-part.value, "number")  # type: ignore[operator]
        return tree.Calculate("-", tree.Value(0, "number"), part)

    def parenthesis(self, node: exp.Paren, depth: int) -> Node:
        return self.read(node.this, depth)

    def every(self, node: exp.And, depth: int) -> Node:
        return tree.Every(tuple(self.boolean(part, depth) for part in node.flatten()))

    def some(self, node: exp.Or, depth: int) -> Node:
        return tree.Some(tuple(self.boolean(part, depth) for part in node.flatten()))

    def negate(self, node: exp.Not, depth: int) -> Node:
        return tree.Negate(self.boolean(node.this, depth))

    def between(self, node: exp.Between, depth: int) -> Node:
        low, high = node.args["low"], node.args["high"]
        return tree.Every(
            (
                self._compare(exp.GTE(this=node.this, expression=low), depth),
                self._compare(exp.LTE(this=node.this, expression=high), depth),
            )
        )

    def question(self, node: exp.Is, depth: int) -> Node:
        asked = node.expression
        if isinstance(asked, exp.Null):
            return tree.Unknown(self.read(node.this, depth))
        if isinstance(asked, exp.Boolean):
            part = self.boolean(node.this, depth)
            wanted: Node = part if asked.this else tree.Negate(part)
            return tree.Call("coalesce", (wanted, tree.Value(False, "boolean")), "boolean")
        raise RantangError(
            "ATURAN-BENTUK", text=self._text, part=_sql(node), instead="is null, is true, is false"
        )

    def among(self, node: exp.In, depth: int) -> Node:
        part = self.read(node.this, depth)
        if not node.expressions:
            raise RantangError("ATURAN-BENTUK", text=self._text, part=_sql(node), instead="in ('a', 'b')")
        values = []
        for listed in node.expressions:
            value = self.read(listed, depth)
            if not isinstance(value, tree.Value):
                raise RantangError("ATURAN-BENTUK", text=self._text, part=_sql(node), instead="in ('a', 'b')")
            if value.kind != part.kind:
                self.wrong_kind(listed, value.kind, _example(part.kind))
            values.append(value)
        return tree.Among(part, tuple(values))

    def nothing(self, node: exp.Null, _depth: int) -> Node:
        raise RantangError("ATURAN-BENTUK", text=self._text, part=_sql(node), instead="… is null")

    def _compare(self, node: exp.Expression, depth: int) -> Node:
        if isinstance(node.this, exp.Null) or isinstance(node.expression, exp.Null):
            raise RantangError("ATURAN-BENTUK", text=self._text, part=_sql(node), instead="… is null")
        left, right = self.read(node.this, depth), self.read(node.expression, depth)
        if left.kind != right.kind:
            self.wrong_kind(node.expression, right.kind, _example(left.kind))
        operator = _COMPARISONS[type(node)]
        if left.kind == "boolean" and operator not in ("=", "<>"):
            self.wrong_kind(node, "boolean", "… and …")
        return tree.Compare(operator, left, right)

    def _numbers(self, *nodes: exp.Expression, depth: int) -> list[Node]:
        parts = [self.read(node, depth) for node in nodes]
        for node, part in zip(nodes, parts, strict=True):
            if part.kind != "number":
                self.wrong_kind(node, part.kind, "1")
        return parts

    def _call(self, node: exp.Func, depth: int) -> Node:
        function = _FUNCTIONS.get(type(node))
        if function is None:
            raise RantangError(
                "ATURAN-FUNGSI", text=self._text, function=_sql(node), instead=", ".join(_FUNCTIONS.values())
            )
        arguments = tuple(
            self.read(part, depth) for part in (node.this, *node.expressions) if part is not None
        )
        for part in arguments:
            if part.kind != arguments[0].kind:
                self.wrong_kind(node, part.kind, _example(arguments[0].kind))
        return tree.Call(function, arguments, arguments[0].kind)

    def wrong_kind(self, node: exp.Expression, kind: tree.Kind, instead: str) -> None:
        raise RantangError("ATURAN-JENIS", text=self._text, part=_sql(node), kind=kind, instead=instead)


_READERS: Final[dict[type, Callable[[_Reader, exp.Expression, int], Node]]] = {
    exp.Column: _Reader.column,
    exp.Literal: _Reader.literal,
    exp.Boolean: _Reader.true_or_false,
    exp.Neg: _Reader.negative,
    exp.Paren: _Reader.parenthesis,
    exp.And: _Reader.every,
    exp.Or: _Reader.some,
    exp.Not: _Reader.negate,
    exp.Between: _Reader.between,
    exp.Is: _Reader.question,
    exp.In: _Reader.among,
    exp.Null: _Reader.nothing,
}


def _example(kind: tree.Kind) -> str:
    return {"boolean": "true", "number": "1", "text": "'…'", "date": "…"}[kind]


def _continued(kind: tree.Kind) -> str:
    return "> 0" if kind == "number" else "= '…'"


def _sql(node: exp.Expression) -> str:
    return str(node.sql(dialect="duckdb"))
