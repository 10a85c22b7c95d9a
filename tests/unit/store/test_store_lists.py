"""Which files an edition stands on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from rantang.cities import load, places
from rantang.store.lists import UNKNOWN_AGENCY, ListFile, choose, find_lists, superseded

CITY = load(next(place for place in places() if place != "kosong"))
CODES = sorted(programme.code for programme in CITY.programmes)


def found(folder: Path, *names: str) -> tuple[ListFile, ...]:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("NIK;NAMA\n", encoding="utf-8")
    return find_lists(folder, CITY)


def used(folder: Path, *names: str, period: str = "2022-11") -> list[str]:
    return [file.name for file in choose(found(folder, *names), period)[0]]


def codes(file: ListFile) -> set[str]:
    return {note.code for note in file.notes} - {"DASAR-HUKUM"}


def test_a_list_in_its_place_is_known_by_it(tmp_path: Path) -> None:
    (file,) = found(tmp_path, "dinsos/dtks/2022-11.xlsx")
    assert (file.agency, file.kind, file.period, file.note, file.revision) == (
        "dinsos",
        "dtks",
        "2022-11",
        "",
        0,
    )
    assert codes(file) == set()


@pytest.mark.parametrize(
    "name",
    [
        "dtks.xlsx",
        "dinsos/2022-11.xlsx",
        "dinsos/dtks/november.xlsx",
        "dinsos/lain/2022-11.xlsx",
        "a/b/c/2022-11.csv",
    ],
)
def test_a_list_elsewhere_is_used_and_told(tmp_path: Path, name: str) -> None:
    (file,) = found(tmp_path, name)
    assert (file.agency, file.kind) == (UNKNOWN_AGENCY, "")
    assert codes(file) == {"KIRIMAN-LETAK"}
    assert used(tmp_path) == [name]


def test_a_misplaced_list_keeps_the_period_its_name_says(tmp_path: Path) -> None:
    assert [file.period for file in found(tmp_path, "kiriman 2022-10 baru.xlsx", "x/y.csv")] == [
        "2022-10",
        "",
    ]


@pytest.mark.parametrize(
    ("names", "replaced"),
    [
        (["dinsos/dtks-2022-10.csv", "dinsos/dtks-2022-11.csv"], ["dinsos/dtks-2022-10.csv"]),
        (["dinsos/dtks/2022-10.csv", "dinsos/dtks-2022-11.csv"], ["dinsos/dtks/2022-10.csv"]),
        (["2022-10/dtks.csv", "2022-11/dtks.csv"], ["2022-10/dtks.csv"]),
        (["dtks 2022-11.csv", "dtks 2022-11 revisi.csv"], ["dtks 2022-11.csv"]),
        (["dinkes/dtks-2022-10.csv", "dinsos/dtks-2022-11.csv"], []),
        (["dinsos/dtks-2022-11-sukun.csv", "dinsos/dtks/2022-11-klojen.csv"], []),
        (["dinsos/dtks.csv", "dinsos/dtks/2022-11.csv"], []),
    ],
    ids=lambda names: ", ".join(names) or "none",
)
def test_a_list_elsewhere_is_chosen_once_its_headers_name_the_kind(
    tmp_path: Path, names: list[str], replaced: list[str]
) -> None:
    files = choose(found(tmp_path, *names), "2022-11")[0]
    assert [each.name for each in superseded((file, "dtks") for file in files)] == replaced


def test_every_month_of_recipients_counts_wherever_it_lies(tmp_path: Path) -> None:
    files = choose(found(tmp_path, "dinsos/pkh-2022-10.csv", "dinsos/bpnt-2022-11.csv"), "2022-11")[0]
    assert superseded((file, "penerima") for file in files) == ()


def test_an_agency_that_the_place_does_not_know_is_used_and_told(tmp_path: Path) -> None:
    (file,) = found(tmp_path, "Dinas-X/DTKS/2022-11.csv")
    assert (file.agency, file.kind) == ("dinas-x", "dtks")
    assert codes(file) == {"KIRIMAN-INSTANSI"}


def test_what_is_no_list_is_passed_over(tmp_path: Path) -> None:
    names = (
        "dinsos/dtks/~$2022-11.xlsx",
        "dinsos/.DS_Store",
        "Thumbs.db",
        ".git/x.csv",
        "dinsos/dtks/2022-11.toml",
        "README.md",
    )
    assert found(tmp_path, *names) == ()


def test_parts_are_read_together(tmp_path: Path) -> None:
    parts = ["dinsos/dtks/2022-11-klojen.xlsx", "dinsos/dtks/2022-11-sukun.xlsx", "dinsos/dtks/2022-11.csv"]
    assert used(tmp_path, *parts) == sorted(parts)


def test_a_revision_replaces_the_parts_before_it(tmp_path: Path) -> None:
    old = ["dinsos/dtks/2022-11-klojen.xlsx", "dinsos/dtks/2022-11-sukun.xlsx"]
    assert used(tmp_path, *old, "dinsos/dtks/2022-11-revisi.xlsx") == ["dinsos/dtks/2022-11-revisi.xlsx"]
    new = ["dinsos/dtks/2022-11-revisi2-a.xlsx", "dinsos/dtks/2022-11-revisi2-b.xlsx"]
    assert used(tmp_path, *new) == new
    _, unused = choose(find_lists(tmp_path, CITY), "2022-11")
    assert {each.why for each in unused} == {"diganti"}
    assert len(unused) == 3


def test_a_revision_of_one_programme_leaves_the_others(tmp_path: Path) -> None:
    one, other = (code.lower() for code in CODES[:2])
    names = [f"dinsos/penerima/2022-11-{one}.csv", f"dinsos/penerima/2022-11-{other}.csv"]
    assert used(tmp_path, *names, f"dinsos/penerima/2022-11-revisi-{one}.csv") == [
        names[1],
        f"dinsos/penerima/2022-11-revisi-{one}.csv",
    ]


def test_the_latest_period_counts_but_recipients_keep_all(tmp_path: Path) -> None:
    names = [
        "dinsos/dtks/2022-09.csv", "dinsos/dtks/2022-10.csv", "dinsos/dtks/2022-12.csv",
        "dinkes/dtks/2022-08.csv", "dinsos/penerima/2022-09.csv", "dinsos/penerima/2022-12.csv",
        "dinsos/penerima/2022-11.csv",
    ]  # fmt: skip
    assert used(tmp_path, *names) == [
        "dinkes/dtks/2022-08.csv", "dinsos/dtks/2022-10.csv", "dinsos/penerima/2022-09.csv",
        "dinsos/penerima/2022-11.csv",
    ]  # fmt: skip
    assert "dinsos/dtks/2022-12.csv" in used(tmp_path, period="2022-12")


@pytest.mark.parametrize(
    ("note", "programme"), [("{}", True), ("{}-tahap2", True), ("x{}", False), ("", False)]
)
def test_a_note_names_the_programme(tmp_path: Path, note: str, programme: bool) -> None:
    code = CODES[0]
    name = "-".join(part for part in ("2022-11", note.format(code.lower())) if part)
    (file,) = found(tmp_path, f"dinsos/penerima/{name}.csv")
    assert file.programme == (code if programme else "")


def test_the_legal_basis_lies_beside_the_list(tmp_path: Path) -> None:
    found(tmp_path, "dinsos/dtks/2022-11.csv")
    (tmp_path / "dinsos/dtks/2022-11.toml").write_text(
        'agreement = "PKS/1"\nvalid_until = 2023-12-31\nother = 1\n'
    )
    (file,) = find_lists(tmp_path, CITY)
    assert file.legal == {"agreement": "PKS/1", "valid_until": "2023-12-31"}
    assert file.notes == ()
    (tmp_path / "dinsos/dtks/2022-11.toml").write_text("agreement = ")
    (file,) = find_lists(tmp_path, CITY)
    assert [note.code for note in file.notes] == ["DASAR-HUKUM-SINTAKS"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_found_and_never_opened(tmp_path: Path) -> None:
    (tmp_path / "dinsos/dtks").mkdir(parents=True)
    os.mkfifo(tmp_path / "dinsos/dtks/2022-11.csv")
    (file,) = find_lists(tmp_path, CITY)
    assert not file.regular
    assert file.size == 0
