"""From an edition to a question: what is planned, what stays, what it costs, what is left out and said."""

from __future__ import annotations

import dataclasses

import ibis
import numpy as np
import polars as pl
import pytest

from rantang import cities
from rantang.errors import RantangError
from rantang.planning.asked import Asked, qualify
from rantang.planning.from_edition import Question, question, street
from rantang.planning.problem import pose
from rantang.planning.promises import best
from rantang.planning.record import now_of
from rantang.planning.scenario import read
from rantang.planning.under import under
from rantang.synergy.programmes import KnownLists

CITY = cities.load("malang")
PERIOD = "2022-11"
SCHEMA = {
    "family_id": pl.String, "members": pl.Int64, "kelurahan_code": pl.String, "konsumsi": pl.Float64,
    "konsumsi_lo": pl.Float64, "konsumsi_hi": pl.Float64, "class_": pl.String, "eligible_for": pl.String,
    "eligible_members": pl.String, "address": pl.String,
}  # fmt: skip


def family(name: str, konsumsi: float | None, class_: str, may: str = "", members: str = "", size: int = 4):
    spread = (None, None) if konsumsi is None else (konsumsi / 2, konsumsi * 2)
    place = CITY.areas[0].code
    return (name, size, place, konsumsi, *spread, class_, may, members, f"MAWAR GG 2 NO {len(name)}")


FAMILIES = (
    family("a", 400_000.0, "kerak", "BPNTD PBID", "PBID:3"),
    family("b", 900_000.0, "rentan", "RANTANG", "RANTANG:1"),
    family("c", None, "belum-didata", "BPNTD"),
    family("d", 500_000.0, "kerak", "PADATKARYA", "PADATKARYA:2"),
    family("e", 450_000.0, "kerak", "PBID", "PBID:2"),
)
# family, programme, units, by a person's word, qualifies, probability
HELD = (
    ("b", "BPNTD", 1, False, False, 0.95),
    ("b", "ALATUSAHA", 1, False, True, 1.0),
    ("c", "PBID", 2, False, True, 0.999),
    ("d", "SEMBAKO", 1, False, True, 1.0),
    ("e", "PBI", 2, False, True, 1.0),
)


def asked(families=FAMILIES, held=HELD) -> Asked:
    columns = ("family_id", "programme", "units", "word", "layak", "sure")
    coverage = pl.DataFrame(
        {
            "programme": ["BPNTD", "PBID"],
            "recipients": [1, None],
            "unlinked": [2, None],
            "money": [200_000, None],
        }
    )
    return Asked(
        pl.DataFrame(families, schema=SCHEMA, orient="row"),
        pl.DataFrame(held, schema=columns, orient="row"),
        coverage,
        pl.DataFrame({"line": [600_000.0], "line_source": ["survei"]}),
    )


def made(
    data: Asked | None = None, city=CITY, residents: int | None = None, year: int | None = None
) -> Question:
    codes = ("BPNTD", "PBID", "RANTANG", "PADATKARYA", "ALATUSAHA", "SEMBAKO", "PBI")
    lists = KnownLists(PERIOD, dict.fromkeys(codes, (PERIOD,)), {p.code: p for p in city.programmes})
    return question(data or asked(), city, PERIOD, lists, residents, year)


def pair(found: Question, family: str, programme: str) -> dict[str, object] | None:
    p = found.pairs
    where = np.flatnonzero((p.family == family) & (p.programme == programme))
    return {n: getattr(p, n)[where[0]] for n in p.__dataclass_fields__} if len(where) else None


def test_only_the_city_s_programmes_of_families_with_a_score_are_planned() -> None:
    found = made()
    assert set(found.families.family.tolist()) == {"a", "b", "d", "e"} and found.unscored == 1
    assert not {"SEMBAKO", "PBI"} & set(found.pairs.programme.tolist())
    assert "c" not in found.pairs.family
    pose(found.families, found.pairs, found.rules)


def test_each_member_who_qualifies_is_priced_for_insurance_but_one_worker_a_family() -> None:
    found = made()
    assert pair(found, "a", "PBID")["units"] == 3 and pair(found, "a", "PBID")["cost"] == 3 * 12 * 42_000
    assert pair(found, "d", "PADATKARYA")["units"] == 1


def test_doubt_never_ends_aid_but_a_person_s_word_does() -> None:
    found = made()
    assert pair(found, "b", "BPNTD")["eligible"] and pair(found, "b", "BPNTD")["held"]
    sim = found.register.pairs
    leak = (sim.family == "b") & (sim.programme == "BPNTD")
    assert not sim.eligible[leak].any(), "the scenario that stops leaks sees that the rule does not hold"
    word = tuple((*row[:3], True, *row[4:]) if row[:2] == ("b", "BPNTD") else row for row in HELD)
    assert not pair(made(asked(held=word)), "b", "BPNTD")["eligible"]


