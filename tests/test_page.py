"""The page's rendering: nothing of an article but its text, and everything an answer states."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, strategies as st

from rag.conversation import Conversation, Exchange
from rag.page import chat, evidence, wording
from rag.page.escape import from_markdown, in_html, in_markdown
from rag.page.highlight import Mark, marked
from rag.records import (
    CANNOT_ANSWER,
    Answer,
    Citation,
    Claim,
    Conflict,
    Coverage,
    DateNote,
    Hit,
    Outcome,
    Passage,
    Quote,
    Source,
    Verdict,
)

HOSTILE = (
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "[x](javascript:alert(1))",
    "![](http://tracker.invalid/p.png)",
    "https://tracker.invalid/path and www.tracker.invalid and a@tracker.invalid",
    "**bold** _italic_ `code` ~~gone~~ | a | b |",
    "# heading",
    "1. item",
    "- item",
    "> quoted",
    "${alert(1)} {{constructor.constructor('alert(1)')()}}",
    "&lt;img src=x&gt; &amp; AT&T",
)

TEXT = "The hall opened on Wednesday. It holds 900 people. Tickets are free."
SOURCE = Source("hall", "A hall opens", "The Gazette", date(2023, 9, 13))
PASSAGE = Passage("hall:0", SOURCE, TEXT, 0, len(TEXT))
OPENED = Quote(
    SOURCE,
    0,
    29,
    TEXT[:29],
    dates=(DateNote(19, 28, "Wednesday", date(2023, 9, 13), date(2023, 9, 13)),),
)
HOLDS = Quote(SOURCE, 30, 50, TEXT[30:50], short=(39, 42))
COVERAGE = Coverage(412, 3_000, 9, date(2021, 1, 4), date(2024, 6, 30), matched=1, used=1)


def answer_with(*quotes: Quote, verdict: Verdict = Verdict.SUPPORTED, reason: str = "") -> Answer:
    claims = tuple(
        Claim(quote.text, (Citation(number, quote, PASSAGE),), verdict, reason)
        for number, quote in enumerate(quotes, start=1)
    )
    return Answer(
        "How many people does the hall hold?",
        "How many people does the hall hold?",
        claims=claims,
        hits=(Hit(PASSAGE, 1.0),),
        coverage=COVERAGE,
        complete=True,
    )


def abstention() -> Answer:
    hits = tuple(Hit(replace(PASSAGE, id=f"hall:{n}"), 1.0 / n) for n in range(1, 6))
    return replace(answer_with(), hits=hits, abstained=True)


def chat_text(answer: Answer) -> str:
    return chat.answer_markdown(answer, "t1")


def panel(answer: Answer, key: str = "t1") -> str:
    return evidence.panel(Exchange(answer.question, key, answer))


class TestEscaping:
    @pytest.mark.parametrize("text", HOSTILE)
    def test_html_of_an_article_is_text(self, text: str) -> None:
        """Hostile text comes out of the HTML escape without a tag, a quote or a placeholder."""
        shown = in_html(text)

        assert not re.search(r"[<>\"'{}$]", shown)
        assert html.unescape(shown) == text

    @pytest.mark.parametrize("text", HOSTILE)
    def test_markdown_of_an_article_is_text(self, text: str) -> None:
        """Hostile text keeps no character that opens markup, and reads the same when shown."""
        shown = in_markdown(text)

        assert not re.search(r"[<>\[\]`*_~|\\]|://|www\.|\w@\w|^[#+-]|^\d+\.", shown)
        assert html.unescape(shown) == text

    @given(st.text(max_size=200))
    def test_markdown_escape_loses_nothing(self, text: str) -> None:
        """Whatever the text, it comes back as it was, with its blanks folded."""
        shown = from_markdown(in_markdown(text))

        assert shown == " ".join(text.split())

    def test_plain_prose_is_left_alone(self) -> None:
        """Ordinary sentences stay readable in the message's source, which people copy."""
        prose = "He said: \"It's 5,500 km (3,418 mi) away -- at AT&T's site!\""

        shown = in_markdown(prose)

        assert shown == prose

    @pytest.mark.parametrize("text", HOSTILE)
    def test_hostile_fields_stay_text_everywhere(self, text: str) -> None:
        """Title, publisher, author, quote, passage, note and question never become markup."""
        source = Source("x", text, text, None, "javascript:alert(1)", text)
        passage = Passage("x:0", source, text, 0, len(text))
        claim = Claim(text, (Citation(1, Quote(source, 0, len(text), text), passage),), reason=text)
        answer = Answer(
            text, text + "?", (claim,), (Hit(passage, 1.0),), notes=(text,), complete=True
        )

        shown, cards = chat_text(answer), panel(answer)

        assert "javascript:" not in re.findall(r'href="([^"]*)"', cards)
        assert re.findall(r"\]\(([^)]*)\)", html_free(shown)) == ["#t1-1"]
        assert not re.search(r"<(script|img)", shown + cards)
        assert not re.search(r"[${}]", cards)


