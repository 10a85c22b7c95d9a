"""`rantang measure` as people and programs use it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner
from world_bank import households, path

from rantang.cli.app import app
from rantang.errors import RantangError

FILE = str(path("hld_sample_wb_2023"))
DESIGN = (
    "--welfare", "pc_exp", "--weight", "hhweight", "--size", "hhsize", "--strata", "geo1,urbrur",
    "--psu", "ea",
)  # fmt: skip
KEYS = {
    "statistic", "domain", "estimate", "se", "ci_low", "ci_high", "n", "deff", "rse", "reliability",
}  # fmt: skip


def run(*arguments: str, file: str = FILE) -> str:
    result = CliRunner().invoke(app, ["measure", file, *arguments], catch_exceptions=True)
    if isinstance(result.exception, RantangError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return result.output


def answer(*arguments: str, file: str = FILE) -> dict:
    return json.loads(run(*arguments, "--json", file=file))


def figure(found: dict, statistic: str, domain: str | None = None) -> dict:
    return next(f for f in found["figures"] if (f["statistic"], f["domain"]) == (statistic, domain))


def test_json_has_figures_design_warnings_methods_and_formula() -> None:
    found = answer(*DESIGN, "--line", "1800", "--compare", "le", "--by", "urbrur")
    assert set(found) == {"figures", "design", "warnings", "methods", "formula"}
    assert all(set(each) == KEYS for each in found["figures"])
    assert {each["statistic"] for each in found["figures"]} >= {
        "P0", "P1", "P2", "ARPR", "gini", "watts", "s80s20", "sen",
    }  # fmt: skip
    assert figure(found, "P0")["estimate"] == pytest.approx(0.2942433541, abs=1e-10)
    assert figure(found, "P0", "Rural")["se"] == pytest.approx(0.0760529101, abs=1e-10)
    assert (found["design"]["psu"], found["design"]["strata"]) == (33, 7)
    assert "UKUR-GUGUS" in {each["code"] for each in found["warnings"]}


def test_a_relative_line_alone() -> None:
    found = answer(*DESIGN, "--relative-line", "0.6:median")
    assert figure(found, "ARPR")["estimate"] == pytest.approx(0.2085398160, abs=1e-10)
    assert figure(found, "P0") | {"statistic": "ARPR"} == figure(found, "ARPR")
    assert "0.6:median" in found["methods"]["line"]


def test_a_relative_line_beside_a_fixed_one_serves_the_risk_alone() -> None:
    found = answer(*DESIGN, "--line", "1800", "--relative-line", "0.5:median")
    assert figure(found, "P0")["estimate"] == pytest.approx(0.291824, abs=1e-6)
    assert figure(found, "ARPR")["estimate"] < 0.2


def test_strata_may_be_named_one_by_one() -> None:
    several = ("--strata", "geo1", "--strata", "urbrur")
    other = answer(*DESIGN[:6], *several, *DESIGN[8:], "--line", "1800")
    assert other["figures"] == answer(*DESIGN, "--line", "1800")["figures"]


@pytest.mark.parametrize("kind", ["bootstrap", "jackknife"])
def test_replicates_state_their_formula(kind: str) -> None:
    found = answer(*DESIGN, "--line", "1800", "--replicates", kind, "--draws", "60")
    assert "mse = TRUE" in found["formula"]
    assert figure(found, "P0")["se"] == pytest.approx(0.054, abs=0.015)


def test_what_is_written_is_for_machines_sheets_and_people(tmp_path: Path) -> None:
    out = tmp_path / "hasil"
    printed = run(*DESIGN, "--line", "1800", "--by", "urbrur", "--out", str(out))
    assert printed.strip().splitlines()[-1].endswith("measurement.html")
    content = json.loads((out / "measurement.json").read_text("utf-8"))
    rows = list(csv.DictReader((out / "measurement.csv").open(encoding="utf-8")))
    assert len(rows) == len(content["figures"]) and set(rows[0]) == KEYS
    page = (out / "measurement.html").read_text("utf-8")
    assert "29\u00a0% penduduk miskin" in page and "Rural" in page
    assert "http://" not in page and "https://" not in page and "<script" not in page


def test_a_part_that_is_not_published_has_no_figure_and_no_telling_place() -> None:
    from world_bank import sample

    from rantang.documents.measurement.page import whiskers
    from rantang.measurement.figures import measure

    figures = [f for f in measure(sample(line=900.0, by=("geo1", "urbrur"))).figures if f.statistic == "P0"]
    drawn = whiskers(figures)
    names = {f.domain for f in figures if f.domain and f.reliability == "not_published"}
    hidden = [each for each in drawn if each.name in names]
    assert len(names) > 2 and hidden == drawn[-len(names) :]
    assert [each.name for each in hidden] == sorted(names)
    assert all((each.text, each.interval, each.at) == ("–", "–", -1.0) for each in hidden)


def test_a_change_between_two_years(tmp_path: Path) -> None:
    earlier = tmp_path / "lalu.parquet"
    households().with_columns(pl.col("pc_exp") * 0.8).write_parquet(earlier)
    found = answer(*DESIGN, "--line", "1800", "--before", str(earlier))
    p0 = next(each for each in found["change"] if each["statistic"] == "P0")
    assert p0["difference"] < -0.1 and p0["p"] < 0.05 and p0["correlation"] > 0.5


@pytest.mark.slow
def test_csv_gives_the_same_figures(tmp_path: Path) -> None:
    file = tmp_path / "survei.csv"
    households().write_csv(file, separator=";")
    same = answer(*DESIGN, "--line", "1800", file=str(file))
    assert same["figures"] == answer(*DESIGN, "--line", "1800")["figures"]


@pytest.mark.parametrize(
    ("code", "options"),
    [
        ("UKUR-GARIS", ()),
        ("UKUR-GARIS-RELATIF", ("--relative-line", "enam")),
        ("UKUR-KOLOM", ("--line", "1800", "--by", "kelurahan")),
        ("UKUR-PILIHAN", ("--line", "1800", "--compare", "<")),
        ("UKUR-PILIHAN", ("--line", "1800", "--replicates", "jacknife")),
        ("UKUR-PILIHAN", ("--line", "1800", "--interval", "exact")),
        ("UKUR-REPLIKA-BRR", ("--line", "1800", "--replicates", "brr")),
    ],
)
def test_refusals_have_a_code(code: str, options: tuple[str, ...]) -> None:
    with pytest.raises(RantangError) as refused:
        run(*DESIGN, *options)
    assert refused.value.code == code


def test_the_table_is_calm_on_a_narrow_terminal() -> None:
    printed = run(*DESIGN, "--line", "1800", "--by", "urbrur")
    assert "P0" in printed and "UKUR-GUGUS" in printed
    assert max(len(line) for line in printed.splitlines()[:25]) <= 100
