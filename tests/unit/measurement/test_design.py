"""How a sample was drawn: what is treated and said, what is refused and with which code."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from world_bank import households
from world_bank import sample as of_bank

from rantang.errors import RantangError
from rantang.measurement.declared import Declared, RelativeLine, relative_line
from rantang.measurement.design import prepare
from rantang.measurement.figures import measure

# Two strata of three blocks of two households.
ROWS = pl.DataFrame(
    {
        "y": [80.0, 120, 90, 200, 60, 300, 150, 70, 110, 95, 85, 400],
        "w": [10.0] * 12,
        "n": [4, 2, 5, 1, 6, 2, 3, 4, 2, 5, 3, 1],
        "s": ["a"] * 6 + ["b"] * 6,
        "b": [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6],
    }
)
DECLARED = Declared("y", line=100.0, weight="w", size="n", strata=("s",), psu=("b",))


def changed(**columns: object) -> pl.DataFrame:
    return ROWS.with_columns(**{name: pl.Series(cells) for name, cells in columns.items()})  # type: ignore[arg-type]


def codes(rows: pl.DataFrame, declared: Declared = DECLARED) -> set[str]:
    return {note.code for note in prepare(rows, declared).notes}


def p0(rows: pl.DataFrame, declared: Declared = DECLARED) -> tuple[float, float]:
    figure = next(each for each in measure(prepare(rows, declared)).figures if each.statistic == "P0")
    return figure.estimate, figure.se


REFUSED = [
    ("UKUR-BOBOT", {"w": [-1.0, *[10.0] * 11]}, {}),
    ("UKUR-BOBOT", {"w": [None, *[10.0] * 11]}, {}),
    ("UKUR-UKURAN", {"n": [None, *[2] * 11]}, {}),
    ("UKUR-RANCANGAN", {"b": [None, *range(11)]}, {}),
    ("UKUR-RANCANGAN", {"s": [None, *["a"] * 11]}, {}),
    ("UKUR-PSU-STRATA", {"b": [1, 1, 2, 2, 3, 3, 3, 4, 5, 5, 6, 6]}, {}),
    ("UKUR-FPC", {"f": [2] * 12}, {"fpc": "f"}),
    ("UKUR-FPC", {"f": [9, 8] * 6}, {"fpc": "f"}),
    ("UKUR-FPC", {"f": [None] * 12}, {"fpc": "f"}),
    ("UKUR-GARIS-NILAI", {"z": [0, *[100] * 11]}, {"line": None, "line_column": "z"}),
    ("UKUR-GARIS-NILAI", {}, {"line": -5.0}),
    ("UKUR-GARIS", {}, {"line": None}),
    ("UKUR-GARIS", {}, {"line_column": "w"}),
    ("UKUR-KOLOM", {}, {"psu": ("blok",)}),
    ("UKUR-ANGKA", {"y": ["80", "seratus", *["90"] * 10]}, {}),
    ("UKUR-KOSONG", {"w": [0.0] * 12}, {}),
]


@pytest.mark.parametrize(("code", "columns", "said"), REFUSED)
def test_what_cannot_be_treated_is_refused(code: str, columns: dict, said: dict) -> None:
    from dataclasses import replace

    with pytest.raises(RantangError) as refused:
        prepare(changed(**columns), replace(DECLARED, **said))
    assert refused.value.code == code
    assert "…" not in str(refused.value)


def test_missing_welfare_is_left_out_and_its_block_stays() -> None:
    rows = changed(y=[None, None, *ROWS["y"][2:]])
    assert "UKUR-HILANG" in codes(rows)
    sample = prepare(rows, DECLARED)
    assert sample.design.units == 6 and len(sample.welfare) == 10
    # As a domain: the same figure and error as marking the rows and asking for the others.
    marked = ROWS.with_columns(known=pl.Series(["no", "no", *["yes"] * 10]))
    from dataclasses import replace

    measured = measure(prepare(marked, replace(DECLARED, by=("known",))))
    same = next(f for f in measured.figures if f.statistic == "P0" and f.domain == "yes")
    assert p0(rows) == pytest.approx((same.estimate, same.se))


def test_weight_0_leaves_a_row_out_and_its_block_in() -> None:
    rows = changed(w=[0.0, 0.0, *[10.0] * 10])
    assert "UKUR-BOBOT-NOL" in codes(rows)
    assert p0(rows) == p0(changed(y=[None, None, *ROWS["y"][2:]]))


def test_blocks_numbered_anew_in_each_stratum_are_nested() -> None:
    rows = changed(b=[1, 1, 2, 2, 3, 3] * 2)
    assert "UKUR-PSU-BERULANG" in codes(rows)
    assert p0(rows) == p0(ROWS)


def test_a_lone_block_counts_by_its_distance_from_the_mean() -> None:
    rows = changed(s=["a"] * 2 + ["c"] * 4 + ["b"] * 6)
    assert "UKUR-PSU-TUNGGAL" in codes(rows)
    assert p0(rows)[1] > 0
    certain = rows.with_columns(f=pl.when(pl.col("s") == "a").then(1).otherwise(1000))
    from dataclasses import replace

    declared = replace(DECLARED, fpc="f")
    assert "UKUR-PSU-TUNGGAL" not in codes(certain, declared)
    assert p0(certain, declared)[1] < p0(rows)[1]


def test_without_strata_there_is_one() -> None:
    from dataclasses import replace

    assert p0(ROWS, replace(DECLARED, strata=()))[0] == p0(ROWS)[0]
    assert prepare(ROWS, replace(DECLARED, strata=())).design.strata == ("",)


def test_without_blocks_every_row_is_one_and_that_is_said() -> None:
    from dataclasses import replace

    alone = replace(DECLARED, psu=())
    assert "UKUR-PSU-TIADA" in codes(ROWS, alone)
    assert prepare(ROWS, alone).design.units == 12


def test_a_finite_population_of_blocks_makes_the_error_smaller() -> None:
    from dataclasses import replace

    rows = ROWS.with_columns(f=pl.lit(12))
    assert p0(rows, replace(DECLARED, fpc="f"))[1] == pytest.approx(p0(ROWS)[1] * np.sqrt(1 - 3 / 12))
    everything = ROWS.with_columns(f=pl.lit(3))
    assert p0(everything, replace(DECLARED, fpc="f"))[1] == 0


def test_ignoring_blocks_makes_errors_far_too_small() -> None:
    clustered, alone = (measure(of_bank(psu=psu)).figures[0].se for psu in (("ea",), ()))
    assert clustered > 1.5 * alone


def test_each_row_may_have_its_own_line() -> None:
    rows = households().with_columns(z=pl.when(pl.col("urbrur") == "Urban").then(2000).otherwise(1500))
    measured = measure(of_bank(rows, line=None, line_column="z", by=("urbrur",)))
    urban = measure(of_bank(line=2000.0, by=("urbrur",)))
    both = [
        next(f for f in m.figures if f.statistic == "P1" and f.domain == "Urban") for m in (measured, urban)
    ]
    assert both[0].estimate == pytest.approx(both[1].estimate)


def test_capital_letters_of_a_column_do_not_matter() -> None:
    from dataclasses import replace

    assert p0(ROWS, replace(DECLARED, weight="W", psu=("B",))) == p0(ROWS)
    both = ROWS.with_columns(W=pl.lit(1.0))
    with pytest.raises(RantangError, match="UKUR-KOLOM"):
        prepare(both.rename({"n": "Siz", "y": "Y"}), replace(DECLARED, size="sizes"))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("0.6:median", RelativeLine(0.6, 0.5)),
        ("0.5:mean", RelativeLine(0.5, None)),
        (".6:p40", RelativeLine(0.6, 0.4)),
    ],
)
def test_relative_lines_are_written_so(text: str, line: RelativeLine) -> None:
    assert relative_line(text) == line


@pytest.mark.parametrize("text", ["median", "0.6", "60:median", "0:median", "0.6:p0", "0.6:modus", ""])
def test_other_relative_lines_are_refused(text: str) -> None:
    with pytest.raises(RantangError, match="UKUR-GARIS-RELATIF"):
        relative_line(text)


def test_several_columns_name_one_stratum_and_one_domain() -> None:
    sample = of_bank(by=("geo1", "urbrur"))
    assert "geo_02 / Urban" in sample.domains and len(sample.design.strata) == 7
