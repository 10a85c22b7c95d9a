"""Names: what is taken off, what is opened, what sounds alike."""

from __future__ import annotations

import datetime as dt

import ibis
import pytest

from rantang.identity.standardise import distinct_names
from rantang.vocabulary import names
from rantang.vocabulary.scalar import apply

# written, name, titles, father, deceased
NAMES = [
    ("H. MOCH. SYAIFUL, S.PD", "MUHAMMAD SYAIFUL", "H. S.PD", None, False),
    ("Drs. H. Abd.Rohman, M.Si", "ABDUL ROHMAN", "DRS. H. M.SI", None, False),
    ("BUDI SANTOSO SE MM", "BUDI SANTOSO", "SE MM", None, False),
    ("ANDI WIJAYA ST", "ANDI WIJAYA", "ST", None, False),
    ("ACHMAD FAUZI, SE., MM.", "ACHMAD FAUZI", "SE. MM.", None, False),
    ("HJ. NUR'AINI S.Ag", "NURAINI", "HJ. S.AG", None, False),
    ("NY. SUPIYAH", "SUPIYAH", "NY.", None, False),
    ("IBU NING", "NING", "IBU", None, False),
    ("NING SETYOWATI", "NING SETYOWATI", None, None, False),
    ("AN NISA FITRI", "AN NISA FITRI", None, None, False),
    ("TAN SE LIM", "TAN SE LIM", None, None, False),
    ("H", "H", None, None, False),
    ("ST. AISYAH", "SITI AISYAH", None, None, False),
    ("M. YUSUF", "MUHAMMAD YUSUF", None, None, False),
    ("M", "M", None, None, False),
    ("Moh.Ali", "MUHAMMAD ALI", None, None, False),
    ("S. RAHAYU", "S RAHAYU", None, None, False),
    ("ALM. SUTRISNO", "SUTRISNO", None, None, True),
    ("SITI AMINAH (ALMH)", "SITI AMINAH", None, None, True),
    ("ALMIRA PUTRI", "ALMIRA PUTRI", None, None, False),
    ("AHMAD BIN SALIM", "AHMAD", None, "SALIM", False),
    ("FATIMAH BINTI H. UMAR", "FATIMAH", None, "H UMAR", False),
    ("AHMAD, S.Pd BIN SALIM", "AHMAD", "S.PD", "SALIM", False),
    ("BINTI KHOIRIYAH", "BINTI KHOIRIYAH", None, None, False),
    ("SITI BINTI NAFIAH", "SITI BINTI NAFIAH", None, None, False),
    ("SUPARMAN ALIAS PARMAN", "SUPARMAN", None, None, False),
    ("SUPARMAN AL. PARMAN", "SUPARMAN", None, None, False),
    ("MUHAMMAD AL FATIH", "MUHAMMAD AL FATIH", None, None, False),
    ("YUSUF/YUSUP", "YUSUF", None, None, False),
    ("J0KO W1DODO", "JOKO WIDODO", None, None, False),
    ("JOSÉ  MARIA", "JOSE MARIA", None, None, False),
    ("Şerife YILDIZ", "SERIFE YILDIZ", None, None, False),
    ("Nguyễn Thị Hằng", "NGUYEN THI HANG", None, None, False),
    ("Łukasz Groß", "LUKASZ GROSS", None, None, False),
    ("Jose\u0301 Mun\u0303oz", "JOSE MUNOZ", None, None, False),
    ("ƀak", "BAK", None, None, False),
    ("Иван Петров", "ИВАН ПЕТРОВ", None, None, False),
    ("राम कुमार", "राम कुमार", None, None, False),
    ("Ivan Петров", "IVAN ПЕТРОВ", None, None, False),
    ("Йосиф", "ЙОСИФ", None, None, False),
    ("Ǽther Ŋoro 2º", "AETHER NGORO", None, None, False),
    ("-", None, None, None, False),
    ("TIDAK ADA", None, None, None, False),
    ("N/A", None, None, None, False),
]


@pytest.fixture(scope="module")
def read():
    rows = ibis.memtable(
        {"name": [written for written, *_ in NAMES], "mother": [None] * len(NAMES)},
        schema={"name": "string", "mother": "string"},
    )
    table = distinct_names(rows, lambda expr, _: ibis.memtable(expr.to_pyarrow()))
    return {row["written"]: row for row in table.to_pyarrow().to_pylist()}


