"""By which of an edition's fits a short planned list is judged."""

from __future__ import annotations

from rantang.register.against import _judge

UNFITTED = {"value": 1.1, "false_links_estimate": 0.0, "decoys": 0, "certified": False}


def test_recipients_who_were_like_nobody_judge_no_list() -> None:
    assert _judge({"thresholds": {"penerima/dinsos": UNFITTED}, "fits": {}}) == ("rencana", None, 1.0)
    assert _judge({}) == ("rencana", None, 1.0)
