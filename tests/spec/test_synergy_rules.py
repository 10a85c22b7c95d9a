"""Given these lists of recipients, this is said of aid: standing, doubles, gaps, lapses, lists."""

from __future__ import annotations

import pytest
from small_register import SmallRegister, programme, rows_of

from rantang.cities import Places
from rantang.tables.synergy import HISTORY

pytestmark = pytest.mark.slow

SEMBAKO = programme("SEMBAKO", "keluarga_di_dtks")
BPNTD = programme("BPNTD", "keluarga_di_dtks", exclusive_with=("SEMBAKO",), complements=("PBI",))
PBI = programme("PBI", "di_dtks", unit="individu", rupiah=42_000, main=False)
PBID = programme("PBID", "penduduk", unit="individu", rupiah=42_000, main=False, exclusive_with=("PBI",))
MONTHS = ("2022-06", "2022-07", "2022-08", "2022-09", "2022-10", "2022-11")


def by(rows, *keys):
    return {tuple(row[key] for key in keys) if len(keys) > 1 else row[keys[0]]: row for row in rows}


def codes(synergy):
    return {(row["code"], row["subject_id"]) for row in rows_of(synergy.findings)}


def test_every_standing_of_a_recipient():
    world = (
        SmallRegister()
        .person("tepat")
        .person("bukan", in_dtks=False, in_p3ke=True)
        .person("bertanda")
        .person("coret", resident="tidak-diketahui")
        .person("asing", in_dtks=False, resident="tidak-diketahui")
    )
    for who in ("tepat", "bukan", "bertanda", "coret", "asing"):
        world.row(who, "penerima", row_key=who, programme="SEMBAKO")
    world.row("bertanda", "pengecualian", {"tanda": "PENSIUN"})
    world.row("coret", "dtks", {"keterangan_meninggal": "MENINGGAL"}, tier="own")
    rows = by(rows_of(world.match(SEMBAKO, validated=True).assistance), "row_key")
    assert {key: row["standing"] for key, row in rows.items()} == {
        "tepat": "tepat",
        "bukan": "perlu-verifikasi",
        "bertanda": "perlu-verifikasi",
        "coret": "tidak-layak",
        "asing": "tak-terhubung",
    }
    assert rows["bukan"]["eligible"] is False and rows["bukan"]["reasons"] == "PENERIMA-BUKAN-SASARAN"
    assert "TANDA-PENSIUN" in rows["bertanda"]["reasons"]
    assert rows["tepat"]["amount"] == 200_000 and rows["tepat"]["amount_source"] == "standar"


def test_a_rule_without_facts_is_unanswered_and_never_a_fault():
    pmt = programme("PMT", "hamil", unit="individu")
    world = SmallRegister().person("ani", sex="P", age=25).row("ani", "penerima", programme="PMT")
    synergy = world.match(pmt)
    assert rows_of(synergy.assistance)[0]["standing"] == "tak-terjawab"
    city = by(rows_of(synergy.coverage), "programme", "kelurahan_code")[("PMT", "*")]
    assert (city["unanswered"], city["eligible"], city["eligible_unknown"]) == (1, 0, 1)
    assert not {code for code, _ in codes(synergy)} & {"PENERIMA-BUKAN-SASARAN"}


def test_one_whom_only_programme_lists_know_is_neither_eligible_nor_a_gap():
    everyone = programme("SEMUA", "usia >= 18", unit="individu")
    world = SmallRegister().person("asing", in_dtks=False, resident="tidak-diketahui")
    world.row("asing", "penerima", programme="SEMUA")
    city = by(rows_of(world.match(everyone).coverage), "programme", "kelurahan_code")[("SEMUA", "*")]
    assert (city["recipients"], city["unlinked"]) == (0, 1)
    assert (city["eligible"], city["eligible_unknown"], city["eligible_served"]) == (0, 1, 0)


