"""Read a place's files and check them: every error names the file, the entry and the way out."""

from __future__ import annotations

import csv
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from typing import Any, Final, get_args

from rantang.cities import model
from rantang.cities.model import City, Programme
from rantang.errors import RantangError
from rantang.expressions import Expression, parse
from rantang.tables.facts import rule_columns

LEVELS: Final = ("pusat", "provinsi", "kota", "lain")
CLASSES: Final = ("kerak", "miskin", "rentan", "tidak-miskin")
_MONTH: Final = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
_PROGRAMME_CODE: Final = re.compile(r"[A-Z][A-Z0-9]{1,19}")
_AGENCY_CODE: Final = re.compile(r"[a-z][a-z0-9-]{1,30}")
_SETTINGS: Final = frozenset(
    [
        "name",
        "place",
        "period",
        "levels",
        "terms",
        "thresholds",
        "classes",
        "welfare",
        "planning",
        "calendar",
        "retention",
        "population",
        "quoted",
        "survey",
        "synthetic",
        "workspace",
        "programme",
    ]
)

Raw = Mapping[str, Any]


def build_city(files: Mapping[str, str], overrides: Raw) -> City:
    """Build a `City` of its files and a workspace's overrides (see `cities.build`)."""
    own = _toml(files, "city.toml")
    settings = _merged(own, overrides)
    _known(settings, _SETTINGS, "city.toml", "")
    agencies = _agencies(files)
    return City(
        place=str(own.get("place", "")),
        name=_text(settings, "name", "city.toml", ""),
        levels=dict(settings.get("levels", {})),
        terms=dict(settings.get("terms", {})),
        thresholds=_numbers(settings, "thresholds"),
        classes=_classes(settings),
        welfare=_welfare(settings),
        calendar=dict(settings.get("calendar", {})),
        retention=dict(settings.get("retention", {})),
        population=_population(settings),
        areas=_areas(files),
        agencies=agencies,
        programmes=_programmes(files, agencies, settings.get("programme", {})),
        indicators=_indicators(files),
        targets=_targets(files),
        quoted=_numbers(settings, "quoted"),
        survey=_survey(settings),
        planning=_planning(settings),
        files=dict(files),
        settings=dict(overrides),
    )


def _merged(base: Raw, over: Raw) -> dict[str, Any]:
    merged = dict(base)
    for key, value in over.items():
        old = merged.get(key)
        both_tables = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = _merged(old, value) if both_tables else value  # type: ignore[arg-type]
    return merged


def _classes(settings: Raw) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    seen: set[int] = set()
    for name, deciles in dict(settings.get("classes", {})).items():
        if name not in CLASSES:
            raise _error("city.toml", "classes", name, ", ".join(CLASSES))
        if (
            not isinstance(deciles, list)
            or any(d not in range(1, 11) for d in deciles)
            or seen & set(deciles)
        ):
            raise _error("city.toml", f"classes.{name}", deciles, "[1], [2], [3, 4] …")
        seen |= set(deciles)
        found[name] = tuple(deciles)
    return found


def _welfare(settings: Raw) -> dict[str, float]:
    given = _numbers(settings, "welfare")
    _known(given, frozenset(model.WELFARE), "city.toml", "welfare")
    return {**model.WELFARE, **given}


def _planning(settings: Raw) -> dict[str, float]:
    given = _numbers(settings, "planning")
    _known(given, frozenset(model.PLANNING), "city.toml", "planning")
    found = {**model.PLANNING, **given}
    for name, value in found.items():
        if value < 0 or (name == "power" and value not in (1, 2)):
            raise _error("city.toml", f"planning.{name}", value, "1, 2" if name == "power" else "0 …")
    return found


def _numbers(settings: Raw, key: str) -> dict[str, float]:
    found = dict(settings.get(key, {}))
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _error("city.toml", f"{key}.{name}", value, "1.5")
    return found


def _population(settings: Raw) -> model.Population | None:
    raw = settings.get("population")
    if not raw:
        return None
    _known(raw, frozenset(("persons", "year", "source")), "city.toml", "population")
    return model.Population(
        persons=_whole(raw, "persons", "city.toml", "population"),
        year=_whole(raw, "year", "city.toml", "population"),
        source=_text(raw, "source", "city.toml", "population"),
    )


