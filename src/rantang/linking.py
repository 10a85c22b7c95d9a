"""Any two lists linked, any one list freed of its doubles: `rantang link` and `rantang dedupe`.

The same model as the register's, on columns that a map (or the contracts' aliases) gives roles.
Lists without families, dates or numbers work too; a number that is no NIK is compared as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.contracts import contracts, fold
from rantang.errors import RantangError
from rantang.intake.cells import code, work
from rantang.register.alike import Alike, alike, with_doubted
from rantang.register.candidates import CITY
from rantang.register.cluster import families_show, groups_within, kin_may_show, within_threshold
from rantang.register.decoys import LOOK, NEVER, Calibration, Threshold, calibrations, thresholds
from rantang.register.fields import lines, said
from rantang.register.levels import EQUAL_NAME, NEARLY_EQUAL, beside, two_members, two_people
from rantang.register.linkage import FIRST_FIELDS, Scored, Sides, best_links, certain_links, prepare, score
from rantang.register.model import PRIOR
from rantang.register.review import calibrated
from rantang.tables.intake import BASE
from rantang.tables.keep import Keep
from rantang.vocabulary import dates

# Which column of intake a role fills; `given_name` + `family_name` make `name`.
ROLES: Final[Mapping[str, str]] = {
    "name": "name",
    "given_name": "name",
    "family_name": "name",
    "mother_name": "mother",
    "birth_date": "birth_date",
    "birth_place": "birth_place",
    "sex": "sex",
    "national_id": "nik",
    "family_id": "kk",
    "street": "address",
    "rt": "rt",
    "rw": "rw",
    "area": "kelurahan",
    "postcode": "area_code",
}
# The contract whose aliases name the columns where there is no map, and roles it has no field for.
ANY_LIST: Final = "penduduk"
_ALIASES: Final[Mapping[str, tuple[str, ...]]] = {
    "given_name": ("given_name", "first_name", "nama_depan"),
    "family_name": ("family_name", "surname", "last_name", "nama_belakang"),
    "postcode": ("postcode", "postal_code", "zip", "kode_pos"),
}
GROUP: Final = "daftar"
SURE: Final = 0.99
LIKELY: Final = 0.5
# From here on two rows of B are held to be one person: neither a rival of the other nor a false link.
DOUBLE: Final = 0.9
SHORT: Final = 30_000
# More equal rows of a list than these are not compared: pairs would grow with the square, and a key that
# sixty rows share is not asked.
COPIES: Final = 10
MOST: Final = 0.5
NUMBER_FIRST: Final = r"^([0-9]+[A-Z]?) +([A-Z].*)$"


@dataclass(frozen=True)
class Pairs:
    """The answer: one line per pair (or per row of A that found nobody), and how it was reached."""

    table: ir.Table  # a, b (row numbers), probability, tier, decision
    threshold: Threshold
    calibration: Calibration


def known_columns(names: Sequence[str]) -> dict[str, str]:
    """Give the columns of a list their roles by the contracts' aliases; empty where none names a person."""
    sheet = {fold(name): name for name in names if name}
    roles: dict[str, str] = {}
    for role, column in ROLES.items():
        for alias in _ALIASES.get(role, (role, *contracts()[ANY_LIST].fields[column].aliases)):
            if fold(alias) in sheet:
                roles.setdefault(role, sheet[fold(alias)])
    return roles if {"name", "given_name", "family_name", "national_id"} & set(roles) else {}


