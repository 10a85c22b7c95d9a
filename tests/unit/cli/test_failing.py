"""What a command says of a fault names nobody."""

from __future__ import annotations

import pytest

from rantang.cli.failing import without_numbers


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("no row 3573014101909001 here", "no row … here"),
        ("35.7301.410190.9001, 3573 0141 0190 9001", "…, …"),
        ("357301.410190.9001; 357301-410190-9001; 3573014 10190 9001", "…; …; …"),
        ("on 2022-11-30 of 12,500 rows", "on 2022-11-30 of 12,500 rows"),
    ],
)
def test_numbers_of_people_are_left_out(said: str, left: str) -> None:
    assert without_numbers(said) == left
