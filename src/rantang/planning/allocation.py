"""Who is given what under a scenario: the dry run, before anything is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from rantang.planning.effects import Effect, of
from rantang.planning.poverty import shortfall
from rantang.planning.problem import Bools, Families, Floats, Ints, Pairs, Texts
from rantang.planning.scenario import Scenario


@dataclass(frozen=True)
class Register:
    """The register as a simulation reads it.

    Attributes
    ----------
    families
        With the consumption predicted *as it is today*, present aid included; calibrated weights.
    group
        By family, its class of welfare.
    street
        By family; empty where not known.
    pairs
        What families have or could have; `held` is the present.
    aid
        By pair, the kind of aid (`rantang.planning.effects`).
    main
        By pair, whether the programme is main support.
    link
        By pair, probability that the aid reaches this family and not another (1: sure).
    exclusive
        Programmes that no family may have together.
    only_with
        (a, b): a is given only to a family that has b.
    line
        Rupiah per head a month.
    model_sd
        Error of the logarithm of consumption that all predictions share.
    population
        Persons whom rates are told of; 0: the families' own.
    own
        Effects by the key that `aid` holds, where a programme has one of its own.
    """

    families: Families
    group: Texts
    street: Texts
    pairs: Pairs
    aid: Texts
    main: Bools
    link: Floats
    exclusive: tuple[tuple[str, str], ...]
    line: float
    model_sd: float = 0.05
    population: float = 0.0
    own: Mapping[str, Effect] = field(default_factory=dict)
    only_with: tuple[tuple[str, str], ...] = ()

    def effect(self, aid: str) -> Effect:
        """Return the effect of a key of `aid`."""
        return self.own.get(aid) or of(aid)

    @cached_property
    def of_pair(self) -> Ints:
        """Position of each pair's family."""
        order = np.argsort(self.families.family, kind="stable")
        return np.asarray(order[np.searchsorted(self.families.family[order], self.pairs.family)])


def given(register: Register, scenario: Scenario) -> Bools:
    """Return by pair whether the scenario gives it.

    Where all who qualify are given a programme, those who have one that excludes it stay with that.
    """
    pairs, now = register.pairs, register.pairs.held.copy()
    if scenario.targeting == "henti-bocor":
        now &= pairs.eligible
    if scenario.targeting == "kerak":
        now |= _for_unserved_kerak(register)
    for change in scenario.programmes:
        mine = pairs.programme == change.code
        if change.give == "henti":
            now &= ~mine
        elif change.give == "layak":
            enter = mine & pairs.eligible & ~now & ~_excluded(register, now, change.code)
            if change.places is not None:
                left = change.places - int(pairs.units[now & mine].sum())
                enter = _neediest(register, enter, left)
            now |= enter
    return now


def _neediest(register: Register, enter: Bools, places: int) -> Bools:
    """Return who enters where there are so many places: those with the largest expected gap first."""
    f, pairs = register.families, register.pairs
    where = np.flatnonzero(enter)
    of = register.of_pair[where]
    gap = f.weight[of] * f.size[of] * shortfall(register.line, f.mean[of], f.sd[of], 1)
    where = where[np.lexsort((pairs.family[where], -gap))]
    chosen = np.zeros(len(enter), dtype=bool)
    chosen[where[np.cumsum(pairs.units[where]) <= max(places, 0)]] = True
    return chosen


def costs(register: Register, scenario: Scenario) -> Ints:
    """Return by pair what it costs a year under the scenario."""
    cost = register.pairs.cost.copy()
    for change in scenario.programmes:
        if change.benefit is not None:
            mine = register.pairs.programme == change.code
            cost[mine] = register.pairs.units[mine] * change.benefit * 12
    return cost


def _for_unserved_kerak(register: Register) -> Bools:
    """Return the cheapest main support for each kerak family that has none."""
    pairs, of = register.pairs, register.of_pair
    n = len(register.families.family)
    served = np.bincount(of[pairs.held & register.main], minlength=n) > 0
    may = pairs.eligible & register.main & (register.families.kerak & ~served)[of]
    for code in np.unique(pairs.programme[may]).tolist():
        may &= ~((pairs.programme == code) & _excluded(register, pairs.held, code))
    where = np.flatnonzero(may)
    where = where[np.lexsort((pairs.programme[where], pairs.cost[where], of[where]))]
    first = np.concatenate(([True], np.diff(of[where]) > 0)) if len(where) else np.zeros(0, bool)
    chosen = np.zeros(len(may), dtype=bool)
    chosen[where[first]] = True
    return chosen


def _excluded(register: Register, now: Bools, code: str) -> Bools:
    """Say of each pair whether its family has a programme that excludes `code`, or lacks one it needs."""
    others = [b if a == code else a for a, b in register.exclusive if code in (a, b)]
    found = _having(register, now, others)
    for needed in (b for a, b in register.only_with if a == code):
        found |= ~_having(register, now, [needed])
    return found


def _having(register: Register, now: Bools, codes: Sequence[str]) -> Bools:
    """Say of each pair whether its family has one of the programmes."""
    has = now & np.isin(register.pairs.programme, list(codes))
    families = np.bincount(register.of_pair[has], minlength=len(register.families.family)) > 0
    return np.asarray(families[register.of_pair])


def overlaps(register: Register, now: Bools) -> int:
    """Count the families that have two programmes that exclude each other."""
    n, found = len(register.families.family), 0
    for one, other in register.exclusive:
        both = [
            np.bincount(register.of_pair[now & (register.pairs.programme == code)], minlength=n) > 0
            for code in (one, other)
        ]
        found += int((both[0] & both[1]).sum())
    return found


def hit(register: Register, scenario: Scenario) -> Bools:
    """Return which families a shock reaches."""
    n, shock = len(register.families.family), scenario.shock
    if shock is None:
        return np.zeros(n, dtype=bool)
    if not shock.streets and not shock.kelurahan:
        return np.ones(n, dtype=bool)
    return np.isin(register.street, shock.streets) | np.isin(register.families.kelurahan, shock.kelurahan)
