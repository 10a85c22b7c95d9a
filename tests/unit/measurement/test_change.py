"""Two years: the covariance of blocks drawn twice, significance, and what must be refused."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from world_bank import LINE, households
from world_bank import sample as of_bank

from rantang.errors import RantangError
from rantang.measurement.change import changes
from rantang.measurement.declared import RelativeLine
from rantang.measurement.figures import measure


def grown(factor: float = 1.1) -> pl.DataFrame:
    noise = np.exp(np.random.default_rng(1).normal(0, 0.1, 825))
    return households().with_columns(pc_exp=pl.col("pc_exp") * factor * noise)


def test_the_same_sample_twice_has_not_changed_and_has_no_error() -> None:
    for each in changes(of_bank(), of_bank()):
        assert each.difference == 0 and each.se == pytest.approx(0, abs=1e-9)
        assert each.correlation == pytest.approx(1)


def test_blocks_drawn_twice_make_a_change_far_surer() -> None:
    before, now = of_bank(), of_bank(grown())
    p0 = changes(before, now)[0]
    alone = measure(before).figures[0].se, measure(now).figures[0].se
    assert p0.se < 0.5 * np.hypot(*alone)
    assert p0.correlation > 0.9


def test_with_all_blocks_in_common_it_is_the_variance_of_their_differences() -> None:
    before, now = of_bank(), of_bank(grown())
    p0 = changes(before, now, ("P0",))[0]
    parts = []
    for sample in (before, now):
        poor = (sample.welfare <= LINE).astype(float)
        score = sample.weight * (poor - np.average(poor, weights=sample.weight)) / sample.weight.sum()
        parts.append(np.bincount(sample.unit, score, sample.design.units))
    difference = parts[1] - parts[0]
    by_hand = 0.0
    for stratum in range(7):
        t = difference[before.design.stratum == stratum]
        by_hand += len(t) / (len(t) - 1) * ((t - t.mean()) ** 2).sum()
    assert p0.se == pytest.approx(np.sqrt(by_hand), rel=1e-9)


def test_other_blocks_are_independent() -> None:
    now = grown().with_columns(pl.col("ea") + 1_000_000)
    p0 = changes(of_bank(), of_bank(now))[0]
    alone = measure(of_bank()).figures[0].se, measure(of_bank(now)).figures[0].se
    assert p0.correlation == 0 and p0.se == pytest.approx(np.hypot(*alone))


def test_a_change_within_the_noise_is_not_significant() -> None:
    now = grown(1.02).with_columns(pl.col("ea") + 1_000_000)
    assert changes(of_bank(), of_bank(now))[0].p > 0.5
    assert changes(of_bank(), of_bank(grown(1.5)))[0].p < 0.01


def test_domains_that_both_years_have_are_compared() -> None:
    found = changes(of_bank(by=("urbrur",)), of_bank(grown(), by=("urbrur",)))
    assert {each.domain for each in found} == {None, "Urban", "Rural"}


def test_a_line_that_moves_with_people_is_refused() -> None:
    moving = of_bank(line=None, relative=RelativeLine())
    with pytest.raises(RantangError, match="UKUR-GARIS"):
        changes(moving, moving)
