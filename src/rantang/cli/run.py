"""`rantang run`: from the agencies' lists to an edition and its report."""

from __future__ import annotations

import datetime as dt
import platform
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any, Final

import ibis.expr.types as ir
import typer

from rantang import __version__, pipeline
from rantang.cli import lists as reading
from rantang.cli.failing import log_into
from rantang.cli.figures import figures, findings_by_code
from rantang.cli.report import make_report
from rantang.cli.summary import Summary, show, tell
from rantang.cli.views import configuration_of
from rantang.engine import Engine, EngineSettings, open_engine
from rantang.engine.content import hash_in_order, in_order
from rantang.errors import RantangError
from rantang.store import decisions, editions
from rantang.store.cache import Cache, name_of
from rantang.store.deliveries import Deliveries
from rantang.store.lists import Unused, choose, find_lists
from rantang.store.lock import alone
from rantang.store.synthetic import hold_to_word
from rantang.store.workspace import Workspace, open_workspace
from rantang.store.writing import private_folder
from rantang.tables.edition import EDITION
from rantang.tables.intake import FINDINGS, PROVENANCE
from rantang.texts import language
from rantang.watch import Watch

# Engines on which every stage runs; on Spark identity, validation and synergy do, linking does not yet.
WHOLE: Final = ("duckdb",)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("run")(run)


