"""Linking to a city's list with cards: only rows that may be somebody's are searched for doubles."""

from __future__ import annotations

import datetime as dt
import random

import ibis
import pytest
from register_rows import person, rows
from town import Town

from rantang import linking
from rantang.linking import link_lists
from rantang.register import cluster
from rantang.register.cluster import families_show
from rantang.register.fields import lines
from rantang.register.linkage import prepare

pytestmark = pytest.mark.slow
TWICE = 40
SYLLABLES = ("BA", "RI", "TO", "SU", "WA", "NI", "LE", "KO", "MA", "DI", "PU", "TI", "YO", "GU", "HE", "JO")


def delivered() -> tuple[list[dict[str, object]], list[dict[str, object]], dict[int, set[int]]]:
    """A list, residents of whom some are listed twice, and who of these each row of the list is."""
    town = Town(500, 7)
    known = {true for true in town.truth.values() if true}
    again = [one for one in town.register if one["row_key"] in known][:TWICE]
    residents = [*town.register, *({**one, "kk": f"{str(one['kk'])[:12]}9999", "nik": None} for one in again)]
    place: dict[object, set[int]] = {}
    for number, one in enumerate(residents):
        place.setdefault(one["row_key"], set()).add(number)
    truth = {
        number: place.get(town.truth[str(one["row_key"])], set()) for number, one in enumerate(town.listed)
    }
    return numbered(town.listed, "a"), numbered(residents, "b"), truth


def numbered(which: list[dict[str, object]], prefix: str) -> list[dict[str, object]]:
    return [{**one, "row_key": f"{prefix}{number:012d}"} for number, one in enumerate(which)]


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rows of each list that was searched for doubles."""
    found: list[int] = []
    original = linking._doubles

    def counted(left, right, keep, **asked):
        found.append(right.count().to_pyarrow().as_py())
        return original(left, right, keep, **asked)

    monkeypatch.setattr(linking, "_doubles", counted)
    monkeypatch.setattr(linking, "SHORT", 0)
    return found


def test_the_links_are_the_same_as_of_a_whole_search(keep, searched, monkeypatch) -> None:
    listed, residents, truth = delivered()
    answers = []
    for city in (len(residents) + 1, 1):
        monkeypatch.setattr(linking, "CITY", city)
        lines = link_lists(rows(*listed), rows(*residents), keep).table.to_pyarrow().to_pylist()
        answers.append({(line["a"], line["b"]) for line in lines if line["decision"] == "match"})
    whole, near = answers
    assert searched[0] == len(residents)
    assert searched[1] < 0.6 * len(residents)
    for match in answers:
        assert all(b in truth[a] for a, b in match)
        assert len({a for a, _ in match}) > 0.95 * sum(map(bool, truth.values()))
    assert len(whole ^ near) <= 0.01 * len(whole)


def families(count: int) -> list[dict[str, object]]:
    """Families of three who have nothing but their card in common."""
    pick = random.Random(3)
    return [
        person(
            f"b{number:012d}",
            " ".join("".join(pick.choices(SYLLABLES, k=3)) for _ in range(2)),
            birth_date=dt.date(1950 + pick.randrange(60), 1 + pick.randrange(12), 1 + pick.randrange(28)),
            kk=f"35730{1 + family % 5}0101159{family:03d}",
            street=None,
            kelurahan_code=None,
        )
        for number, family in enumerate(family for family in range(count) for _ in range(3))
    ]


def test_where_one_of_each_card_is_sought_the_list_still_shows_its_families(keep, monkeypatch) -> None:
    monkeypatch.setattr(cluster, "ENOUGH", 100)
    everyone = linking._comparable(rows(*families(150)), keep, "b")
    sought = keep(everyone.filter(everyone.row_key.right(12).cast("int64") % 3 == 0), "sought")
    of_part = linking._doubles(sought, sought, keep, cards=True)
    of_whole = linking._doubles(sought, sought, keep, cards=True, register=everyone)
    assert (of_part[2], of_whole[2]) == (False, True)


def test_a_list_of_one_row_a_card_shows_none() -> None:
    alone = [
        person(f"b{at:012d}", f"SITI {at}", kk=f"357301010115{at:04d}", house_number=str(at))
        for at in range(50)
    ]
    again = [{**one, "row_key": f"c{one['row_key']}"} for one in alone[:10]]
    son = {**alone[0], "row_key": "d", "name_key": "BUDI", "name_sorted": "BUDI"}
    group = ibis.literal("a")
    assert not families_show(lines(rows(*alone, *again).mutate(group=group)))
    assert families_show(lines(rows(*alone, son).mutate(group=group)))


def test_a_name_is_as_frequent_as_in_the_whole_list(keep) -> None:
    everyone = lines(
        rows(*(person(f"b{number:012d}", "SRI WATI") for number in range(9))).mutate(group=ibis.literal("a"))
    )
    some = everyone.filter(everyone.id < 2)
    sides = prepare(some, some, keep, within=True, register=everyone)
    assert set(sides.left.frequency.to_pyarrow().to_pylist()) == {9}
    assert set(sides.right.frequency.to_pyarrow().to_pylist()) == {9}
