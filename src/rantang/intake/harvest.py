"""Take the data rows out of a sheet: titles, totals, page headings and signatures stay behind."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from rantang.contracts import Field, contracts
from rantang.intake import tables, ticks
from rantang.intake.findings import found
from rantang.intake.headers import HeaderMatch, match
from rantang.intake.sheets import LONG_NUMBER, RawSheet, ReadFile

_TOTAL: Final = (
    r"(?i)^\W*(grand\s+total|sub\s*total|total|jumlah|jml|rekapitulasi)\b\W*"
    r"(\d[\d.,]*\s*(orang|jiwa|kpm|kk|siswa|anak|rumah|unit|keluarga|peserta)?"
    r"|keseluruhan|seluruhnya|total|kpm|orang|jiwa|data|penerima|semua|\(?rp\)?)?\W*$"
)
# Words after it (of a kelurahan, an aid) are only believed in a row that has little else.
_LONG_TOTAL: Final = r"(?i)^\W*(grand\s+total|sub\s*-?\s*total|total|jumlah|jml|rekapitulasi)\b"
_AREA: Final = (
    r"(?i)^\W*(kel(urahan)?|kec(amatan)?|desa|dusun|lingkungan|rw|rt|wilayah|kota|kab(upaten)?|provinsi)"
    r"\b\W*\w"
)
_AMOUNT: Final = r"(?i)^(rp)?[\s.,]*\d[\d.,]*-?$"
_END_MARK: Final = r"^[#*=\-_.~+\s]{2,}$|(?i)^\W*(selesai|end of (data|file|report)|akhir data)\W*$"
_SIGNATURE: Final = (
    r"(?i)^\W*(mengetahui|menyetujui|yang membuat|dibuat oleh|diperiksa oleh|lurah|camat|plt\b|a\.?n\.? "
    r"|kepala (dinas|badan|bidang|seksi|kelurahan|sekolah|puskesmas)|nip\.?\s*:?\s*[\d.]*$|pembina|penata"
    r"|sumber data|keterangan\s*:|catatan\s*:|dicetak|tanggal cetak|halaman \d+"
    r"|[a-z .]{3,30},\s*\d{1,2}\s+[a-z]+\s+\d{4}\W*$)"
)
_FEW, _MOST = 0.1, 0.9
_COUNTER: Final = r"^[(\[]?\d{1,3}[)\].]?$"
# Numbers of columns under the headings: 4, (4), d, 6=4x5, 7 (5+6).
_COLUMN_NUMBER: Final = r"^[(\[]?(\d{1,3}|[a-z])[)\].]?(\s*[=(][\d\s=x*:/+().-]+)?$"
_IN_BRACKETS: Final = r"^[(\[].*[)\]]$"  # what to fill in, under the headings: (16 digit) | (sesuai KTP)
_ORDINAL: Final = r"^\(?([IVXLC]{1,6}|[A-Z]|\d{1,3})[.)]?$"
# What cells of a type look like, roughly: enough to see that a column holds what its neighbour should.
_LOOKS: Final = {
    "nik": LONG_NUMBER,
    "kk": LONG_NUMBER,
    "date": r"^\d{1,4}[-/. ](\d{1,2}|[A-Za-z]{3,9})[-/. ]\d{2,4}\b|^\d{8}$",
    "integer": r"^\d{1,3}$",
    "money": _AMOUNT,
    "rt": r"^(?i:r[tw])?[\s.]*\d{1,3}$",
    "rw": r"^(?i:r[tw])?[\s.]*\d{1,3}$",
}
_DMY: Final = r"^(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{2}|\d{4})\b"


@dataclass
class SheetReport:
    """What became of one sheet; `columns` maps headers as written to fields."""

    sheet: str
    header_row: int
    columns: dict[str, str]
    rows: int


@dataclass
class Harvest:
    """The rows of one file, as text, under canonical names.

    Attributes
    ----------
    raw
        `sheet`, `row`, `nik_numeric`, `kk_numeric`, `wide`, `date_1904`, `relation_codes`, and per field that
        the file has `f_NAME`, of dates also `order_NAME`; where cells hold error values `error_NAME`.
    headers
        (sheet, field) → header as written.
    unread
        Rows of sheets whose header was not understood: they are held for a person.
    """

    kind: str | None
    raw: pl.DataFrame
    sheets: list[SheetReport] = field(default_factory=list)
    headers: dict[tuple[str, str], str] = field(default_factory=dict)
    unread: int = 0
    findings: list[dict[str, Any]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Data rows over the sheets that were used, or that wait for a person."""
        return int(self.raw.height) + self.unread


