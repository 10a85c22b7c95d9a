"""`rantang measure`: poverty and inequality of survey microdata, with design-based errors."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, cast

import polars as pl
import typer

from rantang.cli import extras
from rantang.cli.say import console, number, plain_table, say, say_json
from rantang.cli.writing import check_target, write_private
from rantang.documents import measurement as documents
from rantang.documents.measurement import words
from rantang.errors import RantangError
from rantang.measurement.change import Change, changes, datt_ravallion, shapley
from rantang.measurement.columns import require
from rantang.measurement.declared import COMPARE, Compare, Declared, relative_line
from rantang.measurement.design import Sample, prepare
from rantang.measurement.figures import Measured
from rantang.measurement.figures import measure as estimate
from rantang.measurement.intervals import DEFAULT, METHODS, Method
from rantang.measurement.lines import FROM, LINE, PLACE, with_lines
from rantang.measurement.replicates import BOOTSTRAPS, KINDS, SEED, Kind, replicates
from rantang.store.microdata import Microdata, read_microdata
from rantang.texts import _


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("measure")(measure)


def measure(
    file: Annotated[Path, typer.Argument(help="Survey rows: parquet, csv, xlsx, dbf, dta, sav, sas7bdat.")],
    welfare: Annotated[str, typer.Option(help="Column with consumption or income per person.")],
    line: Annotated[float | None, typer.Option(help="The poverty line.")] = None,
    line_col: Annotated[str | None, typer.Option(help="Column with each row's poverty line.")] = None,
    relative: Annotated[
        str | None,
        typer.Option("--relative-line", help="A line estimated from the rows, such as 0.6:median."),
    ] = None,
    food_line: Annotated[
        str | None, typer.Option(help="The food line: a number, or a column with each row's.")
    ] = None,
    weight: Annotated[str | None, typer.Option(help="Column with the household's weight; else 1.")] = None,
    size: Annotated[
        str | None, typer.Option(help="Column with the household's persons; else a row is one person.")
    ] = None,
    strata: Annotated[list[str] | None, typer.Option(help="Column with the stratum; several: a,b.")] = None,
    psu: Annotated[list[str] | None, typer.Option(help="Column with the primary sampling unit.")] = None,
    fpc: Annotated[
        str | None, typer.Option(help="Column with the number of sampling units in the stratum's population.")
    ] = None,
    by: Annotated[
        list[str] | None, typer.Option(help="Column by whose values figures are given, too.")
    ] = None,
    compare: Annotated[
        str, typer.Option(help="Poor is who is below (lt) or at most at (le) the line.")
    ] = "lt",
    replicate: Annotated[
        str | None,
        typer.Option("--replicates", help="Errors from bootstrap, jackknife or brr; else linearised."),
    ] = None,
    draws: Annotated[int, typer.Option(min=2, help="Number of bootstrap replicates.")] = BOOTSTRAPS,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the bootstrap.")] = SEED,
    interval: Annotated[str, typer.Option(help="Interval of shares: wald, logit or beta.")] = DEFAULT,
    before: Annotated[
        Path | None, typer.Option(help="An earlier year with the same columns: how much has changed.")
    ] = None,
    before_line: Annotated[float | None, typer.Option(help="The earlier year's line; else the same.")] = None,
    lines: Annotated[
        Path | None,
        typer.Option(help="Lines by place and date: a file with the columns place, from, line."),
    ] = None,
    line_place: Annotated[
        str | None, typer.Option(help="With --lines: column with the row's kind of place.")
    ] = None,
    line_date: Annotated[
        str | None, typer.Option(help="With --lines: column with the row's date or period.")
    ] = None,
    panel: Annotated[
        list[str] | None,
        typer.Option(help="Columns with the welfare of earlier waves, in the same money: who stays poor."),
    ] = None,
    lacks: Annotated[
        list[str] | None,
        typer.Option(help="Columns of 1 (lacks it) and 0, with a weight: sekolah=2. Multidimensional index."),
    ] = None,
    cutoff: Annotated[
        float, typer.Option(help="With --lacks: share of the weights from which on one is poor.")
    ] = 1 / 3,
    out: Annotated[Path | None, typer.Option(help="Folder for figures as JSON, CSV and a page.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print for machines.")] = False,
) -> None:
    """Measure poverty and inequality in survey rows, with errors that know how the sample was drawn.

    Figures are per person. Example columns of Susenas: --weight fwt --size r301 --strata strata --psu psu.

    Example: `rantang measure susenas.dta --welfare kapita --line 674660 --weight fwt --size r301 --psu psu`
    """
    _known("--compare", compare, COMPARE)
    _known("--interval", interval, METHODS)
    if replicate is not None:
        _known("--replicates", replicate, KINDS)
    for path in _targets(out) if out else ():
        check_target(path, *(each for each in (file, before, lines) if each))
    data = read_microdata(file)
    if lines is not None:
        data, line_col = _with_lines(data, lines, line_place, line_date)
    declared = Declared(
        welfare=welfare,
        line=line,
        line_column=line_col,
        relative=relative_line(relative) if relative else None,
        food_line=_number_or_column(food_line),
        weight=weight,
        size=size,
        strata=_columns(strata, data.rows),
        psu=_columns(psu, data.rows),
        fpc=fpc,
        by=_columns(by, data.rows),
        compare=cast("Compare", compare),
    )
    sample = prepare(data.rows, declared, data.labels)
    made = replicates(sample.design, cast("Kind", replicate), draws, seed) if replicate else None
    found = estimate(sample, made, cast("Method", interval))
    answer = documents.as_json(found)
    changed: tuple[Change, ...] = ()
    if before:
        then = _then(before, before_line, declared)
        changed = changes(then, sample)
        answer["change"] = [each.as_row() for each in changed]
        answer["decomposition"] = _decomposed(then, sample)
    if panel:
        answer["panel"] = extras.panel(data.rows, sample, _columns(panel, data.rows))
    if lacks:
        answer["multidimensional"] = extras.multidimensional(data.rows, sample, lacks, cutoff)
    if replicate == "bootstrap":
        answer["methods"]["seed"] = str(seed)
    written = _write(found, answer, out, file.name) if out else []
    if as_json:
        say_json(answer)
    else:
        _tell(found, changed, [*written])
        extras.tell(answer)


def _known(option: str, value: str, choices: Sequence[str]) -> None:
    if value not in choices:
        raise RantangError("UKUR-PILIHAN", option=option, value=value, known=", ".join(choices))


def _columns(given: list[str] | None, rows: pl.DataFrame) -> tuple[str, ...]:
    """Columns, one an option or several with commas; a name that itself has a comma stays whole."""
    found: list[str] = []
    for name in given or ():
        parts = [name] if name in rows.columns else [part.strip() for part in name.split(",")]
        found += [part for part in parts if part]
    return tuple(found)


def _number_or_column(text: str | None) -> float | str | None:
    if text is None:
        return None
    try:
        return float(text)
    except ValueError:
        return text


def _with_lines(data: Microdata, lines: Path, place: str | None, date: str | None) -> tuple[Microdata, str]:
    """Give every row the line of its place and date; returns the rows and the line's column."""
    if not place or not date:
        raise RantangError("UKUR-GARIS-TANGGAL")
    name = "garis"
    while name in data.rows.columns:
        name += "_"
    table = read_microdata(lines).rows
    require(table, (PLACE, FROM, LINE))
    require(data.rows, (place, date))
    return replace(data, rows=with_lines(data.rows, place, date, table, name)), name


