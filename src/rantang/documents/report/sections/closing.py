"""What to do next and with which command, how each number is computed, and what the machine checked."""

from __future__ import annotations

from typing import Final

from rantang.documents import labels
from rantang.documents.blocks import (
    Cell,
    Column,
    Data,
    Section,
    Step,
    Steps,
    Table,
    Terms,
    cells,
    plainly,
    show,
)
from rantang.documents.report.model import AgencyRow, ReportData, Stage
from rantang.documents.report.sections import target_path
from rantang.documents.report.sections.opening import quoted_source
from rantang.texts import _, mark
from rantang.vocabulary import numbers


def next_steps(data: ReportData) -> Section:
    """Name each office's work, as its work list holds it, and the command that writes the list."""
    steps = [step for agency in data.agencies if (step := _work(agency, data))]
    if data.for_kelurahan and data.most_asked:
        steps.append(_of_kelurahan(data))
    lead = _(
        "A work list names people, so it is written on demand, masked, and each writing is logged. "
        "With NIK only "
        'where a purpose is given: --with-nik --purpose "...". Run the commands in the workspace.'
    )
    return Section(
        "tindak-lanjut",
        _("What each agency does next"),
        (Steps("", tuple(steps)), _findings(data)),
        lead=lead,
        short=_("To do"),
    )


def _work(agency: AgencyRow, data: ReportData) -> Step | None:
    work = agency.work
    tasks = [
        (work["papers"], _("give {count} people a valid NIK", count=show(work["papers"]))),
        (work["verify"], _("verify {count} recipients", count=show(work["verify"]))),
        (work["findings"], _("mend {count} findings", count=show(work["findings"]))),
        (work["families"], _("settle findings on {count} families", count=show(work["families"]))),
        (work["lapsed"], _("find out why {count} chronic families have no aid", count=show(work["lapsed"]))),
        (work["doubles"], _("clear {count} rows of people who stand twice", count=show(work["doubles"]))),
        (work["pairs"], _("judge {count} pairs", count=show(work["pairs"]))),
    ]
    todo = [text for count, text in tasks if count]
    if not todo:
        return None
    return Step(
        agency.abbreviation,
        _sentence(todo),
        f"rantang worklist editions/{data.header.edition} --agency {agency.code}",
    )


def _of_kelurahan(data: ReportData) -> Step:
    """What all kelurahan together are asked, and the command for one of them."""
    text = _("settle {count} findings on the spot", count=show(data.for_kelurahan))
    example = _("Each kelurahan has its own list; here that of {name}.", name=data.most_asked)
    return Step(
        _("Kelurahan"),
        f"{_sentence([text])} {example}",
        f'rantang worklist editions/{data.header.edition} --kelurahan "{data.most_asked}"',
    )


def _sentence(todo: list[str]) -> str:
    body = ", ".join(todo)
    return body[:1].upper() + body[1:] + "."


def _findings(data: ReportData) -> Table:
    rows = []
    for finding in data.findings:
        rows.append(
            cells(
                (
                    Cell(plainly(finding.code), finding.code),
                    Cell(
                        labels.severity(finding.severity), tone="bad" if finding.severity == "galat" else ""
                    ),
                    show(finding.count),
                    labels.actor(finding.acts),
                )
            )
        )
    return Table(
        title=_("Findings by kind"),
        subtitle=_("All of them: {count}", count=show(data.findings_total)),
        columns=(
            Column(_("Finding"), number=False),
            Column(_("Weight"), number=False),
            Column(_("Count"), _("findings")),
            Column(_("Who acts"), number=False),
        ),
        rows=tuple(rows),
        data=Data(
            "temuan",
            ("code", "severity", "acts", "count"),
            tuple((f.code, f.severity, f.acts, f.count) for f in data.findings),
        ),
        scroll=True,
    )


def definitions(data: ReportData) -> Section:
    """How each number is computed."""
    rule = _(
        'Counts of 1 to 7 are never shown but as "<8"; "×" stands where a number is hidden so that no '
        '"<8" can be worked out by subtraction. The tables for downloading hold the same.'
    )
    if data.public:
        rule += " " + _("Shown counts are rounded to 5.")
    people = data.city.population
    items = (
        (
            _("Rate, target, chronic (quoted)"),
            _(
                "Quoted from {source}, not estimated here. BPS's series differs and stands apart. "
                "Transient = rate "
                "minus chronic; to be lifted = chronic minus target, times the population ({population} "
                "people, {year}).",
                source=quoted_source(data),
                population=numbers.whole(people.persons) if people else "–",
                year=people.year if people else "–",
            ),
        ),
        *target_path.method(data),
        (
            _("Register and survey"),
            _(
                "A register's share of \"poor\" and a survey's rate are different things and never share a "
                "label here."
            ),
        ),
        (_("Family"), _("People of one family card (KK). A KK is not a household.")),
        (
            _("Qualify"),
            _(
                "A programme's rule, written in the city's configuration, holds for the family or person. "
                "Unknown facts do not count as fulfilled."
            ),
        ),
        (
            _("Receive nothing"),
            _(
                "Qualifies for at least one programme of support and is on no recipients' list of "
                "the month. People on lists that were not delivered look as if they received nothing."
            ),
        ),
        (_("Coverage"), _("Recipients who qualify, of all who qualify.")),
        *_of_aid(),
        (
            _("To check"),
            _(
                "Recipients who are not eligible, and those with a hard flag, a death, a move, a double or a "
                "rule not met that rests on a link or on another agency's list: there a person decides, the "
                "machine does not."
            ),
        ),
        (_("Not eligible"), _("Only by a person's decision or the recipient's own row.")),
        (
            _("Linked beyond equal NIK"),
            _(
                "Rows held to be one person by name, family, address and date, although "
                "their NIK are missing, wrong or different."
            ),
        ),
        (_("Double"), _("Rows of one list beyond the first of the same person.")),
        *_of_score(data),
        (
            _("Paid"),
            _(
                "Rupiah of the lists that speak of the month: its own for aid that runs on, the last "
                "twelve months' "
                "for aid given once or once a year. The list's amount, else the programme's standard amount."
            ),
        ),
        (_("Small numbers"), rule),
    )
    return Section(
        "cara-menghitung",
        _("How each number is computed"),
        (Terms(items), _classes(data)),
        short=_("Definitions"),
    )


