"""What strangers have in common: how often two rows agree although they are not one person.

A fit without numbers to hold on to may take namesakes of one birth year for one person: a mixture of
two fields has more than one solution. How often strangers agree need not be fitted, though: it is
counted, on pairs of rows drawn blindly, and how many pairs of strangers there are is the product of
the sizes of the lists. The model takes it as a class of its own that the fit cannot move.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from rantang.register.fields import said
from rantang.register.levels import EQUAL_NAME, LEVELS, UNLIKE_NAME, compare
from rantang.register.model import FLOOR, PRIOR, PRIOR_WEIGHT, Chance
from rantang.tables.keep import Keep

DRAWN: Final = 600
SMOOTH: Final = 10.0
LEAST: Final = 1e-9
# Pairs that agree here may be one person; they say nothing of what strangers share elsewhere.
AGREE: Final = {"name": 6, "nik": 3, "kk": 2, "place": 4, "born": 3, "mother": 2}
# How members of a family compare is counted in so many pairs of them, in these fields.
KIN: Final = 60_000
# Levels that say equal: among rows that may be doubles, no count tells kin from the person there.
EQUAL: Final = {"name": EQUAL_NAME, "born": 2}
# Inside one list nobody owns a number; members of a family have their own.
OWN_NUMBER: Final = np.array((0.0005, 0.004, 0.01, 0.001, 0.001, 0.9835))
PERSON_FIELDS: Final = ("name", "born", "sex", "mother")
BANDS: Final = (2, 8, 40)
CONTENT: Final = ("name", "born", "mother", "nik", "street", "kelurahan")


@dataclass(frozen=True)
class Drawn:
    """Level patterns of pairs drawn blindly, and how often each came."""

    fields: tuple[str, ...]
    patterns: npt.NDArray[np.int8]
    counts: npt.NDArray[np.float64]


def chance(left: ir.Table, right: ir.Table, keep: Keep, fields: tuple[str, ...], *, share: float) -> Chance:
    """Return how strangers of the two sides compare, of whom a row could meet `share` of `right`."""
    drawn = _drawn(left, right, keep, fields)
    tables = {field: _table(drawn, field) for field in fields}
    tables["name"] = _with_namesakes(tables["name"], right)
    tables["nik"] = _with_same_number(tables["nik"], right)
    tables["born"] = _with_same_day(tables["born"], left.semi_join(_some(left, "a"), "id"), right)
    for field in LEVELS.keys() - tables.keys():
        tables[field] = np.asarray(PRIOR[field]["N2"])
    size = float(right.count().to_pyarrow().as_py())
    return Chance(tables, share * size, namesakes={"C": {"sex": _sex_of_namesakes(tables["sex"], right)}})


def _sex_of_namesakes(table: npt.NDArray[np.float64], right: ir.Table) -> npt.NDArray[np.float64]:
    """Count how often two of the register who have one name are of one sex."""
    named = right.filter(right.sorted_.notnull() & right.any_sex.notnull())
    each = named.group_by("sorted_", "any_sex").agg(n=lambda t: t.count())
    names = each.group_by("sorted_").agg(rows=lambda t: t.n.sum(), own=lambda t: (t.n * (t.n - 1)).sum())
    met = names.aggregate(same=names.own.sum(), pairs=(names.rows * (names.rows - 1)).sum())
    found = met.to_pyarrow().to_pylist()[0]
    same, pairs = float(found["same"] or 0), float(found["pairs"] or 0)
    seen = np.array([same, pairs - same]) + SMOOTH * table
    return np.asarray(seen / seen.sum())


def _with_same_number(table: npt.NDArray[np.float64], right: ir.Table) -> npt.NDArray[np.float64]:
    """Count equal numbers in the register: in lists of numbers alone the equal pairs drawn are persons."""
    numbered = right.filter(right.nik.notnull())
    owners = numbered.group_by("nik").agg(people=lambda t: t.person.nunique())
    met = owners.aggregate(pairs=(owners.people * (owners.people - 1)).sum(), rows=owners.people.sum())
    found = met.to_pyarrow().to_pylist()[0]
    equal = (float(found["pairs"] or 0) + 1.0) / max(float(found["rows"] or 0), 1.0) ** 2
    equal = min(equal, float(table[0]))
    return np.asarray(np.concatenate(([equal], table[1:] / table[1:].sum() * (1.0 - equal))))


def _with_same_day(
    table: npt.NDArray[np.float64], left: ir.Table, right: ir.Table
) -> npt.NDArray[np.float64]:
    """Count equal birth dates against the whole register: too rare to be seen among pairs drawn."""
    one = left.filter(left.born.notnull()).select("born", "heaped", "first", "last")
    other = right.filter(right.any_born.notnull())
    size = one.count().to_pyarrow().as_py() * other.count().to_pyarrow().as_py()
    if not size:
        return table
    other = other.select("any_born", to_first="first", to_last="last")
    met = one.inner_join(other, [("born", "any_born")])
    # Who shares a word of the name may be the same person.
    unlike = (met.first != met.to_first) & (met.last != met.to_last)
    unlike &= (met.first != met.to_last) & (met.last != met.to_first)
    counted = met.filter(unlike).aggregate(plain=(~met.heaped).sum(), heaped=met.heaped.sum())
    found = counted.to_pyarrow().to_pylist()[0]
    equal = np.array([(found["plain"] or 0) + 1.0, (found["heaped"] or 0) + 0.1]) / size
    rest = table[2:] / table[2:].sum() * max(1.0 - float(equal.sum()), LEAST)
    return np.asarray(np.concatenate((equal, rest)))


class Kin(NamedTuple):
    """How two members of one family compare, by field, and how those of them who have one name do."""

    tables: dict[str, npt.NDArray[np.float64]]
    namesakes: dict[str, npt.NDArray[np.float64]]


def kin(right: ir.Table, keep: Keep, *, doubles: bool) -> Kin:
    """Return how two members of one family of the register compare, in the fields of the person.

    Father and son of one name, twins, sisters called alike: a list seldom shows them apart from the
    person himself, the register does. Where the list itself is searched for `doubles`, only pairs that
    another field tells apart are counted, and equal names not at all.
    """
    member = right.select("id", "family", "person")
    one, other = member.rename(l="id", p="person"), member.rename(r="id", q="person")
    met = one.inner_join(other, "family").filter(lambda t: (t.l < t.r) & (t.p != t.q))
    chosen = met.mutate(drawn=met.family.hash()).order_by("drawn", "l", "r").limit(KIN)
    levels = keep(compare(keep(chosen.select("l", "r"), "kin_pairs"), _nobodys(right), right), "kin_levels")
    tables = {}
    for field in PERSON_FIELDS:
        prior = np.asarray(PRIOR[field]["H"])
        told = levels.born == len(LEVELS["born"]) if field == "name" else levels.name >= UNLIKE_NAME
        told &= (levels.nik == 0) | (levels.nik > AGREE["nik"])
        table = _seen(levels.filter(told) if doubles else levels, field) + PRIOR_WEIGHT * prior
        equal = EQUAL.get(field, 0) if doubles else 0
        table[:equal] = prior[:equal] / (1 - prior[:equal].sum()) * table[equal:].sum()
        tables[field] = np.maximum(table / table.sum(), FLOOR)
    if doubles:
        return Kin({**tables, "nik": OWN_NUMBER}, {})
    alike = levels.filter(levels.name.between(1, EQUAL_NAME))
    table = _seen(alike, "born") + PRIOR_WEIGHT * np.asarray(PRIOR["born"]["H"])
    return Kin(tables, {"born": np.maximum(table / table.sum(), FLOOR)})


def _seen(levels: ir.Table, field: str) -> npt.NDArray[np.float64]:
    counted = levels.group_by(level=field).agg(n=lambda t: t.count()).order_by("level").to_pyarrow()
    size = len(LEVELS[field])
    level, n = counted["level"].to_numpy(), counted["n"].to_numpy().astype(np.float64)
    return np.asarray(np.bincount(level, weights=n, minlength=size + 1)[1 : size + 1])


def _nobodys(right: ir.Table) -> ir.Table:
    return right.mutate(owner=ibis.null("int64"), owner_family=ibis.null("string"))


def _drawn(left: ir.Table, right: ir.Table, keep: Keep, fields: tuple[str, ...]) -> Drawn:
    one, other = _some(left, "a"), _some(right, "b")
    pairs = keep(one.select(l="id").cross_join(other.select(r="id")), "chance_pairs")
    met = compare(pairs, left.semi_join(one, "id"), right.semi_join(other, "id"))
    counted = met.group_by(*fields).agg(n=lambda t: t.count()).order_by(*fields).to_pyarrow()
    columns = [counted[field].to_numpy() for field in fields]
    patterns = np.column_stack(columns).astype(np.int8)
    return Drawn(fields, patterns, counted["n"].to_numpy().astype(np.float64))


def _some(rows: ir.Table, salt: str) -> ir.Table:
    """Draw rows by what they say, so that the order of the list makes no difference."""
    text = ibis.literal(salt) + said(rows, CONTENT)
    drawn = rows.select("id", drawn=text.hash())
    return drawn.order_by("drawn", "id").limit(DRAWN).select("id")


def _table(drawn: Drawn, field: str) -> npt.NDArray[np.float64]:
    strange = np.ones(len(drawn.patterns), dtype=bool)
    for column, other in enumerate(drawn.fields):
        if other != field and other in AGREE:
            levels = drawn.patterns[:, column]
            strange &= (levels == 0) | (levels > AGREE[other])
    size = len(LEVELS[field])
    levels = drawn.patterns[strange, drawn.fields.index(field)]
    seen = np.bincount(levels, weights=drawn.counts[strange], minlength=size + 1)[1 : size + 1]
    table = seen + SMOOTH * np.asarray(PRIOR[field]["N2"])
    table = np.maximum(table / table.sum(), LEAST)
    return np.asarray(table / table.sum())


def _with_namesakes(table: npt.NDArray[np.float64], right: ir.Table) -> npt.NDArray[np.float64]:
    """Count equal names over the whole register: a person left out meets those who have his name.

    Rows of one name and one birth date are one person's, listed twice: they do not meet each other. Where
    `right` is a part of a register, a name's band is that of the whole, as `levels.name_level` has it.
    """
    named = right.filter(right.sorted_.notnull())
    born = ibis.coalesce(named.any_born.cast("string"), named.id.cast("string"))
    people = named.group_by("sorted_", "frequency", born=born).agg(n=lambda t: t.count())
    names = people.group_by("sorted_", "frequency").agg(
        rows=lambda t: t.n.sum(), own=lambda t: (t.n * t.n).sum()
    )
    counted = names.group_by("frequency").agg(
        met=lambda t: (t.rows * t.rows - t.own).sum(), rows=lambda t: t.rows.sum()
    )
    counted = counted.order_by("frequency").to_pyarrow()
    pairs = max(float(counted["rows"].to_numpy().astype(np.float64).sum()) ** 2, 1.0)
    bands = np.searchsorted(np.asarray(BANDS), counted["frequency"].to_numpy() - 1, side="left")
    met = np.bincount(bands, weights=counted["met"].cast("float64").to_numpy(), minlength=4)
    equal = (met + 1.0) / pairs
    rest = table[4:] / table[4:].sum() * max(1.0 - float(equal.sum()), LEAST)
    return np.asarray(np.concatenate((equal, rest)))
