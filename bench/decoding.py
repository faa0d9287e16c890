"""How many text files of known encoding are decoded as their folder says.

    python -m bench.decoding --data FOLDER [--misses]

FOLDER holds `tests/`, one folder per encoding, named for it (`windows-1250-czech`: the words after
the encoding tell the language). A file counts as right when its text is the one that the folder's
encoding gives, byte order mark and line ends aside. A file that Python cannot decode as its folder
says counts as wrong. Without --data the variable RAG_BENCH_DATA is read.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rag.errors import ReadError
from rag.reading.decoding import decoded

_ENCODING = re.compile(r"(?:iso-8859-\d+|windows-\d+)(?=-)", re.I)
_SPELLED = {"MacCyrillic": "mac_cyrillic", "MacRoman": "mac_roman"}
# The bar of this project: the share of the files.
BAR = 0.97


def main() -> int:
    """Print the share and exit 1 below the bar."""
    arguments = _arguments()
    folder = _set(arguments.data) / "tests"
    if not folder.is_dir():
        print(f"{folder} is missing: give the folder of the files with --data", file=sys.stderr)
        return 2
    outcomes = [(path, _right(path)) for path in _files(folder)]
    right = sum(outcome for _, outcome in outcomes)
    if arguments.misses:
        for path, outcome in outcomes:
            if not outcome:
                print(f"missed {path.relative_to(folder)}")
    print(f"{right} of {len(outcomes)} files: {right / len(outcomes):.4f} (bar {BAR})")
    return 0 if right >= BAR * len(outcomes) else 1


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.glob("*/*")) if path.is_file())


def _right(path: Path) -> bool:
    data = path.read_bytes()
    try:
        want = data.decode(_encoding(path.parent.name))
        found = decoded(data, path.name)
    except (LookupError, UnicodeError, ReadError):
        return False
    return found == want.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _encoding(folder: str) -> str:
    named = _ENCODING.match(folder)
    return named[0] if named else _SPELLED.get(folder, folder)


def _set(given: str) -> Path:
    """The folder given, or the one of this set in it."""
    folder = Path(given)
    return folder / "encodings" if (folder / "encodings").is_dir() else folder


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", default=os.environ.get("RAG_BENCH_DATA", "."))
    parser.add_argument("--misses", action="store_true", help="name the files that were missed")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
