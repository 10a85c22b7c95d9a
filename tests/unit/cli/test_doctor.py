"""What the doctor says of an edition that is not whole any more."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rantang.cli import failing
from rantang.cli.app import app
from rantang.texts import language, use_language

TABLES = ("persons", "families", "links")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose latest edition names three tables and has none of them."""
    monkeypatch.setenv("RANTANG_KEY_FILE", str(tmp_path / "key"))
    monkeypatch.setattr(failing._Where, "log", None)
    folder = tmp_path / "kota"
    assert CliRunner().invoke(app, ["new", str(folder), "--from", "kosong"]).exit_code == 0
    edition = folder / "editions" / "2022-11-00000000"
    edition.mkdir(parents=True)
    manifest = {"schema": 1, "period": "2022-11", "tables": {name: {"hash": "x"} for name in TABLES}}
    (edition / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    (edition.parent / "latest").write_text(edition.name, encoding="utf-8")
    return folder


def checked(folder: Path) -> tuple[int, dict[str, Any]]:
    before = language()
    try:
        done = CliRunner().invoke(app, ["doctor", str(folder), "--json"], env={"RANTANG_LANG": "en"})
    finally:
        use_language(before)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, {check["name"]: check for check in json.loads(done.stdout)["checks"]}


def test_tables_that_are_missing_are_named(workspace: Path) -> None:
    code, said = checked(workspace)
    assert code == 2
    assert said["Edition"]["well"] is False
    assert "tables are missing: persons, families, links" in said["Edition"]["said"]


def test_a_table_that_cannot_be_read_is_named(workspace: Path) -> None:
    for name in TABLES:
        (workspace / "editions" / "2022-11-00000000" / f"{name}.parquet").write_bytes(b"PAR1")
    assert "the table persons cannot be read" in checked(workspace)[1]["Edition"]["said"]


def test_its_own_faults_are_logged_in_the_workspace(workspace: Path) -> None:
    checked(workspace)
    assert failing._Where.log == workspace / "store" / "log"
