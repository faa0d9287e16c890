"""The evidence: its tabs, disagreements on a line of time, corrections, versions, omissions."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

import pytest

from rag.conversation import Exchange
from rag.page import evidence, wording
from rag.page.disagreement import disagreement
from rag.page.omissions import omissions
from rag.page.opened import Opened
from rag.page.reader import AT_ONCE, read
from rag.page.tongue import Language, speaking
from rag.quoting.left_out import LeftOut, Limit, Missed
from rag.records import (
    Answer,
    Article,
    Citation,
    Claim,
    Conflict,
    Filters,
    Hit,
    Passage,
    Quote,
    Source,
)
from rag.versions import Version

MAY = date(2024, 5, 5)
SOURCE = Source("a", "A bridge", "The Gazette", date(2024, 5, 1))


def citation(marker: int, source: Source, text: str = "It cost 9 crowns.") -> Citation:
    return Citation(marker, Quote(source, 0, len(text), text), passage(source, text))


def passage(source: Source, text: str = "It cost 9 crowns.") -> Passage:
    return Passage(f"{source.article_id}:0", source, text, 0, len(text))


def answer(*citations: Citation, hits: tuple[Hit, ...] = ()) -> Answer:
    claims = tuple(Claim(cited.quote.text, (cited,)) for cited in citations)
    return Answer("What did it cost?", "What did it cost?", claims, hits, complete=True)


class TestCorrections:
    @pytest.mark.parametrize(
        ("modified", "corrected", "said"),
        [
            (MAY, MAY, "corrected on 5 May 2024"),
            (None, MAY, "corrected on or before 5 May 2024"),
            (date(2024, 5, 3), MAY, "corrected on or before 5 May 2024"),
            (MAY, None, "updated 5 May 2024"),
            (date(2024, 5, 1), None, ""),
            (None, None, ""),
        ],
    )
    def test_day_is_said_as_it_is_known(
        self, modified: date | None, corrected: date | None, said: str
    ) -> None:
        """A stated day is the day; one that was only met is a latest; no change says nothing."""
        source = replace(SOURCE, modified=modified, corrected=corrected)

        assert wording.changed(source) == said
        assert (
            said in evidence.panel(Exchange("?", "t1", answer(citation(1, source))))
        ) or not said


class TestTabs:
    def test_each_tab_controls_its_panel(self) -> None:
        """Three tabs, one chosen, each with a panel of its own that names it."""
        other = Hit(passage(replace(SOURCE, article_id="b")), 1.0)
        shown = evidence.panel(Exchange("?", "t1", answer(citation(1, SOURCE), hits=(other,))))

        controlled = re.findall(r'role="tab" id="([^"]*)" aria-controls="([^"]*)"', shown)
        panels = re.findall(
            r'role="tabpanel" id="([^"]*)" tabindex="0" aria-labelledby="([^"]*)"', shown
        )
        assert len(controlled) == 3
        assert [(panel, tab) for tab, panel in controlled] == panels
        assert shown.count('aria-selected="true"') == 1
        assert shown.count(" hidden>") == 2
        assert "Cited (1)" in shown
        assert "Found, not cited (1)" in shown

    def test_left_out_is_looked_for_when_asked(self) -> None:
        """The tab asks the server once; it does not ask for an answer that is not complete."""
        whole = answer(citation(1, SOURCE))
        asking = 'data-tab="left-out"'

        assert asking in evidence.panel(Exchange("?", "t1", whole))
        assert asking not in evidence.panel(Exchange("?", "t1", replace(whole, complete=False)))
        assert asking not in evidence.panel(Exchange("?", "t1", whole), LeftOut(Filters()))


class TestDisagreement:
    def test_days_between_sides_are_counted(self) -> None:
        """Sides stand in their order with the days between them; the same day is said so."""
        days = (date(2024, 5, 1), date(2024, 5, 1), MAY)
        sides = tuple(
            citation(n, replace(SOURCE, published=day)) for n, day in enumerate(days, start=1)
        )

        shown = disagreement(Conflict("the cost", sides, "9 and 10"), "t1")

        assert re.findall(r'class="gap">([^<]*)<', shown) == ["the same day", "4 days later"]
        assert "In the order of their dates, oldest first." in shown
        assert 'href="#t1-3"' in shown

    def test_undated_side_claims_no_order(self) -> None:
        """Where a side states no date, no order and no days are claimed."""
        sides = (citation(1, SOURCE), citation(2, replace(SOURCE, published=None)))

        shown = disagreement(Conflict("", sides, ""), "t1")

        assert "Not every article states its date." in shown
        assert "gap" not in shown


class TestOmissions:
    def test_nothing_left_out_says_so(self) -> None:
        """An answer from which nothing was left out has one plain line."""
        assert "Nothing was left out." in omissions(answer(), LeftOut(Filters()), "t1")

    def test_each_reason_is_said(self) -> None:
        """Counts, passages with every limit they fail, copies and a model's dropped sentences."""
        filters = Filters(since=MAY, publishers=("The Echo",))
        hit = Hit(passage(SOURCE), 1.0, copies=(replace(SOURCE, publisher="The Wire"),))
        missed = Missed(hit, (Limit.EARLIER, Limit.PUBLISHER))
        out = LeftOut(filters, 1, 2, 3, (missed,), (hit,), 4)
        said = "Written by m: 1 of 3 sentences borne out by what they cite (5 tokens read)."

        shown = omissions(replace(answer(hits=(hit,)), notes=(said, "Another note.")), out, "t1")

        for words in (
            "Searched were only articles since 5 May 2024 by The Echo.",
            "1 article without a date, because a date was asked for",
            "2 articles outside the dates asked for",
            "3 articles of other publishers",
            "Left out: it is older than what was asked for, it is by another publisher.",
            "4 more passages matched less well",
            "Read once, though it is also in 1 other article: The Wire",
            "1 of 3 sentences borne out",
        ):
            assert words in shown
        assert "Another note." not in shown


