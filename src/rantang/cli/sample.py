"""`rantang sample`: write a synthetic city."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from rantang.cli.say import number, say, say_json, seconds
from rantang.errors import RantangError
from rantang.store.writing import write_whole
from rantang.texts import _

_MARK = "sample.json"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("sample")(sample)


def sample(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write it.")],
    scale: Annotated[float, typer.Option(help="1.0 is a city of about 850,000.", min=0.001, max=10)] = 1.0,
    seed: Annotated[int, typer.Option(help="Another seed makes other people.")] = 1,
    with_: Annotated[
        str, typer.Option("--with", help="What Dukcapil and Dinsos give: penduduk, padan or dtsen.")
    ] = "penduduk",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write a synthetic city: lists of ten agencies as they look in life, and the truth apart.

    Nobody in it lives: every NIK is one that cannot be issued. The same arguments give the same
    files; a city that is already there is left as it is.

    Example: `rantang sample build/kota --scale 0.1`
    """
    from rantang.sample import generate  # noqa: PLC0415  (it takes a second to load)

    if with_ not in ("penduduk", "padan", "dtsen"):
        raise typer.BadParameter("penduduk, padan, dtsen", param_hint="--with")
    asked: dict[str, Any] = {"scale": scale, "seed": seed, "with": with_}
    mark = folder / "truth" / _MARK
    if mark.is_file() and json.loads(mark.read_text("utf-8"))["asked"] == asked:
        made, took = json.loads(mark.read_text("utf-8"))["made"], None
    else:
        _clear(folder, mark)
        start = time.perf_counter()
        summary = generate(folder, scale=scale, seed=seed, source=with_)  # type: ignore[arg-type]
        took = time.perf_counter() - start
        made = {
            "residents": summary.residents, "families": summary.families, "files": summary.files,
            "rows": summary.rows, "headcount": summary.headcount, "chronic": summary.chronic,
        }  # fmt: skip
        write_whole(mark, json.dumps({"asked": asked, "made": made}, indent=1))
    if as_json:
        say_json({**asked, **made, "folder": str(folder)})
        return
    say(
        _("A synthetic city: {residents} residents in {families} families, {files} files with {rows} rows.",
          residents=number(made["residents"]), families=number(made["families"]),
          files=number(made["files"]), rows=number(sum(made["rows"].values())))
    )  # fmt: skip
    say(
        _("Truth (read by the benchmark only): {rate} % poor, {chronic} % chronically.",
          rate=number(100 * made["headcount"], 2), chronic=number(100 * made["chronic"], 2))
    )  # fmt: skip
    say(
        _("It was there already.") if took is None else _("Written in {time}.", time=seconds(took)),
        style="dim",
    )
    say(str(folder))


def _clear(folder: Path, mark: Path) -> None:
    """Make room for another sample; anything but a sample is left alone."""
    if not folder.exists() or not any(folder.iterdir()):
        return
    if not mark.is_file():
        raise RantangError("RUANG-BERISI", folder=folder)
    import shutil  # noqa: PLC0415

    for name in ("lists", "truth", "store", "editions"):
        shutil.rmtree(folder / name, ignore_errors=True)
