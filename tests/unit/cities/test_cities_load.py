"""Places as data: what comes with the package, another place, and errors that tell the way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from rantang import cities
from rantang.errors import RantangError

PLACES = Path(__file__).parents[2] / "places"


def files_in(place: str) -> dict[str, str]:
    root = PLACES / place
    return {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def malang() -> cities.City:
    return cities.load("malang")


@pytest.fixture(scope="module")
def kabupaten() -> cities.City:
    return cities.build(files_in("sumberasri"))


def test_malang_has_its_57_kelurahan_on_57_tiles(malang):
    assert len(malang.areas) == 57
    assert len({area.kecamatan for area in malang.areas}) == 5
    assert len({(area.column, area.row) for area in malang.areas}) == 57


def test_malang_has_the_eleven_agencies_and_diskominfo_gives_no_list(malang):
    own = [agency for agency in malang.agencies if not agency.partner]
    assert len(own) == 11
    assert [agency.code for agency in own if not agency.gives_lists] == ["diskominfo"]


def test_every_programme_names_its_source_and_a_known_agency(malang):
    agencies = {agency.code for agency in malang.agencies}
    assert len(malang.programmes) >= 30
    for programme in malang.programmes:
        assert programme.source and programme.status
        assert programme.agency in agencies
        for figure in (*programme.amounts, *programme.places, *programme.budgets):
            assert figure.source


def test_there_is_no_village_fund_where_there_are_no_villages(malang):
    assert malang.programme("BLTDD") is None
    assert all(area.code.split(".")[-1].startswith("1") for area in malang.areas)


@pytest.mark.parametrize(
    ("year", "published"), [(2022, 552_150_000_000), (2023, 453_720_000_000), (2024, 638_922_000_000)]
)
def test_budgets_add_up_to_the_published_totals(malang, year, published):
    assert malang.money_of(year) == published
    indicator = next(i for i in malang.indicators if i.indicator == "anggaran" and i.year == year)
    assert indicator.value == published


def test_budgets_of_2024_keep_the_published_split_by_strategy(malang):
    published = {"beban": 555_922_000_000, "pendapatan": 29_882_000_000, "kantong": 40_911_000_000}
    for strategy, total in published.items():
        own = [
            budget
            for p in malang.programmes
            if p.level == "kota" and p.strategy == strategy
            for budget in p.budgets
        ]
        other = [b for agency in malang.agencies for b in agency.other_budgets if b.for_ == strategy]
        assert sum(b.rupiah for b in (*own, *other) if b.year == 2024) == total


def test_a_split_that_nobody_published_is_flagged(malang):
    assert all(b.asumsi for agency in malang.agencies for b in agency.other_budgets)
    rantang = malang.programme("RANTANG")
    assert not rantang.budget_of(2022).asumsi and rantang.budget_of(2022).rupiah == 1_500_000_000
    assert rantang.budget_of(2023).asumsi


@pytest.mark.parametrize(
    ("period", "places"),
    [("2021-06", 114), ("2022-11", 130), ("2023-01", 171), ("2024-12", 136), ("2025-05", 136)],
)
def test_places_of_rantang_kasih_are_dated(malang, period, places):
    assert malang.programme("RANTANG").quota_in(period).count == places


def test_two_boxed_meals_a_day_come_to_the_published_price_a_year(malang):
    rantang = malang.programme("RANTANG")
    year = sum(rantang.rupiah_for(f"2022-{month:02d}") for month in range(1, 13))
    assert year == 14_600_000


@pytest.mark.parametrize(
    ("code", "months", "rupiah"), [("PKH", None, 750_000), ("PKH", 1, 250_000), ("SEMBAKO", None, 200_000)]
)
def test_rupiah_follows_what_a_list_stands_for(malang, code, months, rupiah):
    assert malang.programme(code).rupiah_for("2022-11", months) == rupiah


def test_two_sources_are_two_series(malang):
    rates = {(i.series, i.year): i.value for i in malang.indicators if i.indicator == "p0"}
    assert rates[("bps", 2022)] == 4.37 and rates[("misi", 2022)] == 6.62
    assert len([i for i in malang.indicators if i.indicator == "p0" and i.series == "bps"]) == 14


def test_pairs_are_named_once_and_a_ban_outweighs_a_complement(malang):
    pairs = {(pair.first, pair.second): pair.relation for pair in malang.pairs}
    assert len(pairs) == len(malang.pairs)
    assert all(first < second for first, second in pairs)
    assert pairs[("PERMAKANAN", "RANTANG")] == "terlarang"
    assert pairs[("BPNTD", "SEMBAKO")] == "terlarang"
    assert pairs[("PKH", "SEMBAKO")] == "pelengkap"
    assert pairs[("BSPS", "RST")] == "terlarang"


def test_the_floor_argument_for_the_mission_s_figures(malang):
    floor = cities.floor_of(malang)
    assert (floor.transient, floor.to_lift_points) == (2.0, 0.85)
    assert (floor.to_lift, floor.fall, floor.transient_people) == (7_500, 25_100, 17_600)
    assert not floor.reachable_without_transfers


def test_the_floor_argument_for_another_place(kabupaten):
    floor = cities.floor_of(kabupaten)
    assert floor.to_lift == 0 and floor.reachable_without_transfers
    assert floor.fall == 29_800


@pytest.mark.parametrize(("rate", "chronic"), [(3.0, 4.0), (4.0, 4.0)])
def test_no_transient_poor_where_all_are_chronic(rate, chronic):
    assert cities.floor(rate, 2.0, chronic, 100_000).transient == 0


def test_a_kabupaten_with_desa_and_23_kecamatan_is_read_alike(kabupaten):
    assert len({area.kecamatan_code for area in kabupaten.areas}) == 23
    assert kabupaten.terms["village"] == "desa" and kabupaten.terms["head"] == "bupati"
    assert kabupaten.programme("BLTDD").rule.columns == {"desil_nasional", "ada_penyakit_kronis"}
    assert kabupaten.areas[0].column is None
    assert kabupaten.classes["miskin"] == (2, 3)


def test_an_amount_holds_from_its_month_on(kabupaten):
    lansia = kabupaten.programme("LANSIA")
    assert lansia.rupiah_for("2024-06") == 250_000
    assert lansia.rupiah_for("2024-07") == 300_000
    assert lansia.amount_in("2022-12") is None


def test_the_empty_template_is_a_place_too():
    empty = cities.load("kosong")
    assert empty.areas == () and cities.floor_of(empty) is None
    assert cities.build(cities.files_of("kosong")) == empty


def test_a_workspace_says_only_what_differs(malang):
    other = cities.merge(
        malang,
        {
            "place": "malang",
            "period": "2022-11",
            "quoted": {"rate": 5.0},
            "programme": {"RANTANG": {"places": [{"from": "2022-01", "count": 140, "source": "SK 12/2022"}]}},
        },
    )
    assert other.quoted == {**malang.quoted, "rate": 5.0}
    assert other.quoted["chronic"] == 4.62
    assert other.programme("RANTANG").quota_in("2022-11").count == 140
    assert other.programme("PKH") == malang.programme("PKH")
    assert malang.programme("RANTANG").quota_in("2022-11").count == 130


@pytest.mark.parametrize(
    ("file", "old", "new", "code", "tells"),
    [
        ("city.toml", 'name = "Kabupaten Sumberasri"', "", "TEMPAT-ISI", "name"),
        ("city.toml", "kerak = [1]", "kerak = [1, 2]", "TEMPAT-ISI", "classes"),
        ("city.toml", "[classes]", "[kelas]", "TEMPAT-ISI", "classes"),
        ("city.toml", "rate = 11.4", 'rate = "11.4"', "TEMPAT-ISI", "quoted.rate"),
        ("city.toml", "[levels]", "[levels", "TEMPAT-SINTAKS", "city.toml"),
        ("areas.csv", "99.01.01.2002", "99.01.01.2001", "TEMPAT-ISI", "99.01.01.2001"),
        ("areas.csv", "99.01.01.2002", "9901012002", "TEMPAT-ISI", "NN.NN.NN.NNNN"),
        ("areas.csv", "kode_kemendagri", "kode", "TEMPAT-ISI", "kode_kemendagri"),
        ("agencies.toml", 'code = "dpmd"', 'code = "DPMD"', "TEMPAT-ISI", "dinsos"),
        ("programmes/pkh.toml", "ada_hamil", "ada_hamill", "TEMPAT-ATURAN", "ada_hamil"),
        ("programmes/pkh.toml", 'unit = "keluarga"', 'unit = "rumah"', "TEMPAT-ISI", "individu"),
        ("programmes/pkh.toml", 'agency = "dinsos"', 'agency = "dinas"', "TEMPAT-ISI", "dinsos"),
        ("programmes/pkh.toml", '["BLTDD"]', '["BLT"]', "TEMPAT-ISI", "BLTDD"),
        ("programmes/pkh.toml", 'per = "quarter"', 'per = "triwulan"', "TEMPAT-ISI", "quarter"),
        ("programmes/pkh.toml", 'from = "2019-01"', 'from = "2019"', "TEMPAT-ISI", "2022-01"),
        ("programmes/pkh.toml", 'source = "Permensos 1/2018"', "", "TEMPAT-ISI", "source"),
        ("programmes/pkh.toml", "main = true", "utama = true", "TEMPAT-ISI", "utama"),
        ("programmes/sembako.toml", 'code = "SEMBAKO"', 'code = "PKH"', "TEMPAT-ISI", "PKH"),
        ("targets.csv", "8.5,9.0", "9.5,9.0", "TEMPAT-ISI", "9.5"),
        ("indicators.csv", ",11.9,", ",sebelas,", "TEMPAT-ISI", "sebelas"),
    ],
)
def test_error_names_file_entry_and_what_to_write(file, old, new, code, tells):
    files = files_in("sumberasri")
    assert old in files[file]
    files[file] = files[file].replace(old, new, 1)
    with pytest.raises(RantangError) as raised:
        cities.build(files)
    assert raised.value.code == code
    assert file in str(raised.value)
    assert tells in str(raised.value)


def test_a_place_needs_its_city_toml_and_a_known_name():
    with pytest.raises(RantangError, match=r"TEMPAT-BERKAS.*city\.toml"):
        cities.build({})
    with pytest.raises(RantangError, match=r"TEMPAT-TAK-DIKENAL.*malang"):
        cities.load("atlantis")


def test_overriding_a_programme_that_is_not_there_is_an_error(kabupaten):
    with pytest.raises(RantangError, match="RANTANG"):
        cities.merge(kabupaten, {"programme": {"RANTANG": {"main": True}}})


def test_the_survey_behind_the_rate_is_data_with_its_source(malang, kabupaten):
    assert malang.survey is not None and malang.survey.asumsi
    assert (malang.survey.households, malang.survey.deff) == (900, 1.9)
    assert kabupaten.survey is None
    with pytest.raises(RantangError) as refused:
        cities.merge(malang, {"survey": {"households": 0, "deff": 1.9, "source": "x"}})
    assert "households = 900" in str(refused.value)


def test_targets_know_the_year_of_their_document(malang, kabupaten):
    assert {target.document: target.adopted for target in malang.targets} == {
        "RPJMD 2018-2023": 2018,
        "RPD 2024-2026": 2023,
        "RPJMD 2025-2029": 2025,
    }
    assert [target.adopted for target in kabupaten.targets] == [None]
