"""What the sample city promises: calibrated, labelled, nobody's numbers, the same every time."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import tomllib
from functools import cache
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from rantang.sample import build_world, generate
from rantang.sample.places import kelurahan
from rantang.sample.rates import Rates, table
from rantang.sample.reference import render

SIKSNG_COLUMNS = 50
_DIGITS = re.compile(r"\d{16}")


@cache
def cells(path: Path) -> list[tuple[str, int, list[object]]]:
    """Every line of a list: sheet, row as a spreadsheet shows it, cells."""
    if path.suffix == ".csv":
        text = path.read_text("cp1252" if "pbid" in path.name else "utf-8")
        delimiter = max(";|,", key="".join(text.split("\n")[:4]).count)
        lines = csv.reader(text.splitlines(), delimiter=delimiter)
        return [("", number, list(line)) for number, line in enumerate(lines, 1)]
    book = openpyxl.load_workbook(path, read_only=True)
    return [
        (sheet.title, number, list(line))
        for sheet in book
        for number, line in enumerate(sheet.iter_rows(values_only=True), 1)
    ]


def list_files(folder: Path) -> list[Path]:
    return sorted(file for file in (folder / "lists").rglob("*") if file.suffix in (".csv", ".xlsx"))


def impossible(number: str) -> bool:
    """A hard rule shows that no such NIK exists: serial 0000, or no such date."""
    if number.endswith("0000"):
        return True
    day, month = int(number[6:8]) % 40, int(number[8:10])
    return not (1 <= day <= 31 and 1 <= month <= 12)


@pytest.mark.slow
def test_headcount_and_chronic_poverty_are_the_missions(city):
    assert city.summary.headcount == pytest.approx(0.0662, abs=0.0006)
    assert city.summary.chronic == pytest.approx(0.0462, abs=0.0006)
    living = city.persons.filter(~pl.col("dead") & ~pl.col("moved"))
    assert living["poor"].mean() == pytest.approx(city.summary.headcount)
    assert living.filter("kerak")["poor"].all()


@pytest.mark.slow
def test_poor_families_are_those_below_the_line(city):
    families = pl.read_parquet(city.folder / "truth" / "families.parquet").filter(pl.col("size") > 0)
    below = families["consumption"] < Rates()["line"]
    assert (below == families["poor"]).all()


def test_city_has_the_size_asked_for(city):
    assert city.summary.residents == pytest.approx(850_000 * 0.02, rel=0.03)
    assert city.summary.families == pytest.approx(245_000 * 0.02, rel=0.04)
    assert city.summary.rows["dtks"] == pytest.approx(190_000 * 0.02, rel=0.03)
    assert city.summary.rows["penerima"] == pytest.approx(400_000 * 0.02, rel=0.05)


def test_every_kelurahan_has_people(city):
    living = city.persons.filter(~pl.col("dead") & ~pl.col("moved"))
    assert set(living["kelurahan_code"]) == set(kelurahan()["code"])


def test_true_numbers_have_nine_in_the_thirteenth_place_and_are_unique(city):
    assert set(city.persons["nik"].str.slice(12, 1)) == {"9"}
    assert set(city.persons["kk"].str.slice(12, 1)) == {"9"}
    assert city.persons["nik"].is_unique().all()
    assert set(city.persons["nik"].str.len_chars()) == {16}


def test_nik_tells_birth_and_sex(city):
    day = city.persons["birth_date"].dt.day() + 40 * (city.persons["sex"] == "P").cast(pl.Int8)
    assert (city.persons["nik"].str.slice(6, 2).cast(pl.Int8) == day).all()


@pytest.mark.slow
def test_no_number_in_any_list_could_be_a_real_persons(city):
    seen = 0
    for file in list_files(city.folder):
        for _, _, line in cells(file):
            for value in line:
                for number in _DIGITS.findall(str(value)):
                    assert number[12] == "9" or impossible(number), f"{file.name}: {number}"
                    seen += 1
    assert seen > 40_000


def test_rates_hold_in_dtks(city):
    listed = city.rows.filter(pl.col("file").str.starts_with("dinsos/dtks/"))
    found = []
    for file in sorted((city.folder / "lists" / "dinsos" / "dtks").glob("*.xlsx")):
        header, *lines = [line for _, _, line in cells(file)]
        found += [
            {"file": f"dinsos/dtks/{file.name}", "row": number, **dict(zip(header, line, strict=True))}
            for number, line in enumerate(lines, 2)
        ]
    rows = pl.DataFrame(found, infer_schema_length=None).join(listed, on=["file", "row"])
    rows = rows.join(city.persons, on="person", suffix="_true")
    assert rows.height == city.summary.rows["dtks"]
    has_nik = rows["NIK"].str.contains(r"^\d{15,16}$") & ~rows["NIK"].is_in(["0" * 16, "9" * 16])
    missing = 1 - has_nik.fill_null(value=False).mean()
    assert missing == pytest.approx(0.07, abs=0.012)
    wrong = rows.filter(has_nik).select((pl.col("NIK") != pl.col("nik")).mean()).item() * (1 - missing)
    assert wrong == pytest.approx(0.04, abs=0.01)
    assert (rows["NOKK"] != rows["kk"]).mean() == pytest.approx(0.17, abs=0.025)
    assert rows["absent_from_penduduk"].mean() == pytest.approx(0.04, abs=0.012)
    assert rows["dead"].mean() == pytest.approx(0.012, abs=0.006)
    # KK go wrong by whole cards: where one row of a family is wrong, most of its rows are
    card = (
        rows.with_columns(wrong=pl.col("NOKK") != pl.col("kk"))
        .group_by("family")
        .agg(pl.col("wrong").sum(), size=pl.len())
    )
    struck = card.filter((pl.col("wrong") > 0) & (pl.col("size") > 1))
    assert (struck["wrong"] == struck["size"]).mean() > 0.7


@pytest.mark.slow
def test_dtks_has_the_columns_of_siks_ng_and_nothing_more(city):
    for file in (city.folder / "lists" / "dinsos" / "dtks").glob("*.xlsx"):
        header = cells(file)[0][2]
        assert len(header) == SIKSNG_COLUMNS
        assert not {"tanggal_lahir", "jenis_kelamin", "rt", "rw", "nama_ibu"} & {
            str(h).lower() for h in header
        }


def test_absent_persons_are_not_in_penduduk_but_their_family_is(city):
    rows = city.rows.filter(pl.col("file").str.contains("/penduduk/"))
    absent = city.persons.filter("absent_from_penduduk")
    assert absent.height > 50
    assert not set(rows["person"]) & set(absent["person"])
    assert set(absent["family"]) <= set(rows["family"])


def test_dead_and_moved_stay_on_siak_flagged(city):
    (file,) = (city.folder / "lists" / "dispendukcapil" / "penduduk").glob("*.csv")
    header, *lines = [line for _, _, line in cells(file)]
    state = [line[header.index("STATUS_PDDK")] for line in lines]
    present = city.persons.filter(~pl.col("absent_from_penduduk"))
    assert state.count("MENINGGAL") == present["dead"].sum()
    assert state.count("PINDAH") == present["moved"].sum()
    dates = [line[header.index("TGL_STATUS")] for line in lines]
    assert all((flag == "AKTIF") == (date == "") for flag, date in zip(state, dates, strict=True))


@pytest.mark.slow
def test_truth_points_at_the_right_row_of_every_file(city):
    """Words of the true name and of the row it is said to be on mostly agree, in every file."""
    names = dict(zip(city.persons["person"], city.persons["name"], strict=True))
    for file in list_files(city.folder):
        relative = file.relative_to(city.folder / "lists").as_posix()
        if "/survei/" in relative or "/padan/" in relative:
            continue
        here = city.rows.filter(pl.col("file") == relative)
        lines = {(sheet, number): line for sheet, number, line in cells(file)}
        agree = 0
        for sheet, number, person in here.select("sheet", "row", "person").iter_rows():
            words = {word for cell in lines[(sheet, number)] for word in str(cell).upper().split()}
            agree += bool(words & set(names[person].split()))
        assert agree >= 0.75 * here.height - 1, relative


def test_lists_tell_nothing_of_the_truth(city):
    forbidden = {"person", "family", "poor", "kerak", "dead", "moved", "absent", "consumption", "permanent"}
    for file in list_files(city.folder):
        for _, _, line in cells(file)[:8]:
            assert not forbidden & {str(cell).lower() for cell in line}, file.name
    assert not list((city.folder / "lists").rglob("*.parquet"))


def test_ten_agencies_give_lists_and_diskominfo_none(city):
    agencies = {folder.name for folder in (city.folder / "lists").iterdir()}
    assert len(agencies) == 10
    assert "diskominfo" not in agencies


def test_breaks_are_months_without_any_row_after_a_month_with_one(city):
    breaks = pl.read_parquet(city.folder / "truth" / "breaks.parquet")
    aided = (
        city.rows.filter(pl.col("file").str.contains("/penerima/"))
        .select("family", month=pl.col("file").str.extract(r"(\d{4}-\d{2})"))
        .unique()
    )
    assert breaks.filter("planned").height >= 5
    assert breaks.join(aided, on=["family", "month"]).height == 0
    first = aided.group_by("family").agg(pl.col("month").min().alias("first"))
    assert (breaks.join(first, on="family").select(pl.col("month") > pl.col("first"))["month"]).all()


def test_the_workspace_says_that_it_is_synthetic(city):
    said = tomllib.loads((city.folder / "city.toml").read_text("utf-8"))
    assert said == {"place": "malang", "period": "2022-11", "synthetic": True}


def hashes(folder: Path) -> dict[str, str]:
    return {
        file.relative_to(folder).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


@pytest.mark.slow
def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        generate(tmp_path / name, scale=0.003, seed=1)
    assert hashes(tmp_path / "a") == hashes(tmp_path / "b")


def test_another_seed_gives_other_people():
    first, other = (build_world(seed, 0.003, Rates()).persons["name"] for seed in (1, 2))
    assert set(first.head(200)) != set(other.head(200))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "given", "withheld"),
    [("padan", "dispendukcapil/padan", "dispendukcapil/penduduk"), ("dtsen", "dinsos/dtsen", "dinsos/dtks")],
)
def test_other_configurations(tmp_path, source, given, withheld):
    generate(tmp_path, scale=0.003, source=source, with_survey=False)
    assert list((tmp_path / "lists" / given).glob("2022-11*"))
    assert not (tmp_path / "lists" / withheld).exists()
    assert not (tmp_path / "lists" / "bappeda" / "survei").exists()


def test_survey_weights_add_up_to_the_families(city):
    (file,) = (city.folder / "lists" / "bappeda" / "survei").glob("*.csv")
    survey = pl.read_csv(file)
    assert survey["bobot"].sum() == pytest.approx(city.summary.families, rel=0.02)
    assert survey.group_by("psu").len()["len"].max() <= 10
    people = survey["bobot"] * survey["jumlah_art"]
    poor = survey["pengeluaran_per_kapita"] < survey["garis_kemiskinan"]
    assert (people * poor).sum() / people.sum() == pytest.approx(0.0662, abs=0.04)


def test_only_the_rates_that_make_linking_hard_are_multiplied():
    plain, harder = Rates(), Rates(2.5)
    for rate in table():
        expected = min(2.5 * plain[rate.name], 0.9) if rate.scaled else plain[rate.name]
        assert harder[rate.name] == pytest.approx(expected)
    assert harder["nik_missing"] == pytest.approx(0.175)


def test_every_rate_has_a_source():
    assert all(rate.source for rate in table())
    assert len({rate.name for rate in table()}) == len(table())


def test_reference_page_is_the_table():
    page = Path(__file__).parents[3] / "docs" / "reference" / "sample.md"
    assert page.read_text("utf-8") == render(), (
        "run: python -m rantang.sample.reference docs/reference/sample.md"
    )


def test_numeric_cells_lose_their_sixteenth_digit_where_the_layout_says_so(city):
    (file,) = (city.folder / "lists" / "diskopindag" / "penerima").glob("*.xlsx")
    numbers = [line[2] for _, _, line in cells(file) if isinstance(line[2], int)]
    assert numbers
    assert all(number % 10 == 0 for number in numbers if number > 10**15)


def test_children_and_grandparents_have_possible_ages(city):
    joined = city.persons.filter(pl.col("relation") == 3).join(
        city.persons.filter((pl.col("relation") <= 2) & (pl.col("sex") == "P")).select(
            "family", mother_birth="birth_date", mother_name="name"
        ),
        on="family",
    )
    own = joined.filter(pl.col("mother") == pl.col("mother_name"))
    years = own.select((pl.col("birth_date") - pl.col("mother_birth")).dt.total_days() / 365.25)["birth_date"]
    assert own.height > 1000
    assert years.quantile(0.01) >= 15
    assert years.max() < 50
    assert city.persons["birth_date"].max() <= dt.date(2022, 11, 30)
