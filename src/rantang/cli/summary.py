"""What `rantang run` prints: a line a stage, three findings that matter most, who must do what, the path."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.markup import escape
from rich.status import Status

from rantang.catalogue import describe
from rantang.cli.say import console, number, plain_table, rupiah, say, say_json, seconds
from rantang.store.editions import Edition
from rantang.texts import _, mark
from rantang.watch import Stage

STAGES: Final[Mapping[str, str]] = {
    "intake": mark("Intake"),
    "identity": mark("Identity"),
    "register": mark("Register"),
    "validation": mark("Validation"),
    "measurement": mark("Measurement"),
    "welfare": mark("Welfare"),
    "synergy": mark("Synergy"),
    "edition": mark("Edition"),
    "report": mark("Report"),
}
WHO: Final[Mapping[str, str]] = {
    "pengirim": mark("The agency that sent the list"),
    "dinsos": mark("Dinsos"),
    "dispendukcapil": mark("Dispendukcapil"),
    "kelurahan": mark("Kelurahan"),
    "bappeda": mark("Bappeda"),
    "perangkat_daerah": mark("The agency that runs the programme"),
}
_WEIGHT: Final = {"galat": 0, "peringatan": 1, "info": 2}
_AID: Final = frozenset(
    {
        "KELUARGA-TERLEWAT", "KERAK-TERPUTUS", "KERAK-TANPA-BANTUAN", "PENERIMA-TIDAK-LAYAK",
        "PENERIMA-BUKAN-SASARAN", "DOBEL-TERLARANG",
    }
)  # fmt: skip
"""Findings on which it hangs who is helped: families left out, aid that goes wrong."""
_FEW: Final = 6


@dataclass(frozen=True)
class Summary:
    """What a run made, in plain numbers."""

    edition: Edition
    new: bool
    manifest: Mapping[str, Any]
    stages: Sequence[Stage]
    findings: Sequence[Mapping[str, Any]]
    figures: Mapping[str, Any]
    report: Path | None

    @property
    def waits(self) -> bool:
        """Whether rows were unusable or people are waited for."""
        intake = self.manifest["stages"][0]
        wrong = any(entry["severity"] == "galat" for entry in self.findings)
        return bool(
            intake["refused"] or intake["held"] or wrong or self.figures["review"] or self.figures["queue"]
        )

    def as_dict(self) -> dict[str, Any]:
        """Return it for machines."""
        return {
            "edition": self.edition.name,
            "folder": str(self.edition.folder),
            "new": self.new,
            "period": self.manifest["period"],
            "hash": self.manifest["hash"],
            "seconds": self.manifest["seconds"],
            "stages": [{**stage.as_dict(), "seconds": round(stage.seconds, 2)} for stage in self.stages],
            "tables": self.manifest["tables"],
            "deliveries": self.manifest["deliveries"],
            "unused": self.manifest["unused"],
            "findings": list(self.findings),
            "figures": dict(self.figures),
            "report": str(self.report) if self.report else None,
        }


def tell() -> tuple[Callable[[str], None], Callable[[Stage], None]]:
    """Return what tells each stage as it begins (on a terminal) and ends."""
    status: list[Status] = []

    def begin(name: str) -> None:
        if console.is_terminal:
            status.append(console.status(_(STAGES[name]) + " …"))
            status[-1].start()

    def end(stage: Stage) -> None:
        if status:
            status.pop().stop()
        _stage_line(stage)

    return begin, end


def _stage_line(stage: Stage) -> None:
    name = f"{_(STAGES[stage.name]):<{max(len(_(each)) for each in STAGES.values())}}"
    took = f"{seconds(stage.seconds):>9}"
    if stage.red:
        said = _("ran on nothing: there was no list for it")
        console.print(f"[red]✗[/] {name}{took}   [red]{said}[/]")
        return
    said = f"{number(stage.rows):>9}  "
    if stage.name not in ("edition", "report"):
        said += _(
            "= {accepted} accepted + {refused} refused + {held} held",
            accepted=number(stage.accepted_), refused=number(stage.refused_), held=number(stage.held),
        )  # fmt: skip
        if stage.aside_:
            said += " " + _("+ {aside} on no list of welfare or aid", aside=number(stage.aside_))
    else:
        said += _("tables") if stage.name == "edition" else _("page")
    console.print(f"[green]✓[/] {name}{took}   {said}")


def show(summary: Summary, *, as_json: bool) -> None:
    """Print the summary."""
    if as_json:
        say_json(summary.as_dict())
        return
    _figures(summary)
    _most_important(summary)
    _by_who(summary)
    _paths(summary)


def _figures(summary: Summary) -> None:
    figures = summary.figures
    table = plain_table(("", True), ("", False))
    table.show_header = False
    files = number(len(summary.manifest["deliveries"]))
    for value, words in (
        (files, _from(figures["agencies"])),
        (number(figures["persons"]), _("persons in {count} families", count=number(figures["families"]))),
        (number(figures["beyond"]), _("links that an equal NIK alone would not have found")),
        (number(figures["doubles"]), _("double rows within one list")),
        (number(figures["gap"]), _("families that qualify for support and receive none")),
        (rupiah(figures["money_check"]), _("paid to recipients who must be checked first")),
        (number(figures["review"]), _("rows for people to look at")),
        (number(figures["queue"]), _("people without a valid NIK, for Dispendukcapil")),
    ):  # fmt: skip
        unknown = "" if value != "–" else " " + _("– not checked: no list of recipients")
        table.add_row(f"[bold]{value}[/]", f"{words}[red]{unknown}[/]")
    say()
    console.print(table)


def _from(agencies: int) -> str:
    return (
        _("files from {count} agencies", count=number(agencies))
        if agencies > 1
        else _("files from one agency")
    )  # fmt: skip


def _most_important(summary: Summary) -> None:
    first = sorted(summary.findings, key=_stake)[:3]
    if not first:
        return
    say()
    say(_("Most important"), style="bold")
    for place, entry in enumerate(first, start=1):
        text = describe(entry["code"], _example(entry))
        say(f"{place}. {number(entry['count'])} × {text.message}")
        if text.mend:
            say(f"   → {text.mend}")


def _stake(entry: Mapping[str, Any]) -> tuple[int, int, int, str]:
    """Order by what hangs on a finding: a whole list lost, somebody's aid, people, then single rows."""
    weight = _WEIGHT.get(entry["severity"], 3)
    of = 3 if entry.get("subject") == "row" else 2
    if entry["code"] in _AID:
        of = 1
    elif entry.get("subject") == "file" and entry["severity"] == "galat":
        of = 0
    return (of if weight < _WEIGHT["info"] else 4, weight, -entry["count"], entry["code"])