def harvest(
    file: ReadFile, kind: str | None = None, saved_mapping: Mapping[str, str] | None = None
) -> Harvest:
    """Take the rows out of a file.

    Parameters
    ----------
    kind
        Kind of list, where the folder or the user says it; else it is guessed from the headers.
    """
    findings = list(file.findings)
    if kind is not None and kind not in contracts():
        raise KeyError(kind)
    visible = [ticks.joined(sheet) for sheet in file.sheets if not sheet.hidden and sheet.frame.height]
    findings += [
        found("LEMBAR-TERSEMBUNYI", sheet=sheet.name)
        for sheet in file.sheets
        if sheet.hidden and sheet.frame.height
    ]
    matches = _match_all(visible, [kind] if kind else None, saved_mapping)
    chosen = kind or _vote(matches)
    findings += [finding for sheet in visible for finding in sheet.findings]
    visible, matches = _apart(visible, matches, saved_mapping, findings)
    out = Harvest(kind=chosen, raw=pl.DataFrame(), findings=findings)
    parts = []
    for sheet, made in zip(visible, matches, strict=True):
        understood = made
        if made is not None and chosen and made.contract.kind != chosen:
            understood = match(sheet, [chosen], saved_mapping)
        if understood is None:
            _leave(sheet, out, only=len(visible) == 1 or not any(matches))
            continue
        rows = _take(sheet, understood, out)
        parts.append(rows)
        columns = {understood.headers[at]: name for name, at in understood.columns.items()}
        out.sheets.append(SheetReport(sheet.name, understood.header_row, columns, rows.height))
    if parts:
        out.raw = pl.concat(parts, how="diagonal")
        if not out.rows:
            findings.append(found("BERKAS-KOSONG"))
        if kind is None and file.readable:
            findings.append(found("KONTRAK-DITEBAK", kind=chosen))
    return out


def _apart(
    sheets: Sequence[RawSheet],
    matches: Sequence[HeaderMatch | None],
    mapping: Mapping[str, str] | None,
    findings: list[dict[str, Any]],
) -> tuple[list[RawSheet], list[HeaderMatch | None]]:
    """Take several lists on one sheet apart, and say so."""
    lists: list[tuple[RawSheet, HeaderMatch | None]] = []
    for sheet, made in zip(sheets, matches, strict=True):
        of_sheet = _lists_of(sheet, made, mapping)
        if len(of_sheet) > 1:
            findings.append(found("LEMBAR-BEBERAPA-DAFTAR", sheet=sheet.name, count=len(of_sheet)))
        lists += of_sheet
    return [sheet for sheet, _ in lists], [made for _, made in lists]


def _lists_of(
    sheet: RawSheet, made: HeaderMatch | None, mapping: Mapping[str, str] | None
) -> list[tuple[RawSheet, HeaderMatch | None]]:
    parts = [sheet] if made is None else tables.apart(sheet, made)
    if made is None or len(parts) == 1:
        return [(sheet, made)]
    kind = [made.contract.kind]
    return [each for part in parts for each in _lists_of(part, match(part, kind, mapping), mapping)]


def _match_all(
    sheets: Sequence[RawSheet], kinds: Sequence[str] | None, mapping: Mapping[str, str] | None
) -> list[HeaderMatch | None]:
    matches = [match(sheet, kinds, mapping) for sheet in sheets]
    # Beside a real list, a sheet in which one word fits is a page of instructions.
    if any(made is not None and len(made.columns) > 1 for made in matches):
        matches = [made if made is not None and len(made.columns) > 1 else None for made in matches]
    return matches


def _vote(matches: Sequence[HeaderMatch | None]) -> str | None:
    votes: dict[str, float] = {}
    for made in matches:
        if made is not None:
            votes[made.contract.kind] = votes.get(made.contract.kind, 0.0) + made.score
    return max(votes, key=lambda kind: votes[kind]) if votes else None


def _leave(sheet: RawSheet, out: Harvest, *, only: bool) -> None:
    """Say why a sheet was not used; its rows are held where it seems to be the list."""
    filled = sheet.frame.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    people = any(
        bool((column.str.contains(LONG_NUMBER).sum() or 0) * 5 >= max(column.drop_nulls().len(), 1))
        and column.drop_nulls().len() > 0
        for column in sheet.frame
    )
    if not people and not only:
        out.findings.append(found("LEMBAR-BUKAN-DAFTAR", sheet=sheet.name))
        return
    lines = int(filled.sum())
    header = 0 if people and _first_is_data(sheet) else 1
    held = max(lines - header, 0)
    out.unread += held
    out.findings.append(found("KOLOM-TANPA-JUDUL", sheet=sheet.name, count=held))


