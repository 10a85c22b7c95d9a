"""What people settled: an append-only chain of decisions, each bound to the one before by its hash.

A line of ``decisions/*.jsonl`` names rows by their keys and people by their role, never by name or
NIK. The reason, in free words, lies beside the chain, sealed under a key of its own: when a person
must be forgotten that key is destroyed and the chain still holds.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import ibis
import ibis.expr.types as ir
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from rantang.errors import RantangError
from rantang.store.lock import alone
from rantang.store.secrets import Keys, decrypt_value, encrypt_value
from rantang.store.writing import private_folder

Kind = Literal["same", "different", "strike_off", "keep", "add", "correct"]
KINDS: Final[tuple[str, ...]] = get_args(Kind)
START: Final = "0" * 64
"""What the first line of the chain has as the hash before it."""

SCHEMA: Final = ibis.schema(
    {
        "seq": "int64",
        "kind": "string",
        "row_key_a": "string",
        "row_key_b": "string",
        "value": "string",
        "by": "string",
        "role": "string",
        "at": "string",
    }
)
"""Decisions as a table; `row_key_b` is null for decisions on one row."""

_PAIR: Final = frozenset({"same", "different"})
_TOKEN: Final = re.compile(r"[0-9A-Za-z_.:=-]{0,200}")
_FILE: Final = "keputusan.jsonl"
_REASONS: Final = "reasons"
_KEYS: Final = "keys"
_ONCE: Final = bytes(12)
"""The nonce of a key that seals one text only."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the chain.

    Attributes
    ----------
    seq
        Runs on from 1 over all files.
    subjects
        Row keys: two for `same` and `different`, one for the rest.
    value
        A token (`person`, `family`, a field with its value; a NIK or KK as ciphertext).
    reason
        Name of the sealed reason beside the chain; empty where none was given.
    at
        When, ISO with time zone.
    """

    seq: int
    kind: str
    subjects: tuple[str, ...]
    value: str
    reason: str
    by: str
    role: str
    at: str
    prev_hash: str
    hash: str

    def computed(self) -> str:
        """Return the hash that this line must have."""
        fields = asdict(self)
        del fields["hash"]
        text = json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


def read_chain(folder: Path) -> tuple[Decision, ...]:
    """Read the whole chain and verify it.

    Raises
    ------
    RantangError
        ``KEPUTUSAN-RUSAK``: the first line that does not hold, and why (`bentuk`, `urutan`,
        `rantai`, `isi`).
    """
    chain: list[Decision] = []
    before = START
    for where, text in _lines(folder):
        decision = _parsed(text, where)
        if decision.seq != len(chain) + 1:
            raise RantangError("KEPUTUSAN-RUSAK", line=where, why="urutan")
        if decision.prev_hash != before:
            raise RantangError("KEPUTUSAN-RUSAK", line=where, why="rantai")
        if decision.hash != decision.computed():
            raise RantangError("KEPUTUSAN-RUSAK", line=where, why="isi")
        chain.append(decision)
        before = decision.hash
    return tuple(chain)


def head(chain: Sequence[Decision]) -> tuple[int, str]:
    """Return how many decisions there are and the last hash: what a manifest says of the chain.

    A chain that was cut off at its end holds in itself; only this, kept elsewhere, shows it.
    """
    return len(chain), chain[-1].hash if chain else START


def append(
    folder: Path,
    kind: str,
    subjects: Sequence[str],
    *,
    by: str,
    role: str,
    value: str = "",
    reason: str = "",
    at: dt.datetime | None = None,
    keys: Keys,
) -> Decision:
    """Write one decision at the end of the chain.

    Parameters
    ----------
    subjects
        Row keys; they are put in order.
    value
        A token without blanks: no name, no free text.
    reason
        Free words; sealed beside the chain.

    Raises
    ------
    RantangError
        ``KEPUTUSAN-JENIS``, ``KEPUTUSAN-BARIS``, ``KEPUTUSAN-NILAI``, ``KEPUTUSAN-SIAPA``, and
        ``KEPUTUSAN-RUSAK`` when the chain before it does not hold.
    """
    _check(kind, subjects, value, by, role)
    private_folder(folder)
    with alone(folder / ".lock"):
        chain = read_chain(folder)
        number, before = head(chain)
        moment = at or dt.datetime.now(dt.UTC).replace(microsecond=0)
        decision = Decision(
            number + 1, kind, tuple(sorted(subjects)), value,
            _keep_reason(folder, reason, keys) if reason else "",
            by, role, moment.isoformat(), before, "",
        )  # fmt: skip
        decision = Decision(**{**asdict(decision), "hash": decision.computed()})
        _write(folder / _FILE, json.dumps(asdict(decision), ensure_ascii=False, sort_keys=True))
    return decision


def as_table(chain: Iterable[Decision]) -> ir.Table | None:
    """Return decisions as a table (`SCHEMA`); None where nobody decided anything."""
    rows = [
        {
            "seq": each.seq,
            "kind": each.kind,
            "row_key_a": each.subjects[0],
            "row_key_b": each.subjects[1] if len(each.subjects) > 1 else None,
            "value": each.value or None,
            "by": each.by,
            "role": each.role,
            "at": each.at,
        }
        for each in chain
    ]
    return ibis.memtable(rows, schema=SCHEMA) if rows else None


def read_reason(folder: Path, decision: Decision, keys: Keys) -> str | None:
    """Return a decision's reason; None where none was given or its key was destroyed."""
    if not decision.reason:
        return None
    sealed, locked = (folder / part / decision.reason for part in (_REASONS, _KEYS))
    if not sealed.is_file() or not locked.is_file():
        return None
    try:
        key = base64.b64decode(decrypt_value(locked.read_text("ascii").strip(), keys))
        text = AESGCM(key).decrypt(_ONCE, base64.b64decode(sealed.read_text("ascii")), None)
    except (InvalidTag, binascii.Error, ValueError) as wrong:
        raise RantangError("KUNCI-LAIN") from wrong
    return text.decode()


