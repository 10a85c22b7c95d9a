"""Which files under `lists/` an edition stands on: ``lists/AGENCY/KIND/PERIOD[-note].ext``."""

from __future__ import annotations

import datetime as dt
import os
import re
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from rantang.cities import City
from rantang.contracts import contracts

UNKNOWN_AGENCY: Final = "tidak-diketahui"
LEGAL: Final = ("agreement", "valid_until", "purpose", "categories", "bast")

_NAMED: Final = re.compile(r"(?P<period>\d{4}-(?:0[1-9]|1[0-2]))(?:[-_ ](?P<note>.+))?", re.DOTALL)
_ANYWHERE: Final = re.compile(r"(?<!\d)(\d{4}-(?:0[1-9]|1[0-2]))(?!\d)")
_REVISION: Final = re.compile(r"revisi(?:[-_ ]?(\d+))?(?:[-_ ]+|$)", re.IGNORECASE)
_PASSED_OVER: Final = frozenset({"thumbs.db", "desktop.ini", "readme.md", "readme.txt"})


@dataclass(frozen=True)
class Note:
    """A finding about a file as such, before it is read: code and what fills its message."""

    code: str
    evidence: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class ListFile:
    """A file that an agency handed in.

    Attributes
    ----------
    path, name
        Where it lies, and its path under `lists/` with forward slashes.
    agency
        Agency code, `tidak-diketahui` where its place does not say.
    kind
        Kind of list; empty where its place does not say: then its headers decide.
    period
        ``YYYY-MM``; empty where its name does not say.
    note, revision
        What follows the period in its name, and the number of the revision (0: none).
    programme
        Programme code that the note names (`penerima`), else empty.
    legal
        Agreement, valid_until, purpose, categories, bast: what lies beside it.
    sender
        Whose lists it belongs to: its agency, or where that is not known the agency that a folder above
        it is named after, else the folder it lies in, without a month. Only `superseded` asks for it.
    """

    path: Path
    name: str
    agency: str
    kind: str
    period: str
    note: str = ""
    revision: int = 0
    programme: str = ""
    legal: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    sender: str = ""

    @property
    def regular(self) -> bool:
        """Whether it is a regular file; a pipe or a device is never opened."""
        return _regular(self.path)

    @property
    def size(self) -> int:
        """Its size in bytes; 0 where that cannot be told."""
        return self.path.stat().st_size if self.regular else 0

    @property
    def series(self) -> tuple[str, str, str]:
        """What its parts and revisions have in common besides the period."""
        return (self.agency, self.kind, self.programme)


@dataclass(frozen=True)
class Unused:
    """A file that this edition does not stand on, and why: `lama`, `nanti`, `diganti`."""

    name: str
    why: str
    by: str = ""


def find_lists(folder: Path, city: City) -> tuple[ListFile, ...]:
    """Find every file under `lists/`, in the order of their names.

    Files that are no list are passed over: hidden ones, those an office program leaves beside an
    open document, and the TOML beside a list. What is no regular file is found, too; reading refuses it.
    """
    found = []
    for path in sorted(_walk(folder), key=lambda each: each.relative_to(folder).as_posix()):
        found.append(_placed(path, path.relative_to(folder).as_posix(), city, *_legal(path)))
    return tuple(found)


def delivered(entry: Mapping[str, Any], folder: Path, city: City) -> ListFile:
    """Return a file as it was when an edition was made of it, whether or not it still lies under `lists/`.

    Parameters
    ----------
    entry
        What the edition's manifest says of it: `file`, `programme`, `legal`.
    folder
        The workspace's `lists/`.
    """
    path, legal = folder / entry["file"], entry["legal"]
    notes = [] if legal else [_without_basis(path)]
    return replace(_placed(path, entry["file"], city, legal, notes), programme=entry["programme"])


def choose(files: Iterable[ListFile], period: str) -> tuple[tuple[ListFile, ...], tuple[Unused, ...]]:
    """Choose what an edition of `period` stands on.

    Per agency, kind (and programme) the latest period up to the edition's; `penerima` keeps all
    periods. Within a period a revision replaces what came before it; what remains are parts. A file whose
    place does not say its kind is used until its headers do: then `superseded` chooses again.
    """
    used, unused = [], []
    groups: dict[tuple[str, str, str], list[ListFile]] = {}
    for file in files:
        if file.period > period:
            unused.append(Unused(file.name, "nanti"))
        elif not file.kind or file.agency == UNKNOWN_AGENCY:
            used.append(file)  # its headers must be read first
        else:
            groups.setdefault(file.series, []).append(file)
    for (_, kind, _), group in groups.items():
        kept, dropped = _latest(group, every_period=kind == "penerima")
        used += kept
        unused += dropped
    by_name = {file.name: file for file in used}
    return tuple(by_name[name] for name in sorted(by_name)), tuple(sorted(unused, key=lambda u: u.name))


