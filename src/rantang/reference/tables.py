"""`tables.md`: every column of an edition, with its type and meaning."""

from __future__ import annotations

from rantang.reference.markdown import code, codes, table
from rantang.reference.markdown import page as make
from rantang.tables.declare import Column, Table
from rantang.tables.edition import EDITION
from rantang.tables.identity import IDENTIFIED
from rantang.tables.intake import BASE
from rantang.tables.planning import CHANGES, OF_PLAN
from rantang.tables.projection import PROJECTION, TARGETS
from rantang.tables.synergy import SCREENED

_INTRO = """
An edition is a folder of Parquet files, one a table. Declared in `src/rantang/tables/`.

- **secret**: on disk there is only ciphertext, beside a column `…_masked` (first 4 and last 2 digits).
- **provenance**: where a row came from; outside the content hash, so that a list whose rows are
  shuffled gives the same edition.
"""


def page() -> str:
    """Return the page."""
    return make(
        "Tables of an edition",
        _INTRO,
        "Tables: " + ", ".join(f"[{each.name}](#{each.name})" for each in EDITION) + ".",
        *(_section(each) for each in EDITION),
        "# Plans",
        "What `rantang project` writes under `plans/proyeksi/`; its record is `projection.json`.",
        _section(PROJECTION),
        _section(TARGETS),
        "# Between the stages",
        "These tables are never written into an edition; they are what the stages agree on.",
        "## typed rows\n\nThe columns that every list has after intake; those of its kind follow ("
        "[contracts](contracts.md)).\n\n" + _columns(BASE),
        _section(IDENTIFIED),
        _section(SCREENED),
        "# A plan",
        "A plan's folder proves itself: effects and limits are recomputed from these tables and `plan.json` "
        "alone. `plan.json` has objective (the sum of the effects), bound, gap, switching_cost, and line, "
        "power, kerak_weight and switching.",
        *(_section(each) for each in OF_PLAN),
        "What `rantang plan` writes beside them, and of a scenario alone; its result is `scenario.json`.",
        _section(CHANGES),
    )


def _section(each: Table) -> str:
    return f"## {each.name}\n\nOne row: {each.row}. Key: {codes(each.key)}.\n\n{_columns(each.columns)}"


def _columns(columns: tuple[Column, ...]) -> str:
    return table(
        ("column", "type", "meaning", ""),
        ((code(c.name), c.type, c.meaning, _marks(c)) for c in columns),
    )


def _marks(column: Column) -> str:
    return ", ".join(mark for mark in ("secret", "provenance") if getattr(column, mark))
