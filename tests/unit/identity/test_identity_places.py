"""Addresses and areas of rows."""

from __future__ import annotations

import pytest
from identity_rows import KABUPATEN, batch, identified, one

pytestmark = pytest.mark.slow

NAMED = [
    ("BLIMBING", "BLIMBING", "35.73.01.1005", "sah"),
    ("Kel. Blimbing", "Kec. Blimbing", "35.73.01.1005", "sah"),
    ("SUKUN", None, "35.73.04.1001", "sah"),
    ("Rampal Celaket", "Klojen", "35.73.02.1002", "sah"),
    ("ORO ORO DOWO", None, "35.73.02.1008", "sah"),
    ("ORO-ORO-DOWO", "KLOJEN", "35.73.02.1008", "sah"),
    ("RAMPALCLAKET", "KLOJEN", "35.73.02.1002", "dieja"),
    ("JODIPNA", "BLIMBING", "35.73.01.1011", "dieja"),
    ("JODIPAN", "BLIMBIGN", "35.73.01.1011", "sah"),
    ("JODIPAN", "KLOJEN", "35.73.01.1011", "sah"),  # a kelurahan's name is known, its kecamatan is wrong
    ("TLOGOMAS BARU", "KLOJEN", None, "tak-dikenal"),
    ("DINOYO", "KEPANJEN", None, "luar"),
    (None, "KLOJEN", None, "hilang"),
    (None, None, None, "hilang"),
    ("-", None, None, "hilang"),
]


def test_a_kelurahan_is_found_by_name():
    rows = identified([{"kelurahan": name, "kecamatan": kecamatan} for name, kecamatan, _, _ in NAMED])
    found = [(row["kelurahan_code"], row["area_state"]) for row in rows]
    assert dict(zip(NAMED, found, strict=True)) == {case: case[2:] for case in NAMED}


def test_a_known_kecamatan_is_kept_where_the_kelurahan_is_not():
    rows = identified([{"kelurahan": "TLOGOMAS BARU", "kecamatan": "KLOJEN"}, {"kecamatan": "KLOJEN"}])
    assert [row["kecamatan_code"] for row in rows] == ["35.73.02", "35.73.02"]


CODES = [
    ("35.73.01.1005", "35.73.01.1005", "sah"),
    ("3573011005", "35.73.01.1005", "sah"),
    ("3573010001", "35.73.03.1001", "bps"),
    ("3573040007", "35.73.01.1005", "bps"),
    ("35730400070012", "35.73.01.1005", "bps"),
    ("3507011001", None, "luar"),
    ("65126", None, "hilang"),
]


def test_codes_of_two_systems_are_told_apart():
    read = batch("area_code", [written for written, _, _ in CODES])
    found = [(written, row["kelurahan_code"], row["area_state"]) for written, row in read.items()]
    assert found == CODES


def test_a_code_counts_more_than_a_name():
    assert one(area_code="3573011005", kelurahan="SUKUN")["kelurahan_code"] == "35.73.01.1005"


def test_desa_of_one_name_need_their_kecamatan():
    rows = [
        {"kelurahan": "SUMBERAGUNG", "kecamatan": "WONOREJO"},
        {"kelurahan": "SUMBER AGUNG", "kecamatan": "KARANG JATI"},
        {"kelurahan": "SUMBERAGUNG"},
        {"kelurahan": "DESA MULYO REJO"},
        {"kelurahan": "SUMBERAGUN", "kecamatan": "WONOREJO"},
        {"kelurahan": "SUMBERAGUN"},
    ]
    found = [row["kelurahan_code"] for row in identified(rows, KABUPATEN)]
    assert found == ["99.01.02.2003", "99.01.01.2001", None, "99.01.02.2004", "99.01.02.2003", None]


def test_a_place_without_areas_knows_none_and_does_not_fail():
    row = one((), kelurahan="SUKUN", area_code="3573011005")
    assert (row["kelurahan_code"], row["area_state"]) == (None, "luar")


ADDRESSES = [
    ("JL. MAWAR GG. 3 NO. 12A", "MAWAR", "12A", "3"),
    ("JL MAWAR III/12A", "MAWAR", "12A", "3"),
    ("Jalan Mawar 3/12-A", "MAWAR", "12A", "3"),
    ("MAWAR GANG III NOMOR 12 A", "MAWAR", "12A", "3"),
    ("JL.MAWAR GG.3 NO.12A RT.03/RW.07", "MAWAR", "12A", "3"),
    ("JL MAWAR 12", "MAWAR", "12", None),
    ("JL. MAWAR NO. 012", "MAWAR", "12", None),
    ("JL MAWAR", "MAWAR", None, None),
    ("JL MAWAR IV", "MAWAR", None, "4"),
    ("GG MASJID NO 3", None, "3", "MASJID"),
    ("JL. TJOKROAMINOTO NO 4", "COKROAMINOTO", "4", None),
    ("JL. LETJEN S. PARMAN 25", "LETJEN SPARMAN", "25", None),
    ("PERUM GRAHA INDAH BLOK A-12", "GRAHA INDAH", "12", "A"),
    ("JL. DANAU TOBA E4/12", "DANAU TOBA", "12", "E4"),
    ("JL DANAU TOBA E 4 NO 12", "DANAU TOBA", "12", "E4"),
    ("JL DANAU TOBA BLOK E4 NO.12", "DANAU TOBA", "12", "E4"),
    ("PERUM GRAHA INDAH BLOK A NO 12", "GRAHA INDAH", "12", "A"),
    ("PERUM GRAHA INDAH BLOK A", "GRAHA INDAH", None, "A"),
    ("JODIPAN", None, None, None),
    ("KEL. ORO-ORO DOWO", None, None, None),
    ("JL JODIPAN 4", "JODIPAN", "4", None),
    ("DSN KRAJAN RT 3 RW 2", "KRAJAN", None, None),
    ("-", None, None, None),
    (None, None, None, None),
]


@pytest.fixture(scope="module")
def parted():
    return batch("address", [address for address, *_ in ADDRESSES])


@pytest.mark.parametrize(("address", "street", "number", "gang"), ADDRESSES)
def test_an_address_is_parted(parted, address, street, number, gang):
    row = parted[address]
    assert (row["street"], row["house_number"], row["gang"]) == (street, number, gang)


def test_rt_and_rw_are_read_from_the_address():
    written = [
        "JL MAWAR RT 03 RW 07", "JL MAWAR RT.003/RW.007", "JL MAWAR RT/RW 03/07", "JL MAWAR RT 3/7",
        "JL MAWAR 003/007", "JL MAWAR, RT:03 RW:07", "JL MAWAR RT03RW07",
    ]  # fmt: skip
    for address, row in batch("address", written).items():
        assert (address, row["street"], row["rt"], row["rw"]) == (address, "MAWAR", "3", "7")


def test_a_lists_own_rt_counts_before_the_addresss():
    row = one(address="JL MAWAR RT 03 RW 07", rt="005", rw="000")
    assert (row["rt"], row["rw"]) == ("5", "7")


def test_the_kelurahan_is_read_from_the_address_where_there_is_no_column():
    row = one(address="JL. RAYA 5 RT 1 RW 2 KEL. JODIPAN KEC. BLIMBING")
    assert (row["kelurahan_code"], row["street"], row["house_number"]) == ("35.73.01.1011", "RAYA", "5")


def test_an_address_that_is_only_a_kelurahan_says_where():
    read = batch("address", ["JODIPAN", "KEL. ORO-ORO DOWO"])
    assert [row["kelurahan_code"] for row in read.values()] == ["35.73.01.1011", "35.73.02.1008"]
