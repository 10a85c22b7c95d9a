"""The finished report, embedded tables included, gives no small number away."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from reading import counts, tables
from test_disclosure import attack

from rantang.documents.disclosure import Count, Ledger
from rantang.documents.report import ReportData, cube, render
from rantang.documents.report.render import scan

_PEOPLE = {
    "wilayah.csv": ("families", "eligible", "gap", "kerak", "without_nik"),
    "program.csv": ("recipients", "eligible", "served", "gap", "check", "not_eligible", "unanswered",
                    "unlinked", "doubles", "overlap", "rule_not_answered"),
    "pasangan.csv": ("families",),
    "daftar.csv": ("rows", "accepted", "refused", "held", "valid", "on_another_list", "nik_faulty", "double",
                   "dead", "moved"),
    "perangkat-daerah.csv": ("rows", "accepted", "recipients", "on_target", "findings", "verify", "doubles",
                             "review"),
    "alasan.csv": ("rows", "by_word"),
    "temuan.csv": ("count",),
    "keterhubungan.csv": ("rows", "on_another_list", "likely"),
}  # fmt: skip


@pytest.mark.slow
def test_the_edition_has_small_numbers_to_hide(data: ReportData):
    hidden = [count.hidden for count in counts(data)]
    assert hidden.count("small") > 100 and hidden.count("complement") > 20


@pytest.mark.slow
def test_no_count_of_one_to_seven_is_held(data: ReportData, public: ReportData):
    for report in (data, public):
        assert not [count for count in counts(report) if count.value is not None and 1 <= count.value <= 7]


@pytest.mark.slow
def test_public_counts_are_multiples_of_five(public: ReportData):
    people = [area.gap for area in public.areas] + [p.recipients for p in public.programmes]
    assert all(count.value % 5 == 0 for count in people if count.value is not None)


@pytest.mark.slow
def test_no_number_of_one_to_seven_stands_in_a_table_for_downloading(page: str):
    found = tables(page)
    assert set(found) >= set(_PEOPLE)
    for name, columns in _PEOPLE.items():
        for row in found[name]:
            for column in columns:
                assert row[column] in ("", "<8", "×") or not 1 <= int(row[column]) <= 7, (name, row)


def _read(text: str) -> Count:
    if text == "<8":
        return Count(None, "small")
    return Count(None, "complement") if text in ("", "×") else Count(int(text))


@pytest.mark.slow
@pytest.mark.parametrize("measure", _PEOPLE["wilayah.csv"])
def test_a_reader_cannot_work_out_a_small_cell_of_the_map(page: str, measure: str):
    rows = tables(page)["wilayah.csv"]
    shown = {row["code"]: _read(row[measure]) for row in rows}
    parts = [code for code in shown if code != "*"]
    for code, learnt in attack(shown, [("*", parts)]).items():
        if shown[code].hidden == "small":
            assert learnt >= 1, code


def _sums(rows: list[dict[str, str]], total: str, parts: Sequence[str]) -> None:
    for row in rows:
        shown = {name: _read(row[name]) for name in (total, *parts)}
        known = {name: count.value for name, count in shown.items() if count.value is not None}
        if len(known) == len(shown) and known[total] != sum(known[part] for part in parts):
            continue  # not a sum in this row
        if len(known) == len(shown) - 1:
            left = next(name for name in shown if name not in known)
            exact = known.get(total, 0) - sum(known.get(part, 0) for part in parts)
            assert not 1 <= abs(exact) <= 7, (left, row)


def test_a_reader_cannot_subtract_along_a_row(page: str):
    found = tables(page)
    _sums(found["program.csv"], "eligible", ("served", "gap"))
    _sums(found["daftar.csv"], "rows", ("accepted", "refused", "held"))


def test_no_difference_of_two_shown_parts_is_small(page: str):
    """What is not printed can be had by subtraction: eligible less gap, accepted less valid …"""
    found = tables(page)
    for name, whole, part in (
        ("wilayah.csv", "eligible", "gap"),
        ("wilayah.csv", "families", "eligible"),
        ("wilayah.csv", "families", "kerak"),
        ("daftar.csv", "accepted", "valid"),
        ("daftar.csv", "accepted", "on_another_list"),
        ("keterhubungan.csv", "rows", "on_another_list"),
    ):
        for row in found[name]:
            a, b = _read(row[whole]).value, _read(row[part]).value
            assert a is None or b is None or not 1 <= a - b <= 7, (name, whole, part, row)


def test_money_never_tells_a_hidden_count(page: str):
    for row in tables(page)["program.csv"]:
        assert row["recipients"] not in ("<8", "×") or row["money_rp"] in ("<8", "×"), row


def test_a_page_with_a_nik_is_refused():
    with pytest.raises(ValueError, match="could be a NIK"):
        scan("<td>3573014101909001</td>")


def test_no_name_or_number_of_a_person_is_on_the_page(page: str):
    assert "WARGA CONTOH" not in page
    assert not re.search(r"\b3573\d{12}\b", page)


@pytest.mark.slow
def test_the_public_page_is_drawn_too(public: ReportData):
    assert "kelipatan 5" in render(public)


def test_sums_are_entered_in_the_same_order_in_every_run():
    """Two reports of one edition that hide different cells would together show what each one hides."""
    row = dict.fromkeys(cube.DIMENSIONS, "x")
    ledger = Ledger()
    cube.enter(ledger, cube.sums([{**row, "families": 9}]))
    of_everything = [relation for relation in ledger._relations if relation.total == cube.key_of(())]
    assert [key[1][0][0] for relation in of_everything for key in relation.parts] == list(cube.DIMENSIONS)
