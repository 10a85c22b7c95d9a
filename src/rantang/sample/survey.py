"""Bappeda's survey: 90 blocks of 10 households drawn from the truth, with design and weights."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from rantang.sample.aid import Aid
from rantang.sample.places import kelurahan
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import Rosters
from rantang.sample.told import answers, heads, memberships
from rantang.sample.world import PERIOD, World
from rantang.sample.write import ListFile, Sheet

BLOCKS: Final = 90  # issue A: 90 blocks x 10 households
HOUSEHOLDS: Final = 10


def survey(
    dice: Dice, rates: Rates, world: World, rosters: Rosters, aid: Aid, *, dtsen: bool = False
) -> ListFile:
    """Draw blocks with chance in proportion to their size (systematic), then households at random.

    A stratum is a kecamatan, a block an RT of a kelurahan (neighbouring small ones together). The
    families of the truth stand for households. The weight is the inverse of the two chances. Bappeda looks
    the households up on P3KE, which it keeps, and on DTSEN where the city has it (`dtsen`).
    """
    rng = dice("survey")
    homes = world.families.filter(pl.col("size") > 0).with_columns(
        stratum=kelurahan()["kecamatan"][world.families.filter(pl.col("size") > 0)["kelurahan"].to_numpy()],
        code=kelurahan()["code"][world.families.filter(pl.col("size") > 0)["kelurahan"].to_numpy()],
    )
    homes = homes.sort("stratum", "kelurahan", "rw", "rt", "family")
    homes = _blocks(homes)
    frames = [
        _draw(rng, part, max(round(BLOCKS * part.height / homes.height), 1))
        for _, part in homes.group_by("stratum", maintain_order=True)
    ]
    drawn = pl.concat(frames).sort("stratum", "block", "family")
    noise = np.exp(rng.normal(0, 0.03, drawn.height))  # what people remember of what they spent
    poor = (drawn["consumption"] < rates["line"]).to_numpy()
    told = drawn["consumption"].to_numpy() * noise
    told = np.where(poor, np.minimum(told, rates["line"] - 1), np.maximum(told, rates["line"]))
    design = drawn.select(
        "family",
        strata="stratum",
        psu=pl.col("block").rank("dense").cast(pl.Int64),
        ruta=pl.int_range(1, pl.len() + 1).over("block"),
        kelurahan=pl.col("code"),
        bobot=pl.col("weight").round(4),
        jumlah_art="size",
        pengeluaran_per_kapita=pl.Series(np.round(told).astype(np.int64)),
        garis_kemiskinan=pl.lit(int(rates["line"])),
    )
    frame = _with_facts(
        design,
        answers(dice, rates, world, "survei"),
        heads(dice, rates, world, "survei"),
        memberships(dice, rates, world, rosters, aid),
    )
    if not dtsen:
        frame = frame.drop("terdaftar_dtsen")
    keys = drawn.select(person=pl.lit(None, dtype=pl.Int64), family=pl.col("family"))
    return ListFile(f"lists/bappeda/survei/{PERIOD}.csv", [Sheet("", frame, keys)])


def _with_facts(design: pl.DataFrame, *told: pl.DataFrame) -> pl.DataFrame:
    """Return the design with what is said of house, people and lists: Regsosek codes, heads in words."""
    facts = design
    for part in told:
        facts = facts.join(part, on="family", how="left", maintain_order="left")
    return facts.select(
        *design.columns[1:],
        jenis_lantai="floor",
        jenis_dinding="wall",
        jenis_atap="roof",
        sumber_air="water",
        sumber_penerangan="lighting",
        daya_listrik="power",
        bahan_bakar="fuel",
        fasilitas_bab="toilet",
        jenis_kloset="closet",
        pembuangan_tinja="sewage",
        status_rumah="tenure",
        luas_lantai="area",
        tabung_gas="gas",
        lemari_es="fridge",
        ac="ac",
        pemanas_air="heater",
        telepon_rumah="landline",
        tv_datar="tv",
        emas_gram="gold",
        komputer="computers",
        sepeda_motor="motorbikes",
        sepeda="bicycles",
        mobil="cars",
        smartphone="smartphones",
        lahan_lainnya="other_land",
        rumah_lainnya="other_house",
        memiliki_simpanan=_yes("savings"),
        umur_krt="head_age",
        jenis_kelamin_krt=pl.when("head_woman").then(pl.lit(2)).otherwise(pl.lit(1)),
        ijazah_krt="head_school",
        pekerjaan_krt="head_work",
        art_0_14="children",
        art_60_ke_atas="elderly",
        art_disabilitas="disabled",
        terima_pkh=_yes("pkh"),
        terima_sembako=_yes("sembako"),
        terdaftar_p3ke=_yes("p3ke"),
        terdaftar_dtsen=_yes("dtsen"),
    )


def _yes(name: str) -> pl.Expr:
    return pl.when(name).then(pl.lit("Ya")).when(~pl.col(name)).then(pl.lit("Tidak"))


def _blocks(homes: pl.DataFrame) -> pl.DataFrame:
    """Cut each stratum into blocks of some 20 to 60 neighbouring families."""
    size = min(max(homes.height // (BLOCKS * 8), HOUSEHOLDS), 45)
    order = pl.int_range(0, pl.len()).over("stratum") // size
    return homes.with_columns(block=pl.col("stratum") + "-" + order.cast(pl.String).str.zfill(5))


def _draw(rng: np.random.Generator, homes: pl.DataFrame, blocks: int) -> pl.DataFrame:
    sizes = homes.group_by("block", maintain_order=True).len()
    total = homes.height
    blocks = min(blocks, sizes.height)
    step = total / blocks
    points = (rng.random() + np.arange(blocks)) * step
    chosen = np.unique(np.searchsorted(np.cumsum(sizes["len"].to_numpy()), points, side="right"))
    parts = []
    for at in chosen:
        members = homes.filter(pl.col("block") == sizes["block"][int(at)])
        taken = np.sort(rng.permutation(members.height)[:HOUSEHOLDS])
        weight = total / (len(chosen) * members.height) * members.height / len(taken)
        parts.append(members[taken].with_columns(weight=pl.lit(weight)))
    return pl.concat(parts)
