"""The ladder tells supported from contradicted from not found."""

from __future__ import annotations

import pytest

from rag.evaluation.faithfulness import ladder, names, negations, numbers
from rag.records import Verdict

PASSAGE = (
    "The council met on Tuesday. Mayor Ada Brandt said the bridge cost 412 million crowns. "
    "It was not finished in 2016. Rain fell for three days."
)


@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("Mayor Ada Brandt said the bridge cost 412 million crowns.", Verdict.SUPPORTED),
        ("The bridge cost 412 million crowns, Ada Brandt said.", Verdict.SUPPORTED),
        ("Mayor Ada Brandt said the bridge cost 418 million crowns.", Verdict.CONTRADICTED),
        ("The bridge was finished in 2016.", Verdict.CONTRADICTED),
        ("Mayor Olaf Lind said the bridge cost 412 million crowns.", Verdict.NOT_FOUND),
        ("A ferry sank near the island with all hands.", Verdict.NOT_FOUND),
        ("It is what it is.", Verdict.UNCHECKABLE),
    ],
)
def test_the_rungs(claim: str, verdict: Verdict) -> None:
    """Numbers, names and negations decide where the words alone would agree."""
    assert ladder([PASSAGE], claim) is verdict


def test_no_passage_supports_nothing() -> None:
    """A claim that cites nothing is not found."""
    assert ladder([], "The bridge cost 412 million crowns.") is Verdict.NOT_FOUND


def test_a_wrong_number_from_elsewhere_in_the_passage_is_seen() -> None:
    """A number is looked for beside the sentence that matches, not in the whole passage."""
    far = "It cost 412 million crowns. One. Two words here. Three words here. It rained 9 days."

    assert ladder([far], "It cost 9 million crowns.") is Verdict.CONTRADICTED


def test_what_the_rungs_look_at() -> None:
    """Numbers are values, names skip a sentence's first word, negations are counted."""
    assert numbers("412 million miles in 2016") == {"412000000", "412000000 mile", "2016"}
    assert names("Yesterday it rained on Ada Brandt.") == {"ada", "brandt"}
    assert negations("It was not safe, and nobody didn't know.") == 3
