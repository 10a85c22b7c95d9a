"""Dated poverty lines by kind of place: every row gets the line of its place and its month.

Welfare is in the money of the interview; BPS gives urban and rural lines twice a year. A row's line is
that of its place with the latest date not after the row's.
"""

from __future__ import annotations

import polars as pl

from rantang.errors import RantangError

PLACE, FROM, LINE = "place", "from", "line"


def with_lines(rows: pl.DataFrame, place: str, date: str, lines: pl.DataFrame, name: str) -> pl.DataFrame:
    """Add the column `name` with each row's line.

    Parameters
    ----------
    place, date
        Columns of the rows: kind of place, and date or period (``2023-03``), which sort as text.
    lines
        ``place``, ``from`` and ``line``: each line with the place and the first date it holds.

    Raises
    ------
    RantangError
        `UKUR-GARIS-NILAI`: rows without a line, or a line that is not above 0.
    """
    dated = lines.select(
        pl.col(PLACE).cast(pl.String).alias("_place"),
        pl.col(FROM).cast(pl.String).alias("_from"),
        pl.col(LINE).cast(pl.Float64).alias(name),
    )
    keyed = rows.with_row_index("_row").with_columns(
        _place=pl.col(place).cast(pl.String), _date=pl.col(date).cast(pl.String)
    )
    held = keyed.select("_row", "_place", "_date").join(dated, on="_place")
    held = held.filter(pl.col("_from") <= pl.col("_date")).sort("_row", "_from")
    latest = held.group_by("_row", maintain_order=True).agg(pl.col(name).last())
    found = keyed.join(latest, on="_row", how="left", maintain_order="left")
    wrong = found.filter(pl.col(name).is_null() | (pl.col(name) <= 0)).height
    if wrong:
        raise RantangError("UKUR-GARIS-NILAI", rows=wrong, column=f"{place}, {date}")
    return found.drop("_row", "_place", "_date")
