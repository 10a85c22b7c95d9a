"""What `rantang link` and `rantang dedupe` share: a list with its map, naming pairs, scoring, telling."""

from __future__ import annotations

import datetime as dt
import io
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import ibis
import ibis.expr.types as ir
import polars as pl
import pyarrow as pa
from rich.table import Table as Shown

from rantang import linking
from rantang.cities import load
from rantang.cities.areas import areas
from rantang.cli.failing import without_numbers
from rantang.cli.say import console, number, say, say_json
from rantang.cli.writing import write_private, writing
from rantang.engine import Engine
from rantang.errors import RantangError
from rantang.identity.standardise import standardise
from rantang.intake.cells import date, work
from rantang.intake.findings import Found, found, words
from rantang.intake.harvest import date_order
from rantang.intake.sheets import RawSheet, ReadFile
from rantang.store.reading import read_one
from rantang.tables.intake import BASE
from rantang.texts import _

ENDINGS = (".csv", ".parquet")  # what pairs are written as
HEADER_ROWS = 30
OLDEST_YEAR = 1000  # lists from elsewhere may name the dead of centuries
ROW = " row"  # no header can be called so: their blanks are taken off
Roles = Mapping[str, str]


class Listed(NamedTuple):
    """A list as it was read.

    Attributes
    ----------
    frame
        Its cells as they stand below the header, plus `ROW`.
    roles
        Its columns by role.
    sheets
        Names of the sheets that were read, in the order of their rows.
    findings
        What is to be said of sheets that were not.
    """

    frame: pl.DataFrame
    roles: Roles
    sheets: Sequence[str] = ()
    findings: Sequence[Found] = ()


def roles(path: Path | None) -> dict[str, Roles | None]:
    """Read a map: `[columns]` for both lists, or `[a]` and `[b]`; None where the aliases decide."""
    if path is None:
        return {"a": None, "b": None}
    try:
        written = tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise RantangError("PETA-RUSAK", file=path, why=problem) from problem
    parts = {part: _part(written.get(part, {}), part, path) for part in ("columns", "a", "b")}
    if not any(parts.values()):
        raise RantangError("PETA-KOSONG", roles=", ".join(linking.ROLES))
    return {side: {**parts["columns"], **parts[side]} or None for side in ("a", "b")}


def _part(written: object, part: str, path: Path) -> dict[str, str]:
    """Return a part of a map: lines `role = "column name"`."""
    if not isinstance(written, dict) or not all(isinstance(column, str) for column in written.values()):
        raise RantangError("PETA-RUSAK", file=path, why=f'[{part}]: role = "column name"')
    return written


def read(path: Path, roles: Roles | None) -> Listed:
    """Read a list: of a workbook the first sheet that has the columns, and all with the same headings."""
    file = read_one(path)
    if any(finding["code"] == "BERKAS-TIDAK-ADA" for finding in file.findings):
        raise RantangError("DAFTAR-TIDAK-ADA", file=path)
    if not file.readable:
        raise RantangError("BERKAS-TAK-TERBACA", file=path, why=_why(file))
    headers = {
        place: header
        for place, sheet in enumerate(file.sheets)
        if not sheet.hidden and (header := _header(sheet, roles))
    }
    if not headers:
        raise _no_header(file, roles, path)
    headings = _headings(next(iter(headers.values())).names)
    taken = [place for place, header in headers.items() if _headings(header.names) == headings]
    parts = [_below(file.sheets[place].frame, headers[place]) for place in taken]
    frame = pl.concat(parts, how="diagonal").with_row_index(ROW).with_columns(pl.col(ROW).cast(pl.Int64))
    sheets = [file.sheets[place].name for place in taken]
    left = [sheet for place, sheet in enumerate(file.sheets) if place not in taken]
    told = [finding for sheet in left for finding in _left(sheet)]
    return Listed(frame, roles or _aliases(frame, path), sheets, told)


def identified(lists: Mapping[str, Listed], place: str, engine: Engine) -> list[ir.Table]:
    """Standardise the identifying columns of lists that `read` gave, each under a name of its own.

    All at once: what two lists write alike is read once.
    """
    rows = {name: _rows(read.frame, read.roles, name, engine) for name, read in lists.items()}
    every = ibis.union(*rows.values()) if len(rows) > 1 else next(iter(rows.values()))
    standard = engine.keep(standardise(every, areas(load(place)), today(), engine.keep), "identified")
    return [
        linking.with_foreign(standard.filter(standard.agency == name), raw, engine.keep)
        for name, raw in rows.items()
    ]


def _rows(frame: pl.DataFrame, roles: Roles, name: str, engine: Engine) -> ir.Table:
    """Return the columns of intake's ``BASE`` of a list."""
    raw = _with_dates(_with_roles(frame, roles, name, engine), frame, roles)
    rows = linking.as_rows(raw, name)
    return engine.keep(rows.select(*(column.name for column in BASE)), f"{name}_rows")


