"""What of the report's numbers is said in two places: an office's work, stages, findings by code.

A number that is hidden in one place and printed in another is not hidden: each pair is declared here.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rantang.documents.disclosure import Key, Ledger
from rantang.documents.report.facts import Facts
from rantang.documents.work import KELURAHAN, SERIOUS, TASKS
from rantang.synergy.findings import LAPSE, NEVER

_SAME_STAGE: Final = (
    ("intake", "rows", ("rows", "*")),
    ("validation", "rows", ("persons", "*")),
    ("validation", "accepted", ("standing", "person", "layak")),
    ("validation", "refused", ("standing", "person", "tidak-layak")),
    ("validation", "held", ("standing", "person", "perlu-verifikasi")),
    ("welfare", "rows", ("area", "*", "families")),
    ("welfare", "held", ("class", "belum-didata")),
)
_SAME_FINDING: Final = (
    ("KELUARGA-TERLEWAT", ("area", "*", "gap")),
    ("KERAK-TERPUTUS", ("kerak", "lapsed")),
    ("KERAK-TANPA-BANTUAN", ("kerak", "never")),
    ("WARGA-TANPA-NIK", ("queue", "tanpa-nik")),
    ("GANDA-PENERIMA", ("reason", "GANDA-PENERIMA", "rows")),
)


def all_of(ledger: Ledger, whole: Key, parts: Iterable[Key]) -> None:
    """Declare parts that are all there is: their sum, or what few rows nobody in the city answers for.

    With a rest of its own a reader would not be taken to know that nothing is left over.
    """
    parts = tuple(parts)
    left = ledger.value(whole) - sum(ledger.value(part) for part in parts)
    if left == 0:
        ledger.sum(whole, parts)
    elif left > 0:
        ledger.rest(whole, parts)


def same(ledger: Ledger, one: Key, other: Key) -> None:
    """Declare that two numbers of the page are one, printed twice: hidden in one place, hidden in both."""
    if ledger.value(one) == ledger.value(other):
        ledger.sum(one, [other])


def work(ledger: Ledger, facts: Facts) -> None:
    """Enter what each office's work list holds, as it holds it."""
    offices = facts.raw.work
    for code, own in offices.agencies.items():
        for task in TASKS:
            ledger.count(("work", code, task), getattr(own, task))
        ledger.count(("agency", code, "findings"), own.findings + own.families)
        ledger.sum(("agency", code, "findings"), [("work", code, "findings"), ("work", code, "families")])
        same(ledger, ("work", code, "verify"), ("agency", code, "verify"))
        if own.lapsed:
            all_of(ledger, ("work", code, "lapsed"), [("kerak", "never"), ("kerak", "lapsed")])
            all_of(ledger, ("kerak", "*"), [("kerak", "unbroken"), ("work", code, "lapsed")])
        if own.papers:
            same(ledger, ("queue", "*"), ("work", code, "papers"))
    ledger.count(("work", "kelurahan", "findings"), offices.kelurahan.findings)
    codes = list(offices.agencies)
    ledger.count(("review", "*"), sum(own.pairs for own in offices.agencies.values()), keep=1)
    ledger.sum(("review", "*"), [("work", code, "pairs") for code in codes])
    _by_code(ledger, facts)


def _by_code(ledger: Ledger, facts: Facts) -> None:
    """Tie the offices' findings to those by code: what asks no agency to act, and what each is asked."""
    broken = any(own.lapsed for own in facts.raw.work.agencies.values())
    acts = {
        code: "" if severity not in SERIOUS or (broken and code in (LAPSE, NEVER)) else who
        for code, (severity, who, _) in facts.finding_codes.items()
    }
    agencies = [("agency", code, "findings") for code in facts.raw.work.agencies]
    others = [("finding", code) for code, who in acts.items() if who in ("", KELURAHAN)]
    all_of(ledger, ("findings", "*"), [*agencies, *others])
    for agency in facts.raw.work.agencies:
        asked = [("finding", code) for code, who in acts.items() if who == agency]
        all_of(ledger, ("agency", agency, "findings"), asked)
    told = sum(ledger.value(("finding", code)) for code, who in acts.items() if who == KELURAHAN)
    if told == facts.raw.work.kelurahan.findings:
        asked = [("finding", code) for code, who in acts.items() if who == KELURAHAN]
        ledger.sum(("work", "kelurahan", "findings"), asked)


def said_twice(ledger: Ledger, facts: Facts) -> None:
    """Tie what is printed in two places: stages and findings count what other parts count, too."""
    names = [stage["name"] for stage in facts.manifest.get("stages", ())]
    for stage, measure, key in _SAME_STAGE:
        if stage in names:
            same(ledger, ("stage", names.index(stage), measure), key)
    if "intake" in names:
        accepted = [("agency", agency.code, "accepted") for agency in facts.city.agencies]
        all_of(ledger, ("stage", names.index("intake"), "accepted"), accepted)
    for code, key in _SAME_FINDING:
        if code in facts.finding_codes and ledger.has(key):
            same(ledger, ("finding", code), key)