def with_roles(table: ir.Table, roles: Mapping[str, str]) -> ir.Table:
    """Give a raw table (texts without blanks around them, ``row`` counting from 0) the columns of intake.

    Raises
    ------
    RantangError
        ``PETA-PERAN``: a role does not exist; ``PETA-KOLOM``: the list lacks the column.
    """
    for role, column in roles.items():
        if role not in ROLES:
            raise RantangError("PETA-PERAN", role=role, roles=", ".join(ROLES))
        if column not in table.columns:
            raise RantangError("PETA-KOLOM", column=column, columns=", ".join(table.columns))
    text = {role: table[column].cast("string").nullif("") for role, column in roles.items()}
    columns = {
        ROLES[role]: value for role, value in text.items() if role not in {"given_name", "family_name"}
    }
    if "given_name" in text or "family_name" in text:
        parts = [text[role].fill_null("") for role in ("given_name", "family_name") if role in text]
        whole = parts[0] if len(parts) == 1 else parts[0] + " " + parts[1]
        columns["name"] = whole.strip().nullif("")
    if not {"name", "nik"} & set(columns):
        raise RantangError("PETA-KOSONG", roles=", ".join(ROLES))
    return table.select(row=table.row, **columns)


def as_rows(table: ir.Table, list_name: str) -> ir.Table:
    """Complete to intake's columns (birth dates are read); the row number is the key of a row.

    Sex is read as intake reads it; an answer that no code list knows is missing.
    """
    typed = table
    if "sex" in table.columns:
        rule = code(table.sex, contracts()[ANY_LIST].fields["sex"], ibis.null("string"))
        worked, made = work(table, rule)
        typed = worked.mutate(sex=made["value"]).select(*table.columns)
    key = ibis.literal(list_name) + typed.row.cast("string").lpad(12, "0")
    missing = {
        column.name: ibis.null(column.type)
        for column in BASE
        if column.name not in {*typed.columns, "row_key"}
    }
    return typed.mutate(row_key=key, **missing).mutate(
        agency=ibis.literal(list_name), kind=ibis.literal(list_name), period=ibis.literal("0000-00")
    )


def with_foreign(identified: ir.Table, raw: ir.Table, keep: Keep) -> ir.Table:
    """Compare what a list from elsewhere says as it is, where the rules of Indonesia's lists do not fit it.

    Birth dates may be older than any resident's. Where most numbers are no NIK or KK at all, the number
    itself is the identifier (letters and digits, longer than three). Where most streets begin with their
    number (12 Oak Road), it is the house number. An area that is not known is its postcode, else its text.

    `identified` has the columns of ``IDENTIFIED``, `raw` those of `as_rows`.
    """
    joined = identified.inner_join(
        raw.select(
            "row_key", nik_raw="nik", kk_raw="kk", born="birth_date", area="kelurahan", postcode="area_code"
        ),
        "row_key",
    )
    written = {number: _alphanumeric(joined[f"{number}_raw"]) for number in ("nik", "kk")}
    begins = joined.street.re_search(NUMBER_FIRST)
    told = joined.aggregate(
        **{f"{number}_given": (text.length() > 3).sum() for number, text in written.items()},
        **{f"{number}_valid": joined[number].notnull().sum() for number in written},
        numbered=begins.cast("int8").mean(),
    )
    counts = told.to_pyarrow().to_pylist()[0]
    columns = {
        # A date too early for a living resident is a date all the same in a list from elsewhere.
        "birth_date": ibis.coalesce(joined.born, joined.birth_date),
        "birth_source": joined.born.notnull().ifelse("daftar", joined.birth_source),
        "birth_heaped": ibis.coalesce(
            joined.birth_heaped, dates.always_heaped(dates.month_and_day(joined.born))
        ),
        "kelurahan_code": _alphanumeric(
            ibis.coalesce(joined.kelurahan_code, joined.postcode, joined.area), "."
        ),
    }
    for number, text in written.items():
        if (counts[f"{number}_valid"] or 0) < MOST * (counts[f"{number}_given"] or 0):
            columns[number] = (text.length() > 3).ifelse(text, ibis.null("string"))
            columns[f"{number}_digits"] = ibis.null("string")
            if number == "nik":
                columns |= {"nik_birth": ibis.null("date"), "nik_sex": ibis.null("string")}
    if (counts["numbered"] or 0.0) >= MOST:
        plain = joined.house_number.isnull() & begins
        columns["house_number"] = plain.ifelse(joined.street.re_extract(NUMBER_FIRST, 1), joined.house_number)
        columns["street"] = plain.ifelse(joined.street.re_extract(NUMBER_FIRST, 2), joined.street)
    return keep(joined.mutate(**columns).select(*identified.columns), "identified_foreign")


