"""What holds for any sample: parts make the whole, order and splitting do not matter, money has no unit."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rantang.measurement.change import datt_ravallion, shapley
from rantang.measurement.declared import Declared
from rantang.measurement.design import Sample, prepare
from rantang.measurement.figures import Figure, Measured, measure

LINE = 1.0
SCALE_FREE = (
    "P0", "P1", "P2", "ARPR", "sen", "watts", "gini", "gini_lorenz", "s80s20", "share_q1", "share_q5",
)  # fmt: skip


def survey(seed: int, blocks: int = 12) -> pl.DataFrame:
    random = np.random.default_rng(seed)
    block = np.repeat(np.arange(blocks), 8)
    return pl.DataFrame(
        {
            "welfare": np.exp(random.normal(0, 0.3, blocks)[block] + random.normal(0.2, 0.5, len(block))),
            "weight": random.uniform(1, 5, len(block)),
            "size": random.integers(1, 7, len(block)),
            "stratum": block % 3,
            "block": block,
            "place": np.where(random.random(len(block)) < 0.4, "kota", "desa"),
        }
    )


def sample(rows: pl.DataFrame, line: float = LINE) -> Sample:
    return prepare(
        rows,
        Declared(
            "welfare",
            line=line,
            weight="weight",
            size="size",
            strata=("stratum",),
            psu=("block",),
            by=("place",),
        ),
    )


def by_name(measured: Measured, domain: str | None = None) -> dict[str, Figure]:
    return {each.statistic: each for each in measured.figures if each.domain == domain}


seeds = st.integers(0, 10_000)


@given(seeds)
@settings(max_examples=25)
def test_poverty_of_the_whole_is_that_of_its_parts_by_population(seed: int) -> None:
    measured = measure(sample(survey(seed)))
    people = {base.domain: base.population for base in measured.bases}
    parts = [name for name in people if name]
    for name in ("P0", "P1", "P2", "watts", "mean"):
        summed = sum(people[part] * by_name(measured, part)[name].estimate for part in parts)
        assert summed / people[None] == pytest.approx(by_name(measured)[name].estimate, rel=1e-9)
    for name in ("poor", "poverty_gap"):
        summed = sum(by_name(measured, part)[name].estimate for part in parts)
        assert summed == pytest.approx(by_name(measured)[name].estimate, rel=1e-9)


@given(seeds, st.floats(0.001, 1e6))
@settings(max_examples=25)
def test_money_has_no_unit(seed: int, factor: float) -> None:
    rows = survey(seed)
    before = by_name(measure(sample(rows)))
    after = by_name(measure(sample(rows.with_columns(pl.col("welfare") * factor), LINE * factor)))
    for name in SCALE_FREE:
        assert after[name].estimate == pytest.approx(before[name].estimate, rel=1e-7, abs=1e-12), name
        assert after[name].se == pytest.approx(before[name].se, rel=1e-6, abs=1e-12), name


@given(seeds)
@settings(max_examples=20)
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    rows = survey(seed)
    assert measure(sample(rows)).figures == measure(sample(rows.sample(fraction=1, shuffle=True))).figures


@pytest.mark.slow
@given(seeds)
@settings(max_examples=20)
def test_splitting_a_rows_weight_changes_nothing_but_conveys_gini(seed: int) -> None:
    rows = survey(seed).sort("welfare")
    halves = pl.concat([rows.with_columns(pl.col("weight") * share) for share in (0.3, 0.7)])
    whole, split = by_name(measure(sample(rows))), by_name(measure(sample(halves)))
    for name in whole:
        if name == "gini":
            continue
        assert split[name].estimate == pytest.approx(whole[name].estimate, rel=1e-9), name
        assert split[name].se == pytest.approx(whole[name].se, rel=1e-7), name


@pytest.mark.slow
@given(seeds)
@settings(max_examples=20)
def test_weights_of_another_scale_leave_rates_alone(seed: int) -> None:
    rows = survey(seed)
    before = by_name(measure(sample(rows)))
    after = by_name(measure(sample(rows.with_columns(pl.col("weight") * 7))))
    for name in ("P0", "P1", "P2", "watts", "gini_lorenz", "s80s20", "sen"):
        assert after[name].estimate == pytest.approx(before[name].estimate, rel=1e-9), name
        if name != "s80s20":  # its density is smoothed by convey's bandwidth, which falls with the population
            assert after[name].se == pytest.approx(before[name].se, rel=1e-9), name


@given(seeds, seeds, st.sampled_from(["P0", "P1", "P2", "watts"]))
@settings(max_examples=30)
def test_decompositions_add_up_to_the_change(first: int, second: int, name: str) -> None:
    before, now = sample(survey(first)), sample(survey(second), 1.1)
    for each in (datt_ravallion(before, now, name), shapley(before, now, name)):
        parts = each.growth + each.redistribution + each.residual
        assert parts == pytest.approx(each.change, abs=1e-12)
    assert shapley(before, now, name).residual == 0


def test_growth_alone_is_all_growth() -> None:
    rows = survey(3)
    before, now = sample(rows), sample(rows.with_columns(pl.col("welfare") * 1.2))
    found = shapley(before, now, "P1")
    assert found.growth == pytest.approx(found.change) and found.redistribution == pytest.approx(0, abs=1e-12)


@pytest.mark.slow
@given(seeds)
@settings(max_examples=25)
def test_intervals_of_shares_stay_between_0_and_1(seed: int) -> None:
    for method in ("wald", "logit", "beta"):
        for each in measure(sample(survey(seed, blocks=6), 0.5), method=method).figures:
            if each.statistic in {"P0", "P1", "P2", "ARPR"} and each.ci_low == each.ci_low:
                assert 0 <= each.ci_low <= each.estimate <= each.ci_high <= 1
