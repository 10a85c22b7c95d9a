"""The main job from end to end on a tiny sample city: lists in, an edition out, nothing lost."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from running import SCALE, SEED, Ran, command, run

from rantang.errors import RantangError
from rantang.sample import generate
from rantang.tables.edition import EDITION

pytestmark = pytest.mark.slow


def test_every_stage_accounts_for_every_row(ran: Ran) -> None:
    for stage in ran.said["stages"]:
        assert stage["rows"] == sum(stage[n] for n in ("accepted", "refused", "held", "aside")), stage
        assert stage["rows"] > 0, stage
        assert min(stage[n] for n in ("accepted", "refused", "held", "aside")) >= 0, stage
    files = ran.said["deliveries"]
    assert sum(each["rows"] for each in files) == ran.said["stages"][0]["rows"]
    assert {each["agency"] for each in files} >= {"dinsos", "dispendukcapil", "dinkes", "bappeda"}


def test_an_edition_has_every_declared_table_with_its_columns(ran: Ran) -> None:
    for table in EDITION:
        columns = pq.read_schema(ran.edition / f"{table.name}.parquet").names
        assert [name for name in columns if not name.endswith("_masked")] == list(table.names)
        assert (
            ran.manifest["tables"][table.name]["rows"]
            == pq.read_metadata(ran.edition / f"{table.name}.parquet").num_rows
        )
    assert (ran.edition / "out" / "report.html").stat().st_size > 100_000


def test_keys_of_tables_are_keys(ran: Ran) -> None:
    for table in EDITION:
        if table.name == "findings":
            continue  # one row may bear the same code twice, about two of its cells
        rows = pl.read_parquet(ran.edition / f"{table.name}.parquet", columns=list(table.key))
        assert rows.is_duplicated().sum() == 0, table.name
        assert rows.equals(rows.sort(list(table.key), nulls_last=True)), f"{table.name} is not in order"


def test_every_link_and_doubtful_pair_leads_back_to_rows_of_files(ran: Ran) -> None:
    links = pl.read_parquet(ran.edition / "links.parquet", columns=["row_key"])
    places = pl.read_parquet(ran.edition / "provenance.parquet")
    assert links.join(places, on="row_key", how="anti").is_empty()
    pairs = pl.read_parquet(ran.edition / "review.parquet")
    assert pairs.height and pairs.join(links, on="row_key", how="anti").height, "some wait unlinked"
    for key in ("row_key", "candidate_key"):
        assert pairs.join(places, left_on=key, right_on="row_key", how="anti").is_empty(), key
    assert {Path(name).suffix for name in places["file"].unique()} >= {".csv", ".xlsx"}
    assert all((ran.folder / "lists" / name).is_file() for name in places["file"].unique())


# --- nothing open


def numbers_of_the_sample(folder: Path) -> set[bytes]:
    """Return every NIK and KK that the truth knows: the canaries."""
    persons = pl.read_parquet(folder / "truth" / "persons.parquet")
    known = [persons[name].drop_nulls().cast(pl.String) for name in persons.columns if name in ("nik", "kk")]
    return {number.encode() for column in known for number in column if len(number) == 16}


def open_numbers(folder: Path, numbers: set[bytes]) -> list[str]:
    found = []
    for path in folder.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            if any(number in numbers for number in re.findall(rb"(?<!\d)\d{16}(?!\d)", data)):
                found.append(str(path.relative_to(folder)))
    return sorted(found)


def uncompressed(folder: Path, numbers: set[bytes]) -> list[str]:
    """Look inside Parquet as well: compression must not be what hides a number."""
    found = []
    for path in folder.rglob("*.parquet"):
        for name, column in zip(pq.read_schema(path).names, pq.read_table(path).columns, strict=True):
            texts = {str(value).encode() for value in column.unique().to_pylist() if value is not None}
            if texts & numbers:
                found.append(f"{path.name}:{name}")
    return found


def test_no_number_of_the_sample_lies_open_outside_its_lists(ran: Ran) -> None:
    numbers = numbers_of_the_sample(ran.folder)
    assert len(numbers) > 3_000
    assert open_numbers(ran.folder / "lists", numbers), "the search would not see a number"
    for name in ("store", "editions"):
        assert open_numbers(ran.folder / name, numbers) == []
    assert uncompressed(ran.folder / "editions", numbers) == []


@pytest.mark.skipif(os.name != "posix", reason="this system has no access modes")
def test_what_is_written_is_its_owners_alone(ran: Ran) -> None:
    assert stat.S_IMODE(ran.folder.stat().st_mode) == 0o700
    for name in ("store", "editions"):
        for path in [ran.folder / name, *(ran.folder / name).rglob("*")]:
            if path.is_dir():
                assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
    assert list((ran.folder / "store" / "tmp").iterdir()) == []


# --- the same again


def test_the_same_lists_give_the_same_edition(ran: Ran, copied: Callable[[], Path]) -> None:
    """Another folder, one thread, the rows of every csv shuffled, no truth: the same content."""
    folder = copied()
    shutil.rmtree(folder / "truth")
    shuffle(folder / "lists")
    again = run(folder, "--threads", 1)
    assert differing(again, ran) == []
    assert again.manifest["hash"] == ran.manifest["hash"]


def test_a_second_run_changes_nothing_and_strict_says_that_people_are_waited_for(
    ran: Ran, tmp_path: Path
) -> None:
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    result = command("run", folder, "--strict", "--json")
    assert result.exit_code == 1
    again = Ran(folder, json.loads(result.stdout))
    assert differing(again, ran) == []
    assert not again.said["new"]
    assert [each.name for each in (folder / "editions").iterdir() if each.is_dir()] == [ran.edition.name]


def differing(one: Ran, other: Ran) -> list[str]:
    return [name for name, value in one.hashes.items() if other.hashes[name] != value]


def shuffle(folder: Path) -> None:
    """Put the data rows of every plain csv into another order."""
    dice = random.Random(1)
    for path in sorted(folder.rglob("*.csv")):
        lines = path.read_bytes().splitlines(keepends=True)
        header = next((at for at, line in enumerate(lines) if b"NIK" in line.upper()), 0)
        end = len(lines)
        while re.match(rb"\W*(jumlah|total)|[;,\s]*$", lines[end - 1], re.IGNORECASE):
            end -= 1
        body = lines[header + 1 : end]
        dice.shuffle(body)
        path.write_bytes(b"".join([*lines[: header + 1], *body, *lines[end:]]))


def test_one_new_list_is_read_and_the_rest_is_not(
    ran: Ran, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rantang.cli import lists

    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    source = next((folder / "lists/dinsos/penerima").glob("2022-11-pkh.*"))
    shutil.copy(source, source.with_name(f"2022-10-revisi-pkh{source.suffix}"))
    asked: list[str] = []
    real = lists.read_many
    monkeypatch.setattr(
        lists, "read_many", lambda requests: real(asked.append(r.name) or r for r in requests)
    )
    again = run(folder)
    assert {name.split("/")[2][:7] for name in asked} == {"2022-10"}, "only the list that has a new part"
    assert again.said["new"]
    assert "dinsos/penerima/2022-10-pkh" in str(again.said["unused"])


# --- what goes wrong


def test_strange_files_and_files_sent_twice_cost_only_themselves(
    copied: Callable[[], Path], ran: Ran
) -> None:
    folder = copied()
    strange = folder / "lists" / "dinsos" / "dtks"
    (strange / "2022-11-rusak.xlsx").write_bytes(b"PK\x03\x04 no book")
    (strange / "2022-11-kosong.csv").write_bytes(b"")
    (folder / "lists" / "catatan.txt").write_text("Rapat hari Senin\n", encoding="utf-8")
    shutil.copy(next(strange.glob("*klojen*.xlsx")), strange / "2022-11-salinan.xlsx")
    again = run(folder)
    files = {each["file"]: each for each in again.said["deliveries"]}
    assert files["dinsos/dtks/2022-11-rusak.xlsx"]["accepted"] == 0
    assert files["dinsos/dtks/2022-11-klojen.xlsx"]["accepted"] > 0
    codes = {each["code"] for each in again.said["findings"]}
    assert {"KIRIMAN-LETAK", "KIRIMAN-KEMBAR", "BERKAS-KOSONG"} <= codes
    assert again.manifest["tables"]["links"] == ran.manifest["tables"]["links"]


def test_a_synthetic_workspace_with_a_real_number_is_refused(copied: Callable[[], Path]) -> None:
    folder = copied()
    could_be_real = f"{357301}{410180:06d}{1:04d}"
    (folder / "lists" / "dinsos" / "penerima" / "2022-11-nyata.csv").write_text(
        f"NIK,Nama\n{could_be_real},SITI\n"
    )
    with pytest.raises(RantangError) as refused:
        command("run", folder)
    assert refused.value.code == "KUNCI-SINTETIS"
    assert refused.value.values == {"count": 1, "file": "dinsos/penerima/2022-11-nyata.csv"}
    assert not list((folder / "store").rglob("*.sealed")), "nothing was kept under a published key"
    assert not (folder / "editions").exists()


def test_a_workspace_without_lists_is_told_what_to_do(tmp_path: Path) -> None:
    command("new", tmp_path / "kota", "--from", "malang", "--period", "2022-11")
    with pytest.raises(RantangError, match="RUANG-KOSONG"):
        command("run", tmp_path / "kota")


@pytest.mark.parametrize(
    ("kind", "rows"),
    [
        ("padan", "NIK,Nama,Status Padan\n3573010101809001,SITI,PADAN\n"),
        ("survei", "id_rumah_tangga,psu,bobot,pengeluaran_kapita\n1,1,10,900000\n"),
    ],
)
def test_answers_and_interviews_alone_found_no_register(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, rows: str
) -> None:
    monkeypatch.setenv("RANTANG_KEY_FILE", str(tmp_path / "key"))
    command("new", tmp_path / "kota", "--from", "malang", "--period", "2022-11")
    place = tmp_path / "kota" / "lists" / "bappeda" / kind
    place.mkdir(parents=True)
    (place / "2022-11.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(RantangError, match="RUANG-TANPA-ORANG"):
        command("run", tmp_path / "kota")


def test_an_older_list_put_anywhere_is_replaced_by_a_later_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RANTANG_KEY_FILE", str(tmp_path / "key"))
    command("new", tmp_path / "kota", "--from", "malang", "--period", "2022-11")
    place = tmp_path / "kota" / "lists" / "dinsos"
    place.mkdir(parents=True)
    for month, name in (("2022-10", "SITI"), ("2022-11", "BUDI")):
        rows = f"NIK,Nama,Alamat,PKH,FIRST_SK\n3573010101809001,{name},JL MAWAR 1,YA,2020\n"
        (place / f"dtks-{month}.csv").write_text(rows, encoding="utf-8")
    ran = run(tmp_path / "kota")
    assert [each["file"] for each in ran.manifest["deliveries"]] == ["dinsos/dtks-2022-11.csv"]
    assert [each["name"] for each in ran.manifest["unused"]] == ["dinsos/dtks-2022-10.csv"]
    assert pl.read_parquet(ran.edition / "links.parquet").height == 1


# --- decisions


def test_decisions_are_obeyed_and_survive(ran: Ran, tmp_path: Path) -> None:
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    first = pl.read_parquet(ran.edition / "eligibility.parquet")
    person = first.filter((pl.col("subject") == "person") & (pl.col("status") == "layak"))[
        "subject_id"
    ].sort()[0]
    assert (
        command(
            "decide", folder, "strike_off", person, "--role", "dinsos", "--reason", "sudah mampu"
        ).exit_code
        == 0
    )
    again = run(folder)
    now = pl.read_parquet(again.edition / "eligibility.parquet").filter(pl.col("subject_id") == person)
    assert now["status"].to_list() == ["tidak-layak"]
    assert now["by_word"].to_list() == [True]
    assert again.manifest["inputs"]["decisions"]["count"] == 1
    told = command("diff", ran.edition, again.edition, "--json")
    assert '"was": "layak"' in told.stdout
    assert command("doctor", folder).exit_code == 0


def test_a_broken_chain_stops_the_run(ran: Ran, tmp_path: Path) -> None:
    folder = tmp_path / "kota"
    shutil.copytree(ran.folder, folder)
    row = pl.read_parquet(ran.edition / "ids.parquet")["row_key"].sort()[0]
    command("decide", folder, "keep", row, "--role", "dinsos")
    chain = folder / "decisions" / "keputusan.jsonl"
    chain.write_text(chain.read_text().replace('"keep"', '"strike_off"'))
    with pytest.raises(RantangError, match="KEPUTUSAN-RUSAK"):
        command("run", folder)


# --- the three configurations of a city


@pytest.mark.parametrize("source", ["padan", "dtsen"])
def test_it_works_with_what_a_city_really_gets(tmp_path: Path, source: str) -> None:
    generate(tmp_path / "kota", scale=SCALE, seed=SEED, source=source, with_survey=False)
    ran = run(tmp_path / "kota")
    # Without a survey nothing is measured, and the run says so.
    assert [stage["name"] for stage in ran.said["stages"] if stage["rows"] == 0] == ["measurement"]
    persons = pl.read_parquet(ran.edition / "persons.parquet")
    assert persons.height > 300
    said = set(persons["resident"].unique())
    assert "tidak-diketahui" in said if source == "padan" else "tercatat" in said
