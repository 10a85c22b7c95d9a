"""What a scenario does: nothing changes in the null scenario, subsets add up, draws are the seed's."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from rantang.errors import RantangError
from rantang.planning import effects, scenario
from rantang.planning.allocation import Register, given
from rantang.planning.poverty import shortfall
from rantang.planning.problem import Families, Pairs
from rantang.planning.scenario import load, read
from rantang.planning.simulate import simulate

LINE = 500_000.0


def register(n: int = 400, seed: int = 1) -> Register:
    """Families around the line; two programmes of main support that exclude each other, and insurance."""
    rng = np.random.default_rng(seed)
    kerak = rng.random(n) < 0.2
    families = Families(
        np.array([f"F{i:04d}" for i in range(n)]), np.array([f"K{i % 5}" for i in range(n)]),
        np.log(LINE) + 0.1 - 0.4 * kerak + rng.normal(0, 0.3, n), np.full(n, 0.3),
        1.0 + rng.integers(0, 5, n),
        rng.uniform(0.8, 1.2, n), kerak, np.zeros(n),
    )  # fmt: skip
    codes, aid = np.array(["RANTANG", "PERMAKANAN", "PBID"]), np.array(["pangan", "pangan", "kesehatan"])
    who, which = np.nonzero(rng.random((n, 3)) < 0.5)
    cost = np.array([14_600_000, 10_950_000, 504_000])[which]
    kinds = aid[which]
    pairs = Pairs(
        families.family[who], codes[which], np.array(["dinsos", "dinsos", "dinkes"])[which],
        rng.random(len(who)) < 0.8, cost, effects.gains(cost, kinds.tolist()), np.ones(len(who), np.int64),
        rng.random(len(who)) < 0.2,
    )  # fmt: skip
    return Register(
        families, np.where(kerak, "kerak", "rentan"), np.array([f"JALAN {i % 7}" for i in range(n)]),
        pairs, kinds, which < 2, np.full(len(who), 0.95), (("PERMAKANAN", "RANTANG"),), LINE,
    )  # fmt: skip


def test_the_null_scenario_changes_nothing_in_any_draw() -> None:
    result = simulate(register(), load("rencana-kini"), draws=40)
    for each in (result.p0, result.p1, result.p2, result.lifted, result.closed):
        assert (each.mean, each.lo90, each.hi90) == (0, 0, 0)
    assert result.cost == 0
    assert result.new_overlaps == 0
    assert result.kerak_before == result.kerak_after
    assert all(flow.enter == flow.leave == 0 for flow in result.flows.values())


@pytest.mark.parametrize("name", scenario.built_in())
def test_kelurahan_and_groups_add_up_to_the_city(name: str) -> None:
    result = simulate(register(), load(name), draws=40)
    for parts in (result.by_kelurahan, result.by_group):
        assert sum(part.poor for part in parts.values()) == pytest.approx(-result.lifted.mean, abs=1e-9)
        assert sum(part.gap for part in parts.values()) == pytest.approx(-result.closed.mean, abs=1e-3)
        if name != "tepat-sempurna":
            assert sum(part.cost for part in parts.values()) == result.cost


def test_rantang_for_all_who_qualify_shows_both_costs_and_makes_no_overlap() -> None:
    result = simulate(register(), load("perluas-rantang"), draws=40)
    enter = result.flows["RANTANG"].enter
    assert enter > 0
    assert result.flows["RANTANG"].leave == 0
    assert result.other_costs == {"list price": enter * 14_600_000, "budget ceiling": enter * 11_538_462}
    assert result.new_overlaps == 0
    assert result.p1.hi90 < 0
    assert result.per_lifted.lo90 <= result.per_lifted.mean <= result.per_lifted.hi90


def test_every_kerak_family_that_qualifies_is_served() -> None:
    city = register()
    now = given(city, load("tutup-kerak"))
    of = city.of_pair
    served = {int(i) for i in of[now & city.main]}
    blocked = {int(i) for i in of[city.pairs.held]}
    may = {int(i) for i in of[city.pairs.eligible & city.main & city.families.kerak[of]]}
    assert may - served - blocked == set()
    assert (now | ~city.pairs.held).all()


def test_ending_leaks_takes_only_from_those_who_do_not_qualify() -> None:
    city = register()
    now = given(city, load("henti-bocor"))
    assert (city.pairs.held & ~now == city.pairs.held & ~city.pairs.eligible).all()
    assert simulate(city, load("henti-bocor"), draws=40).cost < 0


def test_perfect_targeting_bounds_what_the_same_money_can_do() -> None:
    city = register()
    perfect = simulate(city, load("tepat-sempurna"), draws=40)
    assert perfect.p1.mean < 0
    assert perfect.p1.mean < simulate(city, load("henti-bocor"), draws=40).p1.mean


def test_a_flood_reaches_only_the_streets_it_names_and_ends() -> None:
    city = register()
    everywhere = load("banjir")
    assert everywhere.shock is not None
    one = dataclasses.replace(everywhere, shock=dataclasses.replace(everywhere.shock, streets=("JALAN 3",)))
    small, large = simulate(city, one, draws=40), simulate(city, everywhere, draws=40)
    assert 0 < small.p0.mean < large.p0.mean
    assert small.months == 3


def test_the_same_seed_gives_the_same_result() -> None:
    city = register()
    assert simulate(city, load("tutup-kerak"), 7, 40) == simulate(city, load("tutup-kerak"), 7, 40)
    assert simulate(city, load("tutup-kerak"), 8, 40).p1 != simulate(city, load("tutup-kerak"), 7, 40).p1


def test_uncertainty_is_carried_through() -> None:
    result = simulate(register(), load("perluas-rantang"), draws=100)
    assert result.p1.lo90 < result.p1.mean < result.p1.hi90
    assert 0 < result.leakage.lo90 < result.leakage.hi90 < 1


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ('title = "x"\nline = {factor = 100}', "line.factor"),
        ('title = "x"\ntargetting = "kerak"', "targetting"),
        ('title = "x"\ntargeting = "semua"', "targeting"),
        ('title = "x"\n[[programme]]\ncode = "TIDAK"\ngive = "layak"', "programme.code"),
        ('title = "x"\n[[budget]]\nagency = "dinsos"', "factor | rupiah"),
        ('title = "x"\n[shock]\nloss = 0.3\nfrom = "2022-12"\nuntil = "2022-11"', "shock.until"),
        ('note = "x"', "title"),
    ],
)
def test_a_scenario_that_cannot_be_meant_names_its_entry(text: str, where: str) -> None:
    with pytest.raises(RantangError) as refused:
        read("coba", text, ("RANTANG",), ("dinsos",))
    assert refused.value.code == "SKENARIO-ISI"
    assert where in str(refused.value.values)


def test_what_is_not_toml_and_what_is_not_there_is_said() -> None:
    with pytest.raises(RantangError, match="SKENARIO-SINTAKS"):
        read("coba", "title = ")
    with pytest.raises(RantangError, match="SKENARIO-TAK-DIKENAL"):
        load("tidak-ada")
    with pytest.raises(RantangError, match="DAMPAK-JENIS"):
        effects.of("emas")


def test_every_effect_has_a_source_or_is_marked_as_an_assumption() -> None:
    for effect in effects.effects().values():
        assert effect.source or effect.asumsi
        assert 0 < effect.expected <= 1
    with pytest.raises(ValueError, match="asumsi"):
        effects.read("[uang]\nshare=[0,0.5,1]\ntake_up=[1,1,1]\ndelivery=[1,1,1]")


def test_draws_have_the_mean_that_the_plan_uses() -> None:
    spread = (0.2, 0.5, 0.9)
    drawn = effects.draw(spread, np.random.default_rng(1), 200_000)
    assert drawn.mean() == pytest.approx(effects.mean(spread), abs=1e-3)
    assert drawn.min() >= 0.2
    assert drawn.max() <= 0.9


def test_another_benefit_costs_and_brings_in_proportion() -> None:
    city = register()
    more = read("coba", 'title = "x"\n[[programme]]\ncode = "RANTANG"\nbenefit = 2_000_000')
    result = simulate(city, more, draws=40)
    flow = result.flows["RANTANG"]
    assert (flow.enter, flow.leave) == (0, 0)
    assert flow.after == flow.stay * 24_000_000 and flow.before == flow.stay * 14_600_000
    assert result.p1.mean < 0 < result.cost


def test_another_price_is_told_beside_the_scenarios_other_changes() -> None:
    text = """
