"""Lists that give a fit little to hold on to: what is never taken for one person, and what is."""

from __future__ import annotations

import datetime as dt
import random

import ibis
import ibis.expr.types as ir
import numpy as np
import pytest
from register_rows import person, rows
from town import GIVEN

from rantang.linking import dedupe_list, link_lists
from rantang.register.chance import _with_namesakes, kin
from rantang.register.cluster import NEVER, join_strongest_first, within_threshold
from rantang.register.decoys import UNCERTIFIED, _threshold
from rantang.register.fields import lines
from rantang.register.levels import contradicted, lent, lookalikes, two_members
from rantang.register.linkage import prepare

BARE = {"street": None, "kelurahan_code": None}


def people(count: int, seed: int, prefix: str) -> list[dict[str, object]]:
    """People of whom a list knows the name and the birth date."""
    pick = random.Random(seed)
    return [
        person(
            f"{prefix}{number:012d}",
            " ".join(pick.sample(GIVEN, pick.choice((1, 2, 2, 3)))),
            birth_date=dt.date(1950, 1, 1) + dt.timedelta(days=pick.randrange(22_000)),
            **BARE,
        )
        for number in range(count)
    ]


def decided(found, decision: str) -> set[tuple[int, int]]:
    lines = found.table.to_pyarrow().to_pylist()
    return {(line["a"], line["b"]) for line in lines if line["decision"] == decision}


def relisted(which: list[dict[str, object]], prefix: str) -> list[dict[str, object]]:
    return [{**one, "row_key": f"{prefix}{number:012d}"} for number, one in enumerate(which)]


@pytest.mark.slow
def test_lists_with_no_common_person_link_nobody(keep) -> None:
    found = link_lists(rows(*people(400, 1, "a")), rows(*people(900, 2, "b")), keep)
    assert decided(found, "match") == set()


@pytest.mark.slow
def test_namesakes_of_one_birth_year_are_not_one_person(keep) -> None:
    known = people(900, 3, "b")
    found = link_lists(rows(*relisted(known[:300], "a"), *people(300, 4, "c")), rows(*known), keep)
    match = decided(found, "match")
    assert len(match) > 240
    assert all(a == b for a, b in match)


@pytest.mark.slow
def test_a_list_of_names_alone_is_for_people_to_judge(keep) -> None:
    names = [{**one, "birth_date": None, "birth_source": None} for one in people(300, 5, "b")]
    found = link_lists(rows(*relisted(names[:150], "a")), rows(*names), keep)
    assert decided(found, "match") == set()
    assert decided(found, "review")


@pytest.mark.slow
def test_twins_on_one_list_are_two_people(keep) -> None:
    home = {"kk": "3573010101209991", "street": "SEPI", "house_number": "4", "mother_key": "LASMI"}
    twins = [
        person("a000000000900", "RINA KUSUMA", nik="3573014505059001", **home),
        person("a000000000901", "RINI KUSUMA", nik="3573014505059002", **home),
    ]
    found = dedupe_list(rows(*people(300, 6, "a"), *twins), keep)
    assert (900, 901) not in decided(found, "match")


def with_mothers(which: list[dict[str, object]], seed: int) -> list[dict[str, object]]:
    mothers = (one["name"] for one in people(len(which), seed, "m"))
    return [{**one, "mother_key": mother} for one, mother in zip(which, mothers, strict=True)]


def twins_of(which: list[dict[str, object]], first: int) -> list[dict[str, object]]:
    """Their twins, called alike but for a syllable, of one mother and birth date."""
    said = ("birth_date", "birth_source", "mother_key")
    return [
        {
            **person(f"a{number:012d}", f"{one['name']}NA", **BARE),
            **{name: one[name] for name in said},
        }
        for number, one in enumerate(which, first)
    ]


@pytest.mark.slow
def test_the_twin_of_somebody_on_the_other_list_is_left_to_people(keep) -> None:
    known = with_mothers(people(900, 8, "b"), 80)
    asked = [*relisted(known[:300], "a"), *twins_of(known[300:320], 300)]
    found = link_lists(rows(*asked), rows(*known), keep)
    match = decided(found, "match")
    assert len(match) > 240
    assert all(a == b < 300 for a, b in match)
    assert {(number, number) for number in range(300, 320)} <= decided(found, "review")


@pytest.mark.slow
def test_twins_among_doubles_are_left_to_people(keep) -> None:
    known = with_mothers(people(300, 9, "a"), 90)
    twins = twins_of(known[:20], 300)
    again = [{**one, "row_key": f"a{number:012d}"} for number, one in enumerate(known[100:200], 320)]
    found = dedupe_list(rows(*known, *twins, *again), keep)
    match = decided(found, "match")
    assert len(match) > 80
    assert all(b == a + 220 for a, b in match)
    assert {(number, number + 300) for number in range(20)} <= decided(found, "review")


