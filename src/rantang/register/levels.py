"""Comparison levels: one small integer per pair and field. 0 means missing on either side.

Numbers are compared by Hamming distance (15 ns a pair), never by an edit distance (3,700 ns);
edit similarities are asked only where cheaper tests have failed.
"""

from __future__ import annotations

from typing import Final

import ibis
import ibis.expr.datatypes as dt
import ibis.expr.types as ir


def _jaro_winkler(a: str, b: str) -> float:  # type: ignore[empty-body]
    """Jaro-Winkler similarity, 0 to 1."""


def _hamming(a: str, b: str) -> int:  # type: ignore[empty-body]
    """Return the number of differing positions of two texts of equal length."""


def _has_all(words: dt.Array[str], others: dt.Array[str]) -> bool:  # type: ignore[empty-body]
    """Whether every one of `others` is among `words`."""


def _has_any(words: dt.Array[str], others: dt.Array[str]) -> bool:  # type: ignore[empty-body]
    """Whether one of `others` is among `words`."""


# Functions of the engine itself; their bodies are never run.
similarity = ibis.udf.scalar.builtin(_jaro_winkler, name="jaro_winkler_similarity")
hamming = ibis.udf.scalar.builtin(_hamming, name="hamming")
has_all = ibis.udf.scalar.builtin(_has_all, name="list_has_all")
has_any = ibis.udf.scalar.builtin(_has_any, name="list_has_any")

# Levels by field, best agreement first. What each level means is shown to reviewers as evidence.
LEVELS: Final[dict[str, tuple[str, ...]]] = {
    "name": (
        "equal, at most 2 in the register",
        "equal, at most 8",
        "equal, at most 40",
        "equal, more than 40",
        "the words of one are contained in the other",
        "nearly equal",
        "similar, or the first word equal",
        "somewhat similar",
        "one word equal",
        "nothing in common",
    ),
    "nik": (
        "equal",
        "one or two digits off, or the last digit lost",
        "the same birth part",
        "is another member's of this family",
        "is somebody else's",
        "differs",
    ),
    "kk": ("equal", "one digit off, or the last digit lost", "differs"),
    "place": (
        "street, number and kelurahan equal",
        "street and number equal",
        "street and kelurahan equal, number missing",
        "street equal",
        "kelurahan, RT and RW equal",
        "kelurahan equal",
        "nothing in common",
    ),
    "born": (
        "equal",
        "equal, a heaped day",
        "two of three parts equal",
        "year within one, or day and month",
        "differs",
    ),
    "sex": ("equal", "differs"),
    "mother": ("equal", "nearly equal", "differs"),
    "support": ("no other member is in this family", "one other member", "two or more other members"),
    "taken": ("free", "surely another row's person"),
}
FAMILY_FIELDS: Final = ("kk", "place", "support")
# Levels of `name`: names are equal up to the first, one holds the other at the second, they are nearly equal
# at the third, and from the last on they are quite different.
EQUAL_NAME: Final = 4
SHORTER_NAME: Final = 5
NEARLY_EQUAL: Final = 6
UNLIKE_NAME: Final = 9
# Weight of a pair of which a person said that it is two people.
APART: Final = -30.0
# From this level of `nik` on, the number is a stranger's or nobody's; below it, it may be misread, or lent on
# the card.
OTHER_NUMBER: Final = 5
# Jaro-Winkler likeness of two words of which one may be the other misspelt (DANA and DENA).
ALIKE_WORD: Final = 0.84
ALIKE_WRITTEN: Final = 0.75


def _level(missing: ir.BooleanValue, *tests: ir.BooleanValue) -> ir.IntegerValue:
    """First test that holds gives its level (1, 2, …), none the last; null counts as no."""
    otherwise = len(tests) + 1
    branches = [(missing, 0), *((test, n) for n, test in enumerate(tests, start=1))]
    return ibis.cases(*branches, else_=otherwise).cast("int8")


def _contained(short: ir.Table, long: ir.Table) -> ir.BooleanValue:
    """Every full word of `short` is in `long`, every initial opens one of its words.

    Two cheap looks first: nearly all pairs fail them, and lists of words are dear. Names without an
    initial, nearly all, are spared the lists of letters.
    """
    said_twice = (short.first == short.last) & (short.word_count > 1)
    maybe = long.name.contains(short.first) & long.name.contains(short.last) & ~said_twice
    return ibis.cases(
        (short.initials, _opened(short, long)), (maybe, has_all(long.words, short.words)), else_=False
    )


