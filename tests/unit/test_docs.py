"""Documents lead somewhere, say what is declared, and are found from their index."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from rantang.cli.app import COMMANDS
from rantang.reference import PAGES
from rantang.texts import use_language

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^(```.*?^```|    .*?$)", re.S | re.M)
COMMAND = re.compile(r"^\s*(?:\$ )?rantang (?:--lang \w+ )?([a-z]+)", re.M)


def pages() -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.splitlines()
    return [ROOT / name for name in listed] or [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]


def anchors(page: Path) -> set[str]:
    """The headings of a page, as a forge names them."""
    heads = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    broken = []
    for target in LINK.findall(FENCED.sub("", page.read_text("utf-8"))):
        if "://" in target or target.startswith("mailto:"):
            continue
        name, _, anchor = target.partition("#")
        there = (page.parent / name).resolve() if name else page
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_reference_says_what_is_declared(name: str) -> None:
    use_language("en")
    made = PAGES[name]()
    use_language("id")
    assert (DOCS / "reference" / name).read_text("utf-8") == made, (
        "run: python -m rantang.reference docs/reference"
    )


def test_every_document_is_found_from_the_index() -> None:
    index = (DOCS / "README.md").read_text("utf-8")
    found = {(DOCS / target.partition("#")[0]).resolve() for target in LINK.findall(index)}
    missing = [str(page.relative_to(DOCS)) for page in DOCS.rglob("*.md") if page.resolve() not in found]
    assert [name for name in missing if name != "README.md"] == []


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_documents_name_commands_that_there_are(page: Path) -> None:
    named = set(COMMAND.findall(page.read_text("utf-8")))
    assert named <= {*COMMANDS}, named
