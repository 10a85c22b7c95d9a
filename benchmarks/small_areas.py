"""Small areas on the World Bank's synthetic country: direct, Fay–Herriot and EB against the census.

57 areas are made of neighbouring enumeration areas, and blocks of about 100 households within these; each
of 20 draws takes 90 blocks with probability proportional to size and 10 households in each, as a city's
Susenas does. The line is such that 6.62 % of the persons are poor. The models know the census' facts of
every household, not its welfare.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from importlib import resources

import numpy as np
import polars as pl

from benchmarks.measure import Row, save
from rantang.measurement.small_area import areas, eb
from rantang.measurement.small_area.arrays import with_constant
from rantang.measurement.small_area.benchmarking import benchmark

RATE, BLOCKS, HOUSEHOLDS, AREAS, DRAWS = 0.0662, 90, 10, 57, 20


@dataclass(frozen=True)
class Country:
    """Every household: welfare, size, facts, area and block; the line and every area's true rate."""

    welfare: np.ndarray
    size: np.ndarray
    facts: np.ndarray
    area: np.ndarray
    block: np.ndarray
    line: float
    truth: np.ndarray


def country() -> Country:
    """Load the census from the package that ships it; nothing of it is copied."""
    file = resources.files("svy") / "datasets" / "_bundled" / "hld_pop_wb_2023.parquet"
    census = pl.read_parquet(str(file)).sort("geo1", "geo2", "ea", "hid")
    ea = np.unique(census["ea"].to_numpy(), return_inverse=True)[1]
    area = (ea * AREAS) // (ea.max() + 1)
    within = np.arange(len(ea)) - np.searchsorted(ea, ea)
    counts = np.bincount(ea)
    pieces = np.maximum(np.round(counts / 100), 1).astype(int)
    first = np.concatenate([[0], np.cumsum(pieces)[:-1]])
    block = first[ea] + (within * pieces[ea]) // counts[ea]
    welfare, size = census["pc_exp"].to_numpy(), census["hhsize"].to_numpy().astype(float)
    order = np.argsort(welfare)
    line = float(welfare[order][np.searchsorted(np.cumsum(size[order]), RATE * size.sum())])
    truth = np.bincount(area, size * (welfare < line)) / np.bincount(area, size)
    return Country(welfare, size, _facts(census), area, block, line, truth)


def _facts(census: pl.DataFrame) -> np.ndarray:
    size = census["hhsize"].to_numpy().astype(float)
    rooms = census["rooms"].to_numpy().astype(float)
    said = [
        np.log(size),
        np.minimum(rooms, 6),
        (census["urbrur"] == "Urban").to_numpy(),
        (census["electricity"] == "Yes").to_numpy(),
        (census["water"] == "Piped into dwelling").to_numpy(),
        (census["toilet"].str.contains("(?i)flush")).to_numpy(),
        (census["toilet"].str.contains("(?i)no facility")).to_numpy(),
    ]
    return np.column_stack(said).astype(float)


@dataclass(frozen=True)
class Draw:
    """One survey: rows of the census, and what it says directly."""

    rows: np.ndarray
    direct: areas.Direct
    city: areas.City


def draw(place: Country, random: np.random.Generator) -> Draw:
    """Systematic PPS over blocks in random order, simple random households in each: areas stay unsampled."""
    counts = np.bincount(place.block)
    step = counts.sum() / BLOCKS
    order = random.permutation(len(counts))
    hits = order[np.searchsorted(np.cumsum(counts[order]), (random.random() + np.arange(BLOCKS)) * step)]
    rows = [random.choice(np.flatnonzero(place.block == b), HOUSEHOLDS, replace=False) for b in hits]
    taken = np.concatenate(rows)
    psu = np.repeat(np.arange(BLOCKS), HOUSEHOLDS)
    weight = np.full(len(taken), step / HOUSEHOLDS)
    return Draw(taken, *_direct(place, taken, psu, weight))


