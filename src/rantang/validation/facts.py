"""What the register and the lists know of each person and family: the columns that rules read.

One statement table is made of all lists that speak of a person (a join per kind of list), then
one aggregation per person and one per family: the number of queries does not grow with the facts.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from rantang.tables.facts import FAMILY_FACTS, PERSON_FACTS, Facts
from rantang.tables.keep import Keep
from rantang.validation.reading import first_of, note, truth, whole

_SAID_TRUE_OR_FALSE = (
    "hamil",
    "disabilitas",
    "penyakit_kronis",
    "gizi_kurang",
    "bersekolah",
    "pencari_kerja",
    "pekerja_rentan",
    "yatim",
    "bertanda",
    "rumah_tidak_layak",
)
_SAID_TEXT = ("jaminan_kesehatan",)
_SAID_NUMBER = ("daya_listrik",)

OVER_FAMILY = {
    "keluarga_di_dtks": "di_dtks",
    "keluarga_di_p3ke": "di_p3ke",
    "keluarga_di_dtsen": "di_dtsen",
    "keluarga_bertanda": "bertanda",
    "ada_penduduk": "penduduk",
    "ada_lansia": "lansia",
    "ada_balita": "balita",
    "ada_anak_usia_dini": "anak_usia_dini",
    "ada_usia_sekolah": "usia_sekolah",
    "ada_usia_kerja": "usia_kerja",
    "ada_hamil": "hamil",
    "ada_disabilitas": "disabilitas",
    "ada_penyakit_kronis": "penyakit_kronis",
    "ada_gizi_kurang": "gizi_kurang",
    "ada_bersekolah": "bersekolah",
    "rumah_tidak_layak": "rumah_tidak_layak",
}
"""Family fact -> the person fact of which it is "a member …"."""

_UNDERNOURISHED = "STUNT|PENDEK|WAST|KURUS|GIZI BURUK|GIZI KURANG|KEK"
# "Hipertensi, tidak hamil": what a no stands before is not said.
_DENIED = (
    r"\b(TIDAK|TDK|NON|BUKAN|BELUM|TANPA)[^0-9A-Z]+"
    r"((ADA|PUNYA|MEMILIKI|MENDERITA|PENYAKIT|PENYANDANG|IBU)[^0-9A-Z]+)*[A-Z]+"
)
_LEFT_SCHOOL = r"PUTUS|KELUAR|LULUS|\b(TIDAK|TDK)( LAGI)? (BER)?(SEKOLAH|AKTIF|LANJUT)|^(TIDAK|TDK)$"
_SEEKS_WORK = "BELUM BEKERJA|PENCARI|PHK|MENGANGGUR|PERNAH BEKERJA"
# "Tidak putus sekolah", "Bukan pencari kerja".
_NOT_SO = r"\b(TIDAK|TDK|BELUM|BUKAN) (PERNAH )?(DI)?(PUTUS|KELUAR|LULUS|PENCARI|PHK|MENGANGGUR)"
# Levels of school, the highest first.
_LEVELS = (
    (r"^(D[1-4]|S1|S2|PT)\b", "PT"),
    (r"^(SMA|SMK|MA|MAK|SLTA|SMALB)\b", "SMA"),
    (r"^(SMP|MTS|SLTP|SMPLB)\b", "SMP"),
    (r"^(SD|MI|SDLB)\b", "SD"),
    (r"^(TK|PAUD|RA|KB)\b", "TK"),
)

HARD_FLAGS = (
    "ASN_TNI_POLRI",
    "PENSIUN",
    "GURU_SERTIFIKASI",
    "AHU",
    "PENGHASILAN_UMK",
    "PERANGKAT_DESA",
    "BUMN_BUMD",
    "PLN_900_NONSUBSIDI",
    "RODA4",
)
"""Flags that bear on a family's means (BPK's list of eight and its extension); the others do not."""


def gather(
    persons: ir.Table,
    families: ir.Table,
    links: ir.Table,
    typed: Mapping[str, ir.Table],
    keep: Keep,
) -> Facts:
    """Gather the documented facts of every person and family.

    Parameters
    ----------
    persons, families, links
        The register.
    typed
        Typed rows by kind of list: base columns and the contract's own.
    """
    of_persons = keep(person_facts(persons, links, typed, keep), "person_facts_raw")
    of_families = keep(family_facts(of_persons, families), "family_facts")
    return Facts(PERSON_FACTS.conform(of_persons), FAMILY_FACTS.conform(of_families))


def person_facts(persons: ir.Table, links: ir.Table, typed: Mapping[str, ir.Table], keep: Keep) -> ir.Table:
    """Return one row per person: `PERSON_FACTS` and the facts of the house, for the family."""
    said = keep(_statements(links, typed), "statements")
    known = said.group_by("person_id").agg(
        **{name: said[name].any() for name in _SAID_TRUE_OR_FALSE},
        **{name: said[name].max() for name in (*_SAID_TEXT, *_SAID_NUMBER)},
        jenjang=_highest_level(said.jenjang),
    )
    t = persons.left_join(known, "person_id").drop("person_id_right")
    man, age = t.sex == "L", t.age
    flags_known = ibis.literal("pengecualian" in typed)
    return t.mutate(
        **of_register(t),
        hamil=(man | (age < 10)).fill_null(False).ifelse(False, t.hamil),
        bersekolah=ibis.coalesce(t.bersekolah, _ruled_out((age < 4) | (age > 24))),
        yatim=ibis.coalesce(_ruled_out(age >= 18), t.yatim),
        bertanda=ibis.coalesce(t.bertanda, _ruled_out(flags_known)),
    )


def of_register(persons: ir.Table) -> dict[str, ir.Value]:
    """Return the facts of a person that the register itself says, by name: an edition holds these."""
    p, age = persons, persons.age
    return {
        "usia": age,
        "jenis_kelamin": p.sex,
        "hubungan": p.relation,
        "kepala_keluarga": p.is_head,
        "lansia": age >= 60,
        "balita": age < 5,
        "anak_usia_dini": age <= 6,
        "usia_sekolah": age.between(7, 18),
        "usia_kerja": age.between(15, 64),
        "penduduk": ibis.cases(
            (p.resident == "tercatat", True), (p.resident.isin(("pindah", "meninggal")), False)
        ),
        "di_dtks": p.in_dtks.fill_null(False),
        "di_p3ke": p.in_p3ke.fill_null(False),
        "di_dtsen": p.in_dtsen.fill_null(False),
    }


def family_facts(persons: ir.Table, families: ir.Table) -> ir.Table:
    """Return one row per family: what holds of any member; unknown where no member answers yes
    and one of them is unknown. A house is one thing: a member of whom nothing is said leaves it known."""
    of_members = {name: any_of(persons[source]) for name, source in OVER_FAMILY.items()}
    of_house = {
        "rumah_tidak_layak": persons.rumah_tidak_layak.any(),
        "daya_listrik": persons.daya_listrik.max(),
    }
    members = persons.group_by("family_id").agg(**(of_members | of_house))
    t = families.left_join(members, "family_id").drop("family_id_right")
    return t.mutate(jumlah_anggota=t.members)


def any_of(column: ir.BooleanValue) -> ir.BooleanValue:
    """Say whether it holds of any member; unknown where none says yes and one is unknown."""
    return ibis.cases(
        (column.fill_null(False).any(), True),
        (column.isnull().any(), ibis.null("boolean")),
        else_=False,
    )


def _ruled_out(condition: ir.BooleanValue) -> ir.BooleanValue:
    return condition.fill_null(False).ifelse(False, ibis.null("boolean"))


def _statements(links: ir.Table, typed: Mapping[str, ir.Table]) -> ir.Table:
    """Stack what each kind of list says of a linked person; null where it says nothing."""
    parts = [_stated(links, typed[kind], says(typed[kind])) for kind, says in _SAYS.items() if kind in typed]
    if not parts:
        empty = links.filter(ibis.literal(False))
        return empty.select(**{name: _column({}, name) for name in _names()}, person_id=empty.person_id)
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _stated(links: ir.Table, rows: ir.Table, said: Mapping[str, ir.Value]) -> ir.Table:
    stated = rows.select(row_key=rows.row_key, **{name: _column(said, name) for name in _names()})
    return links.select("row_key", "person_id").inner_join(stated, "row_key").drop("row_key")


def _highest_level(level: ir.StringValue) -> ir.StringValue:
    """Return the highest of the levels that lists say: the child has gone on, and one list is older."""
    return ibis.cases(*(((level == each).fill_null(False).any(), each) for _, each in _LEVELS))


def _names() -> tuple[str, ...]:
    return (*_SAID_TRUE_OR_FALSE, *_SAID_TEXT, *_SAID_NUMBER, "jenjang")


def _column(said: Mapping[str, ir.Value], name: str) -> ir.Value:
    type_ = "int64" if name in _SAID_NUMBER else "boolean" if name in _SAID_TRUE_OR_FALSE else "string"
    return said[name].cast(type_) if name in said else ibis.null(type_)


def _dtks(rows: ir.Table) -> dict[str, ir.Value]:
    return {
        "hamil": truth(rows, "hamil"),
        "disabilitas": _noted(first_of(rows, "keterangan_disabilitas")),
        "penyakit_kronis": _noted(first_of(rows, "penyakit_kronis")),
        "yatim": _only_yes(truth(rows, "yapi")),
    }


def _noted(value: ir.Value) -> ir.BooleanValue:
    """Return true where a free note is there; an empty note, or one that denies, says nothing."""
    if value.type().is_boolean():
        return value
    return _only_yes(note(value).notnull())


def _only_yes(value: ir.BooleanValue) -> ir.BooleanValue:
    return value.fill_null(False).ifelse(True, ibis.null("boolean"))


def _dtsen(rows: ir.Table) -> dict[str, ir.Value]:
    return {
        "disabilitas": truth(rows, "disabilitas"),
        "penyakit_kronis": truth(rows, "penyakit_kronis"),
        "daya_listrik": _volt_ampere(rows),
    }


def _kesehatan(rows: ir.Table) -> dict[str, ir.Value]:
    """A column of its own for each condition, or one column `kondisi` that holds all."""
    state = _upper(rows, "kondisi").re_replace(_DENIED, " ")
    disabled = _only_yes(state.re_search("DISABILIT|DIFABEL"))
    chronic = _only_yes(state.re_search("KRONIS"))
    undernourished = _only_yes((state + " " + _upper(rows, "gizi")).re_search(_UNDERNOURISHED))
    return {
        "hamil": ibis.coalesce(truth(rows, "hamil"), _only_yes(state.re_search("HAMIL|BUMIL"))),
        "disabilitas": ibis.coalesce(truth(rows, "disabilitas"), disabled),
        "penyakit_kronis": ibis.coalesce(truth(rows, "penyakit_kronis"), chronic),
        "gizi_kurang": ibis.coalesce(
            _only_yes(truth(rows, "stunting")), _only_yes(truth(rows, "kek")), undernourished,
            truth(rows, "stunting"),
        ),
        "jaminan_kesehatan": first_of(rows, "segmen_jkn"),
    }  # fmt: skip


def _pendidikan(rows: ir.Table) -> dict[str, ir.Value]:
    state = _upper(rows, "status_sekolah").strip().re_replace(_NOT_SO, " ")
    left = truth(rows, "putus_sekolah").fill_null(False) | state.re_search(_LEFT_SCHOOL)
    return {
        "bersekolah": ~left,
        "jenjang": ibis.cases(*((_upper(rows, "jenjang").re_search(p), level) for p, level in _LEVELS)),
    }


def _tenaga_kerja(rows: ir.Table) -> dict[str, ir.Value]:
    card = first_of(rows, "nomor_ak1").notnull()
    seeks = _upper(rows, "status_kerja").re_replace(_NOT_SO, " ").re_search(_SEEKS_WORK)
    return {
        "pencari_kerja": ibis.coalesce(truth(rows, "pencari_kerja"), _only_yes(card | seeks)),
        "pekerja_rentan": truth(rows, "pekerja_rentan"),
    }


def _rumah(rows: ir.Table) -> dict[str, ir.Value]:
    """The list is one of unfit houses: a row without a verdict means unfit."""
    return {
        "rumah_tidak_layak": ibis.coalesce(truth(rows, "tidak_layak_huni"), ibis.literal(True)),
        "daya_listrik": _volt_ampere(rows),
    }


def _volt_ampere(rows: ir.Table) -> ir.IntegerValue:
    """Return VA; Regsosek's codes 1-5 (question 307b) become the VA they stand for."""
    power = whole(rows, "daya_listrik")
    return power.cases((1, 450), (2, 900), (3, 1300), (4, 2200), (5, 3500), else_=power)


def _upper(rows: ir.Table, name: str) -> ir.StringValue:
    return first_of(rows, name).cast("string").upper().fill_null("")


def _pengecualian(rows: ir.Table) -> dict[str, ir.Value]:
    return {"bertanda": flag_of(rows).isin(HARD_FLAGS)}


def flag_of(rows: ir.Table) -> ir.StringValue:
    """Return the flag's code on a `pengecualian` row."""
    return first_of(rows, "tanda").cast("string").upper()


_SAYS = {
    "dtks": _dtks,
    "dtsen": _dtsen,
    "kesehatan": _kesehatan,
    "pendidikan": _pendidikan,
    "tenaga_kerja": _tenaga_kerja,
    "rumah": _rumah,
    "pengecualian": _pengecualian,
}
