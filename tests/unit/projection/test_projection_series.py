"""Which published figures count: those that were out, of one source, never a quoted one."""

from __future__ import annotations

import dataclasses

import pytest

from rantang.cities.model import Indicator
from rantang.errors import RantangError
from rantang.projection.series import is_out, known, published


def figure(year: int, released: str = "", series: str = "bps", status: str = "V") -> Indicator:
    return Indicator("p0", series, year, 4.0, "persen", "made up", released=released, status=status)


def test_a_figure_counts_from_the_month_it_was_released_in():
    assert not is_out(figure(2022, "2022-12-01"), "2022-11")
    assert is_out(figure(2022, "2022-12-01"), "2022-12")
    assert is_out(figure(2025, "2025-09"), "2025-09")


def test_a_figure_of_unknown_release_counts_from_the_next_year_on():
    assert not is_out(figure(2022), "2022-11")
    assert is_out(figure(2022), "2023-01")


def test_on_the_day_of_the_meeting_the_newest_rate_was_that_of_2021(malang):
    assert published(malang, "2022-11")["bps"].last.rate == 4.62
    assert published(malang, "2022-12")["bps"].last.rate == 4.37


def test_a_quoted_rate_is_in_no_series(malang):
    assert set(published(malang, "2026-11")) == {"bps"}
    assert 6.62 not in published(malang, "2026-11")["bps"].rates


def test_two_series_are_never_mixed_and_the_longest_comes_first(malang):
    rows = (figure(2020, series="other"), *(figure(year) for year in (2019, 2020, 2021)))
    city = dataclasses.replace(malang, indicators=rows)
    found = published(city, "2026-11")
    assert list(found) == ["bps", "other"]
    assert found["bps"].years == (2019, 2020, 2021)


def test_figures_are_in_order_of_years_however_they_are_written(malang):
    city = dataclasses.replace(malang, indicators=tuple(reversed(malang.indicators)))
    assert published(city, "2026-11") == published(malang, "2026-11")
    assert [row.year for row in known(city, "p1", "2026-11", "bps")] == [2018, 2021, 2022, 2023, 2024]


def test_of_a_revised_figure_the_version_that_was_out_last_counts(malang):
    rows = (
        figure(2019),
        figure(2020),
        dataclasses.replace(figure(2021, "2022-12-01"), value=4.6),
        dataclasses.replace(figure(2021, "2021-12-18"), value=4.9),
    )
    city = dataclasses.replace(malang, indicators=rows)
    assert published(city, "2022-11")["bps"].rate_in(2021) == 4.9
    assert published(city, "2022-12")["bps"].rate_in(2021) == 4.6


@pytest.mark.parametrize("value", [0.0, 100.0, 462.0])
def test_a_rate_that_cannot_be_one_is_refused_in_words(malang, value: float):
    city = dataclasses.replace(malang, indicators=(dataclasses.replace(figure(2020), value=value),))
    with pytest.raises(RantangError) as refused:
        published(city, "2026-11")
    assert refused.value.code == "PROYEKSI-ANGKA"