def _first_is_data(sheet: RawSheet) -> bool:
    return any(value and len(value) >= 15 and value.isdigit() for value in sheet.frame.row(0))


def _take(sheet: RawSheet, made: HeaderMatch, out: Harvest) -> pl.DataFrame:
    names = sheet.frame.columns
    start = made.header_row - sheet.first_row + 1
    frame = sheet.frame.with_row_index("_at").slice(start)
    frame = _data_only(frame, names, sheet, made, out)
    rows = frame["_at"]
    raw = frame.select(
        **{f"f_{name}": _peel(pl.col(column)) for name, column in made.columns.items()},
    ).with_columns(
        sheet=pl.lit(sheet.name),
        row=rows.cast(pl.Int64) + sheet.first_row,
        nik_numeric=_mask(sheet, made.columns.get("nik"), rows),
        kk_numeric=_mask(sheet, made.columns.get("kk"), rows),
        wide=_wide(sheet, frame, made, out),
        date_1904=pl.lit(sheet.date_1904),
    )  # fmt: skip
    raw = raw.with_columns(**_hints(raw, made), **_errors(sheet, made, raw["row"]))
    out.headers |= {(sheet.name, name): made.headers.get(column, "") for name, column in made.columns.items()}
    out.findings += made.findings
    merged = int(pl.Series(sheet.merged_rows, dtype=pl.Int64).is_in(raw["row"].implode()).sum())
    if merged:
        out.findings.append(found("SEL-GABUNG", sheet=sheet.name, count=merged))
    return raw


def _wide(sheet: RawSheet, frame: pl.DataFrame, made: HeaderMatch, out: Harvest) -> pl.Series:
    """Say which rows of a text file have more cells than headings: a delimiter within a cell moved them.

    Where most rows have them, it is a column without a heading, unless cells have moved in most rows, too.
    """
    rows = frame["_at"]
    last = max(int(column[1:]) for column in made.headers)
    beyond = [column for column in sheet.frame.columns if int(column[1:]) > last]
    bare = [column for column in sheet.frame.columns if column not in made.headers]
    over = frame.select(pl.any_horizontal([pl.lit(value=False), *(pl.col(c).is_not_null() for c in beyond)]))
    more = over.to_series().fill_null(value=False)
    more = more if len(more) == len(rows) else pl.Series([False] * len(rows), dtype=pl.Boolean)
    few = sheet.delimited and (
        int(more.sum()) * 2 < len(rows) or _moved(frame.filter(more), made, len(beyond))
    )
    filled = [column for column in bare if frame[column].null_count() < frame.height]
    filled = [column for column in filled if not (few and column in beyond)]
    if filled:
        out.findings.append(found("KOLOM-TAK-BERJUDUL", sheet=sheet.name, count=len(filled)))
    wide = more if few else pl.Series([False] * len(rows), dtype=pl.Boolean)
    return wide if sheet.overflow is None else wide | rows.is_in(sheet.overflow.cast(rows.dtype).implode())


def _moved(frame: pl.DataFrame, made: HeaderMatch, most: int) -> bool:
    """Say whether cells hold what headings before them promise: `JL MAWAR 1, BLOK A` without quotes.

    Of neighbours of one look (RT and RW) all must have moved, by as many places; in each row by its own.
    """
    if not most or not frame.height:
        return False
    looks = {column: look for name, column in made.columns.items() if (look := _look_of(name, made))}
    for column, look in looks.items():
        run = [int(column[1:])]
        while looks.get(f"c{run[-1] + 1}") == look:
            run.append(run[-1] + 1)
        moved = [
            pl.all_horizontal(_fits(f"c{place + places}", look, frame) for place in run)
            for places in range(1, most + 1)
        ]
        own, there = frame.select(
            own=_fits(column, look, frame).mean(), there=pl.any_horizontal(moved).mean()
        ).row(0)
        if (own or 0.0) < _FEW and (there or 0.0) > _MOST:
            return True
    return False


def _look_of(name: str, made: HeaderMatch) -> str | None:
    return _LOOKS.get(name) or _LOOKS.get(made.contract.fields[name].type)


def _fits(column: str, look: str, frame: pl.DataFrame) -> pl.Expr:
    if column not in frame.columns:
        return pl.lit(value=False)
    return pl.col(column).str.strip_chars().str.contains(look).fill_null(value=False)


