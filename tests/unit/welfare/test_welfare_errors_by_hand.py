"""Every error measure, for all and for groups, with its interval: against loops over households and pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from test_welfare_score import COLOURS, drawn

from rantang.welfare import errors
from rantang.welfare.errors import Held
from rantang.welfare.score import learn

COUNT, TURNS = 40, 2
RNG = np.random.default_rng(3)
CONSUMPTION = np.exp(RNG.normal(14, 0.5, COUNT))
HELD = Held(
    predicted=np.log(CONSUMPTION)[:, None] + RNG.normal(0, 0.4, (COUNT, TURNS)),
    consumption=CONSUMPTION,
    persons=RNG.integers(1, 7, COUNT) * RNG.uniform(80, 120, COUNT),
    families=RNG.uniform(80, 120, COUNT),
    times=RNG.integers(0, 3, (30, COUNT)).astype(float),
)
POOR = np.argsort(np.argsort(CONSUMPTION)) < 12
GROUPS = {"even": np.arange(COUNT) % 2 == 0, "late": np.arange(COUNT) >= 25}
Ratio = Callable[[np.ndarray], float]


def taken(values: np.ndarray, share: float) -> set[int]:
    """From the lowest up until persons come nearest to the share."""
    wanted, filled, found = share * HELD.persons.sum(), 0.0, set()
    for place in sorted(range(COUNT), key=lambda place: values[place]):
        if filled + HELD.persons[place] / 2 >= wanted:
            break
        filled += HELD.persons[place]
        found.add(place)
    return found


SHARE = HELD.persons[POOR].sum() / HELD.persons.sum()
CHOSEN = [taken(HELD.predicted[:, turn], SHARE) for turn in range(TURNS)]
TENTH = taken(CONSUMPTION, 0.1)


def total(weight: np.ndarray, times: np.ndarray, wanted: Callable[[int, set[int]], bool]) -> float:
    """Sum of the weights of the households wanted, mean over the turns."""
    return sum(
        weight[place] * times[place] for chosen in CHOSEN for place in range(COUNT) if wanted(place, chosen)
    ) / len(CHOSEN)


def by_hand(measure: str, here: np.ndarray, times: np.ndarray) -> float:
    w, h = HELD.persons, HELD.families
    if measure == "exclusion":
        missed = total(w, times, lambda i, c: bool(here[i] and POOR[i] and i not in c))
        return missed / total(w, times, lambda i, c: bool(here[i] and POOR[i]))
    if measure in ("inclusion", "leakage"):
        weight = w if measure == "inclusion" else h
        wrong = total(weight, times, lambda i, c: bool(here[i] and not POOR[i] and i in c))
        return wrong / total(weight, times, lambda i, c: bool(here[i] and i in c))
    if measure == "poorest_tenth_missed":
        missed = total(w, times, lambda i, c: bool(here[i] and i in TENTH and i not in c))
        return missed / total(w, times, lambda i, c: bool(here[i] and i in TENTH))
    if measure == "cgh":
        to_poor = total(h, times, lambda i, c: bool(here[i] and POOR[i] and i in c))
        given = total(h, times, lambda i, c: bool(here[i] and i in c))
        poor = total(h, times, lambda i, c: bool(here[i] and POOR[i]))
        return (to_poor / given) / (poor / total(h, times, lambda i, c: bool(here[i])))
    found = []
    for turn in range(TURNS):
        pairs, right = 0.0, 0.0
        for i in np.flatnonzero(here & POOR):
            for j in np.flatnonzero(here & ~POOR):
                weight = w[i] * times[i] * w[j] * times[j]
                pairs += weight
                right += weight * (HELD.predicted[i, turn] < HELD.predicted[j, turn])
        found.append(right / pairs)
    return float(np.mean(found))


MEASURES = ("exclusion", "inclusion", "leakage", "poorest_tenth_missed", "cgh", "auc")


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("group", ["*", *GROUPS])
def test_an_error_and_its_interval(measure, group):
    here = GROUPS.get(group, np.ones(COUNT, dtype=bool))
    found = errors.at(HELD, POOR, GROUPS)[group][measure]
    with np.errstate(invalid="ignore"):
        again = [by_hand(measure, here, times) for times in HELD.times]
    again = [value for value in again if np.isfinite(value)]  # a draw without anyone concerned says nothing
    assert found["estimate"] == pytest.approx(by_hand(measure, here, np.ones(COUNT)), abs=1e-6)
    assert (found["low"], found["high"]) == pytest.approx(np.percentile(again, (5, 95)), abs=1e-6)


@pytest.mark.parametrize("group", ["*", *GROUPS])
def test_calibration_of_a_group(group):
    here = GROUPS.get(group, np.ones(COUNT, dtype=bool))
    chance = RNG.uniform(0, 1, COUNT)
    found = errors.calibration_of(HELD, POOR, chance, GROUPS)[group]
    w = HELD.persons * here
    again = [(times * w)[POOR].sum() / (times * w).sum() for times in HELD.times]
    assert found["predicted"] == pytest.approx((w * chance).sum() / w.sum(), abs=1e-6)
    assert found["observed"]["estimate"] == pytest.approx(w[POOR].sum() / w.sum(), abs=1e-6)
    assert found["observed"]["high"] == pytest.approx(np.percentile(again, 95), abs=1e-6)
    assert found["households"] == here.sum()


def test_calibration_of_all_goes_by_tenths_and_of_the_listed_by_fifths():
    chance = np.linspace(0.01, 0.99, COUNT)
    tenths = errors.calibration(HELD, POOR, chance)
    assert len(tenths) == 10 and sum(part["households"] for part in tenths) == COUNT
    fifths = errors.calibration(HELD, POOR, chance, GROUPS["even"])
    assert len(fifths) == 5 and sum(part["households"] for part in fifths) == 20
    assert [part["predicted"] for part in tenths] == sorted(part["predicted"] for part in tenths)


@pytest.mark.slow
def test_stability_is_who_would_be_chosen_in_samples_drawn_again():
    training = drawn(300)
    model = learn(training, COLOURS)
    group = training.codes[:, 1] == 2

    def scores(points: list[np.ndarray]) -> np.ndarray:
        return np.array([sum(p[c] for p, c in zip(points, row, strict=True)) for row in training.codes])

    own = scores(list(model.points))
    chosen = errors.lowest(own, training.weight, 0.2)
    shares, of_group, alike = [], [], []
    for draw in range(model.draws[0].shape[1]):
        other = scores([points[:, draw] for points in model.draws])
        again = chosen & errors.lowest(other, training.weight, 0.2)
        shares.append(again.sum() / chosen.sum())
        of_group.append((again & group).sum() / (chosen & group).sum())
        ranks = [[(v > a).sum() + (v == a).sum() / 2 for v in a] for a in (own, other)]
        alike.append(np.corrcoef(*ranks)[0, 1])
    found = errors.stability(model, training, 0.2, {"g": group})
    assert found["chosen_again"] == pytest.approx(np.mean(shares), abs=1e-6)
    assert found["chosen_again_of"]["g"] == pytest.approx(np.mean(of_group), abs=1e-6)
    assert found["rank_correlation"] == pytest.approx(np.mean(alike), abs=1e-6)
    assert found["rank_correlation_least"] == pytest.approx(np.min(alike), abs=1e-6)
