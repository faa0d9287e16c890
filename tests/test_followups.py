"""Follow-up questions are put so that they stand on their own."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.asking.followups import Exchange, resolve, standalone
from rag.records import Answer, Claim, Turn

LOUVRE = [
    Exchange(
        "When did the Louvre open to the public?",
        "The Louvre opened on 10 August 1793 with an exhibition of 537 paintings.",
    )
]
OPENAI = [Exchange("Who is the CEO of OpenAI?", "Sam Altman is the chief executive of OpenAI.")]
TREATY = [
    Exchange(
        "Which countries signed the Kigali treaty?",
        "France, Germany and Japan signed the Kigali treaty on Monday.",
    )
]
MACRON = [
    Exchange(
        "What did Emmanuel Macron say about sanctions?",
        "Macron told reporters that sanctions on Iran would remain in place.",
    )
]
QUAKE = [
    Exchange(
        "How many people died in the Turkey earthquake?",
        "More than 50,000 people died in the earthquake in southern Turkey.",
    )
]
PHONES = [
    Exchange(
        "Did Apple release any phones in 2023?",
        "Apple released four iPhone 15 models on 22 September 2023.",
    )
]
FINAL = [Exchange("Who won the 2022 World Cup?", "Argentina beat France on penalties.")]
FOUNDER = [Exchange("Who founded FTX?", "Sam Bankman-Fried")]


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (LOUVRE, "And when did it open?", "When did the Louvre open?"),
        (OPENAI, "When was he born?", "When was Sam Altman born?"),
        (OPENAI, "Who founded it?", "Who founded OpenAI?"),
        (MACRON, "What did he say about Russia?", "What did Emmanuel Macron say about Russia?"),
        (FOUNDER, "Where is he now?", "Where is Sam Bankman-Fried now?"),
        (FOUNDER, "What happened to it?", "What happened to FTX?"),
        (QUAKE, "Where did it hit?", "Where did the Turkey earthquake hit?"),
        (FINAL, "Where was it held?", "Where was the 2022 World Cup held?"),
    ],
)
def test_a_pronoun_becomes_the_name_it_stands_for(
    history: list[Exchange], question: str, expected: str
) -> None:
    """A pronoun becomes the name that the last turn gives it."""
    found = resolve(question, history)

    assert (found.text, found.changed) == (expected, True)


def test_a_possessive_pronoun_becomes_a_possessive_name() -> None:
    """ "His" becomes the name with its possessive ending."""
    found = resolve("Who are his parents?", FOUNDER)

    assert found.text == "Who are Sam Bankman-Fried's parents?"


def test_they_are_all_who_were_just_named() -> None:
    """ "They" after a row of names stands for all of them."""
    found = resolve("Why did they sign it?", TREATY)

    assert found.text == "Why did France, Germany and Japan sign the Kigali treaty?"


def test_an_object_is_never_the_subject_of_its_own_clause() -> None:
    """ "It" as an object is resolved even behind another name."""
    found = resolve("Did China sign it too?", TREATY)

    assert found.text == "Did China sign the Kigali treaty too?"


def test_a_pronoun_that_its_own_question_explains_stays() -> None:
    """ "Her" after the name it belongs to is left alone."""
    question = "What did Angela Merkel write in her memoirs?"

    assert resolve(question, MACRON).text == question


def test_a_relative_is_found_by_gender() -> None:
    """ "She" in talk about a man is the woman of his family who was just mentioned."""
    history = [
        Exchange("Where did Carl Jung live as a boy?", "He lived in Basel with his mother."),
    ]

    assert resolve("What did she believe?", history).text == "What did Carl Jung's mother believe?"


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("why?", "Why was it that Sam Bankman-Fried founded FTX?"),
        ("When?", "When was it that Sam Bankman-Fried founded FTX?"),
    ],
)
def test_a_bare_question_word_takes_the_last_question(question: str, expected: str) -> None:
    """ "Why?" and "When?" ask about what the last question and its answer said."""
    assert resolve(question, FOUNDER).text == expected


def test_why_after_a_question_for_an_office_names_who_holds_it() -> None:
    """ "Why?" after "Who is the CEO of …?" asks about the one who is."""
    assert resolve("why?", OPENAI).text == "Why is Sam Altman the CEO of OpenAI?"


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (TREATY, "How many of them?", "How many countries signed the Kigali treaty?"),
        (LOUVRE, "How many of them?", "How many of the paintings?"),
        (PHONES, "How many?", "How many phones did Apple release in 2023?"),
        (PHONES, "Which ones?", "Which phones did Apple release in 2023?"),
        (TREATY, "Which ones?", "Which countries signed the Kigali treaty?"),
    ],
)
def test_a_count_or_choice_is_of_the_things_last_asked_about(
    history: list[Exchange], question: str, expected: str
) -> None:
    """ "How many of them?" and "Which ones?" name the things they are about."""
    assert resolve(question, history).text == expected


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (OPENAI, "What about Google?", "Who is the CEO of Google?"),
        (OPENAI, "And Microsoft?", "Who is the CEO of Microsoft?"),
        (
            LOUVRE,
            "What about the British Museum?",
            "When did the British Museum open to the public?",
        ),
        (MACRON, "What about Russia?", "What did Emmanuel Macron say about Russia?"),
        (MACRON, "And Scholz?", "What did Scholz say about sanctions?"),
        (PHONES, "And in 2022?", "Did Apple release any phones in 2022?"),
        (FINAL, "And in 2018?", "Who won the 2018 World Cup?"),
        (QUAKE, "And in Syria?", "How many people died in the Turkey earthquake in Syria?"),
        (TREATY, "And in 2015?", "Which countries signed the Kigali treaty in 2015?"),
    ],
)
def test_the_last_question_is_asked_of_something_else(
    history: list[Exchange], question: str, expected: str
) -> None:
    """ "What about Russia?" and "And in 2015?" replace their like in the last question."""
    assert resolve(question, history).text == expected


def test_where_nothing_can_be_replaced_both_are_asked() -> None:
    """A new name without a counterpart stands beside the whole last question."""
    found = resolve("What about Russia?", TREATY)

    assert found.text == "Which countries signed the Kigali treaty, and what about Russia?"


def test_a_country_in_lower_case_is_a_country() -> None:
    """ "and france?" asks about France where another country stood."""
    history = [Exchange("How much did prices rise in Germany in 2022?", "They rose 7.9 percent.")]

    assert resolve("and france?", history).text == "How much did prices rise in France in 2022?"


def test_why_after_what_happened_asks_about_the_event() -> None:
    """ "Why?" after "What happened …?" asks why that did."""
    history = [Exchange("What happened at OpenAI in 2023?", "The board fired Sam Altman.")]

    assert resolve("why?", history).text == "Why did that happen at OpenAI in 2023?"


def test_he_who_said_it_is_the_one_last_quoted() -> None:
    """ "When did he say that?" means the speaker of the last answer, whoever else was named."""
    history = [
        Exchange("Who replaced Sam Altman?", "Mira Murati was named interim chief."),
        Exchange(
            "What was the reaction?", "Satya Nadella, head of Microsoft, said he was pleased."
        ),
    ]

    found = resolve("When did he say that?", history)

    assert found.text == "When did Satya Nadella say that?"


def test_it_is_the_thing_that_was_asked_about_and_not_its_place() -> None:
    """ "It" after "Is there a strike at Boeing?" is the strike."""
    history = [Exchange("Is there a strike at Boeing?", "Some 33,000 workers went on strike.")]

    assert resolve("How long did it last?", history).text == (
        "How long did the strike at Boeing last?"
    )
    assert resolve("Did the company comment?", history).text == "Did Boeing comment?"


def test_there_is_the_place_last_named() -> None:
    """ "There" becomes the place that the last answer gave."""
    history = [Exchange("What is the capital of Australia?", "Canberra")]

    assert (
        resolve("How many people live there?", history).text == "How many people live in Canberra?"
    )


def test_a_new_topic_leaves_the_old_names_behind() -> None:
    """After a question that shares no name with the talk before, "he" is of the new one."""
    history = [
        Exchange("Who is the CEO of OpenAI?", "Sam Altman is the chief executive of OpenAI."),
        Exchange("When was Sam Altman born?", "Altman was born in April 1985."),
        Exchange("Was Sam Altman fired?", "The board fired Altman in November 2023."),
        Exchange("Who is the mayor of Seattle?", "Bruce Harrell is the mayor of Seattle."),
    ]

    assert resolve("When was he elected?", history).text == "When was Bruce Harrell elected?"


def test_a_surname_alone_brings_a_second_name_along() -> None:
    """A person known by one word only is searched together with the next name, in brackets."""
    history = [
        Exchange("What happened to the band in 1965?", "Wilson left the tours of the Beach Boys.")
    ]

    assert resolve("Why did he stop?", history).text == "Why did Wilson stop (Beach Boys)?"


def test_a_correction_takes_the_place_of_the_name_meant_wrongly() -> None:
    """ "No, I meant …" asks the last question of the one meant."""
    assert resolve("no, I meant Google", OPENAI).text == "Who is the CEO of Google?"


def test_who_said_that_carries_what_was_said() -> None:
    """ "Who said that?" searches for the words of the last answer."""
    found = resolve("Who said that?", MACRON)

    assert "sanctions on Iran would remain in place" in found.text


def test_when_somebody_said_that_keeps_the_matter() -> None:
    """ "When did he say that?" keeps what the saying was about."""
    found = resolve("When did he say that?", MACRON)

    assert found.text == "When did Emmanuel Macron say that about sanctions?"


@pytest.mark.parametrize("reply", ["yes", "Sure, please", "ok"])
def test_yes_takes_what_was_offered(reply: str) -> None:
    """ "Yes" after an offer asks for what was offered."""
    history = [
        Exchange(
            "What did the Fed do?",
            "The Fed raised rates. Would you like to know when the Fed raised rates before?",
        )
    ]

    assert resolve(reply, history).text == "When the Fed raised rates before?"


@pytest.mark.parametrize("reply", ["yes", "no", "thanks", "no, thanks"])
def test_a_reply_to_no_offer_is_left_alone(reply: str) -> None:
    """A bare "yes", "no" or "thanks" without an offer is nothing to resolve."""
    found = resolve(reply, MACRON)

    assert (found.text, found.changed) == (reply, False)


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        (OPENAI, "What happened next?", "What happened next to OpenAI?"),
        (QUAKE, "How many were injured?", "How many were injured in the Turkey earthquake?"),
        (FINAL, "Who scored?", "Who scored for Argentina?"),
    ],
)
def test_a_question_without_a_topic_gets_it(
    history: list[Exchange], question: str, expected: str
) -> None:
    """A short question that names nothing gets what the talk is about, in a fitting place."""
    assert resolve(question, history).text == expected


def test_a_description_becomes_the_name() -> None:
    """ "The earthquake" becomes the one that was asked about."""
    found = resolve("How strong was the earthquake?", QUAKE)

    assert found.text == "How strong was the Turkey earthquake?"


def test_the_album_gets_its_name() -> None:
    """ "The album" gets the name that the last answer gave it."""
    history = [Exchange("Which album did Adele release in 2015?", "The album 25")]
    named = [Exchange("Which album did Bryan Ferry release?", "Mamouna")]

    assert resolve("Did the album sell well?", named).text == "Did the album Mamouna sell well?"
    assert "Adele" in resolve("Did the album sell well?", history).text


@pytest.mark.parametrize(
    "question",
    [
        "How many people live in Tokyo?",
        "When was the Berlin Wall built?",
        "What is inflation?",
        "Who is the president of France?",
        "How much does a Tesla cost?",
        "How do scientists measure rainfall over deserts?",
    ],
)
@pytest.mark.parametrize("history", [LOUVRE, OPENAI, MACRON, QUAKE])
def test_a_question_of_its_own_stays_exactly_as_it_was(
    history: list[Exchange], question: str
) -> None:
    """A complete question, or a new topic, is not touched."""
    found = resolve(question, history)

    assert (found.text, found.changed) == (question, False)


def test_the_first_question_stays() -> None:
    """Nothing is resolved where nothing was said before."""
    assert resolve("When did it open?", []).text == "When did it open?"


def test_a_title_is_the_topic_from_the_first_question_on() -> None:
    """With titles at hand, the first question's pronoun is the title's."""
    found = resolve("When was he born?", [], ("Walter Hagen", "Early years"))

    assert found.text == "When was Walter Hagen born?"


def test_turns_are_read_in_the_form_they_were_understood() -> None:
    """The name that an earlier follow-up was resolved to is known to the next."""
    first = Answer("Who is the CEO of OpenAI?", "Who is the CEO of OpenAI?", (Claim("Sam Altman"),))
    second = Answer("When was he born?", "When was Sam Altman born?", (Claim("In April 1985."),))
    turns = [Turn(first.question, first), Turn(second.question, second)]

    assert standalone("Where did he study?", turns) == "Where did Sam Altman study?"


def test_an_abstained_answer_names_nothing() -> None:
    """A refusal is no source of names, but its question is."""
    refused = Answer(
        "Who leads Nokia?", "Who leads Nokia?", (Claim("Ask Ericsson."),), abstained=True
    )

    found = standalone("What happened next?", [Turn(refused.question, refused)])

    assert found == "What happened next to Nokia?"


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=80))
def test_any_text_is_resolved_without_failing(question: str, asked: str, answer: str) -> None:
    """Whatever is typed, resolving ends with a text, and says truly whether it changed it."""
    found = resolve(question, [Exchange(asked, answer)])

    assert found.changed == (found.text != question)
    assert bool(found.text) == bool(question)
