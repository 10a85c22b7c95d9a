"""What is known of each family, and of each household of the survey, in the same few codes.

Lists are read by declared maps only (`declared`). Where several rows speak of one family, `dtsen` comes
before `p3ke`, a later period before an earlier one, the head's row before a member's; a fact left out
there is taken from the next. A fact on no row stays unanswered: nothing is imputed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from rantang.tables.keep import Keep
from rantang.vocabulary.periods import shifted
from rantang.welfare.declared import REGISTER, SOURCES, UNANSWERED, Bools, Codes, Fact, Floats, facts
from rantang.welfare.membership import AID

EARNING: Final = ("LEPAS", "USAHA", "KARYAWAN", "NEGARA", "KELUARGA")
"""Kinds of work (contracts/_kode.toml) that earn."""
GONE: Final = ("pindah", "meninggal")


@dataclass(frozen=True)
class Families:
    """The families of the register that a list says facts of, in order of their id.

    Attributes
    ----------
    ids
        Family id.
    codes
        Families × facts, in the order of `declared.facts()`; `UNANSWERED` where nothing is said.
    numbers
        The register's own numbers by name, and `area`-like raw numbers of facts per member.
    sources
        Lists that speak of the family, joined by `+`.
    address
        A number that families at one address share; -1 where the address is not known.
    earners, work_known
        Members who earn, and members whose work is known.
    disabled
        A member has a disability.
    aid
        Families × `membership.AID`: 1 on a list of recipients of the last twelve months, 0 not, NaN where no
        such list was handed in.
    """

    ids: pa.Array
    codes: Codes
    numbers: Mapping[str, Floats]
    sources: npt.NDArray[np.object_]
    address: npt.NDArray[np.int64]
    earners: Floats
    work_known: Floats
    disabled: Bools
    aid: Floats

    def only(self, chosen: Bools) -> Families:
        """Return some of the families."""
        return Families(
            ids=self.ids.filter(pa.array(chosen)),
            codes=self.codes[chosen],
            numbers={name: values[chosen] for name, values in self.numbers.items()},
            sources=self.sources[chosen],
            address=self.address[chosen],
            earners=self.earners[chosen],
            work_known=self.work_known[chosen],
            disabled=self.disabled[chosen],
            aid=self.aid[chosen],
        )


def of_register(
    families: ir.Table,
    persons: ir.Table,
    links: ir.Table,
    typed: Mapping[str, ir.Table],
    family_facts: ir.Table,
    period: str,
    keep: Keep,
) -> Families | None:
    """Return the families of which a list says facts, None where no list has any."""
    kinds = [kind for kind in SOURCES if kind in typed]
    if not kinds:
        return None
    said = keep(_said(links, persons, typed, kinds, period), "fact_rows")
    t = _first_answers(said).inner_join(_composition(families, persons), "family_id")
    t = t.left_join(family_facts.select("family_id", disabled="ada_disabilitas"), "family_id")
    t = t.drop("family_id_right").left_join(_aided(links, persons, period), "family_id")
    rows = t.drop("family_id_right").order_by("family_id").to_pyarrow()
    return _families(rows, _lists_of_aid(links, period)) if rows.num_rows else None


def _recipients(links: ir.Table, period: str) -> ir.Table:
    """Return the rows of lists of recipients of the last twelve months."""
    recent = links.period.between(shifted(period, -11), period)
    return links.filter((links.kind == "penerima") & recent)


def _lists_of_aid(links: ir.Table, period: str) -> frozenset[str]:
    """Return the aids of `AID` of which a list was handed in."""
    handed_in = _recipients(links, period).select("programme").distinct().to_pyarrow()["programme"]
    there = set(handed_in.to_pylist())
    return frozenset(name for name, codes in AID.items() if there & set(codes))


def _aided(links: ir.Table, persons: ir.Table, period: str) -> ir.Table:
    """Return the families of recipients, and which aid of `AID` they receive."""
    of = _recipients(links, period).inner_join(persons.select("person_id", "family_id"), "person_id")
    return of.group_by("family_id").agg(
        **{f"aid_{name}": of.programme.isin(codes).any() for name, codes in AID.items()}
    )


def _said(
    links: ir.Table, persons: ir.Table, typed: Mapping[str, ir.Table], kinds: Sequence[str], period: str
) -> ir.Table:
    """Return one row per list row about a known person: its answers in codes, and its place in the order."""
    people = persons.select("person_id", "family_id", is_head=persons.is_head.fill_null(False))
    rows = [_coded(typed[kind], kind, order) for order, kind in enumerate(kinds)]
    coded = ibis.union(*rows) if len(rows) > 1 else rows[0]
    mine = links.filter(links.kind.isin(kinds) & (links.period <= period))
    t = mine.select("row_key", "person_id", "period").inner_join(coded, "row_key")
    t = t.inner_join(people, "person_id")
    order = [t["rank"], ibis.desc(t.period), ibis.desc(t.is_head), t.row_key]
    return t.mutate(nth=ibis.row_number().over(group_by=t.family_id, order_by=order))


def _coded(rows: ir.Table, kind: str, order: int) -> ir.Table:
    """Return a list's answers: one column per fact, the level's number or, per member, the raw number."""
    columns = {fact.name: answer_of(rows, fact, kind) for fact in facts() if not fact.register}
    work = rows.pekerjaan if "pekerjaan" in rows.columns else ibis.null("string")
    return rows.select(
        "row_key",
        kind=ibis.literal(kind),
        rank=ibis.literal(order, "int8"),
        earns=work.cast("string").isin(EARNING),
        **columns,
    )


def answer_of(rows: ir.Table, fact: Fact, source: str) -> ir.Value:
    """Return a list's answer to a fact: the number of its level, null where there is none.

    A fact per member stays the raw number, since only the caller knows the members.
    """
    field = fact.fields.get(source)
    raw_type = "float64" if fact.per_member else "int8"
    if field is None or field not in rows.columns:
        return ibis.null(raw_type)
    if fact.per_member:
        return rows[field].cast("float64")
    if fact.numeric:
        number = rows[field].cast("float64")
        inside = [
            ((number >= level.low) & (number < level.high), ibis.literal(index, "int8"))
            for index, level in enumerate(fact.levels)
        ]
        return ibis.cases(*inside, else_=None).cast("int8")
    text = _as_text(rows[field])
    meant = [(text.isin(level.codes_in(source)), index) for index, level in enumerate(fact.levels)]
    return ibis.cases(*meant, else_=None).cast("int8")


def _as_text(value: ir.Value) -> ir.StringValue:
    """Write a value as the declared answers are written: whole numbers without a point."""
    if value.type().is_boolean():
        return value.ifelse("true", "false")
    if value.type().is_floating() or value.type().is_decimal():
        return value.cast("int64").cast("string")
    return value.cast("string")


def _first_answers(said: ir.Table) -> ir.Table:
    """Return per family the first answer to each fact, and how many members earn."""
    listed = [fact for fact in facts() if not fact.register]
    first = {
        fact.name: said[fact.name].argmin(
            said.nth, where=said[fact.name].notnull() & (said.is_head if fact.of_head else ibis.literal(True))
        )
        for fact in listed
    }
    anything = ibis.or_(*(said[fact.name].notnull() for fact in listed if not fact.of_head))
    sources = {f"has_{kind}": (anything & (said.kind == kind)).any() for kind in SOURCES}
    of_family = said.group_by("family_id").agg(**first, **sources)
    of_person = said.group_by("family_id", "person_id").agg(
        earns=said.earns.argmin(said.nth, where=said.earns.notnull())
    )
    work = of_person.group_by("family_id").agg(
        earners=of_person.earns.sum().cast("float64"), work_known=of_person.earns.count().cast("float64")
    )
    return of_family.inner_join(work, "family_id")


def _composition(families: ir.Table, persons: ir.Table) -> ir.Table:
    """Return what the register says of a family: members who are here, the head, the address."""
    here = persons.filter(~persons.resident.isin(GONE).fill_null(False))
    counted = here.group_by("family_id").agg(
        size=here.count().cast("float64"),
        children=(here.age < 15).fill_null(False).sum().cast("float64"),
        elderly=(here.age >= 60).fill_null(False).sum().cast("float64"),
    )
    head = persons.select(
        "person_id", "kelurahan_code", "address", "rt", "rw",
        head_age=persons.age.cast("float64"), head_sex="sex",
    )  # fmt: skip
    t = families.select("family_id", "head_id").inner_join(counted, "family_id")
    return t.left_join(head, t.head_id == head.person_id).select(
        *("family_id", "size", "children", "elderly", "head_age", "head_sex"),
        address=lambda r: ibis.coalesce(r.kelurahan_code, "")
        + "|" + r.address + "|" + ibis.coalesce(r.rt, "") + "|" + ibis.coalesce(r.rw, ""),
    )  # fmt: skip


def _families(rows: pa.Table, lists_of_aid: frozenset[str]) -> Families:
    numbers = {name: _floats(rows[name]) for name in REGISTER if name != "head_sex"}
    numbers |= {fact.name: _floats(rows[fact.name]) for fact in facts() if fact.per_member}
    has = [np.where(rows[f"has_{kind}"].to_numpy(zero_copy_only=False), kind, "") for kind in SOURCES]
    address = rows["address"].combine_chunks().dictionary_encode().indices.fill_null(-1)
    return Families(
        ids=rows["family_id"].combine_chunks(),
        codes=_codes(rows, numbers),
        numbers=numbers,
        sources=np.array(["+".join(filter(None, pair)) for pair in zip(*has, strict=True)], dtype=object),
        address=address.to_numpy(zero_copy_only=False).astype(np.int64),
        earners=np.nan_to_num(_floats(rows["earners"])),
        work_known=np.nan_to_num(_floats(rows["work_known"])),
        disabled=rows["disabled"].fill_null(False).to_numpy(zero_copy_only=False).astype(bool),
        aid=np.column_stack([_aid(rows, name, name in lists_of_aid) for name in AID]),
    )


def _aid(rows: pa.Table, name: str, known: bool) -> Floats:
    if not known:
        return np.full(rows.num_rows, np.nan)
    return _floats(rows[f"aid_{name}"].fill_null(False).cast(pa.int8()))


def _codes(rows: pa.Table, numbers: Mapping[str, Floats]) -> Codes:
    columns = []
    for fact in facts():
        if fact.name in numbers:
            columns.append(of_numbers(fact, numbers))
        elif fact.register:
            columns.append(_of_words(rows[fact.register], fact))
        else:
            filled = rows[fact.name].fill_null(UNANSWERED)
            columns.append(filled.to_numpy(zero_copy_only=False).astype(np.int8))
    return np.column_stack(columns)


def of_numbers(fact: Fact, numbers: Mapping[str, Floats]) -> Codes:
    """Return the level of a numeric fact, divided by the members where it is declared so."""
    value = numbers[fact.name]
    if fact.per_member:
        value = value / np.where(numbers["size"] > 0, numbers["size"], np.nan)
    return fact.of_numbers(value)


def _of_words(column: pa.ChunkedArray, fact: Fact) -> Codes:
    words = {word: index for index, level in enumerate(fact.levels) for word in level.answers}
    return np.array([words.get(word, UNANSWERED) for word in column.to_pylist()], dtype=np.int8)


def _floats(column: pa.ChunkedArray) -> Floats:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
