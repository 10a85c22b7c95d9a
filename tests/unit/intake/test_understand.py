"""Each rule is worked out once for all columns that it serves, each cell once where it repeats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import polars as pl
import pytest

from rantang.contracts import Field, contracts
from rantang.intake import understand as module
from rantang.intake.typed import type_rows
from rantang.intake.understand import cells_of, understand

LATEST = dt.date(2022, 11, 30)


def field(kind: str, name: str) -> Field:
    return contracts()[kind].fields[name]


def dates(cells: Sequence[str | None], order: Sequence[str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"cell": cells, "order": order, "date_1904": [False] * len(cells)},
        schema_overrides={"cell": pl.String},
    )


def test_a_column_keeps_its_order_whether_its_cells_repeat_or_not() -> None:
    name = field("penerima", "name")
    often = pl.DataFrame({"cell": ["SITI", None, "-", "A1"] * 50})
    once = pl.DataFrame({"cell": [f"NAMA {chr(65 + at)}" for at in range(20)]})
    first, second = understand([(name, often), (field("dtks", "mother"), once)], LATEST)
    assert first["value"].to_list() == ["SITI", None, None, "A1"] * 50
    assert first["wrong_NAMA-ANGKA"].fill_null(value=False).to_list() == [False, False, False, True] * 50
    assert second["value"].to_list() == once["cell"].to_list()


def test_the_same_cell_is_read_as_its_own_sheet_says() -> None:
    """One file is written day first, the other month first."""
    (made,) = understand(
        [(field("penerima", "birth_date"), dates(["03/04/1980"] * 40, ["dmy", "mdy"] * 20))], LATEST
    )
    assert made["value"].to_list() == [dt.date(1980, 4, 3), dt.date(1980, 3, 4)] * 20


def test_fields_that_are_read_alike_share_one_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    real = module._work
    monkeypatch.setattr(
        module,
        "_work",
        lambda rule, column, latest: asked.append(column.height) or real(rule, column, latest),
    )
    some = pl.DataFrame({"cell": ["Sukun", "Klojen"]})
    understand([(field(kind, "kelurahan"), some) for kind in ("dtks", "penerima", "penduduk")], LATEST)
    assert len(asked) == 1


def test_a_cell_of_a_harvest_comes_with_what_its_rule_reads_beside_it() -> None:
    raw = pl.DataFrame(
        {"f_nik": ["1"], "nik_numeric": [True], "f_relation": ["1"], "relation_codes": ["siak"]}
    )
    assert cells_of(field("penduduk", "nik"), raw).to_dicts() == [{"cell": "1", "is_number": True}]
    assert cells_of(field("penduduk", "relation"), raw).to_dicts() == [
        {"cell": "1", "relation_codes": "siak"}
    ]


def test_a_column_that_is_empty_everywhere_is_missing_everywhere() -> None:
    made = type_rows({"penduduk": pl.DataFrame({"f_name": ["A", "B"], "f_kk": [None, None], "row": [1, 2]})})
    assert made["penduduk"].table["kk"].to_pylist() == [None, None]
    assert made["penduduk"].findings.filter(code="KK-KOSONG")["row"].to_list() == [1, 2]


def test_nothing_asked_nothing_answered() -> None:
    assert understand([], LATEST) == []
