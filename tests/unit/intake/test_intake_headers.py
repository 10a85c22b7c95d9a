"""Where the header is, which column is which, and which rows are data."""

from __future__ import annotations

import io
import time

import openpyxl
import pytest
from strange import KK, LIST, NIK, NIK_2, codes, column, csv, taken, xlsx

from rantang.contracts import contracts, fold
from rantang.intake.headers import match
from rantang.intake.read import read_bytes


def test_titles_totals_end_marks_and_signatures_are_no_data() -> None:
    rows = [
        ["DAFTAR PENERIMA BANTUAN"],
        ["TAHUN 2022"],
        [None],
        ["No", "NIK", "Nama", "Nominal"],
        ["(1)", "(2)", "(3)", "(4)"],
        [1, NIK, "A", 600000],
        [2, NIK_2, "B", 600000],
        ["JUMLAH", None, "2 ORANG", "1.200.000"],
        ["###"],
        [None],
        [None, None, "Kota Contoh, 25 November 2022"],
        [None, None, "Kepala Dinas Sosial"],
        [None, None, "Drs. BUDI"],
        [None, None, "NIP. 197001011990"],
    ]
    found = taken(xlsx(("A", rows)))
    assert column(found, "name") == ["A", "B"]
    assert found.raw["row"].to_list() == [6, 7]
    assert {"BARIS-JUMLAH", "BARIS-KAKI"} <= set(codes(found))


def test_groups_of_headings_over_two_lines_are_joined() -> None:
    rows = [
        ["No", "PENERIMA", None, None, "IBU", "ALAMAT", None, None],
        [None, "NIK", "Nama", "Tgl. Lahir", "Nama", "Jalan", "RT", "RW"],
        [1, NIK, "A", "25-11-1978", "SRI", "JL", "1", "2"],
    ]
    found = taken(xlsx(("A", rows)))
    assert found.sheets[0].header_row == 2
    assert found.raw.select("f_name", "f_mother", "f_address", "f_rt", "f_rw").row(0) == (
        "A",
        "SRI",
        "JL",
        "1",
        "2",
    )


def test_the_list_is_found_behind_instructions_and_hidden_sheets_are_not_used() -> None:
    found = taken(
        xlsx(
            ("Petunjuk", [["PETUNJUK"], ["1. NIK sesuai KTP"], ["2. Nama"]]),
            ("Kode", [["Kode", "Arti"], ["1", "Ya"]]),
            ("Kosong", []),
            ("Data", LIST),
            ("Lama", LIST),
            hide=["Lama"],
        )
    )
    assert [sheet.sheet for sheet in found.sheets] == ["Data"]
    assert codes(found).count("LEMBAR-BUKAN-DAFTAR") == 2
    assert "LEMBAR-TERSEMBUNYI" in codes(found)


def test_headings_repeated_on_every_page_are_no_data() -> None:
    assert taken(xlsx(("A", [*LIST, LIST[0], *LIST[1:]]))).rows == 4


def test_a_value_merged_over_rows_belongs_to_each() -> None:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in [["No KK", "NIK", "Nama"], [KK, NIK, "A"], [None, NIK_2, "B"], [None, None, "C"]]:
        book.active.append(row)
    book.active.merge_cells("A2:A4")
    out = io.BytesIO()
    book.save(out)
    found = taken(out.getvalue())
    assert column(found, "kk") == [KK, KK, KK]
    assert "SEL-GABUNG" in codes(found)


def test_cells_merged_below_the_last_filled_row_add_no_rows() -> None:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    for row in [["No KK", "NIK", "Nama"], [KK, NIK, "A"], [None, NIK_2, "B"], [], [None, None, " "]]:
        book.active.append(row)
    book.active.merge_cells("A2:A5")
    out = io.BytesIO()
    book.save(out)
    found = taken(out.getvalue())
    assert column(found, "kk") == [KK, KK]


