"""What goes wrong when people are written down: faults of numbers, names, dates and places.

No fault touches the 13th digit of a NIK or KK, so a number of the sample either has 9 there or is
impossible by a hard rule (too short, impossible date).
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from rantang.sample.naming import Texts, draw_words
from rantang.sample.rates import Rates

Bools = npt.NDArray[np.bool_]
_MARK: Final = 12  # position of the 13th digit, never touched

MISSING_NUMBERS: Final = ("", "", "", "", "0", "-", "TIDAK ADA", "0000000000000000", "9999999999999999")


def hit(rng: np.random.Generator, count: int, rate: float) -> Bools:
    """Return who is struck by a fault of this rate."""
    return np.asarray(rng.random(count) < rate, dtype=bool)


def change_some(values: pl.Series, where: Bools, change: Callable[[str], str]) -> pl.Series:
    """Apply a change to the values at `where`; these are few, so a loop is fast enough."""
    index = np.flatnonzero(where)
    if not len(index):
        return values
    changed = [None if value is None else change(value) for value in values[index].to_list()]
    return values.scatter(index, pl.Series(changed, dtype=pl.String))


def one_digit(dice: random.Random, number: str) -> str:
    """Change one digit, not the 13th."""
    at = dice.choice([place for place in range(len(number)) if place != _MARK])
    return number[:at] + dice.choice([d for d in "0123456789" if d != number[at]]) + number[at + 1 :]


def swap_digits(dice: random.Random, number: str) -> str:
    """Swap two unequal neighbouring digits, not the 13th; one digit wrong where there are none."""
    places = [p for p in range(len(number) - 1) if _MARK not in (p, p + 1) and number[p] != number[p + 1]]
    if not places:
        return one_digit(dice, number)
    at = dice.choice(places)
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]


def spoil_nik(rng: np.random.Generator, rates: Rates, rows: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Spoil the NIK of a list's rows.

    Parameters
    ----------
    rows
        Needs `nik`, `borrow` (NIK of another member of the family) and `second` (of an earlier
        registration).

    Returns
    -------
    The numbers, and what was done to each (`""` where nothing was).
    """
    dice = random.Random(int(rng.integers(2**62)))  # noqa: S311  (a sample, not a secret)
    throw = rng.random(rows.height)
    missing, wrong = rates["nik_missing"], rates["nik_wrong"]
    kinds = ("typo", "swap", "excel", "short", "borrowed", "other")
    bounds = missing + wrong * np.cumsum([rates[f"nik_wrong_{kind}"] for kind in kinds])
    fault = np.searchsorted(np.concatenate([[missing], bounds]), throw, side="right")
    nik = rows["nik"]
    nik = change_some(nik, fault == 0, lambda _: dice.choice(MISSING_NUMBERS))
    nik = change_some(nik, fault == 1, lambda number: one_digit(dice, number))
    nik = change_some(nik, fault == 2, lambda number: swap_digits(dice, number))
    nik = change_some(nik, fault == 3, lambda number: number[:15] + "0")
    nik = change_some(nik, fault == 4, lambda number: _shorten(dice, number))
    taken = pl.Series(fault)
    frame = pl.select(
        nik=pl.when(taken == 5).then(rows["borrow"]).when(taken == 6).then(rows["second"]).otherwise(nik)
    )
    names = np.array(["missing", *kinds, ""], dtype=object)
    return frame["nik"], pl.Series(names[np.minimum(fault, 7)], dtype=pl.String)


def _shorten(dice: random.Random, number: str) -> str:
    at = dice.randrange(len(number))
    return number[:at] + number[at + 1 :]


def spoil_kk(rng: np.random.Generator, rates: Rates, rows: pl.DataFrame) -> pl.Series:
    """Spoil the KK by whole cards: an earlier card or a typing error, some members split off.

    `rows` needs `family`, `kk`, `kk_before`.
    """
    dice = random.Random(int(rng.integers(2**62)))  # noqa: S311
    families = rows.unique("family", keep="first", maintain_order=True).select("family", "kk", "kk_before")
    rate = rates["kk_wrong"]
    whole = rate * (1 - rates["kk_split_share"])
    throw = rng.random(families.height)
    typo = throw < whole * rates["kk_typo_share"]
    before = pl.Series((throw >= whole * rates["kk_typo_share"]) & (throw < whole))
    card = change_some(families["kk"], typo, lambda number: one_digit(dice, number))
    card = families.select(card=pl.when(before).then("kk_before").otherwise(card))["card"]
    cards = families.select("family").with_columns(card=card)
    joined = rows.select("family", "kk", "kk_before").join(
        cards, on="family", how="left", maintain_order="left"
    )
    split = pl.Series(hit(rng, rows.height, rate * rates["kk_split_share"]))
    other = change_some(joined["kk_before"], split.to_numpy(), lambda number: one_digit(dice, number))
    own = joined["card"] != joined["kk_before"]
    return joined.select(kk=pl.when(split & own).then("kk_before").when(split).then(other).otherwise("card"))[
        "kk"
    ]


