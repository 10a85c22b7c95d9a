"""Who gets what at the size of a city: seconds, memory, gap; beside plain HiGHS and a greedy list."""

from __future__ import annotations

import json
import sys
import time

import numpy as np

from benchmarks.measure import Row, module, save
from rantang.planning.optimise import plan, value_of
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
        floors=tuple(Floor(f"K{k:02d}", max(1, families // 4000), "units", "P00") for k in range(57))
        if floors
        else (),
        switching=5_000.0,
    )
    return pose(fams, pairs, rules)


CASES = {
    "60,000 x 4.5 (270,000 pairs)": (60_000, 4.5, 20.0, 500.0),
    "60,000 x 30 (1.8 million pairs)": (60_000, 30.0, 90.0, None),
    "400,000 x 4.5 (1.8 million pairs)": (400_000, 4.5, 90.0, None),
}
GAP = 1e-3


def report(scale: float) -> None:
    """Plan each instance in a process of its own; the smallest also by plain HiGHS and by a greedy list."""
    rows: list[Row] = []
    for name, (families, each, seconds, megabytes) in CASES.items():
        found, memory = module("benchmarks.planning", "plan", int(families * scale), each)
        good = found["gap"] <= GAP and found["broken"] == 0 and found["plan_s"] <= seconds
        good = good and (megabytes is None or memory * 1024 <= megabytes)
        rows.append({"instance": name, "by": "rantang", **found, "mib": memory * 1024, "bar": _mark(good)})
    families, each, *_ = CASES["60,000 x 4.5 (270,000 pairs)"]
    for by in ("greedy", "highs-lp", "highs-mip"):
        found, memory = module("benchmarks.planning", by, int(families * scale), each)
        first = rows[0]
        ratios = {
            "value_ratio": found["objective"] / first["objective"],
            "time_ratio": found["plan_s"] / first["plan_s"],
        }
        rows.append({"instance": first["instance"], "by": by, **found, "mib": memory * 1024, **ratios})
    save("planning", rows, scale=scale)


def _mark(good: bool) -> str:
    return "pass" if good else "MISS"


def rupiah_broken(problem: Problem, given: np.ndarray) -> int:
    """How many limits a set of pairs breaks, within families and between them, in whole numbers."""
    chosen = problem.open_pairs[given]
    broken = int((problem.use.T @ given.astype(np.int64) > problem.limits).sum())
    of, code, rules = problem.of_pair[chosen], problem.code[given], problem.rules
    n = len(problem.families.family)
    has = np.zeros((n, len(problem.codes)), dtype=bool)
    has[of, code] = True
    for one, other in rules.exclusive:
        broken += int((has[:, problem.number(one)] & has[:, problem.number(other)]).sum())
    for one, other in rules.complements:
        broken += int((has[:, problem.number(one)] & ~has[:, problem.number(other)]).sum())
    if rules.cap is not None:
        broken += int((has.sum(axis=1) > rules.cap).sum())
    gain = np.bincount(of, weights=problem.gain[given], minlength=n)
    broken += int((gain < problem.families.right * (1 - 1e-5)).sum())
    return broken + int((~problem.pairs.eligible[chosen]).sum())


def greedy(problem: Problem) -> np.ndarray:
    """The usual way: what is needed first, then pairs by value per rupiah while there is money.

    Rights are met by the cheapest pair that meets them; floors are not looked at.
    """
    p, opened = problem.pairs, problem.open_pairs
    of, cost = problem.of_pair[opened], p.cost[opened]
    alone = problem.effect(problem.gain, of) + problem.keeping
    meets = problem.gain >= problem.families.right[of]
    with_right = problem.families.right[of] > 0
    order = np.lexsort((-alone / np.maximum(cost, 1), ~(with_right & meets)))
    needs = {problem.number(one) for one, _ in problem.rules.complements}
    against: dict[int, set[int]] = {}
    for one, other in problem.rules.exclusive:
        against.setdefault(problem.number(one), set()).add(problem.number(other))
        against.setdefault(problem.number(other), set()).add(problem.number(one))
    left = problem.limits.astype(np.int64).copy()
    capped = np.array([row.kind != "lantai" for row in problem.rows])
    use = problem.use.tocsr()
    has: list[set[int]] = [set() for _ in problem.families.family]
    given = np.zeros(len(opened), dtype=bool)
    for pair in order.tolist():
        family, code = int(of[pair]), int(problem.code[pair])
        row = slice(use.indptr[pair], use.indptr[pair + 1])
        which, spent = use.indices[row], use.data[row]
        full = len(has[family]) >= (problem.rules.cap or PROGRAMMES)
        if code in needs or full or has[family] & against.get(code, set()):
            continue
        if (spent <= left[which])[capped[which]].all():
            left[which] -= spent
            has[family].add(code)
            given[pair] = True
    return given


def plain_highs(problem: Problem, whole: bool, pieces: int = 8) -> tuple[np.ndarray, float]:
    """The question as HiGHS's documentation shows it: one variable a pair, the concave effect in pieces.

    Per family `pieces` segments of falling slope from 0 to all it could gain; linked by one row.
    """
    import highspy
    from scipy import sparse

    n, m = len(problem.families.family), len(problem.open_pairs)
    of = problem.of_pair[problem.open_pairs]
    most = np.bincount(of, weights=problem.gain, minlength=n)
    ends = most[:, None] * np.linspace(0, 1, pieces + 1) ** 1.5
    value = problem.effect(ends, np.arange(n))
    width = np.diff(ends, axis=1)
    slope = np.diff(value, axis=1) / np.maximum(width, 1e-9)
    unit = 1e4
    # Columns: pairs, then segments. Rows: coupling, one link a family, then rules within families.
    link = sparse.hstack(
        [
            sparse.csr_matrix((-problem.gain / unit, (of, np.arange(m))), shape=(n, m)),
            sparse.csr_matrix(
                (np.ones(n * pieces), (np.repeat(np.arange(n), pieces), np.arange(n * pieces)))
            ),
        ]
    )
    scale = np.maximum(np.abs(problem.limits), 1).astype(float)
    coupling = sparse.hstack(
        [problem.use.T.multiply(1 / scale[:, None]), sparse.csr_matrix((len(scale), n * pieces))]
    )
    own, limits = _within(problem, m)
    matrix = sparse.vstack(
        [coupling, link, sparse.hstack([own, sparse.csr_matrix((own.shape[0], n * pieces))])]
    ).tocsc()
    high = np.concatenate([problem.limits / scale, np.zeros(n), limits])
    model = highspy.HighsLp()
    model.num_col_, model.num_row_, model.sense_ = (
        matrix.shape[1],
        matrix.shape[0],
        highspy.ObjSense.kMaximize,
    )
    model.col_cost_ = np.concatenate([problem.keeping, (slope * unit).ravel()])
    model.col_lower_, model.col_upper_ = (
        np.zeros(matrix.shape[1]),
        np.concatenate([np.ones(m), (width / unit).ravel()]),
    )
    model.row_lower_, model.row_upper_ = np.full(len(high), -np.inf), high
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_, model.a_matrix_.value_ = (
        matrix.indptr,
        matrix.indices,
        matrix.data,
    )
    if whole:
        kinds = highspy.HighsVarType
        model.integrality_ = [kinds.kInteger] * m + [kinds.kContinuous] * (n * pieces)
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("mip_rel_gap", GAP)
    solver.setOptionValue("time_limit", 120.0)
    solver.passModel(model)
    solver.run()
    values = np.asarray(solver.getSolution().col_value)
    found = values[:m] if len(values) else np.zeros(m)
    return found, float(
        solver.getInfo().mip_dual_bound if whole else solver.getInfo().objective_function_value
    )


def _within(problem: Problem, m: int):
    """The rules within families as rows: exclusions, complements, cap, rights."""
    from scipy import sparse

    n = len(problem.families.family)
    of = problem.of_pair[problem.open_pairs]
    place = np.full((n, len(problem.codes)), -1, dtype=np.int64)
    place[of, problem.code] = np.arange(m)
    rows, limits, entries, count = [], [], [], 0
    for one, other in problem.rules.exclusive:
        both = place[:, [problem.number(one), problem.number(other)]]
        both = both[(both >= 0).all(axis=1)]
        rows.append((np.repeat(np.arange(len(both)), 2) + count, both.ravel(), np.ones(both.size)))
        limits.append(np.ones(len(both)))
        count += len(both)
    for one, other in problem.rules.complements:
        has = place[place[:, problem.number(one)] >= 0]
        a, b = has[:, problem.number(one)], has[:, problem.number(other)]
        at = np.arange(len(has)) + count
        rows += [(at, a, np.ones(len(a))), (at[b >= 0], b[b >= 0], -np.ones((b >= 0).sum()))]
        limits.append(np.zeros(len(has)))
        count += len(has)
    rows.append((of + count, np.arange(m), np.ones(m)))
    limits.append(np.full(n, float(problem.rules.cap or PROGRAMMES)))
    rows.append((of + count + n, np.arange(m), -problem.gain / 1e4))
    limits.append(-problem.families.right / 1e4)
    entries = [np.concatenate(part) for part in zip(*rows, strict=True)]
    shape = (count + 2 * n, m)
    return sparse.csr_matrix((entries[2], (entries[0], entries[1])), shape=shape), np.concatenate(limits)


def main() -> None:
    """One way of planning one instance; JSON on the last line."""
    by, families, each = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    problem = instance(families, each)
    started, worked = time.perf_counter(), time.process_time()
    bound = None
    if by == "plan":
        found = plan(problem)
        given, bound = found.given, found.bound
    elif by == "greedy":
        given = greedy(problem)
    else:
        values, bound = plain_highs(problem, by == "highs-mip")
        bound -= float(problem.keeping.sum())
        # What a mixture or a search cut short gives is rounded down: the pieces of it that are whole.
        given = values > 1 - 1e-6
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    objective = value_of(problem, given)
    answer: Row = {
        "pairs": len(problem.open_pairs), "plan_s": seconds, "cpu_s": cpu, "objective": objective,
        "bound": bound,
        "gap": (bound - objective) / abs(bound) if bound else None, "broken": rupiah_broken(problem, given),
    }  # fmt: skip
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