def html_free(markdown: str) -> str:
    """The Markdown without what its entities stand for."""
    return re.sub(r"&#?\w+;", "", markdown)


class TestMarks:
    def test_marks_nest(self) -> None:
        """A mark inside a mark is drawn inside it, and the text between them is whole."""
        shown = marked("one two three", [Mark(0, 13, "mark"), Mark(4, 7, "strong")])

        assert shown == "<mark>one <strong>two</strong> three</mark>"

    def test_crossing_mark_is_left_out(self) -> None:
        """A mark that would cross another is left out, never drawn broken."""
        shown = marked("one two three", [Mark(0, 7, "mark"), Mark(4, 13, "strong")])

        assert shown == "<mark>one two</mark> three"

    @given(
        st.text(max_size=40),
        st.lists(st.tuples(st.integers(-2, 42), st.integers(-2, 42)), max_size=6),
    )
    def test_marks_never_change_the_text(self, text: str, spans: list[tuple[int, int]]) -> None:
        """Without its tags, a marked text is the text."""
        shown = marked(text, [Mark(start, end, "mark") for start, end in spans])

        assert re.sub(r"</?mark>", "", shown) == in_html(text)


class TestChat:
    def test_marker_links_to_its_evidence(self) -> None:
        """Each marker is a short link, and the panel holds exactly one element it leads to."""
        answer = answer_with(OPENED, HOLDS)

        targets = re.findall(r"\]\(#([^)]*)\)", chat_text(answer))

        assert targets == ["t1-1", "t1-2"]
        assert [panel(answer).count(f'id="{target}"') for target in targets] == [1, 1]

    def test_ids_are_unique_per_turn(self) -> None:
        """Two exchanges never share an id, so that an old marker cannot lead to a new quote."""
        first, second = Exchange("a"), Exchange("a")

        ids = {chat.evidence_id(exchange.key, 1) for exchange in (first, second)}

        assert len(ids) == 2

    def test_verdict_in_words(self) -> None:
        """Every verdict is told in words, in the chat and in the panel, never by colour alone."""
        for verdict, words in wording.VERDICTS.items():
            answer = answer_with(HOLDS, verdict=verdict, reason="the number differs")

            assert f"{words}, the number differs" in chat_text(answer)
            assert f"{words}, the number differs" in panel(answer)

    def test_short_answer_is_bold(self) -> None:
        """The likely short answer stands in bold in its sentence."""
        assert "It holds **900** people." in chat_text(answer_with(HOLDS))
        assert "<mark>It holds <strong>900</strong> people.</mark>" in panel(answer_with(HOLDS))

    def test_derived_date_is_said_to_be_derived(self) -> None:
        """A resolved "Wednesday" shows its day and that it was derived."""
        answer = answer_with(OPENED)

        assert "Wednesday = 13 Sep 2023, derived" in chat_text(answer)
        assert "Wednesday = 13 Sep 2023, derived" in panel(answer)

    def test_abstention_says_so(self) -> None:
        """A refusal is the fixed sentence, what was searched, and three passages, not more."""
        shown, cards = chat_text(abstention()), panel(abstention())

        assert CANNOT_ANSWER in shown
        assert "Searched 412 articles of 9 publishers, Jan 2021 – Jun 2024." in shown
        assert "Nearest, not an answer" in shown
        assert re.findall(r'id="(t1-n\d)"', cards) == ["t1-n1", "t1-n2", "t1-n3"]

    def test_standalone_question_is_shown_when_it_differs(self) -> None:
        """A follow-up shows how it was understood; a plain question does not repeat itself."""
        plain = answer_with(HOLDS)
        follow_up = replace(plain, understood="How many people does the Gazette hall hold?")

        assert "Understood as" not in chat_text(plain)
        assert "Understood as: How many people does the Gazette hall hold?" in chat_text(follow_up)

    def test_disagreement_shows_both_sides(self) -> None:
        """Articles that disagree are shown side by side, in the chat and in the panel."""
        sides = tuple(Citation(n, HOLDS, PASSAGE) for n in (1, 2))
        conflict = Conflict("the number of seats", sides, "900 and 950")
        answer = replace(answer_with(HOLDS), conflicts=(conflict,))

        shown, cards = chat_text(answer), panel(answer)

        assert "The articles disagree about the number of seats" in shown
        assert cards.count('<ol class="sides"><li>') == 1
        assert 'id="t1-2"' in cards

    def test_notes_are_shown(self) -> None:
        """What the reader must know stands under the answer."""
        answer = replace(answer_with(HOLDS), notes=("the index is behind",))

        assert "Note: the index is behind" in chat_text(answer)

    def test_error_is_a_line(self) -> None:
        """A question that cannot be answered gets one line that says why."""
        conversation = Conversation((Exchange("", error="the question is empty"),))

        asked, said = chat.messages(conversation)

        assert asked["role"] == "user"
        assert said["content"] == "**Not answered.** The question is empty"

    def test_steps_go_from_searching_to_found(self) -> None:
        """The step says what is being searched, then what was found, in the same message."""
        found = Exchange("q", "t1", replace(answer_with(), complete=False))
        begun = replace(found, answer=Answer("q", "q", coverage=COVERAGE))

        step_before = chat.messages(Conversation((begun,)))[1]["metadata"]
        step_after = chat.messages(Conversation((found,)))[1]["metadata"]

        assert step_before == {"title": "Searching 412 articles…", "status": "pending"}
        assert step_after == {"title": "1 passage of 1 article, 13 Sep 2023", "status": "done"}

    def test_message_belongs_to_its_exchange(self) -> None:
        """Every message of the chat leads back to the exchange it was drawn from."""
        answered = Exchange("a", "t1", answer_with(HOLDS))
        failed = Exchange("b", "t2", error="no")
        conversation = Conversation((answered, failed, replace(answered, key="t3")))

        owners = [
            chat.position_of(conversation, number)
            for number in range(len(chat.messages(conversation)) + 1)
        ]

        assert owners == [0, 0, 0, 1, 1, 2, 2, 2, None]


