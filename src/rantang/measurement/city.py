"""A city's survey as its list `survei` holds it: from typed rows to the figures of an edition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np
import polars as pl

from rantang.catalogue import entries
from rantang.cities.model import City, Indicator
from rantang.errors import RantangError
from rantang.measurement.cross import COLUMN, crossed, with_sides
from rantang.measurement.declared import Declared, RelativeLine
from rantang.measurement.design import Note, prepare
from rantang.measurement.figures import Figure, Measured, measure
from rantang.measurement.kelurahan import ByKelurahan, by_kelurahan
from rantang.measurement.plain import rounded

LINE: Final = "garis_kemiskinan"
WELFARE: Final = "kapita"
PARTS: Final = ("P0", "P1", "P2", "poor")
"""What is said of a part of the city; the rest needs more interviews than a part has."""
LEVELS: Final = {"kecamatan": "kecamatan_code", "kelurahan": "kelurahan_code"}
CITY: Final = "*"
CROSSED: Final = "silang"
_DIGITS: Final = 9  # more would differ with the order of rows


@dataclass(frozen=True)
class Surveyed:
    """Figures of a survey.

    Attributes
    ----------
    rows
        As `tables.measurement.POVERTY` declares them.
    notes
        What a reader must know: the catalogue's codes with what fills their texts.
    refused
        Why nothing could be estimated; None where it could.
    checks
        Of the model behind the figures by kelurahan (`kelurahan.ByKelurahan`).
    """

    rows: tuple[dict[str, Any], ...] = ()
    notes: tuple[Note, ...] = ()
    refused: Note | None = None
    checks: dict[str, Any] = field(default_factory=dict)


def of_survey(rows: pl.DataFrame, city: City, period: str, census: pl.DataFrame | None = None) -> Surveyed:
    """Estimate what the survey can tell of the city and its parts.

    Parameters
    ----------
    rows
        Typed rows of the latest `survei` list, with `kelurahan_code` and `kecamatan_code`.
    period
        The edition's month: a poverty line that was published for a later year is not used.
    census
        What Dukcapil's list and the register know of every kelurahan (`kelurahan.by_kelurahan`).

    Returns
    -------
    Surveyed
        Poor is who spends less than the line (BPS). A file that cannot be measured is refused with the
        reason, and the edition goes on without.
    """
    if not rows.height:
        return Surveyed()
    try:
        table, source = _with_line(_with_welfare(rows), city, period)
        samples = {level: prepare(table, _declared(table, level)) for level in _levels(table)}
    except RantangError as fault:
        return Surveyed(refused=Note(fault.code, dict(fault.values)))
    of_level = {level: measure(sample) for level, sample in samples.items()}
    found = [_row(each, level) for level, measured in of_level.items() for each in _of_level(measured, level)]
    notes = of_level["kota"].notes
    cross = crossed(
        prepare(with_sides(table), replace(_declared(table, "kota"), relative=None, by=(COLUMN,)))
    )
    found += [_row(each, CROSSED) for each in cross]
    by_model = _kelurahan(of_level, census if census is not None else pl.DataFrame())
    about = {
        "period": str(rows["period"].max()),
        "line": round(float(np.average(table[LINE].cast(pl.Float64), weights=_persons(table))), 6),
        "line_source": source,
    }
    rows_ = tuple({**row, **about} for row in (*found, *by_model.rows))
    return Surveyed(rows_, (*notes, *by_model.notes), checks=by_model.checks)


def _kelurahan(of_level: dict[str, Measured], census: pl.DataFrame) -> ByKelurahan:
    whole = next(each for each in of_level["kota"].figures if each.statistic == "P0" and each.domain is None)
    return by_kelurahan(of_level.get("kelurahan", of_level["kota"]), whole, census)


def findings(surveyed: Surveyed) -> list[dict[str, Any]]:
    """Return what the notes of a survey say, as findings (`FINDINGS`) about its list."""
    notes = surveyed.notes
    if surveyed.refused is not None:
        refused = surveyed.refused
        notes = (Note("SURVEI-TAK-TERUKUR", {"why": refused.code, **refused.values}),)
    return [
        {
            "code": note.code,
            # What stops `rantang measure` stops only the figure in an edition.
            "severity": entries()[note.code].severity.replace("henti", "peringatan"),
            "subject": "file",
            "subject_id": "survei",
            "kind": "survei",
            "evidence": "; ".join(f"{name}={value}" for name, value in note.values.items()) or None,
            "needs_word": False,
            "acts": entries()[note.code].acts,
        }
        for note in notes
    ]


def _with_welfare(rows: pl.DataFrame) -> pl.DataFrame:
    """Expenditure per head: the file's own, else the household's by its members."""
    per_head = rows["pengeluaran_kapita"] if "pengeluaran_kapita" in rows.columns else None
    if per_head is not None and per_head.null_count() < rows.height:
        return rows.with_columns(per_head.cast(pl.Float64).alias(WELFARE))
    if not {"pengeluaran", "jumlah_anggota"} <= set(rows.columns):
        raise RantangError("UKUR-KOLOM", column="pengeluaran_kapita", columns=", ".join(rows.columns))
    size = pl.col("jumlah_anggota").cast(pl.Float64)
    return rows.with_columns(
        pl.when(size > 0).then(pl.col("pengeluaran").cast(pl.Float64) / size).alias(WELFARE)
    )


def published_line(rows: pl.DataFrame, city: City, period: str) -> Indicator | None:
    """Return the city's latest published line of the survey's year or before; None where there is none."""
    asked = str(rows["period"].max() or period) if "period" in rows.columns else period
    known = [i for i in city.indicators if i.indicator == LINE and i.year <= int(asked[:4])]
    return max(known, key=lambda i: i.year, default=None)


def _with_line(rows: pl.DataFrame, city: City, period: str) -> tuple[pl.DataFrame, str]:
    """The line of the file where every row has one; else the published one."""
    if LINE in rows.columns and not rows[LINE].null_count():
        return rows, "survei"
    latest = published_line(rows, city, period)
    if latest is None:
        raise RantangError("UKUR-GARIS")
    return rows.with_columns(pl.lit(latest.value).alias(LINE)), "indikator"


def _levels(table: pl.DataFrame) -> Iterator[str]:
    yield "kota"
    for level, column in LEVELS.items():
        if table[column].n_unique() > 1:
            yield level


def _declared(table: pl.DataFrame, level: str) -> Declared:
    def given(name: str) -> bool:
        return name in table.columns and table[name].null_count() < table.height

    declared = Declared(
        welfare=WELFARE,
        line_column=LINE,
        relative=RelativeLine(),
        weight="bobot" if given("bobot") else None,
        size="jumlah_anggota" if given("jumlah_anggota") else None,
        strata=("strata",) if given("strata") else (),
        psu=("psu",) if given("psu") else (),
    )
    return declared if level == "kota" else replace(declared, relative=None, by=(LEVELS[level],))


def _persons(table: pl.DataFrame) -> pl.Series:
    """Persons that each row stands for."""
    one = pl.Series(np.ones(table.height))
    columns = [table[name].cast(pl.Float64) for name in ("bobot", "jumlah_anggota") if name in table.columns]
    for column in columns:
        one = one * column.fill_null(0)
    return one


def _of_level(measured: Measured, level: str) -> list[Figure]:
    if level == "kota":
        return [each for each in measured.figures if each.domain is None]
    return [each for each in measured.figures if each.domain is not None and each.statistic in PARTS]


def _row(each: Figure, level: str) -> dict[str, Any]:
    """A figure as a row."""
    numbers = {name: getattr(each, name) for name in ("estimate", "se", "ci_low", "ci_high", "deff", "rse")}
    return {
        "statistic": each.statistic,
        "level": level,
        "area": each.domain or CITY,
        "method": "langsung",
        **rounded(numbers, _DIGITS),
        "n": each.n,
        "reliability": each.reliability,
    }
