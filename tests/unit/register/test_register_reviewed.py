"""What people judged calibrates the probabilities, as soon as there is enough of it."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest
from register_rows import rows
from town import Town

from rantang.register import decoys
from rantang.register.build import build
from rantang.register.decoys import ENOUGH, Calibration, reviewed

PERIOD_END = dt.date(2022, 11, 30)
NOBODY = ibis.memtable([], schema={"row_key": "string", "status": "string", "source": "string"})
SMALL = "kecil"


def judged(count: int) -> ibis.Table:
    """Pairs of which those below p = .5 are right half of the time, the others always."""
    lines = [{"group": SMALL, "p": n / count, "right": 2 * n >= count or n % 2 == 0} for n in range(count)]
    return ibis.memtable(lines, schema={"group": "string", "p": "float64", "right": "boolean"})


def test_three_hundred_judged_pairs_are_enough() -> None:
    assert reviewed(judged(ENOUGH - 1), {}) == {}
    steps = reviewed(judged(ENOUGH), {})[SMALL]
    assert (steps.source, steps.rows) == ("reviewed", ENOUGH)
    share = dict(zip(steps.p, steps.share, strict=True))
    assert share[0.25] == pytest.approx(0.5, abs=0.05)
    assert share[0.75] == pytest.approx(0.9999)


def test_above_what_people_saw_hidden_numbers_go_on() -> None:
    hidden = {SMALL: Calibration("nik-held-out", (0.5, 0.9995, 1.0), (0.2, 0.99, 0.998), rows=900)}
    below = judged(ENOUGH).mutate(p=lambda t: t.p * 0.8)
    steps = reviewed(below, hidden)[SMALL]
    assert steps.p[-2:] == (0.9995, 1.0)
    assert list(steps.share) == sorted(steps.share)


@pytest.mark.slow
def test_the_model_names_where_its_probabilities_come_from(keep, monkeypatch) -> None:
    town = Town(250, seed=11)
    said = [(row, true, "same") for row, true in sorted(town.truth.items()) if true]
    others = [true for _, true, _ in said]
    said += [(row, others[n - 7], "different") for n, (row, _, _) in enumerate(said)]
    lines = [
        {"seq": n, "kind": kind, "row_key_a": row, "row_key_b": true}
        for n, (row, true, kind) in enumerate(said, start=1)
    ]
    decisions = ibis.memtable(
        lines, schema={"seq": "int64", "kind": "string", "row_key_a": "string", "row_key_b": "string"}
    )
    table = keep(rows(*town.register, *town.listed), "rows")

    def calibration() -> dict[str, object]:
        model = build(table, NOBODY, decisions, None, None, PERIOD_END, keep).model
        return model["calibration"][SMALL]  # type: ignore[index]

    assert calibration()["source"] != "reviewed"
    monkeypatch.setattr(decoys, "ENOUGH", 20)
    found = calibration()
    assert found["source"] == "reviewed"
    assert 20 <= found["rows"] < 2 * len(town.truth)
