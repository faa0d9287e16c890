"""Damages one file of an archive's index at a time, and asks.

    python bench/truncation.py --times 20 --seed 7 [--store] [--at DIR]

Each time a file of the index folder is drawn, and cut off at a random byte or given other bytes
at a random place (each in half of the times). A new process then asks a question. It must answer
as before, since what is damaged is made again from the store. `--store` draws from the store's
files too: they are only cut, as SQLite has no sums to tell other bytes by, and one clear line is
as good as an answer. A process that dies of a signal, a traceback or another answer is a fault.
Exit status 1 if there is any.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from rag import bundle
from rag.archive import open_archive
from rag.settings import Settings

_QUESTION = "How large is the Vostochny Cosmodrome?"
_FACT = "551.5"
_MENDABLE = 2
_LONGEST_LINE = 400
_MOST_BYTES = 64
_STORE = "store.sqlite3"
# Held by whoever writes; it says nothing.
_PASSING = "write.lock"
# On a machine that does nothing else it takes three.
_PATIENCE_SECONDS = 600


def main() -> int:
    """Print a line a time and the counts; 1 if there is anything to mend."""
    arguments = _arguments()
    if arguments.at:
        arguments.at.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=arguments.at) as name:
        folder = Path(name)
        with open_archive(folder / "whole", Settings()) as archive:
            archive.ingest(bundle.folder("seeds"))
        die = random.Random(arguments.seed)
        outcomes: Counter[str] = Counter()
        for number in range(1, arguments.times + 1):
            index = Path(shutil.copytree(folder / "whole", folder / f"index{number}"))
            path, damaged = _damaged(index, die, store=arguments.store)
            outcome = _asked(index)
            if outcome == "one line" and path.parent != index:
                outcome = "not made again"
            outcomes[outcome] += 1
            print(f"{number}: {damaged}: {outcome}", flush=True)
            shutil.rmtree(index)
    print(", ".join(f"{count} {outcome}" for outcome, count in sorted(outcomes.items())))
    return 0 if set(outcomes) <= {"answered", "one line"} else 1


def _damaged(index: Path, die: random.Random, *, store: bool) -> tuple[Path, str]:
    """Damage a file, and say which and how."""
    files = [path for path in sorted(index.rglob("*")) if path.is_file() and path.name != _PASSING]
    files = [path for path in files if path.stat().st_size]
    path = die.choice([each for each in files if store or not each.name.startswith(_STORE)])
    size, at = path.stat().st_size, die.randrange(path.stat().st_size)
    name = path.relative_to(index)
    if path.name.startswith(_STORE) or die.random() < 0.5:
        os.truncate(path, at)
        return path, f"{name} cut at {at} of {size}"
    with path.open("r+b") as file:
        file.seek(at)
        before = file.read(die.randint(1, _MOST_BYTES))
        file.seek(at)
        file.write(bytes(byte ^ die.randint(1, 255) for byte in before))
    return path, f"{name} has {len(before)} other bytes at {at} of {size}"


def _asked(index: Path) -> str:
    """What a new process makes of it."""
    ran = subprocess.run(
        [sys.executable, "-m", "rag", "ask", _QUESTION, "--index", str(index)],
        capture_output=True,
        text=True,
        timeout=_PATIENCE_SECONDS,
        cwd=Path(__file__).resolve().parents[1],
    )
    if ran.returncode < 0:
        return f"died of signal {-ran.returncode}"
    if "Traceback" in ran.stderr:
        return "traceback"
    if ran.returncode == 0:
        return "answered" if _FACT in ran.stdout else "another answer"
    lines = ran.stderr.splitlines()
    clear = ran.returncode == _MENDABLE and len(lines) == 1 and len(lines[0]) <= _LONGEST_LINE
    return "one line" if clear else f"status {ran.returncode} and {len(lines)} lines"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--store", action="store_true", help="the store's file may be drawn too")
    parser.add_argument("--at", type=Path, help="the folder to work in; default a temporary one")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