def _opened(short: ir.Table, long: ir.Table) -> ir.BooleanValue:
    full = short.words.filter(lambda word: word.length() > 1)
    in_full = full.intersect(long.words).length() == full.unique().length()
    first = short.words.map(lambda word: word.substr(0, 1))
    opening = long.words.map(lambda word: word.substr(0, 1))
    opened = first.intersect(opening).length() == first.unique().length()
    return in_full & opened & (full.length() > 0)


def _likeness(a: ir.Table, b: ir.Table) -> dict[str, ir.Value]:
    """Return how alike two names are. Computed before the levels, and only where names differ: an
    engine that meets an expression twice in one step computes it for every pair.
    """
    equal = (a.sorted_ == b.sorted_) | (a.joined == b.joined)
    unlike = ~equal
    nothing = ibis.null("float64")
    # As many words and none of them an initial: then one name holds the other only if they are equal.
    may_hold = unlike & ((a.word_count != b.word_count) | a.initials | b.initials)
    return {
        "equal": equal,
        "alike": unlike.ifelse(similarity(a.name, b.name), nothing),
        "alike_sorted": unlike.ifelse(similarity(a.sorted_, b.sorted_), nothing),
        "contained": ibis.cases(
            (may_hold & (a.word_count <= b.word_count), _contained(a, b)),
            (may_hold, _contained(b, a)),
            else_=False,
        ),
    }


def name_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare names; the frequency of the exact name in the register gives four bands.

    `a` carries what `_likeness` found.
    """
    return _level(
        a.name.isnull() | b.name.isnull(),
        a.equal & (b.frequency <= 2),
        a.equal & (b.frequency <= 8),
        a.equal & (b.frequency <= 40),
        a.equal,
        a.contained & (a.word_count != b.word_count),
        (a.alike >= 0.93) | (a.alike_sorted >= 0.93) | a.contained,
        (a.alike >= 0.88) | (a.alike_sorted >= 0.90) | (a.first == b.first),
        (a.alike >= 0.80) | (a.alike_sorted >= 0.80),
        has_any(a.words, b.words),
    )


def nik_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare NIK; the birth date inside it is a level of it, never a field of its own.

    `a` knows who in the register holds its NIK (``owner``, ``owner_family``).
    """
    a_known, b_known = ibis.coalesce(a.nik, a.nik15), ibis.coalesce(b.nik, b.nik15)
    comparable = a_known.notnull() & b_known.notnull()
    same_length = a.nik.length() == b.nik.length()
    # A number with a digit too few agrees with the whole one up to the gap and after it.
    short = a.nik.isnull() & ((a.nik15.left(8) == b.nik.left(8)) | (a.nik15.right(8) == b.nik.right(8)))
    near = (same_length & (hamming(a.nik, b.nik) <= 2)) | (a.nik15 == b.nik15) | short
    born = (a.nik_born == b.nik_born) | (a.nik_born == b.any_born)
    return _level(
        ~comparable,
        a.nik == b.nik,
        near & (a.owner.isnull()),
        born & a.owner.isnull(),
        (a.owner != b.id) & (a.owner_family == b.family),
        a.owner.notnull(),
    )


def kk_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare KK numbers."""
    near = ((a.kk.length() == b.kk.length()) & (hamming(a.kk, b.kk) <= 1)) | (a.kk15 == b.kk15)
    known = ibis.coalesce(a.kk, a.kk15).notnull() & ibis.coalesce(b.kk, b.kk15).notnull()
    return _level(~known, a.kk == b.kk, near)


def place_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare street, number, gang, RT/RW and kelurahan as one field."""
    there = (a.street.notnull() | a.kelurahan.notnull()) & (b.street.notnull() | b.kelurahan.notnull())
    street = a.street == b.street
    area = a.kelurahan == b.kelurahan
    open_number = a.place.isnull() | b.place.isnull()
    return _level(
        ~there,
        (a.place == b.place) & area,
        a.place == b.place,
        street & area & open_number,
        street,
        area & (a.rt == b.rt) & (a.rw == b.rw),
        area,
    )


def born_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare the birth dates that the lists themselves give; a heaped day weighs little."""
    year = (a.born.year() == b.any_born.year()).cast("int8")
    month = (a.born.month() == b.any_born.month()).cast("int8")
    day = (a.born.day() == b.any_born.day()).cast("int8")
    swapped = (
        (a.born.year() == b.any_born.year())
        & (a.born.month() == b.any_born.day())
        & (a.born.day() == b.any_born.month())
    )
    equal = a.born == b.any_born
    return _level(
        a.born.isnull() | b.any_born.isnull(),
        equal & ~a.heaped,
        equal,
        (year + month + day == 2) | swapped,
        ((a.born.year() - b.any_born.year()).abs() <= 1) | (month + day == 2),
    )


def sex_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare the sex that the list itself gives."""
    return _level(a.sex.isnull() | b.any_sex.isnull(), a.sex == b.any_sex)


