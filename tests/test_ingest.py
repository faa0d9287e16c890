"""Ingest: twice changes nothing, a change replaces, what is broken is told and the rest goes on."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HashedWords, holding, written

from rag.errors import IndexBusy, ReadError
from rag.indexes.index import Index
from rag.ingest import Ingest, IngestReport, Progress, Splitting
from rag.store import Database, Store


class Desk:
    """A store, its index and an ingest over both, with embeddings that need no model."""

    def __init__(self, folder: Path, size: int = 1000) -> None:
        self.folder = folder
        self.store = Store(Database(folder / "store.sqlite3"), embedding="words")
        self.index = Index(folder, self.store)
        self.embeddings = HashedWords()
        self.ingest = Ingest(self.store, self.index, self.embeddings, Splitting(size, size // 8))

    def run(self, *paths: Path, prune: bool = False) -> IngestReport:
        return self.ingest.run(paths, prune=prune)

    def ids(self) -> set[str]:
        return {article.id for article in self.store.articles()}

    def find(self, text: str) -> set[str]:
        return holding(text, self.index, self.store)

    def close(self) -> None:
        self.index.close()
        self.store.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "index")
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "news", {"a.txt": "The bridge opens.", "deep/b.md": "A ferry sails."})


def lines(*rows: object) -> str:
    return "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)


def test_an_article_is_known_by_its_path_under_the_folder(desk: Desk, folder: Path) -> None:
    """Files of a folder are articles, found by their words; hidden ones are left out."""
    written(folder, {".hidden/c.txt": "Hidden.", ".d.txt": "Hidden.", "e.xyz": "Other."})

    report = desk.run(folder)

    assert report == IngestReport(added=2, passages=2, embedded=2)
    assert desk.ids() == {"a.txt", "deep/b.md"}
    assert desk.find("bridge") == {"a.txt"}


def test_ingesting_twice_changes_nothing(desk: Desk, folder: Path) -> None:
    """The second time nothing is embedded, stored or indexed."""
    desk.run(folder)
    before = desk.store.generation(), desk.index.current().folder, desk.embeddings.embedded

    report = desk.run(folder)

    assert report == IngestReport(unchanged=2)
    after = desk.store.generation(), desk.index.current().folder, desk.embeddings.embedded
    assert after == before


def test_the_same_file_by_another_way_is_the_same_article(desk: Desk, folder: Path) -> None:
    """A file is known again whether it is given alone, by its folder or by one above."""
    desk.run(folder)

    assert desk.run(folder / "deep") == IngestReport(unchanged=1)
    assert desk.run(folder / "deep" / "b.md") == IngestReport(unchanged=1)
    assert desk.run(folder.parent / "news", folder, folder / "deep") == IngestReport(unchanged=2)
    assert desk.ids() == {"a.txt", "deep/b.md"}


def test_a_changed_article_replaces_its_passages(desk: Desk, folder: Path, tmp_path: Path) -> None:
    """The new text is found, the old is not, and its version stays in the store."""
    desk.run(folder)
    (folder / "a.txt").write_text("The tunnel opens.")

    report = desk.run(folder)

    assert (report.updated, report.unchanged) == (1, 1)
    assert (desk.find("bridge"), desk.find("tunnel")) == (set(), {"a.txt"})
    with sqlite3.connect(tmp_path / "index" / "store.sqlite3") as raw:
        versions = raw.execute("select version, live from articles where article_id = 'a.txt'")
        assert versions.fetchall() == [(1, 0), (2, 1)]


def test_a_changed_card_is_a_change(desk: Desk, tmp_path: Path) -> None:
    """Another date or publisher of the same text is a new version too."""
    desk.run(written(tmp_path / "n", {"a.md": "---\npublisher: One\n---\nText."}))
    desk.run(written(tmp_path / "n", {"a.md": "---\npublisher: Two\n---\nText."}))

    (article,) = desk.store.articles()
    assert (article.publisher, article.version) == ("Two", 2)
    assert desk.embeddings.embedded == 1


def test_removed_files_go_with_prune_alone(desk: Desk, folder: Path) -> None:
    """Without `prune` an article outlives its file; with it, it goes."""
    desk.run(folder)
    (folder / "a.txt").unlink()

    assert desk.run(folder).removed == 0
    assert desk.run(folder, prune=True) == IngestReport(unchanged=1, removed=1)
    assert desk.ids() == {"deep/b.md"}
    assert desk.find("bridge") == set()


def test_pruning_touches_only_what_came_from_there(
    desk: Desk, folder: Path, tmp_path: Path
) -> None:
    """Articles of another folder, and the neighbours of a file that is given alone, stay."""
    other = written(tmp_path / "other", {"c.txt": "Elsewhere."})
    desk.run(folder, other)

    assert desk.run(folder / "a.txt", prune=True).removed == 0
    assert desk.run(other, prune=True).removed == 0
    (other / "c.txt").unlink()
    assert desk.run(other, prune=True).removed == 1
    assert desk.ids() == {"a.txt", "deep/b.md"}


def test_pruning_takes_lines_that_are_gone(desk: Desk, tmp_path: Path) -> None:
    """A line that left its file leaves the archive, also when the file is given alone."""
    news = written(
        tmp_path / "n", {"a.jsonl": lines({"id": "1", "text": "One."}, {"text": "Two."})}
    )
    desk.run(news)

    written(news, {"a.jsonl": lines({"id": "1", "text": "One."})})

    assert desk.run(news / "a.jsonl", prune=True) == IngestReport(unchanged=1, removed=1)
    assert desk.ids() == {"1"}


def test_a_damaged_file_keeps_its_article(desk: Desk, folder: Path) -> None:
    """A file that cannot be read now is told; pruning does not take it for gone."""
    desk.run(folder)
    (folder / "a.txt").write_bytes(b"\xff\xfe\x00")

    report = desk.run(folder, prune=True)

    assert [Path(failure.path).name for failure in report.failures] == ["a.txt"]
    assert report.removed == 0
    assert desk.ids() == {"a.txt", "deep/b.md"}


def test_an_article_that_moved_is_not_pruned(desk: Desk, tmp_path: Path) -> None:
    """An article with an id of its own belongs to the folder it was met in last."""
    one, two = tmp_path / "one", tmp_path / "two"
    text = {"a.jsonl": lines({"id": "1", "text": "One."})}
    desk.run(written(one, text))
    desk.run(written(two, text))
    (one / "a.jsonl").unlink()

    assert desk.run(one, prune=True).removed == 0
    assert desk.ids() == {"1"}


@pytest.mark.parametrize("together", [True, False])
def test_the_same_name_in_other_folders_is_another_article(
    desk: Desk, tmp_path: Path, together: bool
) -> None:
    """Files of one name in three folders, also of one name, are three articles, twice."""
    folders = [
        written(tmp_path / place, {"a.txt": f"Text of {place}."})
        for place in ("x/news", "y/news", "z/news")
    ]

    for _ in range(2):
        reports = [desk.run(*folders)] if together else [desk.run(f) for f in folders]
        assert not any(report.failures for report in reports)

    assert len(desk.ids()) == 3
    assert {"a.txt", "news/a.txt", "y/news/a.txt"} >= desk.ids() - {"z/news/a.txt"}
    assert desk.store.generation() == (1 if together else 3)


def test_one_id_for_two_articles_is_told(desk: Desk, tmp_path: Path) -> None:
    """Of two articles with one id in a run the first is kept; the same twice is no failure."""
    rows = [{"id": "1", "text": "One."}, {"id": "1", "text": "One."}, {"id": "1", "text": "Two."}]
    news = written(tmp_path / "n", {"a.jsonl": lines(*rows)})

    report = desk.run(news)

    assert report.added == 1
    (failure,) = report.failures
    assert failure.path.endswith("a.jsonl:3") and "has the id 1" in failure.reason
    assert desk.find("one") == {"1"}


def test_broken_lines_and_files_do_not_cost_the_rest(desk: Desk, tmp_path: Path) -> None:
    """Each broken thing is told with its place and reason; the others are stored."""
    news = written(
        tmp_path / "n",
        {
            "a.jsonl": lines(
                {"text": "One."}, "{broken", {"text": "half \ud83d"}, {"text": "Two."}
            ),
            "b.md": "---\ntitle: [\n---\nThree.",
            "c.txt": "\ufeffFour.",
        },
    )
    (news / "d.txt").write_bytes(b"\x89PNG\x00\xff")

    report = desk.run(news)

    assert report.added == 3
    assert [f.path.removeprefix(f"{news}/") for f in report.failures] == [
        "a.jsonl:2",
        "a.jsonl:3",
        "b.md",
        "d.txt",
    ]
    assert "surrogate" in report.failures[1].reason
    assert all(failure.reason for failure in report.failures)


@pytest.mark.skipif(os.name == "nt", reason="file names are Unicode there")
def test_a_file_name_that_is_not_unicode_is_told(desk: Desk, tmp_path: Path) -> None:
    """Bytes in a name that are no text are a failure that can be printed."""
    news = written(tmp_path / "n", {"a.txt": "One."})
    try:
        Path(os.fsdecode(os.fsencode(news) + b"/b\xff.txt")).write_text("Two.")
    except OSError:
        pytest.skip("this file system takes only Unicode names")

    report = desk.run(news)

    assert report.added == 1
    (failure,) = report.failures
    assert "not Unicode" in failure.reason and failure.path.encode()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root reads any file")
def test_an_unreadable_file_is_told(desk: Desk, folder: Path) -> None:
    """A file without permission is a failure, not the end."""
    (folder / "a.txt").chmod(0)

    assert desk.run(folder).added == 1


def test_nothing_to_read_is_an_error(desk: Desk, tmp_path: Path) -> None:
    """An empty folder and a missing one are told, with what was looked for."""
    (tmp_path / "empty").mkdir()

    with pytest.raises(ReadError, match=r"no articles found in .*empty: looked for .*\.txt"):
        desk.run(tmp_path / "empty")
    with pytest.raises(ReadError, match="there is no file or folder"):
        desk.run(tmp_path / "gone")
    assert desk.run(tmp_path / "empty", prune=True) == IngestReport()


def test_progress_grows_to_the_end(desk: Desk, tmp_path: Path) -> None:
    """Every file is told once it is read, and what came of it at the last."""
    news = written(tmp_path / "n", {f"{n}.txt": f"Number {n}." for n in range(5)})
    told: list[Progress] = []

    desk.ingest.run([news], progress=told.append)

    assert told[-1] == Progress(files=5, of=5, articles=5, passages=5, share=1.0)
    assert [p.files for p in told] == sorted(p.files for p in told)
    assert [p.passages for p in told] == sorted(p.passages for p in told)


def test_progress_in_one_large_file_is_told(desk: Desk, tmp_path: Path) -> None:
    """A lone file's share grows as its lines are stored, from 0 to 1."""
    rows = [{"id": str(n), "text": f"Number {n}. " + "word " * 400} for n in range(300)]
    news = written(tmp_path / "n", {"a.jsonl": lines(*rows)})
    shares: list[float] = []

    desk.ingest.run([news], progress=lambda progress: shares.append(progress.share))

    between = [share for share in shares if 0 < share < 1]
    assert len(set(between)) >= 3
    assert min(shares) >= 0 and shares[-1] == 1


