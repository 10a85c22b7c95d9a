"""Other ways to make the same score, to hold the default against: none is used for an edition.

Each takes what the default takes, `Training`, and returns scores of coded households, the lowest the
poorest. `python -m benchmarks --only targeting` prints them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from rantang.welfare.declared import Codes, Floats
from rantang.welfare.design import columns_of, matrix, shares
from rantang.welfare.errors import lowest
from rantang.welfare.lasso import fit, one_thread
from rantang.welfare.score import Training

Method = Callable[[Training, Codes, float], Floats]


def default(training: Training, codes: Codes, share: float) -> Floats:
    """Weighted LASSO on log consumption, persons weighted (`welfare.lasso`); `share` is not used."""
    return fit(training.codes, training.y, training.weight, training.psu).predict(codes)


def ols(training: Training, codes: Codes, share: float) -> Floats:
    """Weighted least squares on log consumption."""
    from sklearn.linear_model import LinearRegression  # noqa: PLC0415

    seen, asked = _both(training, codes)
    return _linear(LinearRegression(), seen, training.y, training.weight, asked)


def lasso(training: Training, codes: Codes, share: float) -> Floats:
    """LASSO with households weighted alike."""
    even = np.ones(len(training.y))
    return fit(training.codes, training.y, even, training.psu).predict(codes)


def logit(training: Training, codes: Codes, share: float) -> Floats:
    """Logistic regression of being among the poorest `share`."""
    from sklearn.linear_model import LogisticRegression  # noqa: PLC0415

    seen, asked = _both(training, codes)
    poor = lowest(training.y, training.weight, share)
    with one_thread():
        model = LogisticRegression(C=1.0, max_iter=2000)
        model.fit(seen, poor, sample_weight=training.weight / training.weight.mean())
        return np.asarray(-model.decision_function(asked))


def quantile(training: Training, codes: Codes, share: float) -> Floats:
    """Quantile regression of log consumption at the quantile `share`."""
    from sklearn.linear_model import QuantileRegressor  # noqa: PLC0415

    seen, asked = _both(training, codes)
    model = QuantileRegressor(quantile=share, alpha=1e-4, solver="highs")
    return _linear(model, seen, training.y, training.weight, asked)


def poverty_weighted(training: Training, codes: Codes, share: float) -> Floats:
    """Least squares in which the poorest `share` weigh as much as all others together."""
    from sklearn.linear_model import LinearRegression  # noqa: PLC0415

    seen, asked = _both(training, codes)
    poor = lowest(training.y, training.weight, share)
    part = training.weight[poor].sum() / training.weight.sum()
    weight = training.weight * np.where(poor, 0.5 / part, 0.5 / (1 - part))
    return _linear(LinearRegression(), seen, training.y, weight, asked)


def lightgbm(training: Training, codes: Codes, share: float) -> Floats:
    """Boosted trees on log consumption, settings fixed beforehand."""
    from lightgbm import LGBMRegressor  # noqa: PLC0415

    model = LGBMRegressor(
        n_estimators=150, num_leaves=8, learning_rate=0.05, min_child_samples=20, n_jobs=1, verbose=-1,
        deterministic=True, random_state=1,
    )  # fmt: skip
    model.fit(training.codes.astype(np.float64), training.y, sample_weight=training.weight)
    return np.asarray(model.booster_.predict(codes.astype(np.float64)))


METHODS: Final[Mapping[str, Method]] = {
    "default": default,
    "ols": ols,
    "lasso": lasso,
    "logit": logit,
    "quantile": quantile,
    "poverty-weighted": poverty_weighted,
    "lightgbm": lightgbm,
}


def _both(training: Training, codes: Codes) -> tuple[Floats, Floats]:
    columns = columns_of(training.codes, training.weight)
    centre = shares(training.codes, training.weight, columns)
    return matrix(training.codes, columns, centre), matrix(codes, columns, centre)


def _linear(model: Any, seen: Floats, y: Floats, weight: Floats, asked: Floats) -> Floats:
    with one_thread():
        model.fit(seen, y, sample_weight=weight / weight.mean())
        return np.asarray(model.predict(asked))
