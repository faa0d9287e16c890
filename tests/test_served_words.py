"""Words on a Chroma that has sparse vectors: found as in a folder, and in step with the store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from cluster.chroma import Chroma
from cluster.house import House, vector
from cluster.sparse_chroma import SparseChroma
from conftest import HashedWords

from rag.errors import Unreachable
from rag.evaluation import load_suite
from rag.indexes.card import where
from rag.indexes.chroma_requests import Broken, ChromaRequests, Missing, Refused
from rag.indexes.chroma_server import _SCHEMA, ChromaServer, Row
from rag.indexes.entry import searched, terms_of
from rag.indexes.index import Index
from rag.indexes.served import Served
from rag.indexes.served_words import ServedWords
from rag.indexes.sparse import weighed
from rag.indexes.words import Words
from rag.ingest import Ingest, Splitting
from rag.records import Filters
from rag.store import Store

_ALL = Filters()
# More than there are passages, and no more than Chroma Cloud gives.
_EVERY = 280
# The average length is a fixed one there: the order of near equals may differ. Measured: .96.
_SAME_BEST = 0.9


@pytest.fixture(scope="module")
def sparse(chroma: Chroma) -> Iterator[SparseChroma]:
    made = SparseChroma(chroma.url)
    yield made
    made.close()


@pytest.fixture
def house(tmp_path: Path, sparse: SparseChroma) -> Iterator[House]:
    made = House(tmp_path / "index", sparse.url)
    made.put("m", "The bridge opens.", publisher="Herald", published=date(2024, 3, 4))
    made.put("j", "The bridge closes.", publisher="Zürcher Bote", published=date(2024, 6, 2))
    made.put("u", "The bridge stands.")
    yield made
    made.close()


@dataclass
class Both:
    """The bundled articles with their questions, on a server and in a folder."""

    store: Store
    served: ServedWords
    local: Words
    questions: list[str]


@pytest.fixture(scope="module")
def both(sparse: SparseChroma, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    suites = [load_suite(name) for name in ("seeds", "archive")]
    folder = tmp_path_factory.mktemp("both")
    house = House(folder / "served", sparse.url)
    ingest = Ingest(house.store, house.index, HashedWords(), Splitting(1000, 100))
    ingest.run(suite.articles for suite in suites)
    index = Index(folder / "local", house.store)
    served, local = house.index.current().words, index.current().words
    assert isinstance(served, ServedWords) and isinstance(local, Words)
    questions = [case.question for suite in suites for case in suite.cases]
    yield Both(house.store, served, local, questions[::8])
    index.close()
    house.close()


def generation(house: House) -> Path:
    return house.index.current().folder


def test_the_words_are_on_the_server(house: House) -> None:
    """The folder has the vocabulary alone, and both legs are answered by the server."""
    assert house.matching("Which bridge closes?")[0] == "j"
    assert house.nearest("The bridge stands.") == ["u"]

    assert {path.name for path in generation(house).iterdir()} == {
        "vocabulary.sqlite3",
        "seal.json",
    }


def test_the_hits_are_those_of_a_folder(both: Both) -> None:
    """The same passages share a term with a question, and nearly always the same one is best."""
    same = 0
    for question in both.questions:
        served = both.served.search(question, limit=_EVERY, filters=_ALL)
        local = both.local.search(question, limit=_EVERY, filters=_ALL)
        assert {key for key, _ in served} == {key for key, _ in local}
        assert [score for _, score in served] == sorted((s for _, s in served), reverse=True)
        same += [key for key, _ in served[:1]] == [key for key, _ in local[:1]]

    assert len(both.questions) > 40
    assert same >= _SAME_BEST * len(both.questions)


def test_every_hit_shares_a_term(both: Both) -> None:
    """With the question; and a question without terms finds nothing."""
    for question in both.questions[::4]:
        found = both.served.search(question, limit=60, filters=_ALL)
        held = both.store.passages([key for key, _ in found], _ALL)
        asked = set(searched(question, both.served.rarity))
        assert all(asked & set(terms_of(passage)) for passage in held.values())
    assert both.served.search("of the and ?", limit=9, filters=_ALL) == []
    assert both.served.search("zxqv", limit=9, filters=_ALL) == []


def test_a_term_is_as_rare_as_in_a_folder(both: Both) -> None:
    """Terms, words and their beginnings are counted alike."""
    assert both.served.count() == both.local.count()
    for word in ("museum", "bridg", "courier", "zxqv"):
        assert both.served.rarity(word) == pytest.approx(both.local.rarity(word))
        assert both.served.seen(word) == both.local.seen(word)
    for word in ("museum", "bridges", "courier", "the"):
        assert both.served.written(word) == both.local.written(word)
    for prefix in ("mus", "bri", "zxq"):
        assert sorted(both.served.beginning(prefix)) == sorted(both.local.beginning(prefix))


@pytest.mark.parametrize(
    "filters",
    [
        Filters(since=date(2024, 4, 1)),
        Filters(until=date(2024, 3, 4)),
        Filters(as_of=date(2024, 3, 3)),
        Filters(since=date(1, 1, 1)),
        Filters(publishers=("zürcher bote", "other")),
        Filters(publishers=("ZÜRCHER BOTE",), since=date(2024, 1, 1), articles=("j", "m")),
        Filters(articles=("m", "u")),
        Filters(without=("m",)),
        Filters(
            since=date(2024, 1, 1),
            until=date(2024, 12, 31),
            publishers=("Herald",),
            articles=("m",),
            without=("u",),
        ),
    ],
)
def test_filters_leave_what_they_admit(house: House, filters: Filters) -> None:
    """Dates, publishers and articles limit what the server finds; the undated pass no date."""
    sources = {each.article_id: each for each in house.store.sources()}
    admitted = {key for key in "mju" if filters.admits(sources[key])}

    assert set(house.matching("bridge", filters)) == admitted


def test_the_words_follow_the_store(house: House) -> None:
    """What was added, changed and removed is found by its words as it is now."""
    assert set(house.matching("bridge")) == {"m", "j", "u"}

    house.put("m", "A tunnel instead.")
    house.put("n", "Another bridge.")
    house.store.remove(["u"])

    assert set(house.matching("bridge")) == {"j", "n"}
    assert house.matching("tunnel") == ["m"]
    assert house.index.current().words.count() == 3


def test_a_passage_that_the_store_has_no_more_is_not_found(house: House) -> None:
    """Between a change of the store and that of the server."""
    words = house.index.current().words
    with house.index.writing():
        house.store.remove(["j"])

        assert len(words.search("bridge", limit=9, filters=_ALL)) == 2


def test_a_worn_vocabulary_is_made_anew(house: House) -> None:
    """Words of removed passages are known for a while, not for ever."""
    house.put("x", "The zeppelin lands.")
    assert house.index.current().words.written("zeppelin") == 1

    house.put("x", "Nothing lands.")
    assert house.index.current().words.written("zeppelin") == 1
    house.store.remove(["m", "j"])

    assert house.index.current().words.written("zeppelin") == 0
    assert house.index.current().words.written("bridge") == 1


def test_a_second_folder_makes_its_own_vocabulary(house: House, tmp_path: Path) -> None:
    """The words of the store are there already."""
    house.index.current()
    server = ChromaServer(house.server.name, None)
    other = Index(tmp_path / "other", house.store, Served(server, house.store, "words/1000"))

    words = other.current().words
    assert len(words.search("Which bridge closes?", limit=9, filters=_ALL)) == 3
    assert words.written("closes") == 1
    other.close()


def test_a_server_that_is_away_is_told_and_found_again(house: House, sparse: SparseChroma) -> None:
    """A search is refused by type, and answered when the server is back."""
    assert house.matching("closes") == ["j"]

    sparse.kill()
    try:
        with pytest.raises(Unreachable, match=f"{sparse.port}.*no article is lost"):
            house.matching("closes")
    finally:
        sparse.start()

    assert house.matching("closes") == ["j"]


def test_lost_words_are_put_there_again(house: House) -> None:
    """A server that lost its collection is told once; the next question finds it whole."""
    house.index.current()
    house.server.drop(house.name())

    with pytest.raises(Missing, match="no article is lost"):
        house.matching("closes")

    assert house.matching("closes") == ["j"]


def test_a_server_that_lost_the_ability_is_followed(house: House, sparse: SparseChroma) -> None:
    """Another deployment at the same address: words are made here, and there again when it can."""
    house.index.current()
    house.server.drop(house.name())
    sparse.is_sparse = False
    try:
        with pytest.raises(Missing):
            house.matching("closes")

        assert house.matching("closes") == ["j"]
        assert (generation(house) / "words").is_dir()
    finally:
        sparse.is_sparse = True
    with house.index.writing():
        house.index.remake()
    assert house.matching("closes") == ["j"]
    assert (generation(house) / "vocabulary.sqlite3").is_file()


def test_a_server_that_looks_at_no_schema_is_given_none(house: House, sparse: SparseChroma) -> None:
    """An older version makes a collection all the same: it is made again, with cosines."""
    sparse.is_old = True
    try:
        assert house.matching("closes") == ["j"]
    finally:
        sparse.is_old = False

    assert (generation(house) / "words").is_dir()
    asked = vector("Which bridge?")
    found = dict(house.served.search(asked.tolist(), limit=9))
    stored = house.store.vectors(found)
    assert found == pytest.approx({key: float(stored[key] @ asked) for key in found}, abs=1e-5)


def test_a_server_without_sparse_vectors_understands_what_it_refuses(chroma: Chroma) -> None:
    """It reads the schema, the row and the search as ours are meant, and says what it has not."""
    requests = ChromaRequests(chroma.url, None)
    with pytest.raises(Refused, match="Sparse vector indexing is not enabled in local"):
        requests.ask("POST", "", {"name": "refused", "schema": _SCHEMA})

    server = ChromaServer(chroma.url, None)
    held = server.make("refusing", {"of": "words"})
    words = weighed(["bridge", "closes"])
    with pytest.raises(Broken, match="Sparse vector is not supported for local chroma: words"):
        server.put(held, [Row("a", vector("a"), {"day": 0}, words)])
    admitted = where(Filters(since=date(2024, 1, 1), publishers=("a",), without=("b",)))
    with pytest.raises(Refused, match="key 'words' with type 'SparseVector'"):
        server.matching(held, words, 9, admitted)
    server.drop("refusing")
    requests.close()
    server.close()


def test_a_collection_without_words_stays_so_until_a_rebuild(
    tmp_path: Path, chroma: Chroma, sparse: SparseChroma
) -> None:
    """It may be large, and the words of the folder do: a rebuild moves them to the server."""
    before = House(tmp_path / "index", chroma.url)
    before.put("a", "The bridge was rebuilt.")
    assert before.matching("bridge") == ["a"]
    before.close()

    house = House(tmp_path / "index", sparse.url)
    house.put("b", "The bridge was closed.")
    assert house.matching("closed") == ["b"]
    assert (generation(house) / "words").is_dir()
    with house.index.writing():
        house.index.remake()

    assert house.matching("closed") == ["b"]
    assert (generation(house) / "vocabulary.sqlite3").is_file()
    house.close()


def test_many_rows_are_written_in_several_requests(house: House) -> None:
    """No more at once than Chroma Cloud takes, and it gives no more at once."""
    long = " ".join(f"word{n}" for n in range(140))
    house.put("n", "\n\n".join(f"Part {part} of many: {long}." for part in range(400)))

    words = house.index.current().words
    assert words.count() > 400
    assert len(words.search("many", limit=1000, filters=_ALL)) == 300
    assert 0 < len(house.nearest("The bridge stands.", limit=1000)) <= 300
