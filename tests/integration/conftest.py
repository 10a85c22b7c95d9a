"""A tiny sample city and what running it gives, made once for all tests that look at it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from rantang.cli import app as application
from rantang.sample import generate

SCALE = 0.006
SEED = 5


@dataclass(frozen=True)
class Ran:
    """A run that ended: what it printed as JSON, and the edition's manifest."""

    folder: Path
    said: dict[str, Any]

    @property
    def edition(self) -> Path:
        return Path(self.said["folder"])

    @property
    def manifest(self) -> dict[str, Any]:
        return json.loads((self.edition / "manifest.json").read_text("utf-8"))

    @property
    def hashes(self) -> dict[str, str]:
        return {name: table["hash"] for name, table in self.manifest["tables"].items()}


def command(*arguments: object) -> Any:
    """Run a command inside this process; a refusal is raised as it is."""
    application.with_commands()
    result = CliRunner().invoke(application.app, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(folder: Path, *options: object) -> Ran:
    result = command("run", folder, "--json", *options)
    assert result.exit_code == 0, result.output
    return Ran(folder, json.loads(result.stdout))


@pytest.fixture(scope="session")
def lists(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample's files, never run on: copy it."""
    folder = tmp_path_factory.mktemp("sample") / "kota"
    generate(folder, scale=SCALE, seed=SEED)
    return folder


@pytest.fixture(scope="session")
def ran(lists: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """A first run. Look at it only."""
    folder = tmp_path_factory.mktemp("ran") / "kota"
    shutil.copytree(lists, folder)
    return run(folder)


@pytest.fixture
def copied(lists: Path, tmp_path: Path) -> Callable[[], Path]:
    def copy() -> Path:
        folder = tmp_path / "kota"
        shutil.copytree(lists, folder)
        return folder

    return copy
