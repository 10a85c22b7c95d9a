"""The report says whom the score misses, what the centre says beside it, and lets the reader turn tables."""

from __future__ import annotations

import copy
import dataclasses
import json
import re
from typing import Any

import edition_tables
import pytest
from reading import Page, tables
from test_disclosure import attack

from rantang.documents.blocks import Pivot
from rantang.documents.disclosure import Count
from rantang.documents.report import ReportData, collect, render
from rantang.documents.report.cube import DIMENSIONS
from rantang.documents.report.model import FindingRow
from rantang.documents.report.sections.pivot import pivot
from rantang.texts import use_language

pytestmark = pytest.mark.slow


def part(page: str, name: str) -> str:
    return page.split(f'<section id="{name}"')[1].split("</section>", maxsplit=1)[0]


def test_the_title_says_how_many_of_ten_poor_people_are_missed(data: ReportData):
    found = part(render(data, "en"), "skor")
    assert "Of ten poor people a score misses 6" in found
    assert "90% interval: 52–69%" in found


def test_a_group_with_too_few_poor_households_is_not_judged(data: ReportData):
    rows = re.findall(r'<th scope="row">([^<]*)</th>(.*?)</tr>', part(render(data, "en"), "skor"), re.DOTALL)
    judged = {name: re.sub(r"<[^>]+>", " ", cells).split() for name, cells in rows}
    assert set(judged["Families headed by a woman"]) == {"–"}
    assert "80%" in judged["Families with someone of 60 or over"]


def test_unequal_errors_are_told_with_what_mending_them_takes(data: ReportData):
    found = part(render(data, "en"), "skor")
    assert "missed more often, by 30 points (7 to 47)" in found and "2.2% of all people more" in found
    calm = copy.deepcopy(edition_tables.score())
    calm["sources"]["p3ke"]["errors"]["fairness"]["lansia"]["warning"] = False
    assert "missed more often" not in render(dataclasses.replace(data, score=calm), "en")


def test_a_survey_without_poor_households_tells_no_errors(data: ReportData):
    bare = copy.deepcopy(edition_tables.score())
    bare["sources"]["p3ke"]["errors"] = {"fairness": {}}
    assert "is not known" in part(render(dataclasses.replace(data, score=bare), "en"), "skor")


def test_mending_them_has_its_price(data: ReportData):
    found = part(render(data, "en"), "skor")
    names = [data.city.programme(code).name for code in ("PKH", "SEMBAKO")]
    assert f"In {names[0]} and {names[1]} that costs" in found


def test_links_that_err_more_for_some_are_told_by_group_and_kelurahan(data: ReportData):
    page = render(data)
    rows = {(row["group"], row["measure"]): row for row in tables(page)["galat-tautan.csv"]}
    assert rows["lansia", "missed"]["points_low_90"] == "0.4"
    assert rows["disabilitas", "missed"]["percent"] == "–"
    assert f"lebih sering keliru: {data.city.areas[0].name}." in part(page, "keterhubungan")
    assert "galat-tautan" not in render(dataclasses.replace(data, link_errors=None))


def test_the_calibration_counts_only_groups_in_which_someone_was_poor(data: ReportData):
    page = render(data, "en")
    assert "what the score says fits in 2 of 2 groups" in part(page, "skor")
    assert len(tables(render(data))["kalibrasi.csv"]) == 3


def test_without_a_score_the_finding_says_why_and_the_class_is_called_a_stand_in(made_up: Any):
    data = collect(*made_up, edition_tables.city())
    why = FindingRow("SKOR-TANPA-SURVEI", "info", "bappeda", Count(1))
    page = render(dataclasses.replace(data, findings=(*data.findings, why)), "en")
    assert "Nobody is scored" in part(page, "skor") and "lists/AGENCY/survei/" in part(page, "skor")
    assert "only the centre speaks" in part(page, "pusat-kota")
    assert "Chronic (stand-in)" in part(page, "cara-menghitung")


def test_centre_and_city_stand_side_by_side(data: ReportData):
    rows = tables(render(data))["pusat-kota.csv"]
    assert [row["decile"] for row in rows] == ["1", "2", "3", "4", "5", "0"]
    for view in data.views:
        shown = [count.value for name, count in view.families.items() if name != "*"]
        if None not in (*shown, view.families["*"].value):
            assert sum(shown) == view.families["*"].value
    assert "Why they differ" in part(render(data, "en"), "pusat-kota")


