"""How often links err by group: expected from calibrated probabilities, held against a hand computation."""

from __future__ import annotations

import math
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest

from rantang.register.by_group import MEASURES, findings, link_errors
from rantang.tables.facts import PERSON_FACTS
from rantang.tables.register import LINKS, PERSONS, REVIEW

pytestmark = pytest.mark.slow


def keep(expr: ir.Table, name: str) -> ir.Table:
    return ibis.memtable(expr.to_pyarrow())


class Register:
    """Families of one head each; rows linked with a probability, or waiting with a chance."""

    def __init__(self) -> None:
        self.persons: list[dict[str, Any]] = []
        self.links: list[dict[str, Any]] = []
        self.review: list[dict[str, Any]] = []

    def person(self, name: str, family: str, *, sex: str = "L", age: int = 40, at: str = "A") -> Register:
        head = not any(person["family_id"] == family for person in self.persons)
        self.persons.append(
            {
                "person_id": name, "family_id": family, "is_head": head, "sex": sex, "age": age,
                "kelurahan_code": at,
            }
        )  # fmt: skip
        return self

    def linked(self, person: str, *probabilities: float, tier: str = "sure") -> Register:
        for probability in probabilities:
            self.links.append(
                {
                    "row_key": f"r{len(self.links)}", "person_id": person, "tier": tier,
                    "probability": probability,
                }
            )  # fmt: skip
        return self

    def waits(self, person: str, chance: float, candidate: str | None = None) -> Register:
        key = f"r{len(self.links)}"
        self.links.append({"row_key": key, "person_id": person, "tier": "own"})
        self.review.append({"row_key": key, "rank": 1, "person_id": candidate, "probability": chance})
        return self

    def errors(self) -> dict[str, Any]:
        facts = PERSON_FACTS.rows({"person_id": p["person_id"]} for p in self.persons)
        return link_errors(
            LINKS.rows(self.links), REVIEW.rows(self.review), PERSONS.rows(self.persons), facts, keep
        )


def three_families() -> Register:
    made = Register().person("w", "1", sex="P").person("o", "1", age=70).person("m", "2", at="B")
    made.person("n", "3", at="B")
    return made.linked("w", 0.9, 0.8).linked("o", 1.0).linked("m", 0.95, tier="likely").linked("n", 0.99)


def test_expected_errors_are_one_minus_the_probability():
    found = three_families().errors()["wrong"]["kepala-perempuan"]
    assert (found["rows"], found["expected"]) == (3, 0.3)
    assert (found["estimate"], found["rest"]) == (0.1, 0.03)


def test_the_interval_is_that_of_a_ratio_over_families_and_of_chance():
    apart = three_families().errors()["wrong"]["kepala-perempuan"]["difference"]
    # family 1 alone is the group: its residual is 0; the rest are two families of one row, .05 and .01
    families = sum(((error - 0.03) / 2) ** 2 for error in (0.05, 0.01))
    chance = (0.9 * 0.1 + 0.8 * 0.2) / 3**2 + (0.95 * 0.05 + 0.99 * 0.01) / 2**2
    wide = 1.6448536 * math.sqrt(families + chance)
    assert apart["estimate"] == pytest.approx(0.07, abs=1e-6)
    assert apart["high"] - apart["estimate"] == pytest.approx(wide, abs=2e-6)


def test_a_family_may_have_members_in_the_group_and_outside():
    found = three_families().errors()["wrong"]["lansia"]
    assert (found["rows"], found["estimate"]) == (1, 0.0)
    assert found["rest"] == pytest.approx((0.1 + 0.2 + 0.05 + 0.01) / 4)
    rest = (0.3, 0.05, 0.01)
    families = sum(((e - 0.09 * n) / 4) ** 2 for e, n in zip(rest, (2, 1, 1), strict=True))
    chance = (0.09 + 0.16 + 0.0475 + 0.0099) / 4**2
    wide = 1.6448536 * math.sqrt(families + chance)
    assert found["difference"]["high"] + 0.09 == pytest.approx(wide, abs=2e-6)


def test_a_row_that_waits_counts_for_the_group_of_its_candidate():
    found = three_families().person("x", "9", sex="P").waits("x", 0.6, candidate="m").errors()
    missed = found["missed"]
    assert missed["kepala-perempuan"]["estimate"] == 0.0
    assert missed["kelurahan/B"]["estimate"] == pytest.approx(0.6 / 2.6, abs=1e-6)
    assert found["uncertain"]["kelurahan/B"]["estimate"] == pytest.approx(2 / 3, abs=1e-6)


def test_of_equally_likely_candidates_the_better_ranked_counts_in_any_order_of_rows():
    made = three_families().person("s", "4")
    made.waits("s", 0.5, candidate="w").review[-1]["rank"] = 2
    made.review.append({**made.review[-1], "rank": 1, "person_id": "m"})
    forward = made.errors()["uncertain"]
    made.review.reverse()
    assert made.errors()["uncertain"] == forward
    assert forward["kepala-perempuan"]["expected"] == 0  # m's row, and m is a man


def test_intervals_of_kelurahan_hold_for_all_of_them_together():
    made = three_families()
    both = made.errors()["wrong"]["kelurahan/A"]["difference"]
    women = made.errors()["wrong"]["kepala-perempuan"]["difference"]
    assert both["high"] - both["low"] == pytest.approx(
        (women["high"] - women["low"]) * 1.95996 / 1.64485, abs=1e-5
    )


def city(of_women: float) -> Register:
    made = Register()
    for number in range(400):
        woman = number % 4 == 0
        name = f"p{number:03d}"
        made.person(name, name, sex="P" if woman else "L")
        made.linked(name, of_women if woman else 0.98)
    return made


def test_a_finding_only_where_the_interval_leaves_out_parity_and_errors_are_enough():
    unequal = findings(city(0.7).errors()).to_pyarrow().to_pylist()
    assert [row["subject_id"] for row in unequal] == ["wrong/kepala-perempuan"]
    assert "difference=+0.2800" in unequal[0]["evidence"]
    assert findings(city(0.97).errors()).to_pyarrow().num_rows == 0


def test_a_register_without_links_has_no_errors():
    errors = Register().person("a", "1").errors()
    assert errors == {measure: {} for measure in MEASURES}
    assert findings(errors).to_pyarrow().num_rows == 0
