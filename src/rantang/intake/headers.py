"""Where is the header, and which column is which field?

A header is matched by alias, then by the agency's saved mapping; what is only similar is proposed for a
person to confirm. One case is used at once, and said aloud: a header one letter away from an alias of
seven or more letters, of one field only, that is no NIK or KK.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from rantang.contracts import Contract, Field, contracts, fold, fold_short, ignored
from rantang.intake.findings import found
from rantang.intake.sheets import RawSheet

SEARCH_ROWS: Final = 120  # titles, letterheads and instructions above a list are shorter than this
_DATA: Final = re.compile(r"^\W*\d[\d.\s]{11,}$")
_PREFERRED: Final = "penerima"  # what a list of only NIK and names is, where nothing else is known
_SIMILAR: Final = 0.84
_MOST_COMPARED: Final = 500  # unknown headings; the widest export has 300 columns, an empty sheet 16,384
Cells = Sequence[str | None]


@dataclass
class HeaderMatch:
    """How a sheet's columns were understood.

    Attributes
    ----------
    header_row
        Number of the (lower) header line as a spreadsheet shows it.
    columns
        Field name → column of the sheet (`c3`).
    headers
        Column of the sheet → header as written.
    """

    contract: Contract
    header_row: int
    columns: dict[str, str]
    headers: dict[str, str]
    score: float = 0.0
    findings: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class _Candidate:
    row: int
    labels: tuple[tuple[str, tuple[str, ...]], ...]  # per column: as written, folded forms to try


@cache
def aliases(kind: str) -> Mapping[str, tuple[str, int]]:
    """Folded alias → (field, rank); the field that names it earliest wins, the kind's own before all."""
    known: dict[str, tuple[str, int]] = {}
    fields = sorted(contracts()[kind].fields.values(), key=lambda each: each.person)
    for each in fields:
        for rank, alias in enumerate((*each.aliases, each.name)):
            known.setdefault(fold(alias), (each.name, rank))
            known.setdefault(fold_short(alias), (each.name, rank))
    known.pop("", None)
    return known


@cache
def _weights() -> Mapping[str, Mapping[str, float]]:
    """Kind → folded alias → how much it speaks for the kind: less, the more kinds have it."""
    shared: dict[str, int] = {}
    for kind in contracts():
        for alias in aliases(kind):
            shared[alias] = shared.get(alias, 0) + 1
    weights: dict[str, dict[str, float]] = {}
    for kind, contract in contracts().items():
        own = {}
        for alias, (name, _) in aliases(kind).items():
            each = contract.fields[name]
            strength = 4.0 if name in contract.marks or each.required else 2.0
            own[alias] = 1.0 if each.person else 1.0 + strength / shared[alias] ** 2
        weights[kind] = own
    return weights


def match(
    sheet: RawSheet, kinds: Sequence[str] | None = None, saved_mapping: Mapping[str, str] | None = None
) -> HeaderMatch | None:
    """Find the header of a sheet and map its columns.

    Parameters
    ----------
    kinds
        Kinds of list that it may be; all where not given.
    saved_mapping
        What a person settled for this agency before: header as written → field name.

    Returns
    -------
    HeaderMatch | None
        The best understanding; None where no line is the header of such a list.
    """
    mapping = {fold(header): name for header, name in (saved_mapping or {}).items()}
    best: HeaderMatch | None = None
    best_key = (0.0, 0.0, 0)
    for candidate in _candidates(sheet):
        for kind in kinds or contracts():
            made = _understand(candidate, contracts()[kind], mapping)
            if made is None or (kinds is None and not _characteristic(made)):
                continue
            key = (round(made.score, 6), float(kind == _PREFERRED), -candidate.row)
            if key > best_key:
                best, best_key = made, key
    if best is not None:
        best.header_row += sheet.first_row
        best.findings = [*_tell(sheet, best)]
    return best


def _candidates(sheet: RawSheet) -> Iterator[_Candidate]:
    rows = sheet.frame.head(SEARCH_ROWS).rows()
    names = sheet.frame.columns
    for at, cells in enumerate(rows):
        if not any(cells) or any(cell and _DATA.match(cell) for cell in cells):
            continue
        single = tuple((cell or "", _forms(cell or "")) for cell in cells)
        yield _Candidate(at, single)
        above = rows[at - 1] if at else ()
        if sum(cell is not None for cell in above) > (1 if len(names) > 2 else 0):
            yield _Candidate(at, tuple(_two_lines(_spread(above, cells), cells)))


def _spread(above: Cells, below: Cells) -> list[str]:
    """Write a group's heading over each of its columns, as a merged cell shows it."""
    spread, last = [], ""
    for cell, under in zip(above, below, strict=True):
        last = cell or (last if under else "")
        spread.append(last)
    return spread


def _two_lines(above: Sequence[str], below: Cells) -> Iterator[tuple[str, tuple[str, ...]]]:
    for upper, cell in zip(above, below, strict=True):
        lower = cell or ""
        if not upper or not lower or upper == lower:
            yield lower or upper, _forms(lower or upper)
        else:
            both = (*_forms(f"{lower} {upper}"), *_forms(f"{upper} {lower}"))
            # "Tempat" and "Tanggal" under "Tempat dan tanggal lahir": what they share is the last word.
            shared = _forms(f"{lower} {upper.split()[-1]}")
            yield lower, (*both, *shared, *_forms(lower))


def _forms(header: str) -> tuple[str, ...]:
    return (fold(header), fold_short(header)) if header else ()


