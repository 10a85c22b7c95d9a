"""One family in Dukcapil's list and on welfare lists, amid a town: who is whom, who is not."""

from __future__ import annotations

import datetime as dt
import itertools

import ibis
import pytest
from register_rows import person, rows
from town import Town

from rantang.register.build import Register, build

KK = "3573010101209991"
LISTED = {"kind": "dtks", "agency": "dinsos"}


def residents() -> list[dict[str, object]]:
    return [
        person("r-father", "SUPARDI", nik="3573010107709001", kk=KK, relation="1"),
        person("r-mother", "LASMI ENDAH", nik="3573014107729001", kk=KK, relation="2"),
        person("r-son", "SUPARDI", nik="3573010203989002", kk=KK, relation="3"),
        person("r-dina", "DINA KUSUMA", nik="3573015505059001", kk=KK, relation="3"),
        person("r-dini", "DINI KUSUMA", nik="3573015505059002", kk=KK, relation="3"),
    ]


def listed() -> list[dict[str, object]]:
    elsewhere = {"street": "LAIN", "kelurahan_code": "35.73.02.1001"}
    return [
        person("father", "SUPARDI", nik="3573010107709001", kk=KK, **LISTED),
        person("son", "SUPARDI", nik="3573010203989002", kk=KK, **LISTED),
        person("dina", "DINA KUSUMA", nik="3573015505059001", kk=KK, **LISTED),
        person("dina-again", "DINA K", nik="3573015505059001", kk=KK, **LISTED),
        person("dini", "DINI KUSUMA", nik="3573015505059002", kk=KK, **LISTED),
        person("mother-without-nik", "LASMI ENDAH", kk=KK, **LISTED),
        person("borrower", "WAGIMIN SOLEH", nik="3573010107709001", **elsewhere, **LISTED),
        person("missing-at-dukcapil", "PONIRAH", nik="3573014101509077", kk=KK, **LISTED),
        person("lonely", "SAIMAH", street="SEPI", kelurahan_code="35.73.02.1001", **LISTED),
        person("twin-without-nik", "DINI KUSUMA", kk=KK, kind="p3ke", agency="bappeda"),
    ]


@pytest.fixture(scope="module")
def register() -> Register:
    connection, names = ibis.duckdb.connect(), itertools.count()
    town = Town(500, seed=11)
    table = rows(*town.register, *town.listed, *residents(), *listed())

    def keep(expr, name):
        return connection.create_table(f"{name}_{next(names)}", expr, temp=True)

    nobody = ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})
    return build(keep(table, "rows"), nobody, None, None, None, dt.date(2022, 11, 30), keep)


@pytest.fixture(scope="module")
def who(register: Register) -> dict[str, str]:
    links = register.links.select("row_key", "person_id").to_pyarrow().to_pylist()
    return {link["row_key"]: link["person_id"] for link in links}


@pytest.fixture(scope="module")
def people(register: Register) -> dict[str, dict[str, object]]:
    return {person["person_id"]: person for person in register.persons.to_pyarrow().to_pylist()}


@pytest.mark.slow
def test_father_and_son_of_one_name_stay_two_people(who) -> None:
    assert who["father"] == who["r-father"]
    assert who["son"] == who["r-son"]
    assert who["father"] != who["son"]


@pytest.mark.slow
def test_twins_are_told_apart_by_name_and_number(who) -> None:
    assert who["dina"] == who["r-dina"]
    assert who["dini"] == who["r-dini"]
    assert who["dina"] != who["dini"]


def test_a_twin_without_nik_is_found_or_left_to_people_never_taken_for_the_other(who, register) -> None:
    asked = register.review.filter(register.review.row_key == "twin-without-nik").to_pyarrow().to_pylist()
    candidates = {pair["candidate_key"] for pair in asked}
    assert who["twin-without-nik"] == who["r-dini"] or "r-dini" in candidates
    assert who["twin-without-nik"] != who["r-dina"]


def test_a_row_without_nik_is_found_through_name_and_card(who) -> None:
    assert who["mother-without-nik"] == who["r-mother"]


def test_a_borrowed_nik_under_another_name_is_nobodys_link(who, people) -> None:
    assert who["borrower"] != who["r-father"]
    assert people[who["borrower"]]["nik"] is None
    assert people[who["borrower"]]["nik_state"] == "milik-lain"
    assert people[who["borrower"]]["dukcapil_queue"] == "nik-salah"


def test_the_same_person_twice_on_a_list_links_twice_and_is_marked(who, register) -> None:
    assert who["dina"] == who["dina-again"]
    doubles = register.links.filter(register.links.double).row_key.to_pyarrow().to_pylist()
    assert {"dina", "dina-again"} <= set(doubles)
    assert "dini" not in doubles


def test_a_member_missing_at_dukcapil_joins_the_family_of_the_card(who, people) -> None:
    assert who["missing-at-dukcapil"] not in {who[row["row_key"]] for row in residents()}
    assert people[who["missing-at-dukcapil"]]["family_id"] == people[who["r-father"]]["family_id"]


def test_the_head_is_who_the_card_names(register, who, people) -> None:
    family_id = people[who["r-father"]]["family_id"]
    family = register.families.filter(register.families.family_id == family_id).to_pyarrow().to_pylist()[0]
    assert family["head_id"] == who["r-father"]
    # The twin without a NIK is a person of their own until somebody settles the pair.
    assert family["members"] in (6, 7)
    assert not family["kk_satu_orang"]


def test_people_without_a_nik_wait_for_dispendukcapil(who, people) -> None:
    assert people[who["lonely"]]["dukcapil_queue"] == "tanpa-nik"


def test_every_listed_row_is_somebodys(who) -> None:
    assert {row["row_key"] for row in listed()} <= set(who)


def test_evidence_is_told_in_codes(register) -> None:
    link = register.links.filter(register.links.row_key == "mother-without-nik").to_pyarrow().to_pylist()[0]
    assert {"name=", "kk="} <= set(link["evidence"].split())
    assert link["tier"] in {"sure", "likely"}
    assert not link["nik_equal"]
