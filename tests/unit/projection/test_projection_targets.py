"""Chances of targets: probabilities, monotone, settled by what was published, revised by later documents."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from series_of import CALM, series

from rantang.cities.model import Target
from rantang.projection.model import fit
from rantang.projection.project import MISSION_DOCUMENT
from rantang.projection.sampling_error import from_design
from rantang.projection.targets import chances, revised_by

PATH = fit(series(CALM).observations, from_design(4.2), 2031)


def target(
    high: float, year: int = 2028, low: float | None = None, adopted: int | None = 2025, name: str = "A"
):
    return Target(name, year, high if low is None else low, high, "made up", adopted=adopted)


@given(high=st.floats(0, 100), more=st.floats(0, 5))
def test_a_chance_is_a_probability_and_a_milder_target_is_no_harder(high: float, more: float):
    one, other = chances(
        (target(high), target(min(high + more, 100), name="B")), {"rancangan": PATH}, None, "2026-11"
    )
    for chance in (one, other):
        assert 0 <= chance.p_true <= 1 and 0 <= chance.p_published <= 1
    assert one.p_true <= other.p_true and one.p_published <= other.p_published


def test_a_range_is_reached_at_its_upper_end():
    (ranged,) = chances((target(4.45, low=3.66),), {"rancangan": PATH}, None, "2026-11")
    (upper,) = chances((target(4.45),), {"rancangan": PATH}, None, "2026-11")
    (lower,) = chances((target(3.66),), {"rancangan": PATH}, None, "2026-11")
    assert (ranged.p_true, ranged.p_true_low) == (upper.p_true, lower.p_true)


def test_what_was_published_settles_the_published_chance_and_not_the_true_one():
    (missed,) = chances((target(3.77, 2023),), {"rancangan": PATH}, series(CALM), "2026-11")
    assert (missed.published, missed.p_published) == (4.26, 0.0)
    assert 0 < missed.p_true < 1


def test_a_later_document_revises_an_earlier_one_s_year():
    old, new = target(3.36, 2026, adopted=2023, name="RPD"), target(3.63, 2026, name="RPJMD")
    assert revised_by(old, (old, new)) == "RPJMD" and revised_by(new, (old, new)) == ""
    assert revised_by(target(3.3, 2027, adopted=2023), (old, new)) == ""


def test_a_document_written_after_the_period_is_marked():
    (chance,) = chances((target(3.63, 2026),), {"rancangan": PATH}, None, "2022-11")
    assert chance.written is False


def test_every_target_of_the_place_has_both_chances_in_both_scenarios(november):
    found = {(c.document, c.year, c.low, c.high, c.scenario) for c in november.chances}
    wanted = [
        ("RPJMD 2018-2023", 2023, 3.77, 3.77),
        ("RPD 2024-2026", 2024, 3.66, 4.45),
        ("RPD 2024-2026", 2026, 3.36, 3.36),
        ("RPJMD 2025-2029", 2026, 3.63, 3.63),
        ("RPJMD 2025-2029", 2027, 3.52, 3.52),
        ("RPJMD 2025-2029", 2028, 3.43, 3.43),
        ("RPJMD 2025-2029", 2029, 3.25, 3.25),
    ]
    assert {(*each, kind) for each in wanted for kind in ("rancangan", "tersirat")} <= found
    mission = {c.scenario for c in november.chances if c.document == MISSION_DOCUMENT}
    assert mission == {"rancangan", "tersirat", "angka misi (rancangan)", "angka misi (tersirat)"}


def test_from_the_quoted_rate_the_quoted_target_is_all_but_out_of_reach(november):
    quoted = [c for c in november.chances if c.scenario.startswith("angka misi")]
    assert all(c.p_published < 0.05 for c in quoted)


@pytest.mark.slow
def test_the_same_inputs_give_the_same_numbers(malang, november):
    from rantang.projection import project
    from rantang.projection.record import record

    assert record(project(malang, "2022-11", 0.22)) == record(november)


def test_the_past_targets_are_settled_today(today):
    settled = {(c.document, c.year): c.p_published for c in today.chances if c.scenario == "rancangan"}
    assert settled["RPJMD 2018-2023", 2023] == 0.0 and settled["RPD 2024-2026", 2024] == 1.0
    assert 0 < settled["RPJMD 2025-2029", 2029] < 1
    revised = next(c for c in today.chances if (c.document, c.year) == ("RPD 2024-2026", 2026))
    assert revised.revised_by == "RPJMD 2025-2029"


def test_the_lower_end_of_a_target_is_never_likelier_than_its_upper_end(today):
    for chance in today.chances:
        assert chance.p_true_low <= chance.p_true and chance.p_published_low <= chance.p_published
