"""Keys and ciphertext: what of a person's numbers may lie on a disk.

In every table on disk a NIK, KK or telephone number exists only as AES-SIV ciphertext beside a
mask. AES-SIV is deterministic: equal numbers have equal ciphertext, so joins and content hashes
work without the key, and nothing else is told. Hashing would protect nothing: all plausible NIK of
a city fall in seconds (they are dates and serials).

Files that only Rantang reads (deliveries, the stage cache) are sealed whole with AES-GCM.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import secrets
import stat
import struct
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from rantang.errors import RantangError
from rantang.store.writing import whole
from rantang.tables.declare import Column, Table

KEY_BYTES: Final = 32
PUBLISHED: Final = hashlib.sha256(b"rantang: the published key of synthetic cities").digest()
"""The key of synthetic cities. It is in the source: whatever it seals, everybody can read."""

ENVIRONMENT: Final = "RANTANG_KEY"
ENVIRONMENT_FILE: Final = "RANTANG_KEY_FILE"
MASKED: Final = "_masked"

_MAGIC: Final = b"RTG1"
_SALT: Final = 16
_CHUNK: Final = 16 * 2**20


@dataclass(frozen=True)
class Keys:
    """A workspace's keys, all derived from one.

    Attributes
    ----------
    fingerprint
        Names the key without telling it; the workspace remembers it, so that a wrong key is refused.
    published
        The key is the one of synthetic cities.
    """

    master: bytes
    published: bool = False

    def __repr__(self) -> str:
        return f"Keys(fingerprint={self.fingerprint!r}, published={self.published})"

    @property
    def fingerprint(self) -> str:
        """First 16 hex digits of a value derived from the key."""
        return self._derived("fingerprint", 8).hex()

    @property
    def row_key(self) -> bytes:
        """Key of the HMAC that names rows."""
        return self._derived("row key", 32)

    @property
    def values(self) -> AESSIV:
        """Cipher of single values."""
        return AESSIV(self._derived("values", 64))

    def of_file(self, salt: bytes) -> AESGCM:
        """Cipher of one whole file: each has its own key."""
        return AESGCM(self._derived("file", 32, salt))

    def _derived(self, purpose: str, length: int, salt: bytes | None = None) -> bytes:
        info = b"rantang/1/" + purpose.encode()
        return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(self.master)


def find_keys(*, synthetic: bool, create: bool = True) -> Keys:
    """Find the key of a workspace.

    Parameters
    ----------
    synthetic
        The workspace says that it holds synthetic people only: it has the published key, whatever
        the environment says, and `store.synthetic` holds it to its word.
    create
        Make a key where there is none yet.

    Raises
    ------
    RantangError
        ``KUNCI-BENTUK`` not 32 bytes; ``KUNCI-TERBUKA`` others may read the file; ``KUNCI-TERBIT``
        the published key in a workspace of real people; ``KUNCI-TIDAK-ADA`` none, and none made.
    """
    if synthetic:
        return Keys(PUBLISHED, published=True)
    written = os.environ.get(ENVIRONMENT)
    if written:
        return _private(_decoded(written, ENVIRONMENT))
    path = key_path()
    if path.is_file():
        return _private(_read(path))
    if not create:
        raise RantangError("KUNCI-TIDAK-ADA", path=path)
    return _private(_made(path))


def key_path() -> Path:
    """Return the path of the key: ``RANTANG_KEY_FILE``, else ``~/.config/rantang/key``."""
    named = os.environ.get(ENVIRONMENT_FILE)
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "rantang" / "key"


def _private(master: bytes) -> Keys:
    if master == PUBLISHED:
        raise RantangError("KUNCI-TERBIT")
    return Keys(master)


def _made(path: Path) -> bytes:
    master = secrets.token_bytes(KEY_BYTES)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:  # another command has made one since we looked
        return _read(path)
    with os.fdopen(handle, "w", encoding="ascii", newline="\n") as stream:
        stream.write(base64.b64encode(master).decode() + "\n")
    return master


def _read(path: Path) -> bytes:
    _only_mine(path)
    return _decoded(path.read_text("ascii", errors="replace"), str(path))


def _decoded(text: str, where: str) -> bytes:
    try:
        master = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        master = b""
    if len(master) != KEY_BYTES:
        raise RantangError("KUNCI-BENTUK", where=where)
    return master


def _only_mine(path: Path) -> None:
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise RantangError("KUNCI-TERBUKA", path=path)


# --- single values ----------------------------------------------------------------------------


def encrypt_values(values: pa.Array | pa.ChunkedArray, keys: Keys) -> pa.Array:
    """Encrypt a column of texts; null stays null, equal values have equal ciphertext."""
    return _each(values, _encryptor(keys))


def decrypt_values(values: pa.Array | pa.ChunkedArray, keys: Keys) -> pa.Array:
    """Decrypt a column that `encrypt_values` made.

    Raises
    ------
    RantangError
        ``KUNCI-LAIN``: another key encrypted it, or it was changed.
    """
    return _each(values, _decryptor(keys))


def encrypt_value(value: str, keys: Keys) -> str:
    """Encrypt one text, for a search or a decision."""
    return _encryptor(keys)(value)


def decrypt_value(text: str, keys: Keys) -> str:
    """Undo `encrypt_value`."""
    return _decryptor(keys)(text)


def _decryptor(keys: Keys) -> Callable[[str], str]:
    cipher = keys.values

    def back(text: str) -> str:
        try:
            return cipher.decrypt(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), None).decode()
        except (InvalidTag, binascii.Error, ValueError) as wrong:
            raise RantangError("KUNCI-LAIN") from wrong

    return back


def _encryptor(keys: Keys) -> Callable[[str], str]:
    cipher = keys.values

    def forth(text: str) -> str:
        return base64.urlsafe_b64encode(cipher.encrypt(text.encode(), None)).rstrip(b"=").decode()

    return forth


def _each(values: pa.Array | pa.ChunkedArray, change: Callable[[str], str]) -> pa.Array:
    """Change each distinct value once."""
    joined = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if isinstance(joined, pa.ChunkedArray):  # pyarrow gives a chunked array back where there is no chunk
        joined = pa.concat_arrays(joined.chunks) if joined.num_chunks else pa.array([], pa.string())
    coded = joined.cast(pa.string()).dictionary_encode()
    changed = pa.array([change(text) for text in coded.dictionary.to_pylist()], pa.string())
    return changed.take(coded.indices)


def mask_values(values: pa.Array | pa.ChunkedArray) -> pa.Array:
    """Mask a column: the first 4 and last 2 characters stay, nothing of a value under 12."""
    text = values.cast(pa.string())
    long = pc.binary_join_element_wise(
        pc.utf8_slice_codeunits(text, 0, 4), pc.utf8_slice_codeunits(text, -2), "••••••••••"
    )
    short = pc.if_else(pc.is_valid(text), pa.scalar("••••"), pa.scalar(None, pa.string()))
    return pc.if_else(pc.greater_equal(pc.utf8_length(text), 12), long, short)


def hide(rows: pa.Table, table: Table, keys: Keys) -> pa.Table:
    """Put ciphertext and mask in place of every secret column of a declared table."""
    for name in table.secrets:
        place = rows.schema.get_field_index(name)
        clear = rows.column(name)
        rows = rows.set_column(place, name, encrypt_values(clear, keys))
        rows = rows.add_column(place + 1, name + MASKED, mask_values(clear))
    return rows


def reveal(rows: pa.Table, table: Table, keys: Keys) -> pa.Table:
    """Undo `hide`."""
    for name in table.secrets:
        place = rows.schema.get_field_index(name)
        rows = rows.set_column(place, name, decrypt_values(rows.column(name), keys))
        rows = rows.drop_columns([name + MASKED])
    return rows


def hidden(table: Table) -> Table:
    """Return the declaration of a table as it lies on disk."""
    columns: list[Column] = []
    for column in table.columns:
        columns.append(column)
        if column.secret:
            columns.append(Column(column.name + MASKED, "string", f"{column.meaning}, masked"))
    return Table(table.name, table.row, table.key, tuple(columns))


# --- whole files ------------------------------------------------------------------------------


def seal(path: Path, chunks: Iterable[bytes], keys: Keys) -> None:
    """Write a sealed file, whole or not at all.

    Each chunk is sealed under its number and whether it is the last, so chunks cannot be dropped,
    swapped or cut off unseen.
    """
    salt = secrets.token_bytes(_SALT)
    cipher = keys.of_file(salt)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with whole(path) as half, half.open("wb") as stream:
        stream.write(_MAGIC + salt)
        for number, (chunk, last) in enumerate(_with_last(_even(chunks))):
            sealed = cipher.encrypt(_nonce(number, last), chunk, _MAGIC)
            stream.write(struct.pack(">I", len(sealed)) + sealed)


def unseal(path: Path, keys: Keys) -> Iterator[bytes]:
    """Read a sealed file chunk by chunk.

    Raises
    ------
    RantangError
        ``KUNCI-LAIN``: another key sealed it, or it was changed or cut off.
    """
    with path.open("rb") as stream:
        head, length = stream.read(len(_MAGIC) + _SALT), stream.read(4)
        if head[: len(_MAGIC)] != _MAGIC or len(length) != 4:
            raise RantangError("KUNCI-LAIN")
        cipher, number = keys.of_file(head[len(_MAGIC) :]), 0
        while length:
            sealed = stream.read(struct.unpack(">I", length)[0]) if len(length) == 4 else b""
            length = stream.read(4)
            try:
                yield cipher.decrypt(_nonce(number, not length), sealed, _MAGIC)
            except (InvalidTag, ValueError) as wrong:
                raise RantangError("KUNCI-LAIN") from wrong
            number += 1


def _nonce(number: int, last: bool) -> bytes:
    return struct.pack(">QI", number, last)


def _even(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for place in range(0, len(chunk), _CHUNK):
            yield bytes(chunk[place : place + _CHUNK])


def _with_last(chunks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    before = next(chunks, b"")
    for chunk in chunks:
        yield before, False
        before = chunk
    yield before, True