title = "t"
[[programme]]
code = "PBID"
benefit = 84_000
[[cost]]
label = "as it is"
programme = "RANTANG"
rupiah = 14_600_000
"""
    result = simulate(register(), read("s", text, ("PBID", "RANTANG")), draws=20)
    assert result.cost > 0
    assert result.other_costs["as it is"] == result.cost  # Rantang costs as much already


def test_places_are_taken_by_the_neediest_and_nobody_loses_one() -> None:
    city = register()
    held = city.pairs.held & (city.pairs.programme == "RANTANG")
    few = read("coba", f'title = "x"\n[[programme]]\ncode = "RANTANG"\nplaces = {int(held.sum()) + 3}')
    now = given(city, few)
    entered = np.flatnonzero(now & ~city.pairs.held)
    assert len(entered) == 3 and (now | ~held).all()
    may = np.flatnonzero(given(city, load("perluas-rantang")) & ~city.pairs.held)
    f, of = city.families, city.of_pair
    gap = f.weight * f.size * shortfall(LINE, f.mean, f.sd, 1)
    assert sorted(gap[of[entered]]) == pytest.approx(sorted(np.sort(gap[of[may]])[-3:]))
    none = read("coba", 'title = "x"\n[[programme]]\ncode = "RANTANG"\nplaces = 0')
    assert (given(city, none) == city.pairs.held).all()


def test_every_scenario_begins_at_the_same_present() -> None:
    city = register()
    poor = {simulate(city, load(name), 3, 40).poor for name in scenario.built_in()}
    assert len(poor) == 1


def test_a_family_whose_consumption_is_not_known_costs_and_has_no_effect() -> None:
    city = register()
    blind = dataclasses.replace(city, families=dataclasses.replace(city.families, weight=np.zeros(400)))
    result = simulate(blind, load("perluas-rantang"), draws=40)
    assert result.cost == simulate(city, load("perluas-rantang"), draws=40).cost > 0
    assert result.p1.mean == result.lifted.mean == 0 and result.unknown > 0


def test_rates_are_told_of_the_population_that_is_given() -> None:
    city = register()
    heads = float((city.families.weight * city.families.size).sum())
    wide = dataclasses.replace(city, population=10 * heads)
    one, other = (simulate(c, load("tutup-kerak"), 1, 40).p0.mean for c in (city, wide))
    assert other == pytest.approx(one / 10)


def test_a_programme_that_needs_another_enters_only_beside_it() -> None:
    alone = register()
    needs = dataclasses.replace(alone, only_with=(("RANTANG", "PBID"),))
    scene = load("perluas-rantang")
    insured = set(alone.pairs.family[alone.pairs.held & (alone.pairs.programme == "PBID")].tolist())
    enters = given(needs, scene) & ~needs.pairs.held & (needs.pairs.programme == "RANTANG")
    assert enters.any() and set(needs.pairs.family[enters].tolist()) <= insured
    assert (given(alone, scene) & ~alone.pairs.held).sum() > enters.sum()
