"""`contracts.md`: every kind of list, its fields, and the headers under which they are known."""

from __future__ import annotations

from collections.abc import Iterable

from rantang.contracts import Contract, Field, codes, contracts, person_fields
from rantang.reference.markdown import code, table
from rantang.reference.markdown import codes as marked
from rantang.reference.markdown import page as make

_INTRO = """
A contract says what a kind of list looks like: one file `src/rantang/contracts/KIND.toml`
([how to add one](../how-to/add-a-kind-of-list.md)). A header is known by its aliases; capitals, blanks and
marks do not matter (`NO_KK`, `No. KK` and `nokk` are one). Types are explained in
`src/rantang/contracts/__init__.py`.
"""
_PERSON = "What any list of people may have. A row needs a NIK or a name, nothing else."


def page() -> str:
    """Return the page."""
    kinds = contracts()
    return make(
        "Kinds of lists",
        _INTRO,
        table(
            ("kind", "title", "usually sent by", "told from others by"),
            (
                (f"[`{kind}`](#{kind})", each.title, code(each.agency), marked(each.marks))
                for kind, each in kinds.items()
            ),
        ),
        f"## Fields of every list\n\n{_PERSON}\n\n{_fields(person_fields().values())}",
        *(_section(each) for each in kinds.values()),
        "## Code lists\n\nHow answers are written in lists, and what they mean.",
        *(_answers(name) for name in codes()),
    )


def _section(contract: Contract) -> str:
    needs = " and ".join(" or ".join(map(code, group)) for group in contract.needs)
    own = [each for each in contract.fields.values() if not each.person]
    known = person_fields()
    more = [
        f"- `{each.name}`: {marked(each.aliases[: len(each.aliases) - len(known[each.name].aliases)])}"
        for each in contract.fields.values()
        if each.person and len(each.aliases) > len(known[each.name].aliases)
    ]
    return "\n\n".join(
        [
            f"## {contract.kind}",
            f"{contract.title}. A row needs {needs}.",
            _fields(own),
            *(["Further headers of fields that every list has:", "\n".join(more)] if more else []),
        ]
    )


def _fields(fields: Iterable[Field]) -> str:
    return table(
        ("field", "type", "meaning", "headers", "example"),
        (
            (
                code(f.name),
                _type(f),
                f.meaning + (" (secret)" if f.secret else ""),
                marked(f.aliases),
                code(f.example),
            )
            for f in fields
        ),
    )


def _type(field: Field) -> str:
    named = f"code `{field.codes}`" if field.type == "code" else field.type
    return named + (", required" if field.required else "")


def _answers(name: str) -> str:
    rows = ((code(each), marked(answers)) for each, answers in codes()[name].items())
    return f"### {name}\n\n{table(('code', 'answers'), rows)}"
