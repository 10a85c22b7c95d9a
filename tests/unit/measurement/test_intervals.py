"""Quantiles are SciPy's distributions', to the last bit, without the second its `stats` takes to load."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from rantang.measurement.intervals import LEVEL, interval, korn_graubard

DF = [1, 2, 5, 29, 30, 171, 1000, 25_000]


@pytest.mark.parametrize("df", DF)
def test_an_amount_reaches_as_far_as_students_t_says(df: int) -> None:
    far = float(stats.t.ppf(0.5 + LEVEL / 2, df)) * 2.5
    assert interval("wald", -7.0, 2.5, df, df + 1, share=False) == (-7.0 - far, -7.0 + far)


@pytest.mark.parametrize("df", DF)
@pytest.mark.parametrize("estimate", [1e-4, 0.03, 0.5, 0.97])
def test_korn_and_graubards_ends_are_the_beta_distributions(estimate: float, df: int) -> None:
    se, n, tail = 0.3 * estimate * (1 - estimate), df + 40, (1 - LEVEL) / 2
    ratio = float(stats.t.ppf(tail, n - 1) / stats.t.ppf(tail, df))
    size = estimate * (1 - estimate) / se**2 * ratio**2
    poor, rest = size * estimate, size * (1 - estimate)
    low, high = stats.beta.ppf(tail, poor, rest + 1), stats.beta.ppf(1 - tail, poor + 1, rest)
    assert korn_graubard(estimate, se, df, n) == (low, high)


@pytest.mark.parametrize("n", [2, 30, 4000])
def test_where_nobody_is_poor_the_upper_end_is_clopper_and_pearsons(n: int) -> None:
    assert korn_graubard(0.0, 0.0, 5, n) == (0.0, stats.beta.ppf(0.5 + LEVEL / 2, 1, n))


def test_special_functions_are_those_of_the_distributions() -> None:
    from scipy.special import ndtri, stdtr

    at, df = np.linspace(0, 40, 401), np.array(DF)[:, None]
    assert np.array_equal(stats.t.sf(at, df), stdtr(df, -at))
    places = (np.arange(101) + 0.5) / 101
    assert np.array_equal(stats.norm.ppf(places), ndtri(places))
