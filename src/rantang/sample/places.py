"""The city's kelurahan and its invented streets; where each family lives and how that is written."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.naming import streets
from rantang.sample.rates import Rates

_PLACE_SEED: Final = 357300  # the streets are the same city for every seed
PERUM: Final = "PERUM"
STYLES: Final = 6
ROMAN: Final = ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")

# Old kampung with many Madurese names, old quarters with many Chinese-Indonesian names: assumption.
MADURA: Final = ("Kotalama", "Mergosono", "Jodipan", "Polehan", "Ciptomulyo")
TIONGHOA: Final = ("Sukoharjo", "Kasin", "Kiduldalem", "Oro-oro Dowo")

Ints = npt.NDArray[np.int64]


@cache
def kelurahan() -> pl.DataFrame:
    """Return the kelurahan with code, name, kecamatan, prefix of its NIK and variants."""
    file = resources.files("rantang") / "cities" / "malang" / "areas.csv"
    return pl.read_csv(file.read_bytes(), infer_schema=False).select(
        code="kode_kemendagri",
        code10="kode_kemendagri_10",
        bps="kode_bps",
        name="nama",
        kecamatan="kecamatan",
        prefix="nik_prefix",
        variant="nama_varian",
    )


@dataclass(frozen=True)
class Streets:
    """All streets of the city as parallel arrays, sorted by kelurahan."""

    name: npt.NDArray[np.object_]
    kelurahan: Ints
    gangs: Ints
    rw: Ints
    block: npt.NDArray[np.bool_]
    start: Ints  # first street of each kelurahan, with the total at the end


@cache
def make_streets() -> Streets:
    """Invent the streets: some themes per kelurahan, each with its elements."""
    rng = np.random.default_rng(_PLACE_SEED)
    themes = streets()
    names: list[str] = []
    home: list[int] = []
    block: list[bool] = []
    for number, place in enumerate(kelurahan()["name"].to_list()):
        own = [f"RAYA {place.upper()}", f"KAMPUNG {place.upper()} TENGAH"]
        for theme in rng.choice([name for name in themes if name != PERUM], size=3, replace=False):
            own += [f"{theme} {element}" for element in themes[theme]]
        estates = [f"PERUM {element}" for element in rng.choice(themes[PERUM], size=2, replace=False)]
        names += own + estates
        home += [number] * (len(own) + len(estates))
        block += [False] * len(own) + [True] * len(estates)
    gangs = np.where(rng.random(len(names)) < 0.7, rng.integers(1, 10, len(names)), 0)
    kel = np.array(home, dtype=np.int64)
    return Streets(
        name=np.array(names, dtype=object),
        kelurahan=kel,
        gangs=np.where(np.array(block), 0, gangs).astype(np.int64),
        rw=rng.integers(1, 13, len(names)).astype(np.int64),
        block=np.array(block),
        start=np.searchsorted(kel, np.arange(kelurahan().height + 1)).astype(np.int64),
    )


def kelurahan_weights(rates: Rates) -> npt.NDArray[np.float64]:
    """Return each kelurahan's share of the families."""
    rng = np.random.default_rng(_PLACE_SEED + 1)
    size = np.exp(rng.normal(0, rates["kelurahan_spread"], kelurahan().height))
    table = kelurahan().with_columns(size=pl.Series(size))
    weight = (
        pl.col("kecamatan")
        .str.to_lowercase()
        .replace_strict(
            {
                name: rates[f"weight_{name}"]
                for name in ("blimbing", "klojen", "kedungkandang", "sukun", "lowokwaru")
            }
        )
    )
    shares = table.select(share=pl.col("size") / pl.col("size").sum().over("kecamatan") * weight)["share"]
    return np.asarray((shares / shares.sum()).to_numpy(), dtype=np.float64)


