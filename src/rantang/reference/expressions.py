"""`expressions.md`: the rule language and the facts that a programme's rule may read."""

from __future__ import annotations

from collections.abc import Iterable

from rantang.expressions import FUNCTIONS, MAX_LENGTH, OPERATORS, parse
from rantang.reference.markdown import code, codes, table
from rantang.reference.markdown import page as make
from rantang.tables.declare import Column
from rantang.tables.facts import FAMILY_FACTS, PERSON_FACTS, WELFARE_FACTS, WORDS, rule_columns

_INTRO = f"""
A rule is a small condition in the words of SQL. It is read, checked against the columns it may use, and run
on any engine; it can neither reach another table nor run code. At most {MAX_LENGTH:,} characters.

- and, or, not, brackets
- {codes(OPERATORS)}, `between … and …`, `in ('a', 'b')`
- `is null`, `is true`, `is false`
- {codes(f"{name}(…)" for name in FUNCTIONS)}
- numbers, `'texts'`, `true`, `false`

**Unknown stays unknown.** A fact of which no list speaks is null, and a condition on it is neither true nor
false: the family counts as *unanswered*, not as not eligible. To hold an unknown fact for "no", ask
`(desil_nasional <= 4) is true` or `not (keluarga_bertanda is true)`.

A mistake names what was written and what to write instead: codes `ATURAN-…` in [findings](findings.md).
The columns of validation's rules stand in [rules](rules.md).
"""
_EXAMPLES = (
    ("individu", "usia >= 60 and kk_satu_orang"),
    ("keluarga", "(desil_nasional <= 2) is true and not (keluarga_bertanda is true)"),
    ("individu", "bersekolah and jenjang in ('SD', 'SMP') and not menerima_pip"),
)
_RECEIVED = (
    "`menerima_CODE` (boolean): the family receives the programme CODE now, for instance `menerima_pkh`."
)


def page() -> str:
    """Return the page."""
    return make(
        "The rule language",
        _INTRO,
        "## Examples\n\n" + table(("for", "rule", "read out"), map(_example, _EXAMPLES)),
        '## Facts of a family\n\nFor programmes with `unit = "keluarga"`, and for all others too.\n\n'
        + _facts(FAMILY_FACTS.columns),
        '## Facts of a person\n\nOnly for programmes with `unit = "individu"`.\n\n'
        + _facts(PERSON_FACTS.columns),
        "## Facts of welfare\n\n"
        + table(("fact", "type", "in words"), ((code(n), t, WORDS[n]) for n, t in WELFARE_FACTS.items())),
        _RECEIVED,
    )


def _example(example: tuple[str, str]) -> tuple[str, str, str]:
    unit, text = example
    return code(unit), code(text), parse(text, rule_columns(unit, ("PIP",))).explain()


def _facts(columns: Iterable[Column]) -> str:
    allowed = rule_columns("individu")
    return table(
        ("fact", "type", "meaning"),
        ((code(c.name), c.type, c.meaning) for c in columns if c.name in allowed),
    )
