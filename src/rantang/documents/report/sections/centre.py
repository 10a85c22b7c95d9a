"""Centre and city: the national decile beside the city's own class, and why they differ."""

from __future__ import annotations

from typing import Final

from rantang.documents import labels
from rantang.documents.blocks import Cell, Column, Data, Section, Step, Steps, Table, Text, cells, join, show
from rantang.documents.disclosure import Count
from rantang.documents.report.enter import CLASSES
from rantang.documents.report.model import ReportData, View
from rantang.texts import _
from rantang.vocabulary import numbers

LOW: Final = 4
POOR: Final = ("kerak", "miskin")


def centre(data: ReportData) -> Section | None:
    """The two views of a family side by side; None where no list carries a national decile."""
    low = [view for view in data.views if 1 <= view.decile <= LOW]
    if not low:
        return None
    if not data.score:
        return Section(
            "pusat-kota",
            _("Centre and city: only the centre speaks"),
            (
                Text(
                    _("The city has no score of its own yet; its classes are read from the national decile.")
                ),
                _table(data),
            ),
            short=_("Centre and city"),
        )
    apart = _sum([view.families["tidak-miskin"] for view in low])
    title = (
        _(
            "{count} families of the four lowest national deciles are not poor by the city's score",
            count=numbers.whole(apart),
        )
        if apart
        else _("Centre and city: the national decile beside the city's class")
    )
    return Section(
        "pusat-kota",
        title,
        (_table(data), _why(data)),
        lead=_(
            "The national decile (P3KE, DTSEN) is read, never changed. The city's class is its own guess. "
            "Where they differ neither is right by itself: somebody looks."
        ),
        short=_("Centre and city"),
    )


def _sum(counts: list[Count]) -> int:
    """Add what is shown; a hidden count is left out, so that the sum tells nothing of it."""
    return sum(count.value for count in counts if count.value is not None)


def _table(data: ReportData) -> Table:
    def row(view: View) -> tuple[Cell, ...]:
        name = (
            _("national decile {number}", number=view.decile)
            if view.decile
            else _("on no such list, or without a decile")
        )
        return cells((name, *(_cell(view, name) for name in CLASSES), show(view.families["*"])))

    shown = dict(data.classes)
    return Table(
        title=_("National decile and the city's class"),
        subtitle=_("Families; in bold red: the two views contradict each other"),
        columns=(
            Column(_("Centre"), number=False, weight=1.5),
            *(Column(labels.welfare(name), _("families")) for name in CLASSES),
            Column(_("All"), _("families")),
        ),
        rows=tuple(row(view) for view in data.views),
        total=cells(
            (_("All"), *(show(shown[name]) for name in CLASSES), show(data.area_totals.families))
        ),
        data=Data(
            "pusat-kota",
            ("decile", *CLASSES, "all"),
            tuple((view.decile, *(view.families[name] for name in (*CLASSES, "*"))) for view in data.views),
        ),
        scroll=True,
    )  # fmt: skip


def _cell(view: View, name: str) -> Cell:
    """Mark what contradicts: the lowest two deciles not poor, or a decile above the lowest four poor."""
    against = (1 <= view.decile <= 2 and name == "tidak-miskin") or (view.decile > LOW and name in POOR)
    return Cell(show(view.families[name]), tone="bad" if against else "")


def _why(data: ReportData) -> Steps:
    score = data.score or {}
    lines = [labels.kind(code) for code in score.get("sources", {})]
    rate = score.get("percentiles", {}).get("miskin")
    steps = [
        Step(
            _("They rank against others: the country there, the city here"),
            _(
                "Decile 1 is the poorest tenth of the country's families. In this city the "
                "survey finds {rate} "
                "of the people below the line.",
                rate=numbers.percent(rate, 1) if rate is not None else "–",
            ),
        ),
        Step(
            _("They rest on other facts of another day"),
            _(
                "The centre's model is not published. The city's uses what {lists} says of a family, and who "
                "lives there by the register of {period}.",
                lists=join(lines),
                period=numbers.month(data.header.period),
            ),
        ),
        Step(
            _("Both err"),
            _(
                "How often the city's score errs is measured above; how often the centre's does "
                "is not known here."
            ),
        ),
    ]
    return Steps(_("Why they differ"), tuple(steps))
