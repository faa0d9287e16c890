"""Vectors: the nearest passages, from a folder that searching never changes."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from rag.errors import IndexUnavailable
from rag.indexes.vectors import Filling, Vectors
from rag.records import Passage, Source

COUNT = 300


def passage(key: str) -> Passage:
    return Passage(key, Source("a"), "text", 0, 4)


def unit(count: int, seed: int = 0) -> NDArray[np.float32]:
    made = np.random.default_rng(seed).normal(size=(count, 16)).astype("f4")
    unit: NDArray[np.float32] = made / np.linalg.norm(made, axis=1, keepdims=True)
    return unit


def filled(folder: Path, count: int = COUNT) -> Path:
    filling = Filling(folder)
    filling.add([passage(f"p{n}") for n in range(count)], list(unit(count)))
    filling.finish()
    return folder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return filled(tmp_path_factory.mktemp("vectors") / "v")


def state(folder: Path) -> dict[str, tuple[int, str]]:
    return {
        str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_nearest_come_first_with_their_cosine(folder: Path) -> None:
    """The hits are those of an exact search, best first."""
    vectors = Vectors(folder)
    asked = unit(1, seed=1)[0]

    hits = vectors.search(asked.tolist(), limit=10)

    cosines = unit(COUNT) @ asked
    assert [key for key, _ in hits] == [f"p{n}" for n in np.argsort(-cosines)[:10]]
    assert [score for _, score in hits] == pytest.approx(sorted(cosines)[::-1][:10], abs=1e-5)
    vectors.close()


def test_asking_for_more_than_there_is_gives_all(folder: Path) -> None:
    """A limit above the number of passages is no error."""
    vectors = Vectors(folder)

    assert len(vectors.search(unit(1)[0].tolist(), limit=1000)) == vectors.count() == COUNT
    vectors.close()
    vectors.close()


@pytest.mark.parametrize("count", [0, 1, 2, 5])
@pytest.mark.parametrize("more", [0, 1, 2, 3])
@pytest.mark.parametrize("fewer", [0, 1])
def test_searching_leaves_the_folder_as_it_is(
    tmp_path: Path, count: int, more: int, fewer: int
) -> None:
    """Neither opening nor searching, twice at once, touches a byte: its seal stays true."""
    folder = filled(tmp_path / "v", count)
    if more or fewer:
        filling = Filling(folder)
        filling.remove(["p0"][:fewer])
        filling.add([passage(f"more{n}") for n in range(more)], list(unit(more, seed=3)))
        filling.finish()
    before = state(folder)

    one, two = Vectors(folder), Vectors(folder)
    left = count - min(count, fewer) + more
    assert len(one.search(unit(1)[0].tolist(), limit=99)) == left
    assert len(two.search(unit(1)[0].tolist(), limit=99)) == left
    one.close()
    two.close()

    assert state(folder) == before


def test_a_copy_is_filled_further(folder: Path, tmp_path: Path) -> None:
    """Passages are added, replaced and removed in a folder that was finished before."""
    import shutil

    further = Path(shutil.copytree(folder, tmp_path / "further"))
    filling = Filling(further)
    filling.remove(["p0", "unknown"])
    filling.add([passage("p1"), passage("new")], [-unit(COUNT)[1], unit(1, seed=2)[0]])
    filling.finish()

    vectors = Vectors(further)
    assert vectors.count() == COUNT
    assert vectors.search(unit(1, seed=2)[0].tolist(), limit=1)[0][0] == "new"
    assert vectors.search((-unit(COUNT)[1]).tolist(), limit=1)[0][0] == "p1"
    assert "p0" not in dict(vectors.search(unit(COUNT)[0].tolist(), limit=COUNT))
    vectors.close()


def test_a_search_goes_on_when_its_folder_is_deleted(tmp_path: Path) -> None:
    """The graph is in memory: an old generation may be swept away under a search."""
    import shutil

    vectors = Vectors(filled(tmp_path / "v"))
    shutil.rmtree(tmp_path / "v")

    assert len(vectors.search(unit(1)[0].tolist(), limit=5)) == 5
    vectors.close()


def test_forgetting_the_vectors_cleans_up(folder: Path) -> None:
    """The scratch folder goes with the last who searched in it."""
    vectors = Vectors(folder)
    scratch = vectors._scratch.folder
    assert scratch.is_dir()

    del vectors

    assert not scratch.exists()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    """A missing folder is refused in a line, and not made."""
    with pytest.raises(IndexUnavailable, match="cannot be opened"):
        Vectors(tmp_path / "gone")
    assert not (tmp_path / "gone").exists()


def test_a_damaged_database_is_told(tmp_path: Path) -> None:
    """Chroma's own errors come out as one of ours."""
    folder = filled(tmp_path / "v", 5)
    (folder / "chroma.sqlite3").write_bytes(b"no database" * 1000)

    with pytest.raises(IndexUnavailable):
        Vectors(folder)
