"""Dates and languages: what each format states, in the day it is written, and never a guess."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest
from test_reading_formats import docx, only, page, pdf

from rag.errors import ReadError
from rag.reading import File, Reading, read, read_file
from rag.reading.dateline import Dateline, dateline

PUBLISHED, MODIFIED = date(2024, 3, 4), date(2024, 5, 5)


def linked(*statements: str) -> bytes:
    """A page with these statements in its head."""
    return page("".join(f'<script type="application/ld+json">{s}</script>' for s in statements))


def under_headline(mark: str) -> bytes:
    """A page with a mark right under its headline."""
    return page().replace(b"</h1>", b"</h1>" + mark.encode())


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Updated: 5 May 2024\nThe bridge.", Dateline(None, MODIFIED)),
        ("Last updated on 5 May 2024\nThe bridge.", Dateline(None, MODIFIED)),
        ("4 March 2024\nUpdated: 5 May 2024\nThe bridge.", Dateline(PUBLISHED, MODIFIED)),
        ("Updated: 5 May 2024\nPublished: 4 March 2024\nx", Dateline(PUBLISHED, MODIFIED)),
        ("Published: 4 March 2024 | Updated: 5 May 2024\nx", Dateline(PUBLISHED, MODIFIED)),
        ("Published 4 March 2024, updated 5 May 2024\nx", Dateline(PUBLISHED, MODIFIED)),
        ("4 March 2024 (updated 5 May 2024)\nx", Dateline(PUBLISHED, MODIFIED)),
        ("Updated:\n5 May 2024\nx", Dateline(None, MODIFIED)),
        ("Mon, 04 Mar 2024 23:59:59 -0500\nx", Dateline(PUBLISHED)),
        ("Updated 3 hours ago\nx", Dateline()),
        ("The plan of 4 March 2024 was updated on 5 May 2024.", Dateline()),
        ("03/04/2024\nx", Dateline()),
    ],
)
def test_the_first_lines_state_two_days(text: str, days: Dateline) -> None:
    """A day of a change is never the day of publication; a date in a sentence is neither."""
    assert dateline(text) == days


def test_every_written_format_reads_its_dateline(tmp_path: Path) -> None:
    """Text, Markdown, PDF, Word and mail take both days from their first lines."""
    lines = ("4 March 2024", "Updated: 5 May 2024", "The bridge is open.")
    plain = "\n".join(lines).encode()
    files = {
        "a.txt": plain,
        "a.md": b"# Bridge\n\n" + plain,
        "a.pdf": pdf(*lines),
        "a.docx": docx(*lines),
        "a.eml": b"Subject: x\n\n" + plain,
    }

    for name, data in files.items():
        found = only(name, data)
        assert (found.published, found.modified) == (PUBLISHED, MODIFIED), name


def test_front_matter_states_its_days_itself() -> None:
    """With a card above it, a date in the text dates nothing."""
    found = only("a.md", b"---\nupdated: 2024-05-05\n---\n1 May 2020\n\nThe bridge.")

    assert (found.published, found.modified) == (None, MODIFIED)


def test_a_graph_that_is_a_list_is_read() -> None:
    """JSON-LD may be a list of graphs of lists; the article among them is found."""
    found = only(
        "a.html",
        linked(
            '[{"@type": "WebSite"}, {"@graph": [{"@type": "Person", "name": "x"},'
            '{"@type": ["WebPage", "ReportageNewsArticle"], "datePublished": "2024-03-04",'
            '"dateModified": "2024-05-05T00:30:00+02:00", "inLanguage": {"@type": "Language",'
            '"name": "German", "alternateName": "de"}}]}]'
        ),
    )

    assert (found.published, found.modified, found.language) == (PUBLISHED, MODIFIED, "de")


def test_the_page_s_own_statement_is_taken() -> None:
    """Of several articles that are stated the one of this page counts, not the one linked to."""
    other = '{"@type": "NewsArticle", "headline": "Ferry", "datePublished": "2019-01-01"}'
    own = '{"@type": "NewsArticle", "headline": "Bridge opens", "datePublished": "2024-03-04"}'

    assert only("a.html", linked(other, own)).published == PUBLISHED
    assert only("a.html", linked(f"[{other}, {own}]")).published == PUBLISHED


def test_a_wrapped_statement_is_read() -> None:
    """What hides a script from old browsers is no part of it."""
    own = '{"@type": "NewsArticle", "datePublished": "2024-03-04"}'

    assert only("a.html", linked(f"//<![CDATA[\n{own}\n//]]>")).published == PUBLISHED


@pytest.mark.parametrize(
    "stamp",
    [
        "2024-03-04T23:59:00-08:00",
        "2024-03-04T00:01:00+09:00",
        "20240304T235959",
        "Mon, 04 Mar 2024 23:59:00 -0800",
        "March 4, 2024, 11:59 p.m. ET",
        "2024-03-04 00:00:00 UTC",
    ],
)
def test_a_day_is_the_one_that_is_written(stamp: str) -> None:
    """Around midnight the day is that of the zone it is written in, in tags and in feeds."""
    tagged = page(f'<meta property="article:published_time" content="{stamp}">')

    assert only("a.html", tagged).published == PUBLISHED


def test_of_several_dates_the_article_s_own_goes_first() -> None:
    """Linked data goes before tags, tags before marks; a bad one gives way to the next."""
    tags = (
        '<meta property="article:published_time" content="2024-03-04">'
        '<meta property="article:modified_time" content="2024-05-05">'
    )
    wrong = '<script type="application/ld+json">{"@type":"Article","datePublished":"soon"}</script>'
    marked = '<time datetime="2020-01-01">x</time>'

    data = page(wrong + tags).replace(b"</h1>", b"</h1>" + marked.encode())

    found = only("a.html", data)
    assert (found.published, found.modified) == (PUBLISHED, MODIFIED)


@pytest.mark.parametrize(
    ("mark", "days"),
    [
        ("<p>Updated: 5 May 2024</p>", (None, MODIFIED)),
        ("<p>Updated <time datetime='2024-05-05T08:00'>today</time></p>", (None, MODIFIED)),
        ("<time class='updated' datetime='2024-05-05'>5 May</time>", (None, MODIFIED)),
        (
            "<p>Published <time datetime='2024-03-04'>4 March</time>"
            " Updated <time datetime='2024-05-05'>5 May</time></p>",
            (PUBLISHED, MODIFIED),
        ),
        ("<p><span>Updated:</span> <span>5 May 2024</span></p>", (None, MODIFIED)),
    ],
)
def test_a_marked_change_is_no_publication(
    mark: str, days: tuple[date | None, date | None]
) -> None:
    """A time that the page calls an update is the day of a change alone."""
    found = only("a.html", under_headline(mark))

    assert (found.published, found.modified) == days


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("{}", "en"),
        ('{"@type":"Article","inLanguage":"pt_BR"}', "pt-BR"),
        ('{"@type":"Article","inLanguage":"Deutsch 1"}', "en"),
    ],
)
def test_a_page_states_its_language(statement: str, code: str) -> None:
    """A code of the linked data, else of the page; words are no code."""
    assert only("a.html", linked(statement)).language == code


def test_a_language_that_is_not_stated_is_told_by_the_words() -> None:
    """A text that is long enough tells its language; a few words do not."""
    assert only("a.html", page().replace(b' lang="en"', b"")).language == "en"
    assert only("a.txt", b"The bridge is open.").language is None
    assert only("a.txt", "Die Brücke ist wieder offen.".encode()).language is None


def test_atom_knows_two_days_and_rss_one() -> None:
    """An Atom entry that was only updated is undated; `dc:date` dates an item of RSS."""
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>Herald</title>'
        "<entry><title>A</title><updated>2024-05-05T00:10:00+02:00</updated>{}"
        '<content xml:lang="de">Text.</content></entry></feed>'
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns="http://purl.org/rss/1.0/">'
        "<channel><title>Herald</title></channel><item><title>A</title><description>Text."
        "</description><dc:date>2024-03-04T23:00:00-05:00</dc:date></item></rdf:RDF>"
    )
    both = "<published>2024-03-04T23:50:00-05:00</published>"

    changed = only("a.atom", atom.format("").encode())
    dated = only("a.atom", atom.format(both).encode())
    old = only("a.rss", rdf.encode())

    assert (changed.published, changed.modified, changed.language) == (None, MODIFIED, "de")
    assert (dated.published, dated.modified) == (PUBLISHED, MODIFIED)
    assert (old.published, old.modified) == (PUBLISHED, None)


@pytest.mark.parametrize(
    ("header", "day"),
    [
        ("Mon, 4 Mar 2024 23:59:59 -0800", PUBLISHED),
        ("Mon, 04 Mar 2024 00:00:01 +0900", PUBLISHED),
        ("yesterday", None),
    ],
)
def test_a_mail_is_of_the_day_it_was_sent(header: str, day: date | None) -> None:
    """The header's own day counts, whatever day it was in Greenwich."""
    assert only("a.eml", f"Date: {header}\nSubject: x\n\nText.".encode()).published == day


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.html", "a.pdf", "a.docx", "a.eml"])
def test_the_time_of_a_file_dates_nothing(tmp_path: Path, name: str) -> None:
    """Neither the day a file was saved nor the day it is read is an article's."""
    data = {
        "a.html": page(),
        "a.pdf": pdf("The bridge is open."),
        "a.docx": docx("The bridge is open."),
        "a.eml": b"Subject: x\n\nThe bridge is open.",
    }
    path = tmp_path / name
    path.write_bytes(data.get(name, b"The bridge is open."))
    os.utime(path, (1_000_000_000, 1_000_000_000))

    (found,) = read(path)

    assert isinstance(found, Reading)
    assert (found.published, found.modified) == (None, None)


def test_a_page_without_an_address_has_the_one_it_was_found_at() -> None:
    """What is fetched is known by its address; one that it states itself goes first."""
    stated = page("<link rel='canonical' href='https://herald.example/own'>")

    def found(data: bytes) -> Reading | ReadError:
        return next(iter(read_file(File("x.html", File.of_bytes("x", data).open, address=WHERE))))

    fetched, own = found(page()), found(stated)

    assert isinstance(fetched, Reading) and isinstance(own, Reading)
    assert (fetched.url, own.url) == (WHERE, "https://herald.example/own")


WHERE = "https://herald.example/bridge?id=7"
