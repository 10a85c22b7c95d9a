"""A row's key says what the row says, not where it stands."""

from __future__ import annotations

import hashlib
import hmac

import pyarrow as pa

from rantang.intake.keys import row_keys

KEY = b"k" * 32
ROWS = pa.table(
    {
        "file": ["a", "a", "b", "b"],
        "row": [2, 3, 2, 3],
        "nik": ["1", "2", "1", None],
        "name": ["A", "B", "A", "C"],
        "kk": pa.nulls(4, pa.string()),
    }
)


def keys(
    table: pa.Table, agency: str = "dinsos", kind: str = "dtks", period: str = "2022-11", key: bytes = KEY
) -> list[str]:
    return row_keys(table, agency, kind, period, key)["row_key"].to_pylist()


def test_it_is_an_hmac_cut_to_24_characters() -> None:
    said = b"name\x1eA\x1fnik\x1e1"
    alone = ROWS.slice(0, 1).drop(["kk"])
    content = hmac.digest(KEY, b"dinsos\x1fdtks\x1f" + said, hashlib.sha256)
    made = row_keys(alone, "dinsos", "dtks", "2022-11", KEY)
    assert made["content_key"].to_pylist() == [content[:12].hex()]
    row = hmac.digest(KEY, b"dinsos\x1fdtks\x1f2022-11\x1f" + content[:12], hashlib.sha256)
    assert made["row_key"].to_pylist() == [row[:12].hex()]


def test_shuffling_rows_changes_no_key() -> None:
    assert sorted(keys(ROWS)) == sorted(keys(ROWS.take([3, 1, 2, 0])))
    assert keys(ROWS)[1] == keys(ROWS.take([1, 0, 2, 3]))[0]


def test_rows_that_say_the_same_are_counted() -> None:
    made = keys(ROWS)
    assert len(set(made)) == 4


def test_a_row_written_twice_changes_no_other_key() -> None:
    once = keys(ROWS.slice(0, 2))
    assert keys(ROWS.slice(0, 3))[:2] == once


def test_a_cell_filled_in_one_row_changes_no_other_key() -> None:
    filled = ROWS.append_column("mother", pa.array(["M", None, None, None]))
    assert [keys(filled)[place] for place in (1, 3)] == [keys(ROWS)[place] for place in (1, 3)]
    assert keys(filled)[0] != keys(ROWS)[0]


def test_agency_kind_period_and_key_are_part_of_it_the_content_key_has_no_period() -> None:
    others = [
        keys(ROWS, agency="x"),
        keys(ROWS, kind="x"),
        keys(ROWS, period="2022-10"),
        keys(ROWS, key=b"x" * 32),
    ]
    assert not set(keys(ROWS)) & {key for other in others for key in other}
    content = [
        row_keys(ROWS, "dinsos", "dtks", period, KEY)["content_key"].to_pylist()
        for period in ("2022-10", "2022-11")
    ]
    assert content[0] == content[1]


def test_a_column_without_values_changes_no_key() -> None:
    assert keys(ROWS) == keys(ROWS.drop(["kk"]))
    assert keys(ROWS) == keys(ROWS.append_column("baru", pa.nulls(4, pa.string())))


def test_null_and_neighbouring_values_are_not_confused() -> None:
    first = pa.table({"name": ["A", None], "mother": [None, "A"]})
    assert len(set(keys(first))) == 2
