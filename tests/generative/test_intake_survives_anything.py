"""Whatever is done to a file, reading ends in rows or in a finding, never in an error."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "intake"))

from strange import LIST, NIK, csv, inline, sheet_xml, xlsx

from rantang.catalogue import entries
from rantang.contracts import contracts
from rantang.intake.harvest import harvest
from rantang.intake.keys import row_keys
from rantang.intake.read import read_bytes
from rantang.intake.take import Part, type_lists
from rantang.intake.typed import Typed, type_rows

SEEDS = {
    "a.xlsx": xlsx(("A", LIST), ("B", [["x", 1.5], [None, "=1+1"]])),
    "hand.xlsx": sheet_xml(inline(LIST), "A1:C3"),
    "a.csv": csv([*LIST, ["0", '"A', "JL; X"]]),
    "b.csv": csv(LIST, ";", "utf-16"),
    "a.xls": f"<table><tr><td>NIK<td>Nama</tr><tr><td>{NIK}<td>A</table>".encode(),
}
QUICK = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def survives(data: bytes, name: str) -> None:
    file = read_bytes(data, name)
    taken = harvest(file)
    assert taken.rows >= 0
    for finding in taken.findings:
        assert finding["code"] in entries()
    if not file.readable:
        assert any(finding["severity"] == "galat" for finding in taken.findings)


@pytest.mark.parametrize("name", SEEDS)
@QUICK
@given(data=st.data())
def test_damaged_bytes(name: str, data: st.DataObject) -> None:
    changed = bytearray(SEEDS[name])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(changed) - 1))
        kind = data.draw(st.sampled_from(("set", "cut", "double", "drop")))
        if kind == "set":
            changed[at] = data.draw(st.integers(0, 255))
        elif kind == "cut":
            changed = changed[: max(at, 1)]
        elif kind == "double":
            changed[at:at] = changed[at : at + 64]
        else:
            del changed[at : at + data.draw(st.integers(1, 64))]
        if not changed:
            break
    survives(bytes(changed), name)


ODD = (
    "NIK",
    "Nama",
    "JUMLAH",
    "###",
    "=1+1",
    "'x",
    '="',
    "#N/A",
    "0",
    "-",
    NIK,
    "3,57E+15",
    "31-02-1980",
    "25/11/78",
    "1.234",
    '"',
    ",",
    "Tdk Th",
    "9" * 20,
    "9E+30",
    "-1",
)
CELL = st.one_of(st.none(), st.text(max_size=30), st.sampled_from(ODD))


@QUICK
@given(rows=st.lists(st.lists(CELL, max_size=6), max_size=12), delimiter=st.sampled_from(",;\t|"))
def test_any_cells_in_a_text_file(rows: list[list[str | None]], delimiter: str) -> None:
    survives(csv(rows, delimiter, "utf-8"), "a.csv")


@settings(QUICK, max_examples=15)
@given(rows=st.lists(st.tuples(*[CELL] * 6), min_size=1, max_size=30))
def test_rows_in_are_always_accepted_refused_or_held(rows: list[tuple[str | None, ...]]) -> None:
    header = ("NIK", "Nama", "No KK", "Tgl Lahir", "L/P", "Nominal")
    clean = [tuple(None if cell is None else "".join(cell.split()) for cell in row) for row in rows]
    taken = harvest(read_bytes(csv([header, *clean], "\x1f".replace("\x1f", "\t")), "a.tsv"), "penerima")
    made = type_lists({"penerima": [Part("a.tsv", "0", taken)]})["penerima"]
    adds_up(made, taken.rows)
    if made.counts.accepted:
        keys = row_keys(made.table, "dinsos", "penerima", "2022-11", b"k" * 32)["row_key"].to_pylist()
        assert len(set(keys)) == len(keys)


def test_every_odd_cell_in_every_column_of_every_kind_of_list() -> None:
    def raw(kind: str) -> pl.DataFrame:
        fields = list(contracts()[kind].fields)
        cells = {f"f_{name}": pl.Series(ODD, dtype=pl.String) for name in fields}
        orders = {f"order_{name}": pl.lit("dmy") for name in fields}
        return pl.DataFrame({"row": range(len(ODD)), **cells}).with_columns(**orders)

    for made in type_rows({kind: raw(kind) for kind in contracts()}).values():
        adds_up(made, len(ODD))


def adds_up(made: Typed, rows: int) -> None:
    counts = made.counts
    assert counts.rows == counts.accepted + counts.refused + counts.held == rows
    assert made.table.num_rows == counts.accepted
    assert set(made.findings["code"]) <= set(entries())