def test_a_doubtful_link_never_makes_a_recipient_not_eligible():
    world = SmallRegister().person("coret", resident="tidak-diketahui")
    world.row("coret", "dtks", {"is_nonaktif": "1"}, tier="own")
    world.row("coret", "penerima", row_key="r", programme="SEMBAKO", tier="likely")
    row = rows_of(world.match(SEMBAKO, validated=True).assistance)[0]
    assert row["standing"] == "perlu-verifikasi"


def test_the_lists_own_rupiah_counts_before_the_standard():
    world = SmallRegister().person("ani")
    world.row("ani", "penerima", {"nominal": 150_000.0}, programme="SEMBAKO")
    row = rows_of(world.match(SEMBAKO).assistance)[0]
    assert (row["amount"], row["amount_source"]) == (150_000, "daftar")


def test_a_forbidden_double_is_told_from_a_complement():
    world = SmallRegister().person("ani", "f1").person("budi", "f1", relation="3", is_head=False)
    world.row("ani", "penerima", row_key="s", programme="SEMBAKO")
    world.row("budi", "penerima", row_key="b", programme="BPNTD")
    world.row("budi", "penerima", row_key="p", programme="PBI")
    synergy = world.match(SEMBAKO, BPNTD, PBI)
    rows = by(rows_of(synergy.assistance), "row_key")
    assert rows["s"]["forbidden_with"] == "BPNTD" and rows["b"]["forbidden_with"] == "SEMBAKO"
    assert rows["p"]["forbidden_with"] is None and rows["p"]["standing"] == "tepat"
    cells = by(rows_of(synergy.overlap), "programme_a", "programme_b")
    assert cells[("BPNTD", "SEMBAKO")]["relation"] == "terlarang"
    assert cells[("BPNTD", "PBI")]["relation"] == "pelengkap"
    assert cells[("PBI", "SEMBAKO")]["relation"] == "netral"
    assert cells[("BPNTD", "SEMBAKO")]["money"] == 200_000
    assert ("DOBEL-TERLARANG", "f1") in codes(synergy)
    doubles = [row for row in rows_of(synergy.findings) if row["code"] == "DOBEL-TERLARANG"]
    assert all(row["needs_word"] for row in doubles)


def test_two_programmes_for_persons_exclude_each_other_for_the_same_person_only():
    world = SmallRegister().person("ani", "f1").person("budi", "f1", relation="3", is_head=False)
    world.row("ani", "penerima", row_key="a", programme="PBI")
    world.row("budi", "penerima", row_key="b", programme="PBID")
    assert all(row["forbidden_with"] is None for row in rows_of(world.match(PBI, PBID).assistance))
    world.row("budi", "penerima", row_key="c", programme="PBI")
    synergy = world.match(PBI, PBID)
    rows = by(rows_of(synergy.assistance), "row_key")
    assert rows["a"]["forbidden_with"] is None and rows["b"]["forbidden_with"] == "PBI"
    cell = by(rows_of(synergy.overlap), "programme_a", "programme_b")[("PBI", "PBID")]
    assert (cell["relation"], cell["families"]) == ("terlarang", 1)


def test_a_double_on_a_list_counts_rupiah_but_not_recipients():
    world = SmallRegister().person("ani")
    for key in ("r1", "r2"):
        world.row("ani", "penerima", row_key=key, programme="SEMBAKO", double=True)
    synergy = world.match(SEMBAKO)
    city = by(rows_of(synergy.coverage), "programme", "kelurahan_code")[("SEMBAKO", "*")]
    assert (city["recipients"], city["doubles"], city["money"], city["money_verify"]) == (
        1,
        1,
        400_000,
        200_000,
    )
    rows = by(rows_of(synergy.assistance), "row_key")
    assert [rows[key]["double"] for key in ("r1", "r2")] == [False, True]


