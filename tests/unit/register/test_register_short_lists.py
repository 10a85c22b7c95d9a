"""Lists too short to show their own faults: what is certain is linked, nothing else."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest
from register_rows import person, rows

from rantang.register.build import Register, build

pytestmark = pytest.mark.slow

PERIOD_END = dt.date(2022, 11, 30)
NOBODY = ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})
SITI = "3573015507809001"
BUDI = "3573011203759001"
TWO_LISTS = (
    {"agency": "dinsos", "kind": "dtks"},
    {"agency": "dinsos", "kind": "penerima", "programme": "PKH"},
)


def persons_of(keep, *people: dict[str, object]) -> dict[str, str]:
    register: Register = build(keep(rows(*people), "rows"), NOBODY, None, None, None, PERIOD_END, keep)
    return {link["row_key"]: link["person_id"] for link in register.links.to_pyarrow().to_pylist()}


def test_the_same_number_and_name_on_three_short_lists_is_one_person(keep) -> None:
    dtks, penerima = TWO_LISTS
    found = persons_of(
        keep,
        person("r1", "SITI AMINA", nik=SITI, kk="3573010101019001"),
        person("r2", "BUDI SANTUSU", nik=BUDI, kk="3573010101019002"),
        person("a1", "SITI AMINA", nik=SITI, street=None, kelurahan_code=None, **dtks),
        person("b1", "SITI AMINA", nik=SITI, street=None, kelurahan_code=None, **penerima),
    )
    assert found["a1"] == found["b1"] == found["r1"]


def test_it_is_one_person_also_where_there_is_no_list_of_residents(keep) -> None:
    dtks, penerima = TWO_LISTS
    found = persons_of(
        keep,
        person("a1", "SITI AMINA", nik=SITI, street=None, **dtks),
        person("a2", "BUDI SANTUSU", nik=BUDI, street=None, **dtks),
        person("b1", "SITI AMINA", nik=SITI, street=None, **penerima),
    )
    assert found["a1"] == found["b1"] != found["a2"]


def test_the_same_number_beside_quite_another_name_is_for_people_to_decide(keep) -> None:
    dtks, _ = TWO_LISTS
    found = persons_of(
        keep,
        person("r1", "SITI AMINA", nik=SITI, kk="3573010101019001"),
        person("r2", "BUDI SANTUSU", nik=BUDI, kk="3573010101019002"),
        person("a1", "JUKU PRANUTU", nik=SITI, street=None, kelurahan_code=None, **dtks),
    )
    assert found["a1"] != found.get("r1")
