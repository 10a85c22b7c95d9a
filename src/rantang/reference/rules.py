"""`rules.md`: the rules of validation, and the columns they may read."""

from __future__ import annotations

from rantang import catalogue
from rantang.reference.markdown import code, codes, table
from rantang.reference.markdown import page as make
from rantang.tables.declare import Table
from rantang.validation import Rule, rules, subjects

_INTRO = """
May this person or family stay on the list? Each rule is one entry in `src/rantang/validation/rules/`
([how to add one](../how-to/add-a-rule.md)); for each there is a case "given these rows, this follows" in
`tests/spec/test_validation_rules.py`, run on DuckDB and, for most, on Spark.

What follows:

- `tidak-layak` (not eligible) only from the person's own row. Where that row is held to be theirs by a
  doubtful link, it becomes `perlu-verifikasi`.
- `perlu-verifikasi` (to be verified): somebody must look. **with family**: the family, too.
- `catatan` (a note): the standing stays.

**needs a word**: it speaks against a person and reaches them over a link, so a person must confirm it.
"""


def page() -> str:
    """Return the page."""
    return make(
        "Rules of validation",
        _INTRO,
        table(
            ("code", "about", "when", "follows", "who acts", "source"),
            (
                (code(r.code), r.on, code(r.when.text), _follows(r), r.acts, r.source)
                for r in rules()
            ),
        ),
        "## What they say\n\n" + table(
            ("code", "severity", "message", "what to do"),
            ((code(r.code), r.severity, _entry(r).message, _entry(r).mend) for r in rules()),
        ),
        "## Columns a rule may read\n\nDeclared in `src/rantang/validation/subjects.py`. The language: "
        "[expressions](expressions.md).",
        *(_columns(on, each) for on, each in _SUBJECTS.items()),
    )  # fmt: skip


_SUBJECTS = {"row": subjects.ROWS, "person": subjects.PEOPLE, "family": subjects.FAMILIES}


def _follows(rule: Rule) -> str:
    return ", ".join(
        [
            code(rule.effect),
            *(["with family"] if rule.to_family else []),
            *(["needs a word"] if rule.against else []),
        ]
    )


def _entry(rule: Rule) -> catalogue.Entry:
    return catalogue.entries()[rule.code]


def _columns(on: str, each: Table) -> str:
    rows = ((code(c.name), c.type, c.meaning) for c in each.columns)
    used = codes(sorted(rule.code for rule in rules() if rule.on == on))
    return f'### on = "{on}"\n\nOne row: {each.row}. Rules: {used}.\n\n' + table(
        ("column", "type", "meaning"), rows
    )
