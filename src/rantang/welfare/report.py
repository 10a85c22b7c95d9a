"""What is measured of a score's errors, gathered for model.json."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from rantang.welfare import errors as measured
from rantang.welfare import fairness
from rantang.welfare.declared import Bools, facts
from rantang.welfare.score import Model, Training
from rantang.welfare.survey import Households

ELDERLY, WOMEN, DISABLED = "lansia", "kepala-perempuan", "disabilitas"


def groups_of(households: Households) -> dict[str, Bools]:
    """Return the groups whose errors are shown: the people, and each kelurahan of the sample."""
    names = [fact.name for fact in facts()]
    sex = facts()[names.index("head_sex")]
    woman = next(index for index, level in enumerate(sex.levels) if level.code == "P")
    people = {
        WOMEN: households.codes[:, names.index("head_sex")] == woman,
        ELDERLY: households.codes[:, names.index("elderly")] > 0,
        DISABLED: households.disabled > 0,
    }
    places = {
        f"kelurahan/{code}": households.kelurahan == code for code in sorted(set(households.kelurahan) - {""})
    }
    return {name: here for name, here in {**people, **places}.items() if here.any() and not here.all()}


def errors(
    households: Households,
    training: Training,
    model: Model,
    line: float,
    listed: Bools | None = None,
    prices: Mapping[str, int] | None = None,
) -> dict[str, Any]:
    """Return every error of a model, held out by sampling unit (see `welfare.errors`).

    `listed` are the households on the same lists as the families scored, of whom probabilities speak;
    `prices` say what mending a group's error costs.
    """
    poor = households.consumption < line
    if not poor.any() or poor.all():
        return {"fairness": {}}
    held = measured.hold_out(training, households.weight)
    groups = groups_of(households)
    people = {name: here for name, here in groups.items() if not name.startswith("kelurahan/")}
    found: dict[str, Any] = {"line": measured.at(held, poor, groups)}
    for share in measured.COVERAGES:
        lowest = measured.lowest(households.consumption, training.weight, share)
        found[f"share_{share:g}"] = measured.at(held, lowest, people)
    chance = measured.chances(held, model, line, households.said.aid)
    found["calibration"] = measured.calibration(held, poor, chance, listed)
    found["calibration_of"] = measured.calibration_of(held, poor, chance, groups, listed)
    found["stability"] = measured.stability(model, training, held.share(poor), groups)
    found["fairness"] = fairness.compare(held, poor, people, prices)
    found["sampling_units"] = len(np.unique(training.psu))
    return found
