"""The tile map: names fit their tiles, hidden figures are hatched, groups keep apart."""

from __future__ import annotations

import re

import edition_tables
import pytest

from rantang.documents import look
from rantang.documents.report import tilemap


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
