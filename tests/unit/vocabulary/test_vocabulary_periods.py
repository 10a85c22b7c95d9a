"""Periods: months written YYYY-MM."""

from __future__ import annotations

import datetime as dt

import pytest

from rantang.vocabulary import periods


def test_the_last_day_knows_leap_years():
    assert periods.last_day("2022-11") == dt.date(2022, 11, 30)
    assert periods.last_day("2024-02") == dt.date(2024, 2, 29)
    assert periods.last_day("2023-02") == dt.date(2023, 2, 28)


@pytest.mark.parametrize(
    "text",
    ["2022-13", "2022-00", "2022-1", "2022", "22-11", "2022-11-01", "", "2022-11 ", "2022-11\n", "0000-05"],
)
def test_other_texts_are_no_periods(text):
    assert not periods.is_period(text)
    with pytest.raises(ValueError, match="YYYY-MM"):
        periods.last_day(text)


def test_periods_shift_over_years():
    assert periods.shifted("2022-11", 2) == "2023-01"
    assert periods.shifted("2022-01", -1) == "2021-12"
    assert periods.month_number("2022-01") - periods.month_number("2021-11") == 2
    assert periods.month_name(periods.month_number("2021-12") + 1) == "2022-01"
