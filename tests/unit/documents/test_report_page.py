"""The report's page: complete, readable, self-contained, honest about what it rests on."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import re
from itertools import pairwise
from pathlib import Path

import altair as alt
import edition_tables
import pytest
from reading import Page

from rantang.documents import look
from rantang.documents.disclosure import Count
from rantang.documents.report import ReportData, charts, collect, render
from rantang.documents.report.offers import offers
from rantang.documents.report.render import sections
from rantang.documents.report.sections import opening, survey
from rantang.texts import use_language

GOLDEN = Path(__file__).parents[2] / "golden"


def outline(page: str) -> str:
    """The page's headings and table heads with figures and names of places taken out."""
    read = Page(page)
    lines = ["  " * (level - 1) + re.sub(r"\d[\d.,]*", "#", text) for level, text in read.headings]
    return "\n".join(lines) + "\n"


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en"])
def test_the_outline_is_as_reviewed(data: ReportData, language: str):
    expected = (GOLDEN / f"report-outline.{language}.txt").read_text("utf-8")
    assert outline(render(data, language)) == expected


def test_headings_go_down_one_step_at_a_time(page: str):
    levels = [level for level, _ in Page(page).headings]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(below - above <= 1 for above, below in pairwise(levels))


def test_nothing_is_asked_of_any_server(page: str):
    read = Page(page)
    assert read.loads == []
    assert not {"iframe", "object", "embed", "img", "link"} & read.tags
    assert all(link.startswith(("#", "data:text/csv")) for link in read.links)
    assert set(re.findall(r"url\((?!#)([a-z]+:)", page)) == {"data:"}
    assert "@import" not in page and "default-src 'none'" in page


def test_one_script_may_run_and_it_cannot_reach_out(page: str):
    (script,) = re.findall(r"<script>(.*?)</script>", page, flags=re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in page
    assert not re.search(r"fetch|XMLHttp|import\(|innerHTML|eval|document\.write|location", script)
    assert not re.search(r"<[^>]+\son[a-z]+=", page)


def test_ids_are_unique_and_links_lead_somewhere(page: str):
    read = Page(page)
    assert len(read.ids) == len(set(read.ids))
    assert {link[1:] for link in read.links if link.startswith("#")} <= set(read.ids)
    assert set(re.findall(r"url\(#([^)]+)\)", page)) <= set(read.ids)


def test_every_drawing_says_what_it_is_and_is_drawn_twice(page: str):
    drawings = Page(page).drawings
    assert len(drawings) >= 6 and len(drawings) % 2 == 0
    assert all(found.get("role") == "img" and found.get("aria-label") for found in drawings)
    assert all("width" not in found for found in drawings)


def test_each_column_of_figures_names_its_unit(page: str):
    heads = Page(page).number_heads
    assert len(heads) > 30
    assert all("|" in head for head in heads), [head for head in heads if "|" not in head]


def test_a_cell_of_a_total_that_says_nothing_bears_no_label(page: str):
    """On a phone a row becomes a card, and a label without a value would stand alone."""
    totals = re.findall(r"<tfoot>(.*?)</tfoot>", page, flags=re.DOTALL)
    empty = [cell for total in totals for cell in re.findall(r"<td[^>]*></td>", total)]
    assert empty and not [cell for cell in empty if "data-head" in cell]


def test_the_floor_is_computed_and_the_quoted_figures_are_called_quoted(page: str):
    assert "lantainya 4,62" in page
    assert "7.500" in page and "2,00" in page and "0,85" in page
    assert "dikutip" in page and "jatimtimes.com/baca/278516" in page
    assert "Survei yang dibaca di sini" in page


def test_a_rate_published_after_the_period_is_not_known_yet(page: str):
    """BPS's 4.37 of 2022 came out on 1 December 2022."""
    opening = page.split('id="temuan"')[1].split("<section", maxsplit=1)[0]
    assert "4,62" in opening and "4,37" not in opening


@pytest.mark.slow
def test_rantang_kasih_is_offered_at_both_prices(data: ReportData):
    row = next(programme for programme in data.programmes if programme.code == "RANTANG")
    (offer,) = offers(edition_tables.city(), (dataclasses.replace(row, gap=Count(60)),), "2022-11")
    assert (offer.places, offer.list_price, offer.ceiling_price) == (130, 14_600_000, 11_538_462)
    assert (offer.list_cost, offer.ceiling_cost) == (876_000_000, 692_307_720)
    page = render(dataclasses.replace(data, offers=(offer,)))
    assert "Rp\u00a0692\u00a0juta sampai Rp\u00a0876\u00a0juta" in page and "Rp\u00a014.600.000" in page


def test_what_a_hidden_number_of_people_costs_is_hidden_too(data: ReportData):
    row = next(programme for programme in data.programmes if programme.code == "RANTANG")
    (offer,) = offers(edition_tables.city(), (dataclasses.replace(row, gap=Count(None, "small")),), "2022-11")
    assert offer.list_cost is None and offer.ceiling_cost is None


@pytest.mark.slow
def test_a_check_that_ran_on_nothing_is_red(data: ReportData):
    stage = dataclasses.replace(data.stages[0], rows=Count(0), red=True)
    page = render(dataclasses.replace(data, stages=(stage, *data.stages[1:])))
    assert "pemeriksaan berjalan tanpa data" in page
    assert "tone-bad" in page.split('id="mesin"')[1]


@pytest.mark.slow
def test_a_programme_without_a_list_is_unknown_not_zero(data: ReportData):
    silent = dataclasses.replace(data.programmes[0], heard=False)
    page = render(dataclasses.replace(data, programmes=(silent,)))
    assert "belum ada daftar" in page.split('id="bantuan"')[1]


def test_agencies_that_gave_nothing_are_named(data: ReportData):
    assert {entry.agency for entry in data.missing} >= {"dispendukcapil", "dlh"}
    assert "diskominfo" not in {entry.agency for entry in data.missing}  # the walidata holds no list


@pytest.mark.slow
def test_the_same_edition_makes_the_same_page(data: ReportData):
    assert render(data) == render(data)


@pytest.mark.slow
def test_a_place_without_quoted_figures_or_tiles_gets_a_page_too(made_up):
    bare = edition_tables.city()
    areas = tuple(dataclasses.replace(area, column=None, row=None) for area in bare.areas)
    bare = dataclasses.replace(bare, quoted={}, indicators=(), targets=(), areas=areas, population=None)
    page = render(collect(*made_up, bare))
    assert "keluarga layak dibantu dan belum menerima apa pun" in page


@pytest.mark.slow
def test_polygons_are_drawn_where_the_city_has_them(data: ReportData):
    ring = [[112.6, -7.9], [112.7, -7.9], [112.7, -8.0], [112.6, -7.9]]
    geometry = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": {"kode": area.code},
             "geometry": {"type": "Polygon", "coordinates": [ring]}}
            for area in data.areas[:2]
        ],
    }  # fmt: skip
    page = render(data, geometry=geometry)
    assert page.count('<path d="M') >= 4 and data.areas[0].name in page