@pytest.mark.parametrize(
    "header", ["NO_KK", "No. KK", "NOKK", "nomor_kartu_keluarga", "3. No KK (12)", "Nomor KK"]
)
def test_a_heading_is_known_however_it_is_written(header: str) -> None:
    found = taken(csv([["NIK", "Nama", header], [NIK, "A", KK]]), "a.csv")
    assert column(found, "kk") == [KK]


def test_a_list_with_only_nik_and_a_name_is_valid() -> None:
    found = taken(csv([["NIK", "NAMA"], [NIK, "A"]]), "a.csv")
    assert (found.kind, found.rows, codes(found)) == ("penerima", 1, ["KONTRAK-DITEBAK"])


def test_one_letter_off_is_used_and_said_more_is_proposed_and_a_number_is_never_guessed() -> None:
    found = taken(csv([["NIK", "NAMA LENGKPA", "KECMTN"], [NIK, "A", "X"]]), "a.csv")
    assert column(found, "name") == ["A"]
    told = {finding["code"]: finding["column"] for finding in found.findings}
    assert told["KOLOM-DITEBAK"] == "NAMA LENGKPA"
    cards = taken(csv([["NIK", "Nama", "Nomor KKK"], [NIK, "A", KK]]), "a.csv")
    assert "f_kk" not in cards.raw.columns
    assert "KOLOM-MIRIP" in codes(cards)


def test_number_of_the_aid_card_is_not_the_family_card() -> None:
    found = taken(
        csv([["NIK", "Nama", "No KKS"], [NIK, "A", "6013"]]),
        "a.csv",
    )
    assert "f_kk" not in found.raw.columns


def test_a_saved_mapping_names_columns_that_no_alias_knows() -> None:
    file = read_bytes(csv([["KOL1", "KOL2"], [NIK, "A"]]), "a.csv")
    assert match(file.sheets[0]) is None
    made = match(file.sheets[0], saved_mapping={"KOL1": "nik", "kol 2": "name"})
    assert made is not None
    assert made.columns == {"nik": "c0", "name": "c1"}


@pytest.mark.parametrize(
    "rows", [LIST[1:], [["X1", "X2", "X3"], *LIST[1:]]], ids=["no header", "unknown header"]
)
def test_rows_under_headings_nobody_understands_wait_for_a_person(rows: list[list[str]]) -> None:
    found = taken(xlsx(("A", rows)))
    assert (found.raw.height, found.unread, found.rows) == (0, 2, 2)
    assert "KOLOM-TANPA-JUDUL" in codes(found)


def test_real_headers_of_public_registers_are_recognised_as_their_kind() -> None:
    siak = [
        "NIK",
        "NO_KK",
        "NAMA_LGKP",
        "TMPT_LHR",
        "TGL_LHR",
        "JENIS_KLMIN",
        "STAT_HBKEL",
        "STAT_KWN",
        "PDDK_AKH",
        "JENIS_PKRJN",
    ]
    p3ke = ["No", "ID Keluarga P3KE", "Desil Kesejahteraan", "Nama", "NIK", "Padan Dukcapil", "Kode Kemdagri"]
    dtsen = [
        "nomor_kartu_keluarga",
        "nomor_induk_kependudukan",
        "nama",
        "desil_nasional",
        "jumlah_anggota_keluarga",
    ]
    dtks = ["idsemesta", "NIK", "NOKK", "Nama", "Alamat", "FIRST_SK", "PKH", "padankan_at", "isAktifHamil"]
    members = ["IDARTBDT", "RUTA6", "Nama", "JnsKel", "TmpLahir", "TglLahir", "NIK", "NoKK", "Sta_hamil"]
    for kind, header in (
        ("penduduk", siak),
        ("p3ke", p3ke),
        ("dtsen", dtsen),
        ("dtks", dtks),
        ("dtks", members),
    ):
        row = [NIK if fold(name) in {"nik", "nomorindukkependudukan"} else "1" for name in header]
        found = taken(csv([header, row]), "a.csv")
        assert found.kind == kind, header
        assert found.sheets[0].columns, header


