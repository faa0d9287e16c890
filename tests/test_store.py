"""The store: what is put in comes out, one change is one transaction, older versions stay."""

from __future__ import annotations

import multiprocessing
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from cluster.postgres import Postgres
from sqlalchemy import select

from rag.errors import IndexMismatch, IndexUnavailable, ReadError, StoreDamaged
from rag.passages import split
from rag.records import Article, Coverage, Filters, Source
from rag.store import Database, Entry, Known, Origin, Store, text_hash
from rag.store.tables import articles as articles_table

BRIDGE = "The bridge was rebuilt in three years. It cost more than the council had planned for it."


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a new store is made: in a file, and on a server."""
    if request.param == "sqlite":
        return tmp_path / "store.sqlite3"
    server: Postgres = request.getfixturevalue("postgres")
    return server.database()


@pytest.fixture
def store(where: Path | str) -> Iterator[Store]:
    opened = Store(Database(where), embedding="words")
    yield opened
    opened.close()


def article(
    article_id: str,
    text: str = BRIDGE,
    *,
    publisher: str | None = None,
    published: date | None = None,
) -> Article:
    source = Source(article_id, publisher=publisher, published=published)
    return Article(source, text, f"hash of {text}")


def entry(*parts: str, origin: Origin | None = None, **card: object) -> Entry:
    made = article(*parts, **card)  # type: ignore[arg-type]
    return Entry(made, split(made, size=1000, overlap=100), origin)


def put(store: Store, *entries: Entry) -> None:
    """Store entries; the vector of a text is its length and ones."""
    texts = {passage.text for each in entries for passage in each.passages}
    store.put_vectors({text_hash(t): np.array([len(t), 1, 1], dtype="f4") for t in texts})
    store.put(entries)


def test_an_article_comes_out_as_it_went_in(store: Store) -> None:
    """Text, card and hash survive, whatever the characters."""
    source = Source("ä/1", "Über 👩‍👩‍👧", "Bote", date(2024, 6, 2), "https://a.example/ü", "Élise")
    whole = Article(source, "e\u0301 日本語 \u2028 end", "h")

    store.put([Entry(whole, [])])

    assert store.article("ä/1") == whole
    assert list(store.articles()) == [whole]
    assert store.article("other") is None


def test_passages_come_out_with_their_vectors(store: Store) -> None:
    """A passage is found by its id with its card, its vector by its text."""
    one = entry("a", publisher="Herald")
    put(store, one)

    (passage,) = one.passages
    assert store.passages([passage.id, "unknown"], Filters()) == {passage.id: passage}
    assert store.vectors([passage.id])[passage.id].tolist() == [len(BRIDGE), 1, 1]
    assert store.missing_vectors([BRIDGE, "new"]) == {text_hash("new"): "new"}


def test_a_vector_belongs_to_its_embedding(store: Store, where: Path | str) -> None:
    """Vectors of one embedding are none of another's."""
    put(store, entry("a"))

    other = Store(Database(where), embedding="other")

    assert other.missing_vectors([BRIDGE]) == {text_hash(BRIDGE): BRIDGE}
    assert list(other.added_since(0, batch=10)) == []
    other.close()


def test_a_changed_article_is_a_new_version(store: Store, where: Path | str) -> None:
    """The new text is read and searched; the old one stays in the store, not searched."""
    first, second = entry("a", "Old text."), entry("a", "New text.")

    put(store, first)
    put(store, second)

    found = store.article("a")
    assert found is not None and (found.text, found.version) == ("New text.", 2)
    ids = [passage.id for passage in (*first.passages, *second.passages)]
    assert list(store.passages(ids, Filters())) == [second.passages[0].id]
    kept = select(articles_table.c.text).order_by(articles_table.c.version)
    database = Database(where)
    with database.reading() as connection:
        assert list(connection.execute(kept).scalars()) == ["Old text.", "New text."]
    database.close()


