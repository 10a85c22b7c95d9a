"""The documented facts on which rules may be built: what the register knows of a person or family.

A rule (`rantang.expressions`) may read these columns and nothing else. Null means *unknown*, never
no: a list that does not speak of a thing leaves it unknown, except where the register itself rules
it out (a man is not pregnant). No fact is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

import ibis.expr.types as ir

from rantang.tables.declare import Column, Table
from rantang.texts import mark

PERSON_FACTS = Table(
    "person_facts",
    row="one person of the register",
    key=("person_id",),
    columns=(
        Column("person_id", "string", "Person id"),
        Column("family_id", "string", "Family id"),
        Column("kelurahan_code", "string", "Kelurahan"),
        Column("usia", "int64", "Age in whole years at the last day of the period"),
        Column("jenis_kelamin", "string", "`L` or `P`"),
        Column("hubungan", "string", "Relation to the head of family, Regsosek code 1-8"),
        Column("kepala_keluarga", "boolean", "Head of the family"),
        Column("lansia", "boolean", "Aged 60 or more (UU 13/1998 art. 1)"),
        Column("balita", "boolean", "Under five years"),
        Column("anak_usia_dini", "boolean", "Aged 0-6: the PKH component (Permensos 1/2018)"),
        Column("usia_sekolah", "boolean", "Aged 7-18: of school age, whether at school or not"),
        Column("usia_kerja", "boolean", "Aged 15-64: working age as BPS counts it"),
        Column("penduduk", "boolean", "Resident by Dukcapil; false: moved or dead; null: not asked"),
        Column("di_dtks", "boolean", "On the `dtks` list"),
        Column("di_p3ke", "boolean", "On the `p3ke` list"),
        Column("di_dtsen", "boolean", "On the `dtsen` list"),
        Column("hamil", "boolean", "Pregnant: `kesehatan`, `dtks`; men and the under-tens: false"),
        Column("disabilitas", "boolean", "With a disability: `kesehatan`, `dtks`, `dtsen`"),
        Column("penyakit_kronis", "boolean", "With a chronic disease: `kesehatan`, `dtsen`"),
        Column("gizi_kurang", "boolean", "Wasted, stunted or (mother) undernourished: `kesehatan`"),
        Column("bersekolah", "boolean", "At school: `pendidikan`; below 4 and above 24 years: false"),
        Column("jenjang", "string", "Level of school: `SD`, `SMP`, `SMA` or as the list writes it"),
        Column("pencari_kerja", "boolean", "Registered as seeking work: `tenaga_kerja`"),
        Column("pekerja_rentan", "boolean", "Works without employer or contract: `tenaga_kerja`"),
        Column("yatim", "boolean", "Orphan, as `dtks` (YAPI) says; from 18 years on: false"),
        Column("jaminan_kesehatan", "string", "Segment of health insurance, as `kesehatan` writes it"),
        Column("bertanda", "boolean", "On a `pengecualian` list with a hard or review flag"),
    ),
)

FAMILY_FACTS = Table(
    "family_facts",
    row="one family of the register",
    key=("family_id",),
    columns=(
        Column("family_id", "string", "Family id"),
        Column("kelurahan_code", "string", "Kelurahan"),
        Column("jumlah_anggota", "int64", "Members in the register"),
        Column("kk_satu_orang", "boolean", "The KK has one member (not: lives alone)"),
        Column("keluarga_di_dtks", "boolean", "A member is on `dtks`"),
        Column("keluarga_di_p3ke", "boolean", "A member is on `p3ke`"),
        Column("keluarga_di_dtsen", "boolean", "A member is on `dtsen`"),
        Column("keluarga_bertanda", "boolean", "A member carries a hard or review flag"),
        Column("ada_penduduk", "boolean", "A member is a resident; false: all moved or dead"),
        Column("ada_lansia", "boolean", "A member is 60 or more"),
        Column("ada_balita", "boolean", "A member is under five"),
        Column("ada_anak_usia_dini", "boolean", "A member is 0-6"),
        Column("ada_usia_sekolah", "boolean", "A member is 7-18"),
        Column("ada_usia_kerja", "boolean", "A member is 15-64"),
        Column("ada_hamil", "boolean", "A member is pregnant"),
        Column("ada_disabilitas", "boolean", "A member has a disability"),
        Column("ada_penyakit_kronis", "boolean", "A member has a chronic disease"),
        Column("ada_gizi_kurang", "boolean", "A member is undernourished"),
        Column("ada_bersekolah", "boolean", "A member is at school"),
        Column("rumah_tidak_layak", "boolean", "The house is on the `rumah` list as unfit"),
        Column("daya_listrik", "int64", "Power of the house, VA: `dtsen`, `rumah`, `p3ke`"),
    ),
)

WELFARE_FACTS: Final[Mapping[str, str]] = {
    "desil_nasional": "int64",
    "kelas": "string",
    "persentil_kota": "float64",
    "p_miskin": "float64",
    "p_kerak": "float64",
}
"""Columns of the welfare table that a programme's rule may read (`kelas` is its `class_`)."""