def test_a_family_counts_once_where_it_lives_wherever_its_members_are_written():
    elsewhere = "35.73.01.1002"
    world = SmallRegister().person("ibu", "k").person("anak", "k", is_head=False, kelurahan_code=elsewhere)
    for who in ("ibu", "anak"):
        world.row(who, "penerima", programme="SEMBAKO", tier="likely").row(who, "penerima", programme="PBI")
    synergy = world.match(SEMBAKO, PBI)
    counted = by(rows_of(synergy.coverage), "programme", "kelurahan_code")
    assert counted[("SEMBAKO", "*")]["recipients"] == counted[("SEMBAKO", "35.73.01.1001")]["recipients"] == 1
    assert ("SEMBAKO", elsewhere) not in counted
    assert counted[("PBI", elsewhere)]["recipients"] == 1
    homes = {(row["programme"], row["kelurahan_code"]) for row in rows_of(synergy.assistance)}
    assert homes == {("SEMBAKO", "35.73.01.1001"), ("PBI", "35.73.01.1001"), ("PBI", elsewhere)}


def test_a_family_in_doubt_is_one_whichever_of_its_members_are_asked_about():
    world = (
        SmallRegister().person("ibu", "k").person("anak", "k", is_head=False, kelurahan_code="35.73.01.1002")
    )
    for who in ("ibu", "anak"):
        world.row(who, "penerima", programme="PBI")
        world.row(who, "penerima", programme="PBID")
    counted = by(rows_of(world.match(PBI, PBID).coverage), "programme", "kelurahan_code")
    assert counted[("*", "*")]["verify"] == 1


def test_coverage_counts_eligible_served_and_left_out():
    world = SmallRegister().person("ani").person("budi").person("cici", in_dtks=False, in_p3ke=True)
    world.person("dedi", kelurahan_code="35.73.02.1001")
    world.row("ani", "penerima", programme="SEMBAKO")
    cells = by(rows_of(world.match(SEMBAKO).coverage), "programme", "kelurahan_code")
    city = cells[("SEMBAKO", "*")]
    assert (city["eligible"], city["eligible_served"], city["gap"]) == (3, 1, 2)
    assert cells[("SEMBAKO", "35.73.02.1001")]["gap"] == 1
    anything = cells[("*", "*")]
    assert (anything["recipients"], anything["eligible"], anything["gap"]) == (1, 3, 2)


def test_those_who_died_or_moved_are_nobody_s_gap():
    world = (
        SmallRegister().person("ani", resident="pindah").person("budi", resident="meninggal").person("cici")
    )
    world.row("cici", "penerima", programme="SEMBAKO")
    synergy = world.match(SEMBAKO)
    assert by(rows_of(synergy.coverage), "programme", "kelurahan_code")[("SEMBAKO", "*")]["gap"] == 0
    assert not any(row["gap"] for row in rows_of(synergy.family_aid))


def test_a_family_that_qualifies_and_gets_nothing_is_a_gap():
    world = SmallRegister().person("ani").person("budi").person("cici")
    world.row("ani", "penerima", programme="SEMBAKO").row("budi", "penerima", programme="PBI")
    synergy = world.match(SEMBAKO, PBI)
    rows = by(rows_of(synergy.family_aid), "family_id")
    assert [rows[f"f-{who}"]["gap"] for who in ("ani", "budi", "cici")] == [False, False, True]
    assert rows["f-cici"]["eligible_for"] == "PBI SEMBAKO"
    assert rows["f-budi"]["programmes"] == "PBI" and rows["f-budi"]["eligible_for"] == "SEMBAKO"
    assert ("KELUARGA-TERLEWAT", "f-cici") in codes(synergy)


def test_without_any_list_of_recipients_there_is_no_gap_to_speak_of():
    synergy = SmallRegister().person("ani").match(SEMBAKO)
    assert rows_of(synergy.family_aid)[0]["gap"] is None
    city = by(rows_of(synergy.coverage), "programme", "kelurahan_code")[("SEMBAKO", "*")]
    assert (city["eligible"], city["recipients"], city["gap"], city["money"]) == (1, None, None, None)
    assert ("PROGRAM-TANPA-DAFTAR", "SEMBAKO") in codes(synergy)