def test_an_interrupted_ingest_keeps_what_was_stored(desk: Desk, tmp_path: Path) -> None:
    """What finished before an error is searched, and the next ingest does the rest alone."""
    rows = [{"id": str(n), "text": f"Number {n}."} for n in range(150)]
    news = written(tmp_path / "n", {"a.jsonl": lines(*rows)})

    def stop(progress: Progress) -> None:
        if progress.articles >= 128:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.ingest.run([news], progress=stop)

    assert len(desk.find("number")) == 50
    report = desk.run(news)
    assert (report.added, report.unchanged, report.passages) == (22, 128, 22)
    assert desk.embeddings.embedded == 150


def test_two_ingests_at_once_are_one_too_many(desk: Desk, folder: Path) -> None:
    """While one ingest writes another is told so, and changes nothing."""
    other = Index(desk.folder, desk.store)
    with other.writing(), pytest.raises(IndexBusy):
        desk.run(folder)
    assert desk.ids() == set()


def test_the_same_passage_is_embedded_once(desk: Desk, tmp_path: Path) -> None:
    """Copies of a text share its vector."""
    news = written(tmp_path / "n", {"a.txt": "The same.", "b.txt": "The same."})

    assert desk.run(news) == IngestReport(added=2, passages=2, embedded=1, copies=1)


