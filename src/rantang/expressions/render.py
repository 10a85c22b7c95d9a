"""A rule as an Ibis expression: the same tree runs on every engine."""

from __future__ import annotations

import functools
import operator
from collections.abc import Callable
from typing import Final, assert_never

import ibis
import ibis.expr.types as ir

from rantang.expressions import tree
from rantang.expressions.tree import Node

_COMPARE: Final[dict[str, Callable[[ir.Value, ir.Value], ir.Value]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_CALCULATE: Final[dict[str, Callable[[ir.Value, ir.Value], ir.Value]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
_CALL: Final[dict[str, Callable[..., ir.Value]]] = {
    "coalesce": ibis.coalesce,
    "least": ibis.least,
    "greatest": ibis.greatest,
}


def render(node: Node, table: ir.Table) -> ir.Value:
    """Return `node` on `table`'s columns. Unknown stays null in every part."""
    match node:
        case tree.Column(name=name):
            return table[name]
        case tree.Value(value=value):
            return ibis.literal(value)
        case tree.Compare(operator=sign, left=left, right=right):
            return _COMPARE[sign](render(left, table), render(right, table))
        case tree.Calculate(operator=sign, left=left, right=right):
            return _CALCULATE[sign](render(left, table), render(right, table))
        case tree.Call(function=function, arguments=arguments):
            return _CALL[function](*(render(part, table) for part in arguments))
        case tree.Every(parts=parts):
            return functools.reduce(operator.and_, (render(part, table) for part in parts))
        case tree.Some(parts=parts):
            return functools.reduce(operator.or_, (render(part, table) for part in parts))
        case tree.Negate(part=part):
            return ~render(part, table)
        case tree.Unknown(part=part):
            return render(part, table).isnull()
        case tree.Among(part=part, values=values):
            return render(part, table).isin([value.value for value in values])
        case _:  # pragma: no cover
            assert_never(node)
