"""Which rows of one list are the same person: pairs to groups, strongest pair first.

Connected components of everything above a threshold glue twelve people together where four are
one; so pairs are taken in order of strength, and two groups are never joined when any pair across
them was compared and found unlike, or when a person said that they differ.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from typing import Final

import ibis
import ibis.expr.types as ir
import numpy as np

from rantang.register.levels import UNLIKE_NAME, certain, contradicted, generations, two_people
from rantang.register.linkage import Scored

UNLIKE: Final = -3.0
FALSE_PAIRS: Final = 0.0005
LEAST: Final = 0.9
NEVER: Final = 1.1
# So many pairs of kin per row, and a list has families.
KIN: Final = 0.01
# A list of so many rows, at least half of them with a card or an address, would show families if it had them.
ENOUGH: Final = 300


def within_threshold(p: np.ndarray) -> float:
    """Return the lowest p, not below `LEAST`, down to which the mean of 1 - p is small enough.

    Inside one list decoys have nothing to stand on (most rows have no double), so the model's own
    doubt is used, at half the promise.
    """
    falling = np.sort(p[p >= LEAST])[::-1]
    doubt = np.cumsum(1 - falling) / np.arange(1, len(falling) + 1)
    # Pairs of one p stand or fall together.
    last = np.append(falling[1:] != falling[:-1], True) if len(falling) else np.zeros(0, dtype=bool)
    good = falling[last & (doubt <= FALSE_PAIRS)]
    return float(good.min()) if len(good) else NEVER


def groups_within(scored: Scored, threshold: float, *, kin: bool, careful: bool = False) -> dict[int, int]:
    """Return ``row id -> group id`` (the smallest row id of the group) for rows with a double.

    Where `kin` may show (`kin_may_show`), what contradicts one person counts; with `careful`, moreover,
    no score joins names that two of one family might bear (`levels.two_people`).
    """
    pairs = _contradicted(scored) if kin else scored.pairs.mutate(against=False)
    sure = ((pairs.p >= threshold) & ~pairs.against) | certain(pairs).fill_null(False)
    strong = pairs.filter(sure)
    if kin and careful:
        strong = strong.anti_join(two_people(strong, scored.sides.left, scored.sides.right), ["l", "r"])
    strong = strong.select("l", "r", "p")
    touched = ibis.union(strong.select(id="l"), strong.select(id="r"), distinct=True)
    weak = pairs.filter(~sure).select("l", "r", "p", "w", "against")
    weak = weak.semi_join(touched, [("l", "id")]).semi_join(touched, [("r", "id")])
    edges = strong.to_pyarrow().to_pylist()
    edges.sort(key=lambda edge: (-edge["p"], edge["l"], edge["r"]))
    compared = weak.to_pyarrow().to_pylist()
    apart = {(edge["l"], edge["r"]) for edge in compared if edge["w"] < UNLIKE or edge["against"]}
    doubtful = {(edge["l"], edge["r"]) for edge in compared if edge["p"] < LEAST}
    return join_strongest_first(((edge["l"], edge["r"]) for edge in edges), apart, doubtful)


def _contradicted(scored: Scored) -> ir.Table:
    """Return the pairs, and whether they are two people where kin may show, whatever stands between them."""
    apart = generations(scored.pairs, scored.sides.left).mutate(generations=True)
    pairs = scored.pairs.left_join(apart, ["l", "r"]).drop("l_right", "r_right")
    return pairs.mutate(against=contradicted(pairs) | pairs.generations.fill_null(False)).drop("generations")


def kin_may_show(scored: Scored) -> bool:
    """Say whether the list may hold members of one family, who look like one person written badly.

    Only a list that has cards or addresses, and hardly a pair of quite unlike people who share one,
    shows that it has none. (Where nobody shares any, it takes a list of some length to show that.)
    """
    pairs, rows = scored.pairs, scored.sides.left
    together = (pairs.kk == 1) | (pairs.place == 1)
    unlike = together & (pairs.name >= UNLIKE_NAME) & ~pairs.born.between(1, 3) & (pairs.p < 0.5)
    seen = pairs.aggregate(together=together.any(), kin=unlike.sum()).to_pyarrow().to_pylist()[0]
    somewhere = rows.kk.notnull() | rows.place.notnull()
    told = rows.aggregate(rows=rows.count(), somewhere=somewhere.mean()).to_pyarrow().to_pylist()[0]
    shows = seen["together"] or (told["rows"] >= ENOUGH and told["somewhere"] >= 0.5)
    return not shows or (seen["kin"] or 0) >= KIN * told["rows"]


def families_show(rows: ir.Table) -> bool:
    """Say whether kin may show in a list, by its cards and addresses alone: no pair is compared.

    For a list of a city's size, of which only some rows were compared (`kin_may_show`). Every further name
    on a card is a member; one that was only misspelt counts, too: what is too careful is left to people.
    """
    named = rows.filter(rows.sorted_.notnull())
    further = {
        way: (together + "|" + named.sorted_).nunique() - together.nunique()
        for way, together in (("card", named.kk), ("door", named.place + "|" + named.kelurahan))
    }
    found = named.aggregate(**further).to_pyarrow().to_pylist()[0]
    return bool(max(found.values()) >= KIN * rows.count().to_pyarrow().as_py())


def join_strongest_first(
    edges: Iterable[tuple[int, int]],
    apart: set[tuple[int, int]],
    doubtful: Set[tuple[int, int]] = frozenset(),
) -> dict[int, int]:
    """Join groups along `edges` in order, never across a pair in `apart` (smaller id first).

    Where more pairs across are `doubtful` than strong, one strong pair does not join two groups: a row
    without a number or a date may be like two people.
    """
    strong = list(edges)
    known = set(strong)
    group_of: dict[int, int] = {}
    members: dict[int, list[int]] = {}
    for left, right in strong:
        a, b = group_of.setdefault(left, left), group_of.setdefault(right, right)
        members.setdefault(a, [a])
        members.setdefault(b, [b])
        if a == b:
            continue
        across = [(min(x, y), max(x, y)) for x in members[a] for y in members[b]]
        against = sum(pair in doubtful for pair in across)
        if any(pair in apart for pair in across) or against > sum(pair in known for pair in across):
            continue
        keep, gone = min(a, b), max(a, b)
        for member in members.pop(gone):
            group_of[member] = keep
            members[keep].append(member)
    return group_of
