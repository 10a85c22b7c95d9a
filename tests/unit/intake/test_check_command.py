"""`rantang check`: what it prints, for people and machines, and how it ends."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import openpyxl
import pytest
import typer
from strange import LIST, NIK, csv, xlsx
from typer.testing import CliRunner

from rantang.cli.check import register

pytestmark = pytest.mark.slow


@pytest.fixture
def run() -> object:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return lambda *arguments: CliRunner().invoke(app, ["check", *map(str, arguments)])


def test_json_has_the_promised_shape(run, tmp_path: Path) -> None:
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(xlsx(("A", [*LIST, ["0", "-", "JL"]])))
    done = run(path, "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 0
    assert set(said) == {
        "file",
        "sha256",
        "contract",
        "rows",
        "accepted",
        "refused",
        "held",
        "sheets",
        "findings",
    }
    assert (said["file"], said["contract"], said["rows"]) == ("daftar.xlsx", "penerima", 3)
    assert said["rows"] == said["accepted"] + said["refused"] + said["held"]
    assert said["sheets"] == [
        {"sheet": "A", "header_row": 1, "columns": {"NIK": "nik", "NAMA": "name", "ALAMAT": "address"}}
    ]
    refused = next(finding for finding in said["findings"] if finding["code"] == "BARIS-TANPA-ORANG")
    assert set(refused) == {"code", "severity", "sheet", "row", "column", "value", "message"}
    assert (refused["severity"], refused["row"]) == ("galat", 4)


def test_for_people_it_counts_and_says_what_to_do(run, tmp_path: Path) -> None:
    path, out = tmp_path / "daftar.csv", tmp_path / "x" / "temuan.xlsx"
    path.write_bytes(csv([["NIK", "Nama"], [NIK, "A"], ["0", "B"]]))
    done = run(path, "--annotate", out)
    assert "2 baris = 2 diterima + 0 ditolak + 0 menunggu petugas" in done.stdout
    assert "NIK belum diisi" in " ".join(done.stdout.split())
    assert done.stdout.rstrip().endswith(str(out))
    assert openpyxl.load_workbook(out).sheetnames == ["Temuan", "Daftar"]
    assert out.stat().st_mode & 0o077 == 0


def test_the_file_with_findings_is_private_from_its_first_byte(
    run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(self: Path, mode: int) -> None:
        raise AssertionError(f"{self} was readable until now")

    path, out = tmp_path / "daftar.csv", tmp_path / "temuan.xlsx"
    path.write_bytes(csv([["NIK", "Nama"], [NIK, "A"]]))
    out.write_bytes(b"")
    monkeypatch.setattr(Path, "chmod", refuse)
    run(path, "--annotate", out)
    assert out.stat().st_mode & 0o077 == 0 and out.stat().st_size
    assert sorted(each.name for each in tmp_path.iterdir()) == ["daftar.csv", "temuan.xlsx"]


def test_it_ends_with_2_only_when_nothing_could_be_read_and_with_1_only_when_strict(
    run, tmp_path: Path
) -> None:
    good, bad, empty = tmp_path / "a.csv", tmp_path / "b.csv", tmp_path / "c.xlsx"
    good.write_bytes(csv(LIST))
    bad.write_bytes(csv([*LIST, ["-", "-", "JL"]]))
    empty.write_bytes(b"")
    assert [run(path).exit_code for path in (good, bad, empty)] == [0, 0, 2]
    assert [run(path, "--strict").exit_code for path in (good, bad)] == [0, 1]
    assert "tidak berisi data" in run(empty).stdout
    assert json.loads(run(empty, "--json").stdout)["findings"][0]["code"] == "BERKAS-KOSONG"


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.csv", "a;b\n1;2\n"), ("surat.pdf", "Kepada Yth.\nLurah setempat\n"), ("kosong.csv", "\n\n")],
)
def test_a_file_in_which_no_list_was_found_was_not_read(run, tmp_path: Path, name: str, content: str) -> None:
    path = tmp_path / name
    path.write_text(content, "utf-8")
    done = run(path, "--json")
    said = json.loads(done.stdout)
    assert (done.exit_code, run(path).exit_code, run(path, "--strict").exit_code) == (2, 2, 2)
    assert (said["sheets"], said["accepted"]) == ([], 0) and said["rows"] == said["held"]
    assert said["findings"] and all(finding["message"] for finding in said["findings"])


def test_a_list_whose_rows_are_all_refused_or_that_has_none_was_read(run, tmp_path: Path) -> None:
    refused, bare = tmp_path / "a.csv", tmp_path / "b.csv"
    refused.write_bytes(csv([["NIK", "Nama", "Alamat"], ["-", "-", "JL A"], ["-", "-", "JL B"]]))
    bare.write_bytes(csv([["NIK", "Nama", "Alamat"]]))
    said = json.loads(run(refused, "--json").stdout)
    assert said["refused"] == said["rows"] == 2
    assert [run(path).exit_code for path in (refused, bare)] == [0, 0]


def test_it_speaks_english_when_asked(run, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(csv(LIST))
    assert "2 rows = 2 accepted" in run(path, "--lang", "en").stdout


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux only")
def test_a_name_that_is_no_text_is_a_name(run, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/daftar-\xff.csv"))
    path.write_bytes(csv(LIST))
    done = run(path, "--json")
    assert (done.exit_code, json.loads(done.stdout)["file"]) == (0, "daftar-?.csv")


def test_two_lists_on_a_sheet_have_their_findings_under_the_first_headings(run, tmp_path: Path) -> None:
    path, out = tmp_path / "daftar.xlsx", tmp_path / "temuan.xlsx"
    path.write_bytes(xlsx(("A", [*LIST, ["NAMA", "ALAMAT", "NIK"], ["C", "JL", "123456789012345"]])))
    assert run(path, "--annotate", out).exit_code == 0
    rows = list(openpyxl.load_workbook(out)["A"].iter_rows(values_only=True))
    assert (rows[0][3], rows[4][3]) == ("TEMUAN", "NIK-PANJANG")