def _survey(settings: Raw) -> model.Survey | None:
    raw = settings.get("survey")
    if not raw:
        return None
    _known(raw, frozenset(("households", "deff", "source", "asumsi")), "city.toml", "survey")
    deff, households = raw.get("deff"), _whole(raw, "households", "city.toml", "survey")
    if isinstance(deff, bool) or not isinstance(deff, int | float) or deff <= 0 or not households:
        raise _error("city.toml", "survey", f"{households}, {deff}", "households = 900, deff = 1.9")
    return model.Survey(
        households, float(deff), _text(raw, "source", "city.toml", "survey"), bool(raw.get("asumsi", False))
    )


def _areas(files: Mapping[str, str]) -> tuple[model.Area, ...]:
    tiles = {
        row["kode_kemendagri"]: row for row in _csv(files, "tiles.csv", ("kode_kemendagri", "kolom", "baris"))
    }
    required = ("kode_kemendagri", "nama", "kecamatan", "kode_kecamatan_kemendagri")
    found: dict[str, model.Area] = {}
    for row in _csv(files, "areas.csv", required):
        code = row["kode_kemendagri"]
        if not re.fullmatch(r"\d\d\.\d\d\.\d\d\.\d{4}", code) or code in found:
            raise _error("areas.csv", row["nama"], code, "NN.NN.NN.NNNN (1×)")
        tile = tiles.get(code)
        found[code] = model.Area(
            code=code,
            name=row["nama"],
            kecamatan=row["kecamatan"],
            kecamatan_code=row["kode_kecamatan_kemendagri"],
            code_bps=row.get("kode_bps", ""),
            nik_prefix=row.get("nik_prefix", ""),
            variants=tuple(part.strip() for part in row.get("nama_varian", "").split(";") if part.strip()),
            latitude=float(row["lat"]) if row.get("lat") else None,
            longitude=float(row["lon"]) if row.get("lon") else None,
            column=int(tile["kolom"]) if tile else None,
            row=int(tile["baris"]) if tile else None,
        )
    return tuple(found.values())


def _agencies(files: Mapping[str, str]) -> tuple[model.Agency, ...]:
    raw = _toml(files, "agencies.toml", required=False)
    found: dict[str, model.Agency] = {}
    keys = frozenset(
        [
            "code",
            "name",
            "abbreviation",
            "role",
            "gives_lists",
            "aliases",
            "partner",
            "source",
            "status",
            "other_budgets",
        ]
    )
    for entry in raw.get("agency", []):
        code = _text(entry, "code", "agencies.toml", str(entry.get("name", "")))
        if not _AGENCY_CODE.fullmatch(code) or code in found:
            raise _error("agencies.toml", code, code, "dinsos (1×)")
        _known(entry, keys, "agencies.toml", code)
        found[code] = model.Agency(
            code=code,
            name=_text(entry, "name", "agencies.toml", code),
            abbreviation=_text(entry, "abbreviation", "agencies.toml", code),
            role=_text(entry, "role", "agencies.toml", code),
            gives_lists=bool(entry.get("gives_lists", True)),
            aliases=tuple(entry.get("aliases", ())),
            partner=bool(entry.get("partner", False)),
            source=str(entry.get("source", "")),
            status=str(entry.get("status", "")),
            other_budgets=_budgets(entry.get("other_budgets", ()), "agencies.toml", code),
        )
    return tuple(found.values())


def _programmes(
    files: Mapping[str, str], agencies: Sequence[model.Agency], overrides: Raw
) -> tuple[Programme, ...]:
    raw: dict[str, tuple[str, Raw]] = {}
    for path in sorted(path for path in files if re.fullmatch(r"programmes/[^/]+\.toml", path)):
        entry = _toml(files, path)
        code = _text(entry, "code", path, "")
        if not _PROGRAMME_CODE.fullmatch(code) or code in raw:
            raise _error(path, "code", code, "PKH (1×)")
        raw[code] = (path, _merged(entry, overrides.get(code, {})))
    unknown = set(overrides) - set(raw)
    if unknown:
        raise _error("city.toml", "programme", ", ".join(sorted(unknown)), ", ".join(raw))
    codes = tuple(raw)
    known_agencies = {agency.code for agency in agencies}
    return tuple(_programme(path, entry, codes, known_agencies) for path, entry in raw.values())


