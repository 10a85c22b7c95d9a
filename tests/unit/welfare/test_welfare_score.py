"""The score: a sum of points that can be checked, the same for the same rows, wider where less is known."""

from __future__ import annotations

import numpy as np
import pytest

from rantang.texts import use_language
from rantang.welfare.declared import build
from rantang.welfare.reasons import codes_of, in_words
from rantang.welfare.score import Training, contributions, learn, score

COLOURS = tuple(
    build(name, {"words": name, "levels": [{"code": c, "words": c, "answers": [c]} for c in "abc"]})
    for name in ("floor", "wall", "noise")
)


def drawn(households: int = 600, seed: int = 1) -> Training:
    """Log consumption is 14 + (0, -.3, -.8) by floor + (0, 0, .4) by wall; the third fact says nothing."""
    rng = np.random.default_rng(seed)
    codes = rng.integers(0, 3, (households, 3)).astype(np.int8)
    y = 14 + np.array([0, -0.3, -0.8])[codes[:, 0]] + np.array([0, 0, 0.4])[codes[:, 1]]
    unit = np.arange(households) // 10
    return Training(codes, y + rng.normal(0, 0.3, households), np.ones(households), unit, unit // 30)


@pytest.fixture(scope="module")
def model():
    return learn(drawn(), COLOURS)


def test_points_are_the_differences_that_made_the_data(model):
    floor, wall, noise = model.points
    assert floor[1] - floor[0] == pytest.approx(-0.3, abs=0.07)
    assert floor[2] - floor[0] == pytest.approx(-0.8, abs=0.07)
    assert wall[2] - wall[0] == pytest.approx(0.4, abs=0.07)
    assert np.abs(noise).max() < 0.05
    assert model.sigma == pytest.approx(0.3, abs=0.03)


def test_a_score_is_the_mean_plus_its_points(model):
    codes = np.array([[0, 1, 2], [2, 2, 0]], dtype=np.int8)
    by_hand = [model.mean + sum(p[code] for p, code in zip(model.points, row, strict=True)) for row in codes]
    assert score(model, codes).score == pytest.approx(by_hand, abs=2e-6)
    assert contributions(model, codes).sum(axis=1) + model.mean == pytest.approx(by_hand, abs=2e-6)


def test_an_answer_that_is_missing_adds_nothing_and_widens_the_interval(model):
    whole, partly = (score(model, np.array([row], dtype=np.int8)) for row in ([2, 0, 0], [2, -1, 0]))
    assert partly.score[0] == pytest.approx(whole.score[0] - model.points[1][0], abs=2e-6)
    assert partly.high[0] - partly.low[0] > whole.high[0] - whole.low[0]
    assert (whole.answered[0], partly.answered[0]) == (1.0, pytest.approx(2 / 3))


def test_nine_in_ten_lie_in_the_interval_of_households_never_seen():
    unseen = drawn(4000, seed=9)
    made = score(learn(drawn(4000), COLOURS), unseen.codes)
    inside = (unseen.y >= made.low) & (unseen.y <= made.high)
    assert inside.mean() == pytest.approx(0.9, abs=0.02)


def test_probabilities_are_those_of_households_never_seen(model):
    unseen, line = drawn(4000, seed=9), float(np.exp(13.6))
    chance = score(model, unseen.codes).below(model, line)
    for low, high in ((0, 0.2), (0.2, 0.6), (0.6, 1)):
        here = (chance >= low) & (chance < high)
        assert (unseen.y[here] < 13.6).mean() == pytest.approx(chance[here].mean(), abs=0.05)


def test_ranks_are_shares_of_the_surveys_persons(model):
    made = score(model, drawn().codes)
    assert made.rank.mean() == pytest.approx(50, abs=1)
    assert (made.rank_low <= made.rank).all() and (made.rank <= made.rank_high).all()
    assert (made.rank >= 0).all() and (made.rank <= 100).all()


def test_heavy_persons_count_for_more():
    training = drawn()
    heavy = np.where(training.codes[:, 0] == 2, 50.0, 1.0)
    again = Training(training.codes, training.y, heavy, training.psu, training.stratum)
    assert learn(again, COLOURS).mean < learn(training, COLOURS).mean - 0.2


def test_the_same_rows_give_the_same_bytes(model):
    again = learn(drawn(), COLOURS)
    assert [p.tobytes() for p in again.points] == [p.tobytes() for p in model.points]
    codes = drawn(50, seed=3).codes
    turned = score(again, codes[::-1])
    assert turned.score[::-1].tobytes() == score(model, codes).score.tobytes()
    assert turned.rank_low[::-1].tobytes() == score(model, codes).rank_low.tobytes()


def test_reasons_name_what_lowers_first_and_leave_out_what_says_nothing(model):
    reasons = codes_of(model, COLOURS, np.array([[2, 2, 0], [-1, -1, -1]], dtype=np.int8)).to_pylist()
    tokens = [token.partition(":")[0] for token in reasons[0].split()]
    assert tokens[:2] == ["floor.c", "wall.c"]
    assert reasons[1] is None


def test_reasons_are_said_in_the_readers_language():
    reasons = "floor.bare:-0.105 cars.1:+0.182 gone.1:-0.5"
    use_language("id")
    assert in_words(reasons) == [
        "lantai tanah, bambu, atau papan: menurunkan taksiran 10\u00a0%",
        "punya mobil: menaikkan taksiran 20\u00a0%",
    ]
    assert in_words(None) == []


def test_a_level_that_a_draw_lacks_moves_no_score_in_it():
    """Three households of one sampling unit give the answer; a third of the draws are without that unit."""
    rng = np.random.default_rng(7)
    codes = np.column_stack([rng.integers(0, 3, (900, 2)), np.zeros(900, int)]).astype(np.int8)
    codes[:3, 2] = 1
    y = 14 + np.array([0, -0.6, -1.2])[codes[:, 0]] - 0.3 * codes[:, 2] + rng.normal(0, 0.05, 900)
    unit = np.arange(900) // 10
    found = learn(Training(codes, y, np.ones(900), unit, unit // 30), COLOURS)
    assert np.abs(found.draws[2]).max() < 1
