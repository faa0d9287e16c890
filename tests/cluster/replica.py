"""A replica of the service as a process of its own, told over a pipe what to do.

python replica.py INDEX, with the store and the Chroma server in the environment
"""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from rag.archive import Archive, open_archive
from rag.errors import DatelineError


class Replica:
    """The process; `do` waits for what it says."""

    def __init__(self, index: Path, **settings: str) -> None:
        here = Path(__file__).parent.parent
        paths = os.pathsep.join([str(here), str(here.parent), os.environ.get("PYTHONPATH", "")])
        self._process = subprocess.Popen(
            [sys.executable, __file__, str(index)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": paths, **settings},
        )
        assert self.heard() == "open"

    def do(self, verb: str, argument: str = "") -> Any:
        """What came of `ask QUESTION`, `ingest PATH`, `hold` or `let go`; an error as its name."""
        self.begin(verb, argument)
        return self.heard()

    def begin(self, verb: str, argument: str = "") -> None:
        """Tell it, without waiting."""
        assert self._process.stdin is not None
        print(verb, argument, sep="\t", file=self._process.stdin, flush=True)

    def heard(self) -> Any:
        """The next thing it says."""
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())

    def has_said(self) -> bool:
        """Whether it has said something that was not heard yet."""
        assert self._process.stdout is not None
        return bool(select.select([self._process.stdout.fileno()], [], [], 0)[0])

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate()


def _done(archive: Archive, verb: str, argument: str, free: threading.Event) -> str | int:
    if verb == "ask":
        return archive.ask(argument).text
    if verb == "ingest":
        return archive.ingest(argument).added
    if verb == "hold":
        free.clear()
        held = threading.Event()

        def hold() -> None:
            with archive._parts.index.writing():
                held.set()
                free.wait()

        threading.Thread(target=hold, daemon=True).start()
        return "held" if held.wait(30) else "busy"
    free.set()
    return "let go"


def main(index: Path) -> None:
    """Do what is told line by line."""
    free = threading.Event()
    with open_archive(index) as archive:
        print(json.dumps("open"), flush=True)
        for line in sys.stdin:
            verb, _, argument = line.rstrip("\n").partition("\t")
            try:
                said = _done(archive, verb, argument, free)
            except DatelineError as error:
                said = f"{type(error).__name__}: {error}"
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
