"""What there is to do for an agency or a kelurahan: the rows behind each sheet of a work list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import ibis
import ibis.expr.types as ir

from rantang.cities.model import City
from rantang.documents import labels, work
from rantang.synergy.programmes import known_lists
from rantang.welfare.visits import VISITS

Rows = list[dict[str, Any]]
_PLACE: Final = {"file": "string", "sheet": "string", "row": "int64"}
_WALK: Final = ("rw", "rt", "name")
"""The order in which a verifier walks: a person's rows stand together."""
_WHO: Final = ("name", "nik", "nik_masked", "kk", "kk_masked", "address", "rt", "rw", "age", "sex")


@dataclass(frozen=True)
class Scope:
    """An edition, and whose work is wanted: an agency's, or that in one kelurahan."""

    tables: Mapping[str, ir.Table]
    city: City
    period: str
    agency: str
    area: str

    @cached_property
    def programmes(self) -> tuple[str, ...]:
        """Codes of the agency's programmes; all of them for a kelurahan."""
        return tuple(p.code for p in self.city.programmes if not self.agency or p.agency == self.agency)

    @cached_property
    def villages(self) -> Mapping[str, str]:
        """Kelurahan names by code."""
        return {area.code: area.name for area in self.city.areas}

    def village(self, code: str | None) -> str:
        """Name a kelurahan."""
        return self.villages.get(code or "", code or "")

    def names(self, codes: str | None, *, mine: bool = True) -> str:
        """Name programmes; `mine`: only those of the agency."""
        wanted = [code for code in (codes or "").split() if not mine or code in self.programmes]
        return ", ".join(labels.programme_name(self.city, code) for code in wanted)

    @property
    def main_agency(self) -> bool:
        """Whether the agency runs support to live on: it answers for breaks in aid."""
        return work.runs_main_support(self.city, self.agency)


def findings(scope: Scope) -> Rows:
    """Findings that an agency must mend in lists; for a kelurahan, those on it to settle, each once."""
    settle = _to_settle(scope)
    if not scope.area:
        rows = _told(scope, settle.filter(~settle.of_family))
        return _sorted(rows, ("severity", "code", "file", "row", "subject_id"))
    rows = _sorted(_told(scope, settle), (*_WALK, "code", "row_key"))
    asked: dict[tuple[str, str], dict[str, Any]] = {}
    for row in rows:  # a question about a person is asked once, however many lists raise it
        asked.setdefault((row["asked"], row["code"]), row)
    return list(asked.values())


def families(scope: Scope) -> Rows:
    """Findings about families and no row of a list, for an agency: somebody visits them."""
    settle = _to_settle(scope)
    rows = _told(scope, settle.filter(settle.of_family))
    return _sorted(rows, ("code", "kelurahan_code", *_WALK, "subject_id"))


def _to_settle(scope: Scope) -> ir.Table:
    settle = work.to_settle(scope.tables["findings"], scope.city)
    if scope.area:
        return settle.filter((settle.office == work.KELURAHAN) & (settle.kelurahan_code == scope.area))
    return settle.filter(settle.office == scope.agency)


def _told(scope: Scope, settle: ir.Table) -> Rows:
    """Say whom each finding is about: its person, else its row's, else the head of its family.

    A number stands there only where the finding is about the person: another row's NIK beside "NIK is
    missing" would be taken for this row's.
    """
    rows = scope.tables["links"].select("row_key", of_row="person_id")
    heads = scope.tables["families"].select("family_id", of_head="head_id")
    settle = settle.left_join(rows, "row_key").drop("row_key_right")
    settle = settle.left_join(heads, "family_id").drop("family_id_right")
    about = settle.person_id.notnull() | (settle.subject == "family")
    settle = settle.mutate(
        about=about, person_id=ibis.coalesce(settle.person_id, settle.of_row, settle.of_head)
    )
    joined = _located(scope, settle.left_join(_people(scope), "person_id").drop("person_id_right"))
    numbers = _there(joined, ("nik", "nik_masked", "kk", "kk_masked"))
    joined = joined.mutate(
        **{name: joined.about.ifelse(joined[name], ibis.null("string")) for name in numbers}
    )
    return _rows(
        joined.select(
            "asked", "code", "severity", "row_key", "subject_id", "family_id", "column", "value", "file",
            "sheet", "row", "kelurahan_code", *numbers, *_there(joined, ("name", "address", "rt", "rw")),
        )
    )  # fmt: skip


