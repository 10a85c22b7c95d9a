"""What LibreOffice writes is read, and what we write LibreOffice opens unchanged."""

from __future__ import annotations

import csv as lines
import subprocess
from pathlib import Path

import pytest
from strange import LIST, NIK, NIK_2, column, csv, taken

from rantang.intake.annotate import annotate
from rantang.intake.read import read_bytes
from rantang.intake.take import Part, type_lists

pytestmark = [pytest.mark.office, pytest.mark.slow]


def converted(path: Path, to: str) -> Path:
    profile = f"-env:UserInstallation=file://{path.parent}/profile"
    command = [
        "soffice",
        profile,
        "--headless",
        "--convert-to",
        to,
        "--outdir",
        str(path.parent / "out"),
        str(path),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return path.parent / "out" / f"{path.stem}.{to.split(':', maxsplit=1)[0]}"


@pytest.mark.parametrize("format_", ["xlsx", "xls", "ods"])
def test_lists_that_libreoffice_saved_are_read(tmp_path: Path, format_: str) -> None:
    source = tmp_path / "daftar.csv"
    source.write_bytes(csv([*LIST, ["'0", "C", "=1+1"]]))
    made = converted(source, format_)
    found = taken(made.read_bytes(), made.name, "penerima")
    # LibreOffice writes numbers into xlsx with 15 digits: the last of a NIK is lost, and marked as a number.
    read = column(found, "nik")[:2]
    assert read == ([number[:15] + "0" for number in (NIK, NIK_2)] if format_ == "xlsx" else [NIK, NIK_2])
    assert found.raw["nik_numeric"].to_list()[:2] == [True, True]
    assert column(found, "address")[2] == "2"


def test_an_annotated_list_opens_and_runs_nothing(tmp_path: Path) -> None:
    rows = [["NIK", "NAMA", "KET"], [NIK, "=1+1", "+62812"], ["0", "@SUM(A)", "-"]]
    data = csv(rows, "\t")
    found = taken(data, "a.tsv", "penerima")
    made = type_lists({"penerima": [Part("a.tsv", "0", found)]})["penerima"]
    path = tmp_path / "temuan.xlsx"
    path.write_bytes(annotate(read_bytes(data, "a.tsv"), made.findings, {"": 1}))
    # Filter 44,34,76: comma, quotes, UTF-8; the last -1 writes every sheet.
    converted(path, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1")
    (text,) = (tmp_path / "out").glob("*Daftar*.csv")
    opened = list(lines.reader(text.read_text("utf-8").splitlines()))
    assert opened[1][:3] == [NIK, "'=1+1", "'+62812"]
    assert opened[2][:4] == ["0", "'@SUM(A)", "'-", "NIK-KOSONG"]
