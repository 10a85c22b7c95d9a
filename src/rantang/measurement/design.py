"""How the sample was drawn: strata, primary sampling units, weights; checked before anything is estimated.

What is treated is said (`Note`), what cannot be treated is refused:

- no strata: one stratum; no PSU: every row is its own; no weight: 1; no size: a row is one person;
- missing welfare: the row is outside what is estimated, its PSU stays in the design (as R's `subset`);
- weight 0: likewise; a missing or negative weight, size, stratum or PSU is refused;
- one PSU in a stratum: it counts by its distance from the sample's mean, which is 0 for linearised totals
  (R's ``survey.lonely.psu = "adjust"``, cautious); with `fpc` 1 the stratum is certain and adds nothing;
- PSU numbers that begin anew in each stratum are nested; one that stands in two strata of a file whose
  numbers are otherwise unique is a mistake and is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.errors import RantangError
from rantang.measurement.columns import labels, numbers, require
from rantang.measurement.declared import Declared

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
_RESTARTED = 0.5


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader of the figures must know: a code of the catalogue and what fills its text."""

    code: str
    values: dict[str, Any]


@dataclass(frozen=True)
class Design:
    """The primary sampling units in order of their strata.

    Attributes
    ----------
    stratum
        The stratum of each PSU, rising from 0.
    sampled
        PSUs drawn in each stratum.
    left
        1 - f: share of the stratum's PSUs that was not drawn; 1 where it is not known.
    names, strata
        Names of PSUs (within their stratum) and of strata.
    """

    stratum: Ints
    sampled: Ints
    left: Floats
    names: tuple[str, ...]
    strata: tuple[str, ...]

    @property
    def units(self) -> int:
        """Number of PSUs."""
        return len(self.stratum)

    @property
    def lonely(self) -> npt.NDArray[np.bool_]:
        """Strata with one PSU that is not the only one there is."""
        found: npt.NDArray[np.bool_] = (self.sampled == 1) & (self.left > 0)
        return found


@dataclass(frozen=True)
class Sample:
    """The rows that count, in rising order of welfare, and the design they stand in.

    Attributes
    ----------
    welfare, weight, persons
        Per person; household weight × size; size.
    unit, domain
        Place of the row's PSU in the design; place of its domain, -1 for none.
    row
        Place of the row in the table that was given.
    line, food_line
        Each row's lines; None where there is no fixed line.
    """

    welfare: Floats
    weight: Floats
    persons: Floats
    unit: Ints
    domain: Ints
    row: Ints
    line: Floats | None
    food_line: Floats | None
    design: Design
    domains: tuple[str, ...]
    declared: Declared
    notes: tuple[Note, ...]


def prepare(
    rows: pl.DataFrame, declared: Declared, value_labels: dict[str, dict[Any, str]] | None = None
) -> Sample:
    """Check the rows against what was declared and put them in order.

    Parameters
    ----------
    value_labels
        What codes of a column mean, as Stata and SPSS files carry it; domains are named by it.

    Raises
    ------
    RantangError
        `UKUR-KOLOM`, `UKUR-ANGKA`, `UKUR-BOBOT`, `UKUR-UKURAN`, `UKUR-RANCANGAN`, `UKUR-PSU-STRATA`,
        `UKUR-FPC`, `UKUR-GARIS`, `UKUR-GARIS-NILAI`, `UKUR-KOSONG`.
    """
    declared.check()
    declared = declared.found_in(rows.columns)
    require(rows, declared.columns())
    if not rows.height:
        raise RantangError("UKUR-KOSONG")
    notes: list[Note] = []
    table = _table(rows, declared, value_labels or {})
    design, unit = _design(table, declared, notes)
    table = table.with_columns(unit=pl.Series(unit))
    kept = _kept(table, declared, notes)
    names = tuple(kept["domain"].drop_nulls().unique().sort()) if declared.by else ()
    places = {name: place for place, name in enumerate(names)}
    domain = kept["domain"].replace_strict(places, default=-1, return_dtype=pl.Int64)
    return Sample(
        welfare=kept["welfare"].to_numpy(),
        weight=kept["weight"].to_numpy(),
        persons=kept["size"].to_numpy(),
        unit=kept["unit"].to_numpy(),
        domain=domain.to_numpy(),
        row=kept["row"].to_numpy(),
        line=None if declared.at_relative else kept["line"].to_numpy(),
        food_line=None if declared.food_line is None else kept["food_line"].to_numpy(),
        design=design,
        domains=names,
        declared=declared,
        notes=tuple(notes),
    )