_KEYS: Final = frozenset({"person_id", "family_id", "kelurahan_code"})


RECEIVED: Final = "menerima_"


class Facts(NamedTuple):
    """The two fact tables of an edition."""

    persons: ir.Table
    families: ir.Table


def received(programme: str) -> str:
    """Return the name of the fact "the family receives this programme now"."""
    return f"{RECEIVED}{programme.lower()}"


def rule_columns(unit: str, programmes: tuple[str, ...] = ()) -> dict[str, str]:
    """Return the columns a programme's rule may read, with their Ibis types.

    Parameters
    ----------
    unit
        `keluarga`: facts of the family; `individu`: facts of the person and of the family.
    programmes
        Codes of the programmes that `menerima_…` may name.
    """
    tables = (FAMILY_FACTS,) if unit == "keluarga" else (PERSON_FACTS, FAMILY_FACTS)
    columns = {
        column.name: column.type for table in tables for column in table.columns if column.name not in _KEYS
    }
    columns.update(WELFARE_FACTS)
    columns.update({received(code): "boolean" for code in programmes})
    return columns


WORDS: Final[Mapping[str, str]] = {
    "usia": mark("age"),
    "jenis_kelamin": mark("sex"),
    "hubungan": mark("relation to the head of family"),
    "kepala_keluarga": mark("is head of family"),
    "lansia": mark("is 60 or older"),
    "balita": mark("is under five"),
    "anak_usia_dini": mark("is 0 to 6 years old"),
    "usia_sekolah": mark("is 7 to 18 years old"),
    "usia_kerja": mark("is 15 to 64 years old"),
    "penduduk": mark("is a resident by Dukcapil"),
    "di_dtks": mark("is on DTKS"),
    "di_p3ke": mark("is on P3KE"),
    "di_dtsen": mark("is on DTSEN"),
    "hamil": mark("is pregnant"),
    "disabilitas": mark("has a disability"),
    "penyakit_kronis": mark("has a chronic disease"),
    "gizi_kurang": mark("is undernourished"),
    "bersekolah": mark("is at school"),
    "jenjang": mark("level of school"),
    "pencari_kerja": mark("is registered as seeking work"),
    "pekerja_rentan": mark("is a worker without employer or contract"),
    "yatim": mark("is an orphan"),
    "jaminan_kesehatan": mark("segment of health insurance"),
    "bertanda": mark("carries an ineligibility flag"),
    "jumlah_anggota": mark("number of family members"),
    "kk_satu_orang": mark("the KK has one member"),
    "keluarga_di_dtks": mark("the family is on DTKS"),
    "keluarga_di_p3ke": mark("the family is on P3KE"),
    "keluarga_di_dtsen": mark("the family is on DTSEN"),
    "keluarga_bertanda": mark("a family member carries an ineligibility flag"),
    "ada_penduduk": mark("a family member is a resident"),
    "ada_lansia": mark("a family member is 60 or older"),
    "ada_balita": mark("a family member is under five"),
    "ada_anak_usia_dini": mark("a family member is 0 to 6 years old"),
    "ada_usia_sekolah": mark("a family member is 7 to 18 years old"),
    "ada_usia_kerja": mark("a family member is 15 to 64 years old"),
    "ada_hamil": mark("a family member is pregnant"),
    "ada_disabilitas": mark("a family member has a disability"),
    "ada_penyakit_kronis": mark("a family member has a chronic disease"),
    "ada_gizi_kurang": mark("a family member is undernourished"),
    "ada_bersekolah": mark("a family member is at school"),
    "rumah_tidak_layak": mark("the house is unfit to live in"),
    "daya_listrik": mark("electric power (VA)"),
    "desil_nasional": mark("national decile"),
    "kelas": mark("class of welfare"),
    "persentil_kota": mark("the city's percentile"),
    "p_miskin": mark("probability of being poor"),
    "p_kerak": mark("probability of chronic poverty"),
}
"""Facts in a few words, for explaining a rule (English; Indonesian in the `.po` files)."""
