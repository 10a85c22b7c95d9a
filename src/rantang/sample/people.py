"""Families and their members: ages, kin, who has left for another card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from rantang.sample.rates import Dice, Rates

HEAD, SPOUSE, CHILD, IN_LAW, GRANDCHILD, PARENT, OTHER = 1, 2, 3, 4, 5, 6, 8  # Regsosek item 409
GROWN: Final = 20
OLDEST: Final = 97
# Share of families founded by their own generation; the others are founded by grown children
# who left (chosen so that scale 1 comes to 245,000 families).
_FOUNDED: Final = 0.889

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass
class Kin:
    """Persons as parallel arrays, in order of family and place in it."""

    family: Ints
    relation: Ints
    woman: Bools
    age: Ints
    origin: Ints  # family they grew up in and left, -1 for the others
    married: Ints  # 0 never, 1 married, 2 divorced, 3 widowed

    def take(self, index: Ints) -> Kin:
        """Return the persons at `index`."""
        return Kin(*(getattr(self, name)[index] for name in self.__dataclass_fields__))


def join(*parts: Kin) -> Kin:
    """Return the persons of all parts."""
    return Kin(
        *(np.concatenate([getattr(part, name) for part in parts]) for name in Kin.__dataclass_fields__)
    )


def make_kin(dice: Dice, rates: Rates, families: int) -> Kin:
    """Make about `families` families with realistic ages and kin.

    Grown children who have moved to a card of their own (`grown_children_moved`) found new
    families, alone or as a couple, and remember the family they grew up in.
    """
    rng = dice("kin")
    founded = max(int(families * _FOUNDED), 1)
    old = _founded_families(rng, founded)
    leaves = (
        (old.relation == CHILD)
        & (old.age >= GROWN)
        & (old.age <= 45)
        & (rng.random(len(old.age)) < rates["grown_children_moved"])
    )
    stay = old.take(np.flatnonzero(~leaves))
    young = _leavers_families(rng, old.take(np.flatnonzero(leaves)), founded)
    kin = join(stay, young)
    order = np.lexsort((-kin.age, kin.relation, kin.family))
    return kin.take(order)


def _people(family: Ints, relation: int, woman: Bools, age: Ints, married: Ints | int) -> Kin:
    count = len(family)
    return Kin(
        family=family.astype(np.int64),
        relation=np.full(count, relation, dtype=np.int64),
        woman=woman.astype(bool),
        age=np.clip(age, 0, OLDEST).astype(np.int64),
        origin=np.full(count, -1, dtype=np.int64),
        married=np.broadcast_to(np.asarray(married, dtype=np.int64), count).copy(),
    )


def _founded_families(rng: np.random.Generator, count: int) -> Kin:
    family = np.arange(count)
    band = rng.choice(7, size=count, p=[0.035, 0.20, 0.265, 0.235, 0.165, 0.08, 0.02])
    age = np.array([21, 30, 40, 50, 60, 70, 80])[band] + rng.integers(0, 10, count)
    couple = rng.random(count) < np.array([0.45, 0.85, 0.89, 0.86, 0.74, 0.5, 0.25])[band]
    woman = rng.random(count) < np.where(couple, 0.015, np.where(age > 45, 0.74, 0.45))
    alone = np.where(age < 30, 0, np.where(age < 50, 2, 3))
    heads = _people(family, HEAD, woman, age, np.where(couple, 1, alone))
    partner_age = age - np.where(woman, -1, 1) * np.round(rng.normal(3.2, 3.2, count)).astype(np.int64)
    partner_age = np.maximum(partner_age, 18)
    pairs = np.flatnonzero(couple)
    partners = _people(family[pairs], SPOUSE, ~woman[pairs], partner_age[pairs], 1)
    mother = np.where(woman, age, np.where(couple, partner_age, age - 3))
    parent = couple | ((age >= 28) & (rng.random(count) < 0.62))
    children = _children(rng, family[parent], mother[parent])
    return join(
        heads,
        partners,
        children,
        _grandparents(rng, family, age),
        _children_in_law(rng, children, family),
        _others(rng, family),
    )


def _children(rng: np.random.Generator, family: Ints, mother: Ints, mean: float = 1.0) -> Kin:
    """Children still on the card: born by the mother's age, and fewer of them the older they are."""
    expected = np.where(mother < 45, 2.55, np.where(mother < 60, 2.95, 3.7)) * mean
    expected = expected * np.clip((mother - 20) / 13, 0.05, 1)
    born = np.minimum(rng.poisson(expected), 8)
    slots = np.repeat(np.arange(len(family)), born)
    number = np.arange(len(slots)) - np.repeat(np.cumsum(born) - born, born)
    first = np.clip(rng.normal(23.5, 3.8, len(family)), 17, 38)
    gap = 1.1 + rng.gamma(3.0, 1.05, len(slots))
    # the children of one mother follow each other by their own gaps, not by the number times a mean
    total = np.cumsum(gap)
    before = np.repeat((total - gap)[np.minimum(np.cumsum(born) - born, max(len(gap) - 1, 0))], born)
    offset = np.where(number == 0, 0, total - before - gap[np.cumsum(born)[slots] - born[slots]])
    at_birth = first[slots] + offset
    age = np.floor(mother[slots] - at_birth).astype(np.int64)
    stays = np.select([age < 18, age < 24, age < 35], [0.985, 0.94, 0.64], 0.25)
    keep = (age >= 0) & (at_birth < 46) & (rng.random(len(slots)) < stays)
    slots, age = slots[keep], age[keep]
    woman = rng.random(len(slots)) < np.where(age > 22, 0.45, 0.488)
    return _people(family[slots], CHILD, woman, age, 0)


