"""`rantang link` and `rantang dedupe` on files as people have them."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from running import command

from rantang.cli import pairs
from rantang.engine import open_briefly
from rantang.errors import RantangError

Rows = Sequence[Mapping[str, Any]]
PEOPLE = [
    {"NIK": f"35730{at:02d}101809{at:03d}", "Nama": name, "Tgl Lahir": f"{at + 1:02d}-03-1980"}
    for at, name in enumerate(
        ("SITI AMINAH", "BUDI SANTOSO", "DEWI LESTARI", "JOKO PRANOTO", "RINA WULANDARI", "AGUS HANDOKO"),
        start=1,
    )
]


def listed(path: Path, rows: Rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def mapped(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def answered(out: Path) -> list[tuple[str, str, str]]:
    with out.open(encoding="utf-8", newline="") as file:
        return [(line["id_a"], line["id_b"], line["decision"]) for line in csv.DictReader(file)]


@pytest.fixture
def a(tmp_path: Path) -> Path:
    return listed(tmp_path / "a.csv", PEOPLE)


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "pairs.csv"


def test_lists_with_usual_headers_need_no_map(a: Path, out: Path, tmp_path: Path) -> None:
    b = listed(tmp_path / "b.csv", [{"NAMA": row["Nama"], "nik": row["NIK"]} for row in reversed(PEOPLE)])
    assert command("link", a, b, "--out", out).exit_code == 0
    assert answered(out) == [(str(at), str(5 - at), "match") for at in range(6)]


def test_any_headers_with_a_map_and_ids_of_their_own(out: Path, tmp_path: Path) -> None:
    odd = {"row": "NIK", "l": "Nama", "r": "Tgl Lahir", "L": "NIK"}
    rows = [{ours: row[theirs] for ours, theirs in odd.items()} | {"id": f"k{at}", "a": at, "p": at}
            for at, row in enumerate(PEOPLE)]  # fmt: skip
    one, other = listed(tmp_path / "one.csv", rows), listed(tmp_path / "other.csv", rows[::-1])
    roles = 'name = "l"\nbirth_date = "r"\nnational_id = "row"\n'
    chart = mapped(tmp_path / "map.toml", f"[columns]\n{roles}")
    asked = ("--map", chart, "--id-a", "id", "--id-b", "id", "--truth", "id", "--json", "--out", out)
    said = json.loads(command("link", one, other, *asked).stdout)
    assert (said["match"], said["score"]["precision"], said["score"]["recall"]) == (6, 1.0, 1.0)
    assert answered(out) == [(f"k{at}", f"k{at}", "match") for at in range(6)]


def test_a_map_of_one_list_leaves_the_other_to_its_headers(a: Path, out: Path, tmp_path: Path) -> None:
    rows = [{"who": row["Nama"], "number": row["NIK"]} for row in PEOPLE]
    b = listed(tmp_path / "b.csv", rows)
    chart = mapped(tmp_path / "map.toml", '[b]\nname = "who"\nnational_id = "number"\n')
    command("link", a, b, "--map", chart, "--out", out)
    assert {decision for *_, decision in answered(out)} == {"match"}


def test_dates_of_other_centuries_are_dates(out: Path, tmp_path: Path) -> None:
    born = [f"{1500 + 7 * at}-{1 + at % 12:02d}-{1 + at % 28:02d}" for at in range(40)]
    rows = [
        {"name": f"{chr(65 + at % 26)}AN {chr(65 + at // 2)}EDER", "born": day} for at, day in enumerate(born)
    ]
    other = [{**row, "name": "WILLEM ORANJE"} for row in rows]
    chart = mapped(tmp_path / "map.toml", '[columns]\nname = "name"\nbirth_date = "born"\n')
    a, b = listed(tmp_path / "a.csv", rows), listed(tmp_path / "b.csv", rows[:20] + other[20:])
    command("link", a, b, "--map", chart, "--truth", "born", "--out", out)
    near = [(one, two) for one, two, decision in answered(out) if decision != "none"]
    assert near == [(str(at), str(at)) for at in range(20)]


def test_one_date_of_another_order_does_not_turn_the_others(out: Path, tmp_path: Path) -> None:
    dates = ("01-20-1980", "02-21-1980", "21-04-1980", "03-04-1980")
    own = [{"Nama": row["Nama"], "Tgl Lahir": day} for row, day in zip(PEOPLE, dates, strict=False)]
    read = pairs.read(listed(tmp_path / "a.csv", own), None)
    with open_briefly() as engine:
        (rows,) = pairs.identified({"a": read}, "kosong", engine)
        born = engine.fetch(rows.order_by("row_key").select("birth_date"))["birth_date"].to_pylist()
    assert born[3] == dt.date(1980, 3, 4)


def test_each_pair_of_a_persons_rows_comes_once(out: Path, tmp_path: Path) -> None:
    rows = [*PEOPLE, PEOPLE[0], PEOPLE[0]]
    command("dedupe", listed(tmp_path / "a.csv", rows), "--out", out)
    assert answered(out) == [("0", "6", "match"), ("0", "7", "match"), ("6", "7", "match")]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """A workbook: a note, the list on two sheets and once more on a hidden one, and another list."""
    path = tmp_path / "daftar.xlsx"
    names = list(PEOPLE[0])
    people = [list(row.values()) for row in PEOPLE]
    sheets = {
        "Petunjuk": [["Isi satu baris per orang"]],
        "RW 1": [names, *people[:3]],
        "RW 2": [["Daftar RW 2"], names, *people[3:], people[0]],
        "Lama": [names, *people],
        "Alamat": [["Nama", "Alamat"], ["SITI AMINAH", "MAWAR 1"]],
    }
    with xlsxwriter.Workbook(path) as made:
        for name, rows in sheets.items():
            sheet = made.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
            if name == "Lama":
                sheet.hide()
    return path


def test_sheets_of_one_heading_are_one_list_and_hidden_ones_are_none(book: Path, out: Path) -> None:
    said = json.loads(command("dedupe", book, "--json", "--out", out).stdout)
    assert answered(out) == [("0", "6", "match")]
    assert (said["rows"], said["sheets"]) == (7, {"a": ["RW 1", "RW 2"]})
    assert [(each["sheet"], each["code"]) for each in said["findings"]] == [
        ("Petunjuk", "LEMBAR-JUDUL-LAIN"),
        ("Lama", "LEMBAR-TERSEMBUNYI"),
        ("Alamat", "LEMBAR-JUDUL-LAIN"),
    ]


def test_people_are_told_which_sheets_were_read(book: Path, a: Path, out: Path) -> None:
    said = command("--lang", "en", "link", a, book, "--out", out).stdout
    assert "B: sheets: RW 1, RW 2\n" in said
    assert "B: [LEMBAR-TERSEMBUNYI] The sheet “Lama” is hidden" in said
    assert "A:" not in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("[columns]\nname = 5\n", "PETA-RUSAK"),
        ('[columns]\nname = ["Nama"]\n', "PETA-RUSAK"),
        ('columns = "Nama"\n', "PETA-RUSAK"),
        ("[columns\n", "PETA-RUSAK"),
        ("[names]\n", "PETA-KOSONG"),
        ('[columns]\nnama = "Nama"\n', "PETA-PERAN"),
        ('[columns]\nname = "Siapa"\n', "PETA-KOLOM"),
    ],
)
def test_a_wrong_map_is_told(a: Path, out: Path, tmp_path: Path, text: str, code: str) -> None:
    with pytest.raises(RantangError) as refused:
        command("dedupe", a, "--map", mapped(tmp_path / "map.toml", text), "--out", out)
    assert refused.value.code == code


def test_a_list_without_headers_is_refused_without_anybodys_number(out: Path, tmp_path: Path) -> None:
    bare = tmp_path / "bare.csv"
    bare.write_text("".join(f"{row['NIK']},{row['Nama']}\n" for row in PEOPLE), encoding="utf-8")
    with pytest.raises(RantangError, match="PETA-KOLOM") as refused:
        command("dedupe", bare, "--out", out)
    assert not re.search("[0-9]{6}", str(refused.value.values["columns"]))


@pytest.mark.parametrize("option", ["--id-a", "--id-b", "--truth"])
def test_a_column_that_is_not_there_is_told_before_the_work(
    a: Path, out: Path, option: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rantang.cli.pairs.identified", None)
    with pytest.raises(RantangError) as refused:
        command("link", a, a, option, "Siapa", "--out", out)
    assert refused.value.code == "PETA-KOLOM"


def test_the_list_without_a_name_is_named_and_a_map_is_offered(a: Path, out: Path, tmp_path: Path) -> None:
    nameless = listed(tmp_path / "nameless.csv", [{"Wali": "X", "Umur": "3"}])
    with pytest.raises(RantangError) as refused:
        command("link", a, nameless, "--out", out)
    said = str(refused.value)
    assert "nameless.csv" in said and "Wali, Umur" in said and "--map" in said


@pytest.mark.parametrize("name", ["pairs.txt", "pairs", "pairs.xlsx"])
@pytest.mark.parametrize("asked", ["link a.csv a.csv", "dedupe a.csv"])
def test_a_target_of_another_form_is_refused_before_the_work(
    a: Path, asked: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(a.parent)
    monkeypatch.setattr("rantang.cli.pairs.read", None)
    with pytest.raises(RantangError) as refused:
        command(*asked.split(), "--out", name)
    assert refused.value.code == "TULIS-AKHIRAN" and ".csv, .parquet" in str(refused.value)


def test_a_list_that_is_not_there_is_not_sent_to_be_checked(a: Path, out: Path, tmp_path: Path) -> None:
    with pytest.raises(RantangError) as refused:
        command("link", a, tmp_path / "nihil.csv", "--out", out)
    assert refused.value.code == "DAFTAR-TIDAK-ADA" and "nihil.csv" in str(refused.value)


def test_why_a_list_cannot_be_read_is_said_in_words(a: Path, out: Path, tmp_path: Path) -> None:
    with pytest.raises(RantangError) as refused:
        command("link", a, tmp_path, "--out", out)
    assert "bukan berkas biasa" in str(refused.value) and "BERKAS-JENIS" not in str(refused.value)


def test_without_a_threshold_it_says_that_nothing_is_linked_by_its_score(out: Path, tmp_path: Path) -> None:
    unlike = listed(tmp_path / "unlike.csv", [PEOPLE[0], PEOPLE[1]])
    asked = ("dedupe", unlike, "--out", out)
    assert json.loads(command(*asked, "--json").stdout)["threshold"] is None
    said = " ".join(command(*asked).stdout.split())
    assert "ambang – kalibrasi tidak dibuat" in said and "sisanya untuk petugas" in said


def test_shares_are_written_as_the_language_does(a: Path, out: Path) -> None:
    asked = ("link", a, a, "--truth", "NIK", "--id-b", "NIK", "--out", out)
    assert re.search(r"threshold +0\.9\d*\n", command("--lang", "en", *asked).stdout)
    assert re.search(r"ambang +0,9\d*\n", command(*asked).stdout)
