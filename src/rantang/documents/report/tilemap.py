"""The map: one tile an area (or its polygon where the city has them), name and figure in each."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, Final

from markupsafe import escape

from rantang.documents import look

_VOWELS: Final = "aiueo"
_TOGETHER: Final = ("ng", "ny", "kh", "sy", "tl", "pr", "tr", "kr", "gr", "br", "dr")


@dataclass(frozen=True, slots=True)
class Tile:
    """One area on the map.

    Attributes
    ----------
    value, text
        What colours it, None where that is hidden; how it is written.
    unsure
        To be read with caution: hatched over its colour.
    hint
        More than the text, for who points at it; empty for the text itself.
    """

    name: str
    group: str
    column: int
    row: int
    value: float | None
    text: str
    unsure: bool = False
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """How large a drawing of the map is, px on the device; `tight`: less space between letters."""

    width: float
    height: float
    gap: float
    name: float
    figure: float
    lines: int
    tight: float = 0.0


WIDE: Final = Form(width=74, height=62, gap=3, name=11, figure=15, lines=2)
NARROW: Final = Form(width=44.5, height=66, gap=2, name=11, figure=13, lines=3, tight=0.5)


def drawn(
    tiles: Mapping[str, Tile],
    limits: tuple[float, ...],
    prefix: str,
    title: str,
    geometry: dict[str, Any] | None,
) -> tuple[str, str]:
    """Draw a map wide and narrow: the city's own polygons, else its tiles; empty where it has neither.

    `tiles` by code; one whose column is 0 has no place among tiles.
    """
    if geometry:
        return (
            polygons(geometry, tiles, limits, f"{prefix}w", title, 600),
            polygons(geometry, tiles, limits, f"{prefix}n", title, 356),
        )
    placed = [tile for tile in tiles.values() if tile.column and tile.row]
    if not placed:
        return "", ""
    return (
        draw(placed, WIDE, limits, f"{prefix}w", title),
        draw(placed, NARROW, limits, f"{prefix}n", title),
    )


def draw(tiles: Sequence[Tile], form: Form, limits: tuple[float, ...], prefix: str, title: str) -> str:
    """Draw the tile map as SVG; a group's edge is a white gap, its name stands where it has room."""
    columns = max(tile.column for tile in tiles)
    rows = max(tile.row for tile in tiles)
    top = 24.0
    size = (columns * form.width, rows * form.height + top)
    place = {(tile.column, tile.row): tile.group for tile in tiles}
    parts = [_tile(tile, form, limits, top, place, prefix) for tile in tiles]
    parts += _group_names(tiles, form, top)
    return _svg(size, parts, prefix, title)


def _tile(
    tile: Tile,
    form: Form,
    limits: tuple[float, ...],
    top: float,
    place: dict[tuple[int, int], str],
    prefix: str,
) -> str:
    x, y = (tile.column - 1) * form.width, (tile.row - 1) * form.height + top
    insets = [
        form.gap if place.get(spot) not in (None, tile.group) else form.gap / 2
        for spot in (
            (tile.column - 1, tile.row),
            (tile.column, tile.row - 1),
            (tile.column + 1, tile.row),
            (tile.column, tile.row + 1),
        )
    ]
    left, upper = x + insets[0], y + insets[1]
    wide, high = form.width - insets[0] - insets[2], form.height - insets[1] - insets[3]
    box = f'x="{left:.1f}" y="{upper:.1f}" width="{wide:.1f}" height="{high:.1f}"'
    fill, ink = paint(tile.value, limits, prefix)
    middle = x + form.width / 2
    lines = hyphenate(tile.name, form.width - form.gap, form.name, form.lines, form.tight)
    spacing = f' font-size="{form.name}"' + (f' letter-spacing="-{form.tight}"' if form.tight else "")
    first, step = y + form.gap + 14, form.name + 1.5
    words = "".join(
        f'<text x="{middle:.1f}" y="{first + n * step:.1f}"{spacing}>{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    figure = (
        f'<text x="{middle:.1f}" y="{y + form.height - form.gap - 7:.1f}" font-size="{form.figure}" '
        f'font-weight="700">{escape(tile.text)}</text>'
    )
    hint = f"<title>{escape(tile.name)}, {escape(tile.group)}: {escape(tile.hint or tile.text)}</title>"
    over = f'<rect {box} rx="2" fill="url(#{prefix}-unsure)"/>' if tile.unsure else ""
    return f'<g fill="{ink}">{hint}<rect {box} rx="2" fill="{fill}"/>{over}{words}{figure}</g>'


def paint(value: float | None, limits: tuple[float, ...], prefix: str) -> tuple[str, str]:
    """Return the fill of an area and the colour of what is written on it; hidden ones are hatched."""
    if value is None:
        return f"url(#{prefix}-hidden)", look.INK
    step = look.level(value, limits)
    return look.GROUNDS[step], look.PAPER if step == len(look.GROUNDS) - 1 else look.INK


_LINE: Final = 13.0