class TestReader:
    def test_very_long_text_is_cut_around_its_quote(self) -> None:
        """Of a megabyte the stretch with the quote is shown; the rest is a button away."""
        text = "word " * 100_000 + "The quote." + " word" * 100_000
        opened = Opened(Article(SOURCE, text, "h"), "The quote.", press={"article": "a"})

        cut, whole = read(opened), read(replace(opened, whole=True))

        assert "<mark>The quote.</mark>" in cut
        assert len(cut) < AT_ONCE + 5_000
        assert 'data-article="a" data-whole="yes"' in cut
        assert "data-whole" not in whole
        assert whole.count("word") == 200_000

    def test_versions_are_listed_with_their_changes(self) -> None:
        """Each version has its day and a way to it; what changed is said in words."""
        old = Article(SOURCE, "It cost 9 crowns. It rained.", "h1", 1)
        source = replace(SOURCE, modified=MAY, corrected=MAY)
        new = Article(source, "It cost 10 crowns. It rained.", "h2", 2)
        history = (
            Version(1, datetime(2024, 5, 2), old, False, None),
            Version(2, datetime(2024, 5, 6), new, True, MAY),
        )
        opened = Opened(new, "It cost 9 crowns.", history=history, press={"article": "a"})

        shown, before = read(opened), read(replace(opened, article=old))

        assert "Version 2, stored on 6 May 2024, corrected on 5 May 2024" in shown
        assert "Removed</span> <del>It cost 9 crowns.</del>" in shown
        assert "Added</span> <ins>It cost 10 crowns.</ins>" in shown
        assert "Read version 1, which holds it" in shown
        assert "This is version 1, as it was before." in before
        assert "<mark>It cost 9 crowns.</mark>" in before


def test_dates_are_korean_for_a_korean_reader() -> None:
    """Days, months and counts are written as a Korean reader writes them."""
    with speaking(Language.KOREAN):
        assert wording.day(MAY) == "2024년 5월 5일"
        assert wording.span(date(2023, 9, 1), MAY) == "2023년 9월 – 2024년 5월"
        assert wording.count(1, "article") == "기사 1건"
