"""The question a plan answers, as plain arrays in one canonical order.

Families, pairs (what each family could be given, what it costs, what it brings) and rules (what may
not be exceeded and what was promised). `pose` sorts by id, so that the answer does not hang on the
order in which rows arrive, and refuses what cannot be meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from rantang.errors import RantangError
from rantang.planning.poverty import effect, shortfall

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.str_]
Measure = Literal["rupiah", "units"]
T = TypeVar("T", "Families", "Pairs")
LARGEST: Final = 2**53
"""Money above this is not exact in the solver's floating point."""


@dataclass(frozen=True)
class Families:
    """Families, one per position.

    Attributes
    ----------
    family, kelurahan
        Ids.
    mean, sd
        Predicted logarithm of consumption per head a month *without* the aid that is planned, and
        its standard error.
    size
        Members.
    weight
        Families of the city that this one stands for (calibrated).
    kerak
        Chronically poor.
    right
        Rupiah a month that the family must at least be brought (0: no right).
    """

    family: Texts
    kelurahan: Texts
    mean: Floats
    sd: Floats
    size: Floats
    weight: Floats
    kerak: Bools
    right: Floats


@dataclass(frozen=True)
class Pairs:
    """What a family could be given, one family × programme per position.

    Attributes
    ----------
    cost
        Rupiah a year, whole.
    gain
        Rupiah of consumption a month that the family has of it, after take-up and delivery.
    units
        Places it takes: 1, or the members who qualify.
    held
        The family has it now.
    """

    family: Texts
    programme: Texts
    agency: Texts
    eligible: Bools
    cost: Ints
    gain: Floats
    units: Ints
    held: Bools


@dataclass(frozen=True, slots=True)
class Floor:
    """A promise to a kelurahan: at least so much there (of one programme, or of all: empty)."""

    kelurahan: str
    least: int
    measure: Measure = "rupiah"
    programme: str = ""


@dataclass(frozen=True)
class Rules:
    """What is wanted, what may not be exceeded, what was promised.

    Attributes
    ----------
    line
        Poverty line, rupiah per head a month.
    power
        1: the depth of poverty (P1) is to fall; 2: its severity (P2).
    kerak_weight
        How much the shortfall of a kerak family counts against another's.
    budgets, places
        Rupiah a year by agency, places by programme; what is not named is not limited.
    exclusive
        Programmes that no family may have together.
    complements
        (a, b): a is given only where b is given, too.
    cap
        Programmes a family may have at most; None: no limit.
    switching
        Rupiah a month by which the effect must grow before something is taken from a family that
        has it: people are not churned for nothing.
    """

    line: float
    power: Literal[1, 2] = 1
    kerak_weight: float = 2.0
    budgets: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    exclusive: tuple[tuple[str, str], ...] = ()
    complements: tuple[tuple[str, str], ...] = ()
    cap: int | None = None
    floors: tuple[Floor, ...] = ()
    switching: float = 0.0


@dataclass(frozen=True, slots=True)
class Row:
    """A constraint that couples families: ``sum(coefficient × given) <= limit``.

    Attributes
    ----------
    kind
        `anggaran` (budget), `tempat` (places) or `lantai` (floor: both sides negative).
    about
        Agency, programme, or kelurahan (and programme).
    """

    name: str
    kind: Literal["anggaran", "tempat", "lantai"]
    about: str
    limit: int

    @property
    def money(self) -> bool:
        """Say whether it is counted in rupiah, not in places."""
        return self.kind == "anggaran" or self.name.endswith(":rupiah")


