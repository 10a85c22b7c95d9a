"""The workspace: a folder with a city's configuration, its agencies' lists and what is made of them."""

from __future__ import annotations

import datetime as dt
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from rantang.cities import City, build, files_of, places
from rantang.errors import RantangError
from rantang.store.lock import alive
from rantang.store.secrets import Keys, find_keys
from rantang.store.writing import private_folder, write_whole
from rantang.vocabulary.periods import is_period, last_day

_OWN: Final = frozenset({"place", "period", "synthetic"})
_PLACE_FILES: Final = ("areas.csv", "tiles.csv", "agencies.toml", "indicators.csv", "targets.csv")


@dataclass(frozen=True)
class Workspace:
    """A workspace that was opened.

    Attributes
    ----------
    folder
        Its path, absolute.
    period
        The edition's period, ``YYYY-MM``: the only clock.
    city
        The place's configuration with what `city.toml` says otherwise.
    synthetic
        `city.toml` says that every person in it is made up.
    """

    folder: Path
    period: str
    city: City
    synthetic: bool

    @property
    def lists(self) -> Path:
        """Where the agencies' lists lie."""
        return self.folder / "lists"

    @property
    def decisions(self) -> Path:
        """Where people's decisions lie."""
        return self.folder / "decisions"

    @property
    def editions(self) -> Path:
        """Where editions lie."""
        return self.folder / "editions"

    @property
    def store(self) -> Path:
        """What is Rantang's own."""
        return self.folder / "store"

    @property
    def log(self) -> Path:
        """Where logs lie."""
        return self.store / "log"

    @property
    def last_day(self) -> dt.date:
        """The last day of the period, at which ages are taken."""
        return last_day(self.period)

    @cached_property
    def keys(self) -> Keys:
        """The workspace's keys; a wrong one is refused (``KUNCI-LAIN``)."""
        keys = find_keys(synthetic=self.synthetic)
        known = self.store / "key-id"
        if known.is_file():
            if known.read_text("ascii").strip() != keys.fingerprint:
                raise RantangError("KUNCI-LAIN")
        else:
            private_folder(self.store)
            write_whole(known, keys.fingerprint + "\n")
        return keys

    def temporary(self) -> Path:
        """Make a private folder for this process; what dead processes left behind is removed."""
        folder = private_folder(self.store / "tmp")
        for entry in folder.iterdir():
            if not alive(entry.name.partition("-")[0]):
                shutil.rmtree(entry, ignore_errors=True)
        return private_folder(folder / f"{os.getpid()}-{secrets.token_hex(4)}")


def open_workspace(folder: Path, period: str | None = None) -> Workspace:
    """Open a workspace.

    Parameters
    ----------
    period
        Another period than `city.toml` says, ``YYYY-MM``.

    Raises
    ------
    RantangError
        ``RUANG-TIDAK-ADA``, ``RUANG-BUKAN``, ``RUANG-PERIODE``, and the ``TEMPAT-…`` codes of a
        configuration that cannot be read.
    """
    folder = folder.resolve()
    if not folder.is_dir():
        raise RantangError("RUANG-TIDAK-ADA", folder=folder)
    file = folder / "city.toml"
    if not file.is_file():
        raise RantangError("RUANG-BUKAN", folder=folder)
    settings = _toml(file)
    chosen = str(period or settings.get("period", ""))
    if not is_period(chosen):
        raise RantangError("RUANG-PERIODE", period=chosen or "-")
    if os.name == "posix":
        folder.chmod(0o700)
    return Workspace(folder, chosen, _city(folder, settings), settings.get("synthetic") is True)


def new_workspace(folder: Path, place: str, period: str) -> Path:
    """Start a workspace from a place that comes with the package; returns its `city.toml`.

    A packaged place is referred to by its name (the workspace then follows the package); the
    template `kosong` is copied, to be filled in.

    Raises
    ------
    RantangError
        ``RUANG-ADA``: a workspace is there; ``RUANG-BERISI``: a file of the template's is;
        ``TEMPAT-TAK-DIKENAL``; ``RUANG-PERIODE``.
    """
    if (folder / "city.toml").exists():
        raise RantangError("RUANG-ADA", folder=folder)
    if not is_period(period):
        raise RantangError("RUANG-PERIODE", period=period)
    texts = dict(files_of(place))
    own = f'place = "{place}"\nperiod = "{period}"\n'
    if place == "kosong":
        own = _with_period(texts.pop("city.toml"), period)
        if any((folder / name).exists() for name in texts):
            raise RantangError("RUANG-BERISI", folder=folder)
    private_folder(folder)
    for name in ("lists", "decisions"):
        private_folder(folder / name)
    for name, text in texts.items() if place == "kosong" else ():
        private_folder((folder / name).parent)
        write_whole(folder / name, text)
    write_whole(folder / "city.toml", own)  # the last: what has it is a workspace
    return folder / "city.toml"


def _city(folder: Path, settings: Mapping[str, Any]) -> City:
    """Read the place; a workspace with areas of its own is a place of its own.

    Programmes under `programmes/` are added to a packaged place, or replace its file of the same name.
    """
    overrides = {key: value for key, value in settings.items() if key not in _OWN}
    programmes = {
        f"programmes/{file.name}": _read(file) for file in sorted((folder / "programmes").glob("*.toml"))
    }
    if (folder / "areas.csv").is_file():
        texts = {"city.toml": _read(folder / "city.toml")}
        for name in _PLACE_FILES:
            if (folder / name).is_file():
                texts[name] = _read(folder / name)
        return build({**texts, **programmes})
    place = settings.get("place")
    if not isinstance(place, str):
        raise RantangError("TEMPAT-TAK-DIKENAL", place=place or "", known=", ".join(places()))
    return build({**files_of(place), **programmes}, overrides)


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise RantangError("TEMPAT-SINTAKS", file=path.name, why=wrong) from wrong


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_read(path))
    except tomllib.TOMLDecodeError as wrong:
        raise RantangError("TEMPAT-SINTAKS", file=path.name, why=wrong) from wrong


def _with_period(text: str, period: str) -> str:
    line = f'period = "{period}"'
    new, count = re.subn(r"(?m)^period\s*=.*$", line, text, count=1)
    if not count:
        new, count = re.subn(r"(?m)^(place\s*=.*)$", rf"\1\n{line}", text, count=1)
    return new if count else f"{line}\n{text}"
