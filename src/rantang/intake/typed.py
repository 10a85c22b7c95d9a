"""Every cell gets its type, every row its verdict: accepted, refused (it carries nobody) or held."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import ibis
import polars as pl
import pyarrow as pa

from rantang.catalogue import entries
from rantang.contracts import Contract, Field, columns, contracts
from rantang.intake.findings import SCHEMA, mask_column, mask_names, mask_numbers
from rantang.intake.harvest import fields_of
from rantang.intake.understand import Said, cells_of, understand
from rantang.tables.intake import BASE
from rantang.vocabulary import nik

# What the caller knows and adds: which list this is, and the keys made of it.
CALLERS: Final = ("row_key", "content_key", "agency", "kind", "period")
PLACE: Final = ("delivery", "file", "sheet", "row")
LATEST: Final = dt.date(2099, 12, 31)
_SOME_DIGITS: Final = 12  # fewer (or 3,57E+15) name nobody
_REFUSED, _HELD = "BARIS-TANPA-ORANG", "BARIS-LEBAR"
# What identity says in an edition.
_IDENTITYS: Final = frozenset({"NIK-TANGGAL", "NIK-SERIAL", "KK-TANGGAL", "KK-SERIAL"})
# In a second row about the same person they say another thing: another aid, month, flag or illness.
_APART: Final = (
    "programme", "bulan", "tanggal_salur", "jenis_bantuan", "tanda", "tanggal", "kondisi", "jenis_penyakit",
)  # fmt: skip
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


def type_rows(
    raws: Mapping[str, pl.DataFrame],
    *,
    headers: Mapping[tuple[str, str, str], str] | None = None,
    latest: dt.date = LATEST,
    alone: bool = False,
) -> dict[str, Typed]:
    """Give harvested rows their types.

    Parameters
    ----------
    raws
        Per kind the rows of any number of files (`harvest.Harvest.raw` with `file` and `delivery`),
        concatenated; a column that only some files have is null in the others.
    headers
        (file, sheet, field) → header as written, for the findings.
    latest
        No date after it is possible: the last day of the edition's period.
    alone
        The list is looked at on its own: also say which numbers cannot exist. In an edition that is
        identity's to say (`identity.findings`).
    """
    whole = {kind: _complete(raw) for kind, raw in raws.items()}
    asked = [
        (kind, each) for kind, raw in whole.items() for each in fields_of(kind, raw) if _asked(each, raw)
    ]
    said = understand([(each, cells_of(each, whole[kind])) for kind, each in asked], latest)
    answers: dict[str, list[tuple[Field, Said]]] = {kind: [] for kind in whole}
    for (kind, each), own in zip(asked, said, strict=True):
        answers[kind].append((each, own))
    skip = frozenset() if alone else _IDENTITYS
    return {kind: _typed(kind, raw, answers[kind], headers or {}, skip) for kind, raw in whole.items()}


def _complete(raw: pl.DataFrame) -> pl.DataFrame:
    """Add what a caller may leave out; a column without a cell is one of texts all the same."""
    defaults = {
        "delivery": pl.lit(""), "file": pl.lit(""), "sheet": pl.lit(""), "row": pl.lit(0, dtype=pl.Int64),
        "nik_numeric": pl.lit(value=False), "kk_numeric": pl.lit(value=False), "wide": pl.lit(value=False),
        "date_1904": pl.lit(value=False), "relation_codes": pl.lit("regsosek"),
    }  # fmt: skip
    missing = {name: value for name, value in defaults.items() if name not in raw.columns}
    return raw.with_columns(pl.col("^f_.*$").cast(pl.String), **missing)


def _asked(each: Field, raw: pl.DataFrame) -> bool:
    return each.type in {"nik", "kk"} or raw[f"f_{each.name}"].null_count() < raw.height


@dataclass(frozen=True)
class _Flag:
    """What is wrong, in which field, and in which rows."""

    code: str
    field: str
    rows: pl.Series


def _typed(
    kind: str,
    raw: pl.DataFrame,
    answers: Sequence[tuple[Field, Said]],
    headers: Mapping[tuple[str, str, str], str],
    skip: frozenset[str],
) -> Typed:
    """Put the answers of a kind's fields together: rows, verdicts and findings."""
    contract = contracts()[kind]
    values: dict[str, pl.Series] = {}
    wrong: list[_Flag] = []
    for each, said in answers:
        for key, value in said.items():
            if key.startswith("wrong_"):
                wrong.append(_Flag(key.removeprefix("wrong_"), each.name, value.fill_null(value=False)))
                continue
            column = {"value": each.column, "numeric": f"{each.name}_numeric"}.get(key, key)
            # A column of its own wins over what comes with another (RT over RT/RW).
            values[column] = (
                values[column].zip_with(values[column].is_not_null(), value) if column in values else value
            )
    rows = raw.select(*PLACE).with_columns(_declared(contract, values))
    held, refused = raw["wide"], _nobody(contract, rows) & ~raw["wide"]
    flags = [_Flag(_HELD, "", held), _Flag(_REFUSED, "", refused), *_error_cells(contract, raw), *wrong]
    alone = not skip
    if alone:
        flags.append(_Flag("NIK-SAMA-KK", "nik", _same_as_kk(rows, wrong)))
    findings = _findings(
        raw,
        [flag for flag in flags if flag.code not in skip],
        headers,
        contract,
        _repeated(rows.filter(~held), raw.filter(~held)) if alone and contract.people else [],
    )
    return Typed(kind, _arrow(rows.filter(~(held | refused))), findings, *_count(raw["file"], held, refused))


