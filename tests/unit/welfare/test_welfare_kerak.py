"""Which editions before this one count for kerak."""

from __future__ import annotations

import ibis
import pyarrow as pa
import pytest

from rantang.welfare.kerak import history


@pytest.mark.parametrize(("of", "known"), [(1, 0), (2, 1), (3, 2), (9, 2)])
def test_of_the_editions_that_count_this_one_is_one(of: int, known: int) -> None:
    before = ibis.memtable(
        {"family_id": ["k", "k"], "period": ["2022-09", "2022-10"], "class_": ["rentan", "miskin"]}
    )
    found = history(pa.array(["k", "new"]), before, "2022-11", of)
    assert found.known.tolist() == [known, 0]
    assert found.poor.tolist() == [min(known, 1), 0]
