"""The content hash says the same of the same rows, and something else of others."""

from __future__ import annotations

import random

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rantang.engine.content import content_hash
from rantang.tables.declare import Column, Table

TABLE = Table(
    "t",
    "one row",
    ("key",),
    (
        Column("key", "string", "Key"),
        Column("text", "string", "Text"),
        Column("number", "float64", "Number"),
        Column("born", "date", "Date"),
        Column("list", "array<string>", "List"),
        Column("yes", "boolean", "Yes"),
        Column("file", "string", "File", provenance=True),
    ),
)
SCHEMA = TABLE.schema.to_pyarrow()
ROW = {"key": "a", "text": "x", "number": 0.5, "born": None, "list": ["p", "q"], "yes": True, "file": "f"}


def hashed(*rows: dict[str, object]) -> str:
    return content_hash(pa.Table.from_pylist(list(rows), schema=SCHEMA), TABLE)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(st.text("ab", max_size=2), st.none() | st.text(max_size=3), st.none() | st.floats(-9, 9))
    ),
    st.randoms(),
)
def test_the_order_of_rows_does_not_count(values, random_: random.Random) -> None:
    rows = [{**ROW, "key": key, "text": text, "number": number} for key, text, number in values]
    shuffled = list(rows)
    random_.shuffle(shuffled)
    assert hashed(*rows) == hashed(*shuffled)


@pytest.mark.parametrize(
    "same",
    [
        {"number": 0.5 + 5e-13},
        {"file": "other"},
        {"file": None},
    ],
)
def test_what_is_no_content_does_not_count(same: dict[str, object]) -> None:
    assert hashed({**ROW, **same}) == hashed(ROW)


def test_there_is_one_zero() -> None:
    assert (
        hashed({**ROW, "number": -0.0}) == hashed({**ROW, "number": 0.0}) == hashed({**ROW, "number": -1e-9})
    )


@pytest.mark.parametrize(
    "other",
    [
        {"key": "b"},
        {"text": "y"},
        {"text": ""},
        {"text": None},
        {"number": 0.500001},
        {"number": None},
        {"yes": False},
        {"yes": None},
        {"list": ["q", "p"]},
        {"list": []},
        {"list": None},
        {"text": "x\x1f0"},
    ],
)
def test_any_other_content_counts(other: dict[str, object]) -> None:
    assert hashed({**ROW, **other}) != hashed(ROW)


def test_a_row_more_counts_also_when_it_says_the_same() -> None:
    assert len({hashed(), hashed(ROW), hashed(ROW, ROW)}) == 3


def test_chunks_do_not_count() -> None:
    one = pa.Table.from_pylist([ROW, {**ROW, "key": "b"}], schema=SCHEMA)
    two = pa.concat_tables([one.slice(1), one.slice(0, 1)])
    assert content_hash(one, TABLE) == content_hash(two, TABLE)
