"""The chain of decisions: append-only, verified to its last line, and forgetful where the law asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from rantang.errors import RantangError
from rantang.store import decisions as d
from rantang.store.secrets import Keys

KEYS = Keys(bytes(range(32)))


def decide(folder: Path, kind: str = "same", rows: tuple[str, ...] = ("a", "b"), **said: Any) -> d.Decision:
    return d.append(folder, kind, rows, **{"by": "petugas", "role": "register", "keys": KEYS, **said})


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    decide(tmp_path)
    decide(tmp_path, "strike_off", ("c",), value="family", reason="pindah ke Batu, kata Bu Siti")
    decide(tmp_path, "different", ("b", "a"))
    return tmp_path


def lines(folder: Path) -> list[str]:
    return (folder / "keputusan.jsonl").read_text("utf-8").splitlines()


def test_decisions_are_numbered_and_bound_to_each_other(chain: Path) -> None:
    read = d.read_chain(chain)
    assert [each.seq for each in read] == [1, 2, 3]
    assert read[0].prev_hash == d.START
    assert [each.prev_hash for each in read[1:]] == [each.hash for each in read[:-1]]
    assert read[2].subjects == ("a", "b"), "subjects are put in order"
    assert d.head(read) == (3, read[2].hash)


def test_no_decision_is_no_table(tmp_path: Path) -> None:
    assert d.read_chain(tmp_path / "nothing") == ()
    assert d.as_table(()) is None
    assert d.head(()) == (0, d.START)


def test_decisions_as_a_table(chain: Path) -> None:
    table = d.as_table(d.read_chain(chain))
    assert table is not None
    rows = table.order_by("seq").to_pyarrow().to_pylist()
    assert [(r["kind"], r["row_key_a"], r["row_key_b"], r["value"]) for r in rows] == [
        ("same", "a", "b", None),
        ("strike_off", "c", None, "family"),
        ("different", "a", "b", None),
    ]


def changed(text: str, **fields: Any) -> str:
    return json.dumps({**json.loads(text), **fields})


@pytest.mark.parametrize(
    ("tamper", "where", "why"),
    [
        pytest.param(lambda t: [t[0], changed(t[1], kind="keep"), t[2]], ":2", "isi", id="a field changed"),
        pytest.param(lambda t: [t[0], changed(t[1], by="lain"), t[2]], ":2", "isi", id="another signature"),
        pytest.param(lambda t: [t[0], t[2]], ":2", "urutan", id="a line dropped"),
        pytest.param(lambda t: [t[1], t[0], t[2]], ":1", "urutan", id="lines swapped"),
        pytest.param(lambda t: [t[0], changed(t[2], seq=2)], ":2", "rantai", id="a line dropped, renumbered"),
        pytest.param(lambda t: [t[0], "{", t[2]], ":2", "bentuk", id="a broken line"),
        pytest.param(lambda t: [t[0], changed(t[1], more=1), t[2]], ":2", "bentuk", id="a field added"),
        pytest.param(lambda t: [*t, t[2]], ":4", "urutan", id="a line repeated"),
    ],
)
def test_the_first_line_that_does_not_hold_is_named(
    chain: Path, tamper: Callable[[list[str]], list[str]], where: str, why: str
) -> None:
    (chain / "keputusan.jsonl").write_text("\n".join(tamper(lines(chain))) + "\n", encoding="utf-8")
    with pytest.raises(RantangError) as broken:
        d.read_chain(chain)
    assert broken.value.code == "KEPUTUSAN-RUSAK"
    assert broken.value.values == {"line": f"keputusan.jsonl{where}", "why": why}
    with pytest.raises(RantangError, match="KEPUTUSAN-RUSAK"):
        decide(chain)


def test_a_chain_cut_off_at_its_end_shows_in_the_head_kept_elsewhere(chain: Path) -> None:
    kept = d.head(d.read_chain(chain))
    (chain / "keputusan.jsonl").write_text("\n".join(lines(chain)[:2]) + "\n", encoding="utf-8")
    assert d.head(d.read_chain(chain)) != kept


def test_the_chain_runs_on_over_files(chain: Path) -> None:
    (chain / "keputusan.jsonl").rename(chain / "zz-2022.jsonl")
    assert decide(chain, "keep", ("c",)).seq == 4
    assert [each.seq for each in d.read_chain(chain)] == [1, 2, 3, 4]


def test_the_chain_holds_no_words_and_the_reason_can_be_forgotten(chain: Path) -> None:
    second = d.read_chain(chain)[1]
    on_disk = b"".join(file.read_bytes() for file in chain.rglob("*") if file.is_file())
    assert b"Siti" not in on_disk
    assert d.read_reason(chain, second, KEYS) == "pindah ke Batu, kata Bu Siti"
    with pytest.raises(RantangError, match="KUNCI-LAIN"):
        d.read_reason(chain, second, Keys(bytes(32)))
    d.forget_reason(chain, second)
    assert d.read_reason(chain, second, KEYS) is None
    assert len(d.read_chain(chain)) == 3


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"kind": "hapus"}, "KEPUTUSAN-JENIS"),
        ({"rows": ("a",)}, "KEPUTUSAN-BARIS"),
        ({"rows": ("a", "a")}, "KEPUTUSAN-BARIS"),
        ({"kind": "keep", "rows": ("a", "b")}, "KEPUTUSAN-BARIS"),
        ({"rows": ("a", "SITI AMINAH")}, "KEPUTUSAN-BARIS"),
        ({"value": "Siti Aminah"}, "KEPUTUSAN-NILAI"),
        ({"by": " "}, "KEPUTUSAN-SIAPA"),
        ({"role": ""}, "KEPUTUSAN-SIAPA"),
    ],
)
def test_what_is_no_decision_is_refused_and_nothing_is_written(tmp_path: Path, said: Any, code: str) -> None:
    with pytest.raises(RantangError, match=code):
        decide(tmp_path, **said)
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_make_one_chain(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda number: decide(tmp_path, "keep", (f"r{number}",)), range(12)))
    assert {each.subjects[0] for each in d.read_chain(tmp_path)} == {f"r{number}" for number in range(12)}
