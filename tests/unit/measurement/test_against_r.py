"""The same figures from R survey, convey and laeken, where R is present."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import polars as pl
import pytest
from world_bank import households
from world_bank import sample as of_bank

from rantang.measurement.declared import Declared, RelativeLine
from rantang.measurement.design import prepare
from rantang.measurement.figures import Figure, measure
from rantang.measurement.replicates import replicates

pytestmark = [pytest.mark.r, pytest.mark.slow]

SURVEY = """
suppressMessages({library(survey); library(jsonlite)})
d <- read.csv(FILE); d$w <- d$hhweight * d$hhsize; d$poor <- as.numeric(d$pc_exp <= 1800)
d$gap <- d$poor * (1 - d$pc_exp / 1800)
s <- svydesign(ids = ~ea, strata = ~interaction(geo1, urbrur), weights = ~w, data = d, nest = TRUE)
m <- svymean(~poor + gap, s, deff = "replace")
j <- as.svrepdesign(s, type = "JKn", mse = TRUE)
k <- svyciprop(~poor, s, method = "beta"); l <- svyciprop(~poor, s, method = "logit")
t <- svytotal(~poor, s)
cat(toJSON(list(p0 = coef(m)[["poor"]], se = SE(m)[["poor"]], p1se = SE(m)[["gap"]],
  deff = deff(m)[["poor"]], jkn = SE(svymean(~poor, j))[1], beta = as.vector(confint(k)),
  logit = as.vector(confint(l)), total = SE(t)[1]), digits = 12, auto_unbox = TRUE))
"""
CONVEY = """
suppressMessages({library(survey); library(convey); library(jsonlite)})
d <- read.csv(FILE); d$w <- d$hhweight * d$hhsize
s <- svydesign(ids = ~ea, strata = ~interaction(geo1, urbrur), weights = ~w, data = d, nest = TRUE)
s <- convey_prep(s); r <- subset(s, urbrur == "Rural")
f <- function(x) c(coef(x)[[1]], SE(x)[[1]])
cat(toJSON(list(ARPR = f(svyarpr(~pc_exp, s)), ARPR_Rural = f(svyarpr(~pc_exp, r)),
  gini = f(svygini(~pc_exp, s)), gini_Rural = f(svygini(~pc_exp, r)), s80s20 = f(svyqsr(~pc_exp, s)),
  watts = f(svywatts(~pc_exp, s, type_thresh = "abs", abs_thresh = 1800)),
  P1_relative = f(svyfgt(~pc_exp, s, g = 1, type_thresh = "relq")),
  P2_relative = f(svyfgt(~pc_exp, s, g = 2, type_thresh = "relq"))), digits = 12))
"""
LAEKEN = """
suppressMessages({library(laeken); library(jsonlite)})
d <- read.csv(FILE); d$w <- d$hhweight * d$hhsize
cat(toJSON(list(arpr = arpr(d$pc_exp, weights = d$w)$value), digits = 12, auto_unbox = TRUE))
"""


def r(script: str, folder: Path) -> dict:
    file = folder / "rows.csv"
    households().write_csv(file)
    text = script.replace("FILE", json.dumps(str(file)))
    ran = subprocess.run(["Rscript", "-e", text], capture_output=True, text=True, check=False)
    if "there is no package called" in ran.stderr:
        pytest.skip("R is here without " + ran.stderr.split("called")[1].strip()[1:20].split("’")[0])
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


def ours(name: str, domain: str | None = None, **changed: object) -> Figure:
    figures = measure(of_bank(by=("urbrur",), **changed)).figures
    return next(f for f in figures if (f.statistic, f.domain) == (name, domain))


def test_survey(tmp_path: Path) -> None:
    theirs = r(SURVEY, tmp_path)
    p0 = ours("P0")
    assert (p0.estimate, p0.se, p0.deff) == pytest.approx(
        (theirs["p0"], theirs["se"], theirs["deff"]), rel=1e-9
    )
    assert ours("P1").se == pytest.approx(theirs["p1se"], rel=1e-9)
    assert ours("poor").se == pytest.approx(theirs["total"], rel=1e-9)
    sample = of_bank()
    again = measure(sample, replicates(sample.design, "jackknife")).figures[0]
    assert again.se == pytest.approx(theirs["jkn"], rel=1e-9)
    for method in ("beta", "logit"):
        figure = measure(sample, method=method).figures[0]  # type: ignore[arg-type]
        assert (figure.ci_low, figure.ci_high) == pytest.approx(tuple(theirs[method]), rel=1e-9)


def test_convey(tmp_path: Path) -> None:
    theirs = r(CONVEY, tmp_path)
    estimated = {"line": None, "relative": RelativeLine()}
    pairs = {
        "ARPR": ours("ARPR"),
        "ARPR_Rural": ours("ARPR", "Rural"),
        "gini": ours("gini"),
        "gini_Rural": ours("gini", "Rural"),
        "s80s20": ours("s80s20"),
        "watts": ours("watts"),
        "P1_relative": ours("P1", **estimated),
        "P2_relative": ours("P2", **estimated),
    }
    for name, figure in pairs.items():
        assert (figure.estimate, figure.se) == pytest.approx(tuple(theirs[name]), rel=1e-8), name


def test_laeken(tmp_path: Path) -> None:
    """laeken counts below the line, as BPS does, in per cent."""
    theirs = r(LAEKEN, tmp_path)
    assert 100 * ours("ARPR", compare="lt").estimate == pytest.approx(theirs["arpr"], abs=0.2)


def test_rows_that_r_reads_are_those_that_we_read(tmp_path: Path) -> None:
    script = (
        "suppressMessages(library(jsonlite)); cat(toJSON(list(n = nrow(read.csv(FILE))), auto_unbox = TRUE))"
    )
    assert r(script, tmp_path)["n"] == pl.DataFrame(households()).height


EUSILC = """
suppressMessages({library(survey); library(convey); library(laeken); library(jsonlite)})
data(eusilc); write.csv(eusilc[c("db030", "db040", "rb050", "eqIncome")], FILE, row.names = FALSE)
s <- svydesign(ids = ~db030, strata = ~db040, weights = ~rb050, data = eusilc, nest = TRUE)
s <- convey_prep(s); r <- subset(s, db040 == "Tyrol")
f <- function(x) c(coef(x)[[1]], SE(x)[[1]])
cat(toJSON(list(ARPR = f(svyarpr(~eqIncome, s)), ARPR_Tyrol = f(svyarpr(~eqIncome, r)),
  gini = f(svygini(~eqIncome, s)), gini_Tyrol = f(svygini(~eqIncome, r)), s80s20 = f(svyqsr(~eqIncome, s)),
  P0 = f(svyfgt(~eqIncome, s, g = 0, abs_thresh = 10000)),
  P2 = f(svyfgt(~eqIncome, s, g = 2, abs_thresh = 10000)),
  relative_line = f(svyarpt(~eqIncome, s))), digits = 12))
