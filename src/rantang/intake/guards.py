"""What is this file, and is it safe to unpack? Looked at before any reader sees it.

Limits (TRUST F2): a city's own list of 190,000 × 15 is 16 MiB packed and 169 MiB unpacked, a tenth of
these. Sizes are taken from the zip directory and counted again while unpacking, since a directory can lie.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

MAX_PACKED: Final = 200 * 2**20
MAX_UNPACKED: Final = 2 * 2**30
MAX_ENTRIES: Final = 200
MAX_RATIO: Final = 200
SMALL: Final = 8 * 2**20  # below this the ratio says nothing: 2 KiB of equal rows pack 500:1
MAX_SHEET_ROWS: Final = 1_048_576  # rows of a sheet in Excel 2007 and later
_CHUNK: Final = 4 * 2**20
_OVERLAP: Final = 512

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF: Final = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # how the globals of a BIFF8 workbook begin
_FILEPASS: Final = 0x2F
_FIRST_RECORDS: Final = 12
_OTHERS: Final = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"\x1f\x8b": "gzip",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x7fELF": "program",
    b"MZ": "program",
    b"SQLite format 3": "SQLite",
    b"{\\rtf": "RTF",
    b"BM": "BMP",
}
_REF: Final = re.compile(rb'<dimension [^>]*ref="[A-Z]+\d+:([A-Z]+)(\d+)"')
_ROW: Final = re.compile(rb'<(?:x:)?row [^>]*?\br="(\d{1,10})"')
_WIDE: Final = re.compile(rb'<(?:x:)?c r="([A-Z]{3})\d')
_LONG: Final = re.compile(rb"<(?:x:)?v>-?\d[\d.]{14,}(?:E\+?\d+)?<|<(?:x:)?v>\d\.\d+E\+?0?1[4-6]<")
_FORMULA: Final = re.compile(rb"<(?:x:)?f[ />]")
_NO_VALUE: Final = re.compile(rb"</(?:x:)?f>\s*(?:<(?:x:)?v\s*/>|<(?:x:)?v></(?:x:)?v>)?\s*</(?:x:)?c>")
_ERROR: Final = re.compile(rb'<(?:x:)?c [^>]*?t="e"')
_MERGE: Final = re.compile(rb'<(?:x:)?mergeCell [^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ODS_LONG: Final = re.compile(
    rb'office:value="-?\d[\d.]{14,}(?:E\+?\d+)?"|office:value="\d\.\d+E\+?0?1[4-6]"'
)
_ODS_FORMULA: Final = re.compile(rb"table:formula=")


class RefusedError(Exception):
    """The file is not read; `code` of the catalogue says why, `values` fill its message."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code, values)
        self.code = code
        self.values = values


# First column, first row, last column, last row, from zero.
Merge = tuple[int, int, int, int]


@dataclass
class SheetFacts:
    """What the XML of one sheet tells before it is read."""

    rows: int = 0
    wide: int = 0
    long_numbers: bool = False
    shared_texts: bool = False
    formulas: int = 0
    formulas_without_value: int = 0
    errors: int = 0
    merges: list[Merge] = field(default_factory=list)


@dataclass
class Package:
    """A file's true format and, for packed ones, what its parts tell."""

    format: str
    date_1904: bool = False
    sheets: dict[str, SheetFacts] = field(default_factory=dict)  # part name -> facts
    names: dict[str, str] = field(default_factory=dict)  # sheet name -> part name


