"""Reading in child processes: what a file does to a reader costs that file only."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from strange import LIST, NIK, NIK_2, csv, xlsx

from rantang.store import reading
from rantang.store.reading import Request, read_list, read_many, read_one


def codes(found: reading.Reading) -> list[str]:
    return [finding["code"] for finding in found.harvest.findings]


@pytest.fixture
def lists(tmp_path: Path) -> Path:
    (tmp_path / "a.csv").write_bytes(csv(LIST))
    (tmp_path / "b.xlsx").write_bytes(xlsx(("A", [["NIK", "Nama", "Tgl Lahir"], [int(NIK), "A", 28819]])))
    (tmp_path / "c.xlsx").write_bytes(b"\0\1\2" * 900)
    return tmp_path


@pytest.mark.slow
def test_many_files_come_back_with_rows_or_reasons(lists: Path) -> None:
    requests = [
        Request(lists / name, f"x/{name}", "penerima") for name in ("a.csv", "b.xlsx", "c.xlsx", "none.csv")
    ]
    found = {each.name: each for each in read_many(requests)}
    assert found["x/a.csv"].harvest.raw["f_nik"].to_list() == [NIK, NIK_2]
    assert found["x/b.xlsx"].harvest.raw["nik_numeric"].to_list() == [True]
    assert found["x/b.xlsx"].harvest.headers["A", "birth_date"] == "Tgl Lahir"
    assert len(found["x/a.csv"].sha256) == 64
    assert codes(found["x/c.xlsx"]) == ["BERKAS-FORMAT"]
    assert codes(found["x/none.csv"]) == ["BERKAS-TIDAK-ADA"]


def test_sheets_as_they_stand(lists: Path) -> None:
    file = read_one(lists / "a.csv")
    assert file.readable
    assert file.sheets[0].frame.row(0) == ("NIK", "NAMA", "ALAMAT")
    assert read_one(lists / "none.csv").findings[0]["code"] == "BERKAS-TIDAK-ADA"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert codes(read_list(tmp_path / "pipe.csv")) == ["BERKAS-JENIS"]
    assert codes(read_list(tmp_path)) == ["BERKAS-JENIS"]


def test_a_reader_that_dies_costs_its_file_and_the_rest_goes_on(
    lists: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "MEMORY", 1)
    monkeypatch.setattr(reading, "MEMORY_PER_BYTE", 0)
    monkeypatch.setattr(reading, "_WATCH", 0.001)
    if not reading._resident(os.getpid()):
        monkeypatch.setattr(reading, "SECONDS", 0.0)
    found = list(read_many([Request(lists / "a.csv"), Request(lists / "b.xlsx")]))
    assert [codes(each) for each in found] == [["BERKAS-HENTI"]] * 2
    assert "Gi" in str(found[0].harvest.findings[0]["evidence"]) or "detik" in str(
        found[0].harvest.findings[0]["evidence"]
    )
