"""Read delivered files in child processes: a file that crashes a reader costs that file, not the run.

At most two children read at once. Each has limits where the system knows them (processor time, memory);
everywhere the parent watches the clock, and on Linux the memory. Only regular files are opened: a pipe
would wait for ever. What comes back is Arrow, over a pipe: no cell ever lies on disk in clear.
"""

from __future__ import annotations

import os
import queue
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final

from rantang.intake.findings import found
from rantang.intake.harvest import Harvest
from rantang.intake.sheets import ReadFile
from rantang.store import reading_child as child

WORKERS: Final = 2
SECONDS: Final = 300.0  # by the clock; processor time is limited to child.CPU_SECONDS
_GIB: Final = 2**30
MEMORY: Final = 3 * _GIB
MEMORY_PER_BYTE: Final = 8  # text files have no size limit: what they need grows with them
_WATCH: Final = 0.2
_PAGE: Final = 4096


@dataclass(frozen=True)
class Request:
    """A file to read.

    Attributes
    ----------
    name
        What findings call it: its path under `lists/`, or its file name.
    kind
        Kind of list where its place says it; else its headers decide.
    saved_mapping
        What a person settled for this agency: header as written → field name.
    content
        Gives its bytes where they do not lie open at `path`: they go to the child over its pipe.
    """

    path: Path
    name: str = ""
    kind: str | None = None
    saved_mapping: Mapping[str, str] = field(default_factory=dict)
    content: Callable[[], bytes] | None = None


@dataclass(frozen=True)
class Reading:
    """A file that was read (or not: then the harvest has no rows and a finding says why)."""

    request: Request
    sha256: str
    size: int
    format: str
    facts: Mapping[str, str]
    readable: bool
    harvest: Harvest

    @property
    def name(self) -> str:
        """What findings call the file; letters that no encoding knows become question marks."""
        return (self.request.name or self.request.path.name).encode("utf-8", "replace").decode()


def read_many(requests: Iterable[Request], workers: int = WORKERS) -> Iterator[Reading]:
    """Read lists in child processes; yields each as it is done, in no order."""
    waiting: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
    done: queue.SimpleQueue[Reading | BaseException] = queue.SimpleQueue()
    asked = 0
    for request in requests:
        waiting.put(request)
        asked += 1
    threads = [
        threading.Thread(target=_serve, args=(waiting, done), daemon=True) for _ in range(min(workers, asked))
    ]
    for _ in threads:
        waiting.put(None)
    for thread in threads:
        thread.start()
    for _ in range(asked):
        result = done.get()
        if isinstance(result, BaseException):
            raise result
        yield result
    for thread in threads:
        thread.join()


def read_list(
    path: Path, kind: str | None = None, name: str = "", saved_mapping: Mapping[str, str] | None = None
) -> Reading:
    """Read one list in a child process."""
    (reading,) = read_many([Request(path, name, kind, saved_mapping or {})], workers=1)
    return reading


def read_one(path: Path) -> ReadFile:
    """Read one file's sheets as they stand, in a child process."""
    refusal = _refuse(path)
    if refusal is not None:
        return ReadFile(path.name, "", 0, findings=[refusal])
    worker = _Worker()
    try:
        meta, frames = worker.ask({"path": str(path), "name": path.name, "mode": "sheets"}, path)
    except _StoppedError as stop:
        return ReadFile(path.name, "", path.stat().st_size, findings=[found("BERKAS-HENTI", why=stop.why)])
    finally:
        worker.end()
    return child.unpack_file(meta, frames)


def _serve(waiting: queue.SimpleQueue[Request | None], done: queue.SimpleQueue[Any]) -> None:
    worker: _Worker | None = None
    try:
        while (request := waiting.get()) is not None:
            refusal = None if request.content else _refuse(request.path)
            if refusal is not None:
                done.put(_unread(request, refusal))
                continue
            worker = worker or _Worker()
            try:
                done.put(_read(worker, request))
            except _StoppedError as stop:
                worker.end()
                worker = None
                done.put(_unread(request, found("BERKAS-HENTI", why=stop.why)))
    except BaseException as fault:
        done.put(fault)
    finally:
        if worker is not None:
            worker.end()


