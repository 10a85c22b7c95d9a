"""Persons and families of the register, from entities.

A person is on a welfare or programme list, or in the KK of someone who is. Other residents stay
in their delivery: they were there to be matched against, nothing more.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.tables.keep import Keep
from rantang.tables.register import FAMILIES, IDS, PERSONS
from rantang.vocabulary.periods import shifted
from rantang.vocabulary.residence import gravest, gravity

# Which list is believed first about who a person is.
TRUST: Final = {"penduduk": 0, "dtsen": 1, "p3ke": 2, "dtks": 3}
HEAD: Final = "1"
# Lists that make a person of the register: welfare and programme lists. Others (health, school, work,
# housing, exclusions) say something of a person; who stands on those alone stays in his delivery.
# Lists of recipients count whatever their period: what was paid earlier is still somebody's.
LISTED: Final = ("dtks", "p3ke", "dtsen", "penerima")
ID_LENGTH: Final = 16
RECENT: Final = 12
"""Months, the edition's the last, in which a payment makes somebody a recipient."""
# Of a row, what its person's page says; the columns made for comparing are done with.
_FAMILY: Final = ("row_key", "agency", "kind", "period", "kk", "list_family", "nik", "birth_date")
_TOLD: Final = (
    *_FAMILY, "content_key", "nik_state", "name", "name_raw", "sex", "relation", "street", "house_number",
    "gang", "rt", "rw", "kelurahan_code", "kecamatan_code",
)  # fmt: skip


@dataclass(frozen=True)
class People:
    """The register's persons and families, and which person each row carries."""

    persons: ir.Table
    families: ir.Table
    of_row: ir.Table  # row_key, entity, person_id, family_id
    ids: ir.Table


def assemble(
    rows: ir.Table,
    entities: ir.Table,
    civil: ir.Table,
    previous: ir.Table | None,
    period_end: dt.date,
    keep: Keep,
) -> People:
    """Make persons and families of entities.

    Parameters
    ----------
    rows
        Identified rows (``IDENTIFIED``).
    entities
        ``row_key, entity``.
    civil
        ``row_key, status, source``: what Dukcapil says of a row (`aktif`, `meninggal`, `pindah`) and
        where (`penduduk`, `padan`).
    previous
        The ``ids`` of the previous edition.
    period_end
        The day at which ages are taken.
    """
    about = rows.select(*_TOLD)
    tied = about.inner_join(entities.select("row_key", "entity"), "row_key")
    listed = keep(tied.filter(tied.kind.isin(LISTED)).select("entity").distinct(), "listed")
    families_of_base = _family_keys(keep(tied.select("entity", *_FAMILY), "tied"), keep)
    wanted = families_of_base.semi_join(listed, "entity").select("family_key").distinct()
    members = keep(families_of_base.semi_join(wanted, "family_key"), "members")
    tied = keep(tied.semi_join(members, "entity"), "tied_members")
    ids = _person_ids(tied, members, previous, keep)
    facts = _facts(tied, period_end, keep)
    persons = keep(_persons(facts, members, ids, civil, tied, period_end), "persons_draft")
    families = keep(_families(persons, tied, ids), "families")
    persons = keep(_with_heads(persons, families), "persons")
    of_row = keep(tied.select("row_key", "content_key", "entity").inner_join(ids, "entity"), "of_row")
    return People(persons, families, of_row.drop("content_key"), keep(IDS.conform(of_row), "ids"))


def _ranked(tied: ir.Table) -> ir.Table:
    """Rank each entity's rows by how far they are believed: ``row_key, belief``, 0 is the best.

    A window carries along what it is given, so it is given no more than it needs.
    """
    trust = ibis.cases(*((tied.kind == kind, rank) for kind, rank in TRUST.items()), else_=9)
    narrow = tied.select(
        "row_key", "entity", "period", trust=trust.cast("int8"),
        numberless=tied.nik.isnull(), dateless=tied.birth_date.isnull(),
    )  # fmt: skip
    order = ["trust", "numberless", "dateless", ibis.desc("period"), "row_key"]
    return narrow.select("row_key", belief=ibis.row_number().over(group_by="entity", order_by=order))


