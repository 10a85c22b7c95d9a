"""A register of a few people, written by hand: what the specifications of the rules stand on."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import replace
from typing import Any

import ibis
import ibis.expr.types as ir

from rantang import cities
from rantang.cities import Amount, Pair, Programme
from rantang.expressions import parse
from rantang.synergy import Synergy, match
from rantang.tables.facts import Facts, rule_columns
from rantang.tables.identity import IDENTIFIED
from rantang.tables.intake import BASE
from rantang.tables.register import FAMILIES, LINKS, PERSONS
from rantang.tables.validation import ELIGIBILITY
from rantang.validation import Validation, gather, validate
from rantang.welfare import classify

CLASSES = {"kerak": (1,), "miskin": (2,), "rentan": (3, 4)}
PERIOD_END = dt.date(2022, 11, 30)


def keep(expr: ir.Table, name: str) -> ir.Table:
    """Compute now, as the pipeline does."""
    return ibis.memtable(expr.to_polars())


class SmallRegister:
    """Add persons and list rows; then ask for findings and standing."""

    def __init__(self) -> None:
        self._persons: list[dict[str, Any]] = []
        self._rows: list[dict[str, Any]] = []
        self._links: list[dict[str, Any]] = []
        self._typed: dict[str, list[dict[str, Any]]] = {}
        self._number = itertools.count(1)
        self._results: dict[str, Validation] = {}
        self.scope = ""

    def person(
        self, person_id: str, family_id: str | None = None, family: bool = True, **facts: Any
    ) -> SmallRegister:
        """Add a person; a resident of 40 years on DTKS with a family unless said otherwise."""
        n = next(self._number)
        person_id = self.scope + person_id
        base = {
            "person_id": person_id,
            "family_id": self.scope + (family_id or f"f-{person_id}") if family else None,
            "nik": f"3573014101829{n:03d}",
            "nik_state": "sah",
            "name": person_id.upper(),
            "age": 40,
            "sex": "P",
            "relation": "1",
            "is_head": True,
            "kelurahan_code": "35.73.01.1001",
            "resident": "tercatat",
            "resident_source": "penduduk",
            "in_dtks": True,
            "in_p3ke": False,
            "in_dtsen": False,
            "is_recipient": False,
            "listed": True,
            "rows": 1,
        }
        self._persons.append(base | facts)
        return self

    def row(
        self, person_id: str, kind: str, typed: dict[str, Any] | None = None, **said: Any
    ) -> SmallRegister:
        """Add a list row linked to a person; `said` overrides link and identified columns."""
        key = said.get("row_key") or f"r{next(self._number)}"
        person_id = self.scope + person_id
        person = next(p for p in self._persons if p["person_id"] == person_id)
        base = {
            "row_key": key,
            "agency": "dinsos",
            "kind": kind,
            "period": "2022-11",
            "programme": None,
            "person_id": person_id,
            "tier": "sure",
            "method": "ladder",
            "nik_equal": True,
            "double": False,
            "nik": person["nik"],
            "nik_digits": person["nik"],
            "nik_state": "sah",
            "name": person["name"],
            "name_sorted": person["name"],
            "street": "JL MAWAR",
            "kelurahan_code": person["kelurahan_code"],
            "marked_deceased": False,
        } | said
        self._rows.append(base)
        if kind != "padan":  # Dukcapil's answers are no entries of people: they reach them by NIK
            self._links.append(base)
        self._typed.setdefault(kind, []).append(
            {"row_key": key, "agency": base["agency"], "kind": kind, "period": base["period"],
             "programme": base["programme"]} | (typed or {})
        )  # fmt: skip
        return self

    def list(self, kind: str) -> SmallRegister:
        """Hand in a list without rows that matter."""
        self._typed.setdefault(kind, [])
        return self

    @property
    def persons(self) -> ir.Table:
        """The persons."""
        return PERSONS.rows(self._persons)

    @property
    def families(self) -> ir.Table:
        """The families that the persons make."""
        found: dict[str, dict[str, Any]] = {}
        for person in (p for p in self._persons if p["family_id"]):
            family = found.setdefault(
                person["family_id"],
                {"family_id": person["family_id"], "members": 0, "listed": False, "head_id": None,
                 "kelurahan_code": person["kelurahan_code"]},
            )  # fmt: skip
            family["members"] += 1
            family["listed"] |= person["listed"]
            family["kk_satu_orang"] = family["members"] == 1
            if person["is_head"]:
                family["head_id"] = person["person_id"]
        return FAMILIES.rows(found.values())

    @property
    def links(self) -> ir.Table:
        """The links."""
        return LINKS.rows(self._links)

    @property
    def identified(self) -> ir.Table:
        """The standardised rows."""
        return IDENTIFIED.rows(self._rows)

    @property
    def typed(self) -> dict[str, ir.Table]:
        """Typed rows by kind, with the columns that any row of the kind has."""
        return {kind: _typed_table(rows) for kind, rows in self._typed.items()}

    def facts(self) -> Facts:
        """The facts."""
        return gather(self.persons, self.families, self.links, self.typed, keep)

    def validate(self, decisions: list[dict[str, Any]] | None = None) -> Validation:
        """Validate the register; asking again costs nothing."""
        asked = repr((decisions, len(self._rows), len(self._persons)))
        if asked not in self._results:
            self._results[asked] = self._validated(decisions)
        return self._results[asked]

    def _validated(self, decisions: list[dict[str, Any]] | None) -> Validation:
        table = DECISIONS.rows(decisions) if decisions is not None else None
        return validate(
            self.persons, self.families, self.links, self.identified, self.typed, self.facts(), table,
            keep,
        )  # fmt: skip

    def match(
        self,
        *programmes: Programme,
        period: str = "2022-11",
        history: ir.Table | None = None,
        validated: bool = False,
    ) -> Synergy:
        """Match the register with programmes; everybody's standing is good unless `validated`."""
        facts = self.facts()
        eligibility = self.validate().eligibility if validated else ELIGIBILITY.empty()
        welfare = keep(
            classify(self.families, self.persons, self.links, self.typed, CLASSES, period, keep), "welfare"
        )
        return match(
            self.persons, self.families, facts, self.links, eligibility, welfare, self.typed,
            programmes, pairs_of(programmes), period, history, keep,
        )  # fmt: skip

    def found(self, decisions: list[dict[str, Any]] | None = None) -> set[tuple[str, str]]:
        """Return (code, subject id) of every finding."""
        rows = self.validate(decisions).findings.to_pyarrow().to_pylist()
        return {(row["code"], row["subject_id"]) for row in rows}

    def standing(self, decisions: list[dict[str, Any]] | None = None) -> dict[str, str]:
        """Return the status by subject id."""
        rows = self.validate(decisions).eligibility.to_pyarrow().to_pylist()
        return {row["subject_id"]: row["status"] for row in rows}


