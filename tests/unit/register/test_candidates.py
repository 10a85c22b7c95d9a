"""Which pairs of rows are worth comparing."""

from __future__ import annotations

import ibis
import pytest
from register_rows import person, rows

from rantang.register.candidates import candidates
from rantang.register.fields import family_of, lines, with_frequency

ELSEWHERE = {"nik_digits": None, "nik_birth": None, "kelurahan_code": None, "street": None}


@pytest.mark.parametrize("number", ["AB1234C", "12345678901234567890123", "1234567"])
def test_an_equal_number_is_worth_comparing_whatever_it_is_made_of(keep, number: str) -> None:
    own, other = ({**person(key, name), **ELSEWHERE} for key, name in (("a0", "JOHN SMITH"), ("b0", "MARY")))
    left, right = (
        lines(
            rows({**one, "nik": number}, {**one, "row_key": "z", "nik": "ZZ9"}).mutate(
                group=ibis.literal("a")
            )
        )
        for one in (own, other)
    )
    left, right = (with_frequency(family_of(each), right) for each in (left, right))
    found = candidates(left, keep(right.filter(right.id == 0), "right"), keep).to_pyarrow().to_pylist()
    assert found == [{"l": 0, "r": 0}]
