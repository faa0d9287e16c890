"""The sentences chosen to be quoted."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as some

from rag.confidence import THRESHOLD
from rag.records import Hit, Passage, Source
from rag.selection import Chosen, Selection, select

HARBOUR = (
    "Port Selma opened its new Harbour Line on Monday. The tramway is 14.2 kilometres long and"
    " runs from the fish market to the airport. It cost 412 million crowns, about a third more than"
    " planned. “We should have started ten years earlier,” said Ines Okafor, a professor of"
    " transport at Selma University. She called the fares too high."
)
LIBRARY = (
    "The city library of Port Selma will close for repairs in March. Its reading room was built in"
    " 1911. Mayor Tomas Reyl said the roof could not wait another winter."
)
OFFSET = 300


def hit(text: str, number: int = 0, similarity: float | None = 0.6) -> Hit:
    passage = Passage(f"{number}:0", Source(str(number)), text, OFFSET, OFFSET + len(text))
    return Hit(passage, 1.0 - number / 10, {"words": number + 1}, similarity)


HITS = (hit(HARBOUR), hit(LIBRARY, 1, 0.4))


def rarity(term: str) -> float:
    """A small archive: what it holds often is worth little, what it lacks most."""
    return {"port": 0.3, "selma": 0.3}.get(term, 2.0)


def chosen_text(chosen: Chosen) -> str:
    return chosen.passage.text[chosen.start - OFFSET : chosen.end - OFFSET]


def short_text(chosen: Chosen) -> str | None:
    if chosen.short is None:
        return None
    return chosen.passage.text[chosen.short[0] - OFFSET : chosen.short[1] - OFFSET]


def ask(question: str, quotes: int = 1) -> Selection:
    return select(question, HITS, idf=rarity, max_quotes=quotes)


@pytest.mark.parametrize(
    ("question", "begins", "short"),
    [
        ("How long is the tramway of Port Selma?", "The tramway", None),
        ("How much did the Harbour Line cost?", "It cost", "412 million"),
        ("When was the library's reading room built?", "Its reading room", "1911"),
        ("When will the city library close?", "The city library", None),
    ],
)
def test_the_sentence_that_answers_is_chosen(
    question: str, begins: str, short: str | None
) -> None:
    """The right sentence comes first, and its short answer is marked."""
    best = ask(question).chosen[0]

    assert chosen_text(best).startswith(begins)
    assert short is None or short in (short_text(best) or "")


def test_the_speaker_is_the_short_answer_to_who_said() -> None:
    """Who said it is marked by name."""
    best = ask("Who said they should have started ten years earlier?").chosen[0]

    assert short_text(best) == "Ines Okafor"


def test_what_somebody_said_is_chosen_by_its_speaker() -> None:
    """Of all that is said, only what the person asked about said is wanted."""
    best = ask("What did Reyl say about the roof?").chosen[0]

    assert chosen_text(best).startswith("Mayor Tomas Reyl")


def test_a_sentence_that_hides_its_subject_has_a_lead_in() -> None:
    """“It cost …” comes with the sentence before; a sentence that stands alone does not."""
    hidden = ask("How much did the Harbour Line cost?").chosen[0]
    plain = ask("When will the city library close?").chosen[0]

    assert hidden.lead_in is not None
    assert hidden.passage.text[hidden.lead_in[0] - OFFSET :].startswith("The tramway")
    assert plain.lead_in is None


@pytest.mark.parametrize(
    "question", ["What is the capital of Peru?", "How old is Tomas Reyl?", "Who is Ada Quill?"]
)
def test_what_is_not_there_gets_little_confidence(question: str) -> None:
    """Nothing on the matter, a person without the fact asked for, an unknown name: refused."""
    assert ask(question).confidence < THRESHOLD


def test_what_is_there_gets_much() -> None:
    """A sentence that says all of the question is trusted."""
    assert ask("How much did the Harbour Line cost?").confidence > THRESHOLD


def test_the_same_sentence_is_not_quoted_twice() -> None:
    """A second article that carries the sentence word for word adds no quote."""
    hits = (hit(LIBRARY), hit(LIBRARY, 1))

    selection = select("When will the city library close?", hits, idf=rarity, max_quotes=3)

    texts = [chosen_text(chosen) for chosen in selection.chosen]
    assert len(texts) == len(set(texts))


def test_no_more_quotes_than_allowed() -> None:
    """`max_quotes` is a ceiling."""
    assert len(ask("What happened in Port Selma?", 3).chosen) <= 3


@pytest.mark.parametrize("question", ["", "?", "who is it", "무엇입니까?"])
def test_odd_questions_choose_without_error(question: str) -> None:
    """A question without words of its own ends in an ordinary selection."""
    assert 0 <= ask(question).confidence <= 1


def test_no_hits_no_sentences() -> None:
    """Nothing found, nothing quoted."""
    assert select("Who opened the line?", (), idf=rarity) == Selection((), 0.0)


def test_without_vectors_it_works_too() -> None:
    """Hits that carry no cosine are ranked by their words."""
    hits = (hit(HARBOUR, 0, None), hit(LIBRARY, 1, None))

    best = select("How much did the Harbour Line cost?", hits, idf=rarity).chosen[0]

    assert chosen_text(best).startswith("It cost")


@settings(max_examples=40, deadline=None)
@given(some.text(max_size=80), some.lists(some.text(min_size=1, max_size=200), max_size=3))
def test_offsets_are_whole_sentences_of_their_passage(question: str, texts: list[str]) -> None:
    """Whatever the texts are, what is chosen lies inside its passage, and so do its parts."""
    hits = [hit(text, number) for number, text in enumerate(texts)]

    for chosen in select(question, hits, idf=rarity, max_quotes=3).chosen:
        passage = chosen.passage
        assert passage.start <= chosen.start < chosen.end <= passage.end
        assert chosen_text(chosen) == chosen_text(chosen).strip()
        if chosen.short:
            assert chosen.start <= chosen.short[0] < chosen.short[1] <= chosen.end
        if chosen.lead_in:
            assert passage.start <= chosen.lead_in[0] < chosen.lead_in[1] <= chosen.start