def test_what_another_level_gives_blocks_what_excludes_it() -> None:
    assert not pair(made(), "e", "PBID")["eligible"]
    assert pair(made(), "a", "PBID")["eligible"]


def test_consumption_is_told_without_the_planned_aid_and_with_everyone_else_s() -> None:
    found = made()
    mean = dict(zip(found.families.family.tolist(), found.families.mean.tolist(), strict=True))
    gain = pair(found, "b", "BPNTD")["gain"]
    assert np.exp(mean["b"]) == pytest.approx(900_000 - gain / 4)
    assert np.exp(mean["d"]) == pytest.approx(500_000)


def test_money_and_places_of_families_without_a_score_are_not_planned_twice() -> None:
    found = made()
    budget = CITY.programme("PBID").budget_of(2022).rupiah
    kept = int(found.register.pairs.cost[found.kept].sum())
    assert kept == 2 * 12 * 42_000
    assert found.rules.budgets["dinkes"] == budget - kept
    assert found.rules.places["BPNTD"] == 6226 and found.rules.places["RANTANG"] == 130


def test_a_scenario_speaks_of_everybodys_money_and_places() -> None:
    """What families without a score keep is taken off after the scenario, not before."""
    found = made()
    kept, gross = int(found.register.pairs.cost[found.kept].sum()), found.gross.budgets["dinkes"]

    def budget(text: str) -> int:
        return under(found, read("s", text, ("PBID",), ("dinkes",))).rules.budgets["dinkes"]

    assert budget(f'title = "t"\n[[budget]]\nagency = "dinkes"\nrupiah = {gross}\n') == gross - kept
    assert budget('title = "t"\n[[budget]]\nagency = "dinkes"\nfactor = 1.2\n') == int(gross * 1.2) - kept
    many = under(found, read("s", 'title = "t"\n[[programme]]\ncode = "PBID"\nplaces = 9\n', ("PBID",)))
    assert many.rules.places["PBID"] == 9 - 2


def test_a_scenarios_benefit_is_paid_to_families_without_a_score_too() -> None:
    found = made()
    kept = int(found.register.pairs.cost[found.kept].sum())
    text = 'title = "t"\n[[programme]]\ncode = "PBID"\nbenefit = 84_000\n'
    more = under(found, read("s", text, ("PBID",)))
    assert int(more.price[more.kept].sum()) == 2 * kept
    assert more.rules.budgets["dinkes"] == found.gross.budgets["dinkes"] - 2 * kept
    mine = found.pairs.programme == "PBID"
    assert more.pairs.gain[mine].tolist() == (2 * found.pairs.gain[mine]).tolist()


def test_a_rule_leaves_open_what_no_member_answers() -> None:
    """As in a run: of a family with a member of unknown age it is not known that no small child is there."""
    ages = {"F1": (30, None), "F2": (30, 40), "F3": (3, None)}
    persons = pl.DataFrame(
        [
            {"person_id": f"{family}-{i}", "family_id": family, "sex": "L", "relation": "", "is_head": i == 0,
             "age": age, "resident": "tercatat", "in_dtks": False, "in_p3ke": False, "in_dtsen": False}
            for family, members in ages.items() for i, age in enumerate(members)
        ],
        schema_overrides={"age": pl.Int64},
    )  # fmt: skip
    families = pl.DataFrame({"family_id": list(ages), "kk_satu_orang": False, "members": 2})
    welfare = pl.DataFrame(
        {"family_id": list(ages), "desil_nasional": 1, "persentil_kota": 5, "p_miskin": 0.5, "p_kerak": 0.1,
         "class_": "miskin"}
    )  # fmt: skip
    tables = {
        name: ibis.memtable(frame)
        for name, frame in {"persons": persons, "families": families, "welfare": welfare}.items()
    }

    def who(rule: str) -> list[str]:
        return sorted(qualify(tables, rule, CITY.programme("BPNTD")).to_pyarrow()["family_id"].to_pylist())

    assert who("ada_balita") == ["F3"] and who("not ada_balita") == ["F2"]


def test_a_programme_that_ends_ends_for_families_without_a_score_too() -> None:
    found = made()
    assert found.kept.any()
    ended = under(found, read("s", 'title = "t"\n[[programme]]\ncode = "PBID"\ngive = "henti"\n', ("PBID",)))
    assert not ended.kept.any() and ended.rules.budgets["dinkes"] == found.gross.budgets["dinkes"]
    given_now = now_of(ended, best(ended.families, ended.pairs, ended.rules).plan)
    assert not (given_now & (ended.register.pairs.programme == "PBID")).any()


