"""Coverage of every programme in every kelurahan: reached, missed, doubled, wrongly reached."""

from __future__ import annotations

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from rantang.synergy.gaps import ANY
from rantang.synergy.matrix import UNKNOWN, eligible
from rantang.synergy.programmes import KnownLists
from rantang.tables.facts import received
from rantang.tables.keep import Keep
from rantang.tables.synergy import COVERAGE

CITY = "*"
_COUNTS = (
    "recipients",
    "unlinked",
    "eligible",
    "eligible_unknown",
    "eligible_served",
    "verify",
    "not_eligible",
    "unanswered",
    "doubles",
    "overlap",
    "money",
    "money_verify",
)
_KEYS = ("programme", "kelurahan_code")
_WORST = {"tidak-layak": 3, "perlu-verifikasi": 2, "tak-terjawab": 1}
"""Standings in doubt, the worst highest; any other is 0."""
_DOUBTED = {"perlu-verifikasi": "verify", "tidak-layak": "not_eligible", "tak-terjawab": "unanswered"}
"""Standing of a unit -> the column that counts it."""
_FROM_LISTS = tuple(name for name in (*_COUNTS, "gap") if name not in ("eligible", "eligible_unknown"))


def coverage(
    given: ir.Table, families: ir.Table, persons: ir.Table, aid: ir.Table, lists: KnownLists, keep: Keep
) -> ir.Table:
    """Return coverage by programme and kelurahan, with the city (`*`) and any programme (`*`)."""
    parts = _reached(given).union(_any_reached(given, aid))
    for units, kind in ((families, "keluarga"), (persons, "individu")):
        if lists.judged(kind):
            parts = parts.union(_targets(units, lists.judged(kind)))
    by_area = parts.group_by(_KEYS).agg(**{name: parts[name].sum() for name in _COUNTS})
    by_area = keep(by_area, "coverage_areas")
    city = by_area.group_by("programme").agg(**{name: by_area[name].sum() for name in _COUNTS})
    city = city.mutate(kelurahan_code=ibis.literal(CITY))
    both = by_area.select(*_KEYS, *_COUNTS).union(city.select(*_KEYS, *_COUNTS))
    t = both.left_join(_about(lists), "programme").drop("programme_right")
    heard = t.programme.isin((ANY, *lists.periods))
    t = t.mutate(gap=t.eligible - t.eligible_served)
    return keep(
        COVERAGE.conform(
            t.mutate(
                agency=t.agency.fill_null((t.programme == ANY).ifelse(ANY, ibis.null("string"))),
                unit=t.unit.fill_null((t.programme == ANY).ifelse("keluarga", "individu")),
                # A check that ran on nothing says nothing: without a list these are not 0 but unknown.
                **{name: heard.ifelse(t[name], ibis.null("int64")) for name in _FROM_LISTS},
                quota=(t.kelurahan_code == CITY).ifelse(t.quota, ibis.null("int64")),
            )
        ),
        "coverage",
    )


def _about(lists: KnownLists) -> ir.Table:
    rows = []
    for code, programme in lists.programmes.items():
        places = programme.quota_in(lists.period)
        rows.append(
            {
                "programme": code,
                "agency": programme.agency,
                "unit": programme.unit,
                "quota": places.count if places else None,
            }
        )
    schema = {"programme": "string", "agency": "string", "unit": "string", "quota": "int64"}
    return ibis.memtable(rows, schema=ibis.schema(schema))


def _counted(t: ir.Table, **counts: ir.Value) -> ir.Table:
    """Aggregate into the common columns; those not given are 0."""
    agged = t.group_by(_KEYS).agg(**counts)
    return agged.select(
        *_KEYS,
        **{
            name: agged[name].cast("int64") if name in counts else ibis.literal(0, "int64")
            for name in _COUNTS
        },
    )