def _understand(candidate: _Candidate, contract: Contract, mapping: Mapping[str, str]) -> HeaderMatch | None:
    known = aliases(contract.kind)
    chosen: dict[str, tuple[int, int]] = {}  # field -> (rank, column)
    score: dict[str, float] = {}
    weights = _weights()[contract.kind]
    for column, (_, forms) in enumerate(candidate.labels):
        alias = next((form for form in forms if form in known), None)
        if alias is not None:
            name, rank = known[alias]
        elif (settled := next((form for form in forms if form in mapping), None)) is not None:
            name, rank, alias = mapping[settled], 0, ""
            if name not in contract.fields:
                continue
        else:
            continue
        if name not in chosen or (rank, column) < chosen[name]:
            chosen[name] = (rank, column)
            score[name] = weights.get(alias, 1.0)
    if not _enough(contract, chosen, candidate):
        return None
    columns = {name: f"c{column}" for name, (_, column) in chosen.items()}
    headers = {f"c{at}": label for at, (label, _) in enumerate(candidate.labels) if label}
    return HeaderMatch(contract, candidate.row, columns, headers, sum(score.values()))


def _enough(contract: Contract, chosen: Mapping[str, object], candidate: _Candidate) -> bool:
    if not all(any(name in chosen for name in group) for group in contract.needs):
        return False
    filled = sum(bool(label) for label, _ in candidate.labels)
    return len(chosen) >= 2 or filled <= 3


def _characteristic(made: HeaderMatch) -> bool:
    """Whether a guessed kind rests on more than what any list of people has."""
    own = [name for name in made.columns if not made.contract.fields[name].person]
    return (
        made.contract.kind == _PREFERRED
        or len(own) >= 2
        or any(name in made.contract.marks for name in made.columns)
    )


def _tell(sheet: RawSheet, made: HeaderMatch) -> Iterator[dict[str, Any]]:
    # Frames name columns by their place in the sheet, candidates by their place in the frame.
    places = sheet.frame.columns
    made.columns = {name: places[int(column[1:])] for name, column in made.columns.items()}
    made.headers = {places[int(column[1:])]: label for column, label in made.headers.items()}
    used = set(made.columns.values())
    open_fields = [each for each in made.contract.fields.values() if each.name not in made.columns]
    doubles: list[str] = []
    others: list[str] = []
    known = aliases(made.contract.kind)
    for column, header in made.headers.items():
        if column in used or fold(header) in ignored() or not fold(header):
            continue
        name = known.get(fold(header), ("", 0))[0]
        if name in made.columns and fold(header) == fold(made.headers.get(made.columns[name], "")):
            doubles.append(header)
            continue
        near = _nearest(header, open_fields) if len(others) < _MOST_COMPARED else None
        if near is None:
            others.append(header)
        elif near[2]:
            made.columns[near[0].name] = column
            open_fields.remove(near[0])
            yield found("KOLOM-DITEBAK", sheet=sheet.name, column=header, field=near[1])
        else:
            yield found("KOLOM-MIRIP", sheet=sheet.name, column=header, field=near[1])
    yield from _tell_columns(sheet, made, doubles, others)


def _tell_columns(
    sheet: RawSheet, made: HeaderMatch, doubles: Sequence[str], others: Sequence[str]
) -> Iterator[dict[str, Any]]:
    for header in doubles:
        yield found("KOLOM-GANDA", sheet=sheet.name, column=header)
    if others:
        shown = ", ".join(others[:12]) + (" …" if len(others) > 12 else "")
        yield found("KOLOM-LAIN", sheet=sheet.name, columns=shown, count=len(others))
    wanted = ["nik", "name"] if made.contract.people else []
    wanted += [each.name for each in made.contract.fields.values() if each.required]
    for name in wanted:
        if name not in made.columns:
            yield found(
                "KOLOM-HILANG", sheet=sheet.name, column=made.contract.fields[name].aliases[0],
                field=made.contract.fields[name].aliases[0],
            )  # fmt: skip


def _nearest(header: str, fields: Sequence[Field]) -> tuple[Field, str, bool] | None:
    """Return the field whose alias a header resembles, that alias, and whether it is used at once."""
    text = fold(header)
    if len(text) < 5:
        return None
    near: dict[str, tuple[float, Field, str]] = {}
    for each in fields:
        for alias in each.aliases:
            folded, matcher = _matcher(alias)
            if abs(len(folded) - len(text)) > 3 or len(folded) < 5:
                continue
            matcher.set_seq1(text)
            if matcher.real_quick_ratio() < _SIMILAR or matcher.quick_ratio() < _SIMILAR:
                continue
            ratio = matcher.ratio()
            if ratio >= _SIMILAR and ratio > near.get(each.name, (0.0,))[0]:
                near[each.name] = (ratio, each, alias)
    if not near:
        return None
    _, each, alias = max(near.values(), key=lambda item: item[0])
    sure = len(near) == 1 and len(text) >= 7 and not each.secret and _one_step(text, fold(alias))
    return each, alias, sure


@cache
def _matcher(alias: str) -> tuple[str, difflib.SequenceMatcher[str]]:
    """Return an alias folded, and what compares headings with it: it keeps the counts of its letters."""
    return fold(alias), difflib.SequenceMatcher(None, "", fold(alias))


def _one_step(a: str, b: str) -> bool:
    """Whether one letter added, dropped, changed or two neighbours swapped turn `a` into `b`."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return a == b
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[start:], b[start:]
    return (
        rest_a[1:] == rest_b[1:]
        or rest_a[1:] == rest_b
        or rest_a == rest_b[1:]
        or (rest_a[:2] == rest_b[1::-1] and rest_a[2:] == rest_b[2:])
    )
