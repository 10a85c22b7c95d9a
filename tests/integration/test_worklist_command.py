"""`rantang worklist`: for one office or one kelurahan, masked unless asked, its owner's alone, logged."""

from __future__ import annotations

import json
import re
import shutil
import stat
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from running import Ran, command

from rantang.errors import RantangError
from rantang.store.workspace import open_workspace


def written(ran: Ran, out: Path, *options: str) -> set[str]:
    """Write a work list; returns every text that stands in it."""
    result = command("worklist", ran.folder, "--out", out, *options)
    assert result.exit_code == 0 and str(out) in result.output, result.output
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    book = openpyxl.load_workbook(out, read_only=True)
    return {str(value) for sheet in book for row in sheet.iter_rows(values_only=True) for value in row}


def logged(ran: Ran) -> dict[str, Any]:
    """What the last line of the log says."""
    log = ran.folder / "store" / "log" / "writings.jsonl"
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    line: dict[str, Any] = json.loads(log.read_text("utf-8").splitlines()[-1])
    return line


def open_numbers(texts: set[str]) -> set[str]:
    return {text for text in texts if re.fullmatch(r"\d{16}", text)}


def test_an_agency_gets_its_tasks_with_numbers_masked(ran: Ran, tmp_path: Path) -> None:
    texts = written(ran, tmp_path / "dinsos.xlsx", "--agency", "dinsos")
    assert any("••••" in text for text in texts) and not open_numbers(texts)
    said = logged(ran)
    assert (said["what"], said["for"], said["with_nik"]) == ("worklist", "dinsos", False)
    assert said["file"] == "dinsos.xlsx" and said["edition"] == ran.edition.name and said["by"]


def test_numbers_in_full_are_asked_for_with_a_purpose_that_is_logged(ran: Ran, tmp_path: Path) -> None:
    out = tmp_path / "dinsos.xlsx"
    with pytest.raises(RantangError, match="KERJA-KEPERLUAN"):
        command("worklist", ran.folder, "--out", out, "--agency", "dinsos", "--with-nik")
    assert not out.exists()
    purpose = ("--with-nik", "--purpose", "verval November")
    assert open_numbers(written(ran, out, "--agency", "dinsos", *purpose))
    assert (logged(ran)["with_nik"], logged(ran)["purpose"]) == (True, "verval November")


def test_what_cannot_be_logged_is_not_written(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("rantang.cli.worklist.log_writing", full)
    with pytest.raises(OSError, match="No space"):
        command("worklist", ran.folder, "--out", tmp_path / "dinsos.xlsx", "--agency", "dinsos")
    assert not (tmp_path / "dinsos.xlsx").exists()


def test_a_kelurahan_gets_its_own_people_only(ran: Ran, tmp_path: Path) -> None:
    areas = open_workspace(ran.folder).city.areas
    own, others = areas[0], areas[1:]
    texts = written(ran, tmp_path / "kelurahan.xlsx", "--kelurahan", own.name)
    assert own.name in texts and texts.isdisjoint({each.name for each in others})
    assert logged(ran)["for"] == own.name


def test_a_configuration_changed_since_is_told(ran: Ran, tmp_path: Path) -> None:
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    asked = ("worklist", folder, "--out", tmp_path / "dinsos.xlsx", "--agency", "dinsos")
    assert "EDISI-KONFIGURASI" not in command(*asked).output
    with (folder / "city.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[survey]\nhouseholds = 900\n")
    assert "EDISI-KONFIGURASI" in command(*asked).output


@pytest.mark.parametrize("option", ["--agency", "--kelurahan"])
def test_who_is_not_known_is_told_with_those_who_are(ran: Ran, tmp_path: Path, option: str) -> None:
    with pytest.raises(RantangError) as refused:
        command("worklist", ran.folder, "--out", tmp_path / "x.xlsx", option, "atlantis")
    assert refused.value.code == "KERJA-TAK-DIKENAL" and refused.value.values["name"] == "atlantis"
    known = {"--agency": "dinsos", "--kelurahan": open_workspace(ran.folder).city.areas[0].name}[option]
    assert known in str(refused.value.values["known"])
    assert not (tmp_path / "x.xlsx").exists()
