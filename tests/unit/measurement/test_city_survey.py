"""A city's survey as its list holds it: what is estimated, at which line, and what is refused."""

from __future__ import annotations

import polars as pl
import pytest

from rantang import cities
from rantang.measurement.city import findings, of_survey
from rantang.tables.measurement import POVERTY

PERIOD = "2022-11"
CITY = cities.load("malang")


def survey(**changes: object) -> pl.DataFrame:
    """Four blocks in two kecamatan; every fifth household spends less than the line of 600,000."""
    rows = 40
    frame = pl.DataFrame(
        {
            "period": [PERIOD] * rows,
            "strata": ["1"] * 20 + ["2"] * 20,
            "psu": [str(n // 10) for n in range(rows)],
            "bobot": [100.0] * rows,
            "jumlah_anggota": [4] * rows,
            "pengeluaran_kapita": [500_000 if n % 5 == 0 else 900_000 for n in range(rows)],
            "garis_kemiskinan": [600_000] * rows,
            "kelurahan_code": ["35.73.01.1001"] * 10 + ["35.73.01.1002"] * 10 + ["35.73.02.1001"] * 20,
            "kecamatan_code": ["35.73.01"] * 20 + ["35.73.02"] * 20,
        }
    )
    return frame.with_columns(**{name: pl.lit(value) for name, value in changes.items()})


def figure(rows: object, statistic: str, level: str = "kota", area: str = "*") -> dict[str, object]:
    (found,) = [r for r in rows if (r["statistic"], r["level"], r["area"]) == (statistic, level, area)]
    return found


def test_the_city_and_each_part_of_it_are_measured() -> None:
    rows = of_survey(survey(), CITY, PERIOD).rows
    city = figure(rows, "P0")
    assert city["estimate"] == 0.2
    assert city["n"] == 40
    assert figure(rows, "poor")["estimate"] == 3200
    assert figure(rows, "poverty_gap")["estimate"] == 3200 * 100_000
    assert figure(rows, "P0", "kecamatan", "35.73.02")["n"] == 20
    assert figure(rows, "P0", "kelurahan", "35.73.01.1001")["n"] == 10
    assert {row["line_source"] for row in rows} == {"survei"}
    assert POVERTY.rows(rows).count().to_pyarrow().as_py() == len(rows)


def test_without_a_line_of_its_own_the_citys_published_line_serves() -> None:
    rows = of_survey(survey().drop("garis_kemiskinan"), CITY, PERIOD).rows
    # BPS's line of 2021 is the latest that is known for a survey of 2022.
    assert {(row["line"], row["line_source"]) for row in rows} == {(570_238.0, "indikator")}


def test_expenditure_of_the_household_is_shared_among_its_members() -> None:
    per_head = survey()
    household = per_head.with_columns(pengeluaran=pl.col("pengeluaran_kapita") * 4).drop("pengeluaran_kapita")
    assert of_survey(household, CITY, PERIOD).rows == of_survey(per_head, CITY, PERIOD).rows


def test_the_order_of_rows_changes_nothing() -> None:
    rows = survey()
    assert (
        of_survey(rows.sample(fraction=1, shuffle=True, seed=5), CITY, PERIOD).rows
        == of_survey(rows, CITY, PERIOD).rows
    )


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        (survey(bobot=-1.0), "UKUR-BOBOT"),
        (survey().drop("pengeluaran_kapita"), "UKUR-KOLOM"),
        (survey(garis_kemiskinan=0), "UKUR-GARIS-NILAI"),
    ],
)
def test_what_cannot_be_measured_is_a_finding_with_its_reason(broken: pl.DataFrame, code: str) -> None:
    found = of_survey(broken, CITY, PERIOD)
    assert found.rows == ()
    (told,) = findings(found)
    assert told["code"] == "SURVEI-TAK-TERUKUR"
    assert f"why={code}" in str(told["evidence"])


def test_no_survey_no_figures_and_no_finding() -> None:
    found = of_survey(pl.DataFrame(), CITY, PERIOD)
    assert (found.rows, findings(found)) == ((), [])