def _alphanumeric(text: ir.StringValue, beside: str = "") -> ir.StringValue:
    """Return capital letters and digits alone (and what is allowed `beside` them); null where none."""
    return text.upper().re_replace(f"[^0-9A-Z{beside}]", "").nullif("")


def link_lists(a: ir.Table, b: ir.Table, keep: Keep) -> Pairs:
    """Link list `a` to list `b` (identified rows); no label is used to fit or to set a threshold."""
    left, right = _comparable(a, keep, "a"), _comparable(b, keep, "b")
    scored, kin = _scored(left, right, keep)
    sides = scored.sides
    best = best_links(scored, keep)
    limit = thresholds(scored, best, keep).get(GROUP, Threshold(NEVER, 0.0, 0, certified=False))
    steps = calibrations(scored, keep).get(GROUP, Calibration("none"))
    compared = ibis.union(
        scored.pairs, best.anti_join(scored.pairs, ["l", "r"]).select(*scored.pairs.columns)
    )
    pairs = _with_doubted(certain_links(compared, sides), sides, kin=kin)
    named = _decided(_numbered(pairs, left, right), limit.value, steps)
    shown = named.filter(named.decision != "none")
    rank = ibis.row_number().over(group_by="a", order_by=[named.p.desc(), named.b])
    rest = named.mutate(rank=rank).filter(lambda t: t.rank == 0).drop("rank").anti_join(shown, "a")
    alone = left.select(a=_row(left)).anti_join(named, "a")
    empty = alone.select(
        "a", b=ibis.null("int64"), p=ibis.null("float64"), probability=ibis.null("float64"),
        tier=ibis.literal("look"), decision=ibis.literal("none"),
    )  # fmt: skip
    table = ibis.union(shown, rest, empty).order_by("a", ibis.desc("p"), "b")
    return Pairs(keep(table, "linked"), limit, steps)


def dedupe_list(a: ir.Table, keep: Keep) -> Pairs:
    """Find the rows of one list that are the same person; each pair of a person's rows comes once.

    Of rows that say exactly the same a few are compared; what holds for them holds for further copies.
    """
    rows = _comparable(a, keep, "a")
    copies = keep(_copies(a, rows), "copies")
    compared = keep(rows.semi_join(copies.filter(copies.id == copies.stands), "id"), "compared")
    compared = keep(compared.inner_join(copies.select("id", "copied"), "id"), "compared_copies")
    scored = score(prepare(compared, compared, keep, within=True), keep, by_chance=True)
    value = within_threshold(scored.pairs.filter(scored.pairs.p >= LIKELY).p.to_pyarrow().to_numpy())
    matched = _closure(scored, value)
    steps = Calibration("none")
    near = scored.pairs.select("l", "r", "p")
    joined = matched.left_join(near, ["l", "r"]).select(
        "l", "r", p=lambda t: t.p.fill_null(value), decision=ibis.literal("match")
    )
    review = (
        near.filter(near.p >= LOOK).anti_join(matched, ["l", "r"]).mutate(decision=ibis.literal("review"))
    )
    pairs = _with_copies(keep(ibis.union(joined, review.select(*joined.columns)), "pairs"), copies)
    named = _numbered(pairs, rows, rows).mutate(probability=ibis.null("float64"), tier=_tier(ibis._.p))
    named = named.mutate(a=ibis.least(named.a, named.b), b=ibis.greatest(named.a, named.b))
    table = named.select("a", "b", "p", "probability", "tier", "decision").order_by("a", "b")
    return Pairs(keep(table, "doubles"), Threshold(value, 0.0, 0, certified=False), steps)