def _of_aid() -> tuple[tuple[str, str], ...]:
    """Say what is meant where agencies are compared and plans are weighed."""
    return (
        (
            _("Recipients on target"),
            _(
                "Recipients of whom nothing has to be checked, of those of whom the programme's rule can "
                "be judged."
            ),
        ),
        (
            _("Findings to mend"),
            _("Unusable rows and warnings in an agency's own lists; notes are not counted."),
        ),
        (_("Late"), _("A list was due by the edition's month and has not come; the last one counts so far.")),
        (
            _("Main support"),
            _("Aid to live on. Which programmes give it stands in the city's configuration (main)."),
        ),
        (
            _("Poverty gap"),
            _(
                "The rupiah a month that all families below the poverty line together lack to reach it. P1 "
                "is the same as a share of the line, on average over everyone."
            ),
        ),
        (
            _("People lifted"),
            _(
                "How many people a plan is expected to bring above the poverty line, less those whom it "
                "lets fall below."
            ),
        ),
    )


def _of_score(data: ReportData) -> tuple[tuple[str, str], ...]:
    """Say what the classes rest on, and how the score's errors are counted."""
    if not data.score:
        return (
            (
                _("Chronic (stand-in)"),
                _(
                    "Decile 1 of P3KE or DTSEN, until the city has a score of its own. Families on "
                    'neither list are "no data yet": counted, never guessed.'
                ),
            ),
        )
    cuts = data.score["percentiles"]
    return (
        (
            _("Class"),
            _(
                "By the city's own score: poor up to percentile {poor} of the city's people, "
                "vulnerable up to "
                ""
                '{vulnerable}. Families of which no list says enough are "no data yet": '
                "counted, never guessed.",
                poor=numbers.decimal(cuts["miskin"], 1),
                vulnerable=numbers.decimal(cuts["rentan"], 0),
            ),
        ),
        (
            _("Chronic"),
            _(
                "Poor at three of the last four editions. Where there are not so many: poor, and nobody "
                "earns while someone is old or disabled, or no assets, or among the lowest "
                "{lowest} % of the people.",
                lowest=numbers.decimal(cuts["kerak_lowest"], 2),
            ),
        ),
        (
            _("Missed, let in"),
            _(
                "As many people as are poor are chosen by the score, in blocks of the survey that it had not "
                "seen. Missed: poor and not chosen, of the poor. "
                "Let in: chosen and not poor, of those chosen."
            ),
        ),
    )


def _classes(data: ReportData) -> Table:
    return Table(
        title=_("Families by class"),
        subtitle=_("By the decile of an official list; a share of a register, not a poverty rate")
        if data.kerak.stand_in
        else _("By the city's own score; a share of a register, not a poverty rate"),
        columns=(Column(_("Class"), number=False), Column(_("On lists"), _("families"))),
        rows=tuple(cells((labels.welfare(name), show(count))) for name, count in data.classes),
        kind="plain",
    )


def machine(data: ReportData) -> Section:
    """What ran on how many rows; a check that ran on nothing is red."""
    red = [stage for stage in data.stages if stage.red]
    title = (
        _("{count} checks ran on nothing", count=len(red))
        if red
        else _("Every check ran, and on how many rows")
    )
    rows = tuple(
        cells(
            (
                Cell(labels.stage(s.name), _counted(s), tone="bad" if s.red else ""),
                Cell(show(s.rows), tone="bad" if s.red else ""),
                show(s.accepted),
                show(s.refused),
                show(s.held),
                show(s.aside),
                "–" if s.seconds is None else numbers.decimal(s.seconds, 1),
            )
        )
        for s in data.stages
    )
    table = Table(
        title="",
        subtitle=_("In = accepted + refused + held + aside; what is counted stands under each stage"),
        columns=(
            Column(_("Stage"), number=False),
            Column(_("In"), _("units")),
            Column(_("Accepted"), _("units")),
            Column(_("Refused"), _("units")),
            Column(_("Held"), _("units")),
            Column(_("Aside"), _("units")),
            Column(_("Time"), _("seconds")),
        ),
        rows=rows,
        note=_(
            "Held: waits for somebody, a list's sender, a verifier or a visit. Aside: residents and others "
            "on no list of welfare or aid; nothing is to be done. Interviews of a survey are read with the "
            "lists and then only measured: they are no persons of the register."
        ),
        scroll=True,
    )
    return Section("mesin", title, (table,), short=_("The run"))


_COUNTED: Final = {
    "validation": mark("people"),
    "measurement": mark("interviews"),
    "welfare": mark("families"),
    "synergy": mark("rows of recipients' lists"),
}


def _counted(stage: Stage) -> str:
    """Say what a stage counts, or that it ran on nothing."""
    return _("ran on nothing") if stage.red else _(_COUNTED.get(stage.name, "rows"))
