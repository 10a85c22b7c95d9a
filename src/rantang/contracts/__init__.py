"""What lists look like: one TOML file per kind of list.

A file `KIND.toml` in this folder is a contract::

    title = "Health"
    agency = "dinkes"                 # who usually sends it (optional)
    marks = ["hamil", "stunting"]     # fields that tell this kind from the others
    needs = [["nik", "name"]]         # each group: a row or sheet needs at least one of them
    relation_codes = "siak"           # how a number in the relation column is read (optional)

    [fields.hamil]
    type = "boolean"
    meaning = "Pregnant"
    aliases = ["Hamil", "Ibu Hamil"]
    example = "YA"

Every contract takes over the fields of `_dasar.toml` (what any list of people may have); a field of
the same name in the kind's own file adds its aliases before them. Types:

`text`, `name`, `phone`, `digits`
    Text; `digits` keeps digits only (an area code, a NISN).
`nik`, `kk`
    Numbers of Dukcapil.
`date`, `month`, `place_date`, `rt_rw`
    A date in any common form; a month `YYYY-MM`; two things in one cell.
`integer`, `decimal`, `money`
    Numbers with Indonesian or English separators; `min` and `max` bound them. `600.000` is six hundred
    thousand as `money`, and as an `integer` that may be so large; it is six hundred as `decimal`.
`boolean`
    Yes or no; `true` and `false` add words; with `any_text` another word means yes (a kind of
    disability in a yes-or-no column), unless it denies (`Tidak cacat`).
`code`
    One of the codes of a list in `_kode.toml`; with `keep_unknown` another word stays as written.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import resources
from typing import Any, Final

from rantang.tables.declare import Column
from rantang.tables.intake import BASE

TYPES: Final = frozenset(
    ("text", "name", "phone", "digits", "nik", "kk", "date", "month", "place_date", "rt_rw", "integer",
     "decimal", "money", "boolean", "code")
)  # fmt: skip
_IBIS: Final = {
    "date": "date",
    "integer": "int64",
    "decimal": "float64",
    "money": "float64",
    "boolean": "boolean",
}
_DASAR, _KODE, _KATA = "_dasar", "_kode", "_kata"
_COUNTED: Final = re.compile(r"\s*[(\[]\s*\d+\s*[)\]]\s*$")
_IN_BRACKETS: Final = re.compile(r"[(\[][^)\]]*[)\]]")
_NUMBERED: Final = re.compile(r"^\s*(?:\d+\s*[.)]\s+|[a-z][.)]\s+)(?=\D)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a contract.

    Attributes
    ----------
    name
        Canonical name: a column of `tables.intake.BASE`, or the kind's own.
    into
        Column it fills, where that is not `name`.
    person
        Taken from `_dasar.toml`: what any list of people may have.
    """

    name: str
    type: str
    meaning: str
    aliases: tuple[str, ...]
    example: str = ""
    required: bool = False
    secret: bool = False
    codes: str = ""
    keep_unknown: bool = False
    any_text: bool = False
    min: float | None = None
    max: float | None = None
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    into: str = ""
    person: bool = False

    @property
    def column(self) -> str:
        """Column of the typed rows that this field fills."""
        return self.into or self.name

    @property
    def ibis_type(self) -> str:
        """Type of the typed column."""
        return _IBIS.get(self.type, "string")


@dataclass(frozen=True)
class Contract:
    """What lists of one kind look like."""

    kind: str
    title: str
    fields: Mapping[str, Field]
    marks: tuple[str, ...] = ()
    agency: str = ""
    needs: tuple[tuple[str, ...], ...] = (("nik", "name"),)
    relation_codes: str = "regsosek"
    _own: tuple[Column, ...] = field(init=False, repr=False, compare=False, default=())

    def __post_init__(self) -> None:
        base = {column.name for column in BASE}
        own = tuple(
            Column(each.name, each.ibis_type, each.meaning, secret=each.secret)
            for each in self.fields.values()
            if not each.person and each.column not in base
        )
        object.__setattr__(self, "_own", own)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The kind's own columns, which follow those of `tables.intake.BASE`."""
        return self._own

    @property
    def people(self) -> bool:
        """Whether a row of this kind stands for a person (survey microdata does not need one)."""
        return any({"nik", "name"} & set(group) for group in self.needs)


