"""Figures and errors against published truth: Foster, Greer & Thorbecke; R convey."""

from __future__ import annotations

import polars as pl
import pytest
from world_bank import LINE, census, sample

from rantang.measurement.declared import Declared, RelativeLine
from rantang.measurement.design import prepare
from rantang.measurement.figures import Figure, Measured, measure


def found(measured: Measured, statistic: str, domain: str | None = None) -> Figure:
    return next(f for f in measured.figures if (f.statistic, f.domain) == (statistic, domain))


def test_the_case_of_foster_greer_and_thorbecke() -> None:
    rows = pl.DataFrame({"y": [100.0, 110.0, 150.0, 160.0]})
    measured = measure(prepare(rows, Declared("y", line=125.0)))
    assert found(measured, "P0").estimate == pytest.approx(0.5, abs=1e-12)
    assert found(measured, "P1").estimate == pytest.approx(0.08, abs=1e-12)
    assert found(measured, "P2").estimate == pytest.approx(0.0136, abs=1e-12)


def test_the_census_of_the_world_banks_country() -> None:
    measured = measure(prepare(census(), Declared("pc_exp", line=LINE, size="hhsize")))
    assert found(measured, "P0").estimate == pytest.approx(0.3084461539, abs=1e-10)
    assert found(measured, "P1").estimate == pytest.approx(0.0865430969, abs=1e-10)
    assert found(measured, "P2").estimate == pytest.approx(0.0336886285, abs=1e-10)


CONVEY = [
    ("P0", None, 0.2942433541, 0.0538027817),
    ("P0", "Urban", 0.1930581255, 0.0702826878),
    ("P0", "Rural", 0.4922065791, 0.0760529101),
    ("P1", None, 0.0745110008, 0.0180194793),
    ("P2", None, 0.0259184622, 0.0071519099),
    ("ARPR", None, 0.2085398160, 0.0232010671),
    ("gini", None, 0.3427191506, 0.0165252355),
]


@pytest.mark.parametrize(("statistic", "domain", "estimate", "se"), CONVEY)
def test_the_sample_gives_what_r_convey_gives(
    statistic: str, domain: str | None, estimate: float, se: float
) -> None:
    figure = found(measure(sample(by=("urbrur",))), statistic, domain)
    assert figure.estimate == pytest.approx(estimate, abs=1e-10)
    assert figure.se == pytest.approx(se, abs=1e-10)


def test_bps_counts_below_the_line_only() -> None:
    assert found(measure(sample(compare="lt")), "P0").estimate == pytest.approx(0.291824, abs=1e-6)


def test_without_a_fixed_line_poverty_stands_at_the_estimated_one() -> None:
    measured = measure(sample(line=None, relative=RelativeLine(0.6, 0.5)))
    p0, arpr = found(measured, "P0"), found(measured, "ARPR")
    assert (p0.estimate, p0.se) == (arpr.estimate, arpr.se)
    assert measured.relative_line == pytest.approx(1533.96, abs=0.01)


def test_errors_at_an_estimated_line_differ_from_those_at_the_same_line_fixed() -> None:
    estimated = measure(sample(line=None, relative=RelativeLine(0.6, 0.5)))
    fixed = measure(sample(line=estimated.relative_line))
    for name in ("P0", "P1", "P2", "watts", "sen"):
        assert found(estimated, name).estimate == pytest.approx(found(fixed, name).estimate, rel=1e-9)
        assert found(estimated, name).se < 0.9 * found(fixed, name).se, name


@pytest.mark.parametrize("name", ["P1", "P2", "watts"])
def test_scores_at_an_estimated_line_are_the_derivatives_by_the_weights(name: str) -> None:
    """The mean's line is smooth in the weights: moving one weight a little shows the score."""
    import numpy as np

    from rantang.measurement import relative

    rng = np.random.default_rng(5)
    y, w = np.sort(rng.lognormal(size=400)), rng.uniform(1, 3, 400)
    half = RelativeLine(0.5, None)

    def figure(weights: np.ndarray) -> relative.Scored:
        return relative.figure_at(name, y, weights, "lt", relative.line(y, weights, half))

    scores = figure(w).scores()
    for row in (3, 120, 399):
        up, down = w.copy(), w.copy()
        up[row] += 1e-4
        down[row] -= 1e-4
        slope = (figure(up).value - figure(down).value) / 2e-4
        assert scores[row] == pytest.approx(slope, rel=1e-4, abs=1e-9)


def test_each_figure_carries_its_mark_and_its_interval() -> None:
    for figure in measure(sample(by=("urbrur",))).figures:
        assert figure.ci_low <= figure.estimate <= figure.ci_high
        assert figure.rse == pytest.approx(figure.se / figure.estimate)
        assert figure.reliability in {"usable", "caution", "not_published"}
        assert figure.n == {None: 825, "Urban": 475, "Rural": 350}[figure.domain]
        assert figure.deff > 1


def test_few_clusters_and_few_poor_are_said() -> None:
    codes = {note.code for note in measure(sample(line=600.0)).notes}
    assert {"UKUR-GUGUS", "UKUR-MISKIN"} <= codes


def test_the_food_line_has_its_own_headcount() -> None:
    measured = measure(sample(food_line=1200.0))
    assert found(measured, "food_P0").estimate < found(measured, "P0").estimate
    assert found(measured, "food_line_share").estimate == pytest.approx(1200 / 1800)
