"""Every message for users is translated, and every translation is used."""

from __future__ import annotations

import ast
import string
from functools import cache
from importlib import resources
from pathlib import Path

import pytest
import typer
from babel.messages.pofile import read_po

from rantang.catalogue import describe, entries
from rantang.cli.app import COMMANDS, app, command
from rantang.cli.helping import messages
from rantang.texts import use_language
from rantang.welfare.declared import facts

SOURCE = Path(str(resources.files("rantang")))


def messages_in_code() -> set[str]:
    """What is passed to `_` or `mark` as a literal."""
    found: set[str] = set()
    for file in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"_", "mark"} and node.args:
                text = node.args[0]
                if isinstance(text, ast.Constant) and isinstance(text.value, str):
                    found.add(text.value)
    return found


def messages_in_templates() -> set[str]:
    """What templates translate with `_("…")`."""
    import jinja2

    found: set[str] = set()
    for file in SOURCE.rglob("*.html*"):
        environment = jinja2.Environment(autoescape=True)
        for node in environment.parse(file.read_text("utf-8")).find_all(jinja2.nodes.Call):
            if isinstance(node.node, jinja2.nodes.Name) and node.node.name == "_" and node.args:
                text = node.args[0]
                if isinstance(text, jinja2.nodes.Const):
                    found.add(text.value)
    return found


def messages_in_data() -> set[str]:
    """What the catalogue of codes and other declared data say to users."""
    found: set[str] = set()
    for entry in entries().values():
        found |= {entry.message, entry.mend, entry.general} - {""}
    for fact in facts():
        found |= {fact.words, *(level.words for level in fact.levels)}
    return found


def messages_in_help() -> set[str]:
    """What `--help` says: docstrings of commands, texts of their options."""
    return messages(typer.main.get_command(app)).union(*(messages(command(name)) for name in COMMANDS))


@cache
def translations() -> dict[str, str]:
    found: dict[str, str] = {}
    for file in sorted((SOURCE / "locale" / "id").glob("*.po")):
        with file.open("rb") as stream:
            for message in read_po(stream):
                if message.id:
                    found[str(message.id)] = str(message.string or "")
    return found


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_every_message_has_an_indonesian_text() -> None:
    known = translations()
    wanted = messages_in_code() | messages_in_templates() | messages_in_data() | messages_in_help()
    assert sorted(text for text in wanted if not known.get(text)) == []


def test_every_indonesian_text_is_used() -> None:
    used = messages_in_code() | messages_in_templates() | messages_in_data() | messages_in_help()
    used |= declared_elsewhere()
    assert sorted(text for text in translations() if text not in used) == []


def declared_elsewhere() -> set[str]:
    """Messages that stand in data files of the package (titles of contracts, labels …)."""
    texts = set(translations())
    found: set[str] = set()
    for file in SOURCE.rglob("*.toml"):
        content = file.read_text("utf-8")
        found |= {text for text in texts if text in content}
    return found


@pytest.mark.parametrize("text", sorted(translations()))
def test_a_translation_keeps_the_placeholders(text: str) -> None:
    assert placeholders(translations()[text]) <= placeholders(text)


def test_every_finding_can_be_told_of_many_at_once() -> None:
    findings = [each for each in entries().values() if each.severity != "henti"]
    unsaid = [each.code for each in findings if placeholders(each.message) and not each.general]
    assert unsaid == []
    assert [each.code for each in findings if placeholders(each.general)] == []


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_finding_told_without_values_has_no_gap_and_begins_like_a_sentence(language: str) -> None:
    use_language(language)
    told = {code: describe(code).message for code, each in entries().items() if each.severity != "henti"}
    use_language("id")
    assert [code for code, text in told.items() if "…" in text or "“”" in text] == []
    assert [code for code, text in told.items() if not (text[0].isupper() or text[0] in "“")] == []


def test_a_finding_told_with_its_values_says_them() -> None:
    assert "“Hobi”" in describe("KOLOM-GANDA", {"column": "Hobi"}).message
    assert "“" not in describe("KOLOM-GANDA", {"sheet": "Data"}).message


def test_no_text_is_translated_in_two_ways() -> None:
    """The catalogues are read as one: of two forms the file that is read last would win."""
    said: dict[str, set[str]] = {}
    for file in (SOURCE / "locale" / "id").glob("*.po"):
        with file.open("rb") as stream:
            for message in read_po(stream):
                if message.id:
                    said.setdefault(str(message.id), set()).add(str(message.string))
    assert {text: sorted(forms) for text, forms in said.items() if len(forms) > 1} == {}
