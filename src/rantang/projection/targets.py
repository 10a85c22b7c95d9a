"""What chance a target has: of being true, and of being published, which are two things.

A city is judged by the figure that is published. With a survey of 900 households that figure may lie a
point from the truth, either way: both chances are given, in each scenario of the sampling error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rantang.cities.model import Target
from rantang.projection.model import Path
from rantang.projection.series import Series


@dataclass(frozen=True, slots=True)
class Chance:
    """A target's chance in one scenario.

    Attributes
    ----------
    p_true, p_published
        Probability that the true rate, and that the published rate of that year, is at or below `high`:
        a target that is a range is reached at its upper end.
    p_true_low, p_published_low
        The same for `low`; equal where the target is one figure.
    published
        The rate that is published for that year already; then `p_published` is 0 or 1.
    revised_by
        The later document whose target for the same year takes its place; empty where it stands.
    written
        The document was there at the end of the period (None: not known).
    quoted
        The target is quoted, not a document's own row.
    """

    document: str
    year: int
    low: float
    high: float
    scenario: str
    p_true: float
    p_published: float
    p_true_low: float
    p_published_low: float
    published: float | None
    revised_by: str
    written: bool | None
    quoted: bool
    source: str


def chances(
    targets: Sequence[Target],
    paths: Mapping[str, Path],
    series: Series | None,
    period: str,
    *,
    quoted: bool = False,
) -> tuple[Chance, ...]:
    """Return the chance of every target in every scenario, by year and document.

    Parameters
    ----------
    paths
        A path by scenario; each reaches every target's year.
    series
        The published series, None where a published figure does not settle the target (quoted paths).
    """
    found = []
    for target in sorted(targets, key=lambda t: (t.year, t.adopted or 0, t.document)):
        for scenario, path in paths.items():
            if target.year not in path.years:
                continue
            came = series.rate_in(target.year) if series else None
            found.append(
                Chance(
                    target.document,
                    target.year,
                    target.low,
                    target.high,
                    scenario,
                    *_odds(path, target, came),
                    came,
                    revised_by(target, targets),
                    None if target.adopted is None else target.adopted <= int(period[:4]),
                    quoted,
                    target.source,
                )
            )
    return tuple(found)


def _odds(path: Path, target: Target, came: float | None) -> tuple[float, float, float, float]:
    """Return p_true, p_published, and the same at the low end."""
    true = path.true(target.year)
    if came is None:
        new = path.published(target.year)
        high, low = float(new.cdf(target.high)), float(new.cdf(target.low))
    else:
        high, low = float(came <= target.high), float(came <= target.low)
    return float(true.cdf(target.high)), high, float(true.cdf(target.low)), low


def revised_by(target: Target, targets: Sequence[Target]) -> str:
    """Return the latest later document that has a target for the same year, empty where none has."""
    later = [
        other
        for other in targets
        if other.year == target.year and other.adopted and target.adopted and other.adopted > target.adopted
    ]
    return max(later, key=lambda other: other.adopted or 0).document if later else ""