# How a pair compares and is written, and whether a score may join it.
PAIRS = [
    ("RINA DEWI", "DEWI RINA", {"name": 1}, True),
    ("NURAINI", "NUR AINI", {"name": 1}, True),
    ("RINA DEWI", "RINNA DEWI", {"name": 1}, False),
    ("RINA DEWI", "RINI DEWI", {"name": 6}, False),
    ("RINA DEWI", "RINI DEWI", {"name": 6, "nik": 1}, True),
    ("RINA DEWI", "RINI DEWI", {"name": 6, "nik": 2}, False),
    ("RINA DEWI", "RINA KUSUMA DEWI", {"name": 5}, True),
    ("RINA DEWI", "RINA KUSUMA DEWI", {"name": 5, "born": 4}, False),
    ("RINA DEWI", "RINNA KUSUMA DEWI", {"name": 5}, False),
    ("DEWI", "RINA DEWI", {"name": 5}, False),
]


@pytest.mark.parametrize(("one", "other", "levels", "may"), PAIRS)
def test_names_that_twins_might_bear(one: str, other: str, levels: dict[str, int], may: bool) -> None:
    def side(name: str) -> ir.Table:
        words = name.split()
        letters = "".join(sorted(name.replace(" ", "")))
        return ibis.memtable(
            [{"id": 0, "letters": letters, "written_first": words[0], "written_last": words[-1]}]
        )

    pairs = ibis.memtable([{"l": 0, "r": 0, "nik": 0, "born": 1, **levels}])
    found = lookalikes(pairs, side(one), side(other)).to_pyarrow()
    assert (found.num_rows == 0) == may


# Beside an equal number: what a family shares of a name is no sign that the number is the person's own.
NUMBERED = [
    ("RINA DEWI", "RINA DEWI", {"name": 1}, True),
    ("MARIO STEVENS", "COLTON STEVENS", {"name": 9}, False),
    ("MARIO STEVENS", "COLTON STEVENS", {"name": 9, "born": 1}, True),
    ("JOHN KELLEY", "JASON KELLEY", {"name": 6}, False),
    ("MUHAMMAD ANDI", "MUHAMMAD RIZKI", {"name": 7}, False),
    ("DANA SANTOSO", "DENA SANTOSA", {"name": 6}, True),
    ("SANTOSO BUDI", "BUDI SANTOSA", {"name": 6}, True),
    ("R WULANDARI", "RINA WULANDARI", {"name": 6}, True),
    ("SITI", "SITI AMINAH", {"name": 5}, True),
    ("AMINAH", "SITI AMINAH", {"name": 5}, False),
    ("NUR AMINAH", "SITI NUR AMINAH", {"name": 5}, True),
]


@pytest.mark.parametrize(("one", "other", "levels", "may"), NUMBERED)
def test_a_number_may_be_lent_within_a_family(
    one: str, other: str, levels: dict[str, int], may: bool
) -> None:
    def side(name: str) -> ir.Table:
        return ibis.memtable([worded(name)])

    pairs = ibis.memtable([{"l": 0, "r": 0, "nik": 1, "born": 0, **levels}])
    assert (lent(pairs, side(one), side(other)).to_pyarrow().num_rows == 0) == may


def worded(name: str, folded: str = "") -> dict[str, object]:
    words, heard = name.split(), (folded or name).split()
    ends = {"first": heard[0], "last": heard[-1], "written_first": words[0], "written_last": words[-1]}
    letters = "".join(sorted(name.replace(" ", "")))
    return {"id": 0, "word_count": len(words), "letters": letters, "nik_born": None, **ends}


def test_words_that_are_alike_only_when_folded_are_two() -> None:
    pairs = ibis.memtable([{"l": 0, "r": 0, "nik": 1, "born": 0, "name": 8}])
    one, other = worded("JOE LONG", "JUI LUNG"), worded("JUDITH LONG", "JUTIT LUNG")
    assert lent(pairs, ibis.memtable([one]), ibis.memtable([other])).to_pyarrow().num_rows == 1


@pytest.mark.parametrize(("number_born", "doubted"), [(None, 1), (dt.date(1950, 2, 3), 0)])
def test_a_number_that_says_no_birth_date_does_not_outweigh_another(number_born, doubted) -> None:
    pairs = ibis.memtable([{"l": 0, "r": 0, "nik": 1, "born": 5, "name": 1, "mother": 1}])
    row = {**worded("LISA BROWN"), "nik_born": number_born}
    schema = {name: "int64" if name in {"id", "word_count"} else "string" for name in row} | {
        "nik_born": "date"
    }
    side = ibis.memtable([row], schema=schema)
    assert two_members(pairs, side, side).to_pyarrow().num_rows == doubted


