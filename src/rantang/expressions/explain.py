"""A rule in words, for the person it decides about and for the official who signs."""

from __future__ import annotations

from typing import Final, assert_never

from rantang.expressions import tree
from rantang.expressions.tree import Node
from rantang.tables.facts import RECEIVED, WORDS
from rantang.texts import _, mark

_COMPARE: Final = {
    "=": mark("{left} is {right}"),
    "<>": mark("{left} is not {right}"),
    "<": mark("{left} below {right}"),
    "<=": mark("{left} at most {right}"),
    ">": mark("{left} above {right}"),
    ">=": mark("{left} at least {right}"),
}
_CALL: Final = {
    "least": mark("the smallest of ({parts})"),
    "greatest": mark("the largest of ({parts})"),
    "coalesce": mark("the first known of ({parts})"),
}


def explain(node: Node) -> str:
    """Return `node` in words, in the language in use."""
    match node:
        case tree.Column(name=name):
            return _fact(name)
        case tree.Value(value=value):
            return _word(value)
        case tree.Compare(operator=sign, left=left, right=right):
            return _(_COMPARE[sign], left=explain(left), right=explain(right))
        case tree.Calculate(operator=sign, left=left, right=right):
            return f"({explain(left)} {sign} {explain(right)})"
        case tree.Call(function=function, arguments=arguments):
            if _is_plain_question(node):
                return explain(arguments[0])
            return _(_CALL[function], parts="; ".join(explain(part) for part in arguments))
        case tree.Every(parts=parts):
            return _(" and ").join(_bracketed(part, tree.Some) for part in parts)
        case tree.Some(parts=parts):
            return _(" or ").join(_bracketed(part, tree.Every) for part in parts)
        case tree.Negate(part=tree.Unknown(part=part)):
            return _("{part} is known", part=explain(part))
        case tree.Negate(part=part):
            return _("not: {part}", part=_bracketed(part, tree.Every, tree.Some))
        case tree.Unknown(part=part):
            return _("{part} is not known", part=explain(part))
        case tree.Among(part=part, values=values):
            listed = ", ".join(_word(value.value) for value in values)
            return _("{part} is one of {listed}", part=explain(part), listed=listed)
        case _:  # pragma: no cover
            assert_never(node)


def _fact(name: str) -> str:
    if name in WORDS:
        return _(WORDS[name])
    if name.startswith(RECEIVED):
        return _("receives {programme}", programme=name.removeprefix(RECEIVED).upper())
    return name.replace("_", " ")


def _is_plain_question(node: tree.Call) -> bool:
    return node.function == "coalesce" and node.arguments[1:] == (tree.Value(False, "boolean"),)


def _bracketed(node: Node, *kinds: type) -> str:
    return f"({explain(node)})" if isinstance(node, kinds) else explain(node)


def _word(value: bool | float | str) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"“{value}”" if isinstance(value, str) else str(value)
