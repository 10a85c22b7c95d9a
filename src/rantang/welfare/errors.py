"""How often the score errs, measured on sampling units it has not seen, with intervals.

Poor is who consumes less than the line (or stands among the poorest share); chosen is who has the lowest
scores, as many persons as are poor. Everything counts persons but for transfers, which go to families.

    exclusion error   poor persons who are not chosen, of the poor (undercoverage)
    inclusion error   chosen persons who are not poor, of the chosen
    leakage           families chosen that are not poor, of the families chosen: flat transfers lost
    cgh               share of flat transfers that reaches the poor over the poor's share of families:
                      1 is no targeting (Coady, Grosh and Hoddinott 2004)

Intervals are the 5th and 95th percentile over sampling units drawn again within strata (`SAMPLES`), the
predictions kept; what re-fitting would add shows in the stability of ranks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rantang.welfare.declared import Bools, Codes, Floats
from rantang.welfare.lasso import FOLDS, fit, folds
from rantang.welfare.score import Model, Training, added, resample

TURNS: Final = 3
"""How often sampling units are dealt to folds anew."""
SEED: Final = 1
SAMPLES: Final = 200
ENDS: Final = (5.0, 95.0)
COVERAGES: Final = (0.2, 0.4)
BINS: Final = 10
LISTED_BINS: Final = 5
FEW: Final = 30
"""Below so many poor households a group's figures are shown with the mark `few`."""
Predict = Callable[[Training, Codes], Floats]


@dataclass(frozen=True)
class Held:
    """Predictions of households by fits that did not see them: one column a turn."""

    predicted: Floats
    consumption: Floats
    persons: Floats
    families: Floats
    times: Floats  # samples × households: how often each is drawn

    @property
    def turns(self) -> int:
        """How many columns of predictions there are."""
        return int(self.predicted.shape[1])

    def share(self, poor: Bools) -> float:
        """Return the share of persons who are poor."""
        return float(self.persons[poor].sum() / self.persons.sum())

    def chosen(self, poor: Bools) -> list[Bools]:
        """Return, by turn, whom the lowest predictions choose: as many persons as are poor."""
        return [lowest(of_turn, self.persons, self.share(poor)) for of_turn in self.predicted.T]

    def only(self, here: Bools) -> Held:
        """Return some of the households."""
        return Held(
            self.predicted[here], self.consumption[here], self.persons[here], self.families[here],
            self.times[:, here],
        )  # fmt: skip


def hold_out(training: Training, families: Floats, predict: Predict | None = None) -> Held:
    """Predict each household by fits on other sampling units, `TURNS` times over.

    Parameters
    ----------
    families
        Weights of households (`training.weight` are those of persons).
    predict
        Another method than the default: takes the training part and codes, returns predictions.
    """
    chosen = predict or _default
    found = np.zeros((len(training.y), TURNS))
    for turn in range(TURNS):
        fold = folds(training.psu, SEED * 100 + turn + 1)
        for number in range(FOLDS):
            left = fold == number
            if left.any() and not left.all():
                found[left, turn] = chosen(_part(training, ~left), training.codes[left])
    rng = np.random.default_rng(SEED)
    times = np.array([resample(training.psu, training.stratum, rng) for _ in range(SAMPLES)])
    return Held(found, np.exp(training.y), training.weight, families, times)


def _default(training: Training, codes: Codes) -> Floats:
    return fit(training.codes, training.y, training.weight, training.psu).predict(codes)


def _part(training: Training, kept: Bools) -> Training:
    return Training(*(getattr(training, name)[kept] for name in ("codes", "y", "weight", "psu", "stratum")))


def lowest(values: Floats, weight: Floats, share: float) -> Bools:
    """Mark the lowest values until their weights come nearest to `share` of all."""
    order = np.argsort(values, kind="stable")
    filled = np.cumsum(weight[order])
    count = int(np.searchsorted(filled - weight[order] / 2, share * filled[-1]))
    chosen = np.zeros(len(values), dtype=bool)
    chosen[order[:count]] = True
    return chosen


def at(held: Held, poor: Bools, groups: Mapping[str, Bools]) -> dict[str, Any]:
    """Return the errors where as many persons are chosen as are poor, for all and for each group."""
    w, h = held.persons, held.families
    chosen = held.chosen(poor)
    tenth = lowest(held.consumption, w, 0.1)
    found: dict[str, Any] = {"coverage": round(held.share(poor), 6)}
    for name, here in {"*": _all(poor), **groups}.items():
        own = held.only(here)
        found[name] = {
            "poor_households": int((poor & here).sum()),
            "few": bool((poor & here).sum() < FEW),
            "exclusion": _ratio(held, [w * (poor & ~c & here) for c in chosen], w * (poor & here)),
            "inclusion": _ratio(
                held, [w * (c & ~poor & here) for c in chosen], [w * (c & here) for c in chosen]
            ),
            "leakage": _ratio(
                held, [h * (c & ~poor & here) for c in chosen], [h * (c & here) for c in chosen]
            ),
            "poorest_tenth_missed": _ratio(
                held, [w * (tenth & ~c & here) for c in chosen], w * (tenth & here)
            ),
            "cgh": _cgh(own, poor[here], [c[here] for c in chosen]),
            "auc": _auc(own, poor[here]),
        }
    return found


def _ratio(held: Held, above: list[Floats], under: Floats | list[Floats]) -> dict[str, float | None]:
    """Return a ratio of totals and its interval; numerators and denominators are means over the turns."""
    top = np.mean(above, axis=0)
    bottom = np.mean(under, axis=0) if isinstance(under, list) else under
    if bottom.sum() <= 0:
        return interval(np.nan, bottom)
    base = held.times @ bottom
    drawn = (held.times @ top)[base > 0] / base[base > 0]
    return interval(float(top.sum() / bottom.sum()), drawn)


