"""DuckDB as the engine: it gives memory back, and what it spills is neither read nor left behind."""

from __future__ import annotations

import gc
import os
import stat
from pathlib import Path

import ibis
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rantang.engine import Engine, EngineSettings, open_engine
from rantang.engine.duckdb import DuckDB
from rantang.errors import RantangError
from rantang.tables.declare import Column, Table

TABLE = Table("t", "one row", ("key",), (Column("key", "int64", "Key"), Column("twice", "int64", "Twice")))


@pytest.fixture
def engine(tmp_path: Path):
    with open_engine("duckdb", EngineSettings(tmp_path / "spill", threads=1)) as opened:
        yield opened


def test_rows_go_in_are_computed_and_come_out(engine: Engine) -> None:
    rows = engine.load(pa.table({"key": [1, 2, 3]}), "rows")
    kept = engine.keep(rows.mutate(twice=rows.key * 2), "kept")
    assert engine.count(kept) == 3
    assert sorted(engine.fetch(kept).to_pylist(), key=lambda r: r["key"])[2] == {"key": 3, "twice": 6}
    assert engine.content_hash(kept, TABLE) == engine.content_hash(kept.order_by(ibis.desc("key")), TABLE)
    assert engine.version.startswith("duckdb 2")


def test_closing_an_engine_gives_the_one_before_it_back(engine: Engine, tmp_path: Path) -> None:
    with open_engine("duckdb", EngineSettings(tmp_path / "inner", threads=1)) as inner:
        assert ibis.memtable({"key": [1]}).count().execute() == inner.count(ibis.memtable({"key": [1]}))
    assert ibis.memtable({"key": [1, 2]}).count().execute() == 2


def tables(engine: DuckDB) -> int:
    return len(engine._con.con.execute("SELECT table_name FROM duckdb_tables()").fetchall())


def test_a_table_is_freed_when_nobody_reads_it_any_more(engine: DuckDB) -> None:
    rows = engine.load(pa.table({"key": [1, 2, 3]}), "rows")
    later = rows.filter(rows.key > 1)
    del rows
    gc.collect()
    assert engine.count(later) == 2, "an expression that reads a table keeps it"
    assert tables(engine) == 1
    del later
    gc.collect()
    assert tables(engine) == 0


def test_parquet_is_read(engine: Engine, tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    pq.write_table(pa.table({"key": [1, None]}), tmp_path / "a-b.parquet")
    assert engine.count(engine.read_parquet(tmp_path / "a-b.parquet")) == 2


def test_an_unknown_engine_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(RantangError, match="MESIN-TAK-DIKENAL"),
        open_engine("oracle", EngineSettings(tmp_path)),
    ):
        pass


NIK = "3573014101809001"


def spilled(tmp_path: Path, *, encrypted: bool) -> bool:
    """Say whether a number stands open in what an engine short of memory spills."""
    folder = tmp_path / "spill"
    with open_engine("duckdb", EngineSettings(folder, threads=1, memory=40 * 2**20)) as engine:
        if not encrypted:
            engine._set("temp_file_encryption", "false")
        number = ibis.range(600_000).unnest().name("n").as_table()
        text = number.n.cast("string").hexdigest()
        rows = engine.keep(number.mutate(nik=ibis.literal(NIK) + text, text=text + text), "rows")
        assert engine.count(rows) == 600_000
        files = [file for file in folder.rglob("*") if file.is_file() and file.stat().st_size]
        assert files, "nothing was spilled: the test shows nothing"
        if os.name == "posix":
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        found = any(NIK.encode() in file.read_bytes() for file in files)
    assert not folder.exists(), "what was spilled is removed"
    return found


@pytest.mark.slow
def test_what_is_spilled_is_encrypted_and_removed(tmp_path: Path) -> None:
    assert not spilled(tmp_path, encrypted=True)


@pytest.mark.slow
def test_the_test_above_would_see_it(tmp_path: Path) -> None:
    assert spilled(tmp_path, encrypted=False)


@pytest.mark.parametrize("name", ["data jum'at", "kota [lama] *", 'a "b"'])
def test_a_workspace_may_be_called_anything(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    with open_engine("duckdb", EngineSettings(folder / "spill", threads=1)) as engine:
        pq.write_table(pa.table({"key": [1, 2]}), folder / "rows.parquet")
        assert engine.count(engine.read_parquet(folder / "rows.parquet")) == 2
