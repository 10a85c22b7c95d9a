"""The rules of the house that no tool checks by itself."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "rantang"
NUMBER = re.compile(r"(?<!\d)(\d{16})(?!\d)")


def tracked() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        return [path for path in ROOT.rglob("*") if path.is_file() and ".venv" not in path.parts]
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def texts() -> list[tuple[Path, str]]:
    found = []
    for path in tracked():
        if path.suffix in {".py", ".md", ".toml", ".csv", ".txt", ".json", ".html", ".po", ".cff", ".in", ""}:
            try:
                found.append((path, path.read_text("utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def could_exist(number: str) -> bool:
    """A NIK or KK that a living person could have: right dates, serial, and not the sample's."""
    day, month = int(number[6:8]), int(number[8:10])
    day = day - 40 if day > 40 else day
    return (
        11 <= int(number[:2]) <= 96
        and number[2:4] != "00"
        and number[4:6] != "00"
        and 1 <= day <= 31
        and 1 <= month <= 12
        and number[12:] != "0000"
        and number[12] != "9"
        and len(set(number)) > 2
    )


def test_no_number_in_the_repository_could_be_a_living_persons() -> None:
    hashes = {"requirements"}
    found = [
        f"{path.relative_to(ROOT)}: {number}"
        for path, text in texts()
        if not hashes & set(path.relative_to(ROOT).parts)
        for number in NUMBER.findall(text)
        if could_exist(number)
    ]
    assert found == []


def test_only_cities_and_the_sample_know_malang() -> None:
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*")
        if path.suffix in {".py", ".toml", ".html", ".j2", ".po"}
        and path.relative_to(SOURCE).parts[0] not in {"cities", "sample"}
        and "malang" in path.read_text("utf-8").lower()
    ]
    assert found == []


@pytest.mark.parametrize("engine", ["duckdb", "pyspark"])
def test_only_the_engine_knows_engines(engine: str) -> None:
    importing = re.compile(rf"^\s*(import|from) {engine}\b", re.M)
    found = [
        str(path.relative_to(SOURCE))
        for path in SOURCE.rglob("*.py")
        if path.relative_to(SOURCE).parts[0] != "engine" and importing.search(path.read_text("utf-8"))
    ]
    assert found == []


def test_files_can_be_read_in_a_sitting() -> None:
    long = [
        f"{path.relative_to(ROOT)}: {count} lines"
        for path in SOURCE.rglob("*.py")
        if (count := path.read_text("utf-8").count("\n")) > 500
    ]
    assert long == []


def test_lock_files_name_no_host() -> None:
    for path in (ROOT / "requirements").glob("*.txt"):
        assert "://" not in path.read_text("utf-8"), path


def test_the_work_is_finished_where_it_stands() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|NotImplementedError)\b")
    found = [
        str(path.relative_to(ROOT)) for path in SOURCE.rglob("*.py") if marks.search(path.read_text("utf-8"))
    ]
    assert found == []
