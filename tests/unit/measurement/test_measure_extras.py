"""What `rantang measure` says besides: lines by place and date, who stays poor, who lacks much at once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from rantang.cli.app import app
from rantang.errors import RantangError

pytestmark = pytest.mark.slow


@pytest.fixture
def survey(tmp_path: Path) -> Path:
    rng = np.random.default_rng(4)
    lasting = np.exp(rng.normal(13.5, 0.5, 400))
    frame = pl.DataFrame(
        {
            "w2020": lasting * np.exp(rng.normal(0, 0.3, 400)),
            "w2021": lasting * np.exp(rng.normal(0, 0.3, 400)),
            "w2022": lasting * np.exp(rng.normal(0, 0.3, 400)),
            "persons": rng.integers(1, 6, 400),
            "block": np.arange(400) // 10,
            "daerah": np.where(np.arange(400) < 200, "kota", "desa"),
            "bulan": np.where(np.arange(400) % 2 == 0, "2022-03", "2022-09"),
            "sekolah": (rng.random(400) < 0.3).astype(int),
            "air": (rng.random(400) < 0.4).astype(int),
        }
    )
    path = tmp_path / "survey.csv"
    frame.write_csv(path)
    return path


def answer(file: Path, *arguments: str) -> dict:
    command = ["measure", str(file), "--welfare", "w2022", "--size", "persons", "--psu", "block"]
    result = CliRunner().invoke(app, [*command, *arguments, "--json"])
    if isinstance(result.exception, RantangError):
        raise result.exception
    assert result.exit_code == 0, result.output
    return json.loads(result.output)


def test_every_row_gets_the_line_of_its_place_and_its_month(survey: Path, tmp_path: Path) -> None:
    table = "place,from,line\nkota,2021-09,700000\nkota,2022-09,800000\ndesa,2022-03,500000\n"
    lines = tmp_path / "lines.csv"
    lines.write_text(table)
    found = answer(survey, "--lines", str(lines), "--line-place", "daerah", "--line-date", "bulan")
    rows = pl.read_csv(survey)
    line = (
        pl.when(pl.col("daerah") == "desa").then(500_000)
        .when(pl.col("bulan") == "2022-09").then(800_000).otherwise(700_000)
    )  # fmt: skip
    poor = rows.select(((pl.col("w2022") < line) * pl.col("persons")).sum() / pl.col("persons").sum()).item()
    (p0,) = [each for each in found["figures"] if each["statistic"] == "P0" and each["domain"] is None]
    assert p0["estimate"] == pytest.approx(poor)


def test_lines_without_a_place_and_a_date_are_refused(survey: Path) -> None:
    with pytest.raises(RantangError, match="UKUR-GARIS-TANGGAL"):
        answer(survey, "--lines", str(survey))
    with pytest.raises(RantangError, match="UKUR-KOLOM"):
        answer(survey, "--lines", str(survey), "--line-place", "daerah", "--line-date", "bulan")


def test_a_panel_tells_chronic_from_transient(survey: Path) -> None:
    found = answer(survey, "--line", "700000", "--panel", "w2020,w2021")["panel"]
    parts = {(each["statistic"], each["part"]): each["estimate"] for each in found}
    for name in ("P0", "P1", "P2"):
        assert parts[name, "chronic"] + parts[name, "transient"] == pytest.approx(parts[name, "total"])
        assert parts[name, "transient"] > 0
    rows = pl.read_csv(survey)
    always = (pl.col("w2020") < 7e5) & (pl.col("w2021") < 7e5) & (pl.col("w2022") < 7e5)
    share = rows.select((always * pl.col("persons")).sum() / pl.col("persons").sum()).item()
    assert parts["P0", "always_poor"] == pytest.approx(share)


def test_a_panel_needs_a_fixed_line_and_columns_that_are_there(survey: Path) -> None:
    with pytest.raises(RantangError, match="UKUR-PANEL"):
        answer(survey, "--relative-line", "0.6:median", "--panel", "w2021")
    with pytest.raises(RantangError, match="UKUR-KOLOM"):
        answer(survey, "--line", "700000", "--panel", "w1999")


def test_the_multidimensional_index_weighs_its_indicators(survey: Path) -> None:
    arguments = ("--line", "700000", "--lacks", "sekolah=2,air", "--cutoff", "0.6")
    found = {each["figure"]: each["estimate"] for each in answer(survey, *arguments)["multidimensional"]}
    rows = pl.read_csv(survey)
    persons, lacks = rows["persons"], (2 * rows["sekolah"] + rows["air"]) / 3
    poor = lacks >= 0.6  # schooling alone is enough, water alone is not
    assert found["H"] == pytest.approx((poor * persons).sum() / persons.sum())
    assert found["M0"] == pytest.approx((poor * lacks * persons).sum() / persons.sum())
    assert found["share:sekolah"] + found["share:air"] == pytest.approx(1)


def test_the_multidimensional_index_is_told_by_domain_too(survey: Path) -> None:
    arguments = ("--line", "700000", "--lacks", "sekolah=2,air", "--cutoff", "0.6", "--by", "daerah")
    found = answer(survey, *arguments)["multidimensional"]
    heads = {each["domain"]: each["estimate"] for each in found if each["figure"] == "H"}
    assert list(heads) == [None, "desa", "kota"]
    rows = pl.read_csv(survey)
    for place, persons in (("desa", rows.filter(daerah="desa")), ("kota", rows.filter(daerah="kota"))):
        poor = (2 * persons["sekolah"] + persons["air"]) / 3 >= 0.6
        own = (poor * persons["persons"]).sum() / persons["persons"].sum()
        assert heads[place] == pytest.approx(own)
    assert heads["desa"] != heads["kota"]


def test_an_indicator_that_is_not_0_or_1_is_refused(survey: Path) -> None:
    with pytest.raises(RantangError, match="UKUR-DIMENSI"):
        answer(survey, "--line", "700000", "--lacks", "persons")
    with pytest.raises(RantangError, match="UKUR-DIMENSI"):
        answer(survey, "--line", "700000", "--lacks", "air=banyak")
    for weight in ("nan", "inf"):
        with pytest.raises(RantangError, match="UKUR-DIMENSI"):
            answer(survey, "--line", "700000", "--lacks", f"air={weight}")


def test_people_read_it_in_words(survey: Path) -> None:
    command = ["measure", str(survey), "--welfare", "w2022", "--line", "700000", "--panel", "w2021"]
    result = CliRunner().invoke(app, [*command, "--lacks", "sekolah,air"])
    assert "Siapa yang tetap miskin" in result.output
    assert "kekurangan banyak hal" in result.output and "bagian M0 dari sekolah" in result.output
