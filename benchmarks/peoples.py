"""Made-up people of seven tongues and the lists that name them: nothing of the sample city.

Each world has its own way of naming (few family names, maiden names, initials, one word, two surnames,
fathers' names), and all have what makes linking err: twins, father and son of one name, sisters called
nearly alike, one address for many, people who are not on the other list while their family is, doubles
there, heaped and swapped birth dates, numbers lent within a family.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Final

from benchmarks.measure import Row

# People absent from the right list, by seed; their families stay.
ABSENT: Final = (0.1, 0.25, 0.4)
PEOPLE: Final = 8_000


class Words:
    """A made-up stock of names; the few first ones are borne by many (Zipf)."""

    def __init__(self, label: str, parts: str, count: int, power: float, lengths: Sequence[int]) -> None:
        random, onsets_rimes = Random(label), [part.split() for part in parts.split("|")]
        onsets, rimes, ends = onsets_rimes
        found: dict[str, None] = {}
        while len(found) < count:
            length = random.choice(lengths)
            body = "".join(random.choice(onsets) + random.choice(rimes) for _ in range(length))
            found[(body + random.choice(ends)).replace("-", "").upper()] = None
        self.words = list(found)
        self.weights = list(accumulate((rank + 2.0) ** -power for rank in range(count)))

    def pick(self, random: Random) -> str:
        return random.choices(self.words, cum_weights=self.weights)[0]


@dataclass(frozen=True)
class World:
    """How people are named. `surname`: father's, both parents' (Spanish), his first name, or none."""

    label: str
    men: Words
    women: Words
    families: Words | None = None
    surname: str = "father"
    family_first: bool = False
    more_given: tuple[float, ...] = (1.0,)
    middle: Words | None = None
    initial: bool = False
    wife_takes: float = 0.0
    junior: float = 0.03


_DE = "b d f g h k l m n r s st sch w br fr - | a e i o u er ar el an in au ei | d t n l e rich mann -"
_VN = "b c d h kh l m n ng nh ph qu t th tr v x | a i o u ie uo oa | - n ng nh m t c"
_US = "b c d h j k l m n r s t w br cl sh - | a e i o ey an er on ar | n son ton ley y er ell -"
_ID = "s k t p b d g j l m n r w y h - | a i u e o a u | - n h ti no wan to ni ta -"
_ES = "b c d f g l m n p r s t v j - | a e i o u ar er an | z s ez o a n -"
_IS = "g h s th b r k j l - | a i o u un ar ei al or | r n dis ur mund ny fur -"
_CN = "b ch d f g h j k l m n p q sh t w x y z zh | a ai ao e ei i ia iu o ou u ua ui | - n ng -"
WORLDS: Final = {
    world.label: world
    for world in (
        World(
            "german", Words("dm", _DE, 500, 1.0, (1, 2)), Words("df", _DE, 500, 1.0, (1, 2)),
            Words("d", _DE, 9_000, 0.75, (1, 2)), more_given=(0.85, 0.15), wife_takes=0.8,
        ),
        World(
            "vietnamese", Words("vm", _VN, 90, 0.7, (1,)), Words("vf", _VN, 90, 0.7, (1,)),
            Words("v", _VN, 16, 1.1, (1,)), family_first=True, middle=Words("vx", _VN, 12, 1.2, (1,)),
        ),
        World(
            "us", Words("um", _US, 900, 1.0, (1, 2)), Words("uf", _US, 1_200, 0.95, (1, 2)),
            Words("u", _US, 6_000, 0.8, (1, 2)), middle=Words("ux", _US, 300, 0.9, (1, 2)), initial=True,
            wife_takes=0.75, junior=0.06,
        ),
        World(
            "indonesian", Words("im", _ID, 700, 0.8, (2, 3)), Words("if", _ID, 700, 0.8, (2, 3)),
            surname="none", more_given=(0.4, 0.4, 0.2), junior=0.01,
        ),
        World(
            "spanish", Words("em", _ES, 250, 1.0, (2, 3)), Words("ef", _ES, 250, 1.0, (2, 3)),
            Words("e", _ES, 1_500, 0.95, (2, 3)), surname="both", more_given=(0.6, 0.4), junior=0.12,
        ),
        World(
            "patronymic", Words("pm", _IS, 350, 0.95, (1, 2)), Words("pf", _IS, 350, 0.95, (1, 2)),
            surname="father's first", more_given=(0.7, 0.3), junior=0.05,
        ),
        World(
            "chinese", Words("cm", _CN, 260, 0.6, (1,)), Words("cf", _CN, 260, 0.6, (1,)),
            Words("c", _CN, 120, 1.1, (1,)), family_first=True, more_given=(0.3, 0.7),
        ),
    )
}  # fmt: skip
STREETS: Final = Words("streets", _US, 300, 0.5, (2, 3))


@dataclass
class Person:
    """Somebody, and what binds him to others: `home`, `parents`, `lent` (a relative's number)."""

    id: int
    woman: bool
    born: dt.date
    given: list[str]
    middle: str
    surname: str
    mother: str
    home: tuple[str, str, str]
    number: str
    parents: tuple[int, ...] = ()
    maiden: str = ""
    lent: str = ""

    def name(self, world: World, surname: str | None = None) -> str:
        own = [*self.given, *([self.middle] if self.middle else [])]
        last = [self.surname if surname is None else surname]
        if world.family_first:
            return " ".join([*last, *([self.middle] if self.middle else []), *self.given])
        return " ".join([*own, *last]).strip()


@dataclass
class People:
    """The people of a world, family by family."""

    world: World
    random: Random
    all: list[Person] = field(default_factory=list)

    def fill(self, count: int) -> list[Person]:
        while len(self.all) < count:
            self._family()
        return self.all

    def _family(self) -> None:
        pick = self.random
        home = (f"{STREETS.pick(pick)} STREET", str(pick.randint(1, 60)), f"AREA {pick.randint(1, 12)}")
        year = pick.randint(1935, 1995)
        couple = [self._person(woman, self._day(year + pick.randint(-5, 5)), home) for woman in (False, True)]
        couple[0].lent, couple[1].lent = couple[1].number, couple[0].number
        if pick.random() < 0.25:
            couple.pop(pick.randrange(2))
        elif pick.random() < self.world.wife_takes:
            couple[1].maiden, couple[1].surname = couple[1].surname, couple[0].surname
        children: list[Person] = []
        for _ in range(pick.choice((0, 0, 1, 2, 2, 3, 4))):
            day = self._day(min(year + pick.randint(20, 38), 2021))
            for twin in range(2 if pick.random() < 0.015 else 1):
                woman = pick.random() < 0.5 if not twin else children[-1].woman ^ (pick.random() < 0.3)
                children.append(self._child(couple, children, woman, day, home, twin=bool(twin)))

    def _day(self, year: int) -> dt.date:
        return dt.date(year, 1, 1) + dt.timedelta(days=self.random.randrange(365))

    def _person(self, woman: bool, born: dt.date, home: tuple[str, str, str]) -> Person:
        pick, world = self.random, self.world
        stock = world.women if woman else world.men
        words = 1 + pick.choices(range(len(world.more_given)), world.more_given)[0]
        middle = world.middle.pick(pick) if world.middle and pick.random() < 0.85 else ""
        made = Person(
            id=len(self.all), woman=woman, born=born, given=[stock.pick(pick) for _ in range(words)],
            middle=middle[:1] if world.initial else middle, surname=self._surname(), mother=self._stranger(),
            home=home, number=str(pick.randrange(10**8, 10**9)),
        )  # fmt: skip
        self.all.append(made)
        return made

    def _surname(self) -> str:
        pick, world = self.random, self.world
        if world.surname == "father's first":
            return world.men.pick(pick) + pick.choice(("SON", "DOTTIR"))
        if world.families is None:
            return ""
        parts = 2 if world.surname == "both" else 1
        return " ".join(world.families.pick(pick) for _ in range(parts))

    def _stranger(self) -> str:
        return f"{self.world.women.pick(self.random)} {self._surname()}".strip()

    def _child(
        self, parents: list[Person], elder: list[Person], woman: bool, born: dt.date,
        home: tuple[str, str, str], *, twin: bool,
    ) -> Person:  # fmt: skip
        pick, world = self.random, self.world
        child = self._person(woman, born, home)
        child.parents = tuple(parent.id for parent in parents)
        child.lent = parents[0].number
        father, mother = parents[0], parents[-1]
        if mother.woman:
            child.mother = mother.name(world)
        if world.surname == "father":
            child.surname = father.surname
        elif world.surname == "both":
            child.surname = " ".join(parent.surname.split()[0] for parent in (father, mother))
        elif world.surname == "father's first" and not father.woman:
            child.surname = father.given[0] + ("DOTTIR" if woman else "SON")
        if not woman and not father.woman and not twin and pick.random() < world.junior:
            child.given, child.middle = list(father.given), father.middle if pick.random() < 0.5 else ""
        elif elder and elder[-1].woman == woman and pick.random() < (0.3 if twin else 0.06):
            child.given = [*elder[-1].given[:-1], _alike(elder[-1].given[-1], pick)]
        while any(child.given == other.given for other in elder):
            child.given = [(world.women if woman else world.men).pick(pick) for _ in child.given]
        if twin:
            child.number = str(int(elder[-1].number) + 1)
        if born.year < 1998 and pick.random() < 0.6:
            child.home = (f"{STREETS.pick(pick)} STREET", str(pick.randint(1, 60)), home[2])
        return child


def _alike(word: str, random: Random) -> str:
    """The sister's name: another last letter, or one more."""
    return (word[:-1] if len(word) > 3 else word) + random.choice("AIONEY")


def written(person: Person, world: World, random: Random, factor: float) -> Row:
    """One row about a person, with what a clerk makes of it."""

    def faulty(rate: float) -> bool:
        return random.random() < rate * factor

    words = person.name(world, person.maiden if person.maiden and faulty(0.05) else None).split()
    if len(words) > 1 and faulty(0.03):
        words.pop(random.randrange(len(words)))
    if len(words) > 1 and faulty(0.02):
        words.reverse()
    if world.initial and person.middle and person.middle in words and faulty(0.15):
        words.remove(person.middle)
    name = " ".join(_misspelt(word, random) if faulty(0.035) else word for word in words)
    born, swapped = person.born, person.born.day <= 12 and faulty(0.02)
    if swapped:
        born = born.replace(month=born.day, day=born.month)
    elif faulty(0.03):
        born = born.replace(month=1, day=1)
    elif faulty(0.02):
        day, last = random.randint(1, 28), 28 if (born.month, born.day) == (2, 29) else born.day
        born = random.choice((born.replace(day=day), born.replace(year=born.year + 1, day=last)))
    moved = faulty(0.06)
    elsewhere = (f"{STREETS.pick(random)} STREET", str(random.randint(1, 60))) if moved else person.home
    street, house = elsewhere[:2]
    address = street if faulty(0.05) else f"{house} {street}"
    number = person.lent if person.lent and faulty(0.01) else person.number
    number = number if not faulty(0.02) else _misspelt(number, random, "0123456789")
    listed = not faulty(0.03), not faulty(0.03), not faulty(0.08)
    mother = _misspelt(person.mother, random) if listed[2] and faulty(0.06) else person.mother
    return {
        "name": name,
        "birth_date": born.isoformat() if listed[0] else None,
        "year": f"{born.year}-01-01" if listed[1] else None,
        "mother_name": mother if listed[2] else None,
        "sex": "F" if person.woman != faulty(0.005) else "M",
        "national_id": None if faulty(0.1) else number,
        "street": None if faulty(0.03) else address,
        "area": person.home[2],
    }  # fmt: skip


def _misspelt(word: str, random: Random, letters: str = "ABDEGIKLMNORSTUY") -> str:
    at = random.randrange(len(word))
    way = random.randrange(4)
    if way == 0:
        return word[:at] + random.choice(letters) + word[at + 1 :]
    if way == 1 and len(word) > 2:
        return word[:at] + word[at + 1 :]
    if way == 2 and at + 1 < len(word):
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return word[:at] + word[at] + word[at:]


@dataclass
class Lists:
    """Lists and who their rows are: `b` has doubles and lacks people of `a`; `c` is full of doubles."""

    people: list[Person]
    a: list[Row]
    b: list[Row]
    c: list[Row]
    in_a: list[int]
    in_b: list[int]
    in_c: list[int]


def lists(label: str, seed: int, factor: float) -> Lists:
    """Make the lists of a world; the seed tells them and how many of A are not in B."""
    world, random = WORLDS[label], Random(f"{label} {seed} {factor}")
    people = People(world, random).fill(PEOPLE)
    homes = sorted({person.home for person in people})
    chosen = set(random.sample(homes, int(0.4 * len(homes))))
    in_a = [person.id for person in people if person.home in chosen or random.random() < 0.1]
    absent = {id_ for id_ in in_a if random.random() < ABSENT[seed % len(ABSENT)]}
    in_b = [person.id for person in people if person.id not in absent]
    in_b += random.sample(in_b, len(in_b) // 25)
    in_c = in_a + random.choices(in_a, k=int(0.4 * len(in_a)))
    in_a += random.sample(in_a, len(in_a) // 50)
    for ids in (in_a, in_b, in_c):
        random.shuffle(ids)
    a, b, c = (
        [written(people[id_], world, random, factor * part) for id_ in ids]
        for ids, part in ((in_a, 1.0), (in_b, 0.4), (in_c, 0.7))
    )
    return Lists(people, a, b, c, in_a, in_b, in_c)
