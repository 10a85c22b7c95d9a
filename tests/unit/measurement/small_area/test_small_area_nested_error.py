"""The nested error model: the corn of Iowa as published, statsmodels, matrices written out, and laws."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rantang.errors import RantangError
from rantang.measurement.small_area import nested_error
from rantang.measurement.small_area.nested_error import fit, groups

DATA = Path(__file__).parents[1] / "data"


def made(seed: int, areas: int = 10, rows: int = 60) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    area = random.integers(0, areas - 2, rows)
    covariates = np.column_stack([np.ones(rows), random.normal(5, 2, rows), random.integers(0, 2, rows)])
    effects = random.normal(0, 0.4, areas)
    return covariates @ [7.0, 0.2, -0.3] + effects[area] + random.normal(0, 0.6, rows), covariates, area


def test_the_corn_of_iowa_is_as_published() -> None:
    """Battese, Harter & Fuller (1988): without segment 33, variances 140 and 147, corn = 51 + .329 - .134."""
    table = np.loadtxt(DATA / "corn.csv", delimiter=",", skiprows=1)
    table = np.delete(table, 32, axis=0)
    covariates = np.column_stack([np.ones(36), table[:, 3:]])
    fitted = fit(groups(covariates, table[:, 0].astype(int) - 1, 12), table[:, 1:2])
    assert fitted.sigma2_u[0] == pytest.approx(140, abs=0.5)
    assert fitted.sigma2_e[0] == pytest.approx(147, abs=0.5)
    assert fitted.coefficients[:, 0] == pytest.approx([51, 0.329, -0.134], abs=0.08)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_reml_agrees_with_statsmodels(seed: int) -> None:
    from statsmodels.api import MixedLM

    y, x, area = made(seed)
    fitted = fit(groups(x, area, 10), y[:, None])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = MixedLM(y, x, groups=area).fit(reml=True, method=["powell", "bfgs"])
    assert fitted.coefficients[:, 0] == pytest.approx(other.fe_params, abs=1e-5)
    assert fitted.sigma2_u[0] == pytest.approx(float(other.cov_re[0, 0]), abs=2e-5)
    assert fitted.sigma2_e[0] == pytest.approx(other.scale, abs=2e-5)
    effects = [float(np.asarray(other.random_effects[d])[0]) for d in np.unique(area)]
    assert fitted.effects[np.unique(area), 0] == pytest.approx(effects, abs=1e-4)


@pytest.mark.parametrize("seed", range(4))
def test_coefficients_and_effects_are_those_of_whole_matrices(seed: int) -> None:
    y, x, area = made(seed)
    fitted = fit(groups(x, area, 10), y[:, None])
    z = np.eye(10)[area]
    v = np.linalg.inv(fitted.sigma2_u[0] * z @ z.T + fitted.sigma2_e[0] * np.eye(len(y)))
    beta = np.linalg.solve(x.T @ v @ x, x.T @ v @ y)
    assert fitted.coefficients[:, 0] == pytest.approx(beta)
    assert fitted.effects[:, 0] == pytest.approx(fitted.sigma2_u[0] * z.T @ v @ (y - x @ beta), abs=1e-9)


@pytest.mark.parametrize("seed", range(8))
def test_the_last_digit_of_welfare_moves_no_printed_digit(seed: int) -> None:
    """Machines round differently; an edition has the same figures on each of them."""
    y, x, area = made(seed)
    given_rows = groups(x, area, 10)
    here = fit(given_rows, y[:, None])
    there = fit(given_rows, (y * (1 + 1e-15 * np.random.default_rng(9).normal(size=len(y))))[:, None])
    assert there.sigma2_u[0] == pytest.approx(here.sigma2_u[0], rel=1e-10, abs=1e-15)
    assert there.effects == pytest.approx(here.effects, rel=1e-10, abs=1e-13)


def test_equal_weights_are_no_weights() -> None:
    y, x, area = made(1)
    plain = fit(groups(x, area, 10), y[:, None])
    weighted = fit(groups(x, area, 10, np.full(len(y), 270.0)), y[:, None])
    assert weighted.effects == pytest.approx(plain.effects)
    assert weighted.coefficients == pytest.approx(plain.coefficients)


def test_weighted_coefficients_solve_the_equations_of_you_and_rao() -> None:
    y, x, area = made(2)
    weight = np.random.default_rng(2).uniform(1, 5, len(y))
    fitted = fit(groups(x, area, 10, weight), y[:, None])
    left = np.zeros(3)
    for row in range(len(y)):
        own = area == area[row]
        mean = np.average(x[own], axis=0, weights=weight[own])
        gamma = fitted.gamma[area[row], 0]
        residual = y[row] - x[row] @ fitted.coefficients[:, 0]
        left += weight[row] * (x[row] - gamma * mean) * residual
    assert left == pytest.approx(np.zeros(3), abs=1e-8)


def test_many_responses_are_fitted_as_each_alone() -> None:
    y, x, area = made(3)
    many = y[:, None] + np.random.default_rng(0).normal(0, 0.5, (len(y), 7))
    given_ = groups(x, area, 10)
    together, quick = fit(given_, many), fit(given_, many, exact=False)
    for column in range(7):
        alone = fit(given_, many[:, column : column + 1])
        assert together.effects[:, column] == pytest.approx(alone.effects[:, 0], abs=1e-6)
    assert quick.sigma2_u == pytest.approx(together.sigma2_u, rel=1e-2, abs=1e-4)
    assert quick.effects == pytest.approx(together.effects, abs=2e-3)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-3, 1e6), shift=st.floats(-100, 100))
def test_unit_and_origin_do_not_matter(seed: int, factor: float, shift: float) -> None:
    y, x, area = made(seed)
    here = fit(groups(x, area, 10), y[:, None])
    there = fit(groups(x, area, 10), (y[:, None] + shift) * factor)
    assert there.effects == pytest.approx(here.effects * factor, rel=1e-4, abs=1e-5 * factor)
    assert there.sigma2_e == pytest.approx(here.sigma2_e * factor**2, rel=1e-5)


def test_an_area_without_rows_has_no_effect_of_its_own() -> None:
    y, x, area = made(5)
    fitted = fit(groups(x, area, 10), y[:, None])
    assert fitted.effects[8:].tolist() == [[0.0], [0.0]]
    assert fitted.gamma[8:].tolist() == [[0.0], [0.0]]


def test_areas_that_do_not_differ_have_no_variance_between() -> None:
    x = made(5)[1]
    balanced = np.tile([1.0, -1.0], 30)
    fitted = fit(groups(x[:, :1], np.repeat(np.arange(10), 6), 10), balanced[:, None])
    assert fitted.sigma2_u[0] == 0
    assert not fitted.effects.any()


def test_covariates_that_repeat_each_other_are_refused() -> None:
    _, x, area = made(5)
    with pytest.raises(RantangError, match="AREA-KECIL-KOVARIAT"):
        nested_error.groups(np.column_stack([x, 2 * x[:, 1]]), area, 10)
    with pytest.raises(RantangError, match="AREA-KECIL-KOVARIAT"):
        nested_error.groups(np.column_stack([x, 0 * x[:, 1]]), area, 10)
