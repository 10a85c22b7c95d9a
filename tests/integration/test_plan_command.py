"""`rantang plan` on an edition: what it writes proves itself, adds up, stays within money, can be adopted."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow.parquet as pq
import pytest
from running import Ran, command

from rantang import cities
from rantang.cli.views import tables_of
from rantang.errors import RantangError
from rantang.planning import asked, scenario
from rantang.store.editions import open_edition
from rantang.store.workspace import open_workspace
from rantang.synergy.programmes import known_lists
from rantang.tables.planning import CHANGES, OF_PLAN

sys.path.append(str(Path(__file__).parents[1] / "unit" / "planning"))
from checking import check


@pytest.fixture(scope="module")
def planned(ran: Ran, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """A workspace after `rantang plan`, and what it said. Look at it only."""
    folder = tmp_path_factory.mktemp("plan") / "kota"
    shutil.copytree(ran.folder, folder)
    return folder, json.loads(command("plan", folder, "--json").stdout)


@pytest.fixture
def again(planned: tuple[Path, dict[str, Any]], tmp_path: Path) -> Path:
    folder = tmp_path / "kota"
    shutil.copytree(planned[0], folder)
    return folder


def record(folder: Path, name: str, kind: str = "scenario") -> dict[str, Any]:
    return json.loads((folder / "plans" / name / f"{kind}.json").read_text("utf-8"))


def test_every_built_in_scenario_and_the_best_plan_have_a_folder(
    planned: tuple[Path, dict[str, Any]],
) -> None:
    folder, said = planned
    names = {each["folder"] for each in said["plans"]}
    assert names == {*scenario.built_in(), "rencana"}
    assert {path.name for path in (folder / "plans").iterdir()} == names
    for table in OF_PLAN:
        found = pq.read_table(folder / "plans" / "rencana" / f"{table.name}.parquet")
        assert tuple(found.column_names) == table.names
    assert tuple(pq.read_table(folder / "plans/tutup-kerak/changes.parquet").column_names) == CHANGES.names


def test_the_plan_s_folder_proves_its_objective_and_every_constraint(
    planned: tuple[Path, dict[str, Any]],
) -> None:
    best = planned[0] / "plans" / "rencana"
    assert check(best, sample=150) == []
    about = json.loads((best / "plan.json").read_text("utf-8"))
    assert 0 < about["objective"] <= about["bound"] and about["gap"] <= 1e-3


def test_the_checker_sees_a_rupiah_too_much(again: Path) -> None:
    best = again / "plans" / "rencana"
    heads = pq.read_table(best / "constraints.parquet").to_pandas()
    spent = heads[heads["name"].str.startswith("anggaran:") & (heads["used"] > 0)].iloc[0]
    heads.loc[heads["name"] == spent["name"], "limit"] = spent["used"] - 1
    heads.to_parquet(best / "constraints.parquet")
    assert any(str(spent["name"]) in wrong for wrong in check(best, sample=1))


def test_the_null_scenario_changes_nothing(planned: tuple[Path, dict[str, Any]]) -> None:
    found = record(planned[0], "rencana-kini")
    for name in ("p0", "p1", "p2", "lifted", "closed"):
        assert set(found[name].values()) == {0}
    assert found["cost"] == 0 and found["kerak_before"] == found["kerak_after"]
    assert not pq.read_table(planned[0] / "plans/rencana-kini/changes.parquet").num_rows


@pytest.mark.parametrize("name", scenario.built_in())
def test_parts_add_up_to_the_city(planned: tuple[Path, dict[str, Any]], name: str) -> None:
    found = record(planned[0], name)
    for parts in (found["kelurahan"], found["groups"]):
        assert sum(part["poor"] for part in parts.values()) == pytest.approx(
            -found["lifted"]["mean"], abs=1e-3
        )
        assert sum(part["gap"] for part in parts.values()) == pytest.approx(-found["closed"]["mean"], abs=1.0)
    for parts in (found["agencies"], found["sources"]):
        change = sum(part["after"] - part["before"] for part in parts.values())
        assert change == sum(f["after"] - f["before"] for f in found["programmes"].values())
        if name != "tepat-sempurna":
            assert change == found["cost"]


def test_who_enters_by_name_is_who_is_counted(planned: tuple[Path, dict[str, Any]]) -> None:
    for name in ("perluas-rantang", "henti-bocor", "tutup-kerak"):
        rows = pq.read_table(planned[0] / "plans" / name / "changes.parquet").to_pylist()
        flows = record(planned[0], name)["programmes"].values()
        assert sum(row["change"] == "masuk" for row in rows) == sum(flow["enter"] for flow in flows)
        assert sum(row["change"] == "keluar" for row in rows) == sum(flow["leave"] for flow in flows)
        assert sum(row["cost"] for row in rows) == record(planned[0], name)["cost"]


def test_extending_rantang_kasih_has_both_costs_with_their_sources(
    planned: tuple[Path, dict[str, Any]],
) -> None:
    found = record(planned[0], "perluas-rantang")
    enter = found["programmes"]["RANTANG"]["enter"]
    assert enter > 0 and found["programmes"]["RANTANG"]["leave"] == 0
    dear, ceiling = found["other_costs"]["list price"], found["other_costs"]["budget ceiling"]
    assert dear["cost"] == enter * 14_600_000 and ceiling["cost"] == enter * 11_538_462
    assert dear["source"] and ceiling["source"]


def test_the_plan_stays_within_budgets_and_says_what_it_left_out(
    planned: tuple[Path, dict[str, Any]],
) -> None:
    about = record(planned[0], "rencana", "plan")
    assert all(limit["used"] <= limit["limit"] for limit in about["limits"] if limit["kind"] != "lantai")
    out = about["left_out"]
    assert 0 < out["unscored"] < out["families"] and about["share"] < 0.05
    assert about["promises"]["kept"] <= about["promises"]["rights"]
    assert all(effect["source"] or effect["asumsi"] for effect in about["effects"].values())


def test_caseloads_are_those_of_the_lists(planned: tuple[Path, dict[str, Any]]) -> None:
    """Every row of a list is somebody: but for doubles and members of one family, counts agree."""
    loads = {each["programme"]: each for each in record(planned[0], "rencana", "plan")["caseloads"]}
    assert {"PKH", "SEMBAKO", "PBI", "PBID", "BPNTD"} <= set(loads)
    for each in loads.values():
        assert 0.85 * each["recorded"] - 3 <= each["modelled"] <= each["recorded"] + 3, each


def test_planned_money_lies_within_malang_s_published_poverty_budget() -> None:
    """552.15 bn (2022) and 453.72 bn (2023) were published; what the plan may move is part of it."""
    city = cities.load("malang")
    published = {2022: 552_150_000_000, 2023: 453_720_000_000, 2024: 638_922_000_000}
    for year, whole in published.items():
        own = [p for p in city.programmes if p.level == "kota" and p.unit != "wilayah"]
        money = sum(b.rupiah for p in own if (b := p.budget_of(year)))
        assert city.money_of(year) == whole
        assert 0.1 * whole < money < 0.5 * whole


def test_a_place_costs_what_was_published() -> None:
    city = cities.load("malang")
    price = {
        code: p.rupiah_a_year("2022-11")
        for code in ("RANTANG", "BPNTD", "PBID")
        if (p := city.programme(code))
    }
    assert price == {"RANTANG": 14_600_000, "BPNTD": 2_400_000, "PBID": 504_000}


def test_run_twice_it_says_the_same(planned: tuple[Path, dict[str, Any]], again: Path) -> None:
    command("plan", again, "--scenario", "tutup-kerak", "--name", "lagi")
    once = record(again, "lagi")
    assert {k: v for k, v in once.items() if k != "hash"} == {
        k: v for k, v in record(planned[0], "tutup-kerak").items() if k != "hash"
    }
    assert check(again / "plans" / "lagi", sample=50) == []


def test_a_scenario_of_one_s_own_changes_benefit_places_and_budget(again: Path) -> None:
    file = again / "coba.toml"
    file.write_text(
        'title = "Lebih besar"\n[[programme]]\ncode = "BPNTD"\nbenefit = 300_000\n'
        '[[programme]]\ncode = "RANTANG"\ngive = "layak"\nplaces = 5\n'
        '[[budget]]\nagency = "dinsos"\nfactor = 2.0\n',
        "utf-8",
    )
    command("plan", again, "--scenario", file)
    found, about = record(again, "coba"), record(again, "coba", "plan")
    before = found["programmes"]["BPNTD"]
    assert before["after"] == before["before"] * 3 // 2
    rantang = found["programmes"]["RANTANG"]
    assert rantang["enter"] + rantang["stay"] <= max(5, rantang["stay"])
    base, new = (money(each, again) for each in (record(again, "rencana", "plan"), about))
    assert new["dinsos"] == 2 * base["dinsos"] and new["dinkes"] == base["dinkes"]
    # What families without a score keep is paid at the new benefit, too.
    kept, paid = (
        each["planned"]["BPNTD"]["kept_unscored"] for each in (record(again, "rencana", "plan"), about)
    )
    assert paid["families"] == kept["families"] > 0 and paid["cost"] == kept["cost"] * 3 // 2


def money(about: dict[str, Any], folder: Path) -> dict[str, int]:
    """All money of each agency: what is planned with, and what families without a score keep of it."""
    whole = {limit["about"]: limit["limit"] for limit in about["limits"] if limit["kind"] == "anggaran"}
    for code, row in about["planned"].items():
        agency = open_workspace(folder).city.programme(code).agency
        whole[agency] += row["kept_unscored"]["cost"]
    return whole


def test_a_rule_of_one_s_own_is_held_against_what_the_edition_knows(ran: Ran) -> None:
    """The same rule as the programme's, as far as an edition knows it, finds the same people."""
    edition = open_edition(ran.edition)
    city = open_workspace(ran.folder).city
    with tables_of(edition, asked.NEEDED) as tables:
        lists = known_lists(tables["assistance"], city.programmes, "2022-11")
        rule = "lansia and kk_satu_orang and (di_dtks or (desil_nasional <= 2) is true)"
        found = asked.qualify(tables, rule, city.programme("RANTANG")).to_pyarrow().to_pylist()
        families = asked.ask(tables, lists).families
        with pytest.raises(RantangError) as refused:
            asked.qualify(tables, "gizi_kurang", city.programme("PMT"))
    assert refused.value.code == "ATURAN-KOLOM"
    own = {
        row["family_id"] for row in families.iter_rows(named=True) if "RANTANG" in row["eligible_for"].split()
    }
    # The programme's own rule also leaves out families with a flag, which an edition does not hold.
    assert own and own <= {row["family_id"] for row in found}
    assert len(found) < 2 * len(own) + 8 and all(row["members"] == 1 for row in found)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("title = 1", "SKENARIO-ISI"),
        ('title = "x"\n[[programme]]\ncode = "NIHIL"\ngive = "layak"', "SKENARIO-ISI"),
        ("title", "SKENARIO-SINTAKS"),
    ],
)
def test_a_scenario_that_cannot_be_meant_is_refused_in_words(again: Path, text: str, code: str) -> None:
    (again / "salah.toml").write_text(text, "utf-8")
    with pytest.raises(RantangError) as refused:
        command("plan", again, "--scenario", again / "salah.toml")
    assert refused.value.code == code


