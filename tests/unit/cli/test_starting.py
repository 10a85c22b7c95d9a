"""A command starts quickly: who asks for one does not wait for what the others import."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from inspect import cleandoc
from pathlib import Path

import pytest
import typer

from rantang.cli.app import COMMANDS, app, command

ENDED = """
import json, sys
from rantang.cli import main
sys.argv = ["rantang", *{arguments}]
try:
    main()
except SystemExit as end:
    code = end.code
print(json.dumps([code or 0, sorted(sys.modules)]))
"""


def imported(code: str) -> set[str]:
    """The modules that are there at the end of a program of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ended, modules = json.loads(done.stdout.splitlines()[-1])
    assert ended == 0, done.stdout
    return set(modules)


def after(*arguments: object) -> set[str]:
    """The modules that are there after a command."""
    return imported(ENDED.format(arguments=[str(each) for each in arguments]))


def told(*arguments: str) -> subprocess.CompletedProcess[str]:
    code = "from rantang.cli import main; main()"
    environment = {**os.environ, "COLUMNS": "100"}
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=False, env=environment
    )


def of_commands(modules: set[str]) -> set[str]:
    return {name for name in COMMANDS if f"rantang.cli.{name}" in modules}


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["--lang", "en", "-h"]])
def test_to_list_the_commands_none_is_imported(arguments: list[str]) -> None:
    modules = after(*arguments)
    assert of_commands(modules) == set()
    assert modules.isdisjoint({"ibis", "numpy", "polars", "pyarrow"})


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_is_listed_with_its_own_help(name: str) -> None:
    asked, listed = command(name), typer.main.get_command(app).commands[name]  # type: ignore[attr-defined]
    assert asked.name == listed.name == name
    assert cleandoc(asked.help) == cleandoc(listed.help)


def test_commands_are_listed_in_the_order_of_a_citys_work() -> None:
    assert tuple(typer.main.get_command(app).commands) == COMMANDS  # type: ignore[attr-defined]
    lines = [line.split() for line in told("--lang", "en", "--help").stdout.splitlines()]
    assert [words[1] for words in lines if len(words) > 2 and words[1] in COMMANDS] == [*COMMANDS]


def test_a_command_there_is_none_of_is_refused_with_the_likest() -> None:
    done = told("chek")
    assert done.returncode == 2
    assert "'chek'" in done.stderr and "'check'" in done.stderr


@pytest.mark.slow
def test_a_shell_completes_commands_and_their_options() -> None:
    def completed(words: str) -> str:
        asked = {"_RANTANG_COMPLETE": "complete_bash", "COMP_WORDS": words}
        code = "import sys; sys.argv[0] = 'rantang'; from rantang.cli import main; main()"
        asked["COMP_CWORD"] = str(len(words.split()) - 1)
        return subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, **asked},
        ).stdout

    assert completed("rantang ch").split() == ["check"]
    assert completed("rantang check --ann").split() == ["--annotate"]


@pytest.mark.slow
def test_check_imports_nothing_of_linking_measuring_and_drawing(tmp_path: Path) -> None:
    (tmp_path / "daftar.csv").write_text("NIK,Nama\n,Siti\n", "utf-8")
    modules = after("check", tmp_path / "daftar.csv", "--json")
    assert "duckdb" in modules, "the list was not read"
    assert modules.isdisjoint({"altair", "scipy", "sklearn", "statsmodels", "jinja2", "xlsxwriter"})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["check", "link", "dedupe", "decide", "diff", "doctor", "sample", "new"])
def test_what_neither_measures_nor_draws_starts_without_what_does(name: str) -> None:
    modules = after(name, "--help")
    assert of_commands(modules) == {name}
    assert modules.isdisjoint({"altair", "jinja2", "scipy", "rantang.pipeline"})


@pytest.mark.slow
@pytest.mark.parametrize("name", ["run", "report", "screen", "worklist", "project", "measure"])
def test_charts_and_the_whole_of_statistics_wait_until_they_are_needed(name: str) -> None:
    assert after(name, "--help").isdisjoint({"altair", "scipy.stats", "sklearn", "statsmodels"})


def test_a_reading_child_imports_what_reads_files_and_no_more() -> None:
    code = "import json, sys, rantang.store.reading_child; print(json.dumps([0, sorted(sys.modules)]))"
    modules = imported(code)
    assert "polars" in modules
    assert modules.isdisjoint({"duckdb", "ibis", "numpy", "pyarrow", "sqlglot", "typer"})
