"""A city's survey as its list holds it: what is estimated, at which line, and what is refused."""

from __future__ import annotations

import numpy as np
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


def spread(blocks: int = 60, seed: int = 4) -> pl.DataFrame:
    """Ten households in each of sixty blocks over the city's first twenty kelurahan."""
    rng = np.random.default_rng(seed)
    block = np.repeat(np.arange(blocks), 10)
    places = [CITY.areas[n % 20] for n in block]
    return pl.DataFrame(
        {
            "period": PERIOD,
            "psu": block.astype(str),
            "bobot": 100.0,
            "jumlah_anggota": rng.integers(1, 7, len(block)),
            "pengeluaran_kapita": np.exp(rng.normal(13.9, 0.5, len(block))).astype(np.int64),
            "garis_kemiskinan": 620_000,
            "kelurahan_code": [area.code for area in places],
            "kecamatan_code": [area.kecamatan_code for area in places],
        }
    )


def census(areas: int) -> pl.DataFrame:
    """Families of one to six members in each kelurahan; more of them on lists the later it stands."""
    rows = [
        {"kelurahan_code": area.code, "size": size, "families": 100, "listed": 0.01 * (at + 1)}
        for at, area in enumerate(CITY.areas[:areas])
        for size in range(1, 7)
    ]
    return pl.DataFrame(rows)


def test_every_kelurahan_has_a_figure_and_together_they_give_the_citys_rate() -> None:
    rows = of_survey(spread(), CITY, PERIOD, census(25)).rows
    by_model = [row for row in rows if row["method"] in {"model", "sintetis"}]
    assert len(by_model) == 25
    assert {row["method"] for row in by_model if row["n"] == 0} == {"sintetis"}
    # All kelurahan are of one size here, so the city's rate is their mean.
    mean = sum(float(str(row["estimate"])) for row in by_model) / 25
    assert mean == pytest.approx(figure(rows, "P0")["estimate"], abs=1e-5)


def test_without_dukcapils_list_no_kelurahan_is_estimated_and_that_is_said() -> None:
    found = of_survey(spread(), CITY, PERIOD)
    assert {row["method"] for row in found.rows} == {"langsung"}
    assert "AREA-KECIL-SENSUS" in {note["code"] for note in findings(found)}
