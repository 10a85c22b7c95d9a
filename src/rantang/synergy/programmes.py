"""Which lists of recipients are known, and what follows for each programme: months, rupiah, now.

A programme's lists come monthly, each quarter or once. The lists that are there say what one of
them stands for, and which of them speaks of the edition's period.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.cities import Programme
from rantang.cities.model import MONTHS_PER
from rantang.vocabulary.periods import month_number

STALE_AFTER: Final = 3
"""Months after which a list of a running programme says nothing of today (and a gap between two
lists counts as a break of the lists, not of the aid)."""

LISTS: Final = ibis.schema(
    {
        "programme": "string",
        "period": "string",
        "month": "int64",
        "current": "boolean",
        "until": "int64",
        "standard": "int64",
        "standard_source": "string",
        "unit": "string",
        "main": "boolean",
    }
)


@dataclass(frozen=True, slots=True)
class KnownLists:
    """The lists that were handed in, by programme: periods up to the edition's, in order."""

    period: str
    periods: Mapping[str, tuple[str, ...]]
    programmes: Mapping[str, Programme]

    def current(self, programme: str) -> tuple[str, ...]:
        """Return the periods whose lists say who receives the programme at the edition's period.

        Aid that runs on: the latest list, unless it is older than `STALE_AFTER` months. Aid given
        once or once a year: the lists of the last twelve months.
        """
        now = month_number(self.period)
        known = self.periods.get(programme, ())
        if not known:
            return ()
        if self.runs_on(programme):
            return known[-1:] if now - month_number(known[-1]) < STALE_AFTER else ()
        return tuple(period for period in known if now - month_number(period) < 12)

    def runs_on(self, programme: str) -> bool:
        """Say whether the aid is given month after month (or quarter), not once."""
        configured = self.programmes.get(programme)
        amount = configured.amount_in(self.period) if configured else None
        return amount is None or amount.per not in ("once", "year")

    def months_per_list(self, programme: str) -> int:
        """Return how many months one list stands for: the least distance of two lists."""
        configured = self.programmes.get(programme)
        amount = configured.amount_in(self.period) if configured else None
        own = MONTHS_PER[amount.per] if amount else 1
        numbers = [month_number(period) for period in self.periods.get(programme, ())]
        apart = [later - earlier for earlier, later in itertools.pairwise(numbers)]
        return min([own, *apart]) if self.runs_on(programme) else own

    @property
    def listed(self) -> tuple[str, ...]:
        """Codes of configured programmes with a list that speaks of the period."""
        return tuple(code for code in self.programmes if self.current(code))

    def judged(self, unit: str) -> tuple[str, ...]:
        """Return the programmes for a kind of unit whose rule is asked: they run, or have a list."""
        return tuple(
            code
            for code, programme in self.programmes.items()
            if programme.unit == unit
            and programme.rule is not None
            and (programme.runs_in(self.period) or self.current(code))
        )

    def table(self) -> ir.Table:
        """Return one line per list (schema `LISTS`)."""
        rows = [
            self._line(programme, period, number)
            for programme, periods in sorted(self.periods.items())
            for number, period in enumerate(periods)
        ]
        return ibis.memtable(rows, schema=LISTS)

    def _line(self, programme: str, period: str, number: int) -> dict[str, object]:
        configured = self.programmes.get(programme)
        amount = configured.amount_in(period) if configured else None
        months = self.months_per_list(programme)
        return {
            "programme": programme,
            "period": period,
            "month": month_number(period),
            "current": period in self.current(programme),
            "until": self.until(programme, number),
            "standard": configured.rupiah_for(period, months) if configured else None,
            "standard_source": None if amount is None else "asumsi" if amount.asumsi else "standar",
            "unit": configured.unit if configured else "individu",
            "main": bool(configured and configured.main),
        }

    def until(self, programme: str, number: int) -> int:
        """Return the last month that a list speaks for: to the month before the next list.

        A month without a list of the programme is not known, so what held goes on holding, for
        at most `STALE_AFTER` months.
        """
        periods = self.periods[programme]
        own = month_number(periods[number])
        later = (
            month_number(periods[number + 1]) - 1 if number + 1 < len(periods) else month_number(self.period)
        )
        reach = max(STALE_AFTER, self.months_per_list(programme)) - 1
        return max(own, min(later, own + reach))


def known_lists(penerima: ir.Table, programmes: Sequence[Programme], period: str) -> KnownLists:
    """Ask which lists of recipients there are up to a period (one small query)."""
    lists = penerima.filter(penerima.programme.notnull() & (penerima.period <= period))
    rows = lists.select("programme", "period").distinct().to_pyarrow().to_pylist()
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row["programme"], []).append(row["period"])
    return KnownLists(
        period=period,
        periods={code: tuple(sorted(periods)) for code, periods in sorted(found.items())},
        programmes={programme.code: programme for programme in programmes},
    )
