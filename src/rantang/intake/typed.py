"""Every cell gets its type, every row its verdict: accepted, refused (it carries nobody) or held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa

from rantang.catalogue import entries
from rantang.contracts import Contract, Field, columns, contracts
from rantang.intake import cells
from rantang.intake.distinct import understand
from rantang.intake.findings import SCHEMA, mask_column, mask_names, mask_numbers
from rantang.intake.harvest import fields_of
from rantang.tables.intake import BASE

# What the caller knows and adds: which list this is, and the keys made of it.
CALLERS: Final = ("row_key", "content_key", "agency", "kind", "period")
PLACE: Final = ("delivery", "file", "sheet", "row")
LATEST: Final = dt.date(2099, 12, 31)
_BITS: Final = 60  # flags of a row travel as bits of whole numbers
_SOME_DIGITS: Final = 12  # fewer (or 3,57E+15) name nobody
_REFUSED, _HELD = "BARIS-TANPA-ORANG", "BARIS-LEBAR"
# What identity says in an edition.
_IDENTITYS: Final = frozenset({"NIK-TANGGAL", "NIK-SERIAL", "KK-TANGGAL", "KK-SERIAL"})
_COLUMN_WIDE: Final = frozenset({"NIK-KOSONG", "KK-KOSONG"})  # told once where the whole column is so


@dataclass
class Counts:
    """rows = accepted + refused + held, always."""

    rows: int = 0
    accepted: int = 0
    refused: int = 0
    held: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.rows + other.rows,
            self.accepted + other.accepted,
            self.refused + other.refused,
            self.held + other.held,
        )


@dataclass
class Typed:
    """Accepted rows with their types, findings about all rows, and what became of them.

    Attributes
    ----------
    table
        `delivery, file, sheet, row`, the columns of `tables.intake.BASE` but those of `CALLERS`, then the
        kind's own columns.
    findings
        In the shape of `tables.intake.FINDINGS`; agency, kind, period and row key are the caller's to fill.
    counts, by_file
        Rows in and what became of them, altogether and per file.
    """

    kind: str
    table: pa.Table
    findings: pl.DataFrame
    counts: Counts
    by_file: dict[str, Counts] = field(default_factory=dict)

    @property
    def rows(self) -> ir.Table:
        """The accepted rows as an Ibis table."""
        return ibis.memtable(self.table)


def type_rows(
    kind: str,
    raw: pl.DataFrame,
    *,
    headers: Mapping[tuple[str, str, str], str] | None = None,
    latest: dt.date = LATEST,
    alone: bool = False,
) -> Typed:
    """Give the harvested rows of one kind their types.

    Parameters
    ----------
    raw
        Rows of any number of files of this kind (`harvest.Harvest.raw` with `file` and `delivery`),
        concatenated; a column that only some files have is null in the others.
    headers
        (file, sheet, field) → header as written, for the findings.
    latest
        No date after it is possible: the last day of the edition's period.
    alone
        The list is looked at on its own: also say which numbers cannot exist. In an edition that is
        identity's to say (`identity.findings`).
    """
    contract = contracts()[kind]
    raw = _complete(raw)
    fields = [
        each
        for each in fields_of(kind, raw)
        if each.type in {"nik", "kk"} or raw[f"f_{each.name}"].null_count() < raw.height
    ]
    raw, known = understand(raw, fields, _rule, latest, _compute)
    loaded = ibis.memtable(_arrow(raw.with_row_index("rid")))
    expression, flags = _expression(contract, fields, known, loaded, latest)
    done = _compute(expression)
    bits = pl.from_arrow(
        done.select(["rid", *(name for name in done.column_names if name.startswith("flags_"))])
    )
    verdicts = _verdicts(raw, bits, flags)
    findings = _findings(
        raw, bits, flags, fields, contract, headers or {}, frozenset() if alone else _IDENTITYS
    )
    names = [name for name in done.column_names if not name.startswith("flags_") and name != "rid"]
    ordered: pl.DataFrame = pl.from_arrow(done).sort("rid")
    table = _arrow(ordered.filter(verdicts["verdict"] == "accepted").select(names))
    return Typed(kind, table, findings, *_count(verdicts))


def _compute(expression: ir.Table) -> pa.Table:
    """Compute with each step as its own subquery: merged into one, the steps would repeat themselves."""
    fused = ibis.options.sql.fuse_selects
    ibis.options.sql.fuse_selects = False
    try:
        return expression.to_pyarrow()
    finally:
        ibis.options.sql.fuse_selects = fused


def _complete(raw: pl.DataFrame) -> pl.DataFrame:
    """Add what a caller may leave out."""
    defaults = {
        "delivery": pl.lit(""), "file": pl.lit(""), "sheet": pl.lit(""), "row": pl.lit(0, dtype=pl.Int64),
        "nik_numeric": pl.lit(value=False), "kk_numeric": pl.lit(value=False), "wide": pl.lit(value=False),
        "date_1904": pl.lit(value=False), "relation_codes": pl.lit("regsosek"),
    }  # fmt: skip
    return raw.with_columns(**{name: value for name, value in defaults.items() if name not in raw.columns})


@dataclass(frozen=True)
class _Flag:
    code: str
    field: str


def _expression(
    contract: Contract,
    fields: Sequence[Field],
    known: Mapping[str, Sequence[str]],
    raw: ir.Table,
    latest: dt.date,
) -> tuple[ir.Table, list[_Flag]]:
    """Write out every column and every flag; fields in `known` were understood before."""
    values: dict[str, ir.Value] = {}
    wrong: list[tuple[_Flag, ir.Value]] = []
    raw, new = cells.work(
        raw, [(each.name, _rule(each, raw, latest)) for each in fields if each.name not in known]
    )
    results_of = dict(new) | {
        name: {key: raw[f"{name}__{key}"] for key in keys} for name, keys in known.items()
    }
    made = [(each.name, results_of[each.name]) for each in fields]
    for name, results in made:
        for key, value in results.items():
            if key.startswith("wrong_"):
                wrong.append((_Flag(key.removeprefix("wrong_"), name), value))
                continue
            column = {"value": contract.fields[name].column, "numeric": f"{name}_numeric"}.get(key, key)
            # A column of its own wins over what comes with another (RT over RT/RW).
            values[column] = ibis.coalesce(values[column], value) if column in values else value
    wide = raw.select(
        "rid",
        *PLACE,
        "wide",
        **_all_columns(contract, values),
        **{f"w{at}": value for at, (_, value) in enumerate(wrong)},
    )
    no_number = wide.nik.isnull() | (wide.nik.length() < _SOME_DIGITS)
    nobody = (no_number & wide.name.isnull()) if contract.people else ibis.literal(False)
    flags = [_Flag(_HELD, ""), _Flag(_REFUSED, ""), *(flag for flag, _ in wrong)]
    set_ = [wide.wide, nobody & ~wide.wide, *(wide[f"w{at}"] for at in range(len(wrong)))]
    bits = {
        f"flags_{start // _BITS}": _bits(set_[start : start + _BITS]) for start in range(0, len(set_), _BITS)
    }
    keep = [name for name in wide.columns if name != "wide" and not (name[0] == "w" and name[1:].isdigit())]
    return wide.select(*keep, **bits), flags


def _bits(flags: Sequence[ir.Value]) -> ir.Value:
    total: ir.Value = ibis.literal(0, type="int64")
    for at, flag in enumerate(flags):
        total = total + flag.fill_null(False).ifelse(
            ibis.literal(1 << at, type="int64"), ibis.literal(0, type="int64")
        )
    return total


def _all_columns(contract: Contract, values: Mapping[str, ir.Value]) -> dict[str, ir.Value]:
    return {
        column.name: values.get(column.name, ibis.null(column.type)).cast(column.type)
        if column.name in values
        else ibis.null(column.type)
        for column in columns(contract.kind)
        if column.name not in CALLERS
    }


def _rule(each: Field, raw: ir.Table, latest: dt.date) -> cells.Rule:
    """Return the rule for a field's cells."""
    cell = raw[f"f_{each.name}"]
    match each.type:
        case "nik" | "kk":
            return cells.number_of_dukcapil(cell, raw[f"{each.name}_numeric"], each.type.upper())
        case "date":
            return cells.date(cell, raw[f"order_{each.name}"], raw.date_1904, latest)
        case "place_date":
            return cells.place_and_date(cell, raw[f"order_{each.name}"], raw.date_1904, latest)
        case "code":
            return cells.code(cell, each, raw.relation_codes)
        case "boolean":
            return cells.boolean(cell, each)
        case "integer" | "decimal" | "money":
            return cells.number(cell, each)
        case "rt_rw":
            return cells.rt_rw(cell)
        case "name":
            return cells.name(cell)
        case "digits":
            return cells.digits(cell)
        case "phone":
            return cells.phone(cell)
        case "month":
            return cells.month(cell)
        case _:
            return cells.text(cell)


