"""Generated rules give the same on the engine as on a slow reading that is plainly right."""

from __future__ import annotations

import operator
from typing import Any

import ibis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rantang.errors import RantangError
from rantang.expressions import parse, tree

COLUMNS = {"a": "int64", "b": "int64", "p": "boolean", "q": "boolean", "t": "string"}
ROWS = [
    {"a": a, "b": b, "p": p, "q": q, "t": t}
    for a, b in ((0, 5), (7, None), (None, None), (-3, 7))
    for p, q in ((True, None), (False, True), (None, False))
    for t in ("x", "y'z", None)
]
TABLE = ibis.memtable(ROWS, schema=COLUMNS)

OPERATORS = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
}
numbers = st.recursive(
    st.sampled_from(["a", "b"]) | st.integers(-9, 9).map(str),
    lambda part: (
        st.tuples(part, st.sampled_from(["+", "-", "*"]), part).map(" ".join).map("({})".format)
        | part.map("coalesce({}, 1)".format)
    ),
    max_leaves=4,
)
comparisons = st.tuples(numbers, st.sampled_from(["=", "<>", "<", "<=", ">", ">="]), numbers).map(" ".join)
atoms = (
    st.sampled_from(["p", "q", "true", "false", "t = 'x'", "t in ('x', 'y''z')", "t is null", "p is true"])
    | comparisons
    | st.tuples(numbers, numbers, numbers).map(lambda part: "{} between {} and {}".format(*part))
    | numbers.map("{} is not null".format)
)
rules = st.recursive(
    atoms,
    lambda part: (
        st.tuples(part, st.sampled_from(["and", "or"]), part).map(" ".join).map("({})".format)
        | part.map("not ({})".format)
        | part.map("({}) is false".format)
    ),
    max_leaves=8,
)


def evaluate(node: tree.Node, row: dict[str, Any]) -> Any:
    """Three-valued logic, spelt out."""
    match node:
        case tree.Column(name=name):
            return row[name]
        case tree.Value(value=value):
            return value
        case tree.Unknown(part=part):
            return evaluate(part, row) is None
        case tree.Negate(part=part):
            value = evaluate(part, row)
            return None if value is None else not value
        case tree.Every(parts=parts):
            values = [evaluate(part, row) for part in parts]
            return False if False in values else None if None in values else True
        case tree.Some(parts=parts):
            values = [evaluate(part, row) for part in parts]
            return True if True in values else None if None in values else False
        case tree.Call(arguments=parts):
            return next(
                (value for value in (evaluate(part, row) for part in parts) if value is not None), None
            )
        case tree.Among(part=part, values=listed):
            value = evaluate(part, row)
            return None if value is None else value in [item.value for item in listed]
        case (
            tree.Compare(operator=sign, left=left, right=right)
            | tree.Calculate(operator=sign, left=left, right=right)
        ):
            one, two = evaluate(left, row), evaluate(right, row)
            if one is None or two is None:
                return None
            return OPERATORS[sign](one, two)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rules)
def test_engine_agrees_with_plain_python(text: str) -> None:
    rule = parse(text, COLUMNS)
    got = TABLE.select(got=rule.render(TABLE)).to_pyarrow()["got"].to_pylist()
    assert got == [evaluate(rule.tree, row) for row in ROWS]
    assert rule.explain()


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60) | rules.map(lambda text: text[: len(text) // 2]))
def test_any_text_is_read_or_refused_with_a_code(text: str) -> None:
    try:
        parse(text, COLUMNS)
    except RantangError as error:
        assert error.code.startswith("ATURAN-")
