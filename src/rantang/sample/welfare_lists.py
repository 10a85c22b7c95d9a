"""The big lists as they look in life: SIAK, SIKS-NG, P3KE and DTSEN exports."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import polars as pl

from rantang.sample.places import kelurahan, write_address
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import Rosters
from rantang.sample.told import answers, in_p3ke_words
from rantang.sample.welfare import SCHOOLING, WORK
from rantang.sample.world import PERIOD, World
from rantang.sample.write import LegalBasis, ListFile, Sheet

KINSHIP: Final = {
    1: "KEPALA KELUARGA",
    2: "ISTRI",
    3: "ANAK",
    4: "MENANTU",
    5: "CUCU",
    6: "ORANG TUA",
    8: "FAMILI LAIN",
}
MARITAL: Final = ("BELUM KAWIN", "KAWIN", "CERAI HIDUP", "CERAI MATI")


def _words(column: str, values: tuple[str, ...]) -> pl.Expr:
    return pl.col(column).replace_strict(dict(enumerate(values)), return_dtype=pl.String)


def penduduk(dice: Dice, world: World, rosters: Rosters) -> Iterator[ListFile]:
    """Dispendukcapil's whole list, a SIAK export: the dead and the moved stay on it, flagged."""
    rows = world.persons.filter(pl.Series(~rosters.absent)).join(
        world.families, on="family", how="left", maintain_order="left"
    )
    areas = kelurahan()
    style = dice("siak").integers(0, 3, world.families.height)
    kel = rows["kelurahan"].to_numpy()
    spouse = pl.when("woman").then(pl.lit("ISTRI")).otherwise(pl.lit("SUAMI"))
    frame = rows.with_columns(
        ALAMAT=write_address(rows, style[rows["family"].to_numpy()]),
        NAMA_KEC=areas["kecamatan"].str.to_uppercase()[kel],
        NAMA_KEL=areas["name"].str.to_uppercase()[kel],
    ).select(
        "kelurahan",
        "person",
        "family",
        NIK="nik",
        NO_KK="kk",
        NAMA_LGKP="name",
        TMPT_LHR="birth_place",
        TGL_LHR="birth",
        JENIS_KLMIN=pl.when("woman").then(pl.lit("PEREMPUAN")).otherwise(pl.lit("LAKI-LAKI")),
        STAT_HBKEL=pl.when(pl.col("relation") == 2)
        .then(spouse)
        .otherwise(pl.col("relation").replace_strict(KINSHIP, return_dtype=pl.String)),
        STAT_KWN=_words("married", MARITAL),
        PDDK_AKH=_words("schooling", SCHOOLING),
        JENIS_PKRJN=_words("work", WORK),
        NAMA_LGKP_IBU="mother",
        ALAMAT="ALAMAT",
        NO_RT=pl.col("rt").cast(pl.String).str.zfill(3),
        NO_RW=pl.col("rw").cast(pl.String).str.zfill(3),
        NAMA_KEC="NAMA_KEC",
        NAMA_KEL="NAMA_KEL",
        STATUS_PDDK=pl.when("dead").then(pl.lit("MENINGGAL")).when("moved").then(pl.lit("PINDAH")).otherwise(pl.lit("AKTIF")),
        TGL_STATUS="status_date",
    ).sort("kelurahan", "family", maintain_order=True)  # fmt: skip
    yield ListFile(
        f"lists/dispendukcapil/penduduk/{PERIOD}.csv",
        [Sheet("", frame.drop("kelurahan", "person", "family"), frame.select("person", "family"))],
        delimiter=";",
        basis=LegalBasis("hak akses data kependudukan", ["NIK", "KK", "biodata", "alamat", "status"]),
    )


def padan(world: World, rosters: Rosters, written: list[pl.DataFrame]) -> Iterator[ListFile]:
    """What Dispendukcapil gives back when it gives no list: each NIK it was sent, a status and a date."""
    owners = world.persons.with_columns(absent=pl.Series(rosters.absent)).select(
        "nik", "dead", "moved", "absent", "status_date", owner="person"
    )
    sent = pl.concat([rows.select("nik", "person", "family") for rows in written])
    sent = sent.filter(pl.col("nik").str.contains(r"^\d{16}$")).unique(
        "nik", keep="first", maintain_order=True
    )
    rows = sent.join(owners, on="nik", how="left", maintain_order="left")
    matched = (pl.col("owner") == pl.col("person")) & ~pl.col("absent")
    frame = rows.select(
        NIK="nik",
        STATUS_PADAN=pl.when(~matched.fill_null(value=False)).then(pl.lit("TIDAK PADAN"))
        .when("dead").then(pl.lit("MENINGGAL")).when("moved").then(pl.lit("PINDAH")).otherwise(pl.lit("PADAN")),
        TANGGAL=pl.when(matched).then("status_date").fill_null(pl.date(2022, 11, 14)),
    )  # fmt: skip
    yield ListFile(
        f"lists/dispendukcapil/padan/{PERIOD}.csv", [Sheet("", frame, rows.select("person", "family"))]
    )


