"""The vocabulary: how many passages hold a word, in a file that is read by many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from rag.errors import IndexUnavailable
from rag.indexes.vocabulary import Counting, Vocabulary, is_worn
from rag.records import Passage, Source


def passage(key: str, text: str) -> Passage:
    return Passage(key, Source("a"), text, 0, len(text))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Counted twice: the second time on what was there."""
    made = tmp_path / "vocabulary.sqlite3"
    for texts in (["The bridge, the old bridge.", "Two bridges."], ["A bridle for a mare."]):
        counting = Counting(made)
        counting.add(passage(text, text) for text in texts)
        counting.commit()
    return made


def test_each_passage_counts_once(file: Path) -> None:
    """However often it holds a word; forms of a word are one term, and are written apart."""
    vocabulary = Vocabulary(file)

    assert vocabulary.total == 3
    assert vocabulary.written("bridge") == vocabulary.written("bridges") == 1
    assert vocabulary.seen("bridg") and not vocabulary.seen("bridges")
    assert vocabulary.rarity("bridg") < vocabulary.rarity("bridl") < vocabulary.rarity("nothing")
    assert vocabulary.beginning("brid") == [("bridge", 1), ("bridges", 1), ("bridle", 1)]
    assert vocabulary.beginning("x") == vocabulary.beginning("bridgesx") == []


def test_it_is_read_where_nothing_may_be_written(file: Path) -> None:
    """By many threads at once, and nothing appears beside it."""
    file.chmod(0o444)
    vocabulary = Vocabulary(file)

    with ThreadPoolExecutor(8) as threads:
        counts = list(threads.map(vocabulary.written, ["bridge", "bridle", "none"] * 100))

    assert counts == [1, 1, 0] * 100
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_an_old_one_is_read_on_while_its_folder_goes(file: Path) -> None:
    """A generation may be deleted under a running search."""
    vocabulary = Vocabulary(file)

    file.unlink()

    assert vocabulary.written("bridle") == 1


def test_it_is_worn_when_it_counts_too_many(file: Path) -> None:
    """More than twice the passages that there are."""
    assert not is_worn(file, 2)
    assert is_worn(file, 1)
    assert is_worn(file, 0)


def test_a_damaged_one_is_told(tmp_path: Path) -> None:
    """Neither another file nor none passes for one."""
    (tmp_path / "damaged").write_bytes(b"not of SQLite" * 100)

    for name in ("damaged", "missing"):
        with pytest.raises(IndexUnavailable, match=f"{name}.*rag rebuild"):
            Vocabulary(tmp_path / name)
    with pytest.raises(IndexUnavailable, match="damaged"):
        Counting(tmp_path / "damaged")
