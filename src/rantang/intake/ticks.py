"""Sex ticked in two columns, L and P, as registers on paper have it: made one column of L and P."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from rantang.contracts import codes, fold, fold_answer
from rantang.intake.sheets import RawSheet

_SEARCH_ROWS: Final = 120
_TICK: Final = r"^([√✓✔vVxX*1LlPp]|[Ll][Kk]|[Pp][Rr])$"
_MOST: Final = 0.6  # of filled cells; totals below them are counts
_HEADING: Final = "L/P"
_LONGEST: Final = 12  # letters of `Perempuan`, and a few


def joined(sheet: RawSheet) -> RawSheet:
    """Return the sheet with sex in one column, under `L/P`, where two headings side by side are ticked.

    A row with both ticks keeps them as they are: it says nothing, and that is told. Totals below stay, too.
    """
    for at, cells in enumerate(sheet.frame.head(_SEARCH_ROWS).rows()):
        for place in range(len(cells) - 1):
            if _is_pair(cells, place) and (frame := _join(sheet.frame, at, place)) is not None:
                return replace(sheet, frame=frame)
    return sheet


def _is_pair(cells: Sequence[str | None], place: int) -> bool:
    return _sex(cells[place]) == "L" and _sex(cells[place + 1]) == "P"


def _sex(heading: str | None) -> str | None:
    if not heading or len(heading) > _LONGEST:
        return None
    answer = fold_answer(heading)
    answers = codes()["sex"]
    return next((code for code, words in answers.items() if answer in words and fold(answer).isalpha()), None)


def _join(frame: pl.DataFrame, at: int, place: int) -> pl.DataFrame | None:
    man, woman = frame.columns[place : place + 2]
    below = pl.int_range(pl.len()) > at
    marks = frame.select(
        man=below & pl.col(man).is_not_null(),
        woman=below & pl.col(woman).is_not_null(),
        ticked_man=below & pl.col(man).str.contains(_TICK) & pl.col(woman).is_null(),
        ticked_woman=below & pl.col(woman).str.contains(_TICK) & pl.col(man).is_null(),
    ).with_columns(pl.all().fill_null(value=False))
    men, women, *ticked = marks.sum().row(0)
    if not (men and women) or sum(ticked) < _MOST * (men + women):
        return None
    is_head = pl.int_range(pl.len()) == at
    is_man, is_woman = marks["ticked_man"], marks["ticked_woman"]
    return frame.with_columns(
        pl.when(is_head).then(pl.lit(_HEADING)).when(is_man).then(pl.lit("L")).when(is_woman).then(pl.lit("P"))
        .otherwise(pl.col(man)).alias(man),
        pl.when(~(is_head | is_woman)).then(pl.col(woman)).alias(woman),
    )  # fmt: skip