"""


def test_another_survey_with_many_equal_and_some_zero_incomes(tmp_path: Path) -> None:
    """Austria's synthetic EU-SILC, as laeken ships it: persons in households, nine regions."""
    theirs = r(EUSILC, tmp_path)
    columns = {"weight": "rb050", "strata": ("db040",), "psu": ("db030",), "by": ("db040",)}
    declared = Declared("eqIncome", line=10_000.0, compare="le", **columns)  # type: ignore[arg-type]
    figures = measure(prepare(pl.read_csv(tmp_path / "rows.csv"), declared)).figures
    for key, value in theirs.items():
        name, _, domain = key.partition("_T")
        wanted = (name, f"T{domain}" if domain else None)
        figure = next(f for f in figures if (f.statistic, f.domain) == wanted)
        assert (figure.estimate, figure.se) == pytest.approx(tuple(value), rel=1e-8), key


LONELY = """
suppressMessages({library(survey); library(jsonlite)}); options(survey.lonely.psu = "adjust")
d <- read.csv(FILE); d$w <- d$hhweight * d$hhsize; d$poor <- as.numeric(d$pc_exp <= 1800)
first <- d$ea[d$geo1 == "geo_01"][1]; e <- d[d$geo1 != "geo_01" | d$ea == first, ]; d$N <- 20
h <- function(x) interaction(x$geo1, x$urbrur, drop = TRUE)
s <- svydesign(ids = ~ea, strata = h(e), weights = ~w, data = e, nest = TRUE)
f <- svydesign(ids = ~ea, strata = h(d), weights = ~w, fpc = ~N, data = d, nest = TRUE)
jf <- as.svrepdesign(f, type = "JKn", mse = TRUE)
cat(toJSON(list(lonely = SE(svymean(~poor, s))[1], fpc = SE(svymean(~poor, f))[1],
  rural = SE(svyby(~poor, ~urbrur, f, svymean))[1], jkn = SE(svymean(~poor, jf))[1], first = first),
  digits = 12, auto_unbox = TRUE))
"""


def test_a_lone_block_and_a_finite_population(tmp_path: Path) -> None:
    theirs = r(LONELY, tmp_path)
    rows = households()
    alone = rows.filter((pl.col("geo1") != "geo_01") | (pl.col("ea") == theirs["first"]))
    assert measure(of_bank(alone)).figures[0].se == pytest.approx(theirs["lonely"], rel=1e-9)
    finite = of_bank(rows.with_columns(N=pl.lit(20)), fpc="N", by=("urbrur",))
    p0 = {f.domain: f.se for f in measure(finite).figures if f.statistic == "P0"}
    assert (p0[None], p0["Rural"]) == pytest.approx((theirs["fpc"], theirs["rural"]), rel=1e-9)
    jackknife = measure(finite, replicates(finite.design, "jackknife")).figures[0]
    assert jackknife.se == pytest.approx(theirs["jkn"], rel=1e-9)