def _read(worker: _Worker, request: Request) -> Reading:
    question = {
        "path": str(request.path), "name": request.name or request.path.name, "kind": request.kind,
        "mapping": dict(request.saved_mapping), "mode": "list",
    }  # fmt: skip
    given = [request.content()] if request.content else []
    meta, frames = worker.ask(question, request.path, given)
    harvest = child.unpack_harvest(meta, frames)
    return Reading(
        request, meta["sha256"], meta["size"], meta["format"], meta["facts"], meta["readable"], harvest
    )


def _unread(request: Request, finding: dict[str, Any]) -> Reading:
    try:
        size = request.path.stat().st_size
    except OSError:
        size = 0
    harvest = child.no_harvest(request.kind, [finding])
    return Reading(request, "", size, "", {}, False, harvest)


def _refuse(path: Path) -> dict[str, Any] | None:
    """Say why a path is not opened at all."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return found("BERKAS-TIDAK-ADA")
    except OSError as error:
        return found("BERKAS-JENIS", why=error.strerror or "?")
    if not stat.S_ISREG(mode):
        return found("BERKAS-JENIS", why="folder" if stat.S_ISDIR(mode) else "pipa atau perangkat")
    if not os.access(path, os.R_OK):
        return found("BERKAS-JENIS", why="tidak ada izin baca")
    return None


class _StoppedError(Exception):
    """The child ended without an answer."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Worker:
    """A child that reads one file after another."""

    def __init__(self) -> None:
        # -I would hide an editable install on PYTHONPATH; the child imports what this process imports.
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "POLARS_MAX_THREADS": "2",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from rantang.store.reading_child import serve; serve()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
        )  # fmt: skip
        self._why = ""

    def ask(
        self, question: Mapping[str, Any], path: Path, given: Sequence[bytes] = ()
    ) -> tuple[dict[str, Any], Sequence[bytes]]:
        """Send a question and wait for its answer.

        Parameters
        ----------
        given
            The file's bytes, where they are not to be read at `path`.

        Raises
        ------
        _StoppedError
            The child crashed, or went over a limit.
        """
        over = threading.Event()
        size = sum(map(len, given)) if given else path.stat().st_size
        limit = MEMORY + MEMORY_PER_BYTE * size
        watcher = threading.Thread(target=self._watch, args=(over, limit), daemon=True)
        watcher.start()
        try:
            child.send(_pipe(self._process.stdin), question, given)
            return child.receive(_pipe(self._process.stdout))
        except (OSError, EOFError, ValueError) as error:
            raise _StoppedError(self._why or self._exit()) from error
        finally:
            over.set()
            watcher.join()

    def _exit(self) -> str:
        try:
            code = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            return "pembaca tidak menjawab"
        return f"pembaca berhenti, kode {code}"

    def _watch(self, over: threading.Event, limit: int) -> None:
        deadline = time.monotonic() + SECONDS
        while not over.wait(_WATCH):
            if time.monotonic() > deadline:
                self._why = f"lebih dari {SECONDS:.0f} detik"
            elif _resident(self._process.pid) > limit:
                self._why = f"memori lebih dari {limit / _GIB:.0f} GiB"
            else:
                continue
            self._process.kill()
            return

    def end(self) -> None:
        """Let the child go."""
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _pipe(pipe).close()
            except OSError:
                continue
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    assert pipe is not None  # noqa: S101
    return pipe


def _resident(pid: int) -> int:
    """Return the memory a process holds, where the system tells it cheaply (Linux); else 0."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * _PAGE
    except (OSError, ValueError, IndexError):
        return 0