@dataclass(frozen=True, slots=True)
class _Label:
    """A group's name: its lines, where they begin and the last stands; `over`: on a white ground."""

    lines: tuple[str, ...]
    x: float
    y: float
    over: bool = False

    @property
    def wide(self) -> float:
        """How wide the widest line is."""
        return max(_wide(line) for line in self.lines)

    def meets(self, other: _Label) -> bool:
        """Whether two names run into each other."""
        highest = max(self.y - _LINE * len(self.lines), other.y - _LINE * len(other.lines))
        left, right = max(self.x, other.x), min(self.x + self.wide, other.x + other.wide)
        return highest < min(self.y, other.y) and left < right

    def drawn(self) -> str:
        """Draw it."""
        ground = (
            f'<rect x="{self.x - 4:.1f}" y="{self.y - 10.5:.1f}" width="{self.wide + 7:.1f}" height="13" '
            f'rx="2" fill="{look.PAPER}"/>'
            if self.over
            else ""
        )
        last = len(self.lines) - 1
        return ground + "".join(
            f'<text x="{self.x:.1f}" y="{self.y - (last - n) * _LINE:.1f}" font-size="11" font-weight="600" '
            f'letter-spacing=".9" text-anchor="start" fill="{look.MUTED}">{escape(line)}</text>'
            for n, line in enumerate(self.lines)
        )


def _group_names(tiles: Sequence[Tile], form: Form, top: float) -> list[str]:
    """Write each group's name in small capitals.

    Over its first free top edge or under its last one, in two lines where one has no room; a group with
    others on every side has it on the border to the group above, between the figures there and the names
    below.
    """
    labels: list[_Label] = []
    for group in dict.fromkeys(tile.group for tile in tiles):
        name = group.upper()
        broken = hyphenate(name, _wide(name) * 0.7, 11, 2)
        spots = [
            *_free(tiles, group, [name], form, top),
            *_free(tiles, group, broken, form, top),
            *_borders(tiles, group, form, top),
        ]
        alone = [each for each in spots if not any(each.meets(other) for other in labels)]
        labels += (alone or spots)[:1]
    return [label.drawn() for label in labels]


def _free(tiles: Sequence[Tile], group: str, lines: list[str], form: Form, top: float) -> list[_Label]:
    """Return where a group's name has free cells above (first) or below one of its tiles."""
    taken = {(tile.column, tile.row) for tile in tiles}
    columns, rows = (max(getattr(tile, side) for tile in tiles) for side in ("column", "row"))
    cells = math.ceil(max(_wide(line) for line in lines) / form.width)
    least = 0 if len(lines) == 1 else 1
    found = []
    for tile in (tile for tile in tiles if tile.group == group and tile.column - 1 + cells <= columns):
        for below, row in ((False, tile.row - 1), (True, tile.row + 1)):
            if least <= row <= rows and not any((tile.column + n, row) in taken for n in range(cells)):
                edge = (tile.row if below else tile.row - 1) * form.height + top
                y = edge + 15 + _LINE * (len(lines) - 1) if below else edge - 8
                place = _Label(tuple(lines), (tile.column - 1) * form.width + 2, y)
                found.append(((below, tile.row, tile.column), place))
    return [place for _order, place in sorted(found, key=lambda each: each[0])]


def _borders(tiles: Sequence[Tile], group: str, form: Form, top: float) -> list[_Label]:
    """Return where a group's name can stand on its upper borders, the longest first."""
    mine = {(tile.column, tile.row) for tile in tiles if tile.group == group}
    edge = sorted((row, column) for column, row in mine if (column, row - 1) not in mine)
    runs: list[list[tuple[int, int]]] = []
    for row, column in edge:
        if runs and runs[-1][-1] == (row, column - 1):
            runs[-1].append((row, column))
        else:
            runs.append([(row, column)])
    text, needed = group.upper(), _wide(group.upper())
    right = max(tile.column for tile in tiles) * form.width - needed - 4
    found = []
    for run in sorted(runs, key=lambda each: (-len(each), each[0])):
        row, middle = run[0][0], (run[0][1] + run[-1][1] - 1) / 2
        x = min(max(middle * form.width - needed / 2, 4.0), right)
        found.append(_Label((text,), x, (row - 1) * form.height + top + 3, over=True))
    return found


def _wide(line: str) -> float:
    return look.width(line, 11) + 0.9 * len(line)


