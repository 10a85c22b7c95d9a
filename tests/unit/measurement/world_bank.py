"""The World Bank's synthetic country, as the package `svy` ships it; nothing of it is copied here."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import svy

from rantang.measurement.declared import Declared
from rantang.measurement.design import Sample, prepare

_FOLDER = Path(svy.__file__).parent / "datasets" / "_bundled"
LINE = 1800.0


def path(name: str) -> Path:
    return _FOLDER / f"{name}.parquet"


def households() -> pl.DataFrame:
    return pl.read_parquet(path("hld_sample_wb_2023"))


def census() -> pl.DataFrame:
    return pl.read_parquet(path("hld_pop_wb_2023"))


def declared(**changed: object) -> Declared:
    given: dict[str, object] = {
        "welfare": "pc_exp", "line": LINE, "weight": "hhweight", "size": "hhsize",
        "strata": ("geo1", "urbrur"), "psu": ("ea",), "compare": "le",
    }  # fmt: skip
    return Declared(**(given | changed))  # type: ignore[arg-type]


def sample(rows: pl.DataFrame | None = None, **changed: object) -> Sample:
    return prepare(households() if rows is None else rows, declared(**changed))