def _family_keys(tied: ir.Table, keep: Keep) -> ir.Table:
    """Return ``entity, family_key``: the KK of its best row, else its commonest KK, else the KK that
    most members of its family on the same list carry, else that family of the list, else itself.
    """
    first = _ranked(tied).filter(lambda t: t.belief == 0)
    best = tied.semi_join(first, "row_key").select("entity", "kk")
    own = _commonest(tied.filter(tied.kk.notnull()), "entity", "kk").select("entity", voted="kk")
    listed = tied.filter(tied.list_family.notnull())
    listed = listed.mutate(card=listed.kind + "|" + listed.agency + "|" + listed.list_family)
    card = _commonest(listed, "entity", "card")
    known = keep(
        best.left_join(own, "entity").select("entity", kk=lambda t: ibis.coalesce(t.kk, t.voted)), "known_kk"
    )
    of_card = card.inner_join(known.filter(known.kk.notnull()), "entity").select("card", shared="kk")
    of_card = _commonest(of_card, "card", "shared")
    joined = known.left_join(card, "entity").drop("entity_right")
    joined = joined.left_join(of_card, "card").drop("card_right")
    key = ibis.coalesce(joined.kk, joined.shared, joined.card, joined.entity)
    number = ibis.coalesce(joined.kk, joined.shared)
    return keep(joined.select("entity", family_key=key, family_kk=number), "family_keys")


def _commonest(rows: ir.Table, group: str, value: str) -> ir.Table:
    """Return each group's commonest value (the smaller one where two are as common)."""
    counted = rows.group_by(group, value).agg(n=lambda t: t.count())
    place = ibis.row_number().over(group_by=group, order_by=[counted.n.desc(), counted[value]])
    return counted.mutate(place=place).filter(lambda t: t.place == 0).select(group, value)


def _person_ids(tied: ir.Table, members: ir.Table, previous: ir.Table | None, keep: Keep) -> ir.Table:
    """Return ``entity, person_id, family_id``; ids of the previous edition are kept.

    An entity takes the id that most of its rows carried before (by row key, else by content key);
    an id is given once, to the entity with most of its rows. A new one comes from its smallest
    row key. A family takes the id that most of its members' families had, else from its persons.
    A new id that was given before gets a number: who was parted from a person is somebody else.
    """
    if previous is not None:
        previous = previous.filter(previous.person_id.notnull())
    smallest = tied.group_by("entity").agg(smallest=lambda t: t.row_key.min())
    fresh = smallest.mutate(fresh=ibis.literal("P") + smallest.smallest.substr(0, ID_LENGTH))
    if previous is None:
        persons = fresh.select("entity", person_id="fresh", old_family=ibis.null("string"))
    else:
        persons = _kept(tied, fresh, previous, keep)
    joined = persons.inner_join(members, "entity")
    votes = (
        joined.filter(joined.old_family.notnull())
        .group_by("family_key", "old_family")
        .agg(n=lambda t: t.count())
    )
    chosen = _one_each(votes, "family_key", "old_family")
    first = joined.group_by("family_key").agg(first=lambda t: t.person_id.min())
    named = first.left_join(chosen, "family_key").drop("family_key_right")
    named = named.mutate(fresh=ibis.literal("K") + named["first"].substr(1))
    if previous is not None:
        named = _not_again(named, previous.family_id, ".")
    family = named.select("family_key", family_id=ibis.coalesce(named.old_family, named.fresh))
    return keep(
        joined.inner_join(family, "family_key").select("entity", "person_id", "family_id"), "person_ids"
    )


