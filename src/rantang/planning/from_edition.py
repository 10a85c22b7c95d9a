"""From an edition to a plan's question and a simulation's register; what is left out is counted.

*The register of a simulation* is every family, with all programmes: national and provincial aid, too.
Each stands for itself (weight 1), since every recipient row of the lists is somebody in the register;
`Caseload` holds that against what the lists recorded. A family without a score counts for people and
money, and for no effect (weight 0): its consumption is not known and not guessed.

*The question of a plan* is the city's own programmes and the families with a score. What families hold
of national and provincial programmes stays as it is; so does what families without a score hold of the
city's, and its money and places are not planned again. A score is of today, present aid included: the
expected consumption of the planned aid is taken off first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from rantang.cities.model import Aid, City, Programme
from rantang.errors import RantangError
from rantang.planning import effects
from rantang.planning.allocation import Register
from rantang.planning.asked import Asked
from rantang.planning.effects import Effect
from rantang.planning.problem import Bools, Families, Floats, Floor, Ints, Pairs, Rules, take
from rantang.projection.series import known
from rantang.synergy.programmes import KnownLists

EVERYONE: Final[frozenset[Aid]] = frozenset(("kesehatan", "pendidikan", "pangan", "layanan"))
"""Kinds of aid that each member who qualifies is given; of others (work, tools, training) one a family."""

Z90: Final = 1.6448536
COVERED: Final = 0.9
"""Share of the population in the residents' list below which money and places are taken in proportion."""

LEAST: Final = 0.3
"""What is left of a predicted consumption at least when the planned aid is taken off."""


@dataclass(frozen=True, slots=True)
class Caseload:
    """What the lists recorded of a programme beside what the register holds.

    Attributes
    ----------
    recorded, modelled
        Recipients (units): by the lists, rows that are nobody in the register included; in the register.
    paid, standard
        Rupiah of the lists of the period; the same units at the programme's standard amount, for the
        months that one list stands for.
    """

    programme: str
    recorded: int
    modelled: int
    paid: int
    standard: int


@dataclass(frozen=True)
class Question:
    """An edition as planning reads it.

    Attributes
    ----------
    families, pairs
        The question of the plan, with `rules` (`pose` puts it in order).
    gross
        Its rules with all money and places of the planned programmes.
    planned
        Codes of the programmes that the city decides on.
    register
        What scenarios are run on.
    price
        By the register's pairs, rupiah a year: as it is, or as a scenario's other benefit makes it.
    ours, settled
        Of the register's pairs: positions of the plan's pairs in their order; aid that is not carried
        over, since it was given once or its programme ends.
    level
        By programme, whose money it is: `kota`, `pusat`, `provinsi`, `lain`.
    year
        Whose budgets and places hold.
    line_source
        Where the poverty line was read.
    share
        Part of the city that the lists cover; money and places are taken in that proportion.
    unscored
        Families without a score.
    right
        Rupiah a month that was promised to every kerak family.
    without_right
        Kerak families that want for main support and qualify for none of the city's.
    over
        By agency whose running aid costs more than its budget: rupiah a year of the two.
    unpriced
        Programmes without a known amount, left out.
    caseloads
        Lists against the register.
    population
        Persons whom rates are told of.
    """

    families: Families
    pairs: Pairs
    gross: Rules
    planned: tuple[str, ...]
    register: Register
    price: Ints
    ours: Ints
    settled: Bools
    level: Mapping[str, str]
    year: int
    line_source: str
    share: float
    unscored: int
    right: float
    without_right: int
    over: Mapping[str, tuple[int, int]]
    unpriced: tuple[str, ...]
    caseloads: tuple[Caseload, ...]
    population: float

    @cached_property
    def kept(self) -> Bools:
        """Say of the register's pairs what families without a score keep of the planned programmes."""
        p, unscored = self.register.pairs, self.register.families.weight[self.register.of_pair] == 0
        kept: Bools = p.held & ~self.settled & unscored & np.isin(p.programme, self.planned)
        return kept

    @cached_property
    def rules(self) -> Rules:
        """The rules of the plan: money and places less those of aid that is kept and not planned again."""
        p, kept = self.register.pairs, self.kept
        budgets = {
            agency: max(money - int(self.price[kept & (p.agency == agency)].sum()), 0)
            for agency, money in self.gross.budgets.items()
        }
        places = {
            code: max(count - int(p.units[kept & (p.programme == code)].sum()), 0)
            for code, count in self.gross.places.items()
        }
        return replace(self.gross, budgets=budgets, places=places)


