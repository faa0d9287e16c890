"""The index: in step with the store, whatever was damaged, interrupted or replaced."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from conftest import holding

from rag.errors import IndexBusy, IndexUnavailable, StoreDamaged
from rag.indexes.generation import made
from rag.indexes.index import Index
from rag.indexes.seal import is_whole, seal, seal_of
from rag.indexes.vectors import Vectors
from rag.passages import split
from rag.records import Article, Filters, Source
from rag.store import Database, Entry, Store, text_hash


class House:
    """A store and its index in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = Store(Database(folder / "store.sqlite3"), embedding="words")
        self.index = Index(folder, self.store)

    def put(self, article_id: str, text: str) -> None:
        article = Article(Source(article_id), text, text)
        passages = split(article, size=1000, overlap=100)
        for passage in passages:
            vector = np.random.default_rng(len(passage.text)).normal(size=8).astype("f4")
            self.store.put_vectors({text_hash(passage.text): vector})
        self.store.put([Entry(article, passages)])

    def find(self, text: str) -> set[str]:
        return holding(text, self.index, self.store)

    def close(self) -> None:
        self.index.close()
        self.store.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    made = House(tmp_path / "index")
    made.put("a", "The bridge was rebuilt.")
    made.put("b", "The ferry returned.")
    yield made
    made.close()


def files(house: House) -> list[Path]:
    """The files of the current generation."""
    folder = house.index.current().folder
    house.index.close()
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_a_search_brings_the_index_up_to_date(house: House) -> None:
    """What was added, changed and removed in the store is so in both indexes."""
    assert house.find("bridge ferry") == {"a", "b"}

    house.put("a", "A tunnel instead.")
    house.put("c", "The ferry again.")
    house.store.remove(["b"])

    assert house.find("bridge ferry tunnel") == {"a", "c"}
    assert house.index.current().vectors.count() == 2
    assert house.index.current().number == house.store.generation()


def test_an_index_that_is_up_to_date_is_not_made_again(house: House) -> None:
    """Opening once more changes no file and needs no lock."""
    first = house.index.current().folder
    house.index.close()

    with house.index.writing():
        second = Index(house.folder, house.store)
        assert second.current().folder == first
        second.close()


def test_only_the_current_generation_and_the_last_are_kept(house: House) -> None:
    """Old generations are swept away."""
    for n in range(4):
        house.put(f"n{n}", f"Number {n}.")
        house.index.current()

    assert len(list((house.folder / "generations").iterdir())) == 2


