"""The state-space model against the same Gaussian written out by hand, and what must always hold."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from series_of import CALM, series

from rantang.errors import RantangError
from rantang.projection.mixture import to_logit
from rantang.projection.model import DRIFT_SD, LEVEL_SD, fit, from_quoted, smooth
from rantang.projection.sampling_error import SamplingError, from_design, from_series

RATES = st.dictionaries(st.integers(2004, 2024), st.floats(1, 40), min_size=4, max_size=12)


def by_hand(y: np.ndarray, noise: float, move: float, push: np.ndarray):
    """Mean and covariance of every level, and of the figures that were published."""
    n = len(y)
    t = np.arange(n)
    mean = np.nanmean(y) + np.concatenate([[0.0], np.cumsum(push[1:])])
    level = LEVEL_SD**2 + DRIFT_SD**2 * np.outer(t, t) + move**2 * np.minimum.outer(t, t)
    seen = ~np.isnan(y)
    of_figures = level[np.ix_(seen, seen)] + noise**2 * np.eye(seen.sum())
    return mean, level, seen, of_figures


@pytest.mark.parametrize("push", [0.0, -0.03])
@pytest.mark.parametrize("move", [0.01, 0.2])
def test_likelihood_and_path_are_those_of_the_joint_gaussian(move: float, push: float):
    y = to_logit(np.array([7.4, np.nan, 7.2, np.nan, 5.9, 4.6, 4.3, np.nan, np.nan]))
    pushes = np.full(len(y), push) * np.linspace(1, 2, len(y))
    noise = 0.2
    mean, level, seen, of_figures = by_hand(y, noise, move, pushes)
    likelihood, states, variances = smooth(y, noise, move, pushes)
    assert likelihood == pytest.approx(multivariate_normal(mean[seen], of_figures).logpdf(y[seen]), abs=1e-8)
    gain = level[:, seen] @ np.linalg.inv(of_figures)
    np.testing.assert_allclose(states[0], mean + gain @ (y[seen] - mean[seen]), atol=1e-8)
    np.testing.assert_allclose(variances[0], np.diag(level - gain @ level[seen, :]), atol=1e-8)


def test_the_order_of_the_rows_says_nothing():
    rows = list(series(CALM).observations)
    error = from_design(4.2)
    one = fit(rows, error, 2029)
    random.Random(1).shuffle(rows)
    other = fit(rows, error, 2029)
    assert one.true(2029).quantile(0.5) == other.true(2029).quantile(0.5)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rates=RATES)
def test_a_figure_is_less_certain_than_the_truth_and_the_far_less_than_the_near(rates: dict[int, float]):
    found = fit(series(rates).observations, from_design(float(np.mean(list(rates.values())))), 2030)
    last = max(rates)
    for year in (last, 2030):
        assert found.published(year).sd() > found.true(year).sd()
    assert found.true(2030).sd() > found.true(last).sd()
    assert found.weights.sum() == pytest.approx(1)


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rates=RATES)
def test_a_larger_sampling_error_leaves_a_wider_path_where_it_was_surveyed(rates: dict[int, float]):
    mean = float(np.mean(list(rates.values())))
    small, large = (SamplingError("tersirat", se, mean, "made up", True) for se in (0.1, 1.0))
    year = max(rates)
    narrow, wide = (fit(series(rates).observations, error, 2030) for error in (small, large))
    assert wide.true(year).sd() > narrow.true(year).sd()


def test_the_implied_error_leaves_the_path_nearer_to_the_figures():
    found = series(CALM)
    implied = from_series(found)
    assert implied is not None
    low, high = fit(found.observations, implied, 2025).true(2025).interval()
    wide_low, wide_high = fit(found.observations, from_design(found.mean), 2025).true(2025).interval()
    assert low < 3.85 < high and wide_high - wide_low > 2 * (high - low)


def test_a_year_without_a_figure_is_less_certain_than_its_neighbours():
    gappy = {year: rate for year, rate in CALM.items() if year not in (2019, 2020)}
    path = fit(series(gappy).observations, from_design(4.2), 2025)
    assert path.true(2019).sd() > path.true(2018).sd()
    assert path.years == tuple(range(2015, 2026))


def test_fewer_than_four_figures_are_refused_in_words():
    with pytest.raises(RantangError) as refused:
        fit(series({2020: 5.0, 2021: 4.9, 2022: 4.8}).observations, from_design(4.9), 2025)
    assert refused.value.code == "PROYEKSI-DERET"


def test_a_quoted_rate_starts_a_path_of_its_own_with_the_series_drift():
    path = fit(series(CALM).observations, from_design(4.2), 2029)
    quoted = from_quoted(path, 6.62, 2022, 2029)
    assert quoted.true(2022).quantile(0.5) == pytest.approx(6.62)
    fall = quoted.true(2023).quantile(0.5) / 6.62 - 1
    assert fall == pytest.approx(float(path.drift_means @ path.weights), abs=0.01)
    assert quoted.true(2029).sd() > quoted.true(2022).sd()


def test_a_known_push_moves_the_path_by_as_much():
    rows, error = series(CALM).observations, from_design(4.2)
    pushed = fit(rows, error, 2029, {2026: -0.3})
    plain = fit(rows, error, 2029)
    shift = to_logit(pushed.true(2029).quantile(0.5)) - to_logit(plain.true(2029).quantile(0.5))
    assert float(shift) == pytest.approx(-0.3, abs=1e-6)