def test_an_article_that_returns_to_its_old_text_is_searched(store: Store) -> None:
    """A passage that was removed and put back is in the index's list of new ones alone."""
    old = entry("a", "Old text.")
    for each in (old, entry("a", "New text."), old):
        put(store, each)

    assert old.passages[0].id not in store.removed_since(0)
    batches = list(store.added_since(0, batch=1))
    assert [[passage.text for passage, _ in batch] for batch in batches] == [["Old text."]]


def test_what_changed_since_a_generation_is_told(store: Store) -> None:
    """An index of an earlier generation learns what to add and what to take out."""
    one, two = entry("a", "One."), entry("b", "Two.")
    put(store, one, two)
    before = store.generation()

    put(store, entry("c", "Three."))
    store.remove(["a", "unknown"])

    (batch,) = store.added_since(before, batch=10)
    assert [passage.text for passage, _ in batch] == ["Three."]
    assert store.removed_since(before) == [one.passages[0].id]
    assert store.generation() == before + 2


def test_nothing_to_do_is_no_change(store: Store) -> None:
    """Removing what is not there, or putting nothing, leaves the generation."""
    put(store, entry("a"))
    before = store.generation(), store.corpus()

    assert store.remove(["unknown"]) == 0
    store.put([])
    store.move({})

    assert (store.generation(), store.corpus()) == before


def test_a_failed_change_changes_nothing(store: Store) -> None:
    """A batch of which one article cannot be stored is not stored in part."""
    put(store, entry("a", "One."))
    before = store.generation(), store.corpus()
    twice = [*entry("b", "Two.").passages, *entry("b", "Two.").passages]

    with pytest.raises(StoreDamaged):
        store.put([entry("c", "Three."), Entry(article("b", "Two."), twice)])

    assert (store.generation(), store.corpus()) == before


FILTERED = [
    (Filters(), {"march", "june", "undated"}),
    (Filters(since=date(2024, 4, 1)), {"june"}),
    (Filters(until=date(2024, 3, 4)), {"march"}),
    (Filters(as_of=date(2024, 3, 3)), set()),
    (Filters(until=date(2025, 1, 1), as_of=date(2024, 5, 1)), {"march"}),
    (Filters(publishers=("HERALD",)), {"march"}),
    (Filters(publishers=("zürcher bote",)), {"june"}),
    (Filters(publishers=("Herald", "Zürcher Bote"), articles=("june", "undated")), {"june"}),
    (Filters(articles=("undated",)), {"undated"}),
    (Filters(articles=("undated",), since=date(1900, 1, 1)), set()),
]


@pytest.mark.parametrize(("filters", "expected"), FILTERED)
def test_filters_leave_what_they_admit(store: Store, filters: Filters, expected: set[str]) -> None:
    """Passages, vectors and coverage agree with `Filters.admits`; the undated pass no date."""
    entries = [
        entry("march", "In March.", publisher="Herald", published=date(2024, 3, 4)),
        entry("june", "In June.", publisher="Zürcher Bote", published=date(2024, 6, 2)),
        entry("undated", "Some day."),
    ]
    put(store, *entries)

    ids = {each.passages[0].id: each.article for each in entries}
    found = store.passages(list(ids), filters)
    named, vectors = store.filtered_vectors(filters)
    coverage = store.coverage(filters)

    assert {passage.source.article_id for passage in found.values()} == expected
    assert expected == {a.id for a in ids.values() if filters.admits(a.source)}
    assert set(named) == set(found) and len(vectors) == len(named)
    assert (coverage.articles, coverage.passages) == (len(expected), len(expected))


def test_coverage_counts_the_undated_that_a_date_leaves_out(store: Store) -> None:
    """Whoever asks by date is told how many articles state none."""
    put(store, entry("a", published=date(2024, 3, 4)), entry("b", "Some day."))

    found = store.coverage(Filters(since=date(2024, 1, 1)))

    day = date(2024, 3, 4)
    assert found == Coverage(1, 1, 0, day, day, undated=1)


