"""The households of the survey on which the score is learnt: consumption, design, and the same facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rantang.welfare.declared import SOURCES, Codes, Fact, Floats, Ints, facts
from rantang.welfare.features import answer_of
from rantang.welfare.membership import AID, Said

HEAD: Final = "1"
"""Relation of the head of a household (Regsosek)."""
OF_HEAD: Final = {
    "usia_kepala": "usia",
    "jenis_kelamin_kepala": "sex",
    "pendidikan_kepala": "pendidikan",
    "pekerjaan_kepala": "pekerjaan",
}
"""What a household's columns say of its head, and the column of the head's own row that says the same."""


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
        The poverty line that the file carries, rupiah a head a month; NaN where not every row has one.
    disabled
        Members with a disability; NaN where not asked.
    kelurahan
        As the file writes it.
    said
        On which lists it stands and what aid it receives.
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
    said: Said

    @property
    def persons(self) -> Floats:
        """Weight of the household's persons together."""
        return self.weight * self.size


def read(rows: ir.Table) -> Households:
    """Read the typed rows of `survei`, one a household or one a person.

    Rows without consumption, weight or members above zero teach nothing and are left out.
    """
    rows = as_households(rows)
    made = rows.select(
        *("row_key", "household", "psu", "stratum"),
        kelurahan=ibis.coalesce(_text(rows, "area_code"), _text(rows, "kelurahan"), ""),
        weight=ibis.coalesce(_number(rows, "bobot"), 1.0),
        size=ibis.coalesce(_number(rows, "jumlah_anggota"), 1.0),
        consumption=_number(rows, "pengeluaran_kapita"),
        spent=_number(rows, "pengeluaran"),
        line=_number(rows, "garis_kemiskinan"),
        disabled=_number(rows, "disabilitas"),
        **{f"on_{source}": _yes(rows, f"di_{source}") for source in SOURCES},
        **{f"aid_{name}": _yes(rows, f"terima_{name}") for name in AID},
        **{f"f_{fact.name}": answer_of(rows, fact, "survei") for fact in facts()},
    )
    made = made.mutate(consumption=ibis.coalesce(made.consumption, made.spent / made["size"]))
    good = (made.consumption > 0) & (made.weight > 0) & (made["size"] > 0)
    return _households(made.filter(good).order_by("row_key").to_pyarrow())


def as_households(rows: ir.Table) -> ir.Table:
    """Return one row a household: what its rows say first, the head's before the others'.

    Where a row is a person, members, children, elderly and disabled are counted, and the head's age, sex,
    schooling and work taken from the head's row; what a column of the household says goes before.
    """
    asked = dict.fromkeys(OF_HEAD.values(), "string") | {"usia": "float64", "disabilitas": "float64"}
    absent = {name: ibis.null(kind) for name, kind in asked.items() if name not in rows.columns}
    rows = rows.mutate(**absent)
    t = _numbered(rows)
    same = ("stratum", "psu", "household")
    alone = t.count().over(group_by=same) == 1
    t = t.mutate(is_head=(_text(t, "relation") == HEAD).fill_null(False) | alone)
    order = [ibis.desc(t.is_head), t.row_key]
    t = t.mutate(nth=ibis.row_number().over(group_by=same, order_by=order))
    said = [name for name in t.columns if name not in {*same, "nth", "is_head", "row_key"}]
    counted = t.group_by(*same).agg(
        row_key=t.row_key.min(),
        persons=t.count(),
        under_15=(_number(t, "usia") < 15).sum(),
        from_60=(_number(t, "usia") >= 60).sum(),
        with_disability=(_number(t, "disabilitas") > 0).sum(),
        **{f"head_{name}": _first(t, name, t.is_head) for name in OF_HEAD.values()},
        **{f"said_{name}": _first(t, name) for name in said},
    )
    named = counted.rename({name: f"said_{name}" for name in said})
    by_person = named.persons > 1
    return named.mutate(
        jumlah_anggota=ibis.coalesce(_number(named, "jumlah_anggota"), named.persons.cast("float64")),
        anak=ibis.coalesce(_number(named, "anak"), named.under_15.cast("float64")),
        lansia=ibis.coalesce(_number(named, "lansia"), named.from_60.cast("float64")),
        disabilitas=by_person.ifelse(named.with_disability.cast("float64"), _number(named, "disabilitas")),
        **{
            field: ibis.coalesce(_text(named, field), named[f"head_{name}"].cast("string"))
            for field, name in OF_HEAD.items()
        },
    )


def _numbered(rows: ir.Table) -> ir.Table:
    """Add ``stratum, psu, household``, which name a household together.

    Households are often numbered anew in each block. So rows without a block are one household by their
    number only where they are its members: each says how he is related, and no second head is among them.
    Without blocks households were drawn: each is its own.
    """
    t = rows.mutate(
        household=ibis.coalesce(_text(rows, "id_rumah_tangga"), rows.row_key),
        psu=_text(rows, "psu"),
        stratum=ibis.coalesce(_text(rows, "strata"), ""),
        related=_text(rows, "relation"),
    )
    numbered = ibis.window(group_by=("stratum", "household"))
    heads = (t.related == HEAD).fill_null(False).cast("int64").sum().over(numbered)
    all_related = t.related.count().over(numbered) == t.count().over(numbered)
    t = t.mutate(block=t.psu.min().over(numbered), members=all_related & (heads <= 1))
    return t.mutate(
        household=(t.members | t.psu.notnull()).ifelse(t.household, t.row_key),
        psu=ibis.coalesce(t.psu, t.members.ifelse(ibis.coalesce(t.block, t.household), t.row_key)),
    ).drop("related", "block", "members")


def _first(t: ir.Table, name: str, where: ir.BooleanValue | None = None) -> ir.Value:
    """Return the first answer among a household's rows."""
    answered = t[name].notnull() if where is None else t[name].notnull() & where
    return t[name].argmin(t.nth, where=answered)


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
    lined = bool(len(lines) and np.isfinite(lines).all())
    return Households(
        codes=np.column_stack([_column(rows, fact, floats("size")) for fact in facts()]),
        consumption=floats("consumption"),
        weight=floats("weight"),
        size=floats("size"),
        psu=numbered("stratum", "psu"),
        stratum=numbered("stratum"),
        line=float(np.median(lines)) if lined else float("nan"),
        disabled=floats("disabled"),
        kelurahan=np.array(rows["kelurahan"].to_pylist(), dtype=object),
        said=Said(
            listed=np.column_stack([floats(f"on_{source}") for source in SOURCES]),
            aid=np.column_stack([floats(f"aid_{name}") for name in AID]),
        ),
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


def _yes(rows: ir.Table, name: str) -> ir.FloatingValue:
    """Return 1 or 0, null where not asked."""
    return _text(rows, name).cases(("true", 1.0), ("false", 0.0), else_=ibis.null("float64"))