def mother_level(a: ir.Table, b: ir.Table) -> ir.IntegerValue:
    """Compare mothers' names."""
    return _level(
        a.mother.isnull() | b.mother.isnull(), a.mother == b.mother, similarity(a.mother, b.mother) >= 0.90
    )


COMPARISONS: Final = {
    "name": name_level,
    "nik": nik_level,
    "kk": kk_level,
    "place": place_level,
    "born": born_level,
    "sex": sex_level,
    "mother": mother_level,
}


def compare(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    """Return `pairs` (``l, r``) with the left row's group and one level per field."""
    a = left.rename(lambda name: f"a_{name}")
    b = right.rename(lambda name: f"b_{name}")
    joined = pairs.inner_join(a, [("l", "a_id")]).inner_join(b, [("r", "b_id")])
    likeness = _likeness(_Side(joined, "a_"), _Side(joined, "b_"))
    joined = joined.mutate(**{f"a_{name}": value for name, value in likeness.items()})
    return joined.select(
        "l",
        "r",
        group=joined.a_group,
        **{field: level(_Side(joined, "a_"), _Side(joined, "b_")) for field, level in COMPARISONS.items()},
    )


def numbers_alone(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    """Return ``l, r, nik_alone``: the level of the NIK as if nobody in the register held the row's."""
    wanted = ("id", "nik", "nik15", "nik_born")
    a = left.select(*wanted).rename(lambda name: f"a_{name}")
    b = right.select(*wanted, "any_born", "family").rename(lambda name: f"b_{name}")
    joined = pairs.inner_join(a, [("l", "a_id")]).inner_join(b, [("r", "b_id")])
    joined = joined.mutate(a_owner=ibis.null("int64"), a_owner_family=ibis.null("string"))
    return joined.select("l", "r", nik_alone=nik_level(_Side(joined, "a_"), _Side(joined, "b_")))


class _Side:
    """One side of a joined pair, so that comparisons read ``a.name`` and ``b.name``."""

    def __init__(self, joined: ir.Table, prefix: str) -> None:
        self._joined, self._prefix = joined, prefix

    def __getattr__(self, name: str) -> ir.Value:
        return self._joined[self._prefix + name]


def certain(pairs: ir.Table) -> ir.BooleanValue:
    """Say which pairs the ladder calls one person: an equal number and an equal name, nothing against it.

    It needs no fit and no threshold, so it holds for lists too short to show their own faults. What a person
    said (`APART`) goes before it.
    """
    against = (pairs.born == len(LEVELS["born"])) | (pairs.w <= APART)
    if "taken" in pairs.columns:
        against = against | (pairs.taken == len(LEVELS["taken"]))
    return (pairs.nik == 1) & (pairs.name >= 1) & (pairs.name <= EQUAL_NAME) & ~against


def contradicted(pairs: ir.Table) -> ir.BooleanValue:
    """Say which pairs differ in what a person keeps for life, and have no equal number to outweigh it.

    Quite another name or birth date alone, or two fields that differ a little: twins, brothers, father
    and son of one name. Inside one list nothing tells such pairs from a person written down badly twice,
    so no score joins them: people do.
    """
    unlike = (pairs.name >= UNLIKE_NAME - 1) | (pairs.born == len(LEVELS["born"]))
    little = (pairs.name >= 6, pairs.nik >= 2, pairs.born >= 4, pairs.mother == 3, pairs.sex == 2)
    differing = sum((differs.cast("int8") for differs in little[1:]), start=little[0].cast("int8"))
    other = (pairs.nik >= OTHER_NUMBER) & (pairs.name > EQUAL_NAME)
    return (pairs.nik != 1) & (unlike | (differing >= 2) | other)


def two_people(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    """Return ``l, r`` of pairs that may be two members of one family where nothing vouches for them.

    Generations are told apart everywhere (`generations`). Where neither birth date nor number nor mother is
    on both sides, nothing tells father and son of one name at one address apart.
    """
    untold = pairs.filter(pairs.born == 0, pairs.nik == 0, pairs.mother == 0).select("l", "r")
    return ibis.union(lookalikes(pairs, left, right), lent(pairs, left, right), untold, distinct=True)


def two_members(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    """Return ``l, r`` of pairs that may be two people even where one card or their family vouches for them.

    Father and son of one name, and a name written otherwise beside quite another number: a family's members
    share card, address and kin. But a twin's NIK says the birth date, as one's own does: a NIK that says
    another one beside an equal birth date is a number written wrong.
    """
    numbered = pairs.filter(pairs.nik >= OTHER_NUMBER, pairs.name > 0)
    named = beside(numbered, left, right, "letters", "nik_born")
    otherwise = (named.name > EQUAL_NAME) | (named.l_letters != named.r_letters)
    wrong = named.born.between(1, 2) & named.l_nik_born.notnull() & named.r_nik_born.notnull()
    other = named.filter(otherwise & ~wrong).select("l", "r")
    return ibis.union(generations(pairs, left), other, distinct=True)


def generations(pairs: ir.Table, left: ir.Table) -> ir.Table:
    """Return ``l, r`` of pairs with quite another birth date, which are father and son if they have one name.

    A NIK says when its owner was born; a number that does not may be lent, and does not outweigh that.
    """
    numbers = left.select(l="id", number_born="nik_born")
    apart = pairs.filter(pairs.born == len(LEVELS["born"])).inner_join(numbers, "l")
    return apart.filter((apart.nik != 1) | apart.number_born.isnull()).select("l", "r")


def lent(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    """Return ``l, r`` of pairs of one number whose names may be those of two people.

    A number is lent within a family, and its members share a word of their names. So the first and the last
    words must be alike, in either order (or one an initial of the other), or the one name hold the other and
    begin alike. An equal birth date says that it is the person's own. Where there is no name, nobody knows.
    """
    unlike = (pairs.name == 0) | (pairs.name >= SHORTER_NAME)
    doubted = pairs.filter(pairs.nik == 1, unlike, ~pairs.born.between(1, 2))
    named = beside(doubted, left, right, "first", "last", "word_count", "written_first", "written_last")
    begins, ends = _same_word(named, "first", "first"), _same_word(named, "last", "last")
    turned = _same_word(named, "first", "last") & _same_word(named, "last", "first")
    holds = (named.name == SHORTER_NAME) & (begins | (ibis.least(named.l_word_count, named.r_word_count) > 1))
    return named.filter(~((begins & ends) | turned | holds).fill_null(False)).select("l", "r")


def _same_word(named: ir.Table, ours: str, theirs: str) -> ir.BooleanValue:
    """Say whether two words may be one: alike folded and as written (JOE and JUDITH are so only folded)."""
    one, other = named[f"l_{ours}"], named[f"r_{theirs}"]
    written = similarity(named[f"l_written_{ours}"], named[f"r_written_{theirs}"])
    initial = (ibis.least(one.length(), other.length()) == 1) & (one.left(1) == other.left(1))
    alike = (similarity(one, other) >= ALIKE_WORD) & (written >= ALIKE_WRITTEN).fill_null(True)
    return (one == other) | alike | initial


def lookalikes(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    """Return ``l, r`` of pairs whose names are not the same while no number says that they are one person.

    Twins of nearly one name agree in all the rest: birth date, mother, address. The same are names of the
    same letters in any order of words and, at one birth date and with no other number, a name and what is
    left of it without words of its middle: kin share a first or a last word, hardly both. Both sides have
    ``letters``, ``written_first`` and ``written_last``, of the name as written: what folding makes equal may
    be kin.
    """
    doubted = pairs.filter(pairs.nik != 1, pairs.name > 0)
    named = beside(doubted, left, right, "letters", "written_first", "written_last")
    same = (named.name <= EQUAL_NAME) & (named.l_letters == named.r_letters)
    ends = (named.l_written_first == named.r_written_first) & (named.l_written_last == named.r_written_last)
    shorter = (named.name == SHORTER_NAME) & ends & named.born.between(1, 2) & (named.nik < OTHER_NUMBER)
    return named.filter(~(same | shorter).fill_null(False)).select("l", "r")


def beside(pairs: ir.Table, left: ir.Table, right: ir.Table, *columns: str) -> ir.Table:
    """Put columns of both sides beside pairs, as ``l_NAME`` and ``r_NAME``."""
    for side, rows in (("l", left), ("r", right)):
        own = rows.select(**{side: "id"}, **{f"{side}_{name}": name for name in columns})
        pairs = pairs.inner_join(own, side)
    return pairs
