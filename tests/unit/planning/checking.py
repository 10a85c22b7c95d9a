"""An independent checker: reads a plan's folder, and nothing of Rantang, and recomputes everything.

The effect is integrated numerically here (the code uses a closed form), and constraints are summed
from their rows; exclusions, complements and rights are told from the rows, too.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq


def read(folder: Path, name: str) -> dict[str, list]:
    return pq.read_table(folder / f"{name}.parquet").to_pydict()


def shortfall(line: float, mean: float, sd: float, power: int) -> float:
    """E[max(line - C, 0)^power] by Simpson's rule over the quantiles of the normal below the line."""
    if line <= 0:
        return 0.0
    if sd < 1e-5:
        return max(line - math.exp(mean), 0.0) ** power
    top = (math.log(line) - mean) / sd
    x = np.linspace(min(-9.0, top - 1.0), top, 4001)
    y = np.maximum(line - np.exp(mean + sd * x), 0.0) ** power * np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    h = x[1] - x[0]
    return float(h / 3 * (y[0] + y[-1] + 4 * y[1:-1:2].sum() + 2 * y[2:-1:2].sum()))


def check(folder: Path, sample: int | None = None) -> list[str]:
    """Return everything that is wrong with a plan, nothing if all is well."""
    wrong: list[str] = []
    about = json.loads((folder / "plan.json").read_text("utf-8"))
    plan, pairs = read(folder, "plan"), read(folder, "pairs")
    families, consumption = read(folder, "families"), read(folder, "consumption")
    given = set(zip(plan["family"], plan["programme"], strict=True))
    known = {
        (f, p): (e, c, g)
        for f, p, e, c, g in zip(
            *(pairs[k] for k in ("family", "programme", "eligible", "cost", "gain")), strict=True
        )
    }
    for key, cost in zip(zip(plan["family"], plan["programme"], strict=True), plan["cost"], strict=True):
        if key not in known or not known[key][0]:
            wrong.append(f"{key} is not eligible")
        elif known[key][1] != cost:
            wrong.append(f"{key}: cost {cost} is not {known[key][1]}")
    wrong += constraints(folder, given)
    wrong += effects(plan, known, families, consumption, about, sample)
    held = read(folder, "present")
    weight = dict(zip(families["family"], families["weight"], strict=True))
    lost = sum(
        about["switching"] * weight[f]
        for f, p in zip(held["family"], held["programme"], strict=True)
        if known[f, p][0] and (f, p) not in given
    )
    if abs(lost - about["switching_cost"]) > 1e-6 * max(abs(lost), 1.0):
        wrong.append(f"switching cost {about['switching_cost']} is not {lost}")
    objective = math.fsum(plan["effect"])
    if abs(objective - about["objective"]) > 1e-6 * max(abs(objective), 1.0):
        wrong.append(f"objective {about['objective']} is not {objective}")
    if about["bound"] < about["objective"] - 1e-9 * abs(about["objective"]):
        wrong.append("the bound lies below the objective")
    if abs(about["gap"] * about["bound"] - (about["bound"] - about["objective"])) > 1e-6 * about["bound"]:
        wrong.append(f"the gap {about['gap']} is not that of objective and bound")
    return wrong


def constraints(folder: Path, given: set[tuple[str, str]]) -> list[str]:
    heads, rows = read(folder, "constraints"), read(folder, "constraint_rows")
    used = dict.fromkeys(heads["name"], 0.0)
    for name, family, programme, coefficient in zip(
        *(rows[k] for k in ("name", "family", "programme", "coefficient")), strict=True
    ):
        if (family, programme) in given:
            used[name] += coefficient
    wrong = []
    for name, limit, said in zip(heads["name"], heads["limit"], heads["used"], strict=True):
        # Money and places are whole numbers: not one rupiah over. Rights are rupiah of gain.
        slack = 1e-5 * abs(limit) if name.startswith("hak:") else 0.0
        if used[name] > limit + slack:
            wrong.append(f"{name}: {used[name]} is over {limit}")
        if abs(used[name] - said) > 1e-6 * max(abs(said), 1.0):
            wrong.append(f"{name}: used {said} is not {used[name]}")
    return wrong


def effects(plan, known, families, consumption, about, sample) -> list[str]:
    by_family: dict[str, list[tuple[float, float]]] = {}
    for family, programme, effect in zip(plan["family"], plan["programme"], plan["effect"], strict=True):
        by_family.setdefault(family, []).append((known[family, programme][2], effect))
    of = {
        f: (m, s, n)
        for f, m, s, n in zip(*(consumption[k] for k in ("family", "mean", "sd", "size")), strict=True)
    }
    weight = dict(zip(families["family"], families["weight"], strict=True))
    wrong, line, power = [], about["line"], about["power"]
    for family in sorted(by_family)[:sample]:
        mean, sd, size = of[family]
        gain = sum(each for each, _ in by_family[family])
        before, after = (shortfall(z, mean, sd, power) for z in (line, line - gain / size))
        effect = weight[family] * size * line ** (1 - power) * (before - after)
        said = sum(each for _, each in by_family[family])
        if abs(effect - said) > 1e-5 * max(abs(effect), weight[family] * line * 1e-3):
            wrong.append(f"{family}: effect {said} is not {effect}")
    return wrong