def _data_only(
    frame: pl.DataFrame, names: Sequence[str], sheet: RawSheet, made: HeaderMatch, out: Harvest
) -> pl.DataFrame:
    mapped = list(made.columns.values())
    frame = frame.filter(pl.any_horizontal(pl.col(names).is_not_null()))
    nik = (
        pl.col(made.columns["nik"]).str.contains(LONG_NUMBER).fill_null(value=False)
        if "nik" in made.columns
        else pl.lit(value=False)
    )
    first = list(dict.fromkeys([*names[:4], *mapped[:6]]))
    filled = pl.sum_horizontal(pl.col(names).is_not_null())
    # Expensive looks only at rows that a cheap one suspects: lists are long, totals few.
    near = pl.col("_at") <= made.header_row - sheet.first_row + 2
    suspects = frame.filter(~nik & (near | (filled <= max(len(names) * 0.7, 3))) | _repeats(made))
    if not suspects.height:
        return frame
    counted = pl.all_horizontal(pl.col(names).is_null() | pl.col(names).str.contains(_COLUMN_NUMBER))
    told = pl.all_horizontal(pl.col(names).is_null() | pl.col(names).str.contains(_IN_BRACKETS))
    kinds = suspects.select(
        "_at",
        heading=_repeats(made),
        counter=(counted | told) & (filled >= 2) & near,
        total=pl.any_horizontal(pl.col(first).str.contains(_TOTAL)) | _says_total(names, made, filled),
        amounts=pl.all_horizontal(pl.col(names).is_null() | pl.col(names).str.contains(_AMOUNT))
        & ~_names_somebody(made),
        group=_heads_group(names, made, filled),
        mark=pl.all_horizontal(pl.col(names).is_null() | pl.col(names).str.contains(_END_MARK)),
        numbered=pl.all_horizontal(pl.col(mapped).is_null())
        & pl.all_horizontal(pl.col(names).is_null() | pl.col(names).str.contains(_COUNTER)),
        signature=pl.any_horizontal(pl.col(names).str.contains(_SIGNATURE)) & (filled <= 3),
    ).with_columns(pl.all().exclude("_at").fill_null(value=False))
    last = _last_person(frame, made)
    kinds = kinds.with_columns(
        signature=pl.col("signature") & (pl.col("_at") > last),
        total=pl.col("total") | (pl.col("amounts") & ~pl.col("numbered") & (pl.col("_at") > last)),
    ).drop("amounts")
    # Below a signature block only its own lines follow: names and ranks without a number.
    first_signature = kinds.filter("signature")["_at"].min()
    if first_signature is not None:
        kinds = kinds.with_columns(signature=pl.col("signature") | (pl.col("_at") > first_signature))
    dropped = kinds.filter(pl.any_horizontal(pl.all().exclude("_at")))
    totals = int(dropped["total"].sum())
    if totals:
        out.findings.append(found("BARIS-JUMLAH", sheet=sheet.name, count=totals))
    below = [
        row - sheet.first_row for row in sheet.merged_rows
    ]  # a heading merged over its sub-headings' row
    repeats = pl.col("heading") & ~pl.col("_at").is_in(pl.Series(below, dtype=dropped["_at"].dtype).implode())
    feet = dropped.filter(
        ~pl.col("total") & (pl.col("signature") | pl.col("mark") | repeats | pl.col("group"))
    ).height
    if feet:
        out.findings.append(found("BARIS-KAKI", sheet=sheet.name, count=feet))
    return frame.filter(~pl.col("_at").is_in(dropped["_at"].implode()))


def _names_somebody(made: HeaderMatch) -> pl.Expr:
    people = [made.columns[name] for name in ("nik", "kk", "name") if name in made.columns]
    return pl.any_horizontal(pl.col(people).is_not_null()) if people else pl.lit(value=True)


