"""The tile map: names fit their tiles, hidden figures are hatched, groups keep apart."""

from __future__ import annotations

import dataclasses
import re

import edition_tables
import pytest

from rantang.documents import look
from rantang.documents.blocks import Picture
from rantang.documents.report import ReportData, tilemap
from rantang.documents.report.model import AreaFigure
from rantang.documents.report.sections import small_areas
from rantang.measurement.reliability import USABLE


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Klojen", ["Klo", "jen"]),
        ("Kedungkandang", ["Ke", "dung", "kan", "dang"]),
        ("Penanggungan", ["Pe", "nang", "gu", "ngan"]),
        ("Sukun", ["Su", "kun"]),
        ("Buring", ["Bu", "ring"]),
    ],
)
def test_words_break_where_indonesian_breaks_them(word: str, parts: list[str]):
    assert tilemap.syllables(word) == parts


@pytest.mark.parametrize("form", [tilemap.WIDE, tilemap.NARROW])
def test_every_name_of_the_city_fits_its_tile(form: tilemap.Form):
    for area in edition_tables.city().areas:
        lines = tilemap.hyphenate(area.name, form.width - form.gap, form.name, form.lines, form.tight)
        assert len(lines) <= form.lines
        assert "".join(lines).replace("-", "").replace(" ", "") == area.name.replace("-", "").replace(" ", "")
        widest = max(look.width(line, form.name) - form.tight * len(line) for line in lines)
        assert widest <= form.width - form.gap, lines


def test_hidden_figures_are_hatched_and_shown_ones_stand_in_their_tile():
    tiles = [
        tilemap.Tile("Satu", "Timur", 1, 1, 120, "120"),
        tilemap.Tile("Dua", "Timur", 2, 1, None, "<8"),
        tilemap.Tile("Tiga", "Barat", 2, 2, None, "×"),
    ]
    drawn = tilemap.draw(tiles, tilemap.WIDE, (50.0,), "uji", "Peta")
    assert drawn.count("url(#uji-hidden)") == 2
    assert re.findall(r'font-weight="700">([^<]+)<', drawn) == ["120", "&lt;8", "×"]
    assert drawn.count("<title>") == 3


def city_tiles() -> list[tilemap.Tile]:
    areas = edition_tables.city().areas
    return [
        tilemap.Tile(area.name, area.kecamatan, area.column or 0, area.row or 0, 10, "10") for area in areas
    ]


@pytest.mark.parametrize("form", [tilemap.WIDE, tilemap.NARROW])
def test_every_group_is_named_once_apart_from_the_others_and_on_the_drawing(form: tilemap.Form):
    """Klojen has others on every side: its name stands on the border to the group above."""
    drawn = tilemap.draw(city_tiles(), form, (50.0,), "uji", "Peta")
    names = re.findall(r'<text x="([\d.]+)" y="([\d.]+)"[^>]*text-anchor="start"[^>]*>([^<]+)<', drawn)
    told = "".join(line for _x, _y, line in names).replace("-", "")
    assert sorted(told) == sorted("".join({tile.group.upper() for tile in city_tiles()}))
    width = 8 * form.width
    boxes = [(float(x), float(x) + look.width(text, 11), float(y)) for x, y, text in names]
    assert all(left >= 0 and right <= width and y >= 11 for left, right, y in boxes)
    for n, (left, right, y) in enumerate(boxes):
        others = [other for other in boxes[n + 1 :] if abs(other[2] - y) < 12]
        assert not [other for other in others if left < other[1] and other[0] < right]


def test_no_text_is_smaller_than_eleven_pixels():
    for form in (tilemap.WIDE, tilemap.NARROW):
        assert min(form.name, form.figure) >= 11
        assert form.width * 8 <= (640 if form is tilemap.WIDE else 358)


def test_a_polygon_says_its_figure_and_not_by_colour_alone():
    square = [[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]]
    features = [{"properties": {"kode": "A"}, "geometry": {"type": "Polygon", "coordinates": square}}]
    tile = tilemap.Tile("Arjosari", "", 0, 0, 42, "42", unsure=True)
    drawn = tilemap.polygons({"features": features}, {"A": tile}, (8.0,), "p", "Peta", 100)
    assert ">42</text>" in drawn and 'x="50.0" y="54.0"' in drawn
    assert 'fill="url(#p-unsure)"' in drawn


@pytest.mark.slow
def test_a_figure_on_the_map_of_poverty_has_one_colour_and_stands_in_its_step(data: ReportData):
    """6.6 and 7.4 both read 7: the colour follows what is read."""
    assert data.survey is not None
    rates = [0.066, 0.074, 0.086, 0.094, 0.112, 0.151]
    rate = dataclasses.replace(data.survey.city["P0"], reliability=USABLE)
    areas = tuple(
        AreaFigure(area.code, "eb", dataclasses.replace(rate, estimate=rates[n % 6]))
        for n, area in enumerate(data.areas)
    )
    made = small_areas.small_areas(data, dataclasses.replace(data.survey, areas=areas), None)
    assert isinstance(made, Picture)
    tiles = re.findall(r'<rect [^>]*rx="2" fill="(#\w+)"/>.*?font-weight="700">(\d+)<', made.wide)
    colours = {text: {fill for fill, each in tiles if each == text} for _fill, text in tiles}
    assert sorted(colours, key=int) == ["7", "9", "11", "15"]
    assert all(len(fills) == 1 for fills in colours.values())
    for step, words in enumerate(made.key.replace("\u00a0%", "").split("|")):
        low, high = _ends(words)
        inside = [text for text in colours if low <= int(text) <= high]
        assert all(colours[text] == {look.GROUNDS[step]} for text in inside), words


def _ends(words: str) -> tuple[int, int]:
    if words[0] == "<":
        return 0, int(words[2:]) - 1
    if words[0] == "≥":
        return int(words[2:]), 100
    low, _dash, high = words.partition("–")
    return int(low), int(high or low)
