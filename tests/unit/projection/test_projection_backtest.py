"""Scores: a wide interval that is always right loses, nothing sees the future, and coverage holds."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm
from scipy.stats import t as student
from series_of import CALM, series

from rantang.projection import simulated
from rantang.projection.backtest import Student, backtest, crps, interval_score, linear_trend, summarise


def test_the_interval_score_is_the_width_and_twenty_times_the_miss():
    assert interval_score(3.0, 5.0, 4.0) == 2.0
    assert interval_score(3.0, 5.0, 5.1) == pytest.approx(2.0 + 20 * 0.1)
    assert interval_score(0.0, 100.0, 4.0) > interval_score(3.9, 4.05, 4.1)


@pytest.mark.parametrize("came", [2.0, 4.0, 5.3])
def test_the_crps_of_a_normal_is_the_known_one(came: float):
    """Gneiting & Raftery 2007, equation 21."""
    z = (came - 4) / 0.5
    exact = 0.5 * (z * (2 * norm.cdf(z) - 1) + 2 * norm.pdf(z) - 1 / math.sqrt(math.pi))
    assert crps(Student(4.0, 0.5), came) == pytest.approx(exact, abs=1e-4)


@pytest.mark.parametrize("df", [1, 3, 7, math.inf])
def test_a_students_forecast_is_scipys_distribution_to_the_last_bit(df: float):
    rates, shares = np.linspace(0, 12, 121), np.linspace(0.005, 0.995, 199)
    made = Student(4.0, 0.5, df)
    assert np.array_equal(made.cdf(rates), student.cdf((rates - 4.0) / 0.5, df))
    assert [made.quantile(q) for q in shares] == [4.0 + 0.5 * student.ppf(q, df) for q in shares]


def test_a_straight_line_is_forecast_by_the_straight_line():
    rates = {2010 + n: 9.0 - 0.3 * n + 0.05 * (-1) ** n for n in range(8)}
    made = linear_trend(series(rates), 2020)
    assert made.quantile(0.5) == pytest.approx(6.0, abs=0.1)


@pytest.mark.slow
def test_a_forecast_does_not_know_what_came_later():
    changed = {**CALM, 2025: 9.9}
    as_was = [s for s in backtest(series(CALM)) if s.year < 2025]
    as_is = [s for s in backtest(series(changed)) if s.year < 2025]
    assert [(s.method, s.origin, s.low, s.high) for s in as_was] == [
        (s.method, s.origin, s.low, s.high) for s in as_is
    ]


@pytest.mark.slow
def test_methods_are_compared_on_the_same_forecasts():
    found = summarise(backtest(series(CALM)))
    assert [s.method for s in found] == ["rancangan", "tersirat", "nilai-terakhir", "tren-lurus"]
    assert len({s.forecasts for s in found}) == 1
    assert all(0 <= s.coverage <= 1 and s.crps > 0 for s in found)


@pytest.mark.slow
def test_the_wide_scenario_is_always_right_and_loses_for_it(today):
    scores = {score.method: score for score in today.scores}
    assert scores["rancangan"].coverage >= scores["tersirat"].coverage
    assert scores["rancangan"].interval_score > scores["tersirat"].interval_score
    assert scores["tersirat"].interval_score < scores["tren-lurus"].interval_score


def test_a_made_up_city_is_the_same_for_the_same_seed():
    assert simulated.city("tetap", 4) == simulated.city("tetap", 4)
    assert simulated.city("tetap", 4) != simulated.city("tetap", 5)


@pytest.mark.slow
@pytest.mark.parametrize("kind", [k for k in simulated.KINDS if k != "dihaluskan"])
def test_nine_tenths_intervals_hold_85_per_cent_of_what_is_published(kind: str):
    found = {s.method: s for s in summarise(simulated.scores(kind, range(60)))}
    ours = found["rancangan"]
    error = math.sqrt(0.9 * 0.1 / 60)  # the three years of one city are not independent
    assert ours.coverage >= 0.85 - error
    rivals = [found[name].interval_score for name in ("nilai-terakhir", "tren-lurus")]
    assert ours.interval_score < min(rivals)
    assert np.isfinite(ours.crps)