def _reached(given: ir.Table) -> ir.Table:
    """Count the rows of the lists that speak of the period, per programme and kelurahan."""
    now = given.filter(given.current)
    now = now.mutate(
        kelurahan_code=now.kelurahan_code.fill_null(UNKNOWN),
        unit_id=(now.unit == "keluarga").ifelse(now.family_id, now.person_id),
    )
    units = _worst_of_units(now)
    return _counted(units, recipients=units.count(), **_doubts(units)).union(_counted_rows(now))


def _worst_of_units(rows: ir.Table) -> ir.Table:
    """Return each unit (`unit_id`) once per programme and kelurahan, by the worst of its rows.

    Later lists of aid given once repeat people.
    """
    linked = rows.filter(rows.linked & rows.unit_id.notnull())
    return linked.group_by([*_KEYS, "unit_id"]).agg(
        worst=linked.standing.cases(*_WORST.items(), else_=0).max(),
        both=linked.forbidden_with.notnull().any(),
    )


def _doubts(units: ir.Table) -> dict[str, ir.Value]:
    counts = {count: (units.worst == _WORST[standing]).sum() for standing, count in _DOUBTED.items()}
    return {**counts, "overlap": units.both.sum()}


def _counted_rows(rows: ir.Table) -> ir.Table:
    """Count what is a row's and no unit's: rows about nobody, rows beyond a person's first, rupiah."""
    wrong = rows.standing.isin(("perlu-verifikasi", "tidak-layak"))
    rupiah = rows.amount.fill_null(0)
    return _counted(
        rows,
        unlinked=(~rows.linked).sum(),
        doubles=rows.double.sum(),
        money=rupiah.sum(),
        money_verify=wrong.ifelse(rupiah, 0).sum(),
    )


def _targets(units: ir.Table, codes: Sequence[str]) -> ir.Table:
    """Count those for whom a rule holds, and those of them who are served: one pass for all rules."""
    units = units.mutate(area=units.kelurahan_code.fill_null(UNKNOWN))
    holds = {code: units[eligible(code)].fill_null(False) for code in codes}
    served = {code: holds[code] & units[received(code)].fill_null(False) for code in codes}
    wide = units.group_by("area").agg(
        **{f"e_{code}": held.sum() for code, held in holds.items()},
        **{f"u_{code}": units[eligible(code)].isnull().sum() for code in codes},
        **{f"s_{code}": held.sum() for code, held in served.items()},
        rows=lambda t: t.count(),
    )
    counts = {"e": "eligible", "u": "eligible_unknown", "s": "eligible_served"}
    cells = ibis.array(
        [
            ibis.struct(
                {"programme": ibis.literal(code), **{name: wide[f"{name}_{code}"] for name in counts}}
            )
            for code in codes
        ]
    )
    long = wide.select("area", cell=cells.unnest())
    long = long.select(
        kelurahan_code="area", programme=long.cell["programme"], **{name: long.cell[name] for name in counts}
    )
    return _counted(long, **{column: long[name].sum() for name, column in counts.items()})


def _any_reached(given: ir.Table, aid: ir.Table) -> ir.Table:
    """Count families over all programmes: any aid, any support they qualify for, any doubt."""
    aided = aid.mutate(programme=ibis.literal(ANY), kelurahan_code=aid.kelurahan_code.fill_null(UNKNOWN))
    qualifies, receives = aided.qualifies.fill_null(False), aided.programmes != ""
    families = _counted(
        aided,
        recipients=receives.sum(),
        eligible=qualifies.sum(),
        eligible_served=(qualifies & receives).sum(),
    )
    now = given.filter(given.current).mutate(programme=ibis.literal(ANY))
    doubted = _worst_of_units(now.mutate(kelurahan_code=now.home.fill_null(UNKNOWN), unit_id=now.family_id))
    rows = _counted_rows(now.mutate(kelurahan_code=now.kelurahan_code.fill_null(UNKNOWN)))
    return families.union(_counted(doubted, **_doubts(doubted))).union(rows)
