"""Score and class of every family: the whole stage on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from rantang.tables.intake import FINDINGS
from rantang.tables.keep import Keep
from rantang.tables.welfare import WELFARE
from rantang.welfare import joined, kerak, lasso, reasons, report, survey, visits
from rantang.welfare.classes import NOT_SURVEYED, classify
from rantang.welfare.declared import Bools, Codes, Fact, Floats, facts
from rantang.welfare.features import Families, of_register
from rantang.welfare.score import Model, Training, learn, score
from rantang.welfare.survey import Households

LEAST_HOUSEHOLDS: Final = 200
LEAST_UNITS: Final = 20


class Welfare(NamedTuple):
    """What the stage hands on: `WELFARE`, `FINDINGS`, and what model.json keeps."""

    welfare: ir.Table
    findings: ir.Table
    model: Mapping[str, Any]


@dataclass(frozen=True)
class Settings:
    """The place's settings.

    Attributes
    ----------
    classes
        Deciles of each class, for the stand-in (`[classes]`).
    welfare
        `[welfare]` (see `cities.model.WELFARE`).
    extreme_line
        Rupiah a head a month; 0 where the place gives none.
    prices
        What the main programmes for families give one in a year, rupiah, by code.
    published_line
        The poverty line published for the survey's year, rupiah a head a month; 0 where there is none.
    """

    classes: Mapping[str, Sequence[int]]
    welfare: Mapping[str, float]
    extreme_line: float = 0.0
    prices: Mapping[str, int] = field(default_factory=dict)
    published_line: float = 0.0


@dataclass(frozen=True)
class Lines:
    """The poverty line, the extreme line (rupiah a head a month) and the percentiles of the classes."""

    poor: float
    extreme: float
    cut: float
    vulnerable: float
    lowest: float


def assess(
    families: ir.Table,
    persons: ir.Table,
    links: ir.Table,
    typed: Mapping[str, ir.Table],
    family_facts: ir.Table,
    history: ir.Table | None,
    settings: Settings,
    period: str,
    keep: Keep,
) -> Welfare:
    """Return score, class and reasons of every family.

    Without a survey to learn from, without the libraries or without facts the class is the stand-in
    (`classify`) and a finding says why.

    Parameters
    ----------
    families, persons, links
        The register.
    typed
        Typed rows by kind: `survei` teaches, `dtsen` and `p3ke` are scored.
    family_facts
        `FAMILY_FACTS`: who has a disabled member.
    history
        `HISTORY` of earlier editions, None for a first one.
    """
    stand_in = classify(families, persons, links, typed, settings.classes, period, keep)
    households = survey.read(typed["survei"]) if "survei" in typed else None
    if why := _hindered(households, settings):
        return Welfare(stand_in, _finding(why), {})
    assert households is not None  # noqa: S101 - _hindered said so
    known = of_register(families, persons, links, typed, family_facts, period, keep)
    if known is None:
        return Welfare(stand_in, _finding("SKOR-TANPA-FAKTA"), {})
    lines = lines_of(households, settings)
    past = kerak.history(known.ids, history, period, int(settings.welfare["kerak_of"]))
    parts, model = [], {}
    for sources in sorted(set(known.sources) - {""}):
        mine = known.sources == sources
        of_past = kerak.History(past.known[mine], past.poor[mine])
        made = _of_sources(sources, known.only(mine), of_past, households, lines, settings)
        if made is not None:
            parts.append(made[0])
            model[sources] = made[1]
    if not parts:
        return Welfare(stand_in, _finding("SKOR-TANPA-FAKTA"), {})
    scored = keep(ibis.memtable(pa.concat_tables(parts)), "scored")
    return Welfare(_beside(stand_in, scored), _unfair(model), _as_model(model, lines))


def _hindered(households: Households | None, settings: Settings) -> str:
    if households is None:
        return "SKOR-TANPA-SURVEI"
    if not lasso.installed():
        return "SKOR-TANPA-STATISTIK"
    small = len(households.consumption) < LEAST_HOUSEHOLDS or len(np.unique(households.psu)) < LEAST_UNITS
    line = _line(households, settings)
    return "SKOR-SURVEI-KECIL" if small or not line > 0 else ""


def _line(households: Households, settings: Settings) -> float:
    """Return the poverty line: the one set by the place, else the survey's, else the published one.

    The survey's counts where every row has one, as in measurement: scores and rate rest on one line.
    """
    own = households.line if np.isfinite(households.line) else settings.published_line
    return settings.welfare["line"] or own


def lines_of(households: Households, settings: Settings) -> Lines:
    """Return the lines and cuts: the place's, and where it gives none the survey's."""
    given, line = settings.welfare, _line(households, settings)
    poor = households.consumption < line
    rate = float(households.persons[poor].sum() / households.persons.sum()) * 100
    cut = given["miskin"] or round(rate, 6)
    return Lines(
        poor=line,
        extreme=settings.extreme_line,
        cut=cut,
        vulnerable=max(given["rentan"], cut),
        lowest=given["kerak_lowest"] or round(0.7 * cut, 6),
    )


def used_facts(codes: Codes, sources: str, households: Households) -> list[int]:
    """Return the positions of facts that these lists carry and the survey answers in two ways or more."""
    found = []
    for index, fact in enumerate(facts()):
        carried = fact.register or any(source in fact.fields for source in sources.split("+"))
        asked = len(np.unique(households.codes[:, index][households.codes[:, index] >= 0])) > 1
        if carried and asked and (codes[:, index] >= 0).any():
            found.append(index)
    return found


def training_of(households: Households, used: Sequence[int]) -> Training:
    """Return what a model on the facts `used` learns from."""
    return Training(
        codes=np.ascontiguousarray(households.codes[:, list(used)]),
        y=np.log(households.consumption),
        weight=households.persons,
        psu=households.psu,
        stratum=households.stratum,
    )


def _of_sources(
    sources: str,
    known: Families,
    past: kerak.History,
    households: Households,
    lines: Lines,
    settings: Settings,
) -> tuple[pa.Table, dict[str, Any]] | None:
    """Score the families whom the same lists speak of; None where the survey shares no fact of theirs."""
    used = used_facts(known.codes, sources, households)
    asked = [index for index in used if not facts()[index].register]
    if not asked:
        return None
    enough = (known.codes[:, asked] >= 0).mean(axis=1) >= settings.welfare["least_facts"]
    known = known.only(enough)
    past = kerak.History(past.known[enough], past.poor[enough])
    training = training_of(households, used)
    model = learn(
        training,
        tuple(facts()[index] for index in used),
        said=households.said,
        sources=sources,
    )
    table, about = scored(known, past, model, used, lines, settings.welfare)
    about |= model.as_dict({fact.name: fact for fact in facts()})
    about["errors"] = report.errors(
        households, training, model, lines.poor, households.said.on(sources),
        settings.prices,
    )  # fmt: skip
    return table, about


def scored(
    known: Families,
    past: kerak.History,
    model: Model,
    used: Sequence[int],
    lines: Lines,
    settings: Mapping[str, float],
) -> tuple[pa.Table, dict[str, Any]]:
    """Return the columns of `WELFARE` for these families, and what is counted over them."""
    codes = np.ascontiguousarray(known.codes[:, list(used)])
    made = score(model, codes, known.aid)
    p_poor = made.below(model, lines.poor)
    poor = made.rank <= lines.cut
    shown = kerak.signs(known, made, lines.lowest)
    chronic = kerak.is_kerak(poor, shown, past, settings)
    at_cut = model.expected(np.array([np.interp(lines.cut, model.ranked, model.ranks)]))
    cut = float(model.share_below(np.log(lines.poor) - at_cut, model.shift.sigma)[0])
    value = visits.value(p_poor, poor, cut)
    columns: dict[str, Floats | None] = {
        "skor_kota": made.score,
        "persentil_kota": made.rank,
        "persentil_lo": made.rank_low,
        "persentil_hi": made.rank_high,
        "konsumsi": np.asarray(np.round(np.exp(made.expected), 2), dtype=np.float64),
        "konsumsi_lo": np.asarray(np.round(np.exp(made.low), 2), dtype=np.float64),
        "konsumsi_hi": np.asarray(np.round(np.exp(made.high), 2), dtype=np.float64),
        "p_miskin": p_poor,
        "p_ekstrem": made.below(model, lines.extreme) if lines.extreme > 0 else None,
        "p_kerak": kerak.chance(model, made, p_poor, lines.poor, settings["kerak_lasting"]),
        "nilai_kunjungan": value,
        "fakta_terjawab": np.round(made.answered, 6),
    }
    of_facts: tuple[Fact, ...] = tuple(facts()[index] for index in used)
    table = pa.table(
        {
            "family_id": known.ids.cast(pa.string()),
            **{name: _float(values, len(codes)) for name, values in columns.items()},
            "class_": pa.array(_classes(poor, chronic, made.rank, lines)),
            "alasan": reasons.codes_of(model, of_facts, codes),
            "tanda_kerak": _signs(shown),
        }
    )
    about = {
        "families": len(codes),
        "visits": visits.mended(p_poor, poor, value) | {"cut": round(cut, 6)},
        "joined": joined.compare(known, np.array(used), model, made, lines.cut),
    }
    return table, about


def _float(values: Floats | None, count: int) -> pa.Array:
    return pa.nulls(count, pa.float64()) if values is None else pa.array(values, pa.float64())


def _classes(poor: Bools, chronic: Bools, rank: Floats, lines: Lines) -> list[str]:
    named = np.select(
        [chronic, poor, rank <= lines.vulnerable], ["kerak", "miskin", "rentan"], "tidak-miskin"
    )
    return [str(name) for name in named]


def _signs(shown: Bools) -> pa.Array:
    words = [" ".join(name for name, bit in zip(kerak.SIGNS, _bits(n), strict=True) if bit) for n in range(8)]
    which = shown @ np.array([1, 2, 4])
    return pa.array([word or None for word in words], pa.string()).take(pa.array(which))


def _bits(number: int) -> tuple[bool, ...]:
    return tuple(bool(number >> place & 1) for place in range(len(kerak.SIGNS)))


def _beside(stand_in: ir.Table, scored: ir.Table) -> ir.Table:
    """Lay the scores beside the national decile; a family without a score is `belum-didata`."""
    official = stand_in.select("family_id", "desil_nasional", "desil_sumber", "desil_tanggal")
    t = official.left_join(scored, "family_id").drop("family_id_right")
    return WELFARE.conform(
        t.mutate(
            class_=t.class_.fill_null(NOT_SURVEYED),
            dasar=t.skor_kota.notnull().ifelse("skor", ibis.null("string")),
        )
    )


def _finding(code: str) -> ir.Table:
    return FINDINGS.rows([{"code": code, "severity": "info", "subject": "edition", "acts": "bappeda"}])


def _unfair(model: Mapping[str, Any]) -> ir.Table:
    """Say for which groups the score errs more often; only where the interval leaves out parity."""
    rows = [
        {
            "code": "SKOR-TIMPANG", "severity": "peringatan", "subject": "edition", "acts": "bappeda",
            "subject_id": f"{sources}/{group}", "value": group, "evidence": _evidence(found),
        }
        for sources, about in model.items()
        for group, found in about["errors"]["fairness"].items()
        if found["warning"]
    ]  # fmt: skip
    return FINDINGS.rows(rows)


def _evidence(found: Mapping[str, Any]) -> str:
    told = [
        f"{name}={found[name]['estimate']:+.3f} ({found[name]['low']:+.3f}..{found[name]['high']:+.3f})"
        for name in ("exclusion", "inclusion")
        if found[name]["estimate"] is not None
    ]
    cost = found["cost"]
    if cost:
        told.append(f"chosen_in_addition={cost['chosen_in_addition']:.4f}")
        told += [f"rupiah_a_year_{code}={rupiah}" for code, rupiah in cost["rupiah_a_year"].items()]
    return "; ".join(told)


def _as_model(model: Mapping[str, Any], lines: Lines) -> dict[str, Any]:
    return {
        "line": lines.poor,
        "extreme_line": lines.extreme,
        "percentiles": {"miskin": lines.cut, "rentan": lines.vulnerable, "kerak_lowest": lines.lowest},
        "unit": "keluarga (KK)",
        "learnt_on": "households of survei",
        "sources": dict(model),
    }
