"""The stand-in where there is no score: the class of each family from the decile of an official list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from rantang.tables.keep import Keep
from rantang.tables.welfare import WELFARE
from rantang.welfare.declared import SOURCES

NOT_SURVEYED = "belum-didata"


def classify(
    families: ir.Table,
    persons: ir.Table,
    links: ir.Table,
    typed: Mapping[str, ir.Table],
    definition: Mapping[str, Sequence[int]],
    period: str,
    keep: Keep,
) -> ir.Table:
    """Return the class of every family (`WELFARE`).

    Parameters
    ----------
    families, persons, links
        The register.
    typed
        Typed rows by kind; `dtsen` and `p3ke` are read, their column `desil_nasional`.
    definition
        Which deciles make which class (`[classes]` of the place's city.toml).
    period
        The edition's month, ``YYYY-MM``; a list of a later month is not read.

    Notes
    -----
    A decile is the family's. Where its members stand with different ones, the poorest counts:
    doubt never takes anything from a family.
    """
    known = [_deciles(links, typed[kind], kind, order) for order, kind in enumerate(SOURCES) if kind in typed]
    if not known:
        return WELFARE.conform(families.select("family_id").mutate(class_=ibis.literal(NOT_SURVEYED)))
    said = ibis.union(*known) if len(known) > 1 else known[0]
    said = said.filter(said.desil.between(1, 10) & (said.period <= period))
    said = said.inner_join(persons.select("person_id", "family_id"), "person_id")
    nth = ibis.row_number().over(
        group_by=said.family_id, order_by=[said["rank"], ibis.desc(said.period), said.desil]
    )
    best = said.mutate(nth=nth)
    best = keep(best.filter(best.nth == 0), "family_deciles")
    t = families.select("family_id").left_join(best, "family_id").drop("family_id_right")
    of_decile = [(decile, name) for name, deciles in definition.items() for decile in deciles]
    class_ = t.desil.cases(*of_decile, else_=NOT_SURVEYED) if of_decile else ibis.literal(NOT_SURVEYED)
    return WELFARE.conform(
        t.mutate(
            desil_nasional=t.desil,
            desil_sumber=t.kind,
            desil_tanggal=t.period,
            class_=class_.fill_null(NOT_SURVEYED),
            dasar=t.desil.notnull().ifelse("desil", ibis.null("string")),
        )
    )


def _deciles(links: ir.Table, rows: ir.Table, kind: str, order: int) -> ir.Table:
    """Return the decile that each linked row of one kind of list carries."""
    value = rows.desil_nasional if "desil_nasional" in rows.columns else ibis.null("int64")
    stated = rows.select(row_key=rows.row_key, desil=value.cast("int64"))
    of_kind = links.filter(links.kind == kind).select("row_key", "person_id", "period")
    t = of_kind.inner_join(stated, "row_key")
    return t.select("person_id", "period", "desil", kind=ibis.literal(kind), rank=ibis.literal(order, "int8"))
