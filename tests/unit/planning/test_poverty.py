"""The expected shortfall is what integrating gives; the effect of aid is concave: the gap closes once."""

from __future__ import annotations

import numpy as np
import pytest
from checking import shortfall as integrated
from hypothesis import given
from hypothesis import strategies as st

from rantang.planning.poverty import below, effect, shortfall, slope

LINE = 500_000.0
MEANS = st.floats(11.5, 14.5)
SDS = st.floats(0.02, 0.8)
POWERS = st.sampled_from((1, 2))


@given(mean=MEANS, sd=SDS, power=POWERS, line=st.floats(1e4, 2e6))
def test_the_closed_form_is_the_integral(mean: float, sd: float, power: int, line: float) -> None:
    assert shortfall(line, mean, sd, power) == pytest.approx(
        integrated(line, mean, sd, power), rel=1e-5, abs=1e-7 * line**power
    )


@given(mean=MEANS, sd=SDS, power=POWERS, size=st.integers(1, 9))
def test_the_effect_rises_and_is_concave(mean: float, sd: float, power: int, size: int) -> None:
    gain = np.linspace(0, 1.5 * size * LINE, 200)
    value = effect(gain, LINE, mean, sd, size, power)
    steps = np.diff(value)
    assert (steps >= -1e-6 * LINE).all()
    assert (np.diff(steps) <= 1e-6 * LINE).all()
    assert value[0] == 0
    assert (value <= gain * power + 1e-3).all()


@given(mean=MEANS, sd=st.floats(0.1, 0.8), power=POWERS, gain=st.floats(100, 1e6))
def test_the_slope_is_the_effects_derivative(mean: float, sd: float, power: int, gain: float) -> None:
    h = 50.0
    up, down = (effect(gain + s, LINE, mean, sd, 3, power) for s in (h, -h))
    assert slope(gain, LINE, mean, sd, 3, power) == pytest.approx((up - down) / (2 * h), abs=1e-4)


def test_a_family_known_exactly_is_poor_or_not() -> None:
    assert shortfall(LINE, np.log(400_000.0), 0.0, 1) == pytest.approx(100_000, rel=1e-4)
    assert shortfall(LINE, np.log(600_000.0), 0.0, 1) == pytest.approx(0, abs=1e-3)
    assert below(LINE, np.log(400_000.0), 0.0) == pytest.approx(1)
    assert shortfall(-1.0, 13.0, 0.3, 2) == 0
