"""What the rules of validation look at: list rows, persons and families with their checks.

Every column is documented here, and a rule (rules/*.toml) may read no other.
"""

from __future__ import annotations

from collections.abc import Mapping

import ibis
import ibis.expr.types as ir

from rantang.tables.declare import Column, Table
from rantang.tables.facts import Facts
from rantang.tables.keep import Keep
from rantang.tables.register import LINKS
from rantang.validation.facts import flag_of
from rantang.validation.reading import death_noted, first_of, truth
from rantang.vocabulary.nik import mask

WELFARE_KINDS = ("dtks", "p3ke", "dtsen")
"""Lists whose entries are to fulfil the integrity criteria."""

_CONTEXT = (
    Column("row_key", "string", "The list row"),
    Column("person_id", "string", "Person it is held to be"),
    Column("family_id", "string", "Family"),
    Column("kelurahan_code", "string", "Kelurahan"),
    Column("agency", "string", "Agency of the list"),
    Column("kind", "string", "Kind of list"),
    Column("period", "string", "Period of the list"),
    Column("programme", "string", "Programme of a `penerima` row"),
    Column("tingkat", "string", "Tier of the link: own, sure, likely, decided"),
    Column("cara", "string", "Method of the link"),
    Column("peluang", "float64", "Calibrated probability of the link"),
    Column("nilai", "string", "What is shown as the finding's value, masked where personal"),
)

ROWS = Table(
    "validation_rows",
    row="one row of a list that bears on standing, linked to its person",
    key=("row_key",),
    columns=(
        *_CONTEXT,
        Column("daftar", "string", "Kind of list (`dtks`, `p3ke`, `dtsen`, `penerima`, `pengecualian` …)"),
        Column("daftar_kesejahteraan", "boolean", "The list is `dtks`, `p3ke` or `dtsen`"),
        Column("ganda_berikut", "boolean", "The person stands on this list already (second row and later)"),
        Column("nik_salah", "boolean", "The NIK as written cannot exist"),
        Column("tanpa_nik", "boolean", "No NIK, and the person has none elsewhere"),
        Column("tanpa_nama", "boolean", "No name"),
        Column("tanpa_alamat", "boolean", "Neither address nor kelurahan"),
        Column("nama_beda", "boolean", "The name differs from the one on `penduduk`"),
        Column("kelurahan_beda", "boolean", "The kelurahan differs from the one on `penduduk`"),
        Column("kk_lain", "boolean", "The same list has the person on another valid KK, too"),
        Column("catatan_meninggal", "boolean", "The row itself notes the death"),
        Column("catatan_meninggal_lain", "boolean", "The row's death note says something else than a death"),
        Column("nonaktif", "boolean", "The row itself says that the entry is inactive"),
        Column("catatan_pindah", "boolean", "The row's city at Dukcapil is another"),
        Column("tanda_almarhum", "boolean", "The name carries Alm. or Almh."),
        Column("tanda", "string", "Ineligibility flag of a `pengecualian` row"),
        Column("padan", "string", "Dukcapil's answer on a `padan` row, in small letters"),
        Column("baris_sendiri", "boolean", "The row is surely the person's own and nothing contradicts it"),
    ),
)

PEOPLE = Table(
    "validation_people",
    row="one person of the register",
    key=("person_id",),
    columns=(
        *_CONTEXT,
        Column("terdaftar", "boolean", "On a welfare or programme list"),
        Column("residen", "string", "tercatat, pindah, meninggal, tidak-diketahui"),
        Column("residen_sumber", "string", "Kind of list that says so"),
        Column("ada_daftar_penduduk", "boolean", "Dukcapil's whole list was handed in"),
        Column("antrean", "string", "tanpa-nik, nik-salah: waits for Dispendukcapil"),
        Column("nik_dua_orang", "boolean", "Another person of the register bears the same NIK"),
        Column("tanpa_keluarga", "boolean", "Belongs to no family"),
        Column("usia", "int64", "Age"),
        Column("bertanda", "boolean", "Carries an ineligibility flag"),
    ),
)

FAMILIES = Table(
    "validation_families",
    row="one family of the register",
    key=("family_id",),
    columns=(
        *_CONTEXT,
        Column("terdaftar", "boolean", "A member is on a welfare or programme list"),
        Column("anggota", "int64", "Members"),
        Column("kepala", "int64", "Members whose list says: head of family"),
        Column("tanpa_kepala", "boolean", "No head is known"),
        Column("semua_pergi", "boolean", "Every member moved or died, by Dukcapil"),
        Column("anggota_bertanda", "int64", "Members with an ineligibility flag"),
        Column("usia_tertua", "int64", "Age of the oldest member"),
        Column("kk_satu_orang", "boolean", "The KK has one member"),
    ),
)


