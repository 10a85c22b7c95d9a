"""What a scenario does to poverty, with its uncertainty: `simulate(register, scenario, seed)`.

In every draw each family has a consumption (its own error and one that all predictions share), each
kind of aid a share that becomes consumption, and each piece of aid either reaches the family or not
(link, take-up). The same draws stand on both sides of the comparison, so that what does not change
cancels exactly: the null scenario changes nothing at all, in no draw. Families add up to kelurahan,
groups and the city in each draw.

The register's consumption is today's, present aid included; so a scenario adds what is new and
takes away what ends.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from rantang.planning import effects
from rantang.planning.allocation import Register, costs, given, hit, overlaps
from rantang.planning.problem import Bools, Floats, Ints, Texts
from rantang.planning.scenario import Cost, Scenario

DRAWS: Final = 200
CHUNK: Final = 20
LEVEL: Final = 0.90


@dataclass(frozen=True, slots=True)
class Interval:
    """Mean and 90 % interval over the draws; nan where nothing can be divided."""

    mean: float
    lo90: float
    hi90: float


@dataclass(frozen=True)
class Part:
    """A kelurahan's or group's share; the parts of one kind add up to the city.

    Attributes
    ----------
    poor
        Change of the expected number of poor persons.
    gap
        Change of the expected poverty gap, rupiah a month.
    severity
        Change of the expected sum of squared shortfalls, in lines.
    winners, losers
        Families that are brought more, or less, than today.
    cost
        Change of the yearly cost, rupiah.
    """

    poor: float
    gap: float
    severity: float
    winners: int
    losers: int
    cost: int


@dataclass(frozen=True)
class Flow:
    """Who enters, leaves and stays in a programme, in families; the yearly cost before and after, rupiah."""

    enter: int
    leave: int
    stay: int
    before: int = 0
    after: int = 0


@dataclass(frozen=True)
class Result:
    """What a scenario does, against the present.

    Attributes
    ----------
    p0, p1, p2
        Change of the FGT measures of the register, percentage points (as BPS publishes them, × 100).
    lifted
        Persons lifted above the line, net.
    closed
        Rupiah a month of the poverty gap that closes, net.
    cost
        Change of the yearly cost.
    other_costs
        Change of the yearly cost at the scenario's other prices, by label.
    leakage
        Share of the scenario's money that reaches no poor family.
    per_lifted, per_point
        Yearly rupiah for each person lifted; yearly rupiah for each point by which P1 falls.
    kerak_before, kerak_after
        Kerak families with main support.
    new_overlaps
        Families that come to have programmes which exclude each other.
    months
        Months of the year for which the change holds (12, or a shock's).
    poor, gap
        Expected poor persons among the families, and their gap, rupiah a month, as it is today.
    unknown
        Families that enter something and whose consumption is not known: they cost, and no effect of
        theirs is counted.
    """

    scenario: Scenario
    p0: Interval
    p1: Interval
    p2: Interval
    lifted: Interval
    closed: Interval
    cost: int
    other_costs: Mapping[str, int]
    leakage: Interval
    per_lifted: Interval
    per_point: Interval
    kerak_before: int
    kerak_after: int
    new_overlaps: int
    flows: Mapping[str, Flow]
    by_kelurahan: Mapping[str, Part]
    by_group: Mapping[str, Part]
    months: int
    poor: Interval
    gap: Interval
    unknown: int


def simulate(
    register: Register, scenario: Scenario, seed: int = 1, draws: int = DRAWS, now: Bools | None = None
) -> Result:
    """Compare a scenario with the present.

    Parameters
    ----------
    now
        By pair, who is given what; None: as the scenario gives. A plan found elsewhere is given here.
    seed
        Of the draws: the same seed gives the same result.

    Raises
    ------
    RantangError
        `DAMPAK-JENIS`: a kind of aid without an income effect.
    """
    f, p = register.families, register.pairs
    now = given(register, scenario) if now is None else now
    price = costs(register, scenario)
    drawn = _draw(register, scenario, now, price, seed, draws)
    persons = register.population or float((f.weight * f.size).sum())
    scale = 100.0 / max(persons, 1e-9)
    cost = _cost(price, now) - _cost(p.cost, p.held)
    cost = cost if scenario.targeting != "sempurna" else 0
    poor, gap, severity = (drawn.change[:, :, k].sum(axis=1) for k in range(3))
    lifted, closed = -poor, -gap
    p1 = gap / register.line * scale
    return Result(
        scenario,
        p0=_interval(poor * scale), p1=_interval(p1), p2=_interval(severity * scale),
        lifted=_interval(lifted), closed=_interval(closed),
        cost=cost,
        other_costs={each.label: _other(register, now, price, each) for each in scenario.costs},
        leakage=_interval(drawn.leaked), per_lifted=_ratio(cost, lifted), per_point=_ratio(cost, -p1),
        kerak_before=_kerak(register, p.held), kerak_after=_kerak(register, now),
        new_overlaps=overlaps(register, now) - overlaps(register, p.held),
        flows=_flows(register, now, price),
        by_kelurahan=_parts(register, now, price, drawn, f.kelurahan),
        by_group=_parts(register, now, price, drawn, register.group),
        months=scenario.shock.months if scenario.shock else 12,
        poor=_interval(drawn.poor), gap=_interval(drawn.gap),
        unknown=len(np.unique(register.of_pair[now & ~p.held & (f.weight[register.of_pair] == 0)])),
    )  # fmt: skip


@dataclass(frozen=True)
class _Drawn:
    """Change by draw × family that changes × (poor persons, gap in rupiah, severity), leakage, today."""

    families: Ints
    change: Floats
    leaked: Floats
    poor: Floats
    gap: Floats


def _draw(register: Register, scenario: Scenario, now: Bools, price: Ints, seed: int, draws: int) -> _Drawn:
    f, p, of = register.families, register.pairs, register.of_pair
    # Consumption is drawn apart from aid, so that every scenario begins at the same present.
    rng, of_aid = np.random.default_rng(seed), np.random.default_rng([seed, 1])
    struck = hit(register, scenario)
    moved = (now ^ p.held) | (now & (price != p.cost))
    changed = struck | (np.bincount(of[moved], minlength=len(f.family)) > 0)
    if scenario.line_factor != 1.0 or scenario.targeting == "sempurna":
        changed = np.ones(len(changed), dtype=bool)
    rows = np.flatnonzero(changed)
    paid = np.flatnonzero(now | p.held)
    change = np.zeros((draws, len(rows), 3))
    leaked, poor, gap = np.zeros(draws), np.zeros(draws), np.zeros(draws)
    heads = f.weight * f.size
    ratio = np.divide(price, p.cost, out=np.ones(len(price)), where=p.cost > 0)
    for begin in range(0, draws, CHUNK):
        part = slice(begin, min(begin + CHUNK, draws))
        count = part.stop - begin
        consumption = np.exp(
            f.mean + f.sd * rng.standard_normal((count, len(f.family)))
            + register.model_sd * rng.standard_normal((count, 1))
        )  # fmt: skip
        gain = _gains(register, paid, of_aid, count)
        after = consumption + _brought(register, paid, gain, now * ratio, of) / f.size
        short = np.maximum(register.line - consumption, 0.0)
        poor[part], gap[part] = (short > 0) @ heads, short @ heads
        leaked[part] = _leaked(register, paid, gain > 0, now, price, short > 0)
        if scenario.shock:
            after = np.where(struck, after * (1 - scenario.shock.loss), after)
        if scenario.targeting == "sempurna":
            after = _perfect(register, consumption, paid, gain)
        old = _measures(register, consumption[:, rows], rows, register.line)
        new = _measures(register, np.maximum(after[:, rows], 0.0), rows, register.line * scenario.line_factor)
        change[part] = new - old
    return _Drawn(rows, change, leaked, poor, gap)


def _gains(register: Register, paid: Ints, rng: np.random.Generator, count: int) -> Floats:
    """Draw the rupiah a month that each piece of aid brings: draws × pieces."""
    aid, cost = register.aid[paid], register.pairs.cost[paid] / 12
    gain = np.zeros((count, len(paid)))
    reaches = rng.random((count, len(paid))) < register.link[paid]
    used = rng.random((count, len(paid)))
    for kind in sorted(set(aid.tolist())):
        effect, mine = register.effect(kind), np.flatnonzero(aid == kind)
        share, take_up, delivery = (
            effects.draw(spread, rng, count)[:, None]
            for spread in (effect.share, effect.take_up, effect.delivery)
        )
        there = reaches[:, mine] & (used[:, mine] < take_up)
        gain[:, mine] = there * (share * delivery * effect.first_year) * cost[mine]
    return gain


def _brought(register: Register, paid: Ints, gain: Floats, now: Bools | Floats, of: Ints) -> Floats:
    """Return what the scenario brings each family more than today, rupiah a month.

    `now` says how much of each pair's present worth it gives.
    """
    sign = now[paid].astype(np.float64) - register.pairs.held[paid]
    moved = np.flatnonzero(sign != 0)
    more = np.zeros((len(gain), len(register.families.family)))
    for row in range(len(gain)):
        more[row] = np.bincount(
            of[paid[moved]], weights=gain[row, moved] * sign[moved], minlength=more.shape[1]
        )
    return more


def _leaked(register: Register, paid: Ints, reached: Bools, now: Bools, price: Ints, poor: Bools) -> Floats:
    """Return the share of the scenario's money that does not reach a poor family, by draw.

    Money of families whose consumption is not known is left out of both.
    """
    mine = np.flatnonzero(now[paid])
    of = register.of_pair[paid[mine]]
    money = price[paid[mine]] * register.families.weight[of]
    good = reached[:, mine] & poor[:, of]
    return np.asarray(1 - good @ money / max(float(money.sum()), 1e-9)) if len(mine) else np.zeros(len(poor))


def _perfect(register: Register, consumption: Floats, paid: Ints, gain: Floats) -> Floats:
    """Give the present aid's consumption value to the poorest first, up to a common level or the line.

    The aid that families have now is taken away first; the level is found by halving.
    """
    f, held = register.families, register.pairs.held[paid]
    nothing = np.zeros(len(register.pairs.held), dtype=bool)
    bare = np.maximum(consumption + _brought(register, paid, gain, nothing, register.of_pair) / f.size, 0.0)
    money = (gain[:, held] * f.weight[register.of_pair[paid[held]]]).sum(axis=1)
    heads = f.weight * f.size
    low, high = np.zeros(len(bare)), np.full(len(bare), register.line)
    for _ in range(40):
        level = (low + high) / 2
        needed = (np.maximum(level[:, None] - bare, 0.0) * heads).sum(axis=1)
        low, high = np.where(needed <= money, level, low), np.where(needed <= money, high, level)
    # A level within a rupiah of the line is the line: the gap is closed.
    level = np.where(register.line - low < 1.0, register.line, low)
    return np.maximum(bare, level[:, None])


def _measures(register: Register, consumption: Floats, rows: Ints, line: float) -> Floats:
    """Return poor persons, gap (rupiah) and severity (lines) by draw and family, weighted."""
    heads = register.families.weight[rows] * register.families.size[rows]
    short = np.maximum(line - consumption, 0.0)
    return np.stack([(consumption < line) * heads, short * heads, (short / line) ** 2 * heads], axis=2)


def _cost(cost: Ints, which: Bools) -> int:
    return int(cost[which].sum())


def _other(register: Register, now: Bools, price: Ints, other: Cost) -> int:
    """Return the change of cost with one programme's places at another price, before and after."""
    p = register.pairs
    mine, at = p.programme == other.programme, other.rupiah * p.units
    return int(np.where(mine, at, price)[now].sum()) - int(np.where(mine, at, p.cost)[p.held].sum())


def _kerak(register: Register, which: Bools) -> int:
    f = register.families
    served = np.bincount(register.of_pair[which & register.main], minlength=len(f.family)) > 0
    return int((served & f.kerak).sum())


def _flows(register: Register, now: Bools, price: Ints) -> Mapping[str, Flow]:
    p, found = register.pairs, {}
    for code in np.unique(p.programme):
        mine = p.programme == code
        before, after = p.held & mine, now & mine
        found[str(code)] = Flow(
            int((after & ~before).sum()), int((before & ~after).sum()), int((before & after).sum()),
            int(p.cost[before].sum()), int(price[after].sum()),
        )  # fmt: skip
    return found


def _parts(register: Register, now: Bools, price: Ints, drawn: _Drawn, key: Texts) -> Mapping[str, Part]:
    f, p, of = register.families, register.pairs, register.of_pair
    ratio = np.divide(price, p.cost, out=np.ones(len(price)), where=p.cost > 0)
    more = np.bincount(of, weights=(now * ratio - p.held) * p.gain, minlength=len(f.family))
    change = now * price - p.held * p.cost
    mean, own = drawn.change.mean(axis=0), key[drawn.families]
    found = {}
    for name in np.unique(key):
        inside, mine = key == name, mean[own == name].sum(axis=0)
        found[str(name)] = Part(
            float(mine[0]), float(mine[1]), float(mine[2]),
            int((inside & (more > 0)).sum()), int((inside & (more < 0)).sum()),
            int(change[inside[of]].sum()),
        )  # fmt: skip
    return found


def _interval(values: Floats) -> Interval:
    low, high = np.quantile(values, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(values.mean()), float(low), float(high))


def _ratio(cost: int, effect: Floats) -> Interval:
    """Return the cost per unit of the mean effect, and over the draws in which there is an effect."""
    if cost == 0 or effect.mean() <= 0 or (effect <= 0).mean() > (1 - LEVEL) / 2:
        return Interval(float("nan"), float("nan"), float("nan"))
    low, high = np.quantile(effect, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(cost / float(effect.mean()), cost / float(high), cost / float(low))