def _table(rows: pl.DataFrame, d: Declared, value_labels: dict[str, dict[Any, str]]) -> pl.DataFrame:
    """The roles as columns: numbers as floats, names as text."""
    one = pl.Series(np.ones(rows.height))
    weight = numbers(rows, d.weight) if d.weight else one
    size = numbers(rows, d.size) if d.size else one
    _refuse(weight.is_null() | (weight < 0), "UKUR-BOBOT", d.weight)
    _refuse(size.is_null() | (size < 0), "UKUR-UKURAN", d.size)
    none = pl.lit(None, dtype=pl.String)
    columns: dict[str, Any] = {
        "row": pl.int_range(pl.len(), dtype=pl.Int64),
        "welfare": numbers(rows, d.welfare),
        "size": size,
        "weight": weight * size,
        "stratum": labels(rows, d.strata) if d.strata else pl.lit(""),
        "psu": labels(rows, d.psu) if d.psu else pl.int_range(pl.len()).cast(pl.String).str.zfill(12),
        "fpc": numbers(rows, d.fpc) if d.fpc else pl.lit(None, dtype=pl.Float64),
        "domain": labels(rows, d.by, value_labels) if d.by else none,
    }
    if not d.at_relative:
        columns["line"] = _line(rows, d.line if d.line is not None else str(d.line_column))
    if d.food_line is not None:
        columns["food_line"] = _line(rows, d.food_line)
    table = rows.select(**columns)
    for role, named in (("stratum", d.strata), ("psu", d.psu)):
        _refuse(table[role].is_null(), "UKUR-RANCANGAN", ", ".join(named))
    return table


def _line(rows: pl.DataFrame, line: float | str) -> pl.Series:
    if not isinstance(line, str):
        return pl.Series(np.full(rows.height, float(line)))
    column = numbers(rows, line)
    _refuse(column.is_null() | (column <= 0), "UKUR-GARIS-NILAI", line)
    return column


def _refuse(bad: pl.Series, code: str, column: str | None) -> None:
    if count := int(bad.sum()):
        raise RantangError(code, rows=count, column=column or "")


def _design(table: pl.DataFrame, d: Declared, notes: list[Note]) -> tuple[Design, Ints]:
    units = table.group_by("stratum", "psu").agg(pl.len().alias("rows")).sort("stratum", "psu")
    if d.psu:
        _nesting(units, notes)
    else:
        notes.append(Note("UKUR-PSU-TIADA", {}))
    strata = units.group_by("stratum", maintain_order=True).agg(sampled=pl.len())
    strata = strata.with_row_index("place")
    place = units.join(strata.select("stratum", "place"), on="stratum", how="left", maintain_order="left")
    at = table.join(units.with_row_index("unit"), on=["stratum", "psu"], how="left", maintain_order="left")
    design = Design(
        stratum=place["place"].cast(pl.Int64).to_numpy(),
        sampled=strata["sampled"].cast(pl.Int64).to_numpy(),
        left=_left(table, strata) if d.fpc else np.ones(strata.height),
        names=tuple(units["psu"]),
        strata=tuple(strata["stratum"]),
    )
    if design.lonely.any():
        named = [name for name, lonely in zip(design.strata, design.lonely, strict=True) if lonely]
        notes.append(Note("UKUR-PSU-TUNGGAL", {"count": len(named), "strata": ", ".join(named[:5])}))
    return design, at["unit"].cast(pl.Int64).to_numpy()


def _nesting(units: pl.DataFrame, notes: list[Note]) -> None:
    """Numbers that begin anew in every stratum are nested; a few that repeat are a mistake."""
    strata = units.group_by("psu").agg(pl.len().alias("strata"))
    repeated = strata.filter(pl.col("strata") > 1)
    if not repeated.height:
        return
    if repeated.height < _RESTARTED * strata.height:
        named = ", ".join(repeated["psu"].sort().head(5))
        raise RantangError("UKUR-PSU-STRATA", count=repeated.height, psu=named)
    notes.append(Note("UKUR-PSU-BERULANG", {"count": repeated.height}))


def _left(table: pl.DataFrame, strata: pl.DataFrame) -> Floats:
    """Return 1 - n/N of each stratum."""
    said = table.group_by("stratum").agg(
        least=pl.col("fpc").min(), most=pl.col("fpc").max(), missing=pl.col("fpc").is_null().any()
    )
    joined = strata.join(said, on="stratum", how="left", maintain_order="left")
    bad = joined.filter(
        pl.col("missing") | (pl.col("least") != pl.col("most")) | (pl.col("least") < pl.col("sampled"))
    )
    if bad.height:
        raise RantangError("UKUR-FPC", count=bad.height, strata=", ".join(bad["stratum"].head(5)))
    left: Floats = (1 - joined["sampled"] / joined["least"]).to_numpy()
    return left


def _kept(table: pl.DataFrame, d: Declared, notes: list[Note]) -> pl.DataFrame:
    """Rows with a weight and a welfare, in an order that does not depend on the file's."""
    zero = int((table["weight"] == 0).sum())
    if zero:
        notes.append(Note("UKUR-BOBOT-NOL", {"rows": zero}))
    weighted = table.filter(pl.col("weight") > 0)
    known = weighted.filter(pl.col("welfare").is_not_null())
    if not known.height:
        raise RantangError("UKUR-KOSONG")
    if gone := weighted.height - known.height:
        share = 1 - known["weight"].sum() / weighted["weight"].sum()
        notes.append(Note("UKUR-HILANG", {"rows": gone, "share": f"{100 * share:.1f}"}))
    if below := int((known["welfare"] < 0).sum()):
        notes.append(Note("UKUR-NEGATIF", {"rows": below}))
    if d.by and (nowhere := int(known["domain"].null_count())):
        notes.append(Note("UKUR-WILAYAH-KOSONG", {"rows": nowhere, "column": ", ".join(d.by)}))
    return known.sort("welfare", "weight", "unit")
