"""Whom a decision names."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from rantang.cli.decide import _row
from rantang.engine import open_briefly
from rantang.errors import RantangError
from rantang.store.editions import Edition


@pytest.fixture
def edition(tmp_path: Path) -> Edition:
    """Of a person with a row of this edition's lists and an older one that a decision named."""
    ids = [("old", "P1"), ("row", "P1"), ("gone", "P2")]
    pl.DataFrame(ids, schema=["row_key", "person_id"], orient="row").write_parquet(tmp_path / "ids.parquet")
    pl.DataFrame({"row_key": ["row"], "person_id": ["P1"]}).write_parquet(tmp_path / "links.parquet")
    pairs = {"row_key": ["waits"], "candidate_key": ["candidate"]}
    pl.DataFrame(pairs).write_parquet(tmp_path / "review.parquet")
    return Edition(tmp_path, {})


@pytest.mark.parametrize(
    ("named", "row"),
    [("P1", "row"), ("P2", "gone"), ("old", "old"), ("waits", "waits"), ("candidate", "candidate")],
)
def test_a_person_is_named_by_a_row_of_these_lists_where_there_is_one(
    edition: Edition, named: str, row: str
) -> None:
    with open_briefly() as engine:
        assert _row(named, edition, engine) == row


def test_a_name_that_nobody_has_is_refused(edition: Edition) -> None:
    with open_briefly() as engine, pytest.raises(RantangError, match="KEPUTUSAN-BARIS-TAK-ADA"):
        _row("P9", edition, engine)
