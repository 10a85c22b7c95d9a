"""Any text at all: identity's rules never fail, give clean values, and repeating them changes nothing."""

from __future__ import annotations

import datetime as dt
import re

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rantang.identity.places import distinct_addresses
from rantang.identity.standardise import distinct_names
from rantang.vocabulary import kk, nik

END = dt.date(2022, 11, 30)
AREAS = ibis.schema(
    dict.fromkeys(("code", "code_bps", "name", "variants", "kecamatan", "kecamatan_code"), "string")
)
QUICK = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

anything = st.lists(st.none() | st.text(max_size=60), min_size=20, max_size=60)
words = st.sampled_from(
    [
        "MOCH.",
        "M.",
        "H.",
        "HJ.",
        "ALM.",
        "(ALMH)",
        "BIN",
        "BINTI",
        "ALIAS",
        "SITI",
        "ST.",
        "NUR",
        "SRI",
        "ABD.",
        "ACHMAD",
        "DJOKO",
        "SOESILO",
        "CHOIRUL",
        "KHUSNUL",
        "ZAINUDDIN",
        "WIDHODHO",
        "TJAHYONO",
        "SURJADI",
        "FITRIYYAH",
        "RIZQI",
        "S.PD",
        "SE,",
        "MM",
        ",",
        "/",
        "-",
        "'",
        "RT",
        "03/07",
        "GG",
        "3",
        "NO.",
        "12A",
    ]
)
written_names = st.lists(st.lists(words, max_size=7).map(" ".join), min_size=30, max_size=80)
written_numbers = st.lists(
    st.text(alphabet="0123456789OlI.,' -=\"E+", max_size=24)
    | st.text(alphabet="0123456789", min_size=14, max_size=17),
    min_size=30, max_size=80,
)  # fmt: skip


class Rules:
    """Column rules compiled once to SQL, run on many generated tables."""

    def __init__(self, make):
        self._engine = ibis.duckdb.connect(threads=1)
        given_table = self._engine.create_table(
            "given", schema=ibis.schema({"at": "int64", "value": "string"})
        )
        expr = make(given_table, self._engine)
        self._names = expr.columns
        self._sql = ibis.to_sql(expr.order_by("at"), dialect="duckdb")

    def __call__(self, values):
        rows = pa.table({"at": range(len(values)), "value": pa.array(values, pa.string())})
        self._engine.con.execute("DELETE FROM given")
        self._engine.con.register("rows_", rows)
        self._engine.con.execute("INSERT INTO given SELECT * FROM rows_")
        columns = list(zip(*self._engine.con.execute(self._sql).fetchall(), strict=True))
        return dict(zip(self._names, map(list, columns), strict=True))


def lazily(expr, _):
    return expr


@pytest.fixture(scope="module")
def as_name():
    def make(table, engine):
        named = distinct_names(table.select(name="value", mother="value"), lazily)
        return table.left_join(named, table.value == named.written)

    return Rules(make)


@pytest.fixture(scope="module")
def as_address():
    def make(table, engine):
        none = engine.create_table("areas", schema=AREAS)
        parted = distinct_addresses(table.select(address="value"), none, lazily)
        return table.left_join(parted, table.value == parted.address)

    return Rules(make)


@pytest.fixture(scope="module")
def as_number():
    def make(table, engine):
        found = table.select("at", digits=nik.digits(table.value))
        found = found.mutate(date=nik.written_date(found.digits))
        return found.select(
            "at", "digits",
            again=nik.digits(found.digits),
            born=nik.birth_date(found.date, END),
            sex=nik.sex(found.date),
            plain=nik.known_region(nik.region(found.digits)) & ~nik.is_placeholder(found.digits),
            card=kk.holds_date(found.date),
            mask=nik.mask(found.digits),
        )  # fmt: skip

    return Rules(make)


@QUICK
@given(anything)
def test_no_text_makes_a_rule_fail(as_name, as_address, as_number, values):
    named, placed, numbered = as_name(values), as_address(values), as_number(values)
    assert all(value is None or re.fullmatch(r"[0-9]+", value) for value in numbered["digits"])
    for value in (*named["name"], *named["name_key"]):
        # Of ASCII only capital letters; letters of other scripts as they are.
        assert value is None or re.fullmatch(r"[A-Z\x80-\U0010ffff]+( [A-Z\x80-\U0010ffff]+)*", value)
    for value in (*placed["street"], *placed["gang"], *placed["house_number"]):
        assert value is None or re.fullmatch(r"[A-Z0-9]+( [A-Z0-9]+)*", value)


