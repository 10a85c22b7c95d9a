"""What codes are called on a page."""

from __future__ import annotations

from typing import Final

from rantang.cities.model import City
from rantang.contracts import contracts
from rantang.texts import _, mark

_KINDS: Final = {
    "penduduk": mark("Residents (Dukcapil)"),
    "padan": mark("Dukcapil matching result"),
    "dtks": mark("DTKS"),
    "p3ke": mark("P3KE"),
    "dtsen": mark("DTSEN"),
    "penerima": mark("Recipients"),
    "pengecualian": mark("Ineligibility flags"),
    "kesehatan": mark("Health"),
    "pendidikan": mark("Education"),
    "tenaga_kerja": mark("Labour"),
    "rumah": mark("Unfit housing"),
    "survei": mark("Survey"),
    "kecil": mark("Small lists together"),
}
_GROUPS: Final = {
    "all": mark("All rows"),
    "nik": mark("Rows with a valid NIK"),
    "no_nik": mark("Rows without a valid NIK"),
    "women": mark("Women"),
    "men": mark("Men"),
    "elderly": mark("Aged 60 and over"),
    "one_word": mark("Names of one word"),
}
_ACTORS: Final = {
    "pengirim": mark("Sender of the list"),
    "dinsos": mark("Dinsos"),
    "dispendukcapil": mark("Dispendukcapil"),
    "kelurahan": mark("Kelurahan"),
    "bappeda": mark("Bappeda"),
    "perangkat_daerah": mark("Agency in charge"),
}
_SEVERITIES: Final = {
    "galat": mark("unusable row"),
    "peringatan": mark("warning"),
    "info": mark("note"),
}
_STAGES: Final = {
    "intake": mark("Reading the lists"),
    "identity": mark("NIK, names, addresses"),
    "register": mark("Linking people and families"),
    "validation": mark("Standing"),
    "measurement": mark("Measuring poverty in the survey"),
    "welfare": mark("Welfare class"),
    "synergy": mark("Who gets what"),
    "edition": mark("Writing the edition"),
}
_SOURCES: Final = {
    "reviewed": mark("pairs judged by people"),
    "nik-held-out": mark("hidden NIK"),
    "none": mark("not calibrated: only the tier is shown"),
}
_UNITS: Final = {
    "keluarga": mark("families"),
    "individu": mark("people"),
    "wilayah": mark("areas"),
}
_CLASSES: Final = {
    "kerak": mark("chronic"),
    "miskin": mark("poor"),
    "rentan": mark("vulnerable"),
    "tidak-miskin": mark("not poor"),
    "belum-didata": mark("no data yet"),
}
_PEOPLE: Final = {
    "lansia": mark("Families with someone of 60 or over"),
    "kepala-perempuan": mark("Families headed by a woman"),
    "disabilitas": mark("Families with a disabled member"),
}
PEOPLE: Final = tuple(_PEOPLE)
"""Groups for which errors are told apart."""
_TIERS: Final = {
    "own": mark("its own row"),
    "sure": mark("sure"),
    "decided": mark("decided"),
    "likely": mark("likely"),
    "look": mark("to look at"),
}


_FIELDS: Final = {
    "name": mark("name"),
    "nik": "NIK",
    "kk": "KK",
    "place": mark("address"),
    "born": mark("birth date"),
    "sex": mark("sex"),
    "mother": mark("mother's name"),
}
_AGREE: Final = {
    "=": mark("{field} equal"),
    "~": mark("{field} near"),
    "!": mark("{field} differs"),
}
_OTHER: Final = {
    "keluarga+": mark("family members agree too"),
    "terpakai!": mark("this person is linked from another row already"),
}


def evidence(codes: str | None) -> str:
    """Put a link's evidence (`rantang.register.evidence`) into words."""
    words = []
    for code in (codes or "").split():
        field, sign = code[:-1], code[-1]
        if code in _OTHER:
            words.append(_(_OTHER[code]))
        elif sign in _AGREE:
            words.append(_(_AGREE[sign], field=_(_FIELDS.get(field, field))))
        else:
            words.append(code)
    return ", ".join(words)


def kind(code: str) -> str:
    """Name a kind of list: by its label here, else by its contract's title."""
    own = contracts()[code].title if code in contracts() else code
    return _(_KINDS.get(code, own))


def list_name(city: City, kind_code: str, programme: str) -> str:
    """Name a list: its kind, or the programme whose recipients it holds."""
    if kind_code != "penerima":
        return kind(kind_code)
    return programme_name(city, programme) if programme else kind(kind_code)


def programme_name(city: City, code: str) -> str:
    """Name a programme."""
    programme = city.programme(code)
    return programme.name if programme else code


def agency(city: City, code: str) -> str:
    """Name an agency by its abbreviation."""
    found = city.agency(code)
    return found.abbreviation if found else (code or _("unknown"))


def group(code: str) -> str:
    """Name a group of people."""
    return _(_GROUPS.get(code, code))


def people(code: str) -> str:
    """Name a group for which errors are told apart."""
    return _(_PEOPLE.get(code, code))


def actor(code: str) -> str:
    """Name who must act."""
    return _(_ACTORS.get(code, code))


def severity(code: str) -> str:
    """Name how bad a finding is."""
    return _(_SEVERITIES.get(code, code))


def stage(code: str) -> str:
    """Name a stage."""
    return _(_STAGES.get(code, code))


def calibration(code: str) -> str:
    """Name the source of a calibration."""
    return _(_SOURCES.get(code, code))


def unit(code: str) -> str:
    """Name what is counted."""
    return _(_UNITS.get(code, code))


def welfare(code: str) -> str:
    """Name a class of welfare."""
    return _(_CLASSES.get(code, code))


def tier(code: str) -> str:
    """Name how firm a link is."""
    return _(_TIERS.get(code, code))
