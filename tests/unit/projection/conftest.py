"""The place whose published series is projected, read once."""

from __future__ import annotations

import pytest

from rantang import cities
from rantang.projection import Projection, project


@pytest.fixture(scope="session")
def malang() -> cities.City:
    return cities.load("malang")


@pytest.fixture(scope="session")
def november(malang: cities.City) -> Projection:
    """As on the day of the meeting: November 2022."""
    return project(malang, "2022-11", 0.22)


@pytest.fixture(scope="session")
def today(malang: cities.City) -> Projection:
    """With every figure up to 2025."""
    return project(malang, "2026-11")
