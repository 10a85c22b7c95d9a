"""The pivots: the register's families, and poverty in the survey, by up to three sides the reader picks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from rantang.documents import labels
from rantang.documents.blocks import Data, Pivot, Section, show
from rantang.documents.measurement import words
from rantang.documents.report.cube import DIMENSIONS, Where
from rantang.documents.report.enter import CLASSES
from rantang.documents.report.model import ReportData, Survey
from rantang.measurement.cross import KNOWN, LEAST, STATISTICS
from rantang.measurement.figures import Figure
from rantang.measurement.reliability import CAUTION, NOT_PUBLISHED
from rantang.texts import _, mark
from rantang.vocabulary import numbers

NAMES: Final = {
    "kecamatan": mark("Kecamatan"),
    "kelas": mark("Class"),
    "bantuan": mark("Aid in the month"),
    "kepala": mark("Head of family"),
    "sekolah": mark("Schooling of the head"),
    "kerja": mark("Work of the head"),
    "lansia": mark("Someone of 60 or over"),
    "disabilitas": mark("Someone disabled"),
    "anggota": mark("Members"),
}
_YES_NO: Final = {"ya": mark("yes"), "tidak": mark("no")}
LEVELS: Final[Mapping[str, Mapping[str, str]]] = {
    "kelas": dict.fromkeys(CLASSES, ""),
    "bantuan": {
        "menerima": mark("receives something"),
        "terlewat": mark("qualifies, receives nothing"),
        "lain": mark("neither"),
    },
    "kepala": {"L": mark("a man"), "P": mark("a woman"), "?": mark("not known")},
    "sekolah": {
        "SD": mark("primary or less"),
        "SMP": mark("lower secondary"),
        "SMA": mark("upper secondary"),
        "tinggi": mark("higher"),
    },
    "kerja": {
        "tidak": mark("does not work"),
        "lepas": mark("casual or family work"),
        "usaha": mark("own business"),
        "gaji": mark("employed"),
    },
    "lansia": _YES_NO,
    "disabilitas": _YES_NO,
    "anggota": {"1": "1", "2-3": "2–3", "4-5": "4–5", "6+": "6+"},
    "kecamatan": {"?": mark("not known")},
}
"""Levels in order; where the text is empty another module names them."""


def pivot(data: ReportData) -> Section | None:
    """Both pivots; None where there is nothing to turn."""
    blocks = [block for block in (_register(data), _survey(data)) if block is not None]
    if not blocks:
        return None
    return Section(
        "silang", _("Look for yourself: who is where, and who receives"), tuple(blocks), short=_("Pivot")
    )


def _register(data: ReportData) -> Pivot | None:
    if not data.cube.cells:
        return None
    sides = {name: _levels(data, name, data.cube.levels[name]) for name in DIMENSIONS}
    return Pivot(
        title=_("The register: families by up to three sides"),
        subtitle=_("Families, {period}; a share of a register is no poverty rate",
                   period=numbers.month(data.header.period)),
        dimensions=_dimensions(data, sides),
        measures=(("keluarga", _("families"), _("families")),),
        cells={_address(where): ((show(count), count.value),) for where, count in data.cube.cells.items()},
        first=("kecamatan", "kelas"),
        empty="0",
        shares=True,
        data=_table(data, "silang-register", sides, ("keluarga",),
                    ((dict(where), (count,)) for where, count in data.cube.cells.items())),
        note=_(
            'Counts of 1 to 7 stand as "<8"; "×" hides a number from which a small one could be worked out, '
            "also across tables: every table that can be made here was checked with all the others."
        ),
    )  # fmt: skip


def _survey(data: ReportData) -> Pivot | None:
    survey = data.survey
    if survey is None or not survey.crossed:
        return None
    where = {each: _sides(each) for each in survey.crossed}
    names = [name for name in KNOWN if any(name in sides for sides in where.values())]
    sides = {name: _levels(data, name, {at[name] for at in where.values() if name in at}) for name in names}
    cells = {address: _written(figures) for address, figures in survey.crossed.items()}
    return Pivot(
        title=_("The survey: poverty by up to three sides"),
        subtitle=_("Estimates with their 95 % interval, {period}", period=numbers.month(survey.period)),
        dimensions=_dimensions(data, sides),
        measures=tuple((name, words.name(name), _("estimate (95 %)")) for name in STATISTICS),
        cells={"": _written(survey.city), **cells},
        first=("sekolah" if "sekolah" in names else names[-1], ""),
        empty="–",
        shares=False,
        data=_table(data, "silang-survei", sides, _HEADS, _rows(survey, where)),
        note=_(
            "A star: with caution (RSE 25 to 50 %). A dash: fewer than {least} households were asked, or "
            "the estimate is too uncertain (RSE above 50 %). Intervals of small parts promise more than "
            "they hold.",
            least=LEAST,
        ),
    )  # fmt: skip


_HEADS: Final = ("statistic", "estimate", "low_95", "high_95", "households", "reliability")


def _rows(
    survey: Survey, where: Mapping[str, Mapping[str, str]]
) -> Iterable[tuple[Mapping[str, str], tuple[object, ...]]]:
    for address, figures in survey.crossed.items():
        for figure in figures.values():
            shown = figure.reliability != NOT_PUBLISHED
            values = (figure.estimate, figure.ci_low, figure.ci_high)
            told = tuple(round(value, 4) if shown else "–" for value in values)
            yield where[address], (figure.statistic, *told, figure.n, figure.reliability)


def _written(figures: Mapping[str, Figure]) -> tuple[tuple[str, float | None], ...]:
    """Write each figure with its interval; a number of a survey is never added up, so none stands behind."""
    return tuple((_figure(figures.get(name)), None) for name in STATISTICS)


def _figure(figure: Figure | None) -> str:
    if figure is None or figure.reliability == NOT_PUBLISHED:
        return "–"
    star = "*" if figure.reliability == CAUTION else ""
    return f"{words.estimate(figure)}{star} ({words.interval(figure)})"


def _dimensions(
    data: ReportData, sides: Mapping[str, Mapping[str, str]]
) -> tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]:
    return tuple((name, _name(data, name), tuple(levels.items())) for name, levels in sides.items())


def _name(data: ReportData, name: str) -> str:
    district = data.city.terms.get("district", "")
    return district.capitalize() if name == "kecamatan" and district else _(NAMES[name])


def _levels(data: ReportData, name: str, found: Iterable[str]) -> dict[str, str]:
    order = list(LEVELS[name])

    def place(level: str) -> tuple[int, str]:
        return (order.index(level) if level in order and level != "?" else len(order), level)

    say: Callable[[str], str] = labels.welfare if name == "kelas" else lambda level: _level(data, name, level)
    known = sorted(set(found), key=lambda level: (level == "?", *place(level)))
    return {level: say(level) for level in known}


def _level(data: ReportData, name: str, level: str) -> str:
    if name == "kecamatan" and level != "?":
        return next((area.kecamatan for area in data.city.areas if area.kecamatan_code == level), level)
    return _(LEVELS[name].get(level, level))


def _address(where: Where) -> str:
    return "|".join(f"{name}={level}" for name, level in where)


def _sides(address: str) -> dict[str, str]:
    return dict(part.split("=", 1) for part in address.split("|") if part)


def _table(
    data: ReportData,
    file: str,
    sides: Mapping[str, Mapping[str, str]],
    heads: tuple[str, ...],
    rows: Iterable[tuple[Mapping[str, str], tuple[object, ...]]],
) -> Data:
    """Every cell of a pivot as one long table: a column a side, empty where the cell is not parted by it."""
    lines = (
        (*(levels[at[name]] if name in at else "" for name, levels in sides.items()), *values)
        for at, values in rows
    )
    return Data(file, (*(_name(data, name) for name in sides), *heads), tuple(lines))