def _contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_text_reaches_aa_contrast_on_every_ground():
    for ink in (look.INK, look.MUTED, look.ACCENT, look.WARNING, look.CAUTION):
        assert _contrast(ink, look.PAPER) >= 4.5
        assert _contrast(ink, look.BAND) >= 4.5
    for ground in look.GROUNDS[:-1]:
        assert _contrast(look.INK, ground) >= 4.5
    assert _contrast(look.PAPER, look.GROUNDS[-1]) >= 4.5


@pytest.mark.slow
def test_every_section_states_a_finding_in_both_languages(data: ReportData):
    titles = {}
    for language in ("id", "en"):
        use_language(language)
        try:
            titles[language] = [section.title for section in sections(data)]
        finally:
            use_language("id")
    assert len(titles["id"]) == 16
    assert all(a != b for a, b in zip(titles["id"], titles["en"], strict=True))


@pytest.mark.slow
def test_a_city_s_report_can_be_sent_by_mail():
    page = render(collect(*edition_tables.edition(1.0), edition_tables.city(), model=edition_tables.model()))
    assert len(page) < 700_000


@pytest.mark.slow
def test_what_ran_on_nothing_never_says_that_there_is_no_problem(data: ReportData):
    silent = tuple(dataclasses.replace(programme, heard=False) for programme in data.programmes)
    none = dataclasses.replace(data.kerak, families=Count(0))
    found = render(dataclasses.replace(data, programmes=silent, kerak=none), "en")
    for title in ("who gets what", "where families receive nothing", "the chronic poor"):
        assert f"Not checked: {title}" in found
    assert "No family holds two aids" not in found and "of the families missed" not in found
    assert found.count("not checked: no list of recipients") == 2


@pytest.mark.slow
def test_the_first_screen_says_what_is_uncertain(data: ReportData):
    found = render(data, "en")
    assert "What is uncertain" in found and "have no welfare class" in found


@pytest.mark.slow
def test_reasons_part_a_persons_word_from_what_a_machine_put_together(data: ReportData):
    assert data.reasons and data.reasons_total.rows.value
    assert "by a decision or their own row" in render(data, "en")


@pytest.mark.slow
def test_every_drawing_fits_the_schema(data: ReportData, monkeypatch: pytest.MonkeyPatch):
    """What Altair would look at piece by piece in every run is looked at here, whole."""
    drawn, draw = [], charts.vlc.vegalite_to_svg
    monkeypatch.setattr(
        charts.vlc, "vegalite_to_svg", lambda spec, **how: drawn.append(spec) or draw(spec, **how)
    )
    render(data)
    assert len(drawn) >= 8
    for spec in drawn:
        alt.TopLevelSpec.validate(spec)


def test_figures_that_do_not_agree_are_written_as_the_page_writes_numbers(data: ReportData):
    figures = tuple(
        dataclasses.replace(data.city.indicators[0], indicator="p0", series=series, year=2022, value=value,
                            source=source)
        for series, value, source in (("bps", 4.37, "brs.id"), ("misi", 6.62, "koran"))
    )  # fmt: skip
    (table,) = survey._published(
        dataclasses.replace(data, city=dataclasses.replace(data.city, indicators=figures))
    )
    (row,) = table.rows
    assert row[0].text == "P0 2022 mempunyai beberapa nilai: 4,37 (brs.id); 6,62 (koran)."
    assert row[1].text == "BPS 2022, angka misi 2022" and table.columns[1].head == "Deret"


def test_a_source_is_named_without_its_notes():
    cited = opening._cited("beritatkp; malangposcomedia.id (ceiling of 2022)", False)
    assert cited == "sumber: beritatkp dan malangposcomedia.id"
    assert opening._cited("assumption: as elsewhere", True) == "asumsi"


@pytest.mark.slow
def test_words_of_the_figures_are_defined(page: str):
    defined = page.split('id="cara-menghitung"')[1]
    for word in ("tepat sasaran", "Temuan untuk diperbaiki", "Bantuan pokok", "Orang terangkat",
                 "Jurang kemiskinan", "Terlambat"):  # fmt: skip
        assert word in defined, word
