"""Alkire & Foster's index: their worked example, contributions, refusals."""

from __future__ import annotations

import numpy as np
import pytest

from rantang.errors import RantangError
from rantang.measurement.design import Design
from rantang.measurement.multidimensional import alkire_foster

# Four people, four dimensions of equal weight (Alkire & Foster 2011, section on the example): who lacks what.
LACKS = {
    "income": np.array([0.0, 1, 1, 0]),
    "schooling": np.array([0.0, 0, 1, 1]),
    "health": np.array([0.0, 0, 1, 0]),
    "services": np.array([0.0, 1, 1, 0]),
}
EQUAL = dict.fromkeys(LACKS, 1.0)
DESIGN = Design(np.zeros(4, int), np.array([4]), np.ones(1), ("1", "2", "3", "4"), ("",))


def figures(cutoff: float, weights: dict[str, float] = EQUAL) -> dict[str, float]:
    found = alkire_foster(LACKS, weights, cutoff, np.ones(4), np.arange(4), DESIGN)
    return {each.figure: each.estimate for each in found}


def test_the_authors_example() -> None:
    found = figures(0.5)
    assert found["H"] == 0.5 and found["A"] == 0.75 and found["M0"] == 0.375
    assert found["censored:schooling"] == 0.25  # the fourth lacks it, too, but is not poor


def test_contributions_add_up() -> None:
    found = figures(0.5, {"income": 2.0, "schooling": 1, "health": 1, "services": 1})
    assert sum(value for name, value in found.items() if name.startswith("share:")) == pytest.approx(1)
    assert found["M0"] == pytest.approx(found["H"] * found["A"])


def test_the_union_and_the_intersection() -> None:
    assert figures(0.01)["H"] == 0.75 and figures(1.0)["H"] == 0.25


def test_errors_are_those_of_ratios() -> None:
    found = alkire_foster(LACKS, EQUAL, 0.5, np.ones(4), np.arange(4), DESIGN)
    h = next(each for each in found if each.figure == "H")
    assert h.se == pytest.approx(np.sqrt(4 / 3 * 4 * (0.5 / 4) ** 2))


@pytest.mark.parametrize(("weights", "cutoff"), [({"income": 1.0}, 0.5), (EQUAL, 0.0), (EQUAL, 1.1)])
def test_what_makes_no_sense_is_refused(weights: dict[str, float], cutoff: float) -> None:
    with pytest.raises(RantangError, match="UKUR-DIMENSI"):
        figures(cutoff, weights)
