"""The report's part "Jalan ke target": both chances, both scenarios, or how to compute them."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from reading import Page, tables

from rantang.documents import projected
from rantang.documents.report import ReportData, render
from rantang.texts import use_language


@pytest.fixture
def english():
    use_language("en")
    yield
    use_language("id")


def section(page: str) -> str:
    return page.split('id="jalan-ke-target"', 1)[1].split("</section>", 1)[0]


@pytest.mark.slow
def test_without_a_projection_the_page_says_how_to_make_one(data: ReportData):
    page = render(dataclasses.replace(data, projection=None))
    assert "rantang project ." in section(page) and "Jalan ke target belum dihitung" in page


def test_every_target_stands_with_both_chances_in_both_scenarios(page: str, projection: dict[str, Any]):
    found = tables(page)["peluang-target.csv"]
    assert len(found) == len(projection["targets"]) == 18
    assert {row["scenario"] for row in found if row["document"] == "RPJMD 2018-2023"} == {
        "rancangan",
        "tersirat",
    }
    assert all(0 <= float(row["p_true"]) <= 1 and 0 <= float(row["p_published"]) <= 1 for row in found)


@pytest.mark.slow
def test_the_title_is_the_chance_of_the_target_that_is_asked_about(data: ReportData):
    page = render(data, "en")
    heading = next(text for level, text in Page(section_page(page)).headings if level == 2)
    assert heading.startswith("3.77% published in 2023: the chance is ") and " to " in heading


def section_page(page: str) -> str:
    return '<section id="jalan-ke-target"' + section(page)


def test_the_floor_argument_is_linked_not_told_again(page: str):
    assert 'href="#temuan"' in section(page)
    assert "lantainya 4,62" not in section(page)


@pytest.mark.slow
def test_the_first_screen_says_the_chance_and_that_it_is_uncertain(data: ReportData):
    first = render(data, "en").split('id="temuan"')[1].split("</section>")[0]
    assert "3.77% in 2023: a chance of" in first
    without = render(dataclasses.replace(data, projection=None), "en")
    assert "The poverty rates are quoted" in without.split('id="temuan"')[1]


def test_a_rate_that_was_not_out_is_in_no_chart(page: str):
    """BPS's 4.37 of 2022 came out after the period; the model uses more years than the chart shows."""
    assert "BPS, 2015 sampai 2021" in section(page)


def test_a_quoted_start_and_a_revised_target_are_called_so(english: None, projection: dict[str, Any]):
    rows = projected.target_rows(projection)
    notes = {(row.document, row.year, row.quoted): projected.note(row) for row in rows}
    assert "from the quoted 6.62%" in notes["Angka misi (dikutip)", 2024, True]
    assert "from the published 4.62%" in notes["Angka misi (dikutip)", 2024, False]
    assert "revised by RPJMD 2025-2029" in notes["RPD 2024-2026", 2026, False]
    assert "from 3.66%" in notes["RPD 2024-2026", 2024, False]


@pytest.mark.slow
def test_a_place_without_quoted_figures_or_money_gets_the_rest(data: ReportData, projection: dict[str, Any]):
    own = [t for t in projection["targets"] if not t["quoted"]]
    paths = {name: path for name, path in projection["paths"].items() if not name.startswith("angka misi")}
    bare = {**projection, "targets": own, "paths": paths, "means": [], "gap": None, "growth": None,
            "floor": None}  # fmt: skip
    found = section(render(dataclasses.replace(data, projection=bare)))
    assert "Peluang setiap target" in found and "dikutip" not in found


@pytest.mark.slow
def test_a_place_whose_series_tells_no_error_gets_one_scenario(data: ReportData, projection: dict[str, Any]):
    def only(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["scenario"] == "rancangan"]

    one = {
        **projection,
        "sampling_error": only(projection["sampling_error"]),
        "targets": only(projection["targets"]),
        "detection": only(projection["detection"]),
        "paths": {"rancangan": projection["paths"]["rancangan"]},
        "growth": None,
    }
    found = section(render(dataclasses.replace(data, projection=one), "en"))
    assert (
        "A survey of this size errs by" in found and "implied by the series" not in found.split("Would it")[0]
    )


def test_sources_that_come_with_rantang_are_told_in_the_language_of_the_page(page: str):
    assert "galat inklusi pemeringkatan uji proksi" in page and "se-Indonesia" in page
    assert "inclusion error of a proxy" not in page and "nationwide" not in page
