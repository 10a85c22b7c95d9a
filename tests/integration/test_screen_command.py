"""`rantang screen`: every planned row has its answer."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

from running import Ran, command


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
