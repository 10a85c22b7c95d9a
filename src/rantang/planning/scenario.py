"""What if: a scenario is a TOML file that says what changes; the rest stays as it is.

    title = "Rantang Kasih for all who qualify"
    targeting = "sekarang"                 # sekarang | henti-bocor | kerak | sempurna
    [[programme]]
    code = "RANTANG"
    give = "layak"                         # layak: all who qualify; henti: nobody; sekarang: as now
    places = 171                           # at most so many; the neediest enter first
    benefit = 250_000                      # rupiah a month for each place
    rule = "lansia and persentil_kota <= 10"   # another rule; over facts that an edition holds
    [[cost]]                               # the same places at another price
    label = "budget ceiling"
    programme = "RANTANG"
    rupiah = 11_538_462
    source = "…"
    [line]
    factor = 1.05
    [[budget]]
    agency = "dinsos"
    factor = 1.2                           # or rupiah = …
    [shock]
    streets = ["…"]                        # kelurahan = ["…"]; neither: everyone
    loss = 0.3
    from = "2022-12"
    until = "2023-02"

What it changes is checked before anything runs; an error names the entry and what to write instead.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from typing import Any, Final

from rantang.errors import RantangError
from rantang.planning.problem import Rules

TARGETING: Final = ("sekarang", "henti-bocor", "kerak", "sempurna")
GIVE: Final = ("sekarang", "layak", "henti")
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_KEYS: Final = ("title", "note", "targeting", "programme", "cost", "line", "budget", "shock")


@dataclass(frozen=True, slots=True)
class Change:
    """What happens to a programme.

    Attributes
    ----------
    give
        `layak` gives it to all who qualify, `henti` to nobody, `sekarang` to those who have it.
    places
        Places at most; nobody who has one loses it. None: no limit.
    benefit
        Rupiah a month for each place; None: as now.
    rule
        Who qualifies, in the rule language; empty: the programme's own rule.
    """

    code: str
    give: str = "sekarang"
    places: int | None = None
    benefit: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """Another price of a programme's place, rupiah a year, with its source."""

    label: str
    programme: str
    rupiah: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Shock:
    """A loss of consumption that ends: a share of it, for some months, of families that live there."""

    loss: float
    from_: str
    until: str
    streets: tuple[str, ...] = ()
    kelurahan: tuple[str, ...] = ()

    @property
    def months(self) -> int:
        """Months it lasts, both ends counted."""
        return _number(self.until) - _number(self.from_) + 1


@dataclass(frozen=True, slots=True)
class Scenario:
    """What changes against the present."""

    name: str
    title: str
    targeting: str = "sekarang"
    programmes: tuple[Change, ...] = ()
    costs: tuple[Cost, ...] = ()
    line_factor: float = 1.0
    budgets: tuple[tuple[str, float, int | None], ...] = ()
    shock: Shock | None = None
    note: str = ""

    def rules(self, rules: Rules) -> Rules:
        """Return a plan's rules under this scenario: line and budgets."""
        budgets = dict(rules.budgets)
        for agency, factor, rupiah in self.budgets:
            budgets[agency] = int(budgets.get(agency, 0) * factor) if rupiah is None else rupiah
        return replace(rules, line=rules.line * self.line_factor, budgets=budgets)


def built_in() -> tuple[str, ...]:
    """Return the names of the scenarios that come with Rantang."""
    folder = resources.files(__package__) / "scenarios"
    return tuple(sorted(entry.name[:-5] for entry in folder.iterdir() if entry.name.endswith(".toml")))


def load(name: str) -> Scenario:
    """Return a scenario that comes with Rantang.

    Raises
    ------
    RantangError
        `SKENARIO-TAK-DIKENAL`.
    """
    return read(name, text(name))


def text(name: str) -> str:
    """Return the file of a scenario that comes with Rantang.

    Raises
    ------
    RantangError
        `SKENARIO-TAK-DIKENAL`.
    """
    if name not in built_in():
        raise RantangError("SKENARIO-TAK-DIKENAL", name=name, known=", ".join(built_in()))
    return (resources.files(__package__) / "scenarios" / f"{name}.toml").read_text("utf-8")