def kerak(*with_aid: str, others: tuple[str, ...] = MONTHS) -> SmallRegister:
    """A family of the poorest class with aid in some months; another keeps the lists coming."""
    world = SmallRegister().person("ani", in_p3ke=True).person("lain")
    world.row("ani", "p3ke", {"desil_nasional": 1})
    for month in with_aid:
        world.row("ani", "penerima", programme="SEMBAKO", period=month)
    for month in others:
        world.row("lain", "penerima", programme="SEMBAKO", period=month)
    return world


@pytest.mark.parametrize(
    ("months", "lapse", "aided", "never"),
    [
        (MONTHS, None, 6, False),
        (MONTHS[:3], "2022-09", 3, False),
        ((*MONTHS[:2], *MONTHS[3:]), "2022-08", 5, False),
        (MONTHS[3:], None, 3, False),
        ((), None, 0, True),
    ],
    ids=["unbroken", "ended", "interrupted", "began later", "never"],
)
def test_the_record_of_aid_of_the_poorest(months, lapse, aided, never):
    synergy = kerak(*months).match(SEMBAKO)
    row = by(rows_of(synergy.family_aid), "family_id")["f-ani"]
    assert (row["lapse"], row["months_aided"], row["never_aided"]) == (lapse, aided, never)
    assert (("KERAK-TERPUTUS", "f-ani") in codes(synergy)) == (lapse is not None)
    assert (("KERAK-TANPA-BANTUAN", "f-ani") in codes(synergy)) == never


def test_a_list_that_is_missing_for_a_month_is_no_lapse():
    months = (*MONTHS[:2], *MONTHS[3:])
    row = by(rows_of(kerak(*months, others=months).match(SEMBAKO).family_aid), "family_id")["f-ani"]
    assert (row["lapse"], row["months_aided"]) == (None, 6)


def test_other_classes_have_no_lapse():
    rows = by(rows_of(kerak(*MONTHS[:3]).match(SEMBAKO).family_aid), "family_id")
    assert rows["f-lain"]["class_"] == "belum-didata"
    assert rows["f-lain"]["lapse"] is None and rows["f-lain"]["never_aided"] is False


def test_aid_each_quarter_covers_the_quarter():
    pkh = programme("PKH", "keluarga_di_dtks", per="quarter", rupiah=750_000)
    world = SmallRegister().person("ani", in_p3ke=True).row("ani", "p3ke", {"desil_nasional": 1})
    for month in ("2022-07", "2022-10"):
        world.row("ani", "penerima", programme="PKH", period=month)
    synergy = world.match(pkh)
    row = rows_of(synergy.family_aid)[0]
    assert (row["lapse"], row["programmes"], row["months_aided"]) == (None, "PKH", 5)
    assert {r["amount"] for r in rows_of(synergy.assistance)} == {750_000}
    assert "DAFTAR-PENERIMA-LAMA" not in {code for code, _ in codes(synergy)}


def test_a_quarter_s_amount_on_monthly_lists_is_a_third():
    pkh = programme("PKH", "keluarga_di_dtks", per="quarter", rupiah=750_000)
    world = SmallRegister().person("ani")
    for month in MONTHS:
        world.row("ani", "penerima", programme="PKH", period=month)
    assert {row["amount"] for row in rows_of(world.match(pkh).assistance)} == {250_000}


def test_a_house_built_in_spring_still_counts_in_autumn_but_an_old_monthly_list_does_not():
    house = programme("RUMAH", "keluarga_di_dtks", per="once", rupiah=20_000_000, main=False)
    world = SmallRegister().person("ani").person("budi")
    world.row("ani", "penerima", programme="RUMAH", period="2022-03")
    world.row("budi", "penerima", programme="SEMBAKO", period="2022-03")
    synergy = world.match(house, SEMBAKO)
    rows = by(rows_of(synergy.family_aid), "family_id")
    assert rows["f-ani"]["programmes"] == "RUMAH" and rows["f-budi"]["programmes"] == ""
    assert ("DAFTAR-PENERIMA-LAMA", "SEMBAKO") in codes(synergy)


