"""The sample's headers and codes are known to the contracts: a run on it needs nobody's mapping."""

from __future__ import annotations

import pytest

from rantang.contracts import codes, contracts, fold, fold_answer, fold_short
from rantang.sample.layout import layouts
from rantang.sample.welfare import SCHOOLING
from rantang.sample.welfare_lists import MARITAL, SIKSNG

#: Columns that tell of the list or the work, not of the person: a contract may leave them aside.
ASIDE = {"no", "blank", "nisn", "grade", "trade", "work"}


def known(kind: str) -> set[str]:
    return {fold(alias) for field in contracts()[kind].fields.values() for alias in field.aliases}


@pytest.mark.parametrize("name", sorted(layouts()))
def test_headers_of_every_layout_are_known(name):
    layout = layouts()[name]
    aliases = known(layout.kind)
    strange = [
        header
        for header, key in layout.columns
        if key not in ASIDE and not {fold(header), fold_short(header)} & aliases
    ]
    assert strange == []


def test_headers_of_siks_ng_are_known():
    assert [name for name in SIKSNG if fold(name) not in known("dtks")] == []


@pytest.mark.parametrize(("list_name", "words"), [("education", SCHOOLING), ("marital", MARITAL)])
def test_words_of_siak_have_a_code(list_name, words):
    meant = {fold_answer(word) for answers in codes()[list_name].values() for word in answers}
    assert [word for word in words if fold_answer(word) not in meant] == []