def read(name: str, toml: str, programmes: Sequence[str] = (), agencies: Sequence[str] = ()) -> Scenario:
    """Read a scenario.

    Parameters
    ----------
    programmes, agencies
        Known codes; empty: not checked.

    Raises
    ------
    RantangError
        `SKENARIO-SINTAKS`, `SKENARIO-ISI`: the entry and what to write instead.
    """
    try:
        raw = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise RantangError("SKENARIO-SINTAKS", name=name, why=str(error)) from error
    check = _Check(name, tuple(programmes), tuple(agencies))
    check.keys(raw, _KEYS, "")
    targeting = check.one_of(raw.get("targeting", "sekarang"), TARGETING, "targeting")
    line = raw.get("line", {})
    check.keys(line, ("factor",), "line")
    return Scenario(
        name=name,
        title=check.text(raw.get("title"), "title"),
        targeting=targeting,
        programmes=tuple(_change(check, entry) for entry in raw.get("programme", ())),
        costs=tuple(_cost(check, entry) for entry in raw.get("cost", ())),
        line_factor=check.number(line.get("factor", 1.0), "line.factor", 0.1, 10.0),
        budgets=tuple(_budget(check, entry) for entry in raw.get("budget", ())),
        shock=_shock(check, raw["shock"]) if "shock" in raw else None,
        note=str(raw.get("note", "")),
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """Reads entries of one file; every refusal names file, entry and way out."""

    name: str
    programmes: tuple[str, ...]
    agencies: tuple[str, ...]

    def wrong(self, where: str, value: object, instead: str) -> RantangError:
        return RantangError("SKENARIO-ISI", name=self.name, where=where, value=value, instead=instead)

    def keys(self, raw: object, known: Sequence[str], where: str) -> None:
        if not isinstance(raw, Mapping):
            raise self.wrong(where, raw, "[…]")
        if unknown := sorted(set(raw) - set(known)):
            raise self.wrong(where or "—", unknown[0], ", ".join(known))

    def text(self, value: object, where: str) -> str:
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(where, value, "…")
        return value

    def one_of(self, value: object, known: Sequence[str], where: str) -> str:
        if value not in known:
            raise self.wrong(where, value, ", ".join(known))
        return str(value)

    def code(self, value: object, known: Sequence[str], where: str) -> str:
        return self.one_of(value, known, where) if known else self.text(value, where)

    def number(self, value: object, where: str, low: float, high: float) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(where, value, f"{low:g} – {high:g}")
        return float(value)

    def whole(self, raw: Mapping[str, Any], key: str, most: float) -> int | None:
        return round(self.number(raw[key], f"programme.{key}", 0, most)) if key in raw else None

    def texts(self, value: object, where: str) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            raise self.wrong(where, value, '["…", "…"]')
        return tuple(value)


def _change(check: _Check, raw: Mapping[str, Any]) -> Change:
    check.keys(raw, ("code", "give", "places", "benefit", "rule"), "programme")
    code = check.code(raw.get("code"), check.programmes, "programme.code")
    if not set(raw) - {"code"}:
        raise check.wrong(f"programme {code}", "—", "give | places | benefit | rule")
    rule = check.text(raw["rule"], "programme.rule") if "rule" in raw else ""
    give = check.one_of(
        raw.get("give", "layak" if rule or "places" in raw else "sekarang"), GIVE, "programme.give"
    )
    return Change(
        code, give, check.whole(raw, "places", 1e9), check.whole(raw, "benefit", 1e9), rule,
    )  # fmt: skip


def _cost(check: _Check, raw: Mapping[str, Any]) -> Cost:
    check.keys(raw, ("label", "programme", "rupiah", "source"), "cost")
    code = check.code(raw.get("programme"), check.programmes, "cost.programme")
    rupiah = check.number(raw.get("rupiah"), "cost.rupiah", 0, 1e12)
    return Cost(check.text(raw.get("label"), "cost.label"), code, round(rupiah), str(raw.get("source", "")))


def _budget(check: _Check, raw: Mapping[str, Any]) -> tuple[str, float, int | None]:
    check.keys(raw, ("agency", "factor", "rupiah"), "budget")
    agency = check.code(raw.get("agency"), check.agencies, "budget.agency")
    if ("factor" in raw) == ("rupiah" in raw):
        raise check.wrong("budget", agency, "factor | rupiah")
    if "rupiah" in raw:
        return agency, 1.0, round(check.number(raw["rupiah"], "budget.rupiah", 0, 1e15))
    return agency, check.number(raw["factor"], "budget.factor", 0, 100), None


def _shock(check: _Check, raw: Mapping[str, Any]) -> Shock:
    check.keys(raw, ("loss", "from", "until", "streets", "kelurahan"), "shock")
    months = [check.text(raw.get(key), f"shock.{key}") for key in ("from", "until")]
    for key, month in zip(("from", "until"), months, strict=True):
        if not _MONTH.fullmatch(month):
            raise check.wrong(f"shock.{key}", month, "2022-12")
    if months[1] < months[0] or _number(months[1]) - _number(months[0]) > 11:
        raise check.wrong("shock.until", months[1], f"{months[0]} – +11")
    return Shock(
        check.number(raw.get("loss"), "shock.loss", 0.0, 1.0), months[0], months[1],
        check.texts(raw.get("streets", []), "shock.streets"),
        check.texts(raw.get("kelurahan", []), "shock.kelurahan"),
    )  # fmt: skip


def _number(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
