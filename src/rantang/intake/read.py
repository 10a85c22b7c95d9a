"""From bytes to sheets of text. Pure: no path is opened, nothing is guessed about what the columns mean."""

from __future__ import annotations

import hashlib
import io
from pathlib import PurePath
from typing import Final

import polars as pl

from rantang.intake.delimited import read_text
from rantang.intake.findings import found
from rantang.intake.guards import RefusedError, detect, open_ole, open_zip
from rantang.intake.markup import read_markup
from rantang.intake.sheets import LONG_NUMBER, RawSheet, ReadFile, tidy
from rantang.intake.workbook import read_workbook

_EXTENSIONS: Final = {
    ".xlsx": "xlsx", ".xlsm": "xlsx", ".xltx": "xlsx", ".xls": "xls", ".xlsb": "xlsb", ".ods": "ods",
    ".csv": "text", ".tsv": "text", ".txt": "text", ".tab": "text", ".dat": "text", ".parquet": "parquet",
    ".html": "markup", ".htm": "markup",
}  # fmt: skip
_SAID: Final = {"text": "teks", "markup": "HTML"}


def read_bytes(data: bytes, name: str) -> ReadFile:
    """Read a delivered file.

    Parameters
    ----------
    data
        The file's bytes, as they were delivered.
    name
        The file's name; its ending is compared with what the bytes are, and the bytes win.

    Returns
    -------
    ReadFile
        Always: a file that cannot be read has no sheets and a finding of severity `galat`.
    """
    file = ReadFile(name=name, sha256=hashlib.sha256(data).hexdigest(), size=len(data))
    try:
        _read(data, file)
    except RefusedError as refused:
        file.findings.append(found(refused.code, **refused.values))  # type: ignore[arg-type]
        return file
    said = _EXTENSIONS.get(PurePath(name).suffix.lower())
    if said != file.format:
        file.findings.append(found("BERKAS-NAMA", format=_SAID.get(file.format, file.format)))
    if not file.readable:
        file.findings.append(found("BERKAS-KOSONG"))
    return file


def _read(data: bytes, file: ReadFile) -> None:
    kind = detect(data)
    if kind == "text":
        file.format = "text"
        sheet, facts = read_text(data)
        file.sheets, file.facts = [sheet], facts
    elif kind == "markup":
        file.format = "markup"
        file.sheets = read_markup(data)
    elif kind == "parquet":
        file.format = "parquet"
        file.sheets = [_read_parquet(data)]
    else:
        package = open_zip(data) if kind == "zip" else open_ole(data)
        file.format = package.format
        file.sheets = read_workbook(data, package)


def _read_parquet(data: bytes) -> RawSheet:
    """Read a Parquet file as a sheet whose first row holds the column names.

    Raises
    ------
    RefusedError
        It is damaged.
    """
    try:
        table = pl.read_parquet(io.BytesIO(data))
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise RefusedError("BERKAS-RUSAK", why="parquet") from error
    cells, numeric = [], {}
    for at, series in enumerate(table):
        text = _as_text(series)
        cells.append(pl.concat([pl.Series([series.name], dtype=pl.String), text]).alias(f"c{at}"))
        if series.dtype.is_numeric() and text.str.contains(LONG_NUMBER).any():
            long = text.str.contains(LONG_NUMBER).fill_null(value=False)
            numeric[f"c{at}"] = pl.concat([pl.Series([False]), long])
    return RawSheet("", tidy(pl.DataFrame(cells)), numeric=numeric)


def _as_text(series: pl.Series) -> pl.Series:
    if series.dtype.is_float():
        whole = (series.is_null() | (series.is_finite() & (series == series.round(0)))).all()
        series = series.cast(pl.Int64, strict=False) if whole else series
    if series.dtype == pl.Binary:
        return pl.Series([_decoded(value) for value in series], dtype=pl.String)
    if isinstance(series.dtype, pl.Struct):
        texts = [_as_text(series.struct.field(part.name)).alias(part.name) for part in series.dtype.fields]
        empty = pl.Series("", [""] * len(series), dtype=pl.String)
        joined = pl.concat_str(pl.all(), separator=" ", ignore_nulls=True).str.strip_chars()
        return pl.DataFrame([empty, *texts]).select(joined).to_series()
    try:
        if isinstance(series.dtype, pl.List | pl.Array):
            return series.cast(pl.List(pl.String), strict=False).list.join(", ", ignore_nulls=True)
        return series.cast(pl.String, strict=False)
    except pl.exceptions.PolarsError:  # a list of lists, a span of time: nothing that a list of people says
        return pl.Series([None] * len(series), dtype=pl.String)


def _decoded(value: bytes | None) -> str | None:
    try:
        return value.decode() if value is not None else None
    except UnicodeDecodeError:
        return None