def interval(estimate: float, drawn: Floats) -> dict[str, float | None]:
    """Return an estimate with the `ENDS` of what it was in other draws; None where there is none."""
    if not np.isfinite(estimate):
        return {"estimate": None, "low": None, "high": None}
    low, high = np.percentile(drawn, ENDS) if len(drawn) else (None, None)
    return {
        "estimate": round(estimate, 6),
        "low": None if low is None else round(float(low), 6),
        "high": None if high is None else round(float(high), 6),
    }


def _cgh(held: Held, poor: Bools, chosen: list[Bools]) -> dict[str, float | None]:
    h = held.families
    reached = np.mean([h * (c & poor) for c in chosen], axis=0)
    given = np.mean([h * c for c in chosen], axis=0)

    def ratio(times: Floats) -> Floats:
        return np.asarray((times @ reached / (times @ given)) / (times @ (h * poor) / (times @ h)))

    with np.errstate(divide="ignore", invalid="ignore"):
        drawn = ratio(held.times)
        one = ratio(np.ones((1, len(h))))
    return interval(float(one[0]), drawn[np.isfinite(drawn)])


def _auc(held: Held, poor: Bools) -> dict[str, float | None]:
    """Chance that a poor person scores lower than one who is not; ties count half."""
    times = np.vstack([np.ones(len(poor)), held.times])
    total = np.zeros(len(times))
    for turn in range(held.turns):
        order = np.argsort(held.predicted[:, turn], kind="stable")
        weight = times[:, order] * held.persons[order]
        first = np.unique(held.predicted[order, turn], return_index=True)[1]
        good = np.add.reduceat(weight * ~poor[order], first, axis=1)
        bad = np.add.reduceat(weight * poor[order], first, axis=1)
        whole = good.sum(axis=1, keepdims=True)
        richer = whole - np.cumsum(good, axis=1) + good / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            total += (bad * richer).sum(axis=1) / (bad.sum(axis=1) * whole[:, 0])
    mean = total / held.turns
    return interval(float(mean[0]), mean[1:][np.isfinite(mean[1:])])


def chances(held: Held, model: Model, line: float, aid: Floats | None = None) -> Floats:
    """Return each household's chance of being poor by its held-out scores; mean over the turns.

    The few numbers of `model.shift` are not held out.
    """
    apart = np.log(line) - np.column_stack([model.expected(turn, aid) for turn in held.predicted.T])
    return np.asarray(model.share_below(apart, model.shift.sigma).mean(axis=1))


def calibration(held: Held, poor: Bools, chance: Floats, listed: Bools | None = None) -> list[dict[str, Any]]:
    """Return, per tenth of persons by `chance`, what was predicted and what was so.

    Of the households `listed`, where these are told apart: fifths, since they are few.
    """
    bins = BINS if listed is None else LISTED_BINS
    among = _all(poor) if listed is None else listed
    order = np.flatnonzero(among)[np.argsort(chance[among], kind="stable")]
    filled = np.cumsum(held.persons[order]) / held.persons[order].sum()
    group = np.full(len(poor), -1)
    group[order] = np.minimum((filled * bins - 1e-9).astype(np.int64), bins - 1)
    return [
        _calibrated(held, poor, chance, group == number) for number in range(bins) if (group == number).any()
    ]


def calibration_of(
    held: Held, poor: Bools, chance: Floats, groups: Mapping[str, Bools], listed: Bools | None = None
) -> dict[str, dict[str, Any]]:
    """Return what was predicted and what was so for all and for each group, among the households `listed`."""
    among = _all(poor) if listed is None else listed
    named = {"*": among, **{name: here & among for name, here in groups.items()}}
    return {name: _calibrated(held, poor, chance, here) for name, here in named.items() if here.any()}


def _calibrated(held: Held, poor: Bools, chance: Floats, here: Bools) -> dict[str, Any]:
    w = held.persons * here
    return {
        "predicted": round(float(w @ chance / w.sum()), 6),
        "households": int(here.sum()),
        "observed": _ratio(held, [w * poor], w),
    }


def _all(like: Bools) -> Bools:
    return np.ones(len(like), dtype=bool)


def stability(
    model: Model, training: Training, share: float, groups: Mapping[str, Bools] | None = None
) -> dict[str, Any]:
    """Say how far ranks move when the sample is drawn again: rank correlation, and who stays chosen.

    `chosen_again` is the share of the persons chosen who are chosen in another draw as well, on average;
    `chosen_again_of` the same within each group.
    """
    from scipy.stats import rankdata  # noqa: PLC0415

    own = added(training.codes, model.points)
    drawn = np.zeros((len(training.y), model.draws[0].shape[1]))
    for index, of_draws in enumerate(model.draws):
        drawn += np.vstack([of_draws, np.zeros(drawn.shape[1])])[training.codes[:, index]]
    base = rankdata(own)
    alike = [float(np.corrcoef(base, rankdata(drawn[:, at]))[0, 1]) for at in range(drawn.shape[1])]
    chosen = lowest(own, training.weight, share)
    again = np.column_stack([lowest(draw, training.weight, share) for draw in drawn.T]).mean(axis=1)

    def stays(here: Bools) -> float | None:
        w = training.weight * (chosen & here)
        return round(float(w @ again / w.sum()), 6) if w.sum() > 0 else None

    return {
        "rank_correlation": round(float(np.mean(alike)), 6),
        "rank_correlation_least": round(float(np.min(alike)), 6),
        "chosen_again": stays(_all(chosen)),
        "chosen_again_of": {name: stays(here) for name, here in (groups or {}).items()},
    }
