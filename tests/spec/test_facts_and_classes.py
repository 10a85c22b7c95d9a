"""Given these rows, these facts and this class: unknown stays unknown."""

from __future__ import annotations

import pytest
from small_register import CLASSES, SmallRegister, keep, rows_of

from rantang.welfare import classify


def facts_of(world: SmallRegister) -> tuple[dict, dict]:
    persons, families = world.facts()
    return (
        {row["person_id"]: row for row in rows_of(persons)},
        {row["family_id"]: row for row in rows_of(families)},
    )


@pytest.fixture(scope="module")
def known() -> tuple[dict, dict]:
    w = SmallRegister()
    w.person("ibu", "f1", age=30).person("ayah", "f1", sex="L", age=33, is_head=False, relation="2")
    w.person("anak", "f1", age=9, is_head=False, relation="3")
    w.person("bayi", "f1", age=1, is_head=False, relation="3")
    w.person("nenek", "f2", age=72, in_dtks=False, in_p3ke=True)
    w.person("asing", "f3", age=None, sex=None, resident="tidak-diketahui")
    w.person("pindah", "f4", age=50, resident="pindah")
    w.row("ibu", "kesehatan", {"kondisi": "IBU HAMIL"}).row("bayi", "kesehatan", {"kondisi": "STUNTING"})
    w.row("nenek", "kesehatan", {"kondisi": "PENYAKIT KRONIS"})
    w.row("ayah", "dtks", {"keterangan_disabilitas": '{"jenis":"fisik"}'})
    w.row("ibu", "dtks", {"keterangan_disabilitas": "[]"})
    w.row("anak", "pendidikan", {"jenjang": "SMP/MTs", "status_sekolah": "AKTIF"})
    w.row("nenek", "rumah", {"daya_listrik": 2}).row("nenek", "pengecualian", {"tanda": "RODA4"})
    w.row("ibu", "tenaga_kerja", {"status_kerja": "BELUM BEKERJA"})
    return facts_of(w)


def test_what_a_no_stands_before_is_not_said_of_school_and_work():
    at_school = {"AKTIF": True, "Tidak putus sekolah": True, "Belum lulus": True, "Tidak mampu": True}
    at_school |= dict.fromkeys(("Putus sekolah", "LULUS", "Tidak bersekolah lagi", "TIDAK"), False)
    seeks = dict.fromkeys(("Pencari kerja", "Korban PHK", "Belum bekerja"), True) | {
        "Bukan pencari kerja": None
    }
    w = SmallRegister()
    for status in at_school:
        w.person(status, age=12).row(status, "pendidikan", {"status_sekolah": status})
    for status in seeks:
        w.person(status).row(status, "tenaga_kerja", {"status_kerja": status})
    found, _ = facts_of(w)
    assert {status: found[status]["bersekolah"] for status in at_school} == at_school
    assert {status: found[status]["pencari_kerja"] for status in seeks} == seeks


@pytest.mark.parametrize(
    ("lists", "level"), [(("SMP", "SMA"), "SMA"), (("TK", "SD/MI"), "SD"), (("Kejar",), None)]
)
def test_of_two_levels_of_school_the_higher_one_counts(lists, level):
    w = SmallRegister().person("anak", age=9)
    for each in lists:
        w.row("anak", "pendidikan", {"jenjang": each, "status_sekolah": "AKTIF"})
    assert facts_of(w)[0]["anak"]["jenjang"] == level


@pytest.mark.parametrize(
    ("person", "fact", "value"),
    [
        ("ibu", "hamil", True),
        ("ayah", "hamil", False),
        ("anak", "hamil", False),
        ("nenek", "hamil", None),
        ("asing", "hamil", None),
        ("ayah", "disabilitas", True),
        ("ibu", "disabilitas", None),
        ("bayi", "gizi_kurang", True),
        ("bayi", "balita", True),
        ("bayi", "bersekolah", False),
        ("anak", "bersekolah", True),
        ("anak", "jenjang", "SMP"),
        ("nenek", "bersekolah", False),
        ("nenek", "lansia", True),
        ("asing", "lansia", None),
        ("asing", "penduduk", None),
        ("pindah", "penduduk", False),
        ("ibu", "penduduk", True),
        ("ibu", "pencari_kerja", True),
        ("nenek", "penyakit_kronis", True),
        ("nenek", "bertanda", True),
        ("ibu", "bertanda", False),
        ("nenek", "di_dtks", False),
        ("nenek", "di_p3ke", True),
    ],
)
def test_fact_of_a_person(known, person, fact, value):
    assert known[0][person][fact] is value or known[0][person][fact] == value


