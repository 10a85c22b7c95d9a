"""Draw the report: `ReportData` in, one self-contained HTML page out."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Final

from markupsafe import Markup

from rantang.documents import blocks, look, pages
from rantang.documents.blocks import Section
from rantang.documents.report.model import ReportData
from rantang.documents.report.sections import (
    centre,
    closing,
    lists,
    opening,
    people,
    pivot,
    places,
    plans,
    score,
    survey,
    target_path,
)
from rantang.texts import _, language, use_language
from rantang.vocabulary import numbers

_WIB: Final = dt.timezone(dt.timedelta(hours=7))
_LONG_NUMBER: Final = re.compile(r"(?<![\d.,])\d{12,16}(?![\d.,])")


def render(data: ReportData, language_: str = "id", geometry: dict[str, Any] | None = None) -> str:
    """Return the report as one HTML page that asks nothing of any server.

    Parameters
    ----------
    language_
        `id` or `en`.
    geometry
        The city's own polygons (GeoJSON), None for the tile map.

    Raises
    ------
    ValueError
        A number of 12-16 digits stands on the page: it could be a NIK (TRUST D5).
    """
    before = language()
    use_language(language_)
    try:
        page = _page(data, geometry)
    finally:
        use_language(before)
    scan(page)
    return page


def scan(page: str) -> None:
    """Refuse a page on which a NIK, KK or telephone number could stand."""
    text = re.sub(r"url\(data:font[^)]*\)|<svg.*?</svg>", "", page, flags=re.DOTALL)
    if found := _LONG_NUMBER.search(text):
        raise ValueError(f"a number of {len(found.group())} digits stands on the page: it could be a NIK")


def sections(data: ReportData, geometry: dict[str, Any] | None = None) -> tuple[Section, ...]:
    """Return the report's parts in reading order, in the language in use."""
    every = (
        opening.first(data),
        survey.poverty(data, geometry),
        target_path.path(data),
        plans.plan(data),
        places.where(data, geometry),
        people.who_gets_what(data),
        people.kerak(data),
        score.score(data),
        centre.centre(data),
        lists.health(data),
        lists.agencies(data),
        lists.linkage(data),
        closing.next_steps(data),
        pivot.pivot(data),
        closing.definitions(data),
        closing.machine(data),
    )
    return tuple(section for section in every if section is not None)


def _page(data: ReportData, geometry: dict[str, Any] | None) -> str:
    environment = pages.environment("rantang.documents.report")
    environment.tests["picture"] = lambda block: isinstance(block, blocks.Picture)
    for name in ("Text", "Stats", "Table", "Steps", "Terms", "Beside", "Pivot"):
        kind = getattr(blocks, name)
        environment.tests[name.lower()] = lambda block, kind=kind: isinstance(block, kind)
    title, lead = opening.headline(data)
    script = pages.script("rantang.documents.report", "pivot.js")
    return environment.get_template("page.html.j2").render(
        language=language(),
        title=title,
        lead=lead,
        warning=opening.synthetic(data),
        header=data.header,
        made=_made(data.header.made_at),
        period=numbers.month(data.header.period),
        lists=_origin(data),
        population=_(
            "{persons} people in {families} families on the register",
            persons=blocks.show(data.header.persons),
            families=blocks.show(data.header.families),
        ),
        sections=sections(data, geometry),
        style=pages.style(),
        script=script,
        script_hash=pages.hash_of(script),
        ramp=look.GROUNDS,
        markup=Markup,
        _=_,
    )


def _origin(data: ReportData) -> str:
    """Say from how many lists of how many agencies the edition was made."""
    lists, agencies = data.header.lists, data.header.agencies
    if agencies > 1:
        return _("from {lists} lists of {agencies} agencies", lists=lists, agencies=agencies)
    return _("from {lists} lists of one agency", lists=lists) if lists > 1 else _("from one list")


def _made(moment: str) -> str:
    """Write when the edition was made: day and hour in western Indonesia."""
    try:
        when = dt.datetime.fromisoformat(moment)
    except ValueError:
        return moment
    if when.tzinfo is not None:
        when = when.astimezone(_WIB)
    hour = f"{when:%H.%M}" if language() == "id" else f"{when:%H:%M}"
    return f"{numbers.day(when.date())}, {hour} WIB"
