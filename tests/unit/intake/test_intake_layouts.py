"""Rows that are people, and rows that only look so: totals, headings of groups, cells that slid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import ibis
import polars as pl
import pytest
from strange import KK, LIST, NIK, NIK_2, codes, column, csv, taken, xlsx

from rantang.intake.take import Part, type_lists
from rantang.vocabulary.nik import exact_lists

HEADER = ["No", "NIK", "Nama", "Alamat", "Nominal"]
A = [1, NIK, "SITI AMINAH", "JL. MAWAR", 600000]
B = [2, NIK_2, "MOCH. SALEH", "JL. MELATI", 600000]


def people(count: int) -> list[list[str]]:
    return [
        [f"35730101018{number // 900}{9001 + number % 900}"[:16], "SITI", "JL A"] for number in range(count)
    ]


@pytest.mark.parametrize(
    "total",
    [
        ["Sub Total Kelurahan Sukun", None, None, None, 600000],
        ["TOTAL PENERIMA : 2 ORANG"],
        ["Jumlah Dana", None, None, None, "Rp 1.200.000"],
        [None, None, "JUMLAH SELURUH KPM", None, 1200000],
        [None, None, None, None, 1200000],
    ],
    ids=["sub total of an area", "in words", "of money", "under the names", "without a word"],
)
def test_totals_are_no_rows(total: list[Any]) -> None:
    found = taken(xlsx(("A", [HEADER, A, B, total])))
    assert column(found, "name") == ["SITI AMINAH", "MOCH. SALEH"]
    assert "BARIS-JUMLAH" in codes(found)


def test_a_person_called_jumlah_stays() -> None:
    rows = [
        HEADER,
        [1, NIK, "JUMLAH", "JL", 1],
        [2, None, "TOTALITAS", "JL", 1],
        [3, None, "JUMALI", "JL", 1],
    ]
    assert column(taken(xlsx(("A", rows))), "name") == ["JUMLAH", "TOTALITAS", "JUMALI"]


@pytest.mark.parametrize(
    "heading",
    [
        ["KELURAHAN SUKUN"],
        [None, "Kecamatan : KLOJEN"],
        [None, None, "RW 02"],
        ["II", None, "KELURAHAN SUKUN"],
        ["B.", "Kel. Sukun"],
    ],
)
def test_the_heading_of_a_group_is_no_row(heading: list[Any]) -> None:
    found = taken(xlsx(("A", [HEADER, heading, A, heading, B])))
    assert (found.rows, "BARIS-KAKI" in codes(found)) == (2, True)


def test_a_line_of_a_drawn_table_is_no_row() -> None:
    drawn = ["+----+", "| NIK | NAMA |", "+----+", f"| {NIK} | SITI |", "+----+"]
    assert column(taken("\n".join(drawn).encode(), "daftar.txt"), "name") == ["SITI"]


def test_a_name_alone_is_a_person() -> None:
    assert column(taken(xlsx(("A", [HEADER, A, [None, None, "KARTINI"], B]))), "name")[1] == "KARTINI"


def test_rows_that_a_comma_moved_are_held() -> None:
    rows: list[list[str]] = [*people(12)]
    rows[3] = [rows[3][0], "SITI", " S.Pd", "JL A"]
    rows[7] = [rows[7][0], "SALEH", " S.Pd", "JL B"]
    found = taken(csv([LIST[0], *rows]), "a.csv")
    assert [at for at, wide in enumerate(found.raw["wide"].to_list()) if wide] == [3, 7]


def test_a_column_without_a_heading_is_told() -> None:
    found = taken(csv([LIST[0], *([*row, "x"] for row in people(6))]), "a.csv")
    told = next(finding for finding in found.findings if finding["code"] == "KOLOM-TAK-BERJUDUL")
    assert (found.rows, told["evidence"]) == (6, "count=1")
    assert not found.raw["wide"].any()


def test_a_quote_that_never_closes_costs_no_row_in_a_short_list() -> None:
    lines = [",".join(row) for row in people(5)]
    lines.insert(2, f'{NIK},"SITI,"JL. A, NO 1"')
    lines.insert(4, f'{NIK_2},"SALEH,JL B')
    found = taken("\n".join(["NIK,NAMA,ALAMAT", *lines]).encode(), "a.csv")
    assert found.rows == 7
    assert "BERKAS-KUTIP" in codes(found)


def test_an_address_of_many_lines_is_one_cell() -> None:
    address = "\n".join(["JL. MAWAR, GANG SEPULUH"] * 14)
    found = taken(f'NIK,NAMA,ALAMAT\n{NIK},SITI,"{address}"\n{NIK_2},B,C\n'.encode(), "a.csv")
    assert found.rows == 2
    assert "BERKAS-KUTIP" not in codes(found)


@pytest.mark.parametrize(
    ("serials", "lost"),
    [
        (range(9001, 9025), 0),  # two of 24 end in 0
        (range(9010, 9250, 10), 24),
        (range(9007, 9012), 1),  # too few to show that a program wrote them: identity holds it lost, too
    ],
)
def test_numbers_that_a_program_wrote_have_lost_no_digit(serials: Sequence[int], lost: int) -> None:
    numbers = [int(f"357301010180{serial}") for serial in serials]
    found = taken(xlsx(("A", [["NIK", "Nama"], *([number, "A"] for number in numbers)])))
    made = type_lists({"penerima": [Part("a.xlsx", "", found)]}, alone=True)["penerima"]
    assert made.findings["code"].to_list().count("NIK-DIGIT-HILANG") == lost
    written = ibis.memtable({"list_key": ["a"] * len(numbers), "number": [str(each) for each in numbers]})
    assert (exact_lists(written).count().to_pyarrow().as_py() == 1) == (lost == 0)


def test_names_and_stray_numbers_are_masked_in_findings() -> None:
    found = taken(csv([["NIK", "Nama"], ["", f"SITI 2 {NIK}"]]), "a.csv")
    made = type_lists({"penerima": [Part("a.csv", "", found)]}, alone=True)["penerima"]
    (shown,) = made.findings.filter(code="NAMA-ANGKA")["value"]
    assert shown == "S••• 2 357••••••••••01"  # the 2 may be the first of a number in groups


@pytest.mark.parametrize(
    "written",
    [
        f"{NIK[:6]}\u200b{NIK[6:]}",
        f"\u202e{NIK}\u202c",
        "".join(chr(0xFF10 + int(digit)) for digit in NIK),
        "".join(chr(0x0660 + int(digit)) for digit in NIK),
        f"{NIK[:6]}\u00a0{NIK[6:]}",
    ],
    ids=["zero width", "direction", "full width", "arabic", "no-break"],
)
def test_what_nobody_sees_in_a_cell_is_no_fault_of_it(written: str) -> None:
    found = taken(xlsx(("A", [HEADER, [1, written, "SITI\u00a0AMINAH", "JL", 1]])))
    assert column(found, "nik")[0].replace(" ", "") == NIK
    assert column(found, "name") == ["SITI AMINAH"]


def test_the_end_mark_of_a_dos_program_is_no_row() -> None:
    assert taken(csv(LIST) + b"\x1a", "daftar.csv").rows == 2


def test_a_row_that_waits_or_names_nobody_has_one_finding() -> None:
    rows = [
        ["NIK", "NAMA", "L/P", "TGL LAHIR"],
        [NIK, "A", "L", "01-01-1980"],
        [NIK_2, "B, S.Pd", "P", "05-11-1978"],
        [None, None, "P", "05-11-1978"],
    ]
    found = taken(csv(rows), "daftar.csv")
    (typed,) = type_lists({"penerima": [Part("a.csv", "", found)]}, alone=True).values()
    told = typed.findings.filter(pl.col("row").is_not_null())
    assert told.select("row", "code").rows() == [(3, "BARIS-LEBAR"), (4, "BARIS-TANPA-ORANG")]


HEADINGS = "NIK,NAMA,ALAMAT,RT,RW,KELURAHAN"


@pytest.mark.parametrize(
    ("headings", "row"),
    [
        (HEADINGS, "SITI AMINAH,JL MAWAR 1, BLOK A,01,02,KLOJEN"),
        (HEADINGS, "SITI AMINAH,JL MAWAR 1, BLOK A, KAV 3,01,02,KLOJEN"),
        ("NIK,NAMA,TGL LAHIR,RT", "SITI AMINAH, S.Pd,01-01-1980,01"),
    ],
)
def test_rows_whose_cells_have_moved_wait_even_where_all_have(headings: str, row: str) -> None:
    found = taken(f"{headings}\n{NIK},{row}\n{NIK_2},{row}\n".encode(), "daftar.csv")
    (typed,) = type_lists({"penerima": [Part("a.csv", "", found)]}, alone=True).values()
    assert typed.table.num_rows == 0
    assert typed.findings.filter(code="BARIS-LEBAR")["row"].to_list() == [2, 3]


def test_rows_that_have_moved_by_different_places_wait() -> None:
    rows = [f"{NIK},SITI, S.Pd,01-01-1980,JL A", f"{NIK_2},SITI, S.Pd, M.M,02-01-1980,JL A"] * 3
    found = taken("\n".join(["NIK,NAMA,TGL LAHIR,ALAMAT", *rows]).encode(), "daftar.csv")
    assert found.raw["wide"].all()


def test_an_odd_cell_before_one_of_its_look_has_not_moved() -> None:
    row = "SITI AMINAH,RT 01 RW 02,02,KLOJEN,200000"
    found = taken(f"NIK,NAMA,RT,RW,KELURAHAN\n{NIK},{row}\n{NIK_2},{row}\n".encode(), "daftar.csv")
    assert not found.raw["wide"].any()


def test_names_of_rows_without_a_heading_move_all_cells() -> None:
    found = taken(f"NIK,NAMA,RT\n1,{NIK},SITI,01\n2,{NIK_2},BUDI,02\n".encode(), "daftar.csv")
    assert found.raw["wide"].to_list() == [True, True]


def test_a_last_column_without_a_heading_moves_nothing() -> None:
    row = "SITI AMINAH,JL MAWAR 1,01,02,KLOJEN,200000"
    found = taken(f"{HEADINGS}\n{NIK},{row}\n{NIK_2},{row}\n".encode(), "daftar.csv")
    assert found.raw["wide"].to_list() == [False, False]
    assert "KOLOM-TAK-BERJUDUL" in [finding["code"] for finding in found.findings]


def test_a_number_that_comes_again_is_told_with_the_row_where_it_stood() -> None:
    head = ["NIK", "NAMA", "PROGRAM"]
    book = xlsx(
        ("A", [head, [NIK, "SITI", "PKH"], [NIK, "SITI", "PKH"], [NIK, "SITI", "BPNT"]]),
        ("B", [head, [NIK_2, "B", "PKH"], [NIK, "C", "PKH"]]),
    )
    (typed,) = type_lists({"penerima": [Part("a.xlsx", "", taken(book))]}, alone=True).values()
    told = typed.findings.filter(code="NIK-BERULANG").select("sheet", "row", "evidence")
    assert told.rows() == [("A", 3, "first=2"), ("B", 3, "first=A!2")]


def test_a_nik_that_is_also_the_number_of_the_card_is_told() -> None:
    found = taken(csv([["NIK", "NO KK", "NAMA"], [NIK, NIK, "A"], [NIK_2, KK, "B"]]), "daftar.csv")
    (typed,) = type_lists({"penerima": [Part("a.csv", "", found)]}, alone=True).values()
    told = typed.findings.filter(pl.col("row").is_not_null())
    assert told.select("code", "row").rows() == [("NIK-SAMA-KK", 2)]


def test_two_lists_beside_each_other_are_both_read() -> None:
    head = ["No", "NIK", "Nama"]
    rows = [[*head, None, *head], [1, NIK, "A", None, 3, KK, "C"], [2, NIK_2, "B", None, None, None, None]]
    found = taken(xlsx(("A", rows)))
    assert found.raw.select("row", "f_nik", "f_name").rows() == [(2, NIK, "A"), (3, NIK_2, "B"), (2, KK, "C")]
    assert "LEMBAR-BEBERAPA-DAFTAR" in codes(found)


def test_a_mother_beside_her_child_is_no_second_list() -> None:
    rows = [["No", "NIK", "Nama", "NIK", "Nama"], [1, NIK, "A", KK, "IBU"]]
    assert column(taken(xlsx(("A", rows))), "name") == ["A"]


def test_a_list_below_with_other_headings_is_read_by_its_own() -> None:
    rows = [
        HEADER,
        A,
        ["DAFTAR CADANGAN"],
        ["NIK", "Nama", "Alamat"],
        [NIK_2, "B", "JL 2"],
        [KK, "C", "JL 3"],
    ]
    found = taken(xlsx(("A", rows)))
    people = found.raw.select("row", "f_nik", "f_name", "f_address").rows()
    assert people == [(2, NIK, "SITI AMINAH", "JL. MAWAR"), (5, NIK_2, "B", "JL 2"), (6, KK, "C", "JL 3")]
    assert "LEMBAR-BEBERAPA-DAFTAR" in codes(found)