def fold(header: str) -> str:
    """Fold a header to what is compared: letters and digits only, without case, counters and brackets' dots.

    ``"4. No. KK (12)"`` and ``"NO_KK"`` both give ``"nokk"``.
    """
    text = unicodedata.normalize("NFKC", header).casefold()
    text = _NUMBERED.sub("", _COUNTED.sub("", text))
    return "".join(letter for letter in text if letter.isalnum())


def fold_short(header: str) -> str:
    """Fold a header without what stands in brackets: ``"Nama (sesuai KTP)"`` gives ``"nama"``."""
    return fold(_IN_BRACKETS.sub(" ", header))


def fold_answer(answer: str) -> str:
    """Fold an answer as `_kode.toml` writes it: capitals, other marks as one blank."""
    text = unicodedata.normalize("NFKC", answer).upper()
    return re.sub(r"[^0-9A-Z√✓✔]+", " ", text).strip()


def _load(name: str) -> dict[str, Any]:
    with (resources.files(__name__) / f"{name}.toml").open("rb") as stream:
        return tomllib.load(stream)


def _field(name: str, raw: Mapping[str, Any], where: str, *, person: bool = False) -> Field:
    values: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in raw.items()}
    made = Field(name=name, person=person, **values)
    if made.type not in TYPES:
        raise ValueError(f"{where}: field {name} has the unknown type {made.type!r}")
    if made.type == "code" and made.codes not in codes():
        raise ValueError(f"{where}: field {name} names the unknown code list {made.codes!r}")
    return replace(made, secret=made.secret or made.type in {"nik", "kk", "phone"})


@cache
def codes() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the code lists: list → code → the folded answers that mean it."""
    return {
        name: {code: tuple(fold_answer(word) for word in words) for code, words in answers.items()}
        for name, answers in _load(_KODE).items()
    }


@dataclass(frozen=True)
class Words:
    """Words in cells: those that say nothing, anywhere or where a person is asked; months by number."""

    nothing: tuple[str, ...]
    nobody: tuple[str, ...]
    months: Mapping[int, tuple[str, ...]]


@cache
def words() -> Words:
    """Return the words of `_kata.toml`."""
    raw = _load(_KATA)
    months = {int(number): tuple(names) for number, names in raw["months"].items()}
    return Words(tuple(raw["nothing"]), tuple(raw["nobody"]), months)


@cache
def ignored() -> frozenset[str]:
    """Return folded headers that look like a field and are another thing: never proposed."""
    return frozenset(fold(header) for header in _load(_DASAR)["ignore"]["aliases"])


def _contract(kind: str, person: Mapping[str, Field]) -> Contract:
    raw = _load(kind)
    fields = dict(person)
    for name, values in raw.pop("fields", {}).items():
        if name in person:
            older = person[name]
            extra = tuple(values.get("aliases", ()))
            rest = {key: value for key, value in values.items() if key != "aliases"}
            fields[name] = replace(older, aliases=extra + older.aliases, **rest)
        else:
            fields[name] = _field(name, values, f"{kind}.toml")
    unknown = [mark for mark in raw.get("marks", ()) if mark not in fields]
    if unknown:
        raise ValueError(f"{kind}.toml: marks {unknown} are not fields")
    needs = tuple(tuple(group) for group in raw.pop("needs", [["nik", "name"]]))
    return Contract(kind=kind, fields=fields, needs=needs, **_tuples(raw))


def _tuples(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


@cache
def person_fields() -> Mapping[str, Field]:
    """Return the fields that any list of people may have (`_dasar.toml`)."""
    return {
        name: _field(name, values, "_dasar.toml", person=True)
        for name, values in _load(_DASAR)["fields"].items()
    }


@cache
def contracts() -> Mapping[str, Contract]:
    """Return every contract by its kind, in the order of their names.

    Raises
    ------
    ValueError
        A file names an unknown type, code list or mark.
    """
    kinds = sorted(
        file.name.removesuffix(".toml")
        for file in resources.files(__name__).iterdir()
        if file.name.endswith(".toml") and not file.name.startswith("_")
    )
    return {kind: _contract(kind, person_fields()) for kind in kinds}


def columns(kind: str) -> tuple[Column, ...]:
    """Return all columns of typed rows of `kind`: `tables.intake.BASE`, then the kind's own."""
    return BASE + contracts()[kind].columns
