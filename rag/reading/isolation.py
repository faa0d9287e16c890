"""Reading in a process of its own, with limits: a damaged file may hang, swell or kill a library.

The child lives as long as files keep coming. One that gives no sign for `PATIENCE` seconds is
ended, one that needs more than `MEMORY` bytes is told so, one that dies takes only its file along.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import functools
import json
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import IO, Any

from rag.errors import ReadError
from rag.reading.border import Reader, guarded
from rag.reading.file import File
from rag.reading.record import Reading

# A long book as PDF takes ten seconds on a slow machine.
PATIENCE = 60.0
# The whole ingest shall stay under 1 GiB.
MEMORY = 768 * 2**20

_START = (
    "import sys; sys.path.append(sys.argv[1]); from rag.reading.isolation import serve; serve()"
)


def isolated(reader: Reader) -> Reader:
    """The reader, run in the child. It must be a function of a module of this package."""
    place = f"{reader.__module__}:{reader.__qualname__}"

    def read(file: File) -> Iterator[Reading | ReadError]:
        return _crew().readings(place, file)

    return read


@functools.cache
def _crew() -> _Crew:
    crew = _Crew()
    atexit.register(crew.end)
    return crew


class _Crew:
    """The children that wait for a file: one, unless several files are read at the same time."""

    def __init__(self) -> None:
        self._idle: list[_Worker] = []

    def readings(self, place: str, file: File) -> Iterator[Reading | ReadError]:
        """What the reader at `place` gives for the file, as it gives it."""
        try:
            worker = self._idle.pop()
        except IndexError:
            worker = _Worker()
        try:
            yield from worker.readings(place, file)
        finally:
            self._idle.append(worker)

    def end(self) -> None:
        while self._idle:
            self._idle.pop().end()


class _Worker:
    """A child and the pipes to it; started when first needed, again after it died."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    def readings(self, place: str, file: File) -> Iterator[Reading | ReadError]:
        data = None if file.path else file.data()
        finished = False
        try:
            child = self._ask(place, file, data)
            while (answer := self._answer(child, file)) is not None:
                yield answer
            finished = True
        except ReadError as error:
            yield error
        except (BrokenPipeError, EOFError):
            yield ReadError(f"{file.name}: cannot be read: it is damaged (its reader died)")
        finally:
            # Half an answer may still lie in the pipe.
            if not finished:
                self.end()

    def end(self) -> None:
        child, self._child = self._child, None
        if child:
            child.kill()
            child.wait()
            for pipe in (child.stdin, child.stdout):
                with contextlib.suppress(OSError):
                    _open(pipe).close()

    def _ask(self, place: str, file: File, data: bytes | None) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._child = _started()
        path = str(file.path.absolute()) if file.path else None
        asked = {
            "reader": place,
            "name": file.name,
            "path": path,
            "columns": dict(file.columns),
            "size": len(data or b""),
        }
        # Ended also when it never takes what it is given.
        with self._patience(self._child):
            pipe = _open(self._child.stdin)
            pipe.write(json.dumps(asked).encode() + b"\n" + (data or b""))
            pipe.flush()
        return self._child

    def _answer(self, child: subprocess.Popen[bytes], file: File) -> Reading | ReadError | None:
        """The next reading, None after the last."""
        with self._patience(child) as late:
            line = _open(child.stdout).readline()
        if not line and late.is_set():
            raise ReadError(f"{file.name}: cannot be read: it took over {PATIENCE:.0f} seconds")
        if not line:
            raise EOFError
        fields = json.loads(line)
        if fields is None:
            return None
        if "error" in fields:
            return ReadError(fields["error"])
        days = {name: _day(fields[name]) for name in ("published", "modified")}
        return Reading(**{**fields, **days})

    @contextlib.contextmanager
    def _patience(self, child: subprocess.Popen[bytes]) -> Iterator[threading.Event]:
        late = threading.Event()

        def give_up() -> None:
            late.set()
            child.kill()

        timer = threading.Timer(PATIENCE, give_up)
        timer.daemon = True
        timer.start()
        try:
            yield late
        finally:
            timer.cancel()


def _started() -> subprocess.Popen[bytes]:
    root = Path(__file__).resolve().parents[2]
    return subprocess.Popen(
        [sys.executable, "-c", _START, str(root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )


def serve() -> None:
    """The child's life: a file in, its readings out, until the parent is gone."""
    answers = sys.stdout.buffer
    # A library that prints would break the answers.
    sys.stdout = sys.stderr
    _limit_memory()
    # An interrupt is the parent's to handle; it may want to finish this file.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    source = sys.stdin.buffer
    while asked := source.readline():
        fields = json.loads(asked)
        data = source.read(fields["size"])
        _live_on()
        for found in _found(fields, data):
            answers.write(json.dumps(found).encode() + b"\n")
            answers.flush()
            _live_on()
        answers.write(b"null\n")
        answers.flush()
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _found(asked: dict[str, Any], data: bytes) -> Iterator[dict[str, Any]]:
    name, path = asked["name"], asked["path"]
    file = File.on_disk(Path(path)) if path else File.of_bytes(name, data)
    file = dataclasses.replace(file, name=name, columns=asked["columns"])
    module, _, function = asked["reader"].partition(":")
    reader: Reader = getattr(import_module(module), function)
    for found in guarded(reader)(file):
        yield _plain(found)


def _plain(found: Reading | ReadError) -> dict[str, Any]:
    if isinstance(found, ReadError):
        return {"error": str(found)}
    fields = dataclasses.asdict(found)
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in fields.items()
    }


def _day(word: str | None) -> date | None:
    return date.fromisoformat(word) if word else None


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError
    return pipe


def _live_on() -> None:
    """Put off the child's own end, which comes when a parent that died cannot end it."""
    if hasattr(signal, "alarm"):
        signal.alarm(int(PATIENCE) + 10)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows has no such limits
        return
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