def programme(code: str, rule: str, codes: tuple[str, ...] = (), **said: Any) -> Programme:
    """Make a programme: Rp 200,000 a month to a family, main support, unless said otherwise."""
    unit = said.pop("unit", "keluarga")
    rupiah, per = said.pop("rupiah", 200_000), said.pop("per", "month")
    base: dict[str, Any] = {
        "name": code.title(),
        "agency": "dinsos",
        "level": "kota",
        "strategy": "beban",
        "aid": "uang",
        "source": "made up",
        "status": "U",
        "main": True,
        "amounts": (Amount(from_="2019-01", rupiah=rupiah, per=per, source="made up"),),
    }
    parsed = parse(rule, rule_columns(unit, codes))
    return Programme(code=code, unit=unit, rule=parsed, rule_text=rule, **(base | said))


def pairs_of(programmes: tuple[Programme, ...]) -> tuple[Pair, ...]:
    """The pairs that programmes name, as a city does."""
    return replace(cities.load("kosong"), programmes=programmes).pairs


def rows_of(table: ir.Table) -> list[dict[str, Any]]:
    """A table as dictionaries."""
    return table.to_pyarrow().to_pylist()


def _typed_table(rows: list[dict[str, Any]]) -> ir.Table:
    types: dict[str, str] = {column.name: column.type for column in BASE}
    for row in rows:
        for name, value in row.items():
            if name not in types and value is not None:
                types[name] = {bool: "boolean", int: "int64", float: "float64"}.get(type(value), "string")
    filled = [{name: row.get(name) for name in types} for row in rows]
    return ibis.memtable(filled, schema=ibis.schema(types))


def _decisions_table() -> Any:
    from rantang.tables.declare import Column, Table

    return Table(
        "decisions", row="one decision", key=("seq",),
        columns=(
            Column("seq", "int64", "Number in the chain"),
            *(
                Column(name, "string", name)
                for name in ("kind", "person_id", "family_id", "row_key_a", "row_key_b", "by", "role", "at")
            ),
        ),
    )  # fmt: skip


DECISIONS = _decisions_table()
