"""One row per area: the way in for `rantang measure` and the report's page.

Two roads lead here. With microdata that carry facts a census or register also knows, the unit model
(`by_unit_model`, empirical best); with direct estimates and facts of areas only, the area model
(`by_area_model`, Fay–Herriot). Both end benchmarked to the city's figure, marked by BPS's rule, with
their residual checks. Without an area column neither is possible, and `require_areas` says so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

import numpy as np
from scipy.special import ndtri

from rantang.errors import RantangError
from rantang.measurement.reliability import USABLE, mark
from rantang.measurement.small_area import arcsine, checks, eb, fay_herriot
from rantang.measurement.small_area.arrays import Flags, Floats, Whole, with_constant
from rantang.measurement.small_area.benchmarking import Benchmarked, Way, benchmark
from rantang.measurement.small_area.smoothing import design_effect, smoothed_variances

Kind: TypeAlias = Literal["direct", "eblup", "synthetic"]
# An area's own variance is worth something from so many blocks on; fewer never stand alone.
OWN_BLOCKS: Final = 5
_Z: Final = float(ndtri(0.975))


@dataclass(frozen=True)
class City:
    """The city's direct figure: rate (a fraction), its design variance, sampled households."""

    estimate: float
    variance: float
    households: int

    @property
    def deff(self) -> float:
        """The design effect, households as the unit; at least 1."""
        return design_effect(self.variance, self.estimate, self.households)


@dataclass(frozen=True)
class Direct:
    """Direct estimates by area, (D,) each, sampled or not.

    Rate (NaN unsampled), its design variance (NaN unknown; 0 may be), sampled households and PSUs (0
    unsampled), share of the city's persons (adding up to 1).
    """

    codes: tuple[str, ...]
    estimate: Floats
    variance: Floats
    households: Whole
    psus: Whole
    share: Floats


@dataclass(frozen=True)
class Row:
    """An area's figure. Rates, rse and interval (95 %) are fractions; ``mse`` is squared fractions.

    ``model`` is the estimate before benchmarking; ``gamma`` how far the area's own sample is believed.
    """

    code: str
    estimate: float
    mse: float
    rse: float
    ci_low: float
    ci_high: float
    kind: Kind
    households: int
    psus: int
    reliability: str
    model: float
    gamma: float


@dataclass(frozen=True)
class SmallAreas:
    """The result table, the city's figure it adds up to, the model's own sum before, and the checks.

    ``scale`` is the formula on which the model stands; ``seed`` the bootstrap's (None where there is none).
    """

    rows: tuple[Row, ...]
    method: str
    statistic: str
    city: float
    before: float
    checks: checks.Checks
    scale: str
    seed: int | None = None


def require_areas(column: str | None, columns: Sequence[str]) -> str:
    """Return the column that says where a household lives.

    Raises
    ------
    RantangError
        ``AREA-KECIL-TANPA-KOLOM``: there is none, as in the public files of the Susenas.
    """
    if column is None or column not in columns:
        raise RantangError("AREA-KECIL-TANPA-KOLOM")
    return column


def places(codes: Sequence[str], named: Sequence[str]) -> Whole:
    """Return where each code of `named` stands in `codes`.

    Raises
    ------
    RantangError
        ``AREA-KECIL-TAK-DIKENAL``: `named` holds others.
    """
    place = {code: at for at, code in enumerate(codes)}
    if strange := sorted({code for code in named if code not in place}):
        raise RantangError("AREA-KECIL-TAK-DIKENAL", areas=", ".join(strange[:5]))
    return np.array([place[code] for code in named], dtype=np.int64)


def by_area_model(
    direct: Direct,
    covariates: Floats,
    city: City,
    *,
    scale: Literal["identity", "arcsine"] = "identity",
    method: fay_herriot.Method = "REML",
    way: Way = "odds",
    keep_usable: bool = False,
) -> SmallAreas:
    """Return Fay–Herriot estimates of a rate for every area.

    Parameters
    ----------
    covariates
        (D, p) facts of *all* areas, without the constant.
    scale
        The rate itself with smoothed variances, or ``arcsine`` (see that module): its errors tell the truth
        better, but its estimates are .03 too low where areas have ten households (measured).
    keep_usable
        Areas with at least `OWN_BLOCKS` PSUs and a direct RSE of at most 25 % keep their direct figure.

    Raises
    ------
    RantangError
        ``AREA-KECIL-SEDIKIT``, ``AREA-KECIL-KOVARIAT``, ``AREA-KECIL-KOSONG``: see `fay_herriot.fit`.
    """
    rows = ~np.isfinite(covariates).all(axis=1)
    if rows.any():
        raise RantangError("AREA-KECIL-KOSONG", count=int(rows.sum()), what="covariates")
    wide = with_constant(covariates)
    households = direct.households.astype(np.float64)
    seen = households > 0
    rate = np.where(seen, direct.estimate, np.nan)
    if scale == "arcsine":
        variance = arcsine.sampling_variance(households, city.deff)
        fitted = fay_herriot.fit(arcsine.forward(rate), variance, wide, method)
        z = np.clip(fitted.estimate, 0.0, np.pi / 2)
        estimate, mse = arcsine.backward(z, fitted.g1), arcsine.spread(z, fitted.mse)
    else:
        variance = smoothed_variances(households, city.estimate, city.deff)
        fitted = fay_herriot.fit(rate, variance, wide, method)
        estimate, mse = np.clip(fitted.estimate, 0.0, 1.0), fitted.mse
    keep = usable(direct) if keep_usable else np.zeros(len(seen), dtype=bool)
    estimate, mse = np.where(keep, direct.estimate, estimate), np.where(keep, direct.variance, mse)
    done = benchmark(estimate, mse, direct.share, city.estimate, way, keep)
    made = _rows(direct, done, estimate, fitted.gamma, keep)
    formula = "arcsin(sqrt(p))" if scale == "arcsine" else "p"
    said = checks.of_area_model(fitted)
    return SmallAreas(made, "fay-herriot", "P0", city.estimate, done.before, said, formula)