def _comparable(rows: ir.Table, keep: Keep, name: str) -> ir.Table:
    """Return `rows` as linking compares them, and how their names are written (`levels.two_people`)."""
    made = lines(rows.mutate(group=ibis.literal(GROUP)), by_content=True)
    words = rows.name.split(" ")
    written = rows.select(
        "row_key", letters=rows.name.replace(" ", "").split("").sort().join(""),
        written_first=words[0], written_last=words[words.length() - 1],
    )  # fmt: skip
    return keep(made.inner_join(written, "row_key"), name)


def _copies(a: ir.Table, rows: ir.Table) -> ir.Table:
    """Return ``id, stands, copied``: the row compared in place of it, and what rows say that are copies.

    The first `COPIES` of equal rows stand for themselves, the last of them for all further ones.
    """
    keyed = a.select("row_key", said=said(a)).inner_join(rows.select("row_key", "id"), "row_key")
    keyed = keyed.mutate(
        place=ibis.row_number().over(group_by="said", order_by="id"),
        first=keyed.id.min().over(group_by="said"),
        rows=keyed.id.count().over(group_by="said"),
    )
    # Equal rows are numbered one after the other.
    return keyed.select(
        "id",
        stands=keyed.first + ibis.least(keyed.place, COPIES - 1),
        copied=(keyed.rows > 1).ifelse(keyed.said.hash(), ibis.null("int64")),
    )


def _with_copies(pairs: ir.Table, copies: ir.Table) -> ir.Table:
    """Give further copies the pairs of the row that stood for them, and to each other."""
    ours, theirs = (
        copies.select("copied", l="stands", to_l="id"),
        copies.select("copied", r="stands", to_r="id"),
    )
    spread = pairs.inner_join(ours.drop("copied"), "l").inner_join(theirs.drop("copied"), "r")
    spread = spread.select("p", "decision", l="to_l", r="to_r")
    both = ours.select("copied", "l").distinct().filter(lambda t: t.copied.notnull())
    equal = pairs.inner_join(both, "l").inner_join(both.select(r="l", copied="copied"), ["r", "copied"])
    further = (
        equal.filter(equal.l + 1 == equal.r)
        .select("p", "decision", "r")
        .inner_join(theirs.select("r", l="to_r"), "r")
    )
    further = further.inner_join(theirs.select("r", "to_r"), "r").filter(lambda t: t.l < t.to_r)
    return ibis.union(spread, further.select("p", "decision", "l", r="to_r"))


def _with_doubted(pairs: ir.Table, sides: Sides, *, kin: bool) -> ir.Table:
    """Return ``l, r, p, certain, doubted``: no score joins two people who may be kin of nearly one name.

    Where both rows show one card, or other members of the family are found, its members were compared, too;
    that does not tell all of them apart (`levels.two_members`).
    """
    alone = pairs.filter(~pairs.kk.isin((1, 2)) & (pairs.support < 2))
    found = (two_people(alone, sides.left, sides.right), two_members(pairs, sides.left, sides.right))
    doubted = ibis.union(*found, distinct=True) if kin else pairs.select("l", "r").limit(0)
    joined = pairs.left_join(doubted.mutate(doubted=True), ["l", "r"])
    return joined.select("l", "r", "p", "certain", doubted=joined.doubted.fill_null(False))


def _scored(left: ir.Table, right: ir.Table, keep: Keep) -> tuple[Scored, bool]:
    """Score all pairs, knowing which rows of `right` are one person; also says whether kin may show in it.

    Nothing but its doubles is asked of a city's list with cards: only those who may be somebody of `left`
    are compared with each other, a tenth of the pairs. They are hardly ever two of one card, so whether kin
    may show is asked of the whole list, and so is how frequent a name is.
    """
    fast = left.count().to_pyarrow().as_py() > SHORT
    cards = _most(left.kk.notnull()) and _most(right.kk.notnull())

    def knowing(same: Mapping[int, int], among: Alike | None = None) -> Scored:
        return score(prepare(left, right, keep, same=same, fast_path=fast), keep, by_chance=True, alike=among)

    if not cards or right.count().to_pyarrow().as_py() < CITY:
        same, among, kin = _doubles(left, right, keep, cards=cards)
        return knowing(same, among), kin
    first = knowing({})
    near = ibis.union(first.pairs.filter(first.pairs.w >= 0).select("r"), first.sides.fast.select("r"))
    searched = keep(right.semi_join(near, [("id", "r")]), "near")
    same, _, kin = _doubles(left, searched, keep, cards=cards, register=right)
    return knowing(same) if same else first, kin