def rows(
    persons: ir.Table, links: ir.Table, identified: ir.Table, typed: Mapping[str, ir.Table], keep: Keep
) -> ir.Table:
    """Return the list rows that bear on standing (`ROWS`)."""
    considered = _considered(links)
    if "padan" in typed:
        considered = considered.union(_answers(persons, identified, considered))
    about = identified.select(
        "row_key", "nik_state", "name_sorted", "marked_deceased", "street", "nik_digits",
        row_kelurahan="kelurahan_code",
    )  # fmt: skip
    t = considered.inner_join(about, "row_key")
    t = t.left_join(_official(links, identified), "person_id").drop("person_id_right")
    t = t.left_join(_stated(typed), "row_key").drop("row_key_right")
    known = persons.select("person_id", "family_id", "kelurahan_code", "resident", best_nik="nik")
    t = t.inner_join(known, "person_id")
    t = t.left_join(_doubles(considered, identified, keep), "row_key").drop("row_key_right")
    welfare = t.kind.isin(WELFARE_KINDS)
    wrong = t.nik_digits.notnull() & ~t.nik_state.isin(("sah", "wilayah", "hilang"))
    contradicted = t.catatan_meninggal.fill_null(False) & (t.resident == "tercatat")
    return ROWS.conform(
        t.mutate(
            tingkat=t.tier,
            cara=t.method,
            peluang=t.probability,
            nilai=mask(t.nik_digits),
            daftar=t.kind,
            daftar_kesejahteraan=welfare,
            ganda_berikut=t.again,
            nik_salah=wrong,
            tanpa_nik=t.nik_digits.isnull() & t.best_nik.isnull(),
            tanpa_nama=t.name_sorted.isnull() | (t.name_sorted == ""),
            tanpa_alamat=t.street.isnull() & t.row_kelurahan.isnull(),
            nama_beda=t.name_sorted != t.official_name,
            kelurahan_beda=t.row_kelurahan != t.official_kelurahan,
            kk_lain=t.other_kk,
            tanda_almarhum=t.marked_deceased,
            baris_sendiri=t.tier.isin(("own", "sure", "decided"))
            & ~t.double.fill_null(False)
            & ~contradicted.fill_null(False),
        )
    )


def people(persons: ir.Table, facts: Facts, typed: Mapping[str, ir.Table]) -> ir.Table:
    """Return every person with the checks that concern the person as a whole (`PEOPLE`)."""
    shared = persons.filter(persons.nik.notnull()).group_by("nik").agg(bearers=lambda t: t.count())
    t = persons.left_join(shared, "nik").drop("nik_right")
    t = t.left_join(facts.persons.select("person_id", "bertanda"), "person_id").drop("person_id_right")
    return PEOPLE.conform(
        t.mutate(
            nilai=mask(t.nik),
            terdaftar=t.listed,
            residen=t.resident,
            residen_sumber=t.resident_source,
            tingkat=t.resident_tier,
            ada_daftar_penduduk=ibis.literal("penduduk" in typed),
            antrean=t.dukcapil_queue,
            nik_dua_orang=(t.bearers > 1).fill_null(False),
            tanpa_keluarga=t.family_id.isnull(),
            usia=t.age,
        )
    )


def families_with_checks(persons: ir.Table, families: ir.Table, facts: Facts) -> ir.Table:
    """Return every family with the checks that concern it as a whole (`FAMILIES`)."""
    p = persons.left_join(facts.persons.select("person_id", "bertanda"), "person_id").drop("person_id_right")
    counted = p.group_by("family_id").agg(
        kepala=(p.relation == "1").fill_null(False).sum(),
        gone=p.resident.isin(("pindah", "meninggal")).fill_null(False).all(),
        anggota_bertanda=p.bertanda.fill_null(False).sum(),
        usia_tertua=p.age.max(),
    )
    t = families.left_join(counted, "family_id").drop("family_id_right")
    return FAMILIES.conform(
        t.mutate(
            terdaftar=t.listed,
            anggota=t.members,
            tanpa_kepala=t.head_id.isnull(),
            semua_pergi=t.gone,
        )
    )