def superseded(files: Iterable[tuple[ListFile, str]]) -> tuple[Unused, ...]:
    """Choose again among the files of `choose`, now that the headers of each have named its kind.

    Parameters
    ----------
    files
        Each file that has usable rows, and its kind. Files without a period neither replace another
        nor are replaced, nor do those of `penerima`: every month and programme of it counts.

    Returns
    -------
    The files that a later period or a revision of the same sender and kind replaces, by name.
    """
    groups: dict[tuple[str, str], list[ListFile]] = {}
    for file, kind in files:
        if file.period and kind != "penerima":
            groups.setdefault((file.sender, kind), []).append(file)
    dropped = [each for group in groups.values() for each in _latest(group, every_period=False)[1]]
    return tuple(sorted(dropped, key=lambda each: each.name))


def _latest(group: Sequence[ListFile], *, every_period: bool) -> tuple[list[ListFile], list[Unused]]:
    last = max(file.period for file in group)
    newest = {
        period: max(file.revision for file in group if file.period == period)
        for period in {file.period for file in group}
    }
    used, unused = [], []
    for file in group:
        if not every_period and file.period < last:
            unused.append(Unused(file.name, "lama", last))
        elif file.revision < newest[file.period]:
            replaced = next(
                other.name
                for other in group
                if other.period == file.period and other.revision == newest[file.period]
            )
            unused.append(Unused(file.name, "diganti", replaced))
        else:
            used.append(file)
    return used, unused


def _walk(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for root, folders, names in os.walk(folder, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        for name in names:
            if (
                name.startswith((".", "~$"))
                or name.casefold() in _PASSED_OVER
                or name.endswith(("~", ".tmp"))
            ):
                continue
            if name.casefold().endswith(".toml"):
                continue
            yield Path(root) / name


def _placed(path: Path, name: str, city: City, legal: Mapping[str, Any], notes: list[Note]) -> ListFile:
    parts = PurePosixPath(name).parts
    named = _NAMED.fullmatch(PurePosixPath(name).stem)
    if len(parts) != 3 or parts[1].casefold() not in contracts() or named is None:
        notes.append(Note("KIRIMAN-LETAK", {"file": name}))
        period, note, revision = _said_of_period(name)
        return ListFile(
            path, name, UNKNOWN_AGENCY, "", period, note, revision,
            legal=legal, notes=tuple(notes), sender=_sender(parts[:-1], city),
        )  # fmt: skip
    agency, kind = _agency(parts[0], city), parts[1].casefold()
    if agency is None:
        notes.append(Note("KIRIMAN-INSTANSI", {"agency": parts[0]}))
        agency = parts[0].casefold()
    note, revision = _revision(named.group("note") or "")
    programme = _programme(note, city) if kind == "penerima" else ""
    period = named.group("period")
    return ListFile(
        path, name, agency, kind, period, note, revision, programme, legal, tuple(notes), sender=agency
    )


def _said_of_period(name: str) -> tuple[str, str, int]:
    """Return what a misplaced file's path says: period, note, number of the revision."""
    said = _ANYWHERE.search(name)
    if said is None:
        return "", "", 0
    rest = name[said.end() :]
    return said.group(1), *(("", 0) if "/" in rest else _revision(PurePosixPath(rest).stem.lstrip("-_ ")))


def _sender(folders: Sequence[str], city: City) -> str:
    known = next((code for folder in folders if (code := _agency(folder, city))), None)
    return known or "/" + _ANYWHERE.sub("", "/".join(folders))


def _regular(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.stat().st_mode)
    except OSError:
        return False


def _agency(folder: str, city: City) -> str | None:
    wanted = folder.casefold()
    for agency in city.agencies:
        if wanted == agency.code:
            return agency.code
    return None


def _revision(note: str) -> tuple[str, int]:
    """Split a note into what remains and the number of its revision."""
    said = _REVISION.match(note)
    if said is None:
        return note, 0
    return note[said.end() :], int(said.group(1) or 1)


def _programme(note: str, city: City) -> str:
    """Return the programme whose code the note is, or begins with (`pkh-tahap2`)."""
    wanted = note.casefold()
    for code in sorted((p.code for p in city.programmes), key=len, reverse=True):
        if wanted == code.casefold() or wanted.startswith((code.casefold() + "-", code.casefold() + "_")):
            return code
    return ""


def _legal(path: Path) -> tuple[dict[str, Any], list[Note]]:
    beside = path.with_suffix(".toml")
    if not beside.is_file():
        return {}, [_without_basis(path)]
    try:
        written = tomllib.loads(beside.read_text("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        return {}, [Note("DASAR-HUKUM-SINTAKS", {"file": beside.name, "why": str(wrong)[:120]})]
    return {key: _plain(written[key]) for key in LEGAL if key in written}, []


def _without_basis(path: Path) -> Note:
    return Note("DASAR-HUKUM", {"file": path.with_suffix(".toml").name})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else value