def test_names_that_are_not_there_are_refused(again: Path) -> None:
    for name, code in (("nihil", "SKENARIO-TAK-DIKENAL"), ("nihil.toml", "SKENARIO-BERKAS")):
        with pytest.raises(RantangError) as refused:
            command("plan", again, "--scenario", name)
        assert refused.value.code == code
    with pytest.raises(RantangError) as refused:
        command("plan", again, "--scenario", "tutup-kerak", "--name", "../luar")
    assert refused.value.code == "RENCANA-NAMA"


def test_without_an_edition_it_says_what_to_do(copied: Callable[[], Path]) -> None:
    with pytest.raises(RantangError) as refused:
        command("plan", copied())
    assert refused.value.code == "RENCANA-EDISI" and "rantang run" in str(refused.value)


def test_the_report_is_made_again_and_shows_plan_and_scenarios(planned: tuple[Path, dict[str, Any]]) -> None:
    page = Path(planned[1]["report"]).read_text("utf-8")
    section = page.split('id="rencana"', 1)[1].split("</section>", 1)[0]
    assert "Rantang Kasih untuk semua yang memenuhi syarat" in section and "Janji" in section


def test_a_plan_of_another_edition_is_not_shown(again: Path) -> None:
    for file in (again / "plans").glob("*/*.json"):
        text = file.read_text("utf-8")
        content = json.loads(text)
        content["inputs"]["edition"]["hash"] = "0" * 64
        file.write_text(json.dumps(content), "utf-8")
    page = Path(command("report", again).stdout.strip().splitlines()[-1]).read_text("utf-8")
    assert "Belum ada rencana" in page