def _same_as_kk(rows: pl.DataFrame, wrong: Sequence[_Flag]) -> pl.Series:
    """Say where NIK and KK are one number that could be either; with the women's 40 it cannot be a KK."""
    same = ((rows["nik"] == rows["kk"]) & (rows["nik"].str.len_chars() == nik.LENGTH)).fill_null(value=False)
    for flag in wrong:
        if flag.code in {"NIK-TANGGAL", "KK-TANGGAL"}:
            same = same & ~flag.rows
    return same


def _repeated(rows: pl.DataFrame, raw: pl.DataFrame) -> list[pl.DataFrame]:
    """Tell which rows have the NIK of a row before them, and of which; not where a digit may be lost."""
    lost = raw["nik_numeric"].fill_null(value=False) & rows["nik"].str.ends_with("0")
    sure = rows.filter(rows["nik"].str.contains(r"^[0-9]{16}$") & ~lost)
    key = ["file", "nik", *(name for name in _APART if name in rows.columns)]
    same_sheet = pl.col("sheet") == pl.col("sheet").first().over(key)
    row = pl.col("row").first().over(key).cast(pl.String)
    sheet = pl.col("sheet").first().over(key).str.replace_all(";", ",", literal=True)
    again = sure.with_columns(
        number=pl.int_range(pl.len()).over(key),
        first=pl.when(same_sheet).then(row).otherwise(pl.concat_str(sheet, row, separator="!")),
    ).filter(pl.col("number") > 0)
    told = again.select(
        *PLACE,
        value=mask_column(pl.col("nik")),
        code=pl.lit("NIK-BERULANG"),
        field=pl.lit("nik"),
        evidence="first=" + pl.col("first"),
    )
    return [told] if told.height else []


def _error_cells(contract: Contract, raw: pl.DataFrame) -> list[_Flag]:
    return [
        _Flag("SEL-GALAT", name, raw[f"error_{name}"].fill_null(value=False))
        for name in contract.fields
        if f"error_{name}" in raw.columns
    ]


def _declared(contract: Contract, values: Mapping[str, pl.Series]) -> list[pl.Series | pl.Expr]:
    """Return a contract's columns with their types; null where no field filled one."""
    made: list[pl.Series | pl.Expr] = []
    for column in columns(contract.kind):
        if column.name not in CALLERS:
            type_ = ibis.dtype(column.type).to_polars()
            value = values.get(column.name)
            none = pl.lit(None, dtype=type_).alias(column.name)
            made.append(none if value is None else value.cast(type_).alias(column.name))
    return made


