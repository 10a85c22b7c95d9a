"""Survey files as they come: parquet, csv with commas, Stata, SPSS; what cannot be read is said."""

from __future__ import annotations

import struct
import sys
from pathlib import Path

import polars as pl
import pytest

from rantang.errors import RantangError
from rantang.store.microdata import read_microdata

ROWS = pl.DataFrame({"kapita": [512.5, 700.0, 901.25], "klas": [1, 2, 1], "psu": ["a", "b", "b"]})


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    path = tmp_path / "survei.parquet"
    ROWS.write_parquet(path)
    assert read_microdata(path).rows.equals(ROWS)


def test_a_name_in_brackets_is_a_name(tmp_path: Path) -> None:
    path = tmp_path / "survei [1].parquet"
    ROWS.write_parquet(path)
    assert read_microdata(path).rows.equals(ROWS)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_with_any_delimiter(tmp_path: Path, separator: str) -> None:
    path = tmp_path / "survei.csv"
    ROWS.write_csv(path, separator=separator)
    found = read_microdata(path).rows
    assert found.columns == ROWS.columns
    assert found["kapita"].cast(pl.Float64).to_list() == ROWS["kapita"].to_list()


def test_decimal_commas_of_indonesian_sheets_are_numbers(tmp_path: Path) -> None:
    path = tmp_path / "survei.csv"
    path.write_text("kapita;klas\n512,5;1\n700;2\n901,25;1\n", encoding="utf-8")
    assert read_microdata(path).rows["kapita"].cast(pl.Float64).to_list() == [512.5, 700.0, 901.25]


def test_stata_and_spss_bring_the_meaning_of_their_codes(tmp_path: Path) -> None:
    pyreadstat = pytest.importorskip("pyreadstat")
    labels = {"klas": {1: "Perkotaan", 2: "Perdesaan"}}
    frame = ROWS.to_pandas()
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"), variable_value_labels=labels)
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"), variable_value_labels=labels)
    for name in ("a.dta", "a.sav"):
        found = read_microdata(tmp_path / name)
        assert found.rows["kapita"].to_list() == ROWS["kapita"].to_list()
        assert {int(key): label for key, label in found.labels["klas"].items()} == labels["klas"]


def dbase(rows: list[tuple[str, str]]) -> bytes:
    """A dBase III file of a number N(6,2) and a text C(3); a text with `*` makes its record a deleted one."""
    head = bytes([3, 124, 3, 1]) + struct.pack("<IHH", len(rows), 32 + 2 * 32 + 1, 10) + bytes(20)
    fields = b"".join(
        name.encode().ljust(11, b"\0") + kind + bytes(4) + bytes([size, dec]) + bytes(14)
        for name, kind, size, dec in (("KAPITA", b"N", 6, 2), ("PSU", b"C", 3, 0))
    )
    records = b"".join(
        (b"*" if text.startswith("*") else b" ") + f"{number:>6}{text.strip('*'):<3}".encode()
        for number, text in rows
    )
    return head + fields + b"\r" + records + b"\x1a"


def test_dbase_as_bps_hands_it_out(tmp_path: Path) -> None:
    path = tmp_path / "blok43.dbf"
    path.write_bytes(dbase([("512.50", "a"), ("", "b"), ("9.00", "*c"), ("700.00", "")]))
    rows = read_microdata(path).rows
    assert rows["KAPITA"].to_list() == [512.5, None, 700.0]
    assert rows["PSU"].to_list() == ["a", "b", None]


def test_a_cut_dbase_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "blok43.dbf"
    path.write_bytes(dbase([("512.50", "a"), ("700.00", "b")])[:-12])
    with pytest.raises(RantangError, match="BERKAS-TAK-TERBACA"):
        read_microdata(path)


def test_without_the_extra_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.dta"
    path.write_bytes(b"x")
    monkeypatch.setitem(sys.modules, "pyreadstat", None)
    with pytest.raises(RantangError, match="UKUR-STATS"):
        read_microdata(path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["tidak-ada.csv", "rusak.parquet", "rusak.dta", "rusak.sav", "rusak.dbf", "kosong.csv"]
)
def test_what_cannot_be_read_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.startswith("rusak"):
        path.write_bytes(b"PAR1 and nothing else")
    if name.startswith("kosong"):
        path.write_bytes(b"")
    with pytest.raises(RantangError, match="BERKAS-TAK-TERBACA"):
        read_microdata(path)
