"""Blocking: which pairs of rows are worth comparing.

A union of equalities. On synthetic residents of a city 23 pairs a row held .999 of the true
pairs; a rule that is too common (a key shared by more than `MOST` register rows) is left out for
that key, so the number of pairs grows with the lists and not with their product.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import ibis
import ibis.expr.types as ir

from rantang.tables.keep import Keep

MOST: Final = 60
MOST_OF_BROAD: Final = 12
RARE_NAME: Final = 8
CITY: Final = 200_000
# Rules that are sharp in a small list and useless in a city: only their rare keys are used.
BROAD: Final = frozenset(
    {"born", "place", "first-kelurahan", "last-kelurahan", "mother", "first-street", "last-street"}
)

Keys = Mapping[str, ir.Value]


def _together(*parts: ir.StringValue) -> ir.StringValue:
    """Join key parts; null as soon as one is null."""
    key = parts[0]
    for part in parts[1:]:
        key = key + "|" + part
    return key


def blocking_keys(rows: ir.Table) -> Keys:
    """Return every blocking rule's key for `rows` (columns of `fields.comparable`).

    Texts are hashed and numbers read as numbers, so that rules join whole numbers; two texts with one
    hash would only propose one more pair to compare.
    """
    born = ibis.coalesce(rows.born, rows.nik_born)
    year, month, day = (part.cast("string") for part in (born.year(), born.month(), born.day()))
    letter = rows.name.substr(0, 1)
    texts = {
        "kk15-first": _together(rows.kk15, rows.first),
        "born-first": _together(born.cast("string"), rows.first),
        "born-last": _together(born.cast("string"), rows.last),
        "region-ym-first": _together(rows.nik_region, year, month, rows.first),
        "region-yd-first": _together(rows.nik_region, year, day, rows.first),
        "region-md-first": _together(rows.nik_region, month, day, rows.first),
        "sorted-kelurahan": _together(rows.sorted_, rows.kelurahan),
        "sorted-street": _together(rows.sorted_, rows.street),
        "sorted-born-year": _together(rows.sorted_, year),
        "joined-kelurahan": _together(rows.joined, rows.kelurahan),
        "place-first": _together(rows.place, rows.kelurahan, rows.first),
        "place-last": _together(rows.place, rows.kelurahan, rows.last),
        "place-letter": _together(rows.place, rows.kelurahan, letter),
        "mother-first": _together(rows.mother, rows.first),
        "born": born.cast("string"),
        "place": _together(rows.place),
        "first-kelurahan": _together(rows.first, rows.kelurahan),
        "last-kelurahan": _together(rows.last, rows.kelurahan),
        "first-street": _together(rows.first, rows.street),
        "last-street": _together(rows.last, rows.street),
        "mother": rows.mother,
        "name": (rows.frequency <= RARE_NAME).ifelse(rows.sorted_, ibis.null("string")),
        "joined": (rows.frequency <= RARE_NAME).ifelse(rows.joined, ibis.null("string")),
    }
    numbers = {name: _number(rows[name]) for name in ("nik", "nik15", "kk")}
    # Inside one list: rows that say the very same (`linking.dedupe_list`).
    copies = {"copied": rows.copied} if "copied" in rows.columns else {}
    return numbers | copies | {rule: _hashed(text) for rule, text in texts.items()}


def _number(text: ir.StringValue) -> ir.IntegerValue:
    """Return the number that a text is. Numbers from elsewhere may have letters or more digits than fit.

    Only those are hashed: the engine's hash of a short text of digits is poor (one NIK in fifty met another).
    """
    return ibis.coalesce(text.try_cast("int64"), _hashed(text))


def _hashed(text: ir.StringValue) -> ir.IntegerValue:
    return text.notnull().ifelse(text.hash(), ibis.null("int64"))


def candidates(left: ir.Table, right: ir.Table, keep: Keep, *, within: bool = False) -> ir.Table:
    """Return the pairs ``l, r`` (ids) that at least one blocking rule proposes.

    With `within`, left and right are the same rows and each pair comes once, ``l < r``.
    """
    city = right.count().to_pyarrow().as_py() >= CITY
    rules = [rule for rule in blocking_keys(right) if not (city and rule in BROAD)]
    ours, theirs = (keep(_keys(rows, rules), f"keys_{side}") for rows, side in ((left, "l"), (right, "r")))
    pairs = ibis.union(*(_proposed(ours, theirs, rule) for rule in rules)).distinct()
    return keep(pairs.filter(pairs.l < pairs.r) if within else pairs, "candidates")


def _keys(rows: ir.Table, rules: Sequence[str]) -> ir.Table:
    """Return ``id`` and a column of keys per rule."""
    keys = blocking_keys(rows)
    return rows.select("id", **{rule: keys[rule] for rule in rules})


def _proposed(ours: ir.Table, theirs: ir.Table, rule: str) -> ir.Table:
    """Return the pairs that share a rule's key, unless the key is too common among `theirs`."""
    left, right = ours.select(l="id", key=rule), theirs.select(r="id", key=rule)
    asked = right.semi_join(left, "key")  # no join matches rows without a key
    most = MOST_OF_BROAD if rule in BROAD else MOST
    usable = asked.group_by("key").agg(n=lambda t: t.count()).filter(lambda t: t.n <= most)
    return left.inner_join(asked.semi_join(usable, "key"), "key").select("l", "r")
