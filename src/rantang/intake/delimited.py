"""Text files: encoding and delimiter found out, quoted line breaks kept, no size limit."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

import polars as pl

from rantang.intake.findings import found
from rantang.intake.guards import RefusedError
from rantang.intake.sheets import RawSheet, tidy

DELIMITERS: Final = ",;\t|~^"
_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar", "": "-"}
_SAMPLE: Final = 256 * 1024
_SEP_LINE: Final = re.compile(rb'^"?sep=(.)"?(?:\r?\n|\r)')
_BREAK: Final = "\n"
_PERSON: Final = r"\b[0-9]{15,17}\b"
_SURE_LINES: Final = 3
_SURE_WIDTH: Final = 4  # a line of an address seldom has so many commas
_LAST_LINE: Final = 64 * 1024
_LONGEST_CELL: Final = 2**31 - 1  # Python's own limit is 128 KiB


def read_text(data: bytes) -> tuple[RawSheet, dict[str, str]]:
    """Read a text file; returns its one sheet (without a name) and the facts found out.

    Raises
    ------
    RefusedError
        It holds nothing but blanks.
    """
    text, encoding = _to_utf8(data)
    findings = []
    if encoding not in {"utf-8", "utf-16"}:
        findings.append(found("BERKAS-ENKODE", encoding=encoding))
    sep = _SEP_LINE.match(text)
    if sep:  # a spreadsheet does not show this line, nor count it
        text = text[sep.end() :]
    if b"\r" in text[:_SAMPLE] and b"\n" not in text[:_SAMPLE]:
        text = text.replace(b"\r", b"\n")
    delimiter = sep[1].decode("ascii", "replace") if sep else sniff(text[:_SAMPLE].decode("utf-8", "ignore"))
    text = _quotes_at_the_start(text, delimiter)
    frame, overflow, quoted = _table(text, delimiter)
    if not quoted:
        findings.append(found("BERKAS-KUTIP"))
    if frame.width == 1 and (inner := _wrapped(frame)):
        frame, overflow, _ = _table("\n".join(frame.to_series().fill_null("")).encode(), inner)
        delimiter = inner
    frame = tidy(frame)
    if not frame.height:
        raise RefusedError("BERKAS-KOSONG")
    if overflow is not None:
        overflow = overflow.filter(overflow < frame.height)
    sheet = RawSheet("", frame, overflow=overflow, delimited=True, findings=findings)
    return sheet, {"encoding": encoding, "delimiter": _NAMES.get(delimiter, delimiter)}


def _to_utf8(data: bytes) -> tuple[bytes, str]:
    """Return the text in UTF-8 and the encoding it had."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _recode(data, "utf-16"), "utf-16"
    head = data[:4096]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) > len(head) // 4:
        return _recode(data, "utf-16-be" if even > odd else "utf-16-le"), "utf-16"
    data = data.removeprefix(b"\xef\xbb\xbf")
    if b"\0" in data:
        data = data.replace(b"\0", b"")
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        # Lists of several offices put into one file: each line has the encoding of its own.
        return b"\n".join(_line_to_utf8(line) for line in data.split(b"\n")), "cp1252"
    return data, "utf-8"


def _line_to_utf8(line: bytes) -> bytes:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return _recode(line, "cp1252")
    return line


def _recode(data: bytes, encoding: str) -> bytes:
    return data.decode(encoding, "replace").replace("\0", "").lstrip("\ufeff").encode()


def _quotes_at_the_start(text: bytes, delimiter: str) -> bytes:
    """Take out blanks between a delimiter and a quotation mark: `"a", "b"` is two cells in quotes."""
    if not delimiter.strip():
        return text
    mark = delimiter.encode()
    return re.sub(re.escape(mark) + rb' +"', lambda _: mark + b'"', text) if mark + b' "' in text else text