def question(
    asked: Asked,
    city: City,
    period: str,
    lists: KnownLists,
    residents: int | None,
    year: int | None = None,
) -> Question:
    """Make a plan's question and a simulation's register of an edition.

    Parameters
    ----------
    residents
        People on Dukcapil's list, None where there is none.
    year
        Whose budgets and places hold; None: the period's, or where it has none the money of today.

    Raises
    ------
    RantangError
        `RENCANA-SKOR`: no family has a predicted consumption; `RENCANA-GARIS`: no poverty line is known;
        `RENCANA-TAHUN`: none of the programmes has a budget of the year that was asked for.
    """
    if not asked.families["konsumsi"].is_not_null().any():
        raise RantangError("RENCANA-SKOR")
    line, line_source = _line(asked.poverty, city, period)
    whole = city.population.persons if city.population else None
    covered = residents / whole if residents and whole else 1.0
    share = covered if covered < COVERED else 1.0
    priced = {p.code: p for p in city.programmes if p.unit != "wilayah" and p.rupiah_a_year(period)}
    table = _pairs(asked, priced, period)
    families = _families(asked.families)
    register = _register(asked.families, families, table, city, priced, line, residents or whole)
    made = _Plan(city, period, year or int(period[:4]), share, lists, priced)
    if year is not None:
        made.check_year()
    chosen, pairs, gross, told = made.question(families, register, table, line)
    held_codes = set(asked.held["programme"].to_list())
    return Question(
        chosen, pairs, gross, made.codes, register, register.pairs.cost, told.ours, told.settled,
        {p.code: p.level for p in city.programmes}, made.year, line_source, share,
        unscored=int((register.families.weight == 0).sum()), right=city.planning["right"],
        without_right=told.without_right, over=told.over,
        unpriced=tuple(sorted(held_codes - set(priced))),
        caseloads=_caseloads(asked, table, priced, period, lists),
        population=register.population,
    )  # fmt: skip


def _line(poverty: pl.DataFrame, city: City, period: str) -> tuple[float, str]:
    """Return the poverty line that consumption is held against, and where it was read."""
    if (own := city.welfare.get("line", 0.0)) > 0:
        return float(own), "city.toml"
    if poverty.height:
        return float(poverty["line"][0]), str(poverty["line_source"][0])
    published = known(city, "garis_kemiskinan", period)
    if not published:
        raise RantangError("RENCANA-GARIS")
    return float(published[-1].value), f"{published[-1].series} {published[-1].year}"


def _families(rows: pl.DataFrame) -> Families:
    """Return every family as it is today; weight 0 where its consumption is not known."""
    logs = rows.select(pl.col("konsumsi", "konsumsi_lo", "konsumsi_hi").log())
    mean = logs["konsumsi"].fill_null(0.0).to_numpy()
    spread = ((logs["konsumsi_hi"] - logs["konsumsi_lo"]) / (2 * Z90)).fill_null(0.1).to_numpy()
    scored = rows["konsumsi"].is_not_null().to_numpy()
    return Families(
        family=rows["family_id"].to_numpy().astype(str),
        kelurahan=rows["kelurahan_code"].fill_null("?").to_numpy().astype(str),
        mean=np.where(scored, mean, 15.0),
        sd=np.maximum(spread, 1e-3),
        size=np.maximum(rows["members"].fill_null(1).to_numpy().astype(np.float64), 1.0),
        weight=scored.astype(np.float64),
        kerak=(rows["class_"] == "kerak").fill_null(value=False).to_numpy(),
        right=np.zeros(rows.height),
    )


