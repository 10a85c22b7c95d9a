"""Disclosure control: which counts of people a document may show, so that none can be found out.

Counts of 1-7 people, families or rows are never shown (the OpenSAFELY rule: TRUST A7, D1). Hiding
them alone is not enough: 20 shown as a total beside 17 shown as a part gives the other part away.
So whoever makes a table *declares* how its numbers hang together (`Ledger.sum`), including parts
that are not printed but could be had by subtraction (`Ledger.rest`), and `Ledger.settle` hides
further cells until a reader who knows every shown number, every relation and the rule itself
cannot work out any small cell. The proof is a linear programme per cell, the attack of TRUST D2.

Money follows its people: an amount is hidden exactly when the count behind it is (`behind`).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from rantang.documents.attack import Attack, Cell, Relation

Key = Hashable
Hidden = Literal["", "small", "complement"]


@dataclass(frozen=True, slots=True)
class Policy:
    """How strict a document is.

    Attributes
    ----------
    limit
        Counts from 1 to `limit` are hidden.
    width
        What a reader may at best learn of a hidden small cell: an interval at least so wide.
    rounding
        Shown counts are rounded to a multiple of it; 1 leaves them as they are.
    small_group
        A share of exactly all of a group (100 %) is shown only where the group has as many members.
    """

    limit: int = 7
    width: int = 1
    rounding: int = 1
    small_group: int = 0


INTERNAL: Final = Policy()
"""For the city's own house: it may be forwarded, counts 1-7 are hidden (DESIGN 5)."""

PUBLIC: Final = Policy(width=5, rounding=5, small_group=20)
"""For everyone: also rounded to 5, intervals of width 5, no small group all poor (TRUST D1-D4)."""


@dataclass(frozen=True, slots=True)
class Count:
    """A count or an amount that may be shown, or the fact that it may not.

    Attributes
    ----------
    value
        The number to show (rounded where the policy says so); None where it is hidden.
    hidden
        Empty; `small` (1-7: shown as "<8"); `complement` (hidden so that another stays hidden).
    """

    value: int | None
    hidden: Hidden = ""

    @property
    def sort_key(self) -> int:
        """Order by what is shown only: hidden cells lie together, so that order tells nothing."""
        return self.value if self.value is not None else -1

    def __bool__(self) -> bool:
        return self.value != 0


