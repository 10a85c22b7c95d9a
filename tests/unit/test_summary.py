"""What `rantang run` says first, and that `--help` speaks the user's language."""

from __future__ import annotations

import subprocess
import sys

import pytest

from rantang.cli.helping import language_asked
from rantang.cli.summary import _from, _stake
from rantang.texts import use_language


def entry(code: str, severity: str, subject: str, count: int) -> dict[str, object]:
    return {"code": code, "severity": severity, "subject": subject, "count": count}


def test_what_hangs_on_a_finding_comes_before_how_many_there_are():
    found = [
        entry("BARIS-KOSONG", "galat", "row", 8),
        entry("NIK-KOSONG", "peringatan", "row", 5328),
        entry("TAK-DI-PENDUDUK", "peringatan", "person", 1551),
        entry("KELUARGA-TERLEWAT", "peringatan", "family", 2261),
        entry("DASAR-HUKUM", "info", "file", 9000),
        entry("BERKAS-SANDI", "galat", "file", 1),
    ]
    assert [each["code"] for each in sorted(found, key=_stake)] == [
        "BERKAS-SANDI", "KELUARGA-TERLEWAT", "TAK-DI-PENDUDUK", "BARIS-KOSONG", "NIK-KOSONG", "DASAR-HUKUM",
    ]  # fmt: skip


def test_one_is_not_many():
    use_language("en")
    said = [_from(1), _from(2)]
    use_language("id")
    assert said == ["files from one agency", "files from 2 agencies"]


@pytest.mark.parametrize(
    ("arguments", "language"),
    [([], "id"), (["--lang", "en", "run"], "en"), (["--lang=en"], "en"), (["report", "--lang", "en"], "id")],
)
def test_the_language_asked_before_the_command_counts(
    arguments: list[str], language: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.delenv("RANTANG_LANG", raising=False)
    assert language_asked(arguments) == language


@pytest.mark.slow
@pytest.mark.parametrize(("language", "word"), [("id", "Contoh:"), ("en", "Example:")])
def test_help_has_an_example_in_the_language_of_the_user(language: str, word: str):
    command = [sys.executable, "-c", "from rantang.cli.app import main; main()", "--lang", language]
    told = subprocess.run([*command, "screen", "-h"], capture_output=True, text=True, check=True).stdout
    assert f"{word} rantang screen" in told and "-h" in told
