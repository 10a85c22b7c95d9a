"""What a user says of a file before anything is estimated: its columns, its line, how it was drawn."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from rantang.errors import RantangError

Compare = Literal["lt", "le"]
COMPARE: Final[tuple[Compare, ...]] = ("lt", "le")
_RELATIVE: Final = re.compile(r"^\s*(0?\.\d+|1(?:\.0*)?)\s*:\s*(median|mean|p\d{1,2})\s*$")


@dataclass(frozen=True, slots=True)
class RelativeLine:
    """A line that is estimated from the same sample: a share of a quantile or of the mean of welfare.

    Attributes
    ----------
    share
        For instance 0.6.
    quantile
        For instance 0.5 (the median); None for the mean.
    """

    share: float = 0.6
    quantile: float | None = 0.5

    @property
    def text(self) -> str:
        """As it is written on the command line: ``0.6:median``."""
        of = "mean" if self.quantile is None else f"p{round(100 * self.quantile)}"
        return f"{self.share:g}:{'median' if of == 'p50' else of}"


def relative_line(text: str) -> RelativeLine:
    """Read ``SHARE:median``, ``SHARE:mean`` or ``SHARE:pNN``.

    Raises
    ------
    RantangError
        `UKUR-GARIS-RELATIF`: it is written otherwise.
    """
    found = _RELATIVE.match(text)
    if found is None or found[2] == "p0" or not float(found[1]):
        raise RantangError("UKUR-GARIS-RELATIF", line=text)
    quantiles = {"median": 0.5, "mean": None}
    quantile = quantiles[found[2]] if found[2] in quantiles else int(found[2][1:]) / 100
    return RelativeLine(float(found[1]), quantile)


@dataclass(frozen=True, slots=True)
class Declared:
    """The columns of a survey file and the line.

    Attributes
    ----------
    welfare
        Consumption or income per person, in the money and period of the line.
    line, line_column, relative
        The poverty line: a number, a column with each row's own (urban and rural), or an estimated one.
        A relative line beside one of the others serves the at-risk-of-poverty rate alone.
    food_line
        The food line as a number or a column's name; None where it is not known.
    weight
        The household's design weight; None gives every row 1.
    size
        Persons of the household; a figure is per person. None: a row is one person.
    strata, psu, by
        Columns; several together name one stratum, one unit or one domain.
    fpc
        Number of primary sampling units in the population of the row's stratum.
    compare
        `lt`: poor is who stands below the line (BPS); `le`: at it, too.
    """

    welfare: str
    line: float | None = None
    line_column: str | None = None
    relative: RelativeLine | None = None
    food_line: float | str | None = None
    weight: str | None = None
    size: str | None = None
    strata: tuple[str, ...] = ()
    psu: tuple[str, ...] = ()
    fpc: str | None = None
    by: tuple[str, ...] = ()
    compare: Compare = "lt"

    @property
    def at_relative(self) -> bool:
        """Whether the poverty figures stand at the estimated line."""
        return self.line is None and self.line_column is None

    def columns(self) -> tuple[str, ...]:
        """Every column that must be in the file."""
        single = (self.welfare, self.line_column, self.weight, self.size, self.fpc)
        food = (self.food_line,) if isinstance(self.food_line, str) else ()
        named = (*(name for name in single if name), *food, *self.strata, *self.psu, *self.by)
        return tuple(dict.fromkeys(named))

    def found_in(self, names: Sequence[str]) -> Declared:
        """Return the same with columns as a file spells them: R301 is r301 where that is the only one."""
        spelled: dict[str, list[str]] = {}
        for name in names:
            spelled.setdefault(name.lower(), []).append(name)

        def one(name: Any) -> Any:
            like = spelled.get(name.lower(), []) if isinstance(name, str) and name not in names else []
            return like[0] if len(like) == 1 else name

        single = ("welfare", "line_column", "food_line", "weight", "size", "fpc")
        several = ("strata", "psu", "by")
        changed: dict[str, Any] = {role: one(getattr(self, role)) for role in single}
        changed |= {role: tuple(map(one, getattr(self, role))) for role in several}
        return replace(self, **changed)

    def check(self) -> None:
        """Refuse what cannot be meant.

        Raises
        ------
        RantangError
            `UKUR-GARIS`: no line, or a fixed one given twice; `UKUR-GARIS-NILAI`: it is not above 0.
        """
        fixed = [each for each in (self.line, self.line_column) if each is not None]
        if len(fixed) > 1 or (not fixed and self.relative is None):
            raise RantangError("UKUR-GARIS")
        if self.line is not None and not 0 < self.line < float("inf"):
            raise RantangError("UKUR-GARIS-NILAI", rows=1, column="--line")
