"""`rantang doctor`: is this machine, and this workspace, in order?"""

from __future__ import annotations

import os
import platform
import shutil
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pyarrow as pa
import pyarrow.parquet as pq
import typer

from rantang import __version__
from rantang.cli.failing import log_into
from rantang.cli.say import console, number, say_json
from rantang.engine import EngineSettings, open_engine
from rantang.engine.content import content_hash
from rantang.errors import RantangError
from rantang.store.decisions import head, read_chain
from rantang.store.editions import Edition, latest_edition
from rantang.store.lists import choose, find_lists
from rantang.store.secrets import ENVIRONMENT, find_keys, key_path, reveal
from rantang.store.synthetic import real_numbers
from rantang.store.workspace import Workspace, open_workspace
from rantang.tables.declare import Table
from rantang.tables.edition import EDITION
from rantang.texts import _

_GIB = 2**30
_ROOM = 5
_NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "sshfs", "fuse.sshfs", "9p", "afs"})


@dataclass(frozen=True)
class Check:
    """One thing that was looked at; `well` is None where there is nothing to judge."""

    name: str
    well: bool | None
    said: str


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(
    folder: Annotated[Path | None, typer.Argument(metavar="[DIR]", help="A workspace.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Look at the machine and a workspace: key, disk, decisions, the latest edition, synthetic or not.

    Example: `rantang doctor kota/`
    """
    checks = list(_machine())
    if folder is None:
        checks.append(_asked(_("Key"), lambda: _key(synthetic=False)))
    else:
        workspace = open_workspace(folder)
        log_into(workspace.log)
        checks += _workspace(workspace)
    if as_json:
        say_json({"checks": [{"name": c.name, "well": c.well, "said": c.said} for c in checks]})
    else:
        width = max(len(check.name) for check in checks)
        for check in checks:
            sign = {True: "[green]✓[/]", False: "[red]✗[/]", None: "·"}[check.well]
            console.print(f"{sign} {check.name:<{width}}  ", end="")
            console.print(check.said, markup=False)
    if any(check.well is False for check in checks):
        raise typer.Exit(2)


def _machine() -> Iterator[Check]:
    yield Check("Rantang", None, f"{__version__}, Python {platform.python_version()}, {platform.system()}")
    yield Check(_("Processors"), None, number(os.cpu_count()))
    yield _asked(_("Engine"), _engine)


def _engine() -> tuple[bool | None, str]:
    import tempfile  # noqa: PLC0415

    with (
        tempfile.TemporaryDirectory(prefix="rantang-") as folder,
        open_engine("duckdb", EngineSettings(Path(folder) / "spill")) as engine,
    ):
        return True, engine.version


def _workspace(workspace: Workspace) -> list[Check]:
    edition = latest_edition(workspace.editions)
    return [
        Check(_("Place"), None, f"{workspace.city.name}, {workspace.period}"),
        _asked(_("Key"), lambda: _key_of(workspace)),
        _asked(_("Folder"), lambda: _private(workspace.folder)),
        _asked(_("Disk"), lambda: _disk(workspace.folder)),
        _asked(_("Lists"), lambda: _lists(workspace)),
        _asked(_("Decisions"), lambda: _decisions(workspace)),
        _asked(_("Edition"), lambda: _edition(workspace, edition)),
        _asked(_("People"), lambda: _people(workspace, edition)),
    ]


def _asked(name: str, ask: Callable[[], tuple[bool | None, str]]) -> Check:
    try:
        return Check(name, *ask())
    except RantangError as refusal:
        return Check(name, False, str(refusal))


def _key(*, synthetic: bool) -> tuple[bool | None, str]:
    if synthetic:
        return True, _("the published one of synthetic cities")
    if os.environ.get(ENVIRONMENT):
        return True, f"{ENVIRONMENT}, {find_keys(synthetic=False).fingerprint}"
    path = key_path()
    if not path.is_file():
        return None, _("none yet; the first run makes one at {path}: keep a copy in a safe place", path=path)
    return True, f"{path}, {find_keys(synthetic=False).fingerprint}"


def _key_of(workspace: Workspace) -> tuple[bool | None, str]:
    if (workspace.store / "key-id").is_file():
        return True, f"{_key(synthetic=workspace.synthetic)[1]}, {workspace.keys.fingerprint}"
    return _key(synthetic=workspace.synthetic)


def _private(folder: Path) -> tuple[bool | None, str]:
    if os.name != "posix":
        return None, _("access rights cannot be read on this system")
    mode = stat.S_IMODE(folder.stat().st_mode)
    return not mode & 0o077, f"{folder}, {mode:04o}"


def _disk(folder: Path) -> tuple[bool | None, str]:
    free = shutil.disk_usage(folder).free / _GIB
    kind = _file_system(folder)
    if kind in _NETWORK:
        return False, _("{kind}: a network file system; use a local disk", kind=kind)
    return free >= _ROOM, _("{free} GiB free", free=number(free, 1))


def _file_system(folder: Path) -> str:
    """Return the kind of file system, where the system tells it (Linux)."""
    try:
        lines = Path("/proc/mounts").read_text("utf-8").splitlines()
    except OSError:
        return ""
    mounts = [(parts[1], parts[2]) for parts in (line.split() for line in lines) if len(parts) > 2]
    held = [(point, kind) for point, kind in mounts if folder.is_relative_to(point)]
    return max(held, key=lambda mount: len(mount[0]), default=("", ""))[1]


def _lists(workspace: Workspace) -> tuple[bool | None, str]:
    used, unused = choose(find_lists(workspace.lists, workspace.city), workspace.period)
    said = _("{used} files are used, {unused} are not", used=number(len(used)), unused=number(len(unused)))
    return bool(used), said


def _decisions(workspace: Workspace) -> tuple[bool | None, str]:
    count, last = head(read_chain(workspace.decisions))
    return True, _("{count}; the chain holds, its end is {hash}", count=number(count), hash=last[:16])


def _edition(workspace: Workspace, edition: Edition | None) -> tuple[bool | None, str]:
    """Verify that every table is there that the manifest names, and its content hash."""
    if edition is None:
        return None, _("none yet")
    missing = _missing(edition)
    if missing:
        return False, _(
            "{edition}: tables are missing: {tables}; put them back from a copy, or delete the folder and run"
            " again",
            edition=edition.name,
            tables=", ".join(missing),
        )
    for table in _written(edition):
        try:
            rows = _rows(workspace, edition, table)
        except (pa.ArrowException, OSError):
            return False, _(
                "{edition}: the table {table} cannot be read", edition=edition.name, table=table.name
            )
        if content_hash(rows, table) != edition.hash_of(table.name):
            return False, _(
                "{edition}: the table {table} was changed", edition=edition.name, table=table.name
            )
    return True, _("{edition}: every table is as it was written", edition=edition.name)


def _written(edition: Edition) -> list[Table]:
    """Return the tables that the edition was published with."""
    return [table for table in EDITION if table.name in edition.manifest.get("tables", {})]


def _missing(edition: Edition) -> list[str]:
    return [table.name for table in _written(edition) if not edition.has(table.name)]


def _rows(workspace: Workspace, edition: Edition, table: Table) -> pa.Table:
    return reveal(pq.read_table(edition.path(table.name)), table, workspace.keys)


def _people(workspace: Workspace, edition: Edition | None) -> tuple[bool | None, str]:
    if edition is None:
        return None, _("made up, it says") if workspace.synthetic else _("real")
    try:
        count = sum(_real(workspace, edition, table) for table in EDITION[:2])
    except (pa.ArrowException, OSError):
        return None, _("cannot be told: the edition is not whole")
    if not workspace.synthetic:
        return True, _("real") if count else _("made up, all of them; city.toml does not say so")
    return count == 0, _("made up, all of them") if not count else _(
        "{count} numbers could be real", count=number(count)
    )


def _real(workspace: Workspace, edition: Edition, table: Table) -> int:
    rows = _rows(workspace, edition, table)
    return sum(real_numbers(rows.column(name)) for name in table.secrets)


__all__ = ["doctor", "register"]
