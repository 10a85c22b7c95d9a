"""The households of the survey on which the score is learnt: consumption, design, and the same facts."""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rantang.welfare.declared import Codes, Fact, Floats, facts
from rantang.welfare.features import answer_of

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Households:
    """Interviewed households, in an order that does not depend on the file's.

    Attributes
    ----------
    codes
        Households × facts, in the order of `declared.facts()`.
    consumption
        Rupiah a head a month.
    weight, size
        The household's weight and members; a person's weight is their product.
    psu, stratum
        Numbers of the primary sampling unit and the stratum.
    line
        The poverty line that the file carries, rupiah a head a month; NaN where it has none.
    disabled
        Members with a disability; NaN where not asked.
    kelurahan
        As the file writes it.
    """

    codes: Codes
    consumption: Floats
    weight: Floats
    size: Floats
    psu: Ints
    stratum: Ints
    line: float
    disabled: Floats
    kelurahan: npt.NDArray[np.object_]

    @property
    def persons(self) -> Floats:
        """Weight of the household's persons together."""
        return self.weight * self.size


def read(rows: ir.Table) -> Households:
    """Read the typed rows of `survei`: one household a row, or its first row where there are several.

    Rows without consumption, weight or members above zero teach nothing and are left out.
    """
    made = rows.select(
        "row_key",
        household=_text(rows, "id_rumah_tangga"),
        psu=ibis.coalesce(_text(rows, "psu"), rows.row_key),
        stratum=ibis.coalesce(_text(rows, "strata"), ""),
        kelurahan=ibis.coalesce(rows.area_code, rows.kelurahan, ""),
        weight=ibis.coalesce(_number(rows, "bobot"), 1.0),
        size=ibis.coalesce(_number(rows, "jumlah_anggota"), 1.0),
        consumption=_number(rows, "pengeluaran_kapita"),
        spent=_number(rows, "pengeluaran"),
        line=_number(rows, "garis_kemiskinan"),
        disabled=_number(rows, "disabilitas"),
        **{f"f_{fact.name}": answer_of(rows, fact, "survei") for fact in facts()},
    )
    made = made.mutate(consumption=ibis.coalesce(made.consumption, made.spent / made["size"]))
    same = [made.stratum, made.psu, ibis.coalesce(made.household, made.row_key)]
    made = made.mutate(nth=ibis.row_number().over(group_by=same, order_by=made.row_key))
    good = (made.nth == 0) & (made.consumption > 0) & (made.weight > 0) & (made["size"] > 0)
    return _households(made.filter(good).order_by("row_key").to_pyarrow())


def _households(rows: pa.Table) -> Households:
    def floats(name: str) -> Floats:
        return np.asarray(rows[name].cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)

    def numbered(*names: str) -> Ints:
        text = np.array(
            ["|".join(pair) for pair in zip(*(rows[name].to_pylist() for name in names), strict=True)]
        )
        return (
            np.unique(text, return_inverse=True)[1].astype(np.int64) if len(text) else np.zeros(0, np.int64)
        )

    lines = floats("line")
    known = lines[np.isfinite(lines)]
    return Households(
        codes=np.column_stack([_column(rows, fact, floats("size")) for fact in facts()]),
        consumption=floats("consumption"),
        weight=floats("weight"),
        size=floats("size"),
        psu=numbered("stratum", "psu"),
        stratum=numbered("stratum"),
        line=float(np.median(known)) if len(known) else float("nan"),
        disabled=floats("disabled"),
        kelurahan=np.array(rows["kelurahan"].to_pylist(), dtype=object),
    )


def _column(rows: pa.Table, fact: Fact, size: Floats) -> Codes:
    column = rows[f"f_{fact.name}"]
    if not fact.per_member:
        return np.asarray(column.fill_null(-1).to_numpy(zero_copy_only=False), dtype=np.int8)
    number = np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
    return fact.of_numbers(number / size)


def _text(rows: ir.Table, name: str) -> ir.StringValue:
    return rows[name].cast("string") if name in rows.columns else ibis.null("string")


def _number(rows: ir.Table, name: str) -> ir.FloatingValue:
    return rows[name].cast("float64") if name in rows.columns else ibis.null("float64")