SIKSNG: Final = [
    "provinsi",
    "kabupaten",
    "kecamatan",
    "desa_kelurahan",
    "id_kec",
    "id_desa",
    "prop_capil",
    "kab_capil",
    "idsemesta",
    "verifyid",
    "NIK",
    "NOKK",
    "Nama",
    "Alamat",
    "FIRST_SK",
    "PKH",
    "periode_pkh",
    "BPNT",
    "periode_bpnt",
    "BST",
    "periode_bst",
    "PBI",
    "periode_pbi",
    "BLT",
    "periode_blt",
    "BLT_BBM",
    "periode_blt_bbm",
    "BNPT_PPKM",
    "periode_bpnt_ppkm",
    "RUTILAHU",
    "periode_rutilahu",
    "SEMBAKO_ADAPTIF",
    "periode_sembako_adaptif",
    "PERMAKANAN",
    "periode_permakanan",
    "PENA",
    "periode_pena",
    "YAPI",
    "periode_yapi",
    "ATENSI",
    "keterangan_disabilitas",
    "keterangan_meninggal",
    "masih_hidup_label",
    "deleted_label",
    "is_nonaktif",
    "padankan_at",
    "isAktifHamil",
    "aktorLabel",
    "pendampingShow",
    "is_btn_dapodik",
]


def dtks(dice: Dice, world: World, written: pl.DataFrame, flags: pl.DataFrame) -> Iterator[ListFile]:
    """Dinsos's SIKS-NG export: 50 columns, one file per kecamatan.

    Parameters
    ----------
    written
        What `write_down` made of the roster, in its order.
    flags
        One row per row of `written`: the programme columns of SIKS-NG, `YA` or null.
    """
    rng = dice("siks-ng")
    count = written.height
    rows = written.join(
        world.persons.select("person", "dead", "moved", "disabled", "woman", "age"),
        on="person", how="left", maintain_order="left",
    ).with_columns(flags)  # fmt: skip
    known = pl.Series(rng.random(count) < 0.25)
    sk = np.array(
        ["2015-10", "2017-05", "2018-01", "2019-01", "2020-01", "2020-10", "2021-03", "2021-11", "2022-05"]
    )
    pregnant = pl.col("woman") & pl.col("age").is_between(19, 40) & pl.Series(rng.random(count) < 0.03)
    matched = pl.Series(rng.random(count) < 0.8)
    capil = pl.Series(np.where(rng.random(count) < 0.8, "KAB. MALANG", "KOTA SURABAYA"), dtype=pl.String)
    text = {
        "provinsi": pl.lit("JAWA TIMUR"),
        "kabupaten": pl.lit("KOTA MALANG"),
        "kecamatan": pl.col("kecamatan"),
        "desa_kelurahan": pl.col("kelurahan"),
        "id_kec": pl.col("kelurahan_code").str.slice(0, 6),
        "id_desa": pl.col("kelurahan_code"),
        "prop_capil": pl.when("moved").then(pl.lit("JAWA TIMUR")).when(matched).then(pl.lit("JAWA TIMUR")),
        "kab_capil": pl.when(pl.col("moved") & matched).then(capil).when(matched).then(pl.lit("KOTA MALANG")),
        "idsemesta": pl.Series(rng.permutation(count) + 61_000_000).cast(pl.String),
        "verifyid": pl.Series(rng.permutation(count) + 7_000_000).cast(pl.String),
        "NIK": pl.col("nik"),
        "NOKK": pl.col("kk"),
        "Nama": pl.col("name"),
        "Alamat": pl.col("address"),
        "FIRST_SK": pl.Series(sk[rng.integers(0, len(sk), count)]).cast(pl.String),
        "keterangan_disabilitas": pl.when("disabled").then(pl.lit('{"jenis":"fisik"}')),
        "keterangan_meninggal": pl.when(pl.col("dead") & known).then(pl.lit("MENINGGAL DUNIA")),
        "masih_hidup_label": pl.when(pl.col("dead") & known)
        .then(pl.lit("Meninggal"))
        .otherwise(pl.lit("Masih Hidup")),
        "is_nonaktif": pl.when(pl.Series(rng.random(count) < 0.004)).then(pl.lit("1")).otherwise(pl.lit("0")),
        "padankan_at": pl.when(matched).then(pl.lit("2022-10-03 02:11:45")),
        "isAktifHamil": pl.when(pregnant).then(pl.lit("1")).otherwise(pl.lit("0")),
        "aktorLabel": pl.lit("KELURAHAN"),
    }
    empty = pl.lit(None, dtype=pl.String)
    made = rows.select(
        **{name: text.get(name, pl.col(name) if name in flags.columns else empty) for name in SIKSNG}
    )
    for name in sorted(set(kelurahan()["kecamatan"])):
        here = pl.Series((written["kecamatan"] == name.upper()).to_numpy())
        yield ListFile(
            f"lists/dinsos/dtks/{PERIOD}-{name.lower()}.xlsx",
            [Sheet("Export", made.filter(here), rows.filter(here).select("person", "family"))],
            basis=LegalBasis("pemutakhiran DTKS", ["NIK", "KK", "nama", "alamat", "bantuan"]),
        )


