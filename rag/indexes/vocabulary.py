"""The words of an archive, with how many passages hold each: kept here where a server searches.

One file of SQLite in the generation's folder. Nothing is taken out of it: what a removed passage
held stays counted until the file is made anew, which is done when it counts far more passages than
there are, and whenever an article is forgotten.
"""

from __future__ import annotations

import sqlite3
import threading
import weakref
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from rag.errors import IndexUnavailable
from rag.indexes.entry import rarity_of, terms_of, written_in
from rag.records import Passage

# Of so many words the counts are remembered: a ranker asks for the same ones over and over.
_REMEMBERED = 100_000
# Counting more than so many times the passages that there are, a file is worn.
_WORN = 2
_TABLES = """
CREATE TABLE terms (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE written (word TEXT PRIMARY KEY, passages INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE counted (passages INTEGER NOT NULL);
INSERT INTO counted VALUES (0);
"""
_COUNTED = "SELECT passages FROM counted"
_TERM = "SELECT passages FROM terms WHERE word = ?"
_WRITTEN = "SELECT passages FROM written WHERE word = ?"
_BEGINNING = (
    "SELECT word, passages FROM written WHERE word >= ? AND word < ? ORDER BY passages DESC, word"
)
_LAST_CHARACTER = "\U0010ffff"
_MORE_COUNTED = "UPDATE counted SET passages = passages + ?"
_MORE_TERMS, _MORE_WRITTEN = (
    f"INSERT INTO {table} VALUES (?, ?)"
    " ON CONFLICT (word) DO UPDATE SET passages = passages + excluded.passages"
    for table in ("terms", "written")
)


class Vocabulary:
    """A finished file, opened to be read; for any number of threads.

    Raises (all methods):
        IndexUnavailable: the file is damaged.
    """

    def __init__(self, file: Path) -> None:
        # Immutable: no lock and no second file is made beside it, also where nothing may be.
        address = f"{file.resolve().as_uri()}?mode=ro&immutable=1"
        with _telling(file):
            connection = sqlite3.connect(address, uri=True, check_same_thread=False)
        weakref.finalize(self, connection.close)
        self._rows = partial(_rows, file, connection, threading.Lock())
        self._number = lru_cache(_REMEMBERED)(partial(_number, self._rows))
        self.total = self._number(_COUNTED)

    def rarity(self, term: str) -> float:
        """The inverse document frequency of a term as BM25 has it; highest for unseen terms."""
        return rarity_of(self._number(_TERM, term), self.total)

    def seen(self, term: str) -> bool:
        """Whether any passage holds the term."""
        return self._number(_TERM, term) > 0

    def written(self, word: str) -> int:
        """How many passages hold a folded word of four letters or more in just this form."""
        return self._number(_WRITTEN, word)

    def beginning(self, prefix: str) -> list[tuple[str, int]]:
        """The words that begin so, each as `written` counts it; the most frequent first."""
        return self._rows(_BEGINNING, prefix, prefix + _LAST_CHARACTER)


class Counting:
    """A file under way; one process fills it, and nobody reads it before `commit`.

    Raises (all methods):
        IndexUnavailable: it cannot be written.
    """

    def __init__(self, file: Path) -> None:
        """Go on with a file, or begin one."""
        self._file = file
        is_new = not file.exists()
        with _telling(file):
            self._connection = sqlite3.connect(file)
            # The file is sealed when it is whole, or thrown away: there is nothing to go back to.
            self._connection.execute("PRAGMA journal_mode = OFF")
            if is_new:
                self._connection.executescript(_TABLES)

    def add(self, passages: Iterable[Passage]) -> None:
        """Count the words of passages; one that was counted before is counted again."""
        terms, written, count = Counter[str](), Counter[str](), 0
        for passage in passages:
            terms.update(set(terms_of(passage)))
            written.update(written_in(passage))
            count += 1
        with _telling(self._file):
            self._connection.executemany(_MORE_TERMS, sorted(terms.items()))
            self._connection.executemany(_MORE_WRITTEN, sorted(written.items()))
            self._connection.execute(_MORE_COUNTED, (count,))

    def remove(self, ids: Iterable[str]) -> None:
        """What passages held that are taken out stays counted; see `is_worn`."""

    def commit(self) -> None:
        """Have everything written down, and let go of the file."""
        with _telling(self._file):
            self._connection.commit()
            self._connection.close()


def is_worn(file: Path, passages: int) -> bool:
    """Whether a finished file counts far more passages than there are.

    Raises:
        IndexUnavailable: the file is damaged.
    """
    return Vocabulary(file).total > _WORN * passages


def _number(rows: Callable[..., list[Any]], query: str, *values: str) -> int:
    found = rows(query, *values)
    return int(found[0][0]) if found else 0


def _rows(
    file: Path, connection: sqlite3.Connection, turn: threading.Lock, query: str, *values: str
) -> list[Any]:
    with _telling(file), turn:
        return connection.execute(query, values).fetchall()


@contextmanager
def _telling(file: Path) -> Iterator[None]:
    """Tell SQLite's errors as ours."""
    try:
        yield
    except sqlite3.Error as error:
        raise IndexUnavailable(
            f"the vocabulary {file} cannot be used ({error}): check free space, or run"
            " `rag rebuild`; no article is lost"
        ) from error