def test_copies_name_the_others_of_the_cluster(store: Store) -> None:
    """Articles of one report name one another; an article of its own names none."""
    text = " ".join(f"word{n} and more of the same report" for n in range(40))
    put(store, entry("a", text), entry("b", text + " End."), entry("c", "Something else."))

    copies = store.copies(["a", "b", "c"])

    assert {key: [s.article_id for s in found] for key, found in copies.items()} == {
        "a": ["b"],
        "b": ["a"],
    }
    store.remove(["b"])
    assert store.copies(["a"]) == {}


def test_known_and_folder_tell_where_an_article_came_from(store: Store) -> None:
    """Ids and folders find the live articles with their hash, version and origin."""
    origin = Origin("/news", "a.txt")
    put(store, entry("a", origin=origin), entry("b", "Elsewhere."))

    known = Known("a", f"hash of {BRIDGE}", 1, origin)
    assert store.known(["a", "x"]) == {"a": known}
    assert store.from_folder("/news") == [known]
    store.move({"a": Origin("/other", "a.txt")})
    assert store.from_folder("/news") == []


def test_a_nul_is_in_no_text(store: Store) -> None:
    """Looking for a text that holds one finds nothing, and is no error."""
    put(store, entry("a"))

    assert store.article("a\0") is None
    assert store.known(["a\0", "a"]).keys() == {"a"}
    assert store.passages(["\0"], Filters(publishers=("\0",))) == {}
    assert store.coverage(Filters(publishers=("He\0rald",))).articles == 0


def test_a_server_stores_no_nul(postgres: Postgres) -> None:
    """A text with one is refused in a line, and nothing of its change is stored."""
    store = Store(Database(postgres.database()), embedding="words")

    with pytest.raises(ReadError, match="NUL"):
        store.put([Entry(article("a"), []), Entry(article("b", "One\0two."), [])])

    assert store.generation() == 0
    store.close()


def test_more_ids_than_a_statement_takes_are_asked_in_turns(store: Store) -> None:
    """Forty thousand ids are no more of a question than one."""
    put(store, entry("a"))

    many = [f"id{n}" for n in range(40_000)]

    assert list(store.known([*many, "a"])) == ["a"]
    assert store.passages(many, Filters()) == {}
    assert len(store.missing_vectors(many)) == 40_000


def test_a_store_with_articles_keeps_what_it_was_built_with(store: Store) -> None:
    """Other settings are refused, both named with the mending command; an empty one takes them."""
    store.bind("one/1000/150")
    store.bind("two/500/50")
    put(store, entry("a"))

    with pytest.raises(IndexMismatch, match=r"two/500/50.*one/1000/150.*rag rebuild"):
        store.bind("one/1000/150")
    store.bind("two/500/50")


def test_cutting_anew_replaces_the_passages(store: Store) -> None:
    """After `resplit` every article has the new passages, and no older index fits the store."""
    put(store, entry("a"))
    before = store.generation()
    halves = {text_hash(t): np.ones(3, dtype="f4") for t in (BRIDGE[:38], BRIDGE[39:])}
    store.put_vectors(halves)

    store.resplit(lambda a: split(a, size=60, overlap=0), "new")

    (batch,) = store.added_since(before, batch=10)
    assert [passage.text for passage, _ in batch] == [BRIDGE[:38], BRIDGE[39:]]
    assert store.token(before) is None
    assert store.token(store.generation())


def test_every_change_has_a_token_of_its_own(tmp_path: Path) -> None:
    """Two stores that count alike are told apart."""
    one, two = (Store(Database(tmp_path / name / "s"), embedding="words") for name in "ab")

    put(one, entry("a"))
    put(two, entry("a"))

    assert one.generation() == two.generation() == 1
    assert one.token(1) != two.token(1)
    assert one.token(2) is None


