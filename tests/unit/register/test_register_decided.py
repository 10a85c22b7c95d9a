"""What people decided is obeyed by every later edition, or it is said that it cannot be."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping

import ibis
import ibis.expr.types as ir
import pytest
from register_rows import person as listed
from register_rows import rows
from town import Town

from rantang.pipeline import about_people
from rantang.register.build import Register, build
from rantang.register.decided import LOST, UNMET

pytestmark = pytest.mark.slow

Keep = Callable[[ir.Table, str], ir.Table]
Row = Mapping[str, object]
NOBODY = ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})
DAY = dt.date(2022, 11, 30)
TOWN = Town(60, seed=11)
LISTED, RESIDENT = next((row, true) for row, true in TOWN.truth.items() if true)


def month(number: int, *changed: Row) -> list[Row]:
    """The town's welfare list of a month: the same lines under keys of their own; `changed` ones anew."""
    anew = {row["content_key"]: row for row in changed}
    lines = [anew.get(row["content_key"], row) for row in TOWN.listed]
    return [
        {**row, "row_key": f"m{number}-{row['content_key']}", "period": f"2022-{number:02d}"} for row in lines
    ]


def edition(
    keep: Keep, listed: list[Row], words: list[tuple[str, str, str | None]], previous: Register | None = None
) -> Register:
    schema = dict.fromkeys(("kind", "row_key_a", "row_key_b", "value", "by", "role", "at"), "string")
    lines = [
        {"seq": number, "kind": kind, "row_key_a": a, "row_key_b": b}
        for number, (kind, a, b) in enumerate(words, start=1)
    ]
    filled = [{**dict.fromkeys(schema), **line} for line in lines]
    said = ibis.memtable(filled, schema={"seq": "int64", **schema})
    table = keep(rows(*TOWN.register, *listed), "rows")
    return build(table, NOBODY, said, previous and previous.ids, previous and previous.model, DAY, keep)


def person(made: Register, key: str) -> str:
    found = made.links.filter(made.links.row_key == key).person_id.to_pyarrow().to_pylist()
    return str(found[0])


def struck(made: Register, words: list[tuple[str, str, str | None]]) -> list[str]:
    said = ibis.memtable(
        [
            {"seq": n, "kind": kind, "row_key_a": a, "value": None, "by": "x", "role": "x", "at": "x"}
            for n, (kind, a, _) in enumerate(words, start=1)
        ],
        schema={
            "seq": "int64",
            **dict.fromkeys(("kind", "row_key_a", "value", "by", "role", "at"), "string"),
        },
    )
    found = about_people(said, made.ids)
    assert found is not None
    return [str(name) for name in found.person_id.to_pyarrow().to_pylist()]


def codes(made: Register) -> list[str]:
    return sorted(made.findings.code.to_pyarrow().to_pylist())


def test_a_word_on_a_person_outlasts_the_list_it_was_given_on(keep: Keep) -> None:
    words = [("strike_off", f"m9-{LISTED}", None)]
    made = edition(keep, month(9), words)
    for number in (10, 11, 12):
        made = edition(keep, month(number), words, made)
        assert struck(made, words) == [person(made, f"m{number}-{LISTED}")]
    assert codes(made) == []


def test_a_word_on_a_person_follows_when_the_line_is_written_otherwise(keep: Keep) -> None:
    words = [("strike_off", f"m9-{LISTED}", None)]
    made = edition(keep, month(10), words, edition(keep, month(9), words))
    line = next(row for row in TOWN.listed if row["content_key"] == LISTED)
    moved = {**line, "street": "KENANGA"}
    later = [
        {**row, "content_key": "new"} if row["content_key"] == LISTED else row for row in month(11, moved)
    ]
    made = edition(keep, later, words, made)
    assert struck(made, words) == [person(made, f"m11-{LISTED}")]


def test_different_outlasts_the_list_it_was_given_on(keep: Keep) -> None:
    words: list[tuple[str, str, str | None]] = [("different", f"m9-{LISTED}", RESIDENT)]
    made = edition(keep, month(9), words)
    for number in (10, 11):
        made = edition(keep, month(number), words, made)
        assert person(made, f"m{number}-{LISTED}") not in {
            row["person_id"] for row in made.ids.to_pyarrow().to_pylist() if row["row_key"] == RESIDENT
        }
    assert codes(made) == []


def test_different_holds_for_any_of_the_rows_that_say_the_same(keep: Keep) -> None:
    both = month(9) + month(10)
    for named in ("m9", "m10"):
        made = edition(keep, both, [("different", f"{named}-{LISTED}", RESIDENT)])
        links = made.links.filter(made.links.row_key == RESIDENT).person_id.to_pyarrow().to_pylist()
        assert person(made, f"m9-{LISTED}") == person(made, f"m10-{LISTED}")
        assert person(made, f"m9-{LISTED}") not in links


def test_two_rows_that_found_one_resident_are_parted(keep: Keep) -> None:
    helped = [{**row, "row_key": f"h-{row['content_key']}", "kind": "penerima"} for row in TOWN.listed]
    helped = [{**row, "mother_key": None, "content_key": f"h-{row['content_key']}"} for row in helped]
    before = edition(keep, month(9) + helped, [])
    assert person(before, f"m9-{LISTED}") == person(before, f"h-{LISTED}")
    after = edition(keep, month(9) + helped, [("different", f"m9-{LISTED}", f"h-{LISTED}")])
    assert person(after, f"m9-{LISTED}") != person(after, f"h-{LISTED}")
    assert codes(after) == []


def test_words_that_contradict_each_other_are_told(keep: Keep) -> None:
    one, two, three = (f"m9-{row['content_key']}" for row in TOWN.listed[:3])
    words: list[tuple[str, str, str | None]] = [
        ("same", one, two), ("same", two, three), ("different", one, three)
    ]  # fmt: skip
    made = edition(keep, month(9), words)
    assert person(made, one) != person(made, three)
    assert codes(made) == [UNMET]


def test_a_word_on_a_row_that_is_gone_is_told(keep: Keep) -> None:
    words: list[tuple[str, str, str | None]] = [
        ("different", f"m9-{LISTED}", RESIDENT), ("strike_off", "unknown", None)
    ]  # fmt: skip
    made = edition(keep, month(10), words)
    assert codes(made) == [LOST, LOST]


def test_different_goes_before_an_equal_number_and_name(keep: Keep) -> None:
    """Of a resident who is compared in full (a decoy), and of two rows that found no resident."""
    resident = TOWN.register[0]
    own = {**resident, "row_key": "own", "content_key": "own", "agency": "dinsos", "kind": "dtks"}
    stranger = listed("one", "ZULAIKA", agency="dinsos", kind="dtks", nik="3573015201859001")
    one = {**stranger, "content_key": "one"}
    other = {**stranger, "row_key": "other", "content_key": "other", "mother_key": "SITI"}
    words: list[tuple[str, str, str | None]] = [
        ("different", "own", str(resident["row_key"])), ("different", "one", "other")
    ]  # fmt: skip
    made = edition(keep, [*month(9), own, one, other], words)
    ids = {row["row_key"]: row["person_id"] for row in made.ids.to_pyarrow().to_pylist()}
    assert ids["own"] != ids.get(resident["row_key"])
    assert ids["one"] != ids["other"]
    assert codes(made) == []