@pytest.mark.parametrize(
    ("note", "value"),
    [
        ("Tidak ada", None), ("Tidak ada penyakit kronis", None), ("NIHIL", None), ("Tidak cacat", None),
        ("Non Disabilitas", None), ('{"jenis":null}', None), ("Belum pernah", None),
        ("Hipertensi", True), ("2", True), ("Tidak bisa berjalan", True),
    ],
)  # fmt: skip
def test_a_note_that_denies_says_nothing(note, value):
    world = SmallRegister().person("ani")
    world.row("ani", "dtks", {"penyakit_kronis": note, "keterangan_disabilitas": note})
    ani = facts_of(world)[0]["ani"]
    assert (ani["penyakit_kronis"], ani["disabilitas"]) == (value, value)


@pytest.mark.parametrize(
    ("state", "disabled", "chronic"),
    [
        ("NON DISABILITAS", None, None),
        ("Tidak ada penyakit kronis", None, None),
        ("Kronis, tidak cacat", None, True),
    ],
)
def test_a_condition_that_is_denied_is_not_said(state, disabled, chronic):
    world = SmallRegister().person("ani").row("ani", "kesehatan", {"kondisi": state})
    ani = facts_of(world)[0]["ani"]
    assert (ani["disabilitas"], ani["penyakit_kronis"]) == (disabled, chronic)


@pytest.mark.parametrize(
    ("family", "fact", "value"),
    [
        ("f1", "jumlah_anggota", 4),
        ("f1", "kk_satu_orang", False),
        ("f2", "kk_satu_orang", True),
        ("f1", "ada_hamil", True),
        ("f1", "ada_disabilitas", True),
        ("f1", "ada_lansia", False),
        ("f1", "ada_penyakit_kronis", None),
        ("f2", "ada_hamil", None),
        ("f2", "rumah_tidak_layak", True),
        ("f2", "daya_listrik", 900),
        ("f1", "rumah_tidak_layak", None),
        ("f2", "keluarga_bertanda", True),
        ("f1", "keluarga_bertanda", False),
        ("f3", "ada_penduduk", None),
        ("f4", "ada_penduduk", False),
        ("f1", "keluarga_di_dtks", True),
    ],
)
def test_fact_of_a_family(known, family, fact, value):
    assert known[1][family][fact] is value or known[1][family][fact] == value


def test_without_a_list_of_flags_nobody_is_known_to_be_without_one():
    persons, families = facts_of(SmallRegister().person("ani"))
    assert persons["ani"]["bertanda"] is None
    assert families["f-ani"]["keluarga_bertanda"] is None


@pytest.mark.parametrize(
    ("power", "volt_ampere"), [("450 VA", 450), ("1300", 1300), (1, 450), (900, 900), ("-", None)]
)
def test_power_as_lists_write_it(power, volt_ampere):
    world = SmallRegister().person("ani").row("ani", "rumah", {"daya_listrik": power})
    assert facts_of(world)[1]["f-ani"]["daya_listrik"] == volt_ampere


def classes(world: SmallRegister, period: str = "2022-11") -> dict[str, dict]:
    table = classify(world.families, world.persons, world.links, world.typed, CLASSES, period, keep)
    return {row["family_id"]: row for row in rows_of(table)}


def test_class_is_the_decile_of_an_official_list_and_says_so():
    w = SmallRegister().person("ani").person("budi").person("cici")
    w.row("ani", "p3ke", {"desil_nasional": 1}, period="2022-08").row("budi", "p3ke", {"desil_nasional": 3})
    rows = classes(w)
    assert [rows[f"f-{who}"]["class_"] for who in ("ani", "budi", "cici")] == [
        "kerak",
        "rentan",
        "belum-didata",
    ]
    ani = rows["f-ani"]
    assert (ani["desil_nasional"], ani["desil_sumber"], ani["desil_tanggal"]) == (1, "p3ke", "2022-08")
    assert (ani["dasar"], rows["f-cici"]["dasar"]) == ("desil", None)
    assert ani["skor_kota"] is None and ani["persentil_kota"] is None


def test_dtsen_goes_before_p3ke_and_the_poorest_member_counts():
    w = SmallRegister().person("ani", "f1").person("budi", "f1", relation="3", is_head=False)
    w.row("ani", "p3ke", {"desil_nasional": 1}).row("ani", "dtsen", {"desil_nasional": 4})
    w.row("budi", "dtsen", {"desil_nasional": 2})
    assert (classes(w)["f1"]["desil_nasional"], classes(w)["f1"]["class_"]) == (2, "miskin")


def test_an_impossible_decile_and_a_later_list_are_not_read():
    w = SmallRegister().person("ani").person("budi")
    w.row("ani", "p3ke", {"desil_nasional": 0}).row("budi", "p3ke", {"desil_nasional": 1}, period="2023-01")
    assert {row["class_"] for row in classes(w).values()} == {"belum-didata"}


def test_without_any_such_list_everybody_is_belum_didata():
    assert classes(SmallRegister().person("ani"))["f-ani"]["class_"] == "belum-didata"
