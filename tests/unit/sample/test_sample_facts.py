"""Facts of house, belongings and head: what lists say of them, and how little it hides of the truth."""

from __future__ import annotations

import polars as pl
import pytest

from rantang.contracts import codes, contracts, fold, fold_answer
from rantang.sample import build_world
from rantang.sample.rates import Dice, Rates
from rantang.sample.told import ASSETS, HOUSE, P3KE_WORDS, answers, heads
from rantang.sample.welfare import WORK


@pytest.fixture(scope="module")
def world():
    return build_world(3, 0.01, Rates())


def test_answers_are_missing_and_wrong_at_the_documented_rates(world):
    rates = Rates()
    told = answers(Dice(3), rates, world, "dtsen")
    missing = [told[name].null_count() / told.height for name in (*HOUSE, *ASSETS)]
    assert sum(missing) / len(missing) == pytest.approx(rates["fact_missing"], abs=0.004)
    true = world.families["area"]  # many values: another family's answer is nearly always another answer
    differ = (told["area"] != true).fill_null(value=False).mean()
    assert differ == pytest.approx(rates["fact_miscoded"], abs=0.012)


def test_the_same_seed_gives_the_same_answers_and_each_list_asks_for_itself(world):
    first = answers(Dice(3), Rates(), world, "dtsen")
    assert answers(Dice(3), Rates(), world, "dtsen").equals(first)
    assert not answers(Dice(3), Rates(), world, "p3ke").equals(first)


def test_a_household_has_its_living_residents(world):
    told = heads(Dice(3), Rates(), world, "survei").join(world.families.select("family", "size"), on="family")
    assert (told["children"] + told["elderly"] <= told["size"]).all()
    assert told["head_age"].is_not_null().all()


@pytest.mark.parametrize("sign", sorted(P3KE_WORDS))
def test_words_of_p3ke_mean_the_codes_they_stand_for(sign):
    means = {word: code for code, words in codes()[sign].items() for word in words}
    told = {code: means[fold_answer(word)] for code, word in P3KE_WORDS[sign].items()}
    near = {"fuel": {2: "gas", 4: "gas"}, "wall": {4: "6"}, "toilet": {4: "3"}}.get(sign, {})
    assert told == {code: near.get(code, str(code)) for code in told}


def test_every_occupation_of_the_sample_is_a_kind_of_work():
    meant = {word for words in codes()["work"].values() for word in words}
    assert [word for word in WORK if fold_answer(word) not in meant] == []


@pytest.mark.slow
def test_headers_of_the_survey_are_known(city):
    known = {fold(alias) for field in contracts()["survei"].fields.values() for alias in field.aliases}
    frame = pl.read_csv(city.folder / "lists/bappeda/survei/2022-11.csv", n_rows=1)
    assert [name for name in frame.columns if fold(name) not in known] == []