# ------------------------------------------------------------------------------------ names

VARIANTS: Final = (
    (
        "MUHAMMAD", "MOCHAMAD", "MOCH.", "MUHAMAD", "MOHAMMAD", "MOH.", "MOKHAMAD", "MUCHAMMAD", "MOHAMAD",
        "MUH.", "M.", "MOCHAMMAD", "MOCH", "MOH", "MUH", "M", "MUKHAMAD", "MHD",
    ),
    ("ACHMAD", "AHMAD", "AKHMAD", "ACH.", "ACH", "AKH."),
    ("ABDUL", "ABD.", "ABD", "ABDOEL"),
    ("SITI", "ST.", "SITTI", "ST", "SITY"),
    ("NUR", "NOER", "NOOR"),
    ("SRI", "SERI"),
    ("SAIFUL", "SYAIFUL", "SAEFUL"),
    ("YUSUF", "YUSUP", "JUSUF"),
    ("SYAMSUL", "SAMSUL"),
    ("RAHMAT", "ROHMAT", "RACHMAT", "RAHMAD"),
    ("FATIMAH", "FATMAH", "PATIMAH"),
    ("KHOIRUL", "CHOIRUL", "KHAIRUL", "HOIRUL"),
    ("ZAINUDDIN", "ZAENUDIN", "ZAINUDIN", "JAINUDIN"),
    ("DEWI", "DW"),
)  # fmt: skip
_OTHERS: Final = {word: group for group in VARIANTS for word in group}

_SOUNDS: Final = (
    ("F", "P"), ("F", "V"), ("V", "F"), ("P", "F"), ("Z", "J"), ("Z", "S"), ("KH", "H"), ("KH", "CH"),
    ("CH", "KH"), ("IYAH", "IAH"), ("IAH", "IYAH"), ("Y", "I"), ("IY", "I"), ("DH", "D"), ("TH", "T"),
    ("SY", "S"), ("SH", "S"), ("MM", "M"), ("DD", "D"), ("LL", "L"), ("TT", "T"), ("O", "U"), ("U", "O"),
    ("E", "I"), ("AT", "AD"), ("D", "T"),
    ("ANTO", "ANTA"), ("ONO", "ANA"), ("WATI", "WATHI"), ("Q", "K"), ("'", ""),
)  # fmt: skip
_OLD: Final = (("U", "OE"), ("J", "DJ"), ("C", "TJ"), ("SY", "SJ"), ("KH", "CH"), ("Y", "J"))
_NEAR: Final = dict(zip("QWERTYUIOPASDFGHJKLZXCVBNM", "WERTYUIOPOSDFGHJKLKXCVBNMN", strict=True))


def other_variant(dice: random.Random, name: str) -> str:
    """Write one word that has known variants in another of them."""
    parts = name.split(" ")
    before_degree = next((at + 1 for at, word in enumerate(parts) if word.endswith(",")), len(parts))
    places = [at for at, word in enumerate(parts[:before_degree]) if word in _OTHERS]
    if places:
        at = dice.choice(places)
        choices = [word for word in _OTHERS[parts[at]] if word != parts[at]]
        parts[at] = choices[min(int(dice.expovariate(0.35)), len(choices) - 1)]
    return " ".join(parts)


def _replace_one(dice: random.Random, name: str, rules: tuple[tuple[str, str], ...]) -> str:
    fitting = [rule for rule in rules if rule[0] in name[1:]] or [rule for rule in rules if rule[0] in name]
    if not fitting:
        return name
    heard, written = dice.choice(fitting)
    at = dice.choice([p for p in range(len(name)) if name.startswith(heard, p)])
    return name[:at] + written + name[at + len(heard) :]


def mistype(dice: random.Random, text: str) -> str:
    """Make one typing error in a letter: wrong, missing, doubled or swapped."""
    letters = [at for at, letter in enumerate(text) if letter.isalpha()]
    if len(letters) < 3:
        return text
    at = dice.choice(letters[1:])
    kind = dice.random()
    if kind < 0.35:
        return text[:at] + _NEAR.get(text[at], "A") + text[at + 1 :]
    if kind < 0.65:
        return text[:at] + text[at + 1 :]
    if kind < 0.80:
        return text[:at] + text[at] + text[at:]
    return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]


