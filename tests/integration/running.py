"""Running commands inside this process, on a tiny sample city."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from rantang.cli.app import app

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
    result = CliRunner().invoke(app, [str(each) for each in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run(folder: Path, *options: object) -> Ran:
    result = command("run", folder, "--json", *options)
    assert result.exit_code == 0, result.output
    return Ran(folder, json.loads(result.stdout))
