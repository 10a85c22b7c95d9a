"""The stage: from the register, lists and a survey to score, class, reasons; and when there is none."""

from __future__ import annotations

import json

import pytest
from welfare_rows import Town, by_family, survey

from rantang.tables.synergy import HISTORY
from rantang.welfare import lasso

pytestmark = pytest.mark.slow


def town() -> Town:
    made = Town()
    for name, floor, ages in (
        ("rich", "2", (40, 38)),
        ("poor", "8", (70, 66, 30, 12, 9, 5, 2)),
        ("mid", "6", (45,)),
    ):
        made.family(name, *ages)
        for number in range(len(ages)):
            made.row(f"{name}{number}", "p3ke", lantai=floor, dinding="1", desil_nasional=2)
    return made.family("unknown", 50).family("bare", 33).row("bare0", "p3ke", desil_nasional=1)


def test_families_with_facts_are_scored_and_the_others_are_belum_didata():
    found = by_family(town().assess(survey(), rentan=60))
    assert [found[name]["class_"] for name in ("rich", "poor", "unknown", "bare")] == [
        "tidak-miskin", "kerak", "belum-didata", "belum-didata",
    ]  # fmt: skip
    assert found["poor"]["skor_kota"] < found["mid"]["skor_kota"] < found["rich"]["skor_kota"]
    assert found["unknown"]["skor_kota"] is None and found["unknown"]["dasar"] is None
    assert found["poor"]["dasar"] == "skor"


def test_the_national_decile_stays_beside_the_score():
    found = by_family(town().assess(survey()))
    assert (found["rich"]["desil_nasional"], found["rich"]["desil_sumber"]) == (2, "p3ke")
    assert found["bare"]["desil_nasional"] == 1


def test_every_figure_comes_with_its_uncertainty_in_order():
    row = by_family(town().assess(survey()))["mid"]
    assert row["konsumsi_lo"] < row["konsumsi"] < row["konsumsi_hi"]
    assert row["persentil_lo"] <= row["persentil_kota"] <= row["persentil_hi"]
    assert 0 <= row["p_ekstrem"] <= row["p_miskin"] <= 1 and row["p_kerak"] <= row["p_miskin"]
    assert row["alasan"].startswith("floor.cement:-")
    assert row["nilai_kunjungan"] > 0


def test_with_too_few_answers_nothing_is_scored():
    sparse = Town().family("a").row("a0", "p3ke", lantai="8")  # one of the two facts asked about
    sparse.family("b").row("b0", "p3ke", lantai="8", dinding="1")
    assert by_family(sparse.assess(survey(), least_facts=0.5))["a"]["dasar"] == "skor"
    assert by_family(sparse.assess(survey(), least_facts=0.8))["a"]["class_"] == "belum-didata"


@pytest.mark.parametrize(
    ("rows", "code"),
    [(None, "SKOR-TANPA-SURVEI"), (survey(100), "SKOR-SURVEI-KECIL")],
    ids=["no survey", "too small"],
)
def test_without_a_survey_to_learn_from_the_class_is_the_stand_in_and_a_finding_says_why(rows, code):
    made = town().assess(rows)
    assert by_family(made)["bare"]["class_"] == "kerak"
    assert by_family(made)["bare"]["dasar"] == "desil"
    assert [row["code"] for row in made.findings.to_pyarrow().to_pylist()] == [code]
    assert made.model == {}


@pytest.mark.parametrize("blanks", [1, 2], ids=["all rows", "half of the rows"])
def test_where_not_every_row_has_a_line_the_published_one_counts_as_in_measurement(blanks):
    rows = [row if n % blanks else {**row, "garis_kemiskinan": None} for n, row in enumerate(survey())]
    assert town().assess(rows, published=444_000.0).model["line"] == 444_000.0
    assert [r["code"] for r in town().assess(rows).findings.to_pyarrow().to_pylist()] == ["SKOR-SURVEI-KECIL"]