P3KE_GROUP: Final = (
    "< 7 Tahun",
    "7-12 Tahun",
    "13-15 Tahun",
    "16-18 Tahun",
    "19-21 Tahun",
    "22-59 Tahun",
    "60+ Tahun",
)
_P3KE_FROM: Final = (0, 7, 13, 16, 19, 22, 60, 200)
_P3KE_KIN: Final = {
    1: "Kepala Keluarga",
    2: "Istri",
    3: "Anak",
    4: "Lainnya",
    5: "Lainnya",
    6: "Lainnya",
    8: "Lainnya",
}


def p3ke(
    dice: Dice, rates: Rates, world: World, rosters: Rosters, written: pl.DataFrame, aid: pl.DataFrame
) -> Iterator[ListFile]:
    """Bappeda's P3KE list of persons, deciles 1-4, with the ministry's title lines; no KK column.

    Parameters
    ----------
    aid
        One row per row of `written`: `PKH`, `BPNT`, `BST` as booleans.
    """
    decile = pl.Series(rosters.decile[written["family"].to_numpy()])
    ask = world.persons.select("person", "age", "married", "schooling", "work", "origin", true="family")
    rows = written.join(ask, on="person", how="left", maintain_order="left")
    card = rows.select(card=pl.when(pl.col("origin") >= 0).then("origin").otherwise("true"))["card"]
    homes = in_p3ke_words(answers(dice, rates, world, "p3ke"))
    rows = rows.with_columns(card=card).join(
        homes, left_on="card", right_on="family", how="left", maintain_order="left"
    )
    card_ids = dice("p3ke cards").permutation(world.families.height) + 35_730_000_000
    person_ids = dice("p3ke persons").permutation(world.persons.height) + 357_300_000_000
    padan = pl.Series(dice("padan").random(rows.height) < 0.93)

    def yes(value: pl.Expr | pl.Series) -> pl.Expr:
        return pl.when(value).then(pl.lit("Ya")).otherwise(pl.lit("Tidak"))

    frame = rows.select(
        **{
            "ID Keluarga P3KE": pl.Series(card_ids[card.to_numpy()]).cast(pl.String),
            "Provinsi": pl.lit("JAWA TIMUR"),
            "Kabupaten/Kota": pl.lit("KOTA MALANG"),
            "Kecamatan": pl.col("kecamatan"),
            "Desa/Kelurahan": pl.col("kelurahan"),
            "Kode Kemdagri": pl.col("kelurahan_code"),
            "Desil Kesejahteraan": pl.max_horizontal(decile, pl.lit(1)).cast(pl.String),
            "Alamat": pl.col("address"),
            "ID Individu": pl.Series(person_ids[rows["person"].to_numpy()]).cast(pl.String),
            "Nama": pl.col("name"),
            "NIK": pl.col("nik"),
            "Padan Dukcapil": yes(padan & (rows["nik"].str.len_chars() == 16)),
            "Jenis Kelamin": pl.when(pl.col("sex") == "P").then(pl.lit("Perempuan"))
            .otherwise(pl.lit("Laki-laki")),
            "Hubungan dengan Kepala Keluarga": pl.col("relation")
            .replace_strict(_P3KE_KIN, return_dtype=pl.String),
            "Tanggal Lahir": pl.col("birth_date"),
            "Status Kawin": pl.when(pl.col("married") == 1).then(pl.lit("Kawin"))
            .when(pl.col("married") == 0).then(pl.lit("Belum Kawin")).otherwise(pl.lit("Cerai")),
            "Pekerjaan": _words("work", WORK).str.to_titlecase(),
            "Pendidikan": _words("schooling", SCHOOLING).str.to_titlecase(),
            **{name: pl.col(name) for name in homes.columns[1:]},
            **{
                f"Usia {name}": yes((pl.col("age") >= low) & (pl.col("age") < high))
                for name, low, high in zip(P3KE_GROUP, _P3KE_FROM[:-1], _P3KE_FROM[1:], strict=True)
            },
            "Penerima BPNT": yes(aid["BPNT"]),
            "Penerima BPUM": yes(pl.lit(value=False)),
            "Penerima BST": yes(aid["BST"]),
            "Penerima PKH": yes(aid["PKH"]),
            "Penerima SEMBAKO": yes(aid["BPNT"]),
            "Resiko Stunting": yes((pl.col("age") < 5) & aid["BST"]),
        }
    )  # fmt: skip
    titles = ["DATA P3KE INDIVIDU KOTA MALANG", "DESIL 1-4, PEMUTAKHIRAN AGUSTUS 2022", ""]
    for part, names in (("desil1", ["1"]), ("desil2-4", ["2", "3", "4"])):
        here = frame["Desil Kesejahteraan"].is_in(names)
        data = frame.filter(here).with_row_index("No", offset=1)
        yield ListFile(
            f"lists/bappeda/p3ke/2022-08-{part}.{'xlsx' if part == 'desil1' else 'csv'}",
            [Sheet("Individu", data, rows.filter(here).select("person", "family"), titles=titles)],
        )