_PROGRAMME_KEYS: Final = frozenset(
    [
        "code",
        "name",
        "agency",
        "level",
        "strategy",
        "unit",
        "aid",
        "source",
        "status",
        "rule",
        "rule_asumsi",
        "main",
        "from",
        "until",
        "amounts",
        "places",
        "budgets",
        "exclusive_with",
        "complements",
        "only_with",
        "gives_list",
        "siks",
        "note",
        "take_up",
        "delivery",
    ]
)


def _programme(path: str, raw: Raw, codes: tuple[str, ...], agencies: set[str]) -> Programme:
    code = str(raw["code"])
    _known(raw, _PROGRAMME_KEYS, path, code)
    unit = _choice(raw, "unit", get_args(model.Unit), path, code)
    text = str(raw.get("rule", ""))
    if (unit == "wilayah") != (not text):
        raise _error(path, f"{code}.rule", text, 'usia >= 60 (unit = "wilayah": none)')
    for key in ("exclusive_with", "complements", "only_with"):
        for other in raw.get(key, ()):
            if other not in codes or other == code:
                raise _error(path, f"{code}.{key}", other, ", ".join(codes))
    return Programme(
        code=code,
        name=_text(raw, "name", path, code),
        agency=_choice(raw, "agency", sorted(agencies), path, code),
        level=_choice(raw, "level", LEVELS, path, code),
        strategy=_choice(raw, "strategy", get_args(model.Strategy), path, code),
        unit=unit,
        aid=_choice(raw, "aid", get_args(model.Aid), path, code),
        source=_text(raw, "source", path, code),
        status=_text(raw, "status", path, code),
        rule_text=text,
        rule=_rule(text, rule_columns(unit, codes), path) if text else None,
        rule_asumsi=bool(raw.get("rule_asumsi", False)),
        main=bool(raw.get("main", False)),
        from_=_month(raw, "from", path, code),
        until=_month(raw, "until", path, code),
        amounts=tuple(_amount(entry, path, code) for entry in raw.get("amounts", ())),
        places=tuple(_places(entry, path, code) for entry in raw.get("places", ())),
        budgets=_budgets(raw.get("budgets", ()), path, code),
        exclusive_with=tuple(raw.get("exclusive_with", ())),
        complements=tuple(raw.get("complements", ())),
        only_with=tuple(raw.get("only_with", ())),
        gives_list=bool(raw.get("gives_list", True)),
        siks=str(raw.get("siks", "")),
        note=str(raw.get("note", "")),
        take_up=_spread(raw, "take_up", path, code),
        delivery=_spread(raw, "delivery", path, code),
    )


def _spread(raw: Raw, key: str, path: str, code: str) -> model.Spread | None:
    if key not in raw:
        return None
    value = raw[key]
    good = isinstance(value, list) and len(value) == 3 and all(isinstance(v, int | float) for v in value)
    if not good or not 0 <= value[0] <= value[1] <= value[2] <= 1:
        raise _error(path, f"{code}.{key}", value, "[0.7, 0.8, 0.9]")
    return float(value[0]), float(value[1]), float(value[2])


def _rule(text: str, columns: Mapping[str, str], path: str) -> Expression:
    try:
        return parse(text, columns)
    except RantangError as error:
        raise RantangError("TEMPAT-ATURAN", file=path, why=str(error)) from None


def _amount(raw: Raw, path: str, code: str) -> model.Amount:
    where = f"{code}.amounts"
    _known(raw, frozenset(("from", "rupiah", "per", "times", "source", "asumsi")), path, where)
    asumsi = bool(raw.get("asumsi", False))
    return model.Amount(
        from_=_month(raw, "from", path, where, required=True),
        rupiah=_whole(raw, "rupiah", path, where),
        per=_choice(raw, "per", get_args(model.Per), path, where),
        times=int(raw.get("times", 1)),
        source=str(raw.get("source", "")) if asumsi else _text(raw, "source", path, where),
        asumsi=asumsi,
    )


def _places(raw: Raw, path: str, code: str) -> model.Places:
    where = f"{code}.places"
    _known(raw, frozenset(("from", "count", "source", "asumsi")), path, where)
    return model.Places(
        from_=_month(raw, "from", path, where, required=True),
        count=_whole(raw, "count", path, where),
        source=_text(raw, "source", path, where),
        asumsi=bool(raw.get("asumsi", False)),
    )