@pytest.mark.parametrize(
    ("levels", "numbers_born", "doubted"),
    [
        ({}, None, 1),  # a twin has a number of its own
        ({}, dt.date(1950, 2, 3), 0),  # a twin's NIK would say the same birth date
        ({"born": 3}, dt.date(1950, 2, 3), 1),
        ({"name": 1}, None, 0),
    ],
)
def test_a_name_written_otherwise_beside_another_number_is_a_member_of_the_family(
    levels, numbers_born, doubted
) -> None:
    pairs = ibis.memtable([{"l": 0, "r": 0, "nik": 6, "born": 1, "name": 6, **levels}])
    schema = {"id": "int64", "letters": "string", "nik_born": "date"}
    side = ibis.memtable([{"id": 0, "letters": "AISTI", "nik_born": numbers_born}], schema=schema)
    assert two_members(pairs, side, side).to_pyarrow().num_rows == doubted


def test_a_shorter_name_beside_another_number_is_another_person() -> None:
    pairs = ibis.memtable([{"l": 0, "r": 0, "nik": 6, "born": 1, "name": 5, "mother": 1, "sex": 1}])
    whole, part = ibis.memtable([worded("JORGE MARIA PEREZ")]), ibis.memtable([worded("JORGE PEREZ")])
    assert lookalikes(pairs, whole, part).to_pyarrow().num_rows == 1
    assert contradicted(pairs).to_pyarrow().to_pylist() == [True]


def test_rows_of_one_name_and_birth_date_are_not_each_others_namesakes() -> None:
    def equal(*born: str | None) -> float:
        register = ibis.memtable(
            [
                {"id": at, "sorted_": "DEWI RINA", "any_born": day, "frequency": len(born)}
                for at, day in enumerate(born)
            ],
            schema={"id": "int64", "sorted_": "string", "any_born": "date", "frequency": "int64"},
        )
        return float(_with_namesakes(np.full(10, 0.1), register)[:4].sum()) * len(born) ** 2 - 4

    assert equal("1980-01-02", "1980-01-02", "1980-01-02") == pytest.approx(0)
    assert equal("1980-01-02", "1981-01-02", "1982-01-02") == pytest.approx(6)
    assert equal("1980-01-02", "1980-01-02", "1982-01-02") == pytest.approx(4)
    assert equal(None, None) == pytest.approx(2)


@pytest.mark.parametrize(("p", "limit"), [([0.99999] * 9, 0.99999), ([0.95] * 9, NEVER), ([], NEVER)])
def test_inside_one_list_the_mean_doubt_decides(p: list[float], limit: float) -> None:
    assert within_threshold(np.array(p)) == limit


def test_one_strong_pair_does_not_join_two_doubtful_groups() -> None:
    edges, doubtful = [(1, 2), (3, 4), (2, 3)], {(1, 3), (1, 4), (2, 4)}
    assert join_strongest_first(edges, set(), doubtful) == {1: 1, 2: 1, 3: 3, 4: 3}
    assert set(join_strongest_first(edges, set()).values()) == {1}


def test_decoys_that_find_others_leave_nothing_automatic() -> None:
    wrong, found = np.full(200, 0.99995), np.concatenate((np.full(200, 1.0), np.zeros(100)))
    assert _threshold(wrong, np.ones(200), found).value == NEVER


def test_too_few_decoys_certify_nothing() -> None:
    wrong, found = np.zeros(40), np.concatenate((np.full(40, 1.0), np.zeros(10)))
    limit = _threshold(wrong, np.ones(40), found)
    assert (limit.value, limit.certified) == (UNCERTIFIED, False)


def sexed(count: int, seed: int, prefix: str) -> list[dict[str, object]]:
    """People of few names, each of one sex, in six kelurahan."""
    pick = random.Random(seed)
    return [
        person(
            f"{prefix}{number:012d}",
            name := " ".join(pick.sample(GIVEN, pick.choice((1, 2, 2)))),
            birth_date=dt.date(1950, 1, 1) + dt.timedelta(days=pick.randrange(22_000)),
            sex="P" if GIVEN.index(name.split()[0]) % 2 else "L",
            street=None,
            kelurahan_code=f"35.73.01.100{pick.randrange(6)}",
        )
        for number in range(count)
    ]


@pytest.mark.slow
def test_namesakes_of_one_area_and_sex_are_hardly_worth_a_look(keep) -> None:
    known = sexed(900, 21, "b")
    asked = [*relisted(known[:300], "a"), *sexed(1500, 22, "c")]
    found = link_lists(rows(*asked), rows(*known), keep)
    match = decided(found, "match")
    assert len(match) > 280
    assert all(a == b < 300 for a, b in match)
    assert len(decided(found, "review")) < 0.03 * len(asked)


