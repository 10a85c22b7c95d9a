"""The same rules on Spark: validation, welfare and synergy give the same tables as on DuckDB."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import ibis
import ibis.expr.types as ir
import pytest
import small_register
from polars.testing import assert_frame_equal
from small_register import SmallRegister, programme

pytestmark = [pytest.mark.spark, pytest.mark.slow]

PROGRAMMES = (
    programme("SEMBAKO", "keluarga_di_dtks", siks="bpnt"),
    programme("PBI", "di_dtks", unit="individu"),
    programme("PBID", "di_dtks", unit="individu", exclusive_with=("PBI",)),
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    pyspark = pytest.importorskip("pyspark.sql", reason="PySpark is an extra: pip install rantang[spark]")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17: apt install openjdk-17-jre-headless")
    builder = pyspark.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.shuffle.partitions", "1").config("spark.driver.memory", "1g")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


def world() -> SmallRegister:
    """People who set off most kinds of rule."""
    w = SmallRegister().person("ani", "f1").person("cici", in_dtks=False, in_p3ke=True)
    w.person("budi", "f1", relation="3", is_head=False, age=9)
    w.row("ani", "penerima", programme="SEMBAKO").row("ani", "p3ke", {"desil_nasional": 1})
    noted = {"bpnt": True, "keterangan_meninggal": "MENINGGAL", "kabupaten": "KOTA A", "kab_capil": "KAB. B"}
    w.row("ani", "dtks", noted, double=True).row("ani", "dtks", double=True, kk="3573010101019001")
    w.row("budi", "penerima", programme="PBI").row("budi", "penerima", programme="PBID", period="2022-09")
    w.row("cici", "penerima", programme="SEMBAKO", period="2022-08")
    w.row("budi", "pengecualian", {"tanda": "PENSIUN"}).row("budi", "kesehatan", {"kondisi": "STUNTING"})
    w.row("budi", "pendidikan", {"jenjang": "SD/MI", "status_sekolah": "AKTIF"})
    return w.row("ani", "rumah", {"daya_listrik": 2}).row("cici", "padan", {"status_padan": "tidak_padan"})


def tables() -> dict[str, ir.Table]:
    w = world()
    synergy = w.match(*PROGRAMMES, validated=True)
    validation = w.validate()
    return {
        "validation findings": validation.findings,
        "eligibility": validation.eligibility,
        "person facts": w.facts().persons,
        "synergy findings": synergy.findings,
        **{name: table for name, table in synergy._asdict().items() if name != "findings"},
    }


def test_spark_gives_the_same_tables(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {name: table.to_polars() for name, table in tables().items()}

    def keep(expr: ir.Table, name: str) -> ir.Table:
        return ibis.memtable(spark.to_polars(expr), schema=expr.schema())

    monkeypatch.setattr(small_register, "keep", keep)
    for name, table in tables().items():
        want = expected[name]
        got = spark.to_polars(table).select(want.columns).cast(want.schema)
        assert want.height > 0, name
        assert_frame_equal(got.sort(want.columns), want.sort(want.columns))
