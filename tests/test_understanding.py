"""What a question asks the archive for."""

from __future__ import annotations

from datetime import date

import pytest

from rag.asking.understanding import LONGEST_QUESTION, Understanding
from rag.errors import QuestionError
from rag.records import Answer, Claim, Filters, Query, Turn

TODAY = date(2024, 5, 20)
NONE = Filters()
PUBLISHERS = ("Harbour Herald", "Inland Courier", "Le Phare")


def understanding(*, articles: int = 40) -> Understanding:
    return Understanding(publishers=lambda: PUBLISHERS, admitted=lambda filters: articles)


def query(text: str, filters: Filters = NONE, turns: tuple[Turn, ...] = ()) -> Query:
    return understanding().query(text, turns=turns, filters=filters, today=TODAY)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_question_is_refused(text: str) -> None:
    """Nothing asked, nothing searched: the message says what to do."""
    with pytest.raises(QuestionError, match="empty"):
        query(text)


@pytest.mark.parametrize("text", ["?!…", "---", "« »"])
def test_a_question_without_words_is_refused(text: str) -> None:
    """Punctuation alone asks nothing."""
    with pytest.raises(QuestionError, match="no words"):
        query(text)


def test_a_question_of_unreasonable_length_is_refused() -> None:
    """The message gives both lengths."""
    with pytest.raises(QuestionError, match=r"100,000.*2,000"):
        query("a" * 100_000)
    assert query("a" * LONGEST_QUESTION).text


def test_publishers_named_are_preferred_not_required() -> None:
    """A publisher's name in the question is a preference; the filters stay as they are."""
    found = query("What did the Inland Courier and le phare report about the ferry?")

    assert found.publishers == ("Inland Courier", "Le Phare")
    assert found.filters == Filters()


def test_limits_in_words_become_filters_and_are_told() -> None:
    """`since May` filters by publication, leaves the searched text, and a note says so."""
    found = query("What has the council decided since 1 May 2024?")

    assert found.filters.since == date(2024, 5, 1)
    assert "2024" not in found.text
    assert any("1 May 2024" in note for note in found.notes)


def test_the_tighter_limit_holds() -> None:
    """A filter of the caller is never widened by the question."""
    given = Filters(as_of=date(2024, 1, 1))

    found = query("What was known as of 1 March 2024 about the bridge?", given)

    assert found.filters.as_of == date(2024, 1, 1)


def test_a_limit_that_leaves_nothing_was_about_the_event() -> None:
    """In an archive without such reports, `before 1950` is the event's time."""
    bare = Understanding(
        publishers=lambda: PUBLISHERS, admitted=lambda filters: 0 if filters.last else 40
    )

    found = bare.query(
        "How many lived there before 1 May 1950?", turns=(), filters=Filters(), today=TODAY
    )

    assert found.filters == Filters()
    assert not found.notes


def test_a_follow_up_is_put_on_its_own() -> None:
    """The query of a follow-up names what it is about."""
    answer = Answer(
        "Who is building the Ellery bridge?",
        "Who is building the Ellery bridge?",
        claims=(Claim("The Ellery bridge is being built by Norkran."),),
    )

    found = query("When will it open?", turns=(Turn(answer.question, answer),))

    assert "Ellery bridge" in found.text
    assert found.question == "When will it open?"
