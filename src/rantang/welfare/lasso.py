"""The default fit: weighted LASSO on log consumption, its penalty chosen on held-out sampling units.

Linear, so that a score is a sum that a person can check; LASSO, so that facts that say nothing drop out.
Against ordinary least squares, logit, quantile regression and LightGBM see docs/explanation/welfare.md.
scikit-learn (extra [stats]) is imported here only, when a model is fitted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.welfare.declared import Codes, Floats, Ints
from rantang.welfare.design import Columns, columns_of, matrix, shares

FOLDS: Final = 5
STEPS: Final = 40
LEAST: Final = 1e-3
"""The smallest penalty tried, as a share of the one at which nothing is left."""


@dataclass(frozen=True)
class Fit:
    """A linear fit: `mean` of log consumption plus `beta` times the centred columns.

    Attributes
    ----------
    penalty
        Share of the penalty at which nothing is left; chosen by cross-validation.
    held_out
        Prediction of each household by the fits that did not see its sampling unit.
    """

    columns: Columns
    centre: Floats
    mean: float
    beta: Floats
    penalty: float
    held_out: Floats

    def predict(self, codes: Codes) -> Floats:
        """Return predicted log consumption a head."""
        return np.asarray(self.mean + matrix(codes, self.columns, self.centre) @ self.beta)


def installed() -> bool:
    """Say whether scikit-learn is there."""
    try:
        import sklearn  # noqa: F401, PLC0415
    except ImportError:
        return False
    return True


@contextmanager
def one_thread() -> Iterator[None]:
    """Let linear algebra use one thread, so that sums are taken in one order."""
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    with threadpool_limits(limits=1):
        yield


def folds(psu: Ints, turn: int = 0) -> Ints:
    """Deal sampling units to `FOLDS` folds in their order, `turn` shuffles them (0: as they stand)."""
    units = np.unique(psu)
    order = np.random.default_rng(turn).permutation(len(units)) if turn else np.arange(len(units))
    dealt = np.empty(len(units), dtype=np.int64)
    dealt[order] = np.arange(len(units)) % FOLDS
    return np.asarray(dealt[np.searchsorted(units, psu)], dtype=np.int64)


def fit(codes: Codes, y: Floats, weight: Floats, psu: Ints) -> Fit:
    """Fit log consumption `y` on coded facts; households of one `psu` are held out together."""
    columns = columns_of(codes, weight)
    fold = folds(psu)
    with one_thread():
        grid = np.geomspace(1.0, LEAST, STEPS)
        paths = np.zeros((STEPS, len(y)))
        for number in range(FOLDS):
            seen, left = fold != number, fold == number
            if not seen.any() or not left.any():
                continue
            centre = shares(codes[seen], weight[seen], columns)
            mean, betas = path(codes[seen], y[seen], weight[seen], columns, centre, grid)
            paths[:, left] = mean + betas @ matrix(codes[left], columns, centre).T
        loss = ((paths - y) ** 2 * weight).sum(axis=1)
        best = int(loss.argmin())
        centre = shares(codes, weight, columns)
        mean, betas = path(codes, y, weight, columns, centre, grid[: best + 1])
    return Fit(columns, centre, mean, np.asarray(betas[-1]), float(grid[best]), paths[best])


def path(
    codes: Codes, y: Floats, weight: Floats, columns: Columns, centre: Floats, grid: Floats
) -> tuple[float, Floats]:
    """Return the mean of `y` and the coefficients for each penalty of `grid` (shares of the largest)."""
    from sklearn.linear_model import lasso_path  # noqa: PLC0415

    x = matrix(codes, columns, centre)
    w = weight / weight.sum()
    mean = float(w @ y)
    spread = np.sqrt(np.maximum(w @ (x * x) - (w @ x) ** 2, 1e-12))
    root = np.sqrt(w * len(y))[:, None]
    scaled = np.asfortranarray(x / spread * root)
    target = (y - mean) * root[:, 0]
    gram = scaled.T @ scaled
    product = scaled.T @ target
    largest = float(np.abs(product).max()) / len(y) if len(product) else 0.0
    if largest <= 0:
        return mean, np.zeros((len(grid), len(columns)))
    _, betas, _ = lasso_path(
        scaled, target, alphas=grid * largest, precompute=gram, Xy=product, tol=1e-6, max_iter=5000
    )
    return mean, np.asarray(betas.T / spread)
