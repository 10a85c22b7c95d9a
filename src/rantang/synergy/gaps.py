"""Each family: what it gets, what it could get and does not, and whether it gets nothing at all."""

from __future__ import annotations

import functools
import operator
from collections.abc import Mapping, Sequence

import ibis
import ibis.expr.types as ir

from rantang.synergy.lapses import months_known
from rantang.synergy.matrix import eligible
from rantang.synergy.programmes import KnownLists
from rantang.tables.facts import received
from rantang.tables.keep import Keep

ANY = "*"


def family_aid(
    families: ir.Table,
    persons: ir.Table,
    lapses: ir.Table,
    lists: KnownLists,
    keep: Keep,
) -> ir.Table:
    """Return every family's aid (`FAMILY_AID`, and `qualifies`: for a programme of main support)."""
    codes = lists.listed
    for_persons = lists.judged("individu")
    missed = persons.group_by("family_id").agg(
        **{f"miss_{code}": _missed(persons, code).sum() for code in for_persons},
        **{f"may_{code}": persons[eligible(code)].fill_null(False).any() for code in for_persons},
        persons=persons.count(),
    )
    t = families.left_join(missed, "family_id").drop("family_id_right")
    t = t.left_join(lapses, "family_id").drop("family_id_right")
    runs = (*lists.judged("keluarga"), *for_persons)
    may = {code: _may(t, code, code in for_persons) for code in runs}
    # Of a programme without a list nobody can say that the family does not get it.
    open_ = {code: _open(t, code, code in for_persons) for code in sorted(runs) if code in codes}
    main = [may[code] for code in runs if lists.programmes[code].main]
    qualifies = functools.reduce(operator.or_, main) if main else ibis.literal(False)
    held = {code: t[received(code)].fill_null(False) for code in codes}
    receives_any = functools.reduce(operator.or_, held.values()) if held else ibis.literal(False)
    kerak = (t.kelas == "kerak").fill_null(False)
    result = t.select(
        "family_id",
        "kelurahan_code",
        class_=t.kelas,
        programmes=_words(held),
        eligible_for=_words(open_),
        eligible_members=_counts(t, [code for code in open_ if code in for_persons]),
        qualifies=qualifies,
        gap=qualifies & ~receives_any if codes else ibis.null("boolean"),
        money=t.money,
        months_aided=t.months_aided.fill_null(0),
        lapse=kerak.ifelse(t.lapse, ibis.null("string")),
        never_aided=kerak & ibis.literal(months_known(lists) > 0) & (t.months_seen.fill_null(0) == 0),
        aided=receives_any,
    )
    return keep(result, "family_aid")


def _missed(persons: ir.Table, code: str) -> ir.BooleanValue:
    return persons[eligible(code)].fill_null(False) & ~persons[received(code)].fill_null(False)


def _may(t: ir.Table, code: str, personal: bool) -> ir.BooleanValue:
    return (t[f"may_{code}"] if personal else t[eligible(code)]).fill_null(False)


def _open(t: ir.Table, code: str, personal: bool) -> ir.BooleanValue:
    """Say whether the family (or a member) qualifies for a programme and does not get it."""
    if personal:
        return t[f"miss_{code}"].fill_null(0) > 0
    return t[eligible(code)].fill_null(False) & ~t[received(code)].fill_null(False)


def _counts(t: ir.Table, codes: Sequence[str]) -> ir.StringValue:
    """Write how many members qualify for each programme and do not get it."""
    if not codes:
        return ibis.literal("")
    missed = {code: t[f"miss_{code}"].fill_null(0) for code in codes}
    each = [
        (count > 0).ifelse(ibis.literal(f"{code}:") + count.cast("string") + " ", "")
        for code, count in missed.items()
    ]
    return functools.reduce(operator.add, each).strip()


def _words(flags: Mapping[str, ir.BooleanValue]) -> ir.StringValue:
    if not flags:
        return ibis.literal("")
    return functools.reduce(
        operator.add, [flag.ifelse(code + " ", "") for code, flag in flags.items()]
    ).strip()