def _pairs(asked: Asked, priced: Mapping[str, Programme], period: str) -> pl.DataFrame:
    """Return family × programme: what is held, and what the family qualifies for and does not hold."""
    rows = asked.families.select("family_id", "eligible_for", "eligible_members")
    may = rows.select(
        "family_id", programme=pl.col("eligible_for").fill_null("").str.split(" ")
    ).explode("programme").filter(pl.col("programme") != "")  # fmt: skip
    counts = rows.select(
        "family_id", each=pl.col("eligible_members").fill_null("").str.split(" ")
    ).explode("each").filter(pl.col("each") != "")  # fmt: skip
    parts = pl.col("each").str.split_exact(":", 1)
    counts = counts.select(
        "family_id", programme=parts.struct.field("field_0"),
        members=parts.struct.field("field_1").cast(pl.Int64),
    )  # fmt: skip
    may = may.join(counts, on=["family_id", "programme"], how="left")
    for code, new in asked.rules.items():
        may = pl.concat([may.filter(pl.col("programme") != code), _under(new, code, asked.held)])
    both = may.join(asked.held, on=["family_id", "programme"], how="full", coalesce=True)
    of = pl.DataFrame(
        {
            "programme": list(priced),
            "agency": [p.agency for p in priced.values()],
            "aid": [p.code if _own(p) else p.aid for p in priced.values()],
            "kind": [p.aid for p in priced.values()],
            "personal": [p.unit == "individu" for p in priced.values()],
            "each": [int(p.rupiah_a_year(period) or 0) for p in priced.values()],
            "main": [p.main for p in priced.values()],
        },
        schema_overrides={"each": pl.Int64, "personal": pl.Boolean, "main": pl.Boolean},
    )
    t = both.join(of, on="programme", how="inner")
    everyone = pl.col("kind").is_in(sorted(EVERYONE))
    new = pl.when(everyone).then(pl.col("members").fill_null(1)).otherwise(1)
    units = pl.when(~pl.col("personal")).then(1).otherwise(pl.coalesce("units", new)).clip(lower_bound=1)
    held = pl.col("units").is_not_null()
    for code, new in asked.rules.items():
        ruled = pl.col("family_id").is_in(new["family_id"].to_list())
        t = t.with_columns(layak=pl.when(pl.col("programme") == code).then(ruled).otherwise("layak"))
    t = t.with_columns(
        held=held, places=units.cast(pl.Int64), sure=pl.col("sure").fill_null(1.0),
        layak=pl.when(held).then(pl.col("layak")).otherwise(True).fill_null(True),
        word=pl.col("word").fill_null(False),
    )  # fmt: skip
    return t.with_columns(cost=pl.col("places") * pl.col("each")).sort("family_id", "programme")


def _under(new: pl.DataFrame, code: str, held: pl.DataFrame) -> pl.DataFrame:
    """Return who qualifies under another rule and does not hold the programme."""
    has = held.filter(pl.col("programme") == code)["family_id"]
    kept = new.filter(~pl.col("family_id").is_in(has.to_list()))
    return kept.select("family_id", programme=pl.lit(code), members=pl.col("members").cast(pl.Int64))


def _own(programme: Programme) -> bool:
    return programme.take_up is not None or programme.delivery is not None


def own_effects(programmes: Sequence[Programme]) -> Mapping[str, Effect]:
    """Return the effects of programmes that have a take-up or delivery of their own, by code."""
    found = {}
    for programme in programmes:
        if _own(programme):
            kind = effects.of(programme.aid)
            found[programme.code] = replace(
                kind, take_up=programme.take_up or kind.take_up, delivery=programme.delivery or kind.delivery
            )
    return found


def street(address: str | None) -> str:
    """Return an address's street: what stands before gang, number and RT."""
    return re.split(r" (?:GG|NO|RT|BLOK)\b", address or "", maxsplit=1)[0].strip()