def doubted(scope: Scope) -> Rows:
    """Recipients whose standing must be verified, by the lists that speak of the period, each once."""
    assistance = scope.tables["assistance"]
    known = known_lists(assistance, scope.city.programmes, scope.period)
    now = work.in_doubt(assistance, scope.city, known)
    if scope.area:
        now = now.filter(now.kelurahan_code == scope.area)
    else:
        now = now.filter(now.office == scope.agency)
    joined = now.left_join(_people(scope), "person_id").drop("person_id_right")
    return _fetch(
        joined.select(
            "programme",
            "period",
            "reasons",
            "amount",
            "kelurahan_code",
            "row_key",
            *_there(joined, ("name", "nik", "nik_masked", "address", "rt", "rw")),
        ),
        (*_WALK, "programme", "row_key")
        if scope.area
        else ("programme", "kelurahan_code", *_WALK, "row_key"),
    )


def doubles(scope: Scope) -> Rows:
    """Rows of one list that are one person, rows of a person together; the latest month of each list."""
    mine = work.double_rows(scope.tables["links"])
    if not scope.area:
        mine = mine.filter(mine.agency == scope.agency)
    joined = mine.left_join(_people(scope, area=True), "person_id").drop("person_id_right")
    if scope.area:
        joined = joined.filter(joined.kelurahan_code == scope.area)
    joined = _located(scope, joined)
    return _fetch(
        joined.select(
            "agency",
            "kind",
            "programme",
            "period",
            "person_id",
            "row_key",
            "evidence",
            "file",
            "sheet",
            "row",
            *_there(joined, ("name", "nik", "nik_masked", "kelurahan_code")),
        ),
        ("kind", "programme", "person_id", "file", "row", "row_key"),
    )


def pairs(scope: Scope) -> Rows:
    """Pairs of the agency's rows to be judged, the most telling row first, its candidates together.

    `row_name` is whom the register takes the row for now, where it takes it for anybody. A candidate
    whom no list names is known by the place of the resident's row, `candidate_file` and `candidate_row`:
    the edition keeps no names of residents.
    """
    table = scope.tables["review"]
    persons = scope.tables["persons"].select("person_id", row_name="name")
    own = scope.tables["links"].inner_join(persons, "person_id").select("row_key", "row_name")
    mine = table.filter(table.agency == scope.agency).left_join(own, "row_key").drop("row_key_right")
    joined = mine.left_join(_people(scope, area=True), "person_id").drop("person_id_right")
    joined = _located(scope, joined)
    places = scope.tables["provenance"]
    places = places.select(candidate_key="row_key", candidate_file="file", candidate_row="row")
    joined = joined.left_join(places, "candidate_key").drop("candidate_key_right")
    rows = _fetch(
        joined.select(
            "row_key",
            "candidate_key",
            "candidate_file",
            "candidate_row",
            "rank",
            "kind",
            "evidence",
            "value",
            "file",
            "row",
            "row_name",
            *_there(joined, ("name", "nik", "nik_masked", "age", "address", "kelurahan_code")),
        ),
        ("row_key", "rank"),
    )
    return sorted(rows, key=lambda row: -(row["value"] or 0.0))


def unserved(scope: Scope) -> Rows:
    """Families that meet a rule and do not receive, those with nothing at all first."""
    table = scope.tables["family_aid"]
    waiting = table.filter(table.eligible_for.fill_null("") != "")
    if scope.area:
        waiting = waiting.filter(waiting.kelurahan_code == scope.area)
    else:
        padded = " " + waiting.eligible_for + " "
        wanted = ibis.or_(*(padded.contains(f" {code} ") for code in scope.programmes or ("?",)))
        waiting = waiting.filter(wanted)
    return _of_families(scope, waiting, ("eligible_for", "programmes", "gap", "class_"), first="gap")


def lapsed(scope: Scope) -> Rows | None:
    """Kerak families whose aid broke or never came: for a kelurahan and agencies of main support."""
    if not scope.area and not scope.main_agency:
        return None
    broken = work.broken_off(scope.tables["family_aid"])
    if scope.area:
        broken = broken.filter(broken.kelurahan_code == scope.area)
    return _of_families(scope, broken, ("lapse", "never_aided", "months_aided"), first="never_aided")


