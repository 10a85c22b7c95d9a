"""A distribution of a rate: a mixture of normals on the logit, as exact as the grid it comes from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit, ndtr

Floats = NDArray[np.float64]


def to_logit(rate: float | Floats) -> Floats:
    """Return the logit of a rate in per cent."""
    return np.asarray(logit(np.asarray(rate, dtype=float) / 100))


def to_rate(value: float | Floats) -> Floats:
    """Return the rate in per cent of a logit."""
    return np.asarray(100 * expit(np.asarray(value, dtype=float)))


@dataclass(frozen=True)
class Mixture:
    """Normals on the logit with weights that add up to 1."""

    weights: Floats
    means: Floats
    sds: Floats

    def cdf(self, rate: float | Floats) -> Floats:
        """Return the probability of a rate (per cent) at or below `rate`."""
        x = np.asarray(rate, dtype=float)
        inside = to_logit(np.clip(x, 1e-9, 100 - 1e-9))
        below = ndtr((inside[..., None] - self.means) / self.sds) @ self.weights
        return np.asarray(np.where(x <= 0, 0.0, np.where(x >= 100, 1.0, np.clip(below, 0.0, 1.0))))

    def quantile(self, q: float) -> float:
        """Return the rate (per cent) below which the share `q` lies, by bisection on the logit."""
        low = float((self.means - 12 * self.sds).min())
        high = float((self.means + 12 * self.sds).max())
        for _ in range(80):
            middle = (low + high) / 2
            if float(ndtr((middle - self.means) / self.sds) @ self.weights) < q:
                low = middle
            else:
                high = middle
        return float(to_rate((low + high) / 2))

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Return the central interval of a level, per cent."""
        return self.quantile((1 - level) / 2), self.quantile((1 + level) / 2)

    def wider(self, sd: float) -> Mixture:
        """Return the distribution with an independent error of this SD (logit) added."""
        return Mixture(self.weights, self.means, np.hypot(self.sds, sd))

    def sd(self) -> float:
        """Return the standard deviation on the logit."""
        mean = float(self.weights @ self.means)
        return float(np.sqrt(self.weights @ (self.sds**2 + (self.means - mean) ** 2)))
