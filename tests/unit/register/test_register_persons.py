"""Ids of persons and families: kept as long as they can be, and never given to two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import ibis
import ibis.expr.types as ir
import pytest
from register_rows import person, rows

from rantang.register.persons import People, assemble

pytestmark = pytest.mark.slow

Keep = Callable[[ir.Table, str], ir.Table]
DAY = dt.date(2022, 11, 30)
NOBODY = ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})
KEYS = ("r1", "r2", "r3", "r4")


def edition(
    keep: Keep,
    groups: Sequence[str],
    previous: ir.Table | None = None,
    cards: Mapping[str, str] | None = None,
    civil: ir.Table = NOBODY,
) -> People:
    """Make an edition of four rows of a list; each word of `groups` names the rows of a person."""
    cards = cards or {}
    listed = [
        person(key, f"ORANG {key}", kind="dtks", agency="dinsos", kk=cards.get(key), kk_digits=cards.get(key))
        for key in KEYS
    ]
    entities = {f"r{digit}": group for group in groups for digit in group}
    table = ibis.memtable(
        [{"row_key": key, "entity": entity} for key, entity in entities.items()],
        schema={"row_key": "string", "entity": "string"},
    )
    return assemble(keep(rows(*listed), "rows"), keep(table, "entities"), civil, previous, DAY, keep)


def ids(made: People, column: str = "person_id") -> dict[str, str]:
    return {row["row_key"]: row[column] for row in made.ids.to_pyarrow().to_pylist()}


def test_a_person_is_named_after_the_smallest_row(keep: Keep) -> None:
    assert ids(edition(keep, ["12", "3", "4"])) == {"r1": "Pr1", "r2": "Pr1", "r3": "Pr3", "r4": "Pr4"}


def test_most_rows_keep_the_id_and_who_is_parted_gets_a_new_one(keep: Keep) -> None:
    first = edition(keep, ["123", "4"])
    parted = edition(keep, ["1", "23", "4"], first.ids)
    assert ids(parted) == {"r1": "Pr1-2", "r2": "Pr1", "r3": "Pr1", "r4": "Pr4"}


def test_parted_again_it_is_numbered_again(keep: Keep) -> None:
    first = edition(keep, ["123", "4"])
    second = edition(keep, ["1", "23", "4"], first.ids)
    joined = edition(keep, ["134", "2"], second.ids)
    third = edition(keep, ["1", "34", "2"], joined.ids)
    assert len(set(ids(third).values())) == 3


@pytest.mark.parametrize("groups", [["12", "3", "4"], ["13", "24"]])
def test_the_same_people_keep_their_ids(keep: Keep, groups: Sequence[str]) -> None:
    first = edition(keep, groups)
    second = edition(keep, groups, first.ids)
    third = edition(keep, groups, second.ids)
    assert ids(first) == ids(second) == ids(third)
    assert ids(first, "family_id") == ids(third, "family_id")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (["123", "4"], ["1", "23", "4"]),
        (["1234"], ["1", "2", "34"]),
        (["12", "34"], ["14", "2", "3"]),
        (["13", "2", "4"], ["1", "234"]),
    ],
)
def test_no_two_persons_or_families_share_an_id(
    keep: Keep, before: Sequence[str], after: Sequence[str]
) -> None:
    made = edition(keep, before)
    for groups in (after, before, after):
        made = edition(keep, groups, made.ids)
        assert len(set(ids(made).values())) == len(groups)
        assert made.persons.count().execute() == len(groups)
        assert len(set(ids(made, "family_id").values())) == made.families.count().execute() == len(groups)


def test_a_family_that_is_parted_gets_a_new_id(keep: Keep) -> None:
    one, other = "3573019001019001", "3573019001019002"
    alone = ["1", "2", "3", "4"]
    together = edition(keep, alone, cards=dict.fromkeys(KEYS, one))
    assert len(set(ids(together, "family_id").values())) == 1
    parted = edition(keep, alone, together.ids, dict(zip(KEYS, (one, other, other, other), strict=True)))
    again = edition(keep, alone, parted.ids, dict(zip(KEYS, (one, other, other, other), strict=True)))
    for made in (parted, again):
        families = ids(made, "family_id")
        assert families["r2"] == families["r3"] == families["r4"] != families["r1"]
    assert ids(again, "family_id") == ids(parted, "family_id")


@pytest.mark.parametrize("word", ["meninggal", "pindah"])
def test_a_death_or_move_that_dukcapil_answers_counts_more_than_a_list_that_has_not_heard(
    keep: Keep, word: str
) -> None:
    said = [("r1", "aktif", "penduduk"), ("r1", word, "padan"), ("r2", "aktif", "penduduk")]
    civil = ibis.memtable(said, schema=NOBODY.schema())
    people = edition(keep, ["12", "3", "4"], civil=civil).persons.to_pyarrow().to_pylist()
    told = {row["person_id"]: (row["resident"], row["resident_source"]) for row in people}
    assert told["Pr1"] == (word, "padan")


def test_who_was_paid_more_than_a_year_ago_is_known_and_no_longer_listed(keep: Keep) -> None:
    paid = {"r1": "2022-11", "r2": "2021-12", "r3": "2021-11", "r4": "2019-06"}
    lists = [
        person(key, f"ORANG {key}", kind="penerima", agency="dinsos", period=period)
        for key, period in paid.items()
    ]
    entities = ibis.memtable([{"row_key": key, "entity": key} for key in paid])
    made = assemble(keep(rows(*lists), "rows"), keep(entities, "entities"), NOBODY, None, DAY, keep)
    said = {row["person_id"]: row for row in made.persons.to_pyarrow().to_pylist()}
    assert {key: row["is_recipient"] for key, row in said.items()} == {
        "Pr1": True, "Pr2": True, "Pr3": False, "Pr4": False,
    }  # fmt: skip
    assert all(row["listed"] == row["is_recipient"] for row in said.values())
    assert sum(row["listed"] for row in made.families.to_pyarrow().to_pylist()) == 2
