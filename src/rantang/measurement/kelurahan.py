"""Kelurahan of a city whose survey asked ten households in some of them: the unit model with the register.

The survey knows spending and household size; Dukcapil's list knows the size of every family, and the
register how many of a kelurahan's people stand on the welfare list. That is what the model borrows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import polars as pl

from rantang.errors import RantangError
from rantang.measurement.design import Note, Sample
from rantang.measurement.figures import Figure, Measured
from rantang.measurement.plain import rounded
from rantang.measurement.small_area import areas, eb
from rantang.measurement.small_area.arrays import Floats, with_constant
from rantang.measurement.small_area.checks import Checks, Normality

SEED: Final = 1
METHODS: Final = {"direct": "langsung", "eblup": "model", "synthetic": "sintetis"}
_DIGITS: Final = 6  # of a bootstrap: more would differ with the machine
Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class ByKelurahan:
    """What the unit model says of every kelurahan.

    Attributes
    ----------
    rows
        As `tables.measurement.POVERTY` declares them, without period and line.
    notes
        What a reader must know: `AREA-KECIL-SENSUS` without Dukcapil's list, `AREA-KECIL-TANPA-KOLOM`
        where the survey names no kelurahan, why the model could not be fitted, or `AREA-KECIL-PERIKSA`
        with the residual checks that it does not pass.
    checks
        Those checks with their figures; empty where there is no model.
    """

    rows: Rows = field(default_factory=list)
    notes: tuple[Note, ...] = ()
    checks: dict[str, Any] = field(default_factory=dict)


def by_kelurahan(measured: Measured, city: Figure, census: pl.DataFrame) -> ByKelurahan:
    """Estimate the share of poor people in every kelurahan, asked in the survey or not.

    Parameters
    ----------
    measured
        The survey's figures by kelurahan, with their sample.
    city
        The city's P0, to which the kelurahan add up.
    census
        ``kelurahan_code``, ``size`` (members of a family), ``families``, ``listed`` (share of the
        kelurahan's people who are on the welfare list); every kelurahan with residents.
    """
    sample = measured.sample
    if sample is None or not sample.domains:
        return ByKelurahan(notes=(Note("AREA-KECIL-TANPA-KOLOM", {}),))
    if not census.height:
        return ByKelurahan(notes=(Note("AREA-KECIL-SENSUS", {}),))
    codes = tuple(sorted(census["kelurahan_code"].unique()))
    try:
        found = _estimate(measured, sample, city, census, codes)
    except RantangError as fault:
        return ByKelurahan(notes=(Note(fault.code, dict(fault.values)),))
    doubts = ", ".join(found.checks.concerns)
    notes = (Note("AREA-KECIL-PERIKSA", {"concerns": doubts}),) if doubts else ()
    return ByKelurahan([_row(each) for each in found.rows], notes, _plain(found.checks))


def _plain(checks: Checks) -> dict[str, Any]:
    """The checks as plain values, with the quantiles of the residuals for drawing."""
    gamma = np.quantile(checks.gamma, (0.0, 0.5, 1.0))
    return {
        "residuals": _normality(checks.residuals),
        "effects": _normality(checks.effects),
        "quantiles": [
            [round(float(each), 4) for each in side]
            for side in (checks.residuals.theoretical, checks.residuals.observed)
        ],
        "spread_with_fit": rounded(dict(zip(("rho", "p"), checks.spread_with_fit, strict=True)), _DIGITS),
        **rounded(
            {
                "influence_largest": float(checks.influence.max()),
                "gamma_least": float(gamma[0]), "gamma_median": float(gamma[1]),
                "gamma_most": float(gamma[2]),
                "share_synthetic": checks.share_synthetic, "between": checks.between,
            },
            _DIGITS,
        ),
        "concerns": list(checks.concerns),
    }  # fmt: skip


def _normality(found: Normality) -> dict[str, Any]:
    figures = {"skew": found.skew, "excess_kurtosis": found.excess_kurtosis, "p": found.p_value}
    return {"count": found.count, **rounded(figures, _DIGITS)}


def _estimate(
    measured: Measured, sample: Sample, city: Figure, census: pl.DataFrame, codes: tuple[str, ...]
) -> areas.SmallAreas:
    listed = dict(zip(census["kelurahan_code"], census["listed"], strict=True))
    place = {code: at for at, code in enumerate(codes)}
    at = np.array([place.get(code, -1) for code in sample.domains], dtype=np.int64)[sample.domain]
    line = sample.line if sample.line is not None else np.full(len(sample.welfare), np.nan)
    middle = float(np.average(line, weights=sample.weight))
    asked = (sample.domain >= 0) & (at >= 0) & (sample.welfare > 0)
    share = np.array([listed[code] for code in codes])
    households = sample.weight / np.maximum(sample.persons, 1)
    inside = eb.Sample(
        welfare=(sample.welfare * middle / line)[asked],
        covariates=_facts(sample.persons[asked], share[at[asked]]),
        area=at[asked],
        weight=households[asked],
    )
    size = census["size"].to_numpy().astype(np.float64)
    families = census["families"].to_numpy().astype(np.float64)
    where = np.array([place[code] for code in census["kelurahan_code"]], dtype=np.int64)
    everybody = eb.Census(_facts(size, share[where]), where, size * families, families)
    persons = np.bincount(where, size * families, len(codes)).astype(np.float64)
    direct = _direct(measured, codes, persons)
    whole = areas.City(city.estimate, city.se**2, city.n)
    return areas.by_unit_model(inside, everybody, direct, whole, middle, seed=SEED)


def _facts(size: Floats, listed: Floats) -> Floats:
    """What survey and register both know: large households spend less a head, poor places list more."""
    return with_constant(np.column_stack([np.log(np.maximum(size, 1)), size >= 5, listed]))


def _direct(measured: Measured, codes: tuple[str, ...], persons: Floats) -> areas.Direct:
    rates = {each.domain: each for each in measured.figures if each.statistic == "P0" and each.domain}
    units = {each.domain: each.clusters for each in measured.bases}
    known = [rates.get(code) for code in codes]
    return areas.Direct(
        codes=codes,
        estimate=np.array([each.estimate if each else np.nan for each in known]),
        variance=np.array([each.se**2 if each else np.nan for each in known]),
        households=np.array([each.n if each else 0 for each in known], dtype=np.int64),
        psus=np.array([units.get(code, 0) for code in codes], dtype=np.int64),
        share=persons / persons.sum(),
    )


def _row(each: areas.Row) -> dict[str, Any]:
    numbers = {
        "estimate": each.estimate, "se": each.mse**0.5, "ci_low": each.ci_low, "ci_high": each.ci_high,
        "rse": each.rse,
    }  # fmt: skip
    return {
        "statistic": "P0",
        "level": "kelurahan",
        "area": each.code,
        "method": METHODS[each.kind],
        **rounded(numbers, _DIGITS),
        "deff": None,
        "n": each.households,
        "reliability": each.reliability,
    }