def _then(before: Path, line: float | None, declared: Declared) -> Sample:
    data: Microdata = read_microdata(before)
    then = declared if line is None else replace(declared, line=line, line_column=None)
    return prepare(data.rows, then, data.labels)


def _decomposed(then: Sample, now: Sample) -> list[dict[str, Any]]:
    """Growth and redistribution, by both ways of counting."""
    ways = {"datt_ravallion": datt_ravallion, "shapley": shapley}
    return [
        {"method": way, **asdict(decompose(then, now, name))}
        for way, decompose in ways.items()
        for name in ("P0", "P1", "P2")
    ]


def _write(found: Measured, answer: dict[str, Any], out: Path, name: str) -> list[Path]:
    texts = (
        json.dumps(answer, ensure_ascii=False, indent=1) + "\n",
        documents.as_csv(found),
        documents.render(found, name),
    )
    return [write_private(path, text) for path, text in zip(_targets(out), texts, strict=True)]


def _targets(out: Path) -> list[Path]:
    return [out / f"measurement.{ending}" for ending in ("json", "csv", "html")]


def _tell(found: Measured, changed: Sequence[Change], paths: Sequence[Path]) -> None:
    _tell_whole(found)
    if len(found.bases) > 1:
        _tell_parts(found)
    _tell_change(changed)
    answer = documents.as_json(found)
    for key in ("poor", "line", "ARPR", "errors", "interval"):
        say(f"{key}: {answer['methods'][key]}", style="dim")
    say(answer["formula"], style="dim")
    for warning in answer["warnings"]:
        say()
        say(f"{warning['code']}  {warning['message']}")
        if warning["mend"]:
            say(warning["mend"], style="dim")
    for path in paths:
        say(str(path))


def _tell_whole(found: Measured) -> None:
    shown = plain_table(
        ("", False), (_("estimate"), True), (_("95 % interval"), True), (_("standard error"), True),
        ("RSE", True), (_("reliability"), False),
    )  # fmt: skip
    shown.columns[0].no_wrap = shown.columns[-1].no_wrap = True
    shown.padding = (0, 1, 0, 0)
    for each in found.figures:
        if each.domain is None:
            shown.add_row(
                each.statistic, words.estimate(each), words.interval(each), words.written(each, each.se),
                words.rse(each), words.reliability(each),
            )  # fmt: skip
    console.print(shown)
    say()


def _tell_parts(found: Measured) -> None:
    """The poverty figures of each part; the rest is in the JSON and on the page."""
    shown = plain_table(
        ("", False), ("P0", True), (_("95 % interval"), True), ("P1", True), ("P2", True), ("n", True),
        (_("reliability"), False),
    )  # fmt: skip
    known = {(each.domain, each.statistic): each for each in found.figures}
    for base in found.bases[1:]:
        p0, p1, p2 = (known[base.domain, name] for name in ("P0", "P1", "P2"))
        shown.add_row(
            base.domain, words.estimate(p0), words.interval(p0), words.estimate(p1), words.estimate(p2),
            number(base.n), words.reliability(p0),
        )  # fmt: skip
    console.print(shown)
    say()


def _tell_change(changed: Sequence[Change]) -> None:
    if not changed:
        return
    shown = plain_table(
        (_("change"), False), (_("before"), True), (_("now"), True), (_("difference"), True),
        (_("standard error"), True), ("p", True), ("", False),
    )  # fmt: skip
    for each in changed:
        told = _("significant") if each.p < 0.05 else _("within the noise")
        values = (each.before, each.now, each.difference, each.se)
        shown.add_row(
            each.statistic,
            *(number(value, 4 if abs(each.now) < 10 else 0) for value in values),
            number(each.p, 3),
            told,
        )
    console.print(shown)
    say()