def test_a_rebuild_with_other_sizes_cuts_anew(desk: Desk, tmp_path: Path) -> None:
    """Rebuilding reads no file, embeds what is new alone, and finds everything again."""
    text = " ".join(f"Sentence number {n} stands here." for n in range(40))
    news = written(tmp_path / "n", {"a.txt": text, "b.txt": "Short."})
    desk.run(news)
    desk.close()
    for path in news.iterdir():
        path.unlink()

    smaller = Desk(tmp_path / "index", size=300)
    passages = smaller.ingest.rebuild("new")
    before = smaller.embeddings.embedded

    assert passages > 4
    assert smaller.find("sentence short") == {"a.txt", "b.txt"}
    assert smaller.ingest.rebuild("new") == passages
    assert smaller.embeddings.embedded == before
    smaller.close()


def test_many_articles_in_one_file_take_their_time_once(desk: Desk, tmp_path: Path) -> None:
    """Two thousand lines are stored in batches, each passage embedded once."""
    rows = [
        {"id": f"id{n}", "text": f"Number {n} of the long list of reports."} for n in range(2000)
    ]
    news = written(tmp_path / "n", {"a.jsonl": lines(*rows)})

    report = desk.run(news)

    assert (report.added, report.embedded) == (2000, 2000)
    assert desk.store.generation() == 32
