"""By which means, how fast, for how much money, and what a survey sees of it."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rantang.cities.floor import floor
from rantang.projection import covariates
from rantang.projection.detect import needed, smallest_change, years_between_two, years_of_trend
from rantang.projection.floor import gap, means, pace
from rantang.projection.series import published


@pytest.mark.slow
def test_of_the_quoted_figures_7500_must_be_lifted(november):
    ways = {each.way: each for each in november.means}
    assert (ways["lepas"].points, ways["lepas"].people) == (2.0, 17_600)
    assert (ways["diangkat"].points, ways["diangkat"].people) == (0.85, 7_500)


def test_nobody_must_be_lifted_where_the_floor_lies_below_the_target():
    leave, lift = means(floor(8.0, 7.0, 5.0, 100_000), 2)
    assert (leave.points, leave.people) == (1.0, 1_000)
    assert (lift.points, lift.people) == (0.0, 0)


def test_the_quoted_target_needs_a_pace_no_published_year_ever_had(november):
    first = november.paces[0]
    assert first.points == pytest.approx((6.62 - 3.77) / 2)
    assert first.people == pytest.approx(12_568, abs=1)


def test_there_is_no_pace_to_a_year_that_is_over():
    assert pace(4.0, 2025, 3.8, 2025, "A", None) is None
    reached = pace(3.6, 2025, 3.8, 2027, "A", 1000)
    assert reached is not None and reached.reached


@pytest.mark.slow
def test_the_gap_is_that_of_the_published_figures(today):
    """domain: 31.7 billion in 2024, against 638.9 billion of poverty-tagged budget."""
    found = today.gap
    assert found is not None
    assert found.perfect == pytest.approx(31.7e9, rel=0.01)
    assert (found.budget, found.budget_year) == (638_922_000_000, 2024)
    assert found.perfect < found.ranked and found.listed is None


def test_on_the_day_of_the_meeting_the_gap_is_that_of_2021(november):
    found = november.gap
    assert found is not None and (found.year, found.budget_year) == (2021, 2022)
    assert found.perfect == pytest.approx(52.3e9, rel=0.01)
    assert found.listed == pytest.approx(0.22 * found.population * found.shortfall)


def test_without_a_poverty_gap_there_is_no_rupiah(malang):
    bare = dataclasses.replace(malang, indicators=tuple(i for i in malang.indicators if i.indicator != "p1"))
    assert gap(bare, "bps", "2026-11", None) is None


def test_a_change_must_be_two_point_eight_standard_errors_of_a_difference():
    assert needed() == pytest.approx(2.8016, abs=1e-4)
    assert smallest_change(0.95) == pytest.approx(3.76, abs=0.01)
    assert smallest_change(0.15) == pytest.approx(0.59, abs=0.01)


@given(se=st.floats(0.05, 2), fall=st.floats(0.05, 3))
def test_a_trend_through_all_years_sees_no_later_than_two_surveys(se: float, fall: float):
    two, trend = years_between_two(se, fall), years_of_trend(se, fall)
    if two is not None:
        assert trend is not None and trend <= two


def test_a_rate_that_does_not_fall_is_never_seen_to():
    assert years_between_two(0.9, 0.0) is None and years_of_trend(0.9, -0.1) is None


def test_growth_and_the_line_push_only_with_sources_for_three_years(malang):
    found = covariates.push(malang, published(malang, "2026-11")["bps"], "2026-11", 2029)
    assert found is not None and len(found.known) >= 3 and found.elasticity == pytest.approx(3.91 / 0.42 - 1)
    assert found.by_year[2029] == found.mean  # no figure yet: the mean of the others, an assumption
    bare = dataclasses.replace(
        malang, indicators=tuple(i for i in malang.indicators if i.indicator != "inflasi")
    )
    assert covariates.push(bare, published(bare, "2026-11")["bps"], "2026-11", 2029) is None


def test_growth_lowers_the_rate_and_a_rising_line_raises_it(malang):
    series = published(malang, "2026-11")["bps"]

    def of(indicator: str, factor: float) -> float:
        rows = tuple(
            dataclasses.replace(i, value=i.value * factor)
            if (i.indicator, i.year) == (indicator, 2019)
            else i
            for i in malang.indicators
        )
        found = covariates.push(dataclasses.replace(malang, indicators=rows), series, "2026-11", 2029)
        assert found is not None
        return found.by_year[2020 if indicator == "pertumbuhan" else 2019]

    assert of("pertumbuhan", 1.5) < of("pertumbuhan", 1.0)
    assert of("garis_kemiskinan", 1.05) > of("garis_kemiskinan", 1.0)
