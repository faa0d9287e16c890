"""Opens an index in a process of its own: a damaged one can bring the process down.

python -m rag.upkeep.probe, with the pickled folder and settings on standard input; it prints two
numbers.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from rag.errors import DatelineError
from rag.settings import Settings

# Longer than opening a million passages on a slow disk takes.
_PATIENCE_SECONDS = 600


@dataclass(frozen=True, slots=True)
class Probed:
    """How many passages the words and the vectors of an index hold."""

    words: int
    vectors: int


def probed(folder: Path, settings: Settings) -> Probed | str:
    """What the index of a folder holds, asked in another process; why it cannot be told."""
    try:
        ran = subprocess.run(
            [sys.executable, "-m", "rag.upkeep.probe"],
            input=pickle.dumps((folder, settings)),
            capture_output=True,
            timeout=_PATIENCE_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"it does not open ({error})"
    if ran.returncode < 0:
        return f"opening it ends the process by signal {-ran.returncode}"
    said = ran.stdout.decode(errors="replace").split()
    if ran.returncode or len(said) != 2:
        lines = ran.stderr.decode(errors="replace").strip().splitlines()
        return lines[-1] if lines else "it does not open"
    return Probed(int(said[0]), int(said[1]))


def main() -> None:
    """Open, count, search once, tell."""
    from rag.wiring import assemble

    folder, settings = pickle.loads(sys.stdin.buffer.read())
    parts = assemble(folder, settings)
    try:
        found = parts.index.current()
        print(found.words.count(), found.vectors.count())
    except DatelineError as error:
        sys.exit(str(error))
    finally:
        parts.index.close()
        parts.store.close()


if __name__ == "__main__":
    main()