def _kept(tied: ir.Table, fresh: ir.Table, previous: ir.Table, keep: Keep) -> ir.Table:
    by_row = tied.inner_join(previous.select("row_key", "person_id", "family_id"), "row_key")
    by_row = by_row.select("entity", "person_id", "family_id")
    by_content = tied.anti_join(previous, "row_key").inner_join(
        previous.filter(previous.content_key.notnull())
        .select("content_key", "person_id", "family_id")
        .distinct(),
        "content_key",
    )
    votes = ibis.union(by_row, by_content.select("entity", "person_id", "family_id"))
    counted = keep(votes.group_by("entity", "person_id", "family_id").agg(n=lambda t: t.count()), "id_votes")
    chosen = _one_each(counted, "entity", "person_id")
    families = (
        counted.select("person_id", "family_id")
        .distinct()
        .group_by("person_id")
        .agg(old_family=lambda t: t.family_id.min())
    )
    joined = _not_again(fresh, previous.person_id, "-").left_join(chosen, "entity").drop("entity_right")
    joined = joined.left_join(families, "person_id").drop("person_id_right")
    return keep(
        joined.select(
            "entity", person_id=ibis.coalesce(joined.person_id, joined.fresh), old_family="old_family"
        ),
        "ids_kept",
    )


def _not_again(named: ir.Table, given: ir.StringColumn, mark: str) -> ir.Table:
    """Put the next free number behind every `fresh` id that was given before, with or without one."""
    before = given.name("given").as_table().distinct()
    ending = f"[{mark}]([0-9]+)$"
    stem = before.given.re_replace(ending, "")
    number = before.given.re_extract(ending, 1).nullif("").cast("int64").fill_null(1)
    last = before.select(fresh=stem, number=number).group_by("fresh").agg(last=lambda t: t.number.max())
    joined = named.left_join(last, "fresh").drop("fresh_right")
    again = joined.fresh + mark + (joined["last"] + 1).cast("string")
    return joined.mutate(fresh=ibis.coalesce(again, joined.fresh)).drop("last")


def _one_each(votes: ir.Table, new: str, old: str) -> ir.Table:
    """Pair new and old one to one: each side takes the other's with most votes when mutual."""
    best_old = ibis.row_number().over(group_by=new, order_by=[votes.n.desc(), votes[old]])
    best_new = ibis.row_number().over(group_by=old, order_by=[votes.n.desc(), votes[new]])
    ranked = votes.mutate(a=best_old, b=best_new)
    return ranked.filter((ranked.a == 0) & (ranked.b == 0)).select(new, old)


def _facts(tied: ir.Table, period_end: dt.date, keep: Keep) -> ir.Table:
    """Return one line per entity: for each column the value of the most believed row that has one."""
    ranked = keep(tied.inner_join(_ranked(tied), "row_key"), "ranked")
    since = shifted(f"{period_end:%Y-%m}", 1 - RECENT)

    def first(column: str) -> ir.Value:
        return ranked[column].argmin(ranked.belief, where=ranked[column].notnull())

    columns = (
        "nik", "name", "name_raw", "birth_date", "sex", "relation", "street", "house_number", "gang",
        "rt", "rw", "kelurahan_code", "kecamatan_code",
    )  # fmt: skip
    facts = ranked.group_by("entity").agg(
        **{column: first(column) for column in columns},
        states=ranked.nik_state.argmin(ranked.belief, where=ranked.nik_state != "hilang"),
        in_dtks=(ranked.kind == "dtks").any(),
        in_p3ke=(ranked.kind == "p3ke").any(),
        in_dtsen=(ranked.kind == "dtsen").any(),
        is_recipient=((ranked.kind == "penerima") & (ranked.period >= since)).any(),
        on_penduduk=(ranked.kind == "penduduk").any(),
        rows=ranked.count(),
    )
    return keep(facts, "facts")


