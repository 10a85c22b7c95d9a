"""What the store keeps: deliveries, the stage cache, editions."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from rantang.errors import RantangError
from rantang.store import cache as c
from rantang.store import editions as e
from rantang.store.deliveries import Deliveries, hash_of
from rantang.store.secrets import Keys, reveal
from rantang.tables.declare import Column, Table

KEYS = Keys(bytes(range(32)))
NIK = "3573014101809001"
NOW = dt.datetime(2022, 11, 30, 12, tzinfo=dt.UTC)
PEOPLE = Table(
    "people", "one person", ("id",),
    (Column("id", "string", "Id"), Column("nik", "string", "NIK", secret=True), Column("n", "int64", "N")),
)  # fmt: skip


def bytes_in(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


# --- deliveries


@pytest.fixture
def delivered(tmp_path: Path) -> tuple[Deliveries, Path, str]:
    file = tmp_path / "list.csv"
    file.write_text(f"NIK\n{NIK}\n", encoding="utf-8")
    return Deliveries(tmp_path / "deliveries", KEYS), file, hash_of(file)


def test_a_delivery_is_kept_unchanged_and_sealed(tmp_path: Path, delivered) -> None:
    kept, file, sha256 = delivered
    delivery = kept.accept(file, sha256, "dinsos/dtks/2022-11.csv", {"rows": 1}, NOW)
    assert (delivery.kept, delivery.size, delivery.about) == (True, file.stat().st_size, {"rows": 1})
    assert b"".join(kept.read(sha256)) == file.read_bytes()
    assert NIK.encode() not in bytes_in(tmp_path / "deliveries")


def test_the_same_bytes_are_kept_once_under_all_their_names(tmp_path: Path, delivered) -> None:
    kept, file, sha256 = delivered
    kept.accept(file, sha256, "a.csv", {}, NOW)
    kept.accept(file, sha256, "b.csv", {}, NOW + dt.timedelta(days=40))
    assert len(list((tmp_path / "deliveries").iterdir())) == 2
    about = json.loads((tmp_path / "deliveries" / f"{sha256}.json").read_text())
    assert set(about["files"]) == {"a.csv", "b.csv"}
    assert about["received"] == NOW.isoformat()


def test_bytes_go_when_their_time_is_over_and_do_not_come_back(delivered) -> None:
    kept, file, sha256 = delivered
    kept.accept(file, sha256, "a.csv", {}, NOW)
    assert kept.expire(24, dt.datetime(2024, 11, 29, tzinfo=dt.UTC)) == ()
    assert kept.expire(24, dt.datetime(2024, 11, 30, 12, tzinfo=dt.UTC)) == (sha256,)
    with pytest.raises(RantangError, match="KIRIMAN-HILANG"):
        kept.read(sha256)
    assert not kept.accept(file, sha256, "a.csv", {}, NOW).kept


def test_a_damaged_record_of_a_delivery_stops_no_run(tmp_path: Path, delivered) -> None:
    kept, file, sha256 = delivered
    kept.accept(file, sha256, "a.csv", {}, NOW)
    (tmp_path / "deliveries" / f"{sha256}.json").write_text("{")
    assert kept.expire(24, NOW.replace(year=2032)) == ()
    assert kept.accept(file, sha256, "a.csv", {}, NOW).kept


# --- the stage cache


def test_the_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    kept = c.Cache(tmp_path, KEYS)
    tables = {
        "rows": pa.table({"nik": [NIK, None], "n": [1, 2]}),
        "none": pa.table({"x": pa.array([], pa.date32())}),
    }
    kept.put("a", tables)
    found = kept.get("a")
    assert found is not None
    assert all(found[name].equals(table) for name, table in tables.items())
    assert NIK.encode() not in bytes_in(tmp_path)


def test_a_broken_entry_or_another_key_is_no_entry(tmp_path: Path) -> None:
    c.Cache(tmp_path, KEYS).put("a", {"rows": pa.table({"n": [1]})})
    assert c.Cache(tmp_path, Keys(bytes(32))).get("a") is None
    (file,) = tmp_path.iterdir()
    file.write_bytes(file.read_bytes()[:-1])
    assert c.Cache(tmp_path, KEYS).get("a") is None
    assert c.Cache(tmp_path, KEYS).get("b") is None


def test_what_is_not_asked_for_goes(tmp_path: Path) -> None:
    first = c.Cache(tmp_path, KEYS)
    first.put("a", {})
    first.put("b", {})
    later = c.Cache(tmp_path, KEYS)
    later.get("a")
    assert later.prune() > 0
    assert [file.name for file in tmp_path.iterdir()] == ["a.sealed"]


def test_names_and_code_versions_tell_apart() -> None:
    assert c.name_of("typed", ["a"], dt.date(2022, 11, 30)) == c.name_of("typed", ("a",), "2022-11-30")
    assert c.name_of("a", "b") != c.name_of("ab") != c.name_of(["a"], "b")
    assert (
        len(
            {
                c.code_of("tables"),
                c.code_of("contracts"),
                c.code_of("tables", "contracts"),
                c.code_of("watch.py"),
            }
        )
        == 4
    )


# --- editions


def written(
    folder: Path, *, value: int = 1, identity: str = "0123456789", period: str = "2022-11"
) -> tuple[e.Edition, bool]:
    draft = e.Draft(folder, KEYS)
    draft.write(pa.table({"id": ["b", "a"], "nik": [NIK, None], "n": [value, 2]}), PEOPLE)
    draft.write_json(e.MANIFEST, {"schema": e.SCHEMA, "period": period, "tables": {"people": {"hash": "h"}}})
    return draft.publish(period, identity)


def test_an_edition_is_published_whole_and_named_by_what_it_says(tmp_path: Path) -> None:
    edition, new = written(tmp_path)
    assert new
    assert edition.name == "2022-11-01234567"
    assert (tmp_path / "latest").read_text() == "2022-11-01234567\n"
    assert not list(tmp_path.glob(".*"))
    assert e.open_edition(edition.folder).name == edition.name
    assert edition.hash_of("people") == "h"
    assert edition.hash_of("other") == ""


def test_a_table_on_disk_hides_numbers_and_keeps_its_order(tmp_path: Path) -> None:
    edition, _ = written(tmp_path)
    assert NIK.encode() not in bytes_in(tmp_path)
    rows = pq.read_table(edition.path("people"))
    assert rows.column("id").to_pylist() == ["b", "a"]
    assert rows.column("nik_masked").to_pylist() == ["3573••••••••••01", None]
    assert reveal(rows, PEOPLE, KEYS).column("nik").to_pylist() == [NIK, None]


def test_an_edition_never_changes(tmp_path: Path) -> None:
    first, _ = written(tmp_path)
    before = bytes_in(first.folder)
    again, new = written(tmp_path, value=7)
    assert not new
    assert again.name == first.name
    assert bytes_in(first.folder) == before


def test_a_draft_that_was_given_up_leaves_nothing(tmp_path: Path) -> None:
    written(tmp_path)
    e.Draft(tmp_path, KEYS).write(pa.table({"id": ["x"], "nik": [NIK], "n": [1]}), PEOPLE)
    assert list(tmp_path.glob(".draft-*"))
    written(tmp_path, identity="abcdefgh")
    assert not list(tmp_path.glob(".draft-*"))
    assert (tmp_path / "latest").read_text() == "2022-11-abcdefgh\n"


def test_a_workspace_opens_its_latest_edition(tmp_path: Path) -> None:
    written(tmp_path / "editions")
    newer, _ = written(tmp_path / "editions", identity="abcdefgh")
    assert e.open_edition(tmp_path).name == newer.name
    assert [each.name for each in e.all_editions(tmp_path / "editions")] == [
        "2022-11-01234567",
        "2022-11-abcdefgh",
    ]


def test_an_edition_of_another_layout_says_what_to_do(tmp_path: Path) -> None:
    edition, _ = written(tmp_path)
    (edition.folder / e.MANIFEST).write_text(json.dumps({"schema": e.SCHEMA + 1}))
    with pytest.raises(RantangError, match="EDISI-SKEMA"):
        e.open_edition(edition.folder)
    (edition.folder / e.MANIFEST).write_text("{")
    with pytest.raises(RantangError, match="EDISI-RUSAK"):
        e.open_edition(edition.folder)
    with pytest.raises(RantangError, match="EDISI-TIDAK-ADA"):
        e.open_edition(tmp_path / "other")


@pytest.mark.parametrize("name", ["../../etc", "", "2022-11-gone"])
def test_a_pointer_leads_nowhere_else(tmp_path: Path, name: str) -> None:
    written(tmp_path)
    (tmp_path / "latest").write_text(name)
    assert e.latest_edition(tmp_path) is None


def test_the_edition_before_is_the_last_up_to_the_period(tmp_path: Path) -> None:
    edition, _ = written(tmp_path)
    assert e.before(tmp_path, "2022-10") is None
    for period in ("2022-11", "2023-01"):
        found = e.before(tmp_path, period)
        assert found is not None
        assert found.name == edition.name


def test_an_older_month_made_anew_is_not_the_edition_before(tmp_path: Path) -> None:
    november, _ = written(tmp_path)
    october, _ = written(tmp_path, period="2022-10")
    assert e.latest_edition(tmp_path) == october
    for period, name in (("2022-10", october.name), ("2022-11", november.name), ("2022-12", november.name)):
        found = e.before(tmp_path, period)
        assert found is not None
        assert found.name == name
