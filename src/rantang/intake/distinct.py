"""Cells that repeat are understood once: a column of 850,000 has twenty answers, or 30,000 birth dates."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from rantang.contracts import Field
from rantang.intake import cells

_WORTH: Final = 5_000  # rows; below it a second query costs more than it saves
_SHARE: Final = 0.25
_TYPES: Final = frozenset({"date", "code", "boolean", "month", "integer", "decimal", "money"})
_SHEETS: Final = ("date_1904", "relation_codes")  # what a rule reads besides the cell: one value per sheet

RuleOf = Callable[[Field, ir.Table, dt.date], cells.Rule]


def understand(
    raw: pl.DataFrame,
    fields: Sequence[Field],
    rule_of: RuleOf,
    latest: dt.date,
    compute: Callable[[ir.Table], pa.Table],
) -> tuple[pl.DataFrame, dict[str, list[str]]]:
    """Run the rules of repeating columns on their distinct cells and give the results to every row.

    Returns
    -------
    `raw` with columns `FIELD__KEY` for what each rule made, and per field its keys. A field that does not
    repeat, or whose sheets differ in how it is read, is not among them.
    """
    chosen = [each for each in fields if _repeats(raw, each)] if raw.height > _WORTH else []
    if not chosen:
        return raw, {}
    answers = {each.name: raw[f"f_{each.name}"].drop_nulls().unique(maintain_order=True) for each in chosen}
    size = max(len(column) for column in answers.values())
    small = pl.DataFrame(
        {f"f_{name}": column.extend_constant(None, size - len(column)) for name, column in answers.items()}
    ).with_columns(
        **{
            name: pl.lit(raw[name][0]) for name in raw.columns if name in _SHEETS or name.startswith("order_")
        },
        at=pl.int_range(size),
    )
    table = ibis.memtable(small.to_arrow(compat_level=pl.CompatLevel.oldest()))
    worked, made = cells.work(table, [(each.name, rule_of(each, table, latest)) for each in chosen])
    columns = {f"{name}__{key}": value for name, results in made for key, value in results.items()}
    done: pl.DataFrame = pl.from_arrow(compute(worked.select("at", **columns)).sort_by("at"))
    for name, column in answers.items():
        keys = [key for key in done.columns if key.startswith(f"{name}__")]
        known = done.head(len(column)).select(keys).with_columns(column.alias(f"f_{name}"))
        raw = raw.join(known, on=f"f_{name}", how="left", maintain_order="left")
    return raw, {name: list(results) for name, results in made}


def _repeats(raw: pl.DataFrame, each: Field) -> bool:
    if each.type not in _TYPES:
        return False
    settings = [*_SHEETS, *(name for name in (f"order_{each.name}",) if name in raw.columns)]
    if any(raw[name].n_unique() > 1 for name in settings):
        return False
    return bool(raw[f"f_{each.name}"].n_unique() < raw.height * _SHARE)
