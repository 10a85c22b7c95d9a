"""The report's counts: one truth for each, whichever part of the page tells it."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import edition_tables
import ibis
import pytest

from rantang.documents.disclosure import Count, Ledger
from rantang.documents.report import ReportData, collect, enter, render, ties
from rantang.documents.report import plans as shown_plans
from rantang.documents.report.facts import Facts
from rantang.documents.report.queries import _lists
from rantang.synergy.programmes import KnownLists
from rantang.tables.intake import FINDINGS
from rantang.tables.register import LINKS, PERSONS

PERIOD = edition_tables.PERIOD


def section(page: str, name: str) -> str:
    return page.split(f'id="{name}"', 1)[1].split("</section>", 1)[0]


def facts(
    deliveries: Sequence[dict[str, Any]], lists: Sequence[dict[str, Any]] = (), **periods: Sequence[str]
) -> Facts:
    """Return what the report knows of deliveries, of lists' health, and of programmes' lists."""
    city = edition_tables.city()
    known = KnownLists(
        PERIOD, {code: tuple(each) for code, each in periods.items()}, {p.code: p for p in city.programmes}
    )
    raw: Any = SimpleNamespace(lists=list(lists), coverage=[])
    return Facts(raw, {"deliveries": list(deliveries)}, city, PERIOD, known)


def delivery(agency: str, kind: str, period: str, programme: str = "", rows: int = 10) -> dict[str, Any]:
    return {"agency": agency, "kind": kind, "period": period, "programme": programme, "rows": rows,
            "accepted": rows, "refused": 0, "held": 0}  # fmt: skip


def health(**values: Any) -> dict[str, Any]:
    counts = ("linked", "elsewhere", "links", "beyond_nik", "doubled_rows", "doubled_people",
              "doubles_unlike", "wrong_nik", "dead", "moved", "valid", "wrong_nik_nobody")  # fmt: skip
    return {**dict.fromkeys(counts, 0), **values}


def test_a_plan_tells_no_count_that_the_register_hides(plans: Sequence[dict[str, Any]]) -> None:
    best = next(each["plan"] for each in plans if "plan" in each)
    kerak = best["result"]["kerak"]
    ledger = Ledger()
    ledger.count(("class", "kerak"), kerak)
    for decile, families in (("1", 5), ("2", kerak - 5)):
        ledger.count(("view", decile), families, keep=2)
    ledger.sum(("class", "kerak"), [("view", "1"), ("view", "2")])
    shown_plans.enter(ledger, plans)
    shown = ledger.settle()
    assert shown["class", "kerak"].hidden
    for row in shown_plans.build(shown, plans):
        if row.about.result["kerak"] == kerak:
            assert row.kerak.hidden, row.about.name


def test_the_agencies_rows_are_all_the_rows_there_are() -> None:
    """A rest that is nothing but might be something would let the only small agency be worked out."""
    found = facts([delivery("dinsos", "dtks", PERIOD, rows=93), delivery("dlh", "dtks", PERIOD, rows=7)])
    ledger = Ledger()
    ledger.count(("rows", "*"), 100, keep=1)
    for agency, rows in (("dinsos", 93), ("dlh", 7)):
        ledger.count(("agency", agency, "rows"), rows)
    ties.all_of(ledger, ("rows", "*"), [("agency", code, "rows") for code in ("dinsos", "dlh")])
    shown = ledger.settle()
    assert found.delivered
    assert shown["agency", "dlh", "rows"].hidden
    assert shown["agency", "dinsos", "rows"].hidden or shown["rows", "*"].hidden


def test_no_sum_of_the_page_gives_a_hidden_agency_s_rows_away(data: ReportData) -> None:
    rows = [agency.rows for agency in data.agencies]
    hidden = [count for count in rows if count.hidden]
    assert len(hidden) != 1 or data.header.rows.hidden


def test_findings_and_kerak_tell_the_same_or_neither(data: ReportData) -> None:
    found = {row.code: row.count for row in data.findings}
    for code, own in (("KERAK-TERPUTUS", data.kerak.lapsed), ("KERAK-TANPA-BANTUAN", data.kerak.never)):
        if code in found:
            assert bool(found[code].hidden) == bool(own.hidden)


@pytest.mark.slow
@pytest.mark.parametrize("hidden", ["small", "complement"])
def test_the_heading_says_in_words_that_a_number_is_hidden(data: ReportData, hidden: Any) -> None:
    kerak = dataclasses.replace(data.kerak, lapsed=Count(None, hidden))
    heading = section(render(dataclasses.replace(data, kerak=kerak), "en"), "kerak").split("</h2>")[0]
    assert "×" not in heading and "<8" not in heading and "&lt;8" not in heading


def test_who_cannot_be_judged_is_not_off_target(data: ReportData) -> None:
    told = [a for a in data.agencies if a.recipients.value and a.unanswered.value and a.judged.value]
    assert told
    for agency in told:
        assert agency.judged.value == (agency.recipients.value or 0) - (agency.unanswered.value or 0)
        if agency.on_target.value is not None and agency.verify.value is not None:
            assert agency.on_target.value + agency.verify.value == agency.judged.value
    assert "belum dapat dinilai" in section(render(data), "perangkat-daerah")


def test_a_file_with_several_programmes_has_the_health_of_all_their_rows() -> None:
    parts = [("BSPS", 4), ("RTLHD", 5)]
    found = facts(
        [delivery("dpuprpkp", "penerima", "2022-10", rows=9)],
        [health(agency="dpuprpkp", kind="penerima", programme=code, period="2022-10", linked=n, valid=n,
                elsewhere=n) for code, n in parts],
    )  # fmt: skip
    (row,) = found.latest_lists.values()
    assert (row["valid"], row["elsewhere"], row["rows"]) == (9, 9, 9)


def test_rows_about_people_on_no_other_list_count_by_their_nik() -> None:
    found = facts(
        [delivery("disnaker", "tenaga_kerja", PERIOD, rows=97)],
        [health(agency="disnaker", kind="tenaga_kerja", programme=None, period=PERIOD, linked=44, valid=44,
                wrong_nik_nobody=3)],
    )  # fmt: skip
    (row,) = found.latest_lists.values()
    assert (row["valid"], row["wrong_nik"]) == (94, 3)


def test_a_wrong_nik_of_nobody_s_row_is_counted_with_its_list() -> None:
    at = {"agency": "disnaker", "kind": "tenaga_kerja", "period": PERIOD}
    wrong = [
        {"code": "NIK-KOSONG", "severity": "peringatan", "subject": "row", "subject_id": key, "row_key": key,
         "acts": "pengirim", "needs_word": False, **at}
        for key in ("a", "b")
    ]  # fmt: skip
    links = LINKS.conform(LINKS.rows([{"row_key": "a", "person_id": "P1", "method": "first", **at}]))
    persons = PERSONS.conform(PERSONS.rows([{"person_id": "P1"}]))
    findings = FINDINGS.conform(FINDINGS.rows(wrong))
    (row,) = ibis.duckdb.connect().to_pyarrow(_lists(links, persons, findings)).to_pylist()
    assert (row["linked"], row["wrong_nik"], row["wrong_nik_nobody"], row["valid"]) == (1, 1, 1, 0)


def test_the_matrix_has_the_largest_programmes_and_every_forbidden_pair() -> None:
    held = [f"P{n:02}" for n in range(20)]
    overlap = [
        {"programme_a": a, "programme_b": b, "relation": "sama" if a == b else "netral",
         "families": 100 - int(a[1:])}
        for a, b in itertools.combinations_with_replacement(held, 2)
    ]  # fmt: skip
    for row in overlap:
        if (row["programme_a"], row["programme_b"]) == ("P18", "P19"):
            row["relation"] = "terlarang"
    found = facts([])
    found.raw.overlap = overlap  # type: ignore[misc]
    shown = {(a, b) for a, b, _relation in enter.pairs_shown(found)}
    assert {a for a, b in shown if a == b} == set(held[: enter.MATRIX_SIZE])
    assert ("P18", "P19") in shown and ("P17", "P18") not in shown


def test_the_matrix_says_what_it_leaves_out_and_is_there_on_a_phone(data: ReportData) -> None:
    told = section(render(data), "bantuan")
    assert "program dengan keluarga terbanyak" in told and "Paling sering bersamaan" in told
    assert "only-wide" not in told.split('class="matrix')[0]


@pytest.mark.parametrize(
    ("programme", "periods", "late"),
    [
        ("SEMBAKO", ("2022-09", "2022-10"), True),
        ("SEMBAKO", ("2022-10", "2022-11"), False),
        ("ASPD", ("2022-07", "2022-10"), False),  # a list each quarter: the next one comes in January
        ("ALATUSAHA", ("2022-10",), False),  # given once
        ("PIP", ("2022-08",), False),  # once a year
    ],
)
def test_a_list_is_late_when_its_next_one_is_due(programme: str, periods: Sequence[str], late: bool) -> None:
    last = periods[-1]
    found = facts(
        [delivery("dinsos", "penerima", period, programme) for period in periods],
        [health(agency="dinsos", kind="penerima", programme=programme, period=last, linked=10)],
        **{programme: periods},
    )
    assert found.is_late(("dinsos", "penerima", programme, last)) is late


def test_an_agency_that_owes_no_list_is_not_said_to_be_missing(made_up: Any) -> None:
    tables, manifest = made_up
    kept = [each for each in manifest["deliveries"] if each["agency"] != "diskopindag"]
    kept.append(delivery("diskopindag", "penerima", "2022-10", "ALATUSAHA"))
    found = collect(tables, {**manifest, "deliveries": kept}, edition_tables.city())
    assert "diskopindag" not in {entry.agency for entry in found.missing}
    page = render(found)
    assert "mitra: belum ada kiriman" in section(page, "perangkat-daerah")
    assert sum(agency.lists for agency in found.agencies) == found.header.lists


def test_each_stage_says_what_it_counts(data: ReportData) -> None:
    told = section(render(data), "mesin")
    for unit in ("baris", "warga", "keluarga"):
        assert f"<small>{unit}</small>" in told
    assert "Di luar" in told
