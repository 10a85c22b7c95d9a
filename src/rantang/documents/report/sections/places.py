"""Where families qualify and receive nothing: the map, the districts, the table of all areas."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from rantang.documents import labels, look
from rantang.documents.blocks import (
    Beside,
    Cell,
    Column,
    Data,
    Picture,
    Section,
    Table,
    Text,
    cells,
    join,
    share,
    show,
)
from rantang.documents.report import tilemap
from rantang.documents.report.model import AreaRow, ReportData
from rantang.texts import _, mark
from rantang.vocabulary import numbers

_TILED = mark("Each tile is one {village}, laid out as the city lies.")
_DRAWN = mark("Each shape is one {village}; the table names them all.")


def where(data: ReportData, geometry: dict[str, Any] | None) -> Section:
    """The map of families that qualify and receive nothing."""
    village = data.city.terms.get("village", "kelurahan")
    if not data.areas or not data.heard:
        missing = (
            _("Nothing was checked here: the city's configuration names no areas.")
            if not data.areas
            else _("Nothing was checked here: no list says who receives what in this month.")
        )
        title = _("Not checked: where families receive nothing")
        return Section("wilayah", title, (Text(missing, "bad"),), short=_("Where"))
    return Section(
        "wilayah",
        _where_title(data),
        (
            Beside((_map(data, geometry, village),), (_districts(data), _ranking(data, village)), fit=True),
            _areas(data, village),
        ),
        short=_("Where"),
    )


def _where_title(data: ReportData) -> str:
    by_district = {area.name: area.gap.value for area in data.districts if area.gap.value}
    total = data.found.gap.value or 0
    if len(by_district) < 3 or not total:
        return _("Where families qualify and receive nothing")
    ordered = sorted(by_district, key=lambda name: (-by_district[name], name))
    names = ordered[:2]
    part = sum(by_district[name] for name in names)
    return _(
        "{districts} hold {share} of the families missed",
        districts=join(names),
        share=numbers.share(part, total),
    )


def _map(data: ReportData, geometry: dict[str, Any] | None, village: str) -> Picture:
    values = [area.gap.value for area in data.areas if area.gap.value]
    limits = look.limits([value for value in values if value is not None])
    title = _("Families that qualify and receive nothing, by {village}", village=village)
    tiles = {
        a.code: tilemap.Tile(a.name, a.kecamatan, a.column or 0, a.row or 0, a.gap.value, show(a.gap))
        for a in data.areas
    }
    wide, narrow = tilemap.drawn(tiles, limits, "peta", title, geometry)
    worst = sorted((a for a in data.areas if a.gap.value), key=lambda a: (-(a.gap.value or 0), a.name))[:5]
    words = _("Most: {areas}.", areas=join([f"{a.name} ({show(a.gap)})" for a in worst])) if worst else ""
    return Picture(
        title="",
        subtitle=title + " · " + _("families"),
        wide=wide,
        narrow=narrow,
        words=words,
        key=_legend(limits),
        data=_area_data(data),
        source=_(
            _DRAWN if geometry else _TILED,
            village=village,
        )
        + " "
        + _(
            '"<8": one to seven families; "×" or hatched: hidden so that no "<8" can be worked out.',
        ),
        grow=True,
    )


def _districts(data: ReportData) -> Table:
    ordered = sorted(data.districts, key=lambda a: (-a.gap.sort_key, a.name))
    district = data.city.terms.get("district", "kecamatan")
    families = _("families")
    return Table(
        title=_("By {district}", district=district),
        subtitle=_("Families that qualify and receive nothing"),
        columns=(
            Column(district.capitalize(), number=False),
            Column(_("Receive nothing"), families),
            Column(_("of those that qualify"), "%"),
        ),
        rows=tuple(
            cells((a.name, show(a.gap), share(a.gap, a.eligible, small_group=20 if data.public else 0)))
            for a in ordered
        ),
        kind="plain",
    )


def _ranking(data: ReportData, village: str) -> Table:
    worst = sorted((a for a in data.areas if a.gap.value), key=lambda a: (-(a.gap.value or 0), a.name))[:8]
    return Table(
        title=_("The eight {village} with most", village=village),
        subtitle="",
        columns=(
            Column(village.capitalize(), number=False),
            Column(_("Receive nothing"), _("families")),
            Column(_("of those that qualify"), "%"),
        ),
        rows=tuple(
            cells(
                (
                    Cell(a.name, a.kecamatan),
                    show(a.gap),
                    share(a.gap, a.eligible, small_group=20 if data.public else 0),
                )
            )
            for a in worst
        ),
        kind="plain",
    )


def _legend(limits: tuple[float, ...]) -> str:
    """Write the steps of the ramp as ranges, parted by ``|``."""
    if not limits:
        return ""
    edges = [f"< {numbers.whole(limits[0])}"]
    for low, above in pairwise(limits):
        high = above - 1
        edges.append(numbers.whole(low) if low == high else f"{numbers.whole(low)}–{numbers.whole(high)}")
    return "|".join([*edges, "≥ " + numbers.whole(limits[-1])])


def _area_data(data: ReportData) -> Data:
    rows = [*data.areas, *([data.unknown_area] if data.unknown_area else []), data.area_totals]
    return Data(
        "wilayah",
        ("code", "name", "district", "families", "eligible", "gap", "kerak", "without_nik"),
        tuple(
            (a.code, a.name, a.kecamatan, a.families, a.eligible, a.gap, a.kerak, a.without_nik) for a in rows
        ),
    )


def _areas(data: ReportData, village: str) -> Table:
    def row(area: AreaRow, name: str = "") -> tuple[Cell, ...]:
        return cells(
            (
                Cell(name or area.name, area.kecamatan),
                show(area.families),
                show(area.eligible),
                show(area.gap),
                share(area.gap, area.eligible, small_group=20 if data.public else 0),
                show(area.kerak),
                show(area.without_nik),
            )
        )

    ordered = sorted(data.areas, key=lambda a: (-a.gap.sort_key, a.name))
    rows = [row(area) for area in ordered]
    if data.unknown_area:
        rows.append(row(data.unknown_area, _("unknown")))
    families = _("families")
    return Table(
        title="",
        subtitle="",
        columns=(
            Column(village.capitalize(), number=False),
            Column(_("On lists"), families),
            Column(_("Qualify"), families),
            Column(_("Receive nothing"), families),
            Column(_("of those that qualify"), "%"),
            Column(labels.welfare("kerak").capitalize(), families),
            Column(_("No valid NIK"), _("people")),
        ),
        rows=tuple(rows),
        total=row(data.area_totals, _("All")),
        fold=_("Table of all {count} {village}", count=len(data.areas), village=village),
        scroll=True,
    )
