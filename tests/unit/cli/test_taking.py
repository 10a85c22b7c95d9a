"""Files that say the same are counted once, unless their names say that they are two lists."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from rantang.cities import load
from rantang.cli import lists as reading
from rantang.store.lists import find_lists

CITY = load("malang")
DAY = dt.date(2022, 11, 30)
PEOPLE = "NIK,NAMA\n3573014101829001,ANI\n3573014101829002,BUDI\n"
OF_PKH = "NIK,NAMA,PROGRAM\n3573014101829001,ANI,PKH\n3573014101829002,BUDI,PKH\n"


@pytest.mark.parametrize(
    ("text", "names", "rows"),
    [
        (PEOPLE, ("2022-11-pkh.csv", "2022-11-sembako.csv"), {"PKH": 2, "SEMBAKO": 2}),
        (PEOPLE, ("2022-11-pkh.csv", "2022-11-pkh-salinan.csv"), {"PKH": 2}),
        (OF_PKH, ("2022-11-pkh.csv", "2022-11-sembako.csv"), {"PKH": 2}),
    ],
)
def test_equal_files_are_two_lists_where_their_names_say_two_programmes(
    tmp_path: Path, text: str, names: tuple[str, str], rows: dict[str, int]
) -> None:
    folder = tmp_path / "dinsos" / "penerima"
    folder.mkdir(parents=True)
    for name in names:
        (folder / name).write_text(text)
    units = reading.units_of(find_lists(tmp_path, CITY), CITY, "2022-11", DAY)
    reading.read_new(units, CITY, "2022-11", DAY, b"k" * 32)
    taken = [unit.taken for unit in units if unit.taken is not None]
    programmes = [code for each in taken for code in each.rows["programme"].to_pylist()]
    assert {code: programmes.count(code) for code in programmes} == rows
    told = [code for each in taken for code in each.findings["code"].to_pylist()]
    assert ("KIRIMAN-KEMBAR" in told) == (len(rows) == 1)
