"""Who stands on which list: the poor, with the leaks and gaps that audits found."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rantang.sample.naming import Ints
from rantang.sample.people import HEAD
from rantang.sample.rates import Dice, Rates
from rantang.sample.world import World

Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Rosters:
    """Row numbers of persons on each welfare list, and of those the population list lacks.

    Attributes
    ----------
    dtks, p3ke, dtsen
        In the order of the list; a person may stand there twice.
    decile
        P3KE's decile of each family (0: not on it).
    desil_nasional
        DTSEN's decile of each family, 1-10.
    absent
        Persons whom `penduduk` lacks.
    """

    dtks: Ints
    p3ke: Ints
    dtsen: Ints
    decile: Ints
    desil_nasional: Ints
    absent: Bools


def make_rosters(dice: Dice, rates: Rates, world: World) -> Rosters:
    """Choose the families and persons of each welfare list."""
    share = world.persons.height / (rates["residents"] * (1 + rates["dead"] + rates["moved"]))
    dtks = _choose_dtks(dice("dtks"), rates, world, share)
    decile, p3ke = _choose_p3ke(dice("p3ke"), rates, world, share)
    national = _rank_dtsen(dice("dtsen"), rates, world)
    absent = _choose_absent(dice("absent"), rates, world, dtks, p3ke)
    return Rosters(
        dtks,
        p3ke,
        _choose_dtsen(dice("dtsen persons"), rates, world, dtks, national),
        decile,
        national,
        absent,
    )


def rank_families(rng: np.random.Generator, world: World, noise: float) -> npt.NDArray[np.float64]:
    """How a register ranks families: log consumption seen with an error."""
    log = np.log(world.families["consumption"].to_numpy())
    standard = (log - log.mean()) / log.std()
    seen = 0.6 * standard + 0.4 * world.families["permanent"].to_numpy()
    return np.asarray(seen / seen.std() + noise * rng.normal(size=len(log)), dtype=np.float64)


def _alive(rng: np.random.Generator, rates: Rates, world: World) -> Bools:
    """Who may stand on a list: residents, and some of the dead and the moved."""
    dead, moved = world.persons["dead"].to_numpy(), world.persons["moved"].to_numpy()
    # so many of the dead and moved stay listed that they make up their rate of the list
    stays_dead = rng.random(len(dead)) < min(rates["dtks_dead"] / rates["dead"], 1)
    stays_moved = rng.random(len(dead)) < min(rates["dtks_moved"] / rates["moved"], 1)
    return np.asarray((~dead | stays_dead) & (~moved | stays_moved), dtype=bool)


def _take_families(order: Ints, members: Ints, wanted: float) -> Ints:
    return order[: int(np.searchsorted(np.cumsum(members[order]), wanted)) + 1]


def _choose_dtks(rng: np.random.Generator, rates: Rates, world: World, share: float) -> Ints:
    family = world.persons["family"].to_numpy()
    relation, age = world.persons["relation"].to_numpy(), world.persons["age"].to_numpy()
    skipped = rates["dtks_member_missing"] * np.where(age < 3, 5.0, np.where(relation > 3, 1.6, 0.45))
    may = _alive(rng, rates, world) & ((relation == HEAD) | (rng.random(len(age)) > skipped))
    members = np.bincount(family[may], minlength=world.families.height)
    score = rank_families(rng, world, rates["dtks_noise"])
    richer = world.families["permanent"].to_numpy() > 0.2
    score = np.where(richer & (rng.random(len(score)) < rates["dtks_not_poor"]), score - 3, score)
    wanted = rates["dtks_persons"] * share / (1 + rates["dtks_double"])
    chosen = _take_families(np.argsort(score, kind="stable"), members, wanted)
    listed = np.zeros(world.families.height, dtype=bool)
    listed[chosen] = True
    who = in_list_order(rng, np.flatnonzero(may & listed[family]), family)
    return with_doubles(rng, who, rates["dtks_double"])


def in_list_order(rng: np.random.Generator, who: Ints, family: Ints) -> Ints:
    """Put families in an order of the list's own, members together: the order tells nothing."""
    place = rng.permutation(int(family.max()) + 1)
    return who[np.argsort(place[family[who]], kind="stable")]


