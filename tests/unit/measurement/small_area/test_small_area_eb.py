"""Empirical best prediction: closed forms against simulation, cells against units, and its doubt."""

from __future__ import annotations

import time

import numpy as np
import pytest

from rantang.errors import RantangError
from rantang.measurement.small_area import eb
from rantang.measurement.small_area.arrays import with_constant
from rantang.measurement.small_area.welfare_scale import Scale, expected_fgt

LINE = 700.0
SCALES = {
    "log": Scale(),
    "shifted up": Scale(0.0, 300.0),
    "shifted down": Scale(0.0, -50.0),
    "root": Scale(0.5),
    "inverse": Scale(-0.3),
}


def world(
    seed: int = 1, areas: int = 20, sampled: int = 15, units: int = 8000
) -> tuple[eb.Sample, eb.Census, np.ndarray]:
    """A population of households with three facts, a sample of 30 in each of 15 areas, the true rates."""
    random = np.random.default_rng(seed)
    area = random.integers(0, areas, units)
    facts = with_constant(random.integers(0, 3, (units, 3)).astype(float))
    effect = random.normal(0, 0.2, areas)
    welfare = np.exp(facts @ [7.0, 0.2, -0.2, 0.1] + effect[area] + random.normal(0, 0.4, units))
    persons = random.integers(1, 7, units).astype(float)
    chosen = np.concatenate([np.flatnonzero(area == d)[:30] for d in range(sampled)])
    truth = np.bincount(area, persons * (welfare < LINE)) / np.bincount(area, persons)
    sample = eb.Sample(welfare[chosen], facts[chosen], area[chosen])
    return sample, eb.Census(facts, area, persons, np.ones(units)), truth


@pytest.mark.parametrize("name", SCALES)
@pytest.mark.parametrize("alpha", [0, 1, 2, 4])
def test_expected_poverty_is_the_mean_of_what_would_be_drawn(name: str, alpha: int) -> None:
    scale, line = SCALES[name], 100.0
    z = float(scale.forward(line))
    deviation = 0.3 * abs(float(scale.forward(150.0)) - z) + 0.05
    mean = z + deviation * np.array([-2.0, 0.0, 1.5])
    draws = mean + deviation * np.random.default_rng(0).normal(size=(400_000, 1))
    welfare = scale.backward(draws)
    gap = np.where(welfare < line, np.maximum(1 - welfare / line, 0.0), 0.0)
    simulated = ((welfare < line) if alpha == 0 else gap**alpha).mean(axis=0)
    found = expected_fgt(mean, np.full(3, deviation), line, scale, [alpha])[alpha]
    assert found == pytest.approx(simulated, abs=3e-3)


@pytest.mark.parametrize("alpha", [1, 2, 3, 4])
def test_quadrature_agrees_with_the_closed_form(alpha: int) -> None:
    mean = np.log(100.0) + np.array([-3.0, -1.0, 0.0, 0.5, 2.0, 4.0])
    for deviation in (0.2, 0.5, 1.2):
        spread = np.full(6, deviation)
        closed = expected_fgt(mean, spread, 100.0, Scale(), [alpha])[alpha]
        # A power this small is the logarithm, reached by the other way of computing.
        near = expected_fgt(mean, spread, 100.0, Scale(1e-9), [alpha])[alpha]
        assert near == pytest.approx(closed, abs=1e-7)


def test_a_scale_is_written_as_a_formula() -> None:
    assert [scale.formula for scale in SCALES.values()] == [
        "log(y)",
        "log(y + 300)",
        "log(y - 50)",
        "((y)^0.5 - 1) / 0.5",
        "((y)^-0.3 - 1) / -0.3",
    ]


@pytest.mark.parametrize("name", SCALES)
def test_a_scale_leads_back(name: str) -> None:
    welfare = np.array([60.0, 100.0, 2500.0])
    assert SCALES[name].backward(SCALES[name].forward(welfare)) == pytest.approx(welfare)


def test_predictions_are_what_monte_carlo_of_molina_and_rao_gives() -> None:
    """Their recipe: draw area effect and errors given the sample, count the poor, take the mean."""
    sample, census, _ = world(units=2000)
    model = eb.fit(sample, 20, Scale())
    random, fitted = np.random.default_rng(0), model.fitted
    beta, effects = fitted.coefficients[:, 0], fitted.effects[:, 0]
    doubt = np.sqrt(fitted.sigma2_u[0] * (1 - fitted.gamma[:, 0]))
    total = np.zeros(20)
    for _ in range(400):
        drawn = (effects + random.normal(0, doubt))[census.area]
        welfare = np.exp(census.covariates @ beta + drawn + random.normal(0, fitted.sigma2_e[0] ** 0.5, 2000))
        total += np.bincount(census.area, census.persons * (welfare < LINE), 20)
    simulated = total / 400 / np.bincount(census.area, census.persons)
    assert eb.predict(model, census, LINE)[:, 0] == pytest.approx(simulated, abs=0.012)


def test_cells_give_what_units_give() -> None:
    sample, census, _ = world()
    model = eb.fit(sample, 20)
    cells = eb.as_cells(census)
    assert len(cells.area) < len(census.area) / 10
    assert eb.predict(model, cells, LINE) == pytest.approx(eb.predict(model, census, LINE))


def test_it_is_nearer_the_truth_than_the_sample_alone() -> None:
    sample, census, truth = world()
    found = eb.predict(eb.fit(sample, 20), census, LINE)[:15, 0]
    direct = np.array([(sample.welfare[sample.area == d] < LINE).mean() for d in range(15)])
    assert ((found - truth[:15]) ** 2).mean() < 0.5 * ((direct - truth[:15]) ** 2).mean()


