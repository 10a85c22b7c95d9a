"""What it says that a family stands on a list: learnt where the survey knows, never part of the score."""

from __future__ import annotations

import numpy as np
import pytest
from test_welfare_score import COLOURS, drawn
from welfare_rows import Town, by_family, survey

from rantang.welfare.membership import AID, LEAST_LISTED, Said, estimate, none
from rantang.welfare.score import Training, learn, score


def said(listed: np.ndarray, aid: np.ndarray | None = None) -> Said:
    """Households on P3KE or not; whether they receive PKH."""
    unknown = np.full(len(listed), np.nan)
    pkh = unknown if aid is None else aid
    return Said(np.column_stack([unknown, listed]), np.column_stack([pkh, unknown]))


def poorer_when_listed(households: int = 3000) -> tuple[Training, np.ndarray]:
    """The world of `drawn`, where those with a bad draw are listed: poorer than their facts say."""
    training = drawn(households)
    facts = 14 + np.array([0, -0.3, -0.8])[training.codes[:, 0]] + np.array([0, 0, 0.4])[training.codes[:, 1]]
    luck = training.y - facts
    return training, (luck + np.random.default_rng(5).normal(0, 0.2, households) < -0.3).astype(float)


@pytest.mark.slow
def test_probabilities_of_listed_families_are_those_of_listed_households():
    training, listed = poorer_when_listed()
    fresh = drawn(4000, seed=9)
    facts = 14 + np.array([0, -0.3, -0.8])[fresh.codes[:, 0]] + np.array([0, 0, 0.4])[fresh.codes[:, 1]]
    on = fresh.y - facts + np.random.default_rng(6).normal(0, 0.2, 4000) < -0.3
    line = float(np.exp(13.4))
    plain = learn(training, COLOURS)
    blind = score(plain, fresh.codes).below(plain, line)
    model = learn(training, COLOURS, said=said(listed), sources="p3ke")
    told = score(model, fresh.codes).below(model, line)
    true = (fresh.y < 13.4)[on].mean()
    assert blind[on].mean() < true - 0.15
    assert told[on].mean() == pytest.approx(true, abs=0.03)


@pytest.mark.slow
def test_score_and_rank_do_not_move():
    training, listed = poorer_when_listed()
    blind, model = learn(training, COLOURS), learn(training, COLOURS, said=said(listed), sources="p3ke")
    codes = drawn(50, seed=3).codes
    before, after = score(blind, codes), score(model, codes)
    assert after.score.tobytes() == before.score.tobytes()
    assert after.rank.tobytes() == before.rank.tobytes()
    assert (after.expected < after.score - 0.1).all()


def test_what_an_aid_says_is_added_by_hand():
    residual = np.array([-0.4, -0.2, 0.1, 0.3] * 20)
    pkh = np.array([1.0, 1.0, 0.0, 0.0] * 20)
    shift = estimate(residual, np.zeros(80), np.ones(80), said(np.full(80, np.nan), pkh), "p3ke")
    assert (shift.constant, shift.aid[0], shift.usual[0]) == (pytest.approx(0.2), pytest.approx(-0.5), 0.5)
    given = shift.of(np.zeros(3), np.array([[1.0, np.nan], [0.0, np.nan], [np.nan, np.nan]]))
    assert given == pytest.approx([-0.3, 0.2, -0.05])
    assert shift.sigma == pytest.approx(0.1 * np.sqrt(80 / 78), abs=1e-6)


def test_too_few_listed_or_nothing_asked_leaves_the_score_as_it_is():
    few = np.zeros(400)
    few[: LEAST_LISTED - 1] = 1
    residual = np.random.default_rng(1).normal(0, 0.3, 400)
    assert said(few).on("p3ke") is None
    assert said(np.ones(400)).on("p3ke") is None  # a file of listed households says nothing of the others
    found = estimate(residual, np.zeros(400), np.ones(400), said(few), "p3ke")
    assert found == none(400, round(float(np.sqrt((residual**2).mean())), 6))


def test_families_on_two_lists_are_held_against_households_on_both():
    both = Said(np.array([[1.0, 1.0]] * 70 + [[1.0, 0.0]] * 70), np.full((140, len(AID)), np.nan))
    on = both.on("dtsen+p3ke")
    assert on is not None and on.sum() == 70
    assert both.on("dtsen") is None  # all are


def test_recipients_of_the_last_twelve_months_are_known_by_their_family():
    town = Town().family("a", 40, 38).family("b", 50)
    for name in ("a0", "b0"):
        town.row(name, "p3ke", lantai="2")
    town.recipient("a1", "PKH", "2021-12").recipient("b0", "SEMBAKO", "2021-11")
    known = town.known()
    assert known is not None
    assert known.aid[0, 0] == 1 and known.aid[1, 0] == 0
    assert np.isnan(known.aid[:, 1]).all()  # the list of Sembako is too old


@pytest.mark.slow
def test_a_family_with_aid_has_the_same_class_and_a_higher_chance_of_being_poor():
    rows = survey(800)
    for row in rows:
        poor = row["pengeluaran_kapita"] < 800_000
        row["terima_pkh"] = bool(poor and int(row["row_key"][1:]) % 3)
    town = Town()
    for name in ("aided", "alone"):
        town.family(name, 45).row(f"{name}0", "p3ke", lantai="6", dinding="1")
    found = by_family(town.recipient("aided0", "PKH").assess(rows))
    aided, alone = found["aided"], found["alone"]
    assert aided["p_miskin"] > alone["p_miskin"] + 0.05
    assert aided["konsumsi"] < alone["konsumsi"]
    for same in ("skor_kota", "persentil_kota", "class_"):
        assert aided[same] == alone[same]