def _by_who(summary: Summary) -> None:
    """Group what was found by who must act; notes that ask nothing of anybody stay in the report."""
    asked = [entry for entry in _ordered(summary.findings) if entry["severity"] != "info"]
    say()
    say(_("What must be done, by whom"), style="bold")
    for who, name in WHO.items():
        own = [entry for entry in asked if entry["acts"] == who]
        if not own:
            continue
        say(f"{_(name)}: {number(sum(entry['count'] for entry in own))}")
        for entry in own[:_FEW]:
            message = describe(entry["code"], _example(entry)).message
            console.print(f"{number(entry['count']):>9}  {escape(message)} [dim]{entry['code']}[/]")
        if len(own) > _FEW:
            rest = number(sum(entry["count"] for entry in own[_FEW:]))
            more = len(own) - _FEW
            kinds = _("of {count} more kinds", count=more) if more > 1 else _("of one more kind")
            say(f"{rest:>9}  " + kinds, style="dim")


def _ordered(findings: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return sorted(findings, key=lambda e: (_WEIGHT.get(e["severity"], 3), -e["count"], e["code"]))


def _example(entry: Mapping[str, Any]) -> dict[str, object]:
    """Return what fills the placeholders where all findings of a code agree; else they stay open."""
    evidence = str(entry.get("evidence") or "")
    pairs = (pair.partition("=") for pair in evidence.split("; ") if "=" in pair)
    return {name: value for name, _equals, value in pairs}


def _paths(summary: Summary) -> None:
    say()
    took = seconds(summary.manifest["seconds"])
    if summary.new:
        say(_("Edition {name}, made in {time}.", name=summary.edition.name, time=took))
    else:
        say(
            _(
                "Edition {name} is unchanged: the same lists, the same result ({time}).",
                name=summary.edition.name,
                time=took,
            )
        )
    say(
        _("Work lists: rantang worklist {folder} --agency dinsos", folder=summary.edition.folder), style="dim"
    )
    say(str(summary.report or summary.edition.folder))