def run(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The workspace.")],
    engine: Annotated[str, typer.Option(help="duckdb or spark.", hidden=True)] = "duckdb",
    period: Annotated[
        str, typer.Option(help="Another period than city.toml says, for instance 2022-11.")
    ] = "",
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Take nothing over from the edition before.")
    ] = False,
    threads: Annotated[int, typer.Option(help="Threads; 0: all cores.", min=0, max=256)] = 0,
    strict: Annotated[
        bool, typer.Option("--strict", help="Exit 1 when rows were unusable or people are waited for.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Make an edition of the lists in DIR, then its report.

    Example: `rantang run kota/`
    """
    if engine not in WHOLE:
        raise RantangError("MESIN-TAK-DIKENAL", engine=engine, known=", ".join(WHOLE))
    workspace = open_workspace(folder, period or None)
    log_into(workspace.log)
    started = time.perf_counter()
    begin, end = (_quiet, _quiet) if as_json else tell()
    with alone(private_folder(workspace.store) / "run.lock", wait=0):
        with open_engine(engine, EngineSettings(workspace.temporary(), threads or None)) as opened:
            watch = Watch(opened.count, begin, end)
            made = _edition(workspace, opened, watch, from_scratch=from_scratch)
        with watch.stage("report", 1) as stage:
            page = make_report(made.edition, language(), timings=_timings(watch, started))
            stage.accepted(1)
        timings = _timings(watch, started)
        editions.write_timings(made.edition, timings)
    summary = replace(
        made, manifest={**made.manifest, "seconds": timings["seconds"]}, stages=watch.stages, report=page
    )
    show(summary, as_json=as_json)
    if strict and summary.waits:
        raise typer.Exit(1)


def _quiet(_told: object) -> None:
    """Say nothing: the answer is JSON."""


def _edition(workspace: Workspace, engine: Engine, watch: Watch, *, from_scratch: bool) -> Summary:
    """Make the edition and publish it."""
    city, period, last_day = workspace.city, workspace.period, workspace.last_day
    chain = decisions.read_chain(workspace.decisions)
    files, unused = choose(find_lists(workspace.lists, city), period)
    cache = Cache(workspace.store / "cache", workspace.keys)
    units = reading.units_of(files, city, period, last_day)
    before = None if from_scratch else editions.before(workspace.editions, period)
    lists, units, replaced = _lists(workspace, units, cache, engine, watch)
    unused = tuple(sorted((*unused, *replaced), key=lambda each: each.name))
    made = pipeline.make(lists, _past(before, chain, engine), city, period, last_day, engine.keep, watch)

    with watch.stage("edition", len(made.tables)) as stage:
        draft = editions.Draft(workspace.editions, workspace.keys)
        tables = _written(draft, engine, made.tables)
        manifest = _manifest(workspace, engine, units, unused, chain, before, watch, made.model, tables)
        draft.write_json(editions.MODEL, made.model)
        draft.write_json(editions.MANIFEST, manifest)
        edition, new = draft.publish(period, manifest["identity"])
        stage.accepted(len(tables))
        _keep_deliveries(workspace, units)
        cache.prune()
    return Summary(
        edition,
        new,
        edition.manifest,
        (),
        findings_by_code(made.tables["findings"]),
        figures(made.tables, manifest),
        None,
    )


def _past(
    before: editions.Edition | None, chain: Sequence[decisions.Decision], engine: Engine
) -> pipeline.Past:
    """Return what people decided, and of the edition before: ids, fits and history."""

    def table(name: str) -> ir.Table | None:
        return engine.read_parquet(before.path(name)) if before and before.has(name) else None

    return pipeline.Past(
        decisions.as_table(chain), table("ids"), table("history"), before.model if before else None
    )


def _lists(
    workspace: Workspace,
    units: Sequence[reading.Unit],
    cache: Cache,
    engine: Engine,
    watch: Watch,
) -> tuple[pipeline.Lists, list[reading.Unit], tuple[Unused, ...]]:
    """Return what the lists say, the lists that are used, and the files that those replaced."""
    city, period, last_day = workspace.city, workspace.period, workspace.last_day
    identity = reading.identity_of(city, last_day)
    with watch.stage("intake", None) as stage:
        reading.recall(units, cache, identity)
        reading.read_new(units, city, period, last_day, workspace.keys.row_key)
        used, replaced = reading.without_superseded(units)
        counts = reading.counted(used)
        stage.rows, stage.accepted_, stage.refused_ = (
            sum(entry[name] for entry in counts) for name in ("rows", "accepted", "refused")
        )
        if not stage.accepted_:
            raise RantangError("RUANG-KOSONG", folder=workspace.lists)
        typed = reading.typed(used, engine)
        if set(typed) <= set(pipeline.WITHOUT_ENTRIES):
            raise RantangError("RUANG-TANPA-ORANG", folder=workspace.lists, kinds=", ".join(typed))
        provenance = engine.load(reading.together(used, "provenance", PROVENANCE), "provenance")
        findings = engine.load(reading.together(used, "findings", FINDINGS), "findings")
    with watch.stage(
        "identity", sum(engine.count(typed[kind]) for kind in typed if kind != "survei")
    ) as stage:
        identified, fresh = reading.identified(used, typed, city, last_day, engine)
        if workspace.synthetic:
            hold_to_word(identified, provenance)
        # Not before: what is refused leaves nothing behind.
        reading.put_aside(used, None if fresh is None else engine.fetch(fresh), cache, identity)
        stage.accepted(identified)
    return pipeline.Lists(typed, identified, provenance, findings), used, replaced


def _written(
    draft: editions.Draft, engine: Engine, tables: Mapping[str, ir.Table]
) -> dict[str, dict[str, Any]]:
    """Write and hash the tables, each while the engine computes the next; returns their rows and hashes."""
    written: dict[str, tuple[int, Future[str], Future[None]]] = {}
    with ThreadPoolExecutor(2) as pool:
        for table in EDITION:
            rows = in_order(engine.fetch(tables[table.name]), table)
            for _, hashed, done in written.values():
                hashed.result()  # else many tables would wait in memory
                done.result()
            hashing = pool.submit(hash_in_order, rows, table)
            written[table.name] = rows.num_rows, hashing, pool.submit(draft.write, rows, table)
        for _, _, done in written.values():
            done.result()
    return {name: {"rows": count, "hash": hashed.result()} for name, (count, hashed, _) in written.items()}


def _manifest(
    workspace: Workspace,
    engine: Engine,
    units: Sequence[reading.Unit],
    unused: Sequence[Unused],
    chain: Sequence[decisions.Decision],
    before: editions.Edition | None,
    watch: Watch,
    model: Mapping[str, Any],
    tables: Mapping[str, Mapping[str, Any]],
) -> dict[str, Any]:
    """Say what the edition was made of and what it says; no clock, so that equal input gives equal bytes."""
    count, last = decisions.head(chain)
    deliveries = reading.counted(units)
    content = name_of({name: table["hash"] for name, table in tables.items()})
    inputs = {
        "deliveries": sorted((d["sha256"], d["file"]) for d in deliveries),
        "decisions": {"count": count, "head": last},
        "configuration": configuration_of(workspace.city),
    }
    identity = name_of(editions.SCHEMA, workspace.period, content, inputs)
    return {
        "schema": editions.SCHEMA,
        "edition": f"{workspace.period}-{identity[:8]}",
        "period": workspace.period,
        "place": workspace.city.place,
        "synthetic": workspace.synthetic,
        "hash": content,
        "identity": identity,
        "inputs": {
            **inputs,
            "previous": {"edition": before.name, "hash": before.manifest["hash"]} if before else None,
        },
        "deliveries": deliveries,
        "unused": [asdict(each) for each in unused],
        "stages": [stage.as_dict() for stage in watch.stages],
        "linkage": _linkage(model),
        "tables": tables,
        "key": workspace.keys.fingerprint,
        "version": __version__,
        "versions": {"engine": engine.version, "python": platform.python_version()},
    }


def _linkage(model: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Say, per kind of delivery, where its probabilities come from and what the decoys estimate."""
    found = []
    for group, limit in model.get("thresholds", {}).items():
        steps = model.get("calibration", {}).get(group, {})
        kind, _, agency = group.partition("/")
        found.append(
            {
                "kind": kind,
                "agency": agency,
                "calibration": steps.get("source", "none"),
                "pairs": steps.get("rows", 0),
                "threshold": limit["value"],
                "decoy_error": limit["false_links_estimate"],
                "certified": limit["certified"],
            }
        )
    return found


def _timings(watch: Watch, started: float) -> dict[str, Any]:
    return {
        "made_at": dt.datetime.now(dt.UTC).replace(microsecond=0).isoformat(),
        "seconds": round(time.perf_counter() - started, 2),
        "stages": {stage.name: round(stage.seconds, 2) for stage in watch.stages},
    }


def _keep_deliveries(workspace: Workspace, units: Sequence[reading.Unit]) -> None:
    """Seal the bytes of what was read, and let go of what is older than the place keeps."""
    kept, now = Deliveries(workspace.store / "deliveries", workspace.keys), dt.datetime.now(dt.UTC)
    for unit in units:
        counts = {entry["file"]: entry for entry in unit.taken.files} if unit.taken else {}
        for file, sha256 in unit.files:
            if sha256 and counts.get(file.name, {}).get("rows"):
                kept.accept(file.path, sha256, file.name, counts[file.name], now)
    kept.expire(workspace.city.retention.get("deliveries", 24), now)
