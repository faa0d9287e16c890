"""The archive as a reader keeps it: browse, read, add by dropping files, remove."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from rag import bundle, settings
from rag.archive import Archive, open_archive

from . import articles
from .chat import SIZE, ask, newest, serious
from .conftest import Watched, _served, opened, opened_in_trouble

HARBOUR = "The harbour master, Signe Holm, counted 214 ships in the harbour in May."
HOLM = "How many ships did the harbour master count?"


@pytest.fixture(scope="module")
def newsroom_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server of an archive that is only looked at."""
    folder = articles.write(tmp_path_factory.mktemp("newsroom"))
    with open_archive(tmp_path_factory.mktemp("newsroom-index")) as archive:
        archive.ingest(folder)
        archive.ingest(articles.tunnel(folder, articles.AFTER))
        with _served(archive) as url:
            yield url


@contextmanager
def kept(browser: Browser, archive: Archive) -> Iterator[Watched]:
    """The articles of an archive of one's own, open to be changed."""
    with _served(archive) as url, opened(browser, url) as watched:
        shown(watched.page)
        yield watched
    assert watched.strangers == []


def shown(page: Page) -> None:
    """Open the tab of the articles and wait for its list."""
    page.get_by_role("tab", name="Articles").click()
    expect(page.locator("#articles h2").last).to_be_visible()


def dropped(page: Page, *files: Path) -> None:
    """Give files to the field, as a drop does, and wait until all are read."""
    if page.locator("#drop").count() == 0 or not page.locator("#drop").is_visible():
        page.locator("#add > button").click()
    page.evaluate("document.querySelector('#added .took')?.classList.add('before')")
    page.locator("#drop input[type=file]").set_input_files(list(files))
    said = f"{len(files)} of {len(files)} file"
    expect(page.locator("#added .took.before")).to_have_count(0)
    expect(page.locator("#added [role=status]")).to_contain_text(said)


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


class TestBrowsing:
    def test_list_goes_on(self, browser: Browser, newsroom_url: str) -> None:
        """Fifty articles, newest first; "Show more" gives the rest and goes to the first of it."""
        with opened(browser, newsroom_url) as watched:
            page = watched.page
            shown(page)
            entries = page.locator("#articles .others > li")
            expect(page.locator("#articles")).to_contain_text("The newest 50 of 66 articles")
            expect(entries.first).to_contain_text("3 Jun 2023")

            page.get_by_role("button", name="Show 16 more").press("Enter")

            expect(entries).to_have_count(66)
            expect(entries.nth(50)).to_be_focused()
            expect(entries.last).to_contain_text("date unknown")

    def test_a_year_of_the_bars_limits_the_list(self, browser: Browser, newsroom_url: str) -> None:
        """Pressing a year shows its articles and writes it into the fields."""
        with opened(browser, newsroom_url) as watched:
            page = watched.page
            shown(page)

            page.locator("#articles .timeline").get_by_role("button", name="2015").click()

            expect(page.locator("#articles")).to_contain_text("5 articles")
            expect(page.get_by_label("Since").last).to_have_value("2015")
            expect(page.locator("#articles .others > li")).to_have_count(5)

    def test_publisher_limits_the_list(self, browser: Browser, newsroom_url: str) -> None:
        """A publisher that is chosen is the only one listed."""
        with opened(browser, newsroom_url) as watched:
            page = watched.page
            shown(page)

            page.get_by_label("Publishers").last.click()
            page.get_by_role("option", name="The Wire").last.click()

            expect(page.locator("#articles .others > li")).to_have_count(1)
            expect(page.locator("#articles .others")).to_contain_text(
                "Carried by 2 more articles: The Echo, The Gazette"
            )

    def test_search_finds_words_and_versions(self, browser: Browser, newsroom_url: str) -> None:
        """Words find the articles that hold them; a corrected one says so and opens."""
        with opened(browser, newsroom_url) as watched:
            page = watched.page
            shown(page)

            page.get_by_label("Search the articles").fill("harbour tunnel")
            page.get_by_role("button", name="Search").click()

            expect(page.locator("#articles")).to_contain_text("3 articles found")
            corrected = page.locator("#articles li", has_text="Harbour tunnel opens to traffic")
            expect(corrected).to_contain_text("corrected on or before")
            corrected.get_by_role("button").click()
            expect(page.locator("#reading .reader")).to_be_focused()
            expect(page.locator("#reading .reader")).to_contain_text("2 versions")


