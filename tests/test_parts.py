"""A question about several things is split into the look-ups it needs."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from rag.asking.parts import MOST, split_question


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Which is larger, Paris or London?",
            ("Which is larger: Paris?", "Which is larger: London?"),
        ),
        (
            "Who scored more goals, Messi, Ronaldo or Mbappe?",
            (
                "Who scored more goals: Messi?",
                "Who scored more goals: Ronaldo?",
                "Who scored more goals: Mbappe?",
            ),
        ),
        ("Is Tesla larger than Ford?", ("Is Tesla larger?", "Is Ford larger?")),
        (
            "Did Apple earn more money than Microsoft in 2023?",
            ("Did Apple earn more money in 2023?", "Did Microsoft earn more money in 2023?"),
        ),
        (
            "Was the strike in Germany bigger than the one in France?",
            ("Was the strike in Germany bigger?", "Was the strike in France bigger?"),
        ),
        (
            "How does the plan of Spain compare with the plan of China?",
            ("the plan of Spain", "the plan of China"),
        ),
        (
            "How do the reports of The Verge and TechCrunch differ on AI safety?",
            ("reports of The Verge on AI safety", "reports of TechCrunch on AI safety"),
        ),
    ],
)
def test_a_comparison_looks_both_sides_up(question: str, parts: tuple[str, ...]) -> None:
    """Each side of a comparison is a look-up of its own."""
    assert split_question(question) == parts


def test_what_several_said_is_looked_up_for_each() -> None:
    """A question about what two people said asks for each of them."""
    assert split_question("What did Macron and Scholz say about sanctions?") == (
        "What did Macron say about sanctions?",
        "What did Scholz say about sanctions?",
    )


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Who is the CEO of OpenAI and when was Google founded?",
            ("Who is the CEO of OpenAI?", "when was Google founded?"),
        ),
        (
            "Who is OpenAI's chief? When was it founded?",
            ("Who is OpenAI's chief?", "When was OpenAI founded?"),
        ),
        (
            "Why did Sam Altman leave OpenAI and why did he return?",
            ("Why did Sam Altman leave OpenAI?", "why did Sam Altman return?"),
        ),
    ],
)
def test_several_questions_are_asked_one_by_one(question: str, parts: tuple[str, ...]) -> None:
    """Two questions in one are two look-ups, and the second knows whom the first named."""
    assert split_question(question) == parts


def test_two_reports_are_looked_up_each() -> None:
    """Reports set against each other, or one before the other, are two look-ups."""
    against = (
        "Does the TechCrunch article say rents rose, while the Fortune article says they fell?"
    )
    order = "Did Reuters report on the strike before Fortune mentioned the talks?"

    assert len(split_question(against)) == 2
    assert split_question(order) == (
        "Did Reuters report on the strike?",
        "Fortune mentioned the talks",
    )


@pytest.mark.parametrize(
    "question",
    [
        "France and Germany signed a treaty",
        "When did France and Germany sign the treaty?",
        "Did France and Germany agree on a budget?",
        "What is the relationship between Russia and China?",
        "What happened between Israel and Hamas in October?",
        "When and where was the summit held?",
        "Is it true that prices rose and wages fell?",
        "Is inflation higher than expected?",
        "After the vote, did prices rise or fall?",
        "What did Johnson & Johnson say about talc?",
        "Who is taller than Yao Ming?",
        "",
    ],
)
def test_one_look_up_stays_one(question: str) -> None:
    """Names that act together, and questions about one thing, are not split."""
    assert split_question(question) == ()


def test_there_are_at_most_four_parts() -> None:
    """A longer list is cut at four look-ups."""
    names = "Apple, Google, Amazon, Tesla, Nvidia and Intel"

    assert len(split_question(f"What did {names} say about tariffs?")) == MOST


@given(st.text(max_size=200))
def test_any_text_is_split_into_none_or_several(text: str) -> None:
    """Whatever is typed: no parts, or two to four different ones, none of them empty."""
    parts = split_question(text)

    assert len(parts) in (0, *range(2, MOST + 1))
    assert len(set(parts)) == len(parts)
    assert all(part.strip() for part in parts)


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        (
            "Was inflation higher in May 2022 or in August of that year?",
            ("Was inflation higher in May 2022?", "Was inflation higher in August 2022?"),
        ),
        (
            "Was the loan dearer in the spring or in the autumn of 2022?",
            (
                "Was the loan dearer in the spring of 2022?",
                "Was the loan dearer in the autumn of 2022?",
            ),
        ),
        (
            "Did the fire of 1957 or the flood of 2021 kill more people?",
            (
                "how many people did the fire of 1957 kill?",
                "how many people did the flood of 2021 kill?",
            ),
        ),
        (
            "How far apart are the demand of the pilots and the offer of Aero Vale?",
            ("how much is the demand of the pilots?", "how much is the offer of Aero Vale?"),
        ),
        (
            "Was turnout in Selma above or below that of the whole country?",
            ("how high was turnout in Selma?", "how high was turnout of the whole country?"),
        ),
        (
            "Which is older, Upper or Lower Vale?",
            ("Which is older: Upper Vale?", "Which is older: Lower Vale?"),
        ),
    ],
)
def test_cases_and_days_are_compared_too(question: str, parts: tuple[str, ...]) -> None:
    """Two dates, two events or two offers are each looked up."""
    assert split_question(question) == parts


@pytest.mark.parametrize(
    ("question", "second"),
    [
        (
            "How many gold rings were stolen in Selma and how many of them were found again?",
            "how many of the gold rings were found again (Selma)?",
        ),
        (
            "When was the mayor of Selma warned, and what does he do now?",
            "what does the mayor of Selma do now?",
        ),
        (
            "What did Selma expect to pay, and what was the right sum?",
            "what was the right sum (Selma)?",
        ),
    ],
)
def test_a_later_question_stands_alone(question: str, second: str) -> None:
    """What it takes from the first question is put into it."""
    assert split_question(question)[1] == second
