"""An edition's aggregates as the report looks them up: coverage, deliveries, lists, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from rantang.cities.model import City
from rantang.documents.report.queries import Raw, Rows, total
from rantang.synergy.programmes import KnownLists
from rantang.vocabulary.periods import month_number

ListKey = tuple[str, str, str, str]
"""Agency, kind, programme and period of a list."""


@dataclass(frozen=True)
class Facts:
    """An edition's aggregates with the look-ups that entering and building share."""

    raw: Raw
    manifest: Mapping[str, Any]
    city: City
    period: str
    known: KnownLists

    @cached_property
    def city_coverage(self) -> Rows:
        """Coverage of the city, one row a programme."""
        return [r for r in self.raw.coverage if r["kelurahan_code"] == "*" and r["programme"] != "*"]

    @cached_property
    def anything(self) -> dict[str, dict[str, Any]]:
        """Coverage of any programme by kelurahan (`*` the city)."""
        return {r["kelurahan_code"]: r for r in self.raw.coverage if r["programme"] == "*"}

    @cached_property
    def delivered(self) -> dict[ListKey, dict[str, Any]]:
        """The deliveries added up by agency, kind, programme, period."""
        found: dict[ListKey, dict[str, Any]] = {}
        for entry in self.manifest.get("deliveries", ()):
            key = (entry["agency"], entry["kind"], entry.get("programme") or "", entry["period"])
            into = found.setdefault(key, {"rows": 0, "accepted": 0, "refused": 0, "held": 0})
            for name in into:
                into[name] += int(entry.get(name) or 0)
        return found

    @cached_property
    def latest_lists(self) -> dict[ListKey, dict[str, Any]]:
        """Of each list the latest period, with what the register found in it."""
        health: dict[ListKey, list[dict[str, Any]]] = {}
        for row in self.raw.lists:
            key = (row["agency"], row["kind"], row["programme"] or "", row["period"])
            if key not in self.delivered:  # one file with the recipients of several programmes
                key = (row["agency"], row["kind"], "", row["period"])
            health.setdefault(key, []).append(row)
        latest: dict[tuple[str, str, str], str] = {}
        for agency, kind, programme, period in self.delivered:
            name = (agency, kind, programme)
            latest[name] = max(latest.get(name, ""), period)
        found = {}
        for name, period in sorted(latest.items()):
            key = (*name, period)
            found[key] = {**_added_up(health.get(key, [])), **self.delivered[key]}
            _count_nobody(found[key])
        return found

    @cached_property
    def programmes_of(self) -> dict[ListKey, tuple[str, ...]]:
        """Of each latest list of recipients the programmes that it names."""
        given = {(r["agency"], r["period"], r["programme"]) for r in self.raw.lists if r["programme"]}
        return {
            key: (key[2],) if key[2] else tuple(sorted(p for a, t, p in given if (a, t) == (key[0], key[3])))
            for key in self.latest_lists
            if key[1] == "penerima"
        }

    def is_late(self, key: ListKey) -> bool:
        """Say whether a list's next one is due: aid that runs on has a list each month or quarter.

        Aid given once or once a year, and lists of no programme, come when they come.
        """
        now, last = month_number(self.period), month_number(key[3])
        running = [
            code
            for code in self.programmes_of.get(key, ())
            if (programme := self.city.programme(code)) and programme.runs_in(self.period)
        ]
        return any(self.known.runs_on(code) and now - last >= self._rhythm(code) for code in running)

    def _rhythm(self, programme: str) -> int:
        """Return how many months lie between two lists of a programme: as they came, else as it pays."""
        numbers = [month_number(period) for period in self.known.periods.get(programme, ())]
        apart = [later - earlier for earlier, later in pairwise(numbers)]
        return min(apart, default=self.known.months_per_list(programme))

    def late_lists(self, agency: str) -> tuple[tuple[str, str, str], ...]:
        """Return kind, programme and last period of an agency's lists whose next one is due."""
        return tuple(key[1:] for key in self.latest_lists if key[0] == agency and self.is_late(key))

    @cached_property
    def finding_codes(self) -> dict[str, tuple[str, str, int]]:
        """Findings by code: severity, who must act, how many."""
        found: dict[str, tuple[str, str, int]] = {}
        for row in self.raw.findings:
            severity, acts, count = found.get(row["code"], (row["severity"], row["acts"], 0))
            found[row["code"]] = (severity or "info", acts or "", count + int(row["n"]))
        return found

    @cached_property
    def reasons(self) -> dict[str, tuple[int, int]]:
        """Recipient rows to be checked by reason (`*`: all), and those of them on a person's word."""
        found = {row["code"]: (int(row["rows"]), int(row["word"])) for row in self.raw.reasons}
        return {"*": (0, 0), **found}

    @cached_property
    def lapse_months(self) -> tuple[str, ...]:
        """Months in which a kerak family's record of aid broke."""
        return tuple(sorted({row["lapse"] for row in self.raw.lapses if row["lapse"]}))

    @cached_property
    def holders(self) -> dict[str, int]:
        """Families that hold each programme: the matrix's diagonal."""
        return {
            r["programme_a"]: int(r["families"])
            for r in self.raw.overlap
            if r["programme_a"] == r["programme_b"]
        }


def _added_up(rows: Rows) -> dict[str, Any]:
    """Add up what the register found in the parts of a list."""
    counts = {name for row in rows for name, value in row.items() if isinstance(value, int)}
    return {name: total(rows, name) for name in sorted(counts)}


def _count_nobody(row: dict[str, Any]) -> None:
    """Count rows about people who are on nobody's list: they have a NIK, right or wrong, and no person.

    The register holds who is on some list of welfare or aid; other lists' rows may be about nobody of it.
    """
    nobody = max(0, row["accepted"] - int(row.get("linked") or 0))
    wrong = min(nobody, int(row.get("wrong_nik_nobody") or 0))
    row["wrong_nik"] = int(row.get("wrong_nik") or 0) + wrong
    row["valid"] = int(row.get("valid") or 0) + nobody - wrong
