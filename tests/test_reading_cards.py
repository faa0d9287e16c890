"""Cards of web pages: each site's way of stating who wrote what, when; never what others say."""

from __future__ import annotations

import json
from datetime import date

import pytest
from test_reading_formats import only, page

DAY = date(2024, 3, 4)
GRAPH = {
    "@graph": [
        {
            "@type": "NewsArticle",
            "headline": "Bridge opens",
            "datePublished": "2024-03-04",
            "author": [{"@id": "#ines"}, {"@type": "Person", "name": "Leo Marsh"}],
            "publisher": {"@id": "#house"},
        },
        {"@type": "Person", "@id": "#ines", "name": "Ines Calder"},
        {"@type": "NewsMediaOrganization", "@id": "#house", "name": "Harbour Herald"},
    ]
}


def test_names_that_are_stated_elsewhere_in_the_graph_are_found() -> None:
    """A statement may refer to its author and publisher by their ids."""
    head = f'<script type="application/ld+json">{json.dumps(GRAPH)}</script>'

    reading = only("a.html", page(head))

    assert reading.author == "Ines Calder, Leo Marsh"
    assert reading.publisher == "Harbour Herald"


def test_a_reference_to_nothing_names_nobody() -> None:
    """Neither an id without a statement nor one that refers to itself is a name."""
    graph = {"@type": "NewsArticle", "author": {"@id": "#x"}, "publisher": {"@id": "#x"}}
    head = f'<script type="application/ld+json">{json.dumps(graph)}</script>'

    reading = only("a.html", page(head))

    assert (reading.author, reading.publisher) == (None, None)


def test_a_publisher_is_marked_in_microdata() -> None:
    """The name inside what is marked as the publisher is taken."""
    mark = (
        '<div itemprop="publisher" itemscope><meta itemprop="name" content="Harbour Herald"></div>'
    )

    assert only("a.html", page("", mark)).publisher == "Harbour Herald"


@pytest.mark.parametrize("kind", ["canonical", "Canonical", "canonical nofollow"])
def test_a_link_of_several_kinds_is_the_address(kind: str) -> None:
    """What a link is to its page is a list of words in any case."""
    head = f'<link rel="{kind}" href="https://herald.example/bridge">'

    assert only("a.html", page(head)).url == "https://herald.example/bridge"


@pytest.mark.parametrize("element", ["blockquote", "aside", "footer", "nav"])
def test_the_day_of_a_quoted_post_dates_nothing(element: str) -> None:
    """A date that stands alone in what others say, or in the frame, is not the article's."""
    quoted = f"</h1><{element}><p>So proud!</p><p>4 March 2024</p></{element}>"

    assert only("a.html", page().replace(b"</h1>", quoted.encode())).published is None
    assert only("a.html", page().replace(b"</h1>", b"</h1><p>4 March 2024</p>")).published == DAY


def test_the_time_of_the_file_is_no_change() -> None:
    """What stands in for the server's header tells when the page was made."""
    head = '<meta http-equiv="last-modified" content="Mon, 04 Mar 2024 10:00:00 GMT">'

    assert only("a.html", page(head)).modified is None


@pytest.mark.parametrize(
    "title", ["Bridge opens | Herald", "Bridge opens – Herald", "Bridge opens"]
)
def test_a_title_is_told_from_the_paper_s_name(title: str) -> None:
    """Where a heading says the first part of a page's title, the rest is the paper."""
    two = page().replace(b"<h1>Bridge opens</h1>", b"<h2>Bridge opens</h2>")

    assert only("a.html", two.replace(b"Page", title.encode())).title == "Bridge opens"


def test_a_hyphen_in_a_headline_stays() -> None:
    """A part of a title that no heading says is no headline."""
    whole = page().replace(b"<h1>Bridge opens</h1>", b"").replace(b"Page", b"Bridge - toll free")

    assert only("a.html", whole).title == "Bridge - toll free"


def test_a_byline_under_the_headline_names_the_author() -> None:
    """Words in any language that say who wrote it, with their date beside them."""
    line = "</h1><p>Par Inès Calder</p><p>Publié le 4 mars 2024, modifié le 5 mai 2024</p>"

    reading = only("a.html", page().replace(b"</h1>", line.encode()))

    assert reading.author == "Inès Calder"
    assert (reading.published, reading.modified) == (DAY, date(2024, 5, 5))


@pytest.mark.parametrize(
    "notice",
    [
        "Subscribe to continue reading",
        "Already a subscriber? Log in.",
        "Get unlimited access for 1 pound a week.",
        "This article is for subscribers only.",
        "Lesen Sie auch: <a href='/x'>Das Sommerfest der Fischer fällt in diesem Jahr aus</a>",
        "À lire aussi : <a href='/x'>La fête des pêcheurs est annulée cette année</a>",
    ],
)
def test_a_wall_and_its_neighbours_are_no_article(notice: str) -> None:
    """What asks for money and what leads elsewhere is dropped."""
    whole = only("a.html", page()).text

    assert only("a.html", page("", f"<p>{notice}</p>")).text == whole
