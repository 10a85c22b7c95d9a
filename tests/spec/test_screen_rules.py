"""Check before delivery: given a planned list, this is said of each row and of who is left out."""

from __future__ import annotations

from typing import Any

import ibis
import pytest
from small_register import CLASSES, SmallRegister, keep, pairs_of, programme, rows_of

from rantang.synergy import match
from rantang.synergy.screen import VERDICTS, screen
from rantang.tables.validation import ELIGIBILITY
from rantang.welfare import classify

pytestmark = pytest.mark.slow

HOUSE = programme("RUMAH", "keluarga_di_dtks", per="once", rupiah=20_000_000, aid="rumah", main=False)
OTHER_HOUSE = programme(
    "RUMAHKOTA", "keluarga_di_dtks", per="once", rupiah=20_000_000, aid="rumah", main=False, agency="dpuprpkp"
)
TOOLS = programme("ALAT", "keluarga_di_dtks", per="once", aid="usaha", exclusive_with=("KUBE",), main=False)
KUBE = programme("KUBE", "keluarga_di_dtks", per="once", aid="uang", main=False)
EVERY = (HOUSE, OTHER_HOUSE, TOOLS, KUBE)


def screened(
    world: SmallRegister, planned: list[tuple[str | None, str]], wanted: Any = HOUSE, validated: bool = False
) -> list[dict[str, Any]]:
    """Screen rows of (person, tier) against the register."""
    facts = world.facts()
    eligibility = world.validate().eligibility if validated else ELIGIBILITY.empty()
    welfare = keep(
        classify(world.families, world.persons, world.links, world.typed, CLASSES, "2022-11", keep), "welfare"
    )
    pairs = pairs_of(EVERY)
    synergy = match(
        world.persons, world.families, facts, world.links, eligibility, welfare, world.typed, EVERY, pairs,
        "2022-11", None, keep,
    )  # fmt: skip
    rows = [
        {"row_key": f"r{line}", "line": line, "person_id": person, "tier": tier, "probability": 0.99,
         "p_model": 0.99}
        for line, (person, tier) in enumerate(planned, start=1)
    ]  # fmt: skip
    schema = {
        "row_key": "string", "line": "int64", "person_id": "string", "tier": "string",
        "probability": "float64", "p_model": "float64",
    }  # fmt: skip
    table = ibis.memtable(rows, schema=ibis.schema(schema))
    result = screen(
        table, wanted, EVERY, pairs, world.persons, facts, eligibility, welfare, synergy.assistance,
        "2022-11", keep,
    )  # fmt: skip
    return sorted(rows_of(result), key=lambda row: (row["line"] is None, row["line"], row["unit_id"]))


@pytest.fixture(scope="module")
def answers() -> list[dict[str, Any]]:
    """One planned list on which every verdict stands."""
    world = SmallRegister()
    for who in ("layak", "ganda", "sejenis", "pernah", "lain", "sisa"):
        world.person(who)
    world.person("mati", resident="meninggal").person("pindah", resident="pindah")
    world.person("kaya", in_dtks=False, in_p3ke=True)
    world.row("sejenis", "penerima", programme="RUMAHKOTA", agency="dpuprpkp", period="2022-03")
    world.row("pernah", "penerima", programme="RUMAH", period="2022-05")
    planned = [
        ("layak", "sure"), ("ganda", "sure"), ("ganda", "sure"), ("sejenis", "sure"), ("pernah", "sure"),
        ("mati", "sure"), ("pindah", "sure"), ("kaya", "sure"), (None, "none"), ("lain", "likely"),
    ]  # fmt: skip
    return screened(world, planned)


@pytest.mark.parametrize(
    ("line", "verdict", "served_by"),
    [
        (1, "SALUR-LAYAK", None),
        (2, "SALUR-LAYAK", None),
        (3, "SALUR-GANDA", None),
        (4, "SALUR-SEJENIS", "RUMAHKOTA/dpuprpkp"),
        (5, "SALUR-SEJENIS", "RUMAH/dinsos"),
        (6, "SALUR-MENINGGAL", None),
        (7, "SALUR-PINDAH", None),
        (8, "SALUR-BUKAN-SASARAN", None),
        (9, "SALUR-TAK-TERDAFTAR", None),
        (10, "SALUR-PERIKSA", None),
    ],
)
def test_verdict_of_each_planned_row(answers, line, verdict, served_by):
    row = next(row for row in answers if row["line"] == line)
    assert (row["verdict"], row["served_by"]) == (verdict, served_by)


def test_every_planned_row_is_answered_once(answers):
    assert [row["line"] for row in answers if row["line"] is not None] == list(range(1, 11))
    assert all(row["verdict"] in VERDICTS for row in answers if row["line"] is not None)


def test_those_who_qualify_and_are_not_planned_are_named(answers):
    left_out = [row for row in answers if row["line"] is None]
    assert [(row["verdict"], row["unit_id"]) for row in left_out] == [("SALUR-BELUM-DIRENCANAKAN", "f-sisa")]


def test_who_has_aid_of_the_kind_already_is_not_proposed():
    world = SmallRegister().person("ani").person("budi").person("cici")
    world.row("ani", "penerima", programme="RUMAHKOTA", agency="dpuprpkp", period="2022-03")
    world.row("budi", "penerima", programme="RUMAH", period="2022-05")
    assert [row["unit_id"] for row in screened(world, [])] == ["f-cici"]


def test_a_programme_that_excludes_this_one_is_named_with_its_agency():
    world = SmallRegister().person("ani").row("ani", "penerima", programme="KUBE", period="2022-09")
    row = screened(world, [("ani", "sure")], TOOLS)[0]
    assert (row["verdict"], row["served_by"]) == ("SALUR-TERLARANG", "KUBE/dinsos")


def test_an_open_finding_is_looked_at_first():
    world = SmallRegister().person("ani").row("ani", "pengecualian", {"tanda": "PENSIUN"})
    row = screened(world, [("ani", "sure")], validated=True)[0]
    assert row["verdict"] == "SALUR-PERIKSA"
    assert row["status"] == "perlu-verifikasi" and "KELUARGA-ANGGOTA-DIPERIKSA" in row["reasons"]
