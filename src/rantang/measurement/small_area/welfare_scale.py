"""On which scale welfare is normal: its logarithm, a shifted logarithm, or a Box–Cox power.

The scale is chosen by the restricted likelihood of the nested error model of *rescaled* values, divided by
the geometric mean of the scale's slope, so that all scales speak in the unit of welfare and the choice
does not depend on the currency (Box & Cox 1964; Gurka et al. 2006; Rojas-Perilla et al. 2020, JRSS A
183). The plain logarithm stays unless another gains at least `GAIN`, half the 99 % point of chi² with the
one parameter more (two rivals are tried); so a scale is never chosen to please a few rows. A rival's
parameter has `_DIGITS` decimals: a likelihood is flat at its peak, and further ones would be the machine's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_ndtr, ndtr

from rantang.errors import RantangError
from rantang.measurement.small_area import nested_error
from rantang.measurement.small_area.arrays import Floats

_Made: TypeAlias = Callable[[float], "Scale"]
GAIN: Final = 3.32
POWERS: Final = (-1.0, 1.0)
_DIGITS: Final = 2
_NODES, _NODE_WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True)
class Scale:
    """w = log(y + shift) with `power` 0, else ((y + shift)^power - 1) / power; the unit is that of y."""

    power: float = 0.0
    shift: float = 0.0

    @property
    def formula(self) -> str:
        """How the scale is written on a page, for instance ``log(y - 444)``."""
        y = f"y {'+' if self.shift > 0 else '-'} {abs(self.shift):.6g}" if self.shift else "y"
        return f"(({y})^{self.power:.3g} - 1) / {self.power:.3g}" if self.power else f"log({y})"

    def forward(self, welfare: Floats | float) -> Floats:
        """Return welfare on the scale of the model.

        Raises
        ------
        RantangError
            ``AREA-KECIL-KOSONG``: some welfare + shift is not positive.
        """
        shifted = np.asarray(welfare, dtype=np.float64) + self.shift
        wrong = ~(shifted > 0)
        if wrong.any():
            raise RantangError("AREA-KECIL-KOSONG", count=int(wrong.sum()), what="log(welfare)")
        if self.power == 0:
            return np.asarray(np.log(shifted), dtype=np.float64)
        return np.asarray(np.expm1(self.power * np.log(shifted)) / self.power, dtype=np.float64)

    def backward(self, scaled: Floats) -> Floats:
        """Return welfare; what the scale cannot hold is its nearest end (0 or infinity), never negative."""
        with np.errstate(divide="ignore", over="ignore"):
            if self.power == 0:
                shifted = np.exp(scaled)
            else:
                shifted = np.maximum(self.power * scaled + 1, 0.0) ** (1 / self.power)
        return np.asarray(np.maximum(shifted - self.shift, 0.0), dtype=np.float64)

    def log_slope(self, welfare: Floats) -> float:
        """Return the mean of log dw/dy: minus it, the log of what brings the scale to the unit of y."""
        slope: float = (self.power - 1) * float(np.log(welfare + self.shift).mean())
        return slope


def choose(given: nested_error.Groups, welfare: Floats) -> Scale:
    """Return the scale on which the nested error model of `welfare` (n,) is likeliest; see above.

    Where some welfare is zero or negative only the shifted logarithm is possible.
    """
    smallest, middle = float(welfare.min()), float(np.median(welfare))
    free: int = len(welfare) - given.basis.shape[1]

    def likelihood(scale: Scale) -> float:
        fitted = nested_error.fit(given, scale.forward(welfare)[:, None], exact=False)
        return float(fitted.log_likelihood[0]) + free * scale.log_slope(welfare)

    def best(make: _Made, low: float, high: float) -> Scale:
        found = minimize_scalar(lambda at: -likelihood(make(float(at))), bounds=(low, high), method="bounded")
        return make(round(float(found.x), _DIGITS))

    unit = max(middle - smallest, abs(middle), np.finfo(np.float64).tiny)
    shifted = best(lambda at: Scale(0.0, math.exp(at) * unit - smallest), math.log(1e-3), math.log(10.0))
    if smallest <= 0:
        return shifted
    rivals = [shifted, best(lambda at: Scale(power=at), *POWERS)]
    winner = max(rivals, key=likelihood)
    return winner if likelihood(winner) > likelihood(Scale()) + GAIN else Scale()


def expected_fgt(
    mean: Floats, deviation: Floats, line: float, scale: Scale, alphas: Iterable[int]
) -> dict[int, Floats]:
    """Return E[(1 - y/line)^alpha, y < line] by alpha, where the scaled y ~ N(mean, deviation²).

    Closed for alpha 0 on every scale, and for any whole alpha on a logarithm that is not shifted upwards;
    else Gauss–Legendre over the poor part of the distribution (32 points: 1e-7 and better), once for
    all alphas. Negative welfare counts as 0.
    """
    asked = sorted(set(alphas))
    edge = (scale.forward(line) - mean) / deviation
    if scale.power == 0 and scale.shift <= 0:
        # 1 - y/line = (1 + shift/line) (1 - exp(w - w(line))): the lognormal's moments, scaled.
        return {
            alpha: np.asarray((1 + scale.shift / line) ** alpha * _closed(edge, deviation, alpha))
            for alpha in asked
        }
    found = _by_quadrature(mean, deviation, edge, line, scale, [alpha for alpha in asked if alpha])
    return found | ({0: np.asarray(ndtr(edge), dtype=np.float64)} if 0 in asked else {})


def _closed(edge: Floats, deviation: Floats, alpha: int) -> Floats:
    """Lognormal: sum over k of C(alpha, k) (-1)^k E[(y/line)^k, y < line] (partial moments)."""
    total = np.asarray(ndtr(edge), dtype=np.float64)
    binomial = 1.0
    for k in range(1, alpha + 1):
        binomial *= -(alpha - k + 1) / k
        power = k * deviation
        total = total + binomial * np.exp(power * (power / 2 - edge) + log_ndtr(edge - power))
    return np.maximum(total, 0.0)


def _by_quadrature(
    mean: Floats, deviation: Floats, edge: Floats, line: float, scale: Scale, alphas: Sequence[int]
) -> dict[int, Floats]:
    if not alphas:
        return {}
    # From 7 deviations below the mean or the line, whichever is lower: nothing is left beyond.
    low, high = np.minimum(edge, 0.0) - 7, np.minimum(edge, 7)
    half, middle = (high - low) / 2, (high + low) / 2
    total = {alpha: np.zeros(np.broadcast(mean, deviation).shape) for alpha in alphas}
    for node, weight in zip(_NODES, _NODE_WEIGHTS, strict=True):
        at = middle + half * node
        gap = np.maximum(1 - scale.backward(mean + deviation * at) / line, 0.0)
        part = (weight / np.sqrt(2 * np.pi)) * half * np.exp(-(at**2) / 2)
        for alpha in range(1, max(alphas) + 1):
            part = part * gap
            if alpha in total:
                total[alpha] += part
    return total
