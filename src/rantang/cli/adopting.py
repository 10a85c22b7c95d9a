"""Taking a scenario into the workspace's configuration: one file a programme, the old figures kept."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rantang.cities import City, Programme, build
from rantang.errors import RantangError
from rantang.planning.scenario import Change, Scenario
from rantang.store.workspace import Workspace
from rantang.store.writing import private_folder
from rantang.vocabulary.periods import shifted


def adopt(workspace: Workspace, scenario: Scenario, result: Mapping[str, Any]) -> tuple[Path, ...]:
    """Write what a scenario changes of programmes under `DIR/programmes/`; returns the files.

    Places, amounts and budgets get a new dated entry beside the old ones; a rule or an end takes the place of
    the old line. The files are read once as the next run will, before any is written.

    Raises
    ------
    RantangError
        `RENCANA-ADOPSI-TIADA`: nothing in the scenario is a programme's configuration.
    """
    city, month = workspace.city, shifted(workspace.period, 1)
    changed = dict.fromkeys(change.code for change in scenario.programmes)
    files = {}
    for code in changed:
        path, text = _file(city, code)
        for change in scenario.programmes:
            if change.code == code:
                text = _changed(text, change, scenario, result, city, month, workspace.period)
        files[path] = text
    if not files:
        raise RantangError("RENCANA-ADOPSI-TIADA", name=scenario.name)
    build({**city.files, **files}, dict(city.settings))
    private_folder(workspace.folder / "programmes")
    written = []
    for path, text in files.items():
        (workspace.folder / path).write_text(text, encoding="utf-8", newline="\n")
        written.append(workspace.folder / path)
    return tuple(written)


def _file(city: City, code: str) -> tuple[str, str]:
    found = [
        (path, text) for path, text in city.files.items()
        if path.startswith("programmes/") and re.search(rf'(?m)^code\s*=\s*"{re.escape(code)}"', text)
    ]  # fmt: skip
    return found[0]


def _changed(
    text: str,
    change: Change,
    scenario: Scenario,
    result: Mapping[str, Any],
    city: City,
    month: str,
    period: str,
) -> str:
    """Return a programme's file with one change; what is added says where it comes from."""
    source = f'source = "scenario {scenario.name}, adopted in {period}"'
    flow = result["programmes"].get(change.code, {})
    if change.give == "henti":
        return _line(text, "until", f'"{period}"')
    if change.rule:
        text = _line(text, "rule", "'''" + change.rule + "'''")
    programme = city.programme(change.code)
    had = programme.quota_in(month) if programme else None
    places = change.places
    if places is None and change.give == "layak" and had is not None:
        places = int(flow.get("enter", 0)) + int(flow.get("stay", 0))
    if places is not None:
        text += f'\n[[places]]\nfrom = "{month}"\ncount = {places}\n{source}\n'
    if change.benefit is not None:
        text += f'\n[[amounts]]\nfrom = "{month}"\nrupiah = {change.benefit}\nper = "month"\n{source}\n'
    if programme and flow.get("after"):
        text += _budget(programme, int(month[:4]), int(flow["after"]), source)
    return text


def _budget(programme: Programme, year: int, rupiah: int, source: str) -> str:
    """Return a budget for a year that has none; one that is decided is never overwritten."""
    if programme.budget_of(year) is not None:
        return ""
    return f"\n[[budgets]]\nyear = {year}\nrupiah = {rupiah}\n{source}\n"


def _line(text: str, key: str, value: str) -> str:
    """Set a key before the first table, in place of its line where there is one."""
    head, found, rest = text.partition("\n[[")
    new, count = re.subn(rf"(?m)^{key}\s*=.*$", lambda _match: f"{key} = {value}", head, count=1)
    return (new if count else f"{head.rstrip()}\n{key} = {value}\n") + found + rest