def dtsen(
    dice: Dice, rates: Rates, world: World, rosters: Rosters, written: pl.DataFrame
) -> Iterator[ListFile]:
    """The single national register in place of DTKS, as applications export it (BPS area codes)."""
    heads = (
        world.persons.filter(pl.col("relation") == 1)
        .select("family", head="name")
        .unique("family", keep="first")
    )
    ages = world.persons.select("person", "age", "disabled", "schooling", "work")
    homes = world.families.select("family", "size")
    for more in (answers(dice, rates, world, "dtsen"), heads):
        homes = homes.join(more, on="family", how="left", maintain_order="left")
    rows = written.join(ages, on="person", how="left", maintain_order="left")
    rows = rows.join(homes, on="family", how="left", maintain_order="left")
    bps = dict(zip(kelurahan()["code10"], kelurahan()["bps"], strict=True))
    national = pl.Series(rosters.desil_nasional[rows["family"].to_numpy()])
    frame = rows.select(
        nomor_kartu_keluarga="kk",
        nomor_induk_kependudukan="nik",
        nama="name",
        tanggal_lahir="birth_date",
        jenis_kelamin=pl.when(pl.col("sex") == "P").then(pl.lit("2")).otherwise(pl.lit("1")),
        usia="age",
        status_hubungan_keluarga="relation",
        nama_kecamatan="kecamatan",
        nama_desa_kelurahan="kelurahan",
        kode_kelurahan_desa=pl.col("kelurahan_code").replace_strict(bps, return_dtype=pl.String),
        alamat="address",
        desil_nasional=national,
        jumlah_anggota_keluarga="size",
        status_kepemilikan_rumah="tenure",
        luas_lantai="area",
        jenis_lantai_terluas="floor",
        jenis_dinding_terluas="wall",
        jenis_atap_terluas="roof",
        sumber_air_minum_utama="water",
        sumber_penerangan_utama="lighting",
        daya_terpasang="power",
        bahan_bakar_utama_memasak="fuel",
        fasilitas_bab="toilet",
        jenis_kloset="closet",
        pembuangan_akhir_tinja="sewage",
        nama_kepala_keluarga="head",
        pendidikan=_words("schooling", SCHOOLING),
        pekerjaan=_words("work", WORK),
        penyandang_disabilitas=pl.col("disabled").cast(pl.Int64),
        tabung_gas="gas",
        lemari_es="fridge",
        AC="ac",
        pemanas_air="heater",
        telepon_rumah="landline",
        tv_datar="tv",
        emas_perhiasan="gold",
        komputer_laptop_tablet="computers",
        sepeda_motor="motorbikes",
        sepeda="bicycles",
        mobil="cars",
        smartphone="smartphones",
        lahan_lainnya="other_land",
        rumah_lainnya="other_house",
    )
    yield ListFile(
        f"lists/dinsos/dtsen/{PERIOD}.csv",
        [Sheet("", frame, rows.select("person", "family"))],
        delimiter="|",
    )
