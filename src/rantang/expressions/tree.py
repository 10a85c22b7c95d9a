"""What a parsed rule is made of: a handful of immutable nodes, each with the kind of its value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["boolean", "number", "text", "date"]
Comparison = Literal["=", "<>", "<", "<=", ">", ">="]
Arithmetic = Literal["+", "-", "*"]
Function = Literal["coalesce", "least", "greatest"]


@dataclass(frozen=True, slots=True)
class Column:
    """A documented column."""

    name: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Value:
    """A value written in the rule."""

    value: bool | int | float | str
    kind: Kind


@dataclass(frozen=True, slots=True)
class Compare:
    """`left operator right`: unknown where either side is."""

    operator: Comparison
    left: Node
    right: Node
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Calculate:
    """Sum, difference or product of two numbers."""

    operator: Arithmetic
    left: Node
    right: Node
    kind: Kind = "number"


@dataclass(frozen=True, slots=True)
class Call:
    """One of the few functions, on arguments of one kind."""

    function: Function
    arguments: tuple[Node, ...]
    kind: Kind


@dataclass(frozen=True, slots=True)
class Every:
    """All parts hold (`and`)."""

    parts: tuple[Node, ...]
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Some:
    """At least one part holds (`or`)."""

    parts: tuple[Node, ...]
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Negate:
    """The part does not hold; unknown stays unknown."""

    part: Node
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Unknown:
    """The part has no value (`is null`): the one question whose answer is never unknown."""

    part: Node
    kind: Kind = "boolean"


@dataclass(frozen=True, slots=True)
class Among:
    """The part is one of the written values (`in`)."""

    part: Node
    values: tuple[Value, ...]
    kind: Kind = "boolean"


Node = Column | Value | Compare | Calculate | Call | Every | Some | Negate | Unknown | Among


def columns_of(node: Node) -> frozenset[str]:
    """Return the names of the columns a node reads."""
    match node:
        case Column(name=name):
            return frozenset({name})
        case Value():
            return frozenset()
        case Compare(left=left, right=right) | Calculate(left=left, right=right):
            return columns_of(left) | columns_of(right)
        case Every(parts=parts) | Some(parts=parts) | Call(arguments=parts):
            return frozenset().union(*(columns_of(part) for part in parts))
        case Negate(part=part) | Unknown(part=part) | Among(part=part):
            return columns_of(part)