def _persons(
    facts: ir.Table,
    members: ir.Table,
    ids: ir.Table,
    civil: ir.Table,
    tied: ir.Table,
    period_end: dt.date,
) -> ir.Table:
    owners = (
        facts.filter(facts.nik.notnull() & facts.on_penduduk)
        .group_by("nik")
        .agg(owner=lambda t: t.entity.min())
    )
    words = civil.inner_join(tied.select("row_key", "entity"), "row_key")
    # The list itself is named before the answer that says the same.
    first = gravity(words.status) + (words.source == "penduduk").ifelse("0", "1")
    status = words.group_by("entity").agg(
        status=gravest(words.status), status_source=words.source.argmin(first)
    )
    joined = facts.inner_join(ids, "entity")
    joined = joined.inner_join(members.select("entity", "family_kk"), "entity")
    joined = joined.left_join(status, "entity").drop("entity_right")
    joined = joined.left_join(owners, "nik").drop("nik_right")
    borrowed = joined.owner.notnull() & (joined.owner != joined.entity)
    nik = borrowed.ifelse(ibis.null("string"), joined.nik)
    state = ibis.cases(
        (borrowed, "milik-lain"), (joined.nik.notnull(), "sah"), else_=joined.states.fill_null("hilang")
    )
    address = joined.street.fill_null("")
    address = address + (" GG " + joined.gang).fill_null("") + (" NO " + joined.house_number).fill_null("")
    resident = ibis.cases(
        (joined.status == "meninggal", "meninggal"),
        (joined.status == "pindah", "pindah"),
        (joined.status.isin(("aktif", "padan")) | joined.on_penduduk, "tercatat"),
        else_="tidak-diketahui",
    )
    return joined.mutate(
        nik=nik,
        nik_state=state,
        kk=joined.family_kk,
        age=_age(joined.birth_date, period_end),
        address=address.strip().nullif(""),
        resident=resident,
        resident_source=ibis.coalesce(
            joined.status_source, joined.on_penduduk.ifelse("penduduk", ibis.null("string"))
        ),
        resident_tier=ibis.null("string"),
        listed=joined.in_dtks | joined.in_p3ke | joined.in_dtsen | joined.is_recipient,
        dukcapil_queue=ibis.cases(
            (nik.notnull(), ibis.null("string")), (state == "hilang", "tanpa-nik"), else_="nik-salah"
        ),
    )


def _age(born: ir.DateValue, day: dt.date) -> ir.IntegerValue:
    """Whole years at `day`."""
    had_birthday = (born.month() < day.month) | ((born.month() == day.month) & (born.day() <= day.day))
    return day.year - born.year() - had_birthday.ifelse(0, 1)


def _families(persons: ir.Table, tied: ir.Table, ids: ir.Table) -> ir.Table:
    head = persons.person_id.first(
        order_by=[
            (persons.relation != HEAD).fill_null(True),
            persons.birth_date.isnull(),
            persons.birth_date,
            persons.person_id,
        ]
    )
    cards = (
        tied.filter(tied.kk.notnull())
        .inner_join(ids, "entity")
        .group_by("family_id")
        .agg(kk_count=lambda t: t.kk.nunique())
    )
    grouped = persons.group_by("family_id").agg(
        kk=persons.kk.max(), head_id=head, members=persons.count(), listed=persons.listed.any()
    )
    heads = persons.select(
        head_id="person_id", kelurahan_code="kelurahan_code", kecamatan_code="kecamatan_code"
    )
    joined = grouped.inner_join(heads, "head_id").left_join(cards, "family_id").drop("family_id_right")
    return FAMILIES.conform(
        joined.mutate(kk_satu_orang=joined.members == 1, kk_count=joined.kk_count.fill_null(0))
    )


def _with_heads(persons: ir.Table, families: ir.Table) -> ir.Table:
    heads = families.select(person_id="head_id", is_head_=True)
    joined = persons.left_join(heads, "person_id").drop("person_id_right")
    return PERSONS.conform(joined.mutate(is_head=joined.is_head_.fill_null(False)))
