"""Contracts: one file per kind, checked when they are read."""

from __future__ import annotations

import pytest

from rantang.contracts import _contract, _field, codes, columns, contracts, fold, fold_answer, fold_short
from rantang.tables.intake import BASE

# The kinds that a city's work needs; a further one is a further file, and is tested as these are.
NEEDED = {
    "penduduk", "padan", "dtks", "p3ke", "dtsen", "penerima", "pengecualian", "kesehatan", "pendidikan",
    "tenaga_kerja", "rumah", "survei",
}  # fmt: skip
KINDS = sorted(contracts())


def test_the_kinds_of_lists() -> None:
    assert set(KINDS) >= NEEDED


@pytest.mark.parametrize("kind", KINDS)
def test_typed_columns_are_base_then_the_kinds_own_each_once(kind: str) -> None:
    names = [column.name for column in columns(kind)]
    assert names[: len(BASE)] == [column.name for column in BASE]
    assert len(set(names)) == len(names)
    assert all(column.meaning for column in columns(kind))


@pytest.mark.parametrize("kind", KINDS)
def test_no_alias_of_a_kind_means_two_of_its_own_fields(kind: str) -> None:
    owner: dict[str, str] = {}
    for each in contracts()[kind].fields.values():
        if each.person:
            continue
        for alias in each.aliases:
            assert owner.setdefault(fold(alias), each.name) == each.name, alias


def test_numbers_of_people_are_secret_in_every_kind() -> None:
    for contract in contracts().values():
        for name in ("nik", "kk", "phone"):
            assert contract.fields[name].secret
    assert contracts()["kesehatan"].fields["nomor_jkn"].secret


def test_answers_are_folded_as_the_lists_hold_them() -> None:
    for name, answers in codes().items():
        words = [word for folded in answers.values() for word in folded]
        assert len(set(words)) == len(words), name


def test_headers_are_compared_without_what_does_not_matter() -> None:
    assert fold("4. No. KK (12)") == fold("NO_KK") == "nokk"
    assert fold_short("Nama (sesuai KTP)") == "nama"
    assert fold_answer("Cerai-Hidup ") == "CERAI HIDUP"


def test_mistakes_in_a_contract_name_the_file_and_the_field() -> None:
    with pytest.raises(ValueError, match=r"x\.toml: field a has the unknown type 'teks'"):
        _field("a", {"type": "teks", "meaning": "", "aliases": []}, "x.toml")
    with pytest.raises(ValueError, match=r"x\.toml: field a names the unknown code list 'y'"):
        _field("a", {"type": "code", "codes": "y", "meaning": "", "aliases": []}, "x.toml")
    with pytest.raises(FileNotFoundError):
        _contract("tidak-ada", {})
