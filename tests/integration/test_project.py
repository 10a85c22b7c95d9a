"""`rantang project` on a workspace: what it writes, prints, refuses, and that the report follows."""

from __future__ import annotations

import builtins
import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from running import Ran, command

from rantang.errors import RantangError
from rantang.tables.projection import PROJECTION, TARGETS


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A workspace without any list: the targets need none."""
    folder = tmp_path / "kota"
    assert command("new", folder, "--from", "malang", "--period", "2022-11").exit_code == 0
    return folder


def rows(folder: Path, name: str) -> list[dict[str, object]]:
    return pq.read_table(folder / "plans" / "proyeksi" / f"{name}.parquet").to_pylist()


def test_it_writes_the_declared_tables_and_a_record(empty: Path):
    said = json.loads(command("project", empty, "--json").stdout)
    path, targets = rows(empty, "projection"), rows(empty, "targets")
    assert tuple(path[0]) == PROJECTION.names and tuple(targets[0]) == TARGETS.names
    assert {row["scenario"] for row in path} == {
        "rancangan",
        "tersirat",
        "angka misi (rancangan)",
        "angka misi (tersirat)",
    }
    assert all(row["lo90"] < row["median"] < row["hi90"] for row in path)
    assert all(0 <= row[p] <= 1 for row in targets for p in ("p_true", "p_published"))
    record = json.loads((empty / "plans/proyeksi/projection.json").read_text("utf-8"))
    assert record["inputs"]["edition"] is None and len(record["inputs"]["files"]) == 3
    assert record["hash"] == said["hash"] and said["report"] is None


def test_run_twice_it_says_the_same(empty: Path):
    first = json.loads(command("project", empty, "--json").stdout)
    second = json.loads(command("project", empty, "--json").stdout)
    assert first == second


def test_it_prints_both_chances_for_a_person(empty: Path):
    said = command("--lang", "en", "project", empty).output
    assert "RPJMD 2018-2023" in said and "The quoted target" in said
    assert "7,500 must be lifted by aid" in said
    assert said.strip().splitlines()[-1].replace("\n", "").endswith("proyeksi")


def test_a_later_period_knows_more(empty: Path):
    command("project", empty, "--period", "2026-11")
    settled = {
        (row["document"], row["year"]): row["p_published"]
        for row in rows(empty, "targets")
        if row["scenario"] == "rancangan"
    }
    assert settled["RPJMD 2018-2023", 2023] == 0 and settled["RPD 2024-2026", 2024] == 1


def test_too_few_rates_are_refused_in_words(tmp_path: Path):
    command("new", tmp_path / "kab", "--from", "kosong", "--period", "2022-11")
    with pytest.raises(RantangError) as refused:
        command("project", tmp_path / "kab")
    assert refused.value.code == "PROYEKSI-DERET" and "indicators.csv" in str(refused.value)


def test_without_statsmodels_it_says_what_to_install(empty: Path, monkeypatch: pytest.MonkeyPatch):
    real = builtins.__import__

    def without(name: str, *args: object, **kwargs: object) -> object:
        if name.startswith("statsmodels"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(RantangError) as refused:
        command("project", empty)
    assert refused.value.code == "STATISTIK-TIDAK-ADA" and "rantang[stats]" in str(refused.value)


def test_the_report_of_the_edition_is_made_again_with_the_path(ran: Ran, tmp_path: Path):
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    assert "belum dihitung" in (folder / "editions" / ran.edition.name / "out/report.html").read_text("utf-8")
    said = json.loads(command("project", folder, "--json").stdout)
    page = Path(said["report"])
    assert page == folder / "editions" / ran.edition.name / "out" / "report.html"
    assert "Peluang setiap target" in page.read_text("utf-8")
    assert said["inputs"]["edition"]["hash"] == ran.manifest["hash"]
    assert 0.1 < said["gap"]["listed_share"] < 0.4
    other = command("report", folder, "--lang", "en")
    assert "The chance of every target" in Path(other.output.strip().splitlines()[-1]).read_text("utf-8")


def test_a_projection_of_another_period_is_not_shown(ran: Ran, tmp_path: Path):
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    command("project", folder, "--period", "2026-11")
    command("report", folder)
    page = folder / "editions" / ran.edition.name / "out" / "report.html"
    assert "belum dihitung" in page.read_text("utf-8")


def test_a_projection_of_other_figures_is_not_shown(ran: Ran, tmp_path: Path):
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    command("project", folder)
    with (folder / "city.toml").open("a", encoding="utf-8") as settings:
        settings.write("\n[quoted]\nrate = 7.0\n")
    command("report", folder)
    page = folder / "editions" / ran.edition.name / "out" / "report.html"
    assert "belum dihitung" in page.read_text("utf-8")
