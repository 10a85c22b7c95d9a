"""What families really consume, who is poor and who stays poor, and what it shows in their home."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.naming import Ints
from rantang.sample.places import kelurahan
from rantang.sample.rates import Dice, Rates
from rantang.sample.world import World

Floats = npt.NDArray[np.float64]

SCHOOLING: Final = (
    "TIDAK/BELUM SEKOLAH",
    "BELUM TAMAT SD/SEDERAJAT",
    "TAMAT SD/SEDERAJAT",
    "SLTP/SEDERAJAT",
    "SLTA/SEDERAJAT",
    "AKADEMI/DIPLOMA III/S. MUDA",
    "DIPLOMA IV/STRATA I",
)
WORK: Final = (
    "BELUM/TIDAK BEKERJA",
    "PELAJAR/MAHASISWA",
    "MENGURUS RUMAH TANGGA",
    "BURUH HARIAN LEPAS",
    "KARYAWAN SWASTA",
    "WIRASWASTA",
    "PEDAGANG",
    "SOPIR",
    "BURUH TANI/PERKEBUNAN",
    "PEMBANTU RUMAH TANGGA",
    "PEGAWAI NEGERI SIPIL",
    "TENTARA NASIONAL INDONESIA",
    "KEPOLISIAN RI",
    "PENSIUNAN",
    "GURU",
    "KARYAWAN BUMN",
    "TUKANG BATU",
)


def add_welfare(dice: Dice, rates: Rates, world: World) -> World:
    """Add consumption, poverty and their signs to families, schooling and work to persons.

    New columns of families: size, consumption (rupiah a head a month), permanent (standardised),
    poor, kerak, and the signs of `_signs`. The line is met exactly: families are taken from the
    poorest up until `headcount` of living residents is reached, and among them those of the lowest
    permanent consumption until `chronic` is reached.
    """
    rng = dice("welfare")
    residents = world.persons.filter(~pl.col("dead") & ~pl.col("moved"))
    size = np.bincount(residents["family"].to_numpy(), minlength=world.families.height).astype(float)
    kids = np.bincount(
        residents["family"].to_numpy(), (residents["age"] < 15).to_numpy(), minlength=len(size)
    ).astype(float)
    permanent = _permanent(rng, rates, world, size, kids)
    share = rates["permanent_share"]
    score = np.sqrt(share) * permanent + np.sqrt(1 - share) * rng.normal(size=len(size))
    order = np.argsort(score, kind="stable")
    poor = _until(order, size, rates["headcount"] * size.sum())
    lasting = np.argsort(np.where(poor, permanent, np.inf), kind="stable")
    kerak = _until(lasting, size, rates["chronic"] * size.sum()) & poor
    edge = score[poor].max()
    consumption = rates["line"] * np.exp(rates["log_spread"] * (score - edge) - 1e-6)
    consumption = np.where(~poor, np.maximum(consumption, rates["line"]), consumption)
    families = world.families.with_columns(
        size=pl.Series(size.astype(np.int64)),
        consumption=pl.Series(np.round(consumption, 2)),
        permanent=pl.Series(permanent),
        poor=pl.Series(poor),
        kerak=pl.Series(kerak),
        **_signs(dice("signs"), permanent, size),
        **_belongings(dice("belongings"), permanent),
    )
    persons = world.persons.with_columns(**_schooling_and_work(dice("work"), world.persons, permanent))
    return World(persons, families)


def _until(order: Ints, size: Floats, wanted: float) -> npt.NDArray[np.bool_]:
    """Mark families in order until their members come nearest to `wanted` persons."""
    filled = np.cumsum(size[order])
    chosen = np.zeros(len(size), dtype=bool)
    chosen[order[: int(np.searchsorted(filled, wanted))]] = True
    return chosen


def _standard(values: Floats) -> Floats:
    return np.asarray((values - values.mean()) / values.std(), dtype=np.float64)


def _permanent(rng: np.random.Generator, rates: Rates, world: World, size: Floats, kids: Floats) -> Floats:
    """Lasting welfare: the kelurahan, the children to feed, the age of the head, and the rest."""
    kel = world.families["kelurahan"].to_numpy()
    place = np.random.default_rng(573).normal(size=kelurahan().height)  # poor and rich places stay so
    head_age = np.full(len(size), 45.0)
    heads = world.persons.filter(pl.col("relation") == 1)
    head_age[heads["family"].to_numpy()] = heads["age"].to_numpy()
    share = rates["kelurahan_share"]
    own = rng.normal(size=len(size)) - 0.25 * np.minimum(kids, 5) - 0.10 * np.maximum(size - 4, 0)
    own = own - 0.35 * (head_age > 66) - 0.1 * (head_age < 27)
    return _standard(np.sqrt(share) * place[kel] + np.sqrt(1 - share) * _standard(own))


def _signs(rng: np.random.Generator, permanent: Floats, size: Floats) -> dict[str, pl.Series]:
    """Housing in Regsosek codes (power in VA) and assets: noisy signs of permanent welfare."""

    def sign(weight: float) -> Floats:
        return np.asarray(weight * permanent + np.sqrt(1 - weight**2) * rng.normal(size=len(size)))

    def codes(weight: float, cuts: list[float], values: list[int]) -> pl.Series:
        return pl.Series(np.array(values)[np.searchsorted(cuts, sign(weight))])

    power = codes(0.6, [-0.75, 0.35, 1.1, 1.9], [450, 900, 1300, 2200, 3500])
    return {
        "floor": codes(0.55, [-2.2, -1.5, -0.7, 0.2, 1.9], [8, 6, 6, 4, 2, 1]),
        "wall": codes(0.5, [-2.3, -1.9, -1.5], [4, 3, 2, 1]),
        "roof": codes(0.35, [-1.8, -1.2, 1.4], [3, 4, 2, 1]),
        "water": codes(0.4, [-1.8, -0.6, 0.4], [6, 5, 3, 2]),
        "lighting": codes(0.4, [-2.3], [2, 1]),
        "power": power,
        "fuel": codes(0.4, [-2.0, 1.3], [10, 4, 2]),
        "toilet": codes(0.5, [-2.0, -1.5, -1.1], [6, 3, 2, 1]),
        "closet": codes(0.4, [-1.9], [4, 1]),
        "sewage": codes(0.4, [-1.5], [3, 1]),
        "tenure": codes(0.35, [-1.4, -0.8, -0.5], [6, 2, 3, 1]),
        "area": pl.Series(np.clip(np.round(np.exp(3.6 + 0.35 * sign(0.5)) + 4 * size), 9, 400).astype(int)),
        "motorbikes": pl.Series(np.clip(np.floor(1.2 + 0.8 * sign(0.5)), 0, 4).astype(int)),
        "cars": pl.Series((sign(0.6) > 1.25).astype(int)),
        "fridge": pl.Series((sign(0.55) > -0.5).astype(int)),
        "smartphones": pl.Series(np.clip(np.floor(1.6 + sign(0.4)), 0, 5).astype(int)),
    }


def _belongings(rng: np.random.Generator, permanent: Floats) -> dict[str, pl.Series]:
    """Further assets of DTSEN, with dice of their own; gold in grams, the others counted or yes/no."""

    def sign(weight: float) -> Floats:
        return np.asarray(weight * permanent + np.sqrt(1 - weight**2) * rng.normal(size=len(permanent)))

    def owned(weight: float, share: float) -> pl.Series:
        drawn = sign(weight)
        return pl.Series((drawn > np.quantile(drawn, 1 - share)).astype(np.int64))

    gold = np.where(owned(0.3, 0.3).to_numpy() > 0, np.round(rng.lognormal(1.6, 0.8, len(permanent))), 0)
    return {
        "gas": owned(0.35, 0.10),
        "ac": owned(0.45, 0.10),
        "heater": owned(0.35, 0.04),
        "landline": owned(0.2, 0.03),
        "tv": owned(0.35, 0.35),
        "gold": pl.Series(gold.astype(np.int64)),
        "computers": owned(0.35, 0.28),
        "bicycles": owned(0.0, 0.35),
        "other_land": owned(0.2, 0.07),
        "other_house": owned(0.3, 0.05),
        "savings": owned(0.35, 0.45).cast(pl.Boolean),
    }


def _schooling_and_work(
    rng: np.random.Generator, persons: pl.DataFrame, permanent: Floats
) -> dict[str, pl.Series]:
    age = persons["age"].to_numpy()
    woman = persons["woman"].to_numpy()
    welfare = permanent[persons["family"].to_numpy()]
    draw = 0.5 * welfare + np.sqrt(1 - 0.25) * rng.normal(size=len(age)) - np.clip(age - 45, 0, 40) * 0.028
    reached = np.searchsorted([-2.3, -1.75, -0.85, -0.25, 0.95, 1.25], draw)
    school = np.where(
        age < 7, 0, np.where(age < 13, 1, np.where(age < 16, 2, np.where(age < 19, 3, reached)))
    )
    work = np.full(len(age), 4)
    throw = rng.random(len(age)) - 0.10 * welfare
    work = np.select(
        [throw > 0.72, throw > 0.60, throw > 0.45, throw > 0.40, throw > 0.36], [3, 5, 4, 6, 16], 4
    )
    work = np.where(woman & (throw > 0.95), 9, work)
    work = np.where(~woman & (throw > 0.98), 7, work)
    work = np.where(woman & (rng.random(len(age)) < 0.52) & (age > 21), 2, work)
    public = (draw > 0.5) & (age >= 24) & (age < 58) & (rng.random(len(age)) < 0.16)
    kinds = rng.choice([10, 11, 12, 14, 15], size=len(age), p=[0.46, 0.12, 0.08, 0.22, 0.12])
    work = np.where(public, kinds, work)
    retired = (age >= 58) & (draw > -0.8) & (rng.random(len(age)) < 0.22)
    work = np.where(retired, 13, work)
    work = np.where(age >= 72, np.where(retired, 13, 0), work)
    work = np.where(age < 19, np.where(age < 6, 0, 1), work)
    return {
        "schooling": pl.Series(school.astype(np.int64)),
        "work": pl.Series(work.astype(np.int64)),
        "disabled": pl.Series(rng.random(len(age)) < 0.006 + 0.008 * (welfare < -0.8) + 0.012 * (age > 70)),
    }