def test_odd_single_values_pass(as_name, as_address, as_number):
    values = [
        None,
        "",
        " ",
        "-",
        "'",
        "😀",
        "ﬁ",
        "İ",
        "ß" * 70,
        "A" * 500,
        "1" * 500,
        "\t\n",
        "NULL",
        "%s",
        "\\1",
    ]
    for rules in (as_name, as_address, as_number):
        assert len(rules(values)["at"]) == len(values)


@QUICK
@example(["12A 03/07 MOCH. ALIAS MOCH.", "M. ALIAS MOCH."])
@given(written_names)
def test_standardising_a_name_twice_changes_nothing(as_name, values):
    once = as_name(values)
    again = as_name(once["name"])
    assert again["name"] == once["name"]
    assert again["name_key"] == once["name_key"]
    assert not any(again["marked_deceased"])


@QUICK
@given(written_names)
def test_parts_of_a_name_fit_together(as_name, values):
    read = as_name(values)
    columns = ("name_key", "name_sorted", "name_first", "name_last", "name_words")
    for key, ordered, first, last, count in zip(*(read[column] for column in columns), strict=True):
        if key is None:
            assert (ordered, first, last, count) == (None,) * 4
            continue
        parts = key.split(" ")
        assert (ordered, first, last, count) == (" ".join(sorted(parts)), parts[0], parts[-1], len(parts))


@QUICK
@given(written_numbers)
def test_digits_are_read_once_and_for_all_and_shown_masked(as_number, values):
    read = as_number(values)
    assert read["again"] == read["digits"]
    for mask, number in zip(read["mask"], read["digits"], strict=True):
        assert (mask is None) == (number is None)
        assert mask is None or (len(mask) == len(number) and sum(map(str.isdigit, mask)) <= 6)


people = st.tuples(
    st.dates(dt.date(1922, 12, 1), END), st.booleans(), st.integers(9001, 9999), st.integers(1, 5)
)


@QUICK
@given(st.lists(people, min_size=20, max_size=60))
def test_a_nik_gives_back_the_date_and_sex_it_was_made_of(as_number, people):
    read = as_number(
        [
            f"35730{area}{born.day + (40 if woman else 0):02d}{born:%m%y}{serial}"
            for born, woman, serial, area in people
        ]
    )
    assert read["born"] == [born for born, *_ in people]
    assert read["sex"] == ["P" if woman else "L" for _, woman, *_ in people]
    assert all(read["plain"])
    assert read["card"] == [not woman for _, woman, *_ in people]


homes = st.tuples(
    st.sampled_from(["MAWAR", "KAWI", "DANAU TOBA", "GAJAYANA"]),
    st.none() | st.integers(1, 12),
    st.none() | st.integers(1, 150),
    st.sampled_from(["", "A", "C"]),
    st.sampled_from(["JL. ", "Jalan ", "JL.", "jln ", ""]),
    st.sampled_from([" GG. {}", " GANG {}", " Gg.{}", " gg {}"]),
    st.sampled_from([" NO. {}{}", " NO.{} {}", " Nomor {}{}", " no {}-{}"]),
    st.sampled_from(["", " RT 03 RW 07", ", RT.003/RW.007", " RT/RW 3/7"]),
)


@QUICK
@given(st.lists(homes, min_size=20, max_size=60))
def test_an_address_gives_back_the_parts_it_was_made_of(as_address, homes):
    values, expected = [], []
    for name, gang, number, letter, road, lane, mark, tail in homes:
        shown = mark.format(number, letter).rstrip("- ") if number else ""
        values.append(road + name + (lane.format(gang) if gang else "") + shown + tail)
        units = ("3", "7") if tail else (None, None)
        expected.append((name, gang and str(gang), number and f"{number}{letter}", *units))
    read = as_address(values)
    found = zip(*(read[c] for c in ("street", "gang", "house_number", "text_rt", "text_rw")), strict=True)
    assert list(found) == expected