def _direct(
    place: Country, rows: np.ndarray, psu: np.ndarray, weight: np.ndarray
) -> tuple[areas.Direct, areas.City]:
    """Ratio estimates, Taylor-linearised over PSUs as if drawn with replacement."""
    poor, persons = (place.welfare[rows] < place.line).astype(float), weight * place.size[rows]

    def estimate(inside: np.ndarray) -> tuple[float, float]:
        total = persons[inside].sum()
        rate = float((persons * poor)[inside].sum() / total)
        scores = np.bincount(psu, np.where(inside, persons * (poor - rate) / total, 0.0))
        scores = scores[np.unique(psu[inside])]
        n = len(scores)
        return rate, float(n / (n - 1) * ((scores - scores.mean()) ** 2).sum()) if n > 1 else np.nan

    area = place.area[rows]
    figures = [estimate(area == d) if (area == d).any() else (np.nan, np.nan) for d in range(AREAS)]
    persons_of = np.bincount(place.area, place.size)
    direct = areas.Direct(
        tuple(map(str, range(AREAS))),
        np.array([rate for rate, _ in figures]),
        np.array([variance for _, variance in figures]),
        np.bincount(area, minlength=AREAS),
        np.array([len(np.unique(psu[area == d])) for d in range(AREAS)]),
        persons_of / persons_of.sum(),
    )
    return direct, areas.City(*estimate(np.ones(len(rows), dtype=bool)), households=len(rows))


def report(draws: int = DRAWS) -> None:
    """Print RMSE over areas of every method, mean over draws, and how well the stated errors tell."""
    place = country()
    means = np.column_stack(
        [np.bincount(place.area, column) / np.bincount(place.area) for column in place.facts.T]
    )
    chosen = means[:, [0, 1, 6]]
    census = eb.Census(with_constant(place.facts), place.area, place.size, np.ones(len(place.size)))
    collected: dict[str, list[Row]] = {}
    for seed in range(draws):
        one = draw(place, np.random.default_rng(seed))
        for name, row in _methods(place, one, census, chosen, seed).items():
            collected.setdefault(name, []).append(row)
    rows = [
        {"method": name} | {key: float(np.nanmean([row[key] for row in every])) for key in every[0]}
        for name, every in collected.items()
    ]
    save("small_areas", rows, draws=draws, rate=RATE, line=place.line)


def _methods(place: Country, one: Draw, census: eb.Census, means: np.ndarray, seed: int) -> dict[str, Row]:
    sampled = one.direct.households > 0
    found = {"direct": _errors(place.truth, one.direct.estimate, one.direct.variance, sampled)}
    for scale in ("identity", "arcsine"):
        started = time.perf_counter()
        table = areas.by_area_model(one.direct, means, one.city, scale=scale)
        found |= _both(f"Fay-Herriot {scale}", place.truth, table, sampled, started)
    # The design weights itself, so that pseudo-EB would be EB.
    started = time.perf_counter()
    facts = with_constant(place.facts[one.rows])
    sample = eb.Sample(place.welfare[one.rows], facts, place.area[one.rows])
    table = areas.by_unit_model(sample, census, one.direct, one.city, place.line, seed=seed)
    found |= _both("EB", place.truth, table, sampled, started)
    # What each way of benchmarking costs, and how much of it is the error of the city's figure itself.
    share = one.direct.share
    model = np.array([row.model for row in table.rows])
    mse = np.array([row.mse - (row.estimate - row.model) ** 2 for row in table.rows])
    for way in ("ratio", "difference"):
        done = benchmark(model, mse, share, one.city.estimate, way)
        found[f"EB, {way}"] = _errors(place.truth, done.estimate, done.mse, sampled)
    known = benchmark(model, mse, share, float(share @ place.truth))
    found["EB, odds, to the census' own rate"] = _errors(place.truth, known.estimate, known.mse, sampled)
    return found


def _both(
    name: str, truth: np.ndarray, table: areas.SmallAreas, sampled: np.ndarray, started: float
) -> dict[str, Row]:
    seconds = time.perf_counter() - started
    model = np.array([row.model for row in table.rows])
    final = np.array([row.estimate for row in table.rows])
    mse = np.array([row.mse for row in table.rows])
    bare = mse - (final - model) ** 2
    return {
        f"{name}, model": _errors(truth, model, bare, sampled),
        f"{name}, benchmarked": _errors(truth, final, mse, sampled) | {"s": seconds},
    }


def _errors(truth: np.ndarray, estimate: np.ndarray, mse: np.ndarray, sampled: np.ndarray) -> Row:
    """RMSE in sampled and unsampled areas, bias, RMSE as stated, share of truths within 95 % intervals."""
    off = estimate - truth
    low, high = areas.interval(np.nan_to_num(estimate), np.nan_to_num(mse))
    known = np.isfinite(estimate) & np.isfinite(mse)
    inside = (low <= truth) & (truth <= high)
    return {
        "sampled": float(np.sqrt(np.mean(off[sampled] ** 2))),
        "unsampled": float(np.sqrt(np.nanmean(off[~sampled] ** 2))) if known[~sampled].any() else np.nan,
        "bias": float(np.nanmean(off)),
        "stated": float(np.sqrt(np.mean(mse[known]))),
        "covered": float(inside[known].mean()),
    }


if __name__ == "__main__":
    report()
