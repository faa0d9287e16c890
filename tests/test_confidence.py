"""How likely the best sentence answers."""

from __future__ import annotations

import dataclasses

from hypothesis import given, strategies as some

from rag.quoting.confidence import THRESHOLD, UNMEASURED, WEIGHTS, Signals, confidence, values

GOOD = Signals(
    coverage=0.9,
    meant=0.0,
    around=0.05,
    passage=1.0,
    loose=0.0,
    pairs=0.6,
    role_missing=0.0,
    names_missing=0.0,
    names_absent=0.0,
    unfilled=0.0,
    unmeasured=0.0,
    similarity=0.75,
    terms=4,
)
NOTHING = dataclasses.replace(
    GOOD, coverage=0.1, around=0.0, passage=0.2, pairs=0.0, names_missing=1.0, similarity=0.2
)
SHARES = some.floats(0, 1)


def test_a_good_match_is_answered_and_a_poor_one_refused() -> None:
    """The threshold lies between a sentence that says it all and one that says next to nothing."""
    assert confidence(GOOD) > 0.8
    assert confidence(NOTHING) < THRESHOLD


def test_names_that_no_passage_holds_are_refused() -> None:
    """However well the rest matches, a question about somebody unknown is not answered."""
    unknown = dataclasses.replace(GOOD, names_missing=1.0, names_absent=1.0)

    assert confidence(unknown) == 0.0


def test_a_measure_that_is_not_there_is_refused() -> None:
    """How old somebody is cannot be told by a sentence without an age."""
    unmeasured = dataclasses.replace(GOOD, unfilled=1.0, unmeasured=1.0)

    assert confidence(unmeasured) <= UNMEASURED < THRESHOLD


def test_without_vectors_the_words_decide() -> None:
    """Where no vector was compared a typical cosine stands in."""
    assert confidence(dataclasses.replace(GOOD, similarity=None)) > 0.7
    assert confidence(dataclasses.replace(NOTHING, similarity=None)) < THRESHOLD


def test_every_weight_has_its_signal() -> None:
    """The model's inputs are those that have a weight, and no others."""
    assert list(values(GOOD)) == list(WEIGHTS)


@given(SHARES, SHARES, SHARES, some.floats(-1, 1), some.integers(1, 40))
def test_more_of_the_question_never_lowers_it(
    less: float, more: float, passage: float, similarity: float, terms: int
) -> None:
    """Confidence is a probability and grows with the share of the question in the sentence."""
    low, high = sorted((less, more))
    poor = dataclasses.replace(
        GOOD, coverage=low, passage=passage, similarity=similarity, terms=terms
    )
    good = dataclasses.replace(poor, coverage=high)

    assert 0 <= confidence(poor) <= confidence(good) <= 1


def test_what_is_missing_speaks_against_the_answer() -> None:
    """Words told nowhere near, a count that is not given, a person who is not named."""
    worse = (
        dataclasses.replace(GOOD, untold=1.0),
        dataclasses.replace(GOOD, uncounted=1.0),
        dataclasses.replace(GOOD, nobody=1.0),
    )

    assert all(confidence(signals) < confidence(GOOD) for signals in worse)