@dataclass(frozen=True)
class Problem:
    """A question in canonical order; made by `pose`.

    Attributes
    ----------
    of_pair
        Position of each pair's family.
    open_pairs
        Positions of the eligible pairs that the family could be better for, in order.
    start
        Of the open pairs, where each family's begin (n + 1 entries).
    gain, keeping
        Of each open pair: rupiah a month; what keeping it is worth by itself (the switching cost,
        where it is held).
    codes, code
        The programmes in order, and of each open pair the number of its own.
    rows, use
        The coupling constraints and their integer coefficients, open pairs × rows.
    """

    families: Families
    pairs: Pairs
    rules: Rules
    of_pair: Ints
    open_pairs: Ints
    start: Ints
    gain: Floats
    keeping: Floats
    codes: tuple[str, ...]
    code: Ints
    rows: tuple[Row, ...]
    use: sparse.csr_matrix = field(repr=False)

    @cached_property
    def grain(self) -> Ints:
        """By coupling row, the greatest common divisor of its coefficients: it is used in such steps."""
        columns = self.use.tocsc()
        ends = zip(columns.indptr[:-1].tolist(), columns.indptr[1:].tolist(), strict=True)
        return np.array(
            [max(int(np.gcd.reduce(np.abs(columns.data[a:b]))), 1) if b > a else 1 for a, b in ends],
            dtype=np.int64,
        )

    @cached_property
    def limits(self) -> Ints:
        """Limits of the coupling rows, as low as whole programmes leave them.

        What a row's pairs use is a multiple of its grain, so the limit sinks to one (Chvátal 1973). No
        plan is lost, and bounds that think of parts of a programme come closer to the truth: 210
        million buys eleven places of 18 million, not eleven and two thirds.
        """
        limits = np.array([row.limit for row in self.rows], dtype=np.int64)
        return np.asarray(limits // self.grain * self.grain)

    @property
    def weight(self) -> Floats:
        """Weight of each family in the objective: its calibrated weight, times that of kerak."""
        return _weight(self.families, self.rules)

    @property
    def gap(self) -> Floats:
        """Expected gap of each family to the line without aid, rupiah a month."""
        f = self.families
        return f.size * shortfall(self.rules.line, f.mean, f.sd, 1)

    def effect(self, gain: Floats, of: Ints) -> Floats:
        """Return the weighted effect of total gains (families × anything) of the families `of`."""
        f, shape = self.families, (-1,) + (1,) * (gain.ndim - 1)
        mean, sd, size = (each[of].reshape(shape) for each in (f.mean, f.sd, f.size))
        raw = effect(gain, self.rules.line, mean, sd, size, self.rules.power)
        return self.weight[of].reshape(shape) * raw

    def number(self, programme: str) -> int:
        """Return the number of a programme, -1 where no pair has it."""
        return self.codes.index(programme) if programme in self.codes else -1


def pose(families: Families, pairs: Pairs, rules: Rules) -> Problem:
    """Put a question in order.

    Raises
    ------
    RantangError
        `RENCANA-ISI`: a table's column holds what cannot be meant; `RENCANA-GANDA`: the same family
        or pair twice; `RENCANA-KELUARGA`: a pair of a family that is not there.
    """
    _check(families, pairs, rules)
    families = take(families, np.argsort(families.family, kind="stable"))
    _unique("families", families.family)
    of_pair = np.searchsorted(families.family, pairs.family)
    of_pair = np.minimum(of_pair, len(families.family) - 1)
    if (lost := families.family[of_pair] != pairs.family).any():
        raise RantangError("RENCANA-KELUARGA", family=str(pairs.family[lost][0]))
    codes, code = np.unique(pairs.programme, return_inverse=True)
    order = np.lexsort((code, of_pair))
    pairs, of_pair, code = take(pairs, order), of_pair[order], code[order]
    again = (of_pair[1:] == of_pair[:-1]) & (code[1:] == code[:-1])
    if again.any():
        where = int(np.flatnonzero(again)[0])
        raise RantangError("RENCANA-GANDA", what=f"{pairs.family[where]} × {pairs.programme[where]}")
    open_pairs = np.flatnonzero(pairs.eligible & ((pairs.gain > 0) | _wanted(pairs, rules)))
    start = np.searchsorted(of_pair[open_pairs], np.arange(len(families.family) + 1))
    rows, use = _coupling(families, pairs, rules, of_pair, open_pairs)
    kept = rules.switching * _weight(families, rules)[of_pair] * pairs.held
    return Problem(
        families, pairs, rules, of_pair, open_pairs, start, pairs.gain[open_pairs], kept[open_pairs],
        tuple(codes.tolist()), code[open_pairs], rows, use,
    )  # fmt: skip


def _weight(families: Families, rules: Rules) -> Floats:
    return families.weight * np.where(families.kerak, rules.kerak_weight, 1.0)


def _wanted(pairs: Pairs, rules: Rules) -> Bools:
    """Say which pairs may be wanted though they bring no income: a floor or a complement asks for them."""
    if any(not floor.programme for floor in rules.floors):
        return np.ones(len(pairs.family), dtype=bool)
    asked = [floor.programme for floor in rules.floors] + [needed for _, needed in rules.complements]
    return np.isin(pairs.programme, asked) | pairs.held


def take(table: T, which: Ints | Bools) -> T:
    """Return a table's rows at positions, or where a mask holds."""
    return type(table)(**{name: getattr(table, name)[which] for name in table.__dataclass_fields__})


def _unique(table: str, ids: Texts) -> None:
    if (again := ids[1:] == ids[:-1]).any():
        raise RantangError("RENCANA-GANDA", what=f"{table}: {ids[1:][again][0]}")


def _check(families: Families, pairs: Pairs, rules: Rules) -> None:
    f, p = families, pairs
    tests: tuple[tuple[str, Bools, NDArray[np.generic]], ...] = (
        ("families.mean", np.isfinite(f.mean), f.mean),
        ("families.sd", np.isfinite(f.sd) & (f.sd >= 0), f.sd),
        ("families.size", f.size >= 1, f.size),
        ("families.weight", np.isfinite(f.weight) & (f.weight >= 0), f.weight),
        ("families.right", np.isfinite(f.right) & (f.right >= 0), f.right),
        ("pairs.cost", (p.cost >= 0) & (p.cost < LARGEST), p.cost),
        ("pairs.gain", np.isfinite(p.gain) & (p.gain >= 0), p.gain),
        ("pairs.units", p.units >= 1, p.units),
    )
    for where, good, values in tests:
        if not good.all():
            raise RantangError("RENCANA-ISI", where=where, value=str(values[~good][0]))
    if not np.issubdtype(p.cost.dtype, np.integer):
        raise RantangError("RENCANA-ISI", where="pairs.cost", value=str(p.cost.dtype))
    numbers = {"line": rules.line, "kerak_weight": rules.kerak_weight, "switching": rules.switching}
    limits = {f"budgets.{k}": v for k, v in rules.budgets.items()}
    limits |= {f"places.{k}": v for k, v in rules.places.items()}
    limits |= {f"floors.{floor.kelurahan}": floor.least for floor in rules.floors}
    for where, number in (numbers | limits).items():
        if not 0 <= number < LARGEST or (where == "line" and number == 0):
            raise RantangError("RENCANA-ISI", where=where, value=str(number))
    if not len(f.family):
        raise RantangError("RENCANA-ISI", where="families", value="0")
    if rules.power not in (1, 2) or (rules.cap is not None and rules.cap < 1):
        raise RantangError("RENCANA-ISI", where="power, cap", value=f"{rules.power}, {rules.cap}")


def _coupling(
    families: Families, pairs: Pairs, rules: Rules, of_pair: Ints, open_pairs: Ints
) -> tuple[tuple[Row, ...], sparse.csr_matrix]:
    """Return the rows that couple families, and open pairs × rows of their coefficients."""
    agency, programme = pairs.agency[open_pairs], pairs.programme[open_pairs]
    cost, units = pairs.cost[open_pairs], pairs.units[open_pairs]
    rows: list[Row] = []
    parts: list[tuple[Ints, Ints]] = []
    for code, limit in sorted(rules.budgets.items()):
        rows.append(Row(f"anggaran:{code}", "anggaran", code, int(limit)))
        parts.append(_entries(agency == code, cost))
    for code, limit in sorted(rules.places.items()):
        rows.append(Row(f"tempat:{code}", "tempat", code, int(limit)))
        parts.append(_entries(programme == code, units))
    kelurahan = families.kelurahan[of_pair[open_pairs]] if rules.floors else np.empty(0, dtype=str)
    for floor in sorted(rules.floors, key=lambda each: (each.kelurahan, each.programme, each.measure)):
        about = ":".join(part for part in (floor.kelurahan, floor.programme) if part)
        rows.append(Row(f"lantai:{about}:{floor.measure}", "lantai", about, -int(floor.least)))
        there = kelurahan == floor.kelurahan
        if floor.programme:
            there &= programme == floor.programme
        parts.append(_entries(there, -(cost if floor.measure == "rupiah" else units)))
    where = np.concatenate([part[0] for part in parts]) if parts else np.empty(0, dtype=np.int64)
    value = np.concatenate([part[1] for part in parts]) if parts else np.empty(0, dtype=np.int64)
    column = np.repeat(np.arange(len(rows)), [len(part[0]) for part in parts])
    shape = (len(open_pairs), len(rows))
    return tuple(rows), sparse.csr_matrix((value, (where, column)), shape=shape, dtype=np.int64)


def _entries(chosen: Bools, values: Ints) -> tuple[Ints, Ints]:
    where = np.flatnonzero(chosen)
    return where, values[where]
