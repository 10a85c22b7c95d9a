"""The city's score: predicted log consumption a head, what is not known of it, and where it comes from.

A model is fitted per set of lists (`dtsen`, `p3ke`, both), on the facts that those carry. A score is the
survey's mean plus points for each answer; an answer that is missing adds nothing and widens the interval.
Probabilities come from the residuals of held-out sampling units, not from an assumed distribution; where
the survey says who is listed or helped, they are those of households on the same lists (`membership`).
Persons count, not households: each household weighs as many persons as it stands for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from rantang.welfare.declared import Codes, Fact, Floats, Ints
from rantang.welfare.design import points, shares
from rantang.welfare.lasso import Fit, fit, one_thread, path
from rantang.welfare.membership import Said, Shift, estimate, none

DIGITS: Final = 6
DRAWS: Final = 40
"""Samples of sampling units drawn again, for the uncertainty of ranks."""
LEVEL: Final = (0.05, 0.95)
GRID: Final = 801
REACH: Final = 6.0
_CHUNK: Final = 16_384


@dataclass(frozen=True)
class Training:
    """What a model learns from: coded facts, log consumption, weights of persons, design."""

    codes: Codes
    y: Floats
    weight: Floats
    psu: Ints
    stratum: Ints


@dataclass(frozen=True)
class Model:
    """A fitted score.

    Attributes
    ----------
    facts
        Facts used, by name, in the order of the columns of the codes it scores.
    mean
        Weighted mean of log consumption in the survey.
    points
        Per fact: what each level adds, log points.
    unknown
        Per fact: the variance of those points in the survey, added where it is not answered.
    draws
        Per fact: levels × draws, what the points become in re-drawn samples.
    sigma
        Spread of held-out residuals.
    shift
        How consumption differs from the score, and the spread of what is left.
    grid, below
        Residuals and the share of persons below each.
    ranks, ranked
        Scores in the survey in order, and the percentile of persons at each.
    penalty, r2
        Chosen penalty (share of the largest); R² of held-out predictions.
    """

    facts: tuple[str, ...]
    mean: float
    points: tuple[Floats, ...]
    unknown: Floats
    draws: tuple[Floats, ...]
    sigma: float
    shift: Shift
    grid: Floats
    below: Floats
    ranks: Floats
    ranked: Floats
    penalty: float
    r2: float
    households: int

    def as_dict(self, declared: Mapping[str, Fact]) -> dict[str, Any]:
        """Return what model.json keeps: enough to recompute every score by hand."""
        return {
            "mean": self.mean,
            "points": {
                name: {
                    level.code: float(value)
                    for level, value in zip(declared[name].levels, of_level, strict=True)
                }
                for name, of_level in zip(self.facts, self.points, strict=True)
            },
            "sigma": self.sigma,
            "penalty": round(self.penalty, DIGITS),
            "r2_held_out": self.r2,
            "households": self.households,
            "membership": self.shift.as_dict(),
        }

    def expected(self, scores: Floats, aid: Floats | None = None) -> Floats:
        """Return the log consumption expected at these scores, of families like those scored."""
        return rounded(scores + self.shift.of(scores - self.mean, aid))

    def share_below(self, apart: Floats, spread: Floats | float) -> Floats:
        """Return the chance of consumption that lies `apart` or more above what is expected."""
        return rounded(np.interp(apart * self.sigma / spread, self.grid, self.below))


@dataclass(frozen=True)
class Scores:
    """One entry per scored family; see the columns of `tables.welfare`.

    Attributes
    ----------
    score
        What the facts say; `rank` and its interval follow from it alone.
    expected
        With what is known of lists and aid: consumption, its interval and probabilities follow from it.
    spread
        Of log consumption around `expected`.
    """

    score: Floats
    expected: Floats
    low: Floats
    high: Floats
    rank: Floats
    rank_low: Floats
    rank_high: Floats
    spread: Floats
    answered: Floats

    def below(self, model: Model, line: float) -> Floats:
        """Return the probability of consumption below a line (rupiah a head a month)."""
        return model.share_below(np.log(line) - self.expected, self.spread)


def rounded(values: Floats) -> Floats:
    """Round to `DIGITS`, before any threshold, so that equal input gives equal bytes."""
    return np.asarray(np.round(values, DIGITS), dtype=np.float64)


def learn(
    training: Training, used: Sequence[Fact], seed: int = 1, said: Said | None = None, sources: str = ""
) -> Model:
    """Fit the model of the given facts; `training.codes` has one column per fact, in the same order.

    Parameters
    ----------
    said, sources
        What the survey says of lists, and the lists of the families to be scored.
    """
    fitted = fit(training.codes, training.y, training.weight, training.psu)
    levels = tuple(len(fact.levels) for fact in used)
    of_facts = tuple(rounded(p) for p in points(fitted.beta, fitted.columns, fitted.centre, levels))
    residual = training.y - fitted.held_out
    share = training.weight / training.weight.sum()
    sigma = float(np.sqrt(share @ residual**2))
    grid, below = _distribution(residual, share, sigma)
    mean = round(fitted.mean, DIGITS)
    own = mean + added(training.codes, of_facts)
    ranks, ranked = _percentiles(own, training.weight)
    around = share @ (training.y - share @ training.y) ** 2
    shift = none(len(residual), round(sigma, DIGITS))
    if said is not None:
        shift = estimate(residual, fitted.held_out - mean, training.weight, said, sources)
    return Model(
        facts=tuple(fact.name for fact in used),
        mean=mean,
        points=of_facts,
        unknown=_variances(training.codes, training.weight, of_facts),
        draws=_redrawn(training, fitted, levels, seed),
        sigma=round(sigma, DIGITS),
        shift=shift,
        grid=grid,
        below=below,
        ranks=ranks,
        ranked=ranked,
        penalty=fitted.penalty,
        r2=round(float(1 - sigma**2 / around), DIGITS),
        households=len(training.y),
    )


def score(model: Model, codes: Codes, aid: Floats | None = None) -> Scores:
    """Score families; `codes` has the model's facts as columns, `aid` those of `membership.AID`."""
    made = rounded(model.mean + added(codes, model.points))
    missing = codes < 0
    expected = model.expected(made, aid)
    spread = np.sqrt(model.shift.sigma**2 + missing.astype(np.float64) @ model.unknown)
    wide = spread / model.sigma
    low, high = (float(np.interp(at, model.below, model.grid)) for at in LEVEL)
    apart = 1.645 * np.sqrt(_sampling_variance(model, codes))
    rank, rank_low, rank_high = (
        rounded(np.interp(value, model.ranks, model.ranked, left=0.0, right=100.0))
        for value in (made, made - apart, made + apart)
    )
    return Scores(
        score=made,
        expected=expected,
        low=rounded(expected + low * wide),
        high=rounded(expected + high * wide),
        rank=rank,
        rank_low=rank_low,
        rank_high=rank_high,
        spread=spread,
        answered=1 - missing.mean(axis=1),
    )


