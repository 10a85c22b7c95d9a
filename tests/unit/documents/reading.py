"""Read a page as a reader's program would: outline, tables for downloading, drawings."""

from __future__ import annotations

import csv
import dataclasses
import io
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from urllib.parse import unquote

from rantang.cities.model import City
from rantang.documents.disclosure import Count


class Page(HTMLParser):
    """What stands on a page: headings in order, ids, links, drawings, table heads, loaded things."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.headings: list[tuple[int, str]] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.loads: list[str] = []
        self.drawings: list[dict[str, str]] = []
        self.tags: set[str] = set()
        self.number_heads: list[str] = []
        self._into: list[str] | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.tags.add(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "a":
            self.links.append(found.get("href", ""))
        self.loads += [found[name] for name in ("src", "srcset", "xlink:href", "action") if name in found]
        if tag == "link":
            self.loads.append(found.get("href", ""))
        if tag == "svg":
            self.drawings.append(found)
        if tag in ("h1", "h2", "h3", "h4") or (tag == "th" and found.get("class") == "n"):
            self._into = []

    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data.strip())

    def handle_endtag(self, tag: str) -> None:
        if self._into is None or tag not in ("h1", "h2", "h3", "h4", "th"):
            return
        text = "|".join(part for part in self._into if part)
        self._into = None
        if tag == "th":
            self.number_heads.append(text)
        else:
            self.headings.append((int(tag[1]), text))


def tables(page: str) -> dict[str, list[dict[str, str]]]:
    """Return the tables for downloading, by file name."""
    found = {}
    for link in page.split('href="data:text/csv;charset=utf-8,')[1:]:
        body, rest = link.split('"', 1)
        name = rest.split('download="', 1)[1].split('"', 1)[0]
        text = unquote(body).lstrip("\ufeff").replace("&#34;", '"').replace("&amp;", "&")
        found[name] = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    return found


def counts(value: object) -> Iterator[Count]:
    """Walk through everything a report holds and yield its counts."""
    if isinstance(value, Count):
        yield value
    elif isinstance(value, City):
        return
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            yield from counts(getattr(value, field.name))
    elif isinstance(value, tuple | list):
        for each in value:
            yield from counts(each)
    elif isinstance(value, Mapping):
        yield from counts(list(value.values()))
