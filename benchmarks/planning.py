"""Who gets what at the size of a city: seconds, memory, gap; beside plain HiGHS and a greedy list."""

from __future__ import annotations

import numpy as np

from rantang.planning.problem import Families, Floor, Pairs, Problem, Rules, pose

PROGRAMMES = 30
AGENCIES = 11
LINE = 570_238.0


def instance(families: int, pairs_each: float, seed: int = 1, floors: bool = True) -> Problem:
    """A generated question: 30 programmes of 11 agencies, each family eligible for some of them.

    Parameters
    ----------
    pairs_each
        Mean number of programmes a family is eligible for; 30: for all.
    """
    rng = np.random.default_rng(seed)
    kerak = rng.random(families) < 0.15
    mean = np.log(LINE) + rng.normal(0.15, 0.35, families) - 0.35 * kerak
    fams = Families(
        family=np.array([f"F{number:07d}" for number in range(families)]),
        kelurahan=np.array([f"K{number:02d}" for number in rng.integers(0, 57, families)]),
        mean=mean,
        sd=rng.uniform(0.25, 0.45, families),
        size=1.0 + rng.poisson(2.4, families),
        weight=rng.uniform(0.8, 1.3, families),
        kerak=kerak,
        right=np.zeros(families),
    )
    rank = rng.random((families, PROGRAMMES))
    eligible = rank < pairs_each / PROGRAMMES
    who, which = np.nonzero(eligible)
    personal = rng.random(PROGRAMMES) < 0.4
    yearly = rng.choice([450_000, 504_000, 900_000, 2_400_000, 3_000_000, 3_600_000, 7_300_000], PROGRAMMES)
    share = rng.uniform(0.35, 0.95, PROGRAMMES)
    units = np.where(personal[which], 1 + rng.integers(0, 3, len(who)), 1)
    cost = (yearly[which] * units * rng.uniform(0.9, 1.1, len(who))).astype(np.int64)
    gain = cost / 12 * share[which] * rng.uniform(0.8, 1.1, len(who))
    agency_of = np.concatenate([np.arange(AGENCIES), rng.integers(0, AGENCIES, PROGRAMMES - AGENCIES)])
    codes = np.array([f"P{number:02d}" for number in range(PROGRAMMES)])
    agencies = np.array([f"a{number:02d}" for number in range(AGENCIES)])
    held = rng.random(len(who)) < 0.1
    pairs = Pairs(
        fams.family[who], codes[which], agencies[agency_of[which]], np.ones(len(who), dtype=bool),
        cost, gain, units, held,
    )  # fmt: skip
    # A right that its cheapest sufficient programme meets, for the kerak families that have any.
    most = np.zeros(families)
    np.maximum.at(most, who, np.where(which < 28, gain, 0.0))
    fams.right[:] = np.where(kerak, np.minimum(most, 100_000) * 0.8, 0.0)
    wanted = np.bincount(agency_of[which], weights=cost, minlength=AGENCIES)
    part = rng.uniform(0.15, 0.3, AGENCIES) * min(1.0, 4.5 / pairs_each)
    places = np.bincount(which, weights=units, minlength=PROGRAMMES)
    few = rng.permutation(PROGRAMMES)[:8]
    rules = Rules(
        line=LINE,
        budgets={str(agencies[a]): int(wanted[a] * part[a]) for a in range(AGENCIES)},
        places={str(codes[p]): int(places[p] * 0.3) for p in few},
        exclusive=tuple((f"P{a:02d}", f"P{a + 1:02d}") for a in range(0, 12, 2)),
        complements=(("P28", "P03"), ("P29", "P05")),
        cap=5,
        floors=tuple(Floor(f"K{k:02d}", max(1, families // 4000), "units", "P00") for k in range(57)) if floors else (),
        switching=5_000.0,
    )
    return pose(fams, pairs, rules)