@pytest.mark.slow
def test_equal_name_and_address_are_a_link_where_nobody_shares_an_address(keep) -> None:
    known = [
        {**one, "birth_date": None, "birth_source": None, "street": f"JALAN {number}", "house_number": "1"}
        for number, one in enumerate(people(900, 23, "b"))
    ]
    moved = [{**one, "street": f"LORONG {at}"} for at, one in enumerate(known[600:], 300)]
    asked = relisted([*known[:300], *moved], "a")
    match = decided(link_lists(rows(*asked), rows(*known), keep), "match")
    assert len(match) > 280
    assert all(a == b < 300 for a, b in match)


@pytest.mark.slow
def test_a_number_with_no_name_beside_it_is_for_people_to_judge(keep) -> None:
    numbers = [f"35730101015{at % 10}{at:04d}" for at in range(600)]
    known = [
        person(f"b{at:012d}", "X", **BARE, nik=number, sex=None, birth_date=None)
        for at, number in enumerate(numbers)
    ]
    bare = ("name", "name_key", "name_sorted", "name_joined", "name_first", "name_last", "nik_birth")
    known = [{**one, **dict.fromkeys((*bare, "birth_date", "birth_source", "sex"))} for one in known]
    found = link_lists(rows(*relisted(known[:400], "a")), rows(*known), keep)
    assert decided(found, "match") == set()
    assert {(at, at) for at in range(400)} <= decided(found, "review")


def test_two_of_one_family_and_name_were_hardly_born_on_one_day(keep) -> None:
    family = []
    for at in range(60):
        home = {"kk": f"357301010120{at:04d}"}
        day = dt.timedelta(days=at)
        father, son = dt.date(1950, 2, 2) + day, dt.date(1985, 5, 5) + day
        names = (f"SLAMET {at}", f"SLAMET {at}", f"RINA {at}", f"RINI {at}")
        born = (father, son, son, son)
        family += [
            person(f"b{4 * at + who:012d}", name, birth_date=day_, **home)
            for who, (name, day_) in enumerate(zip(names, born, strict=True))
        ]
    members = keep(lines_of(family), "members")
    sides = prepare(members, members, keep)
    of_kin = kin(sides.right, keep, doubles=False)
    assert of_kin.tables["born"][0] > 0.2
    assert of_kin.namesakes["born"][0] < 0.01


FOREIGN = {"nik_birth": None, "nik_digits": None}


def numbered(which: list[dict[str, object]]) -> list[dict[str, object]]:
    """Each with a number that says no birth date."""
    return [
        {**one, **FOREIGN, "nik": f"AB{at * 7919 % 10**6:06d}", "mother_key": None}
        for at, one in enumerate(which)
    ]


def father_of(one: dict[str, object]) -> dict[str, object]:
    return {**one, "birth_date": one["birth_date"] - dt.timedelta(days=28 * 365 + 100)}


def twin_of(one: dict[str, object]) -> dict[str, object]:
    return {**one, "name": f"{one['name']}E", "name_raw": f"{one['name']}E", "nik": one["nik"][::-1]}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("listed", "member"),
    [(list, father_of), (numbered, father_of), (numbered, twin_of)],
    ids=["no number", "the son's number", "a twin's name that sounds the same, and another number"],
)
def test_a_card_does_not_tell_all_of_a_family_apart(keep, listed, member) -> None:
    known = with_cards(listed(people(600, 24, "b")))
    asked = relisted([*known[:300], *(member(one) for one in known[300:330])], "a")
    match = decided(link_lists(rows(*asked), rows(*known), keep), "match")
    assert len(match) > 280
    assert all(a == b < 300 for a, b in match)


@pytest.mark.slow
def test_a_third_row_does_not_join_father_and_son(keep) -> None:
    base = with_cards(numbered(people(300, 31, "a")))
    fathers = [father_of(one) for one in base[:30]]
    undated = [{**one, "birth_date": None, "birth_source": None} for one in base[:30]]
    found = dedupe_list(rows(*relisted([*base, *fathers, *undated], "a")), keep)
    match = decided(found, "match")
    assert len(match) == 30  # the undated row is one of the two
    assert not any((at, 300 + at) in match for at in range(30))


def with_cards(which: list[dict[str, object]]) -> list[dict[str, object]]:
    """Three a card, at one address."""
    return [
        {**one, "kk": f"357301010120{at // 3:04d}", "kk_digits": f"357301010120{at // 3:04d}"}
        for at, one in enumerate(which)
    ]


def lines_of(which: list[dict[str, object]]) -> ir.Table:
    return lines(rows(*which).mutate(group=ibis.literal("a")))