def _verdicts(raw: pl.DataFrame, bits: pl.DataFrame, flags: Sequence[_Flag]) -> pl.DataFrame:
    """Return per row of `raw` (`rid`): accepted, refused or held."""
    first = bits.sort("rid")["flags_0"]
    held, refused = (first & 1) != 0, (first & 2) != 0
    return pl.DataFrame({"rid": pl.int_range(len(raw), eager=True), "file": raw["file"]}).with_columns(
        verdict=pl.when(held)
        .then(pl.lit("held"))
        .when(refused)
        .then(pl.lit("refused"))
        .otherwise(pl.lit("accepted"))
    )


def _count(verdicts: pl.DataFrame) -> tuple[Counts, dict[str, Counts]]:
    by_file: dict[str, Counts] = {}
    for file, verdict, count in verdicts.group_by("file", "verdict").len().iter_rows():
        counts = by_file.setdefault(file, Counts())
        counts.rows += count
        setattr(counts, verdict, count)
    return sum(by_file.values(), Counts()), by_file


def _findings(
    raw: pl.DataFrame,
    bits: pl.DataFrame,
    flags: Sequence[_Flag],
    fields: Sequence[Field],
    contract: Contract,
    headers: Mapping[tuple[str, str, str], str],
    skip: frozenset[str],
) -> pl.DataFrame:
    told: list[pl.DataFrame] = []
    names = [name for name in bits.columns if name.startswith("flags_")]
    some = bits.filter(pl.any_horizontal(pl.col(names) != 0)).sort("rid")
    fields_by_name = {each.name: each for each in fields}
    for at, flag in enumerate(flags):
        if flag.code in skip:
            continue
        hit = some.filter((some[names[at // _BITS]] & (1 << at % _BITS)) != 0)["rid"]
        if not len(hit):
            continue
        where = raw.select(*PLACE)[hit]
        value = raw[f"f_{flag.field}"][hit] if flag.field else pl.Series([None] * len(hit), dtype=pl.String)
        shown = _shown(fields_by_name.get(flag.field))
        rows = where.with_columns(value=value).with_columns(
            code=pl.lit(flag.code), field=pl.lit(flag.field), value=shown.str.slice(0, 120)
        )
        if flag.code in _COLUMN_WIDE:
            rows = _once_per_column(rows, raw)
        if flag.code.endswith("-DIGIT-HILANG"):
            rows = _without_exact(rows, raw, flag.field)
        told.append(rows)
    told += _numeric_columns(raw, bits, contract)
    return _shaped(told, headers)


def _shown(each: Field | None) -> pl.Expr:
    """Return a finding's value as it may be seen: numbers of persons and names masked."""
    value = pl.col("value")
    if each is not None and each.secret:
        return mask_column(value)
    if each is not None and each.type == "name":
        value = mask_names(value)
    return mask_numbers(value)


def _without_exact(rows: pl.DataFrame, raw: pl.DataFrame, field_: str) -> pl.DataFrame:
    """Leave out sheets whose numbers a program wrote: Excel would have made the last digit 0 in all.

    One in ten serials ends in 0; `vocabulary.nik.exact_lists` draws the same line.
    """
    given = raw.filter(f"{field_}_numeric").group_by("file", "sheet").len("given")
    rounded = rows.group_by("file", "sheet").len("rounded").join(given, on=["file", "sheet"])
    exact = rounded.filter(pl.col("rounded") * 3 < pl.col("given"))
    return rows.join(exact, on=["file", "sheet"], how="anti", maintain_order="left")


def _once_per_column(rows: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    """Tell an empty column once, not in each of its rows."""
    size = raw.group_by("file", "sheet").len("size")
    empty = rows.group_by("file", "sheet").len("empty").join(size, on=["file", "sheet"])
    whole = empty.filter((pl.col("empty") == pl.col("size")) & (pl.col("size") > 20)).select("file", "sheet")
    if not whole.height:
        return rows
    single = rows.join(whole, on=["file", "sheet"], how="anti")
    once = rows.join(whole, on=["file", "sheet"], how="semi").unique(
        ["file", "sheet"], keep="first", maintain_order=True
    )
    return pl.concat([single, once.with_columns(row=pl.lit(None, dtype=pl.Int64))])


def _numeric_columns(raw: pl.DataFrame, bits: pl.DataFrame, contract: Contract) -> list[pl.DataFrame]:
    """Tell once per sheet that NIK or KK are numbers, not text."""
    told = []
    for name in ("nik", "kk"):
        if not raw[f"{name}_numeric"].any():
            continue
        counts = (
            raw.filter(f"{name}_numeric").group_by("delivery", "file", "sheet", maintain_order=True).len()
        )
        told.append(
            counts.select(
                "delivery",
                "file",
                "sheet",
                row=pl.lit(None, dtype=pl.Int64),
                value=pl.lit(None, dtype=pl.String),
                code=pl.lit(f"{name.upper()}-ANGKA"),
                field=pl.lit(name),
                evidence="count=" + pl.col("len").cast(pl.String),
            )
        )
    return told


def _shaped(told: Sequence[pl.DataFrame], headers: Mapping[tuple[str, str, str], str]) -> pl.DataFrame:
    """Bring findings into the declared shape, with the column's header as the agency wrote it."""
    if not told:
        return pl.DataFrame(schema=SCHEMA)
    rows = pl.concat(told, how="diagonal")
    catalogue = entries()
    known = pl.DataFrame(
        [(code, catalogue[code].severity, catalogue[code].acts) for code in rows["code"].unique()],
        schema=["code", "severity", "acts"], orient="row",
    )  # fmt: skip
    titles = pl.DataFrame(
        [(*key, header) for key, header in headers.items()],
        schema={"file": pl.String, "sheet": pl.String, "field": pl.String, "column": pl.String}, orient="row",
    )  # fmt: skip
    rows = rows.join(known, on="code", how="left").join(titles, on=["file", "sheet", "field"], how="left")
    rows = rows.with_columns(
        subject=pl.when(pl.col("row").is_null()).then(pl.lit("file")).otherwise(pl.lit("row")),
        subject_id=pl.when(pl.col("row").is_null()).then("delivery"),
        column=pl.col("column").fill_null(pl.col("field").replace("", None)),
        needs_word=pl.lit(value=False),
    )
    missing = {name: pl.lit(None, dtype=kind) for name, kind in SCHEMA.items() if name not in rows.columns}
    return rows.with_columns(**missing).select(list(SCHEMA)).cast(SCHEMA).sort("file", "sheet", "row", "code")


def columns_of(kind: str) -> list[str]:
    """Return the columns of `Typed.table` for a kind."""
    base = [column.name for column in BASE if column.name not in CALLERS]
    return [*PLACE, *base, *(column.name for column in contracts()[kind].columns)]


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
