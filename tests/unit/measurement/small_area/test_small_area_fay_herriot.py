"""Fay and Herriot's model: what R `sae` prints for the milk data, a likelihood by brute force, and laws."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import multivariate_normal

from rantang.errors import RantangError
from rantang.measurement.small_area.fay_herriot import FayHerriot, fit

DATA = Path(__file__).parents[1] / "data"
METHODS = ("REML", "ML", "FH")


def milk() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Direct estimates, sampling variances and `as.factor(MajorArea)` of the 43 areas."""
    table = np.loadtxt(DATA / "milk.csv", delimiter=",", skiprows=1)
    major = table[:, 4]
    covariates = np.column_stack([np.ones(43), *(major == each for each in (2, 3, 4))])
    return table[:, 2], table[:, 3] ** 2, covariates


def made(seed: int, areas: int = 12, sigma2: float = 0.5) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    covariates = np.column_stack([np.ones(areas), random.normal(size=areas)])
    variance = random.uniform(0.2, 2.0, areas)
    truth = covariates @ [3.0, 1.0] + random.normal(0, np.sqrt(sigma2), areas)
    return truth + random.normal(0, np.sqrt(variance)), variance, covariates


def restricted_likelihood(y: np.ndarray, v: np.ndarray, x: np.ndarray, sigma2: float) -> float:
    """The density of contrasts that no coefficient moves: the definition, with whole matrices."""
    contrasts = np.linalg.svd(x.T)[2][x.shape[1] :]
    spread = contrasts @ np.diag(sigma2 + v) @ contrasts.T
    return float(multivariate_normal(np.zeros(len(spread)), spread).logpdf(contrasts @ y))


def test_milk_has_the_published_variance_of_areas() -> None:
    assert fit(*milk(), "REML").sigma2 == pytest.approx(0.0185503348, abs=5e-11)


def test_milk_has_the_coefficients_and_likelihood_of_sae() -> None:
    fitted = fit(*milk(), "REML")
    assert fitted.coefficients == pytest.approx([0.9681890, 0.1327801, 0.2269462, -0.2413011], abs=5e-7)
    errors = np.sqrt(np.diag(fitted.coefficients_variance))
    assert errors == pytest.approx([0.06936208, 0.10300072, 0.09232981, 0.08161707], abs=3e-7)
    assert fitted.log_likelihood == pytest.approx(12.67747, abs=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_milk_has_the_estimates_and_errors_of_sae(method: str) -> None:
    """`sae` stops its search at 1e-4, so its sixth digit is not the last word."""
    printed = np.genfromtxt(DATA / "milk_sae.csv", delimiter=",", names=True)
    fitted = fit(*milk(), method)
    assert fitted.estimate == pytest.approx(printed[method.lower()], abs=3e-6)
    assert fitted.mse == pytest.approx(printed[method.lower() + "_mse"], abs=3e-7)


@pytest.mark.parametrize("seed", range(6))
def test_reml_is_the_top_of_the_likelihood(seed: int) -> None:
    data = made(seed)
    top = minimize_scalar(
        lambda a: -restricted_likelihood(*data, a), bounds=(0, 20), method="bounded", options={"xatol": 1e-9}
    )
    fitted = fit(*data)
    assert restricted_likelihood(*data, fitted.sigma2) >= -top.fun - 1e-9
    assert fitted.sigma2 == pytest.approx(top.x, abs=1e-4)


def test_the_best_predictor_is_the_mean_of_the_area_given_all_data() -> None:
    """Henderson: with A known, the estimate solves the mixed model equations."""
    y, v, x = made(4)
    fitted = fit(y, v, x)
    z = np.eye(len(y))
    left = np.block([[x.T / v @ x, x.T / v], [(x.T / v).T, np.diag(1 / v) + z / fitted.sigma2]])
    solved = np.linalg.solve(left, np.concatenate([x.T @ (y / v), y / v]))
    assert fitted.estimate == pytest.approx(x @ solved[:2] + solved[2:])


@pytest.mark.parametrize("method", METHODS)
def test_an_area_without_a_sample_gets_the_synthetic_estimate_with_more_doubt(method: str) -> None:
    y, v, x = milk()
    y[[3, 40]], v[[3, 40]] = np.nan, np.nan
    fitted = fit(y, v, x, method)
    unseen = ~fitted.sampled
    assert np.flatnonzero(unseen).tolist() == [3, 40]
    assert fitted.estimate[unseen].tolist() == fitted.synthetic[unseen].tolist()
    assert (fitted.gamma[unseen] == 0).all()
    assert fitted.mse[unseen].min() > fitted.mse[~unseen].max()


def test_an_area_with_hopeless_variance_is_as_good_as_unsampled() -> None:
    y, v, x = milk()
    v[5] = 1e9
    believed = fit(y, v, x)
    y[5] = np.nan
    unseen = fit(y, v, x)
    assert believed.estimate[5] == pytest.approx(unseen.estimate[5], abs=1e-6)
    assert believed.mse[5] == pytest.approx(unseen.mse[5], rel=1e-6)


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-3, 1e6))
def test_the_unit_does_not_matter(seed: int, factor: float) -> None:
    y, v, x = made(seed)
    here, there = fit(y, v, x), fit(y * factor, v * factor**2, x)
    assert there.estimate == pytest.approx(here.estimate * factor, rel=1e-6)
    assert there.mse == pytest.approx(here.mse * factor**2, rel=1e-6)
    assert there.sigma2 == pytest.approx(here.sigma2 * factor**2, rel=1e-6, abs=1e-12 * factor**2)


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), factor=st.floats(1e-4, 1e6))
def test_the_unit_of_a_covariate_does_not_matter(seed: int, factor: float) -> None:
    y, v, x = made(seed)
    assert fit(y, v, x * [1, factor]).estimate == pytest.approx(fit(y, v, x).estimate, rel=1e-6)


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), method=st.sampled_from(METHODS))
def test_the_order_of_areas_does_not_matter(seed: int, method: str) -> None:
    y, v, x = made(seed)
    order = np.random.default_rng(seed).permutation(len(y))
    here, there = fit(y, v, x, method), fit(y[order], v[order], x[order], method)
    assert there.estimate == pytest.approx(here.estimate[order], rel=1e-7)
    assert there.mse == pytest.approx(here.mse[order], rel=1e-7)