def detect(data: bytes) -> str:
    """Return the true format: `zip`, `ole`, `parquet`, `markup` or `text`.

    Raises
    ------
    RefusedError
        Empty, or something that holds no table.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise RefusedError("BERKAS-KOSONG")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if data.startswith(_OLE):
        return "ole"
    if data.startswith(b"PAR1"):
        return "parquet"
    for magic, name in _OTHERS.items():
        if data.startswith(magic) and (len(magic) > 2 or b"\0" in data[:512]):
            raise RefusedError("BERKAS-FORMAT", format=name)
    head = data[:4096]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(head):
        letters = head.replace(b"\0", b"").lstrip(b"\xff\xfe \t\r\n").lower()
        return "markup" if letters.startswith((b"<?xml", b"<html", b"<table", b"<!doctype")) else "text"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<", b"mime-version:")):
        return "markup"
    if start.startswith((b'{"', b"[{", b"{\n", b"{ ")):
        raise RefusedError("BERKAS-FORMAT", format="JSON")
    if _looks_binary(head):
        raise RefusedError("BERKAS-FORMAT", format="biner")
    return "text"


def _looks_binary(head: bytes) -> bool:
    """Whether control characters or NULs say that this is no text.

    Some programs end their fields with NUL: few of them, and no other control character, are no reason.
    """
    nul = head.count(0)
    control = sum(0 < byte < 9 or 13 < byte < 26 or 26 < byte < 32 for byte in head)
    return nul > len(head) // 5 or control > len(head) // 50 or (control > 0 and nul > len(head) // 50)


def _looks_utf16(head: bytes) -> bool:
    even, odd = head[0::2].count(0), head[1::2].count(0)
    return max(even, odd) > len(head) // 4 and min(even, odd) <= len(head) // 100


def open_ole(data: bytes) -> Package:
    """Look into an OLE file: an old workbook, a protected one, or something else.

    Raises
    ------
    RefusedError
        A password protects it, or it is no workbook.
    """
    if _utf16("EncryptedPackage") in data:
        raise RefusedError("BERKAS-SANDI")
    # Names of streams do not tell capitals from small letters; some programs write WORKBOOK.
    if any(_utf16(name) in data for name in ("Workbook", "WORKBOOK", "Book", "BOOK")):
        if _is_locked(data):
            raise RefusedError("BERKAS-SANDI")
        return Package("xls")
    raise RefusedError("BERKAS-FORMAT", format="OLE")


def _is_locked(data: bytes) -> bool:
    """Whether an old workbook says among its first records that it is encrypted (FILEPASS)."""
    at = data.find(_BOF)
    for _ in range(_FIRST_RECORDS if at >= 0 else 0):
        kind, size = (int.from_bytes(data[at + offset : at + offset + 2], "little") for offset in (0, 2))
        if kind == _FILEPASS:
            return True
        at += 4 + size
    return False


def _utf16(text: str) -> bytes:
    return text.encode("utf-16-le")


def open_zip(data: bytes) -> Package:
    """Check a zip file's directory, unpack every part once while counting, and say what it is.

    Raises
    ------
    RefusedError
        Over a limit, damaged, protected, or no workbook.
    """
    if len(data) > MAX_PACKED:
        raise RefusedError(
            "BERKAS-BESAR", size=f"{len(data) / 2**20:.0f} MiB", limit=f"{MAX_PACKED // 2**20} MiB"
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError, EOFError) as error:
        raise RefusedError("BERKAS-RUSAK", why="zip") from error
    if len(entries) > MAX_ENTRIES:
        raise RefusedError("BERKAS-BOM", what=f"{len(entries)} entri", limit=str(MAX_ENTRIES))
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError("BERKAS-SANDI")
    _check_sizes(sum(entry.file_size for entry in entries), len(data))
    package = _identify(archive, entries)
    _unpack_all(data, entries, package)
    return package


def _check_sizes(unpacked: int, packed: int) -> None:
    if unpacked > MAX_UNPACKED:
        raise RefusedError(
            "BERKAS-BOM", what=f"{unpacked / 2**20:.0f} MiB", limit=f"{MAX_UNPACKED // 2**20} MiB"
        )
    if unpacked > SMALL and unpacked > packed * MAX_RATIO:
        raise RefusedError("BERKAS-BOM", what=f"{unpacked // max(packed, 1)}:1", limit=f"{MAX_RATIO}:1")


def _identify(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Package:
    names = {entry.filename.replace("\\", "/").lstrip("/").lower(): entry for entry in entries}
    if "xl/workbook.bin" in names:
        return Package("xlsb")
    if any(name.endswith(".xml") and name.startswith("xl/") for name in names):
        return _identify_xlsx(archive, names)
    if b"spreadsheetml.sheet" in _small(archive, names.get("[content_types].xml")):
        return Package("xlsx")
    if "content.xml" in names:
        manifest = _small(archive, names.get("meta-inf/manifest.xml"))
        if b"encryption-data" in manifest:
            raise RefusedError("BERKAS-SANDI")
        kind = _small(archive, names.get("mimetype"))
        if b"spreadsheet" in kind or (
            not kind and b"office:spreadsheet" in _small(archive, names["content.xml"])
        ):
            return Package("ods")
        raise RefusedError("BERKAS-FORMAT", format=kind.decode("ascii", "replace")[:60] or "ODF")
    if "word/document.xml" in names:
        raise RefusedError("BERKAS-FORMAT", format="Word")
    if "ppt/presentation.xml" in names:
        raise RefusedError("BERKAS-FORMAT", format="PowerPoint")
    raise RefusedError("BERKAS-FORMAT", format="ZIP")


def _identify_xlsx(archive: zipfile.ZipFile, names: dict[str, zipfile.ZipInfo]) -> Package:
    book = _small(archive, names.get("xl/workbook.xml"))
    links = _small(archive, names.get("xl/_rels/workbook.xml.rels"))
    package = Package("xlsx", date_1904=bool(re.search(rb'date1904="(?:1|true)"', book)))
    targets: dict[bytes, str] = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship [^>]*>", links):
        at, to = re.search(rb'\bId="([^"]*)"', tag), re.search(rb'\bTarget="([^"]*)"', tag)
        if at and to:
            target = to[1].decode("utf-8", "replace").lstrip("/")
            targets[at[1]] = target if target.startswith("xl/") else f"xl/{target}"
    for tag in re.findall(rb"<(?:\w+:)?sheet [^>]*>", book):
        name, link = re.search(rb'\bname="([^"]*)"', tag), re.search(rb'\br?:?id="([^"]*)"', tag)
        if name and link and link[1] in targets:
            package.names[_unescape(name[1])] = targets[link[1]].lower()
    return package


def _unescape(raw: bytes) -> str:
    import html  # noqa: PLC0415

    return html.unescape(raw.decode("utf-8", "replace"))


def whole(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, limit: int = -1) -> bytes:
    """Return what a part of a zip holds, or its beginning.

    Raises
    ------
    RefusedError
        It is damaged.
    """
    try:
        with archive.open(entry) as stream:
            return stream.read(limit)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        raise RefusedError("BERKAS-RUSAK", why=entry.filename[:60]) from error


def _small(archive: zipfile.ZipFile, entry: zipfile.ZipInfo | None) -> bytes:
    return b"" if entry is None else whole(archive, entry, 2**20)


def _unpack_all(data: bytes, entries: list[zipfile.ZipInfo], package: Package) -> None:
    """Unpack every part in pieces, count what really comes out, and look at the sheets in passing."""
    total = 0
    for entry in entries:
        name = entry.filename.replace("\\", "/").lstrip("/").lower()
        facts = SheetFacts()
        before = b""
        for piece in _pieces(data, entry):
            total += len(piece)
            _check_sizes(total, len(data))
            if package.format == "xlsx" and name.startswith("xl/worksheets/") and name.endswith(".xml"):
                _look(before, piece, facts)
                package.sheets[name] = facts
            elif package.format == "ods" and name == "content.xml":
                _look_ods(before, piece, facts)
                package.sheets[name] = facts
            before = piece[-_OVERLAP:]
        if facts.rows > MAX_SHEET_ROWS:
            raise RefusedError("BERKAS-BARIS", rows=f"{facts.rows}", limit=str(MAX_SHEET_ROWS))
    # Without the part that holds them every text would silently be an empty cell.
    texts = any("sharedstrings" in entry.filename.lower() for entry in entries)
    if not texts and any(facts.shared_texts for facts in package.sheets.values()):
        raise RefusedError("BERKAS-RUSAK", why="sharedStrings.xml")


def _pieces(data: bytes, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield what an entry really holds, whatever its header says."""
    at = entry.header_offset
    if data[at : at + 4] != b"PK\x03\x04":
        raise RefusedError("BERKAS-RUSAK", why=entry.filename[:60])
    start = at + 30 + int.from_bytes(data[at + 26 : at + 28], "little")
    start += int.from_bytes(data[at + 28 : at + 30], "little")
    packed = memoryview(data)[start : start + entry.compress_size]
    if len(packed) < entry.compress_size:
        raise RefusedError("BERKAS-RUSAK", why=entry.filename[:60])
    if entry.compress_type == zipfile.ZIP_STORED:
        for offset in range(0, len(packed), _CHUNK):
            yield bytes(packed[offset : offset + _CHUNK])
        return
    if entry.compress_type != zipfile.ZIP_DEFLATED:
        raise RefusedError("BERKAS-RUSAK", why=f"{entry.filename[:60]} ({entry.compress_type})")
    inflate = zlib.decompressobj(-15)
    rest: bytes | memoryview = packed
    try:
        while len(rest) and not inflate.eof:
            piece = inflate.decompress(rest, _CHUNK)
            rest = inflate.unconsumed_tail
            yield piece
    except zlib.error as error:
        raise RefusedError("BERKAS-RUSAK", why=entry.filename[:60]) from error