class TestEvidence:
    def test_quote_is_highlighted_in_its_passage(self) -> None:
        """The panel holds the whole passage, with exactly the quote in `<mark>`."""
        cards = panel(answer_with(HOLDS))

        assert (
            "<blockquote>The hall opened on Wednesday. "
            "<mark>It holds <strong>900</strong> people.</mark> Tickets are free.</blockquote>"
        ) in cards

    def test_source_card_is_complete(self) -> None:
        """Title, publisher and date stand on the card."""
        cards = panel(answer_with(HOLDS))

        assert "A hall opens" in cards
        assert '<bdi>The Gazette</bdi> · <time datetime="2023-09-13">13 Sep 2023</time>' in cards

    def test_unknown_is_said(self) -> None:
        """What an article does not state is called unknown, never left out or invented."""
        source = Source("x")
        quote = replace(HOLDS, source=source)
        citation = Citation(1, quote, replace(PASSAGE, source=source))
        answer = replace(answer_with(), claims=(Claim(quote.text, (citation,)),))

        cards = panel(answer)

        assert wording.DATE_UNKNOWN in cards
        assert wording.PUBLISHER_UNKNOWN in cards
        assert wording.UNTITLED in cards

    def test_quote_outside_its_passage_stands_alone(self) -> None:
        """Offsets that do not fit the passage never highlight something else."""
        moved = replace(HOLDS, start=0, end=20, short=(9, 12))

        cards = panel(answer_with(moved))

        assert (
            "<blockquote><mark>It holds <strong>900</strong> people.</mark></blockquote>" in cards
        )

    def test_near_miss_is_called_one(self) -> None:
        """A quotation that the article does not hold is not called exact."""
        cards = panel(answer_with(replace(HOLDS, outcome=Outcome.NEAR_MISS)))

        assert "The article says something close, not this" in cards
        assert "Exact quote" not in cards

    @pytest.mark.parametrize(
        ("url", "linked"),
        [
            ("https://news.invalid/a?b=1&c=2", True),
            ("http://news.invalid/a", True),
            ("javascript:alert(1)", False),
            ("data:text/html,x", False),
            ("//news.invalid/a", False),
            ("https://news.invalid/ javascript:", False),
        ],
    )
    def test_only_web_addresses_are_linked(self, url: str, linked: bool) -> None:
        """The original is linked, at the quote, when its address is http or https."""
        source = replace(SOURCE, url=url)
        answer = answer_with(replace(HOLDS, source=source))

        cards = panel(answer)

        assert ("Open the original" in cards) is linked
        assert ("#:~:text=It%20holds%20900%20people." in cards) is linked

    def test_uncited_hits_are_kept_apart(self) -> None:
        """Passages found and not cited are listed as such."""
        other = replace(PASSAGE, id="hall:9")
        answer = replace(answer_with(HOLDS), hits=(Hit(PASSAGE, 1.0), Hit(other, 0.5)))

        cards = panel(answer)

        assert "Found, not cited (1)" in cards

    def test_copies_are_counted(self) -> None:
        """A passage that other articles printed too says in how many."""
        hit = Hit(PASSAGE, 1.0, copies=(Source("b", publisher="The Echo"),))
        answer = replace(answer_with(HOLDS), hits=(hit,))

        assert "Also in 1 other article: The Echo" in panel(answer)


