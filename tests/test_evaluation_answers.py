"""What was said is compared by the field's own rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, strategies as st
from overlap_archive import OverlapArchive, article
from squad_script import exact, overlap

from rag.evaluation.cases import Numeric
from rag.evaluation.metrics.answers import (
    coverage,
    exact_match,
    f1,
    mentions,
    short_answer,
    squad_words,
    states,
    violations,
)


@pytest.mark.parametrize(
    ("prediction", "gold", "em", "shared"),
    [
        ("The Angara", "angara", 1, 1.0),
        ("in 2016", "2016", 0, 2 / 3),
        ("Lim Eul-chul, a professor", "Lim Eul-chul", 0, 0.8),
        ("551.5 km", "551.5 square km", 0, 0.8),
        ("nothing of it", "something else", 0, 0.0),
        ("", "", 1, 1.0),
        ("", "2016", 0, 0.0),
    ],
)
def test_exact_match_and_f1_by_hand(prediction: str, gold: str, em: int, shared: float) -> None:
    """EM and F1 equal what SQuAD's rules give on paper."""
    assert exact_match(prediction, [gold]) == em
    assert f1(prediction, [gold]) == pytest.approx(shared)


def test_the_best_of_several_golds_counts() -> None:
    """One of several right answers is enough."""
    assert f1("South Korea", ["Japan", "South Korea"]) == 1


@given(st.text(max_size=60), st.text(max_size=60))
def test_f1_is_symmetric_and_bounded(one: str, other: str) -> None:
    """F1 is the same both ways round, from 0 to 1, and 1 where the match is exact."""
    value = f1(one, [other])

    assert 0 <= value <= 1
    assert value == pytest.approx(f1(other, [one]))
    if squad_words(one) == squad_words(other):
        assert value == 1


COMMON = [
    ("The Angara rocket.", ["Angara", "the Angara rocket"]),
    ("in 2016", ["2016", "In the year 2016"]),
    ("U.S.", ["US", "United States"]),
    ("twenty-one", ["twenty one", "21"]),
    ("a an the", ["", "nothing"]),
    ("It cost $4.5 million, he said", ["$4.5 million", "4.5 million dollars"]),
    ("“Together”, he said", ["together", "Together he said"]),
    ("the theatre and another anthem", ["theatre", "another anthem"]),
    ("A_b the_c", ["b", "a_b the_c"]),
    ("naïve Café an sich", ["cafe", "naïve café"]),
    ("no no no", ["no", "no no"]),
    ("", ["a", "word"]),
    ("Ünal's 3rd the-end", ["Unals 3rd end", "ünals 3rd theend"]),
]


@pytest.mark.parametrize(("prediction", "golds"), COMMON)
def test_a_second_script_agrees_on_a_common_set(prediction: str, golds: list[str]) -> None:
    """EM and F1 equal those of a program written apart from ours, on answers of all kinds."""
    assert exact_match(prediction, golds) == exact(prediction, golds)
    assert f1(prediction, golds) == pytest.approx(overlap(prediction, golds), abs=1e-9)


WORDED = st.lists(st.sampled_from("a an the The cat cat's Cat, (cat) 4.5 — “the” é".split())).map(
    " ".join
)


@given(WORDED, WORDED)
def test_a_second_script_agrees_on_any_words(prediction: str, gold: str) -> None:
    """The two programs agree on whatever words, articles and marks are thrown together."""
    assert exact_match(prediction, [gold]) == exact(prediction, [gold])
    assert f1(prediction, [gold]) == pytest.approx(overlap(prediction, [gold]), abs=1e-9)


@pytest.mark.parametrize(
    ("text", "phrase", "there"),
    [
        ("It covers 551.5 square kilometers.", "5", False),
        ("It covers 551.5 square kilometers.", "551.5 square kilometers", True),
        ("some 5,500 kilometers away", "5500 kilometers", True),
        ("It cost £412 million.", "£412 million", True),
        ("It cost $412 million.", "£412 million", False),
        ("Kim Myong‑sik spoke", "Kim Myong-sik", True),
        ("“Together”, he said", "together", True),
        ("the Lakeside mine", "Lake", False),
        ("anything", "", False),
    ],
)
def test_whole_words_are_mentioned(text: str, phrase: str, there: bool) -> None:
    """A wording counts when its whole words stand in a row, typography and thousands apart."""
    assert mentions(text, phrase) is there


def test_the_marked_short_answer_is_taken() -> None:
    """A quote's marked short answer counts, by its offsets; else all that was said."""
    answer = OverlapArchive((article("bridge", "It cost 412 million."),)).ask("What did it cost?")
    claim = answer.claims[0]
    citation = claim.citations[0]

    def marked(short: tuple[int, int] | None) -> str:
        quote = replace(citation.quote, short=short)
        cited = replace(claim, citations=(replace(citation, quote=quote),))
        return short_answer(replace(answer, claims=(cited,)))

    assert marked((8, 19)) == "412 million"
    assert marked(None) == "It cost 412 million."


def test_coverage_is_an_and_of_ors() -> None:
    """Each group counts once, whichever of its wordings is there."""
    groups = (("2016", "that year"), ("Kazakhstan",))

    assert coverage("It opened that year, 2016.", groups) == 0.5


def test_violations_are_listed() -> None:
    """What must not be said is named when it is."""
    assert violations("They cost the same.", ("cost the same", "cheaper")) == ("cost the same",)


@pytest.mark.parametrize(
    ("text", "wanted", "stated"),
    [
        ("It covers 551.5 square kilometers.", Numeric(551.5, "square kilometers"), True),
        ("It covers 551.5 square miles.", Numeric(551.5, "square kilometers"), False),
        ("It cost £412 million.", Numeric(4.12e8, "GBP"), True),
        ("It cost £412m.", Numeric(4.12e8, "GBP"), True),
        ("It cost $412 million.", Numeric(4.12e8, "GBP"), False),
        ("Turnout was 61.2 per cent.", Numeric(61.2, "percent"), True),
        ("Turnout was 61 per cent.", Numeric(61.2, "percent"), False),
        ("Turnout was 61 per cent.", Numeric(61.2, "percent", 0.01), True),
        ("It began in 2016.", Numeric(2016), True),
        ("Twelve people were hurt.", Numeric(12, "people"), True),
        ("It spends 6 million crowns, and borrows 2 million.", Numeric(2e6, "crowns"), True),
    ],
)
def test_figures_are_stated_in_their_unit(text: str, wanted: Numeric, stated: bool) -> None:
    """A figure counts when value and unit agree, however it is written."""
    assert states(text, wanted) is stated