def _nobody(contract: Contract, rows: pl.DataFrame) -> pl.Series:
    """Say which rows name nobody: no name, and no number with enough digits."""
    if not contract.people:
        return pl.repeat(value=False, n=rows.height, eager=True)
    number = (rows["nik"].str.len_chars() >= _SOME_DIGITS).fill_null(value=False)
    return ~number & rows["name"].is_null()


def _count(file: pl.Series, held: pl.Series, refused: pl.Series) -> tuple[Counts, dict[str, Counts]]:
    told = pl.DataFrame({"file": file, "held": held, "refused": refused}).group_by("file")
    by_file = {
        name: Counts(rows, rows - holds - refuses, refuses, holds)
        for name, rows, holds, refuses in told.agg(pl.len(), pl.sum("held"), pl.sum("refused")).iter_rows()
    }
    return sum(by_file.values(), Counts()), by_file


def _findings(
    raw: pl.DataFrame,
    flags: Sequence[_Flag],
    headers: Mapping[tuple[str, str, str], str],
    contract: Contract,
    more: Sequence[pl.DataFrame],
) -> pl.DataFrame:
    told: list[pl.DataFrame] = []
    said = {(flag.code, flag.field): flag.rows for flag in flags}
    for flag in flags:
        hit = flag.rows.arg_true()
        if not len(hit):
            continue
        value = raw[f"f_{flag.field}"][hit] if flag.field else pl.Series([None] * len(hit), dtype=pl.String)
        shown = _shown(contract.fields.get(flag.field))
        rows = (
            raw.select(*PLACE)[hit]
            .with_columns(value=value)
            .with_columns(code=pl.lit(flag.code), field=pl.lit(flag.field), value=shown.str.slice(0, 120))
        )
        if flag.code in _COLUMN_WIDE:
            rows = _once_per_column(rows, raw)
        if flag.field and (explained := _explained(flag, said)) is not None:
            places = raw.filter(explained).select(*PLACE)
            rows = rows.join(places, on=PLACE, how="anti", nulls_equal=False, maintain_order="left")
        if flag.code.endswith("-DIGIT-HILANG"):
            rows = _without_exact(rows, raw, flag.field)
        told.append(rows)
    return _shaped([*told, *_numeric_columns(raw), *more], headers)


def _explained(flag: _Flag, said: Mapping[tuple[str, str], pl.Series]) -> pl.Series | None:
    """Say in which rows another finding tells why the cell is as it is: a problem is told once.

    The cells of a row that slid are another column's; a row that names nobody has no number, and a formula
    that failed none either.
    """
    rows = said[_HELD, ""]
    if flag.code in _COLUMN_WIDE:
        rows = rows | said[_REFUSED, ""]
        if (error := said.get(("SEL-GALAT", flag.field))) is not None:
            rows = rows | error
    return rows if rows.any() else None


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

    `vocabulary.nik.exact_lists` draws the same line: what is not told here, identity must take for exact.
    """
    given = raw.filter(f"{field_}_numeric").group_by("file", "sheet").len("given")
    rounded = rows.group_by("file", "sheet").len("rounded").join(given, on=["file", "sheet"])
    few = pl.col("rounded") * nik.EXACT_ONE_IN < pl.col("given")
    exact = rounded.filter((pl.col("given") >= nik.EXACT_FROM) & few)
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


def _numeric_columns(raw: pl.DataFrame) -> list[pl.DataFrame]:
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
    return (
        rows.with_columns(**missing)
        .select(list(SCHEMA))
        .cast(SCHEMA)
        .sort("file", "sheet", "row", "code", "column")
    )


def columns_of(kind: str) -> list[str]:
    """Return the columns of `Typed.table` for a kind."""
    base = [column.name for column in BASE if column.name not in CALLERS]
    return [*PLACE, *base, *(column.name for column in contracts()[kind].columns)]


def _arrow(frame: pl.DataFrame) -> pa.Table:
    return frame.to_arrow(compat_level=pl.CompatLevel.oldest())
