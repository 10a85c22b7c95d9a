"""The agencies' own lists: recipients by month, exclusions, health, school, work and houses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.aid import MONTHS, Aid, Programme, programmes
from rantang.sample.delivery import write_down
from rantang.sample.layout import lay_out, layouts
from rantang.sample.naming import Ints
from rantang.sample.people import CHILD, HEAD
from rantang.sample.rates import Dice, Rates
from rantang.sample.rosters import Rosters
from rantang.sample.welfare import SCHOOLING, WORK
from rantang.sample.world import PERIOD, World
from rantang.sample.write import ListFile

# Rupiah a month (or once), domain/programmes.csv; programmes without a published amount have none.
AMOUNTS: Final = {
    "SEMBAKO": 200_000, "BLTBBM": 300_000, "PKHPLUS": 500_000, "ASPD": 900_000, "KUBE": 2_000_000,
    "PENA": 4_900_000, "RST": 20_000_000, "BSPS": 20_000_000, "RTLHD": 20_000_000, "RTLHZ": 9_640_000,
}  # fmt: skip
_PIP: Final = {"SD": 450_000, "SMP": 750_000, "SMA": 1_000_000}  # a year, 2022
_TRADES: Final = ("KERIPIK", "JAHIT", "KUE BASAH", "SABLON", "WARUNG", "BATIK", "MEBEL")
_PUBLIC: Final = {
    10: "ASN_TNI_POLRI",
    11: "ASN_TNI_POLRI",
    12: "ASN_TNI_POLRI",
    13: "PENSIUN",
    15: "BUMN_BUMD",
}
_STATES: Final = ("BELUM BEKERJA", "PHK", "PERNAH BEKERJA")


def recipients(dice: Dice, rates: Rates, world: World, aid: Aid) -> Iterator[ListFile]:
    """Monthly lists of every programme; what an agency once wrote of a person stays so."""
    together: dict[str, list[pl.DataFrame]] = {}
    for number, programme in enumerate(programmes()):
        own = Dice(dice.seed * 1009 + number)
        rows = _recipient_rows(own, rates, world, aid, programme)
        if programme.agency == "dpuprpkp":  # one file for all its programmes, told apart by a column
            together.setdefault("BSPS", []).append(
                _of_month(world, aid, programme, rows, programme.months[0])
            )
            continue
        for month in programme.months:
            part = _of_month(world, aid, programme, rows, month)
            note = layouts()[programme.code].note or programme.code.lower()
            yield lay_out(
                layouts()[programme.code],
                f"lists/{programme.agency}/penerima/2022-{month:02d}-{note}",
                part,
                month,
            )
    for code, parts in together.items():
        layout = layouts()[code]
        yield lay_out(layout, f"lists/dpuprpkp/penerima/2022-10-{layout.note}", pl.concat(parts), 10)


def _recipient_rows(dice: Dice, rates: Rates, world: World, aid: Aid, programme: Programme) -> pl.DataFrame:
    who = aid.who[programme.code]
    rows = write_down(dice, rates, world, who, at_origin=programme.old_card)
    order = dice("order").permutation(len(who))
    people = world.persons[who]
    if programme.code == "PKH":
        amount: pl.Expr | pl.Series = pl.Series(_pkh_amounts(world)[people["family"].to_numpy()])
    else:
        amount = pl.lit(AMOUNTS.get(programme.code), dtype=pl.Int64)
    trade = np.array(_TRADES, dtype=object)[dice("trade").integers(0, len(_TRADES), len(who))]
    age = pl.col("age")
    rows = rows.with_columns(
        place=pl.Series(np.arange(len(who))),
        programme=pl.lit(programme.code),
        amount=amount,
        age=people["age"],
        work=people["work"].replace_strict(dict(enumerate(WORK)), return_dtype=pl.String),
        trade=pl.Series(trade, dtype=pl.String),
    )
    rows = rows.with_columns(
        sex_code=pl.when(pl.col("sex") == "P").then(pl.lit("2")).otherwise(pl.lit("1")),
        sex_word=pl.when(pl.col("sex") == "P").then(pl.lit("Perempuan")).otherwise(pl.lit("Laki-laki")),
        school=_school(age),
        grade=_grade(age),
        nisn=_nisn(dice, len(who)),
    )
    if programme.code == "PIP":
        rows = rows.with_columns(amount=pl.col("school").replace_strict(_PIP, return_dtype=pl.Int64))
    return rows[order]


def _of_month(world: World, aid: Aid, programme: Programme, rows: pl.DataFrame, month: int) -> pl.DataFrame:
    listed = aid.listed(programme.code, world.persons["family"].to_numpy(), month)
    return rows.filter(pl.Series(listed)[rows["place"].to_numpy()]).with_columns(
        month=pl.lit(f"2022-{month:02d}")
    )


def _school(age: pl.Expr) -> pl.Expr:
    return pl.when(age < 13).then(pl.lit("SD")).when(age < 16).then(pl.lit("SMP")).otherwise(pl.lit("SMA"))


def _grade(age: pl.Expr) -> pl.Expr:
    return (age - 6).clip(1, 12).cast(pl.String)


def _nisn(dice: Dice, count: int) -> pl.Series:
    """Pupils' numbers that cannot be anybody's: year part 000."""
    numbers = (int(dice("nisn").integers(10_000_000)) + 7_919 * np.arange(count)) % 10_000_000
    return pl.Series(numbers).cast(pl.String).str.zfill(10)


def _pkh_amounts(world: World) -> Ints:
    """Rupiah a month of each family: the four components worth most (Permensos 1/2018)."""
    age, disabled = world.persons["age"].to_numpy(), world.persons["disabled"].to_numpy()
    quarter = (
        np.select([age < 7, age < 13, age < 16, age < 19, age >= 60], [750, 225, 375, 500, 600], 0) * 1000
    )
    quarter = np.maximum(quarter, np.where(disabled, 600_000, 0))
    parts = pl.DataFrame({"family": world.persons["family"], "worth": quarter})
    best = parts.group_by("family").agg(pl.col("worth").top_k(4).sum()).sort("family")
    amounts = np.full(world.families.height, 75_000, dtype=np.int64)
    worth = best["worth"].to_numpy()
    amounts[best["family"].to_numpy()] = np.where(worth > 0, worth // 3, 75_000)
    return amounts


# ------------------------------------------------------------------------- facts of agencies


def facts(dice: Dice, rates: Rates, world: World, rosters: Rosters) -> Iterator[ListFile]:
    """Lists that say something of people who are on a welfare list."""
    listed = np.zeros(world.families.height, dtype=bool)
    family = world.persons["family"].to_numpy()
    for roster in (rosters.dtks, rosters.p3ke):
        listed[family[roster]] = True
    on_list = listed[family] & (~world.persons["dead"] & ~world.persons["moved"]).to_numpy()
    yield from _exclusions(dice, rates, world, on_list)
    yield _health(dice, rates, world, on_list)
    yield _pupils(dice, rates, world, on_list)
    yield _job_seekers(dice, rates, world, on_list)
    yield _houses(dice, rates, world, on_list)


def _file(name: str, rows: pl.DataFrame) -> ListFile:
    layout = layouts()[name]
    note = f"-{layout.note}" if layout.note else ""
    return lay_out(layout, f"lists/{layout.agency}/{layout.kind}/{PERIOD}{note}", rows, MONTHS[-1])


def _written(dice: Dice, rates: Rates, world: World, name: str, who: Ints) -> pl.DataFrame:
    number = 500 + sorted(layouts()).index(name)
    return write_down(Dice(dice.seed * 1009 + number), rates, world, who)


def _exclusions(dice: Dice, rates: Rates, world: World, on_list: npt.NDArray[np.bool_]) -> Iterator[ListFile]:
    persons, families = world.persons, world.families
    work, family = persons["work"].to_numpy(), persons["family"].to_numpy()
    rng = dice("exclusions")
    public = np.flatnonzero(on_list & np.isin(work, list(_PUBLIC)))
    rows = _written(dice, rates, world, "pengecualian-asn", public).with_columns(
        flag=pl.Series(work[public]).replace_strict(_PUBLIC, return_dtype=pl.String),
        remark=pl.Series(work[public]).replace_strict(dict(enumerate(WORK)), return_dtype=pl.String),
    )
    yield _file("pengecualian-asn", rows)
    rich = families["permanent"].to_numpy()[family] > 0.4
    wage = on_list & (work == 4) & rich & (rng.random(len(work)) < 0.3)
    owner = on_list & (work == 5) & rich & (rng.random(len(work)) < 0.12)
    both = np.flatnonzero(wage | owner)
    rows = _written(dice, rates, world, "pengecualian-usaha", both).with_columns(
        flag=pl.Series(np.where(wage[both], "PENGHASILAN_UMK", "AHU")),
        remark=pl.Series(np.where(wage[both], "UPAH DI ATAS UMK (BPJS TK)", "PENGURUS PERSEROAN")),
    )
    yield _file("pengecualian-usaha", rows)
    head = (persons["relation"] == HEAD).to_numpy()
    car = on_list & head & (families["cars"].to_numpy()[family] > 0)
    power = on_list & head & ~car & (families["power"].to_numpy()[family] >= 1300)
    owners = np.flatnonzero(car | power)
    rows = _written(dice, rates, world, "pengecualian-harta", owners).with_columns(
        flag=pl.Series(np.where(car[owners], "RODA4", "PLN_900_NONSUBSIDI")),
        remark=pl.Series(np.where(car[owners], "SAMSAT", "PLN 1300 VA KE ATAS")),
    )
    yield _file("pengecualian-harta", rows)


def _health(dice: Dice, rates: Rates, world: World, on_list: npt.NDArray[np.bool_]) -> ListFile:
    rng = dice("health")
    age, woman = world.persons["age"].to_numpy(), world.persons["woman"].to_numpy()
    disabled = world.persons["disabled"].to_numpy()
    chance = rng.random(len(age))
    kinds = np.select(
        [
            on_list & disabled,
            on_list & (age < 5) & (chance < 0.16),
            on_list & woman & (age >= 18) & (age < 42) & (chance < 0.045),
            on_list & (age >= 40) & (chance < 0.08),
        ],
        [1, 2, 3, 4],
        0,
    )
    who = np.flatnonzero(kinds)
    words = np.array(["", "DISABILITAS", "STUNTING", "HAMIL", "PENYAKIT KRONIS"])
    return _file(
        "kesehatan",
        _written(dice, rates, world, "kesehatan", who).with_columns(condition=pl.Series(words[kinds[who]])),
    )


def _pupils(dice: Dice, rates: Rates, world: World, on_list: npt.NDArray[np.bool_]) -> ListFile:
    rng = dice("pupils")
    age = world.persons["age"].to_numpy()
    pupil = on_list & (age >= 6) & (age <= 18) & (world.persons["relation"] == CHILD).to_numpy()
    who = np.flatnonzero(pupil & (rng.random(len(age)) < 0.85))
    left = rng.random(len(who)) < np.where(age[who] >= 16, 0.09, 0.012)
    years = pl.Series(age[who])
    rows = _written(dice, rates, world, "pendidikan", who).with_columns(age=years)
    return _file(
        "pendidikan",
        rows.with_columns(
            school=_school(pl.col("age")),
            grade=_grade(pl.col("age")),
            nisn=_nisn(dice, len(who)),
            pupil_state=pl.Series(np.where(left, "PUTUS SEKOLAH", "AKTIF")),
        ),
    )


def _job_seekers(dice: Dice, rates: Rates, world: World, on_list: npt.NDArray[np.bool_]) -> ListFile:
    rng = dice("job seekers")
    age, work = world.persons["age"].to_numpy(), world.persons["work"].to_numpy()
    who = np.flatnonzero((age >= 18) & (age < 45) & np.isin(work, (0, 3, 4)) & (rng.random(len(age)) < 0.025))
    state = np.array(_STATES)[rng.choice(3, size=len(who), p=[0.6, 0.15, 0.25])]
    school = world.persons["schooling"][who].replace_strict(
        dict(enumerate(SCHOOLING)), return_dtype=pl.String
    )
    return _file(
        "tenaga_kerja",
        _written(dice, rates, world, "tenaga_kerja", who).with_columns(
            schooling=school, work_state=pl.Series(state)
        ),
    )


def _houses(dice: Dice, rates: Rates, world: World, on_list: npt.NDArray[np.bool_]) -> ListFile:
    rng = dice("houses")
    family = world.persons["family"].to_numpy()
    poor_house = ((world.families["floor"] >= 6) | (world.families["wall"] >= 3)).to_numpy()[family]
    head = (world.persons["relation"] == HEAD).to_numpy()
    who = np.flatnonzero(on_list & head & poor_house & (rng.random(len(family)) < 0.35))
    words = {
        "floor": {8: "TANAH", 6: "SEMEN", 4: "UBIN", 2: "KERAMIK", 1: "GRANIT"},
        "wall": {4: "ANYAMAN BAMBU", 3: "KAYU", 2: "PLESTERAN ANYAMAN BAMBU", 1: "TEMBOK"},
        "roof": {3: "SENG", 4: "ASBES", 2: "GENTENG", 1: "BETON"},
        "toilet": {6: "TIDAK ADA", 3: "MCK KOMUNAL", 2: "BERSAMA", 1: "SENDIRI"},
        "tenure": {6: "MENUMPANG", 2: "KONTRAK/SEWA", 3: "BEBAS SEWA", 1: "MILIK SENDIRI"},
    }
    homes = world.families[family[who]]
    rows = _written(dice, rates, world, "rumah", who).with_columns(
        area=homes["area"],
        **{name: homes[name].replace_strict(codes, return_dtype=pl.String) for name, codes in words.items()},
    )
    return _file("rumah", rows)