def forget_reason(folder: Path, decision: Decision) -> None:
    """Destroy the key of a decision's reason: the words can never be read again, the chain holds."""
    if decision.reason:
        locked = folder / _KEYS / decision.reason
        if locked.is_file():
            locked.write_bytes(secrets.token_bytes(locked.stat().st_size))
            locked.unlink()


def _check(kind: str, subjects: Sequence[str], value: str, by: str, role: str) -> None:
    if kind not in KINDS:
        raise RantangError("KEPUTUSAN-JENIS", kind=kind, kinds=", ".join(KINDS))
    wanted = 2 if kind in _PAIR else 1
    if len(set(subjects)) != wanted or not all(_TOKEN.fullmatch(key) and key for key in subjects):
        raise RantangError("KEPUTUSAN-BARIS", kind=kind, count=wanted)
    if not _TOKEN.fullmatch(value):
        raise RantangError("KEPUTUSAN-NILAI", value=value)
    if not by.strip() or not role.strip():
        raise RantangError("KEPUTUSAN-SIAPA")


def _lines(folder: Path) -> Iterator[tuple[str, str]]:
    files = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    numbered = sorted(files, key=lambda file: (_first_seq(file), file.name))
    for file in numbered:
        for number, line in enumerate(file.read_text("utf-8").splitlines(), start=1):
            if line.strip():
                yield f"{file.name}:{number}", line


def _first_seq(file: Path) -> int:
    """Return the number of a file's first decision: files follow each other by it, not by name."""
    with file.open(encoding="utf-8") as stream:
        first = next((line for line in stream if line.strip()), "")
    try:
        return int(json.loads(first)["seq"])
    except (ValueError, TypeError, KeyError):
        return 0


def _parsed(text: str, where: str) -> Decision:
    try:
        fields: dict[str, Any] = json.loads(text)
        decision = Decision(**{**fields, "subjects": tuple(fields["subjects"])})
    except (ValueError, TypeError, KeyError) as wrong:
        raise RantangError("KEPUTUSAN-RUSAK", line=where, why="bentuk") from wrong
    return decision


def _keep_reason(folder: Path, reason: str, keys: Keys) -> str:
    name, key = secrets.token_hex(12), secrets.token_bytes(32)
    sealed = base64.b64encode(AESGCM(key).encrypt(_ONCE, reason.encode(), None)).decode()
    locked = encrypt_value(base64.b64encode(key).decode(), keys)
    _write(private_folder(folder / _REASONS) / name, sealed)
    _write(private_folder(folder / _KEYS) / name, locked)
    return name


def _write(path: Path, line: str) -> None:
    """Append one line and bring it to the disk before saying that it is there."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as stream:
        stream.write(line.encode() + b"\n")
        stream.flush()
        os.fsync(stream.fileno())
