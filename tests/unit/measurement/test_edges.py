"""Samples at the edge of sense: a figure that cannot be had is empty, never wrong, and nothing breaks."""

from __future__ import annotations

import json
import math
import warnings
from typing import Any

import polars as pl
import pytest

from rantang.documents.measurement import as_csv, as_json, render
from rantang.errors import RantangError
from rantang.measurement.declared import Declared, RelativeLine
from rantang.measurement.design import prepare
from rantang.measurement.figures import Figure, Measured, measure
from rantang.measurement.lines import with_lines
from rantang.measurement.replicates import replicates

NOTHING = [0.0] * 5 + [1.0, 2.0]
CASES: dict[str, tuple[dict[str, list[Any]], dict[str, Any]]] = {
    "all alike": ({"y": [2.0] * 10}, {}),
    "one row": ({"y": [2.0]}, {}),
    "one block": ({"y": [2.0, 0.5, 0.7], "p": [1, 1, 1]}, {"psu": ("p",)}),
    "nobody poor": ({"y": [2.0, 3, 4, 5]}, {}),
    "everybody poor": ({"y": [0.2, 0.3, 0.4, 0.5]}, {}),
    "most have nothing": ({"y": NOTHING}, {}),
    "nobody has anything": ({"y": [0.0] * 5}, {}),
    "debts": ({"y": [-1.0, -2, 3, 4, 5, 1]}, {}),
    "gaps": ({"y": [math.nan, 1.0, 2.0, None, 0.5, math.inf]}, {}),
    "text": ({"y": ["0.5", "2", " 3 ", ""]}, {}),
    "truth values name domains": ({"y": [0.5, 2, 3], "g": [True, False, True]}, {"by": ("g",)}),
    "an empty household": ({"y": [0.5, 2, 3], "n": [0, 1, 2]}, {"size": "n"}),
    "a census": ({"y": [0.5, 2, 3, 0.1], "f": [4] * 4}, {"fpc": "f"}),
    "one column is all": ({"y": [0.5, 2, 3, 0.1], "a": [1, 1, 2, 2]}, {"psu": ("a",), "by": ("a",)}),
}


def measured(rows: dict[str, list[Any]], kind: str | None = None, **said: Any) -> Measured:
    sample = prepare(pl.DataFrame(rows, strict=False), Declared("y", **({"line": 1.0} | said)))
    return measure(sample, replicates(sample.design, kind, 20, 1) if kind else None)  # type: ignore[arg-type]


def found(of: Measured, statistic: str, domain: str | None = None) -> Figure:
    return next(f for f in of.figures if (f.statistic, f.domain) == (statistic, domain))


@pytest.mark.parametrize("name", CASES)
def test_whatever_comes_json_csv_and_page_can_be_made(name: str) -> None:
    rows, said = CASES[name]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        answer = measured(rows, **said)
        json.dumps(as_json(answer), allow_nan=False)
        assert as_csv(answer) and render(answer, "berkas")


@pytest.mark.parametrize("kind", ["bootstrap", "jackknife"])
def test_a_census_has_no_sampling_error_under_replicates_either(kind: str) -> None:
    rows, said = CASES["a census"]
    assert found(measured(rows, kind, **said), "P0").se == 0


def test_a_part_with_one_block_has_no_error_and_is_not_published() -> None:
    rows = {"y": [0.5, 2, 0.2, 0.1, 0.7, 4], "p": [1, 1, 2, 2, 3, 3], "g": ["a", "a", "b", "b", "b", "b"]}
    answer = measured(rows, psu=("p",), by=("g",))
    alone, others = found(answer, "P0", "a"), found(answer, "P0", "b")
    assert math.isnan(alone.se) and alone.reliability == "not_published"
    assert others.se > 0
    assert "UKUR-GUGUS-SATU" in {note.code for note in answer.notes}


def test_a_headcount_of_0_has_an_interval_but_is_not_published() -> None:
    p0 = found(measured({"y": [2.0, 3, 4, 5, 6, 7]}), "P0")
    assert (p0.estimate, p0.ci_low) == (0, 0) and 0.3 < p0.ci_high < 1
    assert p0.reliability == "not_published"


def test_watts_is_not_given_where_a_poor_person_has_nothing() -> None:
    answer = measured({"y": [0.0, 0.5, 2, 3]})
    assert math.isnan(found(answer, "watts").estimate)
    assert found(answer, "P2").estimate == pytest.approx((1 + 0.25) / 4)
    assert "UKUR-WATTS" in {note.code for note in answer.notes}


def test_a_line_estimated_at_0_is_refused_where_poverty_is_asked_for_at_it() -> None:
    with pytest.raises(RantangError, match="UKUR-GARIS-NILAI"):
        measured({"y": NOTHING}, line=None, relative=RelativeLine())
    beside = measured({"y": NOTHING})
    assert math.isnan(found(beside, "ARPR").estimate)
    assert "UKUR-GARIS-NOL" in {note.code for note in beside.notes}


LINES = pl.DataFrame(
    {
        "place": ["kota", "kota", "desa"],
        "from": ["2022-03", "2022-09", "2022-03"],
        "line": [500.0, 550.0, 400.0],
    }
)


def test_dated_lines_go_by_place_and_month() -> None:
    rows = pl.DataFrame({"k": ["desa", "kota", "kota"], "bulan": ["2022-10", "2022-08", "2022-09"]})
    assert with_lines(rows, "k", "bulan", LINES, "z")["z"].to_list() == [400.0, 500.0, 550.0]


def test_a_row_before_the_first_line_is_refused() -> None:
    rows = pl.DataFrame({"k": ["desa"], "bulan": ["2021-12"]})
    with pytest.raises(RantangError, match="UKUR-GARIS-NILAI"):
        with_lines(rows, "k", "bulan", LINES, "z")
