"""A command line that cannot be meant is refused in words, in the language in use."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from rantang.cli.app import app


@pytest.mark.parametrize("arguments", ["report kota", "worklist kota", "check daftar.csv"])
@pytest.mark.parametrize("language", ["xx", ""])
def test_a_language_that_is_not_spoken_is_refused_before_the_work(arguments: str, language: str) -> None:
    for asked in ([*arguments.split(), "--lang", language], ["--lang", language, *arguments.split()]):
        done = CliRunner().invoke(app, asked)
        said = " ".join(done.stderr.replace("│", " ").split())
        assert done.exit_code == 2
        assert "'--lang'" in said and "id, en" in said