def settle(rng: np.random.Generator, rates: Rates, kel: Ints) -> pl.DataFrame:
    """Give each family (whose kelurahan is `kel`) an address of components.

    Returns
    -------
    kelurahan, street (index), gang (0: none), number, letter, block, rt, rw
    """
    city = make_streets()
    count = len(kel)
    width = city.start[kel + 1] - city.start[kel]
    street = city.start[kel] + np.floor(rng.random(count) ** 1.4 * width).astype(np.int64)
    gang = np.floor(rng.random(count) * (city.gangs[street] + 1)).astype(np.int64)
    number = 1 + np.floor(rng.random(count) ** 1.3 * 140).astype(np.int64)
    letter = np.where(rng.random(count) < 0.09, np.array(list("ABCDEFGH"))[rng.integers(0, 8, count)], "")
    block = np.where(city.block[street], np.array(list("ABCDEFGHJK"))[rng.integers(0, 10, count)], "")
    homes = pl.DataFrame(
        {"kelurahan": kel, "street": street, "gang": gang, "number": number, "letter": letter, "block": block}
    )
    homes = _share(rng, rates, homes)
    rw = city.rw[homes["street"].to_numpy()]
    rt = (
        1
        + (homes["street"].to_numpy() * 7 + homes["gang"].to_numpy() * 3 + homes["number"].to_numpy() // 40)
        % 9
    )
    return homes.with_columns(rt=pl.Series(rt), rw=pl.Series(rw))


def _share(rng: np.random.Generator, rates: Rates, homes: pl.DataFrame) -> pl.DataFrame:
    """Let some families live at the address of another family of their kelurahan."""
    order = homes.with_row_index("row").sort("kelurahan", maintain_order=True)["row"].to_numpy()
    previous = np.empty(len(order), dtype=np.int64)
    previous[order] = np.concatenate([order[:1], order[:-1]])
    kel = homes["kelurahan"].to_numpy()
    shares = (rng.random(homes.height) < rates["shared_address"]) & (kel[previous] == kel)
    return homes[np.where(shares, previous, np.arange(homes.height))]


def write_address(homes: pl.DataFrame, style: Ints) -> pl.Series:
    """Write addresses from their components in one of `STYLES` habits.

    A number of 0 and a gang of 0 are left out; `street_text` overrides the street's name.
    """
    city = make_streets()
    name = pl.Series("n", city.name[homes["street"].to_numpy()], dtype=pl.String)
    if "street_text" in homes.columns:
        name = homes.select(pl.coalesce("street_text", name))["street_text"]
    gang = homes["gang"].to_numpy()
    frame = homes.select(
        n=name,
        style=pl.Series(style),
        gang=pl.Series(gang.astype(str)),
        roman=pl.Series(np.array(ROMAN, dtype=object)[gang], dtype=pl.String),
        no=pl.when(pl.col("number") > 0)
        .then(pl.col("number").cast(pl.String) + pl.col("letter"))
        .otherwise(pl.lit("")),
        has_no=pl.col("number") > 0,
        has_gang=pl.col("gang") > 0,
        block="block",
    )
    n, no, gang_c, roman = pl.col("n"), pl.col("no"), pl.col("gang"), pl.col("roman")

    def tail(mark: str) -> pl.Expr:
        return pl.when("has_no").then(pl.lit(mark) + no).otherwise(pl.lit(""))

    def lane(mark: str, value: pl.Expr) -> pl.Expr:
        return pl.when("has_gang").then(pl.lit(mark) + value).otherwise(pl.lit(""))

    estate = n + pl.lit(" BLOK ") + pl.col("block") + tail("-")
    forms = [
        pl.lit("JL. ") + n + lane(" GG. ", gang_c) + tail(" NO. "),
        pl.lit("JL ") + n + lane(" ", roman) + pl.when("has_gang").then(tail("/")).otherwise(tail(" ")),
        pl.lit("JL. ") + n + lane(" ", gang_c) + pl.when("has_gang").then(tail("/")).otherwise(tail(" NO ")),
        n + lane(" GG ", roman) + tail(" NO "),
        pl.lit("JALAN ") + n + lane(" GANG ", gang_c) + tail(" NOMOR "),
        pl.lit("JL.") + n + lane(" GG.", gang_c) + tail(" NO."),
    ]
    text = pl.when(pl.col("block") != "").then(estate)
    for number, form in enumerate(forms[:-1]):
        text = text.when(pl.col("style") == number).then(form)
    return frame.select(address=text.otherwise(forms[-1]))["address"]
