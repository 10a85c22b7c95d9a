"""Keys and ciphertext: nothing of a number lies open, and nothing can be changed unseen."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rantang.errors import RantangError
from rantang.store import secrets as s
from rantang.store.secrets import Keys
from rantang.tables.declare import Column, Table

KEYS = Keys(bytes(range(32)))
OTHER = Keys(bytes(32))
NIK = "3573014101809001"
PEOPLE = Table(
    "people",
    "one person",
    ("id",),
    (Column("id", "string", "Id"), Column("nik", "string", "NIK", secret=True), Column("n", "int64", "N")),
)


@pytest.fixture(autouse=True)
def no_key_of_ours(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(s.ENVIRONMENT, raising=False)
    monkeypatch.setenv(s.ENVIRONMENT_FILE, str(tmp_path / "keys" / "key"))


@given(st.lists(st.none() | st.text(max_size=40), max_size=30))
def test_what_is_encrypted_comes_back(values: list[str | None]) -> None:
    hidden = s.encrypt_values(pa.array(values, pa.string()), KEYS)
    assert s.decrypt_values(hidden, KEYS).to_pylist() == values


def test_equal_numbers_have_equal_ciphertext_and_others_have_not() -> None:
    one, two, other = s.encrypt_values(pa.array([NIK, NIK, NIK[:-1] + "2"]), KEYS).to_pylist()
    assert one == two != other
    assert s.encrypt_value(NIK, KEYS) == one
    assert s.encrypt_value(NIK, OTHER) != one
    assert NIK[:6] not in one


def test_chunks_of_a_column_do_not_matter() -> None:
    chunked = pa.chunked_array([["a", None], [], ["a", "b"]], pa.string())
    assert s.decrypt_values(s.encrypt_values(chunked, KEYS), KEYS).to_pylist() == ["a", None, "a", "b"]
    assert s.encrypt_values(pa.chunked_array([], pa.string()), KEYS).to_pylist() == []


@pytest.mark.parametrize(
    "change", [lambda t: t[:-2] + ("A" if t[-2] != "A" else "B") + t[-1], lambda _: "x", lambda t: t[4:]]
)
def test_changed_ciphertext_is_refused(change) -> None:
    with pytest.raises(RantangError) as refused:
        s.decrypt_value(change(s.encrypt_value(NIK, KEYS)), KEYS)
    assert refused.value.code == "KUNCI-LAIN"


def test_another_key_opens_nothing() -> None:
    with pytest.raises(RantangError, match="KUNCI-LAIN"):
        s.decrypt_value(s.encrypt_value(NIK, KEYS), OTHER)


def test_a_mask_shows_neither_birth_date_nor_a_short_value() -> None:
    masks = s.mask_values(pa.array([NIK, "0811", None])).to_pylist()
    assert masks == ["3573••••••••••01", "••••", None]


def test_a_table_on_disk_has_ciphertext_and_mask_in_place_of_the_number() -> None:
    rows = pa.table({"id": ["a", "b"], "nik": [NIK, None], "n": [1, 2]})
    safe = s.hide(rows, PEOPLE, KEYS)
    assert safe.column_names == ["id", "nik", "nik_masked", "n"] == list(s.hidden(PEOPLE).names)
    assert NIK not in str(safe.to_pylist())
    assert s.reveal(safe, PEOPLE, KEYS).equals(rows)


def test_keys_never_show_themselves() -> None:
    assert repr(KEYS) == f"Keys(fingerprint='{KEYS.fingerprint}', published=False)"
    assert len({KEYS.fingerprint, KEYS.row_key.hex()[:16], OTHER.fingerprint}) == 3


# --- files


@given(st.lists(st.binary(max_size=2000), max_size=5))
def test_a_sealed_file_gives_its_bytes_back(tmp_path_factory, chunks: list[bytes]) -> None:
    path = tmp_path_factory.mktemp("sealed") / "file"
    s.seal(path, chunks, KEYS)
    assert b"".join(s.unseal(path, KEYS)) == b"".join(chunks)


@pytest.fixture
def sealed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(s, "_CHUNK", 64)
    path = tmp_path / "file"
    s.seal(path, [NIK.encode() * 20], KEYS)
    return path


def test_a_sealed_file_tells_nothing_and_is_its_owners_alone(sealed: Path) -> None:
    assert NIK.encode() not in sealed.read_bytes()
    if os.name == "posix":
        assert stat.S_IMODE(sealed.stat().st_mode) == 0o600
    assert [each.name for each in sealed.parent.iterdir()] == [sealed.name]


def test_sealing_twice_is_never_the_same_file(sealed: Path) -> None:
    before = sealed.read_bytes()
    s.seal(sealed, [NIK.encode() * 20], KEYS)
    assert sealed.read_bytes() != before


LENGTH = 64 + 16 + 4  # a chunk, its tag, its length


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda b: b[:30] + bytes([b[30] ^ 1]) + b[31:], id="one bit"),
        pytest.param(lambda b: b[:-10], id="cut off inside a chunk"),
        pytest.param(lambda b: b[: 20 + 2 * LENGTH], id="cut off between chunks"),
        pytest.param(lambda b: b[:20] + b[20 + LENGTH :], id="first chunk dropped"),
        pytest.param(
            lambda b: b[:20] + b[20 + LENGTH : 20 + 2 * LENGTH] + b[20 : 20 + LENGTH] + b[20 + 2 * LENGTH :],
            id="chunks swapped",
        ),
        pytest.param(lambda _: b"", id="empty"),
        pytest.param(lambda b: b"XXXX" + b[4:], id="another kind of file"),
    ],
)
def test_a_sealed_file_that_was_changed_is_refused(sealed: Path, change) -> None:
    sealed.write_bytes(change(sealed.read_bytes()))
    with pytest.raises(RantangError, match="KUNCI-LAIN"):
        list(s.unseal(sealed, KEYS))


def test_a_file_is_sealed_whole_or_not_at_all(tmp_path: Path) -> None:
    def breaks():
        yield b"half"
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        s.seal(tmp_path / "file", breaks(), KEYS)
    assert list(tmp_path.iterdir()) == []


# --- where the key comes from


def test_a_key_is_made_once_outside_the_workspace_for_its_owner_alone() -> None:
    first = s.find_keys(synthetic=False)
    assert s.find_keys(synthetic=False) == first
    assert not first.published
    if os.name == "posix":
        assert stat.S_IMODE(s.key_path().stat().st_mode) == 0o600


def test_of_two_commands_that_make_the_first_key_one_takes_the_other_s(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "key"
    assert s._made(path) == s._made(path) == s._read(path)


def test_a_key_that_others_may_read_is_refused() -> None:
    s.find_keys(synthetic=False)
    s.key_path().chmod(0o644)
    with pytest.raises(RantangError, match="KUNCI-TERBUKA"):
        s.find_keys(synthetic=False)


def test_the_published_key_is_refused_where_people_are_real(monkeypatch: pytest.MonkeyPatch) -> None:
    import base64

    assert s.find_keys(synthetic=True).master == s.PUBLISHED
    monkeypatch.setenv(s.ENVIRONMENT, base64.b64encode(s.PUBLISHED).decode())
    with pytest.raises(RantangError, match="KUNCI-TERBIT"):
        s.find_keys(synthetic=False)


def test_a_synthetic_city_never_uses_a_private_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(s.ENVIRONMENT, "A" * 43 + "=")
    assert s.find_keys(synthetic=True).published


@pytest.mark.parametrize("text", ["", "short", "ä", "A" * 44])
def test_what_is_no_key_is_refused(text: str) -> None:
    s.key_path().parent.mkdir(parents=True, exist_ok=True)
    s.key_path().write_text(text, encoding="utf-8")
    s.key_path().chmod(0o600)
    with pytest.raises(RantangError, match="KUNCI-BENTUK"):
        s.find_keys(synthetic=False)
