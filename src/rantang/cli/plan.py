"""`rantang plan`: what if, and which plan closes most of the gap?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import pyarrow as pa
import typer

from rantang import __version__
from rantang.cli.adopting import adopt
from rantang.cli.failing import log_into
from rantang.cli.planned import show
from rantang.cli.report import make_report
from rantang.cli.say import say, say_json
from rantang.cli.views import accepted, configuration_of, manifest_of, tables_of
from rantang.documents.workbooks.rat import draft
from rantang.errors import RantangError
from rantang.planning import asked, from_edition, outputs, record, scenario
from rantang.planning.allocation import given
from rantang.planning.prices import frontier
from rantang.planning.promises import best
from rantang.planning.scenario import Scenario
from rantang.planning.simulate import DRAWS, simulate
from rantang.planning.under import under
from rantang.store.cache import name_of
from rantang.store.editions import Edition, latest_edition
from rantang.store.plans import BEST, PLAN, SCENARIO, check_name, write_plan
from rantang.store.workspace import Workspace, open_workspace
from rantang.synergy.programmes import known_lists
from rantang.texts import _, language

ROUGH: Final = 0.01
"""Gap to which the plans for other budgets are found: their figures are read in whole per cent."""

SEED: Final = 1


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plan")(plan)


def plan(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace.")],
    scenario_: Annotated[
        str, typer.Option("--scenario", metavar="FILE|NAME", help="One scenario: a TOML file or a name.")
    ] = "",
    name: Annotated[str, typer.Option(help="Name of its folder under plans/; else the scenario's.")] = "",
    year: Annotated[int, typer.Option(help="Whose budgets and places hold; else the period's year.")] = 0,
    adopt_: Annotated[
        bool, typer.Option("--adopt", help="Take the scenario into the workspace's configuration.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Say what a scenario would do, and find the plan that closes most of the poverty gap.

    Without a scenario all that come with Rantang are run, and the best plan for the present money is found.

    They are: banjir, henti-bocor, perluas-rantang, rencana-kini, tepat-sempurna, tutup-kerak. Results are
    written to plans/NAME/, the best plan to plans/rencana/.

    Example: `rantang plan kota/ --scenario perluas-rantang`
    """
    workspace = open_workspace(folder)
    log_into(workspace.log)
    edition = latest_edition(workspace.editions)
    if edition is None or edition.manifest["period"] != workspace.period:
        raise RantangError("RENCANA-EDISI", period=workspace.period)
    if adopt_ and not scenario_:
        raise RantangError("RENCANA-ADOPSI-APA", known=", ".join(scenario.built_in()))
    chosen, text = _chosen(scenario_, workspace)
    check_name(name or chosen[0].name)
    question = _question(edition, workspace, chosen, year or None)
    work = _Work(workspace, edition, question)
    own = name if scenario_ else ""
    made = [work.scenario(each, text, own, planned=bool(scenario_)) for each in chosen]
    if not scenario_:
        made.append(work.best(_present(), name or BEST))
    adopted = adopt(workspace, chosen[0], made[0]["scenario"]) if adopt_ else ()
    page = make_report(edition, language())
    if as_json:
        say_json({"plans": made, "adopted": [str(each) for each in adopted], "report": str(page)})
        return
    show(made, workspace.city)
    for file in adopted:
        say(_("Adopted: {file}. `rantang run` reads it.", file=file))
    for folder_ in (each["path"] for each in made):
        say(str(folder_), style="dim")
    say(str(page))