def _with_roles(frame: pl.DataFrame, roles: Roles, name: str, engine: Engine) -> ir.Table:
    """Load the columns that have a role, under names of our own: to an engine NAMA and Nama are one."""
    own = {column: f"c{place}" for place, column in enumerate(dict.fromkeys(roles.values()))}
    cells = frame.select(
        row=ROW, **{ours: pl.col(column).cast(pl.String).str.strip_chars() for column, ours in own.items()}
    )
    return linking.with_roles(
        engine.load(cells.to_arrow(), name), {role: own[column] for role, column in roles.items()}
    )


def today() -> dt.date:
    """The day at which ages are taken: two lists from anywhere have no period of their own."""
    return dt.datetime.now(dt.UTC).date()


def _with_dates(raw: ir.Table, frame: pl.DataFrame, roles: Roles) -> ir.Table:
    """Read birth dates in any common form; an unreadable one is missing."""
    if "birth_date" not in raw.columns:
        return raw
    order = date_order(frame[roles["birth_date"]].cast(pl.String).str.strip_chars())
    rule = date(raw.birth_date, ibis.literal(order), ibis.literal(False), today(), OLDEST_YEAR)
    table, made = work(raw, rule)
    return table.mutate(birth_date=made["value"]).select(*raw.columns)


def _why(file: ReadFile) -> str:
    return " ".join(words(finding).message for finding in file.findings).rstrip(".") or "?"


class Header(NamedTuple):
    """The row of a sheet (from 0) that names its columns, and the names."""

    at: int
    names: Sequence[str]


def _header(sheet: RawSheet, roles: Roles | None) -> Header | None:
    """Find the row that names the columns asked for."""
    wanted = set((roles or {}).values())
    for at, cells in enumerate(sheet.frame.head(HEADER_ROWS).rows()):
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        if (wanted and wanted <= set(names)) or (roles is None and linking.known_columns(names)):
            return Header(at, names)
    return None


def _headings(names: Sequence[str]) -> Sequence[str]:
    return sorted(name for name in names if name)


def _no_header(file: ReadFile, roles: Roles | None, path: Path) -> RantangError:
    visible = [sheet for sheet in file.sheets if not sheet.hidden and sheet.frame.height]
    if not visible:
        return RantangError("BERKAS-TAK-TERBACA", file=path, why="LEMBAR-TERSEMBUNYI")
    # Without a header the first row is somebody's: their numbers are no column names.
    seen = ", ".join(without_numbers(str(cell)) for cell in visible[0].frame.row(0) if cell)
    columns = ", ".join((roles or {}).values()) or "name"
    return RantangError("PETA-KOLOM", column=columns, columns=seen, file=path)


def _left(sheet: RawSheet) -> Sequence[Found]:
    """Say of a sheet that was not read why; an empty one is not missed, unless it could not be read."""
    if not sheet.frame.height:
        return sheet.findings
    return [found("LEMBAR-TERSEMBUNYI" if sheet.hidden else "LEMBAR-JUDUL-LAIN", sheet=sheet.name)]


def _below(frame: pl.DataFrame, header: Header) -> pl.DataFrame:
    unique: list[str] = []
    for place, name in enumerate(header.names):
        unique.append(name if name and name not in unique else f"{name}#{place}")
    return frame.slice(header.at + 1).rename(dict(zip(frame.columns, unique, strict=True)))


def _aliases(frame: pl.DataFrame, path: Path) -> Roles:
    roles = linking.known_columns(frame.columns)
    if not roles:
        raise RantangError("PETA-KOSONG", roles=", ".join(linking.ROLES), file=path)
    return roles


def check_columns(frame: pl.DataFrame, path: Path, *columns: str | None) -> None:
    """Say that a column of the list at `path` is not there before the work, not after it.

    Raises
    ------
    RantangError
        ``PETA-KOLOM``.
    """
    for column in columns:
        if column is not None and column not in frame.columns:
            others = ", ".join(name for name in frame.columns if name != ROW)
            raise RantangError("PETA-KOLOM", column=column, columns=others, file=path)


def ids(frame: pl.DataFrame, column: str | None) -> pl.DataFrame:
    """Return ``row, id``: the ids as given, or row numbers from 0."""
    name = pl.col(column) if column else pl.col(ROW).cast(pl.String)
    return frame.select(row=ROW, id=name)


def named(answer: pa.Table, a: pl.DataFrame, b: pl.DataFrame) -> pl.DataFrame:
    """Put the lists' own ids on the pairs: ``id_a, id_b, probability, tier, decision``."""
    table = pl.DataFrame(answer)
    joined = table.join(a.rename({"row": "a", "id": "id_a"}), on="a", how="left")
    joined = joined.join(b.rename({"row": "b", "id": "id_b"}), on="b", how="left")
    return joined.sort("a", "b").select("id_a", "id_b", "probability", "tier", "decision")


