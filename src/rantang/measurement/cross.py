"""The survey by up to three sides of a household at once: what its pivot shows."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Final

import numpy as np
import polars as pl

from rantang.measurement.design import Sample
from rantang.measurement.figures import Figure, parted

STATISTICS: Final = ("P0", "P1", "P2", "mean")
MOST: Final = 3
LEAST: Final = 30
"""Households below which a part is not estimated: linearised errors of fewer promise too much."""
KNOWN: Final = {
    "kecamatan": "kecamatan_code",
    "kepala": "jenis_kelamin_kepala",
    "sekolah": "pendidikan_kepala",
    "kerja": "pekerjaan_kepala",
    "lansia": "lansia",
    "disabilitas": "disabilitas",
    "anggota": "jumlah_anggota",
}
"""Sides of a household, in order, and the survey's column."""
SCHOOL: Final = {
    "SD": ("TIDAK_SEKOLAH", "BELUM_TAMAT_SD", "SD"),
    "SMP": ("SMP",),
    "SMA": ("SMA",),
    "tinggi": ("DIPLOMA", "SARJANA", "PASCA"),
}
WORK: Final = {
    "tidak": ("TIDAK", "SEKOLAH", "RUMAH_TANGGA", "PENSIUN"),
    "lepas": ("LEPAS", "KELUARGA"),
    "usaha": ("USAHA",),
    "gaji": ("KARYAWAN", "NEGARA"),
}
COLUMN: Final = "sisi"
_UNSAID: Final = ""


def with_sides(rows: pl.DataFrame) -> pl.DataFrame:
    """Add the column `COLUMN`: all of a household's sides that the survey asked, `NAME=LEVEL|…`."""
    asked = {name: column for name, column in KNOWN.items() if column in rows.columns}
    told = [pl.lit(f"{name}=") + _level(name, column).fill_null(_UNSAID) for name, column in asked.items()]
    return rows.with_columns(
        pl.concat_str(told, separator="|").alias(COLUMN) if told else pl.lit("").alias(COLUMN)
    )


def _level(name: str, column: str) -> pl.Expr:
    value = pl.col(column)
    if name in ("lansia", "disabilitas"):
        return pl.when(value > 0).then(pl.lit("ya")).when(value == 0).then(pl.lit("tidak"))
    if name == "anggota":
        return (
            pl.when(value <= 1).then(pl.lit("1")).when(value <= 3).then(pl.lit("2-3"))
            .when(value <= 5).then(pl.lit("4-5")).when(value > 5).then(pl.lit("6+"))
        )  # fmt: skip
    groups = {"sekolah": SCHOOL, "kerja": WORK}.get(name)
    if groups is None:
        return value.cast(pl.String)
    return value.replace_strict(
        {code: level for level, codes in groups.items() for code in codes}, default=None
    )


def crossed(sample: Sample) -> Iterator[Figure]:
    """Estimate `STATISTICS` for every part of up to `MOST` sides with `LEAST` households.

    Parameters
    ----------
    sample
        Prepared with `by` the column `COLUMN`.

    Yields
    ------
    Figure
        Its domain is `NAME=LEVEL|…` in the order of `KNOWN`. A household that did not say one of the
        sides is in no part of it.
    """
    of_name = [dict(part.split("=", 1) for part in name.split("|") if part) for name in sample.domains]
    names = [name for name in KNOWN if any(name in each for each in of_name)]
    for count in range(1, MOST + 1):
        for sides in combinations(names, count):
            yield from _of_sides(sample, of_name, sides)


def _of_sides(sample: Sample, of_name: list[dict[str, str]], sides: tuple[str, ...]) -> Iterator[Figure]:
    labels = [
        "|".join(f"{side}={each[side]}" for side in sides) if all(each[side] for side in sides) else ""
        for each in of_name
    ]
    households = np.bincount(sample.domain, minlength=len(labels))
    total: dict[str, int] = {}
    for label, asked in zip(labels, households.tolist(), strict=True):
        total[label] = total.get(label, 0) + asked
    parts = sorted(label for label, asked in total.items() if label and asked >= LEAST)
    if not parts:
        return
    place = {label: number for number, label in enumerate(parts)}
    of_row = np.array([place.get(label, -1) for label in labels], dtype=np.int64)[sample.domain]
    yield from parted(sample, parts, of_row, STATISTICS)