def _chosen(asked: str, workspace: Workspace) -> tuple[list[Scenario], str]:
    """Read the scenario that was asked for, or all that come with Rantang; and the text of a file."""
    programmes = [p.code for p in workspace.city.programmes]
    agencies = [a.code for a in workspace.city.agencies]
    if asked and (asked.endswith(".toml") or Path(asked).is_file()):
        file = Path(asked)
        if not file.is_file():
            raise RantangError("SKENARIO-BERKAS", file=file)
        text = file.read_text("utf-8-sig")
        return [scenario.read(file.stem, text, programmes, agencies)], text
    names = [asked] if asked else list(scenario.built_in())
    known = set(programmes)
    found = [scenario.load(each) for each in names]
    # What comes with Rantang may speak of a programme that a city does not have.
    fit = [each for each in found if {change.code for change in each.programmes} <= known]
    if asked and not fit:
        missing = {change.code for change in found[0].programmes} - known
        raise RantangError("SKENARIO-PROGRAM", name=asked, programme=", ".join(sorted(missing)))
    return fit, ""


def _present() -> Scenario:
    return Scenario(BEST, BEST)


def _question(
    edition: Edition, workspace: Workspace, chosen: Sequence[Scenario], year: int | None
) -> from_edition.Question:
    rules = {change.code: change.rule for each in chosen for change in each.programmes if change.rule}
    with tables_of(edition, asked.NEEDED) as tables:
        lists = known_lists(tables["assistance"], workspace.city.programmes, workspace.period)
        return from_edition.question(
            asked.ask(tables, lists, rules),
            workspace.city,
            workspace.period,
            lists,
            accepted(edition, "penduduk") or None,
            year,
        )


@dataclass(frozen=True)
class _Work:
    """Runs scenarios and plans on one edition and writes each into its folder."""

    workspace: Workspace
    edition: Edition
    question: from_edition.Question

    def scenario(self, each: Scenario, text: str, name: str, *, planned: bool) -> dict[str, Any]:
        """Run a scenario; `planned`: find the best plan under it, too."""
        now = given(self.question.register, each)
        result = simulate(self.question.register, each, SEED, now=now)
        content = self._sealed(record.of_scenario(result, self.question, DRAWS))
        tables = {"changes": record.changes(self.question, each, now)}
        files = {"scenario.toml": (text or scenario.text(each.name)).encode("utf-8")}
        records = {SCENARIO: content}
        if planned:
            # Who enters and leaves is told of the scenario itself, not of the best plan under it.
            plan_tables, plan_files, records[PLAN] = self._plan(each)
            tables, files = plan_tables | tables, files | plan_files
        path = write_plan(self.workspace.folder, name or each.name, tables, records, files)
        return {"folder": path.name, "path": str(path), "scenario": content, "plan": records.get(PLAN)}

    def best(self, each: Scenario, name: str) -> dict[str, Any]:
        """Find the best plan."""
        tables, files, content = self._plan(each)
        path = write_plan(self.workspace.folder, name, tables, {PLAN: content}, files)
        return {"folder": path.name, "path": str(path), "scenario": None, "plan": content}

    def _plan(self, each: Scenario) -> tuple[dict[str, pa.Table], dict[str, bytes], dict[str, Any]]:
        question = under(self.question, each)
        kept = best(question.families, question.pairs, question.rules)
        now = record.now_of(question, kept.plan)
        result = simulate(question.register, each, SEED, now=now)
        content = record.of_plan(
            kept,
            record.of_scenario(result, question, DRAWS),
            question,
            frontier(kept.plan.problem, tolerance=ROUGH, first=kept.plan),
        )
        made = {**outputs.tables(kept.plan), "changes": record.changes(question, each, now)}
        sealed = self._sealed(content)
        workbook = draft(sealed, self.workspace.city, manifest_of(self.edition))
        return made, {"draf-rat.xlsx": workbook}, sealed

    def _sealed(self, content: dict[str, Any]) -> dict[str, Any]:
        """Add what a record was made of, by hash, and its own."""
        city = self.workspace.city
        content = {
            **content,
            "period": self.workspace.period,
            "inputs": {
                "configuration": configuration_of(city),
                "edition": {"name": self.edition.name, "hash": self.edition.manifest["hash"]},
            },
            "seed": SEED,
            "version": __version__,
        }
        return {**content, "hash": name_of(content)}
