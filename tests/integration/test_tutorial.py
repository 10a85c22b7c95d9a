"""The tutorial, followed to the letter: what it shows is what is printed, its figures nearly so."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "tutorial" / "first-edition.md"
SHELL = f'rantang() {{ "{sys.executable}" -c "from rantang.cli import main; main()" "$@"; }}\n'
WITHOUT = "## When something is wrong"
CHANGING = re.compile(r"(\d+ min )?\d+(\.\d)? s\b|-[0-9a-f]{8}\b")  # how long it took, an edition's hash
FIGURE = re.compile(r"\d[\d,]*")

pytestmark = pytest.mark.slow


def blocks() -> list[tuple[str, list[str]]]:
    """The tutorial's commands in their order, each with what is shown of its output."""
    text = PAGE.read_text("utf-8").partition(WITHOUT)[0]
    found = []
    for fenced, plain in re.findall(r"^```\n(.*?)^```$|^((?: {4}\S[^\n]*\n)+)", text, re.S | re.M):
        if fenced:
            asked, *shown = fenced.splitlines()
            found.append((asked.removeprefix("$ "), shown))
        else:
            found += [(line.strip(), []) for line in plain.splitlines()]
    return found


def words(line: str) -> str:
    """A line without its figures, its blanks made one."""
    return " ".join(FIGURE.sub("#", CHANGING.sub("#", line)).split())


def figures(line: str) -> list[int]:
    return [int(each.replace(",", "")) for each in FIGURE.findall(CHANGING.sub("", line))]


def near(shown: str, printed: str) -> bool:
    """Whether a printed line is the one that is shown: the same words, and figures that differ by little.

    Of a line shortened with `…` each part is looked for, in its order.
    """
    parts = [words(part) for part in shown.split("…")]
    if not re.fullmatch(".*".join(map(re.escape, parts)), words(printed)):
        return False
    return "…" in shown or all(
        abs(one - other) <= max(20, other // 20)
        for one, other in zip(figures(shown), figures(printed), strict=True)
    )


def test_what_the_tutorial_shows_is_what_is_printed(tmp_path: Path) -> None:
    environment = {**os.environ, "HOME": str(tmp_path / "home"), "COLUMNS": "200"}
    (tmp_path / "home").mkdir()
    asked = blocks()
    assert [line.split()[0] for line, _ in asked].count("rantang") == 5
    for line, shown in asked:
        done = subprocess.run(
            ["bash", "-c", SHELL + line],
            capture_output=True, text=True, check=False, cwd=tmp_path, env=environment,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        told = done.stdout.replace(f"{tmp_path.resolve()}{os.sep}", "")  # the tutorial shows no place of ours
        printed = iter(each for each in told.splitlines() if each.strip())
        for each in shown:
            if each.strip() not in {"", "…"}:
                assert any(near(each, own) for own in printed), f"{line}\nshown, not printed: {each}"
