"""From direct figures to one row an area: benchmarked, marked, checked; and when it is refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rantang.errors import RantangError
from rantang.measurement.small_area import arcsine, areas, checks, eb
from rantang.measurement.small_area.arrays import with_constant
from rantang.measurement.small_area.benchmarking import benchmark
from rantang.measurement.small_area.fay_herriot import fit
from rantang.measurement.small_area.smoothing import (
    design_effect,
    log_smoothed_variances,
    smoothed_variances,
)
from rantang.texts import use_language

CITY = areas.City(estimate=0.08, variance=0.0001, households=280)
LINE = 700.0


def city() -> tuple[areas.Direct, np.ndarray]:
    """Thirty areas: 20 with 10 households (a third of them without a poor one), 2 with 40, 8 with none."""
    random = np.random.default_rng(4)
    fact = random.uniform(0, 1, (30, 1))
    n = np.array([10] * 20 + [40] * 2 + [0] * 8)
    poor = random.binomial(n, 0.02 + 0.15 * fact[:, 0])
    rate = np.where(n > 0, poor / np.maximum(n, 1), np.nan)
    share = random.uniform(1, 3, 30)
    direct = areas.Direct(
        tuple(f"35.73.{d:02d}" for d in range(30)),
        rate,
        rate * (1 - rate) / n.clip(1),
        n,
        n // 10,
        share / share.sum(),
    )
    return direct, fact


@pytest.mark.parametrize("scale", ["identity", "arcsine"])
@pytest.mark.parametrize("way", ["ratio", "difference", "odds"])
def test_the_areas_add_up_to_the_city(scale: str, way: str) -> None:
    direct, fact = city()
    table = areas.by_area_model(direct, fact, CITY, scale=scale, way=way)
    assert direct.share @ [row.estimate for row in table.rows] == pytest.approx(0.08, abs=1e-12)
    assert table.before == pytest.approx(direct.share @ [row.model for row in table.rows])


def test_every_area_has_a_figure_and_unsampled_ones_wider_marks() -> None:
    direct, fact = city()
    rows = areas.by_area_model(direct, fact, CITY).rows
    assert [row.kind for row in rows] == ["eblup"] * 22 + ["synthetic"] * 8
    assert all(0 <= row.ci_low <= row.estimate <= row.ci_high <= 1 for row in rows)
    assert min(r.mse for r in rows[22:]) > min(r.mse for r in rows[:22])
    assert {row.reliability for row in rows} <= {"usable", "caution", "not_published"}
    assert rows[0].reliability == areas.mark(rows[0].rse)
    assert rows[0].rse == pytest.approx(rows[0].mse ** 0.5 / rows[0].estimate)


def test_an_area_whose_ten_households_are_not_poor_is_no_area_without_poverty() -> None:
    direct, fact = city()
    table = areas.by_area_model(direct, fact, CITY)
    nought = [row for row, rate in zip(table.rows, direct.estimate, strict=True) if rate == 0]
    assert len(nought) >= 3
    assert all(row.estimate > 0 and row.mse > 0 for row in nought)


def test_a_direct_figure_that_is_good_enough_may_stand() -> None:
    direct, fact = city()
    psus, variance = direct.psus.copy(), direct.variance.copy()
    rate = direct.estimate.copy()
    psus[20], variance[20], rate[20] = 5, 0.0001, 0.1
    sound = replace(direct, psus=psus, variance=variance, estimate=rate)
    table = areas.by_area_model(sound, fact, CITY, keep_usable=True)
    assert table.rows[20].kind == "direct"
    assert (table.rows[20].estimate, table.rows[20].mse) == (0.1, 0.0001)
    assert [row.kind for row in table.rows].count("direct") == 1
    assert sound.share @ [row.estimate for row in table.rows] == pytest.approx(0.08)


def test_variance_of_nought_or_of_one_block_never_stands_alone() -> None:
    direct, _ = city()
    assert not areas.usable(direct).any()


@pytest.mark.parametrize("alpha", [0, 1, 2])
def test_microdata_and_a_census_give_the_same_table(alpha: int) -> None:
    random = np.random.default_rng(2)
    area, facts = random.integers(0, 30, 3000), with_constant(random.integers(0, 3, (3000, 2)).astype(float))
    effect = random.normal(0, 0.2, 30)
    welfare = np.exp(facts @ [7.0, 0.2, -0.2] + effect[area] + random.normal(0, 0.4, 3000))
    chosen = np.concatenate([np.flatnonzero(area == d)[:10] for d in range(22)])
    direct, _ = city()
    table = areas.by_unit_model(
        eb.Sample(welfare[chosen], facts[chosen], area[chosen]),
        eb.Census(facts, area, np.full(3000, 4.0), np.ones(3000)),
        direct,
        CITY,
        LINE,
        alpha=alpha,
        replicates=30,
        seed=1,
    )
    assert (table.method, table.statistic) == ("eb", f"P{alpha}")
    assert direct.share @ [row.estimate for row in table.rows] == pytest.approx(0.08)
    assert [row.kind for row in table.rows] == ["eblup"] * 22 + ["synthetic"] * 8
    assert table.checks.share_synthetic == pytest.approx(8 / 30)
    assert table.checks.concerns == ()
    assert (table.scale, table.seed) == ("log(y)", 1)


def test_microdata_without_areas_are_refused_in_the_users_words() -> None:
    use_language("id")
    with pytest.raises(RantangError) as refused:
        areas.require_areas(None, ["prov", "kab", "fwt"])
    assert "AREA-KECIL-TANPA-KOLOM" in str(refused.value)
    assert "tidak dapat dihitung" in str(refused.value)
    with pytest.raises(RantangError, match="AREA-KECIL-TANPA-KOLOM"):
        areas.require_areas("kelurahan", ["prov", "kab", "fwt"])
    assert areas.require_areas("kelurahan", ["kelurahan", "fwt"]) == "kelurahan"


def test_areas_are_joined_by_their_code() -> None:
    assert areas.places(("b", "a"), ["a", "b", "a"]).tolist() == [1, 0, 1]
    with pytest.raises(RantangError, match=r"AREA-KECIL-TAK-DIKENAL.*: c"):
        areas.places(("b", "a"), ["a", "c"])


def test_missing_facts_of_an_area_are_refused() -> None:
    direct, fact = city()
    fact[3] = np.nan
    with pytest.raises(RantangError, match="AREA-KECIL-KOSONG"):
        areas.by_area_model(direct, fact, CITY)


@given(
    rates=st.lists(st.floats(0.001, 0.9), min_size=2, max_size=12),
    wanted=st.floats(0.01, 0.9),
    way=st.sampled_from(["ratio", "difference", "odds"]),
    seed=st.integers(0, 99),
)
def test_benchmarked_figures_add_up(rates: list[float], wanted: float, way: str, seed: int) -> None:
    estimate = np.array(rates)
    share = np.random.default_rng(seed).dirichlet(np.ones(len(rates)))
    done = benchmark(estimate, np.full(len(rates), 1e-4), share, wanted, way)
    assert share @ done.estimate == pytest.approx(wanted, abs=1e-10)
    assert (done.mse >= 1e-4).all()
    assert done.mse == pytest.approx(1e-4 + (done.estimate - estimate) ** 2)
    if way == "odds":
        assert ((done.estimate > 0) & (done.estimate < 1)).all()
        assert (np.argsort(done.estimate) == np.argsort(estimate)).all() or len(set(rates)) < len(rates)


def test_a_figure_that_cannot_be_reached_is_an_error() -> None:
    rates, share = np.array([0.1, 0.2]), np.array([0.5, 0.5])
    with pytest.raises(ValueError, match="within"):
        benchmark(rates, rates, share, 1.2)
    with pytest.raises(ValueError, match="add up"):
        benchmark(rates, rates, share * 2, 0.1)
    with pytest.raises(ValueError, match="no area"):
        benchmark(rates, rates, share, 0.1, fast=np.array([True, True]))
    with pytest.raises(ValueError, match="all areas are 0"):
        benchmark(rates * 0, rates, share, 0.1, "ratio")


def test_a_design_effect_compares_with_a_simple_sample() -> None:
    assert design_effect(0.0004, 0.1, 450) == pytest.approx(0.0004 / (0.09 / 450))
    assert design_effect(0.00001, 0.1, 450) == 1.0
    assert design_effect(0.0, 0.0, 450) == 1.0


def test_smoothed_variances_know_no_nought() -> None:
    found = smoothed_variances(np.array([10.0, 20.0, 0.0]), 0.1, 2.0)
    assert found[:2] == pytest.approx([0.018, 0.009])
    assert np.isnan(found[2])


def test_log_smoothed_variances_keep_their_sum_and_follow_the_sample() -> None:
    random, n = np.random.default_rng(0), np.arange(10.0, 60.0)
    direct = 0.1 / n * random.chisquare(5, 50) / 5
    direct[3] = 0.0
    predictors = with_constant(np.log(n)[:, None])
    smooth = log_smoothed_variances(direct, predictors)
    assert (smooth > 0).all()
    assert np.delete(smooth, 3).sum() == pytest.approx(np.delete(direct, 3).sum())
    assert smooth[0] / smooth[-1] == pytest.approx(n[-1] / n[0], rel=0.4)
    with pytest.raises(RantangError, match="AREA-KECIL-SEDIKIT"):
        log_smoothed_variances(direct * 0, predictors)


def test_the_way_back_from_the_arcsine_is_the_mean_over_its_doubt() -> None:
    z, v = np.array([0.1, 0.4, 1.2]), np.array([0.01, 0.05, 0.02])
    drawn = np.sin(z + np.sqrt(v) * np.random.default_rng(0).normal(size=(400_000, 3))) ** 2
    assert arcsine.backward(z, v) == pytest.approx(drawn.mean(axis=0), abs=1e-3)
    assert arcsine.spread(z, v) == pytest.approx(drawn.var(axis=0), abs=5e-4)
    assert arcsine.backward(arcsine.forward(np.array([0.0, 0.07, 1.0])), 0 * v) == pytest.approx([0, 0.07, 1])


def test_checks_see_a_household_that_decides_alone() -> None:
    random = np.random.default_rng(0)
    y, v, x = random.normal(size=40), np.full(40, 0.5), with_constant(random.normal(size=(40, 1)))
    assert checks.of_area_model(fit(y, v, x)).concerns == ()
    y[0], x[0, 1] = 60.0, 20.0
    said = checks.of_area_model(fit(y, v, x))
    assert "single-observation-decides" in said.concerns
    assert said.influence.argmax() == 0


def test_checks_draw_the_points_of_a_page() -> None:
    values = np.random.default_rng(0).exponential(size=500)
    said = checks.normality(values)
    assert len(said.theoretical) == len(said.observed) == 101
    assert said.skew > 1
    assert said.p_value < 0.01
    assert np.isnan(checks.normality(np.array([1.0, 2.0])).p_value)


def test_leverage_adds_up_to_the_number_of_coefficients() -> None:
    direct, fact = city()
    variance = smoothed_variances(direct.households.astype(float), 0.08, 1.0)
    fitted = fit(direct.estimate, variance, with_constant(fact))
    assert fitted.leverage.sum() == pytest.approx(2)
