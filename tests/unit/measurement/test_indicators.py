"""Published figures: arithmetic that must hold, conflicts side by side, nothing overwritten."""

from __future__ import annotations

import pytest

from rantang.cities import load
from rantang.cities.model import Indicator
from rantang.measurement.indicators import doubts, slack, together


def figure(
    indicator: str, value: float, unit: str = "persen", year: int = 2021, source: str = "BPS"
) -> Indicator:
    return Indicator(indicator, "bps", year, value, unit, source)


def codes(*figures: Indicator) -> list[str]:
    return [each.code for each in doubts(figures)]


def test_rate_times_population_is_the_number_of_poor() -> None:
    rate, people = figure("p0", 4.62), figure("penduduk", 879.2, "ribu orang")
    assert codes(rate, people, figure("penduduk_miskin", 40.62, "ribu orang")) == []
    assert codes(rate, people, figure("penduduk_miskin", 10.38, "ribu orang")) == ["INDIKATOR-JUMLAH"]


def test_p2_is_at_least_p1_squared_over_p0() -> None:
    assert codes(figure("p0", 4.62), figure("p1", 0.87), figure("p2", 0.22)) == []
    assert codes(figure("p0", 4.62), figure("p1", 1.5), figure("p2", 0.22)) == ["INDIKATOR-P2"]


def test_depth_is_at_most_the_rate_and_severity_at_most_the_depth() -> None:
    assert "INDIKATOR-URUTAN" in codes(figure("p0", 0.4), figure("p1", 0.87))


def test_a_population_that_jumps_betrays_a_slip() -> None:
    first = (figure("p0", 4.62), figure("penduduk_miskin", 40.62, "ribu orang"))
    second = (figure("p0", 4.28, year=2022), figure("penduduk_miskin", 10.38, "ribu orang", 2022))
    assert codes(*first, *second) == ["INDIKATOR-PENDUDUK"]


def test_two_values_of_one_year_stand_side_by_side() -> None:
    both = together([figure("p0", 4.37)], [figure("p0", 6.62, source="koran"), figure("p0", 4.37)])
    assert [each.value for each in both] == [4.37, 6.62]
    (doubt,) = doubts(both)
    assert doubt.code == "INDIKATOR-BEDA" and len(doubt.figures) == 2


@pytest.mark.parametrize(("value", "half"), [(4.62, 0.005), (4.6, 0.05), (4.0, 0.5), (570238, 0.5)])
def test_rounding_allows_half_of_the_last_digit(value: float, half: float) -> None:
    assert slack(value) == pytest.approx(half)


def test_the_city_that_comes_with_rantang_contradicts_itself_only_where_its_sources_do() -> None:
    found = doubts(load("malang").indicators)
    assert [(each.code, each.values["year"]) for each in found] == [("INDIKATOR-BEDA", 2022)]
