"""Confidence intervals: Wald, logit, Korn & Graubard; those of shares stay between 0 and 1.

t quantiles with PSUs minus strata degrees of freedom, as R survey's ``svyciprop``. The default for shares
was chosen by the coverage table in `docs/reference/coverage.md`; amounts, which are never below 0, have
Wald's interval of their logarithm.
"""

from __future__ import annotations

import math
from typing import Final, Literal

from scipy.special import betaincinv, stdtrit

Method = Literal["wald", "logit", "beta"]
METHODS: Final[tuple[Method, ...]] = ("wald", "logit", "beta")
DEFAULT: Final[Method] = "logit"
LEVEL: Final = 0.95
Interval = tuple[float, float]
NONE: Final[Interval] = (math.nan, math.nan)


def interval(
    method: Method, estimate: float, se: float, df: int, n: int, level: float = LEVEL, *, share: bool = True
) -> Interval:
    """Return the interval of an estimate.

    Parameters
    ----------
    df
        Degrees of freedom: PSUs minus strata. Without any there is no interval.
    n
        Sampled rows (Korn & Graubard's sample size).
    share
        Whether the estimate is a share, in [0, 1]; else that of an amount, whatever the method.
    """
    if df < 1 or not math.isfinite(estimate) or not math.isfinite(se):
        return NONE
    far = float(stdtrit(df, 0.5 + level / 2)) * se
    if not share and estimate > 0:
        return estimate * math.exp(-far / estimate), estimate * math.exp(far / estimate)
    if not share:
        return estimate - far, estimate + far
    nobody = not (0 < estimate < 1 and se > 0)
    if method == "beta" or (method == "logit" and nobody):
        return korn_graubard(estimate, se, df, n, level)
    if method == "logit":
        middle, spread = math.log(estimate / (1 - estimate)), far / (estimate * (1 - estimate))
        return _logistic(middle - spread), _logistic(middle + spread)
    return max(estimate - far, 0.0), min(estimate + far, 1.0)


def korn_graubard(estimate: float, se: float, df: int, n: int, level: float = LEVEL) -> Interval:
    """Return Clopper & Pearson's interval at the effective sample size (Korn & Graubard 1998; R ``beta``).

    The size is p(1 - p)/V times the squared ratio of t quantiles with n - 1 and with df; where V is 0 (nobody
    poor in the sample) the sampled rows stand for it, which is too hopeful for a clustered sample.
    """
    if not 0 <= estimate <= 1 or n < 2:
        return NONE
    tail = (1 - level) / 2
    if se > 0 and 0 < estimate < 1:
        ratio = float(stdtrit(n - 1, tail) / stdtrit(df, tail))
        size = estimate * (1 - estimate) / se**2 * ratio**2
    elif 0 < estimate < 1:
        return estimate, estimate
    else:
        size = float(n)
    return _beta(tail, size * estimate, size * (1 - estimate) + 1), _beta(
        1 - tail, size * estimate + 1, size * (1 - estimate)
    )


def _beta(p: float, a: float, b: float) -> float:
    if a <= 0:
        return 0.0
    return 1.0 if b <= 0 else float(betaincinv(a, b, p))


def _logistic(value: float) -> float:
    if value < 0:
        return math.exp(value) / (1 + math.exp(value))
    return 1 / (1 + math.exp(-value))