def _doubles(
    left: ir.Table, right: ir.Table, keep: Keep, *, cards: bool, register: ir.Table | None = None
) -> tuple[dict[int, int], Alike | None, bool]:
    """Which rows of `right` are one person (id to smallest id), how its other pairs of rows compare, and
    whether kin may show in it.

    Where both lists show cards, families are known and kin are a class of the model: how other pairs
    compare is not asked. `register` is the whole list where `right` is only a part of it.
    """
    scored = score(prepare(right, right, keep, within=True, register=register), keep, by_chance=True)
    pairs = keep(with_doubted(scored.pairs, PRIOR["name"]["M"]), "among")
    believed = pairs.filter(pairs.other <= 1 - DOUBLE)
    kin = kin_may_show(scored) or (register is not None and families_show(register))
    same = groups_within(replace(scored, pairs=believed), DOUBLE, kin=kin)
    if cards:
        return same, None, kin
    met = keep(_as_written(pairs, right), "met") if kin else pairs
    return same, alike(met, left, right, FIRST_FIELDS, PRIOR["name"]["T"]), kin


def _as_written(pairs: ir.Table, right: ir.Table) -> ir.Table:
    """Return `pairs` with names that folding alone makes equal (ANN and ANNE) as nearly equal.

    Twins may be called so. No score links such names where kin may show (`levels.lookalikes`), so they are
    not what somebody of just the same name, birth date and place may be mistaken for.
    """
    written = beside(pairs, right, right, "letters")
    folded = written.name.between(1, EQUAL_NAME) & (written.l_letters != written.r_letters)
    return written.mutate(name=folded.ifelse(NEARLY_EQUAL, written.name).cast("int8")).select(*pairs.columns)


def _most(told: ir.BooleanValue) -> bool:
    """Say whether most rows that answer say yes."""
    share = told.cast("int8").mean().to_pyarrow().as_py()
    return share is not None and share >= MOST


def _closure(scored: Scored, value: float) -> ir.Table:
    return _pairs_of(groups_within(scored, value, kin=kin_may_show(scored), careful=True))


def _pairs_of(group: Mapping[int, int]) -> ir.Table:
    table = ibis.memtable(
        {"id": list(group), "person": list(group.values())}, schema={"id": "int64", "person": "int64"}
    )
    one, other = table.select("person", l="id"), table.select("person", r="id")
    return one.inner_join(other, "person").filter(lambda t: t.l < t.r).select("l", "r")


def _row(rows: ir.Table) -> ir.IntegerValue:
    return rows.row_key.right(12).cast("int64")


def _numbered(pairs: ir.Table, left: ir.Table, right: ir.Table) -> ir.Table:
    named = pairs.inner_join(left.select(l="id", a=_row(left)), "l")
    return named.inner_join(right.select(r="id", b=_row(right)), "r").drop("l", "r")


def _tier(p: ir.FloatingValue) -> ir.StringValue:
    return ibis.cases((p >= SURE, "sure"), (p >= LIKELY, "likely"), else_="look")


def _decided(pairs: ir.Table, limit: float, steps: Calibration) -> ir.Table:
    group = ibis.literal(GROUP)
    decision = ibis.cases(
        (((pairs.p >= limit) & ~pairs.doubted) | pairs.certain, "match"),
        (pairs.p >= LOOK, "review"),
        else_="none",
    )
    return pairs.select(
        "a",
        "b",
        "p",
        probability=calibrated(pairs.p, group, {GROUP: steps}).round(6),
        tier=_tier(pairs.p),
        decision=decision,
    )


__all__ = [
    "ROLES", "Pairs", "as_rows", "dedupe_list", "link_lists", "with_foreign", "with_roles",
]  # fmt: skip
