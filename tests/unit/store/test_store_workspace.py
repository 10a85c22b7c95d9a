"""The workspace: opened, begun, kept to itself."""

from __future__ import annotations

import datetime as dt
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rantang.cities import files_of
from rantang.errors import RantangError
from rantang.store import secrets
from rantang.store.lock import alone
from rantang.store.workspace import new_workspace, open_workspace


@pytest.fixture(autouse=True)
def no_key_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(secrets.ENVIRONMENT, raising=False)
    monkeypatch.setenv(secrets.ENVIRONMENT_FILE, str(tmp_path / "keys" / "key"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    new_workspace(tmp_path / "kota", "malang", "2022-11")
    return tmp_path / "kota"


def refused(code: str, do, *arguments: object) -> None:
    with pytest.raises(RantangError) as why:
        do(*arguments)
    assert why.value.code == code


def test_a_new_workspace_follows_its_place(folder: Path) -> None:
    workspace = open_workspace(folder)
    assert workspace.period == "2022-11"
    assert workspace.last_day == dt.date(2022, 11, 30)
    assert len(workspace.city.areas) == 57
    assert not workspace.synthetic


def test_the_template_is_copied_to_be_filled_in(tmp_path: Path) -> None:
    file = new_workspace(tmp_path / "baru", "kosong", "2024-02")
    assert (tmp_path / "baru" / "agencies.toml").is_file()
    workspace = open_workspace(file.parent)
    assert workspace.last_day == dt.date(2024, 2, 29)


def test_the_template_writes_over_nothing(tmp_path: Path) -> None:
    own = tmp_path / "baru" / "areas.csv"
    own.parent.mkdir()
    own.write_text("milik sendiri", "utf-8")
    refused("RUANG-BERISI", new_workspace, own.parent, "kosong", "2024-02")
    assert own.read_text("utf-8") == "milik sendiri" and [*own.parent.iterdir()] == [own]


def test_what_city_toml_says_otherwise_counts(folder: Path) -> None:
    with (folder / "city.toml").open("a", encoding="utf-8") as city:
        city.write("[retention]\ndeliveries = 3\n")
    assert open_workspace(folder).city.retention["deliveries"] == 3


def test_the_period_can_be_another(folder: Path) -> None:
    assert open_workspace(folder, "2022-06").last_day == dt.date(2022, 6, 30)


def test_a_workspace_adds_programmes_of_its_own_to_its_place(folder: Path) -> None:
    (folder / "programmes").mkdir()
    known = {programme.code for programme in open_workspace(folder).city.programmes}
    text = files_of("malang")["programmes/rantang.toml"]
    own = text.replace('code = "RANTANG"', 'code = "SUSU"')
    (folder / "programmes" / "susu.toml").write_text(own, encoding="utf-8")
    city = open_workspace(folder).city
    assert {programme.code for programme in city.programmes} == known | {"SUSU"}
    (folder / "programmes" / "rantang.toml").write_text(
        text.replace("Rantang Kasih", "Rantang Baru"), encoding="utf-8"
    )
    renamed = open_workspace(folder).city.programme("RANTANG")
    assert renamed is not None and renamed.name == "Rantang Baru"


def test_what_is_no_workspace_is_refused(tmp_path: Path, folder: Path) -> None:
    refused("RUANG-TIDAK-ADA", open_workspace, tmp_path / "none")
    refused("RUANG-BUKAN", open_workspace, tmp_path)
    refused("RUANG-PERIODE", open_workspace, folder, "2022-13")
    refused("RUANG-PERIODE", open_workspace, folder, "0000-05")
    refused("RUANG-PERIODE", new_workspace, tmp_path / "other", "malang", "November")
    refused("RUANG-ADA", new_workspace, folder, "malang", "2022-11")
    refused("TEMPAT-TAK-DIKENAL", new_workspace, tmp_path / "other", "atlantis", "2022-11")
    (folder / "city.toml").write_text("place = ", encoding="utf-8")
    refused("TEMPAT-SINTAKS", open_workspace, folder)
    (folder / "city.toml").write_bytes(b'place = "\xff"')
    refused("TEMPAT-SINTAKS", open_workspace, folder)
    (folder / "city.toml").write_text('period = "2022-11"', encoding="utf-8")
    refused("TEMPAT-TAK-DIKENAL", open_workspace, folder)


@pytest.mark.skipif(os.name != "posix", reason="this system has no access modes")
def test_a_workspace_is_its_owners_alone(folder: Path) -> None:
    folder.chmod(0o755)
    workspace = open_workspace(folder)
    temporary = workspace.temporary()
    assert [stat.S_IMODE(each.stat().st_mode) for each in (folder, temporary)] == [0o700, 0o700]


def test_a_workspace_remembers_its_key(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_workspace(folder).keys
    assert open_workspace(folder).keys == first
    monkeypatch.setenv(secrets.ENVIRONMENT, "A" * 43 + "=")
    refused("KUNCI-LAIN", lambda: open_workspace(folder).keys)


def test_what_dead_processes_left_behind_is_removed(folder: Path) -> None:
    workspace = open_workspace(folder)
    mine, dead = workspace.temporary(), workspace.store / "tmp" / "999999999-ab"
    dead.mkdir()
    (dead / "spill").write_text("x")
    other = workspace.temporary()
    assert mine.is_dir()
    assert other.is_dir()
    assert mine != other
    assert not dead.exists()


def test_one_at_a_time(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    with alone(lock), pytest.raises(RantangError, match="RUANG-TERKUNCI"), alone(lock, wait=0):
        pass
    with alone(lock, wait=0):
        assert lock.read_text("ascii") == str(os.getpid())


def test_a_dead_process_keeps_no_lock(tmp_path: Path) -> None:
    lock = tmp_path / "run.lock"
    program = (
        "import os, pathlib, sys; from rantang.store.lock import alone\n"
        "with alone(pathlib.Path(sys.argv[1])): os._exit(1)"
    )
    subprocess.run([sys.executable, "-c", program, str(lock)], check=False)
    assert lock.read_text("ascii").isdigit()
    with alone(lock, wait=0):
        assert lock.read_text("ascii") == str(os.getpid())


def test_who_waits_lets_nobody_else_in(tmp_path: Path) -> None:
    """Many take turns, each as soon as the one before lets go: nobody is ever inside with another."""
    lock, inside, met = tmp_path / ".lock", [], []

    def turns() -> None:
        for _ in range(25):
            with alone(lock):
                inside.append(1)
                met.append(len(inside))
                inside.pop()

    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(turns) for _ in range(4)]:
            done.result()
    assert set(met) == {1}
