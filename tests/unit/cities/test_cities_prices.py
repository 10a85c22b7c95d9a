"""What a place of a programme costs in a year."""

from __future__ import annotations

import pytest

from rantang.cities.model import Amount, Programme


@pytest.mark.parametrize(
    ("per", "rupiah", "times", "year"),
    [("quarter", 750_000, 1, 3_000_000), ("month", 200_000, 1, 2_400_000), ("day", 15_000, 2, 10_950_000),
     ("year", 1_000_000, 1, 1_000_000), ("once", 900_000, 1, 900_000)],
)  # fmt: skip
def test_a_year_of_a_programme(per, rupiah, times, year):
    programme = Programme(
        "X", "X", "dinsos", "pusat", "beban", "keluarga", "uang", "", "",
        amounts=(Amount("2022-01", rupiah, per, times),),
    )  # fmt: skip
    assert programme.rupiah_a_year("2022-11") == year
    assert programme.rupiah_a_year("2021-12") is None
