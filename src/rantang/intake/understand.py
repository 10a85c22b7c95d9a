"""What columns of cells say: each rule worked out once for all columns, each cell once where it repeats.

Forty rules serve the 447 fields of twelve contracts, and an expression costs more to write out than thousands
of cells to compute: so columns that are read alike are stacked. A column of 850,000 rows has twenty
answers, or 30,000 birth dates: its distinct cells stand for all.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import ibis
import ibis.expr.types as ir
import polars as pl

from rantang.contracts import Field
from rantang.intake import cells

Said: TypeAlias = "dict[str, pl.Series]"
_SHARE: Final = 0.25  # of distinct cells; with more of them, finding them costs more than it saves
_AT: Final = "at"
_SETTINGS: Final = {
    "nik": ("is_number",), "kk": ("is_number",), "date": ("order", "date_1904"),
    "place_date": ("order", "date_1904"), "code": ("relation_codes",),
}  # fmt: skip


def cells_of(each: Field, raw: pl.DataFrame) -> pl.DataFrame:
    """Return a field's cells in harvested rows: `cell`, and what its rule reads beside it."""
    own = {"order": f"order_{each.name}", "is_number": f"{each.name}_numeric"}
    beside = {name: own.get(name, name) for name in _SETTINGS.get(each.type, ())}
    return raw.select(cell=f"f_{each.name}", **beside)


def understand(asked: Sequence[tuple[Field, pl.DataFrame]], latest: dt.date) -> list[Said]:
    """Run the rules of fields on their cells.

    Parameters
    ----------
    asked
        Fields, each with its cells (`cells_of`).
    latest
        No date after it is possible.

    Returns
    -------
    For each field, in the order given, what its rule made of the cells: `value` or its parts, and what is
    wrong (`wrong_CODE`, boolean).
    """
    alike: dict[Field, list[int]] = {}
    for at, (each, _) in enumerate(asked):
        alike.setdefault(_rule_of(each), []).append(at)
    made: dict[int, Said] = {}
    for rule, places in alike.items():
        answers = _answer(rule, [asked[at][1] for at in places], latest)
        made.update(zip(places, answers, strict=True))
    return [made[at] for at in range(len(asked))]


def _rule_of(each: Field) -> Field:
    """Return the field without what its rule does not read: equal for fields that are read alike."""
    return replace(
        each, name="", meaning="", aliases=(), example="", required=False, secret=False, into="", person=False
    )


def _answer(rule: Field, columns: Sequence[pl.DataFrame], latest: dt.date) -> list[Said]:
    """Work a rule out on the distinct cells of columns that repeat, then on the other columns as they are."""
    repeating = [_repeats(column) for column in columns]
    shown = [column.unique() for column, repeats in zip(columns, repeating, strict=True) if repeats]
    known = pl.concat([columns[0].clear(), *shown]).unique()
    rest = [column for column, repeats in zip(columns, repeating, strict=True) if not repeats]
    done = _work(rule, pl.concat([known, *rest]), latest)
    answers, start = [], known.height
    of_known = pl.concat([known, done.head(start)], how="horizontal")
    for column, repeats in zip(columns, repeating, strict=True):
        if repeats:
            found = column.join(
                of_known, on=column.columns, how="left", nulls_equal=True, maintain_order="left"
            )
        else:
            found, start = done.slice(start, column.height), start + column.height
        answers.append({name: found[name] for name in done.columns})
    return answers


def _repeats(column: pl.DataFrame) -> bool:
    return bool(column.select(pl.col("cell").approx_n_unique()).item() <= column.height * _SHARE)


def _work(rule: Field, column: pl.DataFrame, latest: dt.date) -> pl.DataFrame:
    """Compute with each step as its own subquery: merged into one, the steps would repeat themselves."""
    table = ibis.memtable(column.with_row_index(_AT).to_arrow(compat_level=pl.CompatLevel.oldest()))
    worked, made = cells.work(table, _cell_rule(rule, table, latest))
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        done = worked.select(_AT, **made).to_pyarrow()
    finally:
        ibis.options.sql.fuse_selects = fused
    frame: pl.DataFrame = pl.from_arrow(done)
    return frame.sort(_AT).drop(_AT)


def _cell_rule(rule: Field, table: ir.Table, latest: dt.date) -> cells.Rule:
    match rule.type:
        case "nik" | "kk":
            return cells.number_of_dukcapil(table.cell, table.is_number, rule.type.upper())
        case "date":
            return cells.date(table.cell, table.order, table.date_1904, latest)
        case "place_date":
            return cells.place_and_date(table.cell, table.order, table.date_1904, latest)
        case "code":
            return cells.code(table.cell, rule, table.relation_codes)
        case "boolean":
            return cells.boolean(table.cell, rule)
        case "integer" | "decimal" | "money":
            return cells.number(table.cell, rule)
        case "rt_rw":
            return cells.rt_rw(table.cell)
        case "name":
            return cells.name(table.cell)
        case "digits":
            return cells.digits(table.cell)
        case "phone":
            return cells.phone(table.cell)
        case "month":
            return cells.month(table.cell)
        case _:
            return cells.text(table.cell)
