"""A made-up town for the tests of linkage: families, a register of residents, a faulty list.

Independent of `rantang.sample`, with other names, other rates and another hand.
"""

from __future__ import annotations

import datetime as dt
import random

from register_rows import person

GIVEN = [
    *("BUDI", "AGUS", "SLAMET", "JOKO", "HERU", "WAHYU", "EKO", "DWI", "TRI", "RINI", "SRI", "SITI", "NUR"),
    *("YANTI", "WATI", "DEWI", "RATNA", "INDAH", "LESTARI", "PUTRA", "PUTRI", "BAGAS", "GALIH", "TEGUH"),
    *("SIGIT", "PRAMONO", "SANTI", "KARTIKA", "MEGA", "FAJAR", "ARIF", "YULI", "HANI", "SAPTO", "SUKMA"),
    *("BAYU", "WULAN", "LINTANG", "PANJI", "RATIH", "SEKAR", "TIRTA", "UTAMI", "WIDYA", "ZAENI", "KUSNO"),
    *("PARDI", "TUMINI", "SUMIATI", "MARYAM", "HASAN", "UMAR"),
]
STREETS = [
    f"{a} {b}"
    for a in ("MELATI", "KENANGA", "ANGGREK", "TERATAI", "DAHLIA")
    for b in ("TIMUR", "BARAT", "RAYA")
]


class Town:
    """Residents (`register`) and a list of some of them (`listed`) with `truth`: list key to resident key."""

    def __init__(self, families: int, seed: int, *, faults: float = 1.0) -> None:
        self.random = random.Random(seed)
        self.faults = faults
        self.serial: dict[tuple[str, str], int] = {}
        self.register: list[dict[str, object]] = []
        self.listed: list[dict[str, object]] = []
        self.truth: dict[str, str | None] = {}
        for number in range(families):
            self._family(number)

    def _name(self) -> str:
        return " ".join(self.random.sample(GIVEN, self.random.choice((1, 2, 2, 3))))

    def _nik(self, born: dt.date, woman: bool) -> str:
        area = f"35730{self.random.randint(1, 5)}"
        day = born.day + (40 if woman else 0)
        date = f"{day:02d}{born.month:02d}{born.year % 100:02d}"
        serial = self.serial.get((area, date), 9000) + 1
        self.serial[area, date] = serial
        return f"{area}{date}{serial:04d}"

    def _family(self, number: int) -> None:
        pick = self.random
        issued = f"{number % 28 + 1:02d}{number // 28 % 12 + 1:02d}{number // 336 % 100:02d}"
        kk = f"35730{pick.randint(1, 5)}{issued}9{number % 1000:03d}"
        place = {
            "street": pick.choice(STREETS),
            "house_number": str(pick.randint(1, 90)),
            "rt": str(pick.randint(1, 9)),
            "rw": str(pick.randint(1, 12)),
            "kelurahan_code": f"35.73.01.10{pick.randint(1, 11):02d}",
        }
        mother = self._name()
        size = pick.choice((1, 2, 3, 4, 4, 5))
        absent = -1 if pick.random() > 0.1 else pick.randrange(size)
        on_list = pick.random() < 0.4
        new_kk = (
            None
            if pick.random() > 0.1 * self.faults
            else f"{kk[:8]}12{kk[10:12]}9{(number + 500) % 1000:03d}"
        )
        for member in range(size):
            woman = member == 1 or (member > 1 and pick.random() < 0.5)
            year = 1970 + pick.randint(-15, 12) if member < 2 else 2000 + pick.randint(0, 18)
            born = dt.date(year, pick.randint(1, 12), pick.randint(1, 28))
            key = f"r{number:05d}{member}"
            nik = self._nik(born, woman)
            name = mother if member == 1 else self._name()
            row = {
                "nik": nik,
                "kk": kk,
                "birth_date": born,
                "mother_key": mother if member > 1 else None,
                **place,
            }
            row["relation"] = str(min(member + 1, 3))
            if member != absent:
                self.register.append(person(key, name, **row))
            if on_list:
                self._list_row(key if member != absent else None, f"l{number:05d}{member}", name, row, new_kk)

    def _list_row(
        self, true: str | None, key: str, name: str, row: dict[str, object], new_kk: str | None
    ) -> None:
        pick, fault = self.random, self.faults
        copy = {k: row[k] for k in ("nik", "kk", "street", "house_number", "kelurahan_code")}
        if new_kk:
            copy["kk"] = new_kk
        if pick.random() < 0.07 * fault:
            copy["nik"] = None
        elif pick.random() < 0.03 * fault:
            nik = str(copy["nik"])
            copy["nik"] = nik[:-1] + str((int(nik[-1]) + 1 + pick.randrange(8)) % 10)
        if pick.random() < 0.1 * fault:
            spot = pick.randrange(1, len(name))
            name = (name[:spot] + name[spot + 1 :]).strip() or name
        if pick.random() < 0.1 * fault:
            copy["house_number"] = None
        self.listed.append(person(key, name, agency="dinsos", kind="dtks", **copy))
        self.truth[key] = true
