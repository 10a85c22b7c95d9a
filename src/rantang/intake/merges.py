"""Cells merged over several rows, in workbooks where a search of the text does not find them: xls and ods."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

import python_calamine

from rantang.intake.guards import Merge, Package, RefusedError, whole

_TABLE: Final = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_SPANS: Final = re.compile(rb'number-rows-spanned="([2-9]|[1-9]\d+)"')
_COUNT: Final = re.compile(r"[0-9]{1,7}")
_MOST: Final = 100_000


def merges(data: bytes, package: Package) -> dict[str, list[Merge]]:
    """Return the merged ranges of an xls or ods by name of sheet; none where they cannot be read."""
    if package.format == "xls":
        return _of_xls(data)
    if package.format == "ods":
        return _of_ods(data)
    return {}


def _of_xls(data: bytes) -> dict[str, list[Merge]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        ranges = {name: book.get_sheet_by_name(name).merged_cell_ranges or [] for name in book.sheet_names}
    except python_calamine.CalamineError:
        return {}
    return {
        name: [(first, top, last, bottom) for (top, first), (bottom, last) in found[:_MOST]]
        for name, found in ranges.items()
    }


def _of_ods(data: bytes) -> dict[str, list[Merge]]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = {entry.filename.lower(): entry for entry in archive.infolist()}
        try:
            content = whole(archive, entries["content.xml"])
        except (KeyError, RefusedError):
            return {}
    # No program writes entities into a workbook; what they stand for may be endless.
    if not _SPANS.search(content) or b"<!ENTITY" in content:
        return {}
    found: dict[str, list[Merge]] = {}
    try:
        for name, merge in _spans(content):
            found.setdefault(name, []).append(merge)
            if len(found[name]) >= _MOST:
                break
    except ElementTree.ParseError:
        return {}
    return found


def _spans(content: bytes) -> Iterator[tuple[str, Merge]]:
    """Yield every range of cells merged over rows, and the name of its sheet."""
    name, row, column = "", 0, 0
    nodes = ElementTree.iterparse(io.BytesIO(content), events=("start", "end"))  # noqa: S314 (no entities here)
    for event, node in nodes:
        if node.tag == f"{_TABLE}table" and event == "start":
            name, row = node.get(f"{_TABLE}name", ""), 0
        elif node.tag == f"{_TABLE}table-row":
            if event == "start":
                column = 0
            else:
                row += _times(node, "rows-repeated")
                node.clear()
        elif event == "end" and node.tag in {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}:
            rows, columns = _times(node, "rows-spanned"), _times(node, "columns-spanned")
            if rows > 1:
                yield name, (column, row, column + columns - 1, row + rows - 1)
            column += _times(node, "columns-repeated")


def _times(node: ElementTree.Element, what: str) -> int:
    said = node.get(f"{_TABLE}number-{what}", "1")
    return int(said) if _COUNT.fullmatch(said) else 1