def test_the_order_of_areas_and_rows_does_not_matter() -> None:
    sample, census, _ = world()
    random = np.random.default_rng(9)
    rows, units, names = (random.permutation(n) for n in (len(sample.area), len(census.area), 20))
    moved = eb.Sample(sample.welfare[rows], sample.covariates[rows], names[sample.area[rows]])
    shuffled = eb.Census(
        census.covariates[units], names[census.area[units]], census.persons[units], census.households[units]
    )
    here = eb.predict(eb.fit(sample, 20, Scale()), census, LINE)
    there = eb.predict(eb.fit(moved, 20, Scale()), shuffled, LINE)
    assert there[names] == pytest.approx(here, abs=1e-7)


def test_the_currency_does_not_matter() -> None:
    sample, census, _ = world()
    rupiah = eb.Sample(sample.welfare * 16_000, sample.covariates, sample.area)
    here = eb.predict(eb.fit(sample, 20), census, LINE)
    assert eb.predict(eb.fit(rupiah, 20), census, LINE * 16_000) == pytest.approx(here, abs=1e-6)


@pytest.mark.slow
def test_unsampled_areas_have_wider_marks_and_no_effect_of_their_own() -> None:
    sample, census, _ = world()
    model = eb.fit(sample, 20)
    mse = eb.bootstrap_mse(model, census, LINE, seed=1)
    assert mse.shape == (20, 3)
    assert np.median(mse[15:, 0]) > 2 * np.median(mse[:15, 0])
    assert (model.fitted.effects[15:] == 0).all()


@pytest.mark.slow
def test_the_stated_error_is_the_error_where_the_model_holds() -> None:
    """Mean squared error over 30 populations against the bootstrap's word for it."""
    off, stated = [], []
    for seed in range(30):
        sample, census, truth = world(seed, units=4000)
        model = eb.fit(sample, 20, Scale())
        cells = eb.as_cells(census)
        off.append((eb.predict(model, cells, LINE, (0,))[:, 0] - truth) ** 2)
        stated.append(eb.bootstrap_mse(model, cells, LINE, (0,), replicates=50, seed=seed)[:, 0])
    for part in (slice(0, 15), slice(15, 20)):
        ratio = np.mean(stated, axis=0)[part].mean() / np.mean(off, axis=0)[part].mean()
        assert 0.75 < ratio < 1.3


def test_the_bootstrap_is_the_same_for_the_same_seed() -> None:
    sample, census, _ = world()
    model = eb.fit(sample, 20, Scale())
    once, again, other = (
        eb.bootstrap_mse(model, census, LINE, (0,), replicates=20, seed=s) for s in (3, 3, 4)
    )
    assert once.tolist() == again.tolist() != other.tolist()


def test_57_areas_900_households_200_replicates_take_seconds() -> None:
    sample, census, _ = world(areas=57, sampled=30, units=50_000)
    model, cells = eb.fit(sample, 57), eb.as_cells(census)
    started = time.perf_counter()
    eb.bootstrap_mse(model, cells, LINE, seed=1)
    assert time.perf_counter() - started < 10


def test_the_scale_is_the_logarithm_where_welfare_is_lognormal() -> None:
    assert eb.fit(world()[0], 20).scale == Scale()


def test_the_choice_of_scale_does_not_depend_on_the_currency() -> None:
    sample, _, _ = world()
    rooted = eb.Sample(
        100 * np.maximum(np.log(sample.welfare) - 5.3, 0.1) ** 2, sample.covariates, sample.area
    )
    here = eb.fit(rooted, 20).scale
    there = eb.fit(eb.Sample(rooted.welfare * 16_000, rooted.covariates, rooted.area), 20).scale
    assert there.power == pytest.approx(here.power, abs=1e-3)
    assert there.shift == pytest.approx(here.shift * 16_000, rel=1e-3, abs=1e-3)


def test_another_scale_is_chosen_where_welfare_asks_for_it() -> None:
    sample, _, _ = world()
    rooted = eb.Sample(
        100 * np.maximum(np.log(sample.welfare) - 5.3, 0.1) ** 2, sample.covariates, sample.area
    )
    assert eb.fit(rooted, 20).scale != Scale()


def test_welfare_of_nought_is_taken_by_a_shift() -> None:
    sample = world()[0]
    welfare = sample.welfare.copy()
    welfare[:2] = 0.0
    scale = eb.fit(eb.Sample(welfare, sample.covariates, sample.area), 20).scale
    assert scale.power == 0
    assert scale.shift > 0


def test_missing_values_are_refused_not_guessed() -> None:
    sample, _, _ = world()
    welfare = sample.welfare.copy()
    welfare[[1, 4]] = np.nan
    with pytest.raises(RantangError, match=r"AREA-KECIL-KOSONG.* 2 "):
        eb.fit(eb.Sample(welfare, sample.covariates, sample.area), 20)


def test_two_areas_are_no_model() -> None:
    sample, _, _ = world()
    few = sample.area < 2
    with pytest.raises(RantangError, match="AREA-KECIL-SEDIKIT"):
        eb.fit(eb.Sample(sample.welfare[few], sample.covariates[few], sample.area[few]), 20)


def test_an_area_the_census_lacks_has_no_figure() -> None:
    sample, census, _ = world()
    model = eb.fit(sample, 21)
    assert np.isnan(eb.predict(model, census, LINE)[20]).all()