def _rows_of(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    csv.field_size_limit(_LONGEST_CELL)
    return csv.reader(lines, delimiter=delimiter)


def sniff(sample: str) -> str:
    """Return the delimiter under which most lines have the same number of cells; empty for none."""
    lines = sample.splitlines(keepends=True)[:400]
    if len(lines) > _SURE_LINES:
        lines = lines[:-1]  # the sample may end within a line
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        try:
            widths = Counter(len(row) for row in _rows_of(lines, delimiter) if len(row) > 1)
        except csv.Error:
            continue
        if not widths:
            continue
        width, count = widths.most_common(1)[0]
        score = count / max(len(lines), 1) * min(width - 1, 4) ** 0.5
        if score > best_score * 1.02:
            best, best_score = delimiter, score
    return best


def _table(text: bytes, delimiter: str) -> tuple[pl.DataFrame, pl.Series | None, bool]:
    """Return cells, the rows that are too wide, and whether quotes could be obeyed."""
    width = _usual_width(text[:_SAMPLE].decode("utf-8", "ignore"), delimiter)
    frame, paired = _quoted(text, delimiter, width), True
    if frame is None or _open_at_the_end(text, delimiter, width) or _runaway(frame, delimiter, width):
        paired = False
        frame = _quoted(_without_stray_quotes(text, delimiter, width), delimiter, width)
        if frame is None or _runaway(frame, delimiter, width):
            frame = _fast(text, delimiter, width, None)
    if frame is None:
        raise RefusedError("BERKAS-RUSAK", why="csv")
    over = frame[f"c{width}"]
    overflow = over.is_not_null() & (over.str.strip_chars() != "")
    rows = overflow.fill_null(value=False).arg_true()
    return frame.drop(f"c{width}"), (rows if len(rows) else None), paired


def _quoted(text: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    frame = _fast(text, delimiter, width, '"')
    return _lenient(text, delimiter, width) if frame is None else frame


def _usual_width(sample: str, delimiter: str) -> int:
    """Return how wide a list's rows are: the widest that comes more than once, title lines aside."""
    if not delimiter:
        return 1
    lines = sample.splitlines(keepends=True)
    if len(lines) > _SURE_LINES:
        lines = lines[:-1]
    try:
        widths = Counter(len(row) for row in _rows_of(lines, delimiter))
    except csv.Error:
        widths = Counter(line.count(delimiter) + 1 for line in lines)
    usual, _ = max(widths.items(), key=lambda item: (item[1] if item[0] > 1 else 0, item[0]), default=(1, 1))
    first = max((width for width, count in widths.items() if count * 20 >= len(lines)), default=usual)
    return max(usual, first if first < usual + 3 else usual, 1)


def _fast(text: bytes, delimiter: str, width: int, quote: str | None) -> pl.DataFrame | None:
    """Read with Polars; a made first line fixes the width, one column more than usual."""
    separator = delimiter or "\x1f"
    guide = separator.join(["x"] * (width + 1)).encode() + b"\n"
    try:
        frame = pl.read_csv(
            io.BytesIO(guide + text),
            has_header=False,
            separator=separator,
            quote_char=quote,
            schema={f"c{index}": pl.String for index in range(width + 1)},
            truncate_ragged_lines=True,
            encoding="utf8",
            low_memory=False,
        )
    except (pl.exceptions.PolarsError, ValueError):
        return None
    return frame.slice(1)


def _lenient(text: bytes, delimiter: str, width: int) -> pl.DataFrame | None:
    """Read with the standard library, which forgives quotes in the middle of a cell."""
    columns: list[list[str | None]] = [[] for _ in range(width + 1)]
    try:
        for row in _rows_of(io.StringIO(text.decode("utf-8", "replace"), newline=""), delimiter or "\x1f"):
            padded: list[str | None] = [*row[: width + 1], *([None] * (width + 1 - len(row)))]
            for column, cell in zip(columns, padded, strict=True):
                column.append(cell)
    except csv.Error:
        return None
    return pl.DataFrame({f"c{at}": pl.Series(cells, dtype=pl.String) for at, cells in enumerate(columns)})


def _runaway(frame: pl.DataFrame, delimiter: str, width: int) -> bool:
    """Whether a quote that was never closed swallowed lines: a cell then holds whole rows of the list."""
    for column in frame:
        broken = column.filter(column.str.contains(_BREAK, literal=True).fill_null(value=False))
        rows = sum(_is_row(line, delimiter, width) for cell in broken for line in cell.split(_BREAK)[1:])
        if rows:
            return True
    return False


def _open_at_the_end(text: bytes, delimiter: str, width: int) -> bool:
    """Whether the last line is a row with a quote that is never closed: it swallows the rest of the row."""
    line = text.rstrip()[-_LAST_LINE:].rsplit(b"\n", 1)[-1]
    return line.count(b'"') % 2 == 1 and _is_row(line.decode("utf-8", "ignore"), delimiter, width)


def _is_row(line: str, delimiter: str, width: int) -> bool:
    """Whether a line within a cell is a row of the list, not a line of an address."""
    cells = line.count(delimiter) + 1 if delimiter else 1
    return cells >= max(width, 2) and (re.search(_PERSON, line) is not None or width > _SURE_WIDTH)


def _without_stray_quotes(text: bytes, delimiter: str, width: int) -> bytes:
    """Take the quotes out of lines in which they do not pair, where the next line is a row by itself."""
    lines = text.split(b"\n")
    for at, line in enumerate(lines[:-1]):
        after = lines[at + 1]
        alone = line.count(b'"') % 2 == 1 and after.count(b'"') % 2 == 0
        if alone and _is_row(after.decode("utf-8", "ignore"), delimiter, width):
            lines[at] = line.replace(b'"', b"")
    if _open_at_the_end(text, delimiter, width):
        last = max(at for at, line in enumerate(lines) if line.strip())
        lines[last] = lines[last].replace(b'"', b"")
    return b"\n".join(lines)


def _wrapped(frame: pl.DataFrame) -> str:
    """Return the delimiter within cells where each whole line was put in quotes, else nothing."""
    lines = [value for value in frame.to_series().head(200).to_list() if value]
    inner = sniff("\n".join(lines))
    if not inner or len(lines) < 2:
        return ""
    return inner if len({line.count(inner) for line in lines}) == 1 else ""
