"""The commands that look after an archive: what they print, in 80 columns, and how they end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from conftest import NEWS, Run, written

from rag.archive import open_archive

FERRY = "How many passengers does the ferry carry?"


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every line fits 80 columns."""
    monkeypatch.setenv("COLUMNS", "80")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the six articles, one of them corrected."""
    place = tmp_path_factory.mktemp("shelf")
    news = written(place / "news", NEWS)
    with open_archive(place / "index") as archive:
        archive.ingest(news)
        written(news, {"ferry.md": NEWS["ferry.md"].replace("120", "130")})
        archive.ingest(news)
    return place / "index"


def test_the_list_is_newest_first_with_copies_and_corrections(run: Run, made: Path) -> None:
    """Date, publisher and title, then the id; undated last; copies and versions are marked."""
    ran = run("articles", "list", "--index", made)

    assert ran.status == 0
    heads = [line for line in ran.out.splitlines() if line and not line.startswith(" ")]
    assert heads[0].startswith("2024-09-20  Harbour Herald · Apple growers")
    assert heads[-2:] == ["no date     The library and its clock", "6 articles."]
    assert ran.out.count("= 1 copy of this report: wire/bridge.md") == 1
    assert "v2, corrected on" in ran.out
    assert all(len(line) <= 80 for line in ran.out.splitlines())


@pytest.mark.parametrize(
    ("options", "ids"),
    [
        (["--publisher", "zürcher bote"], ["orchestra.md"]),
        (["--since", "2024-04-18", "--until", "2024-06-02"], ["orchestra.md", "ferry.md"]),
        (["--words", "SKARN ferry"], ["ferry.md"]),
        (["--words", "élise"], ["orchestra.md"]),
        (["--words", "100%"], []),
        (["--limit", "2", "--skip", "1"], ["orchestra.md", "ferry.md"]),
        (["--skip", "99"], []),
    ],
)
def test_the_list_is_limited(run: Run, made: Path, options: list[str], ids: list[str]) -> None:
    """By publisher, days and words, whatever their case; page by page."""
    ran = run("articles", "list", "--index", made, "--json", *options)

    assert [each["article_id"] for each in json.loads(ran.out)["listed"]] == ids


def test_a_page_tells_how_to_see_the_next(run: Run, made: Path) -> None:
    """What was left out is told with the option that shows it."""
    assert run("articles", "list", "--index", made, "--limit", "4").out.endswith(
        "4 of 6 articles; more with --skip 4.\n"
    )
    assert run("articles", "list", "--index", made, "--words", "nowhere").out == "No article.\n"


def test_an_article_is_shown_with_all_that_is_known(run: Run, made: Path) -> None:
    """Card, origin, copies, versions, text; by its id or its url."""
    ran = run("articles", "show", "bridge.md", "--index", made)
    by_url = run("articles", "show", "https://herald.example/apples", "--index", made, "--json")

    for held in ("4 March 2024", "Ines Calder", "news/bridge.md", "copies      wire/bridge.md"):
        assert held in ran.out
    assert ran.out.rstrip().endswith("would have cost twice as much.")
    shown = json.loads(by_url.out)
    assert (shown["article_id"], shown["removed"]) == ("harvest", False)
    assert shown["passages"] == [[0, len(shown["text"].rstrip())]]


def test_the_history_shows_what_changed(run: Run, made: Path) -> None:
    """Each version with its state, and the sentences that went and came."""
    ran = run("articles", "history", "ferry.md", "--index", made)

    lines = ran.out.splitlines()
    assert lines[0].startswith("v1 · 20") and lines[0].endswith("· not searched")
    assert lines[1].startswith("v2 · 20") and lines[1].endswith("· live")
    assert "   - It carries 120 passengers and 14 cars." in lines
    assert "   + It carries 130 passengers and 14 cars." in lines
    plain = json.loads(run("articles", "history", "ferry.md", "--index", made, "--json").out)
    assert [version["number"] for version in plain] == [1, 2]


def test_articles_are_removed_together_or_not_at_all(run: Run, index: Path) -> None:
    """One unknown id and none is removed; a removed one keeps its history."""
    ran = run("articles", "remove", "ferry.md", "fery.md", "--index", index)
    assert ran.status == 2
    assert "no article 'fery.md'" in ran.err and "did you mean 'ferry.md'" in ran.err

    ran = run("articles", "remove", "ferry.md", "harvest", "--index", index)
    assert (ran.status, ran.out) == (0, "Removed ferry.md.\nRemoved harvest.\n")
    assert "4 articles." in run("articles", "list", "--index", index).out
    assert "removed before" in run("articles", "remove", "harvest", "--index", index).err
    assert "removed from the archive" in run("articles", "show", "ferry.md", "--index", index).out


def test_forgetting_wants_a_yes(run: Run, index: Path) -> None:
    """Unasked it is refused where nobody can be asked; with --yes nothing of it is left."""
    ran = run("articles", "remove", "ferry.md", "--forget", "--index", index)
    assert ran.status == 2 and "--yes" in ran.err

    ran = run("articles", "remove", "ferry.md", "--forget", "--yes", "--index", index)
    assert ran.status == 0 and "Forgot ferry.md." in ran.out
    assert "Backups" in ran.out and "news/ferry.md" in ran.out
    assert run("articles", "history", "ferry.md", "--index", index).status == 2


def test_status_fits_the_screen(run: Run, made: Path) -> None:
    """Health, counts, publishers, sizes: no line is longer than 80 columns."""
    ran = run("status", "--index", made)

    assert ran.status == 0
    for held in (
        "in step",
        "6 in 6 passages",
        "7 stored",
        "Harbour Herald 2",
        "KiB store",
        "1000/150",
    ):
        assert held in ran.out
    paths = [line for line in ran.out.splitlines() if str(made) not in line]
    assert all(len(line) <= 80 for line in paths)
    plain = json.loads(run("status", "--index", made, "--json").out)
    assert plain["health"] == "in step" and plain["census"]["versions"] == 7


def test_the_doctor_says_each_check_in_words(run: Run, index: Path) -> None:
    """Status 1 while something is wrong and only looked at; 0 when it was mended."""
    shutil.rmtree(index / "generations")

    looked = run("doctor", "--check", "--index", index)
    assert looked.status == 1
    assert "✗ index       wrong:" in looked.out and "✓ store       ok:" in looked.out
    mended = run("doctor", "--index", index, "--json")
    assert mended.status == 0
    assert {"check": "index", "state": "mended"}.items() <= next(
        found for found in json.loads(mended.out) if found["check"] == "index"
    ).items()


def test_an_archive_goes_into_a_file_and_back(run: Run, made: Path, tmp_path: Path) -> None:
    """Backed up, restored to a new folder, asked; not over another archive unless told to."""
    file, new = tmp_path / "archive.backup", tmp_path / "new"

    assert "6 articles in 7 versions" in run("backup", file, "--index", made).out
    assert "6 articles in 7 versions" in run("restore", file, "--index", new).out
    assert "130" in run("ask", FERRY, "--index", new).out
    refused = run("restore", file, "--index", new)
    assert refused.status == 2 and "--replace" in refused.err
    assert run("restore", file, "--index", new, "--replace").status == 0


def test_a_restored_archive_of_other_settings_is_partly_done(
    run: Run, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Status 3, and the command that makes it searchable."""
    file = tmp_path / "archive.backup"
    run("backup", file, "--index", made)
    monkeypatch.setenv("RAG_PASSAGE_SIZE", "500")

    ran = run("restore", file, "--index", tmp_path / "new")

    assert ran.status == 3 and "rag rebuild" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "words",
    [["articles", "list"], ["articles", "show", "a"], ["articles", "remove", "a"], ["doctor"]],
)
def test_help_and_errors_are_plain(run: Run, tmp_path: Path, words: list[str]) -> None:
    """Every command explains itself, and a place that cannot be used is one line."""
    (tmp_path / "file").write_text("")

    assert "--index" in run(*words[:2], "--help").out
    ran = run(*words, "--index", tmp_path / "file" / "index")

    assert ran.status == 2
    assert ran.err.startswith("rag: ") and ran.err.count("\n") == 1