def test_the_draft_rat_adds_up(planned: tuple[Path, dict[str, Any]]) -> None:
    book = openpyxl.load_workbook(planned[0] / "plans" / "rencana" / "draf-rat.xlsx")
    about = record(planned[0], "rencana", "plan")
    assert len(book.sheetnames) == 6
    matrix = [[c.value for c in row] for row in book["RAT"].iter_rows(min_row=3)]
    budget = sum(row[8] for row in matrix)
    assert budget == sum(p["cost"] + p["kept_unscored"]["cost"] for p in about["planned"].values())
    quarters = [[c.value for c in row] for row in book["Per triwulan"].iter_rows(min_row=3)]
    for row in quarters:
        assert sum(row[3:7]) == row[2]
    assert quarters[-1][2] == budget
    places = [[c.value for c in row] for row in book["Per kelurahan"].iter_rows(min_row=2)]
    for at, code in enumerate(places[0][2:], start=2):
        assert places[-1][at] == sum(row[at] for row in places[1:-1]) == about["planned"][code]["families"]


def test_two_plans_are_compared_side_by_side(planned: tuple[Path, dict[str, Any]]) -> None:
    a, b = (planned[0] / "plans" / name for name in ("rencana", "tutup-kerak"))
    said = json.loads(command("diff", a, b, "--json").stdout)
    assert said["same_edition"] and set(said["results"]) == {"rencana", "tutup-kerak"}
    entered = pq.read_table(b / "changes.parquet").to_pylist()
    for code, counts in said["programmes"].items():
        mine = sum(row["programme"] == code and row["change"] == "masuk" for row in entered)
        assert counts["only_b"] + counts["both"] == mine
    assert "Per orang terangkat" in command("diff", a, b).output


