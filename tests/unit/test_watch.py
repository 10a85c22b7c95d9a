"""What a stage says of its rows adds up, and only what waits for somebody is held."""

from __future__ import annotations

from rantang.watch import Watch


def test_rows_that_a_stage_does_not_need_are_aside_and_not_held() -> None:
    watch = Watch(count=lambda table: 0)
    with watch.stage("register", 33) as stage:
        stage.accepted(23)
        stage.refused(1)
        stage.aside(7)
    told = watch.stages[0].as_dict()
    assert (told["held"], told["aside"]) == (2, 7)
    assert told["rows"] == sum(told[name] for name in ("accepted", "refused", "held", "aside"))


def test_a_stage_that_says_nothing_of_them_has_none_aside() -> None:
    watch = Watch(count=lambda table: 0)
    with watch.stage("validation", 5) as stage:
        stage.accepted(3)
    assert watch.stages[0].held == 2 and watch.stages[0].as_dict()["aside"] == 0
