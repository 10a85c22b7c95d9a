"""From written-down people to a file as its agency lays it out (`layouts.toml`)."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

import polars as pl

from rantang.sample.write import ListFile, Sheet

MONTH_NAMES: Final = {6: "JUNI", 7: "JULI", 8: "AGUSTUS", 9: "SEPTEMBER", 10: "OKTOBER", 11: "NOVEMBER"}
_ALL_MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """One entry of `layouts.toml`."""

    columns: tuple[tuple[str, str], ...]
    ext: str
    agency: str = ""
    kind: str = "penerima"
    note: str = ""
    titles: tuple[str, ...] = ()
    above: tuple[tuple[int, int, str], ...] = ()
    numbers: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    foot: bool = False
    split: str = ""
    delimiter: str = ","
    encoding: str = "utf-8"
    dates: str = "cell"
    names: str = "upper"
    instructions: tuple[str, ...] = ()


@cache
def layouts() -> dict[str, Layout]:
    """Return every layout by its name (a programme's code or a kind)."""
    text = (resources.files(__package__) / "layouts.toml").read_text("utf-8")
    return {
        name: Layout(**{key: _frozen(value) for key, value in fields.items()})
        for name, fields in tomllib.loads(text).items()
    }


def _frozen(value: Any) -> Any:
    """Turn lists (of lists) into tuples."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


def lay_out(layout: Layout, path: str, rows: pl.DataFrame, month: int) -> ListFile:
    """Make a file of `rows` (columns of delivery.py and what the layout asks besides).

    Parameters
    ----------
    path
        Without its extension: `lists/AGENCY/KIND/PERIOD[-note]`.
    month
        Month of 2022, for the titles.
    """
    filled = {"month": MONTH_NAMES[month], "year": 2022}
    titles = [title.format(**filled) for title in layout.titles]
    return ListFile(
        path=f"{path}.{layout.ext}",
        sheets=[_sheet(layout, name, part, titles) for name, part in _split(layout, rows)],
        delimiter=layout.delimiter,
        encoding=layout.encoding,
        instructions=layout.instructions,
    )


def _split(layout: Layout, rows: pl.DataFrame) -> Iterator[tuple[str, pl.DataFrame]]:
    if not layout.split:
        yield "Sheet1", rows
        return
    for name in sorted(rows[layout.split].unique().to_list()):
        yield name if len(name) <= 3 else name.title(), rows.filter(pl.col(layout.split) == name)


def _sheet(layout: Layout, name: str, rows: pl.DataFrame, titles: list[str]) -> Sheet:
    rows = rows.with_columns(no=pl.int_range(1, pl.len() + 1), blank=pl.lit(None, dtype=pl.String))
    frame = rows.select(**{header: _cell(layout, header, key, rows) for header, key in layout.columns})
    return Sheet(
        name=name,
        frame=frame,
        keys=rows.select("person", "family"),
        titles=titles,
        above=layout.above,
        numbers=(*layout.numbers, *layout.lost),
        foot=_foot(layout, rows) if layout.foot else {},
    )


def _foot(layout: Layout, rows: pl.DataFrame) -> dict[str, str]:
    """Cells of the totals row: the word, the count of people, the sum of the money."""
    headers = {key: header for header, key in layout.columns}
    foot = {headers["no"]: "JUMLAH", headers["name"]: f"{rows.height} ORANG"}
    if "amount" in headers:
        foot[headers["amount"]] = f"{int(rows['amount'].sum()):,}".replace(",", ".")
    return foot


def _cell(layout: Layout, header: str, key: str, rows: pl.DataFrame) -> pl.Expr:
    value = pl.col(key)
    if header in layout.lost:
        full = value.str.contains(r"^\d{16}$")
        return pl.when(full).then(value.str.slice(0, 15) + "0").otherwise(value)
    if rows.schema[key] == pl.Date:
        return _date(layout.dates, value)
    if key in ("name", "mother") and layout.names == "title":
        return value.str.to_titlecase()
    return value


def _date(form: str, value: pl.Expr) -> pl.Expr:
    forms: dict[str, Callable[[pl.Expr], pl.Expr]] = {
        "cell": lambda date: date,
        "dmy": lambda date: date.dt.strftime("%d/%m/%Y"),
        "iso": lambda date: date.dt.strftime("%Y-%m-%d"),
        "ymd": lambda date: date.dt.strftime("%Y%m%d"),
        "words": lambda date: (
            date.dt.strftime("%-d ")
            + date.dt.month().replace_strict(dict(enumerate(_ALL_MONTHS, 1)), return_dtype=pl.String)
            + date.dt.strftime(" %Y")
        ),
    }
    return forms[form](value)
