"""The agency's own file back, as a workbook, with what was found beside the rows.

Every cell is text (a NIK keeps its 16 digits) and safe: one that a spreadsheet could take for a formula
begins with an apostrophe, which reading takes off again. Rows stand where they stood.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from rantang.intake.findings import words
from rantang.intake.sheets import RawSheet, ReadFile
from rantang.texts import _

if TYPE_CHECKING:
    import xlsxwriter

_DANGEROUS: Final = r"^([=+\-@\t\r\x00＝＋－＠])"
_FORBIDDEN: Final = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
_NOT_IN_XML: Final = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{FFFE}\x{FFFF}]"
_MAX_TEXT: Final = 32_000  # Excel holds 32,767 characters in a cell
_MAX_ROWS: Final = 1_048_576
_ORDER: Final = {"galat": 0, "peringatan": 1, "info": 2}


def annotate(file: ReadFile, findings: pl.DataFrame, header_rows: Mapping[str, int]) -> bytes:
    """Write the file's sheets with findings beside their rows, after a sheet that sums them up.

    Parameters
    ----------
    file
        Its sheets as they stand.
    findings
        In the shape of `tables.intake.FINDINGS`: `sheet`, `row`, `code`, `severity`, `column`, `value`,
        `evidence` are read.
    header_rows
        Sheet → number of its header line; a sheet that is not there was not used and is left out.
    """
    import xlsxwriter  # noqa: PLC0415  (most checks write nothing)

    buffer = io.BytesIO()
    options = {
        "in_memory": True,  # else sheets lie in clear in the system's temporary folder until they are packed
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    book = xlsxwriter.Workbook(buffer, options)
    look = _Look(book)
    taken: set[str] = set()
    _write_summary(book.add_worksheet(_sheet_name(_("Findings"), taken)), look, findings)
    notes = _by_row(findings)
    for sheet in file.sheets:
        if sheet.name in header_rows:
            page = book.add_worksheet(_sheet_name(sheet.name or _("List"), taken))
            _write_sheet(page, look, sheet, header_rows[sheet.name], notes.get(sheet.name, {}))
    book.close()
    return buffer.getvalue()


class _Look:
    """The few formats used."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        text = {"num_format": "@", "valign": "top"}
        self.text = book.add_format(text)
        self.head = book.add_format({**text, "bold": True, "bottom": 1, "text_wrap": True})
        self.note_head = book.add_format({**text, "bold": True, "bottom": 1, "font_color": "#0B5F60"})
        self.notes = {
            "galat": book.add_format({**text, "font_color": "#B3361E"}),
            "peringatan": book.add_format({**text, "font_color": "#8A5A00"}),
            "info": book.add_format({**text, "font_color": "#5B6470"}),
        }


def safe(cell: pl.Expr) -> pl.Expr:
    """Make text cells safe to open: no formula, nothing XML cannot hold, not longer than Excel takes."""
    return cell.str.replace(_DANGEROUS, "'$1").str.replace_all(_NOT_IN_XML, "").str.slice(0, _MAX_TEXT)


def _sheet_name(name: str, taken: set[str]) -> str:
    base = name.translate(_FORBIDDEN).strip()[:28] or "Daftar"
    made, number = base, 2
    while made.casefold() in taken:
        made, number = f"{base} {number}", number + 1
    taken.add(made.casefold())
    return made


def _by_row(findings: pl.DataFrame) -> dict[str, dict[int, tuple[str, str, str]]]:
    """Gather findings per sheet and row: severity, codes, what to do."""
    rows = findings.filter(pl.col("row").is_not_null()).select(
        "sheet", "row", "code", "severity", "column", "value", "evidence"
    )
    said: dict[tuple[str, str | None, str | None], str] = {}
    gathered: dict[str, dict[int, tuple[str, str, str]]] = {}
    for finding in rows.iter_rows(named=True):
        key = (
            finding["code"],
            finding["column"],
            finding["value"] if finding["code"] == "KODE-LAIN" else finding["evidence"],
        )
        if key not in said:
            told = words(finding)
            where = f"{finding['column']}: " if finding["column"] else ""
            said[key] = f"{where}{told.message} {told.mend}".strip()
        notes = gathered.setdefault(finding["sheet"] or "", {})
        severity, codes, text = notes.get(finding["row"], (finding["severity"], "", ""))
        worst = min(severity, finding["severity"], key=lambda each: _ORDER.get(each, 3))
        notes[finding["row"]] = (
            worst,
            f"{codes}, {finding['code']}" if codes else finding["code"],
            f"{text}\n{said[key]}" if text else said[key],
        )
    return gathered


