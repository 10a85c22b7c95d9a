"""Where a command may write: never over a list, never a fault of Rantang's own where a path is wrong."""

from __future__ import annotations

import stat
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from rantang.cli.app import app
from rantang.cli.failing import report_fault
from rantang.cli.pairs import write
from rantang.cli.writing import check_target
from rantang.errors import RantangError

LIST = "NIK,Nama\n3573010101809001,SITI\n"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    path = tmp_path / "daftar.csv"
    path.write_text(LIST, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "LIST", "--annotate", "LIST"),
        ("dedupe", "LIST", "--out", "LIST"),
        ("link", "LIST", "LIST", "--out", "LIST"),
        ("screen", "FOLDER", "LIST", "--programme", "PKH", "--out", "LIST"),
    ],
)
def test_a_list_is_never_overwritten(listed: Path, arguments: tuple[str, ...]) -> None:
    names = {"LIST": str(listed), "FOLDER": str(listed.parent)}
    refused = CliRunner().invoke(app, [names.get(each, each) for each in arguments]).exception
    assert isinstance(refused, RantangError) and refused.code == "TULIS-DAFTAR"
    assert listed.read_text("utf-8") == LIST


def test_a_list_of_the_workspace_is_never_overwritten(tmp_path: Path) -> None:
    listed = tmp_path / "lists" / "dinsos" / "dtks" / "2022-11.csv"
    listed.parent.mkdir(parents=True)
    listed.touch()
    with pytest.raises(RantangError, match="TULIS-DAFTAR"):
        check_target(listed, tmp_path / "lists")
    check_target(tmp_path / "padan.xlsx", tmp_path / "lists")


def test_a_survey_that_is_called_as_its_figures_are_is_not_overwritten(tmp_path: Path) -> None:
    survey = tmp_path / "measurement.csv"
    survey.write_text("kapita\n1\n", encoding="utf-8")
    asked = ["measure", str(survey), "--welfare", "kapita", "--line", "2", "--out", str(tmp_path)]
    refused = CliRunner().invoke(app, asked).exception
    assert isinstance(refused, RantangError) and refused.code == "TULIS-DAFTAR"
    assert survey.read_text("utf-8") == "kapita\n1\n"


@pytest.mark.parametrize("command", ["check --annotate", "dedupe --out"])
def test_a_folder_is_no_target(listed: Path, command: str) -> None:
    name, option = command.split()
    refused = CliRunner().invoke(app, [name, str(listed), option, str(listed.parent)]).exception
    assert isinstance(refused, RantangError) and refused.code == "TULIS-FOLDER"


@pytest.mark.parametrize("fault", [FileNotFoundError(2, "No such file or directory", "/proc/x"),
                                   PermissionError(13, "Permission denied", "/root/x")])  # fmt: skip
def test_a_path_that_cannot_be_used_is_told(fault: OSError, capsys: pytest.CaptureFixture[str]) -> None:
    report_fault(fault)
    told = capsys.readouterr().err
    assert "BERKAS-AKSES" in told and str(fault.filename) in told and "PERINTAH-GAGAL" not in told


def test_pairs_that_cannot_be_written_are_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RantangError) as refused:
        write(pl.DataFrame({"id_a": ["1"]}), tmp_path / "file" / "pairs.csv")
    assert refused.value.code == "TULIS-GAGAL"


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_pairs_are_written_for_their_owner_alone_also_over_an_open_file(tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"pairs.{ending}"
    out.touch(mode=0o644)
    write(pl.DataFrame({"id_a": ["3573010101809001"]}), out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    assert [each.name for each in tmp_path.iterdir()] == [out.name]


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(
    listed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(RantangError):
        write(pl.DataFrame({"id_a": ["1"]}), listed)
    assert listed.read_text("utf-8") == LIST
    assert [each.name for each in listed.parent.iterdir()] == [listed.name]


def test_a_link_is_written_to_and_not_replaced(listed: Path) -> None:
    link = listed.with_name("keluar")
    link.symlink_to(listed)
    write(pl.DataFrame({"id_a": ["1"]}), link)
    assert link.is_symlink() and listed.read_text("utf-8") == "id_a\n1\n"