def test_money_and_places_shrink_with_the_part_of_the_city_that_the_lists_cover() -> None:
    found = made(residents=88_200)
    assert found.share == pytest.approx(0.1) and found.population == 88_200
    assert found.rules.places == {"BPNTD": 623, "RANTANG": 13}
    assert made(residents=880_000).share == 1.0


def test_aid_given_once_is_not_held_again() -> None:
    found = made()
    assert pair(found, "b", "ALATUSAHA") is None
    p = found.register.pairs
    assert found.settled[(p.family == "b") & (p.programme == "ALATUSAHA")].all() and found.settled.sum() == 1


def test_a_right_counts_what_others_give_and_who_cannot_have_it_is_counted() -> None:
    found = made()
    right = dict(zip(found.families.family.tolist(), found.families.right.tolist(), strict=True))
    assert right["a"] == 150_000 and right["b"] == 0
    # d has SEMBAKO, which brings more than its right; e qualifies for no main support of the city.
    assert right["d"] == right["e"] == 0 and found.without_right == 1


def test_the_order_of_families_does_not_matter() -> None:
    one, other = made(), made(asked(tuple(reversed(FAMILIES)), tuple(reversed(HELD))))
    for name in ("family", "programme", "cost", "gain", "held", "eligible"):
        assert (getattr(one.pairs, name) == getattr(other.pairs, name)).all()


def test_without_scores_or_line_it_says_what_is_missing() -> None:
    bare = tuple((*row[:3], None, None, None, *row[6:]) for row in FAMILIES)
    with pytest.raises(RantangError) as refused:
        made(asked(bare))
    assert refused.value.code == "RENCANA-SKOR"
    none = dataclasses.replace(CITY, indicators=())
    with pytest.raises(RantangError) as refused:
        made(dataclasses.replace(asked(), poverty=pl.DataFrame()), none)
    assert refused.value.code == "RENCANA-GARIS"


def test_a_programme_may_have_a_take_up_of_its_own() -> None:
    low = tuple(
        dataclasses.replace(p, take_up=(0.1, 0.2, 0.3)) if p.code == "BPNTD" else p for p in CITY.programmes
    )
    own = made(city=dataclasses.replace(CITY, programmes=low))
    assert pair(own, "a", "BPNTD")["gain"] < 0.3 * pair(made(), "a", "BPNTD")["gain"]


def test_a_case_load_is_held_against_the_list() -> None:
    (bpntd,) = made().caseloads
    assert (bpntd.recorded, bpntd.modelled, bpntd.paid, bpntd.standard) == (3, 1, 200_000, 200_000)


def test_a_street_is_what_stands_before_gang_and_number() -> None:
    assert street("RAYA MULYOREJO NO 26") == "RAYA MULYOREJO"
    assert street("MERPATI BARAT GG 1 NO 86F") == "MERPATI BARAT"
    assert street(None) == ""


def test_another_rule_takes_the_place_of_the_programme_s_own() -> None:
    new = pl.DataFrame({"family_id": ["b", "d"], "members": [1, 1]})
    found = made(dataclasses.replace(asked(), rules={"BPNTD": new}))
    p = found.register.pairs
    bpntd = dict(
        zip(
            p.family[p.programme == "BPNTD"].tolist(),
            p.eligible[p.programme == "BPNTD"].tolist(),
            strict=True,
        )
    )
    assert bpntd == {"b": True, "d": True}, "b holds it and now qualifies; a and c do not any more"


def test_a_programme_that_needs_another_is_planned_only_beside_it() -> None:
    """Of the city's own programmes it is a rule of the plan; of others' it is known who has them."""
    own = dataclasses.replace(CITY.programme("RANTANG"), only_with=("PBID",))
    found = made(city=with_programme(own))
    assert found.rules.complements == (("RANTANG", "PBID"),)
    others = dataclasses.replace(CITY.programme("PBID"), only_with=("SEMBAKO",))
    found = made(city=with_programme(others))
    assert found.rules.complements == ()
    held = pair(found, "e", "PBID")
    assert held is not None and not held["eligible"]  # e has no Sembako


def with_programme(programme):
    rest = tuple(p for p in CITY.programmes if p.code != programme.code)
    return dataclasses.replace(CITY, programmes=(*rest, programme))


def test_a_year_is_planned_only_where_money_of_it_is_known() -> None:
    assert made(year=2023).year == 2023 and made().year == 2022
    with pytest.raises(RantangError) as refused:
        made(year=2050)
    assert refused.value.code == "RENCANA-TAHUN" and "2023" in str(refused.value)


def test_without_a_year_the_money_of_today_stands_for_a_budget_that_nobody_knows() -> None:
    bare = [dataclasses.replace(p, budgets=()) for p in CITY.programmes]
    assert made(city=dataclasses.replace(CITY, programmes=tuple(bare))).rules.budgets["dinsos"] > 0
