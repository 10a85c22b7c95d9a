"""What a cell says: given this text, this value and these findings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import polars as pl
import pytest

from rantang.intake.typed import Typed, type_rows

NIK = "3573010101809001"
LATEST = dt.date(2022, 11, 30)


def typed(
    kind: str = "penerima", *, order: str = "dmy", numbering: str = "regsosek", **cells: Sequence[Any]
) -> Typed:
    """Type columns of cells; `name` is filled so that no row is refused."""
    size = len(next(iter(cells.values())))
    given: dict[str, Sequence[Any]] = {"name": ["A"] * size, **cells}
    numeric = {
        key: given.pop(key) for key in ("nik_numeric", "kk_numeric", "wide", "date_1904") if key in given
    }
    raw = pl.DataFrame(
        {f"f_{name}": pl.Series(values, dtype=pl.String) for name, values in given.items()}
    ).with_columns(
        **{key: pl.Series(values, dtype=pl.Boolean) for key, values in numeric.items()},
        row=pl.int_range(1, size + 1, dtype=pl.Int64),
        relation_codes=pl.lit(numbering),
        **{f"order_{name}": pl.lit(order) for name in given},
    )
    return type_rows({kind: raw}, latest=LATEST, alone=True)[kind]


def values(made: Typed, name: str) -> list[Any]:
    return made.table[name].to_pylist()


def told(made: Typed, *, but: str = "") -> list[tuple[int, str]]:
    return [
        (row, code)
        for row, code in made.findings.select("row", "code").iter_rows()
        if (not but or but not in code) and code != "NIK-BERULANG"  # of rows together, not of a cell
    ]


NUMBERS = [
    # written, value, findings
    (NIK, NIK, []),
    ("3573 0101 0180 9001", NIK, []),
    ("35.7301.010180.9001", NIK, []),  # OpenSID 1817
    ("35-7301-010180-9001", NIK, []),
    (f"{NIK}.0", NIK, []),  # a program's number as text
    ("3.573010101809001E+15", NIK, []),  # all digits are there
    ("3,57301E+15", "3,57301E+15", ["NIK-EKSPONEN"]),
    ("0", None, ["NIK-KOSONG"]),  # OpenSID 5249: NIK 0 is missing
    (None, None, ["NIK-KOSONG"]),
    ("-", None, ["NIK-KOSONG"]),
    ("NULL", None, ["NIK-KOSONG"]),
    ("Tdk Th", None, ["NIK-KOSONG"]),
    ("TIDAK ADA", None, ["NIK-KOSONG"]),
    ("belum punya NIK", None, ["NIK-KOSONG"]),
    ("SEMENTARA", None, ["NIK-KOSONG"]),
    ("0000000000000000", None, ["NIK-KOSONG"]),
    ("9999999999999999", None, ["NIK-TIRUAN"]),
    ("1234567890123456", None, ["NIK-TIRUAN"]),
    ("0520304200900002", None, ["NIK-SEMENTARA"]),  # OpenSID 9905: temporary numbers begin with 0
    ("17", None, ["NIK-KOSONG"]),  # OpenSID 5258: counters in place of numbers
    ("3573013113809001", "3573013113809001", ["NIK-TANGGAL"]),
    ("3573017101809001", "3573017101809001", []),  # a woman's day, 31 + 40
    ("3573010101800000", "3573010101800000", ["NIK-SERIAL"]),
    ("357301" + "1" * 10, None, ["NIK-TIRUAN"]),  # a region, then one digit
    ("357301010180900", "357301010180900", ["NIK-PANJANG"]),
    ("35730101O1809001", "35730101O1809001", ["NIK-HURUF"]),  # a letter O: for identity to mend
]


def test_numbers_of_dukcapil() -> None:
    made = typed(nik=[written for written, _, _ in NUMBERS])
    assert values(made, "nik") == [value for _, value, _ in NUMBERS]
    found = told(made)
    for row, (written, _, codes) in enumerate(NUMBERS, 1):
        assert sorted(code for at, code in found if at == row) == sorted(codes), written


def test_a_number_typed_in_excel_may_have_lost_its_last_digit_one_of_a_program_has_not() -> None:
    made = typed(nik=["3573010101809000", NIK, NIK], nik_numeric=[True, True, False])
    assert values(made, "nik_numeric") == [True, True, False]
    assert told(made) == [(None, "NIK-ANGKA"), (1, "NIK-DIGIT-HILANG")]


DATES = [
    ("25-11-1978", dt.date(1978, 11, 25), []),
    ("25/11/1978", dt.date(1978, 11, 25), []),
    ("5.1.1978", dt.date(1978, 1, 5), []),
    ("25 11 1978", dt.date(1978, 11, 25), []),
    ("1978-11-25", dt.date(1978, 11, 25), []),
    ("1978-11-25 00:00:00", dt.date(1978, 11, 25), []),
    ("1978/11/25", dt.date(1978, 11, 25), []),
    ("2022-10-03 02:11:45", dt.date(2022, 10, 3), []),
    ("25/11/78", dt.date(1978, 11, 25), []),
    ("25/11/05", dt.date(2005, 11, 25), []),
    ("Kamis, 31 Desember 1959", dt.date(1959, 12, 31), []),
    ("December 31, 1959", dt.date(1959, 12, 31), []),
    ("Dec. 31st 1959", dt.date(1959, 12, 31), []),
    ("JUM'AT 01/01/1960", dt.date(1960, 1, 1), []),
    ("Minggu", None, ["TANGGAL-BACA"]),
    ("19590131", dt.date(1959, 1, 31), []),
    ("31011959", dt.date(1959, 1, 31), []),
    ("20121959", dt.date(1959, 12, 20), []),
    ("25 November 1978", dt.date(1978, 11, 25), []),
    ("25 Nopember 1978", dt.date(1978, 11, 25), []),
    ("7-Agt-80", dt.date(1980, 8, 7), []),
    ("17 AGUSTUS 1945", dt.date(1945, 8, 17), []),
    ("01-Mei-1990", dt.date(1990, 5, 1), []),
    ("28819", dt.date(1978, 11, 25), []),  # Excel's day number
    ("28819.0", dt.date(1978, 11, 25), []),
    ("11/25/1978", dt.date(1978, 11, 25), ["TANGGAL-TERTUKAR"]),
    ("31-02-1980", None, ["TANGGAL-MUSTAHIL"]),
    ("29-02-1900", None, ["TANGGAL-MUSTAHIL"]),
    ("29-02-2000", dt.date(2000, 2, 29), []),
    ("01-12-2022", None, ["TANGGAL-MUSTAHIL"]),  # after the period
    ("01-01-1899", None, ["TANGGAL-MUSTAHIL"]),
    ("1978", None, ["TANGGAL-TAHUN"]),
    ("kemarin", None, ["TANGGAL-BACA"]),
    ("25-13-19x8", None, ["TANGGAL-BACA"]),
    ("25-11-197O", None, ["TANGGAL-BACA"]),  # a letter O
    ("25 Nov '78", dt.date(1978, 11, 25), []),
    ("25-11-1978.", dt.date(1978, 11, 25), []),
    ("25–11–1978", dt.date(1978, 11, 25), []),
    ("00-00-0000", None, []),
    ("0000-00-00", None, []),
    ("-", None, []),
    ("TIDAK TAHU", None, []),
    (None, None, []),
]  # fmt: skip


def test_a_cell_of_place_and_date_whose_date_cannot_be_read_is_told() -> None:
    made = typed(birth=["BATU,25111978", "BATU, 1978", "BATU 25 Nov", "BATU"])
    assert values(made, "birth_place") == ["BATU"] * 4
    assert values(made, "birth_date") == [dt.date(1978, 11, 25), None, None, None]
    assert told(made) == [(2, "TANGGAL-TAHUN"), (3, "TANGGAL-BACA")]


def test_nought_in_the_format_of_accountants_is_no_number_that_cannot_be_read() -> None:
    made = typed(nominal=["Rp -", "IDR 300,000.00", "Rp x"])
    assert values(made, "nominal") == [None, 300_000, None]
    assert told(made) == [(3, "ANGKA-BACA")]


def test_sex_written_twice_in_a_cell() -> None:
    assert values(typed(sex=["LAKI-LAKI (L)", "P - Perempuan"]), "sex") == ["L", "P"]


def test_dates_in_any_common_form() -> None:
    made = typed(birth_date=[written for written, _, _ in DATES])
    assert list(zip([w for w, _, _ in DATES], values(made, "birth_date"), strict=True)) == [
        (w, v) for w, v, _ in DATES
    ]
    for row, (written, _, codes) in enumerate(DATES, 1):
        assert [code for at, code in told(made) if at == row] == codes, written


def test_a_column_written_month_first_is_read_so() -> None:
    made = typed(birth_date=["11/25/1978", "05/01/1980"], order="mdy")
    assert values(made, "birth_date") == [dt.date(1978, 11, 25), dt.date(1980, 5, 1)]
    assert told(made) == []


def test_day_numbers_from_1904_are_four_years_later() -> None:
    made = typed(birth_date=["27357", "27357"], date_1904=[True, False])
    assert values(made, "birth_date") == [dt.date(1978, 11, 25), dt.date(1974, 11, 24)]


def test_place_and_date_and_rt_and_rw_share_a_cell() -> None:
    made = typed(
        birth=[
            "KOTA BATU, 25-11-1978",
            "Batu/7 Agustus 1980",
            "BATU",
            "25-11-1978",
            "Batu, December 31, 1959",
        ],
        rt_rw=["003/007", "RT 3 RW 7", "3-7", "-", "-"],
    )
    assert values(made, "birth_place") == ["KOTA BATU", "Batu", "BATU", None, "Batu"]
    assert values(made, "birth_date") == [
        dt.date(1978, 11, 25),
        dt.date(1980, 8, 7),
        None,
        dt.date(1978, 11, 25),
        dt.date(1959, 12, 31),
    ]
    assert list(zip(values(made, "rt"), values(made, "rw"), strict=True)) == [
        ("003", "007"),
        ("3", "7"),
        ("3", "7"),
        (None, None),
        (None, None),
    ]


@pytest.mark.parametrize(
    ("written", "sex"),
    [
        ("L", "L"),
        ("LAKI-LAKI", "L"),
        ("Lk", "L"),
        ("1.0 L LK", "L"),
        ("1", "L"),
        ("P", "P"),
        ("Perempuan", "P"),
        ("2 - Perempuan", "P"),
        ("2", "P"),
        ("Wanita", "P"),
        ("x", None),
    ],
)
def test_sex_however_it_is_coded(written: str, sex: str | None) -> None:
    made = typed(sex=[written])
    assert values(made, "sex") == [sex]
    assert told(made) == ([] if sex else [(1, "KODE-LAIN")])


def test_relation_numbers_mean_what_the_list_means() -> None:
    written = ["1", "3", "ISTRI", "Famili Lain", "4", None]
    assert values(typed(relation=written), "relation") == ["1", "3", "2", "8", "4", None]
    assert values(typed(relation=written, numbering="siak"), "relation") == ["1", "2", "2", "8", "3", None]


MONEY = [("600.000", 600_000), ("Rp 600.000,-", 600_000), ("Rp. 1.200.000,00", 1_200_000),
         ("600000", 600_000), ("600,000", 600_000),
         ("2,5", 2.5), ("600000.0", 600_000), ("1,200,000.50", 1_200_000.5),
         ("-", None), ("banyak", None), ("-5", None)]  # fmt: skip


def test_money_with_indonesian_and_english_separators() -> None:
    made = typed(nominal=[written for written, _ in MONEY])
    assert values(made, "nominal") == [value for _, value in MONEY]
    assert told(made) == [(10, "ANGKA-BACA"), (11, "ANGKA-BATAS")]


@pytest.mark.parametrize("kind", ["integer", "decimal", "money"])
def test_a_number_of_another_column_is_told_and_stops_nothing(kind: str) -> None:
    name = {"integer": "daya_listrik", "decimal": "luas_lantai", "money": "pengeluaran"}[kind]
    made = typed("survei", **{name: ["36", "12345678901234567890", "9E+30", "9" * 400]})
    assert values(made, name) == [36, None, None, None]
    assert told(made) == [(row, "ANGKA-BATAS") for row in (2, 3, 4)]


def test_a_whole_number_has_thousands_where_it_can_reach_them() -> None:
    made = typed("rumah", daya_listrik=["1.300", "2,200", "900 VA", "1.300 VA", "900.0"])
    assert values(made, "daya_listrik") == [1_300, 2_200, 900, 1_300, 900]
    assert values(typed("dtks", persentil=["12.345"]), "persentil") == [12]


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (NIK, "3573••••••••••01"),
        ("3573 0101 0180 9001", "3573••••••••••01"),
        ("35.73.01.010180.9001", "35.73••••••••••01"),
        ("2022-11-05 00:00", "2022-11-05 00:00"),
        ("JL MAWAR 12 RT 3", "JL MAWAR 12 RT 3"),
    ],
)
def test_a_number_that_slid_into_another_column_is_masked_however_it_is_grouped(
    written: str, shown: str
) -> None:
    assert typed("dtks", pkh=[written]).findings["value"].to_list() == [shown]


def test_a_weight_is_not_money() -> None:
    made = typed("survei", bobot=["262.125", "1.234.567", "12,5"])
    assert values(made, "bobot") == [262.125, 1_234_567.0, 12.5]


def test_answers_become_yes_no_or_missing() -> None:
    made = typed("dtks", pkh=["YA", "Tidak", "1", "0", "-", "mungkin", None, "2. Tidak"])
    assert values(made, "pkh") == [True, False, True, False, None, None, None, False]
    assert told(made) == [(6, "KODE-LAIN")]
    written = [
        "Ya",
        "TIDAK ADA",
        "Tuna netra",
        None,
        "Non Disabilitas",
        "Tidak cacat",
        "Nihil",
        "Tidak bisa berjalan",
    ]
    kinds = typed("dtsen", disabilitas=written)
    assert values(kinds, "disabilitas") == [True, False, True, None, False, False, False, True]


def test_months_and_codes() -> None:
    made = typed(
        bulan=["2022-11", "11/2022", "NOV 2022", "Nopember 2022", "202211", "01/11/2022", "30-11-2022"]
    )
    assert values(made, "bulan") == ["2022-11"] * 7
    unread = typed(bulan=["Tahap 4", "11/01/2022", "-"])
    assert values(unread, "bulan") == [None] * 3
    assert told(unread) == [(1, "BULAN-BACA"), (2, "BULAN-BACA")]
    flags = typed("pengecualian", tanda=["PNS", "ASN/TNI/POLRI", "Pensiunan", "RODA4", "apa saja"])
    assert values(flags, "tanda") == ["ASN_TNI_POLRI", "ASN_TNI_POLRI", "PENSIUN", "RODA4", None]


def test_names_that_say_nothing_are_missing() -> None:
    made = typed(name=["SITI", "-", "TIDAK TAHU", "0", "N/A", "SITI 2"], nik=[NIK] * 6)
    assert values(made, "name") == ["SITI", None, None, None, None, "SITI 2"]
    assert told(made) == [(6, "NAMA-ANGKA")]


def test_rows_in_are_accepted_refused_or_held() -> None:
    made = typed(
        nik=[NIK, None, "0", "3,57E+15", NIK],
        name=["A", "B", "-", None, "C"],
        wide=[False, False, False, False, True],
    )
    counts = made.counts
    assert (counts.rows, counts.accepted, counts.refused, counts.held) == (5, 2, 2, 1)
    assert made.table.num_rows == 2
    codes = {(row, code) for row, code in told(made)}
    assert {(3, "BARIS-TANPA-ORANG"), (4, "BARIS-TANPA-ORANG"), (5, "BARIS-LEBAR")} <= codes


def test_a_survey_row_needs_no_person() -> None:
    made = typed("survei", name=[None], bobot=["2.5"], psu=["1"])
    assert made.counts.accepted == 1


def test_secret_values_are_masked_in_findings() -> None:
    made = typed(nik=["357301010180900"], kk=["12345678"])
    shown = dict(made.findings.select("code", "value").iter_rows())
    assert shown["NIK-PANJANG"] == "3573•••••••••00"
    assert "345678" not in shown["KK-PANJANG"]


@pytest.mark.slow
def test_cells_that_repeat_are_understood_once_and_alike() -> None:
    times = 200
    few = {
        "birth_date": [written for written, _, _ in DATES],
        "nominal": [MONEY[at % len(MONEY)][0] for at in range(len(DATES))],
        "sex": [("L", "2 - Perempuan", "x", None)[at % 4] for at in range(len(DATES))],
    }
    once = typed(**few)
    often = typed(**{name: cells * times for name, cells in few.items()})
    for name in few:
        assert values(often, name) == values(once, name) * times
    assert often.findings.height == once.findings.height * times
