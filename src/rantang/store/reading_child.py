"""The child's side of `store.reading`: open a file, read it, answer in Arrow."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final

import polars as pl

from rantang.intake.findings import found
from rantang.intake.harvest import Harvest, SheetReport, harvest
from rantang.intake.read import read_bytes
from rantang.intake.sheets import RawSheet, ReadFile

CPU_SECONDS: Final = 120  # for each file
ADDRESS_SPACE: Final = 16 * 2**30  # Polars reserves far more than it uses; what it uses the parent watches
_SIZE: Final = 8


def serve() -> None:
    """Answer questions from standard input until it closes."""
    source, target = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints does not get between the answers
    _limit()
    while True:
        try:
            question, given = receive(source)
        except EOFError:
            return
        _limit_time()
        send(target, *_answer(question, given))


def _limit() -> None:
    """Set limits where the system has them."""
    try:
        import resource  # noqa: PLC0415  (not on Windows: there the parent watches alone)
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _limit_time() -> None:
    try:
        import resource  # noqa: PLC0415
    except ImportError:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _answer(question: Mapping[str, Any], given: Sequence[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    name = str(question["name"])
    data = given[0] if given else _open(Path(question["path"]))
    try:
        file = read_bytes(data, name)
        if question["mode"] == "sheets":
            return pack_file(file)
        taken = harvest(file, question.get("kind"), question.get("mapping"))
    except (Exception, pl.exceptions.PanicException) as fault:  # whatever a file does to a reader
        file = ReadFile(name, _hash(data), len(data))
        file.findings.append(found("BERKAS-HENTI", why=type(fault).__name__))
        if question["mode"] == "sheets":
            return pack_file(file)
        taken = no_harvest(question.get("kind"), file.findings)
    return pack_harvest(file, taken)


def _hash(data: bytes) -> str:
    import hashlib  # noqa: PLC0415

    return hashlib.sha256(data).hexdigest()


def _open(path: Path) -> bytes:
    """Read a regular file; a pipe that took its place meanwhile does not hold us."""
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
            return b""
        return stream.read()


def send(pipe: IO[bytes], meta: Mapping[str, Any], frames: Sequence[bytes]) -> None:
    """Write one message: its facts as JSON, then frames of bytes."""
    head = json.dumps({**meta, "frames": [len(frame) for frame in frames]}).encode()
    pipe.write(len(head).to_bytes(_SIZE, "little"))
    pipe.write(head)
    for frame in frames:
        pipe.write(frame)
    pipe.flush()


def receive(pipe: IO[bytes]) -> tuple[dict[str, Any], list[bytes]]:
    """Read one message.

    Raises
    ------
    EOFError
        The other side has closed the pipe.
    """
    head = json.loads(_exactly(pipe, int.from_bytes(_exactly(pipe, _SIZE), "little")))
    return head, [_exactly(pipe, size) for size in head.pop("frames")]


def _exactly(pipe: IO[bytes], size: int) -> bytes:
    data = pipe.read(size)
    if len(data) < size:
        raise EOFError
    return data


def _to_bytes(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_ipc(buffer, compression="uncompressed")
    return buffer.getvalue()


def _from_bytes(data: bytes) -> pl.DataFrame:
    return pl.read_ipc(io.BytesIO(data))


def pack_harvest(file: ReadFile, taken: Harvest) -> tuple[dict[str, Any], list[bytes]]:
    """Turn a harvest into a message."""
    meta = {
        "sha256": file.sha256, "size": file.size, "format": file.format, "facts": dict(file.facts),
        "readable": file.readable, "kind": taken.kind, "unread": taken.unread, "findings": taken.findings,
        "sheets": [vars(sheet) for sheet in taken.sheets],
        "headers": [[*key, header] for key, header in taken.headers.items()],
    }  # fmt: skip
    return meta, [_to_bytes(taken.raw)]


def unpack_harvest(meta: Mapping[str, Any], frames: Sequence[bytes]) -> Harvest:
    """Turn a message back into a harvest."""
    return Harvest(
        kind=meta["kind"],
        raw=_from_bytes(frames[0]) if frames else pl.DataFrame(),
        sheets=[SheetReport(**sheet) for sheet in meta["sheets"]],
        headers={(sheet, name): header for sheet, name, header in meta["headers"]},
        unread=meta["unread"],
        findings=meta["findings"],
    )


def no_harvest(kind: str | None, findings: Sequence[Mapping[str, Any]]) -> Harvest:
    """Return the harvest of a file that could not be read."""
    return Harvest(kind=kind, raw=pl.DataFrame(), findings=[dict(finding) for finding in findings])


def pack_file(file: ReadFile) -> tuple[dict[str, Any], list[bytes]]:
    """Turn a file's sheets into a message."""
    meta = {
        "name": file.name, "sha256": file.sha256, "size": file.size, "format": file.format,
        "facts": dict(file.facts), "findings": file.findings,
        "sheets": [
            {"name": sheet.name, "first_row": sheet.first_row, "hidden": sheet.hidden,
             "date_1904": sheet.date_1904, "findings": sheet.findings}
            for sheet in file.sheets
        ],
    }  # fmt: skip
    return meta, [_to_bytes(sheet.frame) for sheet in file.sheets]


def unpack_file(meta: Mapping[str, Any], frames: Sequence[bytes]) -> ReadFile:
    """Turn a message back into a file's sheets."""
    sheets = [
        RawSheet(frame=_from_bytes(data), **sheet) for sheet, data in zip(meta["sheets"], frames, strict=True)
    ]
    return ReadFile(
        meta["name"],
        meta["sha256"],
        meta["size"],
        meta["format"],
        sheets,
        list(meta["findings"]),
        meta["facts"],
    )
