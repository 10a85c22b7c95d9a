"""Who gets what: recipient rows with what the register knows, and the matrix unit × programme."""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.synergy.programmes import KnownLists
from rantang.tables.facts import WELFARE_FACTS, Facts, received
from rantang.tables.keep import Keep

UNKNOWN: Final = "?"
"""Kelurahan of those of whom none is known."""


def recipients(
    penerima: ir.Table, links: ir.Table, persons: ir.Table, families: ir.Table, lists: KnownLists, keep: Keep
) -> ir.Table:
    """Return every recipient row up to the period with person, family, rupiah and its list.

    `kelurahan_code` is where the unit that the programme counts lives: members of a family may be written
    elsewhere, and the family is still one. `home` is the family's in any case.
    """
    nominal = penerima.nominal if "nominal" in penerima.columns else ibis.null("float64")
    rows = penerima.select(
        "row_key", "programme", "agency", "period", paid=nominal.cast("float64").round().cast("int64")
    )
    rows = rows.filter(rows.period <= lists.period)
    linked = links.filter(links.kind == "penerima").select(
        "row_key", "person_id", "tier", "method", "probability"
    )
    t = rows.left_join(linked, "row_key").drop("row_key_right")
    who = persons.select(
        "person_id", "family_id", "kelurahan_code", "resident", elsewhere=_known_elsewhere(persons)
    )
    t = t.left_join(who, "person_id").drop("person_id_right")
    homes = families.select("family_id", home="kelurahan_code")
    t = t.left_join(homes, "family_id").drop("family_id_right")
    known = lists.table()
    t = t.left_join(known, [t.programme == known.programme, t.period == known.period])
    t = t.drop("programme_right", "period_right")
    nth = ibis.row_number().over(group_by=[t.person_id, t.programme, t.agency, t.period], order_by=t.row_key)
    return keep(
        t.mutate(
            amount=ibis.coalesce(t.paid, t.standard),
            amount_source=t.paid.notnull().ifelse("daftar", t.standard_source),
            current=t.current.fill_null(False),
            unit=t.unit.fill_null("individu"),
            kelurahan_code=(t.unit == "keluarga").ifelse(t.home, t.kelurahan_code),
            linked=t.person_id.notnull() & t.elsewhere.fill_null(False),
            double=t.person_id.notnull() & (nth > 0),
        ),
        "recipients",
    )


def _known_elsewhere(persons: ir.Table) -> ir.BooleanValue:
    """Say whether anything but programme lists knows the person."""
    return (
        persons.in_dtks.fill_null(False)
        | persons.in_p3ke.fill_null(False)
        | persons.in_dtsen.fill_null(False)
        | (persons.resident.fill_null("tidak-diketahui") != "tidak-diketahui")
    )


def holdings(given: ir.Table, unit: str, keep: Keep) -> ir.Table:
    """Return each unit × programme held at the period once: `unit_id, programme, amount`.

    Parameters
    ----------
    unit
        `person_id` or `family_id`.
    """
    now = given.filter(given.current & given[unit].notnull())
    held = now.group_by([unit, "programme"]).agg(amount=now.amount.fill_null(0).sum())
    return keep(held.rename(unit_id=unit), f"holdings_{unit}")


def held_columns(held: ir.Table, codes: tuple[str, ...]) -> ir.Table:
    """Turn holdings wide: one line per unit, a column `menerima_…` per programme."""
    return held.group_by("unit_id").agg(
        **{received(code): (held.programme == code).any() for code in codes}, money=held.amount.sum()
    )


def units(
    facts: Facts,
    welfare: ir.Table,
    eligibility: ir.Table,
    by_family: ir.Table,
    by_person: ir.Table,
    lists: KnownLists,
    keep: Keep,
) -> tuple[ir.Table, ir.Table]:
    """Return families and persons with facts, what they hold, and `layak_CODE` for each rule.

    A unit that is not eligible any more by word, or of which Dukcapil says that nobody lives here,
    is nobody's target; everything else is the rule's, and unknown stays unknown.
    """
    codes = lists.listed
    poor = welfare.select(
        "family_id", **{name: welfare["class_" if name == "kelas" else name] for name in WELFARE_FACTS}
    )
    status = eligibility.select("subject", "subject_id", "status", "reasons")
    family_status = status.filter(status.subject == "family").select(
        family_id="subject_id", status="status", reasons="reasons"
    )
    person_status = status.filter(status.subject == "person").select(
        person_id="subject_id", status="status", reasons="reasons"
    )
    house = facts.families.left_join(poor, "family_id").drop("family_id_right")
    held = held_columns(by_family, codes)
    families = _with_held(house, "family_id", held, codes)
    families = families.left_join(family_status, "family_id").drop("family_id_right")
    families = keep(
        _judged(families, lists, "keluarga", families.ada_penduduk, _family_known(families)), "units_families"
    )

    own = tuple(code for code in codes if lists.programmes[code].unit == "individu")
    shared = tuple(code for code in codes if code not in own)
    of_house = house.drop("kelurahan_code")
    persons = facts.persons.left_join(of_house, "family_id").drop("family_id_right")
    if shared:
        of_family = held.select(family_id=held.unit_id, **{received(c): held[received(c)] for c in shared})
        persons = persons.left_join(of_family, "family_id").drop("family_id_right")
        persons = persons.mutate(**{received(c): persons[received(c)].fill_null(False) for c in shared})
    persons = _with_held(persons, "person_id", held_columns(by_person, own), own)
    persons = persons.left_join(person_status, "person_id").drop("person_id_right")
    persons = keep(
        _judged(persons, lists, "individu", persons.penduduk, _person_known(persons)), "units_persons"
    )
    return families, persons


def _with_held(t: ir.Table, key: str, held: ir.Table, codes: tuple[str, ...]) -> ir.Table:
    """Add what a unit holds; a unit that stands on no list of a known programme does not hold it."""
    joined = t.left_join(held.rename(**{key: "unit_id"}), key).drop(f"{key}_right")
    return joined.mutate(
        **{received(code): joined[received(code)].fill_null(False) for code in codes},
        money=joined.money.fill_null(0),
    )


def _person_known(t: ir.Table) -> ir.BooleanValue:
    """Say whether anything but programme lists knows the person: else no rule can be answered."""
    return t.di_dtks | t.di_p3ke | t.di_dtsen | t.penduduk.notnull()


def _family_known(t: ir.Table) -> ir.BooleanValue:
    return t.keluarga_di_dtks | t.keluarga_di_p3ke | t.keluarga_di_dtsen | t.ada_penduduk.notnull()


def _judged(
    t: ir.Table, lists: KnownLists, unit: str, lives_here: ir.BooleanValue, known: ir.BooleanValue
) -> ir.Table:
    """Add `layak_CODE` for every programme of a kind of unit."""
    missing = [received(code) for code in lists.programmes if received(code) not in t.columns]
    target = lives_here.fill_null(True) & (t.status.fill_null("layak") != "tidak-layak")
    t = t.mutate(
        target=target, known=known.fill_null(False), **{name: ibis.null("boolean") for name in missing}
    )
    judged = {}
    for code in lists.judged(unit):
        rule = lists.programmes[code].rule
        if rule is not None:
            holds = t.target.ifelse(rule.render(t), False)
            judged[eligible(code)] = t.known.ifelse(holds, ibis.null("boolean"))
    return t.mutate(**judged)


def eligible(code: str) -> str:
    """Return the column "the rule of this programme holds"."""
    return f"layak_{code}"