@dataclass
class Ledger:
    """Every number of people or rupiah in a document, with the relations that a reader can use."""

    policy: Policy = INTERNAL
    _cells: dict[Key, Cell] = field(default_factory=dict)
    _relations: list[Relation] = field(default_factory=list)
    _ties: dict[Key, Key] = field(default_factory=dict)

    def count(self, key: Key, value: int | None, *, keep: int = 0) -> Key:
        """Enter a count; the higher `keep`, the later it is hidden (1 and more: what the page lives on)."""
        amount = int(value or 0)
        small = 1 <= amount <= self.policy.limit
        self._cells[key] = Cell(amount, small=small, hidden=small, told=small, cost=amount * 1000.0**keep)
        return key

    def money(self, key: Key, value: int | None, *, behind: Key) -> Key:
        """Enter rupiah; hidden exactly when the count `behind` it is."""
        count = self._cells[behind]
        self._cells[key] = Cell(
            int(value or 0),
            small=count.small,
            hidden=count.hidden,
            told=count.told,
            money=True,
            cost=float("inf"),
        )
        self._ties[key] = behind
        return key

    def value(self, key: Key) -> int:
        """Return what was entered, for those who still enter; never for those who print."""
        return self._cells[key].value

    def has(self, key: Key) -> bool:
        """Say whether a number was entered under this key."""
        return key in self._cells

    def sum(self, total: Key, parts: Iterable[Key]) -> None:
        """Declare that `total` is the sum of `parts`."""
        self._relations.append(Relation(total, tuple(parts)))

    def rest(self, total: Key, parts: Iterable[Key]) -> None:
        """Declare that `parts` are disjoint and lie in `total`; what is left over is not printed.

        The rest is a number like any other: a reader can subtract.
        """
        parts = tuple(parts)
        left = self._cells[total].value - sum(self._cells[part].value for part in parts)
        if left < 0:
            raise ValueError(f"{total!r}: its parts are more than the whole by {-left}")
        key = ("rest", len(self._relations), total)
        money = self._cells[total].money
        small = not money and 1 <= left <= self.policy.limit
        self._cells[key] = Cell(left, small=small, hidden=True, printed=False, money=money)
        self._relations.append(Relation(total, (*parts, key)))

    def settle(self) -> Mapping[Key, Count]:
        """Hide what must be hidden and return every printed number as it may be shown."""
        self._tie()
        self._hide_lonely()
        attack = Attack(self._cells, self._relations, self.policy.limit)
        exposed = self._exposed([key for key, cell in self._cells.items() if cell.small], attack)
        while exposed:
            for key in exposed:
                self._hide_one_more(key)
            self._hide_lonely()
            attack.look()
            exposed = self._exposed(exposed, attack)
        return {key: self._shown(cell) for key, cell in self._cells.items() if cell.printed}

    # -- how it is done ------------------------------------------------------------------------

    def _shown(self, cell: Cell) -> Count:
        if cell.hidden:
            return Count(None, "small" if cell.told else "complement")
        step = 1 if cell.money else self.policy.rounding
        return Count(step * round(cell.value / step))

    def _tie(self) -> None:
        for money, count in self._ties.items():
            both = self._cells[money].hidden or self._cells[count].hidden
            self._cells[money].hidden = self._cells[count].hidden = both

    def _hide_lonely(self) -> None:
        """Give every relation with one hidden cell a second one, until none is left alone."""
        changed = True
        while changed:
            changed = False
            for relation in self._relations:
                hidden = [key for key in relation.keys if self._cells[key].hidden]
                if len(hidden) == 1 and self._matters(hidden[0]) and self._hide_in(relation):
                    changed = True
            if changed:
                self._tie()

    def _matters(self, key: Key) -> bool:
        """Say whether finding this hidden cell out would tell of a few people."""
        cell = self._cells[key]
        return cell.printed or cell.small

    def _hide_in(self, relation: Relation) -> bool:
        candidates = [key for key in relation.keys if not self._cells[key].hidden]
        best = min(candidates, key=self._price, default=None)
        if best is None:
            return False
        cell = self._cells[best]
        cell.hidden = True
        if cell.money:
            self._cells[self._ties[best]].hidden = True
        return True

    def _price(self, key: Key) -> tuple[bool, float, str]:
        cell = self._cells[key]
        cost = self._cells[self._ties[key]].cost if cell.money else cell.cost
        return cell.value == 0, cost, repr(key)

    def _hide_one_more(self, key: Key) -> None:
        """Hide a neighbour of an exposed cell; where all are hidden, stop saying that one is small.

        Where nobody says so, either, a cell further away is what tells: the nearest is hidden.
        """
        near = sorted((r for r in self._relations if key in r.keys), key=lambda r: len(r.keys))
        for relation in near:
            if self._hide_in(relation):
                self._tie()
                return
        told = [member for relation in near for member in relation.keys if self._cells[member].told]
        if not told:
            if not self._hide_further_away(near):
                self._cells[key].exhausted = True
            return
        largest = max(told, key=lambda member: (self._cells[member].value, repr(member)))
        self._cells[largest].told = False
        for money, count in self._ties.items():
            if largest in (money, count):
                self._cells[money].told = self._cells[count].told = False

    def _hide_further_away(self, near: list[Relation]) -> bool:
        """Hide a cell in the nearest relation that has one to hide, going out from these by hidden cells."""
        reached: set[Key] = set()
        edge = {member for relation in near for member in relation.keys}
        while edge:
            reached |= edge
            around = [relation for relation in self._relations if not edge.isdisjoint(relation.keys)]
            for relation in sorted(around, key=lambda each: len(each.keys)):
                if self._hide_in(relation):
                    self._tie()
                    return True
            edge = {member for relation in around for member in relation.keys} - reached
        return False

    def _exposed(self, keys: Iterable[Key], attack: Attack) -> list[Key]:
        """Return those of the small cells that a reader could still narrow down too far.

        What was safe stays so, however much more is hidden: whatever fitted then fits now.
        """
        return [
            key
            for key in keys
            if not self._cells[key].exhausted and not attack.is_safe(key, self._wanted(self._cells[key]))
        ]

    def _wanted(self, cell: Cell) -> float:
        """How wide a range a small cell must keep."""
        return max(1.0, 0.5 * cell.value) if cell.money else float(self.policy.width)
