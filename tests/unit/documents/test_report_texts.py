"""Every text of the documents has an Indonesian form, and none is kept that nobody says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from babel.messages.pofile import read_po
from spoken import texts

import rantang
from rantang.contracts import contracts
from rantang.documents import labels
from rantang.texts import use_language

SOURCE = Path(rantang.__file__).parent


def test_every_text_is_translated_with_the_same_blanks():
    told: dict[str, str] = {}
    for room in sorted((SOURCE / "locale" / "id").glob("*.po")):
        with room.open("rb") as stream:
            told |= {str(entry.id): str(entry.string) for entry in read_po(stream) if entry.id}
    said = texts(SOURCE / "documents")
    catalogue = tomllib.loads((SOURCE / "catalogue" / "documents.toml").read_text("utf-8"))
    said |= {entry[field] for entry in catalogue.values() for field in ("message", "mend")}
    assert said <= set(told), sorted(said - set(told))
    for english, indonesian in told.items():
        assert indonesian
        blanks = [sorted(re.findall(r"\{\w+\}", text)) for text in (english, indonesian)]
        assert blanks[0] == blanks[1], english


def test_a_kind_of_list_without_a_label_of_its_own_is_named_by_its_contract(monkeypatch):
    use_language("en")
    monkeypatch.setattr(labels, "_KINDS", {})
    assert labels.kind("rumah") == contracts()["rumah"].title
    assert labels.kind("gone") == "gone"
    use_language("id")