def _considered(links: ir.Table) -> ir.Table:
    """Leave out Dukcapil's lists (they are the measure) and all but each programme's latest list."""
    others = LINKS.conform(links.filter(~links.kind.isin(("penduduk", "padan"))))
    of_list = [others.agency, others.kind, others.programme.fill_null("")]
    others = others.mutate(newest=others.period.max().over(group_by=of_list))
    others = others.mutate(stands=(others.kind != "penerima") | (others.period == others.newest))
    return others.filter(others.stands).drop("newest", "stands")


def _answers(persons: ir.Table, identified: ir.Table, considered: ir.Table) -> ir.Table:
    """Return Dukcapil's answers as rows of the persons who bear the NIK that was asked for.

    They are no entries of people and so not in the register; an equal NIK is a link like any other.
    """
    asked = identified.filter((identified.kind == "padan") & identified.nik.notnull())
    t = asked.inner_join(persons.filter(persons.nik.notnull()).select("person_id", "nik"), "nik")
    t = t.mutate(
        tier=ibis.literal("sure"),
        method=ibis.literal("nik"),
        nik_equal=ibis.literal(True),
        double=ibis.literal(False),
    )
    return LINKS.conform(t).select(*considered.columns)


def _doubles(considered: ir.Table, identified: ir.Table, keep: Keep) -> ir.Table:
    """Return, of the rows of people who stand on one list more than once: is it the second or a
    later row (`again`), and does it bear another KK than the others (`other_kk`)?"""
    t = considered.filter(considered.double)
    t = t.inner_join(identified.select("row_key", "kk"), "row_key")
    same_list = [t.person_id, t.agency, t.kind, t.programme.fill_null(""), t.period]
    nth = ibis.row_number().over(group_by=same_list, order_by=t.row_key)
    several = t.kk.min().over(group_by=same_list) != t.kk.max().over(group_by=same_list)
    t = t.mutate(again=nth > 0, several=several)
    return keep(t.select("row_key", "again", other_kk=t.again & t.several), "doubles")


def _official(links: ir.Table, identified: ir.Table) -> ir.Table:
    """Return name and kelurahan as Dukcapil's list has them, one line per person."""
    of_people = links.filter(links.kind == "penduduk").select("row_key", "person_id")
    t = of_people.inner_join(identified.select("row_key", "name_sorted", "kelurahan_code"), "row_key")
    return t.group_by("person_id").agg(
        official_name=t.name_sorted.min(), official_kelurahan=t.kelurahan_code.min()
    )


def _stated(typed: Mapping[str, ir.Table]) -> ir.Table:
    """Return what a row itself says of death, inactivity, moving, flags and matching."""
    parts = [ibis.memtable([], schema={"row_key": "string", **_STATED})]
    for kind, says in _SAYS.items():
        if kind in typed:
            rows = typed[kind]
            said = says(rows)
            columns = {name: said.get(name, ibis.null(type_)) for name, type_ in _STATED.items()}
            parts.append(rows.select("row_key", **columns))
    return ibis.union(*parts) if len(parts) > 1 else parts[0]


def _dtks(rows: ir.Table) -> dict[str, ir.Value]:
    died, unclear = death_noted(first_of(rows, "keterangan_meninggal"))
    return {
        "catatan_meninggal": died,
        "catatan_meninggal_lain": unclear,
        "nonaktif": truth(rows, "is_nonaktif"),
        "catatan_pindah": _elsewhere(rows),
    }


def _pengecualian(rows: ir.Table) -> dict[str, ir.Value]:
    return {"tanda": flag_of(rows)}


def _padan(rows: ir.Table) -> dict[str, ir.Value]:
    return {"padan": first_of(rows, "status_padan").cast("string").strip().lower()}


_SAYS = {"dtks": _dtks, "pengecualian": _pengecualian, "padan": _padan}
_STATED = {
    "catatan_meninggal": "boolean",
    "catatan_meninggal_lain": "boolean",
    "nonaktif": "boolean",
    "catatan_pindah": "boolean",
    "tanda": "string",
    "padan": "string",
}


def _elsewhere(t: ir.Table) -> ir.BooleanValue:
    """Return true where the city at Dukcapil is another than the list's own; unknown if unsaid."""
    if "kab_capil" not in t.columns or "kabupaten" not in t.columns:
        return ibis.null("boolean")
    own, capil = (_bare_city(t[name]) for name in ("kabupaten", "kab_capil"))
    return (own != capil).fill_null(False)


def _bare_city(name: ir.Value) -> ir.StringValue:
    word = name.cast("string").upper().re_replace(r"[^A-Z ]", " ").re_replace(r"\s+", " ").strip()
    return word.re_replace(r"^KABUPATEN ", "KAB ").nullif("")
