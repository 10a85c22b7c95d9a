"""Programmes with places: who qualifies, is not served, and what serving them would cost a year."""

from __future__ import annotations

from rantang.cities.model import City, Programme
from rantang.documents.report.model import Offer, ProgrammeRow


def offers(city: City, rows: tuple[ProgrammeRow, ...], period: str) -> tuple[Offer, ...]:
    """Return the city's own programmes that have places and people waiting, dearest unit first.

    Both prices are kept: the programme's own (its amount times a year) and what the year's budget
    pays per place. They differ, and nobody but the city can say which holds.
    """
    found = []
    for row in rows:
        programme = city.programme(row.code)
        places = programme.quota_in(period) if programme else None
        if programme is None or places is None or programme.level != "kota" or not row.heard or not row.gap:
            continue
        if programme.exclusive_with and not programme.main:
            continue
        found.append(_offer(programme, row, period))
    return tuple(sorted(found, key=lambda offer: (-(offer.list_price or 0), offer.programme)))


def _offer(programme: Programme, row: ProgrammeRow, period: str) -> Offer:
    places = programme.quota_in(period)
    amount = programme.amount_in(period)
    budget = programme.budget_of(int(period[:4]))
    if places is None:
        raise ValueError(f"{programme.code} has no places in {period}")
    price = programme.rupiah_a_year(period)
    ceiling = round(budget.rupiah / places.count) if budget and places.count else None
    waiting = row.gap.value
    return Offer(
        programme=programme.code,
        name=programme.name,
        unit=programme.unit,
        gap=row.gap,
        places=places.count,
        places_from=places.from_,
        places_source=places.source,
        places_assumed=places.asumsi,
        list_price=price,
        list_source=amount.source if amount else "",
        list_assumed=bool(amount and amount.asumsi),
        ceiling_price=ceiling,
        ceiling_source=budget.source if budget else "",
        ceiling_assumed=bool(budget and budget.asumsi),
        list_cost=price * waiting if price and waiting else None,
        ceiling_cost=ceiling * waiting if ceiling and waiting else None,
    )
