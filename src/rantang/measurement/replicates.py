"""Replicate weights: bootstrap, jackknife, balanced half-samples. Multipliers belong to PSUs, never to rows.

With k the replicates and θ the estimate of the whole sample::

    V = scale · sum over replicates  rscale_k · (θ_k - θ)²

centred on the full estimate (R survey's ``mse = TRUE``), not on the replicates' mean.

- bootstrap: in each stratum n - 1 of its n PSUs are drawn with replacement and count n / (n - 1) times
  each (Rao & Wu 1988; R's ``subbootstrap``), scale 1 / (K - 1); with a known population of PSUs the
  multiplier is 1 - r + r · that, r = sqrt(1 - f) (Rao, Wu & Yue 1992), where R knows no correction;
- jackknife: one PSU is left out at a time, the others of its stratum count n / (n - 1) times; rscale
  (1 - f) (n - 1) / n (JKn; with one stratum JK1);
- brr: two PSUs in every stratum, one of them counts twice, chosen by the rows of a Hadamard matrix of
  a power of two; scale 1 / K. No finite population correction, as in R.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from scipy.linalg import hadamard

from rantang.errors import RantangError
from rantang.measurement.design import Design, Floats

Kind = Literal["bootstrap", "jackknife", "brr"]
KINDS: Final[tuple[Kind, ...]] = ("bootstrap", "jackknife", "brr")
BOOTSTRAPS: Final = 500
SEED: Final = 1
FORMULAS: Final = {
    "taylor": "V = sum_h (1 - f_h) n_h / (n_h - 1) sum_c (t_hc - mean t)^2, t: PSU totals of weight x score",
    "bootstrap": "V = 1 / (K - 1) sum_k (theta_k - theta)^2, centred on the full estimate (mse = TRUE)",
    "jackknife": "V = sum_h (1 - f_h) (n_h - 1) / n_h sum_c (theta_hc - theta)^2,"
    " centred on the full estimate (mse = TRUE)",
    "brr": "V = 1 / K sum_k (theta_k - theta)^2, centred on the full estimate (mse = TRUE)",
}
"""The variance formula of each method, as the output states it."""


@dataclass(frozen=True)
class Replicates:
    """Multipliers (PSU × replicate) and what the squared distances are multiplied with."""

    kind: Kind
    multipliers: Floats
    rscales: Floats
    scale: float

    @property
    def count(self) -> int:
        """Number of replicates."""
        return int(self.multipliers.shape[1])

    def variance(self, replicated: Floats, full: Floats) -> Floats:
        """Return the variance along the last axis; replicates that are not numbers are left out."""
        if not self.count:
            return np.zeros_like(np.asarray(full))  # every PSU is certain
        distances = self.rscales * (replicated - np.asarray(full)[..., None]) ** 2
        known = np.isfinite(distances)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = known.sum(axis=-1) / self.count
            found: Floats = self.scale * np.where(known, distances, 0.0).sum(axis=-1) / share
        return found


def replicates(design: Design, kind: Kind, count: int = BOOTSTRAPS, seed: int = SEED) -> Replicates:
    """Make replicate multipliers.

    Parameters
    ----------
    count, seed
        Of the bootstrap; the others have as many replicates as the design asks for and no chance in them.

    Raises
    ------
    RantangError
        `UKUR-REPLIKA-TUNGGAL`: a stratum with one PSU; `UKUR-REPLIKA-BRR`: not two PSUs in each stratum.
    """
    if design.lonely.any():
        raise RantangError("UKUR-REPLIKA-TUNGGAL", count=int(design.lonely.sum()), kind=kind)
    if kind == "jackknife":
        return _jackknife(design)
    return _bootstrap(design, count, seed) if kind == "bootstrap" else _brr(design)


def _bootstrap(design: Design, count: int, seed: int) -> Replicates:
    random = np.random.default_rng(seed)
    multipliers = np.ones((design.units, count))
    first = 0
    for n, left in zip(design.sampled, design.left, strict=True):
        if n > 1:
            drawn = random.integers(0, n, size=(n - 1, count)) * count + np.arange(count)
            times = np.bincount(drawn.ravel(), minlength=n * count).reshape(n, count)
            shrunk = np.sqrt(left)
            multipliers[first : first + n] = 1 - shrunk + shrunk * times * (n / (n - 1))
        first += n
    return Replicates("bootstrap", multipliers, np.ones(count), 1 / (count - 1))


def _jackknife(design: Design) -> Replicates:
    n = design.sampled[design.stratum].astype(np.float64)
    used = np.flatnonzero((n > 1) & (design.left[design.stratum] > 0))
    same = design.stratum[:, None] == design.stratum[used][None, :]
    multipliers = np.where(same, n[:, None] / np.maximum(n[:, None] - 1, 1), 1.0)
    multipliers[used, np.arange(len(used))] = 0.0
    rscales = (design.left[design.stratum] * (n - 1) / n)[used]
    return Replicates("jackknife", multipliers, rscales, 1.0)


def _brr(design: Design) -> Replicates:
    if not (design.sampled == 2).all():
        bad = int((design.sampled != 2).sum())
        raise RantangError("UKUR-REPLIKA-BRR", count=bad)
    strata = len(design.sampled)
    size = 2 ** int(np.ceil(np.log2(strata + 1)))
    # The first column is all 1 and would leave its stratum's half-sample the same throughout.
    signs = hadamard(size)[:, 1 : strata + 1].T.astype(np.float64)
    multipliers = np.repeat(1 + signs, 2, axis=0)
    multipliers[1::2] = 2 - multipliers[1::2]
    return Replicates("brr", multipliers, np.ones(size), 1 / size)