def visits(scope: Scope) -> Rows | None:
    """Families near the score's cut, best visit first: for a kelurahan and agencies of main support."""
    if (not scope.area and not scope.main_agency) or "welfare" not in scope.tables:
        return None
    welfare = scope.tables["welfare"]
    near = welfare.filter(welfare.nilai_kunjungan.fill_null(0.0) > 0)
    told = ("class_", "p_miskin", "alasan", "nilai_kunjungan")
    families = scope.tables["families"].select("family_id", "kelurahan_code")
    near = near.select("family_id", *told).inner_join(families, "family_id")
    if scope.area:
        near = near.filter(near.kelurahan_code == scope.area)
    best = near.order_by(near.nilai_kunjungan.desc(), "family_id").limit(VISITS)
    rows = _of_families(scope, best, told, first="nilai_kunjungan")
    return sorted(rows, key=lambda row: (-row["nilai_kunjungan"], row["family_id"]))


def planned(scope: Scope) -> Rows | None:
    """What the draft plan changes for families: of a kelurahan, or in an agency's programmes.

    `scope.tables["plan"]` has `family_id`, `programme`, `cost`, `why` and `starts`: newly given, or ended.
    """
    if "plan" not in scope.tables:
        return None
    plan = scope.tables["plan"]
    families = scope.tables["families"].select("family_id", "kelurahan_code")
    mine = plan.inner_join(families, "family_id")
    if scope.area:
        mine = mine.filter(mine.kelurahan_code == scope.area)
    else:
        mine = mine.filter(mine.programme.isin(scope.programmes))
    rows = _of_families(scope, mine, ("programme", "cost", "why", "starts"), first="starts")
    return sorted(rows, key=lambda row: (not row["starts"], row["programme"]))


def without_nik(scope: Scope) -> Rows | None:
    """People who wait for a valid NIK: for a kelurahan and Dispendukcapil."""
    if not scope.area and scope.agency != work.PAPERS:
        return None
    waiting = work.without_nik(scope.tables["persons"])
    if scope.area:
        waiting = waiting.filter(waiting.kelurahan_code == scope.area)
    return _fetch(
        waiting.select("person_id", "dukcapil_queue", "kelurahan_code", *_there(waiting, _WHO)),
        ("kelurahan_code", "rw", "rt", "name", "person_id"),
    )


def _people(scope: Scope, *, area: bool = False) -> ir.Table:
    persons = scope.tables["persons"]
    extra = ("kelurahan_code",) if area else ()
    return persons.select("person_id", *_there(persons, _WHO), *extra)


def _of_families(scope: Scope, families: ir.Table, columns: tuple[str, ...], first: str) -> Rows:
    heads = scope.tables["families"].select("family_id", person_id="head_id")
    joined = families.left_join(heads, "family_id").drop("family_id_right")
    joined = joined.left_join(_people(scope), "person_id").drop("person_id_right")
    rows = _fetch(
        joined.select("family_id", "kelurahan_code", *columns, *_there(joined, _WHO)),
        ("kelurahan_code", "rw", "rt", "name", "family_id"),
    )
    return sorted(rows, key=lambda row: not row[first])


def _located(scope: Scope, rows: ir.Table) -> ir.Table:
    """Add file, sheet and row number where the edition keeps them; what a row has already stays."""
    where = scope.tables["provenance"]
    own = {name: kind for name, kind in _PLACE.items() if name not in rows.columns}
    rows = rows.mutate(**{name: ibis.null(kind) for name, kind in own.items()})
    joined = rows.left_join(where.select("row_key", *_PLACE), "row_key", rname="{name}_of_row")
    filled = {name: joined[name].coalesce(joined[f"{name}_of_row"]) for name in _PLACE}
    return joined.mutate(**filled).drop("row_key_of_row", *(f"{name}_of_row" for name in _PLACE))


def _there(table: ir.Table, names: tuple[str, ...]) -> list[str]:
    return [name for name in names if name in table.columns]


def _rows(expr: ir.Table) -> Rows:
    rows: Rows = expr.to_pyarrow().to_pylist()
    return rows


def _fetch(expr: ir.Table, order: tuple[str, ...]) -> Rows:
    return _sorted(_rows(expr), order)


def _sorted(rows: Rows, order: tuple[str, ...]) -> Rows:
    def value(row: dict[str, Any], name: str) -> Any:
        found = row.get(name)
        return found.zfill(3) if name in ("rt", "rw") and found is not None else found  # 2 before 10

    def key(row: dict[str, Any]) -> tuple[tuple[bool, Any], ...]:
        told = [value(row, name) for name in order]
        return tuple((found is None, 0 if found is None else found) for found in told)

    return sorted(rows, key=key)
