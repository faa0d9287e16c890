"""One program, four houses: articles in a file or in PostgreSQL, vectors in a folder or in Chroma.

Which of them it is, is a matter of settings alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from cluster.chroma import Chroma
from cluster.postgres import Postgres
from conftest import BRIDGE, written

from rag.archive import Archive, open_archive, open_default, rebuild
from rag.errors import MissingPackage, SettingsError
from rag.records import Filters, Hit
from rag.settings import Settings

QUESTIONS = (
    "What will the bridge in Port Ellery cost?",
    "How many passengers does the ferry carry?",
    "What did the Inland Courier say of the bridge?",
    "Who conducted the orchestra?",
    "What is the capital of Peru?",
)
# The fourth, a file and a folder, is the default: what the others are compared with.
HOUSES = [("file", "chroma"), ("postgres", "folder"), ("postgres", "chroma")]


@pytest.fixture(params=HOUSES, ids="-".join)
def settings(request: pytest.FixtureRequest) -> Settings:
    """Settings that name a new, empty house of each kind."""
    store, vectors = request.param
    chosen = {}
    if store == "postgres":
        server: Postgres = request.getfixturevalue("postgres")
        chosen["store"] = server.database()
    if vectors == "chroma":
        chroma: Chroma = request.getfixturevalue("chroma")
        chosen["chroma"] = chroma.url
    return Settings.model_validate(chosen)


@pytest.fixture
def opened(settings: Settings, tmp_path: Path) -> Iterator[Archive]:
    with open_archive(tmp_path / "index", settings) as archive:
        yield archive


def asked(archive: Archive) -> list[tuple[object, ...]]:
    """The answers, without scores: those differ in the eighth place."""
    answers = [archive.ask(question, today=date(2024, 10, 1)) for question in QUESTIONS]
    return [
        (
            answer.text,
            answer.citations,
            [(hit.passage, hit.legs, hit.copies) for hit in answer.hits],
            answer.notes,
            answer.coverage,
            answer.receipt,
        )
        for answer in answers
    ]


def found(archive: Archive, filters: Filters) -> list[tuple[str, float]]:
    hits: tuple[Hit, ...] = archive.search("the bridge and the ferry", limit=9, filters=filters)
    return [(hit.passage.id, round(hit.score, 4)) for hit in hits]


def test_every_house_answers_alike(opened: Archive, archive: Archive, news: Path) -> None:
    """The same articles give the same hits, answers and corpus as in a folder of one's own."""
    opened.ingest(news)

    assert asked(opened) == asked(archive)
    for filters in (
        Filters(),
        Filters(since=date(2024, 4, 1)),
        Filters(publishers=("Harbour Herald",)),
    ):
        assert found(opened, filters) == found(archive, filters)
    assert opened.sources() == archive.sources()
    assert opened.status().publishers == archive.status().publishers
    assert opened.status().corpus == archive.status().corpus


def test_every_house_changes_alike(opened: Archive, tmp_path: Path) -> None:
    """A changed article is answered from as it is now, a removed one no more; twice is once."""
    news = written(tmp_path / "n", {"bridge.md": BRIDGE})
    opened.ingest(news)

    written(news, {"bridge.md": BRIDGE.replace("38.5 million", "52.1 million")})
    assert opened.ingest(news).updated == 1
    assert opened.ingest(news).unchanged == 1

    assert "52.1 million" in opened.ask(QUESTIONS[0]).text
    (source,) = opened.sources()
    opened.remove(source.article_id)
    assert opened.ask(QUESTIONS[0]).abstained
    assert opened.search("bridge") == ()


def test_every_house_is_rebuilt_for_other_settings(
    settings: Settings, news: Path, tmp_path: Path
) -> None:
    """After a rebuild with other passages the same question is answered from those."""
    with open_archive(tmp_path / "index", settings) as archive:
        archive.ingest(news)
        before = archive.ask(QUESTIONS[1]).text
    smaller = settings.model_copy(update={"passage_size": 200, "passage_overlap": 0})

    count = rebuild(tmp_path / "index", smaller)

    with open_archive(tmp_path / "index", smaller) as archive:
        assert archive.status().passages == count > 6
        assert archive.ask(QUESTIONS[1]).text == before
        assert max(len(hit.passage.text) for hit in archive.search("the bridge")) <= 200


def test_a_folder_follows_from_one_house_to_another(
    settings: Settings, news: Path, tmp_path: Path
) -> None:
    """An index folder that was another store's is made anew, and again on the way back."""
    own = tmp_path / "index"
    with open_archive(own, Settings()) as archive:
        archive.ingest(news)
        answers = asked(archive)

    with open_archive(own, settings) as archive:
        archive.ingest(news)
        assert asked(archive) == answers
    with open_archive(own, Settings()) as archive:
        assert asked(archive) == answers


def test_an_empty_store_on_a_server_is_not_the_seeds(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others may be about to fill it: what they put there is found, not the bundled articles."""
    settings = Settings.model_validate({"store": postgres.database(), "index": tmp_path / "i"})

    with open_default(settings) as archive:
        assert archive.is_empty() and not archive.is_seeds


@pytest.mark.parametrize(
    "address", ["news", "mysql://host/db", "postgresql://", "sqlite:///x", "postgresql://u:pw@["]
)
def test_an_address_that_is_none_is_refused(address: str, tmp_path: Path) -> None:
    """The message says what one looks like, and repeats no password."""
    with pytest.raises(SettingsError, match="postgresql://user@host") as refused:
        open_archive(tmp_path, Settings.model_validate({"store": address}))
    assert "pw" not in str(refused.value)


def test_an_option_that_postgres_does_not_know_is_named(tmp_path: Path) -> None:
    """It is the address that is wrong, not the store."""
    with pytest.raises(SettingsError, match="'colour'"):
        open_archive(
            tmp_path, Settings.model_validate({"store": "postgresql://u:pw@host/db?colour=red"})
        )


@pytest.mark.parametrize("address", ["host:8000", "ftp://host", "http://"])
def test_a_chroma_address_that_is_none_is_refused(address: str, tmp_path: Path) -> None:
    """The message says what one looks like."""
    with pytest.raises(SettingsError, match="http://host:8000"):
        open_archive(tmp_path, Settings(chroma=address))


def test_a_password_has_no_place_in_chromas_address(tmp_path: Path) -> None:
    """Addresses stand in messages and logs: the message names the setting for secrets."""
    with pytest.raises(SettingsError, match="RAG_CHROMA_TOKEN") as refused:
        open_archive(tmp_path, Settings(chroma="https://user:s3cret@host"))
    assert "s3cret" not in str(refused.value)


def test_a_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without psycopg the message is the command that installs it."""
    monkeypatch.setattr("rag.store.server.find_spec", lambda name: None)

    with pytest.raises(MissingPackage, match=r"pip install 'dateline\[postgres\]' -c"):
        open_archive(tmp_path, Settings.model_validate({"store": "postgresql://host/db"}))
