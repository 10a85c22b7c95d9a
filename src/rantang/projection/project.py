"""One place's projection, put together: series, scenarios, paths, targets, floor, detection, backtest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from rantang.cities.floor import Floor, floor_of
from rantang.cities.model import City, Target
from rantang.errors import RantangError
from rantang.projection import covariates, targets
from rantang.projection.backtest import HORIZONS, Summary, backtest, summarise
from rantang.projection.detect import Detection, detection
from rantang.projection.floor import Gap, Means, Pace, gap, means, pace
from rantang.projection.model import FEWEST, Path, fit, from_quoted
from rantang.projection.sampling_error import SamplingError, calm, scenarios
from rantang.projection.series import QUOTED, Series, published
from rantang.projection.targets import Chance

AHEAD: Final = 3
MISSION: Final = "angka misi"
MISSION_DOCUMENT: Final = "Angka misi (dikutip)"
FALLS: Final = (0.1, 0.2, 0.5)
"""Yearly falls for which it is said when they can be seen, points; the soonest target's own beside them."""


@dataclass(frozen=True)
class Projection:
    """What `project` found. Rates in per cent of the population, money in rupiah a year.

    Attributes
    ----------
    unused
        Published series that are shorter and were left alone: two series are never mixed.
    calm
        Probability of a series as calm as this one, by scenario.
    paths
        By scenario; those of the quoted rate begin with ``angka misi``.
    with_growth
        By scenario: median of the true rate in the last year when growth and the line are taken in, and
        how much likelier (log) the series is then; below 0 they explain nothing.
    """

    place: str
    period: str
    series: Series
    unused: tuple[str, ...]
    errors: tuple[SamplingError, ...]
    calm: Mapping[str, float | None]
    paths: Mapping[str, Path]
    chances: tuple[Chance, ...]
    floor: Floor | None
    means: tuple[Means, ...]
    paces: tuple[Pace, ...]
    gap: Gap | None
    detections: tuple[Detection, ...]
    scores: tuple[Summary, ...]
    push: covariates.Push | None
    with_growth: Mapping[str, tuple[float, float]]

    @property
    def horizon(self) -> int:
        """The last year of the paths."""
        return max(path.years[-1] for path in self.paths.values())

    def projection_rows(self) -> list[dict[str, Any]]:
        """Return the rows of `projection`."""
        rows = []
        for scenario, path in self.paths.items():
            for year in path.years:
                true = path.true(year)
                low, high = true.interval()
                rows.append(
                    {
                        "scenario": scenario,
                        "year": year,
                        "median": round(true.quantile(0.5), 6),
                        "lo90": round(low, 6),
                        "hi90": round(high, 6),
                    }
                )
        return rows

    def target_rows(self) -> list[dict[str, Any]]:
        """Return the rows of `targets`."""
        return [
            {
                "document": c.document,
                "year": c.year,
                "low": c.low,
                "high": c.high,
                "scenario": c.scenario,
                "p_true": round(c.p_true, 6),
                "p_published": round(c.p_published, 6),
            }
            for c in self.chances
        ]


def project(city: City, period: str, listed_share: float | None = None) -> Projection:
    """Project a place's published poverty rate to its targets, with what was known at the period's end.

    Raises
    ------
    RantangError
        ``PROYEKSI-DERET``: no published series has four figures; ``STATISTIK-TIDAK-ADA``.
    """
    every = published(city, period)
    series = next(iter(every.values()), Series("", ()))
    if len(series.observations) < FEWEST:
        raise RantangError("PROYEKSI-DERET", found=len(series.observations), needed=FEWEST)
    mission = _mission(city)
    ahead = [target.year for target in (*city.targets, *mission)]
    until = max([int(period[:4]) + AHEAD, series.last.year, *ahead])
    errors = scenarios(series, city.survey)
    plain: dict[str, Path] = {error.kind: fit(series.observations, error, until) for error in errors}
    quoted = _quoted_paths(city, plain, until)
    push = covariates.push(city, series, period, until)
    floor = floor_of(city)
    paces = _paces(city, series, mission)
    wanted = [p.points for p in paces if not p.reached and p.document != MISSION_DOCUMENT]
    falls = sorted((*wanted[:1], *FALLS))
    return Projection(
        place=city.name,
        period=period,
        series=series,
        unused=tuple(name for name in every if name != series.name),
        errors=errors,
        calm={error.kind: calm(series, error.se) for error in errors},
        paths={**plain, **quoted},
        chances=(
            *targets.chances(city.targets, plain, series, period),
            *targets.chances(mission, quoted, None, period, quoted=True),
            *targets.chances(mission, plain, series, period, quoted=True),
        ),
        floor=floor,
        means=means(floor, _years(city)) if floor else (),
        paces=paces,
        gap=gap(city, series.name, period, floor, listed_share),
        detections=tuple(detection(error.at(series.last.rate), falls) for error in errors),
        scores=summarise(backtest(series, city.survey, HORIZONS)),
        push=push,
        with_growth=_with_growth(series, plain, push, until),
    )


def _mission(city: City) -> tuple[Target, ...]:
    """Return the quoted target as a target of its own; nothing where a place quotes none."""
    quoted = city.quoted
    if not {"rate", "target", "year", "target_year"} <= set(quoted):
        return ()
    source = "; ".join(dict.fromkeys(row.source for row in city.indicators if row.status == QUOTED))
    year = int(quoted["target_year"])
    return (Target(MISSION_DOCUMENT, year, quoted["target"], quoted["target"], source, QUOTED),)


def _quoted_paths(city: City, plain: Mapping[str, Path], until: int) -> dict[str, Path]:
    if not _mission(city):
        return {}
    rate, year = city.quoted["rate"], int(city.quoted["year"])
    return {f"{MISSION} ({kind})": from_quoted(path, rate, year, until) for kind, path in plain.items()}


def _with_growth(
    series: Series, plain: Mapping[str, Path], push: covariates.Push | None, until: int
) -> dict[str, tuple[float, float]]:
    if push is None:
        return {}
    pushed = {kind: fit(series.observations, path.error, until, push.by_year) for kind, path in plain.items()}
    return {
        kind: (path.true(until).quantile(0.5), path.evidence - plain[kind].evidence)
        for kind, path in pushed.items()
    }


def _years(city: City) -> int:
    """Return the years that the quoted target leaves; one where it is not said."""
    return max(int(city.quoted.get("target_year", 0)) - int(city.quoted.get("year", 0)), 1)


def _paces(city: City, series: Series, mission: tuple[Target, ...]) -> tuple[Pace, ...]:
    """Return the yearly fall that every standing target ahead needs, and the quoted one, soonest first."""
    people = city.population.persons if city.population else None
    last = series.last
    own = (
        pace(last.rate, last.year, t.high, t.year, t.document, people)
        for t in city.targets
        if not targets.revised_by(t, city.targets)
    )
    quoted = (
        pace(city.quoted["rate"], int(city.quoted["year"]), t.high, t.year, t.document, people)
        for t in mission
    )
    found = [each for each in (*quoted, *own) if each is not None]
    return tuple(
        sorted(found, key=lambda each: (each.document != MISSION_DOCUMENT, each.year, each.document))
    )