def _grandparents(rng: np.random.Generator, family: Ints, age: Ints) -> Kin:
    has = (age >= 26) & (age <= 58) & (rng.random(len(family)) < 0.13)
    chosen = np.flatnonzero(has)
    older = age[chosen] + np.round(np.clip(rng.normal(26, 5, len(chosen)), 17, 40)).astype(np.int64)
    chosen, older = chosen[older <= OLDEST], older[older <= OLDEST]
    woman = rng.random(len(chosen)) < 0.77
    return _people(family[chosen], PARENT, woman, older, 3)


def _children_in_law(rng: np.random.Generator, children: Kin, family: Ints) -> Kin:
    """Some grown children live in with a wife or husband and their own children."""
    grown = np.flatnonzero((children.age >= 22) & (children.age <= 45))
    grown = grown[rng.random(len(grown)) < 0.13]
    _, first = np.unique(children.family[grown], return_index=True)
    grown = grown[first]
    children.married[grown] = 1
    shift = np.round(np.where(children.woman[grown], -3, 3) + rng.normal(0, 3, len(grown))).astype(np.int64)
    partner = np.maximum(children.age[grown] - shift, 19)
    in_laws = _people(children.family[grown], IN_LAW, ~children.woman[grown], partner, 1)
    mother = np.where(children.woman[grown], children.age[grown], partner)
    grandchildren = _children(rng, children.family[grown], mother, 0.75)
    young = grandchildren.age < 20
    grandchildren = grandchildren.take(np.flatnonzero(young))
    grandchildren.relation[:] = GRANDCHILD
    return join(in_laws, grandchildren)


def _others(rng: np.random.Generator, family: Ints) -> Kin:
    chosen = np.flatnonzero(rng.random(len(family)) < 0.045)
    woman = rng.random(len(chosen)) < 0.5
    return _people(family[chosen], OTHER, woman, rng.integers(4, 38, len(chosen)), 0)


def _leavers_families(rng: np.random.Generator, leavers: Kin, first: int) -> Kin:
    """New cards of grown children: couples among them, couples with an outsider, and singles."""
    count = len(leavers.age)
    leavers.origin = leavers.family.copy()
    fate = rng.choice(3, size=count, p=[0.42, 0.33, 0.25])  # pairs off, marries an outsider, alone
    pool = np.flatnonzero(fate == 0)
    men, women = pool[~leavers.woman[pool]], pool[leavers.woman[pool]]
    pairs = min(len(men), len(women))
    men = rng.permutation(men)[:pairs]
    women = rng.permutation(women)[:pairs]
    men = men[np.argsort(leavers.age[men] + rng.normal(0, 1.5, pairs), kind="stable")]
    women = women[np.argsort(leavers.age[women] + rng.normal(0, 1.5, pairs), kind="stable")]
    apart = leavers.origin[men] != leavers.origin[women]
    men, women = men[apart], women[apart]
    heads = np.setdiff1d(np.arange(count), women)
    number = np.full(count, -1, dtype=np.int64)
    number[heads] = first + np.arange(len(heads))
    number[women] = number[men]
    outside = np.setdiff1d(np.flatnonzero(fate == 1), np.concatenate([men, women]))
    leavers.family = number
    leavers.relation = np.where(np.isin(np.arange(count), women), SPOUSE, HEAD).astype(np.int64)
    leavers.married[:] = 0
    leavers.married[np.concatenate([men, women, outside])] = 1
    shift = np.round(rng.normal(3, 2.5, len(outside))).astype(np.int64)
    partner_age = np.maximum(leavers.age[outside] + np.where(leavers.woman[outside], shift, -shift), 18)
    # a wife with a husband from outside is not the head of the card
    partners = _people(number[outside], SPOUSE, ~leavers.woman[outside], partner_age, 1)
    wives = outside[leavers.woman[outside]]
    leavers.relation[wives] = SPOUSE
    partners.relation[~partners.woman] = HEAD
    mother = np.concatenate(
        [leavers.age[women], np.where(leavers.woman[outside], leavers.age[outside], partner_age)]
    )
    children = _children(rng, np.concatenate([number[women], number[outside]]), mother, 0.8)
    return join(leavers, partners, children)
