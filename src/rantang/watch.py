"""What each stage did: rows in = accepted + refused + held + aside, and how long it took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import ibis.expr.types as ir

Rows: TypeAlias = "ir.Table | int | None"


@dataclass
class Stage:
    """One stage of a run.

    Attributes
    ----------
    rows
        Rows it was given. None or 0: it ran on nothing, which is never "no problem found".
    accepted, refused, held, aside
        What became of them; they add up to `rows`. Held is what waits for somebody; aside are rows that
        the stage does not need and nobody has to look at.
    """

    name: str
    rows: int
    count: Callable[[Rows], int] = field(repr=False)
    accepted_: int = 0
    refused_: int = 0
    aside_: int = 0
    seconds: float = 0.0

    @property
    def held(self) -> int:
        """Rows that are neither accepted nor refused nor aside: they wait for somebody."""
        return self.rows - self.accepted_ - self.refused_ - self.aside_

    @property
    def red(self) -> bool:
        """Whether it ran on nothing."""
        return self.rows == 0

    def accepted(self, rows: Rows) -> None:
        """Say which rows were accepted."""
        self.accepted_ = self.count(rows)

    def refused(self, rows: Rows) -> None:
        """Say which rows were refused."""
        self.refused_ = self.count(rows)

    def aside(self, rows: Rows) -> None:
        """Say which rows the stage does not need."""
        self.aside_ = self.count(rows)

    def as_dict(self) -> dict[str, Any]:
        """Return the counts for the manifest; seconds go to a log beside it."""
        return {
            "name": self.name,
            "rows": self.rows,
            "accepted": self.accepted_,
            "refused": self.refused_,
            "held": self.held,
            "aside": self.aside_,
        }


class Watch:
    """Counts and times the stages of a run, and tells each as it ends.

    Parameters
    ----------
    count
        Counts the rows of a table (the engine does).
    begin, end
        Told when a stage begins and ends.
    """

    def __init__(
        self,
        count: Callable[[ir.Table], int],
        begin: Callable[[str], None] = lambda name: None,
        end: Callable[[Stage], None] = lambda stage: None,
    ) -> None:
        self.stages: list[Stage] = []
        self._count = count
        self._begin, self._end = begin, end

    @contextmanager
    def stage(self, name: str, rows: Rows) -> Iterator[Stage]:
        """Watch a stage that is given `rows`."""
        self._begin(name)
        started = time.perf_counter()
        stage = Stage(name, self.rows(rows), self.rows)
        yield stage
        stage.seconds = time.perf_counter() - started
        self.stages.append(stage)
        self._end(stage)

    def rows(self, rows: Rows) -> int:
        """Return the number of rows of a table; a number stands for itself, None for none."""
        if rows is None:
            return 0
        return rows if isinstance(rows, int) else self._count(rows)
