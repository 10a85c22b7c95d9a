"""The survey by up to three sides of a household: what `measure` gives, and none of too few households."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from rantang.measurement.cross import COLUMN, LEAST, crossed, with_sides
from rantang.measurement.declared import Declared
from rantang.measurement.design import prepare
from rantang.measurement.figures import Figure, measure

DECLARED = Declared(
    welfare="kapita",
    line_column="line",
    weight="bobot",
    size="jumlah_anggota",
    strata=("strata",),
    psu=("psu",),
)


def households(count: int = 600) -> pl.DataFrame:
    rng = np.random.default_rng(5)
    return pl.DataFrame(
        {
            "kapita": np.exp(rng.normal(13.5, 0.6, count)),
            "line": np.full(count, 620_000.0),
            "bobot": rng.uniform(100, 300, count),
            "jumlah_anggota": rng.integers(1, 8, count),
            "strata": [str(n % 2) for n in range(count)],
            "psu": [str(n // 10) for n in range(count)],
            "jenis_kelamin_kepala": rng.choice(["L", "P"], count, p=[0.8, 0.2]),
            "pendidikan_kepala": rng.choice(["BELUM_TAMAT_SD", "SD", "SMP", "SMA", "SARJANA"], count),
            "lansia": [int(n) if n >= 0 else None for n in rng.integers(-1, 2, count)],
        }
    )


def figures(table: pl.DataFrame) -> dict[tuple[str, str], Figure]:
    found = crossed(prepare(with_sides(table), replace(DECLARED, by=(COLUMN,))))
    return {(each.statistic, each.domain or ""): each for each in found}


def test_a_part_has_the_figures_that_measure_gives_it() -> None:
    table = households()
    by_sex = measure(prepare(table, replace(DECLARED, by=("jenis_kelamin_kepala",)))).figures
    expected = next(each for each in by_sex if each.domain == "P" and each.statistic == "P1")
    found = figures(table)["P1", "kepala=P"]
    assert (found.estimate, found.se, found.n) == pytest.approx((expected.estimate, expected.se, expected.n))


def test_sides_cross_up_to_three_and_keep_their_order() -> None:
    domains = {domain for _name, domain in figures(households())}
    assert max(domain.count("|") for domain in domains) == 2
    assert "kepala=L|sekolah=SD|lansia=ya" in domains
    assert not any("lansia" in domain.split("|")[0] and "kepala" in domain for domain in domains)


def test_schooling_is_told_in_four_steps() -> None:
    table = households()
    primary = table.filter(pl.col("pendidikan_kepala").is_in(["BELUM_TAMAT_SD", "SD"])).height
    assert figures(table)["P0", "sekolah=SD"].n == primary


def test_who_did_not_say_a_side_is_in_no_part_of_it() -> None:
    table = households()
    found = figures(table)
    asked = found["P0", "lansia=ya"].n + found["P0", "lansia=tidak"].n
    assert asked == table["lansia"].drop_nulls().len() < table.height


def test_fewer_than_thirty_households_are_not_estimated() -> None:
    assert min(each.n for each in figures(households()).values()) >= LEAST


def test_a_survey_that_asked_no_sides_has_none() -> None:
    bare = households().drop("jenis_kelamin_kepala", "pendidikan_kepala", "lansia", "jumlah_anggota")
    sample = prepare(with_sides(bare), replace(DECLARED, size=None, by=(COLUMN,)))
    assert list(crossed(sample)) == []
