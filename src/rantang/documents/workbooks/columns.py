"""What the sheets of a work list share: their frame of who, where, answer and key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from rantang.documents.workbooks import tasks
from rantang.documents.workbooks.sheets import Column, Sheet
from rantang.texts import _

Rows = list[dict[str, Any]]
NumbersOf = Callable[[Rows, str], list[str]]
"""Writes the column `nik` or `kk` of rows, masked or in full."""


def of_people(
    scope: tasks.Scope,
    numbers_of: NumbersOf,
    rows: Rows,
    title: str,
    lead: str,
    columns: tuple[Column, ...],
    cells: Callable[[Mapping[str, Any]], tuple[Any, ...]],
    answers: tuple[str, ...],
    *,
    who: str = "",
    number: str = "nik",
    of: str = "row_key",
    addressed: bool = True,
    more_keys: tuple[tuple[str, str], ...] = (),
) -> Sheet:
    """Return a sheet with a row for each person or family.

    Parameters
    ----------
    columns, cells
        What is said of each, between its name and number and its address.
    answers
        What may be answered.
    who, number
        Head of the name's column (else *Name*), and the number beside it: `nik` or `kk`.
    of
        Column of the rows by which an answer finds its row again.
    addressed
        Whether the sheet says where each lives.
    more_keys
        Head and name of further columns for the machine, before the key.
    """
    told = numbers_of(rows, number)
    return Sheet(
        title,
        lead,
        (
            Column(who or _("Name"), 26, "wrap"),
            Column(number.upper(), 19),
            *columns,
            *(place(scope) if addressed else ()),
            answer(*answers),
            *(Column(head, 20, "key") for head, _name in more_keys),
            key(),
        ),
        [
            (
                row["name"],
                own,
                *cells(row),
                *(where(scope, row) if addressed else ()),
                "",
                *(row[name] for _head, name in more_keys),
                row[of],
            )
            for row, own in zip(rows, told, strict=True)
        ],
    )


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
