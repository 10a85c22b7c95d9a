"""The rules of validation: data in rules/*.toml, evaluated on three tables in one pass each.

A rule is one entry: when it holds (an expression over the columns of `subjects`), what follows, what
its evidence is, and the texts that the catalogue (`rantang.catalogue`) knows its code by.

    [[rule]]
    code = "PINDAH-DUKCAPIL"
    on = "person"                    # row | person | family
    when = "terdaftar and residen = 'pindah'"
    effect = "perlu-verifikasi"      # tidak-layak | perlu-verifikasi | catatan
    against = true                   # it speaks against the person
    to_family = false                # true: the whole family is under verification
    evidence = ["residen_sumber"]    # columns shown with the finding
    severity = "peringatan"          # peringatan | info
    acts = "kelurahan"               # who must act
    message = "By Dukcapil this person has moved away."     # Indonesian in locale/id/validation.po
    mend = "The kelurahan asks at the address."
    source = "Permensos 3/2021 art. 8(3)b"
"""

from __future__ import annotations

import functools
import operator
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal, cast

import ibis
import ibis.expr.types as ir

from rantang import catalogue
from rantang.expressions import Expression, parse
from rantang.tables.declare import Table
from rantang.tables.intake import FINDINGS
from rantang.tables.keep import Keep
from rantang.validation import subjects

Effect = Literal["tidak-layak", "perlu-verifikasi", "catatan"]
Subject = Literal["row", "person", "family"]