# Every capital becomes A and every digit 0: a shape is then found by a plain search, ten times faster
# than by an expression over the text itself.
_SHAPES: Final = bytes(65 if 65 <= code <= 90 else 48 if 48 <= code <= 57 else code for code in range(256))

# The same, with C to Z told from A and B: columns beyond BZ.
_FAR: Final = bytes(
    90 if 67 <= code <= 90 else 65 if 65 <= code <= 66 else 48 if 48 <= code <= 57 else code
    for code in range(256)
)
_NEAR_COLUMNS: Final = 78  # up to BZ
_TWO_LETTERS: Final = 702  # up to ZZ


def _look(before: bytes, piece: bytes, facts: SheetFacts) -> None:
    """Add to `facts` what a piece of a sheet's XML shows; `before` is the end of the last one."""
    text = before + piece
    shape = text.translate(_SHAPES)
    new = len(before)
    facts.shared_texts = facts.shared_texts or b' t="s"' in text
    if not before and (claim := _REF.search(text)):
        facts.rows = max(facts.rows, int(claim[2]))
    last = max(text.rfind(b"<row "), text.rfind(b"<x:row "))
    if last >= 0 and (row := _ROW.match(text, last)):
        facts.rows = max(facts.rows, int(row[1]))
    if b'c r="AAA0' in shape:
        facts.wide = max([facts.wide, *(column_number(cell[1]) for cell in _WIDE.finditer(text))])
    elif facts.wide < _TWO_LETTERS and b'c r="AA0' in shape:
        far = text.translate(_FAR)
        beyond = b'c r="ZA0' in far or b'c r="ZZ0' in far
        facts.wide = _TWO_LETTERS if beyond else max(facts.wide, _NEAR_COLUMNS)
    if not facts.long_numbers and (
        b"v>000000000000000" in shape or b"A+00<" in shape or b"A+000<" in shape or b"A00<" in shape
    ):
        facts.long_numbers = bool(_LONG.search(text))
    if b"<f" in text or b"<x:f" in text:
        facts.formulas += sum(match.end() > new for match in _FORMULA.finditer(text))
        facts.formulas_without_value += sum(match.end() > new for match in _NO_VALUE.finditer(text))
    if b't="e"' in text:
        facts.errors += sum(match.end() > new for match in _ERROR.finditer(text))
    if b"mergeCell " in text and len(facts.merges) < 100_000:
        for match in _MERGE.finditer(text):
            if match.end() > new:
                first, top, last_column, bottom = match.groups()
                facts.merges.append(
                    (column_number(first) - 1, int(top) - 1, column_number(last_column) - 1, int(bottom) - 1)
                )


def _look_ods(before: bytes, piece: bytes, facts: SheetFacts) -> None:
    text = before + piece
    shape = text.translate(_SHAPES)
    if b'value="000000000000000' in shape or b'A+00"' in shape or b'A+000"' in shape or b'A00"' in shape:
        facts.long_numbers = facts.long_numbers or bool(_ODS_LONG.search(text))
    if b"table:formula=" in text:
        facts.formulas += sum(match.end() > len(before) for match in _ODS_FORMULA.finditer(text))


def column_number(letters: bytes | str) -> int:
    """Return the number of a spreadsheet column: A is 1, XFD 16,384."""
    number = 0
    for letter in letters.encode() if isinstance(letters, str) else letters:
        number = number * 26 + letter - 64
    return number