def _drop_word(dice: random.Random, name: str) -> str:
    parts = name.split(" ")
    if len(parts) < 2:
        return name
    at = dice.choices(range(len(parts)), weights=[1] * (len(parts) - 1) + [2])[0]
    kept = parts[:at] + parts[at + 1 :]
    return name if kept == ["M."] or len("".join(kept)) < 3 else " ".join(kept)


def _initial(dice: random.Random, name: str) -> str:
    parts = name.split(" ")
    if len(parts) < 2:
        return name
    at = dice.randrange(len(parts))
    parts[at] = parts[at][0] + dice.choice([".", ""])
    return " ".join(parts)


def _reorder(dice: random.Random, name: str) -> str:
    parts = name.split(" ")
    return " ".join(parts[1:] + parts[:1])


def _join(dice: random.Random, name: str) -> str:
    if " " in name:
        at = dice.choice([p for p, letter in enumerate(name) if letter == " "])
        return name[:at] + name[at + 1 :]
    at = dice.randrange(2, len(name) - 2) if len(name) > 6 else 0
    return f"{name[:at]} {name[at:]}".strip()


def _title(dice: random.Random, name: str, *, woman: bool) -> str:
    if name.startswith(("H. ", "HJ. ")):
        return name.split(" ", 1)[1]
    if ", " in name:
        return name.split(", ", 1)[0]
    own = ["HJ. {}", "IBU {}", "NY. {}"] if woman else ["H. {}", "BPK {}", "SDR. {}", "BAPAK {}"]
    return dice.choice([*own, "{}, S.PD", "{} SE"]).format(name)


def _alias(rng: np.random.Generator, count: int, woman: Bools) -> Texts:
    women = draw_words(rng, "jawa_tua_p", count)
    men = draw_words(rng, "jawa_tua_l", count)
    return np.asarray(np.where(woman, women, men), dtype=object)


def spoil_names(
    rng: np.random.Generator, rates: Rates, rows: pl.DataFrame, *, part: str = "name"
) -> pl.Series:
    """Spoil names; `rows` needs the name column, `woman`, and for bin/binti and Alm. `father`, `dead`."""
    dice = random.Random(int(rng.integers(2**62)))  # noqa: S311
    names, count = rows[part], rows.height
    woman = rows["woman"].to_numpy() if part == "name" else np.ones(count, dtype=bool)
    adult = rows["age"].to_numpy() >= 21 if part == "name" else woman
    titled = hit(rng, count, rates["name_title"]) & adult
    names = change_some(names, titled & woman, lambda name: _title(dice, name, woman=True))
    names = change_some(names, titled & ~woman, lambda name: _title(dice, name, woman=False))
    steps: tuple[tuple[str, Callable[[str], str]], ...] = (
        ("name_variant", lambda name: other_variant(dice, name)),
        ("name_word_missing", lambda name: _drop_word(dice, name)),
        ("name_initial", lambda name: _initial(dice, name)),
        ("name_order", lambda name: _reorder(dice, name)),
        ("name_sound", lambda name: _replace_one(dice, name, _SOUNDS)),
        ("name_old", lambda name: _replace_one(dice, name, _OLD)),
        ("name_typo", lambda name: mistype(dice, name)),
        ("name_joined", lambda name: _join(dice, name)),
    )
    for rate, step in steps:
        names = change_some(names, hit(rng, count, rates[rate]), step)
    if part != "name":
        return names
    alias = pl.Series(_alias(rng, count, woman), dtype=pl.String)
    bin_ = pl.Series(np.where(woman, " BINTI ", " BIN "), dtype=pl.String)
    alm = pl.Series(np.where(woman, "ALMH. ", "ALM. "), dtype=pl.String)
    marked = rows["dead"] & pl.Series(hit(rng, count, rates["name_deceased_mark"]))
    return rows.select(
        name=pl.when(pl.Series(hit(rng, count, rates["name_empty"])))
        .then(pl.lit(""))
        .when(pl.Series(hit(rng, count, rates["name_alias"])))
        .then(alias)
        .when(pl.Series(hit(rng, count, rates["name_bin"])) & pl.col("father").is_not_null())
        .then(names + bin_ + pl.col("father"))
        .when(marked)
        .then(alm + names)
        .otherwise(names)
    )["name"]
