"""Small published series for the tests of projection. All figures are made up unless a test says so."""

from __future__ import annotations

from rantang.projection.series import Observation, Series


def series(rates: dict[int, float], name: str = "bps") -> Series:
    return Series(name, tuple(Observation(year, rate) for year, rate in sorted(rates.items())))


CALM = {2015: 4.60, 2016: 4.33, 2017: 4.17, 2018: 4.10, 2019: 4.07, 2020: 4.44, 2021: 4.62, 2022: 4.37,
        2023: 4.26, 2024: 3.91, 2025: 3.85}  # fmt: skip
"""BPS's own figures for Kota Malang (indicators.csv)."""
