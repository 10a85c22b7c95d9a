"""A command line that cannot be meant is refused in words, in the language in use."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from rantang.cli.app import app
from rantang.cli.refusing import in_our_words


def told(*arguments: str) -> str:
    """What a command of its own says on its error stream, in one line and without the box around it."""
    code = "import sys; sys.argv[0] = 'rantang'; from rantang.cli import main; main()"
    environment = {name: value for name, value in os.environ.items() if name != "RANTANG_LANG"}
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True, text=True, check=False, env={**environment, "COLUMNS": "100"},
    )  # fmt: skip
    assert done.returncode == 2
    return plain(done.stderr)


def plain(text: str) -> str:
    return " ".join(text.translate(str.maketrans("│─╭╮╰╯", "      ")).split())


@pytest.mark.parametrize("arguments", ["report kota", "worklist kota", "check daftar.csv"])
@pytest.mark.parametrize("language", ["xx", ""])
def test_a_language_that_is_not_spoken_is_refused_before_the_work(arguments: str, language: str) -> None:
    for asked in ([*arguments.split(), "--lang", language], ["--lang", language, *arguments.split()]):
        done = CliRunner().invoke(app, asked)
        assert done.exit_code == 2
        assert "'--lang'" in done.stderr and "id, en" in plain(done.stderr)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ("check", "Argumen 'FILE' belum disebut."),
        ("link a.csv b.csv", "Pilihan '--out' belum disebut."),
        ("runn", "Tidak ada perintah 'runn'. Maksud Anda 'run'?"),
        ("apa", "Tidak ada perintah 'apa'."),
        ("check a.csv --lan id", "Tidak ada pilihan --lan (yang ada: --lang)"),
        ("check a.csv --apa", "Tidak ada pilihan --apa"),
        ("check a.csv --contract", "Pilihan '--contract' memerlukan nilai."),
        ("check a.csv --json=1", "Pilihan '--json' tidak menerima nilai."),
        ("check a.csv b.csv", "Argumen berlebih: b.csv"),
        ("plan kota --year ini", "Nilai untuk '--year' tidak sah. Nilainya harus berupa bilangan bulat."),
        ("sample kota --scale besar", "Nilai untuk '--scale' tidak sah. Nilainya harus berupa angka."),
        ("sample kota --scale 0", "Nilai untuk '--scale' tidak sah. Nilainya paling sedikit 0.001."),
        ("run kota --threads 999", "Nilai untuk '--threads' tidak sah. Nilainya paling banyak 256."),
        ("report kota --lang xx", "Nilai untuk '--lang' tidak sah. Pilih salah satu: id, en."),
        (
            "--lang xx run kota",
            "Nilai untuk '--lang' (variabel lingkungan: 'RANTANG_LANG') tidak sah. Pilih salah satu: id, en.",
        ),
    ],
)
def test_what_is_wrong_is_said_in_indonesian(arguments: str, words: str) -> None:
    """What the installed Typer says is recognised, each kind of it."""
    with pytest.raises(typer.BadParameter.__base__) as refused:  # UsageError, wherever it lives
        typer.main.get_command(app).main(arguments.split(), standalone_mode=False)
    assert in_our_words(refused.value.format_message()) == words


def test_what_nobody_foresaw_is_shown_as_it_is() -> None:
    assert in_our_words("Something else.") == "Something else."


def test_nothing_around_it_is_english() -> None:
    assert told("chek") == (
        "Pemakaian: rantang [PILIHAN] PERINTAH [ARGUMEN]... Petunjuk: rantang -h "
        "Galat Tidak ada perintah 'chek'. Maksud Anda 'check'?"
    )


def test_in_english_it_is_told_as_ever() -> None:
    assert told("--lang", "en", "chek") == (
        "Usage: rantang [OPTIONS] COMMAND [ARGS]... Try 'rantang -h' for help. "
        "Error No such command 'chek'. Did you mean 'check'?"
    )
