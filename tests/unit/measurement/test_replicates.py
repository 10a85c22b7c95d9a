"""Replicate errors: the formula is R survey's with mse = TRUE, multipliers belong to blocks."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from world_bank import sample as of_bank

from rantang.errors import RantangError
from rantang.measurement.design import Design
from rantang.measurement.figures import measure
from rantang.measurement.replicates import FORMULAS, KINDS, replicates


def design(sampled: list[int], left: float = 1.0) -> Design:
    stratum = np.repeat(np.arange(len(sampled)), sampled)
    names = tuple(map(str, range(len(stratum))))
    strata = tuple(map(str, range(len(sampled))))
    return Design(stratum, np.array(sampled), np.full(len(sampled), left), names, strata)


@pytest.mark.parametrize("sampled", [[2, 2, 2], [2] * 7, [2]])
def test_half_samples_and_jackknife_give_a_total_its_linearised_variance(sampled: list[int]) -> None:
    from rantang.measurement.variance import variance

    d = design(sampled)
    totals = np.random.default_rng(1).normal(size=d.units)
    for kind in ("brr", "jackknife"):
        made = replicates(d, kind)  # type: ignore[arg-type]
        again = made.variance(totals @ made.multipliers, totals.sum())
        assert again == pytest.approx(variance(d, totals), rel=1e-12), kind


def test_the_jackknife_knows_unequal_strata_and_finite_populations() -> None:
    from rantang.measurement.variance import variance

    d = design([3, 5, 2], left=0.4)
    totals = np.random.default_rng(2).normal(size=d.units)
    made = replicates(d, "jackknife")
    assert made.variance(totals @ made.multipliers, totals.sum()) == pytest.approx(variance(d, totals))


@pytest.mark.parametrize("left", [1.0, 0.5])
def test_the_bootstrap_comes_near_the_linearised_variance(left: float) -> None:
    from rantang.measurement.variance import variance

    d = design([4, 6, 3, 9], left)
    totals = np.random.default_rng(3).normal(size=d.units)
    made = replicates(d, "bootstrap", 20_000, 1)
    assert made.variance(totals @ made.multipliers, totals.sum()) == pytest.approx(
        variance(d, totals), rel=0.05
    )
    assert made.multipliers.mean(axis=1) == pytest.approx(1, abs=0.05)


def test_rao_and_wu_draw_one_block_less_and_count_it_more() -> None:
    made = replicates(design([4]), "bootstrap", 200, 7)
    assert set(np.round(made.multipliers * 3 / 4, 9).ravel()) <= {0, 1, 2, 3}
    assert made.multipliers.sum(axis=0) == pytest.approx(4)
    assert made.scale == 1 / 199


def test_the_same_seed_gives_the_same_errors() -> None:
    d = design([5, 5])
    first, same, other = (replicates(d, "bootstrap", 50, seed).multipliers for seed in (4, 4, 5))
    assert (first == same).all() and (first != other).any()


def test_variance_is_centred_on_the_full_estimate() -> None:
    made = replicates(design([3]), "jackknife")
    again = np.array([1.0, 2.0, 3.0])
    by_hand = 2 / 3 * ((again - 5.0) ** 2).sum()
    assert made.variance(again, np.array(5.0)) == pytest.approx(by_hand)


@pytest.mark.parametrize(
    ("code", "sampled", "kind"),
    [
        ("UKUR-REPLIKA-TUNGGAL", [1, 3], "bootstrap"),
        ("UKUR-REPLIKA-TUNGGAL", [1, 3], "jackknife"),
        ("UKUR-REPLIKA-BRR", [2, 3], "brr"),
    ],
)
def test_designs_that_replicates_cannot_serve_are_refused(code: str, sampled: list[int], kind: str) -> None:
    with pytest.raises(RantangError) as refused:
        replicates(design(sampled), kind)  # type: ignore[arg-type]
    assert refused.value.code == code


def test_every_method_states_its_formula() -> None:
    assert set(FORMULAS) == {"taylor", *KINDS}
    assert all("mse = TRUE" in FORMULAS[kind] for kind in KINDS)


def test_replicates_come_near_the_linearised_errors_of_every_figure() -> None:
    sample = of_bank()
    taylor = {f.statistic: f.se for f in measure(sample).figures}
    bootstrap = measure(sample, replicates(sample.design, "bootstrap", 400, 1))
    assert bootstrap.method == "bootstrap" and bootstrap.replicates == 400
    for figure in bootstrap.figures:
        assert figure.se == pytest.approx(taylor[figure.statistic], rel=0.3), figure.statistic


def test_the_same_errors_as_svy_from_the_same_replicate_weights() -> None:
    import svy
    from world_bank import LINE, households

    sample = of_bank()
    made = replicates(sample.design, "bootstrap", 60, 1)
    rows = households()
    place = {name: at for at, name in enumerate(sample.design.names)}
    unit = np.array([place[str(ea)] for ea in rows["ea"]])
    weight = (rows["hhweight"] * rows["hhsize"]).to_numpy()
    wide = rows.with_columns(pl.Series("w", weight), poor=(pl.col("pc_exp") <= LINE).cast(pl.Float64)).hstack(
        [pl.Series(f"r{k + 1}", weight * made.multipliers[unit, k]) for k in range(60)]
    )
    weights = svy.BootstrapWgts(prefix="r", n_reps=60, scale=1 / 59)
    asked = svy.Sample(wide, svy.Design(wgt="w", psu="ea", rep_wgts=weights))
    theirs = asked.estimation.mean("poor", method="replication", variance_center="estimate").to_polars()
    ours = next(f for f in measure(sample, made).figures if f.statistic == "P0")
    assert ours.se == pytest.approx(theirs["se"][0], rel=1e-12)