@pytest.mark.slow
@pytest.mark.parametrize(("written", "name", "titles", "father", "deceased"), NAMES)
def test_a_name_is_freed_of_what_is_no_name(read, written, name, titles, father, deceased):
    row = read[written]
    assert (row["name"], row["titles"], row["father"], row["marked_deceased"]) == (
        name, titles, father, deceased,
    )  # fmt: skip


ALIKE = [
    ("MUHAMMAD", "MOCHAMAD", "MOKHAMMAD", "MUHAMAD", "MOHAMED", "MUCHAMMAD"),
    ("ACHMAD FAUZI", "AHMAD PAUZI", "AKHMAD FAUZY"),
    ("KHOIRUL ANAM", "CHOIRUL ANAM", "KHAIRUL ANAM", "HOIRUL ANAM"),
    ("SUSILO", "SOESILO", "SUSILLO"),
    ("DJOKO SUJARWO", "JOKO SOEDJARWO"),
    ("SYAMSUL", "SAMSUL", "SJAMSUL"),
    ("TJAHYONO", "CAHYONO", "TJAHIONO"),
    ("FITRIYAH", "FITRIAH", "PITRIYAH", "VITRIYYAH"),
    ("ZAINUDDIN", "ZAENUDIN", "JAINUDIN", "ZAINUDIN"),
    ("RAHMAT", "ROCHMAT", "RAKHMAD", "ROHMAT"),
    ("ABDURRAHMAN", "ABDUR ROHMAN", "ABDUL RACHMAN", "ABDURROCHMAN"),
    ("WIDODO", "WIDHODHO"),
    ("SUTHIKNO", "SUTIKNO"),
    ("SHINTA", "SINTA"),
    ("YUSUF", "JUSUF", "YUSUP"),
    ("FATIMAH", "FATMAH", "PATIMAH"),
    ("NUR", "NOER", "NOOR"),
    ("HARTATIK", "HARTATI"),
    ("CHANDRA", "CANDRA"),
    ("CHRISTINA", "KRISTINA"),
    ("RIZQI", "RISKI", "RIZKY"),
    ("JUWARIYAH", "JUARIYAH"),
    ("SITI", "SITTI", "SITY", "STI"),
]
APART = [
    ("SUTRISNO", "SUTRISNI"), ("YANTO", "YANTI"), ("BUDI", "RUDI"), ("SITI AMINAH", "SITI AMANAH"),
    ("SULASTRI", "SULASTRO"), ("HADI", "HUDI"), ("JOKO", "YOKO"),
    ("PANJI", "PANDI"), ("B SLAMET", "P SLAMET"),
]  # fmt: skip


@pytest.fixture(scope="module")
def keys():
    every = sorted({name for group in (*ALIKE, *APART) for name in group})
    table = ibis.memtable({"written": every})
    folded = table.select("written", key=names.fold(names.spell(table.written)))
    return {row["written"]: row["key"] for row in folded.to_pyarrow().to_pylist()}


@pytest.mark.parametrize("group", ALIKE, ids=lambda group: group[0])
def test_spellings_of_one_name_fold_to_one_key(keys, group):
    assert len({keys[name] for name in group}) == 1, {name: keys[name] for name in group}


@pytest.mark.parametrize("pair", APART, ids=lambda pair: pair[0])
def test_different_names_stay_apart(keys, pair):
    assert keys[pair[0]] != keys[pair[1]]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("written", "other"),
    [
        ("SRI WAHYUNI", "SRIWAHYUNI"), ("MUHAMMAD RAFI", "MUHAMMADRAFI"), ("ARJUNA AJI", "ARJUNAAJI"),
        ("AHMAD FAUZI", "AHMADFAUZI"), ("MUHAMMAD", "MU HAMAD"), ("NUR UL HUDA", "NURUL HUDA"),
    ],
)  # fmt: skip
def test_a_blank_too_many_or_too_few_does_not_part_a_name(written, other):
    assert apply(lambda name: names.joined(names.fold(names.spell(name))), written) == apply(
        lambda name: names.joined(names.fold(names.spell(name))), other
    )


def test_words_keep_their_order_and_initials_stay():
    assert apply(names.fold, "WAHYU B SETIAWAN") == "WAIU B SITIAWAN"


def test_the_scalar_form_takes_types_and_options():
    def later(born: ibis.expr.types.DateValue, end: dt.date) -> ibis.expr.types.BooleanValue:
        return born < ibis.literal(end)

    assert apply(later, dt.date(2000, 1, 1), types=("date",), end=dt.date(2001, 1, 1)) is True