def by_unit_model(
    sample: eb.Sample,
    census: eb.Census,
    direct: Direct,
    city: City,
    line: float,
    *,
    alpha: int = 0,
    replicates: int = 200,
    seed: int,
    way: Way = "odds",
    keep_usable: bool = False,
) -> SmallAreas:
    """Return empirical best estimates of P0, P1 or P2 (`alpha`) for every area.

    `sample.area` and `census.area` are places in `direct.codes` (`places`); covariates have a constant.
    `direct` and `city` are of the same statistic. `seed` is the bootstrap's.

    Raises
    ------
    RantangError
        ``AREA-KECIL-SEDIKIT``, ``AREA-KECIL-KOVARIAT``, ``AREA-KECIL-KOSONG``: see `eb.fit`; an area of
        which the census has nobody counts as missing.
    """
    cells = eb.as_cells(census)
    model = eb.fit(sample, len(direct.codes))
    estimate = eb.predict(model, cells, line, (alpha,))[:, 0]
    empty = np.isnan(estimate)
    if empty.any():
        raise RantangError("AREA-KECIL-KOSONG", count=int(empty.sum()), what="census")
    mse = eb.bootstrap_mse(model, cells, line, (alpha,), replicates=replicates, seed=seed)[:, 0]
    keep = usable(direct) if keep_usable else np.zeros(len(empty), dtype=bool)
    estimate, mse = np.where(keep, direct.estimate, estimate), np.where(keep, direct.variance, mse)
    done = benchmark(estimate, mse, direct.share, city.estimate, way, keep)
    made = _rows(direct, done, estimate, model.fitted.gamma[:, 0], keep)
    said, formula = checks.of_unit_model(model), model.scale.formula
    return SmallAreas(made, "eb", f"P{alpha}", city.estimate, done.before, said, formula, seed)


def usable(direct: Direct) -> Flags:
    """Return which areas' direct figures may stand alone: enough blocks, and BPS's RSE of 25 %."""
    rse = _rse(direct.estimate, direct.variance)
    enough = (direct.psus >= OWN_BLOCKS) & (direct.variance > 0)
    return np.array([good and mark(float(each)) == USABLE for good, each in zip(enough, rse, strict=True)])


def interval(estimate: Floats, mse: Floats) -> tuple[Floats, Floats]:
    """Return 95 % intervals of rates: estimate ± 1.96 root MSE, cut at 0 and 1.

    Not on the logit scale, as for direct figures: the error of a model is as likely above as below, and
    where the truth is near 0 logit intervals miss it (`benchmarks/small_areas.py`: covered .61 against .89).
    """
    reach = _Z * np.sqrt(mse)
    return np.clip(estimate - reach, 0.0, 1.0), np.clip(estimate + reach, 0.0, 1.0)


def _rse(estimate: Floats, variance: Floats) -> Floats:
    """Return relative standard errors; NaN where the estimate is 0 or unknown."""
    there = np.isfinite(estimate) & (estimate > 0)
    return np.where(there, np.sqrt(variance) / np.where(there, estimate, 1.0), np.nan)


def _rows(direct: Direct, done: Benchmarked, model: Floats, gamma: Floats, keep: Flags) -> tuple[Row, ...]:
    rse = _rse(done.estimate, done.mse)
    low, high = interval(done.estimate, done.mse)
    return tuple(
        Row(
            code=code,
            estimate=float(done.estimate[d]),
            mse=float(done.mse[d]),
            rse=float(rse[d]),
            ci_low=float(low[d]),
            ci_high=float(high[d]),
            kind=_kind(bool(keep[d]), float(gamma[d])),
            households=int(direct.households[d]),
            psus=int(direct.psus[d]),
            reliability=mark(float(rse[d])),
            model=float(model[d]),
            gamma=float(gamma[d]),
        )
        for d, code in enumerate(direct.codes)
    )


def _kind(kept: bool, gamma: float) -> Kind:
    """A sampled area in which the model believes only the covariates is synthetic like any other."""
    if kept:
        return "direct"
    return "eblup" if gamma > 0 else "synthetic"
