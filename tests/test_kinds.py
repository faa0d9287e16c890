"""What a question asks for."""

from __future__ import annotations

import pytest

from rag.language.kinds import Asks, Measure, Wants, is_institution, kind_of


@pytest.mark.parametrize(
    ("question", "asks", "wants"),
    [
        ("Who opened the bridge?", Asks.WHO, Wants.PERSON),
        ("When did the ferry sink?", Asks.WHEN, Wants.DATE),
        ("Where is the harbour?", Asks.WHERE, Wants.PLACE),
        ("Why was the vote put off?", Asks.WHY, Wants.REASON),
        ("How many seats were lost?", Asks.HOW_MANY, Wants.NUMBER),
        ("How did the fire start?", Asks.HOW, Wants.ANYTHING),
        ("What year did the line close?", Asks.WHAT, Wants.DATE),
        ("In which country was it built?", Asks.WHICH, Wants.PLACE),
        ("Which company owns the mine?", Asks.WHICH, Wants.NAME),
        ("What is the population of Ushuaia?", Asks.WHAT, Wants.NUMBER),
        ("Did the minister resign?", Asks.YES_NO, Wants.ANYTHING),
        ("harbour line budget", Asks.TOPIC, Wants.ANYTHING),
    ],
)
def test_the_question_word_tells_the_sort(question: str, asks: Asks, wants: Wants) -> None:
    """Each question word asks for its own sort of thing."""
    kind = kind_of(question)

    assert (kind.asks, kind.wants) == (asks, wants)


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("How far is the mine from the port?", Measure.LENGTH),
        ("How large is the reserve?", Measure.SIZE),
        ("How old is the tower?", Measure.AGE),
        ("How long did the strike last?", Measure.DURATION),
        ("What did the repairs cost?", Measure.MONEY),
        ("What was the cost of the repairs?", Measure.MONEY),
        ("What percentage of voters stayed away?", Measure.SHARE),
        ("How many voters stayed away?", Measure.COUNT),
    ],
)
def test_a_measure_is_read_from_the_words(question: str, measure: Measure | None) -> None:
    """How far asks for a length, how old for an age; where nothing is said there is no measure."""
    assert kind_of(question).measure is measure


def test_the_noun_asked_for_is_the_head() -> None:
    """Which and what name the sort of thing wanted."""
    assert kind_of("Which professor said the plan would fail?").head == "professor"
    assert kind_of("What kind of engine does the ferry use?").head == "engine"
    assert kind_of("Who was the first mayor of Oulu?").head == "mayor"


def test_who_said_and_said_about_are_told_apart() -> None:
    """Asking for a speaker is not asking for a speech, and neither is asking who was told."""
    assert kind_of("Who said the plan would fail?").asks is Asks.WHO_SAID
    assert kind_of("Which analyst warned of a shortage?").asks is Asks.WHO_SAID
    assert kind_of("What did the mayor say about the bridge?").asks is Asks.QUOTE_ABOUT
    assert kind_of("According to whom was the vote unfair?").asks is Asks.WHO_SAID
    assert kind_of("Who was told to leave?").asks is Asks.WHO


def test_a_question_word_behind_a_clause_counts() -> None:
    """The word after the last comma asks, not the one that opens the clause before it."""
    assert kind_of("When the dam broke, who gave the alarm?").asks is Asks.WHO
    assert kind_of("Did he say when the dam broke?").asks is Asks.YES_NO


def test_words_that_only_ask_are_not_content() -> None:
    """An answer need not repeat "how large" or "what year"."""
    assert kind_of("How large is the reserve?").content == ("reserv",)
    assert kind_of("What year did the line close?").content == ("line", "close")


def test_a_question_of_stopwords_keeps_what_it_has() -> None:
    """A question without a content word yields no content and no error."""
    kind = kind_of("Who is he?")

    assert kind.content == ()


@pytest.mark.parametrize("question", ["", "?", "¿…", "무엇입니까?", "of what"])
def test_odd_questions_have_a_kind(question: str) -> None:
    """Whatever is asked, a kind comes back."""
    assert kind_of(question).asks in Asks


def test_a_comment_asks_for_words() -> None:
    """ "What was X's comment on …?" is after what X said; the word itself is no content."""
    kind = kind_of("What was the mayor's comment on the vote?")

    assert kind.asks is Asks.QUOTE_ABOUT
    assert "comment" not in kind.content


def test_which_of_two_is_told_by_numbers() -> None:
    """A comparison of size, height or count wants figures."""
    assert kind_of("Which town is bigger, Vale or Selma?").wants is Wants.NUMBER
    assert kind_of("Was the rate higher in May?").wants is Wants.NUMBER
    assert kind_of("Which town burnt down?").wants is Wants.PLACE


def test_a_word_of_an_institution_is_told_from_a_name() -> None:
    """ "Bank" and "Ministries" name bodies, "Okafor" does not."""
    assert is_institution("bank")
    assert is_institution("ministries")
    assert not is_institution("okafor")