def _says_total(names: Sequence[str], made: HeaderMatch, filled: pl.Expr) -> pl.Expr:
    """Whether a row's first text is a total of something, and it says little else."""
    text = pl.coalesce(pl.col(names))
    name = pl.col(made.columns["name"]) if "name" in made.columns else pl.lit(None, dtype=pl.String)
    alone = name.is_null() | (name == text)
    return text.str.contains(_LONG_TOTAL) & alone & (filled <= max(len(names) // 2, 2))


def _heads_group(names: Sequence[str], made: HeaderMatch, filled: pl.Expr) -> pl.Expr:
    """Whether a row is a heading over the rows below: one text alone, and nobody's name.

    The name of an area may have its own number before it: `II | Kelurahan Dinoyo`.
    """
    text = pl.coalesce(pl.col(names))
    name = pl.col(made.columns["name"]) if "name" in made.columns else pl.lit(None, dtype=pl.String)
    heading = text.str.contains(r"\p{L}") & ~text.str.contains(r"\d{9}")
    area = text.str.contains(_AREA)
    alone = (filled == 1) & heading & (name.is_null() | area)
    texts = pl.concat_list(pl.col(names)).list.drop_nulls()
    second = texts.list.get(1, null_on_oob=True)
    counted = (filled == 2) & text.str.contains(_ORDINAL) & second.str.contains(_AREA)
    counted = counted & ~second.str.contains(r"\d{9}")
    return (alone | counted) & pl.lit(value=len(made.columns) > 1)


def _repeats(made: HeaderMatch) -> pl.Expr:
    """Whether a row repeats the header, as on every printed page."""
    same = [
        pl.col(column) == made.headers[column]
        for column in list(made.columns.values())[:6]
        if column in made.headers
    ]
    return (
        (pl.sum_horizontal(same) >= min(2, len(same))).fill_null(value=False) if same else pl.lit(value=False)
    )


def _last_person(frame: pl.DataFrame, made: HeaderMatch) -> int:
    """Return the place of the last row that has a number of Dukcapil, or most of the mapped columns."""
    mapped = list(made.columns.values())
    numbers = [made.columns[name] for name in ("nik", "kk") if name in made.columns]
    sure = pl.any_horizontal(pl.col(numbers).str.contains(r"\d{15,}")) if numbers else pl.lit(value=False)
    enough = pl.sum_horizontal(pl.col(mapped).is_not_null()) >= max(2, (len(mapped) + 1) // 2)
    places = frame.filter((sure | enough).fill_null(value=False))["_at"]
    return int(places.max()) if places.len() else -1


def _peel(cell: pl.Expr) -> pl.Expr:
    """Take off what Excel puts around a text to keep it one: `'5201…` and `="5201…"`; also quotes of SQL."""
    inner = cell.str.replace(r'^="(.*)"$', "$1").str.replace(r"^'(.*)'$", "$1")
    inner = inner.str.replace(r"^['’`]+\s*", "").str.strip_chars()
    marked = (
        cell.str.starts_with("'")
        | cell.str.starts_with('="')
        | cell.str.starts_with("’")
        | cell.str.starts_with("`")
    )
    return pl.when(marked).then(pl.when(inner != "").then(inner)).otherwise(cell)


def _mask(sheet: RawSheet, column: str | None, rows: pl.Series) -> pl.Expr | pl.Series:
    mask = sheet.numeric.get(column or "")
    if mask is None:
        return pl.lit(value=False)
    padded = (
        mask
        if len(mask) >= sheet.frame.height
        else mask.extend_constant(False, sheet.frame.height - len(mask))
    )
    return padded.gather(rows)


def _hints(raw: pl.DataFrame, made: HeaderMatch) -> dict[str, pl.Expr]:
    """What a column as a whole says about its cells: month first or day first, whose code numbers."""
    hints: dict[str, pl.Expr] = {}
    for each in made.contract.fields.values():
        if each.type in {"date", "place_date"} and each.name in made.columns:
            hints[f"order_{each.name}"] = pl.lit(date_order(raw[f"f_{each.name}"]))
    numbering = made.contract.relation_codes
    if "relation" in made.columns and numbering != "siak" and _beyond_regsosek(raw["f_relation"]):
        numbering = "siak"
    hints["relation_codes"] = pl.lit(numbering)
    return hints


def date_order(cells: pl.Series) -> str:
    """Return `mdy` where more dates of a column must begin with the month than with the day, else `dmy`."""
    parts = cells.str.extract_groups(_DMY).struct.unnest()
    first, second = (parts.to_series(at).cast(pl.Int32, strict=False) for at in (0, 1))
    month_first = int(((first <= 12) & (second > 12)).sum() or 0)
    day_first = int(((first > 12) & (second <= 12)).sum() or 0)
    return "mdy" if month_first > day_first else "dmy"


def _beyond_regsosek(cells: pl.Series) -> bool:
    return bool(cells.is_in(["9", "10", "11"]).any())


def _errors(sheet: RawSheet, made: HeaderMatch, rows: pl.Series) -> dict[str, pl.Series]:
    """Say in which rows the cell of a field holds an error value (`#N/A`)."""
    names = {column: name for name, column in made.columns.items()}
    places: dict[str, list[int]] = {}
    for row, column in sheet.errors:
        if column in names:
            places.setdefault(names[column], []).append(row)
    return {f"error_{name}": rows.is_in(given) for name, given in places.items()}


def fields_of(kind: str, raw: pl.DataFrame) -> list[Field]:
    """Return the fields of a kind that a harvest has, in the contract's order."""
    return [each for each in contracts()[kind].fields.values() if f"f_{each.name}" in raw.columns]
