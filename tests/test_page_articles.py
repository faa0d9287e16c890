"""The page's articles: what is listed, what is read, and what limits the search."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from rag.errors import QuestionError
from rag.page import catalog
from rag.page.limits import limits, said
from rag.page.opened import Opened
from rag.page.reader import read
from rag.records import Article, Filters, Hit, Passage, Source

TEXT = "The bridge was closed.\n\nIt holds 900 <b>cars</b>. It holds 900 cars again."
QUOTED = "It holds 900"


def source(number: int, published: date | None = None) -> Source:
    return Source(f"a{number}", f"Title {number}", "The Gazette", published)


def article(text: str = TEXT) -> Article:
    return Article(Source("a", "A bridge", "The Gazette", date(2023, 9, 13)), text, "hash")


class TestLimits:
    @pytest.mark.parametrize(
        ("since", "until", "first", "last"),
        [
            ("", "", None, None),
            (None, None, None, None),
            ("2023", "2023", date(2023, 1, 1), date(2023, 12, 31)),
            ("2024-02", "2024-02", date(2024, 2, 1), date(2024, 2, 29)),
            (" 2023-9-3 ", "2023-09-13", date(2023, 9, 3), date(2023, 9, 13)),
        ],
    )
    def test_years_months_and_days(
        self, since: str | None, until: str | None, first: date | None, last: date | None
    ) -> None:
        """A year or month as the end of a span means its last day."""
        filters = limits(since, until, None)

        assert (filters.since, filters.until) == (first, last)

    @pytest.mark.parametrize(
        "typed", ["soon", "2023-13", "2023-02-30", "0000", "23", "2023-00", "2023-01-00"]
    )
    def test_unreadable_date_is_named(self, typed: str) -> None:
        """A date that cannot be read is refused in a line that quotes it and shows the forms."""
        for given in ((typed, ""), ("", typed)):
            with pytest.raises(QuestionError, match=f"'{typed}' is not a date: write 2023"):
                limits(*given, None)

    def test_dates_in_the_wrong_order_are_refused(self) -> None:
        """A span that holds no day is refused, not answered with "The archive does not say"."""
        with pytest.raises(QuestionError, match="swap the dates"):
            limits("2024", "2023", ())

    def test_limits_are_said(self) -> None:
        """The limits in force can be read as a phrase."""
        filters = limits("2023", "", ("The Gazette", "The Echo"))

        assert said(Filters()) == "all articles"
        assert said(filters) == "only articles since 1 Jan 2023 by The Gazette, The Echo"


class TestReader:
    def test_quote_is_marked_at_its_place(self) -> None:
        """Of two equal sentences the one that was quoted is marked, and all text is escaped."""
        second = TEXT.rindex(QUOTED)

        shown = read(Opened(article(), QUOTED, second))

        assert (
            "It holds 900 &lt;b&gt;cars&lt;/b&gt;. <mark>It holds 900</mark> cars again." in shown
        )

    def test_moved_quote_is_found(self) -> None:
        """A quote that moved when the article changed is marked where it stands now."""
        shown = read(Opened(article("New words. " + TEXT), QUOTED, TEXT.index(QUOTED)))

        assert "<mark>It holds 900</mark> &lt;b&gt;" in shown

    def test_vanished_quote_is_said_to_be_gone(self) -> None:
        """When the article no longer holds the quote, nothing is marked and the reader is told."""
        shown = read(Opened(article("Other words."), QUOTED, 24))

        assert "<mark>" not in shown
        assert "The article has changed since this answer was given" in shown


class TestCatalog:
    def test_list_keeps_its_order_and_names_copies(self) -> None:
        """Articles stand in the order given; one that others carry too names their publishers."""
        copies = {"a1": (replace(source(9), publisher="The Echo"),)}

        shown = catalog.listing([source(2), source(1)], 2, copies)

        assert shown.index("Title 2") < shown.index("Title 1")
        assert "Carried by 1 more article: The Echo" in shown
        assert "2 articles" in shown

    def test_long_list_says_what_it_leaves_out(self) -> None:
        """A list that is cut says how many there are, and offers as many as are left."""
        shown = catalog.listing([source(n) for n in range(catalog.LISTED)], catalog.LISTED + 5)

        assert f"The newest {catalog.LISTED} of {catalog.LISTED + 5} articles" in shown
        assert shown.count("<li ") == catalog.LISTED
        assert f'data-more="{catalog.LISTED + 5}"' in shown
        assert "Show 5 more" in shown

    def test_whole_list_offers_no_more(self) -> None:
        """Where everything is shown there is nothing to press for more."""
        assert "data-more" not in catalog.listing([source(1)], 1)

    def test_words_go_before_meaning(self) -> None:
        """Passages that only come near in meaning are shown where no article holds the words."""
        near = Hit(Passage("a:1", source(1), "Near", 0, 4), 1.0, {"vectors": 1})
        holding = Hit(Passage("b:1", source(2), "Holding", 0, 7), 0.5, {"words": 1})

        assert "Near" not in catalog.found([near, holding])
        assert "No article holds these words" in catalog.found([near])
        assert "Nothing found" in catalog.found([])

    def test_article_found_twice_is_listed_once(self) -> None:
        """Of an article's passages the best one stands for it."""
        hits = [
            Hit(Passage(f"a:{n}", source(1), f"Passage {n}", n, n + 9), 1.0, {"words": n})
            for n in (1, 2)
        ]

        shown = catalog.found(hits)

        assert "1 article found" in shown
        assert "Passage 1" in shown
        assert "Passage 2" not in shown

    def test_timeline_counts_months_then_years(self) -> None:
        """A short span counts by month, a long one by year; undated articles are counted apart."""
        short = catalog.timeline([source(1, date(2023, 9, 1)), source(2, date(2023, 9, 30))])
        long = catalog.timeline(
            [source(1, date(2010, 9, 1)), source(2, date(2023, 9, 30)), source(3)]
        )

        assert 'data-when="2023-09">Sep 2023</button>' in short
        assert '<span class="many">2 articles</span>' in short
        assert 'data-when="2010">2010</button>' in long
        assert '2011</button> <span class="bar" style="width: 0.0%"></span>' in long
        assert "1 article without a date" in long