def test_a_city_without_national_deciles_has_no_such_part(data: ReportData):
    page = render(dataclasses.replace(data, views=()))
    assert 'id="pusat-kota"' not in page


@pytest.fixture(scope="module")
def turned(data: ReportData) -> tuple[Pivot, ...]:
    use_language("id")
    section = pivot(data)
    assert section is not None
    return tuple(block for block in section.blocks if isinstance(block, Pivot))


def test_a_reader_of_all_tables_of_the_pivot_finds_no_small_cell(data: ReportData):
    """Every cell of up to three sides, every sum between them, and margins that stand elsewhere."""
    cells = data.cube.cells
    hidden = [where for where, count in cells.items() if count.hidden == "small"]
    assert len(hidden) > 30
    names = {where: "|".join(f"{a}={b}" for a, b in where) for where in cells}
    sums = []
    for where in cells:
        for side in set(DIMENSIONS) - {name for name, _level in where}:
            parts = [
                other for other in cells
                if len(other) == len(where) + 1 and set(where) < set(other)
                and dict(other).get(side) is not None and side not in dict(where)
            ]  # fmt: skip
            if parts and any(cells[each].value is None for each in (where, *parts)):
                sums.append((names[where], [names[each] for each in parts]))
    shown = {names[where]: count for where, count in cells.items()}
    learnt = attack(shown, sums)
    assert all(learnt[names[where]] >= 1 for where in hidden)


def test_a_margin_of_the_pivot_is_the_number_that_stands_elsewhere(data: ReportData):
    cells = data.cube.cells
    assert cells[()] == data.area_totals.families
    for name, count in data.classes:
        if count:
            assert cells[(("kelas", name),)] == count


def test_the_script_reads_what_the_downloaded_table_holds(turned: tuple[Pivot, ...]):
    register, survey = turned
    told = json.loads(register.told)
    assert [each["name"] for each in told["dimensions"]] == list(DIMENSIONS)
    assert len(told["cells"]) == len(register.data.rows)
    assert told["cells"][""][0][0] == register.still[-1][-1]
    assert json.loads(survey.told)["measures"] == ["P0", "P1", "P2", "mean"]


def test_a_pivot_can_be_read_without_its_script(data: ReportData, turned: tuple[Pivot, ...]):
    heads, *rows = turned[0].still
    assert heads[0] == "Kecamatan" and len(rows) == 6 and all(len(row) == len(heads) for row in rows)
    found = part(render(data), "silang")
    assert all(row[0] in found for row in rows)


def test_estimates_that_are_too_uncertain_are_dashes(data: ReportData, turned: tuple[Pivot, ...]):
    assert data.survey is not None
    cells = json.loads(turned[1].told)["cells"]
    for address, figures in data.survey.crossed.items():
        unsure = figures["P0"].reliability == "not_published"
        assert (cells[address][0][0] == "–") == unsure
    assert any(row[-1] == "not_published" and row[-5] == "–" for row in turned[1].data.rows)


def test_nothing_that_a_script_reads_can_end_it(data: ReportData):
    """A programme or kecamatan called `</script>` stays text."""
    areas = tuple(dataclasses.replace(area, kecamatan="</script><b>") for area in data.city.areas)
    page = render(dataclasses.replace(data, city=dataclasses.replace(data.city, areas=areas)))
    assert "</script><b>" not in page and Page(page).ids


def test_the_checks_of_the_model_behind_the_map_are_shown(data: ReportData):
    found = part(render(data, "en"), "survei")
    assert data.checks is not None
    assert found.count(">passes<") + found.count(">concern<") == 5
    assert "Households" in found and "Shapiro–Wilk p = " in found
    assert len(tables(render(data))["kuantil-residual.csv"]) > 90
    assert "Shapiro" not in render(dataclasses.replace(data, checks=None))


def test_the_calibration_says_of_whom_it_speaks(data: ReportData):
    """Where the survey says who is on a list, chances speak of these alone."""
    assert data.score is not None
    score = copy.deepcopy(dict(data.score))
    for source in score["sources"].values():
        for row in source["errors"]["calibration"]:
            row["households"] = 2
        source["households"] = 1000
    drawn = part(render(dataclasses.replace(data, score=score)), "skor")
    assert "kelompok sama besar dari penduduk survei yang ada di daftar kesejahteraan" in drawn
