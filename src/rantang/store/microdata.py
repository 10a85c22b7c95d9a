"""Read survey microdata: Parquet, dBase, Stata, SPSS, SAS as they are, others as `store.reading` does."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import polars as pl

from rantang.errors import RantangError
from rantang.store.dbase import read_dbase
from rantang.store.reading import read_one

_STATISTICAL: Final = {
    ".dta": "read_dta",
    ".sav": "read_sav",
    ".zsav": "read_sav",
    ".por": "read_por",
    ".sas7bdat": "read_sas7bdat",
    ".xpt": "read_xport",
}
_DECIMAL_COMMA: Final = r"^-?\d+,\d+$"
_NUMBER: Final = r"^-?\d+(,\d+)?$"
_HEADER_ROWS: Final = 30


@dataclass(frozen=True)
class Microdata:
    """Rows with named columns, and what the codes of a column mean where the file says it."""

    rows: pl.DataFrame
    labels: dict[str, dict[Any, str]] = field(default_factory=dict)


def read_microdata(path: Path) -> Microdata:
    """Read a survey file.

    Raises
    ------
    RantangError
        `BERKAS-TAK-TERBACA`: it is not there or damaged; `UKUR-STATS`: a Stata, SPSS or SAS file, and the
        package that reads them is not installed.
    """
    if not path.is_file():
        raise RantangError("BERKAS-TAK-TERBACA", file=path, why="BERKAS-TIDAK-ADA")
    ending = path.suffix.lower()
    if ending in _STATISTICAL:
        return _statistical(path, _STATISTICAL[ending])
    if ending == ".parquet":
        try:
            return Microdata(pl.read_parquet(path, glob=False))
        except (pl.exceptions.PolarsError, OSError, ValueError) as problem:
            raise RantangError("BERKAS-TAK-TERBACA", file=path, why=type(problem).__name__) from problem
    if ending == ".dbf":
        try:
            return Microdata(read_dbase(path.read_bytes()))
        except (OSError, ValueError) as problem:
            raise RantangError("BERKAS-TAK-TERBACA", file=path, why=problem) from problem
    return Microdata(_list(path))


def _statistical(path: Path, reader: str) -> Microdata:
    try:
        import pyreadstat  # noqa: PLC0415  (an extra: most cities never need it)
    except ImportError as missing:
        raise RantangError("UKUR-STATS", file=path.name) from missing
    try:
        columns, meta = getattr(pyreadstat, reader)(str(path), output_format="dict")
    except (pyreadstat.ReadstatError, OSError, ValueError) as problem:
        raise RantangError("BERKAS-TAK-TERBACA", file=path, why=type(problem).__name__) from problem
    rows = pl.DataFrame({name: pl.Series(list(cells), strict=False) for name, cells in columns.items()})
    return Microdata(rows, dict(meta.variable_value_labels))


def _list(path: Path) -> pl.DataFrame:
    """The first sheet with a header of two or more names; text, with decimal commas made points."""
    file = read_one(path)
    if not file.readable:
        why = ", ".join(str(finding.get("code")) for finding in file.findings) or "?"
        raise RantangError("BERKAS-TAK-TERBACA", file=path, why=why)
    for sheet in file.sheets:
        for at, cells in enumerate(sheet.frame.head(_HEADER_ROWS).rows()):
            names = [str(cell).strip() if cell is not None else "" for cell in cells]
            if sum(map(bool, names)) >= min(2, len(names)):
                return _typed(sheet.frame.slice(at + 1), names)
    raise RantangError("BERKAS-TAK-TERBACA", file=path, why="BERKAS-KOSONG")


def _typed(body: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    columns: dict[str, pl.Series] = {}
    for place, (name, column) in enumerate(zip(names, body.get_columns(), strict=True)):
        unique = name if name and name not in columns else f"{name}#{place}"
        columns[unique] = _points(column.cast(pl.String))
    return pl.DataFrame(columns)


def _points(column: pl.Series) -> pl.Series:
    """``1,5`` is a number of an Indonesian sheet where the whole column is written so."""
    filled = column.drop_nulls().str.strip_chars()
    filled = filled.filter(filled != "")
    comma = filled.str.contains(_DECIMAL_COMMA)
    if not comma.any() or not filled.str.contains(_NUMBER).all():
        return column
    return column.str.replace(",", ".", literal=True)
