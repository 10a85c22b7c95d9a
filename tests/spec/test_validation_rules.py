"""Given these rows, these findings: every rule of validation, on people made up for it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from small_register import SmallRegister

from rantang.validation import rules

pytestmark = pytest.mark.slow

World = Callable[[SmallRegister], SmallRegister]


def _flag(code: str) -> World:
    return lambda w: w.person("ani").row("ani", "pengecualian", {"tanda": code})


# rule -> (what makes it hold, whom it names, the standing that follows)
CASES: dict[str, tuple[World, str, str]] = {
    "GANDA-DALAM-DAFTAR": (
        lambda w: w.person("ani").row("ani", "dtks", double=True).row("ani", "dtks", double=True),
        "ani",
        "perlu-verifikasi",
    ),
    "GANDA-PENERIMA": (
        lambda w: (
            w.person("ani")
            .row("ani", "penerima", programme="PKH", double=True)
            .row("ani", "penerima", programme="PKH", double=True)
        ),
        "ani",
        "layak",
    ),
    "NIK-DUA-ORANG": (
        lambda w: w.person("ani", nik="3573014101829999").person("siti", nik="3573014101829999"),
        "siti",
        "perlu-verifikasi",
    ),
    "NIK-TIDAK-SAH": (
        lambda w: w.person("ani").row("ani", "dtks", nik_digits="357301419982", nik_state="panjang"),
        "ani",
        "layak",
    ),
    "WARGA-TANPA-NIK": (
        lambda w: w.person("ani", nik=None, dukcapil_queue="tanpa-nik"),
        "ani",
        "perlu-verifikasi",
    ),
    "NIK-TIDAK-PADAN": (
        lambda w: w.person("ani").row("ani", "padan", {"status_padan": "tidak_padan"}),
        "ani",
        "perlu-verifikasi",
    ),
    "NIK-NONAKTIF": (
        lambda w: w.person("ani").row("ani", "padan", {"status_padan": "nonaktif"}),
        "ani",
        "perlu-verifikasi",
    ),
    "NIK-GANDA-DUKCAPIL": (
        lambda w: w.person("ani").row("ani", "padan", {"status_padan": "ganda"}),
        "ani",
        "perlu-verifikasi",
    ),
    "TAK-DI-PENDUDUK": (
        lambda w: w.person("ani", resident="tidak-diketahui").list("penduduk"),
        "ani",
        "perlu-verifikasi",
    ),
    "NAMA-BEDA-DUKCAPIL": (
        lambda w: (
            w.person("ani").row("ani", "penduduk", name_sorted="ANI").row("ani", "dtks", name_sorted="HANI")
        ),
        "ani",
        "layak",
    ),
    "ALAMAT-BEDA-DUKCAPIL": (
        lambda w: (
            w.person("ani")
            .row("ani", "penduduk", kelurahan_code="35.73.01.1001")
            .row("ani", "dtks", kelurahan_code="35.73.02.1001")
        ),
        "ani",
        "layak",
    ),
    "TANPA-KELUARGA": (lambda w: w.person("ani", family=False), "ani", "layak"),
    "KELUARGA-TANPA-KEPALA": (
        lambda w: w.person("ani", "f1", is_head=False, relation="3"),
        "f1",
        "layak",
    ),
    "KELUARGA-DUA-KEPALA": (
        lambda w: w.person("ani", "f1", relation="1").person("budi", "f1", relation="1"),
        "f1",
        "layak",
    ),
    "ANGGOTA-DUA-KELUARGA": (
        lambda w: (
            w.person("ani")
            .row("ani", "dtks", kk="3573010101019001", double=True)
            .row("ani", "dtks", kk="3573010101019002", double=True)
        ),
        "ani",
        "perlu-verifikasi",
    ),
    "ATRIBUT-KURANG": (
        lambda w: w.person("ani").row("ani", "dtks", street=None, kelurahan_code=None),
        "ani",
        "layak",
    ),
    "MENINGGAL-CATATAN": (
        lambda w: w.person("ani", resident="tidak-diketahui").row(
            "ani", "dtks", {"keterangan_meninggal": "MENINGGAL DUNIA"}, tier="own"
        ),
        "ani",
        "tidak-layak",
    ),
    "MENINGGAL-TAK-JELAS": (
        lambda w: w.person("ani").row("ani", "dtks", {"keterangan_meninggal": "Suami meninggal"}),
        "ani",
        "perlu-verifikasi",
    ),
    "NONAKTIF-CATATAN": (
        lambda w: w.person("ani").row("ani", "dtks", {"is_nonaktif": "1"}),
        "ani",
        "tidak-layak",
    ),
    "MENINGGAL-DUKCAPIL": (
        lambda w: w.person("ani", resident="meninggal", resident_source="padan"),
        "ani",
        "perlu-verifikasi",
    ),
    "ALMARHUM-NAMA": (
        lambda w: w.person("ani").row("ani", "dtks", marked_deceased=True, tier="own"),
        "ani",
        "perlu-verifikasi",
    ),
    "PINDAH-DUKCAPIL": (lambda w: w.person("ani", resident="pindah"), "ani", "perlu-verifikasi"),
    "PINDAH-CATATAN": (
        lambda w: w.person("ani").row(
            "ani", "dtks", {"kabupaten": "KOTA MALANG", "kab_capil": "KAB. MALANG"}
        ),
        "ani",
        "perlu-verifikasi",
    ),
    "KELUARGA-TANPA-WARGA": (
        lambda w: w.person("ani", "f1", resident="pindah").person(
            "budi", "f1", resident="meninggal", relation="3", is_head=False
        ),
        "f1",
        "perlu-verifikasi",
    ),
    "KK-SATU-ANAK": (lambda w: w.person("ani", "f1", age=9), "f1", "perlu-verifikasi"),
    "TANDA-ASN": (_flag("ASN_TNI_POLRI"), "ani", "perlu-verifikasi"),
    "TANDA-PENSIUN": (_flag("PENSIUN"), "ani", "perlu-verifikasi"),
    "TANDA-GURU": (_flag("GURU_SERTIFIKASI"), "ani", "perlu-verifikasi"),
    "TANDA-AHU": (_flag("AHU"), "ani", "perlu-verifikasi"),
    "TANDA-UMK": (_flag("PENGHASILAN_UMK"), "ani", "perlu-verifikasi"),
    "TANDA-PERANGKAT": (_flag("PERANGKAT_DESA"), "ani", "perlu-verifikasi"),
    "TANDA-BUMN": (_flag("BUMN_BUMD"), "ani", "perlu-verifikasi"),
    "TANDA-PLN": (_flag("PLN_900_NONSUBSIDI"), "ani", "perlu-verifikasi"),
    "TANDA-RODA4": (_flag("RODA4"), "ani", "perlu-verifikasi"),
    "TANDA-TIDAK-DITEMUKAN": (_flag("TIDAK_DITEMUKAN"), "ani", "perlu-verifikasi"),
    "TANDA-MENINGGAL": (_flag("MENINGGAL"), "ani", "perlu-verifikasi"),
    "TANDA-PINDAH": (_flag("PINDAH"), "ani", "perlu-verifikasi"),
    "TANDA-GANDA": (_flag("GANDA"), "ani", "perlu-verifikasi"),
    "TANDA-TIDAK-PADAN": (_flag("NIK_TIDAK_PADAN"), "ani", "perlu-verifikasi"),
    "TANDA-MENOLAK": (_flag("MENOLAK"), "ani", "layak"),
}


# Cases of another rule in which this one rightly holds, too.
ALSO: dict[str, set[str]] = {
    "GANDA-DALAM-DAFTAR": {"ANGGOTA-DUA-KELUARGA"},
    "TAK-DI-PENDUDUK": {"MENINGGAL-CATATAN"},
    "KELUARGA-TANPA-WARGA": {"MENINGGAL-DUKCAPIL", "PINDAH-DUKCAPIL"},
    "MENINGGAL-DUKCAPIL": {"KELUARGA-TANPA-WARGA"},
    "PINDAH-DUKCAPIL": {"KELUARGA-TANPA-WARGA"},
}


@pytest.fixture(scope="module")
def everyone() -> SmallRegister:
    """Every case in one register, its people named after it: validated once."""
    world = SmallRegister()
    for code, (make, _named, _status) in CASES.items():
        world.scope = f"{code}:"
        make(world)
    return world


@pytest.mark.parametrize("code", [rule.code for rule in rules()])
def test_rule_finds_what_it_is_for(everyone: SmallRegister, code: str) -> None:
    _make, named, status = CASES[code]
    assert (code, f"{code}:{named}") in everyone.found()
    assert everyone.standing()[f"{code}:{named}"] == status


@pytest.mark.parametrize("code", [rule.code for rule in rules()])
def test_rule_finds_nobody_else(everyone: SmallRegister, code: str) -> None:
    named = {subject.split(":")[0] for found, subject in everyone.found() if found == code}
    assert named <= {code} | ALSO.get(code, set())


def test_an_orderly_register_has_no_findings() -> None:
    world = SmallRegister().person("ani", "f1").person("budi", "f1", relation="3", is_head=False)
    world.row("ani", "penduduk").row("ani", "dtks").row("budi", "dtks").list("pengecualian")
    assert world.found() == set()
    assert set(world.standing().values()) == {"layak"}


def test_a_name_on_the_list_of_civil_servants_never_strikes_off_but_asks() -> None:
    world = SmallRegister().person("ani", "f1").person("budi", "f1", relation="3", is_head=False)
    world.row("budi", "pengecualian", {"tanda": "ASN_TNI_POLRI"})
    standing = world.standing()
    assert standing == {"ani": "layak", "budi": "perlu-verifikasi", "f1": "perlu-verifikasi"}
    finding = world.validate().findings.to_pyarrow().to_pylist()[0]
    assert finding["needs_word"] is True
    assert "tanda=ASN_TNI_POLRI" in finding["evidence"] and "tingkat=sure" in finding["evidence"]


@pytest.mark.parametrize(
    "doubt",
    [{"tier": "likely"}, {"double": True}],
    ids=["the link is only likely", "another row of the list is the same person"],
)
def test_a_death_note_on_a_doubtful_row_needs_a_word(doubt: dict[str, object]) -> None:
    world = SmallRegister().person("ani", resident="tidak-diketahui")
    world.row("ani", "dtks", {"keterangan_meninggal": "MENINGGAL DUNIA"}, **doubt)
    assert world.standing()["ani"] == "perlu-verifikasi"
    assert any(row["needs_word"] for row in world.validate().findings.to_pyarrow().to_pylist())


def test_a_death_note_against_dukcapil_needs_a_word() -> None:
    world = SmallRegister().person("ani", resident="tercatat")
    world.row("ani", "dtks", {"keterangan_meninggal": "MENINGGAL DUNIA"})
    assert world.standing()["ani"] == "perlu-verifikasi"


@pytest.fixture(scope="module")
def death_notes() -> SmallRegister:
    """A person for each note of `NOTES`, named after it: validated once."""
    world = SmallRegister()
    for note in (note for notes in NOTES.values() for note in notes):
        world.person(note, resident="tidak-diketahui").row(note, "dtks", {"keterangan_meninggal": note})
    return world


NOTES = {
    "tidak-layak": (
        "MENINGGAL", "Meninggal Dunia", "MD", "wafat", "Alm.", "Sudah meninggal", "YA", "1", "v",
        "Meninggal dunia tgl 12 Maret 2021", "2021-03-12", "12/03/2021",
    ),
    "layak": (
        "Tidak ada", "Tidak Meninggal", "Belum meninggal", "Masih Hidup", "HIDUP", "N", "T.A.", "Nihil",
        "KOSONG", "0", "-", "", "0000-00-00", "tanpa keterangan",
    ),
    "perlu-verifikasi": ("Suami meninggal", "Meninggal: tidak", "Pindah ke Blitar", "Sudah tidak hidup", "2"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("note", "status"), [(note, status) for status, notes in NOTES.items() for note in notes]
)
def test_only_a_death_noted_in_so_many_words_strikes_off(
    death_notes: SmallRegister, note: str, status: str
) -> None:
    assert death_notes.standing()[note] == status


def test_a_decision_strikes_off_and_a_later_one_reverses_it() -> None:
    world = SmallRegister().person("ani").row("ani", "dtks")
    struck = {"seq": 1, "kind": "strike_off", "person_id": "ani", "role": "dinsos", "at": "2022-11-20"}
    assert world.standing([struck])["ani"] == "tidak-layak"
    assert ("KEPUTUSAN-CORET", "ani") in world.found([struck])
    kept = struck | {"seq": 2, "kind": "keep"}
    assert world.standing([kept, struck])["ani"] == "layak"


@pytest.mark.parametrize("kind", ["keep", "add"])
def test_new_findings_do_not_reverse_a_decision_but_name_it(kind: str) -> None:
    world = SmallRegister().person("ani").row("ani", "pengecualian", {"tanda": "RODA4"})
    kept = {"seq": 1, "kind": kind, "person_id": "ani", "role": "dinsos", "at": "2022-10-01"}
    assert world.standing([kept])["ani"] == "layak"
    rows = world.validate([kept]).findings.to_pyarrow().to_pylist()
    asked = next(row for row in rows if row["code"] == "KEPUTUSAN-PERIKSA")
    assert asked["needs_word"] and "TANDA-RODA4" in asked["evidence"]


def test_a_family_whose_members_are_all_struck_off_is_not_eligible() -> None:
    world = SmallRegister().person("ani", "f1").person("budi", "f1", relation="3", is_head=False)
    struck = [
        {"seq": n, "kind": "strike_off", "person_id": who} for n, who in enumerate(("ani", "budi"), start=1)
    ]
    assert world.standing(struck[:1])["f1"] == "layak"
    assert world.standing(struck)["f1"] == "tidak-layak"


def test_a_double_is_named_once_and_the_first_row_stays_clean() -> None:
    world = SmallRegister().person("ani").row("ani", "dtks", double=True).row("ani", "dtks", double=True)
    rows = world.validate().findings.to_pyarrow().to_pylist()
    assert [row["code"] for row in rows] == ["GANDA-DALAM-DAFTAR"]


def test_people_who_are_only_in_the_kk_of_someone_listed_are_not_asked_for_anything() -> None:
    world = SmallRegister().person("ani", listed=False, in_dtks=False, resident="pindah").list("penduduk")
    assert world.found() == set()