def polygons(
    geometry: dict[str, Any],
    tiles: Mapping[str, Tile],
    limits: tuple[float, ...],
    prefix: str,
    title: str,
    width: float,
) -> str:
    """Draw the city's own polygons (GeoJSON features whose `kode` property is the area's code).

    `tiles` by code; where they stand among tiles does not matter here.
    """
    rings: list[tuple[str, list[list[tuple[float, float]]]]] = []
    for feature in geometry.get("features", ()):
        properties = feature.get("properties", {})
        code = str(next((properties[k] for k in ("kode", "kode_kemendagri", "code") if k in properties), ""))
        shape = feature.get("geometry") or {}
        parts = (
            shape.get("coordinates", ())
            if shape.get("type") == "MultiPolygon"
            else [shape.get("coordinates", ())]
        )
        rings.append((code, [[(float(p[0]), float(p[1])) for p in ring] for part in parts for ring in part]))
    points = [point for _, shapes in rings for ring in shapes for point in ring]
    west, east = min(p[0] for p in points), max(p[0] for p in points)
    south, north = min(p[1] for p in points), max(p[1] for p in points)
    scale = width / (east - west)
    height = (north - south) * scale
    parts, figures = [], []
    for code, shapes in rings:
        tile = tiles.get(code) or Tile(code, "", 0, 0, None, "×")
        fill, ink = paint(tile.value, limits, prefix)
        x, y = middle(max(shapes, key=len))
        figures.append(
            f'<text x="{(x - west) * scale:.1f}" y="{(north - y) * scale + 4:.1f}" font-size="11.5" '
            f'font-weight="600" fill="{ink}">{escape(tile.text)}</text>'
        )
        path = "".join(
            "M" + "L".join(f"{(x - west) * scale:.1f} {(north - y) * scale:.1f}" for x, y in ring) + "Z"
            for ring in shapes
        )
        parts.append(
            f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{look.PAPER}" stroke-width="1">'
            f"<title>{escape(tile.name)}: {escape(tile.hint or tile.text)}</title></path>"
        )
        if tile.unsure:
            parts.append(f'<path d="{path}" fill="url(#{prefix}-unsure)" fill-rule="evenodd"/>')
    return _svg((width, height), [*parts, *figures], prefix, title)


def middle(ring: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the point of a polygon where its figure stands: its centre of gravity."""
    area = x = y = 0.0
    for (x1, y1), (x2, y2) in pairwise([*ring, ring[0]]):
        cross = x1 * y2 - x2 * y1
        area, x, y = area + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    return (x / (3 * area), y / (3 * area)) if area else ring[0]


def _svg(size: tuple[float, float], parts: Sequence[str], prefix: str, title: str) -> str:
    hatch = (
        f'<defs><pattern id="{prefix}-hidden" width="6" height="6" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="6" height="6" fill="{look.PAPER}"/>'
        f'<rect width="1.6" height="6" fill="{look.LINE}"/></pattern>'
        f'<pattern id="{prefix}-unsure" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="1.4" height="7" fill="{look.PAPER}" opacity=".4"/>'
        f"</pattern></defs>"
    )
    return (
        f'<svg viewBox="0 0 {size[0]:.0f} {size[1]:.0f}" role="img" aria-label="{escape(title)}" '
        f'font-family="{look.FONT}" text-anchor="middle">{hatch}{"".join(parts)}</svg>'
    )


def syllables(word: str) -> list[str]:
    """Part an Indonesian word where it may be broken: V-CV, VC-CV, with ng, ny, kh, sy kept whole."""
    sounds = re.findall(r"ng|ny|kh|sy|.", word, flags=re.IGNORECASE)
    vowels = [n for n, sound in enumerate(sounds) if sound.lower() in _VOWELS]
    cuts = []
    for here, following in pairwise(vowels):
        between = following - here - 1
        if between == 0:
            continue
        pair = "".join(sounds[following - 2 : following]).lower()
        whole = between == 1 or (between >= 2 and pair in _TOGETHER[4:])
        cuts.append(following - 1 if between == 1 or not whole else following - 2)
    cuts = sorted({cut for cut in cuts if cut > 0})
    return ["".join(sounds[a:b]) for a, b in zip([0, *cuts], [*cuts, len(sounds)], strict=True)]


def hyphenate(name: str, room: float, size: float, most: int, tight: float = 0.0) -> list[str]:
    """Break a name into lines that fit `room` px: at spaces first, then in syllables, lines alike long."""
    if look.width(name, size) - tight * len(name) <= room:
        return [name]
    words = re.findall(r"[^ -]+-?", name)
    room_for_others = len(words) - 1
    lines = [
        line for word in words for line in _broken(word, room, size, max(1, most - room_for_others), tight)
    ]
    return lines if len(lines) <= most else [*lines[: most - 1], " ".join(lines[most - 1 :])]


def _broken(word: str, room: float, size: float, most: int, tight: float) -> list[str]:
    """Break one word into the fewest lines that fit, at most `most`, the widest as narrow as can be."""
    parts = syllables(word)
    best: list[str] = [word]
    for count in range(1, most + 1):
        tries = []
        for cuts in combinations(range(1, len(parts)), count - 1):
            ends = [0, *cuts, len(parts)]
            lines = ["".join(parts[a:b]) for a, b in pairwise(ends)]
            tries.append([line + "-" for line in lines[:-1]] + lines[-1:])
        if not tries:
            break
        best = min(tries, key=lambda lines: max(look.width(line, size) for line in lines))
        if max(look.width(line, size) - tight * len(line) for line in best) <= room:
            break
    return best
