"""A projection as plain values: what `projection.json` holds and the report is drawn from."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from rantang.projection import covariates, floor, model
from rantang.projection.backtest import HORIZONS, LEVEL
from rantang.projection.model import Path
from rantang.projection.project import Projection

SCHEMA: Final = 1
METHOD: Final = (
    "state space on the logit of the rate: local level with drift; sampling error an input; yearly move "
    "integrated over a grid"
)


def record(found: Projection) -> dict[str, Any]:
    """Return a projection as JSON can hold it; equal projections give equal text."""
    return {
        "schema": SCHEMA,
        "place": found.place,
        "period": found.period,
        "method": {
            "model": METHOD,
            "priors": {
                "first_level_sd": model.LEVEL_SD,
                "drift_sd": model.DRIFT_SD,
                "yearly_move_half_normal": model.MOVE_SD,
            },
            "priors_asumsi": True,
            "level": LEVEL,
        },
        "series": {
            "name": found.series.name,
            "unused": list(found.unused),
            "observations": [asdict(each) for each in found.series.observations],
        },
        "sampling_error": [
            {
                "scenario": error.kind,
                "se": _short(error.se_at(found.series.last.rate)),
                "at_rate": found.series.last.rate,
                "source": error.source,
                "asumsi": error.asumsi,
                "p_as_calm": _short(found.calm[error.kind]),
            }
            for error in found.errors
        ],
        "paths": {scenario: _path(path) for scenario, path in found.paths.items()},
        "targets": [{name: _short(value) for name, value in asdict(c).items()} for c in found.chances],
        "floor": asdict(found.floor) if found.floor else None,
        "means": [asdict(each) for each in found.means],
        "pace": [{name: _short(value) for name, value in asdict(each).items()} for each in found.paces],
        "gap": _gap(found),
        "detection": [
            {
                "scenario": d.scenario,
                "se": _short(d.se),
                "smallest_change": _short(d.smallest),
                "seen": [{name: _short(value) for name, value in asdict(s).items()} for s in d.seen],
            }
            for d in found.detections
        ],
        "backtest": {
            "horizons": list(HORIZONS),
            "scores": [{name: _short(value) for name, value in asdict(s).items()} for s in found.scores],
        },
        "growth": _growth(found),
    }


def _path(path: Path) -> list[dict[str, Any]]:
    rows = []
    for year in path.years:
        true, new = path.true(year), path.published(year)
        (low, high), (new_low, new_high) = true.interval(), new.interval()
        rows.append(
            {
                "year": year,
                "median": _short(true.quantile(0.5)),
                "lo90": _short(low),
                "hi90": _short(high),
                "published_lo90": _short(new_low),
                "published_hi90": _short(new_high),
            }
        )
    return rows


def _gap(found: Projection) -> dict[str, Any] | None:
    if found.gap is None:
        return None
    return {
        **{name: _short(value) for name, value in asdict(found.gap).items()},
        "inclusion_error": floor.INCLUSION,
        "inclusion_source": floor.INCLUSION_SOURCE,
    }


def _growth(found: Projection) -> dict[str, Any] | None:
    if found.push is None:
        return None
    return {
        "pass_through": covariates.PASS_THROUGH,
        "source": covariates.SOURCE,
        "elasticity": _short(found.push.elasticity),
        "elasticity_year": found.push.elasticity_year,
        "years_known": list(found.push.known),
        "mean_push": _short(found.push.mean),
        "horizon": found.horizon,
        "scenarios": {
            kind: {"median": _short(median), "log_evidence_gain": _short(gain)}
            for kind, (median, gain) in found.with_growth.items()
        },
    }


def _short(value: Any) -> Any:
    """Round as editions do, so that two machines write the same text."""
    return round(value, 6) if isinstance(value, float) else value
