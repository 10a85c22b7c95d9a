"""`places.md`: what each place that comes with the package is made of, its programmes above all."""

from __future__ import annotations

from rantang.cities import City, Programme, load, places
from rantang.reference.markdown import code, codes, table
from rantang.reference.markdown import page as make

_INTRO = """
Places that come with Rantang (`src/rantang/cities/`): a place is data, and another one is another folder
([how to add a place](../how-to/add-a-city.md), [a programme](../how-to/add-a-programme.md)). Sources, yearly
budgets and places stand in the files themselves.

**assumption**: no figure is published; the value is assumed, and shown as such wherever it is used.
"""


def page() -> str:
    """Return the page."""
    return make("Places and programmes", _INTRO, *(_section(name, load(name)) for name in places()))


def _section(name: str, city: City) -> str:
    agencies = table(
        ("agency", "name", "role"),
        (
            (code(a.code), a.name, a.role + ("" if a.gives_lists else ", gives no list"))
            for a in city.agencies
        ),
    )
    programmes = table(
        (
            "code",
            "name",
            "agency",
            "unit",
            "kind of aid",
            "who qualifies",
            "what one gets",
            "not together with",
        ),
        (_programme(each) for each in city.programmes),
    )
    size = f"{len(city.areas)} {city.terms.get('village', 'areas')}, {len(city.agencies)} agencies, "
    return f"## {name}\n\n{city.name}: {size}{len(city.programmes)} programmes.\n\n{agencies}\n\n{programmes}"


def _programme(each: Programme) -> tuple[str, ...]:
    rule = code(each.rule_text) + (" (assumption)" if each.rule_asumsi and each.rule_text else "")
    return (
        code(each.code), each.name, each.agency, each.unit, each.aid, rule, _amount(each),
        codes(each.exclusive_with),
    )  # fmt: skip


def _amount(programme: Programme) -> str:
    amount = max(programme.amounts, key=lambda each: each.from_, default=None)
    if amount is None:
        return "not known"
    times = f"{amount.times} × " if amount.times > 1 else ""
    per = "once" if amount.per == "once" else f"a {amount.per}"
    if amount.per == "meal":
        per = f"a meal, {amount.times} a day" if amount.times > 1 else "a meal"
        times = ""
    return f"{times}Rp {amount.rupiah:,} {per}" + (" (assumption)" if amount.asumsi else "")
