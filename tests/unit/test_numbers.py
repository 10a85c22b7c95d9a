"""Numbers as people here write them."""

from __future__ import annotations

import datetime as dt

import pytest

from rantang.documents.planned import change_of_money, lifted
from rantang.texts import _, use_language
from rantang.vocabulary import numbers


@pytest.fixture(autouse=True)
def _indonesian():
    yield
    use_language("id")


def test_indonesian():
    assert numbers.whole(1_234_567) == "1.234.567"
    assert numbers.decimal(1234.56, 1) == "1.234,6"
    assert numbers.percent(6.62, 2) == "6,62\u00a0%"
    assert numbers.share(1, 3) == "33\u00a0%" and numbers.share(1, 0) == "–"
    assert numbers.rupiah(14_600_000) == "Rp\u00a014.600.000"
    assert numbers.month("2022-11") == "November 2022" and numbers.month("x") == "x"
    assert numbers.day(dt.date(2022, 11, 25)) == "25 November 2022"
    assert numbers.minutes(84.2) == "1 menit 24 detik" and numbers.minutes(48) == "48 detik"
    assert numbers.minutes(120) == "2 menit"


@pytest.mark.parametrize(
    ("rupiah", "text"),
    [(2_500_000_000, "Rp 2,5 miliar"), (316_400_000, "Rp 316 juta"), (42_000, "Rp 42 ribu"), (900, "Rp 900"),
     (1_200_000_000_000, "Rp 1,2 triliun"), (8_000_000_000, "Rp 8 miliar")],
)  # fmt: skip
def test_short_rupiah_carry_two_or_three_digits(rupiah: int, text: str):
    assert numbers.rupiah_short(rupiah).replace("\u00a0", " ") == text


def test_english():
    use_language("en")
    assert numbers.whole(1_234_567) == "1,234,567" and numbers.percent(6.62, 2) == "6.62%"
    assert numbers.rupiah_short(2_500_000_000).replace("\u00a0", " ") == "Rp 2.5 billion"
    assert numbers.month("2022-05") == "May 2022"


def test_a_negative_number_has_one_true_minus_before_everything_else():
    assert numbers.whole(-31) == "−31" and numbers.decimal(-0.14, 2) == "−0,14"
    assert numbers.rupiah(-907_000) == "−Rp\u00a0907.000"
    assert numbers.rupiah_short(-421_000_000) == "−Rp\u00a0421\u00a0juta"
    assert numbers.rupiah_short(-900) == "−Rp\u00a0900"
    assert change_of_money(-421_000_000) == "−Rp\u00a0421\u00a0juta"
    assert change_of_money(1_800_000_000) == "+Rp\u00a01,8\u00a0miliar"


def test_nothing_is_never_written_as_minus_nothing():
    assert numbers.whole(-0.4) == "0" and numbers.decimal(-0.001, 2) == "0,00"
    assert numbers.rupiah(-0.4) == "Rp\u00a00" and numbers.rupiah_short(-0.4) == "Rp\u00a00"


def test_a_text_writes_per_cent_as_its_language_does():
    assert _("90 % interval: {interval}", interval="5") == "selang 90\u00a0%: 5"
    use_language("en")
    assert _("90 % interval: {interval}", interval="5") == "90% interval: 5"


def test_people_who_are_lost_are_not_called_lifted():
    flood = {"mean": -540.0, "lo90": -600.0, "hi90": -480.0}
    assert lifted(flood) == "orang jatuh ke bawah garis: 540 (480 sampai 600)"
    assert lifted({"mean": 12.0, "lo90": 9.0, "hi90": 15.0}) == "orang terangkat: 12 (9 sampai 15)"