def test_without_the_libraries_the_class_is_the_stand_in(monkeypatch):
    monkeypatch.setattr(lasso, "installed", lambda: False)
    made = town().assess(survey())
    assert [row["code"] for row in made.findings.to_pyarrow().to_pylist()] == ["SKOR-TANPA-STATISTIK"]
    assert by_family(made)["rich"]["dasar"] == "desil"


def test_a_survey_without_facts_that_lists_share_scores_nobody():
    rows = [{**row, "lantai": None, "dinding": None} for row in survey()]
    assert [r["code"] for r in town().assess(rows).findings.to_pyarrow().to_pylist()] == ["SKOR-TANPA-FAKTA"]


def test_the_order_of_the_surveys_rows_changes_nothing():
    first, second = town().assess(survey()), town().assess(survey()[::-1])
    assert (
        first.welfare.to_pyarrow()
        .sort_by("family_id")
        .equals(second.welfare.to_pyarrow().sort_by("family_id"))
    )
    assert json.dumps(first.model, sort_keys=True) == json.dumps(second.model, sort_keys=True)


def test_the_model_says_enough_to_compute_a_score_by_hand():
    made = town().assess(survey())
    about = made.model["sources"]["p3ke"]
    points = about["points"]
    by_hand = about["mean"] + sum(
        points[fact].get(level, 0.0)
        for fact, level in {
            "size": "1", "elderly": "0", "head_age": "45", "head_sex": "L", "floor": "cement",
            "wall": "brick",
        }.items()
    )  # fmt: skip
    assert by_family(made)["mid"]["skor_kota"] == pytest.approx(by_hand, abs=5e-6)
    assert made.model["unit"] == "keluarga (KK)"


def editions(*classes: str) -> object:
    return HISTORY.rows(
        {"family_id": "poor", "period": f"2022-0{number}", "class_": class_}
        for number, class_ in enumerate(classes, 1)
    )


@pytest.mark.parametrize(
    ("before", "signs", "class_"),
    [
        (editions("miskin", "kerak"), 9, "kerak"),  # poor at three of three
        (editions("miskin", "rentan", "miskin"), 9, "kerak"),  # three of the last four
        (editions("rentan", "rentan", "miskin"), 0, "miskin"),  # history speaks, not structure
        (editions("miskin"), 9, "miskin"),  # too short a history, and no such structure
        (editions("miskin"), 1, "kerak"),  # too short a history: structure speaks
        (editions("belum-didata", "belum-didata", "miskin"), 9, "miskin"),  # not surveyed is no history
        (None, 1, "kerak"),
    ],
)
def test_kerak_is_persistence_where_there_is_history_else_structure(before, signs, class_):
    found = by_family(town().assess(survey(), before, kerak_signs=signs))
    assert found["poor"]["class_"] == class_


def test_signs_of_structure_are_named():
    made = Town().family("old", 74).row("old0", "p3ke", lantai="8", dinding="4", pekerjaan="TIDAK")
    made.family("young", 30).row("young0", "p3ke", lantai="2", dinding="1", pekerjaan="KARYAWAN")
    found = by_family(made.assess(survey()))
    assert "tanpa-penghasil" in found["old"]["tanda_kerak"].split()
    assert found["young"]["tanda_kerak"] is None


def test_kk_at_one_address_are_also_scored_as_one_household():
    made = Town()
    for name, floor in (("a", "2"), ("b", "2"), ("c", "6")):
        made.family(name, 40, 38, 6, address="JL MAWAR 1" if name != "c" else "JL MELATI 2", rt="1", rw="1")
        made.row(f"{name}0", "p3ke", lantai=floor, dinding="1")
    joined = made.assess(survey()).model["sources"]["p3ke"]["joined"]
    assert (joined["families"], joined["addresses"], joined["members_together"]) == (2, 1, 6.0)
    assert joined["mean_move"] < 0  # twice the members under one roof look poorer
