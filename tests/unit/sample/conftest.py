"""One small city for all tests of the sample."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import polars as pl
import pytest

from rantang.sample import SampleSummary, generate


class City(NamedTuple):
    folder: Path
    summary: SampleSummary
    persons: pl.DataFrame
    rows: pl.DataFrame


@pytest.fixture(scope="session")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    folder = tmp_path_factory.mktemp("city")
    summary = generate(folder, scale=0.02, seed=7)
    return City(
        folder,
        summary,
        pl.read_parquet(folder / "truth" / "persons.parquet"),
        pl.read_parquet(folder / "truth" / "rows.parquet"),
    )
