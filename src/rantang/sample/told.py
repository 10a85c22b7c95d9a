"""What families answer when a list asks about house, belongings and head: with gaps and wrong codes.

The true signs are in `sample.welfare`; here they are asked once per list, each list with dice of its
own, so that a new question changes no name, number or list made before.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.aid import Aid
from rantang.sample.naming import Ints
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import Rosters
from rantang.sample.welfare import SCHOOLING, WORK
from rantang.sample.world import World

HOUSE: Final = (
    "tenure", "floor", "wall", "roof", "water", "lighting", "power", "fuel", "toilet", "closet", "sewage",
    "area",
)  # fmt: skip
ASSETS: Final = (
    "gas", "fridge", "ac", "heater", "landline", "tv", "gold", "computers", "motorbikes", "bicycles", "cars",
    "smartphones", "other_land", "other_house", "savings",
)  # fmt: skip

# Answers of PK21 (BKKBN's family survey, from which P3KE was made), by Regsosek code; from memory.
P3KE_WORDS: Final[dict[str, dict[int, str]]] = {
    "tenure": {
        1: "Milik Sendiri", 2: "Kontrak/Sewa", 3: "Bebas Sewa", 4: "Dinas", 5: "Lainnya", 6: "Menumpang",
    },
    "floor": {
        1: "Marmer/Granit", 2: "Keramik", 3: "Parket/Vinil/Karpet", 4: "Ubin/Tegel/Teraso", 5: "Kayu/Papan",
        6: "Semen/Bata Merah", 7: "Bambu", 8: "Tanah",
    },
    "wall": {1: "Tembok", 2: "Plesteran Anyaman Bambu/Kawat", 3: "Kayu/Papan", 4: "Bambu"},
    "roof": {1: "Beton", 2: "Genteng", 3: "Seng", 4: "Asbes"},
    "water": {
        1: "Air Kemasan", 2: "Air Isi Ulang", 3: "Ledeng/PAM", 4: "Sumur Bor", 5: "Sumur Terlindung",
        6: "Sumur Tidak Terlindung",
    },
    "fuel": {2: "Listrik/Gas", 4: "Listrik/Gas", 10: "Arang/Kayu"},
    "toilet": {
        1: "Ya, Jamban Sendiri", 2: "Jamban Bersama", 3: "Jamban Umum/Komunal", 4: "Jamban Umum/Komunal",
        6: "Tidak Ada",
    },
}  # fmt: skip


def answers(dice: Dice, rates: Rates, world: World, kind: str) -> pl.DataFrame:
    """Return what each family (row number) answers to the list `kind`: the columns of HOUSE and ASSETS.

    An answer is missing at the rate `fact_missing`; a wrong code (`fact_miscoded`) is another
    family's answer, so that it is a possible one.
    """
    rng = dice("told", kind)
    asked = world.families.select("family", *HOUSE, *ASSETS)
    told = [_told(rng, rates, asked[name]) for name in asked.columns[1:]]
    return asked.select("family").with_columns(told)


def _told(rng: np.random.Generator, rates: Rates, true: pl.Series) -> pl.Series:
    count = len(true)
    wrong = rng.random(count) < rates["fact_miscoded"]
    missing = rng.random(count) < rates["fact_missing"]
    other = true.gather(rng.integers(0, count, count))
    said = pl.select(pl.when(pl.Series(wrong)).then(other).otherwise(true)).to_series()
    return pl.select(pl.when(~pl.Series(missing)).then(said)).to_series().alias(true.name)


def heads(dice: Dice, rates: Rates, world: World, kind: str) -> pl.DataFrame:
    """Return per family what a survey asks about its people.

    `head_age`, `head_woman`, `head_school` and `head_work` (words), `children` (under 15), `elderly`
    (60 and over) and `disabled`, all of living residents.
    """
    rng = dice("told", kind, "heads")
    here = world.persons.filter(~pl.col("dead") & ~pl.col("moved"))
    eldest = here.sort("family", "relation", "person").unique("family", keep="first", maintain_order=True)
    people = here.group_by("family", maintain_order=True).agg(
        children=(pl.col("age") < 15).sum(),
        elderly=(pl.col("age") >= 60).sum(),
        disabled=pl.col("disabled").sum(),
    )
    told = eldest.select(
        "family",
        head_age="age",
        head_woman="woman",
        head_school=_told(rng, rates, eldest["schooling"]).replace_strict(
            dict(enumerate(SCHOOLING)), return_dtype=pl.String
        ),
        head_work=_told(rng, rates, eldest["work"]).replace_strict(
            dict(enumerate(WORK)), return_dtype=pl.String
        ),
    )
    return told.join(people, on="family", how="left", maintain_order="left")


def memberships(dice: Dice, rates: Rates, world: World, rosters: Rosters, aid: Aid) -> pl.DataFrame:
    """Return per family what a survey says of the lists it stands on.

    `pkh` and `sembako` are the household's own word, `p3ke` and `dtsen` what Bappeda found on the list.
    """
    rng = dice("told", "survei", "memberships")
    family = world.persons["family"].to_numpy()
    on = {
        "pkh": _families_of(family, aid.who["PKH"], world.families.height),
        "sembako": _families_of(family, aid.who["SEMBAKO"], world.families.height),
        "p3ke": rosters.decile > 0,
        "dtsen": _families_of(family, rosters.dtsen, world.families.height),
    }
    said = {}
    for name, true in on.items():
        lost, invented = rng.random(len(true)), rng.random(len(true))
        asked = name in ("pkh", "sembako")
        kept = lost >= rates["aid_untold" if asked else "mark_missed"]
        said[name] = np.where(true, kept, asked & (invented < rates["aid_invented"]))
    return pl.DataFrame({"family": world.families["family"], **said})


def _families_of(family: Ints, persons: Ints, count: int) -> npt.NDArray[np.bool_]:
    marked = np.zeros(count, dtype=bool)
    marked[family[persons]] = True
    return marked


def in_p3ke_words(told: pl.DataFrame) -> pl.DataFrame:
    """Return the columns that the file P3KE keluarga adds, as it writes them."""
    words = {
        name: pl.col(name).replace_strict(answers, default="Lainnya", return_dtype=pl.String)
        for name, answers in P3KE_WORDS.items()
    }
    light = (
        pl.when(pl.col("lighting").is_null() | pl.col("power").is_null()).then(None)
        .when(pl.col("lighting") > 1).then(pl.lit("Listrik Bersama"))
        .when(pl.col("power") <= 900).then(pl.lit("Listrik Pribadi s/d 900 Watt"))
        .otherwise(pl.lit("Listrik Pribadi > 900 Watt"))
    )  # fmt: skip
    savings = pl.when("savings").then(pl.lit("Ya")).when(~pl.col("savings")).then(pl.lit("Tidak"))

    def kept(name: str) -> pl.Expr:
        return pl.when(pl.col(name).is_not_null()).then(words[name])

    return told.select(
        "family",
        **{
            "Kepemilikan Rumah": kept("tenure"),
            "Memiliki Simpanan": savings,
            "Jenis Atap": kept("roof"),
            "Jenis Dinding": kept("wall"),
            "Jenis Lantai": kept("floor"),
            "Sumber Penerangan": light,
            "Bahan Bakar Memasak": kept("fuel"),
            "Sumber Air Minum": kept("water"),
            "Memiliki Fasilitas Buang Air Besar": kept("toilet"),
        },
    )