def test_dtks_may_say_what_no_list_of_recipients_shows():
    sembako = programme("SEMBAKO", "keluarga_di_dtks", siks="bpnt")
    world = SmallRegister().person("ani").person("budi")
    world.row("ani", "dtks", {"bpnt": True}).row("budi", "dtks", {"bpnt": True})
    world.row("ani", "penerima", programme="SEMBAKO")
    found = codes(world.match(sembako))
    assert ("DTKS-TANPA-PENYALURAN", "f-budi") in found
    assert ("DTKS-TANPA-PENYALURAN", "f-ani") not in found


def test_what_dtks_says_of_a_family_is_told_of_one_of_its_rows():
    bpnt = programme("SEMBAKO", "keluarga_di_dtks", siks="bpnt")
    world = SmallRegister().person("budi", "k").person("ani", "k", is_head=False).person("lain")
    world.row("budi", "dtks", {"bpnt": True}, row_key="r-1").row("ani", "dtks", {"bpnt": True}, row_key="r-2")
    world.row("lain", "penerima", programme="SEMBAKO")
    told = [row for row in rows_of(world.match(bpnt).findings) if row["code"] == "DTKS-TANPA-PENYALURAN"]
    assert [(row["row_key"], row["person_id"]) for row in told] == [("r-1", "budi")]


def test_more_recipients_than_places_and_a_list_of_an_unknown_programme():
    few = programme("SEMBAKO", "keluarga_di_dtks", places=(Places("2022-01", 1, "made up"),))
    world = SmallRegister().person("ani").person("budi")
    world.row("ani", "penerima", programme="SEMBAKO").row("budi", "penerima", programme="SEMBAKO")
    world.row("budi", "penerima", row_key="x", programme="ENTAH")
    synergy = world.match(few)
    assert {("KUOTA-LEBIH", "SEMBAKO"), ("PROGRAM-TAK-DIKENAL", "ENTAH")} <= codes(synergy)
    unknown = by(rows_of(synergy.assistance), "row_key")["x"]
    assert (unknown["eligible"], unknown["amount"], unknown["standing"]) == (None, None, "tak-terjawab")


def test_a_rule_may_ask_what_the_family_receives():
    extra = programme("EXTRA", "menerima_sembako is true", codes=("SEMBAKO", "EXTRA"), main=False)
    world = SmallRegister().person("ani").person("budi")
    world.row("ani", "penerima", programme="SEMBAKO").row("ani", "penerima", programme="EXTRA")
    city = by(rows_of(world.match(SEMBAKO, extra).coverage), "programme", "kelurahan_code")[("EXTRA", "*")]
    assert (city["eligible"], city["eligible_served"]) == (1, 1)


def test_history_grows_and_a_rebuilt_edition_replaces_its_own_lines():
    world = SmallRegister().person("ani").row("ani", "penerima", programme="SEMBAKO")
    before = HISTORY.rows(
        [
            {"family_id": "f-ani", "period": "2022-10", "class_": "kerak", "aided": False},
            {"family_id": "f-ani", "period": "2022-11", "class_": "kerak", "aided": False},
        ]
    )
    rows = by(rows_of(world.match(SEMBAKO, history=before).history), "period")
    assert rows["2022-10"]["aided"] is False
    assert rows["2022-11"]["aided"] is True and len(rows) == 2


def test_row_order_does_not_matter():
    world = SmallRegister().person("ani").person("budi")
    for key in ("r3", "r1", "r2"):
        world.row("ani", "penerima", row_key=key, programme="SEMBAKO", double=True)
    doubles = {row["row_key"]: row["double"] for row in rows_of(world.match(SEMBAKO).assistance)}
    assert doubles == {"r1": False, "r2": True, "r3": True}