def write(pairs: pl.DataFrame, out: Path) -> None:
    """Write the pairs as csv or parquet, after the file's ending; ids may be NIK, so for the owner alone.

    Raises
    ------
    RantangError
        ``TULIS-GAGAL``.
    """
    content = io.BytesIO()
    if out.suffix.lower() == ".parquet":
        pairs.write_parquet(content)
    else:
        pairs.write_csv(content)
    with writing(out):
        write_private(out, content.getvalue())


def score(pairs: pl.DataFrame, frame: pl.DataFrame, ids: pl.DataFrame, truth: str) -> dict[str, Any]:
    """Precision, recall and F1 of the matches against B's true ids; read only after deciding."""
    known = _truth(frame, ids, truth)
    match = pairs.filter(pl.col("decision") == "match").join(known, on="id_a", how="left")
    right = match.filter(pl.col("id_b") == pl.col("true")).height
    return rates(right, match.height, known.filter(pl.col("true").is_not_null()).height)


def score_doubles(pairs: pl.DataFrame, frame: pl.DataFrame, ids: pl.DataFrame, truth: str) -> dict[str, Any]:
    """As `score`, for the pairs of one list: `truth` is the column with the person's id."""
    known = _truth(frame, ids, truth)
    match = pairs.filter(pl.col("decision") == "match").join(known, on="id_a")
    match = match.join(known.rename({"id_a": "id_b", "true": "true_b"}), on="id_b")
    right = match.filter(pl.col("true") == pl.col("true_b")).height
    sizes = known.drop_nulls().group_by("true").len()
    total = int((sizes["len"] * (sizes["len"] - 1) // 2).sum())
    return rates(right, match.height, total)


def _truth(frame: pl.DataFrame, ids: pl.DataFrame, truth: str) -> pl.DataFrame:
    return ids.join(frame.select(row=ROW, true=truth), on="row").select("true", id_a="id")


def rates(right: int, found: int, total: int) -> dict[str, Any]:
    """Precision, recall and F1."""
    precision = right / found if found else None
    recall = right / total if total else None
    f1 = 2 * precision * recall / (precision + recall) if precision and recall else None
    return {
        "matches": found,
        "right": right,
        "true": total,
        "precision": precision,
        "recall": recall,
        "f1": f1,
    }


def tell(
    named: pl.DataFrame,
    pairs: linking.Pairs,
    score: Mapping[str, Any],
    lists: Mapping[str, Listed],
    out: Path,
    as_json: bool,
) -> None:
    """Say what was found, for people or for machines."""
    counts = dict(named.group_by("decision").len().rows())
    limit = pairs.threshold.value if pairs.threshold.value <= 1 else None
    rows = lists["a"].frame.height
    answer = {
        "rows": rows,
        "match": counts.get("match", 0),
        "review": counts.get("review", 0),
        "none": counts.get("none", 0),
        "threshold": limit,
        "certified": pairs.threshold.certified,
        "calibration": pairs.calibration.source,
        "score": dict(score),
        "sheets": {name: list(read.sheets) for name, read in lists.items()},
        "findings": [
            {"list": name, "code": each["code"], "sheet": each["sheet"], "message": _sentence(each)}
            for name, read in lists.items()
            for each in read.findings
        ],
        "out": str(out),
    }
    if as_json:
        say_json(answer)
        return
    _tell_sheets(lists)
    shown = Shown(box=None, pad_edge=False)
    shown.add_column("")
    shown.add_column("", justify="right")
    shown.add_row(_("rows"), number(rows))
    shown.add_row(_("pairs linked"), number(counts.get("match", 0)))
    shown.add_row(_("pairs to look at"), number(counts.get("review", 0)))
    shown.add_row(_("threshold"), _share(limit))
    shown.add_row(_("calibration"), _calibration(pairs.calibration.source))
    for name in ("precision", "recall", "f1"):
        if score.get(name) is not None:
            shown.add_row(name, _share(score[name]))
    console.print(shown)
    if limit is None:
        say(
            _(
                "No threshold could be shown above which fewer than one link in a thousand is false, mostly "
                "because rows are few. So only rows of equal number and equal name are linked; people look "
                "at the rest."
            )
        )
    say(str(out))


def _share(value: float | None) -> str:
    """Write a share with all its decimals, six at most."""
    text = number(value, 6)
    return text if value is None else text.rstrip("0").rstrip(",.")


def _calibration(source: str) -> str:
    """Say what probabilities were calibrated by."""
    return _("not made") if source == "none" else _("by hiding the NIK")


def _tell_sheets(lists: Mapping[str, Listed]) -> None:
    """Say which sheets were read and which were not, where there were several."""
    for name, read in lists.items():
        if len(read.sheets) > 1 or read.findings:
            say(f"{name.upper()}: " + _("sheets: {names}", names=", ".join(read.sheets)))
        for each in read.findings:
            say(f"{name.upper()}: [{each['code']}] {_sentence(each)}")


def _sentence(finding: Found) -> str:
    told = words(finding)
    return f"{told.message} {told.mend}".strip()