def with_doubles(rng: np.random.Generator, who: Ints, rate: float) -> Ints:
    """Let some stand on the list twice: half of them beside the first, the others far from it."""
    again = np.flatnonzero(rng.random(len(who)) < rate)
    apart = np.where(rng.random(len(again)) < 0.5, again + 0.5, rng.random(len(again)) * len(who))
    place = np.concatenate([np.arange(len(who), dtype=float), apart])
    return np.concatenate([who, who[again]])[np.argsort(place, kind="stable")]


def _choose_p3ke(rng: np.random.Generator, rates: Rates, world: World, share: float) -> tuple[Ints, Ints]:
    family = world.persons["family"].to_numpy()
    may = _alive(rng, rates, world) & (rng.random(len(family)) > 0.04)
    members = np.bincount(family[may], minlength=world.families.height)
    order = np.argsort(rank_families(rng, world, rates["p3ke_noise"]), kind="stable")
    chosen = _take_families(order, members, rates["p3ke_persons"] * share / (1 + rates["p3ke_double"]))
    filled = np.cumsum(members[chosen])
    first = rates["p3ke_decile1"] * share
    rest = (rates["p3ke_persons"] * share - first) / 3
    decile = np.zeros(world.families.height, dtype=np.int64)
    decile[chosen] = np.clip(2 + np.floor((filled - first) / rest), 1, 4).astype(np.int64)
    decile[chosen[filled <= first]] = 1
    who = in_list_order(rng, np.flatnonzero(may & (decile[family] > 0)), family)
    return decile, with_doubles(rng, who, rates["p3ke_double"])


def _rank_dtsen(rng: np.random.Generator, rates: Rates, world: World) -> Ints:
    """National deciles: the city is richer than the nation, so few stand in the lowest."""
    score = rank_families(rng, world, rates["p3ke_noise"] * 0.85)
    size = world.families["size"].to_numpy()
    order = np.argsort(score, kind="stable")
    # shares of persons in deciles 1-10: 28, 38, 33, 24, 19 of 882 thousand (disway 8214), then even
    known = np.array([28, 38, 33, 24, 19]) / 882
    bounds = np.cumsum(np.concatenate([known, np.full(5, (1 - known.sum()) / 5)]))
    position = np.cumsum(size[order]) / size.sum()
    decile = np.empty(len(score), dtype=np.int64)
    decile[order] = np.minimum(1 + np.searchsorted(bounds, position), 10)
    return decile


def _choose_dtsen(rng: np.random.Generator, rates: Rates, world: World, dtks: Ints, national: Ints) -> Ints:
    family = world.persons["family"].to_numpy()
    keep = ~world.persons["dead"].to_numpy() & ~world.persons["moved"].to_numpy()
    stale = rng.random(world.families.height) < rates["stale"]
    listed = np.zeros(world.families.height, dtype=bool)
    listed[family[dtks]] = True
    in_list = (national <= 5) | (listed & ~stale)
    return in_list_order(rng, np.flatnonzero(keep & in_list[family]), family)


def _choose_absent(rng: np.random.Generator, rates: Rates, world: World, *lists: Ints) -> Bools:
    """Listed persons whom `penduduk` lacks though others of their family are there."""
    family = world.persons["family"].to_numpy()
    living = ~world.persons["dead"].to_numpy() & ~world.persons["moved"].to_numpy()
    listed = np.zeros(world.families.height, dtype=bool)
    for who in lists:
        listed[family[who]] = True
    struck = living & listed[family] & (rng.random(len(family)) < rates["absent_from_population"])
    left = np.bincount(family[living & ~struck], minlength=world.families.height)
    return np.asarray(struck & (left[family] > 0), dtype=bool)