def _write_sheet(
    page: Any, look: _Look, sheet: RawSheet, header_row: int, notes: Mapping[int, tuple[str, str, str]]
) -> None:
    frame = sheet.frame.head(_MAX_ROWS - sheet.first_row).select(safe(pl.all()))
    places = [int(name[1:]) for name in sheet.frame.columns]
    note_at = max(places, default=0) + 1
    page.set_column(0, note_at - 1, 16, look.text)
    page.set_column(note_at, note_at, 26)
    page.set_column(note_at + 1, note_at + 1, 90)
    page.freeze_panes(header_row, 0)
    page.autofilter(header_row - 1, 0, sheet.first_row + frame.height - 2, note_at + 1)
    write, text = page.write_string, look.text
    for number, cells in enumerate(frame.iter_rows(), sheet.first_row):
        form = look.head if number == header_row else text
        line = number - 1
        for place, cell in zip(places, cells, strict=True):
            if cell is not None:
                write(line, place, cell, form)
        if number == header_row:
            write(line, note_at, _("FINDINGS"), look.note_head)
            write(line, note_at + 1, _("WHAT TO DO"), look.note_head)
        elif (note := notes.get(number)) is not None:
            severity, codes, told = note
            write(line, note_at, codes, look.notes.get(severity, text))
            write(line, note_at + 1, told, look.notes.get(severity, text))


def _write_summary(page: Any, look: _Look, findings: pl.DataFrame) -> None:
    heads = (_("Code"), _("Severity"), _("Sheet"), _("Column"), _("Rows"), _("Message"), _("What to do"))
    for column, (head, width) in enumerate(zip(heads, (22, 12, 18, 22, 8, 70, 70), strict=True)):
        page.set_column(column, column, width, look.text)
        page.write_string(0, column, head, look.head)
    page.freeze_panes(1, 0)
    for line, group in enumerate(summarise(findings), 1):
        form = look.notes.get(group["severity"], look.text)
        cells = pl.DataFrame(
            {"cell": [group["code"], severity_word(group["severity"]), group["sheet"], group["column"],
                      str(group["count"]) if group["count"] else "", group["message"], group["mend"]]},
            schema={"cell": pl.String},
        ).select(safe(pl.col("cell")))  # fmt: skip
        for column, cell in enumerate(cells["cell"]):
            if cell:
                page.write_string(line, column, cell, form)


def severity_word(severity: str) -> str:
    """Return a severity in the language in use."""
    return {"galat": _("error"), "peringatan": _("warning"), "info": _("note")}.get(severity, severity)


def summarise(findings: pl.DataFrame) -> Sequence[dict[str, Any]]:
    """Group findings by code, sheet and column, the worst and most frequent first.

    Returns
    -------
    Per group: code, severity, sheet, column, count (rows; 0 for the file as a whole), message, mend,
    rows (the first three).
    """
    groups = (
        findings.with_columns(sheet=pl.col("sheet").fill_null(""), column=pl.col("column").fill_null(""))
        .group_by("code", "severity", "sheet", "column", maintain_order=True)
        .agg(
            count=pl.col("row").count(),
            rows=pl.col("row").drop_nulls().sort().head(3),
            value=pl.col("value").first(),
            # What the rows do not share is left to the message's general words.
            evidence=pl.when(pl.col("evidence").n_unique() == 1).then(pl.col("evidence").first()),
        )
    )
    made = []
    for group in groups.iter_rows(named=True):
        told = words(group)
        made.append({**group, "message": told.message, "mend": told.mend})
    return sorted(
        made,
        key=lambda group: (_ORDER.get(group["severity"], 3), -group["count"], group["code"], group["sheet"]),
    )
