"""What goes wrong with a database is told as what it is, of the database it went wrong with."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from cluster.postgres import Postgres

from rag.errors import (
    DatelineError,
    IndexBusy,
    IndexUnavailable,
    SettingsError,
    StoreDamaged,
    Unreachable,
)
from rag.passages import split
from rag.records import Article, Source
from rag.store import Database, Entry, Store
from rag.store.file import StoreFile
from rag.store.portable import copy_out, pour_in


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreFile]:
    """The file of a store with its tables."""
    path = tmp_path / "store.sqlite3"
    Database(path).close()
    opened = StoreFile(path)
    yield opened
    opened.engine.dispose()


def failing(store: StoreFile, *statements: str) -> DatelineError:
    """What it means when the last statement fails."""
    connection = sqlite3.connect(store.path, timeout=0, isolation_level=None)
    try:
        for statement in statements:
            connection.execute(statement)
    except sqlite3.Error as error:
        return store.meaning(error)
    finally:
        connection.close()
    raise AssertionError("nothing failed")


def test_a_missing_table_is_damage(store: StoreFile) -> None:
    """Neither permissions nor free space bring it back: the doctor is named."""
    meant = failing(store, "SELECT * FROM gone")

    assert isinstance(meant, StoreDamaged)
    assert "rag doctor" in str(meant)


def test_a_store_that_another_program_locks_is_busy(store: StoreFile) -> None:
    """It is whole, and can be used when the other lets go."""
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    meant = failing(store, "BEGIN IMMEDIATE")

    other.close()
    assert isinstance(meant, IndexBusy)


def test_a_full_disk_is_told_as_one(store: StoreFile) -> None:
    """There is room to be made, and no other folder to be chosen."""
    meant = failing(
        store,
        "PRAGMA max_page_count = 1",
        "INSERT INTO meta VALUES ('long', hex(zeroblob(1000000)))",
    )

    assert isinstance(meant, IndexUnavailable)
    assert "make room" in str(meant)


def test_a_folder_in_the_place_of_the_store_is_damage(tmp_path: Path) -> None:
    """A backup can be put in its place then."""
    (tmp_path / "store.sqlite3").mkdir()

    with pytest.raises(StoreDamaged):
        Database(tmp_path / "store.sqlite3")


def filled(path: Path) -> Database:
    """A store of some articles in a file."""
    database = Database(path)
    articles = [Article(Source(f"a{n}"), f"Text {n}. " * 300, f"{n}") for n in range(40)]
    Store(database, embedding="words").put(
        [Entry(each, split(each, size=1000, overlap=100)) for each in articles]
    )
    return database


def overwrite(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[40_000:80_000] = b"\xff" * 40_000
    path.write_bytes(content)


def lose_articles(path: Path) -> None:
    with sqlite3.connect(path) as raw:
        raw.execute("DELETE FROM articles WHERE key = 7")
    raw.close()


@pytest.mark.parametrize("damage", [overwrite, lose_articles])
def test_a_copy_tells_whose_fault_it_is(damage: Callable[[Path], None], tmp_path: Path) -> None:
    """A store that cannot be read is named, not the one it is copied to, which stays as it was."""
    damaged, sound = tmp_path / "damaged.sqlite3", filled(tmp_path / "sound.sqlite3")
    filled(damaged).close()
    damage(damaged)

    for carry in (copy_out, pour_in):
        source = Database(damaged)
        with pytest.raises(StoreDamaged, match=r"damaged\.sqlite3"):
            carry(source, sound)
        source.close()

    assert len(list(Store(sound, embedding="words").articles())) == 40
    sound.close()


def test_a_user_that_may_only_read_is_told_so(postgres: Postgres) -> None:
    """The server is there and the store is whole: it is the right to write that is missing."""
    address = postgres.database()
    Database(address).close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE ROLE reader LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader")
    database = Database(address.replace("press:s3cret", "reader:s3cret"))
    store = Store(database, embedding="words")

    assert store.generation() == 0
    with pytest.raises(IndexUnavailable, match="permission denied") as told:
        store.bind("anything")

    assert not isinstance(told.value, Unreachable)
    assert "s3cret" not in str(told.value)
    store.close()


def test_a_database_that_lacks_letters_is_refused(postgres: Postgres) -> None:
    """Before anything is stored in it, with the words that make a better one."""
    with psycopg.connect(postgres.database(), autocommit=True) as connection:
        connection.execute(
            "CREATE DATABASE narrow ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc"
            " TEMPLATE template0"
        )
    address = postgres.database().rpartition("/")[0] + "/narrow"

    with pytest.raises(SettingsError, match="ENCODING 'UTF8'"):
        Database(address)