def _register(
    rows: pl.DataFrame, families: Families, table: pl.DataFrame, city: City,
    priced: Mapping[str, Programme], line: float, population: int | None,
) -> Register:  # fmt: skip
    own = own_effects(list(priced.values()))
    exclusive = tuple((pair.first, pair.second) for pair in city.pairs if pair.relation == "terlarang")
    aid, cost = table["aid"].to_numpy().astype(str), table["cost"].to_numpy().astype(np.int64)
    pairs = Pairs(
        family=table["family_id"].to_numpy().astype(str),
        programme=table["programme"].to_numpy().astype(str),
        agency=table["agency"].to_numpy().astype(str),
        eligible=table["layak"].to_numpy().astype(bool),
        cost=cost,
        gain=effects.gains(cost, aid, own),
        units=table["places"].to_numpy().astype(np.int64),
        held=table["held"].to_numpy().astype(bool),
    )
    return Register(
        families,
        group=rows["class_"].fill_null("belum-didata").to_numpy().astype(str),
        street=np.array([street(each) for each in rows["address"].to_list()], dtype=str),
        pairs=pairs, aid=aid, main=table["main"].to_numpy().astype(bool),
        link=table["sure"].to_numpy().astype(np.float64), exclusive=exclusive, line=line,
        only_with=tuple((p.code, needed) for p in city.programmes for needed in p.only_with),
        population=float(population or families.size.sum()), own=own,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of the question, as `Question` names it."""

    ours: Ints
    settled: Bools
    without_right: int
    over: Mapping[str, tuple[int, int]]


@dataclass(frozen=True)
class _Plan:
    """Makes the question of the plan: the city's programmes, the families with a score."""

    city: City
    period: str
    year: int
    share: float
    lists: KnownLists
    priced: Mapping[str, Programme]

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The programmes that the city decides on: its own, running, with a list that speaks."""
        return tuple(
            code for code, p in self.priced.items()
            if p.level == "kota" and p.runs_in(self.period) and code in self.lists.listed
        )  # fmt: skip

    def check_year(self) -> None:
        """Refuse (`RENCANA-TAHUN`) a year of which nobody has settled any money."""
        years = {budget.year for code in self.codes for budget in self.priced[code].budgets}
        if self.year not in years:
            known = ", ".join(str(year) for year in sorted(years)) or "–"
            raise RantangError("RENCANA-TAHUN", year=self.year, known=known)

    def question(
        self, families: Families, register: Register, table: pl.DataFrame, line: float
    ) -> tuple[Families, Pairs, Rules, Told]:
        p, of = register.pairs, register.of_pair
        once = [code for code in self.codes if not self.lists.runs_on(code) and self._per(code) == "once"]
        mine = np.isin(p.programme, self.codes)
        word = table["word"].to_numpy().astype(bool)
        scored = families.weight[of] > 0
        settled = p.held & np.isin(p.programme, once)
        # A doubt never ends aid: what is held may be kept, unless a person has said otherwise.
        eligible = (p.eligible | p.held) & ~word & ~self._blocked(register, mine)
        ours = mine & scored & ~settled
        running = mine & p.held & ~settled
        planned = take(replace(p, eligible=eligible), ours)
        where = np.flatnonzero(families.weight > 0)
        chosen = self._bare(families, register, running & scored, where)
        right, without = self._rights(families, register, mine, planned, where)
        chosen = replace(chosen, right=right)
        budgets = self._budgets(p, running)
        rules = self._rules(line, budgets, self._floors(p, running & scored, families, register), register)
        told = Told(np.flatnonzero(ours), settled & mine, without, _over(budgets, p, running))
        return chosen, planned, rules, told

    def _budgets(self, p: Pairs, running: Bools) -> dict[str, int]:
        """Return each agency's money for the planned programmes; where no budget is known, what it spends."""
        budgets: dict[str, int] = {}
        for code in self.codes:
            programme = self.priced[code]
            budget = programme.budget_of(self.year)
            now = int(p.cost[running & (p.programme == code)].sum())
            money = round(budget.rupiah * self.share) if budget else now
            budgets[programme.agency] = budgets.get(programme.agency, 0) + money
        return budgets

    def _per(self, code: str) -> str:
        amount = self.priced[code].amount_in(self.period)
        return amount.per if amount else ""

    def _blocked(self, register: Register, mine: Bools) -> Bools:
        """Say which pairs a family cannot be given newly for what it has of others' programmes."""
        p = register.pairs
        blocked = np.zeros(len(p.held), dtype=bool)
        n = len(register.families.family)
        for one, other in register.exclusive:
            for code, against in ((one, other), (other, one)):
                has = p.held & ~mine & (p.programme == against)
                families = np.bincount(register.of_pair[has], minlength=n) > 0
                blocked |= mine & ~p.held & (p.programme == code) & families[register.of_pair]
        own = set(self.codes)
        for code, needed in register.only_with:
            if needed not in own:  # what is not ours to give, a family has or has not
                has = p.held & (p.programme == needed)
                families = np.bincount(register.of_pair[has], minlength=n) > 0
                blocked |= mine & ~p.held & (p.programme == code) & ~families[register.of_pair]
        return blocked

    def _bare(self, families: Families, register: Register, running: Bools, where: Ints) -> Families:
        """Return the families with a score, their consumption without the planned aid that they have."""
        p, n = register.pairs, len(families.family)
        brought = np.bincount(register.of_pair[running], weights=p.gain[running], minlength=n)
        today = np.exp(families.mean)
        bare = np.log(np.maximum(today - brought / families.size, LEAST * today))
        return take(replace(families, mean=bare), where)

    def _rights(
        self, families: Families, register: Register, mine: Bools, planned: Pairs, where: Ints
    ) -> tuple[Floats, int]:
        """Return what the plan must bring each kerak family: its right less what others' aid brings it.

        A family that the city's main support cannot bring so much is promised what it can; and how many
        qualify for none of it.
        """
        p, n = register.pairs, len(families.family)
        others = p.held & ~mine
        have = np.bincount(register.of_pair[others], weights=p.gain[others], minlength=n)[where]
        own = np.searchsorted(families.family[where], planned.family)
        main = planned.eligible & np.isin(planned.programme, [c for c in self.codes if self.priced[c].main])
        most = np.zeros(len(where))
        np.maximum.at(most, own[main], planned.gain[main])
        wanted = np.maximum(self.city.planning["right"] - have, 0.0) * families.kerak[where]
        short = int(((most == 0) & (wanted > 0)).sum())
        return np.floor(np.minimum(wanted, most)), short

    def _rules(
        self, line: float, budgets: Mapping[str, int], floors: tuple[Floor, ...], register: Register
    ) -> Rules:
        settings = self.city.planning
        quotas = {code: self.priced[code].quota_in(f"{self.year}-12") for code in self.codes}
        places = {code: round(quota.count * self.share) for code, quota in quotas.items() if quota}
        own = set(self.codes)
        return Rules(
            line=line, power=2 if settings["power"] == 2 else 1, kerak_weight=settings["kerak_weight"],
            budgets=budgets, places=places,
            exclusive=tuple(pair for pair in register.exclusive if set(pair) <= own),
            complements=tuple(pair for pair in register.only_with if set(pair) <= own),
            cap=int(settings["cap"]) or None,
            floors=floors,
            switching=settings["switching"],
        )  # fmt: skip

    def _floors(self, p: Pairs, running: Bools, families: Families, register: Register) -> tuple[Floor, ...]:
        part = self.city.planning["floor"]
        if not part:
            return ()
        where = families.kelurahan[register.of_pair]
        money = {str(k): int(part * p.cost[running & (where == k)].sum()) for k in np.unique(where)}
        return tuple(Floor(k, least) for k, least in money.items() if least and k != "?")


def _over(budgets: Mapping[str, int], p: Pairs, running: Bools) -> Mapping[str, tuple[int, int]]:
    spent = {agency: int(p.cost[running & (p.agency == agency)].sum()) for agency in budgets}
    return {a: (spent[a], money) for a, money in sorted(budgets.items()) if spent[a] > money}


def _caseloads(
    asked: Asked, table: pl.DataFrame, priced: Mapping[str, Programme], period: str, lists: KnownLists
) -> tuple[Caseload, ...]:
    held = table.filter(pl.col("held")).group_by("programme").agg(units=pl.col("places").sum())
    units = dict(zip(held["programme"], held["units"], strict=True))
    found = []
    for row in asked.coverage.iter_rows(named=True):
        code = row["programme"]
        if code not in priced or row["recipients"] is None:
            continue
        each = priced[code].rupiah_for(period, lists.months_per_list(code)) or 0
        modelled = int(units.get(code, 0))
        recorded = int(row["recipients"]) + int(row["unlinked"] or 0)
        found.append(Caseload(code, recorded, modelled, int(row["money"] or 0), modelled * each))
    return tuple(found)
