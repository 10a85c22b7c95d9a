"""What the welfare lists say of aid: mostly right, partly out of date."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.aid import Aid, programmes
from rantang.sample.rates import Dice
from rantang.sample.world import World

_STALE: Final = 0.03  # flags that are out of date: assumption
_BST_2021: Final = 0.22  # families of DTKS that had BST in 2020-21: assumption

# SIKS-NG column -> (column of its period, programme, period written)
_SIKSNG: Final = {
    "PKH": ("periode_pkh", "PKH", "2022-TAHAP4"),
    "BPNT": ("periode_bpnt", "SEMBAKO", "2022-11"),
    "PBI": ("periode_pbi", "PBI", "2022-11"),
    "BLT_BBM": ("periode_blt_bbm", "BLTBBM", "2022-11"),
    "RUTILAHU": ("periode_rutilahu", "RST", "2022"),
    "PERMAKANAN": ("periode_permakanan", "PERMAKANAN", "2022-11"),
    "PENA": ("periode_pena", "PENA", "2022"),
    "YAPI": ("periode_yapi", "YAPI", "2022-11"),
    "ATENSI": ("", "ATENSI", ""),
}


def _held(world: World, aid: Aid, code: str, written: pl.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether each row's person (or their family, for a family's programme) has the programme."""
    unit = next(programme.unit for programme in programmes() if programme.code == code)
    family = world.persons["family"].to_numpy()
    person = written["person"].to_numpy()
    if unit == "keluarga":
        have = np.zeros(world.families.height, dtype=bool)
        have[family[aid.who[code]]] = True
        return np.asarray(have[family[person]], dtype=bool)
    have = np.zeros(world.persons.height, dtype=bool)
    have[aid.who[code]] = True
    return np.asarray(have[person], dtype=bool)


def siksng_flags(dice: Dice, world: World, aid: Aid, written: pl.DataFrame) -> pl.DataFrame:
    """Programme columns of SIKS-NG for each row of `written`: `YA` with its period, or null."""
    rng = dice("siks-ng flags")
    made: dict[str, pl.Series] = {}
    empty = pl.Series([None], dtype=pl.String)
    for column, (period, code, value) in _SIKSNG.items():
        held = _held(world, aid, code, written)
        known = pl.Series(np.where(rng.random(len(held)) < _STALE, rng.random(len(held)) < held.mean(), held))
        made[column] = pl.select(flag=pl.when(known).then(pl.lit("YA")).otherwise(empty))["flag"]
        if period:
            made[period] = pl.select(flag=pl.when(known).then(pl.lit(value)).otherwise(empty))["flag"]
    bst = pl.Series(rng.random(written.height) < _BST_2021)
    made["BST"] = pl.select(flag=pl.when(bst).then(pl.lit("YA")).otherwise(empty))["flag"]
    made["periode_bst"] = pl.select(flag=pl.when(bst).then(pl.lit("2021-06")).otherwise(empty))["flag"]
    return pl.DataFrame(made)


def p3ke_flags(dice: Dice, world: World, aid: Aid, written: pl.DataFrame) -> pl.DataFrame:
    """`PKH`, `BPNT`, `BST` for each row of `written`, as booleans."""
    rng = dice("p3ke flags")
    made = {"PKH": _held(world, aid, "PKH", written), "BPNT": _held(world, aid, "SEMBAKO", written)}
    stale = {name: held & (rng.random(len(held)) >= _STALE) for name, held in made.items()}
    return pl.DataFrame({**stale, "BST": rng.random(written.height) < _BST_2021})