class TestConversation:
    def test_only_finished_exchanges_are_turns(self) -> None:
        """A follow-up builds on finished answers alone, not on errors or stopped ones."""
        finished = Exchange("a", answer=answer_with(HOLDS))
        halted = Exchange("b", answer=replace(answer_with(), complete=False), stopped=True)
        failed = Exchange("c", error="no")

        turns = Conversation((finished, halted, failed)).turns

        assert [turn.question for turn in turns] == ["a"]

    def test_stopping_marks_only_what_runs(self) -> None:
        """Stopping marks an unfinished exchange and leaves a finished one as it is."""
        running = Conversation((Exchange("a"),))
        done = Conversation((Exchange("a", answer=answer_with(HOLDS)),))

        assert running.stopped().exchanges[0].stopped
        assert done.stopped() is done


class TestWording:
    @pytest.mark.parametrize(
        ("first", "last", "said"),
        [
            (date(2021, 1, 4), date(2024, 6, 30), "Jan 2021 – Jun 2024"),
            (date(2023, 9, 1), date(2023, 9, 13), "Sep 2023"),
            (date(2023, 9, 13), date(2023, 9, 13), "13 Sep 2023"),
            (None, None, ""),
        ],
    )
    def test_span(self, first: date | None, last: date | None, said: str) -> None:
        """A span is as short as it can be without losing what it says."""
        assert wording.span(first, last) == said

    def test_an_opening_is_cut_between_words_and_not_behind_a_stop(self) -> None:
        """A short text stays whole; a longer one ends in one sign, whatever stood before it."""
        sentence = "The bridge over the Skarn is open."

        assert wording.opening(f"{sentence}\n Again.") == f"{sentence} Again."
        assert wording.opening(f"{' '.join([sentence] * 3)} {'y' * 20}") == (
            f"{' '.join([sentence] * 3)[:-1]}…"
        )

    def test_left_out_undated_articles_are_counted(self) -> None:
        """What a date filter left out is said."""
        said = wording.searched(replace(COVERAGE, undated=3))

        assert said.endswith("3 undated articles left out, because a date was asked for.")
