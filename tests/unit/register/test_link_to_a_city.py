"""Linking to a city's list with cards: only rows that may be somebody's are searched for doubles."""

from __future__ import annotations

import pytest
from register_rows import rows
from town import Town

from rantang import linking
from rantang.linking import link_lists

pytestmark = pytest.mark.slow
TWICE = 40


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

    def counted(left, right, keep, *, cards):
        found.append(right.count().to_pyarrow().as_py())
        return original(left, right, keep, cards=cards)

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
