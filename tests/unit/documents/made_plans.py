"""Plans and scenarios of a made-up register, as `rantang plan` records them. Nobody in it exists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np

from rantang.cities import City
from rantang.planning import record
from rantang.planning.allocation import Register
from rantang.planning.effects import gains
from rantang.planning.from_edition import Caseload, Question
from rantang.planning.prices import frontier
from rantang.planning.problem import Families, Pairs, Rules
from rantang.planning.promises import best
from rantang.planning.scenario import Scenario, load
from rantang.planning.simulate import simulate

LINE = 620_253.0
PERIOD = "2022-11"
DRAWS = 40
OWN = ("BPNTD", "RANTANG", "PBID", "RTLHD")
CODES = (*OWN, "SEMBAKO")


def question(city: City, n: int = 500, seed: int = 3) -> Question:
    rng = np.random.default_rng(seed)
    kelurahan = np.array([area.code for area in city.areas])[np.minimum(rng.geometric(0.07, n) - 1, 56)]
    kerak = rng.random(n) < 0.2
    scored = rng.random(n) < 0.8
    families = Families(
        np.array([f"F{i:04d}" for i in range(n)]), kelurahan,
        np.log(LINE) + 0.25 - 0.4 * kerak + rng.normal(0, 0.3, n), np.full(n, 0.4),
        1.0 + rng.integers(0, 6, n),
        scored.astype(float), kerak, np.zeros(n),
    )  # fmt: skip
    who, which = np.nonzero(rng.random((n, len(CODES))) < np.array([0.5, 0.03, 0.6, 0.05, 0.4]))
    programmes = [city.programme(code) for code in CODES]
    cost = np.array([p.rupiah_a_year(PERIOD) for p in programmes])[which]
    aid = np.array([p.aid for p in programmes])[which]
    held = rng.random(len(who)) < 0.3
    pairs = Pairs(
        families.family[who], np.array(CODES)[which], np.array([p.agency for p in programmes])[which],
        rng.random(len(who)) < 0.9, cost, gains(cost, aid.tolist()), np.ones(len(who), np.int64), held,
    )  # fmt: skip
    register = Register(
        families, np.where(kerak, "kerak", np.where(scored, "rentan", "belum-didata")),
        np.array([f"JALAN {i % 9}" for i in range(n)]), pairs, aid,
        np.array([p.main for p in programmes])[which], np.full(len(who), 0.97),
        (("BPNTD", "SEMBAKO"),), LINE, population=20_000.0,
    )  # fmt: skip
    ours = np.flatnonzero(np.isin(pairs.programme, OWN) & scored[who])
    mine = Pairs(**{name: getattr(pairs, name)[ours] for name in pairs.__dataclass_fields__})
    chosen = Families(**{name: getattr(families, name)[scored] for name in families.__dataclass_fields__})
    served = np.isin(chosen.family, pairs.family[held & (pairs.programme == "SEMBAKO")])
    able = np.isin(chosen.family, mine.family[mine.eligible & (mine.programme == "BPNTD")])
    right = np.where(chosen.kerak & ~served & able, 100_000.0, 0.0)
    chosen = Families(**{**chosen.__dict__, "right": right})
    # What families without a score keep comes on top of the money and places that are planned.
    kept = held & ~scored[who] & np.isin(pairs.programme, OWN)
    money = {"dinsos": 250_000_000, "dinkes": 60_000_000, "dpuprpkp": 160_000_000}
    gross = {code: net + int(cost[kept & (pairs.agency == code)].sum()) for code, net in money.items()}
    rules = Rules(
        LINE, budgets=gross,
        places={"RTLHD": 8 + int((kept & (pairs.programme == "RTLHD")).sum())}, switching=20_000.0,
    )  # fmt: skip
    return Question(
        chosen, mine, rules, OWN, register, cost, ours, np.zeros(len(who), dtype=bool),
        {p.code: p.level for p in city.programmes}, 2022, "survei", 0.05, int((~scored).sum()),
        100_000.0, 12,
        {"dinsos": (300_000_000, 250_000_000)}, ("LAIN",), (Caseload("BPNTD", 90, 88, 1, 1),), 20_000.0,
    )  # fmt: skip


def plans(city: City) -> Sequence[dict[str, Any]]:
    """The built-in scenarios and the best plan, read back as from their files."""
    asked = question(city)
    found: list[dict[str, Any]] = []
    for name in ("perluas-rantang", "tutup-kerak", "tepat-sempurna", "rencana-kini"):
        result = simulate(asked.register, load(name), 1, DRAWS)
        found.append({"folder": name, "scenario": record.of_scenario(result, asked, DRAWS)})
    kept = best(asked.families, asked.pairs, asked.rules)
    result = simulate(
        asked.register, Scenario("rencana", "rencana"), 1, DRAWS, now=record.now_of(asked, kept.plan)
    )
    points = frontier(kept.plan.problem, (0.5, 1.0, 2.0), 0.02, first=kept.plan)
    made = record.of_plan(kept, record.of_scenario(result, asked, DRAWS), asked, points)
    found.append({"folder": "rencana", "plan": made})
    return json.loads(json.dumps(found, allow_nan=False))