def _budgets(entries: Sequence[Raw], path: str, code: str) -> tuple[model.Budget, ...]:
    found = []
    for raw in entries:
        where = f"{code}.budgets"
        _known(raw, frozenset(("year", "rupiah", "source", "asumsi", "for")), path, where)
        found.append(
            model.Budget(
                year=_whole(raw, "year", path, where),
                rupiah=_whole(raw, "rupiah", path, where),
                source=_text(raw, "source", path, where),
                asumsi=bool(raw.get("asumsi", False)),
                for_=str(raw.get("for", "")),
            )
        )
    return tuple(found)


def _indicators(files: Mapping[str, str]) -> tuple[model.Indicator, ...]:
    required = ("indicator", "series", "year", "value", "unit", "source")
    return tuple(
        model.Indicator(
            indicator=row["indicator"],
            series=row["series"],
            year=int(_figure(row, "year", "indicators.csv")),
            value=_figure(row, "value", "indicators.csv"),
            unit=row["unit"],
            source=_text(row, "source", "indicators.csv", row["indicator"]),
            vintage=row.get("vintage", ""),
            released=row.get("released", ""),
            status=row.get("status", ""),
            note=row.get("note", ""),
        )
        for row in _csv(files, "indicators.csv", required)
    )


def _targets(files: Mapping[str, str]) -> tuple[model.Target, ...]:
    found = []
    for row in _csv(files, "targets.csv", ("document", "year", "low", "high", "source")):
        low, high = _figure(row, "low", "targets.csv"), _figure(row, "high", "targets.csv")
        if low > high:
            raise _error("targets.csv", row["document"], f"{low} > {high}", "low ≤ high")
        found.append(
            model.Target(
                document=row["document"],
                year=int(_figure(row, "year", "targets.csv")),
                low=low,
                high=high,
                source=_text(row, "source", "targets.csv", row["document"]),
                status=row.get("status", ""),
                adopted=int(_figure(row, "adopted", "targets.csv")) if row.get("adopted") else None,
            )
        )
    return tuple(found)


def _toml(files: Mapping[str, str], path: str, required: bool = True) -> Raw:
    if path not in files:
        if required:
            raise RantangError("TEMPAT-BERKAS", file=path)
        return {}
    try:
        return tomllib.loads(files[path])
    except tomllib.TOMLDecodeError as error:
        raise RantangError("TEMPAT-SINTAKS", file=path, why=str(error)) from None


def _csv(files: Mapping[str, str], path: str, required: Sequence[str]) -> list[dict[str, str]]:
    if path not in files:
        return []
    lines = [line for line in files[path].splitlines(keepends=True) if not line.startswith("#")]
    reader = csv.DictReader(io.StringIO("".join(lines)))
    missing = [name for name in required if name not in (reader.fieldnames or ())]
    if missing:
        raise _error(path, "1", ", ".join(reader.fieldnames or ()), ", ".join(required))
    return [{key: (value or "").strip() for key, value in row.items() if key} for row in reader]


def _figure(row: Mapping[str, str], key: str, path: str) -> float:
    try:
        return float(row[key])
    except ValueError:
        raise _error(path, key, row[key], "4.62") from None


def _text(raw: Raw, key: str, path: str, where: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _error(path, f"{where}.{key}".strip("."), "" if value is None else value, f'{key} = "…"')
    return value


def _whole(raw: Raw, key: str, path: str, where: str) -> int:
    value = raw.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise _error(path, f"{where}.{key}", "" if value is None else value, f"{key} = 1000")
    return value


def _month(raw: Raw, key: str, path: str, where: str, required: bool = False) -> str:
    value = str(raw.get(key, ""))
    if (value or required) and not _MONTH.fullmatch(value):
        raise _error(path, f"{where}.{key}", value, f'{key} = "2022-01"')
    return value


def _choice(raw: Raw, key: str, choices: Sequence[str], path: str, where: str) -> Any:
    value = raw.get(key)
    if value not in choices:
        raise _error(path, f"{where}.{key}", "" if value is None else value, ", ".join(choices))
    return value


def _known(raw: Raw, keys: frozenset[str], path: str, where: str) -> None:
    unknown = set(raw) - keys
    if unknown:
        raise _error(path, where or "·", ", ".join(sorted(unknown)), ", ".join(sorted(keys)))


def _error(path: str, where: str, value: object, instead: str) -> RantangError:
    return RantangError("TEMPAT-ISI", file=path, where=where, value=value, instead=instead)