@pytest.mark.parametrize("damage", ["cut", "flip", "gone"])
def test_a_damaged_file_is_made_again(house: House, damage: str) -> None:
    """Whatever file of a generation is damaged, also in one byte, the next search is whole."""
    for number in range(len(files(house))):
        path = files(house)[number]
        data = path.read_bytes()
        if damage == "gone":
            path.unlink()
        elif damage == "cut":
            path.write_bytes(data[: len(data) // 2])
        elif data:
            middle = len(data) // 2
            path.write_bytes(data[:middle] + bytes([data[middle] ^ 0x55]) + data[middle + 1 :])

        assert house.find("bridge ferry") == {"a", "b"}, path
        assert house.index.current().vectors.count() == 2


@pytest.mark.parametrize("text", ["", "nowhere", "../..", "\0", "000000009-ffffffff"])
def test_a_broken_name_is_made_again(house: House, text: str) -> None:
    """A `current` that names no generation costs nothing but the time to make one."""
    house.index.current()
    house.index.close()

    (house.folder / "current").write_text(text)

    assert house.find("bridge ferry") == {"a", "b"}


def test_missing_generations_are_made_again(house: House) -> None:
    """Without any index the store is enough."""
    house.index.current()
    house.index.close()
    shutil.rmtree(house.folder / "generations")

    assert house.find("bridge ferry") == {"a", "b"}


def test_an_index_of_another_store_is_not_believed(house: House, tmp_path: Path) -> None:
    """A store that was put back, and counts like the index but holds other articles, wins."""
    other = House(tmp_path / "other")
    other.put("x", "The bridge elsewhere.")
    other.put("y", "The ferry elsewhere.")
    house.index.current()
    house.close()
    other.close()

    shutil.copyfile(other.folder / "store.sqlite3", house.folder / "store.sqlite3")

    mixed = House(house.folder)
    assert mixed.find("bridge ferry") == {"x", "y"}
    mixed.close()


def test_an_empty_store_beside_an_index_is_damage(house: House) -> None:
    """A store that lost its articles is told; the index made of them is not thrown away."""
    house.index.current()
    house.close()
    for path in house.folder.glob("store.sqlite3*"):
        path.unlink()

    emptied = House(house.folder)

    with pytest.raises(StoreDamaged, match="is empty"):
        emptied.index.check()
    emptied.close()


def test_one_process_writes(house: House) -> None:
    """Whoever comes second is told so, and goes on searching what there is."""
    assert house.find("bridge") == {"a"}
    other = Index(house.folder, house.store)
    with house.index.writing():
        with pytest.raises(IndexBusy, match="another process is writing"), other.writing(0.1):
            pass
        house.put("c", "Another bridge.")
        assert other.current().number < house.store.generation()
    assert other.current().number == house.store.generation()
    other.close()


def test_an_index_elsewhere_is_made_beside_a_writer(house: House, tmp_path: Path) -> None:
    """Another folder's first index waits for nobody, follows no writer at work, then catches up."""
    other = Index(tmp_path / "elsewhere", house.store)
    with house.index.writing():
        first = other.current()
        house.put("c", "Another bridge.")
        assert other.current() is first and first.vectors.count() == 2

    assert other.current().vectors.count() == 3
    assert house.index.current().vectors.count() == 3
    assert other.current().folder.parent != house.index.current().folder.parent
    other.close()


def test_a_change_made_while_an_index_is_made_is_not_lost(house: House) -> None:
    """What comes between reading the number and the passages is there after the next look."""
    house.index.current()
    house.put("c", "Another bridge.")
    number, token = house.store.change()

    class Late(Store):
        """Tells a number, and is changed before anything else is asked."""

        def change(self) -> tuple[int, str]:
            if house.store.change() == (number, token):
                house.put("d", "One more bridge.")
                house.store.remove(["a"])
            return number, token

    late = Late(house.store._database, embedding="words")
    folder = made(house.folder / "generations", late, None, None)
    sealed = seal_of(folder)
    assert sealed is not None and (sealed.generation, sealed.token) == (number, token)

    (house.folder / "current").write_text(folder.name)
    assert house.find("bridge ferry") == {"b", "c", "d"}
    assert house.index.current().vectors.count() == 3


def test_an_open_generation_outlives_its_successors(house: House) -> None:
    """A search that runs while two generations are published ends as it began."""
    running = house.index.current()
    asked = np.ones(8, dtype="f4").tolist()
    for n in range(3):
        house.put(f"n{n}", f"Number {n}.")
        house.index.current()

    assert len(running.vectors.search(asked, limit=9)) == 2
    assert len(running.words.search("bridge", limit=9, filters=Filters())) == 1
    assert isinstance(running.vectors, Vectors)
    scratch = running.vectors._scratch.folder
    del running
    assert not scratch.exists()


def test_threads_search_while_another_writes(house: House) -> None:
    """No search fails while the same index is filled, and the last sees everything."""
    failures: list[BaseException] = []
    done = threading.Event()

    def search() -> None:
        asked = np.ones(8, dtype="f4").tolist()
        while not done.is_set():
            try:
                generation = house.index.current()
                assert generation.vectors.search(asked, limit=9)
                assert generation.words.search("bridge", limit=9, filters=Filters())
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(8):
        with house.index.writing():
            house.put(f"n{n}", f"Number {n} and a bridge.")
            house.index.refresh()
    done.set()
    for thread in threads:
        thread.join(30)

    assert not failures
    assert len(house.find("number")) == 8


def test_a_folder_that_cannot_be_written_is_told(house: House) -> None:
    """A lock that cannot be made is refused in a line."""
    (house.folder / "write.lock").unlink(missing_ok=True)
    (house.folder / "write.lock").mkdir()

    with pytest.raises(IndexUnavailable, match="cannot be written"), house.index.writing():
        pass


def test_a_name_that_cannot_be_written_is_told(house: House) -> None:
    """A folder where the name belongs is told in a line, and leaves nothing half made."""
    (house.folder / "current").mkdir()

    with pytest.raises(IndexUnavailable, match="rag doctor"):
        house.index.current()

    assert not list((house.folder / "generations").iterdir())
    assert not list(house.folder.glob("current.*"))


def test_files_among_the_generations_are_discarded(house: House) -> None:
    """What is no generation goes with the old ones, a link without what it leads to."""
    house.index.refresh()
    (house.folder / "generations" / "note").write_text("x", "utf-8")
    (house.folder / "generations" / "loop").symlink_to(house.folder)

    house.index.discard_others()

    assert house.index.kept() == [house.index.current().folder]
    assert house.find("ferry") == {"b"}


def test_a_seal_that_is_endless_is_none(tmp_path: Path) -> None:
    """JSON nested deeper than Python reads is no seal."""
    (tmp_path / "seal.json").write_text("[" * 100_000, "utf-8")

    assert seal_of(tmp_path) is None


def test_a_seal_holds_every_file(tmp_path: Path) -> None:
    """Another size, another byte, a file more or less: each breaks the seal."""
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "one").write_bytes(b"abc")
    (tmp_path / "two").write_bytes(b"")
    seal(tmp_path, generation=7, token="t")

    found = seal_of(tmp_path)
    assert found is not None and (found.generation, found.token) == (7, "t")
    assert is_whole(tmp_path, found)

    (tmp_path / "deep" / "one").write_bytes(b"abd")
    assert seal_of(tmp_path) is not None and not is_whole(tmp_path, found)
    (tmp_path / "deep" / "one").write_bytes(b"abcd")
    assert seal_of(tmp_path) is None
    (tmp_path / "deep" / "one").write_bytes(b"abc")
    (tmp_path / "three").write_bytes(b"new")
    assert seal_of(tmp_path) is None
