"""A small register and a made-up survey: what the specifications of the score stand on."""

from __future__ import annotations

from typing import Any

import ibis
import ibis.expr.types as ir
import numpy as np

from rantang.cities.model import WELFARE as SETTINGS
from rantang.tables.facts import FAMILY_FACTS
from rantang.tables.intake import BASE
from rantang.tables.register import FAMILIES, LINKS, PERSONS
from rantang.welfare import Settings, Welfare, assess
from rantang.welfare.features import Families, of_register

CLASSES = {"kerak": (1,), "miskin": (2,), "rentan": (3, 4)}
LINE = 600_000


def keep(expr: ir.Table, name: str) -> ir.Table:
    return ibis.memtable(expr.to_pyarrow())


def typed(rows: list[dict[str, Any]], kind: str) -> ir.Table:
    types = {column.name: column.type for column in BASE}
    for name, value in (pair for row in rows for pair in row.items()):
        if name not in types and value is not None:
            types[name] = {bool: "boolean", int: "int64", float: "float64"}.get(type(value), "string")
    filled = [{name: ({"kind": kind} | row).get(name) for name in types} for row in rows]
    return ibis.memtable(filled, schema=ibis.schema(types))


def survey(households: int = 400, seed: int = 1) -> list[dict[str, Any]]:
    """Households whose consumption follows floor and size, ten to a block, two strata."""
    rng = np.random.default_rng(seed)
    found = []
    for number in range(households):
        floor, size = int(rng.choice([2, 6, 8], p=[0.5, 0.4, 0.1])), int(rng.integers(1, 8))
        log = np.log(1_300_000) + {2: 0.3, 6: -0.2, 8: -0.7}[floor] - 0.08 * (size - 3) + rng.normal(0, 0.35)
        found.append(
            {
                "row_key": f"s{number:04d}", "id_rumah_tangga": str(number % 10), "psu": str(number // 10),
                "strata": str(number // 200), "bobot": 200.0 + number % 7, "jumlah_anggota": size,
                "pengeluaran_kapita": float(round(np.exp(log))), "garis_kemiskinan": float(LINE),
                "lantai": str(floor), "dinding": str(rng.choice([1, 4], p=[0.9, 0.1])),
                "usia_kepala": int(rng.integers(25, 80)), "jenis_kelamin_kepala": str(rng.choice(["L", "P"])),
                "lansia": int(rng.integers(0, 2)), "kelurahan": f"K{number // 100}",
            }
        )  # fmt: skip
    return found


class Town:
    """Add families with rows of `dtsen` or `p3ke`, then ask."""

    def __init__(self) -> None:
        self.persons: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
        self.rows: dict[str, list[dict[str, Any]]] = {}

    def family(self, name: str, *ages: int, sex: str = "L", **said: Any) -> Town:
        """Add a family; the first is the head."""
        for number, age in enumerate(ages or (40,)):
            self.persons.append(
                {
                    "person_id": f"{name}{number}", "family_id": name, "is_head": number == 0, "age": age,
                    "sex": sex if number == 0 else "P", "resident": "tercatat", "listed": True,
                    "kelurahan_code": "35.73.01.1001",
                }
                | said
            )  # fmt: skip
        return self

    def row(self, person: str, kind: str, period: str = "2022-08", **answers: Any) -> Town:
        """Add a list row about a person."""
        key = f"r{len(self.links):03d}"
        self.links.append({"row_key": key, "kind": kind, "period": period, "person_id": person})
        self.rows.setdefault(kind, []).append({"row_key": key, "period": period} | answers)
        return self

    def recipient(self, person: str, programme: str, period: str = "2022-08") -> Town:
        """Add a row of a list of recipients."""
        key = f"r{len(self.links):03d}"
        self.links.append(
            {
                "row_key": key, "kind": "penerima", "period": period, "programme": programme,
                "person_id": person,
            }
        )  # fmt: skip
        return self

    def _families(self) -> ir.Table:
        heads = [person for person in self.persons if person["is_head"]]
        return FAMILIES.rows({"family_id": h["family_id"], "head_id": h["person_id"]} for h in heads)

    def _arguments(self, rows: list[dict[str, Any]] | None) -> tuple[Any, ...]:
        lists = {kind: typed(of, kind) for kind, of in self.rows.items()}
        if rows is not None:
            lists["survei"] = typed(rows, "survei")
        facts = FAMILY_FACTS.rows({"family_id": p["family_id"]} for p in self.persons if p["is_head"])
        return self._families(), PERSONS.rows(self.persons), LINKS.rows(self.links), lists, facts

    def known(self, period: str = "2022-11") -> Families | None:
        """What the lists say of the families."""
        return of_register(*self._arguments(None), period, keep)

    def assess(
        self,
        rows: list[dict[str, Any]] | None,
        history: ir.Table | None = None,
        published: float = 0.0,
        **settings: float,
    ) -> Welfare:
        """Score the town."""
        chosen = Settings(CLASSES, {**SETTINGS, **settings}, 300_000.0, published_line=published)
        return assess(*self._arguments(rows), history, chosen, "2022-11", keep)


def by_family(welfare: Welfare) -> dict[str, dict[str, Any]]:
    return {row["family_id"]: row for row in welfare.welfare.to_pyarrow().to_pylist()}
