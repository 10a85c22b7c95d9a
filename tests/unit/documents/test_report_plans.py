"""The report's part "Rencana": what changes, for whom, at what cost, how sure; or how to make one."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Sequence
from typing import Any

import edition_tables
import pytest
from reading import Page, tables

from rantang.documents import planned
from rantang.documents.report import ReportData, collect, render
from rantang.texts import use_language


def section(page: str) -> str:
    return page.split('id="rencana"', 1)[1].split("</section>", 1)[0]


@pytest.fixture(scope="module")
def english(data: ReportData) -> str:
    return render(data, "en")


@pytest.mark.slow
def test_without_a_plan_the_page_says_how_to_make_one(data: ReportData) -> None:
    page = render(dataclasses.replace(data, plans=()))
    assert "Belum ada rencana" in section(page) and "rantang plan ." in section(page)


@pytest.mark.slow
def test_the_title_is_what_the_plan_closes_with_its_range(
    english: str, plans: Sequence[dict[str, Any]]
) -> None:
    heading = next(
        text for level, text in Page('<section id="rencana"' + section(english)).headings if level == 2
    )
    best = next(each["plan"] for each in plans if "plan" in each)
    share = planned.share_closed(best["result"])
    assert share is not None and 0 < share["lo90"] < share["mean"] < share["hi90"] < 100
    use_language("en")
    assert planned.per_cent(share["mean"]) in heading and planned.per_cent(share["hi90"]) in heading
    use_language("id")


def test_every_scenario_stands_beside_the_others_with_ranges(
    page: str, plans: Sequence[dict[str, Any]]
) -> None:
    rows = tables(page)["banding-skenario.csv"]
    assert len(rows) == len(plans)
    for row in rows:
        assert float(row["p1_lo90"]) <= float(row["p1_mean"]) <= float(row["p1_hi90"])
    null = next(row for row in rows if row["scenario"] == "Semua tetap seperti sekarang")
    assert (null["enter"], null["leave"], null["cost_million"], float(null["p0_mean"])) == (
        "0",
        "0",
        "0",
        0.0,
    )


def test_no_small_count_and_no_money_behind_one_is_told(data: ReportData, page: str) -> None:
    rows = tables(page)["rencana-program.csv"]
    small = [row for row in rows if row["after"] in ("<8", "×")]
    assert small, "the made-up plan has a programme with few families"
    for row in rows:
        for name in ("before", "after", "enter", "leave"):
            assert row[name] in ("<8", "×") or not 1 <= int(row[name]) <= 7, row
        for count, money in (("before", "cost_before_million"), ("after", "cost_after_million")):
            assert (row[count] in ("<8", "×")) == (row[money] in ("<8", "×")), row
    for row in tables(page)["rencana-kelas.csv"]:
        assert all(row[n] in ("<8", "×") or not 1 <= int(row[n]) <= 7 for n in ("gain", "lose")), row
    for row in tables(page)["rencana-kelurahan.csv"]:
        assert row["families"] in ("<8", "×") or not 1 <= int(row["families"]) <= 7
        assert (row["families"] in ("<8", "×")) == (row["gap_rupiah_a_month"] == "")
    assert any(count.hidden for row in data.plans for _code, count, _gap in row.areas)


def test_a_hidden_count_cannot_be_had_by_subtraction(page: str) -> None:
    for row in tables(page)["rencana-program.csv"]:
        known = {k: int(row[k]) for k in ("before", "after", "enter", "leave") if row[k] not in ("<8", "×")}
        if len(known) == 3:
            # before - leave = after - enter: three tell the fourth.
            missing = ({"before", "after", "enter", "leave"} - set(known)).pop()
            stay = known["before"] - known["leave"] if {"before", "leave"} <= set(known) else None
            stay = known["after"] - known["enter"] if stay is None else stay
            value = {
                "before": stay + known.get("leave", 0), "after": stay + known.get("enter", 0),
                "enter": known.get("after", 0) - stay, "leave": known.get("before", 0) - stay,
            }  # fmt: skip
            assert not 1 <= value[missing] <= 7, row


@pytest.mark.slow
def test_the_first_screen_asks_to_decide_and_leads_to_the_draft(english: str) -> None:
    first = english.split('id="temuan"')[1].split("</section>", maxsplit=1)[0]
    assert "Decide on the draft plan" in first and "draf-rat.xlsx" in first


def test_promises_prices_and_doubts_are_said(english: str) -> None:
    said = section(english)
    assert "was promised to" in said and "kerak families" in said
    assert "a million rupiah more a year closes" in said
    assert "have no score" in said and "is an assumption for" in said


@pytest.mark.slow
def test_texts_follow_the_language_of_the_page(data: ReportData, english: str) -> None:
    assert "Rantang Kasih for all who qualify" in english
    assert "Rantang Kasih for all who qualify" not in render(data, "id")


@pytest.mark.slow
def test_the_money_of_a_large_city_is_not_taken_for_a_nik(
    made_up: tuple[dict[str, Any], dict[str, Any]], plans: Sequence[dict[str, Any]]
) -> None:
    """A number of 12 digits on a page is refused, since it could be a NIK; budgets may be as large."""
    large = json.loads(json.dumps(plans))
    best = next(each["plan"] for each in large if "plan" in each)
    for point in best["frontier"]:
        point["budget"] = 345_678_912_345
    for each in large:
        result = (each.get("plan") or {"result": each.get("scenario")})["result"]
        result["cost"] = result["cost"] and 234_567_891_234
        for flow in result["programmes"].values():
            flow["before"] = flow["after"] = 123_456_789_123
    data = collect(*made_up, edition_tables.city(), planned=large)
    assert "345679" in render(data, "id")