def test_a_scenario_is_adopted_as_configuration_in_one_step(again: Path) -> None:
    file = again / "adopsi.toml"
    file.write_text(
        'title = "x"\n[[programme]]\ncode = "BPNTD"\nplaces = 7000\nbenefit = 250_000\n'
        '[[programme]]\ncode = "ALATUSAHA"\ngive = "henti"\n',
        "utf-8",
    )
    old = open_workspace(again).city
    command("plan", again, "--scenario", file, "--adopt")
    city = open_workspace(again).city
    bpntd, tools = city.programme("BPNTD"), city.programme("ALATUSAHA")
    assert bpntd and tools
    assert bpntd.quota_in("2022-12").count == 7000 and bpntd.amount_in("2022-12").rupiah == 250_000
    assert bpntd.amount_in("2022-11") == old.programme("BPNTD").amount_in("2022-11")
    assert tools.runs_in("2022-11") and not tools.runs_in("2022-12")
    assert "adopsi" in bpntd.quota_in("2022-12").source
    with pytest.raises(RantangError) as refused:
        command("plan", again, "--scenario", "henti-bocor", "--adopt")
    assert refused.value.code == "RENCANA-ADOPSI-TIADA"


def test_help_names_the_scenarios() -> None:
    said = " ".join(command("plan", "--help").output.replace("│", " ").split())
    assert all(name in said for name in scenario.built_in())
