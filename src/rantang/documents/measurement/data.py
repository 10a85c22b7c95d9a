"""The figures for machines."""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, fields
from typing import Any, Final

from rantang.catalogue import describe, entries
from rantang.measurement.declared import RelativeLine
from rantang.measurement.figures import Figure, Measured
from rantang.measurement.plain import known
from rantang.measurement.replicates import FORMULAS
from rantang.texts import _

HEADS: Final = tuple(each.name for each in fields(Figure))


def as_json(measured: Measured) -> dict[str, Any]:
    """Return figures, design, warnings, methods and the variance formula; what is unknown is null."""
    sample = measured.sample
    if sample is None:
        raise ValueError("the figures have lost their sample")
    design = sample.design
    return {
        "figures": [known(asdict(each)) for each in measured.figures],
        "design": {
            "declared": _declared(measured),
            "psu": design.units,
            "strata": len(design.sampled),
            "lonely_strata": int(design.lonely.sum()),
            "df": design.units - len(design.sampled),
            "rows": len(sample.welfare),
            "domains": [known(asdict(base)) for base in measured.bases],
        },
        "warnings": warnings(measured),
        "methods": methods(measured),
        "formula": FORMULAS[measured.method],
    }


def as_csv(measured: Measured) -> str:
    """Return the figures as CSV with a point before decimals."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADS)
    for each in measured.figures:
        row = known(asdict(each))
        writer.writerow("" if row[head] is None else _safe(row[head]) for head in HEADS)
    return out.getvalue()


def _safe(value: Any) -> Any:
    """A domain's name that a spreadsheet would take for a formula is kept as text."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" else value


def warnings(measured: Measured) -> list[dict[str, str]]:
    """Return what a reader must know, the grave first."""
    declared = entries()
    order = {"peringatan": 0, "info": 1}
    found = []
    for note in measured.notes:
        text = describe(note.code, note.values)
        severity = declared[note.code].severity
        found.append(
            {
                "code": note.code,
                "severity": severity,
                "message": text.message.strip(),
                "mend": text.mend,
            }
        )
    return sorted(found, key=lambda each: order.get(each["severity"], 2))


def methods(measured: Measured) -> dict[str, str]:
    """Return, in words, how the figures were made."""
    sample = measured.sample
    declared = sample.declared if sample else None
    relative = (declared.relative if declared else None) or RelativeLine()
    compare = declared.compare if declared else "lt"
    return {
        "poor": _("below the line") if compare == "lt" else _("at or below the line"),
        "line": _line(measured, relative),
        "ARPR": _(
            "line {text} = {line:.6g}, estimated from the whole sample and linearised with its density",
            text=relative.text,
            line=measured.relative_line,
        ),
        "errors": _errors(measured),
        "interval": _(
            "95 %, t with PSUs minus strata degrees of freedom; shares: {method}; amounts: log",
            method=measured.interval,
        ),
        "deff": _("variance over that of as many rows drawn simply, with replacement"),
        "reliability": _(
            "relative standard error up to 25 % usable, up to 50 % with caution, else not published"
        ),
    }


def _line(measured: Measured, relative: RelativeLine) -> str:
    declared = measured.sample.declared if measured.sample else None
    if declared is None or declared.at_relative:
        return _(
            "P0, P1, P2, Sen and Watts stand at the estimated line {text} = {line:.6g}; errors allow for it",
            text=relative.text,
            line=measured.relative_line,
        )
    if declared.line is not None:
        return _("{line:.10g}, fixed", line=declared.line)
    return _("the column {column}, fixed", column=declared.line_column)


def _errors(measured: Measured) -> str:
    if measured.method == "taylor":
        return _("Taylor linearisation over totals of primary sampling units")
    return _("{kind}, {count} replicates", kind=measured.method, count=measured.replicates)


def _declared(measured: Measured) -> dict[str, Any]:
    if measured.sample is None:
        return {}
    found = asdict(measured.sample.declared)
    relative = measured.sample.declared.relative
    return {**found, "relative": relative.text if relative else None}