class TestAdding:
    def test_each_file_gets_its_result(self, browser: Browser, tmp_path: Path) -> None:
        """Added, updated, unchanged and failed are told by file; the page answers from them."""
        new = written(tmp_path / "new" / "harbour.txt", HARBOUR)
        same = written(tmp_path / "same.txt", "The market is held on Mondays in the old square.")
        changed = written(tmp_path / "changed.txt", "The market hall opens at seven.")
        empty = written(tmp_path / "empty.md", "")
        table = written(
            tmp_path / "table.csv",
            "title,text\nOne,The first row speaks of larks.\nTwo,The second speaks of wrens.\n",
        )
        with open_archive(tmp_path / "index") as archive, kept(browser, archive) as watched:
            page = watched.page
            dropped(page, same, changed)
            written(changed, "The market hall opens at eight.")

            dropped(page, new, same, changed, empty, table)

            took = page.locator("#added .took")
            expect(took.locator("li", has_text="harbour.txt")).to_contain_text("added")
            expect(took.locator("li", has_text="same.txt")).to_contain_text("unchanged")
            expect(took.locator("li", has_text="changed.txt")).to_contain_text("updated")
            expect(took.locator("li", has_text="empty.md")).to_contain_text("not added")
            expect(took.locator("li", has_text="table.csv")).to_contain_text("2 added")
            expect(page.locator(".holdings")).to_contain_text("5 articles")
            expect(page.locator("#articles")).to_contain_text("5 articles")
            page.get_by_role("tab", name="Ask").click()
            ask(page, HOLM)
            expect(newest(page)).to_contain_text("214 ships")
        assert watched.complaints == []

    def test_first_article_begins_an_archive(
        self, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """On the bundled articles a drop begins the user's own archive, and the page goes on."""
        own = tmp_path / "own"
        monkeypatch.setenv("RAG_INDEX", str(own))
        chosen = settings.load()
        seeds = Archive(tmp_path / "seeds", chosen, is_seeds=True)
        seeds.ingest(bundle.folder("seeds"))
        before = seeds.status().corpus
        with seeds, kept(browser, seeds) as watched:
            page = watched.page
            page.locator("#articles").get_by_role("button", name="Read the article").first.click()
            expect(page.locator("#reading .reader")).to_be_visible()
            expect(page.get_by_role("button", name="Remove this article")).to_have_count(0)
            page.locator("#add > button").click()
            expect(page.locator("#adding")).to_contain_text("begins it in")

            dropped(page, written(tmp_path / "empty.txt", ""))
            expect(page.locator(".masthead")).to_contain_text("bundled seed articles")
            dropped(page, written(tmp_path / "harbour.txt", HARBOUR))

            expect(page.locator(".masthead")).not_to_contain_text("bundled seed articles")
            expect(page.locator(".holdings")).to_have_text("1 article")
            page.get_by_role("tab", name="Ask").click()
            ask(page, HOLM)
            expect(newest(page)).to_contain_text("214 ships")
        with open_archive(own) as mine, open_archive(tmp_path / "seeds") as bundled:
            assert [article.text for article in mine.articles()] == [HARBOUR]
            assert bundled.status().corpus == before

    def test_what_may_not_be_added_is_refused(self, browser: Browser, tmp_path: Path) -> None:
        """A type we do not read and a file beyond the limit are refused with a reason."""
        chosen = settings.load(upload_megabytes=1)
        large = written(tmp_path / "large.txt", "word " * 300_000)
        program = written(tmp_path / "run.exe", "MZ")
        # Gradio refuses the large file in the browser, and all the same asks the server how far it
        # is; sooner or later it is told that there is no such file.
        with (
            Archive(tmp_path / "index", chosen) as archive,
            _served(archive) as url,
            opened_in_trouble(browser, url) as watched,
        ):
            page = watched.page
            shown(page)
            page.locator("#add > button").click()
            page.locator("#drop input[type=file]").set_input_files(large)
            expect(page.get_by_test_id("toast-body").last).to_be_visible()

            dropped(page, program)
            expect(page.locator("#added li", has_text="run.exe")).to_contain_text("the ending .exe")
            dropped(page, written(tmp_path / "harbour.txt", HARBOUR))

            expect(page.locator("#added .added", has_text="harbour.txt")).to_be_visible()
            assert len(archive.sources()) == 1

    def test_a_name_is_never_a_path(self, browser: Browser, tmp_path: Path) -> None:
        """Whatever the browser calls a file, nothing is written beside the archive."""
        with open_archive(tmp_path / "index") as archive, kept(browser, archive) as watched:
            page = watched.page
            page.locator("#add > button").click()
            page.locator("#drop input[type=file]").set_input_files(
                {"name": "../../../<b>up</b>.txt", "mimeType": "text/plain", "buffer": b"Larks."}
            )

            expect(page.locator("#added .took li")).to_contain_text("added")

            (source,) = archive.sources()
            assert "/" not in source.article_id
            assert page.locator("#added b b").count() == 0
        assert {path.name for path in tmp_path.iterdir()} == {"index"}

    def test_readers_without_leave_add_nothing(
        self, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Where readers may not write there is no field, no button and no way round them."""
        monkeypatch.setattr("rag.service.app.mount_page", _without_leave)
        with open_archive(tmp_path / "index") as archive:
            archive.ingest(written(tmp_path / "harbour.txt", HARBOUR))
            with kept(browser, archive) as watched:
                page = watched.page
                page.locator("#articles").get_by_role("button", name="Read the article").click()
                expect(page.locator("#reading .reader")).to_be_visible()

                expect(page.locator("#add")).to_have_count(0)
                expect(page.get_by_role("button", name="Remove this article")).to_have_count(0)
                sent = page.request.post(
                    f"{watched.home}gradio_api/upload",
                    multipart={
                        "files": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Larks."}
                    },
                )
                assert not sent.ok
            assert len(archive.sources()) == 1


def _without_leave(*given: object, **named: object) -> object:
    from rag.page import mount_page

    return mount_page(*given, **{**named, "may_write": False})  # type: ignore[arg-type]


class TestRemoving:
    def test_removing_is_asked_first(self, browser: Browser, tmp_path: Path) -> None:
        """Two steps by keyboard: keeping changes nothing, removing takes it out of every answer."""
        with open_archive(tmp_path / "index") as archive:
            archive.ingest(written(tmp_path / "harbour.md", f"---\ntitle: Ships\n---\n{HARBOUR}"))
            archive.ingest(written(tmp_path / "market.txt", "The market is held on Mondays."))
            with kept(browser, archive) as watched:
                page = watched.page
                ships = page.locator("#articles li", has_text="Ships")
                ships.get_by_role("button").click()
                page.get_by_role("button", name="Remove this article").press("Enter")
                expect(page.locator("#confirm")).to_be_focused()
                expect(page.locator("#confirm")).to_contain_text("Remove “Ships”?")

                page.get_by_role("button", name="Keep it").press("Enter")
                expect(page.locator("#reading .reader")).to_be_focused()
                expect(page.locator(".holdings")).to_contain_text("2 articles")
                page.get_by_role("button", name="Remove this article").press("Enter")
                page.get_by_role("button", name="Remove it").press("Enter")

                expect(page.locator("#removed")).to_be_focused()
                expect(page.locator("#removed")).to_have_text("Removed “Ships”.")
                expect(page.locator(".holdings")).to_contain_text("1 article")
                expect(page.locator("#articles .others > li")).to_have_count(1)
                page.get_by_role("tab", name="Ask").click()
                ask(page, HOLM)
                expect(newest(page)).to_contain_text("The archive does not say.")
            assert watched.complaints == []

    def test_reading_goes_on_while_files_are_added(self, browser: Browser, tmp_path: Path) -> None:
        """Somebody who asks while another adds gets a whole answer."""
        with open_archive(tmp_path / "index") as archive:
            archive.ingest(bundle.folder("seeds"))
            with kept(browser, archive) as watched:
                adding = threading.Thread(
                    target=archive.ingest, args=(articles.write(tmp_path / "more"),)
                )
                adding.start()
                watched.page.get_by_role("tab", name="Ask").click()
                ask(watched.page, SIZE)
                expect(newest(watched.page)).to_contain_text("551.5")
                adding.join()


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_archive_is_for_everyone(
    browser: Browser, tmp_path: Path, screenshots: Path, axe: str, width: int, dark: bool
) -> None:
    """axe finds nothing serious while browsing, adding and removing; nothing scrolls sideways."""
    name = f"archive-{width}-{'dark' if dark else 'light'}"
    files = [written(tmp_path / "a.txt", HARBOUR), written(tmp_path / "b.md", "")]
    with open_archive(tmp_path / "index") as archive:
        archive.ingest(bundle.folder("seeds"))
        with (
            _served(archive) as url,
            opened(browser, url, width=width, height=844, dark=dark) as watched,
        ):
            page = watched.page
            page.evaluate(axe)
            shown(page)
            dropped(page, *files)
            page.locator("#articles").get_by_role("button", name=re.compile("^Read")).first.click()
            page.locator("#reading .reader").wait_for()
            page.screenshot(path=screenshots / f"{name}-added.png", full_page=True)
            found = serious(page)
            page.get_by_role("button", name="Remove this article").click()
            page.locator("#confirm").wait_for()
            page.screenshot(path=screenshots / f"{name}-confirm.png", full_page=True)
            found += serious(page)

            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert found == []