def contributions(model: Model, codes: Codes) -> Floats:
    """Return what each answer adds, families × facts; zero where there is no answer."""
    # -1, not answered, is the appended zero
    return np.column_stack(
        [np.append(of_level, 0.0)[codes[:, index]] for index, of_level in enumerate(model.points)]
    )


def added(codes: Codes, points_: Sequence[Floats]) -> Floats:
    """Return the sum of what each answer adds."""
    total = np.zeros(len(codes))
    for index, of_level in enumerate(points_):
        total += np.append(of_level, 0.0)[codes[:, index]]
    return total


def _variances(codes: Codes, weight: Floats, added: Sequence[Floats]) -> Floats:
    found = np.zeros(codes.shape[1])
    for index, of_level in enumerate(added):
        answered = codes[:, index] >= 0
        if answered.any():
            w = weight[answered] / weight[answered].sum()
            value = of_level[codes[answered, index]]
            found[index] = float(w @ value**2 - (w @ value) ** 2)
    return rounded(np.maximum(found, 0.0))


def _distribution(residual: Floats, share: Floats, sigma: float) -> tuple[Floats, Floats]:
    """Return the smoothed distribution of residuals (Silverman's width), no wider than they are."""
    from scipy.special import ndtr  # noqa: PLC0415

    width = 0.9 * sigma * len(residual) ** -0.2
    middle = float(share @ residual)
    residual = middle + (residual - middle) / np.sqrt(1 + (width / sigma) ** 2)
    grid = np.linspace(-REACH * sigma, REACH * sigma, GRID)
    below = ndtr((grid[:, None] - residual[None, :]) / width) @ share
    return rounded(grid), rounded(np.maximum.accumulate(below))


def _percentiles(values: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Return ordered distinct values and the share of persons (per cent) below the middle of each."""
    order = np.argsort(values, kind="stable")
    distinct, first = np.unique(np.round(values[order], DIGITS), return_index=True)
    of_value = np.add.reduceat(weight[order], first)
    return distinct, rounded((np.cumsum(of_value) - of_value / 2) / of_value.sum() * 100)


def resample(psu: Ints, stratum: Ints, rng: np.random.Generator) -> Floats:
    """Draw the sampling units of each stratum again with replacement; returns each household's times."""
    times = np.zeros(len(psu))
    for part in np.unique(stratum):
        here = stratum == part
        units = np.unique(psu[here])
        drawn = np.bincount(rng.integers(0, len(units), len(units)), minlength=len(units))
        times[here] = drawn[np.searchsorted(units, psu[here])]
    return times


def _redrawn(training: Training, fitted: Fit, levels: tuple[int, ...], seed: int) -> tuple[Floats, ...]:
    """Return the points of `DRAWS` fits on re-drawn sampling units, at the penalty that was chosen."""
    rng = np.random.default_rng(seed)
    grid = np.geomspace(1.0, fitted.penalty, 8) if fitted.penalty < 1 else np.ones(1)
    drawn = []
    with one_thread():
        for _ in range(DRAWS):
            weight = training.weight * resample(training.psu, training.stratum, rng)
            kept = weight > 0
            codes, y, drawn_weight = training.codes[kept], training.y[kept], weight[kept]
            # The fit has no intercept: columns are centred on this draw, or a level it lacks becomes one.
            centre = shares(codes, drawn_weight, fitted.columns)
            _, betas = path(codes, y, drawn_weight, fitted.columns, centre, grid)
            drawn.append(points(betas[-1], fitted.columns, fitted.centre, levels))
    return tuple(rounded(np.column_stack([draw[index] for draw in drawn])) for index in range(len(levels)))


def _sampling_variance(model: Model, codes: Codes) -> Floats:
    """Return the variance of each score over re-drawn samples; the level common to all moves no rank."""
    found = np.zeros(len(codes))
    tables = [np.vstack([of, np.zeros(of.shape[1])]).astype(np.float32) for of in model.draws]
    for start in range(0, len(codes), _CHUNK):
        part = codes[start : start + _CHUNK]
        total = np.zeros((len(part), DRAWS), dtype=np.float32)
        for index, table in enumerate(tables):
            total += table[part[:, index]]
        found[start : start + _CHUNK] = total.var(axis=1, dtype=np.float64)
    return found