def test_every_contract_stands_on_its_own_example() -> None:
    for kind, contract in contracts().items():
        shown = [
            each for each in contract.fields.values() if each.example and each.name not in {"birth", "rt_rw"}
        ]
        found = taken(
            csv([[each.aliases[0] for each in shown], [each.example for each in shown]], "\t"), "a.tsv", kind
        )
        missing = {each.name for each in shown} - {name.removeprefix("f_") for name in found.raw.columns}
        assert (kind, missing) == (kind, set())


def test_place_and_date_under_one_heading_are_two_columns() -> None:
    heads = [
        ["No", "NIK", "Nama", "TEMPAT DAN TANGGAL LAHIR", None, "L/P"],
        [None, None, None, "Tempat", "Tanggal", None],
    ]
    book = openpyxl.Workbook()
    for row in [*heads, [1, NIK, "A", "MALANG", "25-11-1978", "L"]]:
        book.active.append(row)
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"):
        book.active.merge_cells(cells)
    buffer = io.BytesIO()
    book.save(buffer)
    found = taken(buffer.getvalue())
    assert found.sheets[0].header_row == 2
    assert (column(found, "birth_place"), column(found, "birth_date")) == (["MALANG"], ["25-11-1978"])
    assert "SEL-GABUNG" not in codes(found)  # cells of headings are merged, no data


@pytest.mark.parametrize(
    "numbers",
    [
        ["1", "2", "3", "4=2x3"],
        ["a", "b", "c", "d"],
        ["(1)", "(2)", "(3)", "4 (2+3)"],
        ["(16 digit)", "(sesuai KTP)", None, "(Rp)"],
    ],
)
def test_numbers_of_columns_are_no_row(numbers: list[str]) -> None:
    rows = [["NIK", "NAMA", "ALAMAT", "NOMINAL"], numbers, [NIK, "A", "JL", 1]]
    assert column(taken(xlsx(("A", rows))), "name") == ["A"]


def test_headings_to_the_edge_of_the_sheet_are_not_all_compared() -> None:
    head = ["NIK", "NAMA", "ALAMATT", *(f"KOLOM {at}" for at in range(10_000))]
    started = time.perf_counter()
    found = taken(xlsx(("A", [head, [NIK, "A", "JL", *(["x"] * 10_000)]])))
    assert (found.rows, "KOLOM-LAIN" in codes(found), "address" in found.sheets[0].columns.values()) == (
        1,
        True,
        True,
    )
    assert time.perf_counter() - started < 20  # a minute before


@pytest.mark.parametrize("whose", ["BALITA", "IBU HAMIL", "LANSIA", "PENYANDANG DISABILITAS"])
def test_the_number_and_name_of_whom_the_list_is_about(whose: str) -> None:
    rows = [
        ["NO", f"NIK {whose}", f"NAMA {whose}", "NIK ORTU", "PUSKESMAS"],
        ["1", NIK, "A", NIK_2, "ARJUNO"],
    ]
    found = taken(xlsx(("A", rows)))
    assert (column(found, "nik"), column(found, "name")) == ([NIK], ["A"])


@pytest.mark.parametrize(
    "heads", [[["L", "P"]], [["JENIS KELAMIN", None], ["L", "P"]]], ids=["one line", "two lines"]
)
def test_sex_ticked_in_two_columns_is_one(heads: list[list[str | None]]) -> None:
    first, *second = heads
    rows = [
        ["NIK", "NAMA", *first, "ALAMAT"],
        *([None, None, *line, None] for line in second),
        [NIK, "A", "√", None, "JL"],
        [NIK_2, "B", None, "v", "JL"],
        [KK, "C", "√", None, "JL"],
        [KK, "D", None, "1", "JL"],
        ["JUMLAH", None, 2, 2, None],
    ]
    found = taken(xlsx(("A", rows)))
    assert column(found, "sex") == ["L", "P", "L", "P"]
    assert "BARIS-JUMLAH" in codes(found)
