"""Chronic and transient poverty: parts add up, and few waves no longer look like much chronic poverty."""

from __future__ import annotations

import numpy as np
import pytest

from rantang.errors import RantangError
from rantang.measurement.design import Design
from rantang.measurement.panel import Panel, chronic


def panel(welfare: np.ndarray) -> Panel:
    n = len(welfare)
    one = np.ones(1)
    design = Design(np.zeros(n, int), np.array([n]), one, tuple(map(str, range(n))), ("",))
    return Panel(welfare, np.ones_like(welfare), np.ones(n), np.arange(n), design)


def parts(welfare: np.ndarray, name: str = "P2") -> dict[str, float]:
    return {each.part: each.estimate for each in chronic(panel(welfare), name)}


def test_a_household_that_never_moves_is_chronically_poor_only() -> None:
    found = parts(np.array([[0.5, 0.5], [2.0, 2.0]]))
    assert found["chronic"] == found["total"] == 0.125 and found["transient"] == 0


def test_a_household_that_falls_once_is_transiently_poor() -> None:
    found = parts(np.array([[0.5, 1.7, 1.7]]))
    assert found["chronic_naive"] == 0 and found["transient"] > 0.08
    assert found["always_poor"] == 0


@pytest.mark.parametrize("waves", [2, 3])
def test_the_small_t_bias_is_mended(waves: int) -> None:
    random = np.random.default_rng(1)
    lasting = random.lognormal(0.45, 0.45, 20_000)
    welfare = lasting[:, None] * random.lognormal(-0.045, 0.3, (20_000, waves))
    truth = np.where(lasting < 1, (1 - lasting) ** 2, 0).mean()
    found = parts(welfare)
    assert found["chronic_naive"] > 1.3 * truth
    assert found["chronic"] == pytest.approx(truth, rel=0.1)


def test_parts_add_up_for_every_figure() -> None:
    welfare = np.random.default_rng(2).lognormal(0, 0.6, (300, 4))
    for name in ("P0", "P1", "P2"):
        found = parts(welfare, name)
        assert found["chronic"] + found["transient"] == pytest.approx(found["total"], abs=1e-12)


def test_one_wave_is_no_panel() -> None:
    with pytest.raises(RantangError, match="UKUR-PANEL"):
        chronic(panel(np.ones((5, 1))))