EFFECTS: Final = ("tidak-layak", "perlu-verifikasi", "catatan")
_TABLES: Final[Mapping[Subject, Table]] = {
    "row": subjects.ROWS,
    "person": subjects.PEOPLE,
    "family": subjects.FAMILIES,
}
SEVERITIES: Final = ("peringatan", "info")
_KEYS: Final = catalogue.TEXTS | {
    "code", "on", "when", "effect", "against", "to_family", "evidence", "column",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes
    ----------
    effect
        What follows for the subject. `tidak-layak` only follows from the person's own row; where
        that row is held to be theirs by a doubtful link it becomes `perlu-verifikasi`.
    against
        It speaks against the person: resting on a link, it needs a person's word.
    to_family
        The family of the person is under verification, too.
    evidence
        Columns that are shown with the finding.
    """

    code: str
    on: Subject
    when: Expression
    effect: Effect
    against: bool = False
    to_family: bool = False
    evidence: tuple[str, ...] = ()
    column: str = ""

    @property
    def severity(self) -> str:
        """Severity of its findings."""
        return catalogue.entries()[self.code].severity

    @property
    def acts(self) -> str:
        """Who must act."""
        return catalogue.entries()[self.code].acts

    @property
    def source(self) -> str:
        """Law or document it comes from."""
        return catalogue.entries()[self.code].source


@cache
def rules() -> tuple[Rule, ...]:
    """Return every rule, worst effect first, then in the order of the files.

    Raises
    ------
    ValueError
        A rule names a column, effect or code that does not exist, or comes twice.
    """
    found: list[Rule] = []
    folder = resources.files(__package__) / "rules"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            found += [read_rule(raw, file.name) for raw in tomllib.loads(file.read_text("utf-8"))["rule"]]
    codes = [rule.code for rule in found]
    twice = {code for code in codes if codes.count(code) > 1}
    if twice:
        raise ValueError(f"rules declared twice: {sorted(twice)}")
    return tuple(sorted(found, key=lambda rule: EFFECTS.index(rule.effect)))


def read_rule(raw: Mapping[str, Any], file: str) -> Rule:
    """Read and check one rule of a file."""
    code, on = str(raw.get("code", "")), cast(Subject, raw.get("on"))
    unknown = set(raw) - _KEYS
    if unknown or on not in _TABLES or raw.get("effect") not in EFFECTS:
        raise ValueError(
            f"{file}, {code}: {sorted(unknown) or raw.get('on')!r} {raw.get('effect')!r} do not fit"
        )
    missing = sorted(key for key in catalogue.TEXTS if not raw.get(key))
    if missing or raw["severity"] not in SEVERITIES:
        raise ValueError(f"{file}, {code}: {missing or raw['severity']!r} is missing or does not fit")
    table = _TABLES[on]
    columns = {column.name: column.type for column in table.columns}
    evidence = tuple(raw.get("evidence", ()))
    for name in evidence:
        if name not in columns:
            raise ValueError(f"{file}, {code}: no column {name} in {table.name}")
    return Rule(
        code=code,
        on=on,
        when=parse(str(raw["when"]), columns),
        effect=cast(Effect, raw["effect"]),
        against=bool(raw.get("against", False)),
        to_family=bool(raw.get("to_family", False)),
        evidence=evidence,
        column=str(raw.get("column", "")),
    )


def apply(table: ir.Table, on: Subject, keep: Keep) -> ir.Table:
    """Return one line per subject and rule that holds.

    The lines have the columns of `FINDINGS` and `effect` (what really follows) and `to_family`.
    """
    chosen = [rule for rule in rules() if rule.on == on]
    holds = {rule.code: rule.when.render(table).fill_null(False) for rule in chosen}
    any_holds = functools.reduce(operator.or_, holds.values())
    hit = table.mutate(
        code=ibis.array([held.ifelse(code, ibis.null("string")) for code, held in holds.items()])
    ).filter(any_holds)
    t = hit.mutate(code=hit.code.unnest())
    t = t.filter(t.code.notnull())
    t = t.inner_join(_table(chosen), "code")
    by_row = on == "row"
    own_word = t.baris_sendiri.fill_null(False) if by_row else ibis.literal(False)
    by_decision = (t.tingkat == "decided").fill_null(False)
    off = t.stated == "tidak-layak"
    subject = "family" if on == "family" else "person"
    found = t.mutate(
        subject=ibis.literal(subject),
        subject_id=t.family_id if on == "family" else t.person_id,
        value=t.nilai,
        evidence=_evidence(t, chosen, with_link=by_row),
        needs_word=t.against & ~by_decision & ~(off & own_word),
        effect=(off & ~own_word).ifelse("perlu-verifikasi", t.stated),
    )
    return keep(found.select(*FINDINGS_KEPT, "effect", "to_family"), f"findings_{on}")


FINDINGS_KEPT: Final = tuple(
    column.name for column in FINDINGS.columns if column.name not in ("file", "sheet", "row")
)


def _table(chosen: Sequence[Rule]) -> ir.Table:
    """Return what the findings take over from their rule."""
    types = {
        "code": "string",
        "severity": "string",
        "acts": "string",
        "column": "string",
        "stated": "string",
        "against": "boolean",
        "to_family": "boolean",
    }
    rows = [
        {
            "code": rule.code,
            "severity": rule.severity,
            "acts": rule.acts,
            "column": rule.column or None,
            "stated": rule.effect,
            "against": rule.against,
            "to_family": rule.to_family,
        }
        for rule in chosen
    ]
    return ibis.memtable(rows, schema=ibis.schema(types))


def _evidence(t: ir.Table, chosen: Sequence[Rule], with_link: bool) -> ir.StringValue:
    link = _pairs(t, ("daftar", "tingkat", "cara", "peluang")) if with_link else ibis.literal("")
    own = t.code.cases(
        *((rule.code, _pairs(t, rule.evidence)) for rule in chosen if rule.evidence), else_=ibis.literal("")
    )
    return (own + link).substr(2).nullif("")


def _pairs(t: ir.Table, names: Sequence[str]) -> ir.StringValue:
    parts = [(ibis.literal(f"; {name}=") + t[name].cast("string")).fill_null("") for name in names]
    return functools.reduce(operator.add, parts)
