"""How people of one register compare with each other: all fields at once, counted, not modelled.

Twins, brothers of nearly one name, father and son, namesakes of one birth date: agreement of *several*
fields between two people is more frequent than the product of the fields says, and a list without
cards and numbers has nothing else that would tell a fit so. But the register itself shows it. Each of
its rows is compared with the others, as a list's rows are; whoever agrees there, is not the person (its
known doubles apart). So often a row must be expected to meet somebody else in that pattern, and a fit
may never hold a pattern rarer among other people than that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np
import numpy.typing as npt

from rantang.register.levels import EQUAL_NAME, LEVELS

Levels = npt.NDArray[np.int8]
Floats = npt.NDArray[np.float64]

# From this level on a NIK is known to be somebody's; within the register such a number just differs.
SOMEBODYS: Final = 4
# From this p on a pair of rows of the register may be one person.
LIKELY: Final = 0.9
# Those who agree in everything but the name are few: twins' usual names weigh as so many pairs of them.
SMOOTH: Final = 10.0
# The columns that a field compares, of a list's row and of a register's (by default its own name).
LISTED: Final = {"nik": ("nik", "nik15"), "kk": ("kk", "kk15"), "place": ("street", "kelurahan")}
KNOWN: Final = {**LISTED, "born": ("any_born",), "sex": ("any_sex",)}


@dataclass(frozen=True)
class Alike:
    """Level patterns of pairs of different people, and how many of them (both ways) there are per row.

    `size` is the number of the register's rows, `names` how twins' names compare. `chances` has, by the
    set of fields that a list's row and a register's row both have, how much oftener or rarer just that
    set is than that two rows of the register have at least it.
    """

    fields: tuple[str, ...]
    patterns: Levels
    per_row: Floats
    size: float
    names: Floats
    chances: Mapping[tuple[bool, ...], float]

    def met(self, patterns: Levels, fields: Sequence[str]) -> Floats:
        """Return how many other people a row meets in each pattern; what is missing may be anything."""
        asked = patterns[:, [list(fields).index(field) for field in self.fields]].astype(np.int64)
        nik = self.fields.index("nik")
        asked[asked[:, nik] >= SOMEBODYS, nik] = len(LEVELS["nik"])
        result = np.zeros(len(asked))
        for known in np.unique(asked > 0, axis=0):
            of_kind = ((asked > 0) == known).all(axis=1)
            chance = self.chances.get(tuple(known.tolist()), 1.0)
            result[of_kind] = chance * self._seen(asked[of_kind], known)
        return result

    def _seen(self, asked: npt.NDArray[np.int64], known: npt.NDArray[np.bool_]) -> Floats:
        """Count pairs per row that compare as asked in the `known` fields.

        Where few pairs agree in everything but the name, their names are taken to be like twins' names.
        """
        comparable = (self.patterns[:, known] > 0).all(axis=1)
        shown, per_row = self.patterns[comparable], self.per_row[comparable]
        name = self.fields.index("name")
        rest = known.copy()
        rest[name] = False
        exact, others = _sums(shown, per_row, known, asked), _sums(shown, per_row, rest, asked)
        if not known[name]:
            return exact
        usual = self.names[asked[:, name] - 1] * SMOOTH / self.size
        return np.asarray(others * (exact + usual) / (others + SMOOTH / self.size))


def _sums(
    shown: Levels, weights: Floats, known: npt.NDArray[np.bool_], asked: npt.NDArray[np.int64]
) -> Floats:
    """Sum the weights of those patterns that are as asked in the `known` fields."""
    digits = np.where(known, 16 ** np.arange(len(known), dtype=np.int64), 0)
    keys, place = np.unique(shown.astype(np.int64) @ digits, return_inverse=True)
    seen = dict(zip(keys.tolist(), np.bincount(place, weights, len(keys)).tolist(), strict=True))
    return np.array([seen.get(code, 0.0) for code in (asked @ digits).tolist()])


def with_doubted(pairs: ir.Table, names: Sequence[float]) -> ir.Table:
    """Add ``other`` to pairs within a register: how surely they are two people.

    Twins and brothers look like doubles. But a register that lists people twice mostly writes their
    names alike; from the pairs of equal names it is known how many doubles there are, and how many of
    them a name written otherwise can have (`names`: how one person's names compare). Where more pairs
    than that look so, they are other people.
    """
    likely = pairs.filter(pairs.p >= LIKELY)
    counted = likely.group_by("name").agg(n=lambda t: t.count()).order_by("name").to_pyarrow()
    seen = np.zeros(len(LEVELS["name"]) + 1)
    seen[counted["name"].to_numpy()] = counted["n"].to_numpy()
    usual = np.concatenate(([0.0], names))
    doubles = seen[1 : EQUAL_NAME + 1].sum() / usual[1 : EQUAL_NAME + 1].sum()
    share = np.minimum(1.0, np.divide(doubles * usual, seen, out=np.ones_like(usual), where=seen > 0))
    share[: EQUAL_NAME + 1] = 1.0
    believed = ibis.cases(
        *((pairs.name == level, float(part)) for level, part in enumerate(share)), else_=0.0
    )
    return pairs.mutate(other=(1 - believed * (pairs.p >= LIKELY).ifelse(pairs.p, 0.0)).round(6))


def alike(
    pairs: ir.Table, left: ir.Table, right: ir.Table, fields: tuple[str, ...], twins: Sequence[float]
) -> Alike:
    """Count the patterns of `pairs` within `right` (``l < r``, levels, ``other``: how surely not doubles)."""
    weight = (2 * pairs.other).cast("decimal(18, 6)")
    counted = pairs.mutate(weight=weight).group_by(*fields).agg(n=lambda t: t.weight.sum())
    table = counted.order_by(*fields).to_pyarrow()
    patterns = np.column_stack([table[field].to_numpy() for field in fields]).astype(np.int8)
    ours, theirs = _present(left, fields, LISTED), _present(right, fields, KNOWN)
    size = max(sum(theirs.values()), 1.0)
    n = table["n"].cast("float64").to_numpy()
    return Alike(fields, patterns, n / size, size, np.asarray(twins), _chances(ours, theirs))


Present = dict[tuple[bool, ...], float]


def _present(rows: ir.Table, fields: tuple[str, ...], columns: Mapping[str, tuple[str, ...]]) -> Present:
    """Count rows by which of the fields they have."""
    has = {
        field: ibis.coalesce(*(rows[name] for name in columns.get(field, (field,)))).notnull()
        for field in fields
    }
    counted = rows.select(**has).group_by(*fields).agg(n=lambda t: t.count()).order_by(*fields)
    return {
        tuple(bool(line[field]) for field in fields): float(line["n"])
        for line in counted.to_pyarrow().to_pylist()
    }


def _chances(ours: Present, theirs: Present) -> Present:
    met, among = _both(ours, theirs), _both(theirs, theirs)
    return {
        known: share / at_least
        for known, share in met.items()
        if (at_least := sum(n for has, n in among.items() if all(np.greater_equal(has, known)))) > 0
    }


def _both(ours: Present, theirs: Present) -> Present:
    """Return by the fields that both rows of a pair have, the share of such pairs."""
    pairs = sum(ours.values()) * sum(theirs.values())
    found: Present = {}
    for one, n in ours.items():
        for other, m in theirs.items():
            known = tuple(a and b for a, b in zip(one, other, strict=True))
            found[known] = found.get(known, 0.0) + n * m / pairs
    return found
