"""Taking a scenario into the workspace's configuration: one file a programme, the old figures kept."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rantang.cities import City, Programme, build
from rantang.errors import RantangError
from rantang.planning.scenario import Change, Scenario
from rantang.store.workspace import Workspace
from rantang.store.writing import private_folder, whole
from rantang.vocabulary.periods import shifted


def adopt(workspace: Workspace, scenario: Scenario, result: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write what a scenario changes of programmes under `DIR/programmes/`; returns the files.

    Places, amounts and budgets get a new dated entry beside the old ones; a rule or an end takes the place of
    the old line. All is read first as the next run will read it, and written aside before the first file
    takes the place of the old one.

    Raises
    ------
    RantangError
        `RENCANA-ADOPSI-TIADA`: nothing in the scenario is a programme's configuration;
        `RENCANA-ADOPSI-BERKAS`: a programme's file cannot be edited so that it says what the scenario says.
    """
    city, month = workspace.city, shifted(workspace.period, 1)
    changed = dict.fromkeys(change.code for change in scenario.programmes)
    files = {}
    for code in changed:
        path, text = _file(city, code)
        for change in scenario.programmes:
            if change.code == code:
                edits = _edits(change, scenario, result, city, month, workspace.period)
                text = _edited(path, text, [*edits])
        files[path] = text
    if not files:
        raise RantangError("RENCANA-ADOPSI-TIADA", name=scenario.name)
    build({**city.files, **files}, dict(city.settings))
    private_folder(workspace.folder / "programmes")
    with ExitStack() as all_or_none:
        for path, text in files.items():
            half = all_or_none.enter_context(whole(workspace.folder / path))
            half.write_text(text, encoding="utf-8", newline="\n")
    return tuple(workspace.folder / path for path in files)


Edit = tuple[str, str | Mapping[str, Any]]
"""A key before the first table and its text, or a table and an entry to add to it."""


def _file(city: City, code: str) -> tuple[str, str]:
    """Return the file that configures a programme: its path and text."""
    return next(
        (path, text) for path, text in city.files.items()
        if path.startswith("programmes/") and tomllib.loads(text).get("code") == code
    )  # fmt: skip


def _edits(
    change: Change, scenario: Scenario, result: Mapping[str, Any], city: City, month: str, period: str
) -> Iterator[Edit]:
    """Say what one change does to its programme's file; what is added says where it comes from."""
    source = {"source": f"scenario {scenario.name}, adopted in {period}"}
    flow = result["programmes"].get(change.code, {})
    if change.give == "henti":
        yield "until", period
        return
    if change.rule:
        yield "rule", change.rule
    programme = city.programme(change.code)
    had = programme.quota_in(month) if programme else None
    places = change.places
    if places is None and change.give == "layak" and had is not None:
        places = int(flow.get("enter", 0)) + int(flow.get("stay", 0))
    if places is not None:
        yield "places", {"from": month, "count": places, **source}
    if change.benefit is not None:
        yield "amounts", {"from": month, "rupiah": change.benefit, "per": "month", **source}
    if programme and flow.get("after"):
        yield from _budget(programme, int(month[:4]), int(flow["after"]), source)


def _budget(programme: Programme, year: int, rupiah: int, source: Mapping[str, str]) -> Iterator[Edit]:
    """Give a budget to a year that has none; one that is decided is never overwritten."""
    if programme.budget_of(year) is None:
        yield "budgets", {"year": year, "rupiah": rupiah, **source}


def _edited(path: str, text: str, edits: Sequence[Edit]) -> str:
    """Return a file's text with the edits and all else as it stands, read again to be sure of it."""
    wanted = tomllib.loads(text)
    for key, value in edits:
        if isinstance(value, str):
            text, wanted[key] = _with_line(text, key, value), value
        else:
            lines = "".join(f"{name} = {_toml(each)}\n" for name, each in value.items())
            text += f"\n[[{key}]]\n{lines}"
            wanted[key] = [*wanted.get(key, ()), value]
    if _read(text) != wanted:
        raise RantangError("RENCANA-ADOPSI-BERKAS", file=path)
    return text


def _with_line(text: str, key: str, value: str) -> str:
    """Set a key before the first table: in place of what sets it, else below the last that is set there."""
    parts, tables = _statements(text)
    line = f"{key} = {_toml(value)}\n"
    said = [tomllib.loads(part) for part in parts]
    last = max(at for at, each in enumerate(said) if each)  # at least the programme's code
    at = next((at for at, each in enumerate(said) if key in each), None)
    if at is not None:
        parts[at] = line
    else:
        parts[last] = parts[last].removesuffix("\n") + "\n"  # it may end the file
        parts.insert(last + 1, line)
    return "".join(parts) + tables


def _statements(text: str) -> tuple[list[str], str]:
    """Split a file into what stands before its first table, statement by statement, and the rest.

    Lines belong together until they can be read: a text or a list may go over several, and those may begin
    as a table does.
    """
    lines = text.splitlines(keepends=True)
    parts: list[str] = []
    open_ = ""
    for at, line in enumerate(lines):
        if not open_ and line.lstrip().startswith("["):
            return parts, "".join(lines[at:])
        open_ += line
        if _read(open_) is not None:
            parts.append(open_)
            open_ = ""
    return parts, ""


def _read(text: str) -> dict[str, Any] | None:
    """Return what a text says as TOML; None where it is none."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _toml(value: str | int) -> str:
    """Write a value. Texts as in JSON; where that would need escapes, as they stand where that can be."""
    plain = json.dumps(value, ensure_ascii=False)
    if "\\" in plain and isinstance(value, str) and "'''" not in value:
        return f"'''{value}'''"
    return plain
