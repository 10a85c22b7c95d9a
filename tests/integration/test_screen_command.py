"""`rantang screen`: every planned row has its answer."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from running import Ran, command

from rantang.errors import RantangError

RECIPIENTS = "lists/dinsos/penerima/2022-11-rantang.xlsx"


def screened(ran: Ran, planned: Path, out: Path) -> dict[str, Any]:
    result = command("screen", ran.folder, planned, "--programme", "SEMBAKO", "--out", out, "--json")
    assert result.exit_code == 0, result.output
    said: dict[str, Any] = json.loads(result.stdout)
    return said


def test_rows_that_cannot_be_used_are_told_not_left_out(ran: Ran, tmp_path: Path) -> None:
    planned = tmp_path / "rencana.csv"
    with planned.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(
            [("NIK", "Nama"), ("", "ZZYZX QWERT"), ("0", ""), ("12", "-"), ("", "QWERT ZZYZX")]
        )
    out = tmp_path / "padan.xlsx"
    said = screened(ran, planned, out)
    assert (said["planned"], said["unread"]) == (4, 0)
    verdicts = said["verdicts"]
    assert (verdicts["SALUR-TAK-TERBACA"], verdicts["SALUR-TAK-TERDAFTAR"]) == (2, 2)
    assert out.stat().st_mode & 0o777 == 0o600


@pytest.fixture
def own(ran: Ran, tmp_path: Path) -> Ran:
    """The workspace that was run, to be changed."""
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    return Ran(folder, ran.said)


@pytest.mark.slow
def test_the_answer_is_of_the_lists_that_the_edition_was_made_of(ran: Ran, own: Ran, tmp_path: Path) -> None:
    planned, out = ran.folder / RECIPIENTS, tmp_path / "padan.xlsx"
    first = screened(ran, planned, out)
    shutil.rmtree(own.folder / "lists")
    (own.folder / RECIPIENTS).parent.mkdir(parents=True)
    (own.folder / RECIPIENTS).with_stem("2022-11-revisi-rantang").write_bytes(planned.read_bytes())
    assert screened(own, planned, out)["verdicts"] == first["verdicts"]
    shutil.rmtree(own.folder / "store" / "cache")  # then the sealed deliveries are read
    assert screened(own, planned, out)["verdicts"] == first["verdicts"]


def test_where_its_lists_are_gone_nothing_is_written(ran: Ran, own: Ran, tmp_path: Path) -> None:
    for gone in ("lists", "store/cache", "store/deliveries"):
        shutil.rmtree(own.folder / gone)
    out = tmp_path / "padan.xlsx"
    with pytest.raises(RantangError) as refused:
        screened(own, ran.folder / RECIPIENTS, out)
    assert refused.value.code == "KIRIMAN-LAIN"
    assert not out.exists()