@pytest.mark.slow
@given(seed=st.integers(0, 10_000), method=st.sampled_from(METHODS))
def test_an_estimate_lies_between_direct_and_synthetic(seed: int, method: str) -> None:
    fitted: FayHerriot = fit(*made(seed), method)
    low = np.minimum(fitted.direct, fitted.synthetic) - 1e-12
    high = np.maximum(fitted.direct, fitted.synthetic) + 1e-12
    assert ((low <= fitted.estimate) & (fitted.estimate <= high)).all()
    assert (fitted.mse > 0).all()


@pytest.mark.parametrize("method", METHODS)
def test_areas_that_differ_no_more_than_by_chance_are_all_synthetic(method: str) -> None:
    _, v, x = milk()
    fitted = fit(x @ [1.0, 0.1, 0.2, 0.3], v, x, method)
    assert fitted.sigma2 == 0
    assert fitted.estimate.tolist() == fitted.synthetic.tolist()


def test_a_variance_of_zero_is_refused_not_believed() -> None:
    y, v, x = milk()
    v[0] = 0.0
    with pytest.raises(ValueError, match="smooth"):
        fit(y, v, x)


def test_a_missing_covariate_is_refused() -> None:
    y, v, x = milk()
    x[0, 0] = np.nan
    with pytest.raises(ValueError, match="covariates"):
        fit(y, v, x)


def test_covariates_that_repeat_each_other_are_refused() -> None:
    y, v, x = milk()
    with pytest.raises(RantangError, match="AREA-KECIL-KOVARIAT"):
        fit(y, v, np.column_stack([x, x[:, 1] + x[:, 2]]))


def test_too_few_areas_are_refused() -> None:
    y, v, x = milk()
    y[4:] = np.nan
    with pytest.raises(RantangError, match="AREA-KECIL-SEDIKIT"):
        fit(y, v, x)
