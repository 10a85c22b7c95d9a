"""The two scenarios of the sampling error are computed, and say where they come from."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from series_of import CALM, series

from rantang.cities.model import Survey
from rantang.projection.sampling_error import ASSUMED, below, calm, from_design, from_series, scenarios


def test_a_survey_of_900_households_errs_by_about_a_point():
    """DESIGN 6: 0.9 to 1.0 points at the rates of the place."""
    assert from_design(4.37).se == pytest.approx(0.94, abs=0.005)
    assert from_design(4.62).se == pytest.approx(100 * math.sqrt(1.9 * 0.0462 * 0.9538 / 900))
    assert from_design(4.37).asumsi and "assumption" in from_design(4.37).source


def test_the_published_series_moves_as_if_it_erred_by_a_seventh_of_a_point():
    implied = from_series(series(CALM))
    assert implied is not None and implied.se == pytest.approx(0.15, abs=0.005)
    assert not implied.asumsi and "10 yearly changes" in implied.source


def test_such_calm_is_all_but_impossible_under_the_design():
    """DESIGN 6: with an error of 0.6 points such calm has a probability of about 2e-4."""
    assert calm(series(CALM), 0.6) == pytest.approx(1e-4, abs=1e-4)
    assert calm(series(CALM), 0.95) < 1e-5
    assert 0.3 < calm(series(CALM), 0.15) < 0.7


def test_only_years_that_follow_each_other_tell_of_the_error():
    gappy = series({2006: 7.0, 2010: 6.0, 2011: 5.5, 2012: 5.8, 2015: 5.0})
    assert from_series(gappy) is None and calm(gappy, 1.0) is None
    assert [error.kind for error in scenarios(gappy)] == ["rancangan"]


def test_a_place_may_know_its_survey_better():
    own = Survey(households=3600, deff=1.9, source="made up")
    assert from_design(4.0, own).se == pytest.approx(from_design(4.0, ASSUMED).se / 2)
    assert not from_design(4.0, own).asumsi


@given(rate=st.floats(0.5, 60), other=st.floats(0.5, 60))
def test_the_delta_method_agrees_with_the_design_at_any_rate(rate: float, other: float):
    moved = from_design(rate).at(other)
    assert moved.se == pytest.approx(from_design(other).se)
    p = other / 100
    assert moved.logit_sd == pytest.approx(math.sqrt(1.9 / 900 / (p * (1 - p))))


@pytest.mark.slow
def test_the_sum_of_chi_squares_agrees_with_drawing_it():
    weights = np.array([2.0, 1.0, 0.4])
    drawn = (np.random.default_rng(3).normal(size=(400_000, 3)) ** 2) @ weights
    for value in (0.3, 1.5, 4.0, 9.0):
        assert below(value, weights) == pytest.approx((drawn < value).mean(), abs=0.003)