def test_a_file_that_is_no_store_is_damaged(tmp_path: Path) -> None:
    """A file of other bytes, and a truncated store, are told as such."""
    other = tmp_path / "other.sqlite3"
    other.write_bytes(b"not a database" * 400)
    with pytest.raises(StoreDamaged, match="is damaged"):
        Store(Database(other), embedding="words")

    cut = tmp_path / "cut.sqlite3"
    store = Store(Database(cut), embedding="words")
    put(store, *(entry(f"a{n}", f"Text {n}. " * 200) for n in range(30)))
    store.close()
    with cut.open("r+b") as file:
        file.truncate(20_000)
    with pytest.raises((StoreDamaged, IndexUnavailable)):
        list(Store(Database(cut), embedding="words").articles())


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A path below a file is refused in a line that names the folder."""
    (tmp_path / "file").write_text("")

    with pytest.raises(IndexUnavailable, match="cannot make the index folder"):
        Store(Database(tmp_path / "file" / "index" / "store.sqlite3"), embedding="words")


def test_another_version_of_the_tables_is_refused(tmp_path: Path) -> None:
    """A store of another schema is not read by guess."""
    path = tmp_path / "store.sqlite3"
    Store(Database(path), embedding="words").close()
    with sqlite3.connect(path) as raw:
        raw.execute("update meta set value = '0' where key = 'schema'")

    with pytest.raises(IndexMismatch, match="schema 0"):
        Store(Database(path), embedding="words")


def _open(where: Path | str) -> None:
    Store(Database(where), embedding="words").close()


def test_several_processes_may_make_the_store_at_once(where: Path | str) -> None:
    """Whoever comes first makes the tables; the others find them."""
    context = multiprocessing.get_context("spawn")
    started = [context.Process(target=_open, args=(where,)) for _ in range(4)]

    for process in started:
        process.start()
    for process in started:
        process.join(60)

    assert [process.exitcode for process in started] == [0, 0, 0, 0]


FIRST_SCHEMA = """
create table meta ("key" varchar not null primary key, value varchar not null);
create table journal (generation integer not null primary key, token varchar not null);
create table articles (
    "key" integer not null primary key, article_id varchar not null, version integer not null,
    live boolean not null, published date, publisher varchar, publisher_key varchar,
    passages integer not null, cluster integer, title varchar, author varchar, url varchar,
    content_hash varchar not null, folder varchar, path varchar, signature blob not null,
    text text not null, unique (article_id, version));
create table bands (band varchar not null, article_key integer not null,
    primary key (band, article_key)) without rowid;
create table passages (
    "key" integer not null primary key, id varchar not null unique, article_key integer not null,
    generation integer not null, start integer not null, "end" integer not null,
    text_hash varchar not null, text text not null);
create table removed (passage_id varchar not null primary key, generation integer not null);
create table vectors (text_hash varchar not null, embedding varchar not null,
    vector blob not null, primary key (text_hash, embedding));
insert into meta values ('schema', '1'), ('fingerprint', 'words/1000/100');
insert into journal values (1, 'token');
insert into articles values (1, 'a', 1, 1, '2024-03-04', 'Herald', 'herald', 1, 1, 'The bridge',
    null, null, 'h', '/news', 'a.txt', x'', 'The bridge was rebuilt.');
insert into passages values (1, 'p', 1, 1, 0, 23, 'hash', 'The bridge was rebuilt.');
"""


def test_a_store_of_the_first_schema_is_brought_up(tmp_path: Path) -> None:
    """Its articles are read as they were, new ones are stored; opening it twice is no change."""
    path = tmp_path / "store.sqlite3"
    with sqlite3.connect(path) as raw:
        raw.executescript(FIRST_SCHEMA)

    opened = Store(Database(path), embedding="words")
    found = opened.article("a")

    card = Source("a", "The bridge", "Herald", date(2024, 3, 4))
    assert found == Article(card, "The bridge was rebuilt.", "h")
    assert list(opened.passages(["p"], Filters())) == ["p"]
    assert opened.generation() == 1
    put(opened, entry("a", "The bridge was torn down.", published=date(2024, 3, 9)))
    changed = opened.article("a")
    assert changed is not None and changed.version == 2 and changed.source.corrected
    name = opened.identity()
    opened.close()
    again = Store(Database(path), embedding="words")
    assert again.identity() == name
    again.close()


def test_the_long_columns_stand_last() -> None:
    """SQLite reads a row from its beginning: nothing short stands behind the text."""
    names = [column.name for column in select(articles_table).selected_columns]
    assert names[-2:] == ["signature", "text"]
