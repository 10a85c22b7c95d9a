"""Columns that the sheets of a work list share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rantang.documents.workbooks import tasks
from rantang.documents.workbooks.sheets import Column
from rantang.texts import _


def answer(*choices: str) -> Column:
    """Return the column to be filled in."""
    return Column(_("Result"), 18, "answer", choices)


def key() -> Column:
    """Return the column by which an answer finds its row again."""
    return Column(_("Key"), 20, "key")


def place(scope: tasks.Scope) -> tuple[Column, ...]:
    """Return the columns of an address; a kelurahan's own list need not repeat its name."""
    village = () if scope.area else (Column(_("Kelurahan"), 16),)
    return (Column(_("Address"), 28, "wrap"), Column("RT", 5), Column("RW", 5), *village)


def where(scope: tasks.Scope, row: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the cells of an address, as `place` heads them."""
    village = () if scope.area else (scope.village(row["kelurahan_code"]),)
    return (row["address"], row["rt"], row["rw"], *village)
